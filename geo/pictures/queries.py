"""Reads of pictures for one transaction's actor, through the views: of one thing, covers of many, bytes of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import Actor, Audience
from geo.errors import NotFound, Problem

HASH_DIGITS = 16
"""Of a rendition's SHA-256 in its address: what is at an address never changes."""

ABSENT = Problem(zh="没有这张图片", en="there is no such picture")

_COLUMNS = ("code, kind, width_px, height_px, caption, caption_en, taken_on, author, place, licence, is_drawn, is_sample, version, "
            "subject_kind, subject_id, sort_no")  # fmt: skip
_STAFF = ", audience, withdrawn_at, created_by, st_x(geom) as lon_deg, st_y(geom) as lat_deg"
_SIZES = (
    "(select json_object_agg(r.size, json_build_array(r.width_px, r.height_px, left(encode(r.sha256, 'hex'), {digits}))) "
    "from {schema}.picture_renditions r where r.picture_id = x.id) as sizes"
)


@dataclass(frozen=True, slots=True)
class Size:
    """One rendition: pixels, and the part of its hash that stands in its address."""

    width_px: int
    height_px: int
    hash: str


@dataclass(frozen=True, slots=True)
class PictureRow:
    """One picture as this actor sees it; what is for staff is None for the public. Position in degrees, EPSG:4490."""

    code: str
    kind: str
    width_px: int
    height_px: int
    caption: str | None
    caption_en: str | None
    taken_on: date | None
    author: str | None
    place: str | None
    licence: str | None
    is_drawn: bool
    is_sample: bool
    version: int
    subject_kind: str
    subject_id: int
    sort_no: Any
    sizes: Mapping[str, Size]
    audience: str | None = None
    is_withdrawn: bool = False
    created_by: str | None = None
    lon_deg: float | None = None
    lat_deg: float | None = None


def _row(found: Mapping[str, Any]) -> PictureRow:
    values = dict(found)
    values["is_withdrawn"] = values.pop("withdrawn_at", None) is not None
    values["sizes"] = {size: Size(*parts) for size, parts in (values["sizes"] or {}).items()}
    return PictureRow(**values)


def _select(actor: Actor) -> str:
    schema = actor.read_schema
    staff = "" if actor.audience is Audience.PUBLIC else _STAFF
    return f"select {_COLUMNS}{staff}, {_SIZES.format(digits=HASH_DIGITS, schema=schema)} from {schema}.pictures x"


async def pictures_of(
    connection: AsyncConnection, actor: Actor, county_code: str, subject_kind: str, subject_id: int
) -> list[PictureRow]:
    """Pictures of a thing in their order; staff also see withdrawn ones, at the end."""
    is_staff = actor.audience is not Audience.PUBLIC
    order = "withdrawn_at is not null, sort_no, id" if is_staff else "sort_no, id"
    rows = await connection.execute(
        text(f"{_select(actor)} where county_code = :county and subject_kind = :kind and subject_id = :id order by {order}"),
        {"county": county_code, "kind": subject_kind, "id": subject_id},
    )  # fmt: skip
    return [_row(dict(row)) for row in rows.mappings()]


async def picture(connection: AsyncConnection, actor: Actor, county_code: str, code: str) -> PictureRow:
    """One picture; raises NotFound, the same for hidden and for absent."""
    rows = await connection.execute(
        text(f"{_select(actor)} where county_code = :county and code = :code"), {"county": county_code, "code": code[:64]}
    )  # fmt: skip
    found = rows.mappings().one_or_none()
    if found is None:
        raise NotFound.at("picture", ABSENT)
    return _row(dict(found))


@dataclass(frozen=True, slots=True)
class Cover:
    """The first picture of a thing, how many it has, and whether one of them is a panorama."""

    first: PictureRow
    pictures: int
    has_panorama: bool


async def covers(
    connection: AsyncConnection, actor: Actor, county_code: str, collection_id: str, subject_kind: str, codes: Sequence[str]
) -> dict[str, Cover]:  # fmt: skip
    """Code -> cover, for those of `codes` that have a picture which counts (withdrawn ones do not)."""
    schema = actor.read_schema
    counted = "" if actor.audience is Audience.PUBLIC else "and p.withdrawn_at is null"
    rows = await connection.execute(
        text(
            f"select t.code as thing, x.*, n.pictures, n.has_panorama from {schema}.{collection_id} t "
            f"cross join lateral (select count(*) as pictures, bool_or(p.kind = 'panorama') as has_panorama, "
            f"(array_agg(p.id order by p.sort_no, p.id))[1] as first_id from {schema}.pictures p "
            f"where p.county_code = :county and p.subject_kind = :kind and p.subject_id = t.id {counted}) n "
            f"join lateral ({_select(actor)} where x.id = n.first_id) x on true "
            f"where t.county_code = :county and t.code = any(:codes)"
        ),
        {"county": county_code, "kind": subject_kind, "codes": list(codes)},
    )
    found = {}
    for row in rows.mappings():
        values = dict(row)
        thing, pictures, has_panorama = values.pop("thing"), values.pop("pictures"), values.pop("has_panorama")
        found[thing] = Cover(_row(values), pictures, bool(has_panorama))
    return found


@dataclass(frozen=True, slots=True)
class Original:
    """A picture as it was sent."""

    data: bytes
    sha256: str
    media_type: str
    file_name: str


async def rendition_sha256(connection: AsyncConnection, actor: Actor, county_code: str, code: str, size: str) -> str:
    """SHA-256 (hex) of one rendition this actor may see; raises NotFound."""
    found = await connection.execute(
        text(f"select encode(sha256, 'hex') from {actor.read_schema}.picture_renditions "
             "where county_code = :county and code = :code and size = :size"),
        {"county": county_code, "code": code[:64], "size": size[:16]},
    )  # fmt: skip
    sha256 = found.scalar_one_or_none()
    if sha256 is None:
        raise NotFound.at("picture", ABSENT)
    return str(sha256)


async def rendition_bytes(connection: AsyncConnection, actor: Actor, county_code: str, code: str, size: str) -> bytes:
    """The WebP bytes of one rendition (1 to 2 MB at most); empty when this actor may not see it."""
    rows = await connection.execute(
        text(f"select content from {actor.read_schema}.picture_chunks "
             "where county_code = :county and code = :code and size = :size order by chunk_no"),
        {"county": county_code, "code": code[:64], "size": size[:16]},
    )  # fmt: skip
    return b"".join(bytes(content) for (content,) in rows)


async def original(connection: AsyncConnection, actor: Actor, county_code: str, code: str) -> Original:
    """The file as it was sent, for staff; raises NotFound, to the public always."""
    if actor.audience is Audience.PUBLIC:
        raise NotFound.at("picture", ABSENT)
    key = {"county": county_code, "code": code[:64]}
    found = (
        await connection.execute(
            text("select file_name, media_type, encode(sha256, 'hex') as sha256 from staff_data.picture_originals "
                 "where county_code = :county and code = :code"),
            key,
        )
    ).one_or_none()  # fmt: skip
    if found is None:
        raise NotFound.at("picture", ABSENT)
    rows = await connection.execute(
        text("select content from staff_data.picture_original_chunks where county_code = :county and code = :code "
             "order by chunk_no"),
        key,
    )  # fmt: skip
    return Original(b"".join(bytes(c) for (c,) in rows), found.sha256, found.media_type, found.file_name)
