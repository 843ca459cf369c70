"""The machine of a case as data: states, events, transitions, deadlines. One class per table, no SQL."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.schema import SCHEMA, Base

CONFIDENCE = "confidence in ('law', 'likely', 'default')"
NONE_YET = text("'{}'::text[]")


class CaseState(Base):
    """A state of a case; its words are the code list `idle_case_state`."""

    __tablename__ = "case_state"
    code: Mapped[str] = mapped_column(primary_key=True)
    is_open: Mapped[bool]
    is_public: Mapped[bool] = mapped_column(comment="the parcel stands in the public list of idle land (IDLE-24)")
    sort_no: Mapped[int] = mapped_column(Integer, server_default=text("0"))


class CaseEventKind(Base):
    """A step a case can take; its words are the code list `idle_case_event`."""

    __tablename__ = "case_event_kind"
    code: Mapped[str] = mapped_column(primary_key=True)
    disputes: Mapped[bool | None] = mapped_column(comment="true: a dispute begins, false: it ends, null: neither")
    freezes: Mapped[bool | None] = mapped_column(
        comment="true: deadlines stand still, false: they run again, null: neither"
    )
    may_be_taken_back: Mapped[bool]
    sort_no: Mapped[int] = mapped_column(Integer, server_default=text("0"))


class CaseTransition(Base):
    """From a state by an event to a state, for some limbs, causes and ways, with what the step needs."""

    __tablename__ = "case_transition"
    id: Mapped[int] = mapped_column(Identity(always=False), primary_key=True)
    from_state: Mapped[str] = mapped_column(comment="a state, or NONE before the case is opened")
    event: Mapped[str] = mapped_column(Text, ForeignKey(f"{SCHEMA}.case_event_kind.code"))
    to_state: Mapped[str] = mapped_column(Text, ForeignKey(f"{SCHEMA}.case_state.code"))
    limbs: Mapped[list[str] | None] = mapped_column(
        ARRAY(Text), comment="for which limbs, causes, ways the step is there; null: for all"
    )
    causes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    ways: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    evidence: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NONE_YET)
    after_events: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default=NONE_YET, comment="events that must stand in the case already"
    )
    needs: Mapped[list[str]] = mapped_column(
        ARRAY(Text),
        server_default=NONE_YET,
        comment="what rules must have said of the parcel on the day of the event: IDLE-07=yes",
    )
    records: Mapped[dict[str, str]] = mapped_column(
        JSONB,
        server_default=text("'{}'::jsonb"),
        comment="facts told to the ledger with it: fact kind -> column of the event, or true",
    )
    source: Mapped[str]
    law: Mapped[str | None]
    article: Mapped[str | None]
    confidence: Mapped[str]
    __table_args__ = (
        CheckConstraint(
            "evidence <@ array['document_no', 'url', 'holder', 'cause', 'way', 'new_due_on', 'note']", name="evidence"
        ),
        CheckConstraint(CONFIDENCE, name="confidence"),
        Index("ix_case_transition_from", "from_state", "event"),
    )


class CaseDeadline(Base):
    """A period that runs from a step while the case is in some states."""

    __tablename__ = "case_deadline"
    code: Mapped[str] = mapped_column(primary_key=True)
    starts: Mapped[str] = mapped_column(Text, ForeignKey(f"{SCHEMA}.case_event_kind.code"))
    states: Mapped[list[str]] = mapped_column(ARRAY(Text))
    met_by: Mapped[list[str]] = mapped_column(ARRAY(Text))
    parameter: Mapped[str | None] = mapped_column(
        comment="days from the event, rolled to a working day; null: the day the event names"
    )
    name: Mapped[str]
    name_en: Mapped[str]
    law: Mapped[str | None]
    article: Mapped[str | None]
    confidence: Mapped[str]
    sort_no: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    __table_args__ = (CheckConstraint(CONFIDENCE, name="confidence"),)
