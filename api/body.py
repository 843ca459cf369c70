"""What a write says: a JSON object or a form, as text by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import orjson
from fastapi import Request

from geo.errors import BadInput, Problem

BIGGEST_ID = 2**63 - 1


async def body_of(request: Request) -> tuple[dict[str, str], bool]:
    """What a write says, JSON object or form, as text by name, and whether it is a form; raises BadInput."""
    if "form" in request.headers.get("content-type", ""):
        form = await request.form()
        return {k: v for k, v in form.items() if isinstance(v, str)}, True
    try:
        body = orjson.loads(await request.body() or b"{}")
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict) or not all(isinstance(v, str | int | float) or v is None for v in body.values()):
        raise BadInput.at("/", Problem(zh="正文应为 JSON 对象", en="the body must be a JSON object"))
    return {str(k): str(v) for k, v in body.items() if v is not None}, False


def day_of(name: str, given: Mapping[str, str]) -> date | None:
    """The civil date given under a name, None where none is; raises BadInput."""
    text = given.get(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput.at(
            name,
            Problem(zh=f"“{(text or '')[:32]}”不是日期", en=f"'{(text or '')[:32]}' is not a date"),
            Problem(zh="如 2026-03-15", en="such as 2026-03-15"),
        ) from None


def number_of(name: str, given: Mapping[str, str], expected: Problem) -> int | None:
    """The number of a row given under a name, None where none is; raises BadInput, which says `expected`."""
    text = given.get(name)
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text[:20]) > BIGGEST_ID:
        raise BadInput.at(name, expected)
    return int(text)
