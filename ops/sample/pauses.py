"""When the clock of some sample plots stood still: overlapping pauses, one that still stands, one that does not count."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

FILE = "pauses.csv"
COLUMNS = ("parcel_code", "from_on", "to_on", "cause", "document_no", "note")
Dates = Mapping[str, date]
Told = tuple[Callable[[Dates], date], int | None, str, str]
"""First day by the plot's own dates, number of days (None: the clock still stands), cause, note."""


def _after(kind: str, days: int) -> Callable[[Dates], date]:
    return lambda dates: dates[kind] + timedelta(days=days)


STOOD: Mapping[str, tuple[tuple[Told, ...], ...]] = {
    "idle_government": (
        ((_after("agreed_delivery_on", 1), 120, "LAND_NOT_DELIVERED", "场地内管线迁改未完成，未按约交地"),),
        ((_after("agreed_delivery_on", 1), 90, "LAND_NOT_DELIVERED", "未按约交地"), (_after("agreed_delivery_on", 60), 75, "PLAN_CHANGED", "道路红线调整")),
    ),
    "idle_owner": (((_after("contract_on", 150), 12, "FORCE_MAJEURE", "台风灾害"),),),
    "not_started_yellow": (((_after("contract_on", 60), 45, "OWNER", "企业资金未到位，不停表"),),),
    "partly_used": (
        ((_after("contract_on", 30), 100, "GOVERNMENT_OTHER", "管线迁改"),),
        ((_after("contract_on", 30), 40, "PLAN_CHANGED", "控规局部修改"), (_after("started_on", 90), 15, "FORCE_MAJEURE", "台风灾害")),
    ),
    "stalled": (((_after("suspended_since_on", 40), 20, "MILITARY_OR_RELICS", "考古勘探"),),),
    "due_soon": (((_after("delivered_on", 280), None, "PETITION", "群众信访事项处置中"),),),
}  # fmt: skip
"""By situation of a plot: pauses of the first plot that lives it, of the second ..."""


def write_pauses(lives: Iterable[tuple[str, str]], facts: Iterable[Mapping[str, Any]], out: Path) -> int:
    """`pauses.csv` from plots with their situations and the facts told of them; returns how many there are."""
    dates: dict[str, dict[str, date]] = {}
    for row in facts:
        if str(row["kind"]).endswith("_on"):
            dates.setdefault(row["subject_code"], {})[row["kind"]] = date.fromisoformat(row["value"])
    left = {life: list(told) for life, told in STOOD.items()}
    rows: list[tuple[str, ...]] = []
    for code, life in lives:
        for first_day, days, cause, note in left[life].pop(0) if left.get(life) else ():
            first = first_day(dates[code])
            last = "" if days is None else (first + timedelta(days=days - 1)).isoformat()
            rows.append((code, first.isoformat(), last, cause, f"示例〔{first.year}〕停{len(rows) + 1}号", note))
    with (out / FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return len(rows)


def load_pauses(connection: Connection, county_code: str, folder: Path) -> int:
    """Tell the pauses of the file that are not told yet; returns how many were."""
    with (folder / FILE).open(encoding="utf-8", newline="") as file:
        rows = [{name: value or None for name, value in row.items()} for row in csv.DictReader(file)]
    told = [
        connection.execute(
            text(
                "insert into register.clock_pause (county_code, parcel_id, from_on, to_on, cause, document_no, note, is_sample) "
                "select :county, p.id, cast(:from_on as date), cast(:to_on as date), :cause, :document_no, :note, true "
                "from register.parcel p where p.county_code = :county and p.code = :parcel_code and not exists ("
                "select from register.clock_pause c where c.parcel_id = p.id and c.document_no = :document_no)"
            ),
            {"county": county_code, **row},
        ).rowcount
        for row in rows
    ]
    return sum(told)
