"""What of the stock is asked for: every filter checked against the codes there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, Self

from geo.errors import BadInput, Problem
from geo.landuse.classes import land_classes
from geo.landuse.forecast.horizons import whole_days
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.rule import LEVELS
from geo.landuse.stock.bands import NONE, bands

By = Literal["unit", "town", "park", "cause", "age", "area"]
BY: tuple[By, ...] = ("unit", "town", "park", "cause", "age", "area")
UNDECIDED = "undecided"
"""Beside the six classes: no flag holds, and one cannot be judged."""
UNFLAGGED = "none"
"""Neither: asked for only among the parcels behind a missing fact."""
LONGEST, MOST = 100, 200
NAMES = ("class", *BY, "level", "idle", "disputed", "within_days", "missing", "rule")
"""Filters as they stand in an address."""


@dataclass(frozen=True, slots=True)
class StockFilter:
    """Codes of each kind that may pass; empty = all. `missing`: a fact for want of which a lead (of `rule`) is unknown;
    `within_days`: what changes by itself within so many days, and what comes to a class by then."""

    classes: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    town: tuple[str, ...] = ()
    park: tuple[str, ...] = ()
    cause: tuple[str, ...] = ()
    age: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    only_idle: bool = False
    only_disputed: bool = False
    within_days: int | None = None
    missing: str | None = None
    rule: str | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Self:
        """From parameters of an address, several codes with commas between; raises BadInput naming the one at fault."""
        return cls(
            _known(asked, "class", (*(c.code for c in land_classes()), UNDECIDED)),
            _codes(asked, "unit"),
            _codes(asked, "town"),
            _codes(asked, "park"),
            _known(asked, "cause", tuple(b.code for b in bands().causes)),
            _known(asked, "age", (*(b.code for b in bands().age), NONE)),
            _known(asked, "area", (*(b.code for b in bands().area), NONE)),
            _known(asked, "level", LEVELS),
            bool(_known(asked, "idle", ("1",))),
            bool(_known(asked, "disputed", ("1",))),
            _days(asked),
            _one(asked, "missing"),
            _rule(asked),
        )

    def as_query(self) -> dict[str, str]:
        """The same as parameters of an address, without what is not asked."""
        told = {
            "class": ",".join(self.classes), "unit": ",".join(self.unit), "town": ",".join(self.town), "park": ",".join(self.park),
            "cause": ",".join(self.cause), "age": ",".join(self.age), "area": ",".join(self.area), "level": ",".join(self.level),
            "idle": "1" if self.only_idle else "", "disputed": "1" if self.only_disputed else "",
            "within_days": "" if self.within_days is None else str(self.within_days), "missing": self.missing or "", "rule": self.rule or "",
        }  # fmt: skip
        return {name: value for name, value in told.items() if value}

    def without(self, *names: str) -> StockFilter:
        """The same, less some filters (names as in an address)."""
        own = {"class": "classes", "idle": "only_idle", "disputed": "only_disputed"}
        plain = StockFilter()
        wanted = [own.get(name, name) for name in names]
        return replace(self, **{f.name: getattr(plain, f.name) for f in fields(self) if f.name in wanted})

    def bound(self) -> dict[str, Any]:
        """Values for sql/asked.sql."""
        every = [*(c.code for c in land_classes()), UNDECIDED, *([UNFLAGGED] if self.missing else [])]
        listed = {f"in_{name}": list(getattr(self, name)) or None for name in (*BY, "level")}
        return listed | {
            "in_class": list(self.classes) or every,
            "only_idle": self.only_idle,
            "only_disputed": self.only_disputed,
            "within_days": self.within_days,
            "missing": self.missing,
            "by_rule": self.rule,
        }


def _codes(asked: Mapping[str, str], name: str) -> tuple[str, ...]:
    given = asked.get(name, "")
    codes = tuple(dict.fromkeys(part for part in given.split(",") if part))
    if len(codes) > MOST or any(len(code) > LONGEST or "\x00" in code for code in codes):
        raise BadInput.at(
            name,
            Problem(zh=f"{name} 过长或含有控制字符", en=f"{name} is too long or holds control characters"),
            Problem(zh=f"至多 {MOST} 个代码", en=f"{MOST} codes at most"),
        )
    return codes


def _known(asked: Mapping[str, str], name: str, there: tuple[str, ...]) -> tuple[str, ...]:
    codes = _codes(asked, name)
    for code in codes:
        if code not in there:
            raise BadInput.at(
                name,
                Problem(zh=f"{name} 中没有“{code}”", en=f"{name} has no '{code}'"),
                Problem(zh="可用：" + "、".join(there), en="there are: " + ", ".join(there)),
            )
    return codes


def _one(asked: Mapping[str, str], name: str) -> str | None:
    codes = _codes(asked, name)
    if len(codes) > 1:
        raise BadInput.at(name, Problem(zh=f"{name} 只能有一个", en=f"{name} takes one value"))
    return codes[0] if codes else None


def _days(asked: Mapping[str, str]) -> int | None:
    given = asked.get("within_days", "")
    if not given:
        return None
    return whole_days(given)


def _rule(asked: Mapping[str, str]) -> str | None:
    rule = _one(asked, "rule")
    if rule is None:
        return None
    if not asked.get("missing"):
        raise BadInput.at("rule", Problem(zh="rule 要和 missing 一起给出", en="rule goes with missing"))
    if not catalogue().versions(rule):
        raise BadInput.at("rule", Problem(zh=f"没有规则“{rule}”", en=f"there is no rule '{rule}'"))
    return rule


def by_of(given: str | None) -> By:
    """What the rows of a matrix are; `unit` unless given. Raises BadInput."""
    for by in BY:
        if by == (given or BY[0]):
            return by
    raise BadInput.at(
        "by",
        Problem(zh=f"by 不能是“{(given or '')[:40]}”", en=f"by cannot be '{(given or '')[:40]}'"),
        Problem(zh="可用：" + "、".join(BY), en="there are: " + ", ".join(BY)),
    )
