"""Tables of pairs behind columns such as `chain_codes`: checked, replaced where a file says otherwise, kept for the undo."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

from geo.exchange.report import RowOutcome
from geo.exchange.staging import Pairs, Staged
from geo.exchange.targets import Relation, Target
from geo.exchange.values import bad_value

APPLIED = ("inserted", "updated", "unchanged")


def check_pairs(connection: Connection, staged: Staged, target: Target, county: str) -> None:
    """Refuse rows whose lists of codes name something that is not there."""
    for relation in target.relations:
        cells = staged.pairs.get(relation.column)
        if cells is None:
            continue
        table = relation.other.removesuffix("_code")
        known = set(
            connection.execute(
                text(f"select code from register.{table} where county_code = :county"), {"county": county}
            ).scalars()
        )
        for row, pairs in zip(staged.rows, cells, strict=True):
            missing = [code for code, _ in pairs or [] if code not in known]
            if missing and row.action != "rejected":
                bad_value(row, relation.column, f"没有“{missing[0]}” / there is no '{missing[0]}'", "unknown_reference")


def current_pairs(
    connection: Connection, relation: Relation, county: str, owners: Iterable[str]
) -> dict[str, list[list[str | None]]]:
    """The pairs of some things as they stand, in order of code: [[other, measure or None], ...] by owner."""
    measure = f"trim_scale({relation.measure})::text" if relation.measure else "null::text"
    found = connection.execute(
        text(
            f"select {relation.own}, {relation.other}, {measure} from register.{relation.table} "
            f"where county_code = :county and {relation.own} = any(:owners) order by 1, 2"
        ),
        {"county": county, "owners": list(owners)},
    )
    out: dict[str, list[list[str | None]]] = {}
    for own, other, value in found:
        out.setdefault(own, []).append([other, value])
    return out


def as_kept(pairs: Pairs | None) -> list[list[str | None]]:
    """Pairs as `current_pairs` gives them."""
    return sorted([code, None if m is None else format(m.normalize(), "f")] for code, m in pairs or [])


def replace_pairs(
    connection: Connection, relation: Relation, county: str, wanted: dict[str, list[list[str | None]]]
) -> None:
    """Let each owner in `wanted` have exactly these pairs."""
    connection.execute(
        text(f"delete from register.{relation.table} where county_code = :county and {relation.own} = any(:owners)"),
        {"county": county, "owners": list(wanted)},
    )
    rows = [
        {"county": county, "own": own, "other": other, "measure": measure}
        for own, pairs in wanted.items()
        for other, measure in pairs
    ]
    if rows:
        more, value = (f", {relation.measure}", ", cast(:measure as numeric)") if relation.measure else ("", "")
        connection.execute(
            text(f"insert into register.{relation.table} (county_code, {relation.own}, {relation.other}{more}) "
                 f"values (:county, :own, :other{value})"),
            rows,
        )  # fmt: skip


def write_pairs(connection: Connection, staged: Staged, target: Target, county: str) -> None:
    """Replace the pairs of rows whose file says otherwise; such a row counts as updated, and keeps what stood before."""
    for relation in target.relations:
        cells = staged.pairs.get(relation.column)
        if cells is None:
            continue
        told: dict[str, tuple[RowOutcome, list[list[str | None]]]] = {
            row.code: (row, as_kept(pairs))
            for row, pairs in zip(staged.rows, cells, strict=True)
            if row.code is not None and row.action in APPLIED
        }
        before = current_pairs(connection, relation, county, told)
        changed = {code: pairs for code, (_, pairs) in told.items() if pairs != before.get(code, [])}
        replace_pairs(connection, relation, county, changed)
        for code, pairs in changed.items():
            row = told[code][0]
            row.before.setdefault("pairs", {})[relation.table] = {"before": before.get(code, []), "after": pairs}
            if row.action == "unchanged":
                row.action = "updated"
