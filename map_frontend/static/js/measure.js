// The measuring tool: points on the map, their length or area, by pointer, finger or keys.
import {area, crosses, distance} from "./geodesy.js";
import {isCoarse} from "./tiles/layer.js";

const SQUARE_METRES_PER_MU = 2000 / 3, SQUARE_METRES_PER_HA = 10000, POINTS_MAX = 500;

export function makeMeasure({L, map, words, onStart}) {
  const panel = document.querySelector("[data-measure]"), button = document.querySelector("[data-do=measure]");
  const result = panel.querySelector("[data-measure-result]"), hint = panel.querySelector("[data-measure-hint]");
  const undoButton = panel.querySelector("[data-measure-undo]"), copyButton = panel.querySelector("[data-measure-copy]");
  const modes = [...panel.querySelectorAll("[data-measure-mode]")];
  let points = [], mode = "distance", drawn = null;

  const isOn = () => !panel.hidden;
  const length = (m) => (m < 1000 ? words.text("measure.metres", {n: words.number(m, "", m < 100 ? 1 : 0)}) : words.text("measure.km", {n: words.number(m / 1000, "", m < 100000 ? 2 : 1)}));
  const along = (ring) => ring.slice(1).reduce((sum, point, i) => sum + distance(ring[i], point), 0);

  function said() {
    const places = points.map(({lng, lat}) => [lng, lat]);
    if (mode === "distance") return places.length > 1 ? length(along(places)) : "";
    if (places.length < 3) return "";
    const m2 = area(places), around = words.text("measure.around", {length: length(along([...places, places[0]]))});
    const land = words.text("measure.land", {mu: words.number(m2 / SQUARE_METRES_PER_MU), ha: words.number(m2 / SQUARE_METRES_PER_HA), m2: words.number(m2, "", 0)});
    return `${land} · ${around}${crosses(places) ? ` · ${words.text("measure.crossed")}` : ""}`;
  }

  function draw() {
    if (drawn) drawn.remove();
    drawn = L.layerGroup().addTo(map);
    const renderer = L.svg({pane: "selection", padding: 0.5}), style = {renderer, className: "measured-shape", interactive: false, weight: 2.5};
    if (points.length > 1) (mode === "area" && points.length > 2 ? L.polygon(points, style) : L.polyline(points, {...style, fill: false})).addTo(drawn);
    for (const point of points) L.circleMarker(point, {...style, radius: 5, className: "measured-point"}).addTo(drawn);
    result.textContent = said();
    undoButton.disabled = !points.length;
    copyButton.disabled = !said();
  }

  function add(latlng) { if (points.length < POINTS_MAX) { points.push(latlng); draw(); } }
  function undo() { points.pop(); draw(); }

  function end() {
    if (!isOn()) return;
    points = [];
    draw();
    drawn.remove();
    panel.hidden = true;
    map.getContainer().classList.remove("is-measuring");
    button.setAttribute("aria-pressed", "false");
    button.focus({preventScroll: true});
  }

  function start() {
    onStart();
    panel.hidden = false;
    hint.textContent = words.text(isCoarse() ? "measure.hint_phone" : "measure.hint");
    button.setAttribute("aria-pressed", "true");
    map.getContainer().classList.add("is-measuring");
    draw();
    map.getContainer().focus({preventScroll: true});
  }

  button.hidden = false;
  button.addEventListener("click", () => (isOn() ? end() : start()));
  for (const choice of modes) {
    choice.addEventListener("click", () => {
      mode = choice.dataset.measureMode;
      for (const other of modes) other.setAttribute("aria-pressed", String(other === choice));
      draw();
    });
  }
  undoButton.addEventListener("click", undo);
  copyButton.addEventListener("click", async () => {
    const box = document.querySelector("[data-said]");
    try { await navigator.clipboard.writeText(said()); box.textContent = words.text("copied"); } catch { box.textContent = said(); }
    setTimeout(() => { box.textContent = ""; }, 2500);
  });
  panel.querySelector("[data-measure-end]").addEventListener("click", end);
  map.getContainer().addEventListener("keydown", (event) => {
    if (!isOn() || event.target !== map.getContainer()) return;
    if (event.key === "Enter") add(map.getCenter());
    else if (event.key === "Backspace") undo();
    else return;
    event.preventDefault();
  });
  return {isOn, add, end};
}
