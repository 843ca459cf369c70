"""What lies around a thing (distances, policies, firms), as the pages to take away and the comparison tell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from geo.clock import today
from geo.overlays import surroundings as told_around
from geo.overlays.queries import surroundings
from map_frontend.drawing.told import Told
from map_frontend.things.around import Around


@dataclass(frozen=True, slots=True)
class Near:
    """One line: what it is (the same `key` for the same question of every thing), how far or how much, and a note."""

    key: str
    label: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under one heading, with how and when they were worked out."""

    title: str
    lines: Sequence[Near]
    note: str = ""


async def around(connection: AsyncConnection, told: Told) -> Sequence[Section]:
    """Distances, policies and firms of a thing, through the reader's views; none for things that have no surroundings told."""
    if told.c.id not in told_around.COLLECTIONS:
        return ()
    day = today(told.reader.county.time_zone)
    found = await surroundings(connection, told.reader.actor, told.reader.county, told.c.id, told.item, day)
    return sections(told, Around(told.page, found, told.writer.area_unit))


def sections(told: Told, near: Around) -> list[Section]:
    """The surroundings as headings with lines; a heading without lines is left out."""
    words, found = told.words, near.told
    method = words("thing.method", srid=found.transport.survey_srid) + " " + near.source_line(found.transport.sources)
    distances = [
        Near(f"{d.kind}/{bool(d.not_yet)}", d.kind, d.text, " · ".join(part for part in (d.name, d.not_yet) if part))
        for d in near.distances
    ]
    policies = [
        Near(p.href, p.name, p.amount or p.kind, " · ".join(part for part in (p.validity, p.where) if part))
        for p in near.policies
        if p.is_in_force
    ]
    firms = [Near(chain.word, chain.word, chain.count) for chain in near.chains]
    all_of_them = (
        Section(f"{words('thing.distances')} · {words('thing.straight_line')}", distances, method),
        Section(words("thing.policies"), policies, near.source_line(found.policies.sources)),
        Section(near.firms_title, firms, near.firm_count),
    )
    return [section for section in all_of_them if section.lines]
