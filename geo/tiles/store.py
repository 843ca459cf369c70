"""Tiles made before, kept in the database for every process: read where they still hold, and by nobody who may not see them.

Whether one holds is decided by what was committed (migrations/sql/0021), never by a clock or by who heard of it. Kept are tiles of
a whole audience; what depends on the reader's units or on the day is not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from isal import igzip
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import Actor, Audience
from geo.registry.collections import COLLECTIONS, Collection
from geo.tiles import queries

KEEPER = Actor(Audience.ADMIN, account="tiles", tier="P0")
"""Writes the store. No reader's role may."""

FORM = 1
"""Raise it when what a tile holds or how it is compressed changes outside the SQL of `queries`."""

MARKS_MAX = 1_000
"""Marks of changes are counted and removed beyond this number."""

GZIP_LEVEL = 2
TILE_BYTES_MAX = 2_000_000
ANYTHING = "*"


@dataclass(frozen=True, slots=True)
class Address:
    """Which tile of which collection and county; row counts from the north."""

    county_code: str
    collection: Collection
    z: int
    row: int
    col: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A tile of the store, as it is sent (gzip; empty = nothing is there), and the snapshot it was made of."""

    id: int
    body: bytes
    etag: str
    seen: str


@dataclass(frozen=True, slots=True)
class State:
    """What is true of a tile in one snapshot (`seen`): what is kept of it and holds, and the version of its layer."""

    seen: str
    epoch: str
    version: str
    kept: Kept | None
    is_touched: bool | None
    """Whether it changed since the snapshot asked about; None where none was."""


def pack(body: bytes) -> tuple[bytes, str]:
    """A tile as it is sent (gzip) and its tag, which is of the content; both empty for a tile with nothing in it."""
    return (igzip.compress(body, GZIP_LEVEL), hashlib.sha256(body).hexdigest()[:32]) if body else (b"", "")


def is_kept(c: Collection) -> bool:
    """Whether tiles of this collection are the same for everybody of an audience, on any day."""
    return c.id not in queries.UNIT_SCOPED | queries.DATED


def heeds(c: Collection) -> list[str]:
    """The layers whose changes can be seen in this collection's tiles."""
    return [c.id, ANYTHING, *(leader for leader, followers in queries.FOLLOWERS.items() if c.id in followers)]


@cache
def form_of(collection_id: str, audience: Audience) -> str:
    """A fingerprint of everything in the code that a tile's bytes depend on."""
    c, view = COLLECTIONS[collection_id], "x"
    parts = [
        str(FORM), queries.kind_of(c), queries._live_cells(c, view), queries._stored_cells(c, Actor(audience)),
        str((queries.EXTENT, queries.BUFFER, queries.SHAPES_MAX, queries.TILE_MAX_BYTES)),
        *(queries.shapes(c, audience, z, view, is_named=is_named) for z in range(queries.MAX_ZOOM + 1) for is_named in (True, False)),
    ]  # fmt: skip
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def version_of(epoch: str, form: str, change_count: int) -> str:
    """How a layer as an audience sees it is called in addresses: another one after every commit that changed something of it, never the
    same again. Says nothing of how much changed."""
    return hashlib.sha256(f"{epoch}|{form}|{change_count}".encode()).hexdigest()[:16]


async def state_of(
    connection: AsyncConnection, actor: Actor, at: Address, *, since: str | None = None, look: bool = True
) -> State:
    """Look a tile up as its reader; `since`: a snapshot of an earlier State; `look`: into the store, too."""
    c = at.collection
    form = form_of(c.id, _views(actor))
    found = (
        await connection.execute(
            text(
                f"select seen, epoch, change_count, is_touched, id, body, etag, made_of from {actor.read_schema}.tile_state("
                ":county, :collection, :heeds, :z, :x, :y, :form, :since)"
            ),
            {
                "county": at.county_code, "collection": c.id, "heeds": heeds(c), "z": at.z, "x": at.col, "y": at.row,
                "form": form if look and is_kept(c) else None, "since": since,
            },
        )
    ).one()  # fmt: skip
    kept = None if found.id is None else Kept(found.id, bytes(found.body), found.etag, found.made_of)
    return State(found.seen, found.epoch, version_of(found.epoch, form, found.change_count), kept, found.is_touched)


async def versions(connection: AsyncConnection, actor: Actor, county_code: str) -> dict[str, str]:
    """The present version of every collection whose tiles have one, by its id."""
    rows = (
        await connection.execute(
            text(f"select epoch, collection, change_count from {actor.read_schema}.tile_change_counts(:county)"),
            {"county": county_code},
        )
    ).all()
    counts = {row.collection: row.change_count for row in rows if row.collection is not None}
    return {
        c.id: version_of(rows[0].epoch, form_of(c.id, _views(actor)), sum(counts.get(layer, 0) for layer in heeds(c)))
        for c in COLLECTIONS.values()
        if is_kept(c) and not (c.staff_only and actor.audience is Audience.PUBLIC)
    }


async def put(
    connection: AsyncConnection, audience: Audience, at: Address, state: State, body: bytes, etag: str
) -> None:
    """Keep a tile made in or after the snapshot of `state`, as the keeper. One that changed meanwhile is not kept."""
    await connection.execute(
        text(
            "select register.store_tile(:county, :collection, :audience, :heeds, :z, :x, :y, :form, :epoch, :seen, :body, :etag)"
        ),
        {
            "county": at.county_code, "collection": at.collection.id, "audience": _name(audience), "heeds": heeds(at.collection),
            "z": at.z, "x": at.col, "y": at.row, "form": form_of(at.collection.id, _as_read(audience)), "epoch": state.epoch,
            "seen": state.seen, "body": body, "etag": etag,
        },
    )  # fmt: skip


async def note_used(connection: AsyncConnection, ids: Sequence[int]) -> None:
    """Say that these were read: the longest unused go first."""
    await connection.execute(text("select register.note_tiles_used(:ids)"), {"ids": list(ids)})


KEEP = text(
    "select tile_count, byte_count, removed_count, folded_count from register.keep_tiles(:bytes_max, :marks_max)"
)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What lies in the store after it was tidied."""

    tiles: int
    bytes: int
    removed: int
    folded: int


async def keep(connection: AsyncConnection, bytes_max: int) -> Upkeep:
    """Remove what holds no more, then the longest unused beyond `bytes_max`; as the keeper."""
    return Upkeep(*(await connection.execute(KEEP, {"bytes_max": bytes_max, "marks_max": MARKS_MAX})).one())


def keep_sync(connection: Connection, bytes_max: int, marks_max: int = MARKS_MAX) -> Upkeep:
    """The same for the worker."""
    return Upkeep(*connection.execute(KEEP, {"bytes_max": bytes_max, "marks_max": marks_max}).one())


def _as_read(audience: Audience) -> Audience:
    return Audience.PUBLIC if audience is Audience.PUBLIC else Audience.STAFF


def _views(actor: Actor) -> Audience:
    return _as_read(actor.audience)


def _name(audience: Audience) -> str:
    return "public" if audience is Audience.PUBLIC else "staff"
