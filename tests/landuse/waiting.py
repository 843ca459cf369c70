"""A little county whose stock was counted by hand: fourteen parcels, three units, two towns, one park. As of 2026-06-01."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import Connection, text

from geo.landuse.commands import recompute_sync
from tests.landuse.land import county, fact, parcel, pause

AS_OF = date(2026, 6, 1)
CONTRACT = {"contract_on": date(2021, 3, 1)}
APPROVED = {"approved_on": date(2025, 1, 10)}
"""批而未供 since 2025-01-10: over a year."""
DUE = CONTRACT | {"agreed_start_on": date(2026, 1, 15)}
"""供而未用 since 2026-01-15: under a year, not idle."""
IDLE = CONTRACT | {"agreed_start_on": date(2022, 3, 15)}
"""供而未用 since 2022-03-15, suspected idle and red."""
BUILT = CONTRACT | {"started_on": date(2021, 9, 1), "completed_on": date(2024, 9, 30), "undeveloped_area_m2": 0}
"""建而未投 since 2025-03-30."""
SILENT = CONTRACT
"""Supplied, and nobody told when works were to begin: cannot be judged."""
SOON = CONTRACT | {"agreed_start_on": date(2026, 6, 15)}
LATER = CONTRACT | {"agreed_start_on": date(2026, 7, 15)}
"""供而未用 from the day after these."""
CALM = CONTRACT | {"agreed_start_on": date(2030, 1, 1)}
"""Nothing to say."""

# code, unit, town, park, area in square metres (None: not known), facts
PLOTS = (
    ("A1", "U1", "T1", "P1", "20000", APPROVED),
    ("A2", "U2", "T2", None, "10000.5", APPROVED),
    ("D1", "U1", "T1", "P1", "40000", DUE),
    ("D2", None, None, None, "13333.33", DUE),
    ("D3", "U2", "T2", None, None, DUE),
    ("I1", "U1", "T1", "P1", "66666.67", IDLE),
    ("I2", "U2", "T1", None, "5000", IDLE),
    ("B1", "U1", "T2", "P1", "133333.34", BUILT),
    ("S1", "U1", "T1", None, "30000", SILENT),
    ("S2", "U3", "T2", None, "7000", SILENT),
    ("E1", "U3", "T2", None, "12000", SOON),
    ("E2", "U1", "T1", "P1", "15000", LATER),
    ("C1", "U1", "T1", "P1", "90000", CALM),
    ("C2", "U3", "T2", None, "80000", CALM),
)
CLASSES = {"A": "approved", "D": "supplied", "I": "supplied", "B": "built", "S": "undecided"}
CAUSES = {"I1": "GOVERNMENT", "I2": "OWNER", "D1": "FORCE_MAJEURE"}
"""I1: told as a fact, over a pause; I2: the case says so; D1: the latest pause. All others: not known."""
AGES = {"A": "y1", "D": "y0", "I": "y3", "B": "y1", "S": "none"}
SIZES = {
    "A1": "m20",
    "A2": "m0",
    "D1": "m50",
    "D2": "m0",
    "D3": "none",
    "I1": "m100",
    "I2": "m0",
    "B1": "m200",
    "S1": "m20",
    "S2": "m0",
}


def area(code: str) -> Decimal:
    """Square metres of a plot; none where nobody knows it."""
    return Decimal(next(plot[4] for plot in PLOTS if plot[0] == code) or 0)


def counted() -> list[str]:
    """Codes of the parcels that are of a class."""
    return [plot[0] for plot in PLOTS if plot[0][0] in "ADIB"]


def settle(connection: Connection) -> None:
    """Write the county and judge it."""
    county(connection)
    for code, kind in (("U1", "park"), ("U2", "town"), ("U3", "town")):
        connection.execute(
            text(
                "insert into register.unit (county_code, code, name, name_en, kind) values ('C', :code, :zh, :code, :kind)"
            ),
            {"code": code, "zh": f"单位{code}", "kind": kind},
        )
    for code in ("T1", "T2"):
        connection.execute(
            text(
                "insert into register.admin_area (county_code, code, name, name_en, level) values ('C', :code, :zh, :code, 'town')"
            ),
            {"code": code, "zh": f"镇{code}"},
        )
    connection.execute(
        text(
            "insert into register.park (county_code, code, name, name_en, kind) values ('C', 'P1', '园区', 'Park', 'industrial_park')"
        )
    )
    ids: dict[str, int] = {}
    for code, unit, town, park, size, facts in PLOTS:
        ids[code] = parcel(connection, code, facts)
        connection.execute(
            text(
                "update register.parcel set unit_code = :unit, town_code = :town, park_code = :park, registered_area_m2 = :size where id = :id"
            ),
            {"unit": unit, "town": town, "park": park, "size": size and Decimal(size), "id": ids[code]},
        )
    fact(connection, ids["I1"], "delay_cause", "GOVERNMENT", date(2023, 5, 1))
    pause(connection, ids["I1"], date(2021, 4, 1), date(2021, 4, 2), "OWNER")
    pause(connection, ids["D1"], date(2021, 4, 1), date(2021, 4, 2), "OWNER")
    pause(connection, ids["D1"], date(2021, 5, 1), date(2021, 5, 2), "OWNER")
    gone = pause(connection, ids["D1"], date(2026, 5, 1), date(2026, 5, 2), "OWNER")
    pause(connection, ids["D1"], None, None, None, gone)
    pause(connection, ids["D1"], date(2021, 7, 1), date(2021, 7, 2), "FORCE_MAJEURE")
    fact(connection, ids["I2"], "delay_cause", "GOVERNMENT", date(2023, 5, 1))
    cases(connection, ids["I2"])
    recompute_sync(connection, "C", AS_OF)


def cases(connection: Connection, parcel_id: int) -> None:
    """A closed case and an open one whose cause is the holder's, as their events would have left them."""
    for verb in ("disable", "enable"):
        connection.execute(text(f"alter table register.idle_case {verb} trigger user"))
        if verb == "disable":
            connection.execute(
                text(
                    "insert into register.idle_case (county_code, code, parcel_id, cause, state, is_open, opened_on, closed_on) values "
                    "('C', 'K0', :id, 'GOVERNMENT', 'CLOSED', false, '2024-01-01', '2024-06-01'), "
                    "('C', 'K1', :id, 'OWNER', 'SUSPECTED', true, '2023-08-01', null)"
                ),
                {"id": parcel_id},
            )
