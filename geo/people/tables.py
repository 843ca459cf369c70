"""Accounts, roles, units, sessions, tokens. Personal data lives apart: no version tables (design.md 4)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from geo.schema import NOW, SCHEMA, Base

ROLES = ("admin", "bureau", "clerk", "park", "planner", "leader", "auditor")


class Account(Base):
    """A person or a machine that logs in."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    password_hash: Mapped[str | None] = mapped_column(comment="argon2id; null = cannot log in with a password")
    lang: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    is_demo: Mapped[bool] = mapped_column(server_default=text("false"))
    password_changed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    __table_args__ = (
        CheckConstraint("username ~ '^[a-z0-9][a-z0-9._-]{1,62}$'", name="username"),
        CheckConstraint("lang in ('zh', 'en')", name="lang"),
    )


class AccountRole(Base):
    """What an account may do, per county; '*' in county_code = everywhere."""

    __tablename__ = "account_role"
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.account.id", ondelete="CASCADE"))
    county_code: Mapped[str] = mapped_column(server_default="*")
    role: Mapped[str]
    __table_args__ = (
        PrimaryKeyConstraint("account_id", "county_code", "role"),
        CheckConstraint(f"role in {ROLES!r}", name="role"),
    )


class AccountUnit(Base):
    """The units an account writes for; '*' = all of the county."""

    __tablename__ = "account_unit"
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.account.id", ondelete="CASCADE"))
    county_code: Mapped[str]
    unit_code: Mapped[str]
    __table_args__ = (PrimaryKeyConstraint("account_id", "county_code", "unit_code"),)


class AccountSession(Base):
    """A login of a person: the cookie holds a secret, here stands its hash."""

    __tablename__ = "account_session"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    secret_sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.account.id", ondelete="CASCADE"))
    csrf_token: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    last_seen_at: Mapped[datetime] = mapped_column(server_default=NOW)
    expires_at: Mapped[datetime]
    __table_args__ = (Index("ix_account_session_account", "account_id"),)


class ApiToken(Base):
    """A personal token for QGIS, GDAL and scripts: Bearer, or the password of HTTP Basic."""

    __tablename__ = "api_token"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.account.id", ondelete="CASCADE"))
    label: Mapped[str]
    secret_sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class LoginAttempt(Base):
    """A failed login, for the lock by account and by address (SEC-02); hashed, and dropped after a day."""

    __tablename__ = "login_attempt"
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    key_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(server_default=NOW)
    __table_args__ = (Index("ix_login_attempt_key", "key_sha256", "at"),)
