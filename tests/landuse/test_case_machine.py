"""Every step of domain.md 1.4 is taken, every other is refused, by the database itself and for every writer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from geo.db import driver_url
from tests.landuse import land
from tests.landuse.case_land import EVIDENCE, JUDGED, OPENED, Way, finding, open_case, retract, row, step, walk

NOTICE = ("NOTICE_SERVED",)
LETTER = (*NOTICE, "LETTER_ISSUED")
PUBLISHED = (*LETTER, "PUBLICATION")
AGREED = (*PUBLISHED, "DISPOSAL_APPROVAL")
HEARD = (*PUBLISHED, "FEE_HEARING_TOLD", "TAKE_BACK_HEARING_TOLD")
FEE = (*HEARD, "FEE_DECISION_SERVED")
PAID = (*FEE, "FEE_PAYMENT")
TAKEN = (*HEARD, "TAKE_BACK_DECISION_SERVED")

# Written by hand from domain.md 1.4 (and IDLE-11, -21, -26, -29, -30): state, how it is reached, and every step that leads on.
OWNER_STEPS = {
    "FEE_HEARING_TOLD": "PUBLISHED", "TAKE_BACK_HEARING_TOLD": "PUBLISHED", "FEE_DECISION_SERVED": "FEE_DECIDED",
    "TAKE_BACK_DECISION_SERVED": "TAKE_BACK_DECIDED", "START_PROVEN": "REMEDIED",
}  # fmt: skip
NEXT: list[tuple[str, Way, dict[str, str]]] = [
    ("SUSPECTED", Way("A"), {"NOTICE_SERVED": "INVESTIGATING", "FACTS_WRONG": "DISMISSED", "START_PROVEN": "DISMISSED"}),
    ("SUSPECTED", Way("B"), {"NOTICE_SERVED": "INVESTIGATING", "FACTS_WRONG": "DISMISSED"}),
    ("INVESTIGATING", Way("A", NOTICE), {"ANSWER_RECEIVED": "INVESTIGATING", "FACTS_WRONG": "DISMISSED", "START_PROVEN": "DISMISSED", "LETTER_ISSUED": "DETERMINED"}),
    ("INVESTIGATING", Way("B", NOTICE, "GOVERNMENT"), {"ANSWER_RECEIVED": "INVESTIGATING", "FACTS_WRONG": "DISMISSED", "LETTER_ISSUED": "DETERMINED"}),
    ("DETERMINED", Way("A", LETTER), {"PUBLICATION": "PUBLISHED"}),
    ("PUBLISHED", Way("A", HEARD), OWNER_STEPS),
    ("PUBLISHED", Way("A", PUBLISHED, "GOVERNMENT"), {"DISPOSAL_APPROVAL": "DISPOSAL_APPROVED", "START_PROVEN": "REMEDIED"}),
    ("PUBLISHED", Way("A", PUBLISHED, "FORCE_MAJEURE"), {"DISPOSAL_APPROVAL": "DISPOSAL_APPROVED", "START_PROVEN": "REMEDIED"}),
    ("PUBLISHED", Way("B", PUBLISHED, "OWNER"), {"DISPOSAL_APPROVAL": "DISPOSAL_APPROVED"}),
    ("PUBLISHED", Way("B", PUBLISHED, "GOVERNMENT"), {"DISPOSAL_APPROVAL": "DISPOSAL_APPROVED"}),
    *(("DISPOSAL_APPROVED", Way("B", AGREED, way=way), {"NEW_DUE_STORED": "MONITORING"})
      for way in ("EXTEND", "CHANGE_CONDITIONS", "TEMPORARY_USE", "SWAP", "OTHER")),
    ("DISPOSAL_APPROVED", Way("A", AGREED, "GOVERNMENT", "BUY_BACK"), {"DEREGISTRATION": "RECOVERED"}),
    ("FEE_DECIDED", Way("A", FEE), {"FEE_PAYMENT": "FEE_PAID", "TAKE_BACK_HEARING_TOLD": "FEE_DECIDED", "TAKE_BACK_DECISION_SERVED": "TAKE_BACK_DECIDED"}),
    ("FEE_PAID", Way("A", PAID), {"START_PROVEN": "REMEDIED", "TAKE_BACK_HEARING_TOLD": "FEE_PAID", "TAKE_BACK_DECISION_SERVED": "TAKE_BACK_DECIDED"}),
    ("TAKE_BACK_DECIDED", Way("A", TAKEN), {"DEREGISTRATION": "RECOVERED"}),
    ("MONITORING", Way("A", (*AGREED, "NEW_DUE_STORED"), "GOVERNMENT"), {"FILE_CLOSED": "CLOSED"}),
    ("MONITORING", Way("B", (*AGREED, "NEW_DUE_STORED")), {"FILE_CLOSED": "CLOSED"}),
    ("DISMISSED", Way("A", ("FACTS_WRONG",)), {"FILE_CLOSED": "CLOSED"}),
    ("REMEDIED", Way("A", (*PUBLISHED, "START_PROVEN")), {"FILE_CLOSED": "CLOSED"}),
    ("RECOVERED", Way("A", (*TAKEN, "DEREGISTRATION")), {"FILE_CLOSED": "CLOSED"}),
    ("CLOSED", Way("A", ("FACTS_WRONG", "FILE_CLOSED")), {}),
]  # fmt: skip
NEEDS_A_RULE = {"START_PROVEN": "IDLE-02", "TAKE_BACK_DECISION_SERVED": "IDLE-07"}
YES = [(state, way, event, to) for state, way, steps in NEXT for event, to in steps.items()]
NO = [
    (state, way, event)
    for state, way, steps in NEXT
    for event in ("OPEN", "RETRACT", *EVIDENCE)
    if event not in steps and (state == "CLOSED" or event != "DISPUTE_FILED")
]


@pytest.fixture(scope="module")
def held(database_url: str) -> Iterator[Connection]:
    engine = create_engine(driver_url(database_url))
    with engine.connect() as made:
        land.county(made)
        yield made
        made.rollback()
    engine.dispose()


@pytest.fixture
def connection(held: Connection) -> Iterator[Connection]:
    with held.begin_nested() as attempt:
        yield held
        attempt.rollback()


def refused(connection: Connection, case: int, event: str, on: date, field: str | None = None, **told: object) -> None:
    with connection.begin_nested() as attempt:
        with pytest.raises(DBAPIError) as error:
            step(connection, case, event, on, **told)
        attempt.rollback()
    assert str(getattr(error.value.orig, "sqlstate", "")).startswith("YZ"), error.value
    if field is not None:
        assert error.value.orig.diag.column_name == field  # type: ignore[union-attr]


@pytest.mark.parametrize(("state", "way", "event", "to"), YES)
def test_a_step_of_the_table_is_taken(connection: Connection, state: str, way: Way, event: str, to: str) -> None:
    case, day = walk(connection, "P", way)
    assert row(connection, case).state == state
    told = way.evidence(event)
    for name in told:
        if name != "document_no" or event != "FILE_CLOSED":
            refused(connection, case, event, day, name, **{k: v for k, v in told.items() if k != name})
    refused(connection, case, event, day - timedelta(days=1), "happened_on", **told)
    refused(connection, case, event, date(2999, 1, 1), "happened_on", **told)
    if event in NEEDS_A_RULE or (state == "MONITORING" and event == "FILE_CLOSED"):
        refused(connection, case, event, day, "judged", judged={}, **told)
        unknown = {rule: {"holds": "unknown"} for rule in JUDGED}
        refused(connection, case, event, day, "judged", judged=unknown, **told)
    step(connection, case, event, day, **told)
    after = row(connection, case)
    assert (after.state, after.is_open) == (to, to != "CLOSED")
    assert after.closed_on == (day if to == "CLOSED" else None)


@pytest.mark.parametrize(("state", "way", "event"), NO)
def test_every_other_step_is_refused(connection: Connection, state: str, way: Way, event: str) -> None:
    case, day = walk(connection, "P", way)
    before = row(connection, case)
    refused(connection, case, event, day, **(way.evidence(event) if event in EVIDENCE else {}))
    assert row(connection, case) == before


def test_a_hearing_is_told_before_the_decision(connection: Connection) -> None:
    """IDLE-26: each decision has its own."""
    case, day = walk(connection, "P", Way("A", PUBLISHED))
    for event in ("FEE_DECISION_SERVED", "TAKE_BACK_DECISION_SERVED"):
        refused(connection, case, event, day, "event", document_no="1")
    step(connection, case, "FEE_HEARING_TOLD", day, document_no="1")
    refused(connection, case, "TAKE_BACK_DECISION_SERVED", day, "event", document_no="1")
    step(connection, case, "FEE_DECISION_SERVED", day, document_no="1")


@pytest.mark.parametrize(("state", "way"), [(state, way) for state, way, _ in NEXT if state != "CLOSED"])
def test_a_dispute_keeps_the_state(connection: Connection, state: str, way: Way) -> None:
    case, day = walk(connection, "P", way)
    for event, disputed, frozen in (
        ("DISPUTE_FILED", True, False), ("DEADLINES_FROZEN", True, True), ("DEADLINES_THAWED", True, False),
        ("DEADLINES_FROZEN", True, True), ("DISPUTE_SETTLED", False, False),
    ):  # fmt: skip
        for other in {"DISPUTE_FILED", "DEADLINES_FROZEN", "DEADLINES_THAWED", "DISPUTE_SETTLED"} - {event}:
            now = row(connection, case)
            fits = {"DISPUTE_FILED": not now.is_disputed, "DEADLINES_FROZEN": now.is_disputed and not now.is_frozen,
                    "DEADLINES_THAWED": now.is_frozen, "DISPUTE_SETTLED": now.is_disputed}  # fmt: skip
            if not fits[other]:
                refused(connection, case, other, day, "event", **EVIDENCE[other])
        step(connection, case, event, day, **EVIDENCE[event])
        now = row(connection, case)
        assert (now.state, now.is_disputed, now.is_frozen) == (state, disputed, frozen)


def test_the_letter_says_a_cause_the_law_knows(connection: Connection) -> None:
    case, day = walk(connection, "P", Way("A", NOTICE))
    for cause in ("UNKNOWN", "NOBODY", ""):
        refused(connection, case, "LETTER_ISSUED", day, "cause", document_no="1", cause=cause)
    refused(connection, case, "NOTICE_SERVED", day, "event", document_no="1")
    refused(connection, case, "ANSWER_RECEIVED", day, "cause", note="x", cause="OWNER")
    step(connection, case, "LETTER_ISSUED", day, document_no="认9", cause="OWNER")
    after = row(connection, case)
    assert (after.cause, after.determination_no, after.determined_on) == ("OWNER", "认9", day)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://a", "https://", "a", " "])
def test_an_address_is_one_of_the_web(connection: Connection, url: str) -> None:
    case, day = walk(connection, "P", Way("A", LETTER))
    refused(connection, case, "PUBLICATION", day, "url", url=url, holder="甲")


def test_the_new_day_lies_after_the_agreement(connection: Connection) -> None:
    case, day = walk(connection, "P", Way("B", AGREED))
    refused(connection, case, "NEW_DUE_STORED", day, "new_due_on", document_no="1", new_due_on=day - timedelta(days=1))
    refused(connection, case, "DISPOSAL_APPROVAL", day, "event", document_no="1", way="SWAP")


@pytest.mark.parametrize(
    "lead",
    [
        finding("IDLE-01", holds="no"), finding("IDLE-01", holds="unknown"), finding("IDLE-07"), finding("UNDER-02"), "{}",
        finding("IDLE-01", on=OPENED + timedelta(days=1)),
    ],
)  # fmt: skip
def test_only_a_lead_that_holds_opens_a_case(connection: Connection, lead: str) -> None:
    parcel = land.parcel(connection, "P", {})
    with pytest.raises(DBAPIError) as error, connection.begin_nested():
        connection.execute(
            text("insert into register.idle_case (county_code, parcel_id, opened_on, finding, code) values ('C', :p, :on, cast(:f as jsonb), '')"),
            {"p": parcel, "on": OPENED, "f": lead},
        )  # fmt: skip
    assert str(getattr(error.value.orig, "sqlstate", "")).startswith("YZ4")


def test_one_open_case_a_parcel_and_none_opened_again(connection: Connection) -> None:
    parcel = land.parcel(connection, "P", {})
    first = open_case(connection, parcel)
    with pytest.raises(DBAPIError), connection.begin_nested():
        open_case(connection, parcel)
    for event in ("FACTS_WRONG", "FILE_CLOSED"):
        last = step(connection, first, event, OPENED, **EVIDENCE[event])
    with pytest.raises(DBAPIError), connection.begin_nested():
        retract(connection, first, last)
    second = open_case(connection, parcel)
    assert [row(connection, case).code for case in (first, second)] == ["P.X1", "P.X2"]


def test_only_the_last_step_is_taken_back_and_with_a_reason(connection: Connection) -> None:
    case, day = walk(connection, "P", Way("A", NOTICE))
    letter = step(connection, case, "LETTER_ISSUED", day, document_no="认1", cause="GOVERNMENT")
    notice, opened = (
        connection.execute(
            text("select id from register.idle_case_event where idle_case_id = :c and event = :e"), {"c": case, "e": e}
        ).scalar_one()
        for e in ("NOTICE_SERVED", "OPEN")
    )
    for target, note in ((notice, "误"), (letter, ""), (letter, None), (opened, "误")):
        with pytest.raises(DBAPIError), connection.begin_nested():
            retract(connection, case, target, note)
    retract(connection, case, letter)
    after = row(connection, case)
    assert (after.state, after.cause, after.determination_no) == ("INVESTIGATING", None, None)
    with pytest.raises(DBAPIError), connection.begin_nested():
        retract(connection, case, letter)
    retract(connection, case, notice)
    assert row(connection, case).state == "SUSPECTED"
    with pytest.raises(DBAPIError), connection.begin_nested():
        retract(connection, case, opened)
    step(connection, case, "NOTICE_SERVED", day, document_no="调2")
    assert row(connection, case).state == "INVESTIGATING"


TOLD = "select kind, coalesce(value_date::text, value_text, value_bool::text) from register.effective_facts('C', 'parcel', array[:p], '2026-01-01', 'infinity')"


def test_a_step_tells_the_facts_the_rules_read_and_takes_them_back(connection: Connection) -> None:
    """IDLE-09, IDLE-06/07 and IDLE-27 read them."""
    case, day = walk(connection, "P", Way("A", NOTICE))
    parcel = row(connection, case).parcel_id

    def facts() -> dict[str, str]:
        return dict(connection.execute(text(TOLD), {"p": parcel}).tuples().all())

    opened = {"idle_procedure_opened_on": OPENED.isoformat()}
    assert facts() == opened
    letter = step(connection, case, "LETTER_ISSUED", day, document_no="认1", cause="GOVERNMENT")
    assert facts() == opened | {"delay_cause": "GOVERNMENT", "delay_cause_accepted": "true"}
    retract(connection, case, letter)
    assert facts() == opened
    step(connection, case, "LETTER_ISSUED", day, document_no="认1", cause="OWNER")
    for event in PAID[2:]:
        step(connection, case, event, day, **EVIDENCE[event])
    assert facts() == opened | {
        "delay_cause": "OWNER", "fee_decision_served_on": day.isoformat(), "fee_paid_on": day.isoformat(),
    }  # fmt: skip
    step(connection, case, "START_PROVEN", day, note="x")
    assert facts()["idle_procedure_closed_on"] == day.isoformat()


def test_a_new_day_restarts_the_clock(connection: Connection) -> None:
    case, day = walk(connection, "P", Way("A", (*AGREED, "NEW_DUE_STORED"), "GOVERNMENT"))
    told = dict(connection.execute(text(TOLD), {"p": row(connection, case).parcel_id}).tuples().all())
    assert (told["agreed_start_on"], told["agreed_anew_on"]) == ("2027-01-01", day.isoformat())


@pytest.mark.parametrize("table", ["idle_case", "idle_case_event", "case_transition", "case_state", "finding_override"])
@pytest.mark.parametrize("write", ["delete from register.{}", "update register.{} set {} = {}"])
def test_nothing_is_written_by_hand(connection: Connection, table: str, write: str) -> None:
    case, _ = walk(connection, "P", Way("A", NOTICE))
    parcel = row(connection, case).parcel_id
    connection.execute(text(
        "insert into register.finding (county_code, code, subject_id, rule_id, rule_version, as_of, holds, inputs, parameters) "
        "values ('C', 'P.IDLE-01', :p, 'IDLE-01', 2, '2024-03-01', 'yes', '{}', '{}')"), {"p": parcel})  # fmt: skip
    connection.execute(
        text("insert into register.finding_override (county_code, parcel_id, rule_id, reason) values ('C', :p, 'IDLE-01', '已动工')"),
        {"p": parcel},
    )  # fmt: skip
    column = {"idle_case": "state", "idle_case_event": "note", "case_transition": "event", "case_state": "is_open", "finding_override": "note"}[table]  # fmt: skip
    with pytest.raises(DBAPIError) as error, connection.begin_nested():
        connection.execute(text(write.format(table, column, column)))
    assert getattr(error.value.orig, "sqlstate", None) == "YZ403"
    with pytest.raises(DBAPIError), connection.begin_nested():
        connection.execute(text("delete from register.parcel where id = :p"), {"p": parcel})


@pytest.fixture(scope="module")
def stream(held: Connection) -> Connection:
    return held


ALLOWED = {(state, event, to) for state, _, steps in NEXT for event, to in steps.items()} | {
    (state, event, state)
    for state, _, _ in NEXT
    for event in ("DISPUTE_FILED", "DISPUTE_SETTLED", "DEADLINES_FROZEN", "DEADLINES_THAWED")
}
moves = st.tuples(
    st.sampled_from(["RETRACT", *EVIDENCE]), st.integers(-2, 20), st.sampled_from(["OWNER", "GOVERNMENT", "FORCE_MAJEURE"]),
    st.sampled_from(["EXTEND", "BUY_BACK", "OTHER"]),
)  # fmt: skip


def attempted(connection: Connection, write: Callable[[], int]) -> tuple[int, DBAPIError | None]:
    try:
        with connection.begin_nested():
            return write(), None
    except DBAPIError as error:
        return 0, error


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limb=st.sampled_from("AB"), told=st.lists(moves, min_size=5, max_size=25))
def test_no_stream_of_steps_breaks_a_case(stream: Connection, limb: str, told: list[tuple[str, int, str, str]]) -> None:
    with stream.begin_nested() as attempt:
        case, day = open_case(stream, land.parcel(stream, "S", {}), limb), OPENED
        stack: list[tuple[int, str, str, date]] = []
        for event, days, cause, way in told:
            before = row(stream, case)
            if event == "RETRACT":
                done, error = attempted(stream, partial(retract, stream, case, stack[-1][0] if stack else -1))
            else:
                on, said = day + timedelta(days=days), Way(limb, (), cause, way).evidence(event)
                done, error = attempted(stream, partial(step, stream, case, event, on, **said))
            if error is not None:
                assert str(getattr(error.orig, "sqlstate", "")).startswith("YZ"), error
                assert row(stream, case) == before
                continue
            after = row(stream, case)
            if event == "RETRACT":
                _, _, state, _ = stack.pop()
                assert after.state == state
            else:
                assert days >= 0
                assert (before.state, event, after.state) in ALLOWED
                stack.append((done, event, before.state, day + timedelta(days=days)))
            day = stack[-1][3] if stack else OPENED
            assert after.version == before.version + 1
            assert (after.closed_on is not None) == (after.state == "CLOSED") == (not after.is_open)
            assert not after.is_frozen or after.is_disputed
            assert (after.determination_no is None) == ("LETTER_ISSUED" not in [e for _, e, _, _ in stack])
            assert (after.cause is None) == (after.determination_no is None)
            if limb == "B":
                assert after.state not in ("FEE_DECIDED", "FEE_PAID", "TAKE_BACK_DECIDED", "REMEDIED")
        attempt.rollback()
