"""The opaque cursor of items: where the next page begins, at which moment it is read, bound to the query it came from."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from geo.errors import BadInput, Problem
from geo.registry.features import Key, Moment
from geo.registry.values import READERS

SUM_CHARS = 24


@dataclass(frozen=True, slots=True)
class Place:
    """After which key a page begins, the moment all pages are read at (None = now), and how many match in all."""

    after: Key
    moment: Moment | None
    number_matched: int | None


def _sum(body: bytes, query: str) -> str:
    return hashlib.sha256(body + b"\n" + query.encode(errors="surrogatepass")).hexdigest()[:SUM_CHARS]


def _plain(value: Any) -> Any:
    if isinstance(value, bool | int) or value is None:
        return value
    return value.isoformat() if isinstance(value, date | datetime) else format(value, "f") if isinstance(value, Decimal) else str(value)  # fmt: skip


def write(place: Place, query: str) -> str:
    """A cursor that continues `query`; anything changed in it shows when it is read."""
    moment = place.moment and [place.moment.as_of.isoformat(), place.moment.known_at and place.moment.known_at.isoformat()]  # fmt: skip
    body = orjson.dumps([[_plain(value) for value in place.after], moment, place.number_matched])
    return base64.urlsafe_b64encode(_sum(body, query).encode() + body).decode().rstrip("=")


def read(cursor: str, query: str, kinds: list[str]) -> Place:
    """The place a cursor stands for; `kinds` are the types of its sort keys. Raises BadInput for one of another query, or edited."""
    try:
        raw = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        mark, body = raw[:SUM_CHARS].decode("ascii"), raw[SUM_CHARS:]
        if mark != _sum(body, query):
            raise ValueError(cursor)
        after, moment, number = orjson.loads(body)
        keys = tuple(None if v is None else READERS[k][0](str(v)) for v, k in zip(after, [*kinds, "string"], strict=True))  # fmt: skip
        at = moment and Moment(date.fromisoformat(moment[0]), moment[1] and datetime.fromisoformat(moment[1]))
    except (binascii.Error, ValueError, TypeError):
        raise BadInput.at(
            "cursor",
            Problem(zh="cursor 已损坏或属于另一次查询", en="the cursor is damaged or belongs to another query"),
            Problem(zh="请从第一页重新开始", en="start again from the first page"),
        ) from None
    return Place(keys, at, number)
