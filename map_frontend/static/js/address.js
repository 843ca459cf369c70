// The map's part of the page's address: m=zoom/lat/lng, l=layers switched, b=base map, id=collection:code. Wishes for the list: screen.js.
const KEYS = ["m", "l", "b", "id"];

export function readAddress() {
  const query = new URLSearchParams(location.search), state = {};
  for (const key of KEYS) if (query.has(key)) state[key] = query.get(key);
  const view = (state.m || "").split("/").map(Number);
  state.view = view.length === 3 && view.every(Number.isFinite) && Math.abs(view[1]) <= 85 && Math.abs(view[2]) <= 180 && view[0] >= 0 && view[0] <= 22 ? {zoom: view[0], lat: view[1], lng: view[2]} : null;
  return state;
}

/** Change some of the state; `push` makes a step that "back" undoes. A null value takes the key away. */
export function writeAddress(change, {push = false} = {}) {
  const query = new URLSearchParams(location.search);
  for (const [key, value] of Object.entries(change)) {
    if (value === null || value === "") query.delete(key); else query.set(key, value);
  }
  const text = query.toString().replace(/%2F/g, "/").replace(/%2C/g, ",").replace(/%3A/g, ":");
  const next = `${location.pathname}${text ? `?${text}` : ""}`;
  if (next !== location.pathname + location.search) history[push ? "pushState" : "replaceState"](null, "", next);
  for (const link of document.querySelectorAll("[data-keeps-state]")) {
    const target = new URL(link.getAttribute("href"), location.href);
    const keep = new URLSearchParams(text);
    for (const name of ["lang", "county"]) if (target.searchParams.has(name)) keep.set(name, target.searchParams.get(name));
    link.href = `${target.pathname}?${keep}`;
  }
}

export const viewText = (map) => {
  const centre = map.getCenter();
  return `${+map.getZoom().toFixed(2)}/${centre.lat.toFixed(5)}/${centre.lng.toFixed(5)}`;
};
