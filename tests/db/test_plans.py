"""Behind rights and views the spatial index still answers a box: one test per collection and role."""

from __future__ import annotations

import json

import psycopg
import pytest
from sqlalchemy import create_engine, text

from geo.db import PUBLIC, Actor, Audience, acting_sync, driver_url
from geo.overlays.queries import statement
from geo.registry.collections import COLLECTIONS as COLLECTION_BY_ID
from geo.registry.features import FeatureQuery
from geo.registry.features import statement as page_statement
from map_frontend.screen.kinds import KINDS, Order
from tests.db.test_rights import COLLECTIONS

ROWS = 20_000
TABLES = {
    "parks": ("park", "kind", "'industrial_park'"),
    "featured_towns": ("park", "kind", "'featured_town'"),
    "parcels": ("parcel", "realm", "'land'"),
    "buildings": ("building", "kind", "'factory'"),
    "projects": ("project", "track", "'services'"),
    "enterprises": ("enterprise", "size_class", "'small'"),
    "policies": ("policy_clause", "policy_code, clause_no", "'POL', n::text"),
    "transport": ("transport_feature", "kind", "'road'"),
    "admin_areas": ("admin_area", "level", "'other'"),
    "controls": ("planning_control", "kind", "'UDB'"),
    "park_works": ("park_work", "park_code, kind", "'parks-' || n, 'road'"),
}


@pytest.fixture(scope="module")
def many(database_url: str) -> str:
    with psycopg.connect(database_url) as connection:
        connection.execute("set local session_replication_role = replica")  # no triggers: only the plan is asked here
        connection.execute(
            "insert into register.county (code, name, name_en, outline, survey_srid, time_zone) values "
            "('9', '大县', 'Large', st_multi(st_makeenvelope(121, 28, 123, 30, 4490)), 4529, 'Asia/Shanghai')"
        )
        connection.execute(
            "insert into register.policy (county_code, code, name, valid_during, fair_review_result) "
            "values ('9', 'POL', '政策', '[2020-01-01,)', 'passed')"
        )
        for collection, (table, columns, values) in TABLES.items():
            box = "st_makeenvelope(121 + (n % 200) * 0.01, 28 + (n / 200) * 0.01, 121.008 + (n % 200) * 0.01, 28.008 + (n / 200) * 0.01, 4490)"
            shape = f"st_centroid({box})" if table == "enterprise" else f"st_multi({box})"
            state = "internal" if table == "planning_control" else "published"
            state_column, state_value = ("", "") if table == "park_work" else (", publication_state", f", '{state}'")
            connection.execute(
                f"insert into register.{table} (county_code, code, name, geom, geom_public, tile_geom, tile_geom_public, "
                f"version, updated_by{state_column}, {columns}) "
                f"select '9', '{collection}-' || n, 'n', g, g, st_transform(g, 3857), st_transform(g, 3857), 1, ''{state_value}, {values} "
                f"from generate_series(1, {ROWS}) n, lateral (select {shape} as g) s"
            )
        connection.execute(
            "insert into register.project_state (project_id, stage, county_code) select id, 'SIGNED', '9' from register.project where county_code = '9'"
        )
        connection.commit()
        connection.autocommit = True
        for table, *_ in TABLES.values():
            connection.execute(f"analyze register.{table}")
        connection.execute("analyze register.project_state")
    return database_url


def scans(node: dict[str, object]) -> set[str]:
    """Names of the indexes a plan uses, and 'seq:<table>' for each sequential scan."""
    found = set()
    if "Index Name" in node:
        found.add(str(node["Index Name"]))
    if node["Node Type"] == "Seq Scan":
        found.add(f"seq:{node['Relation Name']}")
    for child in node.get("Plans", []):  # type: ignore[attr-defined]
        found |= scans(child)
    return found


@pytest.mark.parametrize("geometry", ["geom", "tile_geom"])
@pytest.mark.parametrize(
    ("role", "schema", "collection"),
    [("yzt_public", "open_data", c) for c in COLLECTIONS]
    + [("yzt_staff", "staff_data", c) for c in (*COLLECTIONS, "controls")],
)
def test_a_box_uses_the_spatial_index(many: str, role: str, schema: str, collection: str, geometry: str) -> None:
    box = "st_makeenvelope(121.5, 28.2, 121.52, 28.22, 4490)"
    if geometry == "tile_geom":
        box = f"st_transform({box}, 3857)"
    with psycopg.connect(many) as connection:
        connection.execute(
            "select set_config('role', %s, true), set_config('yzt.units', '*', true), set_config('yzt.reads', '*', true), set_config('yzt.tier', 'P3', true)",
            [role],
        )
        row = connection.execute(
            f"explain (format json) select code from {schema}.{collection} where county_code = '9' and {geometry} && {box}"
        ).fetchone()
    assert row is not None
    plan = row[0] if isinstance(row[0], list) else json.loads(row[0])
    used = scans(plan[0]["Plan"])
    table = TABLES[collection][0]
    public = "_public" if schema == "open_data" else ""
    assert f"ix_{table}_{geometry}{public}" in used, used
    assert f"seq:{table}" not in used


