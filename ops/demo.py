"""Demo accounts of a private database: random passwords at the first start, in a file only its owner can read."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from sqlalchemy import Engine, text

from geo.db import ALL_UNITS, Actor, Audience, acting_sync
from geo.people.commands import create_account
from ops.bootstrap.steps import LOCAL

FILE = LOCAL / "demo-accounts.json"
ADMIN = Actor(Audience.ADMIN, account="demo", units=(ALL_UNITS,), tier="P3")
ACCOUNTS = (
    ("admin", "admin", "示例·管理员", None),
    ("bureau", "bureau", "示例·投资促进中心", "B-TZ"),
    ("clerk", "clerk", "示例·丹东街道经办", "T330225001"),
    ("park", "park", "示例·临港园区经办", "PLG"),
    ("planner", "planner", "示例·规划选址", None),
    ("leader", "leader", "示例·领导", None),
    ("auditor", "auditor", "示例·审计", None),
)


def make(engine: Engine, county_code: str, file: Path = FILE) -> bool:
    """Make the accounts and the file if either is missing. Never with DATABASE_URL given or MAP_PUBLIC=true (design.md 9)."""
    if os.environ.get("DATABASE_URL") or os.environ.get("MAP_PUBLIC", "").lower() == "true":
        return False
    with acting_sync(engine, ADMIN) as connection:
        present = connection.execute(text("select count(*) from register.account where is_demo")).scalar_one()
        if present == len(ACCOUNTS) and file.exists():
            return False
        rows = []
        for username, role, display, unit in ACCOUNTS:
            password = secrets.token_urlsafe(9)
            units = (unit,) if unit and role in ("clerk", "park") else ()
            county = "*" if role == "admin" else county_code
            token = create_account(connection, username, password, display, role, county, units, is_demo=True)
            rows.append({"username": username, "password": password, "role": role, "unit": unit, "token": token})
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            json.dump(rows, out, ensure_ascii=False, indent=1)
    return True
