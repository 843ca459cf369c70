"""A county under land rules and parcels with facts, written by the owner and rolled back by the test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, text

from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.kinds import Base, Scalar

COLUMN = {Base.DATE: "value_date", Base.NUMBER: "value_number", Base.BOOL: "value_bool", Base.CODE: "value_text"}
REGISTER = {
    "parcel_area_m2": "registered_area_m2",
    "far_min_ratio": "far_min",
    "intensity_min_wan_cny_per_mu": "investment_intensity_min_wan_cny_per_mu",
    "tax_min_wan_cny_per_mu": "tax_min_wan_cny_per_mu",
    "energy_max_tce_per_wan_cny": "energy_max_tce_per_wan_cny",
    "emission_max_kg_per_wan_cny": "emission_max_kg_per_wan_cny",
}
MEASURED = {
    "measured_undeveloped_area_m2": "remainder_area_m2",
    "measured_far_ratio": "far_ratio",
    "measured_coefficient_ratio": "coefficient_ratio",
}
"""What a survey told: columns of register.land_evidence."""

LONG_AGO = date(1990, 1, 1)


def county(connection: Connection, code: str = "C", rule_set: str | None = "cn") -> None:
    """A county."""
    connection.execute(
        text(
            "insert into register.county (code, name, name_en, outline, survey_srid, time_zone, rule_set) values "
            "(:code, '县', 'County', st_multi(st_makeenvelope(121, 28, 123, 30, 4490)), 4529, 'Asia/Shanghai', :rules)"
        ),
        {"code": code, "rules": rule_set},
    )


def exact(value: Scalar | Decimal) -> Any:
    """A value as the database takes it."""
    return Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else value


def fact(
    connection: Connection, parcel: int, kind: str, value: Any, on: date = LONG_AGO, retracts: int | None = None
) -> int:
    """One fact; `value` None only retracts."""
    column = COLUMN[catalogue().vocabulary.inputs[kind].kind.base]
    found: int = connection.execute(
        text(
            f"insert into register.fact (county_code, subject_kind, subject_id, kind, {column}, effective_on, retracts_fact_id) "
            "values ('C', 'parcel', :parcel, :kind, :value, :on, :retracts) returning id"
        ),
        {"parcel": parcel, "kind": kind, "value": value, "on": on, "retracts": retracts},
    ).scalar_one()
    return found


def parcel(connection: Connection, code: str, facts: Mapping[str, Scalar]) -> int:
    """A parcel of county C with facts told long ago and columns of the register."""
    columns = {REGISTER[name]: exact(value) for name, value in facts.items() if name in REGISTER}
    names = "".join(f", {name}" for name in columns)
    places = "".join(f", :{name}" for name in columns)
    made: int = connection.execute(
        text(
            f"insert into register.parcel (county_code, code, name{names}) values ('C', :code, :code{places}) returning id"
        ),
        {"code": code, **columns},
    ).scalar_one()
    measured = {MEASURED[name]: exact(value) for name, value in facts.items() if name in MEASURED}
    if measured:
        connection.execute(
            text(
                "insert into register.land_evidence (county_code, parcel_id, surveyed_on, survey_srid, setback_m, least_width_m, "
                f"missing, made_from, {', '.join(measured)}) values ('C', :parcel, '2020-01-01', 4529, 5, 6, '{{x.geom}}', '{{}}', "
                f"{', '.join(f':{name}' for name in measured)})"
            ),
            {"parcel": made, **measured},
        )
    for kind, value in facts.items():
        if kind not in REGISTER and kind not in MEASURED:
            fact(connection, made, kind, exact(value))
    return made


def pause(
    connection: Connection, parcel: int, first: date | None, last: date | None, cause: str | None = "GOVERNMENT_OTHER",
    retracts: int | None = None,
) -> int:  # fmt: skip
    """One row of the ledger of pauses; without `first` and `cause` it only retracts."""
    made: int = connection.execute(
        text(
            "insert into register.clock_pause (county_code, parcel_id, from_on, to_on, cause, retracts_pause_id) "
            "values ('C', :parcel, :first, :last, :cause, :retracts) returning id"
        ),
        {"parcel": parcel, "first": first, "last": last, "cause": cause, "retracts": retracts},
    ).scalar_one()
    return made
