// Reading items from the service's own OGC API, as any client would.

/** GET `url` as JSON; an answer that is not 2xx throws an error that carries the problem's words and request id. */
export async function readJson(url, signal) {
  const answer = await fetch(url, {signal, headers: {Accept: "application/geo+json, application/json"}, credentials: "same-origin"});
  if (answer.ok) return answer.json();
  let problem = {};
  try { problem = await answer.json(); } catch { /* not a problem document */ }
  throw Object.assign(new Error(problem.detail || problem.title || `HTTP ${answer.status}`), {status: answer.status, requestId: problem.request_id});
}

export function makeItems(config) {
  const query = (values) => new URLSearchParams({county: config.county.code, ...values}).toString();
  return {
    page: (collection, values, signal) => readJson(`/ogc/collections/${collection}/items?${query(values)}`, signal),
    one: (collection, code, signal) => readJson(`/ogc/collections/${collection}/items/${encodeURIComponent(code)}?${query({})}`, signal),
    href: (collection, code) => `/${collection}/${encodeURIComponent(code)}?${query({lang: config.lang})}`,
    tile: (spec, z, row, col) => `/ogc/collections/${spec.id}/tiles/WebMercatorQuad/${z}/${row}/${col}?${query({})}`,
    outline: (signal) => readJson(`/map/outline?${query({})}`, signal),
    surroundings: (signal) => readJson(`/map/surroundings?${query({})}`, signal),
    summary: (signal) => readJson(`/map/summary?${query({lang: config.lang})}`, signal),
  };
}
