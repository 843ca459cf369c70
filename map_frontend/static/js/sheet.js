// On a phone the list is a sheet over the map: peek, half or full, by its button or by dragging.
const STATES = ["peek", "half", "full"];

export const isPhone = () => matchMedia("(max-width: 820px)").matches;

export function wireSheet(words, onMoved) {
  const panel = document.querySelector("[data-list]"), handle = document.querySelector("[data-sheet-handle]");
  const set = (state) => {
    panel.dataset.sheet = state;
    handle.setAttribute("aria-expanded", String(state !== "peek"));
    handle.setAttribute("aria-label", words.text(state === "full" ? "sheet.close" : "sheet.open"));
    onMoved();
  };
  let from = null;
  // By the button: peek, half, full, and back to peek.
  handle.addEventListener("click", () => { if (!from || !from.moved) set(STATES[(STATES.indexOf(panel.dataset.sheet) + 1) % STATES.length]); from = null; });
  handle.addEventListener("pointerdown", (event) => { from = {y: event.clientY, moved: false}; handle.setPointerCapture(event.pointerId); });
  handle.addEventListener("pointermove", (event) => { if (from && Math.abs(event.clientY - from.y) > 8) from.moved = true; });
  handle.addEventListener("pointercancel", () => { from = null; });
  handle.addEventListener("pointerup", (event) => {
    if (!from || !from.moved) return;
    const step = event.clientY < from.y ? 1 : -1, far = Math.abs(event.clientY - from.y) > innerHeight * 0.4 ? 2 : 1;
    set(STATES[Math.min(2, Math.max(0, STATES.indexOf(panel.dataset.sheet) + step * far))]);
  });
  return {
    set,
    state: () => panel.dataset.sheet,
    /** How many pixels of the map's lower edge are covered; a full sheet counts as half, for nobody looks at the map then. */
    covered() {
      if (!isPhone()) return 0;
      const card = document.querySelector("[data-card]"), stage = document.querySelector("[data-map]").getBoundingClientRect();
      const top = (card.hidden ? panel : card).getBoundingClientRect().top;
      return Math.min(stage.height * 0.56, Math.max(0, stage.bottom - top));
    },
    /** How many pixels of the map's right edge the drawer covers. */
    coveredRight() {
      const card = document.querySelector("[data-card]");
      if (isPhone() || card.hidden) return 0;
      return Math.max(0, document.querySelector("[data-map]").getBoundingClientRect().right - card.getBoundingClientRect().left);
    },
  };
}
