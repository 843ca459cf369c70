"""Sessions, tokens, failed logins, accounts: writes on the people tables."""

from __future__ import annotations

import hashlib
import secrets

from argon2 import PasswordHasher
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

HASHER = PasswordHasher()
"""argon2id with the library's own current parameters."""


def fingerprint(secret: str) -> bytes:
    """What is stored of a secret: its SHA-256 (secrets here are random and long)."""
    return hashlib.sha256(secret.encode()).digest()


async def open_session(connection: AsyncConnection, account_id: int) -> str:
    """A new session; returns the secret for the cookie. Sessions past their end are removed on the way."""
    secret = secrets.token_urlsafe(32)
    await connection.execute(text("delete from register.account_session where expires_at < clock_timestamp()"))
    await connection.execute(
        text(
            "insert into register.account_session (secret_sha256, account_id, csrf_token, expires_at) values (:secret, :account, :csrf, "
            "clock_timestamp() + make_interval(hours => register.parameter_value('sec.session_hours', null, current_date)::int))"
        ),
        {"secret": fingerprint(secret), "account": account_id, "csrf": secrets.token_urlsafe(24)},
    )
    return secret


async def close_session(connection: AsyncConnection, session_id: int) -> None:
    """End one session."""
    await connection.execute(text("delete from register.account_session where id = :id"), {"id": session_id})


async def note_failure(connection: AsyncConnection, *keys: bytes) -> None:
    """Remember a failed login for an account name and an address; entries older than a day go."""
    await connection.execute(text("delete from register.login_attempt where at < clock_timestamp() - interval '1 day'"))
    for key in keys:
        await connection.execute(text("insert into register.login_attempt (key_sha256) values (:key)"), {"key": key})


def create_account(
    connection: Connection, username: str, password: str, display_name: str, role: str, county_code: str, units: tuple[str, ...],
    *, is_demo: bool = False,
) -> str:  # fmt: skip
    """An account with one role and a personal token; returns the token. An existing account gets a new password."""
    account_id = connection.execute(
        text(
            "insert into register.account (username, display_name, password_hash, is_demo, password_changed_at) "
            "values (:name, :display, :hash, :demo, clock_timestamp()) on conflict (username) do update set "
            "password_hash = excluded.password_hash, password_changed_at = clock_timestamp() returning id"
        ),
        {"name": username, "display": display_name, "hash": HASHER.hash(password), "demo": is_demo},
    ).scalar_one()
    connection.execute(
        text(
            "insert into register.account_role (account_id, county_code, role) values (:id, :county, :role) on conflict do nothing"
        ),
        {"id": account_id, "county": county_code, "role": role},
    )
    for unit in units:
        connection.execute(
            text(
                "insert into register.account_unit (account_id, county_code, unit_code) values (:id, :county, :unit) on conflict do nothing"
            ),
            {"id": account_id, "county": county_code, "unit": unit},
        )
    token = "yzt_" + secrets.token_urlsafe(32)
    connection.execute(
        text("insert into register.api_token (account_id, label, secret_sha256) values (:id, 'first', :secret)"),
        {"id": account_id, "secret": fingerprint(token)},
    )
    return token
