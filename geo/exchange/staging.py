"""Rows ready to go: built from a source, carried into a temporary table by COPY."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import orjson
import pandas as pd
import shapely
from psycopg import sql
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY

from geo.crs import STORAGE_SRID
from geo.exchange.listed import CodeList, checker, lists_of
from geo.exchange.mapping import map_columns
from geo.exchange.report import RowOutcome
from geo.exchange.targets import Relation, Target
from geo.exchange.values import bad_value, cells_of, deterministic_code, is_code, reader_of

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
UNREADABLE_SHARE_MAX = 0.5
"""A column mapped only because of its name is kept in `extra` when more of its cells than this cannot be read."""

Pairs = list[tuple[str, Decimal | None]]


@dataclass(slots=True)
class Staged:
    """What a file says, column by column: every list is as long as `rows`.

    `sources` names the file's column behind each column; `pairs` holds, per relation column, the codes a row names (None
    where the cell is empty); `withdrawn` are file columns whose name fitted a column and whose cells did not.
    """

    rows: list[RowOutcome]
    values: dict[str, list[Any]] = field(default_factory=dict)
    extra: list[dict[str, str]] = field(default_factory=list)
    geometry: Any | None = None
    pairs: dict[str, list[Pairs | None]] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    withdrawn: list[str] = field(default_factory=list)


def stage(frame: pd.DataFrame, target: Target, asked: dict[str, str], lists: Mapping[str, CodeList]) -> Staged:
    """Type and check every attribute. Rows at fault are marked in `rows`; geometry comes later."""
    mapped = map_columns(frame, target, asked)
    staged = Staged([RowOutcome(row_no=i + 1, action="pending") for i in range(len(frame))])
    staged.extra = [{} for _ in staged.rows]
    relations = {r.column: r for r in target.relations}
    texts = {str(name): cells_of(frame.iloc[:, n]) for n, name in enumerate(frame.columns)}
    beside = {mapped[name]: cells for name, cells in texts.items() if name in mapped}
    listed = lists_of(target, lists)
    for name, cells in texts.items():
        goal = mapped.get(name)
        if goal in relations:
            staged.pairs[goal] = _pairs(relations[goal], cells, staged.rows)
        elif goal is not None:
            is_guess = name not in asked and name != goal
            if not _read_column(staged, goal, cells, target, listed, beside, is_guess=is_guess):
                staged.withdrawn.append(name)
                goal = None
        if goal is None:
            for i, text in enumerate(cells):
                if text is not None:
                    staged.extra[i][name] = text
        else:
            staged.sources[goal] = name
    return staged


def _read_column(
    staged: Staged, goal: str, cells: list[str | None], target: Target, listed: Mapping[str, CodeList],
    beside: Mapping[str, list[str | None]], *, is_guess: bool,
) -> bool:  # fmt: skip
    """Fill one column and mark rows with a cell that cannot be read; False (nothing marked) when the mapping was a bad guess."""
    column = target.columns[goal]
    read = reader_of(column)
    check = checker(goal, listed[goal]) if goal in listed else None
    values: list[Any] = [None] * len(cells)
    faults: list[tuple[int, str]] = []
    for i, text in enumerate(cells):
        if text is None:
            continue
        try:
            value = read(text)
            if check is not None:
                row = {name: column_cells[i] for name, column_cells in beside.items()}
                value = [check(v, row) for v in value] if isinstance(column.type, ARRAY) else check(value, row)
            values[i] = value
        except ValueError as error:
            faults.append((i, f"“{text[:60]}”：{error}"))
    filled = sum(text is not None for text in cells)
    if is_guess and len(faults) > UNREADABLE_SHARE_MAX * filled:
        return False
    for i, reason in faults:
        if staged.rows[i].action != "rejected":
            bad_value(staged.rows[i], goal, reason)
    staged.values[goal] = values
    return True


def _pairs(relation: Relation, cells: list[str | None], rows: list[RowOutcome]) -> list[Pairs | None]:
    """`a;b`, or with a measure `a:0.6;b:0.4` whose measures sum to 1."""
    out: list[Pairs | None] = [None] * len(cells)
    for i, cell in enumerate(cells):
        if cell is None:
            continue
        try:
            found: dict[str, Decimal | None] = {}
            for part in filter(None, (p.strip() for p in cell.replace("；", ";").split(";"))):
                code, _, measure = part.partition(":")
                found[code.strip()] = Decimal(measure.strip()) if relation.measure else None
            sound = not relation.measure or (
                all(m is not None and 0 < m <= 1 for m in found.values()) and sum(m or 0 for m in found.values()) == 1
            )
        except InvalidOperation:
            sound = False
        if not sound and rows[i].action != "rejected":
            bad_value(
                rows[i],
                relation.column,
                f"“{cell[:60]}”：应如 U1:0.6;U2:0.4，合计为 1 / expected U1:0.6;U2:0.4, summing to 1",
            )
        out[i] = sorted(found.items(), key=lambda pair: pair[0]) if sound else None
    return out


def settle_codes(staged: Staged, target: Target) -> None:
    """Give every row its code and refuse bad, missing and repeated ones: the first of a code stays (design.md 9)."""
    codes = staged.values.get("code")
    if codes is None:
        codes = staged.values["code"] = _own_codes(staged, target)
    seen: set[str] = set()
    for row, code in zip(staged.rows, codes, strict=True):
        if row.action == "rejected":
            row.code = code if code and is_code(code) else None
            continue
        if not code:
            bad_value(row, "code", "编号为空 / the code is empty", "bad_code")
        elif not is_code(code):
            bad_value(row, "code", f"编号“{code[:80]}”不合规则 / the code '{code[:80]}' breaks the syntax", "bad_code")
        elif code in seen:
            row.code = code
            bad_value(
                row, "code", f"编号“{code}”在文件中重复 / code '{code}' stands earlier in the file", "duplicate_code"
            )
        else:
            row.code = code
            seen.add(code)


def _own_codes(staged: Staged, target: Target) -> list[str]:
    codes = []
    for i in range(len(staged.rows)):
        shape = None if staged.geometry is None else staged.geometry[i]
        wkb = b"" if shape is None else shapely.to_wkb(shape)
        attributes = {name: cells[i] for name, cells in staged.values.items()}
        codes.append(deterministic_code(target.collection, wkb, {**staged.extra[i], **attributes}))
    return codes


def copy_in(connection: Connection, staged: Staged, target: Target, source_srid: int | None) -> list[str]:
    """COPY the rows that are still alive into temporary table `staging`; returns the columns it carries."""
    columns = list(staged.values)
    types = {name: target.columns[name].type.compile(DIALECT) for name in columns}
    definition = ", ".join(f'"{name}" {types[name]}' for name in columns)
    connection.exec_driver_sql(
        f"create temporary table staging (row_no bigint, shape public.geometry, extra jsonb, srid int, {definition}) "
        "on commit drop"
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
    cells = [staged.values[c] for c in columns]
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for i, row in enumerate(staged.rows):
            if row.action != "rejected":
                copy.write_row((row.row_no, hexes[i], orjson.dumps(staged.extra[i]).decode(), *(c[i] for c in cells)))
    if source_srid is not None:
        connection.exec_driver_sql(f"update staging set srid = {int(source_srid)} where shape is not null")
    connection.exec_driver_sql("create index on staging (row_no)")
    connection.exec_driver_sql("create index on staging (code)")
    connection.exec_driver_sql("analyze staging")
    return columns
