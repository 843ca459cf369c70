"""Writing a case: opened from a lead, a step told, the last step taken back. The database holds every writer to the machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.clock import EARLIEST, LATEST
from geo.db import Actor
from geo.errors import BadInput, Conflict, Problem
from geo.landuse.cases.case import Case
from geo.landuse.cases.judging import frozen, said
from geo.landuse.cases.machine import OPEN, Machine, Transition, machine
from geo.landuse.cases.queries import case_of
from geo.landuse.commands import recompute
from geo.registry.commands import lock_seen

LONGEST = {"note": 4000, "url": 2000, "holder": 200, "document_no": 200}
FIELDS = {
    "document_no": Problem(zh="文书编号", en="number of the document"),
    "url": Problem(zh="公开页面网址", en="address of the page"),
    "holder": Problem(zh="土地使用权人", en="holder of the land"),
    "cause": Problem(zh="闲置原因", en="cause"),
    "way": Problem(zh="处置方式", en="way of disposal"),
    "new_due_on": Problem(zh="新的动工日期", en="new starting date"),
    "note": Problem(zh="说明", en="what was found"),
}
OPENS_BY = ("IDLE-01", "IDLE-03")
_OPEN = text(
    "insert into register.idle_case (county_code, parcel_id, opened_on, finding, code) "
    "values (:county, :parcel, :on, cast(:finding as jsonb), '') returning id"
)
_STEP = text(
    "insert into register.idle_case_event (county_code, idle_case_id, event, to_state, happened_on, document_no, url, holder, cause, "
    "way, new_due_on, note, judged, retracts_event_id) values (:county, :case, :event, '', :happened_on, :document_no, :url, :holder, "
    ":cause, :way, :new_due_on, :note, cast(:judged as jsonb), :retracts) returning id"
)


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a step."""

    event: str
    happened_on: date | None = None
    document_no: str | None = None
    url: str | None = None
    holder: str | None = None
    cause: str | None = None
    way: str | None = None
    new_due_on: date | None = None
    note: str | None = None

    def evidence(self) -> dict[str, object]:
        """The fields by name."""
        return {name: getattr(self, name) for name in FIELDS}


@dataclass(frozen=True, slots=True)
class Recorded:
    """The case, and the version its parcel has now."""

    case_code: str
    version: int


async def record_step(
    connection: AsyncConnection, actor: Actor, county_code: str, code: str, told: Told, *, version: int, today: date
) -> Recorded:
    """Open a case of a parcel (OPEN) or record the next step of its open case, and bring the parcel's leads up to date.

    Raises NotFound (parcel), StaleVersion, BadInput (a field), Conflict (the step is not there, or a rule says otherwise), Forbidden.
    """
    parcel = await lock_seen(connection, actor, "parcels", "parcel", county_code, code, version)
    _check_texts(told)
    case = await case_of(connection, parcel.id, today)
    if told.event == OPEN:
        await _open(connection, county_code, parcel.id, told, case, today)
    else:
        await _step(connection, county_code, _must_be_open(case), told, today)
    return await _done(connection, county_code, parcel.id, today)


async def take_back(
    connection: AsyncConnection, actor: Actor, county_code: str, code: str, event_id: int, note: str | None, *, version: int,
    today: date,
) -> Recorded:  # fmt: skip
    """Take the last step of the open case back, with the reason. Raises as record_step does."""
    parcel = await lock_seen(connection, actor, "parcels", "parcel", county_code, code, version)
    case = _must_be_open(await case_of(connection, parcel.id, today))
    told = await machine(connection)
    _check_texts(Told("", note=note))
    last = case.events[-1]
    if last.id != event_id:
        raise Conflict.at("retracts", Problem(zh="只能撤回最后一步", en="only the last step can be taken back"))
    if not told.events[last.event].may_be_taken_back:
        name = told.events[last.event].name
        raise Conflict.at(
            "retracts",
            Problem(zh=f"“{name.zh}”不能撤回；有误的，请按“线索所依事实有误”排除", en=f"'{name.en}' cannot be taken back; if the facts were wrong, dismiss the case"),
        )  # fmt: skip
    if not note or not note.strip():
        raise BadInput.at("note", Problem(zh="缺少撤回理由", en="the reason for taking it back is missing"))
    bound = dict.fromkeys(FIELDS) | {"county": county_code, "case": case.id, "event": "RETRACT", "judged": "{}"}
    await connection.execute(_STEP, bound | {"happened_on": today, "note": note, "retracts": event_id})
    return await _done(connection, county_code, parcel.id, today)


