"""Counties and what there is in each."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from api.deps import ReaderDep, Transaction
from geo.registry.queries import code_words, counties, counts

router = APIRouter(prefix="/v1", tags=["registry"])


@router.get("/counties")
async def list_counties(reader: ReaderDep, connection: Transaction) -> list[dict[str, Any]]:
    """The counties of this deployment, the default one first; bounds in degrees (EPSG:4490)."""
    return [asdict(row) for row in await counties(connection)]


@router.get("/counts")
async def list_counts(reader: ReaderDep, connection: Transaction) -> dict[str, int]:
    """How many things of each collection the reader sees in the county."""
    return await counts(connection, reader.actor, reader.county.code)


@router.get("/words")
async def list_words(reader: ReaderDep, connection: Transaction) -> dict[str, dict[str, str]]:
    """Words of all code lists in the reader's language: list -> code -> word."""
    table: dict[str, dict[str, str]] = {}
    for (list_code, code), (zh, en) in (await code_words(connection)).items():
        table.setdefault(list_code, {})[code] = en if reader.lang == "en" else zh
    return table
