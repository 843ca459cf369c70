// How a thing is called on the map, where room is dear: what every thing in sight shares is left out.

/** A plot is its number: "示例·城东工业33号地块" -> "33号", "Sample plot CD-33" -> "CD-33". Other names lose only the mark of sample data. */
export function shortName(name, collection) {
  const plain = String(name).replace(/^示例[·・]\s*/, "").replace(/^Sample\s+(?=\S)/, "");
  if (collection !== "parcels") return plain;
  const zh = /(\d+(?:-\d+)*号)(?:地块|宗地|地)?$/.exec(plain), en = /^(?:plot|parcel|lot)\s+(\S+)$/i.exec(plain);
  return zh ? zh[1] : en ? en[1] : plain;
}

/** A long name in two lines: Chinese at its middle, else at the blank nearest to it; what is still too long ends in "…". */
export function inLines(text, limit, longest = limit * 2) {
  const cut = text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
  if (cut.length <= limit) return [cut];
  const middle = cut.length / 2;
  if (!/\s/.test(cut)) return [cut.slice(0, Math.ceil(middle)), cut.slice(Math.ceil(middle))];
  let best = -1;
  for (let i = 0; i < cut.length; i++) if (cut[i] === " " && Math.abs(i - middle) < Math.abs(best - middle)) best = i;
  return best > 0 ? [cut.slice(0, best), cut.slice(best + 1)] : [cut];
}
