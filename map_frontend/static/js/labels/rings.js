// The towns' rings: how many plots a town has, by status; towns too near to one another share one.

/** Rings nearer than this many pixels become one: the larger keeps its place. */
const MERGE_WITHIN = 46;

/** [{x, y, r, total, parts: [[token, count]], name, towns}] for the towns of the county at the present view. */
export function ringsOf(towns, map, statusOrder, words) {
  const placed = [];
  for (const town of towns) {
    const p = map.latLngToContainerPoint([town.lat, town.lon]);
    const near = placed.find((other) => Math.hypot(other.x - p.x, other.y - p.y) < MERGE_WITHIN);
    if (near) { near.towns.push(town); near.total += town.n; } else placed.push({x: p.x, y: p.y, total: town.n, towns: [town]});
  }
  return placed.map((ring) => {
    const sums = new Map();
    for (const town of ring.towns) for (const [code, count] of Object.entries(town.by)) sums.set(code, (sums.get(code) || 0) + count);
    const parts = statusOrder.filter(([code]) => sums.get(code)).map(([code, token]) => [token, sums.get(code), code]);
    const first = ring.towns[0].name, n = ring.towns.length;
    const name = n > 1 ? words.text("map.towns_merged", {name: first, n, more: n - 1}) : first;
    return {...ring, parts, name, r: Math.min(30, 15 + Math.sqrt(ring.total))};
  });
}

/** Draw one ring with its number; `write` sets the number. */
export function drawRing(context, {x, y, r, parts, total}, colour, font) {
  context.beginPath(); context.arc(x, y, r + 3, 0, 7); context.fillStyle = colour("label-halo"); context.globalAlpha = 0.75; context.fill();
  context.globalAlpha = 1;
  context.beginPath(); context.arc(x, y, r, 0, 7); context.fillStyle = colour("surface"); context.fill();
  let from = -Math.PI / 2;
  for (const [token, count] of parts) {
    const to = from + (count / total) * 2 * Math.PI;
    context.beginPath(); context.arc(x, y, r - 3, from, to);
    context.lineWidth = 6; context.lineCap = "butt"; context.strokeStyle = colour(token); context.stroke();
    from = to;
  }
  // A thin gap between neighbours: where one colour ends does not rest on the eye for colour alone.
  if (parts.length > 1) {
    let angle = -Math.PI / 2;
    for (const [, count] of parts) {
      context.beginPath(); context.moveTo(x + Math.cos(angle) * (r - 6.5), y + Math.sin(angle) * (r - 6.5)); context.lineTo(x + Math.cos(angle) * (r + 0.5), y + Math.sin(angle) * (r + 0.5));
      context.lineWidth = 1; context.strokeStyle = colour("surface"); context.stroke();
      angle += (count / total) * 2 * Math.PI;
    }
  }
  context.font = `700 ${r > 20 ? 15 : 13}px ${font}`;
  context.textAlign = "center"; context.textBaseline = "middle"; context.fillStyle = colour("ink");
  context.fillText(String(total), x, y + 0.5);
}
