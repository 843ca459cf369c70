// From one thing to the next in the order of the list: two buttons, and the arrow keys while the drawer has the focus.

export function makeSteps(box, words, onStep) {
  const place = box.querySelector("[data-card-place]");
  const buttons = {before: box.querySelector("[data-card-before]"), after: box.querySelector("[data-card-after]")};
  let beside = {before: null, after: null};

  function step(way) {
    const row = beside[way];
    if (row) onStep(row.closest("[data-list-rows]").dataset.collection || document.querySelector("[data-kind][aria-pressed=true]").dataset.collection, row.dataset.code, row);
  }

  for (const way of ["before", "after"]) buttons[way].addEventListener("click", () => step(way));
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.target.closest("input,select,textarea,.scroll-x")) return;
    if (event.key === "ArrowLeft") step("before");
    else if (event.key === "ArrowRight") step("after");
  });

  let followed = null;
  function follow(code) {
    followed = code;
    const rows = [...document.querySelectorAll("[data-list-rows] [data-code]")], at = rows.findIndex((row) => row.dataset.code === code);
    beside = {before: rows[at - 1] || null, after: at < 0 ? null : rows[at + 1] || null};
    for (const way of ["before", "after"]) { buttons[way].hidden = at < 0; buttons[way].disabled = !beside[way]; }
    place.textContent = at < 0 ? "" : words.text("card.place", {n: at + 1, of: rows.length});
  }
  // The list may come, or change, after the thing was opened.
  new MutationObserver(() => { if (followed !== null && !box.hidden) follow(followed); }).observe(document.querySelector("[data-list-rows]"), {childList: true});
  return {
    /** Find the thing in the list; without it there is no next one. */
    follow,
  };
}
