// The selected thing, and the one pointed at, drawn over everything: true outlines, not the tile's simplified ones.
export function makeOutline(L, map, className, weight) {
  let layer = null;
  const renderer = L.svg({pane: "selection", padding: 0.5});
  return {
    show(feature) {
      this.clear();
      if (!feature || !feature.geometry) return;
      layer = L.geoJSON(feature.geometry, {
        interactive: false,
        style: () => ({renderer, className, fill: false, weight}),
        pointToLayer: (_, latlng) => L.circleMarker(latlng, {renderer, radius: 13, className, fill: false, weight, interactive: false}),
      }).addTo(map);
    },
    bounds: () => (layer ? layer.getBounds() : null),
    clear() { if (layer) { layer.remove(); layer = null; } },
  };
}
