"""The change feed as it is read: rows in the order of their ids, with what is still missing between them, and who may know of them.

Ids are given when a row is written, rows are seen when their transaction is committed: a smaller id can come after a larger one. A
`Position` therefore says up to which id everything was read, but for the gaps it names; nothing is lost and nothing comes twice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import ALL_UNITS, Actor, Audience
from geo.registry.collections import COLLECTIONS

READER = Actor(Audience.STAFF, account="events", tier="P2")
"""Reads the feed itself; what leaves is looked at again through the views of whoever gets it."""

GAPS_MAX = 500
BATCH_MAX = 2_000
_TEXT = re.compile(r"(\d{1,18})(?:~((?:\d{1,18}(?:-\d{1,18})?)(?:\.\d{1,18}(?:-\d{1,18})?)*))?")

Gap = tuple[int, int]
"""First and last id that may still come."""


@dataclass(frozen=True, slots=True)
class Position:
    """Everything up to `last` was read, but for `gaps`. As text: `57`, or `57~52-53.55`."""

    last: int
    gaps: tuple[Gap, ...] = ()

    def __str__(self) -> str:
        gaps = ".".join(f"{a}" if a == b else f"{a}-{b}" for a, b in self.gaps)
        return f"{self.last}~{gaps}" if gaps else str(self.last)

    def has(self, row_id: int) -> bool:
        """Whether a row was read by then."""
        return row_id <= self.last and not any(a <= row_id <= b for a, b in self.gaps)

    @classmethod
    def read(cls, given: str) -> Position | None:
        """The position a text means; None for one that we did not give."""
        match = _TEXT.fullmatch(given.strip())
        if match is None or len(given) > 30 * GAPS_MAX:
            return None
        gaps = []
        for part in (match[2] or "").split("."):
            if part:
                first, _, last = part.partition("-")
                gaps.append((int(first), int(last or first)))
        return cls(int(match[1]), tuple(gaps[:GAPS_MAX]))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the feed. `was_public`, `is_public`: whether the public saw the thing before and after."""

    id: int
    county_code: str
    collection: str
    code: str
    version: int
    fields: tuple[str, ...]
    is_public: bool
    was_public: bool


@dataclass(frozen=True, slots=True)
class Read:
    """Rows, and the transactions that were open meanwhile: whoever began before `xmin` has ended."""

    rows: tuple[Row, ...]
    xmin: int
    xmax: int


_ROWS = """
select id, county_code, collection, code, subject_version, fields, is_public, was_public from staff_data.events
where (id > :last or id <@ any (cast(:gaps as int8range[]))) {more} order by id limit :most"""


async def rows_after(
    connection: AsyncConnection, position: Position, county_code: str | None = None, most: int = BATCH_MAX
) -> Read:
    """What was committed and lies after a position, of one county or of all."""
    snapshot = (
        await connection.execute(
            text("select pg_snapshot_xmin(s)::text::bigint as a, pg_snapshot_xmax(s)::text::bigint as b from pg_current_snapshot() s")
        )
    ).one()  # fmt: skip
    found = await connection.execute(
        text(_ROWS.format(more="" if county_code is None else "and county_code = :county")),
        {"last": position.last, "gaps": [f"[{a},{b}]" for a, b in position.gaps], "county": county_code, "most": most},
    )
    return Read(tuple(Row(r[0], r[1], r[2], r[3], r[4], tuple(r[5]), r[6], r[7]) for r in found), snapshot.a, snapshot.b)  # fmt: skip


async def newest(connection: AsyncConnection) -> tuple[int, int]:
    """The largest and the smallest id there are; 0, 0 where nothing was ever written."""
    row = (
        await connection.execute(text("select coalesce(max(id), 0), coalesce(min(id), 0) from staff_data.events"))
    ).one()
    return int(row[0]), int(row[1])


async def told_to(
    connection: AsyncConnection, actor: Actor, rows: Sequence[Row]
) -> list[tuple[int, dict[str, object]]]:
    """What this actor may be told of rows of one county, with their ids and in their order: `{collection, code, version, fields}` of what it sees,
    `{collection, code, gone: true}` of what it sees no longer. Of what it never saw, nothing. Runs as the actor."""
    codes: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        c = COLLECTIONS.get(row.collection)
        if c is not None and not (c.staff_only and actor.audience is Audience.PUBLIC):
            codes[row.collection].add(row.code)
    seen: set[tuple[str, str]] = set()
    for name, wanted in codes.items():
        found = await connection.execute(
            text(f"select code from {actor.read_schema}.{name} where county_code = :county and code = any(:codes)"),
            {"county": rows[0].county_code, "codes": sorted(wanted)},
        )
        seen |= {(name, code) for code in found.scalars()}
    out: list[tuple[int, dict[str, object]]] = []
    for row in rows:
        if row.collection not in codes:
            continue
        told: dict[str, object] = {"collection": row.collection, "code": row.code}
        if (row.collection, row.code) in seen:
            allowed = {*COLLECTIONS[row.collection].properties(actor.audience), "geom"}
            fields = ["geometry" if name == "geom" else name for name in row.fields if name in allowed]
            out.append((row.id, {**told, "version": row.version, "fields": fields}))
        elif _saw(actor, row):
            out.append((row.id, {**told, "gone": True}))
    return out


def _saw(actor: Actor, row: Row) -> bool:
    if actor.audience is Audience.PUBLIC:
        return row.was_public
    reads = actor.units if actor.reads is None else actor.reads
    return row.was_public or row.collection != "projects" or (actor.tier == "P3" and ALL_UNITS in reads)
