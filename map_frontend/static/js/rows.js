// One row of the list: picture, name, state, town, and the few facts that matter for its kind.
import {make} from "./elements.js";
import {plotPicture} from "./plot.js";
import {markElement} from "./shapes.js";

const PLAIN = ["area", "price", "code"]; // forms that speak without their label

export function makeRow({spec, feature, words, near, isSelected, onOpen, onHover}) {
  const props = feature.properties, code = props.code || feature.id;
  const state = spec.status && props[spec.status[0]], mark = (state && spec.marks[state]) || {token: "status-unknown", shape: "ring"};
  const facts = spec.card.filter((field) => field.form !== "text" || spec.id === "policies").map((field) => {
    const text = words.field(field, props);
    return text && !PLAIN.includes(field.form) ? `${words.label(field)} ${text}` : text;
  }).filter(Boolean).slice(0, 2);
  const metres = near ? props[near] : null;
  if (metres !== null && metres !== undefined) facts.push(words.text("list.near", {km: words.number(metres / 1000, "", 1)}));
  const tone = spec.status ? mark.token : spec.other.mark || spec.other.line || "muted";
  const picture = plotPicture(feature.geometry) || markElement(spec.other.shape || (spec.status && mark.shape) || "dot", tone);
  return make("li", {},
    make("button", {
      type: "button", class: "row", "data-code": code, "data-state": state || "", "aria-current": String(isSelected),
      onclick: (event) => onOpen(spec.id, code, feature, event.currentTarget),
      onmouseenter: () => onHover(feature), onmouseleave: () => onHover(null), onfocus: () => onHover(feature), onblur: () => onHover(null),
    },
      make("span", {class: `thumb tone-${tone}`}, picture),
      make("span", {class: "row-text"},
        make("strong", {}, make("bdi", {}, words.name(props))),
        make("span", {class: "row-state"},
          spec.status ? make("span", {class: "state"}, markElement(mark.shape, mark.token), state ? words.code(spec.status[1], state) : words.text("unknown")) : null,
          make("span", {class: "muted"}, props.town_code ? words.code("town", props.town_code) : code)),
        make("span", {class: "row-facts"}, facts.map((text) => make("span", {}, text))))));
}

export const skeletonRows = (words, n = 4) => Array.from({length: n}, (_, i) => make("li", {class: "skeleton-row", "aria-hidden": i ? "true" : null},
  make("span", {class: "skeleton thumb"}), make("span", {class: "skeleton-text"}, make("span", {class: "skeleton"}), make("span", {class: "skeleton"}), i ? null : make("span", {class: "hidden-text"}, words.text("loading")))));