async def _done(connection: AsyncConnection, county_code: str, parcel_id: int, today: date) -> Recorded:
    await recompute(connection, county_code, today, [parcel_id])
    after = await connection.execute(
        text(
            "select c.code, p.version from register.idle_case c join register.parcel p on p.id = c.parcel_id "
            "where p.id = :id order by c.id desc limit 1"
        ),
        {"id": parcel_id},
    )
    row = after.one()
    return Recorded(row.code, row.version)


def _must_be_open(case: Case | None) -> Case:
    if case is None or not case.is_open:
        raise Conflict.at(
            "event",
            Problem(zh="这宗地没有未结的案件，请先立案", en="this parcel has no open case; open one first"),
        )
    return case


async def _open(
    connection: AsyncConnection, county_code: str, parcel_id: int, told: Told, case: Case | None, today: date
) -> None:
    if case is not None and case.is_open:
        raise Conflict.at(
            "event", Problem(zh=f"这宗地已有未结案件 {case.code}", en=f"this parcel has an open case, {case.code}")
        )
    day = _day(told.happened_on, None, today)
    answers = await said(connection, county_code, parcel_id, OPENS_BY, day)
    lead = next((answer for answer in answers.values() if answer.holds == "yes"), None)
    if lead is None:
        shown = "、".join(f"{rule}: {answer.holds}" for rule, answer in answers.items())
        missing = sorted({name for answer in answers.values() for name in answer.missing})
        raise Conflict.at(
            "event",
            Problem(
                zh=f"{day} 这宗地没有满一年未动工（IDLE-01）或中止满一年（IDLE-03）的线索，不能立案",
                en=f"on {day} the parcel had no lead of IDLE-01 or IDLE-03, so no case can be opened",
            ),
            Problem(
                zh=shown + (f"；缺：{'、'.join(missing)}" if missing else ""),
                en=shown.replace("、", ", ") + (f"; missing: {', '.join(missing)}" if missing else ""),
            ),
        )
    await connection.execute(_OPEN, {"county": county_code, "parcel": parcel_id, "on": day, "finding": frozen(lead)})


async def _step(connection: AsyncConnection, county_code: str, case: Case, told: Told, today: date) -> None:
    rules = await machine(connection)
    step = _found(rules, case, told)
    day = _day(told.happened_on, case.events[-1].happened_on, today)
    _check_evidence(step, told, day)
    for event in step.after:
        if not any(e.event == event for e in case.events):
            name = rules.events[event].name
            raise Conflict.at("event", Problem(zh=f"须先记录“{name.zh}”", en=f"'{name.en}' must be recorded first"))
    needed = step.needed_rules()
    answers = await said(connection, county_code, case.parcel_id, needed, day)
    for rule, wanted in needed.items():
        answer = answers.get(rule)
        if answer is None or answer.holds not in wanted:
            missing = ", ".join(answer.missing) if answer is not None else ""
            holds = answer.holds if answer is not None else "-"
            raise Conflict.at(
                "event",
                Problem(
                    zh=f"这一步要求 {rule} 在 {day} 为 {'/'.join(wanted)}，现为 {holds}" + (f"（缺：{missing}）" if missing else ""),
                    en=f"this step needs {rule} to say {'/'.join(wanted)} on {day}; it says {holds}" + (f" (missing: {missing})" if missing else ""),
                ),
            )  # fmt: skip
    judged = "{" + ", ".join(f'"{rule}": {frozen(answer)}' for rule, answer in answers.items()) + "}"
    bound = {"county": county_code, "case": case.id, "event": told.event, "happened_on": day, "judged": judged}
    await connection.execute(_STEP, told.evidence() | bound | {"retracts": None})


