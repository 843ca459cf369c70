"""Writes of pictures: add, change, withdraw, restore, replace. Rights, duplicates and what a public picture must say are the
database's; this module says in words what it refused."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import Actor
from geo.errors import BadInput, Conflict, Forbidden, Problem, StaleVersion
from geo.exchange.stored import Content, store
from geo.pictures.changes import Changes
from geo.pictures.intake import intake
from geo.pictures.queries import PictureRow, picture, pictures_of
from geo.pictures.rendering import Rendered

NO_RIGHTS = Problem(zh="无权为该责任单位的记录管理图片", en="no rights to keep pictures of this unit's things")
STEP = 1000
"""Between two neighbours in a row."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The thing a picture is of."""

    county_code: str
    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class Sent:
    """One file as it came and what became of it; `words` are columns given with it (author, licence ...)."""

    name: str
    data: bytes
    rendered: Rendered
    words: Mapping[str, Any]
    is_sample: bool = False
    is_drawn: bool = False


@dataclass(frozen=True, slots=True)
class Added:
    """The picture's code, and whether these very bytes were on the thing already."""

    code: str
    is_duplicate: bool


async def must_write(connection: AsyncConnection, subject: Subject) -> None:
    """Raise Forbidden before any work is done on files for somebody who may not keep them."""
    may = await connection.execute(
        text("select register.may_write_subject(:county, :kind, :id)"),
        {"county": subject.county_code, "kind": subject.kind, "id": subject.id},
    )
    if not may.scalar_one():
        raise Forbidden(NO_RIGHTS)


def add(connection: Connection, account: str, subject: Subject, sent: Sent, replaces: int | None = None) -> Added:
    """Keep one file with its renditions. Raises BadInput and Conflict; the same bytes again are answered with what stands."""
    key = {"county": subject.county_code, "kind": subject.kind, "id": subject.id}
    # one at a time per thing: the count, the place in the row and the duplicate are told of what stands
    connection.execute(
        text("select pg_advisory_xact_lock(hashtextextended('yizhangtu.picture.' || :county || :kind || cast(:id as text), 0))"),
        key,
    )  # fmt: skip
    sha256 = hashlib.sha256(sent.data).digest()
    standing = connection.execute(
        text("select code, sha256, sort_no from register.picture "
             "where county_code = :county and subject_kind = :kind and subject_id = :id and withdrawn_at is null"),
        key,
    ).all()  # fmt: skip
    for row in standing:
        if bytes(row.sha256) == sha256:
            return Added(row.code, True)
    most = intake().pictures_per_thing_max
    if len(standing) >= most:
        raise Conflict(Problem(zh=f"一处最多 {most} 张图片", en=f"a thing has at most {most} pictures"))
    last = max((row.sort_no for row in standing), default=Decimal(0))
    rendered, camera = sent.rendered, sent.rendered.camera
    file_id = store(
        connection, subject.county_code, Content(sent.name, sent.data, rendered.media_type), "photo", account
    )
    has_place = camera.lon_deg is not None
    values = {
        "county_code": subject.county_code, "subject_kind": subject.kind, "subject_id": subject.id, "kind": rendered.kind,
        "original_file_id": file_id, "sha256": sha256, "width_px": rendered.width_px, "height_px": rendered.height_px,
        "taken_on": camera.taken_on, "author": camera.author, "sort_no": last + STEP, "replaces_id": replaces,
        "is_sample": sent.is_sample, "is_drawn": sent.is_drawn, **sent.words,
    }  # fmt: skip
    if has_place and not values.get("place"):
        values["place"] = _town_at(connection, subject.county_code, camera.lon_deg, camera.lat_deg)
    names, places = ", ".join(values), ", ".join(f":{name}" for name in values)
    made = _guarded(
        connection,
        f"insert into register.picture ({names}, geom) values ({places}, "
        f"{'st_setsrid(st_makepoint(:lon, :lat), 4490)' if has_place else 'null'}) returning id, code",
        values | ({"lon": camera.lon_deg, "lat": camera.lat_deg} if has_place else {}),
    ).one()
    for size, rendition in rendered.renditions.items():
        name = f"{made.code}-{size}.webp"
        rendition_id = store(
            connection, subject.county_code, Content(name, rendition.data, "image/webp"), "rendition", account
        )
        connection.execute(
            text("insert into register.picture_rendition (picture_id, size, stored_file_id, width_px, height_px) "
                 "values (:id, :size, :file, :width, :height)"),
            {"id": made.id, "size": size, "file": rendition_id, "width": rendition.width_px, "height": rendition.height_px},
        )  # fmt: skip
    return Added(made.code, False)


def _town_at(connection: Connection, county_code: str, lon_deg: float | None, lat_deg: float | None) -> str | None:
    """A place in words where the camera's position may not be shown: the town it lies in."""
    found: str | None = connection.execute(
        text("select name from staff_data.admin_areas where county_code = :county and level = 'town' "
             "and st_covers(geom, st_setsrid(st_makepoint(:lon, :lat), 4490)) limit 1"),
        {"county": county_code, "lon": lon_deg, "lat": lat_deg},
    ).scalar_one_or_none()  # fmt: skip
    return found


