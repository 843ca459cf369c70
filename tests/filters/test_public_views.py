"""Filters through the views and roles the service has: nothing they use is out of an audience's reach."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from geo.db import PUBLIC, Actor, Audience, acting_sync, sync_engine
from geo.filters import Queryable, ValueType, compile_filter, parse
from tests.db.conftest import county  # noqa: F401

QUERYABLES = {
    "name": Queryable("name", ValueType.STRING, 'x."name"'),
    "名称": Queryable("name", ValueType.STRING, 'x."name"'),
    "area_m2": Queryable("area_m2", ValueType.NUMBER, 'x."area_m2"'),
    "updated_at": Queryable("updated_at", ValueType.TIMESTAMP, 'x."updated_at"'),
    "utilities": Queryable("utilities", ValueType.STRING_ARRAY, 'x."utilities"'),
    "geom": Queryable("geom", ValueType.GEOMETRY, "x.geom"),
}


@pytest.mark.parametrize(
    ("filter_text", "public", "staff"),
    [
        ("名称 LIKE '%地块'", 1, 3),
        ("ACCENTI(CASEI(name)) LIKE ACCENTI(CASEI('%地块'))", 1, 3),
        ("area_m2 / 0 > 1 OR area_m2 ^ 2 > 1", 1, 3),
        ("updated_at >= '2020-01-01'", 1, 3),
        ("utilities IS NULL OR A_OVERLAPS(utilities, ('水'))", 1, 3),
        ("S_INTERSECTS(geom, BBOX(121.885,29.5,121.895,29.7))", 0, 1),
        ("S_TOUCHES(geom, POINT(121.88 29.6))", 1, 1),
    ],
)
def test_an_audience_filters_what_it_sees(app_url: str, county: str, filter_text: str, public: int, staff: int) -> None:  # noqa: F811
    compiled = compile_filter(parse(filter_text, "cql2-text"), QUERYABLES, time_zone="Asia/Shanghai")
    engine = sync_engine(app_url)
    for actor, expected in ((PUBLIC, public), (Actor(Audience.STAFF, units=("*",)), staff)):
        with acting_sync(engine, actor) as c:
            statement = text(f"select count(*) from {actor.read_schema}.parcels x where {compiled.sql}")
            assert c.execute(statement, compiled.values).scalar_one() == expected
    engine.dispose()
