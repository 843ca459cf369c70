"""Rewriting what the public sees of a county's geometry after its grid changed (pub.coord_decimals, PUB-08)."""

from __future__ import annotations

from sqlalchemy import Engine, text

from geo.db import Actor, acting_sync
from geo.errors import NotFound, Problem


def republish(engine: Engine, actor: Actor, county_code: str, decimals: int) -> dict[str, int]:
    """Store public geometry of a county on a grid of `decimals`; returns rows written per table. Raises NotFound."""
    with acting_sync(engine, actor) as connection:
        done = connection.execute(
            text("update register.county set public_decimals = :n where code = :code"),
            {"n": decimals, "code": county_code},
        )
        if not done.rowcount:
            raise NotFound.at(
                "county", Problem(zh=f"没有代码为“{county_code}”的县", en=f"there is no county '{county_code}'")
            )
        rows = connection.execute(
            text("select table_name, row_count from register.republish(:code)"), {"code": county_code}
        )
        return {row.table_name: row.row_count for row in rows}
