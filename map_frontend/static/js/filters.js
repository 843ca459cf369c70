// The filter panel and the chips: the form writes the address, the server says the address in words.
import {fill, make} from "./elements.js";

const WAIT_MS = 250;

/** The form's filters as {parameter: text or null}; codes of one filter joined by commas. */
export function valuesOf(form, parameters) {
  const data = new FormData(form), values = {};
  for (const name of parameters) {
    const given = data.getAll(name).map((text) => String(text).trim()).filter(Boolean);
    values[name] = given.length ? given.join(",") : null;
  }
  return values;
}

function cross() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), path = document.createElementNS(svg.namespaceURI, "path");
  svg.setAttribute("viewBox", "0 0 16 16"); svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M4 4l8 8M12 4L4 12"); path.setAttribute("stroke", "currentColor"); path.setAttribute("stroke-width", "1.8"); path.setAttribute("stroke-linecap", "round");
  svg.append(path);
  return svg;
}

export function makeFilters({config, screen, words, onChange}) {
  const form = document.querySelector("[data-filter-form]"), panel = form.querySelector("[data-filters]"), box = form.querySelector("[data-filters-box]");
  const opener = form.querySelector("[data-filter-open]"), number = form.querySelector("[data-filter-number]");
  const chips = form.querySelector("[data-chips]"), done = form.querySelector("[data-filter-done]");
  const {parameters} = config.screen;
  let timer = 0, hasPushed = false, undo = null;

  /** Put what the address says into the form, and show only what means something for the kind. */
  function show() {
    const values = screen.values(), kind = screen.kind();
    for (const field of panel.querySelectorAll("[data-key]")) {
      const fits = field.dataset.kinds.split(" ").includes(kind);
      field.hidden = !fits;
      for (const input of field.querySelectorAll("input,select")) {
        const given = values.getAll(input.name).join(",");
        if (input.type === "checkbox") input.checked = given.split(",").includes(input.value);
        else if (input !== document.activeElement) {
          if (input.tagName === "SELECT" && given && ![...input.options].some((option) => option.value === given)) input.append(make("option", {value: given}, words.text("filter.km", {km: given})));
          input.value = given;
        }
        input.disabled = false; // what another kind has been asked stays in the form, and in the address
      }
      if (field.tagName === "FIELDSET") field.disabled = false;
    }
  }

  function apply() {
    clearTimeout(timer);
    if (!form.checkValidity()) return;
    screen.change(valuesOf(form, parameters), {push: !hasPushed});
    hasPushed = panel.classList.contains("is-open"); // one step back undoes one sitting at the panel
    undo = null;
    onChange();
  }

  function toggle(open, {focus = true} = {}) {
    panel.classList.toggle("is-open", open);
    document.body.classList.toggle("has-filters", open);
    opener.setAttribute("aria-expanded", String(open));
    hasPushed = false;
    if (open) { panel.querySelector("h2").focus({preventScroll: true}); panel.querySelector(".filters-body").scrollTop = 0; } else if (focus) opener.focus();
  }

  function drop(change) { screen.change(change); undo = null; show(); onChange(); }

  function clear() { undo = screen.clear(); show(); onChange(); }

  function render(said) {
    const items = said.map((chip) => make("li", {}, make("button", {
      type: "button", class: `chip${chip.applies ? "" : " is-idle"}`, "aria-label": words.text("filter.remove", {text: chip.text}), onclick: () => { drop(chip.change); opener.focus(); },
    }, make("bdi", {}, chip.text), cross())));
    if (said.length) items.push(make("li", {}, make("button", {type: "button", class: "link", onclick: clear}, words.text("filter.clear"))));
    else if (undo) items.push(make("li", {}, make("span", {class: "muted"}, words.text("filter.cleared")), make("button", {type: "button", class: "link", onclick: () => { const back = undo; undo = null; drop(back); }}, words.text("filter.undo"))));
    fill(chips, items);
    number.textContent = String(said.length);
    number.hidden = !said.length;
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
  panel.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(apply, WAIT_MS); });
  opener.addEventListener("click", () => toggle(!panel.classList.contains("is-open")));
  done.addEventListener("click", () => toggle(false));
  panel.querySelector("[data-filter-close]").addEventListener("click", () => toggle(false));
  panel.querySelector("[data-filter-clear]").addEventListener("click", clear);
  for (const part of form.querySelectorAll("[data-needs-script], [data-filter-open]")) part.hidden = false;
  box.open = true;
  box.classList.add("is-scripted");
  show();
  return {
    show, render, clear,
    isOpen: () => panel.classList.contains("is-open"),
    close: () => toggle(false),
    count: (n) => { done.textContent = words.text("filter.results", {n: words.number(n)}); },
    forgetUndo() { undo = null; },
  };
}
