"""CQL2 in a request: `filter`, `filter-lang`, `filter-crs`, against the queryables the reader may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import psycopg
import structlog
from fastapi import Request
from sqlalchemy.exc import DBAPIError

from api.deps import Reader
from api.ogc.crs import crs_of
from geo.errors import BadInput, Problem
from geo.filters import Language, Queryable, ValueType, compile_filter, parse
from geo.registry.collections import Collection
from geo.registry.features import FeatureQuery

log = structlog.get_logger()
LANGUAGES = ("cql2-text", "cql2-json")
GEOMETRY = "geom"


def queryables_of(c: Collection, reader: Reader) -> dict[str, Queryable]:
    """Every name a filter may use: the properties' own, and what they are called in Chinese where only one is called so."""
    made: dict[str, Queryable] = {}
    called: dict[str, list[str]] = {}
    for name in c.askable(reader.actor.audience):
        word = c.word(name)
        made[name] = Queryable(name, ValueType(word.type), f'x."{name}"')
        called.setdefault(word.zh, []).append(name)
    made[GEOMETRY] = Queryable(GEOMETRY, ValueType.GEOMETRY, "x.geom")
    for title, names in called.items():
        if len(names) == 1 and title not in made:
            made[title] = made[names[0]]
    return made


def condition_of(request: Request, reader: Reader, c: Collection) -> tuple[str, Mapping[str, Any]] | None:
    """The request's filter as bound SQL over alias `x`; None without one. Raises BadInput."""
    asked = request.query_params
    if "filter" not in asked:
        for name in ("filter-lang", "filter-crs"):
            if name in asked:
                raise BadInput.at(name, Problem(zh=f"{name} 要和 filter 一起给出", en=f"{name} goes with filter"))
        return None
    language = asked.get("filter-lang", "cql2-text")
    if language not in LANGUAGES:
        names = ", ".join(LANGUAGES)
        raise BadInput.at(
            "filter-lang",
            Problem(zh=f"没有过滤语言“{language[:40]}”", en=f"there is no filter language '{language[:40]}'"),
            Problem(zh=f"可用：{names}", en=f"there are: {names}"),
        )
    crs = crs_of("filter-crs", asked.get("filter-crs"), reader.county.survey_srid)
    node = parse(asked["filter"], cast(Language, language))
    made = compile_filter(
        node,
        queryables_of(c, reader),
        geometry_srid=crs.epsg,
        is_north_first=crs.is_north_first,
        time_zone=reader.county.time_zone,
    )
    return made.sql, made.values


def refusal_of(error: DBAPIError, query: FeatureQuery) -> BadInput | None:
    """The one answer to a filter that the database could not carry out: it names neither row nor cause (design.md 4, point 6).

    Filters are total by construction; what is left are faults of GEOS on nearly coinciding edges. None where it was not the filter.
    """
    cause = error.orig
    if query.condition is None or not isinstance(cause, psycopg.DataError | psycopg.InternalError):
        return None
    log.warning("filter_failed", sqlstate=cause.sqlstate, error=str(cause))
    return BadInput.at(
        "filter",
        Problem(zh="这个过滤条件无法执行", en="this filter cannot be carried out"),
        Problem(zh="请换一种写法，或简化其中的图形", en="write it another way, or simplify its geometry"),
    )
