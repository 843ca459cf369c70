"""The form by which a pause is told, ended, corrected or taken back: what was asked, what is wrong with it, what it would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from api.body import day_of
from geo.clock import now
from geo.errors import BadInput, FieldFault, NotFound, Problem
from geo.landuse.clock.effect import Effect, effect
from geo.landuse.clock.parcel_clock import ParcelClock
from geo.landuse.pauses.commands import Told
from geo.landuse.pauses.queries import Cause, Pause
from geo.landuse.rules.answer import Answer
from geo.landuse.rules.catalogue import catalogue
from map_frontend.words import Words

ACTS = ("new", "end", "correct", "take_back")
FIELDS = ("from_on", "to_on", "cause", "document_no", "note")
_BIGGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader wants of the form. `given` None: it is opened; `message`: why what was sent is not saved."""

    act: str
    pause_id: int | None
    given: Mapping[str, str] | None = None
    faults: Sequence[FieldFault] = ()
    message: str = ""
    wants_effect: bool = False


@dataclass(frozen=True, slots=True)
class ShownMove:
    """A day that would move: 应动工日期 2024-03-01 → 2024-08-15，后移 167 天."""

    name: str
    before: str
    after: str
    said: str


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A lead that would change."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownEffect:
    """What saving would change, in words."""

    moves: Sequence[ShownMove]
    changes: Sequence[ShownChange]
    is_idle: bool
    """Whether the cause stops no clock at all."""


@dataclass(frozen=True, slots=True)
class PauseForm:
    """All a template asks of the form."""

    act: str
    target: Pause | None
    given: Mapping[str, str]
    groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    faults: Mapping[str, str]
    others: Sequence[str]
    message: str
    effect: ShownEffect | None = field(default=None)


def act_of(text: str) -> str:
    """One of ACTS; raises BadInput."""
    if text not in ACTS:
        listed = ", ".join(ACTS)
        wrong = Problem(zh=f"没有这种操作“{text[:32]}”", en=f"there is no such step '{text[:32]}'")
        raise BadInput.at("pause", wrong, Problem(zh=listed, en=listed))
    return text


def number_of(name: str, text: str | None) -> int | None:
    """The number of a pause; raises BadInput."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text[:20]) > _BIGGEST_ID:
        raise BadInput.at(name, Problem(zh=f"{name} 应为停表的编号", en=f"{name} is the number of a pause"))
    return int(text)


def told_by(given: Mapping[str, str]) -> Told:
    """What the form says of a pause; raises BadInput for what is no date."""
    texts = {name: (given.get(name) or "").strip() or None for name in ("cause", "document_no", "note")}
    return Told(day_of("from_on", given), day_of("to_on", given), texts["cause"], texts["document_no"], texts["note"])


def whole(asked: Asked, target: Pause | None) -> Told:
    """The pause as it would stand; raises BadInput (days, an end without a last day)."""
    told = told_by(asked.given or {})
    if asked.act != "end" or target is None:
        return told
    if told.to_on is None:
        raise BadInput.at("to_on", Problem(zh="缺少停表末日", en="the last day of the pause is missing"))
    return Told(
        target.from_on, told.to_on, target.cause, told.document_no or target.document_no, told.note or target.note
    )


def target_of(clock: ParcelClock, asked: Asked) -> Pause | None:
    """The pause the form is about, None for a new one; raises NotFound when it does not stand (any more)."""
    if asked.act == "new":
        return None
    found = next((pause for pause in clock.pauses if pause.id == asked.pause_id), None)
    if found is None:
        gone = Problem(
            zh="这段停表不在了：可能已被更正或撤回", en="this pause does not stand any more: it may have been corrected or taken back"
        )  # fmt: skip
        raise NotFound.at("id", gone)
    return found


def pause_form(clock: ParcelClock, words: Words, causes: Sequence[Cause], asked: Asked) -> PauseForm:
    """The form as it is shown. `faults` by field; what belongs to no field of it is among `others`."""
    target = target_of(clock, asked)
    given = dict(asked.given) if asked.given is not None else _prefilled(asked.act, target, clock.as_of)
    shown_fields = _fields(asked.act)
    faults = {f.where: _fault(words, f) for f in asked.faults if f.where in shown_fields}
    others = [_fault(words, f) for f in asked.faults if f.where not in shown_fields]
    made = PauseForm(asked.act, target, given, _grouped(words, causes), faults, others, asked.message)
    if not asked.wants_effect:
        return made
    return replace(made, effect=_shown(words, *_would_be(clock, causes, asked, target)))


def _fields(act: str) -> tuple[str, ...]:
    return {"end": ("to_on", "document_no", "note"), "take_back": ("note",)}.get(act, FIELDS)


def _prefilled(act: str, target: Pause | None, today: date) -> dict[str, str]:
    if target is None or act == "take_back":
        return {}
    kept = {
        "from_on": target.from_on.isoformat(),
        "cause": target.cause,
        "document_no": target.document_no or "",
        "note": target.note or "",
    }
    return kept | {"to_on": today.isoformat() if act == "end" else target.to_on.isoformat() if target.to_on else ""}


def _fault(words: Words, fault: FieldFault) -> str:
    said = fault.detail.text(words.lang)
    if fault.expected is None:
        return said
    return f"{said} — {words('clock.pause.expected', what=fault.expected.text(words.lang))}"


def _grouped(words: Words, causes: Sequence[Cause]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Causes by kind, each with whether it stops the clock and by which article."""
    found = []
    for kind, some in groupby(causes, key=lambda cause: cause.kind):
        options = []
        for cause in some:
            law = law_of(cause.law, cause.article, words.lang)
            stops = words("clock.pause.stops", law=law) if cause.stops_clock else words("clock.pause.stops_not")
            options.append(
                (
                    cause.code,
                    f"{cause.name.text(words.lang)}（{stops}）"
                    if words.lang == "zh"
                    else f"{cause.name.text(words.lang)} ({stops})",
                )
            )
        found.append((words(f"clock.pause.kind.{kind}"), options))
    return found


