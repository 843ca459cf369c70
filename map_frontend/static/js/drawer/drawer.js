// The drawer of the selected thing: what the server tells of it (the same words as on its page), its states, and focus.
import {fill, make} from "../elements.js";
import {refusal} from "../items.js";
import {wireActions} from "./actions.js";
import {makeSteps} from "./steps.js";

/** GET the thing told short, as a document to take nodes from; an answer that is not 2xx throws the problem it carries. */
async function fetchTold(url, signal) {
  const answer = await fetch(url, {signal, headers: {Accept: "application/problem+json"}, credentials: "same-origin"});
  if (answer.ok) return new DOMParser().parseFromString(await answer.text(), "text/html");
  throw await refusal(answer);
}

const rowOf = (key) => [...document.querySelectorAll("[data-list-rows] [data-code]")].find((row) => key.endsWith(`:${row.dataset.code}`));

export function makeDrawer({specs, words, items, compare, onShown, onClosed, onOpen, onMoved}) {
  const box = document.querySelector("[data-card]"), body = box.querySelector("[data-card-body]");
  const taller = box.querySelector("[data-card-taller]");
  let abort = null, opener = null, open = null;
  const steps = makeSteps(box, words, (collection, code, from) => onOpen(collection, code, {from, focus: true}));

  function setTall(isTall) {
    box.dataset.tall = String(isTall);
    taller.setAttribute("aria-expanded", String(isTall));
    taller.setAttribute("aria-label", words.text(isTall ? "card.shorter" : "card.taller"));
  }

  function close({keepsFocus = false} = {}) {
    if (abort) abort.abort();
    if (box.hidden) return;
    box.hidden = true;
    document.body.classList.remove("has-card");
    // The row it came from may have been drawn anew meanwhile, a diagram may be beyond the edge now: then the map itself.
    const back = opener && (opener.isConnected ? opener : rowOf(open) || document.querySelector("[data-map] .leaflet-container"));
    open = null;
    onClosed();
    if (!keepsFocus && back) back.focus();
    opener = null;
  }

  function skeleton() {
    fill(body, make("div", {class: "drawer-loading", role: "status"}, make("span", {class: "hidden-text"}, words.text("loading")),
      ["picture", "title", "figures", "text", "text"].map((part) => make("div", {class: `skeleton skeleton-${part}`}))));
  }

  /** What went wrong: gone (404), merged into others (410), or a failure that can be tried again. */
  function failed(error, again) {
    const {status, requestId} = error, successors = (status === 410 && error.successors) || [];
    const title = status === 410 ? "card.merged" : status === 404 ? "card.gone" : "card.failed";
    const heading = make("h2", {tabindex: "-1"}, words.text(title));
    fill(body, make("div", {class: "drawer-body drawer-failed", role: "alert"}, heading,
      make("p", {}, error.message),
      successors.map((url) => {
        // An address of ours ends in /<collection>.../<code>.
        const parts = new URL(url, location.href).pathname.split("/").filter((part) => part && part !== "items");
        const [collection, code] = parts.slice(-2).map(decodeURIComponent);
        return make("p", {}, make("button", {type: "button", class: "button primary", onclick: () => onMoved(collection, code)}, words.text("card.merged_to", {name: code})));
      }),
      requestId ? make("p", {class: "code"}, `${words.text("card.request")} ${requestId}`) : null,
      status === 404 || status === 410 ? null : make("p", {}, make("button", {type: "button", class: "button", onclick: again}, words.text("retry")))));
    return heading;
  }

  async function openItem(collection, code, {from = null, focus = false} = {}) {
    const spec = specs.find((entry) => entry.id === collection);
    if (!spec) return;
    if (abort) abort.abort();
    const mine = abort = new AbortController();
    if (from || box.hidden) opener = from;
    open = `${collection}:${code}`;
    box.hidden = false;
    box.scrollTop = 0;
    setTall(false);
    document.body.classList.add("has-card");
    box.setAttribute("aria-busy", "true");
    skeleton();
    steps.follow(code);
    try {
      const [told, feature] = await Promise.all([fetchTold(items.told(collection, code), mine.signal), items.one(collection, code, mine.signal)]);
      if (mine !== abort) return;
      fill(body, document.adoptNode(told.querySelector("[data-thing]")));
      wireActions(body, words, compare);
      if (focus) body.querySelector("h2").focus({preventScroll: true});
      onShown(spec, feature);
    } catch (error) {
      if (error.name === "AbortError" || mine !== abort) return;
      mine.abort();
      const heading = failed(error, () => openItem(collection, code, {from, focus: true}));
      if (focus) heading.focus({preventScroll: true});
    } finally {
      if (mine === abort) box.removeAttribute("aria-busy");
    }
  }

  // What a thing names beside itself opens here, too; a link remains a link for whoever wants a new tab.
  body.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-open-thing]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const [collection, ...code] = link.dataset.openThing.split(":");
    onOpen(collection, code.join(":"), {focus: true, shows: true});
  });

  box.querySelector("[data-card-close]").addEventListener("click", () => close());
  taller.addEventListener("click", () => setTall(box.dataset.tall !== "true"));
  return {open: openItem, close, isOpen: () => !box.hidden, current: () => open};
}
