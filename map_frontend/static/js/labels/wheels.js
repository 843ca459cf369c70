// Wheels: how many firms a town or a park has, by chain. A part has its chain's colour and, where it is wide enough, its mark.
import {drawMark} from "../shapes.js";

/** From this size on the screen (CSS pixels, the longer side) a park has a wheel of its own. */
const PARK_FROM = 60;
const BAND = 8.5, MARK = 3, MARK_ROOM = 9.5;

/** {key, collection, codes, name, total, parts: [[chain, count]], r, places} of places that stand together: towns, or one park. */
export function wheelOf(places, name) {
  const sums = new Map();
  for (const place of places) for (const [chain, count] of place.by) sums.set(chain, (sums.get(chain) || 0) + count);
  const parts = [...sums].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)), total = places.reduce((sum, place) => sum + place.n, 0);
  const codes = places.map(({code}) => code), [{collection}] = places;
  return {key: `${collection}:${codes.join()}`, collection, codes, name, places, parts, total, r: Math.min(30, 23 + Math.sqrt(total) / 3)};
}

/** Boxes on the screen of the parks large enough for a wheel, small enough to be seen as a whole: [{place, box}], most firms first. */
export function parksInView(places, map) {
  const size = map.getSize();
  return places.filter(({box}) => box).map((place) => {
    const [west, south, east, north] = place.box, a = map.latLngToContainerPoint([north, west]), b = map.latLngToContainerPoint([south, east]);
    return {place, at: map.latLngToContainerPoint([place.lat, place.lon]), box: [a.x, a.y, b.x, b.y]};
  }).filter(({box: [x1, y1, x2, y2]}) => Math.max(x2 - x1, y2 - y1) >= PARK_FROM && x2 - x1 < size.x && y2 - y1 < size.y
    && x2 > 0 && y2 > 0 && x1 < size.x && y1 < size.y);
}

/** Where a wheel of radius `r` may stand beside the box of its park, the nearest first: [{x, y, box}]. */
export function besidePark([x1, y1, x2, y2], r) {
  const places = [];
  for (const gap of [8, 26]) {
    const d = r + gap, cx = (x1 + x2) / 2, cy = (y1 + y2) / 2, s = d * 0.75;
    for (const [x, y] of [[x2 + d, cy], [x1 - d, cy], [x2 + s, y1 - s], [x1 - s, y1 - s], [x2 + s, y2 + s], [x1 - s, y2 + s], [cx, y2 + d], [cx, y1 - d]]) {
      places.push({x, y, box: [x - r - 3, y - r - 3, x + r + 3, y + r + 3]});
    }
  }
  return places;
}

/** Where a line from (x, y) to `at` comes upon its ground: `isIn(x, y)` knows the shape; without one, at the box's edge. */
export function meets({x, y, r}, at, box, isIn) {
  const length = Math.hypot(at.x - x, at.y - y) || 1, dx = (at.x - x) / length, dy = (at.y - y) / length;
  const inBox = (px, py) => px >= box[0] && py >= box[1] && px <= box[2] && py <= box[3];
  for (const test of [isIn, inBox]) {
    if (!test) continue;
    for (let s = r; s <= length; s += 2) if (test(x + dx * s, y + dy * s)) return {x: x + dx * (s + 3), y: y + dy * (s + 3)};
  }
  return at;
}

/** Draw a wheel, its line to its park, its number and what it counts. `marks`: chain -> {token, shape}, "" for none given. */
export function drawWheel(context, {x, y, r, parts, total, foot}, {colour, marks, unit, font}) {
  if (foot) {
    for (const [width, token] of [[4, "label-halo"], [1.5, "label"]]) {
      context.beginPath(); context.moveTo(x, y); context.lineTo(foot.x, foot.y);
      context.lineWidth = width; context.strokeStyle = colour(token); context.stroke();
    }
    context.beginPath(); context.arc(foot.x, foot.y, 2.5, 0, 7); context.fillStyle = colour("label"); context.fill();
  }
  context.beginPath(); context.arc(x, y, r + 2.5, 0, 7); context.fillStyle = colour("label-halo"); context.globalAlpha = 0.85; context.fill();
  context.globalAlpha = 1;
  context.beginPath(); context.arc(x, y, r, 0, 7); context.fillStyle = colour("surface"); context.fill();
  const middle = r - BAND / 2, surface = colour("surface");
  let from = -Math.PI / 2;
  for (const [chain, count] of parts) {
    const to = from + (count / total) * 2 * Math.PI, {token, shape} = marks(chain), ink = colour(token);
    context.beginPath(); context.arc(x, y, middle, from, to);
    context.lineWidth = BAND; context.lineCap = "butt"; context.strokeStyle = ink; context.stroke();
    if ((to - from) * middle >= MARK_ROOM) {
      const half = (from + to) / 2;
      drawMark(context, shape, x + Math.cos(half) * middle, y + Math.sin(half) * middle, MARK, surface, ink);
    }
    from = to;
  }
  // A gap between neighbours: where one colour ends does not rest on the eye for colour alone.
  for (let i = 0, angle = -Math.PI / 2; parts.length > 1 && i < parts.length; i++) {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    context.beginPath(); context.moveTo(x + cos * (r - BAND - 0.5), y + sin * (r - BAND - 0.5)); context.lineTo(x + cos * (r + 0.5), y + sin * (r + 0.5));
    context.lineWidth = 1.2; context.strokeStyle = surface; context.stroke();
    angle += (parts[i][1] / total) * 2 * Math.PI;
  }
  context.textAlign = "center"; context.textBaseline = "middle"; context.fillStyle = colour("ink");
  context.font = `700 ${total > 999 ? 11 : 14}px ${font}`;
  context.fillText(String(total), x, y - 4);
  context.font = `400 9px ${font}`; context.fillStyle = colour("muted");
  context.fillText(unit, x, y + 7.5);
}
