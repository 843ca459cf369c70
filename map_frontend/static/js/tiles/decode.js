// One vector tile into typed arrays: ids, boxes, points, ring ends. Never an object per vertex is kept.
import {VectorTile} from "@mapbox/vector-tile";
import {PbfReader} from "pbf";

export const POINT = 1, LINE = 2, AREA = 3;

/** Twice the signed area and the centroid sums of a ring, in tile units. */
function ringSums(ring) {
  let cross2 = 0, sx = 0, sy = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const cross = ring[j].x * ring[i].y - ring[i].x * ring[j].y;
    cross2 += cross;
    sx += (ring[j].x + ring[i].x) * cross;
    sy += (ring[j].y + ring[i].y) * cross;
  }
  return [cross2, sx / 3, sy / 3];
}

/**
 * Decode the layers named in `names` of one tile.
 * Returns {n, extent, type, ids, box (4 per feature), points (x, y pairs), ringEnd (index into points, in pairs),
 * ringOf (first ring of each feature, n + 1 long), weight, cx, cy (what the label stands on), props}.
 */
export function decode(buffer, names) {
  const tile = new VectorTile(new PbfReader(buffer));
  const features = [];
  let extent = 4096;
  for (const name of names) {
    const layer = tile.layers[name];
    if (!layer) continue;
    extent = layer.extent;
    for (let i = 0; i < layer.length; i++) features.push(layer.feature(i));
  }
  const n = features.length;
  const type = new Uint8Array(n), ids = new Float64Array(n), box = new Int32Array(n * 4);
  const weight = new Float32Array(n), cx = new Float32Array(n), cy = new Float32Array(n);
  const ringOf = new Uint32Array(n + 1), props = new Array(n);
  const points = [], ringEnd = [];
  for (let f = 0; f < n; f++) {
    const feature = features[f];
    type[f] = feature.type;
    ids[f] = feature.id === undefined ? -1 : feature.id;
    props[f] = feature.properties;
    let x1 = Infinity, y1 = Infinity, x2 = -Infinity, y2 = -Infinity, area2 = 0, sumX = 0, sumY = 0;
    for (const ring of feature.loadGeometry()) {
      for (const p of ring) {
        points.push(p.x, p.y);
        if (p.x < x1) x1 = p.x;
        if (p.x > x2) x2 = p.x;
        if (p.y < y1) y1 = p.y;
        if (p.y > y2) y2 = p.y;
      }
      ringEnd.push(points.length / 2);
      if (feature.type === AREA) {
        const [cross2, sx, sy] = ringSums(ring);
        area2 += cross2; sumX += sx; sumY += sy;
      } else if (feature.type === LINE && ring.length > weight[f]) {
        const middle = ring[ring.length >> 1];
        weight[f] = ring.length; cx[f] = middle.x; cy[f] = middle.y;
      }
    }
    box.set([x1, y1, x2, y2], f * 4);
    ringOf[f + 1] = ringEnd.length;
    if (feature.type === AREA && area2 !== 0) {
      weight[f] = Math.abs(area2) / 2; cx[f] = sumX / area2; cy[f] = sumY / area2;
    } else if (feature.type !== LINE) {
      weight[f] = 1; cx[f] = (x1 + x2) / 2; cy[f] = (y1 + y2) / 2;
    }
  }
  return {
    n, extent, type, ids, box, weight, cx, cy, ringOf, props,
    points: Int32Array.from(points), ringEnd: Uint32Array.from(ringEnd),
  };
}

export const EMPTY = decode(new Uint8Array(0), []);
