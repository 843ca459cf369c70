"""Who somebody is: read by the service's own login before any role is taken."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import ALL_UNITS, Actor, Audience

WRITES_FOR_ALL = {"admin", "bureau"}
WRITES_FOR_OWN = {"clerk", "park"}


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


async def by_session(connection: AsyncConnection, secret_sha256: bytes) -> Person | None:
    """Whose session this is, if it is neither idle for too long nor past its end (SEC-03)."""
    row = (
        await connection.execute(
            text(
                _PERSON % (", s.id as session_id, s.csrf_token", "join register.account_session s on s.account_id = a.id",
                           "s.secret_sha256 = :secret and s.expires_at > clock_timestamp() and s.last_seen_at > clock_timestamp() - "
                           "make_interval(mins => register.parameter_value('sec.idle_minutes', null, current_date)::int)")
            ),
            {"secret": secret_sha256},
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        return None
    await connection.execute(
        text(
            "update register.account_session set last_seen_at = clock_timestamp() where id = :id and last_seen_at < clock_timestamp() - interval '20 s'"
        ),
        {"id": row.session_id},
    )
    return _person(row, row.session_id, row.csrf_token)


async def by_token(connection: AsyncConnection, secret_sha256: bytes) -> Person | None:
    """Whose personal token this is, if it is neither revoked nor expired."""
    row = (
        await connection.execute(
            text(_PERSON % ("", "join register.api_token t on t.account_id = a.id",
                            "t.secret_sha256 = :secret and t.revoked_at is null and (t.expires_at is null or t.expires_at > clock_timestamp())")),
            {"secret": secret_sha256},
        )
    ).one_or_none()  # fmt: skip
    return None if row is None else _person(row)


async def password_of(connection: AsyncConnection, username: str) -> tuple[Person, str] | None:
    """An account and its password hash, by name."""
    row = (
        await connection.execute(text(_PERSON % (", a.password_hash", "", "a.username = :name")), {"name": username})
    ).one_or_none()
    return None if row is None or row.password_hash is None else (_person(row), row.password_hash)


async def failures(connection: AsyncConnection, key_sha256: bytes) -> int:
    """Failed logins of an account name or an address within the window of SEC-02."""
    counted = await connection.execute(
        text(
            "select count(*) from register.login_attempt where key_sha256 = :key and at > clock_timestamp() - "
            "make_interval(mins => register.parameter_value('sec.failure_window_minutes', null, current_date)::int)"
        ),
        {"key": key_sha256},
    )
    return int(counted.scalar_one())
