"""The state of the stock page in its address: rows, filter, order; and the same with one thing changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from geo.landuse.stock.filtering import BY, NAMES, By, StockFilter, by_of
from geo.landuse.stock.queries import SORTS, Sort
from map_frontend.site import Page

PATH = "/desk/land"


@dataclass(frozen=True, slots=True)
class Address:
    """What the page shows."""

    page: Page
    by: By
    wanted: StockFilter
    sort: Sort

    @property
    def query(self) -> dict[str, str]:
        """Its parameters, without what is as it is anyway."""
        plain = {"by": self.by if self.by != BY[0] else "", "sort": self.sort if self.sort != SORTS[0] else ""}
        return {name: value for name, value in (plain | self.wanted.as_query()).items() if value}

    def link(self, path: str = PATH, /, **changed: str | None) -> str:
        """A link to the page (or a sister of it) with some parameters changed; None or '' takes one away."""
        query: dict[str, Any] = self.query | changed
        return self.page.link(path, **{name: value for name, value in query.items() if value})

    def set(self, **codes: str) -> str:
        """A link that sets filters; one that is set like that already is taken away. Filters of a missing fact end."""
        told = self.wanted.as_query()
        is_set = all(told.get(_plain(name), "") == value for name, value in codes.items())
        changed: Mapping[str, str | None] = {_plain(n): None if is_set else value for n, value in codes.items()}
        return self.link(**changed)

    def without(self, name: str) -> str:
        """A link without one filter."""
        gone = ("missing", "rule") if name == "missing" else (name,)
        return self.link(**dict.fromkeys(gone))

    def plain(self) -> str:
        """A link without any filter."""
        return self.link(**dict.fromkeys(NAMES))

    def turned(self, by: By) -> str:
        """The same filter by other rows."""
        return replace(self, by=by_of(by)).link(by=by if by != BY[0] else None)


def _plain(name: str) -> str:
    """`class_` for what Python keeps for itself."""
    return name.rstrip("_")
