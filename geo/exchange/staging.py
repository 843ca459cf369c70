"""Rows ready to go: built from a source, carried into a temporary table by COPY."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely
from psycopg import sql
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql

from geo.crs import STORAGE_SRID
from geo.exchange.report import RowOutcome
from geo.exchange.targets import Target
from geo.exchange.values import bad_value, clean, deterministic_code, is_code, map_columns, typed

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


@dataclass(slots=True)
class Staged:
    """`values[i]` and `extra[i]` belong to `rows[i]`; `columns` are the target columns the file fills."""

    rows: list[RowOutcome]
    columns: list[str]
    values: list[dict[str, Any]]
    extra: list[dict[str, Any]]
    geometry: Any | None = None
    relations: dict[str, list[str | None]] = field(default_factory=dict)


def stage(frame: pd.DataFrame, target: Target, asked: dict[str, str]) -> Staged:
    """Type and check every attribute. Rows at fault are marked in `rows`; geometry comes later."""
    mapped = map_columns(frame, target, asked)
    columns = target.columns
    rows = [RowOutcome(row_no=i + 1, action="pending") for i in range(len(frame))]
    values: list[dict[str, Any]] = [{} for _ in rows]
    extra: list[dict[str, Any]] = [{} for _ in rows]
    relations: dict[str, list[str | None]] = {}
    for name in frame.columns:
        cells = [clean(cell) for cell in frame[name].tolist()]
        goal = mapped.get(str(name))
        if goal is None:
            for i, text in enumerate(cells):
                if text is not None:
                    extra[i][str(name)] = text
        elif goal not in columns:
            relations[goal] = cells
        else:
            _fill(goal, cells, columns[goal], rows, values)
    return Staged(rows, [g for g in mapped.values() if g in columns], values, extra, relations=relations)


def _fill(
    goal: str, cells: list[str | None], column: Any, rows: list[RowOutcome], values: list[dict[str, Any]]
) -> None:
    for i, text in enumerate(cells):
        if text is None:
            values[i][goal] = None
            continue
        try:
            values[i][goal] = typed(column, text)
        except ValueError as error:
            if rows[i].action != "rejected":
                bad_value(rows[i], goal, f"“{text[:60]}”：{error}")


def settle_codes(staged: Staged, target: Target) -> None:
    """Give every row its code and refuse bad, missing and repeated ones: the first of a code stays (design.md 9)."""
    has_codes = "code" in staged.columns
    if not has_codes:
        staged.columns.append("code")
    if "name" not in staged.columns and "name" in target.columns:
        staged.columns.append("name")
    seen: set[str] = set()
    for i, row in enumerate(staged.rows):
        if row.action == "rejected":
            continue
        value = staged.values[i]
        if not has_codes:
            wkb = b"" if staged.geometry is None or staged.geometry[i] is None else shapely.to_wkb(staged.geometry[i])
            value["code"] = deterministic_code(target.collection, wkb, {**staged.extra[i], **value})
        code = value.get("code")
        if not code:
            bad_value(row, "code", "编号为空 / the code is empty", "bad_code")
            continue
        if not isinstance(code, str) or not is_code(code):
            bad_value(row, "code", f"编号“{code}”不合规则 / the code '{code}' breaks the syntax", "bad_code")
            continue
        row.code = code
        if code in seen:
            bad_value(
                row, "code", f"编号“{code}”在文件中重复 / code '{code}' stands earlier in the file", "duplicate_code"
            )
            continue
        seen.add(code)
        if "name" in target.columns and not value.get("name"):
            value["name"] = code
        for needed in target.required:
            if value.get(needed) is None and needed not in target.fixed:
                bad_value(row, needed, f"缺“{needed}” / '{needed}' is missing")
                break


def copy_in(connection: Connection, staged: Staged, target: Target, source_srid: int | None) -> list[str]:
    """COPY the rows that are still alive into temporary table `staging`; returns the columns it carries."""
    columns = [*dict.fromkeys(staged.columns)]
    types = {name: target.columns[name].type.compile(DIALECT) for name in columns}
    definition = ", ".join(f'"{name}" {types[name]}' for name in columns)
    connection.exec_driver_sql(
        f"create temporary table staging (row_no bigint, shape public.geometry, extra jsonb, {definition}) on commit drop"
    )
    driver = connection.connection.driver_connection
    assert driver is not None
    statement = sql.SQL("copy staging (row_no, shape, extra, {}) from stdin").format(
        sql.SQL(", ").join(sql.Identifier(c) for c in columns)
    )
    hexes = np.full(len(staged.rows), None, dtype=object)
    if staged.geometry is not None:
        present = ~shapely.is_missing(staged.geometry)
        with_srid = shapely.set_srid(staged.geometry[present], STORAGE_SRID)
        hexes[present] = shapely.to_wkb(with_srid, hex=True, include_srid=True)
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for i, row in enumerate(staged.rows):
            if row.action != "rejected":
                value = staged.values[i]
                extra = json.dumps(staged.extra[i], ensure_ascii=False)
                copy.write_row((row.row_no, hexes[i], extra, *(value.get(c) for c in columns)))
    connection.exec_driver_sql("create index on staging (code)")
    connection.exec_driver_sql("analyze staging")
    return columns
