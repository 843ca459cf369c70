"""Sealing the trail and looking whether the seals still fit (design.md 4, SEC-06)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

ENTRIES_PER_SEAL_MAX = 5_000


@dataclass(frozen=True, slots=True)
class TrailFault:
    """Something wrong with the trail: `seal_missing`, `entries_changed`, `tail_missing` or `unsealed`, and from where on."""

    fault: str
    seal_id: int | None
    entry_id: int | None
    at: datetime


def seal(connection: Connection) -> int:
    """Seal the next entries in id order; returns how many. Needs the role yzt_admin."""
    sealed = connection.execute(text("select register.seal_audit(:most)"), {"most": ENTRIES_PER_SEAL_MAX})
    return int(sealed.scalar_one())


def verify(connection: Connection) -> list[TrailFault]:
    """What is wrong with the trail; empty when every seal fits. Needs the role yzt_admin."""
    rows = connection.execute(text("select fault, seal_id, entry_id, at from register.verify_audit()"))
    return [TrailFault(*row) for row in rows]
