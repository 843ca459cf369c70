"""Invented figures of the sample firms: land they use, tax and output of three years, grades. All of it is made up (示例)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

FILE = "enterprise_years.csv"
COLUMNS = ("enterprise_code", "parcel_code", "area_m2", "year", "output_wan_cny", "tax_wan_cny", "mu_grade")
YEARS_BACK = 3
SQUARE_METRES_PER_MU = 10_000 / 15
WITHOUT_LAND, WITHOUT_FIGURES = 11, 13
"""Every so manyth firm told nothing of its land, every so manyth nothing of its last year."""
SHARES = (("A", 0.2), ("B", 0.75), ("C", 0.95), ("D", 1.0))


def write_years(
    firms: Iterable[Mapping[str, Any]], parcels: Iterable[Mapping[str, Any]], as_of: date, seed: int, out: Path
) -> int:
    """`enterprise_years.csv`: a firm sits on a plot of its park, and yields more or less per mu than the year before."""
    rng = np.random.default_rng([seed, 53])
    plots: dict[str, list[str]] = {}
    for parcel in parcels:
        if parcel.get("park_code"):
            plots.setdefault(parcel["park_code"], []).append(parcel["code"])
    rows: list[dict[str, Any]] = []
    for number, firm in enumerate(firms, start=1):
        if firm["park_code"] not in plots:
            continue
        mu = float(rng.uniform(3, 60))
        tax, growth = float(rng.lognormal(2.6, 0.5)), float(rng.normal(0.05, 0.08))
        for back in range(YEARS_BACK, 0, -1):
            if back == 1 and number % WITHOUT_FIGURES == 0:
                continue
            year_tax = tax * (1 + growth) ** (YEARS_BACK - back)
            rows.append({
                "enterprise_code": firm["code"], "parcel_code": plots[firm["park_code"]][number % len(plots[firm["park_code"]])],
                "area_m2": "" if number % WITHOUT_LAND == 0 else f"{mu * SQUARE_METRES_PER_MU:.2f}", "year": as_of.year - back,
                "output_wan_cny": f"{mu * year_tax * float(rng.uniform(14, 22)):.2f}", "tax_wan_cny": f"{mu * year_tax:.2f}", "per_mu": year_tax,
            })  # fmt: skip
    for year in {row["year"] for row in rows}:
        ranked = sorted((r for r in rows if r["year"] == year), key=lambda r: -r["per_mu"])
        for place, row in enumerate(ranked, start=1):
            row["mu_grade"] = next(letter for letter, share in SHARES if place <= share * len(ranked) or letter == "D")
    with (out / FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def load_years(connection: Connection, county_code: str, folder: Path) -> int:
    """Tell what of the file is not told yet; returns how many years were."""
    with (folder / FILE).open(encoding="utf-8", newline="") as file:
        rows = [{name: value or None for name, value in row.items()} for row in csv.DictReader(file)]
    told = 0
    for row in rows:
        bound = {"county": county_code, **row}
        told += connection.execute(
            text(
                "insert into register.enterprise_year (county_code, enterprise_code, year, output_wan_cny, tax_wan_cny, mu_grade) "
                "select :county, e.code, cast(:year as integer), cast(:output_wan_cny as numeric), cast(:tax_wan_cny as numeric), :mu_grade "
                "from register.enterprise e where e.county_code = :county and e.code = :enterprise_code "
                "on conflict (county_code, enterprise_code, year, revision) do nothing"
            ),
            bound,
        ).rowcount
        if row["area_m2"] is not None:
            connection.execute(
                text(
                    "insert into register.enterprise_site (county_code, enterprise_code, parcel_code, tenure, area_m2) "
                    "select :county, e.code, p.code, 'owned', cast(:area_m2 as numeric) from register.enterprise e "
                    "join register.parcel p on p.county_code = e.county_code and p.code = :parcel_code "
                    "where e.county_code = :county and e.code = :enterprise_code and not exists ("
                    "select from register.enterprise_site s where s.county_code = :county and s.enterprise_code = e.code)"
                ),
                bound,
            )
    return told
