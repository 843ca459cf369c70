"""The query parameters of items: each parsed once, into one FeatureQuery."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from fastapi import Request

from api.deps import Reader, known_parameters, parse_limit
from api.ogc import cursor
from api.ogc.crs import CRS84, Offered, area_of_bbox, crs_of
from api.ogc.filtering import condition_of
from geo.clock import now, today
from geo.db import Audience
from geo.errors import BadInput, Problem
from geo.registry.collections import Collection
from geo.registry.features import FeatureQuery, Moment, SortKey
from geo.registry.values import READERS, value_of

OF_ITEMS = (
    "bbox",
    "bbox-crs",
    "crs",
    "datetime",
    "limit",
    "cursor",
    "sortby",
    "properties",
    "filter",
    "filter-lang",
    "filter-crs",
)
OF_A_MOMENT = ("as_of", "known_at")
NOT_OF_THE_QUERY = {"cursor", "limit", "lang", "f", "county"}
_INSTANT = re.compile(r"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$")


@dataclass(frozen=True, slots=True)
class Asked:
    """What one request for items asks: the query, how many, from where on, in which CRS."""

    query: FeatureQuery
    limit: int
    place: cursor.Place | None
    crs: Offered
    signature: str
    """The parameters that make this query, for the cursor to be bound to."""

    @property
    def sort_kinds(self) -> list[str]:
        """Types of the sort keys."""
        return [self.query.collection.word(key.name).type for key in self.query.sort]


def queryable(c: Collection, reader: Reader) -> Mapping[str, str]:
    """Properties that `name=value` may filter, with their types."""
    return _queryable(c, reader.actor.audience)


@lru_cache(maxsize=256)
def _queryable(c: Collection, audience: Audience) -> Mapping[str, str]:
    kinds = {name: c.word(name).type for name in c.askable(audience)}
    return MappingProxyType({name: kind for name, kind in kinds.items() if kind in READERS})


def sortable(c: Collection, reader: Reader) -> tuple[str, ...]:
    """Properties to sort by: those whose past is kept (so that pages hold still), else those that never change."""
    names = tuple(queryable(c, reader))
    return names if c.is_recorded else tuple(name for name in names if name in ("code", "subject_code", "rule_id"))


def items_query(request: Request, reader: Reader, c: Collection) -> Asked:
    """Everything a request for items says. Raises BadInput naming the parameter at fault."""
    filters = queryable(c, reader)
    moments = OF_A_MOMENT if c.is_recorded else ()
    known_parameters(request, *OF_ITEMS, *moments, *filters)
    asked = request.query_params
    survey = reader.county.survey_srid
    crs = crs_of("crs", asked.get("crs"), survey)
    if asked.get("bbox-crs") is not None and "bbox" not in asked:
        raise BadInput.at("bbox-crs", Problem(zh="bbox-crs 要和 bbox 一起给出", en="bbox-crs goes with bbox"))
    area, box = (None, None)
    if "bbox" in asked:
        area, box = area_of_bbox(asked["bbox"], crs_of("bbox-crs", asked.get("bbox-crs"), survey))
    query = FeatureQuery(
        collection=c,
        county_code=reader.county.code,
        area=area,
        box=box,
        changed=interval("datetime", asked["datetime"]) if "datetime" in asked else None,
        equal={name: value_of(name, kind, asked[name]) for name, kind in filters.items() if name in asked and name not in moments},
        condition=condition_of(request, reader, c),
        sort=_sort(asked.get("sortby"), sortable(c, reader)),
        properties=_properties(asked.get("properties"), c.askable(reader.actor.audience)),
        moment=moment_of(request, reader) if moments else None,
        crs=crs.output,
    )  # fmt: skip
    signature = "&".join(f"{k}={v}" for k, v in sorted(asked.multi_items()) if k not in NOT_OF_THE_QUERY)
    signature += f"|{c.id}|{reader.county.code}"
    limit = parse_limit(asked.get("limit"))
    made = Asked(query, limit, None, crs, signature)
    if "cursor" not in asked:
        return made
    place = cursor.read(asked["cursor"], signature, made.sort_kinds)
    return Asked(query, limit, place, crs, signature)


def moment_of(request: Request, reader: Reader) -> Moment | None:
    """`as_of` (civil date) and `known_at` (instant), neither in the future; None when neither is given. Raises BadInput."""
    asked = request.query_params
    if not any(name in asked for name in OF_A_MOMENT):
        return None
    civil, known_at = today(reader.county.time_zone), None
    if "known_at" in asked:
        known_at = _instant("known_at", asked["known_at"])
        if known_at > now():
            raise _future("known_at", asked["known_at"])
        civil = today(reader.county.time_zone, lambda: known_at)
    if "as_of" in asked:
        given: date = value_of("as_of", "date", asked["as_of"])
        if given > today(reader.county.time_zone):
            raise _future("as_of", asked["as_of"])
        civil = given
    return Moment(civil, known_at)


def _future(name: str, text: str) -> BadInput:
    return BadInput.at(
        name,
        Problem(zh=f"{text[:40]} 在将来", en=f"{text[:40]} lies in the future"),
        Problem(zh="不晚于现在", en="no later than now"),
    )


def _instant(name: str, text: str) -> datetime:
    expected = Problem(zh="时刻，如 2026-03-15T08:00:00Z", en="an instant such as 2026-03-15T08:00:00Z")
    try:
        if _INSTANT.match(text):
            at = datetime.fromisoformat(text.upper())
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadInput.at(name, Problem(zh=f"“{text[:64]}”不是时刻", en=f"'{text[:64]}' is not an instant"), expected)


def interval(name: str, text: str) -> tuple[datetime | None, datetime | None]:
    """An instant, or two with `/` between them, `..` or nothing for an open end (RFC 3339). Raises BadInput."""
    parts = text.split("/")
    if len(parts) == 1:
        at = _instant(name, text)
        return at, at
    if len(parts) != 2:
        raise BadInput.at(name, Problem(zh="时间段应为 开始/结束", en="an interval is start/end"))
    begins, ends = (None if part in ("", "..") else _instant(name, part) for part in parts)
    if begins is not None and ends is not None and begins > ends:
        raise BadInput.at(name, Problem(zh="时间段的开始晚于结束", en="the interval ends before it begins"))
    return begins, ends


def _sort(text: str | None, names: tuple[str, ...]) -> tuple[SortKey, ...]:
    keys: dict[str, SortKey] = {}
    for part in (text or "").split(",") if text else ():
        name = part.lstrip("+- ")
        if name not in names or name in keys:
            raise _unknown("sortby", name, names)
        keys[name] = SortKey(name, part.startswith("-"))
    return tuple(keys.values())


def _properties(text: str | None, names: tuple[str, ...]) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(text.split(","))) if text else ()
    for name in wanted:
        if name not in names:
            raise _unknown("properties", name, names)
    return wanted


def _unknown(parameter: str, name: str, names: tuple[str, ...]) -> BadInput:
    there = ", ".join(names)
    return BadInput.at(
        parameter,
        Problem(zh=f"{parameter} 中没有“{name[:64]}”或重复", en=f"{parameter}: '{name[:64]}' is not there, or twice"),
        Problem(zh=f"可用：{there}", en=f"there are: {there}"),
    )


def kept(request: Request) -> dict[str, Any]:
    """The parameters a link to another page of the same query carries."""
    return {k: v for k, v in request.query_params.items() if k not in ("cursor", "county")}


__all__ = ["CRS84", "Asked", "items_query", "kept", "moment_of", "queryable", "sortable"]
