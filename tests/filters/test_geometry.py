"""Literals in other CRS, across 180 degrees, and the spatial index behind a filter."""

from __future__ import annotations

import json

import pytest
import shapely
from pyproj import Transformer
from sqlalchemy import Connection, text

from geo.db import sync_engine
from geo.filters import Queryable, ValueType, compile_filter, parse
from tests.db.test_plans import scans

GEOM = {"geom": Queryable("geom", ValueType.GEOMETRY, "x.geom"), "name": Queryable("name", ValueType.STRING, "x.name")}
ROWS = 20_000


@pytest.fixture(scope="module")
def many(database_url: str) -> Connection:
    """A view like those of open_data over a table with a GiST index."""
    engine = sync_engine(database_url)
    with engine.connect() as c:
        c.execute(text("create table many (id int, shown boolean, name text, geom geometry(multipolygon, 4490))"))
        c.execute(text(
            f"insert into many select n, n % 5 > 0, 'n' || n, st_multi(st_makeenvelope(121 + (n % 200) * 0.01, 28 + (n / 200) * 0.01, "
            f"121.008 + (n % 200) * 0.01, 28.008 + (n / 200) * 0.01, 4490)) from generate_series(1, {ROWS}) n"
        ))  # fmt: skip
        c.execute(text("create index ix_many_geom on many using gist (geom)"))
        c.execute(text("create view many_seen as select * from many where shown"))
        c.execute(text("analyze many"))
        yield c
    engine.dispose()


@pytest.mark.parametrize("plan", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize(
    "filter_text",
    [
        "S_INTERSECTS(geom, BBOX(121.5,28.2,121.52,28.22))",
        "S_INTERSECTS(POLYGON((121.5 28.2,121.52 28.2,121.51 28.22,121.5 28.2)), geom) AND name LIKE 'n%'",
        "S_WITHIN(geom, BBOX(121.5,28.2,121.52,28.22))",
        "S_INTERSECTS(geom, GEOMETRYCOLLECTION(POINT(121.501 28.201), LINESTRING(121.6 28.2,121.61 28.21)))",
        "S_INTERSECTS(geom, BBOX(121.5,28.2,121.52,28.22)) AND (CASEI(name) = 'x' OR NOT name IS NULL)",
    ],
)
def test_a_spatial_filter_uses_the_index(many: Connection, filter_text: str, plan: str) -> None:
    compiled = compile_filter(parse(filter_text, "cql2-text"), GEOM)
    many.execute(text(f"set plan_cache_mode = {plan}"))
    row = many.execute(
        text(f"explain (format json) select id from many_seen x where {compiled.sql}"), compiled.values
    ).scalar_one()
    used = scans((row if isinstance(row, list) else json.loads(row))[0]["Plan"])
    assert used == {"ix_many_geom"}


BOX = (121.5, 28.2, 121.52, 28.22)


@pytest.mark.parametrize(
    ("srid", "north_first"), [(4326, False), (4326, True), (4490, True), (3857, False), (4529, True), (4549, False)]
)
def test_the_same_place_in_any_crs_finds_the_same_rows(many: Connection, srid: int, north_first: bool) -> None:
    def found(geometry: shapely.Geometry, srid: int, north_first: bool) -> list[int]:
        tree = parse(f"S_INTERSECTS(geom, {geometry.wkt})", "cql2-text")
        compiled = compile_filter(tree, GEOM, geometry_srid=srid, is_north_first=north_first)
        return list(
            many.execute(text(f"select id from many x where {compiled.sql} order by id"), compiled.values).scalars()
        )

    plot = shapely.box(*BOX).segmentize(0.001)
    expected = found(plot, 4326, False)
    assert len(expected) > 4
    moved = plot
    if srid not in (4326, 4490):
        transformer = Transformer.from_crs(4490, srid, always_xy=True)
        moved = shapely.transform(plot, transformer.transform, interleaved=False)
    if north_first:
        moved = shapely.transform(moved, lambda xy: xy[:, ::-1])
    assert found(moved, srid, north_first) == expected


def test_a_wide_box_of_a_projected_crs_has_straight_edges_there(many: Connection) -> None:
    """The middle of its north edge lies 50 m off the straight line between its corners in degrees."""
    transformer = Transformer.from_crs(4490, 4529, always_xy=True)
    west, south = transformer.transform(121.0, 28.3)
    east, north = transformer.transform(122.6, 28.6)
    literal = f"BBOX({west},{south},{east},{north})"
    inside = Transformer.from_crs(4529, 4490, always_xy=True).transform((west + east) / 2, north - 5)
    outside = Transformer.from_crs(4529, 4490, always_xy=True).transform((west + east) / 2, north + 5)
    for (lon, lat), expected in ((inside, True), (outside, False)):
        compiled = compile_filter(parse(f"S_INTERSECTS(geom, {literal})", "cql2-text"), GEOM, geometry_srid=4529)
        point = f"st_setsrid(st_makepoint({lon}, {lat}), 4490)"
        assert (
            many.execute(text(f"select {compiled.sql} from (select {point} as geom) x"), compiled.values).scalar_one()
            is expected
        )


@pytest.mark.parametrize(
    ("literal", "takes"),
    [
        ("BBOX(170,-10,-170,10)", [True, True, False]),
        ("BBOX(180,-10,-170,10)", [False, True, False]),
        ("BBOX(170,-10,-5,180,10,5)", [True, False, False]),
        ("BBOX(175,0,175,0)", [True, False, False]),
        ("BBOX(175,-1,175,1)", [True, False, False]),
    ],
)
@pytest.mark.parametrize("op", ["S_INTERSECTS", "S_WITHIN", "S_DISJOINT"])
def test_boxes_across_180_degrees_and_without_width(many: Connection, literal: str, takes: list[bool], op: str) -> None:
    compiled = compile_filter(parse(f"{op}(geom, {literal})", "cql2-text"), GEOM)
    points = "(values (1, 175.0, 0.0), (2, -175.0, 0.0), (3, 0.0, 0.0)) v(id, lon, lat)"
    source = f"(select id, st_setsrid(st_makepoint(lon, lat), 4490) as geom from {points}) x"
    found = many.execute(text(f"select {compiled.sql} from {source} order by id"), compiled.values).scalars().all()
    expected = [not taken for taken in takes] if op == "S_DISJOINT" else takes
    assert found == expected
