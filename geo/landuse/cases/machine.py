"""The machine of a case as the database holds it: which step leads from which state where, and what it needs. Pure but for `machine`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import Problem

NONE, OPEN, RETRACT = "NONE", "OPEN", "RETRACT"
"""Before a case is opened; the step that opens it; the row that takes a step back."""

_STATES = text(
    "select s.code, s.is_open, s.is_public, v.name, v.name_en from staff_data.case_states s "
    "join open_data.code_values v on v.list_code = 'idle_case_state' and v.code = s.code order by s.sort_no"
)
_EVENTS = text(
    "select e.code, e.disputes, e.freezes, e.may_be_taken_back, v.name, v.name_en from staff_data.case_event_kinds e "
    "join open_data.code_values v on v.list_code = 'idle_case_event' and v.code = e.code order by e.sort_no"
)
_TRANSITIONS = text(
    "select from_state, event, to_state, limbs, causes, ways, evidence, after_events, needs, source, law, article, confidence "
    "from staff_data.case_transitions order by id"
)
_DEADLINES = text(
    "select code, starts, states, met_by, parameter, name, name_en, law, article, confidence "
    "from staff_data.case_deadlines order by sort_no"
)


@dataclass(frozen=True, slots=True)
class State:
    """A state of a case. `is_public`: the parcel stands in the public list of idle land (IDLE-24)."""

    code: str
    is_open: bool
    is_public: bool
    name: Problem


@dataclass(frozen=True, slots=True)
class EventKind:
    """A step. `disputes` / `freezes`: begins (True) or ends (False) a dispute, the standing still of deadlines; None: neither."""

    code: str
    disputes: bool | None
    freezes: bool | None
    may_be_taken_back: bool
    name: Problem


@dataclass(frozen=True, slots=True)
class Transition:
    """From a state by a step to a state. `limbs`, `causes`, `ways` None: for all of them.

    `evidence`: fields of the step that must be given; `after`: steps that must stand in the case already; `needs`: what rules must
    have said of the parcel on the day of the step (`IDLE-07=yes`, alternatives parted by |).
    """

    from_state: str
    event: str
    to_state: str
    limbs: tuple[str, ...] | None
    causes: tuple[str, ...] | None
    ways: tuple[str, ...] | None
    evidence: tuple[str, ...]
    after: tuple[str, ...]
    needs: tuple[str, ...]
    source: str
    law: str | None
    article: str | None
    confidence: str

    def is_for(self, limb: str | None, cause: str | None, way: str | None) -> bool:
        """Whether the step is there for such a case; a cause or way the step itself has to tell is not held against it."""
        return all(
            wanted is None or had in wanted or (told and had is None)
            for wanted, had, told in (
                (self.limbs, limb, False),
                (self.causes, cause, "cause" in self.evidence),
                (self.ways, way, "way" in self.evidence),
            )
        )

    def needed_rules(self) -> dict[str, tuple[str, ...]]:
        """Rule -> what it may have said."""
        return {rule: tuple(said.split("|")) for rule, _, said in (need.partition("=") for need in self.needs)}


@dataclass(frozen=True, slots=True)
class DeadlineKind:
    """A period of `parameter` days from a step, while the case is in one of the states (GEN-03); without one the day the step names."""

    code: str
    starts: str
    states: tuple[str, ...]
    met_by: tuple[str, ...]
    parameter: str | None
    name: Problem
    law: str | None
    article: str | None
    confidence: str


@dataclass(frozen=True)
class Machine:
    """States and steps by code, in order; transitions; deadlines."""

    states: Mapping[str, State]
    events: Mapping[str, EventKind]
    transitions: tuple[Transition, ...]
    deadlines: tuple[DeadlineKind, ...]

    def steps(
        self, state: str, *, limb: str | None, cause: str | None, way: str | None, is_disputed: bool, is_frozen: bool
    ) -> list[Transition]:
        """Steps a case can take next, by the table alone; what they need besides is said by each."""
        return [
            t
            for t in self.transitions
            if t.from_state == state
            and t.is_for(limb, cause, way)
            and self._fits(self.events[t.event], is_disputed, is_frozen)
        ]

    @staticmethod
    def _fits(kind: EventKind, is_disputed: bool, is_frozen: bool) -> bool:
        if kind.disputes is not None and kind.disputes == is_disputed:
            return False
        if kind.freezes:
            return is_disputed and not is_frozen
        return not (kind.freezes is False and kind.disputes is None and not is_frozen)


async def machine(connection: AsyncConnection) -> Machine:
    """The machine; for staff."""
    states = await connection.execute(_STATES)
    events = await connection.execute(_EVENTS)
    transitions = await connection.execute(_TRANSITIONS)
    deadlines = await connection.execute(_DEADLINES)
    return Machine(
        {r.code: State(r.code, r.is_open, r.is_public, Problem(zh=r.name, en=r.name_en)) for r in states},
        {
            r.code: EventKind(
                r.code, r.disputes, r.freezes, r.may_be_taken_back, Problem(zh=r.name, en=r.name_en)
            )
            for r in events
        },
        tuple(
            Transition(
                r.from_state, r.event, r.to_state, _some(r.limbs), _some(r.causes), _some(r.ways), tuple(r.evidence),
                tuple(r.after_events), tuple(r.needs), r.source, r.law, r.article, r.confidence,
            )
            for r in transitions
        ),
        tuple(
            DeadlineKind(
                r.code, r.starts, tuple(r.states), tuple(r.met_by), r.parameter, Problem(zh=r.name, en=r.name_en), r.law,
                r.article, r.confidence,
            )
            for r in deadlines
        ),
    )  # fmt: skip


def _some(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)
