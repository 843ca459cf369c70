// Which labels stand and where: pure reckoning on boxes [x1, y1, x2, y2] in CSS pixels, no canvas, no map.

const far = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

/**
 * Places each label of `wanted` at the first of its places that is free, the higher `rank` first, then the greater
 * `weight`, then the order given. A label is {text, rank, weight, apart, places}: `places` are {x, y, box} or a function
 * that makes them; the same text is written again only `apart` pixels away (default 160; Infinity = once on the screen).
 * `allows` may refuse a place (one that hangs over the edge of the screen). Takes the boxes in `taken` and returns the labels that stand, each with its `place`.
 */
export function placeLabels(wanted, taken, allows = () => true) {
  const standing = [], written = new Map();
  const order = wanted.map((label, i) => [label, i]).sort(([a, i], [b, j]) => (b.rank || 0) - (a.rank || 0) || (b.weight || 0) - (a.weight || 0) || i - j);
  for (const [label] of order) {
    const apart = label.apart === undefined ? 160 : label.apart, same = written.get(label.text) || [];
    const places = typeof label.places === "function" ? label.places() : label.places;
    const place = places.find((at) => allows(at) && same.every((other) => far(other, at) >= apart) && taken.isFree(at.box));
    if (!place) continue;
    taken.take(place.box);
    written.set(label.text, [...same, place]);
    standing.push({...label, place});
  }
  return standing;
}

/** The box of a text of `width` by `height` centred on (x, y), with a breath of air around it. */
export const boxAround = (x, y, width, height) => [x - width / 2 - 2, y - height / 2 - 1, x + width / 2 + 2, y + height / 2 + 1];

/** Below, above, right and left of a mark of radius `r` at (x, y), or half `across` wide, for a text of `width` by `height`. */
export function besideMark(x, y, r, width, height, across = r) {
  const up = r + 4 + height / 2, side = across + 5 + width / 2;
  return [[x, y + up], [x, y - up], [x + side, y], [x - side, y]].map(([px, py]) => ({x: px, y: py, box: boxAround(px, py, width, height)}));
}
