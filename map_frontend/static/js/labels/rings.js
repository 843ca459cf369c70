// The towns' rings: how many plots a town has, by status.

/** {r, total, parts: [[token, count, code]], name, towns} of towns that stand together. */
export function ringOf(towns, name, statusOrder) {
  const sums = new Map();
  for (const town of towns) for (const [code, count] of Object.entries(town.by)) sums.set(code, (sums.get(code) || 0) + count);
  const parts = statusOrder.filter(([code]) => sums.get(code)).map(([code, token]) => [token, sums.get(code), code]);
  const total = towns.reduce((sum, town) => sum + town.n, 0);
  return {name, towns, parts, total, r: Math.min(30, 15 + Math.sqrt(total))};
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
