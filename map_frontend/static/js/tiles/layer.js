// A Leaflet layer of vector tiles of one collection, drawn on one canvas per tile.
import {decode, EMPTY} from "./decode.js";
import {hit} from "./hit.js";
import {paintTile} from "./paint.js";
import {makeStyle} from "./style.js";

const SIZE = 512; // four times fewer requests than 256; the tile of map zoom z is matrix zoom z - 1
const REACH_PX = 8;
const TRIES = 4, WAIT_MS = 250; // a tile that fails is asked for again: after 0.25, 0.5 and 1 s

const pause = (ms, signal) => new Promise((go, stop) => {
  const timer = setTimeout(go, ms);
  signal.addEventListener("abort", () => { clearTimeout(timer); stop(new DOMException("", "AbortError")); }, {once: true});
});

export const isCoarse = () => matchMedia("(pointer: coarse)").matches;

/**
 * spec: the layer as the server describes it. env: {url(spec, z, row, col), colour(token), onTiles(spec)}. A tile
 * that cannot be had fires Leaflet's `tileerror`.
 */
export function tileLayer(L, spec, env) {
  const style = makeStyle(spec);
  const patches = new Map();
  let predicate = null, switched = null;

  const Layer = L.GridLayer.extend({
    createTile(coords, done) {
      const canvas = L.DomUtil.create("canvas", "vector-tile");
      // Between two zooms the tile is stretched by up to 1.42: it is drawn finer, so that it stays crisp.
      const stretch = Math.max(1, this._map.getZoomScale(this._map.getZoom(), coords.z));
      const pixel = Math.min(devicePixelRatio || 1, isCoarse() ? 1.5 : 2) * Math.min(1.5, stretch);
      canvas.width = canvas.height = Math.round(SIZE * pixel);
      const abort = new AbortController();
      canvas.tile = {coords, pixel, abort, data: null, etag: ""};
      this.read(canvas, abort.signal).then(
        () => { done(null, canvas); env.onTiles(spec); },
        (error) => { if (error.name !== "AbortError") done(error, canvas); },
      );
      return canvas;
    },

    async read(canvas, signal) {
      const {coords} = canvas.tile, address = () => env.url(spec, coords.z - 1, coords.y, coords.x);
      let answer, url;
      do { // again, if its version was renewed meanwhile
        url = address();
        answer = await this.fetch(url, signal, canvas.tile.data && url.includes("&v=") ? canvas.tile.etag : "");
      } while (!signal.aborted && url !== address());
      if (signal.aborted || answer.status === 304) return;
      canvas.tile.etag = answer.headers.get("etag") || "";
      const data = answer.status === 204 ? EMPTY : decode(new Uint8Array(await answer.arrayBuffer()), [spec.id, `${spec.id}_cells`]);
      if (signal.aborted) return;
      for (let f = 0; f < data.n; f++) if (patches.has(data.ids[f])) Object.assign(data.props[f], patches.get(data.ids[f]));
      canvas.tile.data = data;
      this.paint(canvas);
    },

    /** An answer that is 2xx, or 304 for a tile with this `etag`; what may pass (no answer, 429, 5xx) is tried again, the rest is an
     * error at once. */
    async fetch(url, signal, etag) {
      for (let attempt = 1; ; attempt++) {
        let status = 0;
        try {
          const answer = await fetch(url, etag ? {signal, headers: {"If-None-Match": etag}} : {signal});
          if (answer.ok || answer.status === 304) return answer;
          ({status} = answer);
        } catch (error) { if (error.name === "AbortError") throw error; }
        const passes = (status === 0 && navigator.onLine) || status === 429 || status >= 500;
        if (!passes || attempt === TRIES) throw Object.assign(new Error(`tile ${status}`), {status});
        await pause(WAIT_MS * 2 ** (attempt - 1), signal);
      }
    },

    paint(canvas) {
      const {data, pixel, coords} = canvas.tile;
      if (!data) return;
      paintTile(canvas, data, SIZE, pixel, {style, zoom: coords.z, colour: env.colour, isShown: (f) => this.isShown(data.props[f])});
    },

    eachTile(visit) {
      for (const key of Object.keys(this._tiles || {})) {
        const {el, current} = this._tiles[key];
        if (el.tile && el.tile.data) visit(el, current);
      }
    },

    /** Whether a tile of the present zoom is still on its way. */
    isBusy() { return Object.values(this._tiles || {}).some((tile) => tile.current && !tile.loaded); },

    repaint() { this.eachTile((canvas) => this.paint(canvas)); },

    /** Show only features whose properties pass; null shows all. No request is made. */
    setFilter(next) { predicate = next; this.repaint(); },

    /** Show only the kinds whose boxes in the layer panel are on; null shows all. Stands beside `setFilter`. */
    setSwitched(next) { if (next !== switched) { switched = next; this.repaint(); } },

    isShown(props) { return (!predicate || predicate(props)) && (!switched || switched(props)); },

    /** Lay changed properties over one feature and redraw only the tiles that hold it. */
    patch(id, props) {
      patches.set(id, {...patches.get(id), ...props});
      this.eachTile((canvas) => {
        const {data} = canvas.tile, f = data.ids.indexOf(id);
        if (f < 0) return;
        for (let i = f; i < data.n; i++) if (data.ids[i] === id) Object.assign(data.props[i], props);
        canvas.tile.etag = ""; // it is not the server's tile any more
        this.paint(canvas);
      });
    },

    clearPatches() { patches.clear(); },

    /** The feature under a place: {spec, id, props, order}, or null. */
    at(latlng) {
      const zoom = this._tileZoom;
      if (zoom === undefined || !this._map) return null;
      const p = this._map.project(latlng, zoom);
      const x = Math.floor(p.x / SIZE), y = Math.floor(p.y / SIZE);
      const entry = this._tiles[`${x}:${y}:${zoom}`];
      const data = entry && entry.el.tile && entry.el.tile.data;
      if (!data) return null;
      const unit = data.extent / SIZE;
      const f = hit(data, (p.x - x * SIZE) * unit, (p.y - y * SIZE) * unit, (isCoarse() ? 2 : 1) * REACH_PX * unit,
        (i) => this.isShown(data.props[i]) && zoom >= (style.paintOf(data.props[i]).min_zoom || 0));
      return f < 0 ? null : {spec, id: data.ids[f], props: data.props[f], isArea: data.type[f] === 3};
    },
  });

  const layer = new Layer({
    tileSize: SIZE, pane: `layer-${spec.id}`, noWrap: true, minZoom: spec.min_zoom || undefined, keepBuffer: 1,
    updateWhenZooming: false, bounds: env.bounds, className: `tiles-${spec.id}`,
  });
  layer.spec = spec;
  layer.style = style;
  layer.SIZE = SIZE;
  layer.on("tileunload", ({tile}) => tile.tile && tile.tile.abort.abort());
  return layer;
}
