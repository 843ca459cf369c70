// Covers of the rows of a list: a picture laid over the drawn shape, which stays until the picture is there and where there is none.
import {make} from "./elements.js";
import {covers} from "./gallery/gallery.js";

const KEPT = 2000; // things whose answer is remembered, so that a list drawn again neither asks nor flickers

/** Makes `dress(rows, collection, features, signal)`: one request for those of a page whose cover is not known yet. */
export function makeCovers(county) {
  const known = new Map(); // "collection:code" -> address of the picture, or null

  function lay(rows, collection, codes) {
    for (const code of codes) {
      const href = known.get(`${collection}:${code}`), thumb = href && rows.querySelector(`.row[data-code="${CSS.escape(code)}"] .thumb`);
      if (!thumb || thumb.querySelector("img")) continue;
      const image = make("img", {src: href, width: 60, height: 60, alt: "", loading: "lazy", decoding: "async"});
      image.addEventListener("error", () => image.remove());
      thumb.append(image);
    }
  }

  return async (rows, collection, features, signal) => {
    const codes = features.map((feature) => feature.properties.code || feature.id);
    lay(rows, collection, codes);
    const asked = codes.filter((code) => !known.has(`${collection}:${code}`));
    if (!asked.length) return;
    let found;
    try { found = await covers(collection, asked, {county, signal}); } catch { return; /* the drawn shapes stay */ }
    if (known.size > KEPT) known.clear();
    for (const code of asked) known.set(`${collection}:${code}`, found[code]?.href ?? null);
    lay(rows, collection, asked);
  };
}
