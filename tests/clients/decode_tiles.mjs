// Vector tiles (JSON array of base64 strings on standard input) decoded by @mapbox/vector-tile, the library that our own map and
// MapLibre use; answers, for each tile, its layers with features in the order of the tile and geometry in tile units.
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";

const require = createRequire(pathToFileURL(process.argv[2] + "/package.json"));
const load = async (name) => import(pathToFileURL(require.resolve(name)));
const {VectorTile} = await load("@mapbox/vector-tile");
const {PbfReader} = await load("pbf");

let given = "";
for await (const part of process.stdin) given += part;

const decode = (text) => {
  const {layers} = new VectorTile(new PbfReader(Buffer.from(text, "base64")));
  return Object.values(layers).map((layer) => ({
    name: layer.name, version: layer.version, extent: layer.extent,
    features: Array.from({length: layer.length}, (_, i) => {
      const feature = layer.feature(i);
      const paths = feature.loadGeometry().map((path) => path.map(({x, y}) => [x, y]));
      return {id: feature.id, kind: feature.type, properties: feature.properties, paths};
    }),
  }));
};
process.stdout.write(JSON.stringify(JSON.parse(given).map(decode)));
