"""`/` and what it fetches of ours: the map with its list, and the totals per town."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from api.deps import Reader, ReaderDep, Transaction
from geo.registry import feature_pages
from geo.registry.collections import COLLECTIONS
from geo.registry.features import FeatureQuery
from geo.registry.queries import code_words, counts
from geo.registry.search.queries import examples
from map_frontend import reading
from map_frontend.layers import MapLayer, layers_for
from map_frontend.layers.presets import presets_for
from map_frontend.layers.swatch import swatch_svg
from map_frontend.legend import legend_of
from map_frontend.page import compose
from map_frontend.site import Page, page_for
from map_frontend.style.palette import PARCEL_STATUS, UNKNOWN
from map_frontend.words import Words, catalogue

router = APIRouter(include_in_schema=False)

TOWNS_BELOW_ZOOM = 12
"""Below this map zoom the towns' rings stand for their parcels."""

ROWS_WITHOUT_SCRIPT = 30

SCRIPT_WORDS = (
    "collection.", "map.", "list.", "card.", "sheet.", "unit.", "price.", "range.", "search.", "copied", "retry", "loading", "unknown", "sample",
    "yes", "no",
)  # fmt: skip
"""Parts of the catalogue the browser's modules need."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One list beside the map: a collection, or one kind of its things."""

    key: str
    collection: str
    label: str
    filter: str | None = None


KINDS = (
    Kind("parcels", "parcels", "parcels"),
    Kind("factories", "buildings", "factories", "kind=factory"),
    Kind("offices", "buildings", "offices", "kind=office"),
    Kind("projects", "projects", "projects"),
    Kind("parks", "parks", "parks"),
    Kind("featured_towns", "featured_towns", "featured_towns"),
    Kind("enterprises", "enterprises", "enterprises"),
    Kind("policies", "policies", "policies"),
)


def area_unit(reader: Reader) -> str:
    """The unit a county counts land in: mu where Chinese land rules apply, else hectares."""
    return "mu" if (reader.county.rule_set or "").startswith("cn") else "ha"


def _corners(bounds: tuple[float, float, float, float]) -> list[list[float]]:
    west, south, east, north = bounds
    return [[south, west], [north, east]]


def _config(page: Page, reader: Reader, layers: tuple[MapLayer, ...], ground: reading.Ground) -> dict[str, Any]:
    words = page.words
    lists = set().union(*(layer.code_lists() for layer in layers)) | {"town", "unit", "admin_area_kind"}
    codes: dict[str, dict[str, str]] = {name: {} for name in sorted(lists)}
    for code_list, code in words.codes:
        if code_list in lists:
            codes[code_list][code] = words.code(code_list, code)
    for key, sentence in catalogue(words.lang).items():
        if key.startswith("code."):
            _, code_list, code = key.split(".")
            codes.setdefault(code_list, {}).setdefault(code, sentence)
    return {
        "lang": words.lang,
        "county": {
            "code": reader.county.code,
            "bounds": _corners(reader.county.bounds),
            "home": _corners(ground.home or reader.county.bounds),
            "has_towns": ground.has_towns,
        },
        "has_surroundings": ground.has_surroundings,
        "base_maps": [base.spec(words.lang) for base in page.request.app.state.base_maps],
        "area_unit": area_unit(reader),
        "towns_below_zoom": TOWNS_BELOW_ZOOM,
        "status_order": [[code, mark.token] for code, mark in PARCEL_STATUS.items()] + [["", UNKNOWN.token]],
        "codes": codes,
        "fields": _fields(words, layers),
        "text": {k: v for k, v in catalogue(words.lang).items() if k.startswith(SCRIPT_WORDS)},
    }


def _fields(words: Words, layers: tuple[MapLayer, ...]) -> dict[str, list[str]]:
    """Field name -> [what it is called, its unit]."""
    fields = {}
    for layer in layers:
        for entry in layer.card:
            word = COLLECTIONS[layer.collection].word(entry.name)
            fields[entry.name] = [words.pick(word.zh, word.en), words.unit(word.unit)]
    return fields


