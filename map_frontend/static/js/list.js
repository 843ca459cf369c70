// The list beside the map: the same things as in the map's window, and the accessible twin of its marks.
import {fill, make} from "./elements.js";
import {makeRow, skeletonRows} from "./rows.js";

const MOVE_MS = 180;

export function makeList({map, specs, words, items, screen, dress, onOpen, onKind, onHover, onClear, onWhole}) {
  const panel = document.querySelector("[data-list]"), scroll = panel.querySelector("[data-list-scroll]");
  const rows = panel.querySelector("[data-list-rows]"), count = panel.querySelector("[data-list-count]");
  const onlyView = panel.querySelector("[data-only-view]"), order = panel.querySelector("[data-order]");
  const tabs = [...panel.querySelectorAll("[data-kind]")], moreKinds = panel.querySelector("[data-more-kinds]");
  let abort = null, timer = 0, shown = [], matched = 0, matchedAll = 0, next = null, selected = null, pending = null, hot = null;

  const about = () => screen.about(screen.kind());
  const spec = () => specs.find((entry) => entry.id === about().collection);
  const label = () => words.text(`collection.${about().label}`);

  function bbox() {
    const b = map.getBounds(), edge = (value, low, high) => Math.min(high, Math.max(low, value)).toFixed(6);
    return [edge(b.getWest(), -180, 180), edge(b.getSouth(), -90, 90), edge(b.getEast(), -180, 180), edge(b.getNorth(), -90, 90)].join(",");
  }

  const ask = (more = {}) => {
    const query = screen.query();
    if (onlyView.checked) query.set("bbox", bbox());
    for (const [name, value] of Object.entries(more)) query.set(name, value);
    return query;
  };

  const row = (feature) => makeRow({
    spec: spec(), feature, words, near: about().near[screen.order()], onOpen, onHover,
    isSelected: `${about().collection}:${feature.properties.code || feature.id}` === selected,
  });

  function empty() {
    const name = label(), hasFilters = screen.hasFilters(), elsewhere = onlyView.checked && matchedAll > 0;
    const reason = elsewhere || (onlyView.checked && !hasFilters) ? words.text("list.empty_view", {name}) : words.text(hasFilters ? "list.empty_filtered" : "list.empty_all", {name});
    return make("li", {class: "empty"}, make("p", {}, make("strong", {}, reason)),
      elsewhere ? make("p", {class: "muted"}, words.text("list.none_here", {n: words.number(matchedAll)})) : null,
      onlyView.checked && (elsewhere || !hasFilters) ? make("button", {type: "button", class: "button", onclick: () => { onlyView.checked = false; onWhole(true); }}, words.text("list.whole_county")) : null,
      hasFilters ? make("button", {type: "button", class: "button", onclick: onClear}, words.text("list.clear")) : null);
  }

  const more = () => (next ? make("li", {class: "more"}, make("button", {type: "button", class: "button", "data-more": "", onclick: (event) => loadMore(event.currentTarget)},
    words.text("list.more_rows", {n: words.number(Math.min(60, matched - shown.length))}))) : null);

  function render() {
    count.textContent = words.text(onlyView.checked ? "list.count_view" : "list.count_all", {n: words.number(matched), name: label()});
    fill(rows, shown.length ? [...shown.map(row), more()] : empty());
  }

  function failed(error, again) {
    return make("li", {class: "empty"}, make("p", {}, make("strong", {}, words.text("list.failed"))), make("p", {class: "muted"}, error.message),
      error.requestId ? make("p", {class: "code"}, error.requestId) : null, make("button", {type: "button", class: "button", onclick: again}, words.text("retry")));
  }

  async function load() {
    if (abort) abort.abort();
    abort = new AbortController();
    const mine = abort;
    panel.querySelector("[data-next-page]")?.remove();
    rows.setAttribute("aria-busy", "true");
    if (!shown.length) fill(rows, skeletonRows(words));
    try {
      const page = await items.list(ask(), mine.signal);
      ({features: shown, matched, matched_all: matchedAll, next} = page);
      render();
      dress(rows, about().collection, shown, mine.signal);
      select(selected);
    } catch (error) {
      if (error.name === "AbortError") return;
      // Without a network what is there stays.
      if (error.isOffline && shown.length) return;
      count.textContent = words.text("list.failed");
      shown = [];
      fill(rows, failed(error, refresh));
    } finally {
      if (mine === abort) rows.removeAttribute("aria-busy");
    }
  }

  async function loadMore(button) {
    const mine = abort, at = shown.length;
    button.disabled = true;
    try {
      const page = await items.list(ask({cursor: next}), mine.signal);
      ({next} = page);
      shown = [...shown, ...page.features];
      button.closest("li").remove();
      rows.append(...[...page.features.map(row), more()].filter(Boolean));
      dress(rows, about().collection, page.features, mine?.signal);
      rows.children[at].querySelector("button").focus({preventScroll: true});
    } catch (error) {
      if (error.name === "AbortError") return;
      button.closest("li").replaceWith(failed(error, (event) => { const li = more(); event.currentTarget.closest("li").replaceWith(li); loadMore(li.firstChild); }));
    }
  }

  function refresh() { clearTimeout(timer); pending = load(); return pending; }

  function select(key) {
    selected = key;
    for (const button of rows.querySelectorAll(".row")) {
      const isIt = `${about().collection}:${button.dataset.code}` === key;
      button.setAttribute("aria-current", String(isIt));
      if (isIt) {
        const top = button.offsetTop - scroll.offsetTop;
        if (top < scroll.scrollTop || top > scroll.scrollTop + scroll.clientHeight - 100) scroll.scrollTop = top - 12;
      }
    }
  }

  /** Show tabs, order and box as the address says. */
  function follow() {
    const kind = screen.kind();
    for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.dataset.kind === kind));
    moreKinds.toggleAttribute("data-holds", tabs.some((tab) => tab.dataset.kind === kind && moreKinds.contains(tab)));
    fill(order, about().orders.map(([key, text]) => make("option", {value: key, selected: key === screen.order()}, text)));
    onlyView.checked = !screen.isWhole();
  }

  for (const tab of tabs) {
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      if (tab.dataset.kind === screen.kind()) return;
      shown = [];
      scroll.scrollTop = 0;
      moreKinds.open = false;
      onKind(tab.dataset.kind);
    });
  }
  onlyView.addEventListener("change", () => onWhole(!onlyView.checked));
  order.addEventListener("change", () => { screen.change({o: order.value === about().orders[0][0] ? null : order.value}, {push: false}); scroll.scrollTop = 0; refresh(); });
  map.on("moveend", () => { if (onlyView.checked) { clearTimeout(timer); timer = setTimeout(refresh, MOVE_MS); } });

  return {
    refresh, follow, select,
    bbox: () => (onlyView.checked ? bbox() : null),
    settled: () => pending,
    forget() { shown = []; },
    /** The row under the map's pointer; returns its feature, if the list has it. */
    point(key) {
      if (hot) hot.classList.remove("is-hot");
      const [collection, code] = key ? [key.slice(0, key.indexOf(":")), key.slice(key.indexOf(":") + 1)] : [];
      const feature = key && collection === about().collection && shown.find((entry) => (entry.properties.code || entry.id) === code);
      hot = feature ? rows.querySelector(`.row[data-code="${CSS.escape(code)}"]`) : null;
      if (hot) hot.classList.add("is-hot");
      return feature || null;
    },
    setCounts(counts) {
      for (const tab of tabs) if (counts[tab.dataset.kind] !== undefined) tab.querySelector("[data-count]").textContent = words.number(counts[tab.dataset.kind]);
    },
  };
}
