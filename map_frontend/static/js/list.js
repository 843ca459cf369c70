// The list beside the map: the same things as in the map's window, and the accessible twin of its marks.
import {fill, make} from "./elements.js";
import {plotPicture} from "./plot.js";
import {markElement} from "./shapes.js";

const PAGE = 60;

export function makeList({map, specs, words, items, onOpen, onKind}) {
  const panel = document.querySelector("[data-list]");
  const rows = panel.querySelector("[data-list-rows]"), count = panel.querySelector("[data-list-count]");
  const onlyView = panel.querySelector("[data-only-view]"), order = panel.querySelector("[data-order]");
  const chips = [...panel.querySelectorAll("[data-kind]")];
  let kind = chips[0], abort = null, timer = 0, shown = [], matched = 0, selected = null, pending = null;

  const spec = () => specs.find((entry) => entry.id === kind.dataset.collection);

  function bbox() {
    const b = map.getBounds(), edge = (value, low, high) => Math.min(high, Math.max(low, value)).toFixed(6);
    return [edge(b.getWest(), -180, 180), edge(b.getSouth(), -90, 90), edge(b.getEast(), -180, 180), edge(b.getNorth(), -90, 90)].join(",");
  }

  function row(feature) {
    const props = feature.properties, code = props.code || feature.id, s = spec();
    const state = s.status && props[s.status[0]], mark = (state && s.marks[state]) || {token: "status-unknown", shape: "ring"};
    const facts = s.card.filter((field) => field.form !== "text" || s.id === "policies").map((field) => {
      const text = words.field(field, props);
      return text && !["area", "price", "code"].includes(field.form) ? `${words.label(field)} ${text}` : text;
    }).filter(Boolean).slice(0, 2);
    const tone = s.status ? mark.token : s.other.mark || s.other.line || "muted";
    const picture = plotPicture(feature.geometry) || markElement(s.other.shape || (s.status && mark.shape) || "dot", tone);
    return make("li", {},
      make("button", {type: "button", class: "row", "data-code": code, "aria-current": String(`${s.id}:${code}` === selected), onclick: (event) => onOpen(s.id, code, feature, event.currentTarget)},
        make("span", {class: `thumb tone-${tone}`}, picture),
        make("span", {class: "row-text"},
          make("strong", {}, words.name(props)),
          make("span", {class: "row-state"},
            s.status ? make("span", {class: "state"}, markElement(mark.shape, mark.token), state ? words.code(s.status[1], state) : words.text("unknown")) : null,
            make("span", {class: "muted"}, props.town_code ? words.code("town", props.town_code) : code)),
          make("span", {class: "row-facts"}, facts.map((text) => make("span", {}, text))))));
  }

  function sorted(features) {
    if (order.value !== "area") return features;
    return [...features].sort((a, b) => (b.properties.area_m2 || 0) - (a.properties.area_m2 || 0));
  }

  function render() {
    const name = words.text(`collection.${kind.dataset.label}`);
    count.textContent = words.text(onlyView.checked ? "list.count_view" : "list.count_all", {n: words.number(matched), name});
    if (shown.length) {
      fill(rows, sorted(shown).map(row), matched > shown.length ? make("li", {class: "more muted"}, words.text("list.more", {shown: shown.length, n: words.number(matched)})) : null);
    } else {
      fill(rows, make("li", {class: "empty"}, make("p", {}, words.text(onlyView.checked ? "list.empty_view" : "list.empty_all", {name})),
        onlyView.checked ? make("button", {type: "button", class: "button", onclick: () => { onlyView.checked = false; refresh(); }}, words.text("list.whole_county")) : null));
    }
  }

  async function load() {
    if (abort) abort.abort();
    abort = new AbortController();
    const mine = abort;
    rows.setAttribute("aria-busy", "true");
    if (!shown.length) fill(rows, [0, 1, 2].map(() => make("li", {class: "skeleton"}, make("span", {class: "hidden-text"}, words.text("loading")))));
    try {
      const values = {limit: String(PAGE)};
      if (onlyView.checked) values.bbox = bbox();
      if (kind.dataset.filter) { const [field, value] = kind.dataset.filter.split("="); values[field] = value; }
      const page = await items.page(spec().id, values, mine.signal);
      shown = page.features;
      matched = page.numberMatched === undefined ? shown.length : page.numberMatched;
      render();
    } catch (error) {
      if (error.name === "AbortError") return;
      shown = [];
      count.textContent = words.text("list.failed");
      fill(rows, make("li", {class: "empty"}, make("p", {}, error.message), error.requestId ? make("p", {class: "code"}, error.requestId) : null,
        make("button", {type: "button", class: "button", onclick: refresh}, words.text("retry"))));
    } finally {
      if (mine === abort) rows.removeAttribute("aria-busy");
    }
  }

  function refresh() {
    clearTimeout(timer);
    pending = load();
    return pending;
  }

  function later() { clearTimeout(timer); timer = setTimeout(refresh, 180); }

  function choose(chip, {quiet = false} = {}) {
    kind = chip;
    for (const other of chips) other.setAttribute("aria-pressed", String(other === chip));
    shown = [];
    panel.querySelector("[data-list-scroll]").scrollTop = 0;
    if (!quiet) { onKind(chip.dataset.kind); refresh(); }
  }

  for (const chip of chips) chip.addEventListener("click", () => choose(chip));
  onlyView.addEventListener("change", refresh);
  order.addEventListener("change", render);
  map.on("moveend", () => { if (onlyView.checked) later(); });

  return {
    refresh,
    settled: () => pending,
    /** Show the list of this kind without a request. */
    setKind(name) { const chip = chips.find((entry) => entry.dataset.kind === name); if (chip) choose(chip, {quiet: true}); },
    select(key) {
      selected = key;
      for (const button of rows.querySelectorAll(".row")) {
        const isIt = `${kind.dataset.collection}:${button.dataset.code}` === key;
        button.setAttribute("aria-current", String(isIt));
        if (isIt) {
          const scroll = panel.querySelector("[data-list-scroll]"), top = button.offsetTop - scroll.offsetTop;
          if (top < scroll.scrollTop || top > scroll.scrollTop + scroll.clientHeight - 100) scroll.scrollTop = top - 12;
        }
      }
    },
    setCounts(counts) {
      for (const chip of chips) {
        const n = counts[chip.dataset.kind];
        if (n !== undefined) chip.querySelector("[data-count]").textContent = words.number(n);
      }
    },
  };
}
