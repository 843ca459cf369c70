// Where the map goes: the whole county, a thing that is to be seen, towns that are to be seen apart. Panels never lie over what is shown.

export function makeViews({L, map, config, sheet}) {
  /** Bring bounds into view, unless they are there and large enough already. */
  function intoView(target) {
    const below = sheet.covered(), size = map.getSize();
    if (!target || !target.isValid()) return;
    const small = target.getNorthEast().equals(target.getSouthWest());
    const right = Math.max(40, sheet.coveredRight() + 30);
    const visible = map.getBounds().contains(target) && map.getZoom() >= 13 && map.latLngToContainerPoint(target.getCenter()).y < size.y - below - 20
      && map.latLngToContainerPoint(target.getCenter()).x < size.x - right;
    if (visible) return;
    map.fitBounds(target, {paddingTopLeft: [60, 70], paddingBottomRight: [right, below + 60], maxZoom: small ? 15 : 16, animate: false});
  }

  /** To where these towns are seen apart. */
  function nearer(towns) {
    const places = towns.map((town) => L.latLng(town.lat, town.lon));
    map.setView(L.latLngBounds(places).getCenter(), Math.max(config.towns_below_zoom, map.getZoom() + 1));
  }

  function home() {
    map.fitBounds(L.latLngBounds(config.county.home || config.county.bounds), {paddingTopLeft: [16, 16], paddingBottomRight: [16 + sheet.coveredRight(), 16 + sheet.covered()], animate: false});
  }

  return {home, intoView, nearer};
}
