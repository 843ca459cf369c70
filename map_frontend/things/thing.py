"""One thing as it is told, in the drawer and on its page alike: the same queries, the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from api.deps import Reader
from geo.clock import today
from geo.overlays import surroundings as told
from geo.overlays.queries import surroundings
from geo.registry.collections import COLLECTIONS, Collection
from geo.registry.queries import Item, data_source
from map_frontend.site import Page
from map_frontend.style.palette import PARCEL_STATUS, PROJECT_STAGE, UNKNOWN
from map_frontend.things import reading
from map_frontend.things.around import Around, Share, shares
from map_frontend.things.kinds import key_figures
from map_frontend.things.locator import Locator, locator
from map_frontend.things.sharing import Sharing, sharing
from map_frontend.things.states import State, layer_of, state_of
from map_frontend.things.structure import Structure, structure_of
from map_frontend.things.writing import Bar, Row, Writer
from map_frontend.words import Words

STRUCTURED = ("parks", "featured_towns")
"""Places whose firms inside are told by chain; those of a town are counted with its other things."""


Counted = Sequence[tuple[str | None, int]]
"""(code or None, how many), the most first."""


@dataclass(frozen=True, slots=True)
class Utility:
    """One of 九通一平: its word, and whether it is there."""

    word: str
    is_there: bool


@dataclass(frozen=True, slots=True)
class Thing:
    """What a template asks of one thing. `utilities`: None = not registered, which is not the same as none."""

    collection: Collection
    item: Item
    name: str
    kind_word: str
    description: str
    state: State | None
    figures: list[Row]
    controls: list[Bar]
    floors: list[Row]
    has_utilities: bool
    utilities: list[Utility] | None
    chains: list[str]
    around: Around | None
    spaces: Sequence[dict[str, Any]]
    totals: dict[str, list[Share]]
    structure: Structure | None
    source: dict[str, Any] | None
    locator: Locator | None
    town: str
    sharing: Sharing
    writer: Writer

    @property
    def tone(self) -> str:
        """Token of its colour: that of its state, else of its layer."""
        paint = layer_of(self.collection.id).other
        return self.state.mark.token if self.state else paint.mark or paint.line or paint.fill or UNKNOWN.token

    @property
    def code(self) -> str:
        """Its code."""
        return self.item.code

    @property
    def properties(self) -> Any:
        """Its properties as the reader may see them."""
        return self.item.properties

    @property
    def rows(self) -> list[Row]:
        """Everything registered that is not told above."""
        return self.writer.rows(self.properties, self.collection.properties(self.writer.audience))


def _place(found: Item) -> tuple[float, float] | None:
    p = found.properties
    return None if p["west"] is None else ((p["west"] + p["east"]) / 2, (p["south"] + p["north"]) / 2)


def _utilities(page: Page, found: Item) -> list[Utility] | None:
    there = found.properties.get("utilities")
    if there is None:
        return None
    listed = [code for code_list, code in page.words.codes if code_list == "utility"]
    return [Utility(page.words.code("utility", code), code in there) for code in listed]


async def thing_of(connection: AsyncConnection, reader: Reader, page: Page, collection_id: str, found: Item) -> Thing:
    """An item with all that is told of it everywhere."""
    c, properties, words, county = COLLECTIONS[collection_id], found.properties, page.words, reader.county
    writer = Writer(page, reader, c)
    around = None
    if collection_id in told.COLLECTIONS:
        day = today(county.time_zone)
        around = Around(
            page, await surroundings(connection, reader.actor, county, collection_id, found, day), writer.area_unit
        )
    state = state_of(words, collection_id, properties)
    name, place = words.name(properties), _place(found)
    kind = properties.get("kind") if collection_id == "buildings" else None
    parts = await reading.county_shape(connection, reader.actor, county.code)
    figures = (
        await reading.town_figures(connection, reader.actor, county.code, found.code)
        if collection_id == "admin_areas"
        else {}
    )
    own_town = found.code if collection_id == "admin_areas" else properties.get("town_code")
    return Thing(
        collection=c, item=found, name=name,
        kind_word=words.code("building_kind", kind) if kind else words(f"thing.one.{c.id}"),
        description=words.pick(
            properties.get("description") or properties.get("summary"),
            properties.get("description_en") or properties.get("summary_en"),
        ),
        state=state,
        figures=[writer.row(figure, properties) for figure in key_figures(collection_id, kind)],
        controls=writer.controls(properties), floors=writer.floors(properties),
        has_utilities=collection_id == "parcels", utilities=_utilities(page, found),
        chains=[words.code("chain", code) for code in around.told.chain_codes] if around else [],
        around=around,
        spaces=await reading.spaces_of(connection, reader.actor, county.code, found.code) if kind else (),
        totals=_totals(words, figures),
        structure=_structure(words, name, collection_id, around, figures),
        source=await data_source(connection, properties.get("data_source_id")),
        locator=locator(parts, own_town, place if collection_id != "admin_areas" else None),
        town=words.code("town", properties["town_code"]) if properties.get("town_code") else "",
        sharing=sharing(page, reader.base, collection_id, found.code, place, name), writer=writer,
    )  # fmt: skip


def _structure(
    words: Words, name: str, collection_id: str, around: Around | None, figures: Mapping[str, Counted]
) -> Structure | None:
    """The firms of a place by chain; None for what is no such place."""
    if around and collection_id in STRUCTURED:
        by_chain = around.told.enterprises.by_chain
        return structure_of(words, name, [(group.chain_code, group.firm_count) for group in by_chain])
    return structure_of(words, name, figures.get("enterprises", [])) if collection_id == "admin_areas" else None


def _totals(words: Words, figures: Mapping[str, Counted]) -> dict[str, list[Share]]:
    """What a town has, by status, stage and kind, each as bars."""
    lists = {
        "parcels": "parcel_status",
        "projects": "project_stage",
        "buildings": "building_kind",
    }
    order = {**dict.fromkeys(PARCEL_STATUS), **dict.fromkeys(PROJECT_STAGE)}
    ranks = {key: rank for rank, key in enumerate(order)}
    totals = {}
    for collection, code_list in lists.items():
        counted = sorted(figures.get(collection, []), key=lambda one: ranks.get(one[0] or "", len(ranks)))
        totals[collection] = shares(
            words, [(words.code(code_list, k) if k else words("unknown"), n) for k, n in counted]
        )
    return totals
