// The search box: a combobox (WAI-ARIA 1.2) whose list is what /v1/search finds. Arrows, Enter, Escape; nothing is asked while
// an input method composes. On a phone it opens as a sheet over the whole screen.
import {fill, make} from "../elements.js";
import {readJson} from "../items.js";
import {isPhone} from "../sheet.js";
import {makeLine} from "./lines.js";
import {recent} from "./recent.js";

const LIMIT = 20, PAUSE_MS = 140;
const FLOWN_TO = new Set(["admin_areas"]);

export function wireSearch({specs, words, county, openThing, goTo}) {
  const form = document.querySelector("[data-search]"), part = (name) => form.querySelector(`[data-search-${name}]`);
  const [input, panel, list, status, more, clear, close] = ["input", "panel", "list", "status", "more", "clear", "close"].map(part);
  const examples = JSON.parse(form.dataset.search);
  let options = [], active = -1, asked = null, abort = null, timer = 0, isComposing = false;

  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-haspopup", "listbox"], ["aria-controls", "search-list"], ["aria-expanded", "false"]]) input.setAttribute(name, value);
  part("key").hidden = false;
  close.hidden = false;
  part("open").type = "button";

  function show(isOpen) {
    panel.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen && options.length > 0));
    if (!isOpen) activate(-1);
  }

  function activate(index) {
    if (options[active]) options[active].node.setAttribute("aria-selected", "false");
    active = index;
    const option = options[index];
    if (!option) { input.removeAttribute("aria-activedescendant"); return; }
    option.node.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.node.id);
    option.node.scrollIntoView({block: "nearest"});
  }

  function offer(groups, first = -1) {
    options = groups.flatMap((group) => group.options);
    fill(list, groups.map((group, n) => make("div", {role: "group", class: "search-group", "aria-labelledby": `search-group-${n}`},
      make("div", {class: "search-group-name", id: `search-group-${n}`}, group.name, group.count ? make("small", {}, group.count) : null),
      group.options.map((option) => option.node))));
    options.forEach((option, index) => {
      option.node.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
      option.node.addEventListener("click", () => option.act());
      option.node.addEventListener("pointermove", () => { if (active !== index) activate(index); });
    });
    list.hidden = options.length === 0;
    show(true);
    activate(options.length ? first : -1);
  }

  const line = (index, text, act) => ({node: make("div", {class: "search-line search-plain", role: "option", id: `search-option-${index}`, "aria-selected": "false"}, text), act});
  const take = (text) => { input.value = text; typed(); };

  /** Before anything is typed: what can be typed, and what was. */
  function welcome() {
    asked = null;
    const kept = recent.all();
    status.textContent = "";
    offer(kept.length ? [{name: words.text("search.recent"), options: kept.map((text, n) => line(n, text, () => take(text)))}] : []);
    fill(more, make("p", {class: "muted"}, words.text("search.hint")),
      make("p", {class: "search-examples"}, make("span", {class: "muted"}, words.text("search.try")),
        examples.map((text) => make("button", {type: "button", class: "button", onclick: () => { input.focus(); take(text); }}, text))),
      kept.length ? make("button", {type: "button", class: "link", onclick: () => { input.focus(); recent.forget(); welcome(); }}, words.text("search.forget")) : null);
  }

  function leave() {
    clearTimeout(timer);
    if (abort) abort.abort();
    show(false);
    form.classList.remove("is-open");
    document.body.classList.remove("is-searching");
  }

  function choose(hit) {
    recent.keep(input.value.trim());
    leave();
    input.blur();
    if (FLOWN_TO.has(hit.collection) && hit.bbox) {
      goTo(hit.bbox);
      const said = document.querySelector("[data-said]");
      said.textContent = words.text("search.moved", {name: words.name(hit)});
      setTimeout(() => { said.textContent = ""; }, 2500);
    } else if (specs.some((spec) => spec.id === hit.collection)) {
      openThing(hit.collection, hit.code, {from: isPhone() ? part("open") : input, focus: true, shows: true});
    } else {
      location.href = hit.href;
    }
  }

  function present(answer) {
    const query = input.value.trim(), by = new Map();
    let n = 0;
    for (const hit of answer.results) {
      if (!by.has(hit.collection)) by.set(hit.collection, []);
      by.get(hit.collection).push(hit);
    }
    const total = Object.values(answer.totals).reduce((sum, one) => sum + one, 0);
    const groups = [...by].map(([collection, hits]) => ({
      name: words.text(`collection.${collection}`), count: answer.is_complete ? words.number(answer.totals[collection]) : null,
      options: hits.map((hit) => ({node: makeLine(hit, {spec: specs.find((spec) => spec.id === collection), words, id: `search-option-${n++}`}), act: () => choose(hit)})),
    }));
    status.textContent = total === 0 ? words.text("search.none", {q: query}) : answer.is_similar ? words.text("search.similar")
      : words.text(answer.is_complete ? "search.count" : "search.count_more", {n: words.number(total)});
    fill(more, total === 0 ? make("p", {class: "muted"}, words.text("search.none_hint")) : make("button", {type: "submit", class: "link search-all"}, words.text("search.all", {q: query})));
    offer(groups, 0);
  }

  function fail(error) {
    offer([]);
    status.textContent = words.text("search.failed");
    fill(more, make("p", {}, navigator.onLine === false || error instanceof TypeError ? words.text("search.offline") : error.message),
      error.requestId ? make("p", {class: "code"}, error.requestId) : null,
      make("button", {type: "button", class: "button", onclick: () => { input.focus(); asked = null; ask(); }}, words.text("retry")));
  }

  async function ask() {
    const query = input.value.trim();
    clear.hidden = !query;
    if (!query) { if (abort) abort.abort(); welcome(); return; }
    if (query === asked && !panel.hidden) return;
    asked = query;
    if (abort) abort.abort();
    abort = new AbortController();
    const mine = abort;
    panel.setAttribute("aria-busy", "true");
    if (panel.hidden || !options.length) { status.textContent = words.text("search.searching"); fill(more); show(true); }
    try {
      const answer = await readJson(`/v1/search?${new URLSearchParams({q: query, limit: String(LIMIT), county, lang: words.isEnglish ? "en" : "zh"})}`, mine.signal);
      if (mine === abort) present(answer);
    } catch (error) {
      if (error.name !== "AbortError") fail(error);
    } finally {
      if (mine === abort) panel.removeAttribute("aria-busy");
    }
  }

  function typed() {
    if (isComposing) return;
    clearTimeout(timer);
    clear.hidden = !input.value;
    timer = setTimeout(ask, input.value.trim() ? PAUSE_MS : 0);
  }

  function enter() {
    if (isPhone()) { form.classList.add("is-open"); document.body.classList.add("is-searching"); }
    input.focus();
    input.select();
  }

  input.addEventListener("compositionstart", () => { isComposing = true; });
  input.addEventListener("compositionend", () => { isComposing = false; typed(); });
  input.addEventListener("input", typed);
  input.addEventListener("focus", () => { if (panel.hidden) { asked = null; ask(); } });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (panel.hidden) { asked = null; ask(); return; }
      if (options.length) activate((active + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length);
    } else if (event.key === "Enter" && !panel.hidden && options[active] && input.value.trim() === (asked || "")) {
      event.preventDefault();
      options[active].act();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      event.preventDefault();
      if (form.classList.contains("is-open") || (panel.hidden && !input.value)) { leave(); input.blur(); if (isPhone()) part("open").focus(); }
      else if (!panel.hidden) show(false);
      else { input.value = ""; clear.hidden = true; }
    }
  });
  clear.addEventListener("click", () => { input.value = ""; input.focus(); ask(); });
  close.addEventListener("click", () => { leave(); part("open").focus(); });
  part("open").addEventListener("click", enter);
  form.addEventListener("submit", (event) => {
    if (!input.value.trim()) { event.preventDefault(); enter(); } else recent.keep(input.value.trim());
  });
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget) && !form.classList.contains("is-open")) leave(); });
}