def _found(rules: Machine, case: Case, told: Told) -> Transition:
    """The step of the table, or what can be done instead."""
    if told.event not in rules.events or told.event == "RETRACT":
        raise BadInput.at(
            "event",
            Problem(zh=f"没有“{told.event[:64]}”这种步骤", en=f"there is no step '{told.event[:64]}'"),
            Problem(zh="、".join(rules.events), en=", ".join(rules.events)),
        )
    can = rules.steps(
        case.state, limb=case.limb, cause=case.cause, way=case.way, is_disputed=case.is_disputed, is_frozen=case.is_frozen
    )  # fmt: skip
    fitting = [step for step in can if step.event == told.event]
    exact = [s for s in fitting if s.is_for(case.limb, told.cause or case.cause, told.way or case.way)]
    if exact:
        return exact[0]
    if fitting:
        causes = sorted({cause for step in fitting for cause in step.causes or ()})
        raise BadInput.at(
            "cause",
            Problem(zh="认定书要写明原因", en="the letter says the cause"),
            Problem(zh="、".join(causes), en=", ".join(causes)),
        )
    event, state = rules.events[told.event].name, rules.states[case.state].name
    events = list(dict.fromkeys(step.event for step in can))
    raise Conflict.at(
        "event",
        Problem(zh=f"“{state.zh}”之后没有“{event.zh}”这一步", en=f"from '{state.en}' there is no step '{event.en}'"),
        Problem(
            zh="可以：" + "、".join(rules.events[e].name.zh for e in events) if events else "没有下一步",
            en="there are: " + ", ".join(rules.events[e].name.en for e in events) if events else "no step is left",
        ),
    )


def _day(given: date | None, after: date | None, today: date) -> date:
    """The day of a step: given, not in the future, not before the step it follows."""
    if given is None:
        raise BadInput.at(
            "happened_on",
            Problem(zh="缺少日期", en="the day is missing"),
            Problem(zh="如 2026-03-15", en="such as 2026-03-15"),
        )
    first = after or EARLIEST
    if given > today:
        raise BadInput.at(
            "happened_on",
            Problem(zh=f"{given} 在今天之后", en=f"{given} lies in the future"),
            Problem(zh=f"不晚于 {today}", en=f"no later than {today}"),
        )
    if given < first:
        raise BadInput.at(
            "happened_on",
            Problem(zh=f"{given} 早于前一步", en=f"{given} is before the step it follows"),
            Problem(zh=f"不早于 {first}", en=f"no earlier than {first}"),
        )
    return given


def _check_evidence(step: Transition, told: Told, day: date) -> None:
    given = {name for name, value in told.evidence().items() if value not in (None, "")}
    for name in step.evidence:
        if name not in given:
            raise BadInput.at(name, Problem(zh=f"缺少{FIELDS[name].zh}", en=f"missing: {FIELDS[name].en}"))
    for name in sorted(given - {*step.evidence, "document_no", "url", "note"}):
        raise BadInput.at(name, Problem(zh=f"这一步没有{FIELDS[name].zh}", en=f"this step has no {FIELDS[name].en}"))
    if told.new_due_on is not None and not day <= told.new_due_on <= LATEST:
        raise BadInput.at(
            "new_due_on",
            Problem(zh="新的动工日期早于约定之日", en="the new date lies before it was agreed"),
            Problem(zh=f"不早于 {day}", en=f"no earlier than {day}"),
        )
    if told.url and not told.url.lower().startswith(("http://", "https://")):
        raise BadInput.at(
            "url",
            Problem(zh="不是网址", en="this is no address of the web"),
            Problem(zh="如 https://www.example.cn/…", en="such as https://www.example.cn/..."),
        )


def _check_texts(told: Told) -> None:
    for name, longest in LONGEST.items():
        value = getattr(told, name)
        if value is not None and (len(value) > longest or "\x00" in value):
            raise BadInput.at(
                name,
                Problem(zh="文字过长或含有控制字符", en="the text is too long or holds control characters"),
                Problem(zh=f"至多 {longest} 字", en=f"{longest} characters at most"),
            )
