"""Reads of the register for one transaction's actor: counties, items, facts, words. Always through the views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import Actor, Audience
from geo.errors import NotFound, Problem
from geo.registry.collections import Collection, collection, visible
from geo.registry.successors import absent

GEOJSON_DECIMALS = 7


@dataclass(frozen=True, slots=True)
class CountyRow:
    """A county as pages and the API need it."""

    code: str
    name: str
    name_en: str
    survey_srid: int
    time_zone: str
    rule_set: str | None
    is_sample: bool
    bounds: tuple[float, float, float, float]


async def counties(connection: AsyncConnection) -> list[CountyRow]:
    """All counties, the default one first."""
    rows = await connection.execute(
        text(
            "select code, name, name_en, survey_srid, time_zone, rule_set, is_sample, st_xmin(outline), st_ymin(outline), "
            "st_xmax(outline), st_ymax(outline) from open_data.counties order by is_default desc, code"
        )
    )
    return [CountyRow(r[0], r[1], r[2], r[3], r[4], r[5], r[6], (r[7], r[8], r[9], r[10])) for r in rows]


async def county(connection: AsyncConnection, code: str | None) -> CountyRow:
    """One county, or the default one; raises NotFound."""
    found = await counties(connection)
    for row in found:
        if code is None or row.code == code:
            return row
    if code is None:
        raise NotFound(Problem(zh="还没有任何县", en="there is no county yet"))
    raise NotFound.at("county", Problem(zh=f"没有代码为“{code[:64]}”的县", en=f"there is no county '{code[:64]}'"))


def _feature(c: Collection, actor: Actor) -> str:
    """SQL of one row's GeoJSON feature as text."""
    names = ", ".join(f'x."{name}"' for name in c.properties(actor.audience))
    return (
        f"json_build_object('type', 'Feature', 'id', x.code, 'geometry', st_asgeojson(x.geom, {GEOJSON_DECIMALS})::json, "
        f"'properties', (select row_to_json(p) from (select {names}) p))::text"
    )


@dataclass(frozen=True, slots=True)
class Item:
    """One thing: its feature as JSON text, its properties, id and version."""

    id: int
    code: str
    version: int
    feature: str
    properties: Mapping[str, Any]


async def item(connection: AsyncConnection, actor: Actor, collection_id: str, county_code: str, code: str) -> Item:
    """One thing this actor may see; raises NotFound, the same for hidden and for absent, and Gone where others stand in its place."""
    c = collection(collection_id, actor.audience)
    extra = ", x.extra" if actor.audience is not Audience.PUBLIC and not c.told_as else ""
    names = ", ".join(f'x."{name}"' for name in c.properties(actor.audience))
    row = (
        await connection.execute(
            text(f"select x.id, x.data_source_id, {names}{extra}, {_feature(c, actor)} as feature, st_assvg(x.geom, 0, 7) as svg_path, "
                 f"st_xmin(x.geom) as west, st_ymin(x.geom) as south, st_xmax(x.geom) as east, st_ymax(x.geom) as north "
                 f"from {actor.read_schema}.{c.id} x where x.county_code = :county and x.code = :code"),
            {"county": county_code, "code": code},
        )
    ).mappings().one_or_none()  # fmt: skip
    if row is None:
        raise await absent(connection, actor, c, county_code, code)
    return Item(row["id"], row["code"], row["version"], row["feature"], dict(row))


async def facts_of(
    connection: AsyncConnection, actor: Actor, subject_kind: str, subject_id: int
) -> list[dict[str, Any]]:
    """The facts told of one subject, newest effective first, with words for kind and value; retracted ones say so."""
    rows = await connection.execute(
        text(
            f"select f.id, f.kind, k.name as kind_zh, k.name_en as kind_en, k.unit, k.code_list, f.value_date, f.value_number, "
            f"f.value_text, f.value_bool, v.name as value_zh, v.name_en as value_en, f.effective_on, f.recorded_at, f.recorded_by, "
            f"f.document_no, f.note, f.retracts_fact_id, f.retracted_by_fact_id, f.is_sample "
            f"from {actor.read_schema}.facts f join {actor.read_schema}.fact_kinds k on k.code = f.kind "
            f"left join {actor.read_schema}.code_values v on v.list_code = k.code_list and v.code = f.value_text "
            f"where f.subject_kind = :kind and f.subject_id = :id order by f.effective_on desc, f.id desc"
        ),
        {"kind": subject_kind, "id": subject_id},
    )
    return [dict(row) for row in rows.mappings()]


async def findings_of(connection: AsyncConnection, actor: Actor, parcel_id: int) -> list[dict[str, Any]]:
    """Leads on one parcel, `exact_inputs` is the JSON text of `inputs`; staff only (an empty list for the public)."""
    if actor.audience is Audience.PUBLIC:
        return []
    rows = await connection.execute(
        text(
            "select code, rule_id, rule_version, as_of, holds, result, level, since_on, next_on, inputs, inputs::text as exact_inputs, parameters, missing, basis "
            "from staff_data.findings where subject_kind = 'parcel' and subject_id = :id order by rule_id"
        ),
        {"id": parcel_id},
    )
    return [dict(row) for row in rows.mappings()]


async def counts(connection: AsyncConnection, actor: Actor, county_code: str) -> dict[str, int]:
    """How many things of each collection this actor sees in a county."""
    union = " union all ".join(
        f"select '{c.id}', count(*) from {actor.read_schema}.{c.id} where county_code = :county"
        for c in visible(actor.audience)
    )
    return dict((await connection.execute(text(union), {"county": county_code})).tuples().all())


async def code_words(connection: AsyncConnection) -> dict[tuple[str, str], tuple[str, str]]:
    """(list, code) -> (zh, en) for every code list."""
    rows = await connection.execute(text("select list_code, code, name, name_en from open_data.code_values"))
    return {(r[0], r[1]): (r[2], r[3]) for r in rows}


async def data_source(connection: AsyncConnection, source_id: int | None) -> dict[str, Any] | None:
    """The birth certificate of a row's data."""
    if source_id is None:
        return None
    row = (
        (await connection.execute(text("select * from open_data.data_sources where id = :id"), {"id": source_id}))
        .mappings()
        .one_or_none()
    )
    return dict(row) if row else None
