"""A county under land rules with hand-drawn plots, laid out in metres of its survey zone (EPSG:4529)."""

from __future__ import annotations

from typing import Any

import shapely
from sqlalchemy import Connection, Engine, text

from geo.db import ALL_UNITS, Actor, Audience, acting_sync
from geo.registry.counties import add_county

ADMIN = Actor(Audience.ADMIN, account="worker", units=(ALL_UNITS,), tier="P3")
STAFF = Actor(Audience.STAFF, account="clerk", units=(ALL_UNITS,), tier="P3")
COUNTY = "330225"
EAST, NORTH = 41_395_000.0, 3_262_000.0
"""Where the plots lie: inside the county's box, far from the zone's origin."""

SHAPE = "st_multi(st_transform(st_setsrid(cast(:wkb as geometry), 4529), 4490))"


def county(engine: Engine) -> None:
    """The county, without anything in it."""
    with acting_sync(engine, ADMIN) as c:
        add_county(c, COUNTY, name="象山县", name_en="Xiangshan", outline=shapely.box(121.5, 28.8, 122.3, 29.7), survey_epsg=4529,
                   time_zone="Asia/Shanghai", rule_set="cn")  # fmt: skip


def laid(shape: shapely.geometry.base.BaseGeometry) -> str:
    """A shape drawn around (0, 0) in metres, where the plots lie, as hexadecimal WKB."""
    moved: str = shapely.to_wkb(shapely.transform(shape, lambda at: at + (EAST, NORTH)), hex=True)
    return moved


def parcel(c: Connection, code: str, shape: shapely.geometry.base.BaseGeometry, **columns: Any) -> int:
    """A plot; its registered area is that of the shape unless told."""
    columns = {"registered_area_m2": shape.area} | columns
    names, places = "".join(f", {n}" for n in columns), "".join(f", :{n}" for n in columns)
    made: int = c.execute(
        text(f"insert into register.parcel (county_code, code, name, geom{names}) values (:county, :code, :code, {SHAPE}{places}) returning id"),
        {"county": COUNTY, "code": code, "wkb": laid(shape), **columns},
    ).scalar_one()  # fmt: skip
    return made


def building(c: Connection, code: str, shape: shapely.geometry.base.BaseGeometry | None, **columns: Any) -> None:
    """A factory; one storey of 7 m unless told."""
    columns = {"storeys": 1, "height_m": 7} | columns
    names, places = "".join(f", {n}" for n in columns), "".join(f", :{n}" for n in columns)
    c.execute(
        text(f"insert into register.building (county_code, code, name, kind, geom{names}) values (:county, :code, :code, 'factory', {SHAPE}{places})"),
        {"county": COUNTY, "code": code, "wkb": None if shape is None else laid(shape), **columns},
    )  # fmt: skip


def ground(
    c: Connection, code: str, kind: str, shape: shapely.geometry.base.BaseGeometry, *, in_use: bool = True
) -> None:
    """Ground that is no building."""
    c.execute(
        text(f"insert into register.ground_use (county_code, code, kind, is_in_use, surveyed_on, geom) values (:county, :code, :kind, :in_use, '2026-05-01', {SHAPE})"),
        {"county": COUNTY, "code": code, "kind": kind, "in_use": in_use, "wkb": laid(shape)},
    )  # fmt: skip


def fact(c: Connection, parcel_id: int, kind: str, value: str, retracts: int | None = None) -> int:
    """A dated fact of a plot, in force from the day it names."""
    made: int = c.execute(
        text("insert into register.fact (county_code, subject_kind, subject_id, kind, value_date, effective_on, retracts_fact_id) "
             "values (:county, 'parcel', :id, :kind, cast(:value as date), cast(:on as date), :retracts) returning id"),
        {"county": COUNTY, "id": parcel_id, "kind": kind, "value": None if retracts else value, "on": value, "retracts": retracts},
    ).scalar_one()  # fmt: skip
    return made
