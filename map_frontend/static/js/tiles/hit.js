// Which feature lies under a point of a decoded tile. All lengths are tile units.
import {AREA, LINE} from "./decode.js";

/** Does feature `f` of a decoded tile hold (x, y)? Areas only; tile units. */
export function inside(data, f, x, y) {
  let winding = 0;
  for (let ring = data.ringOf[f]; ring < data.ringOf[f + 1]; ring++) {
    const from = ring === 0 ? 0 : data.ringEnd[ring - 1], to = data.ringEnd[ring], p = data.points;
    for (let i = from, j = to - 1; i < to; j = i++) {
      const xi = p[i * 2], yi = p[i * 2 + 1], xj = p[j * 2], yj = p[j * 2 + 1];
      if ((yi <= y) !== (yj <= y) && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) winding += yi <= y ? 1 : -1;
    }
  }
  return winding !== 0;
}

function distance(data, f, x, y) {
  let best = Infinity;
  for (let ring = data.ringOf[f]; ring < data.ringOf[f + 1]; ring++) {
    const from = ring === 0 ? 0 : data.ringEnd[ring - 1], to = data.ringEnd[ring], p = data.points;
    for (let i = from; i < to; i++) {
      const ax = p[i * 2], ay = p[i * 2 + 1];
      let dx = x - ax, dy = y - ay;
      if (data.type[f] === LINE && i + 1 < to) {
        const bx = p[i * 2 + 2] - ax, by = p[i * 2 + 3] - ay, length2 = bx * bx + by * by;
        const t = length2 ? Math.max(0, Math.min(1, (dx * bx + dy * by) / length2)) : 0;
        dx -= t * bx; dy -= t * by;
      }
      best = Math.min(best, dx * dx + dy * dy);
    }
  }
  return Math.sqrt(best);
}

/** The feature drawn last that holds (x, y), or lies within `reach` of it if it is a way or a point; -1 = none. */
export function hit(data, x, y, reach, isShown) {
  let near = -1, nearest = reach;
  for (let f = data.n - 1; f >= 0; f--) {
    const b = f * 4;
    if (x < data.box[b] - reach || x > data.box[b + 2] + reach || y < data.box[b + 1] - reach || y > data.box[b + 3] + reach) continue;
    if (!isShown(f)) continue;
    if (data.type[f] === AREA) {
      if (inside(data, f, x, y)) return f;
      // A plot of a few pixels is still a target for a finger.
      if (Math.max(data.box[b + 2] - data.box[b], data.box[b + 3] - data.box[b + 1]) > reach) continue;
    }
    const d = distance(data, f, x, y);
    if (d < nearest) { nearest = d; near = f; }
  }
  return near;
}
