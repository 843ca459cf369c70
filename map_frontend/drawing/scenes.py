"""The scenes of the product: one thing in its surroundings, and the whole county; read through the reader's own views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.ext.asyncio import AsyncConnection

from api.deps import Reader
from geo.registry.collections import Collection
from geo.registry.queries import Item, data_source
from map_frontend import reading
from map_frontend.drawing.frame import Coordinates, Frame, fitting, survey_box, to_survey
from map_frontend.drawing.map_drawing import mark_of
from map_frontend.drawing.reading import layers_in
from map_frontend.drawing.scene import Drawn, Feature, Notes, Scene
from map_frontend.layers import MapLayer
from map_frontend.style.palette import Mark
from map_frontend.things.states import layer_of
from map_frontend.words import Words

SHOWN = ("admin_areas", "parks", "featured_towns", "transport", "parcels", "buildings", "projects")
"""Layers of a drawing; what else the reader may see would cover the land."""

SHARE = {"parcels": 0.34, "buildings": 0.22, "projects": 0.4, "transport": 0.8, "admin_areas": 0.86, "policies": 0.86}
SHARE_OTHERS = 0.6
"""How much of the picture the subject takes at most: a plot is shown with its neighbours, a town by itself."""

LEAST_M = {"parcels": 900.0, "buildings": 600.0}
LEAST_M_OTHERS = 1600.0
"""What a picture shows across at least, in metres."""


def subject_of(found: Item, c: Collection, words: Words, survey_srid: int) -> Feature | None:
    """The thing as a feature in metres of the survey CRS; None when its place is not known."""
    geometry = orjson.loads(found.feature)["geometry"]
    if geometry is None:
        return None
    shape = shapely.from_geojson(orjson.dumps(geometry))
    return Feature(found.code, words.name(found.properties), found.properties, in_metres(shape, survey_srid))


def in_metres(shape: BaseGeometry, survey_srid: int) -> BaseGeometry:
    """A geometry in degrees (EPSG:4490, longitude first) in metres of the survey CRS."""
    transformer = to_survey(survey_srid)

    def metres(coordinates: Coordinates) -> Coordinates:
        east, north = transformer.transform(coordinates[:, 0], coordinates[:, 1])
        return np.column_stack([east, north])

    moved: BaseGeometry = shapely.transform(shape, metres)
    return moved


def frame_around(subject: Feature, collection_id: str, survey_srid: int, width: float, height: float, left: float = 0) -> Frame:  # fmt: skip
    """The frame in which a thing of this collection is shown."""
    west, south, east, north = subject.geometry.bounds
    return fitting(
        (west, south, east, north), survey_srid, width, height, share=SHARE.get(collection_id, SHARE_OTHERS),
        least_m=LEAST_M.get(collection_id, LEAST_M_OTHERS), left=left,
    )  # fmt: skip


def data_day(words: Words, properties: Mapping[str, Any], source: Mapping[str, Any] | None) -> str:
    """When the data were true: the row's own date, that of its source, else the day it was last changed."""
    found = properties.get("data_date") or (source or {}).get("data_date")
    if found:
        return words.day(found)
    updated = properties.get("updated_at")
    return words.instant(updated)[:10] if updated else ""


def review_line(words: Words, review_number: str) -> str:
    """The review number, or what a map without one must say (PUB-03)."""
    return words("map.review", number=review_number) if review_number else words("map.demo")


async def thing_scene(
    connection: AsyncConnection, reader: Reader, words: Words, c: Collection, found: Item, frame: Frame | None, review_number: str,
    *, size: tuple[float, float] = (640, 440), left: float = 0, has_foot: bool = True,
) -> Scene | None:  # fmt: skip
    """One thing among its neighbours, in `frame` or the one that suits it; None when its place is not known."""
    subject = subject_of(found, c, words, reader.county.survey_srid)
    if subject is None:
        return None
    frame = frame or frame_around(subject, c.id, reader.county.survey_srid, *size, left)
    layers = await layers_in(connection, reader.actor, reader.county.code, map(layer_of, SHOWN), frame, words)
    source = await data_source(connection, found.properties.get("data_source_id"))
    day = data_day(words, found.properties, source)
    label = words("drawing.label", name=words.name(found.properties))
    layer = layer_of(c.id)
    notes = await _notes(connection, reader, words, frame, label, day, review_number, has_foot)
    if has_foot:
        notes = Notes(notes.label, notes.north, notes.bar, _legend(words, layers, (layer, subject)), notes.lines)
    return Scene(frame, layers, notes, (layer, subject))


async def county_scene(
    connection: AsyncConnection, reader: Reader, words: Words, review_number: str, *, size: tuple[float, float], left: float = 0,
    has_foot: bool = True,
) -> Scene:  # fmt: skip
    """The whole county: its towns, main roads, parks, and where land is offered."""
    ground = await reading.ground(connection, reader.actor, reader.county.code)
    box = survey_box(ground.home or reader.county.bounds, reader.county.survey_srid)
    frame = fitting(box, reader.county.survey_srid, *size, share=0.94, left=left)
    layers = await layers_in(connection, reader.actor, reader.county.code, map(layer_of, SHOWN), frame, words)
    label = words("drawing.label", name=words.pick(reader.county.name, reader.county.name_en))
    notes = await _notes(connection, reader, words, frame, label, "", review_number, has_foot)
    if has_foot:
        notes = Notes(notes.label, notes.north, notes.bar, _legend(words, layers, None), notes.lines)
    return Scene(frame, layers, notes)


async def _notes(
    connection: AsyncConnection, reader: Reader, words: Words, frame: Frame, label: str, day: str, review_number: str, has_foot: bool
) -> Notes:  # fmt: skip
    bar = words.length(frame.bar(frame.width / 4)[0])
    if not has_foot:
        return Notes(label, words("item.north"), bar)
    first = [review_line(words, review_number), words("card.data_date", date=day) if day else ""]
    first.append(words("drawing.crs", srid=reader.county.survey_srid))
    credits = await reading.credits_of(connection, reader.actor, reader.county.code)
    lines = [" · ".join(part for part in first if part), " · ".join(credits)]
    return Notes(label, words("item.north"), bar, (), tuple(line for line in lines if line))


def _legend(words: Words, layers: tuple[Drawn, ...], subject: tuple[MapLayer, Feature] | None) -> tuple[tuple[Mark, str], ...]:  # fmt: skip
    """Marks of the states that plots in the picture have, and of what else the picture is about."""
    found: list[tuple[Mark, str]] = []
    for drawn in layers:
        layer = drawn.layer
        if layer.collection != "parcels" or not layer.status:
            continue
        field, code_list = layer.status
        present = {feature.properties.get(field) for feature in drawn.features}
        present |= {subject[1].properties.get(field)} if subject and subject[0] is layer else set()
        found += [(mark, words.code(code_list, code)) for code, mark in layer.marks.items() if code in present]
    found += [
        (mark_of(drawn.layer, drawn.features[0]), words(f"collection.{drawn.layer.collection}"))
        for drawn in layers
        if drawn.is_marks_only and drawn.features and drawn.layer.collection != "parcels"
    ]
    if subject and subject[0].collection != "parcels":
        layer, feature = subject
        word = words.code(layer.status[1], feature.properties.get(layer.status[0])) if layer.status and feature.properties.get(layer.status[0]) else words(f"collection.{layer.collection}")  # fmt: skip
        found.insert(0, (mark_of(layer, feature), word))
    return tuple(found)
