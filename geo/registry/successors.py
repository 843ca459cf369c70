"""What stands in place of a code that was merged, split or given anew (design.md 9: 410 with `successors`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import Actor, Audience
from geo.errors import GeoError, Gone, NotFound, Problem
from geo.registry.collections import Collection

SUCCEEDED = {"parcels": "parcel", "buildings": "building"}
"""Collections whose things can be succeeded by others, and their kind of subject."""


@dataclass(frozen=True, slots=True)
class Successor:
    """A code that stands in place of another since a civil date."""

    code: str
    succeeded_on: date


async def successors_of(
    connection: AsyncConnection, actor: Actor, collection_id: str, county_code: str, code: str
) -> list[Successor]:
    """What stands today in place of a code, over any number of steps, as far as this actor may see it; by code.

    Empty for a code that stands itself. To the public also for one that was never published: it is the same as absent.
    """
    kind = SUCCEEDED.get(collection_id)
    if kind is None:
        return []
    name = "public_successors_of" if actor.audience is Audience.PUBLIC else "successors_of"
    found = await connection.execute(
        text(f"select code, succeeded_on from register.{name}(:county, :kind, :code)"),
        {"county": county_code, "kind": kind, "code": code},
    )
    return [Successor(*row) for row in found]


async def absent(connection: AsyncConnection, actor: Actor, c: Collection, county_code: str, code: str) -> GeoError:
    """The error for a code this actor cannot see: Gone where others stand in its place (paths of their pages), else NotFound."""
    found = await successors_of(connection, actor, c.id, county_code, code)
    if found:
        names, since = "、".join(s.code for s in found), max(s.succeeded_on for s in found)
        return Gone(
            Problem(
                zh=f"{c.zh}“{code[:64]}”自 {since} 起由 {names} 承接",
                en=f"'{code[:64]}' was succeeded on {since} by {', '.join(s.code for s in found)}",
            ),
            extra={"successors": [f"/{c.id}/{quote(s.code)}?county={county_code}" for s in found]},
        )
    return NotFound.at(
        "code",
        Problem(
            zh=f"没有编号为“{code[:64]}”的{c.zh}", en=f"there is nothing with code '{code[:64]}' in {c.en.lower()}"
        ),
    )
