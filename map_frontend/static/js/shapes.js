import {FONT} from "./labels/text.js";

// The shapes of marks, on canvas and as SVG paths: one list of points for both, radius 1 around (0, 0).
const corner = (count, turn = -Math.PI / 2, inner = 1) =>
  Array.from({length: inner === 1 ? count : count * 2}, (_, i) => {
    const angle = turn + (i * 2 * Math.PI) / (inner === 1 ? count : count * 2), r = inner !== 1 && i % 2 ? inner : 1;
    return [Math.cos(angle) * r, Math.sin(angle) * r];
  });

const POLYGONS = {
  triangle: [[0, -1.05], [1.05, 0.8], [-1.05, 0.8]],
  square: [[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85]],
  diamond: [[0, -1.15], [1.15, 0], [0, 1.15], [-1.15, 0]],
  hexagon: corner(6),
  star: corner(5, -Math.PI / 2, 0.45),
  bar: [[-1, -0.45], [1, -0.45], [1, 0.45], [-1, 0.45]],
  cross: [[-1, -0.55], [-0.55, -1], [0, -0.45], [0.55, -1], [1, -0.55], [0.45, 0], [1, 0.55], [0.55, 1], [0, 0.45], [-0.55, 1], [-1, 0.55], [-0.45, 0]],
  plus: [[-0.35, -1], [0.35, -1], [0.35, -0.35], [1, -0.35], [1, 0.35], [0.35, 0.35], [0.35, 1], [-0.35, 1], [-0.35, 0.35], [-1, 0.35], [-1, -0.35], [-0.35, -0.35]],
  flag: [[-0.75, -1], [0.95, -0.45], [-0.3, 0.1], [-0.3, 1], [-0.75, 1]],
  tower: [[-0.9, 1], [-0.9, -0.2], [-0.1, -0.2], [-0.1, -1], [0.8, -1], [0.8, 1]],
};

function outline(context, shape, x, y, r) {
  const polygon = POLYGONS[shape];
  context.beginPath();
  if (polygon) {
    polygon.forEach(([px, py], i) => context[i ? "lineTo" : "moveTo"](x + px * r, y + py * r));
    context.closePath();
  } else {
    context.arc(x, y, shape === "dot" ? r * 0.7 : r, 0, 2 * Math.PI);
  }
}

/**
 * Draw a mark with a halo that parts it from whatever lies under it. Lengths are pixels of the context. What does not stand
 * there yet (`state` "building", "planned") is hollow, what is only planned has a broken rim besides. `seal`: {letter, ink} makes it
 * a seal with that letter, whatever its shape.
 */
export function drawMark(context, shape, x, y, r, colour, halo, state = null, seal = null) {
  context.lineJoin = "round";
  if (state) {
    outline(context, shape, x, y, r * 0.9);
    context.lineWidth = r * 0.9; context.strokeStyle = halo; context.stroke();
    context.fillStyle = halo; context.fill();
    if (state === "planned") context.setLineDash([r * 0.5, r * 0.35]);
    context.lineWidth = Math.max(1.4, r * 0.3); context.strokeStyle = colour; context.stroke();
    context.setLineDash([]);
    return;
  }
  if (seal) {
    context.beginPath();
    context.roundRect(x - r, y - r, 2 * r, 2 * r, r * 0.4);
    context.lineWidth = 3; context.strokeStyle = halo; context.stroke();
    context.fillStyle = colour; context.fill();
    context.font = `700 ${Math.round(r * 1.35)}px ${FONT}`;
    context.textAlign = "center"; context.textBaseline = "alphabetic";
    context.fillStyle = seal.ink;
    context.fillText(seal.letter, x, y + r * 0.5);
    return;
  }
  if (shape === "ring") {
    outline(context, shape, x, y, r * 0.8);
    context.lineWidth = r * 0.9; context.strokeStyle = halo; context.stroke();
    context.fillStyle = halo; context.fill();
    context.lineWidth = r * 0.45; context.strokeStyle = colour; context.stroke();
    return;
  }
  if (shape === "anchor") {
    outline(context, "circle", x, y, r);
    context.fillStyle = colour; context.strokeStyle = halo; context.lineWidth = 2; context.stroke(); context.fill();
    context.beginPath();
    context.moveTo(x, y - r * 0.55); context.lineTo(x, y + r * 0.55);
    context.moveTo(x - r * 0.35, y - r * 0.25); context.lineTo(x + r * 0.35, y - r * 0.25);
    context.arc(x, y, r * 0.55, Math.PI * 0.9, Math.PI * 0.1, true);
    context.lineWidth = Math.max(1, r * 0.2); context.strokeStyle = halo; context.stroke();
    return;
  }
  outline(context, shape, x, y, r);
  context.lineWidth = 3; context.strokeStyle = halo; context.stroke();
  context.fillStyle = colour; context.fill();
}

const SVG = "http://www.w3.org/2000/svg";

/** The same mark as an inline SVG element of 16 by 16 in its token's colour. */
export function markElement(shape, token) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "-8 -8 16 16");
  svg.setAttribute("class", `mark tone-${token}`);
  svg.setAttribute("aria-hidden", "true");
  const polygon = POLYGONS[shape];
  const node = document.createElementNS(SVG, polygon ? "polygon" : "circle");
  if (polygon) {
    node.setAttribute("points", polygon.map(([x, y]) => `${(x * 6).toFixed(1)},${(y * 6).toFixed(1)}`).join(" "));
  } else {
    node.setAttribute("r", shape === "dot" ? 4.2 : shape === "ring" ? 4.8 : 6);
  }
  if (shape === "ring") {
    node.setAttribute("fill", "none"); node.setAttribute("stroke", "currentColor"); node.setAttribute("stroke-width", 2.6);
  } else {
    node.setAttribute("fill", "currentColor");
  }
  svg.append(node);
  return svg;
}
