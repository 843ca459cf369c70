"""Taking one batch back: what it inserted goes, what it updated becomes what it was, what was touched since is kept and named."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, Row, text

from geo.db import Actor, acting_sync
from geo.errors import Conflict, NotFound, Problem
from geo.exchange.batches import close_batch, one_at_a_time
from geo.exchange.facts import retract
from geo.exchange.halving import halve
from geo.exchange.pairs import current_pairs, replace_pairs
from geo.exchange.pauses import retract_pauses
from geo.exchange.report import Report, RowOutcome
from geo.exchange.targets import FACTS, PAUSES, Target, target

KEPT = {
    "edited_since": ("导入后又有修改，保留", "edited since the import, kept"),
    "removed_since": ("导入后已被删除", "removed since the import"),
    "still_needed": ("仍被其他记录引用，保留", "other records refer to it, kept"),
    "refused_by_database": ("登记库不接受原来的内容，保留", "the register refuses what stood before, kept"),
    "no_rights": ("无权修改该责任单位的记录，保留", "no rights for this unit, kept"),
}


def undo(engine: Engine, actor: Actor, batch_id: int) -> Report:
    """Take exactly one batch back. The undoing is itself a batch.

    Raises NotFound, and Conflict when it was undone before, was never applied, or an import into its collection runs.
    """
    begun = time.monotonic()
    with acting_sync(engine, actor) as connection:
        batch = connection.execute(
            text("select * from register.import_batch where id = :id for update"), {"id": batch_id}
        ).one_or_none()
        if batch is None:
            raise NotFound.at("batch", Problem(zh=f"没有批次 {batch_id}", en=f"there is no batch {batch_id}"))
        if not batch.state.startswith("applied") or batch.undoes_batch_id is not None:
            raise Conflict(
                Problem(
                    zh=f"批次 {batch_id} 的状态是 {batch.state}，不能撤销",
                    en=f"batch {batch_id} is {batch.state} and cannot be undone",
                )
            )
        one_at_a_time(connection, batch.county_code, batch.collection)
        new_id = connection.execute(
            text(
                "insert into register.import_batch (county_code, collection, file_name, state, undoes_batch_id, created_by, started_at) "
                "values (:county, :collection, :name, 'running', :of, coalesce(register.setting('yzt.account'), ''), clock_timestamp()) returning id"
            ),
            {"county": batch.county_code, "collection": batch.collection, "name": batch.file_name, "of": batch_id},
        ).scalar_one()
        report = Report(int(new_id), batch.collection, batch.county_code)
        if batch.collection == FACTS:
            report.rows = retract(connection, batch_id)
        elif batch.collection == PAUSES:
            report.rows = retract_pauses(connection, batch_id)
        else:
            report.rows = _Undoing(connection, target(batch.collection), batch.county_code, batch_id).run()
        report.seconds = time.monotonic() - begun
        close_batch(connection, report)
        connection.execute(text("update register.import_batch set state = 'undone' where id = :id"), {"id": batch_id})
    return report


def keep(row: RowOutcome, reason_code: str) -> None:
    """Mark a row as kept, with its reason in both languages."""
    zh, en = KEPT[reason_code]
    row.action, row.reason_code, row.reason = "kept", reason_code, f"{zh} / {en}"


@dataclass(slots=True)
class _Undoing:
    """The undoing of one batch of a collection; `rows` are what the batch did, `outcomes` what becomes of it now."""

    connection: Connection
    goal: Target
    county: str
    batch_id: int
    rows: dict[int, Row[Any]] = field(default_factory=dict)
    outcomes: dict[int, RowOutcome] = field(default_factory=dict)

    def run(self) -> list[RowOutcome]:
        """Do it; returns the outcome of every row the batch inserted or updated."""
        done = self.connection.execute(
            text(
                "select row_no, action, code, subject_id, version_after, coalesce(before, '{}') as before from register.import_row "
                "where import_batch_id = :id and action in ('inserted', 'updated') order by row_no"
            ),
            {"id": self.batch_id},
        )
        self.rows = {r.row_no: r for r in done}
        self.outcomes = {n: RowOutcome(n, "pending", r.code, r.subject_id) for n, r in self.rows.items()}
        self._keep_edited()
        self._keep_with_other_pairs()
        self._keep_with_facts()
        self._remove(self._open("inserted"))
        halve(
            self.connection,
            self._open("updated"),
            self._write_back,
            lambda n, _: keep(self.outcomes[n], "refused_by_database"),
        )
        return list(self.outcomes.values())

    def _open(self, action: str) -> list[int]:
        return [n for n, r in self.rows.items() if r.action == action and self.outcomes[n].action == "pending"]

    def _keep_edited(self) -> None:
        mark = "t.version::text" if self.goal.has_versions else "md5(t::text)"
        found = self.connection.execute(
            text(f"select t.id, {mark} from register.{self.goal.table_name} t where t.id = any(:ids)"),
            {"ids": [r.subject_id for r in self.rows.values()]},
        )
        stands = {subject_id: now for subject_id, now in found}
        for n, r in self.rows.items():
            left_as = str(r.version_after) if self.goal.has_versions else r.before.get("mark")
            if r.subject_id not in stands:
                keep(self.outcomes[n], "removed_since")
            elif left_as is not None and stands[r.subject_id] != left_as:
                keep(self.outcomes[n], "edited_since")

    def _keep_with_other_pairs(self) -> None:
        for relation in self.goal.relations:
            current = current_pairs(self.connection, relation, self.county, [r.code for r in self.rows.values()])
            for n, r in self.rows.items():
                told = r.before.get("pairs", {}).get(relation.table)
                left_as = told["after"] if told else [] if r.action == "inserted" else None
                if left_as is not None and self.outcomes[n].action == "pending" and current.get(r.code, []) != left_as:
                    keep(self.outcomes[n], "edited_since")

    def _keep_with_facts(self) -> None:
        """A thing of which facts are told stays (the register would refuse each of them, one by one)."""
        inserted = {self.rows[n].subject_id: n for n in self._open("inserted")}
        found = self.connection.execute(
            text(
                "select distinct subject_id from register.fact where county_code = :county and subject_kind = :kind and subject_id = any(:ids)"
            ),
            {"county": self.county, "kind": self.goal.table_name, "ids": list(inserted)},
        )
        for subject_id in found.scalars():
            keep(self.outcomes[inserted[subject_id]], "still_needed")

    def _remove(self, row_nos: list[int]) -> None:
        """Remove inserted rows; what other rows of the batch held back is tried again once those are gone."""
        waiting = row_nos
        while waiting:
            refused: list[int] = []
            halve(self.connection, waiting, self._delete, lambda n, _: refused.append(n))  # noqa: B023 - called at once
            if len(refused) == len(waiting):
                break
            waiting = refused
        for n in waiting:
            keep(self.outcomes[n], "still_needed")

    def _delete(self, row_nos: list[int]) -> None:
        self._pairs_back(row_nos)
        gone = self.connection.execute(
            text(f"delete from register.{self.goal.table_name} where id = any(:ids) returning id"),
            {"ids": [self.rows[n].subject_id for n in row_nos]},
        ).scalars()
        self._settle(row_nos, set(gone), "removed")

    def _write_back(self, row_nos: list[int]) -> None:
        self._pairs_back(row_nos)
        goal = self.goal
        names = [c for c in dict.fromkeys((*goal.columns, *goal.shape_columns)) if c != "code"]
        only_pairs = {self.rows[n].subject_id for n in row_nos if not self.rows[n].before.keys() - {"pairs"}}
        sets = ", ".join(f'"{c}" = v."{c}"' for c in names)
        former = (
            f"staff_data.{goal.table_name}_versions v on v.county_code = :county and v.id = r.subject_id and v.version = (r.before ->> 'version')::bigint"
            if goal.has_versions
            else f"lateral jsonb_populate_record(null::register.{goal.table_name}, r.before -> 'row') v on r.before ? 'row'"
        )
        back = self.connection.execute(
            text(
                f"update register.{goal.table_name} t set {sets} from register.import_row r join {former} "
                "where r.import_batch_id = :batch and r.row_no = any(:rows) and t.id = r.subject_id returning t.id"
            ),
            {"batch": self.batch_id, "rows": row_nos} | ({"county": self.county} if goal.has_versions else {}),
        ).scalars()
        self._settle(row_nos, set(back) | only_pairs, "restored")

    def _pairs_back(self, row_nos: list[int]) -> None:
        for relation in self.goal.relations:
            wanted = {
                self.rows[n].code: self.rows[n].before["pairs"][relation.table]["before"]
                for n in row_nos
                if relation.table in self.rows[n].before.get("pairs", {})
            }
            if wanted:
                replace_pairs(self.connection, relation, self.county, wanted)

    def _settle(self, row_nos: list[int], done: set[int], action: str) -> None:
        for n in row_nos:
            outcome = self.outcomes[n]
            if outcome.subject_id in done:
                outcome.action = action
            else:
                keep(outcome, "no_rights")
