// GCJ-02, the shifted datum of some Chinese base maps. The map stays in WGS 84 (for our purpose the same as CGCS2000); only
// where the tiles of such a base map are laid is moved. Formula as published in many places since 2010; good to about 1 m.
const A = 6378245, EE = 0.00669342162296594323, PI = Math.PI;

const wave = (x, y) => ((20 * Math.sin(6 * x * PI) + 20 * Math.sin(2 * x * PI)) * 2) / 3 + y;

function northward(x, y) {
  const base = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x));
  return wave(x, base) + ((20 * Math.sin(y * PI) + 40 * Math.sin((y / 3) * PI)) * 2) / 3 + ((160 * Math.sin((y / 12) * PI) + 320 * Math.sin((y * PI) / 30)) * 2) / 3;
}

function eastward(x, y) {
  const base = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x));
  return wave(x, base) + ((20 * Math.sin(x * PI) + 40 * Math.sin((x / 3) * PI)) * 2) / 3 + ((150 * Math.sin((x / 12) * PI) + 300 * Math.sin((x / 30) * PI)) * 2) / 3;
}

/** [lng, lat] in GCJ-02 of [lng, lat] in WGS 84, degrees. Only within China is there a shift. */
export function toGcj02(lng, lat) {
  if (lng < 72.004 || lng > 137.8347 || lat < 0.8293 || lat > 55.8271) return [lng, lat];
  const x = lng - 105, y = lat - 35, phi = (lat / 180) * PI, magic = 1 - EE * Math.sin(phi) ** 2, root = Math.sqrt(magic);
  return [
    lng + (eastward(x, y) * 180) / ((A / root) * Math.cos(phi) * PI),
    lat + (northward(x, y) * 180) / (((A * (1 - EE)) / (magic * root)) * PI),
  ];
}

/**
 * A Leaflet tile layer class whose tiles are in GCJ-02. The shift changes by some metres within a window, so the tiles are laid
 * by the affine map that fits the present view, anew whenever it moves. Private methods of Leaflet 1.9.4, which is pinned; a test
 * holds places to within 1 px.
 */
export function gcjTileLayer(L) {
  const shifted = (at) => { const [lng, lat] = toGcj02(at.lng, at.lat); return L.latLng(lat, lng); };
  return L.TileLayer.extend({
    _getTiledPixelBounds(centre) { return L.GridLayer.prototype._getTiledPixelBounds.call(this, shifted(L.latLng(centre))); },

    _onMoveEnd(event) {
      L.GridLayer.prototype._onMoveEnd.call(this, event);
      if (this._map && !this._map._animatingZoom) this._setZoomTransforms(this._map.getCenter(), this._map.getZoom());
    },

    _setZoomTransform(level, centre, zoom) {
      const map = this._map, origin = map._getNewPixelOrigin(centre, zoom), middle = map.project(centre, zoom), reach = map.getSize().multiplyBy(0.35);
      // Where a point of the world (pixels at `zoom`) lies on the screen, and where on the plane of the shifted tiles.
      const pair = (dx, dy) => {
        const world = middle.add([dx, dy]);
        return [world.subtract(origin), map.project(shifted(map.unproject(world, zoom)), level.zoom).subtract(level.origin)];
      };
      const [east, west, south, north] = [pair(reach.x, 0), pair(-reach.x, 0), pair(0, reach.y), pair(0, -reach.y)];
      const ux = east[1].subtract(west[1]), uy = south[1].subtract(north[1]), det = ux.x * uy.y - uy.x * ux.y;
      const a = (2 * reach.x * uy.y) / det, c = (-2 * reach.x * uy.x) / det, b = (-2 * reach.y * ux.y) / det, d = (2 * reach.y * ux.x) / det;
      const all = [east, west, south, north], mean = (of) => all.reduce((sum, entry) => sum.add(entry[of]), L.point(0, 0)).divideBy(4);
      const screen = mean(0), plane = mean(1);
      level.el.style[L.DomUtil.TRANSFORM] = `matrix(${[a, b, c, d, screen.x - a * plane.x - c * plane.y, screen.y - b * plane.x - d * plane.y].map((v) => v.toFixed(8)).join()})`;
    },
  });
}
