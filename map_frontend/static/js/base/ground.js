// The land and the waters around the county: muted ground under everything, with the names of neighbours and of the sea.
const NAMES = {
  place: {size: 13, weight: 500, token: "beyond-label", halo_token: "land-beyond", rank: 2},
  water: {size: 14, italic: true, token: "sea-label", halo_token: "sea", rank: 3},
};

/** surroundings: GeoJSON of the service; outline: the county's outline, drawn as land where there are no towns. */
export function makeGround(L, map, words) {
  map.createPane("ground").style.zIndex = "205";
  map.getPane("ground").classList.add("layer-pane");
  const drawn = L.layerGroup(), renderer = L.svg({pane: "ground", padding: 0.6});
  let labels = [], isShown = true;
  const add = (shape, className, weight) => L.geoJSON(shape, {
    pane: "ground", interactive: false, style: () => ({className, renderer, weight}),
  }).addTo(drawn);

  return {
    /** Draw the surroundings; called once. */
    surround(collection) {
      const land = collection.features.filter(({geometry, properties}) => properties.kind === "land" && /Polygon/.test(geometry.type));
      if (land.length) add({type: "FeatureCollection", features: land}, "beyond-shape", 1);
      labels = collection.features.filter(({properties}) => NAMES[properties.kind]).map(({geometry, properties}) => ({
        text: (words.isEnglish && properties.name_en) || properties.name,
        lng: geometry.coordinates[0], lat: geometry.coordinates[1], style: NAMES[properties.kind],
      }));
    },
    outline(shape) { add(shape, "ground-shape", 1.5); },
    show(isOn) { isShown = isOn; drawn[isOn ? "addTo" : "removeFrom"](map); },
    labels: () => (isShown ? labels : []),
  };
}
