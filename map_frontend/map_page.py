"""`/`: the map with its list, filters and panels. What its script fetches of ours is in map_data.py."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from api.deps import Reader, ReaderDep, Transaction
from geo.errors import BadInput
from geo.registry.collections import COLLECTIONS
from geo.registry.freshness import freshness
from geo.registry.search.queries import examples
from geo.tiles.store import versions
from map_frontend import reading
from map_frontend.layers import MapLayer, layers_for
from map_frontend.layers.presets import presets_for
from map_frontend.layers.swatch import mark_of, swatch_svg
from map_frontend.legend import legend_of
from map_frontend.map_data import area_unit, screen_of
from map_frontend.page import compose
from map_frontend.screen import asking, form, saying
from map_frontend.screen.address import Screen, write
from map_frontend.screen.asking import Rows
from map_frontend.screen.kinds import KINDS
from map_frontend.site import Page, page_for
from map_frontend.style.palette import PARCEL_STATUS, UNKNOWN
from map_frontend.words import Words, catalogue

router = APIRouter(include_in_schema=False)

TOWNS_BELOW_ZOOM = 12
"""Below this map zoom the towns' rings stand for their parcels."""

ROWS_WITHOUT_SCRIPT = 30

SCRIPT_WORDS = (
    "collection.", "map.", "list.", "card.", "sheet.", "unit.", "price.", "range.", "search.", "gallery.", "structure.", "copied", "retry", "loading",
    "unknown", "sample",
    "filter.", "net.", "measure.",
    "yes", "no",
)  # fmt: skip
"""Parts of the catalogue the browser's modules need."""


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
    theirs = {layer.collection for layer in layers}
    not_theirs = {f"collection.{c.id}" for c in COLLECTIONS.values() if c.staff_only and c.id not in theirs}
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
        "screen": form.config(words),
        "text": {k: v for k, v in catalogue(words.lang).items() if k.startswith(SCRIPT_WORDS) and k not in not_theirs},
    }


def _fields(words: Words, layers: tuple[MapLayer, ...]) -> dict[str, list[str]]:
    """Field name -> [what it is called, its unit]."""
    fields = {}
    for layer in layers:
        for entry in layer.card:
            word = COLLECTIONS[layer.collection].word(entry.name)
            fields[entry.name] = [words.pick(word.zh, word.en), words.unit(word.unit)]
    return fields


async def _live(request: Request, reader: Reader, connection: AsyncConnection) -> dict[str, Any]:
    """Where a page begins to follow changes, and for whom (tabs of one reader share one stream); versions of the public's tiles."""
    since = str(request.app.state.feed.position)  # before the versions: what changes between is told, not missed
    found = None if reader.is_staff else await versions(connection, reader.actor, reader.county.code)
    return {"since": since, "who": reader.actor.account, "versions": found}


@router.get("/")
async def map_page(request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """The map. `m`, `l`, `k`, `id` in the query are the screen's state, read by the page's own script."""
    codes = await reading.codes_of(connection, reader)
    page = page_for(request, reader, codes, room="map")
    chains = sorted(code for code_list, code in codes if code_list == "chain")
    layers = layers_for(is_staff=reader.is_staff, chains=chains, lang=page.lang)
    ground = await reading.ground(connection, reader.actor, reader.county.code)
    west, south, east, north = ground.home or reader.county.bounds
    parts = compose(
        layers,
        _config(page, reader, layers, ground) | {"live": await _live(request, reader, connection)},
        centre=((south + north) / 2, (west + east) / 2),
        vendor={key: page.asset(key) for key in ("leaflet", "leaflet_css")},
        nonce=page.nonce,
    )
    credits = [*await reading.credits_of(connection, reader.actor, reader.county.code), page.words("map.sketch")]
    fresh = await freshness(connection, reader.actor, reader.county.code, reader.county.time_zone)
    number = request.app.state.map.review_number
    groups = [
        (group, [layer for layer in layers if layer.group == group and layer.is_switchable])
        for group in ("offer", "context", "staff")
    ]
    screen = screen_of(request)
    unit = area_unit(reader)
    kept = {key: request.query_params[key] for key in ("county", "lang") if key in request.query_params}
    rows, first = await _first_rows(page, reader, connection, screen)
    return page.answer(
        "map.html",
        map=parts,
        layer_groups=[(group, members) for group, members in groups if members],
        kinds=KINDS,
        screen=screen,
        kept=kept,
        chips=saying.chips(screen, page.words, unit, kept),
        not_understood=saying.not_understood(screen, page.words),
        clear_query=write(screen, without=screen.values, **kept),
        fields=form.fields(
            screen, page.words, unit, await reading.options(connection, reader.actor, reader.county.code)
        ),
        matched=first.matched,
        next_query=write(screen, **kept, c=first.next) if first.next else "",
        examples=await examples(connection, reader.actor, reader.county.code, page.lang),
        rows=rows,
        legend=legend_of(layers, page.words),
        presets=presets_for(layers),
        base_maps=request.app.state.base_maps,
        swatch=swatch_svg,
        review=page.words("map.review", number=number) if number else page.words("map.demo"),
        data_as_of=max((one.on for one in fresh), default=None),
        stale=[one for one in fresh if one.is_stale],
        credits=credits if ground.has_towns else credits[:-1],
    )


async def _first_rows(
    page: Page, reader: Reader, connection: Transaction, screen: Screen
) -> tuple[list[dict[str, Any]], Rows]:
    """The first rows of the list as links, for a reader without scripts, and the answer they came in."""
    after, unit = page.request.query_params.get("c"), area_unit(reader)
    try:
        first = await asking.rows(connection, reader, screen, unit, after=after, limit=ROWS_WITHOUT_SCRIPT)
    except BadInput:
        # A damaged cursor, or one of other filters: the list begins at its beginning.
        first = await asking.rows(connection, reader, screen, unit, limit=ROWS_WITHOUT_SCRIPT)
    layer = next(layer for layer in layers_for(is_staff=True) if layer.collection == screen.kind.collection)
    made = []
    for feature in orjson.loads(b"[%b]" % first.text):
        properties = feature["properties"]
        status = properties.get(layer.status[0]) if layer.status else None
        mark = layer.marks.get(status or "", UNKNOWN)
        area = properties.get("area_m2") or properties.get("planned_area_m2")
        made.append(
            {
                "href": page.link(f"/{screen.kind.collection}/{quote(properties['code'])}"),
                "name": page.words.name(properties),
                "mark": mark if layer.status else mark_of(layer.other),
                "status": page.words.code(layer.status[1], status) if layer.status and status else "",
                "town": page.words.code("town", properties["town_code"]) if properties.get("town_code") else "",
                "area": page.words.area(area, area_unit(reader)) if area else "",
            }
        )
    return made, first
