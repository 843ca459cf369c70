"""Writing the names things are searched by: for everything that changed since, a batch at a time.

A trigger notes whatever changes (`register.name_due`); several workers may write at once.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, text

from geo.db import Actor, acting_sync
from geo.registry.search.forms import forms, short_name

THINGS_PER_BATCH = 2_000
NAME_MAX = 200
"""Letters of a name that are searched; nobody types more."""

IS_PUBLISHED = {
    "project": "exists (select from open_data.projects p where p.id = x.id)",
    "park_work": "exists (select from open_data.park_works p where p.id = x.id)",
}
"""Which half of the names a thing's are in: its own publication state says, but a project is public by its stage too, a work by its
park alone."""

_TAKE = text(
    "delete from register.name_due where id in "
    "(select id from register.name_due order by id limit :limit for update skip locked) "
    "returning county_code, subject_kind, subject_id"
)
_CLEAR = text(
    "delete from register.name_alias where county_code = :county and subject_kind = :kind and subject_id = any(:ids) and kind <> 'alias'"
)
_WRITE = text(
    "insert into register.name_alias (county_code, subject_kind, subject_id, kind, alias, folded, latin, pinyin, initials, is_published) "
    "values (:county, :kind, :id, :form, :alias, :folded, :latin, :pinyin, :initials, :is_published) "
    "on conflict (county_code, subject_kind, subject_id, alias) do update set is_published = excluded.is_published"
)


def _names(kind: str, row: Any) -> dict[str, str]:
    """text -> what it is, the weightier first where two are the same."""
    said = {row.code: "code"}
    for name, form in ((row.name, "name"), (row.name_en, "name_en")):
        if name:
            said.setdefault(name[:NAME_MAX], form)
            if (short := short_name(name, kind)) is not None:
                said.setdefault(short[:NAME_MAX], "short")
    return said


def _rows(county: str, kind: str, things: Any) -> list[dict[str, Any]]:
    made = []
    for thing in things:
        for alias, form in _names(kind, thing).items():
            said = forms(alias)
            if said.units:
                made.append({"county": county, "kind": kind, "id": thing.id, "form": form, "alias": alias, "folded": said.folded,
                             "latin": said.latin, "pinyin": said.pinyin, "initials": said.initials,
                             "is_published": thing.is_published})  # fmt: skip
    return made


def write_due(connection: Connection, limit: int = THINGS_PER_BATCH) -> int:
    """Write the names of at most `limit` changes that wait; returns how many there were. Needs the role yzt_admin or the owner's."""
    due = connection.execute(_TAKE, {"limit": limit}).all()
    by_table: dict[tuple[str, str], set[int]] = {}
    for county, kind, subject_id in due:
        by_table.setdefault((county, kind), set()).add(subject_id)
    for (county, kind), ids in sorted(by_table.items()):
        bound = {"county": county, "kind": kind, "ids": sorted(ids)}
        is_published = IS_PUBLISHED.get(kind, "x.publication_state = 'published'")
        things = connection.execute(
            text(
                f"select x.id, x.code, x.name, x.name_en, {is_published} as is_published from register.{kind} x "
                f"where x.county_code = :county and x.id = any(:ids) order by x.id"
            ),
            bound,
        ).all()
        connection.execute(_CLEAR, bound)
        if rows := _rows(county, kind, things):
            connection.execute(_WRITE, rows)
    return len(due)


def bring_up_to_date(engine: Engine, actor: Actor) -> int:
    """Write all names that wait, one transaction a batch; returns how many changes that were."""
    done = 0
    while True:
        with acting_sync(engine, actor) as connection:
            written = write_due(connection)
        done += written
        if written < THINGS_PER_BATCH:
            return done
