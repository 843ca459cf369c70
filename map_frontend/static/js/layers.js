// The layer switch and the legend: the server wrote both, this file lets them act.

export function wireLayers({layers, map, onChange}) {
  const boxes = [...document.querySelectorAll("[data-layer]")];
  const legends = [...document.querySelectorAll("[data-legend]")];
  const isOn = (id) => { const box = boxes.find((entry) => entry.dataset.layer === id); return box ? box.checked : true; };

  let zoom = 99;

  // The legend speaks of what can be seen now.
  function showLegend() {
    for (const legend of legends) legend.hidden = !isOn(legend.dataset.legend) || zoom < Number(legend.dataset.minZoom || 0);
  }

  function apply() {
    for (const [id, layer] of layers) {
      const on = isOn(id);
      if (on !== map.hasLayer(layer)) layer[on ? "addTo" : "removeFrom"](map);
    }
    showLegend();
  }

  for (const box of boxes) box.addEventListener("change", () => { apply(); onChange(box.dataset.layer); });
  return {
    apply,
    isOn,
    atZoom(next) { zoom = next; showLegend(); },
    /** "parcels,parks" of the layers that are on, or null when they are as the page gave them. */
    text: () => (boxes.every((box) => box.checked === box.defaultChecked) ? null : boxes.filter((box) => box.checked).map((box) => box.dataset.layer).join(",") || "-"),
    /** Switch to the layers named in an address. */
    set(text) {
      const names = new Set((text || "").split(","));
      for (const box of boxes) box.checked = text === undefined || text === null ? box.defaultChecked : names.has(box.dataset.layer);
      apply();
    },
  };
}
