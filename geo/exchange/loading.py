"""From the temporary table into the register, under the actor's own rights: INSERT what is new, UPDATE what changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import psycopg
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from geo.exchange.halving import halve
from geo.exchange.pairs import check_pairs, write_pairs
from geo.exchange.report import Progress, RowOutcome
from geo.exchange.shaping import reject
from geo.exchange.staging import Staged, copy_in
from geo.exchange.targets import Target
from geo.exchange.values import bad_value

ROWS_AT_ONCE = 10_000


@dataclass(slots=True)
class Load:
    """One load: where to, what the file fills, and the rows by number."""

    connection: Connection
    target: Target
    county_code: str
    columns: list[str]
    has_shapes: bool
    publish: bool
    by_no: dict[int, RowOutcome]
    data_source_id: int | None

    def parameters(self, rows: Iterable[int]) -> dict[str, object]:
        """Bound parameters of a statement over `rows`."""
        state = "published" if self.publish else "internal"
        return {"county": self.county_code, "state": state, "rows": list(rows), "source": self.data_source_id}


def load(
    connection: Connection, staged: Staged, target: Target, county_code: str, *, publish: bool, source_srid: int | None,
    progress: Progress, data_source_id: int | None = None,
) -> None:  # fmt: skip
    """Write the staged rows; every row's outcome is filled in. The transaction is the caller's."""
    check_pairs(connection, staged, target, county_code)
    columns = copy_in(connection, staged, target, source_srid)
    by_no = {row.row_no: row for row in staged.rows}
    own = [c for c in columns if c != "code"]
    job = Load(connection, target, county_code, own, staged.geometry is not None, publish, by_no, data_source_id)
    _refuse_unknown_references(job)
    known = _known(job)
    new = _refuse_incomplete(job, known)
    if known:
        _complete(job)
    done = 0
    for part in _parts(sorted(known)):
        progress("write", done, len(known) + len(new))
        halve(connection, part, lambda rows: _update(job, rows, known), lambda n, error: refused(by_no[n], error))
        done += len(part)
    for part in _parts(new):
        progress("write", done, len(known) + len(new))
        halve(connection, part, lambda rows: _insert(job, rows), lambda n, error: refused(by_no[n], error))
        done += len(part)
    for row in staged.rows:
        if row.action == "pending":
            bad_value(row, "unit_code", "无权写入该责任单位 / no rights to write for this unit", "no_rights")
    write_pairs(connection, staged, target, county_code)


def _parts(row_nos: list[int]) -> list[list[int]]:
    return [row_nos[at : at + ROWS_AT_ONCE] for at in range(0, len(row_nos), ROWS_AT_ONCE)]


def _refuse_unknown_references(job: Load) -> None:
    for column, table in job.target.references.items():
        if column not in job.columns:
            continue
        own = f'or exists (select from staging o where o.code = s."{column}")' if table == job.target.table_name else ""
        missing = job.connection.execute(
            text(
                f'delete from staging s where s."{column}" is not null and not exists '
                f'(select from register.{table} t where t.county_code = :county and t.code = s."{column}") '
                f'and not (false {own}) returning s.row_no, s."{column}"'
            ),
            {"county": job.county_code},
        ).all()
        for row_no, code in missing:
            bad_value(job.by_no[row_no], column, f"没有“{code}” / there is no '{code}'", "unknown_reference")


def _known(job: Load) -> dict[int, tuple[int, int | None]]:
    """Rows whose code the register has: (id, version). They stay in temporary table `standing`, whose indexes keep the
    later joins fast also where the register's own statistics are older than its rows (just after a large import)."""
    version = "t.version" if job.target.has_versions else "null::bigint"
    job.connection.execute(
        text(f"create temporary table standing on commit drop as select s.row_no, t.id, {version} as version "
             f"from staging s join register.{job.target.table_name} t on t.county_code = :county and t.code = s.code"),
        {"county": job.county_code},
    )  # fmt: skip
    for column in ("row_no", "id"):
        job.connection.exec_driver_sql(f"create unique index on standing ({column})")
    job.connection.exec_driver_sql("analyze standing")
    found = job.connection.exec_driver_sql("select row_no, id, version from standing")
    return {row_no: (subject_id, version) for row_no, subject_id, version in found}


