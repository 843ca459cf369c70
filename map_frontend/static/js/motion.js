// Readers whose system asks for less motion get none from the map: it is there at once where it would glide.
const asked = matchMedia("(prefers-reduced-motion: reduce)");

/** Every way Leaflet moves a map ends in setView or panBy; pinching and dragging ask its options. */
export function calm(map) {
  const {setView, panBy} = map, without = (options) => (asked.matches ? {...options, animate: false} : options);
  map.setView = (centre, zoom, options) => setView.call(map, centre, zoom, without(options));
  map.panBy = (offset, options) => panBy.call(map, offset, without(options));
  const follow = () => Object.assign(map.options, {zoomAnimation: !asked.matches, inertia: !asked.matches});
  asked.addEventListener("change", follow);
  follow();
}
