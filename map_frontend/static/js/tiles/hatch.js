// Hatches: the same runs of lines that layers/swatch.py draws in the legend. The cell divides a tile's side, so they meet at its edges.
const CELL_PX = 16;

const RUNS = {
  rising: [[0, 1, 1, 0], [-1, 1, 0, 0], [1, 1, 2, 0]],
  falling: [[0, 0, 1, 1], [-1, 0, 0, 1], [1, 0, 2, 1]],
  level: [[0, 0.25, 1, 0.25], [0, 0.75, 1, 0.75]],
  upright: [[0.25, 0, 0.25, 1], [0.75, 0, 0.75, 1]],
  crossed: [[0, 1, 1, 0], [0, 0, 1, 1]],
  grid: [[0, 0.5, 1, 0.5], [0.5, 0, 0.5, 1]],
  dotted: [],
};
const DOTS = [[0.25, 0.25], [0.75, 0.75]];

/** A pattern of lines (`form`) in `colour` at `pixel` device pixels per CSS pixel. */
export function hatchPattern(context, colour, pixel, form = "rising") {
  const cell = document.createElement("canvas"), side = Math.round(CELL_PX * pixel);
  cell.width = cell.height = side;
  const pen = cell.getContext("2d");
  pen.strokeStyle = pen.fillStyle = colour;
  pen.globalAlpha = 0.36;
  pen.lineWidth = 1.2 * pixel;
  pen.beginPath();
  for (const [x1, y1, x2, y2] of RUNS[form]) { pen.moveTo(x1 * side, y1 * side); pen.lineTo(x2 * side, y2 * side); }
  pen.stroke();
  if (form === "dotted") for (const [x, y] of DOTS) { pen.beginPath(); pen.arc(x * side, y * side, 1.5 * pixel, 0, 7); pen.fill(); }
  return context.createPattern(cell, "repeat");
}