def _refuse_incomplete(job: Load, known: dict[int, tuple[int, int | None]]) -> list[int]:
    """Refuse new rows without what a new row needs; returns the new rows that are left."""
    needed = [c for c in job.target.required if c not in job.target.fixed]
    empty = ", ".join(f's."{c}" is null' if c in job.columns else "true" for c in needed)
    picks = f", {empty}" if empty else ""
    found = job.connection.execute(
        text(f"select s.row_no, s.shape is null{picks} from staging s order by s.row_no")
    ).all()
    left = []
    for row_no, has_no_shape, *missing in found:
        if row_no in known:
            continue
        if job.target.needs_geometry and has_no_shape:
            reject(job.by_no[row_no], "no_geometry")
        elif any(missing):
            column = needed[missing.index(True)]
            bad_value(job.by_no[row_no], column, f"新记录缺“{column}” / a new row needs '{column}'")
        else:
            left.append(row_no)
    return left


def _complete(job: Load) -> None:
    """Fill what a file leaves open for things the register has: an import never empties what must not be empty, nor a shape."""
    target = job.target
    sets = {c: f'coalesce(s."{c}", v."{c}")' for c in job.columns if not target.columns[c].nullable}
    if "extra" in target.shape_columns:
        sets["extra"] = "coalesce(v.extra, '{}') || s.extra"
    if job.has_shapes and target.is_mapped:
        sets["shape"] = "coalesce(s.shape, v.geom)"
        if "source_srid" in target.shape_columns:
            sets["srid"] = "case when s.shape is null then v.source_srid else s.srid end"
    if not sets:
        return
    changes = ", ".join(f'"{c}" = {v}' for c, v in sets.items())
    stands = (
        f"staff_data.{target.table_name}_versions v on v.county_code = :county and v.id = k.id and v.version = k.version"
        if target.has_versions
        else f"register.{target.table_name} v on v.id = k.id"
    )
    job.connection.execute(
        text(f"update staging s set {changes} from standing k join {stands} where s.row_no = k.row_no"),
        {"county": job.county_code},
    )


def _update(job: Load, rows: list[int], known: dict[int, tuple[int, int | None]]) -> None:
    target = job.target
    sets = {c: f's."{c}"' for c in job.columns}
    if "extra" in target.shape_columns:
        sets["extra"] = "s.extra"
    if job.has_shapes and target.is_mapped:
        sets["geom"] = "s.shape"
        if "source_srid" in target.shape_columns:
            sets["source_srid"] = "s.srid"
    if job.publish and "publication_state" in target.shape_columns:
        sets["publication_state"] = ":state"
    if job.data_source_id is not None and "data_source_id" in target.shape_columns:
        sets["data_source_id"] = ":source"
    changes = ", ".join(f'"{c}" = {v}' for c, v in sets.items())
    name, where = f"register.{target.table_name}", "t.id = k.id and k.row_no = any(:rows)"
    parameters = job.parameters(rows)
    if target.has_versions:
        changed = {
            row_no: version
            for row_no, version in job.connection.execute(
                text(
                    f"update {name} t set {changes} from staging s join standing k using (row_no) where {where} returning s.row_no, t.version"
                ),
                parameters,
            )
        }
    else:
        changed = _update_without_versions(job, name, changes, where, parameters)
    for row_no in rows:
        row = job.by_no[row_no]
        row.subject_id, before = known[row_no]
        if row_no not in changed:
            bad_value(row, "unit_code", "无权修改该责任单位的记录 / no rights to change rows of this unit", "no_rights")
            continue
        row.version_after = changed[row_no] or None
        row.action = "unchanged" if changed[row_no] == before else "updated"
        if row.action == "updated" and target.has_versions:
            row.before = {"version": before}