@router.get("/")
async def map_page(request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """The map. `m`, `l`, `k`, `id` in the query are the screen's state, read by the page's own script."""
    codes = dict(await code_words(connection)) | dict(
        await reading.county_names(connection, reader.actor, reader.county.code)
    )
    page = page_for(request, reader, codes, room="map")
    chains = sorted(code for code_list, code in codes if code_list == "chain")
    layers = layers_for(is_staff=reader.is_staff, chains=chains)
    ground = await reading.ground(connection, reader.actor, reader.county.code)
    west, south, east, north = ground.home or reader.county.bounds
    parts = compose(
        layers,
        _config(page, reader, layers, ground),
        centre=((south + north) / 2, (west + east) / 2),
        vendor={key: page.asset(key) for key in ("leaflet", "leaflet_css")},
        nonce=page.nonce,
    )
    credits = [*await reading.credits_of(connection, reader.actor, reader.county.code), page.words("map.sketch")]
    number = request.app.state.map.review_number
    groups = [
        (group, [layer for layer in layers if layer.group == group and layer.is_switchable])
        for group in ("offer", "context", "staff")
    ]
    return page.answer(
        "map.html",
        map=parts,
        layer_groups=[(group, members) for group, members in groups if members],
        kinds=KINDS,
        legend=legend_of(layers, page.words),
        presets=presets_for(layers),
        base_maps=request.app.state.base_maps,
        swatch=swatch_svg,
        rows=await _first_rows(page, reader, connection),
        examples=await examples(connection, reader.actor, reader.county.code, page.lang),
        review=page.words("map.review", number=number) if number else page.words("map.demo"),
        credits=credits if ground.has_towns else credits[:-1],
    )


async def _first_rows(page: Page, reader: Reader, connection: Transaction) -> list[dict[str, Any]]:
    """The first parcels as links, for a reader without scripts."""
    query = FeatureQuery(COLLECTIONS["parcels"], reader.county.code)
    first = await feature_pages.page(connection, reader.actor, query, ROWS_WITHOUT_SCRIPT)
    rows = []
    for feature in map(orjson.loads, first.features):
        properties = feature["properties"]
        status = properties.get("status")
        rows.append(
            {
                "href": page.link(f"/parcels/{properties['code']}"),
                "name": page.words.name(properties),
                "mark": PARCEL_STATUS.get(status, UNKNOWN),
                "status": page.words.code("parcel_status", status) if status else page.words("unknown"),
                "town": page.words.code("town", properties["town_code"]) if properties.get("town_code") else "",
                "area": page.words.area(properties["area_m2"], area_unit(reader)) if properties.get("area_m2") else "",
            }
        )
    return rows


@router.get("/map/outline")
async def map_outline(reader: ReaderDep, connection: Transaction) -> Response:
    """The county's outline as GeoJSON, for a map that has no towns to draw as land."""
    outline = await reading.outline_of(connection, reader.actor, reader.county.code)
    return Response(outline, media_type="application/geo+json", headers={"Cache-Control": "public, no-cache"})


@router.get("/map/surroundings")
async def map_surroundings(reader: ReaderDep, connection: Transaction) -> Response:
    """The land and the waters around the county as GeoJSON: ground of the offline map."""
    around = await reading.surroundings_of(connection, reader.actor, reader.county.code)
    return Response(around, media_type="application/geo+json", headers={"Cache-Control": "public, max-age=3600"})


@router.get("/map/summary")
async def map_summary(reader: ReaderDep, connection: Transaction) -> dict[str, Any]:
    """Totals per town and status for the rings, and how many things of each kind the reader sees."""
    words = Words(reader.lang, {}, reader.county.time_zone)
    totals = await reading.town_totals(connection, reader.actor, reader.county.code)
    numbers = await counts(connection, reader.actor, reader.county.code)
    buildings = await reading.kinds_of_buildings(connection, reader.actor, reader.county.code)
    return {
        "towns": [
            {
                "code": total.code,
                "name": words.pick(total.name, total.name_en),
                "lon": total.lon,
                "lat": total.lat,
                "n": sum(total.by.values()),
                "by": total.by,
            }
            for total in totals
        ],
        "counts": numbers | {"factories": buildings.get("factory", 0), "offices": buildings.get("office", 0)},
    }
