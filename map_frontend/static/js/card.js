// The small card of the selected thing: a few facts, where they come from, and the way to its page.
import {fill, make} from "./elements.js";
import {markElement} from "./shapes.js";

function statusLine(spec, props, words) {
  if (!spec.status) return null;
  const code = props[spec.status[0]];
  const mark = spec.marks[code] || {token: "status-unknown", shape: "ring"};
  return make("p", {class: "state"}, markElement(mark.shape, mark.token),
    make("span", {}, code ? words.code(spec.status[1], code) : words.text("unknown")));
}

export function makeCard({specs, words, items, onShown, onClosed, onMoved}) {
  const box = document.querySelector("[data-card]");
  const body = box.querySelector("[data-card-body]");
  let abort = null, opener = null, open = null;

  function facts(spec, props) {
    const rows = spec.card.map((field) => [field, words.field(field, props)]).filter(([, text]) => text);
    return make("dl", {class: "facts"}, rows.map(([field, text]) =>
      make("div", {}, make("dt", {}, words.label(field)), make("dd", {}, text))));
  }

  function show(spec, feature) {
    const props = feature.properties, heading = make("h2", {tabindex: "-1"}, words.name(props));
    fill(body,
      make("p", {class: "kicker"}, words.text(`collection.${spec.id}`), props.is_sample ? make("span", {class: "badge sample"}, words.text("sample")) : null),
      heading,
      statusLine(spec, props, words),
      make("p", {class: "code"}, props.code || feature.id),
      facts(spec, props),
      props.data_date ? make("p", {class: "source"}, words.text("card.data_date", {date: props.data_date})) : null,
      make("p", {}, make("a", {class: "button primary", href: items.href(spec.id === "findings" ? "parcels" : spec.id, spec.id === "findings" ? props.subject_code : props.code || feature.id)}, words.text("card.open"))),
    );
    return heading;
  }

  function close({keepsFocus = false} = {}) {
    if (abort) abort.abort();
    if (box.hidden) return;
    box.hidden = true;
    document.body.classList.remove("has-card");
    open = null;
    onClosed();
    if (!keepsFocus && opener && opener.isConnected) opener.focus();
    opener = null;
  }

  /** The way to what a merged code has become: an address of ours ends in /<collection>.../<code>. */
  function successor(url) {
    const parts = new URL(url, location.href).pathname.split("/").filter((part) => part && part !== "items");
    const [collection, code] = parts.slice(-2).map(decodeURIComponent);
    return specs.some((entry) => entry.id === collection) ? make("p", {}, make("button", {type: "button", class: "button primary", onclick: () => onMoved(collection, code)}, words.text("card.moved_to", {code}))) : null;
  }

  async function openItem(collection, code, {from = null, focus = false} = {}) {
    const spec = specs.find((entry) => entry.id === collection);
    if (!spec) return;
    if (abort) abort.abort();
    abort = new AbortController();
    opener = from;
    open = `${collection}:${code}`;
    box.hidden = false;
    document.body.classList.add("has-card");
    box.setAttribute("aria-busy", "true");
    fill(body, make("div", {class: "skeleton", role: "status"}, make("span", {class: "hidden-text"}, words.text("loading"))));
    try {
      const feature = await items.one(collection, code, abort.signal);
      const heading = show(spec, feature);
      if (focus) heading.focus({preventScroll: true});
      onShown(spec, feature);
    } catch (error) {
      if (error.name === "AbortError") return;
      fill(body,
        make("h2", {}, words.text(error.status === 410 ? "card.moved" : error.status === 404 ? "card.gone" : "card.failed")),
        make("p", {class: "muted"}, error.message),
        error.requestId ? make("p", {class: "code"}, error.requestId) : null,
        ...(error.successors || []).map(successor).filter(Boolean),
        error.status === 410 ? null : make("p", {}, make("button", {type: "button", class: "button", onclick: () => openItem(collection, code, {from})}, words.text("retry"))));
    } finally {
      box.removeAttribute("aria-busy");
    }
  }

  box.querySelector("[data-card-close]").addEventListener("click", () => close());
  return {open: openItem, close, isOpen: () => !box.hidden, current: () => open};
}
