"""How tables of the register are declared: names, keys, and what every thing on the map has in common.

The DDL itself is in `migrations/`; a test holds the two equal.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import UserDefinedType

from geo.crs import STORAGE_SRID, TILE_SRID

SCHEMA = "register"


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


class Base(DeclarativeBase):
    """Every table of the register; constraint names follow one convention."""

    metadata = MetaData(
        schema=SCHEMA,
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        },
    )
    type_annotation_map = {  # noqa: RUF012
        str: Text,
        int: BigInteger,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
    }


CODE_SYNTAX = r"""code is nfc normalized and code ~ '^[^/\\?#%[:cntrl:]]{1,64}$' and code !~ '(^[. ]|[. ]$|\.pdf$)'"""
"""design.md 9: NFC, 1-64 characters, none of / \\ ? # % or controls, no dot or space at the ends, not `.pdf`."""

NOW = text("clock_timestamp()")


def county_fk(column: str, target: str, *, name: str | None = None) -> ForeignKeyConstraint:
    """A foreign key on a code of the same county; it contains county_code so that Citus stays possible (design.md 8)."""
    return ForeignKeyConstraint(
        ["county_code", column],
        [f"{SCHEMA}.{target}.county_code", f"{SCHEMA}.{target}.code"],
        onupdate="CASCADE",
        name=name,
        deferrable=True,
        initially="DEFERRED",
    )


class InCounty:
    """A row that belongs to one county."""

    county_code: Mapped[str] = mapped_column(Text, ForeignKey(f"{SCHEMA}.county.code"), nullable=False)


class Coded(InCounty):
    """A row with a bigint key for joins and a stable code for people, unique per county."""

    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str | None]


class MapThing(Coded):
    """What every registry thing on the map has.

    `geom` is EPSG:4490, longitude first. `geom_public`, `tile_geom` and `tile_geom_public` (EPSG:3857) are written by
    the trigger `register.derive_geometry` together with `geom`, never by a program; so is `area_m2`, measured in the
    county's survey CRS (GEO-08), and `length_m`.
    """

    source_code: Mapped[str | None] = mapped_column(comment="what a file called it")
    town_code: Mapped[str | None]
    unit_code: Mapped[str | None] = mapped_column(comment="the unit that answers for it")
    geom: Mapped[WKBElement | None] = mapped_column(Geometry("GEOMETRY", STORAGE_SRID, spatial_index=False))
    geom_public: Mapped[WKBElement | None] = mapped_column(Geometry("GEOMETRY", STORAGE_SRID, spatial_index=False))
    tile_geom: Mapped[WKBElement | None] = mapped_column(Geometry("GEOMETRY", TILE_SRID, spatial_index=False))
    tile_geom_public: Mapped[WKBElement | None] = mapped_column(Geometry("GEOMETRY", TILE_SRID, spatial_index=False))
    geometry_quality: Mapped[str] = mapped_column(
        server_default="none", comment="what the public sees: shape, point (snapped), none"
    )
    position_quality: Mapped[str] = mapped_column(
        server_default="unknown", comment="surveyed, digitised, approximate, demo, unknown"
    )
    source_srid: Mapped[int | None] = mapped_column(Integer, comment="EPSG code the geometry came in")
    area_m2: Mapped[float | None] = mapped_column(Numeric(16, 2), comment="measured in the county's survey CRS, m2")
    publication_state: Mapped[str] = mapped_column(server_default="internal")
    is_sample: Mapped[bool] = mapped_column(server_default=text("false"))
    data_source_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.data_source.id"))
    data_date: Mapped[date | None] = mapped_column(comment="the day the content was true at its source")
    extra: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default=text("'{}'::jsonb"), comment="further columns of the file it came from"
    )
    version: Mapped[int] = mapped_column(server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_by: Mapped[str] = mapped_column(server_default="")

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return thing_constraints(cls.__tablename__)  # type: ignore[attr-defined]


def thing_constraints(table: str, *more: Any) -> tuple[Any, ...]:
    """Keys, checks and indexes shared by all things on the map, then the table's own."""
    return (
        UniqueConstraint("county_code", "code"),
        CheckConstraint(CODE_SYNTAX, name="code_syntax"),
        CheckConstraint("geometry_quality in ('shape', 'point', 'none')", name="geometry_quality"),
        CheckConstraint(
            "position_quality in ('surveyed', 'digitised', 'approximate', 'demo', 'unknown')",
            name="position_quality",
        ),
        CheckConstraint("publication_state in ('internal', 'published', 'withdrawn')", name="publication_state"),
        CheckConstraint("geom is null or (st_isvalid(geom) and not st_isempty(geom))", name="geom_valid"),
        county_fk("town_code", "admin_area"),
        county_fk("unit_code", "unit"),
        Index(f"ix_{table}_geom", "geom", postgresql_using="gist"),
        Index(f"ix_{table}_tile_geom", "tile_geom", postgresql_using="gist"),
        Index(
            f"ix_{table}_geom_public",
            "geom_public",
            postgresql_using="gist",
            postgresql_where=text("publication_state = 'published'"),
        ),
        Index(
            f"ix_{table}_tile_geom_public",
            "tile_geom_public",
            postgresql_using="gist",
            postgresql_where=text("publication_state = 'published'"),
        ),
        *more,
    )


NOT_VERSIONED = frozenset({"tile_geom", "tile_geom_public", "tile_rectangle"})
"""Columns a version does not repeat: they follow from the geometry."""

VERSIONED: dict[str, Table] = {}
"""Version table by the name of the table it records."""


def versioned(table: Table, *, is_placed: bool = False) -> Table:
    """Declare `<table>_version`: the table's own columns, and when each state of a row was the recorded one.

    Filled by the statement trigger `register.record_version`; two changes of a row in one transaction are one version. `is_placed`:
    its past is found by place, at which both audiences may ask.
    """
    name = f"{table.name}_version"
    copies: list[Column[Any]] = []
    for column in table.columns:
        if column.name in NOT_VERSIONED:
            continue
        kind = column.type
        if isinstance(kind, Geometry):
            kind = Geometry(kind.geometry_type, kind.srid, spatial_index=False)
        copies.append(Column(column.name, kind, nullable=True, primary_key=False))
    version = Table(
        name,
        table.metadata,
        *copies,
        Column("version_id", BigInteger, Identity(always=True), primary_key=True),
        Column("recorded_during", TSTZRANGE, nullable=False),
        Column("recorded_xid", Xid8(), nullable=False),
        Column("recorded_by", Text, nullable=False),
        Index(f"ix_{name}_row", "county_code", "id", "recorded_during"),
        *(Index(f"ix_{name}_{which}", column, "recorded_during", postgresql_using="gist")
          for which, column in (("place", "geom"), ("public_place", "geom_public")) if is_placed),
    )  # fmt: skip
    VERSIONED[table.name] = version
    return version
