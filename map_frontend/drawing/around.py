"""What lies around a thing (distances, policies, firms), as the pages to take away and the comparison ask for it.

The room of surroundings hands in one function at start (`app.state.around`); without it these sections are left out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncConnection

from map_frontend.drawing.told import Told


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


Around = Callable[[AsyncConnection, Told], Awaitable[Sequence[Section]]]


async def around(request: Request, connection: AsyncConnection, told: Told) -> Sequence[Section]:
    """Sections about the surroundings of a thing; none while nobody tells them."""
    teller: Around | None = getattr(request.app.state, "around", None)
    return await teller(connection, told) if teller else ()
