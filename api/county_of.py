"""Which county a request is about; what is known of counties is kept for a moment, for every request asks."""

from __future__ import annotations

import time

from sqlalchemy.ext.asyncio import AsyncEngine

from geo.db import PUBLIC, acting
from geo.errors import NotFound, Problem
from geo.registry.queries import CountyRow, counties

KEPT_S = 2.0


class Counties:
    """The counties of this deployment, at most `KEPT_S` seconds old; an unknown code is always looked up."""

    def __init__(self) -> None:
        self._rows: list[CountyRow] = []
        self._read_at_s = float("-inf")

    async def find(self, engine: AsyncEngine, code: str | None, timeout_ms: int) -> CountyRow:
        """One county, or the default one; raises NotFound."""
        found = self._pick(code) if time.monotonic() - self._read_at_s < KEPT_S else None
        if found is None:
            async with acting(engine, PUBLIC, timeout_ms) as connection:
                self._rows = await counties(connection)
            self._read_at_s = time.monotonic()
            found = self._pick(code)
        if found is not None:
            return found
        if code is None:
            raise NotFound(Problem(zh="还没有任何县", en="there is no county yet"))
        shown = code[:64]
        raise NotFound.at("county", Problem(zh=f"没有代码为“{shown}”的县", en=f"there is no county '{shown}'"))

    def _pick(self, code: str | None) -> CountyRow | None:
        return next((row for row in self._rows if code is None or row.code == code), None)
