"""Sessions, tokens, failed logins, accounts: writes on the people tables."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import BadInput, Conflict, NotFound, Problem
from geo.people.tables import ROLES

HASHER = PasswordHasher()
"""argon2id with the library's own current parameters."""

TOKENS_PER_ACCOUNT_MAX = 20
LABEL_MAX = 64
SQL = Path(__file__).parent / "sql"
_IS_LOCKED = text((SQL / "is_locked.sql").read_text(encoding="utf-8"))


def fingerprint(secret: str) -> bytes:
    """What is stored of a secret: its SHA-256 (secrets here are random and long)."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()


@lru_cache(maxsize=1)
def _nobody_hash() -> str:
    """Nobody's; made at the first log-in, not whenever this file is read: it takes as long as any."""
    return HASHER.hash(secrets.token_urlsafe(16))


def is_password(stored_hash: str | None, password: str) -> bool:
    """Whether a password belongs to a stored hash. Takes tens of milliseconds and 64 MiB on purpose; for an unknown name (None) as
    long as for a known one (SEC-02)."""
    nobody = _nobody_hash()
    try:
        return HASHER.verify(stored_hash or nobody, password)
    except (VerificationError, InvalidHashError, UnicodeError):
        return False


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


async def close_session_of_secret(connection: AsyncConnection, secret: str) -> None:
    """End the session a cookie belongs to, if there is one: a new login never goes on with an old number (SEC-03)."""
    await connection.execute(
        text("delete from register.account_session where secret_sha256 = :secret"), {"secret": fingerprint(secret)}
    )


async def begin_attempt(connection: AsyncConnection, keys: Sequence[bytes]) -> list[int] | None:
    """Note a login as failed before it is tried, so that a hundred at once are not a hundred tries; None = locked.

    `keys`: fingerprints of the name and of the address, the same for names there are and names there are not. A try while
    locked is not counted, so that a lock ends. Entries older than a day go.
    """
    for key in sorted(keys):
        await connection.execute(
            text("select pg_advisory_xact_lock(hashtextextended(:key, 2))"), {"key": "login/" + key.hex()}
        )
    if (await connection.execute(_IS_LOCKED, {"keys": list(keys)})).scalar_one():
        return None
    await connection.execute(text("delete from register.login_attempt where at < clock_timestamp() - interval '1 day'"))
    noted = await connection.execute(
        text("insert into register.login_attempt (key_sha256) select unnest(cast(:keys as bytea[])) returning id"),
        {"keys": list(keys)},
    )
    return list(noted.scalars())


async def attempt_succeeded(connection: AsyncConnection, noted: Sequence[int], name_key: bytes) -> None:
    """The password was right: this try was no failure, and earlier ones of this name are forgiven."""
    await connection.execute(
        text("delete from register.login_attempt where id = any(:noted) or key_sha256 = :name"),
        {"noted": list(noted), "name": name_key},
    )


@dataclass(frozen=True, slots=True)
class NewToken:
    """A personal token just made; `secret` is shown once and stored nowhere."""

    token_id: int
    secret: str


async def make_token(connection: AsyncConnection, account_id: int, label: str, days: int) -> NewToken:
    """A personal token for `days` days. Raises BadInput (label), Conflict (too many valid ones)."""
    label = label.strip()
    if not 0 < len(label) <= LABEL_MAX or not label.isprintable():
        raise BadInput.at(
            "/label",
            Problem(zh="名称为空或过长", en="the label is empty or too long"),
            Problem(zh=f"1 至 {LABEL_MAX} 个字符", en=f"1 to {LABEL_MAX} characters"),
        )
    valid = await connection.execute(
        text(
            "select count(*) from register.api_token where account_id = :account and revoked_at is null "
            "and (expires_at is null or expires_at > clock_timestamp())"
        ),
        {"account": account_id},
    )
    if valid.scalar_one() >= TOKENS_PER_ACCOUNT_MAX:
        raise Conflict(
            Problem(
                zh=f"最多 {TOKENS_PER_ACCOUNT_MAX} 个有效令牌，请先撤销不用的",
                en=f"at most {TOKENS_PER_ACCOUNT_MAX} valid tokens; revoke one that is not used",
            )
        )
    secret = _token_secret()
    made = await connection.execute(
        text(
            "insert into register.api_token (account_id, label, secret_sha256, expires_at) "
            "values (:account, :label, :secret, clock_timestamp() + make_interval(days => :days)) returning id"
        ),
        {"account": account_id, "label": label, "secret": fingerprint(secret), "days": days},
    )
    return NewToken(made.scalar_one(), secret)


async def revoke_token(connection: AsyncConnection, account_id: int, token_id: int) -> None:
    """End one of the account's own tokens; again changes nothing. Raises NotFound."""
    done = await connection.execute(
        text(
            "update register.api_token set revoked_at = coalesce(revoked_at, clock_timestamp()) "
            "where id = :id and account_id = :account returning id"
        ),
        {"id": token_id if 0 < token_id < 2**62 else 0, "account": account_id},
    )
    if done.first() is None:
        raise NotFound.at("id", Problem(zh=f"没有令牌 {token_id}", en=f"there is no token {token_id}"))


async def note_act(
    connection: AsyncConnection, account: str, action: str, object_kind: str, object_id: str, request_id: str
) -> None:
    """An entry of the trail about an account itself (SEC-06); in a transaction of the service's own login.

    Takes the staff role for the rest of the transaction, so it comes last. Ids only, never a value (design.md 4).
    """
    await connection.execute(text("select set_config('role', 'yzt_staff', true), set_config('yzt.account', :account, true)"), {"account": account})  # fmt: skip
    await connection.execute(
        text(
            "insert into register.audit_entry (account, action, object_kind, object_id, request_id) "
            "values (:account, :action, :kind, :object, :request)"
        ),
        {"account": account, "action": action, "kind": object_kind, "object": object_id, "request": request_id},
    )


def _token_secret() -> str:
    return "yzt_" + secrets.token_urlsafe(32)


def create_account(
    connection: Connection, username: str, password: str, display_name: str, role: str, county_code: str, units: tuple[str, ...],
    *, is_demo: bool = False,
) -> str:  # fmt: skip
    """An account with one role and a personal token; returns the token. Raises BadInput (role).

    An existing account gets a new password; its older sessions and tokens end with the old one.
    """
    if role not in ROLES:
        raise BadInput.at(
            "role",
            Problem(zh=f"没有角色“{role}”", en=f"there is no role '{role}'"),
            Problem(zh="、".join(ROLES), en=", ".join(ROLES)),
        )
    account_id = connection.execute(
        text(
            "insert into register.account (username, display_name, password_hash, is_demo, password_changed_at) "
            "values (:name, :display, :hash, :demo, clock_timestamp()) on conflict (username) do update set "
            "password_hash = excluded.password_hash, password_changed_at = clock_timestamp() returning id"
        ),
        {"name": username, "display": display_name, "hash": HASHER.hash(password), "demo": is_demo},
    ).scalar_one()
    connection.execute(text("delete from register.account_session where account_id = :id"), {"id": account_id})
    connection.execute(
        text(
            "update register.api_token set revoked_at = clock_timestamp() where account_id = :id and revoked_at is null"
        ),
        {"id": account_id},
    )
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
    token = _token_secret()
    connection.execute(
        text("insert into register.api_token (account_id, label, secret_sha256) values (:id, 'first', :secret)"),
        {"id": account_id, "secret": fingerprint(token)},
    )
    return token
