"""Who somebody is: read by the service's own login before any role is taken."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import ALL_UNITS, Actor, Audience

_TOKENS = text((Path(__file__).parent / "sql" / "tokens_of_account.sql").read_text(encoding="utf-8"))
WRITES_FOR_ALL = {"admin", "bureau"}
WRITES_FOR_OWN = {"clerk", "park"}
READS_ALL = {"leader"}
"""Tier P3 without a unit: reads every unit's negotiations, writes none."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody logged in. `csrf_token` is empty for tokens: no browser sends those by itself."""

    account_id: int
    username: str
    display_name: str
    roles: tuple[tuple[str, str], ...]
    units: tuple[tuple[str, str], ...]
    session_id: int | None = None
    csrf_token: str = ""

    def roles_in(self, county_code: str) -> set[str]:
        """Roles in one county; '*' counts everywhere."""
        return {role for county, role in self.roles if county in (county_code, "*")}

    def actor(self, county_code: str) -> Actor:
        """What the database is told of this person for a transaction in one county."""
        roles = self.roles_in(county_code)
        if not roles:
            return Actor()
        if roles & WRITES_FOR_ALL:
            audience = Audience.ADMIN if "admin" in roles else Audience.STAFF
            return Actor(audience, self.username, (ALL_UNITS,), "P3")
        own = tuple(unit for county, unit in self.units if county == county_code) if roles & WRITES_FOR_OWN else ()
        if roles & READS_ALL:
            return Actor(Audience.STAFF, self.username, own, "P3", reads=(ALL_UNITS,))
        return Actor(Audience.STAFF, self.username, own, "P3" if own else "P2")


_PERSON = """
select a.id, a.username, a.display_name,
       coalesce((select array_agg(array[r.county_code, r.role]) from register.account_role r where r.account_id = a.id), '{}') as roles,
       coalesce((select array_agg(array[u.county_code, u.unit_code]) from register.account_unit u where u.account_id = a.id), '{}') as units
       %s
from register.account a %s
where a.is_active and %s"""


def _person(row: object, session_id: int | None = None, csrf: str = "") -> Person:
    r = row
    pairs = tuple((c, v) for c, v in r.roles)  # type: ignore[attr-defined]
    units = tuple((c, v) for c, v in r.units)  # type: ignore[attr-defined]
    return Person(r.id, r.username, r.display_name, pairs, units, session_id, csrf)  # type: ignore[attr-defined]


_SESSION_OPEN = (
    "s.expires_at > clock_timestamp() and s.last_seen_at > clock_timestamp() - "
    "make_interval(mins => register.parameter_value('sec.idle_minutes', null, current_date)::int)"
)


async def is_session_open(connection: AsyncConnection, session_id: int) -> bool:
    """Whether somebody may still act by a session; asking is not using it."""
    found = await connection.execute(
        text(
            f"select 1 from register.account_session s join register.account a on a.id = s.account_id and a.is_active "
            f"where s.id = :id and {_SESSION_OPEN}"
        ),
        {"id": session_id},
    )
    return found.first() is not None


async def by_session(connection: AsyncConnection, secret_sha256: bytes, *, is_use: bool = True) -> Person | None:
    """Whose session this is, if it is neither idle for too long nor past its end (SEC-03); `is_use` keeps it awake."""
    row = (
        await connection.execute(
            text(
                _PERSON % (", s.id as session_id, s.csrf_token", "join register.account_session s on s.account_id = a.id",
                           f"s.secret_sha256 = :secret and {_SESSION_OPEN}")
            ),
            {"secret": secret_sha256},
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        return None
    if not is_use:
        return _person(row, row.session_id, row.csrf_token)
    await connection.execute(
        text(
            "update register.account_session set last_seen_at = clock_timestamp() where id = :id and last_seen_at < clock_timestamp() - interval '20 s'"
        ),
        {"id": row.session_id},
    )
    return _person(row, row.session_id, row.csrf_token)


async def by_token(connection: AsyncConnection, secret_sha256: bytes) -> Person | None:
    """Whose personal token this is, if it is neither revoked nor expired; remembers when it was last used."""
    row = (
        await connection.execute(
            text(_PERSON % (", t.id as token_id", "join register.api_token t on t.account_id = a.id",
                            "t.secret_sha256 = :secret and t.revoked_at is null and (t.expires_at is null or t.expires_at > clock_timestamp())")),
            {"secret": secret_sha256},
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        return None
    await connection.execute(
        text(
            "update register.api_token set last_used_at = clock_timestamp() "
            "where id = :id and (last_used_at is null or last_used_at < clock_timestamp() - interval '1 minute')"
        ),
        {"id": row.token_id},
    )
    return _person(row)


async def password_of(connection: AsyncConnection, username: str) -> tuple[Person, str] | None:
    """An account and its password hash, by name."""
    row = (
        await connection.execute(text(_PERSON % (", a.password_hash", "", "a.username = :name")), {"name": username})
    ).one_or_none()
    return None if row is None or row.password_hash is None else (_person(row), row.password_hash)


async def tokens_of(connection: AsyncConnection, account_id: int) -> list[dict[str, Any]]:
    """The personal tokens of an account, newest first, without anything of their secrets."""
    rows = await connection.execute(_TOKENS, {"account": account_id})
    return [dict(row) for row in rows.mappings()]
