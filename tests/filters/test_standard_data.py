"""The standard's own data: the counts its abstract test suite demands, and every example in both languages."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import geopandas
import pandas
import pytest
import shapely
from sqlalchemy import Connection, text

from geo.errors import BadInput
from geo.filters import Queryable, ValueType, compile_filter, parse, to_json, to_text

COLUMNS = {
    "ne_110m_admin_0_countries": {
        "NAME": ("text", ValueType.STRING),
        "POP_EST": ("double precision", ValueType.NUMBER),
    },
    "ne_110m_populated_places_simple": {
        "name": ("text", ValueType.STRING),
        "pop_other": ("bigint", ValueType.INTEGER),
        "date": ("date", ValueType.DATE),
        "start": ("timestamptz", ValueType.TIMESTAMP),
        "boolean": ("boolean", ValueType.BOOLEAN),
    },
    "ne_110m_rivers_lake_centerlines": {"name": ("text", ValueType.STRING)},
}
QUERYABLES = {
    layer: {name: Queryable(name, kind, f'x."{name}"') for name, (_, kind) in columns.items()}
    | {"geom": Queryable("geom", ValueType.GEOMETRY, "x.geom")}
    for layer, columns in COLUMNS.items()
}

pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="module")
def world(connection: Connection, shared_data: Path) -> Connection:
    """The three layers as tables, their coordinates taken for EPSG:4490."""
    for layer, columns in COLUMNS.items():
        frame = geopandas.read_file(shared_data / "cql2" / "ne110m4cql2.gpkg", layer=layer)
        declared = ", ".join(f'"{name}" {sql_type}' for name, (sql_type, _) in columns.items())
        connection.execute(text(f"create temporary table {layer} ({declared}, geom geometry(geometry, 4490))"))
        names = [f"c{i}" for i in range(len(columns))]
        insert = text(f"insert into {layer} values ({', '.join(f':{n}' for n in names)}, st_geomfromwkb(:geom, 4490))")
        for _, row in frame.iterrows():
            values = {n: _plain(row[c], kind) for n, (c, (_, kind)) in zip(names, columns.items(), strict=True)}
            connection.execute(insert, values | {"geom": shapely.to_wkb(row.geometry)})
    return connection


def _plain(value: Any, kind: ValueType) -> Any:
    """A value of pandas as the column of that type takes it; instants of the file are UTC."""
    if pandas.isna(value):
        return None
    if kind is ValueType.BOOLEAN:
        return bool(value)
    if kind is ValueType.TIMESTAMP:
        return value.tz_localize("UTC").to_pydatetime()
    return value.item() if hasattr(value, "item") else value


def test_every_filter_takes_as_many_items_as_the_standard_demands(world: Connection, shared_data: Path) -> None:
    with (shared_data / "cql2" / "expected_counts.csv").open(encoding="utf-8") as lines:
        cases = list(csv.DictReader(lines))
    assert len(cases) == 87
    wrong = {}
    for case in cases:
        layer, tree = case["collection"], parse(case["filter"], "cql2-text")
        for same in (tree, parse(json.dumps(to_json(tree)), "cql2-json")):
            compiled = compile_filter(same, QUERYABLES[layer])
            statement = text(f"select count(*) from {layer} x where {compiled.sql}")
            found = world.execute(statement, compiled.values).scalar_one()
            if found != int(case["expected_number_of_items"]):
                wrong[case["filter"]] = (found, case["expected_number_of_items"])
    assert wrong == {}


def test_every_example_reads_to_the_same_tree_in_both_languages(shared_data: Path) -> None:
    folder = shared_data / "cql2" / "examples"
    texts = sorted((folder / "text").glob("*.txt"))
    assert len(texts) == 120
    for path in texts:
        tree = parse(path.read_text(encoding="utf-8"), "cql2-text")
        # an alternative spelling (-alt01) has the JSON of the filter it is an alternative to
        document = (folder / "json" / f"{path.stem.split('-alt')[0]}.json").read_text(encoding="utf-8")
        assert parse(document, "cql2-json") == tree, path.name
        assert parse(to_text(tree), "cql2-text") == tree, path.name
        assert parse(json.dumps(to_json(tree)), "cql2-json") == tree, path.name


def test_what_the_examples_use_and_is_not_offered_is_named(shared_data: Path) -> None:
    for name in ("clause6_01", "clause6_02b", "clause7_18", "example68", "example69"):
        tree = parse(
            (shared_data / "cql2" / "examples" / "text" / f"{name}.txt").read_text(encoding="utf-8"), "cql2-text"
        )
        names = ("windSpeed", "road", "geometry")
        queryables = {name: Queryable(name, ValueType.GEOMETRY, "x.geom") for name in names}
        with pytest.raises(BadInput, match="there is no function"):
            compile_filter(tree, queryables)
