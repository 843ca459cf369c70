// The land clock: arrows step through the items of the list; the picture shows which one is meant. All else works without.
import {wireTheme} from "./theme.js";

const list = document.querySelector("[data-events]");
const picture = document.querySelector("[data-timeline]");

/** Index of the item a key leads to from `at`, of `count` items; null: the key means nothing here. */
export function stepped(key, at, count) {
  const to = {ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: count - 1}[key];
  return to === undefined ? null : Math.min(Math.max(to, 0), count - 1);
}

function wireSteps() {
  const items = [...list.children];
  const show = (key) => {
    for (const node of document.querySelectorAll(".is-on")) node.classList.remove("is-on");
    for (const node of document.querySelectorAll("[data-event]")) if (node.dataset.event === key) node.classList.add("is-on");
  };
  const go = (index) => {
    for (const [number, item] of items.entries()) item.tabIndex = number === index ? 0 : -1;
    items[index].focus();
  };
  items.forEach((item, number) => { item.tabIndex = number ? -1 : 0; });
  list.addEventListener("focusin", (event) => show(event.target.closest("[data-event]")?.dataset.event));
  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const to = stepped(event.key, items.indexOf(event.target.closest("[data-event]")), items.length);
    if (to === null) return;
    event.preventDefault();
    go(to);
  });
  picture.addEventListener("click", (event) => {
    const key = event.target.closest("[data-event]")?.dataset.event;
    const index = items.findIndex((item) => item.dataset.event === key);
    if (index >= 0) go(index);
  });
  document.querySelector("[data-keys]").hidden = false;
}

wireTheme(() => {});
if (list && picture) wireSteps();
document.documentElement.dataset.ready = "1";
