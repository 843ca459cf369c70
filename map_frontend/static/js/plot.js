// The outline of a thing as a small SVG picture for its list card.
const SVG = "http://www.w3.org/2000/svg";

function* rings(geometry) {
  if (!geometry) return;
  const {type, coordinates} = geometry;
  if (type === "Polygon") yield* coordinates;
  else if (type === "MultiPolygon" || type === "MultiLineString") for (const part of coordinates) yield* type === "MultiPolygon" ? part : [part];
  else if (type === "LineString") yield coordinates;
  else if (type === "GeometryCollection") for (const part of geometry.geometries) yield* rings(part);
}

/** An <svg> of `side` units with the geometry fitted in, north up; null for points and for nothing. */
export function plotPicture(geometry, side = 64) {
  const all = [...rings(geometry)];
  if (!all.length) return null;
  let x1 = Infinity, y1 = Infinity, x2 = -Infinity, y2 = -Infinity;
  for (const ring of all) for (const [x, y] of ring) { x1 = Math.min(x1, x); x2 = Math.max(x2, x); y1 = Math.min(y1, y); y2 = Math.max(y2, y); }
  const shrink = Math.cos(((y1 + y2) / 2) * Math.PI / 180), pad = side * 0.14;
  const scale = (side - 2 * pad) / Math.max((x2 - x1) * shrink, y2 - y1, 1e-9);
  const dx = (side - (x2 - x1) * shrink * scale) / 2, dy = (side - (y2 - y1) * scale) / 2;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${side} ${side}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", all.map((ring) => ring.map(([x, y], i) =>
    `${i ? "L" : "M"}${(dx + (x - x1) * shrink * scale).toFixed(1)} ${(dy + (y2 - y) * scale).toFixed(1)}`).join("") + (geometry.type.includes("Polygon") ? "Z" : "")).join(""));
  path.setAttribute("fill-rule", "evenodd");
  if (!geometry.type.includes("Polygon")) path.setAttribute("fill", "none");
  svg.append(path);
  return svg;
}
