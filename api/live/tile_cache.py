"""Tiles made before, by who may see them: compressed once, forgotten exactly when something in them changed.

One per process, everything on the event loop's thread. A tile is made once however many ask for it; one whose place changed while
it was being made is given to nobody else and not kept.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from isal import igzip

from api.live.changes import Box, Change
from geo.db import Actor, Audience
from geo.tiles.queries import BUFFER, EXTENT, FOLLOWERS, UNIT_SCOPED
from geo.tiles.store import pack

OVERHEAD_BYTES = 500
ALIASES_MAX = 8
"""Addresses by which one tile is found without asking who it is for."""

Z18 = 18
Layer = tuple[str, str]
Address = tuple[bytes, bytes]
"""Path and query of a request of the public, as sent."""


@dataclass(frozen=True, slots=True)
class Key:
    """Which tile, for whom. `scope` tells apart everybody whose views may differ; `day` those that depend on the date."""

    county_code: str
    collection: str
    z: int
    row: int
    col: int
    scope: tuple[str, ...]
    day: str = ""

    def touches(self, box: Box) -> bool:
        """Whether a box (zoom 18) reaches into the tile or its buffer."""
        if self.z > Z18:
            shift = self.z - Z18
            x0, y0, x1, y1 = self.col >> shift, self.row >> shift, (self.col >> shift) + 1, (self.row >> shift) + 1
            pad = 1
        else:
            side = 1 << (Z18 - self.z)
            x0, y0, pad = self.col * side, self.row * side, -(-side * BUFFER // EXTENT)
            x1, y1 = x0 + side, y0 + side
        return box[0] < x1 + pad and box[2] >= x0 - pad and box[1] < y1 + pad and box[3] >= y0 - pad


PUBLIC_SCOPE = ("public",)


def scope_of(actor: Actor, collection_id: str) -> tuple[str, ...]:
    """Everything of an actor that a tile of this collection may depend on."""
    if actor.audience is Audience.PUBLIC:
        return PUBLIC_SCOPE
    if collection_id not in UNIT_SCOPED:
        return ("staff",)
    reads = actor.units if actor.reads is None else actor.reads
    return ("staff", actor.tier, *sorted(reads))


@dataclass(slots=True)
class Entry:
    """A tile as it is sent. `gzipped` is empty for a tile with nothing in it."""

    gzipped: bytes
    etag: str
    seen: str = ""
    """The snapshot it holds for, and the version its layer had by then (geo.tiles.store); empty where nobody looked."""
    version: str = ""
    aliases: list[Address] = field(default_factory=list)
    plain: bytes | None = None
    is_kept: bool = False

    @classmethod
    def of(cls, body: bytes, *, seen: str = "", version: str = "") -> Entry:
        """Compress a tile, once."""
        return cls(*pack(body), seen, version)

    @property
    def size_bytes(self) -> int:
        """What it takes up."""
        return len(self.gzipped) + len(self.plain or b"") + OVERHEAD_BYTES


class TileCache:
    """At most `bytes_max` of tiles, the longest unused go first; nothing is kept unless `may_keep()`."""

    def __init__(self, bytes_max: int, may_keep: Callable[[], bool]) -> None:
        self.bytes_max, self.bytes_used = bytes_max, 0
        self._may_keep = may_keep
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        self._by_layer: dict[Layer, set[Key]] = defaultdict(set)
        self._aliases: dict[Address, tuple[Key, bool]] = {}
        self._flights: dict[Key, asyncio.Task[Entry]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def at(self, address: Address) -> tuple[Entry, bool] | None:
        """The public's tile at an address, if it was asked for by that address before, and whether the address stands for it for ever."""
        found = self._aliases.get(address)
        if found is None:
            return None
        self._entries.move_to_end(found[0])
        return self._entries[found[0]], found[1]

    def call(self, key: Key, address: Address, entry: Entry, *, is_for_ever: bool = False) -> None:
        """From now on this kept tile of the public is found by this address, too, if the address alone says which tile it is.

        `is_for_ever`: the address names the version this very tile holds for.
        """
        if self._entries.get(key) is not entry or key.scope != PUBLIC_SCOPE or key.day or b"county=" not in address[1]:
            return
        if address not in self._aliases:
            if len(entry.aliases) == ALIASES_MAX:
                del self._aliases[entry.aliases.pop(0)]
            entry.aliases.append(address)
        self._aliases[address] = key, is_for_ever

    async def get(self, key: Key, make: Callable[[], Awaitable[Entry]]) -> Entry:
        """The tile, made if it is not here; who asks meanwhile waits for the same one."""
        entry = self._entries.get(key)
        if entry is not None:
            self._entries.move_to_end(key)
            return entry
        if not self._may_keep():
            return await make()
        flight = self._flights.get(key)
        if flight is None:
            flight = asyncio.create_task(self._make(key, make))
            self._flights[key] = flight
            flight.add_done_callback(lambda done: self._landed(key, done))
        return await asyncio.shield(flight)

    async def _make(self, key: Key, make: Callable[[], Awaitable[Entry]]) -> Entry:
        return await make()

    def _landed(self, key: Key, flight: asyncio.Task[Entry]) -> None:
        failed = flight.cancelled() or flight.exception() is not None
        if self._flights.get(key) is not flight:
            return  # something in it changed meanwhile: it belongs to those who asked before
        del self._flights[key]
        if not failed and self._may_keep():
            self._keep(key, flight.result())

    def _keep(self, key: Key, entry: Entry) -> None:
        if entry.size_bytes > self.bytes_max:
            return
        self._drop(key)
        self._entries[key] = entry
        entry.is_kept = True
        self._by_layer[key.county_code, key.collection].add(key)
        self.bytes_used += entry.size_bytes
        self._make_room()

    def plain(self, entry: Entry) -> bytes:
        """The tile uncompressed, for clients that ask so; kept from then on while there is room."""
        if entry.plain is None:
            body: bytes = igzip.decompress(entry.gzipped)  # type: ignore[no-untyped-call]
            if len(body) > self.bytes_max // 4:
                return body
            entry.plain = body
            if entry.is_kept:
                self.bytes_used += len(body)
                self._make_room()
        return entry.plain

    def _make_room(self) -> None:
        while self.bytes_used > self.bytes_max and self._entries:
            self._drop(next(iter(self._entries)))

    def forget(self, change: Change) -> None:
        """Drop exactly the tiles that a change can be seen in, made or being made."""
        told = change.collections
        collections = None if told is None else {*told, *(name for each in told for name in FOLLOWERS.get(each, ()))}
        layers = (
            [layer for layer in self._by_layer if layer[0] == change.county_code]
            if collections is None
            else [(change.county_code, name) for name in sorted(collections)]
        )
        for layer in layers:
            for key in [k for k in self._by_layer.get(layer, ()) if _is_in(k, change)]:
                self._drop(key)
        for key in [k for k in self._flights if k.county_code == change.county_code
                    and (collections is None or k.collection in collections) and _is_in(k, change)]:  # fmt: skip
            del self._flights[key]

    def clear(self) -> None:
        """Drop everything."""
        for entry in self._entries.values():
            entry.is_kept = False
        self._entries.clear()
        self._by_layer.clear()
        self._aliases.clear()
        self._flights.clear()
        self.bytes_used = 0

    def _drop(self, key: Key) -> None:
        entry = self._entries.pop(key, None)
        if entry is None:
            return
        self.bytes_used -= entry.size_bytes
        entry.is_kept = False
        for address in entry.aliases:
            self._aliases.pop(address, None)
        keys = self._by_layer[key.county_code, key.collection]
        keys.discard(key)
        if not keys:
            del self._by_layer[key.county_code, key.collection]


def _is_in(key: Key, change: Change) -> bool:
    return change.boxes is None or any(key.touches(box) for box in change.boxes)
