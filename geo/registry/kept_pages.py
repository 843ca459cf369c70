"""Pages as they were the last time they were asked for, and whether the database still says so.

A page within a box is the same until something of its collection changes in that box. Every change leaves a mark in its own
transaction (migrations/sql/0021), so the answer to "has anything changed here since this snapshot" is as exact as asking again.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import Actor
from geo.registry.features import FeatureQuery, Page

Z18_TILES = 1 << 18
PAD_TILES = 1
"""A tile of zoom 18 is some 150 m: what rounding moved for the public still lies within."""

LATITUDE_MAX = 85.0
"""Beyond it there are no tile numbers."""

OVERHEAD_BYTES = 500
ASKED_MAX = 4096
ANYTHING = "*"
"""The layer of changes that concern the whole county."""

_STATE = "select seen, epoch, is_touched from {schema}.place_state(:county, :layers, :reach, :since)"


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page, and the snapshot it is of, in which life of the database."""

    page: Page
    seen: str
    epoch: str


class KeptPages:
    """Pages by what was asked, at most `bytes_max`; the longest unused go first. Only what is asked again is kept. One per process."""

    def __init__(self, bytes_max: int) -> None:
        self.bytes_max, self.bytes_used = bytes_max, 0
        self._pages: OrderedDict[Hashable, KeptPage] = OrderedDict()
        self._asked: OrderedDict[Hashable, None] = OrderedDict()

    def get(self, asked: Hashable) -> KeptPage | None:
        """The page as it was; whether it still holds is for the database to say."""
        found = self._pages.get(asked)
        if found is not None:
            self._pages.move_to_end(asked)
        return found

    def is_asked_again(self, asked: Hashable) -> bool:
        """Whether this was asked before."""
        was = asked in self._asked
        self._asked[asked] = None
        self._asked.move_to_end(asked)
        if len(self._asked) > ASKED_MAX:
            self._asked.popitem(last=False)
        return was

    def put(self, asked: Hashable, page: KeptPage) -> None:
        """Keep a page; one larger than everything that may be kept is not."""
        before = self._pages.pop(asked, None)
        self.bytes_used -= 0 if before is None else _size(before)
        if _size(page) > self.bytes_max:
            return
        self._pages[asked] = page
        self.bytes_used += _size(page)
        while self.bytes_used > self.bytes_max:
            self.bytes_used -= _size(self._pages.popitem(last=False)[1])


def _size(page: KeptPage) -> int:
    return len(page.page.text) + OVERHEAD_BYTES


@dataclass(frozen=True, slots=True)
class Place:
    """What is true of a place in one snapshot (`seen`); `is_touched`: whether anything changed since the one asked about."""

    seen: str
    epoch: str
    is_touched: bool | None


def reach_of(query: FeatureQuery) -> list[int] | None:
    """The box of a query in tile numbers of zoom 18 (x0, y0, x1, y1, inclusive, with a margin); None where a page of it is not kept:
    without a box, with further conditions, at a moment, or beyond the tiles."""
    if query.box is None or not query.is_plain or query.moment is not None:
        return None
    west, south, east, north = query.box
    if not (-180 <= west <= east <= 180 and -LATITUDE_MAX <= south <= north <= LATITUDE_MAX):
        return None
    x0, x1 = _column(west), _column(east)
    y0, y1 = _row(north), _row(south)
    return [x0 - PAD_TILES, y0 - PAD_TILES, x1 + PAD_TILES, y1 + PAD_TILES]


def _column(longitude: float) -> int:
    return int((longitude + 180) / 360 * Z18_TILES)


def _row(latitude: float) -> int:
    return int((1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * Z18_TILES)


async def place_of(
    connection: AsyncConnection, actor: Actor, query: FeatureQuery, reach: list[int], since: KeptPage | None
) -> Place:
    """Ask the database about a place; `since`: a page kept of it."""
    bound = {
        "county": query.county_code, "layers": [query.collection.id, ANYTHING], "reach": reach,
        "since": None if since is None else since.seen,
    }  # fmt: skip
    row = (await connection.execute(text(_STATE.format(schema=actor.read_schema)), bound)).one()
    return Place(row.seen, row.epoch, row.is_touched)
