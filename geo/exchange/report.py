"""What became of every row of a file, and of the file as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as made_by
from typing import Any, TypeAlias

from geo.exchange.stored import Content

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with a step's name, how much is done and how much there is."""


def silent(step: str, done: int, total: int) -> None:
    """Progress nobody watches."""


@dataclass(slots=True)
class RowOutcome:
    """One row of the file: `row_no` counts from 1; `reason_code` is of code list `import_reason`.

    `before` is what an undo needs: the version or row that stood there, pairs before and after, a mark of the row after.
    """

    row_no: int
    action: str
    code: str | None = None
    subject_id: int | None = None
    version_after: int | None = None
    before: dict[str, Any] = made_by(default_factory=dict)
    field: str | None = None
    reason_code: str | None = None
    reason: str | None = None
    repairs: list[str] = made_by(default_factory=list)


@dataclass(slots=True)
class Report:
    """The batch: counts per action and reason, guesses with their evidence, and every row."""

    batch_id: int | None
    collection: str
    county_code: str
    rows: list[RowOutcome] = made_by(default_factory=list)
    guesses: dict[str, Any] = made_by(default_factory=dict)
    seconds: float = 0.0
    is_dry_run: bool = False
    rejects: Content | None = None

    def count(self, action: str) -> int:
        """Rows with this action."""
        return sum(row.action == action for row in self.rows)

    @property
    def state(self) -> str:
        """State of the batch this report ends in (code list of import_batch.state)."""
        if self.rows and self.count("rejected") == len(self.rows):
            return "nothing_applied"
        return "applied_with_rejects" if self.count("rejected") else "applied"

    def summary(self) -> dict[str, Any]:
        """The report without its rows: what the API returns and the command line prints."""
        return {
            "batch_id": self.batch_id,
            "collection": self.collection,
            "county": self.county_code,
            "state": self.state,
            "dry_run": self.is_dry_run,
            "rows": len(self.rows),
            "actions": dict(Counter(row.action for row in self.rows)),
            "reasons": dict(Counter(row.reason_code for row in self.rows if row.reason_code)),
            "repaired": sum(bool(row.repairs) for row in self.rows),
            "guesses": self.guesses,
            "seconds": round(self.seconds, 2),
        }
