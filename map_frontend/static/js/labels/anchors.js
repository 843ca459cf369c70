// What the tiles in view hold, one entry per feature: where its mark and its name may stand. Lengths are CSS pixels.
import {AREA} from "../tiles/decode.js";
import {inside} from "../tiles/hit.js";

const MARGIN = 60;

/** Everything of one layer that may carry a mark or a label: {props, id, type, weight, x, y, box, pieces}. */
export function anchorsOf(layer, map) {
  const found = new Map(), stretch = map.getZoomScale(map.getZoom(), layer._tileZoom);
  if (layer._tileZoom === undefined || stretch > 1.5 || stretch < 0.66) return [];
  const size = map.getSize(), origin = map.containerPointToLayerPoint([0, 0]).add(map.getPixelOrigin());
  layer.eachTile((canvas, isCurrent) => {
    if (!isCurrent) return;
    const {data, coords} = canvas.tile, side = layer.SIZE * stretch, k = side / data.extent;
    const left = coords.x * side - origin.x, top = coords.y * side - origin.y;
    for (let f = 0; f < data.n; f++) {
      const props = data.props[f];
      if (props.n > 1 || !layer.isShown(props)) continue;
      const b = f * 4, w = data.weight[f] || 1e-6, piece = {data, f, left, top, k};
      const box = [left + data.box[b] * k, top + data.box[b + 1] * k, left + data.box[b + 2] * k, top + data.box[b + 3] * k];
      const x = left + data.cx[f] * k, y = top + data.cy[f] * k;
      const key = data.ids[f] < 0 ? props.code : data.ids[f], old = found.get(key);
      if (!old) {
        found.set(key, {props, id: data.ids[f], type: data.type[f], weight: w, x, y, box, pieces: [piece]});
      } else if (data.type[f] === AREA) {
        const sum = old.weight + w;
        old.x = (old.x * old.weight + x * w) / sum; old.y = (old.y * old.weight + y * w) / sum; old.weight = sum;
        old.box = [Math.min(old.box[0], box[0]), Math.min(old.box[1], box[1]), Math.max(old.box[2], box[2]), Math.max(old.box[3], box[3])];
        old.pieces.push(piece);
      } else if (w > old.weight) {
        Object.assign(old, {x, y, weight: w, pieces: [piece]});
      }
    }
  });
  return [...found.values()].filter(({box}) => box[2] > -MARGIN && box[3] > -MARGIN && box[0] < size.x + MARGIN && box[1] < size.y + MARGIN);
}

/** Does the area of an anchor hold all corners of a box? */
export function holds(anchor, [x1, y1, x2, y2]) {
  const within = (x, y) => anchor.pieces.some(({data, f, left, top, k}) => inside(data, f, (x - left) / k, (y - top) / k));
  return [[x1, y1], [x2, y1], [x1, y2], [x2, y2], [(x1 + x2) / 2, (y1 + y2) / 2]].every(([x, y]) => within(x, y));
}

/** Where on its own land a name may stand, for each island or part in view, the largest first: {x, y, width}. */
export function partsOf(anchor, size) {
  const parts = [];
  for (const {data, f, left, top, k} of anchor.pieces) {
    for (let ring = data.ringOf[f]; ring < data.ringOf[f + 1]; ring++) {
      const from = ring === 0 ? 0 : data.ringEnd[ring - 1], to = data.ringEnd[ring], p = data.points;
      let cross2 = 0, sumY = 0, x1 = Infinity, x2 = -Infinity;
      for (let i = from, j = to - 1; i < to; j = i++) {
        const cross = p[j * 2] * p[i * 2 + 1] - p[i * 2] * p[j * 2 + 1];
        cross2 += cross; sumY += (p[j * 2 + 1] + p[i * 2 + 1]) * cross;
        x1 = Math.min(x1, p[i * 2]); x2 = Math.max(x2, p[i * 2]);
      }
      if (cross2 <= 0) continue; // a hole
      const y = sumY / 3 / cross2, spans = crossings(p, from, to, y);
      let best = null;
      for (let i = 0; i + 1 < spans.length; i += 2) if (!best || spans[i + 1] - spans[i] > best[1] - best[0]) best = [spans[i], spans[i + 1]];
      if (best) parts.push({x: left + ((best[0] + best[1]) / 2) * k, y: top + y * k, width: (best[1] - best[0]) * k, area: (cross2 / 2) * k * k});
    }
  }
  return parts.filter(({x, y}) => x > 0 && y > 0 && x < size.x && y < size.y).sort((a, b) => b.area - a.area);
}

/** Where a level line at `y` enters and leaves a ring, from left to right. */
function crossings(p, from, to, y) {
  const found = [];
  for (let i = from, j = to - 1; i < to; j = i++) {
    const yi = p[i * 2 + 1], yj = p[j * 2 + 1];
    if ((yi <= y) !== (yj <= y)) found.push(p[j * 2] + ((y - yj) / (yi - yj)) * (p[i * 2] - p[j * 2]));
  }
  return found.sort((a, b) => a - b);
}
