// One result as an option of the list: mark, name with what was meant emphasised, kind, town and state.
import {make} from "../elements.js";
import {markElement} from "../shapes.js";

/** Text with the code points [start, end) of `span` emphasised. */
export function emphasised(text, span) {
  if (!span) return [text];
  const letters = Array.from(text);
  return [letters.slice(0, span[0]).join(""), make("mark", {}, letters.slice(...span).join("")), letters.slice(span[1]).join("")];
}

function markOf(hit, spec) {
  if (!spec) return markElement("dot", "muted");
  const known = spec.status && hit.state && spec.marks[hit.state.code];
  if (known) return markElement(known.shape, known.token);
  return markElement(spec.other.shape || "dot", spec.other.mark || spec.other.line || spec.other.fill || "muted");
}

export function makeLine(hit, {spec, words, id}) {
  const name = words.name(hit), {matched} = hit, isShown = matched.text === name;
  const pick = (word) => (word ? (words.isEnglish ? word.en || word.zh : word.zh || word.en) || "" : "");
  const state = hit.state && (pick(hit.state) || words.code(hit.state.list, hit.state.code));
  const code = hit.code === name ? null : matched.form === "code" ? emphasised(hit.code, matched.span) : [hit.code];
  const facts = [code, pick(hit.town) && [pick(hit.town)], state && [state], !isShown && matched.form !== "code" && make("span", {lang: matched.text === hit.name_en ? "en" : "zh-CN"}, emphasised(matched.text, matched.span))].filter(Boolean);
  return make("div", {class: "search-line", role: "option", id, "aria-selected": "false"},
    make("span", {class: "search-mark"}, markOf(hit, spec)),
    make("span", {class: "search-words"},
      make("strong", {}, emphasised(name, isShown ? matched.span : null)),
      make("span", {class: "search-facts muted"}, facts.map((parts) => make("span", {}, parts)))));
}