def law_of(law: str | None, article: str | None, lang: str) -> str:
    """《闲置土地处置办法》第8条; '' for a cause the law does not know."""
    found = catalogue().vocabulary.laws.get(law or "")
    if found is None:
        return ""
    return f"{found.name.en}, Art. {article}" if lang == "en" else f"《{found.name.zh}》第{article}条"


def _would_be(clock: ParcelClock, causes: Sequence[Cause], asked: Asked, target: Pause | None) -> tuple[Effect, bool]:
    """The effect of what was asked, and whether its cause stops no clock; the days were checked before."""
    rest = [pause for pause in clock.pauses if target is None or pause.id != target.id]
    if asked.act == "take_back":
        return effect(clock, clock.with_pauses(rest)), False
    told = whole(asked, target)
    cause = next(cause for cause in causes if cause.code == told.cause)
    assert told.from_on is not None  # it was checked
    candidate = Pause(
        0, told.from_on, told.to_on, cause.code, cause.kind, cause.stops_clock, cause.name, cause.law, cause.article, told.document_no,
        told.note, now(), "",
    )  # fmt: skip
    return effect(clock, clock.with_pauses([*rest, candidate])), not candidate.stops_clock


def _shown(words: Words, found: Effect, is_idle: bool) -> ShownEffect:
    moves = []
    names = catalogue().vocabulary.values
    seen: set[tuple[str, date | None, date | None]] = set()
    for one in found.moved:
        name = names[one.value].text(words.lang)
        if (name, one.before, one.after) in seen:
            continue
        seen.add((name, one.before, one.after))
        days = one.days
        if days is not None:
            said = (
                words("clock.pause.effect_later", n=days) if days > 0 else words("clock.pause.effect_earlier", n=-days)
            )
        else:
            said = words("clock.pause.effect_open" if one.after is None else "clock.pause.effect_again")
        moves.append(ShownMove(name, words.day(one.before) or "—", words.day(one.after) or "—", said))
    changes = [
        ShownChange(c.rule.title.text(words.lang), _says(words, c.before), _says(words, c.after)) for c in found.changed
    ]
    return ShownEffect(moves, changes, is_idle)


def _says(words: Words, said: Answer) -> str:
    if said.holds != "yes":
        return words(f"clock.holds.{said.holds}")
    name = words.code("finding_result", said.result) if said.result else words.code("holds", "yes")
    return f"{name} · {words.code('finding_level', said.level)}" if said.level else name
