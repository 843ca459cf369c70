"""Cases, their machine and what is told with them, as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from geo.errors import Problem
from geo.landuse.cases.case import Case, Event
from geo.landuse.cases.deadlines import Deadline
from geo.landuse.cases.judging import Information
from geo.landuse.cases.machine import Machine, Transition
from geo.landuse.cases.papers import Paper
from geo.landuse.cases.queries import Override


def _both(words: Problem) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def deadline_shown(due: Deadline) -> dict[str, Any]:
    """A deadline with the parameter it follows from."""
    return {
        "rule": due.code, "name": _both(due.name), "law": due.law, "article": due.article, "confidence": due.confidence,
        "from_on": due.from_on, "due_on": due.due_on, "days_left": due.days_left, "moved_days": due.moved_days, "status": due.status.value,
        "met_on": due.met_on, "parameter": {due.parameter.key: due.parameter.shown()} if due.parameter is not None else None,
        "missing": due.missing, "calendar": "full" if due.is_calendar_known else "partial",
    }  # fmt: skip


def shown_brief(case: Case) -> dict[str, Any]:
    """A case in a list."""
    due = case.next_deadline
    return {
        "code": case.code, "parcel": case.parcel_code, "name": case.parcel_name, "name_en": case.parcel_name_en, "unit": case.unit_code,
        "town": case.town_code, "title": _both(case.title), "state": case.state, "is_open": case.is_open, "limb": case.limb,
        "cause": case.cause, "way": case.way, "opened_on": case.opened_on, "closed_on": case.closed_on, "is_disputed": case.is_disputed,
        "is_frozen": case.is_frozen, "determination_no": case.determination_no, "idle_since_on": case.idle_since_on,
        "is_sample": case.is_sample, "next_deadline": deadline_shown(due) if due is not None else None,
    }  # fmt: skip


def _event(event: Event) -> dict[str, Any]:
    return {
        "id": event.id, "event": event.event, "from_state": event.from_state, "to_state": event.to_state, "happened_on": event.happened_on,
        "document_no": event.document_no, "url": event.url, "holder": event.holder, "cause": event.cause, "way": event.way,
        "new_due_on": event.new_due_on, "note": event.note, "judged": event.judged, "recorded_at": event.recorded_at,
        "recorded_by": event.recorded_by, "is_sample": event.is_sample,
    }  # fmt: skip


def step_shown(step: Transition) -> dict[str, Any]:
    """A step of the machine with what it needs."""
    return {
        "event": step.event, "to_state": step.to_state, "evidence": step.evidence, "causes": step.causes, "ways": step.ways,
        "after": step.after, "needs": step.needs, "source": step.source, "law": step.law, "article": step.article,
        "confidence": step.confidence,
    }  # fmt: skip


def shown(case: Case, rules: Machine, papers: Mapping[int, Sequence[Paper]]) -> dict[str, Any]:
    """A case with its steps and their papers, its deadlines, the lead it was opened by, and what may come next."""
    following = rules.steps(
        case.state, limb=case.limb, cause=case.cause, way=case.way, is_disputed=case.is_disputed, is_frozen=case.is_frozen
    )  # fmt: skip
    return shown_brief(case) | {
        "as_of": case.as_of, "finding": case.finding, "holder": case.holder, "determined_on": case.determined_on,
        "published_on": case.published_on, "events": [_event(event) | {"papers": [_paper(p) for p in papers.get(event.id, ())]} for event in case.events],
        "deadlines": [deadline_shown(due) for due in case.deadlines],
        "next_steps": [step_shown(step) for step in following],
    }  # fmt: skip


def _paper(paper: Paper) -> dict[str, Any]:
    return {
        "id": paper.id, "href": f"/v1/case-papers/{paper.id}", "file_name": paper.file_name, "media_type": paper.media_type,
        "byte_size": paper.byte_size, "recorded_at": paper.recorded_at, "recorded_by": paper.recorded_by,
    }  # fmt: skip


def shown_information(told: Information) -> dict[str, Any]:
    """Fee, taking back and hold; amounts are exact decimals as text, 万元."""
    fee, back = told.fee, told.take_back
    return {
        "note": {"zh": "仅供参考，由自然资源主管部门决定", "en": "information only; the natural-resources bureau decides"},
        "fee": {
            "rule": "IDLE-06", "status": fee.status, "missing": fee.missing,
            "amount_wan_cny": str(fee.amount_wan_cny) if fee.amount_wan_cny is not None else None,
        },
        "take_back": {"rule": "IDLE-07", "status": back.status, "after_on": back.after_on, "missing": back.missing},
        "hold": {"rule": "IDLE-09", "is_held": told.is_held, "since_on": told.held_since_on},
    }  # fmt: skip


def machine_shown(rules: Machine) -> dict[str, Any]:
    """The machine as data."""
    return {
        "states": [{"code": s.code, "name": _both(s.name), "is_open": s.is_open, "is_public": s.is_public} for s in rules.states.values()],
        "events": [{**asdict(e), "name": _both(e.name)} for e in rules.events.values()],
        "transitions": [{"from_state": t.from_state, "limbs": t.limbs, **step_shown(t)} for t in rules.transitions],
        "deadlines": [{**asdict(d), "name": _both(d.name)} for d in rules.deadlines],
    }  # fmt: skip


def override_shown(said: Override) -> dict[str, Any]:
    """What was said of a lead, with the answer it speaks of."""
    return {
        "rule_id": said.rule_id, "rule_version": said.rule_version, "holds": said.holds, "result": said.result, "level": said.level,
        "reason": said.reason, "document_no": said.document_no, "recorded_at": said.recorded_at, "recorded_by": said.recorded_by,
        "is_lapsed": said.is_lapsed, "is_sample": said.is_sample,
    }  # fmt: skip
