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
from map_frontend.layers.presets import PRESETS, presets_for
from map_frontend.layers.swatch import swatch_svg
from map_frontend.legend import legend_of
from map_frontend.style.palette import PARCEL_STATUS, TOKENS, Hatch, Mark, Shape
from map_frontend.words import Words

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
        assert entry.status is None or (layer.dashes and entry.status in layer.dashes.patterns)
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
            assert (entry.status or entry.paint) in CODE_LISTS[entry.code_list]
    if layer.status:
        assert set(layer.marks) <= set(CODE_LISTS[layer.status[1]])


@pytest.mark.parametrize("layer", ALL, ids=lambda layer: layer.collection)
def test_a_description_is_plain_json_without_defaults(layer: MapLayer) -> None:
    spec = json.loads(json.dumps(layer.spec()))
    assert spec["id"] == layer.collection
    assert "mark_max_zoom" not in spec["other"] or spec["other"]["mark_max_zoom"] != 99


def test_a_county_s_chains_are_cases_of_its_enterprises() -> None:
    layer = next(one for one in layers_for(is_staff=False, chains=("A", "B")) if one.collection == "enterprises")
    assert list(layer.cases) == ["A", "B"]
    assert layer.cases["A"].mark != layer.cases["B"].mark
    assert layer.cases["A"].shape != layer.cases["B"].shape
    assert layer.status == ("chain_code", "chain")
    assert layer.marks["B"] == Mark(layer.cases["B"].mark or "", layer.cases["B"].shape or Shape.DOT)


def test_every_box_of_the_panel_is_one_of_a_kind_and_every_preset_names_boxes() -> None:
    keys = [box.key for layer in ALL for box in layer.boxes()]
    assert len(set(keys)) == len(keys)
    assert set(presets_for(ALL)) == set(PRESETS)
    for preset in PRESETS:
        assert set(preset.switches) <= set(keys)
    for layer in ALL:
        for box in layer.boxes():
            assert box.field is None or (box.field in layer.by and box.value in layer.cases)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_legend_has_a_line_with_words_for_every_entry(lang: str) -> None:
    words = Words(lang, {}, "Asia/Shanghai")
    groups = legend_of(ALL, words)
    lines = [line for group in groups for line in group.lines]
    assert len(lines) == sum(len(layer.legend) for layer in ALL)
    assert all(line.picture.startswith("<svg") and line.text for line in lines)
    assert len({(line.layer, line.paint) for line in lines}) == len(lines)


def test_the_legend_tells_plots_by_shape_too_and_hatches_by_their_lines() -> None:
    by_id = {layer.collection: layer for layer in ALL}
    plots = [swatch_svg(by_id["parcels"].cases[code]) for code in PARCEL_STATUS if code != "IN_USE"]
    assert all("mark tone-" in picture for picture in plots)
    runs = [
        re.search(r'<path class="tone-[^"]+" d="([^"]+)"', swatch_svg(paint))
        for paint in by_id["policies"].cases.values()
    ]
    assert len({run[1] for run in runs if run}) == len(runs)


def test_works_are_told_by_dash_and_shape_too_on_the_map_and_in_the_legend() -> None:
    cases = next(layer for layer in ALL if layer.collection == "park_works").cases
    assert len({paint.dash for paint in cases.values()}) == len({paint.shape for paint in cases.values()}) == len(cases)
    pictures = [swatch_svg(paint) for paint in cases.values()]
    dashes = [re.search(r'stroke-width="2.4"( stroke-dasharray="[^"]+")?', picture) for picture in pictures]
    assert len({found[1] for found in dashes if found}) == len(cases)
    assert all('class="mark tone-work-' in picture for picture in pictures)


def test_scripts_draw_every_hatch_of_the_palette() -> None:
    script = (ROOT / "static/js/tiles/hatch.js").read_text(encoding="utf-8")
    for hatch in Hatch:
        assert re.search(rf"^  {hatch}: ", script, re.MULTILINE), hatch


def test_scripts_draw_every_shape_of_the_palette() -> None:
    script = (ROOT / "static/js/shapes.js").read_text(encoding="utf-8")
    for shape in Shape:
        drawn = shape in (Shape.CIRCLE,) or re.search(rf"\b{shape}\b", script)
        assert drawn, f"shapes.js does not know {shape}"
