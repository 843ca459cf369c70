"""The screen's filters as one CQL2 text per kind: what list, counts, rings, tiles and the OGC API carry out alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from api.deps import Reader
from api.ogc.filtering import queryables_of
from geo.filters import compile_filter, parse
from geo.registry.collections import COLLECTIONS
from map_frontend.screen.address import Screen
from map_frontend.screen.filters import Filter, filters_of
from map_frontend.screen.kinds import KINDS, Kind

SQUARE_METRES = {"mu": Decimal(2000) / 3, "ha": Decimal(10_000), "m2": Decimal(1)}
METRES_PER_KM = 1000


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _range(f: Filter, screen: Screen, area_unit: str) -> list[str]:
    scale = SQUARE_METRES[area_unit] if f.unit == "area" else Decimal(1)
    # to a hundredth of a square metre, as areas are stored
    low, high = (None if n is None else round(n * scale, 2) for n in map(screen.number, f.parameters))
    lower, upper = (f.properties[0], f.properties[-1])
    if f.form == "overlap":
        lower, upper = upper, lower
    bounds = ((lower, ">=", low), (upper, "<=", high))
    return [f"{name} {operator} {_number(bound)}" for name, operator, bound in bounds if bound is not None]


def _codes(f: Filter, screen: Screen, _: str) -> list[str]:
    codes = screen.codes(f.key)
    return [f"{f.properties[0]} in ({', '.join(map(_quoted, codes))})"] if codes else []


def _array(f: Filter, screen: Screen, _: str) -> list[str]:
    codes = screen.codes(f.key)
    function = "A_CONTAINS" if f.form == "all_of" else "A_OVERLAPS"
    return [f"{function}({f.properties[0]}, ({', '.join(map(_quoted, codes))}))"] if codes else []


def _within(f: Filter, screen: Screen, _: str) -> list[str]:
    km = screen.number(f.key)
    return [] if km is None else [f"{f.properties[0]} <= {_number(km * METRES_PER_KM)}"]


def _at_least(f: Filter, screen: Screen, _: str) -> list[str]:
    least = screen.number(f.key)
    return [] if least is None else [f"{f.properties[0]} >= {_number(least)}"]


def _text(f: Filter, screen: Screen, _: str) -> list[str]:
    words = screen.values.get(f.key)
    if not words:
        return []
    literal = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    pattern = f"CASEI({_quoted(f'%{literal}%')})"
    return ["(" + " or ".join(f"CASEI({name}) like {pattern}" for name in f.properties) + ")"]


WRITERS: Mapping[str, Callable[[Filter, Screen, str], list[str]]] = {
    "range": _range,
    "overlap": _range,
    "codes": _codes,
    "all_of": _array,
    "any_of": _array,
    "within": _within,
    "at_least": _at_least,
    "text": _text,
}


def cql_of_filters(screen: Screen, kind: Kind, area_unit: str) -> str:
    """CQL2 text of the reader's filters that mean something for `kind`; '' without any. `area_unit`: mu or ha."""
    return " and ".join(part for f in filters_of(kind.key) for part in WRITERS[f.form](f, screen, area_unit))


def cql_of_kind(screen: Screen, kind: Kind, area_unit: str) -> str:
    """The same, with what makes the kind out of its collection: the filter for the OGC API."""
    own = f"{kind.only[0]} = {_quoted(kind.only[1])}" if kind.only else ""
    return " and ".join(part for part in (own, cql_of_filters(screen, kind, area_unit)) if part)


def cql_of_collection(screen: Screen, collection_id: str, area_unit: str) -> str:
    """What the map shows of a collection: every kind of it under its own filters, other things of it as they are; '' = all of it."""
    kinds = [kind for kind in KINDS if kind.collection == collection_id]
    if not any(cql_of_filters(screen, kind, area_unit) for kind in kinds):
        return ""
    parts = [f"({cql_of_kind(screen, kind, area_unit)})" for kind in kinds if cql_of_kind(screen, kind, area_unit)]
    named = [kind.only for kind in kinds if kind.only]
    if named:
        parts.append(f"not ({named[0][0]} in ({', '.join(_quoted(value) for _, value in named)}))")
    return " or ".join(parts)


def compiled(cql: str, collection_id: str, reader: Reader) -> tuple[str, Mapping[str, Any]] | None:
    """CQL2 text as bound SQL over alias `x` of the reader's view; None for ''."""
    if not cql:
        return None
    made = compile_filter(
        parse(cql, "cql2-text"), queryables_of(COLLECTIONS[collection_id], reader), time_zone=reader.county.time_zone
    )
    return made.sql, made.values
