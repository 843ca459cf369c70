// One line for what went wrong with the map's data: one message, not one per tile.
import {fill, make} from "./elements.js";

export function makeStatus(words, retry) {
  const line = document.querySelector("[data-status-line]");
  const failed = new Map(); // layer -> its tiles that failed and still stand there: said once, however many there are
  const show = () => {
    line.hidden = failed.size === 0;
    if (!failed.size) return fill(line);
    const names = [...failed.keys()].map((id) => words.text(`collection.${id}`)).join("、");
    fill(line, make("span", {}, words.text("map.tiles_failed", {names})),
      make("button", {type: "button", class: "link", onclick: () => { failed.clear(); show(); retry(); }}, words.text("retry")));
  };
  return {
    tileFailed(spec, key) { failed.set(spec.id, (failed.get(spec.id) || new Set()).add(key)); show(); },
    tileGone(spec, key) {
      const tiles = failed.get(spec.id);
      if (!tiles || !tiles.delete(key)) return;
      if (!tiles.size) failed.delete(spec.id);
      show();
    },
    /** One sentence that stays until the next thing to say, with a button to put it away. */
    say(sentence) {
      line.hidden = false;
      fill(line, make("span", {}, sentence), make("button", {type: "button", class: "link", onclick: () => { line.hidden = true; show(); }}, words.text("card.close")));
    },
  };
}
