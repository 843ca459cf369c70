"""Our vector tiles keep the specification, and two libraries that share no code read the same in them."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pytest
import shapely

from geo.registry.collections import COLLECTIONS
from map_frontend.assets.manifest import ASSETS
from tests.clients.conftest import Site, node, run
from tests.clients.tile_grid import tiles
from tests.clients.vector_tile import POLYGON, read

EXTENT, BUFFER = 4096, 64
WHO = [(c.id, account) for c in COLLECTIONS.values() for account in ("leader", None) if account or not c.staff_only]


@pytest.mark.parametrize(("collection", "account"), WHO)
def test_tiles_keep_the_specification_and_two_decoders_agree(site: Site, collection: str, account: str | None) -> None:
    found = tiles(site, collection, site.tokens[account] if account else None)
    assert found
    for address, tile in found.items():
        for layer in read(tile):
            assert (layer.version, layer.extent) == (2, EXTENT), address
            assert layer.name in (collection, f"{collection}_cells"), address
            assert layer.features, f"{address}: an empty layer costs bytes and says nothing"
            for feature in layer.features:
                assert feature.id is not None or layer.name != collection, address
                assert all(-BUFFER <= n <= EXTENT + BUFFER for path in feature.paths for point in path for n in point)
                rings = feature.paths if feature.kind == POLYGON else []
                assert all(shapely.Polygon(ring).is_valid for ring in rings), (address, feature.id)

    assert [by_python(tile) for tile in found.values()] == by_node(list(found.values()))


def by_node(found: list[bytes]) -> list[list[dict[str, Any]]]:
    """Tiles decoded by @mapbox/vector-tile."""
    given = json.dumps([base64.b64encode(tile).decode() for tile in found]).encode()
    answer = run(node(), Path(__file__).with_name("decode_tiles.mjs"), ASSETS, given=given)
    out: list[list[dict[str, Any]]] = json.loads(answer)
    return out


def by_python(tile: bytes) -> list[dict[str, Any]]:
    """A tile decoded by mapbox-vector-tile, in the shape that decode_tiles.mjs answers."""
    kinds = {"Point": 1, "LineString": 2, "Polygon": 3}
    decoded = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})
    out = []
    for name, layer in decoded.items():
        features = []
        for f in layer["features"]:
            shape = f["geometry"]
            paths, kind = shape["coordinates"], kinds[shape["type"].removeprefix("Multi")]
            if shape["type"] == "MultiPolygon":
                paths = [ring for polygon in paths for ring in polygon]
            elif shape["type"] in ("Point", "LineString"):
                paths = [paths]
            if kind == 1:
                paths = [[point] for point in paths]
            features.append(
                {"kind": kind, "properties": f["properties"], "paths": paths, **({"id": f["id"]} if "id" in f else {})}
            )
        out.append({"name": name, "version": layer["version"], "extent": layer["extent"], "features": features})
    return out
