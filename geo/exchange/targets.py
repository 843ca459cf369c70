"""Where a file can go: each collection's table, the columns a file may fill, and the relations it may carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Column, Table

from geo.errors import BadInput, Problem
from geo.schema import SCHEMA
from geo.tables import metadata

KEPT_BY_THE_REGISTER = frozenset(
    {
        "id", "county_code", "geom", "geom_public", "tile_geom", "tile_geom_public", "geometry_quality",
        "version", "updated_at", "updated_by", "publication_state", "source_code", "source_srid", "data_source_id", "extra",
        "recorded_by", "made_by",
    }
)  # fmt: skip
"""Columns a file never fills: the register writes them itself."""


SHAPE_COLUMNS = ("geom", "extra", "source_srid", "publication_state", "data_source_id")
"""Columns that an import fills for things on the map, though no column of the file names them."""

MEASURED = {"transport_feature": {"area_m2", "length_m"}, "park_work": {"area_m2", "length_m"}, "road_edge": set[str]()}
"""Columns the register measures itself, where it is not just the area."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A text column of codes ("a;b", or "a:0.6;b:0.4" with `measure`) that fills a table of pairs."""

    column: str
    table: str
    own: str
    other: str
    measure: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """One collection as an import sees it. `geometry`: types taken ('' = a table without geometry)."""

    collection: str
    table_name: str
    geometry: tuple[str, ...] = ()
    multi: bool = False
    may_lack_geometry: bool = False
    fixed: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        """The table rows go to."""
        return metadata.tables[f"{SCHEMA}.{self.table_name}"]

    @property
    def columns(self) -> dict[str, Column[object]]:
        """Columns a file may fill, by name."""
        kept = (
            KEPT_BY_THE_REGISTER
            | set(self.fixed)
            | MEASURED.get(self.table_name, {"area_m2"} if self.geometry else set())
        )
        return {c.name: c for c in self.table.columns if c.name not in kept}

    @property
    def is_mapped(self) -> bool:
        """Whether rows are things on the map."""
        return bool(self.geometry)

    @property
    def needs_geometry(self) -> bool:
        """Whether a new row is nothing without a geometry."""
        return bool(self.geometry) and not self.may_lack_geometry

    @property
    def shape_columns(self) -> tuple[str, ...]:
        """Columns that come with the geometry, as far as the table has them."""
        return tuple(c for c in SHAPE_COLUMNS if c in self.table.columns) if self.geometry else ()

    @property
    def has_versions(self) -> bool:
        """Whether the register keeps versions of rows."""
        return "version" in self.table.columns


POLYGONS = ("Polygon", "MultiPolygon")
ANY = ("Point", "MultiPoint", "LineString", "MultiLineString", *POLYGONS)
PLACE = {"town_code": "admin_area", "unit_code": "unit"}
IN_PARK = PLACE | {"park_code": "park"}

TARGETS = {
    target.collection: target
    for target in (
        Target("admin_areas", "admin_area", POLYGONS, multi=True, references={"unit_code": "unit"}),
        Target("parks", "park", POLYGONS, multi=True, required=("kind",), references=PLACE),
        Target("featured_towns", "park", POLYGONS, multi=True, fixed={"kind": "featured_town"}, references=PLACE),
        Target(
            "parcels",
            "parcel",
            POLYGONS,
            multi=True,
            references=IN_PARK,
            relations=(Relation("chain_codes", "parcel_chain", "parcel_code", "chain_code"),),
        ),
        Target(
            "buildings",
            "building",
            (*POLYGONS, "Point"),
            required=("kind",),
            references=IN_PARK | {"parcel_code": "parcel"},
            relations=(Relation("chain_codes", "building_chain", "building_code", "chain_code"),),
        ),
        Target(
            "projects",
            "project",
            (*POLYGONS, "Point"),
            may_lack_geometry=True,
            references=PLACE | {"chain_code": "chain"},
            relations=(
                Relation("parcel_codes", "project_parcel", "project_code", "parcel_code"),
                Relation("building_codes", "project_building", "project_code", "building_code"),
                Relation("unit_shares", "project_unit_share", "project_code", "unit_code", "share"),
            ),
        ),
        Target(
            "enterprises",
            "enterprise",
            ("Point",),
            may_lack_geometry=True,
            references=IN_PARK | {"chain_code": "chain"},
        ),
        Target(
            "policies",
            "policy_clause",
            POLYGONS,
            multi=True,
            may_lack_geometry=True,
            required=("policy_code", "clause_no"),
            references=PLACE | {"policy_code": "policy", "chain_code": "chain"},
        ),
        Target("transport", "transport_feature", ANY, required=("kind",), references=PLACE),
        Target("controls", "planning_control", ANY, required=("kind",), references=PLACE),
        Target("units", "unit", required=("kind",), references={"parent_code": "unit", "town_code": "admin_area"}),
        Target("chains", "chain"),
        Target("data_sources", "data_source"),
        Target("policy_documents", "policy", required=("valid_during",)),
        Target(
            "building_spaces",
            "building_space",
            required=("building_code", "floor", "area_m2"),
            references={"building_code": "building"},
        ),
        Target(
            "park_works",
            "park_work",
            ANY,
            may_lack_geometry=True,
            required=("park_code", "kind"),
            references={"park_code": "park"},
        ),
        Target(
            "ground_uses",
            "ground_use",
            POLYGONS,
            multi=True,
            required=("kind", "surveyed_on"),
            references={"unit_code": "unit"},
        ),
        Target("road_edges", "road_edge", ("LineString",), required=("from_node", "to_node", "speed_km_h")),
    )
}

FACTS, PAUSES = "facts", "clock_pauses"
LEDGERS = (FACTS, PAUSES)
"""Imports that only ever add: see geo/exchange/facts.py and pauses.py."""


def target(collection: str) -> Target:
    """The target of a collection; raises BadInput naming those there are."""
    if collection not in TARGETS:
        names = ", ".join([*TARGETS, *LEDGERS])
        raise BadInput.at(
            "into",
            Problem(zh=f"没有可导入的集合“{collection}”", en=f"nothing can be imported into '{collection}'"),
            Problem(zh=f"应为：{names}", en=f"one of: {names}"),
        )
    return TARGETS[collection]
