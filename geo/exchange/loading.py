"""From the temporary table into the register, under the actor's own rights: INSERT what is new, UPDATE what changed."""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from geo.exchange.report import RowOutcome
from geo.exchange.staging import Staged, copy_in
from geo.exchange.targets import Target
from geo.exchange.values import bad_value


def load(
    connection: Connection, staged: Staged, target: Target, county_code: str, *, publish: bool, source_srid: int | None
) -> None:
    """Write the staged rows; every row's outcome is filled in. The transaction is the caller's."""
    _check_relations(connection, staged, target, county_code)
    columns = copy_in(connection, staged, target, source_srid)
    by_no = {row.row_no: row for row in staged.rows}
    _check_references(connection, target, columns, county_code, by_no)
    known = _known(connection, target, county_code)
    shape = ["geom"] if target.is_mapped else []
    own = [c for c in columns if c != "code"]
    context = {"county": county_code, "srid": source_srid, "state": "published" if publish else "internal"}
    _update(connection, target, own, shape, known, by_no, context, publish=publish)
    _insert(connection, target, own, shape, by_no, context)
    for row in staged.rows:
        if row.action == "pending":
            bad_value(row, "unit_code", "无权写入该责任单位 / no rights to write for this unit", "no_rights")
    _relate(connection, staged, target, county_code)


def _check_references(
    connection: Connection, target: Target, columns: list[str], county: str, by_no: dict[int, RowOutcome]
) -> None:
    for column, table in target.references.items():
        if column not in columns:
            continue
        own = f'or exists (select from staging o where o.code = s."{column}")' if table == target.table_name else ""
        missing = connection.execute(
            text(
                f'delete from staging s where s."{column}" is not null and not exists '
                f'(select from register.{table} t where t.county_code = :county and t.code = s."{column}") '
                f'and not (false {own}) returning s.row_no, s."{column}"'
            ),
            {"county": county},
        ).all()
        for row_no, code in missing:
            bad_value(by_no[row_no], column, f"没有“{code}” / there is no '{code}'", "unknown_reference")


def _check_relations(connection: Connection, staged: Staged, target: Target, county: str) -> None:
    """Refuse rows whose lists of codes name something that is not there."""
    for relation in target.relations:
        table = relation.other.removesuffix("_code")
        known: set[str] | None = None
        for row, cell in zip(
            staged.rows, staged.relations.get(relation.column, [None] * len(staged.rows)), strict=True
        ):
            if not cell or row.action == "rejected":
                continue
            if known is None:
                found = connection.execute(
                    text(f"select code from register.{table} where county_code = :county"), {"county": county}
                )
                known = set(found.scalars())
            for part in cell.split(";"):
                code = part.strip().partition(":")[0]
                if code and code not in known:
                    bad_value(row, relation.column, f"没有“{code}” / there is no '{code}'", "unknown_reference")
                    break


def _known(connection: Connection, target: Target, county: str) -> dict[int, tuple[int, int | None]]:
    version = "t.version" if target.has_versions else "null::bigint"
    found = connection.execute(
        text(f"select s.row_no, t.id, {version} from staging s join register.{target.table_name} t "
             "on t.county_code = :county and t.code = s.code"),
        {"county": county},
    )  # fmt: skip
    return {row_no: (subject_id, version) for row_no, subject_id, version in found}


def _update(
    connection: Connection, target: Target, own: list[str], shape: list[str], known: dict[int, tuple[int, int | None]],
    by_no: dict[int, RowOutcome], context: dict[str, Any], *, publish: bool,
) -> None:  # fmt: skip
    if not known:
        return
    if not target.has_versions:
        for row_no, (subject_id, _) in known.items():
            by_no[row_no].action, by_no[row_no].subject_id = "unchanged", subject_id
        connection.execute(text("delete from staging where row_no = any(:nos)"), {"nos": list(known)})
        return
    sets = [f'"{c}" = {_picked(target, c)}' for c in own]
    if shape:
        sets += ["geom = s.shape", "extra = s.extra", "source_srid = :srid"]
        if publish:
            sets.append("publication_state = :state")
    changed = connection.execute(
        text(f"update register.{target.table_name} t set {', '.join(sets)} from staging s "
             "where t.county_code = :county and t.code = s.code returning s.row_no, t.id, t.version"),
        context,
    ).all()  # fmt: skip
    for row_no, subject_id, version in changed:
        row = by_no[row_no]
        row.subject_id, row.version_after, row.before_version = subject_id, version, known[row_no][1]
        row.action = "unchanged" if version == known[row_no][1] else "updated"
    for row_no in known.keys() - {row_no for row_no, *_ in changed}:
        bad_value(
            by_no[row_no], "unit_code", "无权修改该责任单位的记录 / no rights to change rows of this unit", "no_rights"
        )
    connection.execute(text("delete from staging where row_no = any(:nos)"), {"nos": list(known)})


