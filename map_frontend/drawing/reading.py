"""What a drawing reads: features of one layer inside a frame, through the reader's own views, simplified and bounded in SQL."""

from __future__ import annotations

from collections.abc import Iterable

import shapely
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.crs import STORAGE_SRID
from geo.db import Actor
from geo.registry.collections import COLLECTIONS
from map_frontend.drawing.frame import Frame
from map_frontend.drawing.scene import Drawn, Feature
from map_frontend.layers.layer import MapLayer
from map_frontend.words import Words

FEATURES_MAX = {"parcels": 1500, "buildings": 800, "transport": 1500, "enterprises": 400}
FEATURES_MAX_OTHERS = 200
"""How many features of a layer one drawing holds, the largest first: a county of a million parcels answers like a small one."""

PARCELS_FROM_ZOOM, BUILDINGS_FROM_ZOOM = 13.5, 14.5
"""Below these scales plots and buildings are too small to be told apart; offered plots are drawn as marks."""

PLACES = ("parks", "featured_towns")
"""Drawn as marks with their names where their outlines are too small."""

OFFERED = ("ON_OFFER", "AVAILABLE")
MARKS_MAX = 150


def _own_names(layer: MapLayer) -> list[str]:
    """The properties a layer's paint depends on."""
    wanted = [*layer.by, *([layer.dashes.field] if layer.dashes else []), *([layer.status[0]] if layer.status else [])]
    wanted += [p.mark_if for p in (*layer.cases.values(), layer.other) if p.mark_if]
    return list(dict.fromkeys(wanted))


async def features_in(
    connection: AsyncConnection, actor: Actor, county_code: str, layer: MapLayer, frame: Frame, words: Words,
    *, only: Iterable[str] | None = None, most: int | None = None,
) -> tuple[Feature, ...]:  # fmt: skip
    """Features of a layer that meet the frame, the largest first, in metres of the survey CRS, simplified to half a pixel.

    `only` keeps those whose state is one of these codes. Relies on the GiST index of the view's table.
    """
    names = _own_names(layer)
    selected = "".join(f', x."{name}"' for name in names)
    kept = f'and x."{layer.status[0]}" = any(:only)' if only is not None and layer.status else ""
    hidden = [code for code, paint in layer.cases.items() if paint.min_zoom > frame.zoom]
    shown = "".join(f" and coalesce(x.\"{name}\", '') <> all(:hidden)" for name in layer.by) if hidden else ""
    view = f"{actor.read_schema}.{COLLECTIONS[layer.collection].id}"
    statement = text(
        f"with box as materialized (select st_makeenvelope(:west, :south, :east, :north, {STORAGE_SRID}) as geom) "
        f"select x.code, x.name, x.name_en{selected}, "
        "st_asbinary(st_simplify(st_transform(st_clipbybox2d(x.geom, b.geom), cast(:srid as integer)), :tolerance, true)) as shape "
        f"from (select x.* from {view} x where x.county_code = :county {kept}{shown} "
        f"and x.geom && st_makeenvelope(:west, :south, :east, :north, {STORAGE_SRID}) "
        "order by x.area_m2 desc nulls last, x.code limit :most) x cross join box b "
        "order by x.area_m2 desc nulls last, x.code"
    )
    west, south, east, north = frame.bounds_deg
    over_x, over_y = (east - west) * 0.05, (north - south) * 0.05
    rows = await connection.execute(
        statement,
        {"west": west - over_x, "south": south - over_y, "east": east + over_x, "north": north + over_y,
         "srid": frame.survey_srid, "tolerance": frame.m_per_px / 2, "county": county_code,
         "most": most or FEATURES_MAX.get(layer.collection, FEATURES_MAX_OTHERS)}
        | ({"only": list(only)} if kept and only is not None else {}) | ({"hidden": hidden} if shown else {}),
    )  # fmt: skip
    return tuple(
        Feature(row["code"], words.name(dict(row)), {name: row[name] for name in names}, shapely.from_wkb(row["shape"]))
        for row in rows.mappings()
        if row["shape"] is not None
    )


async def ground_in(connection: AsyncConnection, actor: Actor, county_code: str, frame: Frame) -> Feature | None:
    """The county's outline as land, for a county without towns."""
    row = (
        await connection.execute(
            text(
                f"select st_asbinary(st_simplify(st_transform(outline, cast(:srid as integer)), :tolerance, true)) from {actor.read_schema}.counties "
                "where code = :county"
            ),
            {"srid": frame.survey_srid, "tolerance": frame.m_per_px / 2, "county": county_code},
        )
    ).scalar_one_or_none()
    return None if row is None else Feature(county_code, "", {}, shapely.from_wkb(row))


async def layers_in(
    connection: AsyncConnection, actor: Actor, county_code: str, layers: Iterable[MapLayer], frame: Frame, words: Words
) -> tuple[Drawn, ...]:
    """Every layer that says something at the frame's scale."""
    found: list[Drawn] = []
    for layer in layers:
        if layer.collection == "parcels" and frame.zoom < PARCELS_FROM_ZOOM:
            features = await features_in(connection, actor, county_code, layer, frame, words, only=OFFERED, most=MARKS_MAX)  # fmt: skip
            found.append(Drawn(layer, features, is_marks_only=True, has_labels=False))
            continue
        if layer.collection in PLACES and frame.zoom < layer.other.min_zoom:
            found.append(
                Drawn(layer, await features_in(connection, actor, county_code, layer, frame, words), is_marks_only=True)
            )
            continue
        if frame.zoom < layer.min_zoom or (layer.collection == "buildings" and frame.zoom < BUILDINGS_FROM_ZOOM):
            continue
        features = await features_in(connection, actor, county_code, layer, frame, words)
        if layer.collection == "admin_areas" and not any(f.properties.get("level") != "other" for f in features):
            land = await ground_in(connection, actor, county_code, frame)
            features = (*features, *([land] if land else []))
        found.append(Drawn(layer, features))
    return tuple(found)
