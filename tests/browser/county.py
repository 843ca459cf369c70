"""A small invented county with one thing of every collection where the map opens, and a second county without towns."""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg
from sqlalchemy import create_engine, text

from geo.db import driver_url
from geo.landuse.commands import recompute_sync
from geo.landuse.evidence.commands import measure_plots
from geo.people.commands import create_account
from geo.registry.search.commands import write_due

COUNTY, OTHER = "330225", "US-X"
PASSWORD = "browser-tests-1"
TODAY = date(2026, 11, 24)

HOSTILE = "<img src=x onerror=\"document.title='hit'\"></script><script>document.title='hit'</script>"
"""A name that wants to be markup."""

PLACE = (121.90, 29.48)
"""The middle of everything below."""


def _box(dx: float, dy: float, width: float, height: float) -> str:
    """A rectangle as EWKT of EPSG:4490; degrees east and north of PLACE."""
    w, s = PLACE[0] + dx, PLACE[1] + dy
    e, n = w + width, s + height
    return f"SRID=4490;MULTIPOLYGON((({w} {s},{e} {s},{e} {n},{w} {n},{w} {s})))"


def _point(dx: float, dy: float) -> str:
    return f"SRID=4490;POINT({PLACE[0] + dx} {PLACE[1] + dy})"


def _line(*points: tuple[float, float]) -> str:
    return "SRID=4490;LINESTRING(" + ",".join(f"{PLACE[0] + x} {PLACE[1] + y}" for x, y in points) + ")"