async def change(
    connection: AsyncConnection, actor: Actor, county_code: str, code: str, version: int, changes: Changes
) -> PictureRow:
    """Set what staff said of a picture, if it still has the version they saw; returns it as it is then."""
    seen = await _must_be_version(connection, actor, county_code, code, version)
    columns = dict(changes.columns)
    if columns.get("kind") == "panorama" and "panorama" not in seen.sizes:
        raise BadInput.at(
            "kind",
            Problem(
                zh="宽高比不是 2:1，不能作为全景", en="it is not twice as wide as high, so it cannot be a panorama"
            ),
        )
    if changes.position is not None:
        columns["sort_no"] = await _between(connection, actor, seen, county_code, changes.position)
    if columns:
        await _update(connection, seen, county_code, ", ".join(f"{name} = :{name}" for name in columns), columns)
    return await picture(connection, actor, county_code, code)


async def withdraw(
    connection: AsyncConnection, actor: Actor, county_code: str, code: str, version: int
) -> PictureRow:  # fmt: skip
    """Take a picture away; it is kept and can be restored."""
    seen = await _must_be_version(connection, actor, county_code, code, version)
    if not seen.is_withdrawn:
        await _update(connection, seen, county_code, "withdrawn_at = clock_timestamp()", {})
    return await picture(connection, actor, county_code, code)


async def restore(connection: AsyncConnection, actor: Actor, county_code: str, code: str, version: int) -> PictureRow:
    """Put a withdrawn picture back; what took its place is withdrawn in the same step."""
    seen = await _must_be_version(connection, actor, county_code, code, version)
    if seen.is_withdrawn:
        await connection.execute(
            text("update register.picture set withdrawn_at = clock_timestamp() where withdrawn_at is null and county_code = :county "
                 "and replaces_id = (select id from register.picture where county_code = :county and code = :code)"),
            {"county": county_code, "code": code},
        )  # fmt: skip
        await _update(connection, seen, county_code, "withdrawn_at = null", {})
    return await picture(connection, actor, county_code, code)


async def replace(
    connection: AsyncConnection, actor: Actor, county_code: str, code: str, version: int, sent: Sent
) -> Added:
    """Put other bytes in a picture's place: words, audience and order go over, the old one is withdrawn."""
    old = await withdraw(connection, actor, county_code, code, version)
    kept = {name: getattr(old, name) for name in ("caption", "caption_en", "author", "place", "licence", "audience")}
    fresh = Sent(
        sent.name, sent.data, sent.rendered, {k: v for k, v in kept.items() if v is not None} | dict(sent.words)
    )
    subject = Subject(county_code, old.subject_kind, old.subject_id)
    old_id = (
        await connection.execute(
            text("select id from register.picture where county_code = :county and code = :code"),
            {"county": county_code, "code": code},
        )
    ).scalar_one()
    added = await connection.run_sync(add, actor.account, subject, fresh, old_id)
    if added.is_duplicate:
        raise Conflict(Problem(zh="这张图片已在此处", en="this very picture is here already"))
    await connection.execute(
        text("update register.picture set sort_no = :sort_no where county_code = :county and code = :code"),
        {"sort_no": old.sort_no, "county": county_code, "code": added.code},
    )
    return added


async def _must_be_version(
    connection: AsyncConnection, actor: Actor, county_code: str, code: str, version: int
) -> PictureRow:
    seen = await picture(connection, actor, county_code, code)
    await must_write(connection, Subject(county_code, seen.subject_kind, seen.subject_id))
    locked = await connection.execute(
        text("select version from register.picture where county_code = :county and code = :code for update"),
        {"county": county_code, "code": code},
    )
    current = locked.scalar_one_or_none()
    if current is None:
        raise Forbidden(NO_RIGHTS)
    if current != version:
        raise StaleVersion(
            Problem(
                zh="这张图片刚被别人改过，请核对后再提交",
                en="somebody else has changed this picture; look again and send again",
            ),
            extra={"current_version": current},
        )
    return seen


async def _between(
    connection: AsyncConnection, actor: Actor, moved: PictureRow, county_code: str, position: int
) -> Decimal:
    """A place between two others, so that nobody else's version changes."""
    row = await pictures_of(connection, actor, county_code, moved.subject_kind, moved.subject_id)
    others = [p.sort_no for p in row if not p.is_withdrawn and p.code != moved.code]
    after = min(position - 1, len(others))
    if not others:
        return Decimal(STEP)
    if after == 0:
        return Decimal(others[0] - STEP)
    if after == len(others):
        return Decimal(others[-1] + STEP)
    return Decimal((others[after - 1] + others[after]) / 2)


async def _update(
    connection: AsyncConnection, seen: PictureRow, county_code: str, assignments: str, values: dict[str, Any]
) -> None:
    statement = f"update register.picture set {assignments} where county_code = :county and code = :code"
    await connection.run_sync(_guarded, statement, values | {"county": county_code, "code": seen.code})


def _guarded(connection: Connection, statement: str, values: Mapping[str, Any]) -> Any:
    """Run a write; what a constraint refused is said in words."""
    try:
        return connection.execute(text(statement), values)
    except IntegrityError as error:
        raise _in_words(str(error.orig)) from error


def _in_words(refusal: str) -> Exception:
    if "public_names_author_and_licence" in refusal:
        return BadInput.at(
            "audience",
            Problem(zh="公开的图片要写明作者和许可", en="a public picture names its author and its licence"),
        )
    if "panorama_ratio" in refusal:
        return BadInput.at(
            "kind",
            Problem(
                zh="宽高比不是 2:1，不能作为全景", en="it is not twice as wide as high, so it cannot be a panorama"
            ),
        )
    if "uq_picture_content" in refusal:
        return Conflict(Problem(zh="这张图片已在此处", en="this very picture is here already"))
    return BadInput(Problem(zh="值不合要求", en="the value cannot be taken"))