SURROUNDINGS = {
    "nearest_transport": ("transport_feature", "place"),
    "policies_here": ("policy_clause", "geom"),
    "firms_around": ("enterprise", "tile_geom"),
    "related_parks": ("project", "geom"),
}


@pytest.mark.parametrize("name", sorted(SURROUNDINGS))
@pytest.mark.parametrize("actor", [PUBLIC, Actor(Audience.STAFF, "someone", ("*",), "P3")], ids=["public", "staff"])
def test_surroundings_use_the_spatial_index(many: str, actor: Actor, name: str) -> None:
    table, column = SURROUNDINGS[name]
    values = {
        "county": "9", "code": "parks-5000", "srid": 4529, "kinds": ["station", "road"], "road_classes": ["", ""], "chains": [],
        "today": "2026-11-25", "radius_m": 3000, "named": 12, "most": 60,
    }  # fmt: skip
    sql = statement(name, actor.read_schema, "parks")
    engine = create_engine(driver_url(many))
    with acting_sync(engine, actor) as connection:
        wanted = {key: value for key, value in values.items() if f":{key}" in str(sql)}
        (plan,) = connection.execute(text(f"explain (format json) {sql}"), wanted).one()
    engine.dispose()
    used = scans(plan[0]["Plan"])
    assert f"ix_{table}_{column}{'_public' if actor is PUBLIC else ''}" in used, used
    assert f"seq:{table}" not in used


@pytest.mark.parametrize(
    "order", [o for k in KINDS if k.key == "parcels" for o in k.orders if not o.shown], ids=lambda order: order.key
)
def test_the_list_of_plots_is_sorted_without_reading_their_outlines(many: str, order: Order) -> None:
    """A million of them were read to sort thirty rows."""
    query = FeatureQuery(COLLECTION_BY_ID["parcels"], "9", sort=order.keys)
    sql, values = page_statement(query, PUBLIC, 31)
    with psycopg.connect(many, autocommit=True) as connection:
        connection.execute("vacuum (analyze) register.parcel")
    engine = create_engine(driver_url(many))
    with acting_sync(engine, PUBLIC) as connection:
        (plan,) = connection.execute(text(f"explain (format json) {sql}"), values).one()
    engine.dispose()
    used = scans(plan[0]["Plan"])
    assert used & {"ix_parcel_overview", "uq_parcel_county_code_code"}, used
    assert "seq:parcel" not in used


@pytest.mark.parametrize(
    "asked",
    [
        "register.effective_facts('9', 'parcel', array[{0}::bigint], '2026-11-24', 'infinity')",
        "register.parcel_pauses('9', array[{0}::bigint], '2026-11-24', 'infinity')",
    ],
)
def test_what_is_told_of_one_parcel_is_found_by_the_parcel(many: str, asked: str) -> None:
    """A function in SQL once read all of the county for it."""
    with psycopg.connect(many) as connection:
        connection.execute("set local session_replication_role = replica")
        connection.execute(
            "insert into register.fact (county_code, subject_kind, subject_id, kind, value_date, effective_on) "
            "select '9', 'parcel', id, 'contract_on', '2020-01-01', '2020-01-01' from register.parcel where county_code = '9'"
        )
        connection.execute(
            "insert into register.clock_pause (county_code, parcel_id, from_on, cause) "
            "select '9', id, '2020-01-01', 'PETITION' from register.parcel where county_code = '9'"
        )
        connection.execute("analyze register.fact")
        connection.execute("analyze register.clock_pause")
        row = connection.execute("select min(id) + 7000 from register.parcel where county_code = '9'").fetchone()
        assert row is not None
        explain = f"explain (analyze, buffers, format json) select * from {asked.format(row[0])}"
        for _ in range(7):  # past the five plans that plpgsql makes before it keeps one
            plan = connection.execute(explain).fetchone()
        assert plan is not None
        found = plan[0][0]["Plan"]
        assert found["Actual Rows"] == 1
        assert found["Shared Hit Blocks"] + found["Shared Read Blocks"] < 60
        connection.rollback()