def _update_without_versions(
    job: Load, name: str, changes: str, where: str, parameters: dict[str, object]
) -> dict[int, int | None]:
    """The same for a table that keeps no versions: what stood before goes into the batch, an equal row is left alone."""
    geom = " || jsonb_build_object('geom', encode(st_asewkb(t.geom), 'hex'))" if job.target.is_mapped else ""
    stood = job.connection.execute(
        text(
            f"select s.row_no, md5(t::text), to_jsonb(t){geom} from {name} t, staging s join standing k using (row_no) where {where}"
        ),
        parameters,
    ).all()
    written: dict[int, str] = {}
    if changes:
        found = job.connection.execute(
            text(
                f"update {name} t set {changes} from staging s join standing k using (row_no) where {where} returning s.row_no, md5(t::text)"
            ),
            parameters,
        )
        written = {row_no: mark for row_no, mark in found}
    out: dict[int, int | None] = {}
    for row_no, mark, row in stood:
        out[row_no] = None
        if written.get(row_no, mark) != mark:
            out[row_no] = 0
            job.by_no[row_no].before = {"row": row, "mark": written[row_no]}
    return out


def _insert(job: Load, rows: list[int]) -> None:
    target = job.target
    picks = {"county_code": ":county", "code": "s.code"}
    if "name" in target.columns:
        picks["name"] = "s.code"
    picks |= {c: _or_default(target, c) for c in job.columns}
    picks |= {c: f"'{v}'" for c, v in target.fixed.items()}
    shapes = {"geom": "s.shape", "extra": "s.extra", "source_srid": "s.srid", "publication_state": ":state",
              "data_source_id": "cast(:source as bigint)"}  # fmt: skip
    picks |= {c: shapes[c] for c in target.shape_columns}
    after = "t.version, null" if target.has_versions else "null::bigint, md5(t::text)"
    by_code = {job.by_no[n].code: job.by_no[n] for n in rows}
    columns = ", ".join(f'"{c}"' for c in picks)
    done = job.connection.execute(
        text(f"insert into register.{target.table_name} as t ({columns}) select {', '.join(picks.values())} from staging s "
             f"where s.row_no = any(:rows) order by s.row_no returning t.code, t.id, {after}"),
        job.parameters(rows),
    )  # fmt: skip
    for code, subject_id, row_version, mark in done:
        row = by_code[code]
        row.action, row.subject_id, row.version_after = "inserted", subject_id, row_version
        row.before = {"mark": mark} if mark else {}


def _or_default(target: Target, name: str) -> str:
    """SQL of a staged value for a new row; an empty cell of a column that cannot be null is the column's default."""
    if name == "name":
        return "coalesce(s.name, s.code)"
    column = target.columns[name]
    default = getattr(column.server_default, "arg", None)
    if column.nullable or default is None:
        return f's."{name}"'
    return f"""coalesce(s."{name}", {default.text if hasattr(default, "text") else f"'{default}'"})"""


def refused(row: RowOutcome, error: DBAPIError) -> None:
    """Mark a row the register said no to, with what it said."""
    cause = error.orig
    row.before, row.subject_id, row.version_after = {}, None, None
    diag = getattr(cause, "diag", None)
    if isinstance(cause, psycopg.errors.InsufficientPrivilege):
        bad_value(row, "unit_code", "无权写入该责任单位 / no rights to write for this unit", "no_rights")
        return
    name = str((diag and (diag.constraint_name or diag.column_name)) or "row")
    said = str((diag and diag.message_primary) or "")[:200]
    bad_value(
        row, name, f"登记库不接受（{name}）：{said} / refused by the register ({name}): {said}", "refused_by_database"
    )
