// Lengths and areas on the ellipsoid of CGCS2000 (as good as WGS 84): no map projection is asked.
const A = 6378137, F = 1 / 298.257222101, B = A * (1 - F), E2 = F * (2 - F), E = Math.sqrt(E2);
const RAD = Math.PI / 180;

/** Metres between two [lng, lat] in degrees (Vincenty, to a millimetre; half round the earth is refused as Infinity). */
export function distance([lng1, lat1], [lng2, lat2]) {
  const L = (lng2 - lng1) * RAD, u1 = Math.atan((1 - F) * Math.tan(lat1 * RAD)), u2 = Math.atan((1 - F) * Math.tan(lat2 * RAD));
  const [s1, c1, s2, c2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  let lambda = L;
  for (let i = 0; i < 100; i++) {
    const sl = Math.sin(lambda), cl = Math.cos(lambda);
    const ss = Math.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl);
    if (ss === 0) return 0;
    const cs = s1 * s2 + c1 * c2 * cl, sigma = Math.atan2(ss, cs), sa = (c1 * c2 * sl) / ss, ca2 = 1 - sa * sa;
    const cm = ca2 ? cs - (2 * s1 * s2) / ca2 : 0, C = (F / 16) * ca2 * (4 + F * (4 - 3 * ca2)), before = lambda;
    lambda = L + (1 - C) * F * sa * (sigma + C * ss * (cm + C * cs * (-1 + 2 * cm * cm)));
    if (Math.abs(lambda - before) < 1e-12) {
      const k2 = (ca2 * (A * A - B * B)) / (B * B);
      const big = 1 + (k2 / 16384) * (4096 + k2 * (-768 + k2 * (320 - 175 * k2))), small = (k2 / 1024) * (256 + k2 * (-128 + k2 * (74 - 47 * k2)));
      const turn = small * ss * (cm + (small / 4) * (cs * (-1 + 2 * cm * cm) - (small / 6) * cm * (-3 + 4 * ss * ss) * (-3 + 4 * cm * cm)));
      return B * big * (sigma - turn);
    }
  }
  return Infinity;
}

/** The area function of a latitude on the ellipsoid: between two of them and a step of longitude lies its difference times the step. */
function authalic(lat) {
  const s = Math.sin(lat * RAD);
  return (B * B / 2) * (s / (1 - E2 * s * s) + Math.atanh(E * s) / E);
}

/** Square metres inside a ring of [lng, lat]. Edges run straight in degrees with the area of the ellipsoid: < 0.001 % at county size. */
export function area(ring) {
  let sum = 0;
  for (let i = 0; i < ring.length; i++) {
    const [x1, y1] = ring[i], [x2, y2] = ring[(i + 1) % ring.length];
    // Simpson's rule along the edge: the area function bends little.
    sum += ((x2 - x1) * RAD * (authalic(y1) + 4 * authalic((y1 + y2) / 2) + authalic(y2))) / 6;
  }
  return Math.abs(sum);
}

/** Whether two edges of a closed ring cross. */
export function crosses(ring) {
  const side = (a, b, c) => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
  const n = ring.length;
  for (let i = 0; i < n; i++) {
    for (let j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue;
      const [a, b, c, d] = [ring[i], ring[(i + 1) % n], ring[j], ring[(j + 1) % n]];
      if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return true;
    }
  }
  return false;
}
