"""The statements of `sql/`, by name."""

from __future__ import annotations

from pathlib import Path

SQL = Path(__file__).parent / "sql"


def statement(name: str) -> str:
    """The text of sql/<name>.sql."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
