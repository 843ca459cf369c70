// The selected thing drawn over everything: its true outline, not the tile's simplified one.
export function makeSelection(L, map) {
  let layer = null;
  const renderer = L.svg({pane: "selection", padding: 0.5});
  return {
    show(feature) {
      this.clear();
      if (!feature.geometry) return;
      layer = L.geoJSON(feature.geometry, {
        interactive: false,
        style: () => ({renderer, className: "selected-shape", fill: false, weight: 3.5}),
        pointToLayer: (_, latlng) => L.circleMarker(latlng, {renderer, radius: 13, className: "selected-shape", fill: false, weight: 3.5, interactive: false}),
      }).addTo(map);
    },
    bounds: () => (layer ? layer.getBounds() : null),
    clear() { if (layer) { layer.remove(); layer = null; } },
  };
}
