// Base maps of providers, fetched through our own server. Offline is the default, and what is shown when a provider fails.
import {gcjTileLayer} from "./gcj.js";

/** So many tiles in a row that do not come are a provider that is away. */
const FAILURES = 4;

/**
 * bases: [{id, name, attribution, crs, max_zoom, parts}]. onShown(isOffline) tells the rest of the map whose ground it stands on;
 * onChosen(id or null) writes the address; onFailed(name) says so in one line.
 */
export function makeBaseMaps(L, map, bases, {onShown, onChosen, onFailed}) {
  const boxes = [...document.querySelectorAll("[data-base]")], credit = document.querySelector("[data-base-credit]");
  map.createPane("base").style.zIndex = "200";
  map.getPane("base").classList.add("layer-pane");
  let current = null, layers = [];

  function tilesOf(base) {
    const Tiles = base.crs === "gcj02" ? gcjTileLayer(L) : L.TileLayer;
    let failures = 0;
    return Array.from({length: base.parts}, (_, part) => {
      const layer = new Tiles(`/base/${base.id}/{z}/{x}/{y}?part=${part}`, {pane: "base", maxNativeZoom: base.max_zoom, maxZoom: 18, noWrap: true, zIndex: part});
      layer.on("tileload", () => { failures = 0; });
      layer.on("tileerror", () => {
        if (++failures < FAILURES || current !== base) return;
        choose(null);
        onChosen(null);
        onFailed(base.name);
      });
      return layer;
    });
  }

  function choose(id) {
    const base = bases.find((entry) => entry.id === id) || null;
    for (const box of boxes) box.checked = box.dataset.base === (base ? base.id : "");
    if (base === current) return;
    for (const layer of layers) layer.remove();
    current = base;
    layers = base ? tilesOf(base) : [];
    for (const layer of layers) layer.addTo(map);
    if (credit) { credit.hidden = !base; credit.textContent = base ? `${base.attribution} · ` : ""; }
    onShown(!base);
  }

  for (const box of boxes) box.addEventListener("change", () => { choose(box.dataset.base || null); onChosen(box.dataset.base || null); });
  return {choose, current: () => current, layers: () => layers};
}
