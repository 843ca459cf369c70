// What the wheels of firms say: a button over each (focus, tap, click) and a tip with its chains in words and numbers.
import {fill, make} from "./elements.js";
import {markElement} from "./shapes.js";

const ROWS_MAX = 8, LEAVE_MS = 220, GAP = 10;
const ARROWS = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1};

/** env: {words, mark(chain), covered(), below(), isMeasuring(), onOpen(wheel, button, byKey)}: `below` pixels are covered at the lower edge. */
export function makeDiagrams(L, map, env) {
  const {words} = env, stage = map.getContainer();
  const group = make("div", {class: "diagrams", role: "group", "aria-label": words.text("structure.title")});
  const tip = make("div", {class: "diagram-tip", "data-diagram-tip": true, hidden: true});
  map.getPane("diagrams").append(group);
  stage.parentElement.append(tip);
  const buttons = new Map();
  let wheels = new Map(), told = null, leaving = 0, isByKeys = true, pointer = "mouse";

  const chainWord = (chain) => (chain ? words.code("chain", chain) : words.text("structure.no_chain"));

  /** [{chain, word, n}], the least together in one row where there are many. */
  function rowsOf({parts}) {
    const rows = parts.map(([chain, n]) => ({chain, n, word: chainWord(chain)}));
    if (rows.length <= ROWS_MAX) return rows;
    const rest = rows.splice(ROWS_MAX - 1);
    return [...rows, {chain: null, n: rest.reduce((sum, {n}) => sum + n, 0), word: words.text("structure.other", {n: rest.length})}];
  }

  const countOf = ({total}) => words.text("structure.count", {n: total});

  function spoken(wheel) {
    const list = wheel.parts.map(([chain, n]) => words.text("structure.pair", {chain: chainWord(chain), n})).join(words.text("structure.and"));
    return words.text("structure.spoken", {name: wheel.name, count: countOf(wheel), list});
  }

  /** Beside its wheel, where it covers neither the wheel nor the edge of the map. */
  function place({x, y, r}) {
    const size = map.getSize(), width = tip.offsetWidth, height = tip.offsetHeight, low = size.y - env.below() - 6;
    const clamp = (value, most) => Math.max(6, Math.min(value, most));
    const across = clamp(x - width / 2, size.x - width - 6), along = clamp(y - height / 2, low - height), d = r + GAP;
    const places = [[x + d, along], [x - d - width, along], [across, y - d - height], [across, y + d]];
    const fits = ([left, top]) => left >= 6 && top >= 6 && left + width <= size.x - 6 && top + height <= low;
    // Where it fits nowhere it stands at the edge that is farther from its wheel.
    const [left, top] = places.find(fits) || [across, y > low - y ? 6 : Math.max(6, low - height)];
    Object.assign(tip.style, {left: `${left}px`, top: `${top}px`});
  }

  function show(wheel, button) {
    clearTimeout(leaving);
    if (told === wheel.key && !tip.hidden) return;
    told = wheel.key;
    const most = Math.max(...rowsOf(wheel).map(({n}) => n));
    fill(tip,
      make("p", {class: "diagram-name"}, make("strong", {}, wheel.name), make("span", {}, countOf(wheel))),
      make("ul", {}, rowsOf(wheel).map(({chain, word, n}) => {
        const {token, shape} = chain === null ? {token: "muted", shape: null} : env.mark(chain);
        const bar = make("i", {class: `tone-${token}`});
        bar.style.width = `${Math.max(4, (n / most) * 100)}%`;
        return make("li", {}, shape ? markElement(shape, token) : make("span", {class: "mark"}), make("span", {}, word),
          make("span", {class: "diagram-bar", "aria-hidden": "true"}, bar), make("b", {}, words.number(n)));
      })),
      pointer === "touch" && make("p", {}, make("button", {type: "button", class: "button", onclick: () => open(wheel, button, false)}, words.text(opens(wheel) ? "structure.open" : "structure.nearer"))));
    tip.hidden = false;
    place(wheel);
  }

  function hide() {
    clearTimeout(leaving);
    tip.hidden = true;
    told = null;
  }

  const later = () => { clearTimeout(leaving); leaving = setTimeout(hide, LEAVE_MS); };
  const opens = ({codes}) => codes.length === 1 && codes[0] !== "";

  function open(wheel, button, byKey) {
    hide();
    env.onOpen(wheel, button, byKey, opens(wheel));
  }

  function makeButton(key) {
    const wheel = () => wheels.get(key);
    const button = make("button", {
      type: "button", class: "diagram", "data-diagram": key, tabindex: "-1",
      onpointerdown: (event) => { pointer = event.pointerType; },
      onpointerenter: (event) => { if (event.pointerType !== "touch") { pointer = event.pointerType; show(wheel(), button); } },
      onpointerleave: (event) => { if (event.pointerType !== "touch") later(); },
      onfocus: () => { stopAt(button); if (isByKeys) { pointer = "keys"; show(wheel(), button); } },
      onblur: later,
      onclick: (event) => {
        const byKey = event.detail === 0, wasDragged = !byKey && map.dragging.moved();
        if (env.isMeasuring() && !byKey) return; // the map takes it
        event.stopPropagation();
        if (wasDragged) return;
        if (pointer === "touch" && !byKey && told !== key) show(wheel(), button);
        else open(wheel(), button, byKey);
      },
    });
    return button;
  }

  /** One stop of the tab key for all of them; arrows move on. */
  function stopAt(button) {
    for (const other of buttons.values()) other.tabIndex = other === button ? 0 : -1;
  }

  group.addEventListener("keydown", (event) => {
    const all = [...group.children], at = all.indexOf(document.activeElement);
    const next = event.key in ARROWS ? all[at + ARROWS[event.key]] : event.key === "Home" ? all[0] : event.key === "End" ? all[all.length - 1] : null;
    if (!next) return;
    event.preventDefault();
    next.focus({preventScroll: true});
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || tip.hidden) return;
    event.stopPropagation();
    hide();
  }, true);
  // A press gives focus as well, on a busy machine long after it: only a focus by keys tells.
  document.addEventListener("keydown", () => { isByKeys = true; }, true);
  document.addEventListener("pointerdown", () => { isByKeys = false; }, true);
  document.addEventListener("pointerdown", (event) => { if (!tip.hidden && !event.target.closest("[data-diagram], [data-diagram-tip]")) hide(); }, true);
  tip.addEventListener("pointerenter", () => clearTimeout(leaving));
  tip.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") later(); });
  map.on("movestart zoomstart", hide);

  return {
    /** The wheels that stand now: those nobody can see (under a panel, beyond the edge) have no button. */
    set(standing) {
      const size = map.getSize(), panels = env.covered(), low = size.y - env.below();
      const isSeen = ({x, y}) => x > 0 && y > 0 && x < size.x && y < low && !panels.some(([x1, y1, x2, y2]) => x > x1 && y > y1 && x < x2 && y < y2);
      wheels = new Map(standing.filter(isSeen).map((wheel) => [wheel.key, wheel]));
      for (const [key, button] of buttons) if (!wheels.has(key)) { buttons.delete(key); button.remove(); }
      for (const wheel of wheels.values()) {
        const button = buttons.get(wheel.key) || makeButton(wheel.key), side = 2 * wheel.r + 4;
        buttons.set(wheel.key, button);
        button.setAttribute("aria-label", spoken(wheel));
        Object.assign(button.style, {width: `${side}px`, height: `${side}px`});
        L.DomUtil.setPosition(button, map.containerPointToLayerPoint([wheel.x - side / 2, wheel.y - side / 2]));
        if (!button.isConnected) group.append(button);
      }
      group.hidden = !wheels.size;
      if (![...buttons.values()].some(({tabIndex}) => tabIndex === 0)) stopAt(group.firstElementChild);
      if (told && !wheels.has(told)) hide();
      else if (told) { const key = told; told = null; show(wheels.get(key), buttons.get(key)); }
    },
  };
}
