// The tray over the map: what is being compared, one step from the comparison.
import {writeAddress} from "../address.js";
import {fill, make} from "../elements.js";
import {compareAddress, makeCompare, MOST} from "./compare.js";

export function makeTray(words, query) {
  const tray = document.querySelector("[data-tray]");
  const compare = makeCompare((entries, isFull) => {
    tray.hidden = entries.length === 0;
    writeAddress({cmp: entries.map((entry) => entry.key).join(",") || null});
    fill(tray, entries.length === 0 ? null : [
      make("strong", {}, `${words.text("card.compare_tray")} ${entries.length}/${MOST}`),
      make("ul", {}, entries.map((entry) => make("li", {},
        make("button", {type: "button", title: words.text("card.compare_remove", {name: entry.name}), "aria-label": words.text("card.compare_remove", {name: entry.name}), onclick: () => compare.toggle(entry)},
          make("span", {}, entry.name), make("span", {"aria-hidden": "true"}, "×"))))),
      make("a", {class: "button primary", href: compareAddress(entries, query)}, words.text("card.compare_open")),
      make("button", {type: "button", class: "link", onclick: () => compare.clear()}, words.text("card.compare_clear")),
      make("span", {class: "tray-full", role: "status"}, isFull ? words.text("card.compare_full", {n: MOST}) : ""),
    ]);
  });
  return compare;
}
