// What lies over the map: panels and buttons, where a name would be half hidden.
const PANELS = "[data-legend-panel], [data-layer-panel], .map-buttons, [data-card]";

/** Boxes [x1, y1, x2, y2] of the panels over the map, in pixels of its container. */
export function coveredBoxes(container) {
  const map = container.getBoundingClientRect();
  return [...document.querySelectorAll(PANELS)].map((panel) => panel.getBoundingClientRect()).filter((box) => box.width > 0)
    .map((box) => [box.left - map.left, box.top - map.top, box.right - map.left, box.bottom - map.top]);
}