class Builder:
    """Inserts rows as the owner; every thing is published sample data unless said otherwise."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def add(self, table: str, **values: Any) -> int:
        """One row; returns its id."""
        names = ", ".join(values)
        places = ", ".join("%s" for _ in values)
        row = self.connection.execute(
            f"insert into register.{table} ({names}) values ({places}) returning id",
            list(values.values()),
        ).fetchone()
        assert row is not None
        return int(row[0])

    def thing(self, table: str, code: str, name: str, name_en: str, geom: str | None, **values: Any) -> int:
        """One published thing on the map."""
        values = {
            "county_code": COUNTY,
            "publication_state": "published",
            "is_sample": True,
            "unit_code": "U1",
        } | values
        return self.add(table, code=code, name=name, name_en=name_en, geom=geom, **values)

    def fact(self, subject_kind: str, subject_id: int, kind: str, column: str, value: Any, on: date) -> None:
        """One dated fact."""
        self.add(
            "fact", county_code=COUNTY, subject_kind=subject_kind, subject_id=subject_id, kind=kind, effective_on=on,
            is_sample=True, document_no="示例〔2025〕1号", **{column: value},
        )  # fmt: skip


def fill(database_url: str) -> None:
    """Fill a migrated database with both counties and the accounts `clerk` (of the town's unit) and `bureau`."""
    with psycopg.connect(database_url) as connection:
        for code, name, name_en, outline, srid, rules in (
            (COUNTY, "象山县", "Xiangshan County", _box(-0.2, -0.2, 0.4, 0.4), 4529, "cn"),
            (OTHER, "别处", "Elsewhere", "SRID=4490;MULTIPOLYGON(((-75.2 39.9,-75.1 39.9,-75.1 40,-75.2 40,-75.2 39.9)))", 32618, None),
        ):  # fmt: skip
            connection.execute(
                "insert into register.county (code, name, name_en, outline, survey_srid, time_zone, rule_set, is_default, is_sample) "
                "values (%s, %s, %s, %s, %s, 'Asia/Shanghai', %s, %s, true)",
                [code, name, name_en, outline, srid, rules, code == COUNTY],
            )
        _fill_county(Builder(connection))
        for number in range(40):
            x, y = -75.18 + (number % 8) * 0.008, 39.92 + (number // 8) * 0.012
            ring = f"{x} {y},{x + 0.004} {y},{x + 0.004} {y + 0.004},{x} {y + 0.004},{x} {y}"
            Builder(connection).thing(
                "parcel", f"P{number:02d}", f"Lot {number}", f"Lot {number}", f"SRID=4490;MULTIPOLYGON((({ring})))",
                county_code=OTHER, unit_code=None, is_sample=False,
            )  # fmt: skip
        connection.commit()
    with create_engine(driver_url(database_url)).begin() as connection:
        surveyed = connection.execute(
            text("select id from register.parcel where county_code = :c and code = 'P6'"), {"c": COUNTY}
        )
        measure_plots(connection, COUNTY, [surveyed.scalar_one()], TODAY)
        recompute_sync(connection, COUNTY, TODAY)
        write_due(connection)
        for name, role in (("clerk", "clerk"), ("bureau", "bureau")):
            create_account(connection, name, PASSWORD, f"示例·{name}", role, COUNTY, ("U1",) if role == "clerk" else ())


def _fill_county(b: Builder) -> None:
    source = b.add("data_source", county_code=COUNTY, code="coast", name="示例岸线", name_en="Sample coast", publisher="示例",
                   licence="CC0", attribution="© Sample coast", is_sample=True, retrieved_on=TODAY)  # fmt: skip
    for code, name, name_en in (("U1", "丹东街道", "Dandong"), ("U2", "西周镇", "Xizhou")):
        b.add("unit", county_code=COUNTY, code=code, name=name, name_en=name_en, kind="town")
    b.add("chain", county_code=COUNTY, code="C1", name="临港装备", name_en="Port equipment")
    for code, name, name_en, dx in (("T1", "丹东街道", "Dandong", -0.06), ("T2", "西周镇", "Xizhou", -0.16)):
        b.thing("admin_area", code, name, name_en, _box(dx, -0.08, 0.10, 0.16), level="town", kind="town",
                is_indicative=True, is_sample=False, data_source_id=source)  # fmt: skip
    b.thing("park", "PK", "城东工业园", "East Park", _box(-0.012, -0.008, 0.024, 0.016), kind="industrial_park", level="county",
            town_code="T1", data_source_id=source)  # fmt: skip
    b.add("park_work", county_code=COUNTY, code="PK-W1", park_code="PK", name="主干路", name_en="Main road", kind="road",
          planned_start_on=date(2024, 1, 1), planned_end_on=date(2025, 1, 1), started_on=date(2024, 1, 1), finished_on=date(2025, 2, 1),
          geom=_line((-0.0115, -0.0002), (0.0115, -0.0002)), is_sample=True)  # fmt: skip
    b.add("park_work", county_code=COUNTY, code="PK-W2", park_code="PK", name="雨水泵站", name_en="Pumping station", kind="drainage",
          planned_start_on=date(2024, 1, 1), planned_end_on=date(2025, 1, 1), started_on=date(2024, 2, 1), geom=_point(0.0118, 0.0003),
          is_sample=True)  # fmt: skip
    b.add("park_work", county_code=COUNTY, code="PK-W3", park_code="PK", name="场地平整", name_en="Levelling", kind="levelling",
          started_on=date(2025, 1, 1), planned_end_on=date(2990, 1, 1), geom=_box(-0.0115, -0.0075, 0.006, 0.0072),
          is_sample=True)  # fmt: skip
    b.add("park_work", county_code=COUNTY, code="PK-W4", park_code="PK", name="燃气管", name_en="Gas main", kind="gas",
          planned_start_on=date(2990, 1, 1), is_sample=True)  # fmt: skip
    b.thing(
        "park", "FT", "星光小镇", "Star Town", _box(0.014, -0.008, 0.006, 0.006), kind="featured_town", town_code="T1"
    )
    states = ("AVAILABLE", "ON_OFFER", "SUPPLIED", "UNDER_CONSTRUCTION", "RESERVE", "RESTRICTED", "IN_USE", None)
    for number, state in enumerate(states):
        dx, dy = -0.011 + (number % 4) * 0.0056, -0.007 + (number // 4) * 0.0075
        parcel = b.thing("parcel", f"P{number}", HOSTILE if number == 7 else f"城东{number}号地块", f"East {number}",
                         _box(dx, dy, 0.005, 0.0065), town_code="T1", park_code="PK", land_use_code="100102",
                         price_min_wan_cny_per_mu=20, price_max_wan_cny_per_mu=30, far_min=1, far_max=2, data_date=TODAY,
                         data_source_id=source)  # fmt: skip
        if state:
            b.fact("parcel", parcel, "status", "value_text", state, date(2025, 3, 1))
        if state == "IN_USE":  # with both buildings on it
            b.fact("parcel", parcel, "ground_surveyed_on", "value_date", date(2025, 6, 1), date(2025, 6, 1))
        if state == "SUPPLIED":
            b.fact("parcel", parcel, "contract_on", "value_date", date(2022, 1, 1), date(2022, 1, 1))
            b.fact("parcel", parcel, "agreed_start_on", "value_date", date(2022, 6, 1), date(2022, 1, 1))
            b.fact("parcel", parcel, "supply_method", "value_text", "GRANT", date(2022, 1, 1))
    b.thing("parcel", "W1", "西周1号地块", "West 1", _box(-0.12, 0, 0.005, 0.005), town_code="T2", unit_code="U2")
    merged = b.thing("parcel", "OLD", "并入前的地块", "Before the merger", _box(0.008, 0.016, 0.003, 0.003))
    b.connection.commit()  # a version of its own: what was never published leads the public nowhere
    b.fact("parcel", merged, "succeeded_by", "value_text", "P1", date(2025, 3, 1))
    b.thing("parcel", "INT", "内部地块", "Internal", _box(0.008, 0.012, 0.003, 0.003), publication_state="internal")
    building = b.thing("building", "B1", "1号厂房", "Plant 1", _box(0.001, 0.0015, 0.0015, 0.003), kind="factory", town_code="T1",
                       floor_area_m2=12000, storeys=3)  # fmt: skip
    b.fact("building", building, "vacant_area_m2", "value_number", 2400, date(2025, 3, 1))
    b.thing("building", "B2", "研发楼", "Office 2", _box(0.0035, 0.0015, 0.001, 0.003), kind="office", town_code="T1")
    b.add(
        "building_space",
        county_code=COUNTY,
        code="B1-1",
        building_code="B1",
        floor=1,
        part_no=0,
        area_m2=4000,
        is_vacant=True,
    )
    project = b.thing("project", "J1", "示例装备项目", "Sample project", _point(-0.0085, 0.004), chain_code="C1",
                      total_investment_wan_cny=50000)  # fmt: skip
    b.fact("project", project, "stage", "value_text", "SIGNED", date(2025, 3, 1))
    b.thing(
        "enterprise", "E1", "示例机电有限公司", "Sample Co", _point(0.0075, 0.006), chain_code="C1", size_class="small"
    )
    b.add("policy", county_code=COUNTY, code="POL", name="用地办法", name_en="Land measures", valid_during="[2025-01-01,2030-01-01)",
          fair_review_result="passed", fair_review_on=date(2024, 12, 1))  # fmt: skip
    b.thing("policy_clause", "POL-1", "弹性年期", "Flexible term", _box(-0.02, -0.02, 0.05, 0.04), policy_code="POL",
            clause_no="第五条", kind="land", summary="可按 20 年出让。",
            summary_en="A grant may be for 20 years.")  # fmt: skip
    b.thing("transport_feature", "R1", "国道示例线", "Sample road", _line((-0.05, -0.01), (0, -0.0098), (0.05, -0.012)), kind="road",
            road_class="national")  # fmt: skip
    b.thing("transport_feature", "S1", "示例站", "Sample station", _point(0.0, 0.013), kind="station", status="planned")
    b.add("surrounding", county_code=COUNTY, code="S1", kind="land", is_sample=True, attribution="© Sample coast",
          geom=_box(-0.5, -0.3, 0.25, 0.6).replace("MULTIPOLYGON(((", "POLYGON((").replace(")))", "))"))  # fmt: skip
    b.add(
        "surrounding",
        county_code=COUNTY,
        code="S2",
        kind="water",
        name="东海",
        name_en="East China Sea",
        geom=_point(0.2, 0.0),
    )
    b.thing("planning_control", "L1", "永久基本农田", "Basic farmland", _box(-0.03, 0.01, 0.01, 0.01), kind="PBF",
            publication_state="internal")  # fmt: skip
