// Follows what changes in the county. One tab of a browser holds the stream and tells the others (HTTP/1.1 gives a host six
// connections, eight tabs would take them all); where there can be no stream, this tab asks now and then.

const GATHER_MS = 200; // changes come in twos and threes; and every process of the service has heard of them by then
const FAILURES_MAX = 2, POLL_MS = 10_000, TRY_AGAIN_MS = 60_000;

/** config.live: {since, who, versions}. onChange(collections): a Set of collection ids, or null for everything. */
function follow(config, onChange) {
  const query = (at) => new URLSearchParams({county: config.county.code, since: at});
  const name = `yzt-live:${config.county.code}:${config.live.who}`;
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(name) : null;
  let at = config.live.since, waiting = new Set(), due = 0;

  function heard({kind, id, data}) {
    if (id) at = id;
    const names = kind === "reset" ? data.collections : [data.collection];
    if (!names.length) waiting = null;
    for (const one of names) if (waiting) waiting.add(one);
    if (!due) due = setTimeout(() => { const all = waiting; due = 0; waiting = new Set(); onChange(all); }, GATHER_MS);
  }

  function tell(kind, event) {
    const said = {kind, id: event.lastEventId, data: JSON.parse(event.data)};
    if (channel) channel.postMessage(said);
    heard(said);
  }

  async function poll() {
    try {
      const answer = await fetch(`/v1/events?${query(at)}&f=json`, {credentials: "same-origin"});
      if (!answer.ok) return;
      const {position, events} = await answer.json();
      for (const one of events) tell(one.event, {lastEventId: one.id, data: JSON.stringify(one.data)});
      at = position;
    } catch { /* away: the next time */ }
  }

  function askNowAndThen() {
    const timer = setInterval(poll, POLL_MS);
    poll();
    return () => clearInterval(timer);
  }

  function stream() {
    const source = new EventSource(`/v1/events?${query(at)}`);
    let failures = 0;
    source.onopen = () => { failures = 0; };
    for (const kind of ["change", "reset"]) source.addEventListener(kind, (event) => tell(kind, event));
    source.onerror = () => {
      failures += 1;
      if (source.readyState !== EventSource.CLOSED && failures < FAILURES_MAX) return; // it comes back by itself
      source.close();
      const stop = askNowAndThen();
      setTimeout(() => { stop(); stream(); }, TRY_AGAIN_MS);
    };
  }

  if (channel) channel.onmessage = ({data}) => heard(data);
  if (channel && navigator.locks) navigator.locks.request(name, () => { stream(); return new Promise(() => {}); });
  else askNowAndThen(); // no lock outside a secure context: a stream in every tab would be too many
}

/** Read the tiles of a layer that are on the screen again, in place: what is the same costs a 304 and no flicker. */
function readAgain(layer) {
  const read = [];
  layer.clearPatches();
  layer.eachTile((canvas) => read.push(layer.read(canvas, canvas.tile.abort.signal)));
  return Promise.allSettled(read);
}

/** The present versions of the tiles, for their addresses; without them tiles are asked for as they are now, which is slower and as true. */
async function renewVersions(config) {
  if (!config.live.versions) return;
  try {
    const answer = await fetch(`/map/versions?${new URLSearchParams({county: config.county.code})}`, {credentials: "same-origin", cache: "no-store"});
    config.live.versions = answer.ok ? (await answer.json()).versions || {} : {};
  } catch { config.live.versions = {}; }
}

/** Keep an open map true: layers whose things changed are read again, then `onDrawn()`; `onNumbers(collections)` for counts and lists. */
export function keepTrue({config, layers, map, onDrawn, onNumbers}) {
  if (!config.live) return;
  // Some changes are told to nobody (the night's reckoning): who comes back to the page goes on with what is true by then.
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") renewVersions(config); });
  follow(config, (collections) => {
    const touched = (id) => !collections || collections.has(id) || collections.has(layers.get(id).spec.said_of);
    const shown = [...layers].filter(([id, layer]) => touched(id) && map.hasLayer(layer)).map(([, layer]) => layer);
    renewVersions(config).then(() => Promise.all(shown.map(readAgain))).then(onDrawn);
    onNumbers(collections);
  });
}
