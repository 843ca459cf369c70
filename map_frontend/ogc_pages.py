"""/ogc for people: each document of the API as a page, beside the JSON that programs read (`app.state.ogc_face`)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from api.deps import Reader, engine_of
from geo.db import acting
from geo.registry.collections import COLLECTIONS, Collection
from map_frontend import reading
from map_frontend.site import Page, page_for
from map_frontend.things.kinds import PAGES
from map_frontend.words import Words

COLUMNS = 7
"""A table of features shows so many properties; the thing's page shows all."""

NOT_A_COLUMN = {"code", "name", "name_en", "version", "updated_at", "is_sample", "data_date", "geometry_quality", "position_quality",
                "description", "description_en", "summary", "summary_en", "land_use_std", "price_negotiable"}  # fmt: skip
FORMAT_NAMES = {"json": "JSON", "jsonfg": "JSON-FG", "fgb": "FlatGeobuf", "gpkg": "GeoPackage", "csv": "CSV", "tilejson": "TileJSON"}  # fmt: skip


async def ogc_face(request: Request, reader: Reader, face: str, document: dict[str, Any]) -> Response:
    """The page of one document; a single feature leads to the page of its thing."""
    if face == "item" and document["collection"].id in PAGES:
        code = quote(str(document["feature"]["id"]))
        return RedirectResponse(f"/{document['collection'].id}/{code}?county={reader.county.code}", 303)
    if face in ("records", "record"):
        path = f"/catalogue/{document['id']}" if face == "record" else "/catalogue"
        return RedirectResponse(f"{path}?county={reader.county.code}", 303)
    async with acting(engine_of(request), reader.actor, request.app.state.api.item_timeout_ms) as connection:
        codes = await reading.codes_of(connection, reader)
    words = Words(reader.lang, codes, reader.county.time_zone)
    heading = _heading(words, face, document)
    page = page_for(request, reader, codes, room="ogc", title=heading)
    values = _table(words, document) if face == "items" else {}
    return page.answer(
        "ogc.html",
        face=face,
        document=document,
        heading=heading,
        here=words(f"ogc.{face}"),
        formats=_formats(page, request, document),
        trail=_trail(page, request),
        **values,
    )


def _heading(words: Words, face: str, document: dict[str, Any]) -> str:
    if face in ("items", "item"):
        c: Collection = document["collection"]
        return words.pick(c.zh, c.en)
    if face == "queryables":
        return words("ogc.of", title=document["title"], what=words("ogc.queryables"))
    return str(document.get("title") or words(f"ogc.{face}"))


def _formats(page: Page, request: Request, document: dict[str, Any]) -> list[tuple[str, str]]:
    """(what it is called, address) of the same document for programs."""
    if "links" not in document:
        return [("JSON", page.link(request.url.path, f="json"))]
    found = []
    for link in document["links"]:
        name = link["href"].rpartition("f=")[2].partition("&")[0]
        if link["rel"] == "alternate" and name in FORMAT_NAMES:
            found.append((FORMAT_NAMES[name], link["href"]))
    return found


def _trail(page: Page, request: Request) -> list[tuple[str, str]]:
    """Where this page lies: (name, address) of what is above it."""
    parts = request.url.path.strip("/").split("/")
    trail, at = [], ""
    for part in parts[:-1]:
        at += f"/{part}"
        if at.endswith(("/WebMercatorQuad",)):
            continue
        key = "ogc.landing" if part == "ogc" else f"ogc.{part}"
        trail.append((page.words(key) if page.words.has(key) else _called(page.words, part), page.link(at, f="html")))
    return trail


def _called(words: Words, part: str) -> str:
    c = COLLECTIONS.get(part)
    return words.pick(c.zh, c.en) if c else part


def _table(words: Words, document: dict[str, Any]) -> dict[str, Any]:
    c: Collection = document["collection"]
    found = [feature["properties"] for feature in document["features"]]
    names = [name for name in (found[0] if found else ()) if name not in NOT_A_COLUMN and any(p[name] not in (None, [], "") for p in found)]  # fmt: skip
    names = names[:COLUMNS]
    heads = [
        (words.pick(c.word(name).zh, c.word(name).en), words.unit(c.word(name).unit), c.word(name).type)
        for name in names
    ]
    rows = [
        {
            "code": feature["id"],
            "name": words.name(feature["properties"]) if "name" in feature["properties"] else "",
            "cells": [_cell(words, c, name, feature["properties"][name]) for name in names],
        }
        for feature in document["features"]
    ]
    following = next((link["href"] for link in document["links"] if link["rel"] == "next"), None)
    return {"heads": heads, "rows": rows, "following": following, "has_pages": c.id in PAGES}


def _cell(words: Words, c: Collection, name: str, value: Any) -> str:
    word = c.word(name)
    if value in (None, [], ""):
        return ""
    if word.list and isinstance(value, list):
        return words.list(word.list, value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if word.list or name in ("town_code", "unit_code", "chain_code", "park_code"):
        return words.code(word.list or name.removesuffix("_code"), value)
    if isinstance(value, bool):
        return words("yes" if value else "no")
    if isinstance(value, int | float) and word.type == "number":
        return words.number(value)
    return str(value)
