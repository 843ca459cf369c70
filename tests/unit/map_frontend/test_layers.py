"""Layers, legend and palette hang together; every collection has its layer."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

import map_frontend
from geo.registry.collections import COLLECTIONS
from map_frontend.layers import ALL, MapLayer, layers_for
from map_frontend.style.palette import TOKENS, Shape

ROOT = Path(map_frontend.__file__).parent
CODE_LISTS: dict[str, list[str]] = {}
for seed in sorted((ROOT.parent / "migrations/seed").glob("code_lists*.yaml")):
    for entry in yaml.safe_load(seed.read_text(encoding="utf-8")):
        CODE_LISTS.setdefault(entry["code"], []).extend(str(value["code"]) for value in entry["values"])
OWN_LISTS = {"chain", "admin_area_kind"}
"""Lists that are the county's own rows, or the catalogue's."""


def test_every_collection_has_one_layer() -> None:
    assert sorted(layer.collection for layer in ALL) == sorted(COLLECTIONS)


def test_the_public_gets_no_layer_of_staff() -> None:
    public = {layer.collection for layer in layers_for(is_staff=False)}
    assert public == {c.id for c in COLLECTIONS.values() if not c.staff_only}
    assert {layer.collection for layer in layers_for(is_staff=True)} == set(COLLECTIONS)


def test_orders_differ() -> None:
    assert len({layer.order for layer in ALL}) == len(ALL)


@pytest.mark.parametrize("layer", ALL, ids=lambda layer: layer.collection)
def test_a_layer_uses_what_there_is(layer: MapLayer) -> None:
    for paint in (layer.other, *layer.cases.values()):
        for token in (paint.fill, paint.hatch, paint.line, paint.casing, paint.halo, paint.mark):
            assert token is None or token in TOKENS
    for entry in layer.legend:
        assert entry.paint == "*" or entry.paint in layer.cases
        assert entry.paint == "*" or entry.code_list
    for name in layer.code_lists():
        assert name in CODE_LISTS or name in OWN_LISTS, name
    properties = {*COLLECTIONS[layer.collection].own, *COLLECTIONS[layer.collection].staff, "area_m2", "data_date"}
    for field in layer.card:
        assert field.name in properties, field.name
        assert field.other is None or field.other in properties
    tile = {*COLLECTIONS[layer.collection].tile, *COLLECTIONS[layer.collection].tile_staff, "name"}
    for field_name in layer.by:
        assert field_name in tile, f"{field_name} is not in the tile"
    if layer.dashes:
        assert layer.dashes.field in tile


@pytest.mark.parametrize("layer", ALL, ids=lambda layer: layer.collection)
def test_cases_are_codes_of_the_lists_in_the_register(layer: MapLayer) -> None:
    for entry in layer.legend:
        if entry.code_list and entry.paint != "*":
            assert entry.paint in CODE_LISTS[entry.code_list]
    if layer.status:
        assert set(layer.marks) <= set(CODE_LISTS[layer.status[1]])


@pytest.mark.parametrize("layer", ALL, ids=lambda layer: layer.collection)
def test_a_description_is_plain_json_without_defaults(layer: MapLayer) -> None:
    spec = json.loads(json.dumps(layer.spec()))
    assert spec["id"] == layer.collection
    assert "mark_max_zoom" not in spec["other"] or spec["other"]["mark_max_zoom"] != 99


def test_scripts_draw_every_shape_of_the_palette() -> None:
    script = (ROOT / "static/js/shapes.js").read_text(encoding="utf-8")
    for shape in Shape:
        drawn = shape in (Shape.CIRCLE,) or re.search(rf"\b{shape}\b", script)
        assert drawn, f"shapes.js does not know {shape}"
