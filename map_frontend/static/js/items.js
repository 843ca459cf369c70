// Reading items from the service's own OGC API, as any client would.

/** An answer that is not 2xx as an error with the problem's words, request id and, where a code was merged, what it became. */
export async function refusal(answer) {
  let problem = {};
  try { problem = await answer.json(); } catch { /* not a problem document */ }
  return Object.assign(new Error(problem.detail || problem.title || `HTTP ${answer.status}`), {status: answer.status, requestId: problem.request_id, successors: problem.successors || []});
}

/** GET `url` as JSON; an answer that is not 2xx throws an error that carries the problem's words and request id. */
export async function readJson(url, signal) {
  let answer;
  try {
    answer = await fetch(url, {signal, headers: {Accept: "application/geo+json, application/json"}, credentials: "same-origin"});
  } catch (error) {
    throw error.name === "AbortError" ? error : Object.assign(error, {isOffline: navigator.onLine === false});
  }
  if (answer.ok) return answer.json();
  throw await refusal(answer);
}

export function makeItems(config) {
  /** The public's tiles name their version, so that every cache on the way may keep them; staff's have none. */
  const version = (spec) => (config.live && config.live.versions && config.live.versions[spec.id] ? {v: config.live.versions[spec.id]} : {});
  const query = (values) => new URLSearchParams({county: config.county.code, ...values}).toString();
  return {
    list: (wishes, signal) => readJson(`/map/list?${query(Object.fromEntries(wishes))}`, signal),
    one: (collection, code, signal) => readJson(`/ogc/collections/${collection}/items/${encodeURIComponent(code)}?${query({})}`, signal),
    told: (collection, code) => `/map/things/${collection}/${encodeURIComponent(code)}?${query({lang: config.lang})}`,
    href: (collection, code) => `/${collection}/${encodeURIComponent(code)}?${query({lang: config.lang})}`,
    /** `wishes`: the filters that narrow this collection, "" for all of it (then the shared, cached tile is asked for). */
    tile: (spec, z, row, col, wishes = "") => (wishes ? `/map/tiles/${spec.id}/${z}/${row}/${col}?${query({})}&${wishes}` : `/ogc/collections/${spec.id}/tiles/WebMercatorQuad/${z}/${row}/${col}?${query(version(spec))}`),
    outline: (signal) => readJson(`/map/outline?${query({})}`, signal),
    summary: (wishes, signal) => readJson(`/map/summary?${query({lang: config.lang, ...Object.fromEntries(wishes)})}`, signal),
    /** Firms by chain of towns and parks; `wishes`: the filters that narrow the firms. */
    structure: (wishes, signal) => readJson(`/map/structure?${query({lang: config.lang})}&${wishes}`, signal),
    surroundings: (signal) => readJson(`/map/surroundings?${query({})}`, signal),
  };
}