def _picked(target: Target, name: str) -> str:
    """SQL of a staged value; an empty cell of a column that cannot be null is the column's default."""
    column = target.columns[name]
    default = getattr(column.server_default, "arg", None)
    if column.nullable or default is None:
        return f's."{name}"'
    return f"""coalesce(s."{name}", {default.text if hasattr(default, "text") else f"'{default}'"})"""


def _insert(
    connection: Connection, target: Target, own: list[str], shape: list[str], by_no: dict[int, RowOutcome],
    context: dict[str, Any],
) -> None:  # fmt: skip
    names = ["county_code", "code", *own, *target.fixed]
    picks = [":county", "s.code", *(_picked(target, c) for c in own), *(f"'{v}'" for v in target.fixed.values())]
    sources = {"geom": "s.shape", "extra": "s.extra", "source_srid": ":srid", "publication_state": ":state"}
    names += target.shape_columns
    picks += [sources[name] for name in target.shape_columns]
    columns = ", ".join(f'"{n}"' for n in names)
    version = "version" if target.has_versions else "null::bigint"

    def insert(only: list[int] | None) -> None:
        where = "" if only is None else "where s.row_no = any(:only)"
        done = connection.execute(
            text(f"insert into register.{target.table_name} ({columns}) select {', '.join(picks)} from staging s {where} "
                 f"order by s.row_no returning code, id, {version}"),
            context | {"only": only},
        )  # fmt: skip
        for code, subject_id, row_version in done:
            row = by_code[code]
            row.action, row.subject_id, row.version_after = "inserted", subject_id, row_version
        connection.exec_driver_sql("set constraints all immediate")
        connection.exec_driver_sql("set constraints all deferred")

    waiting = connection.execute(text("select row_no, code from staging order by row_no")).all()
    by_code = {code: by_no[row_no] for row_no, code in waiting}
    try:
        with connection.begin_nested():
            insert(None)
    except DBAPIError as error:
        if not _is_refusal(error):
            raise
        _halve(connection, [row_no for row_no, _ in waiting], insert, by_no)


def _halve(connection: Connection, row_nos: list[int], insert: Any, by_no: dict[int, RowOutcome]) -> None:
    """Find the rows the register refuses by halving; what is left goes in."""
    for part in (row_nos[: len(row_nos) // 2], row_nos[len(row_nos) // 2 :]):
        if not part:
            continue
        try:
            with connection.begin_nested():
                insert(part)
        except DBAPIError as error:
            if not _is_refusal(error):
                raise
            if len(part) > 1:
                _halve(connection, part, insert, by_no)
            else:
                _refused(by_no[part[0]], error)


def _is_refusal(error: DBAPIError) -> bool:
    return isinstance(
        error.orig, psycopg.errors.IntegrityError | psycopg.errors.DataError | psycopg.errors.InsufficientPrivilege
    ) or (getattr(error.orig, "sqlstate", None) or "").startswith("YZ")


def _refused(row: RowOutcome, error: DBAPIError) -> None:
    cause = error.orig
    diag = getattr(cause, "diag", None)
    if isinstance(cause, psycopg.errors.InsufficientPrivilege):
        bad_value(row, "unit_code", "无权写入该责任单位 / no rights to write for this unit", "no_rights")
        return
    name = (diag and (diag.constraint_name or diag.column_name)) or "row"
    bad_value(row, str(name), f"登记库不接受（{name}） / refused by the register ({name})", "refused_by_database")


def _relate(connection: Connection, staged: Staged, target: Target, county: str) -> None:
    """Fill the tables of pairs from columns such as `chain_codes`; pairs of rows in the file replace those there were."""
    for relation in target.relations:
        cells = staged.relations.get(relation.column)
        if cells is None:
            continue
        owners = [row.code for row in staged.rows if row.action in ("inserted", "updated", "unchanged")]
        pairs = []
        for row, cell in zip(staged.rows, cells, strict=True):
            if row.action in ("inserted", "updated", "unchanged") and cell:
                for part in cell.split(";"):
                    other, _, measure = part.strip().partition(":")
                    if other:
                        pairs.append({"county": county, "own": row.code, "other": other, "measure": measure or None})
        connection.execute(
            text(
                f"delete from register.{relation.table} where county_code = :county and {relation.own} = any(:owners)"
            ),
            {"county": county, "owners": owners},
        )
        if pairs:
            more, value = (f", {relation.measure}", ", cast(:measure as numeric)") if relation.measure else ("", "")
            connection.execute(
                text(f"insert into register.{relation.table} (county_code, {relation.own}, {relation.other}{more}) "
                     f"values (:county, :own, :other{value}) on conflict do nothing"),
                pairs,
            )  # fmt: skip
