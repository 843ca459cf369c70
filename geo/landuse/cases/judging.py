"""What rules say of a parcel for its case: as a step needs it, frozen with the case, and as information on fee and taking back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.landuse.cases.queries import limits
from geo.landuse.pauses.queries import pauses_of, stopped
from geo.landuse.queries import judge, leads
from geo.landuse.rules.answer import Answer, answer
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.kinds import Scalar, usable
from geo.landuse.rules.numbers import written
from geo.landuse.rules.stopped import STOPPED

FEE, TAKE_BACK, HOLD = "IDLE-06", "IDLE-07", "IDLE-09"
_FACTS = text(
    "select kind, value_date, value_number, value_text, value_bool "
    "from register.effective_facts(:county, 'parcel', array[cast(:parcel as bigint)], :as_of, 'infinity')"
)


async def said(
    connection: AsyncConnection, county_code: str, parcel_id: int, rule_ids: Iterable[str], as_of: date
) -> dict[str, Answer]:
    """Rule -> what it says of one parcel on a day; a rule that was not in force that day is not among them."""
    found: dict[str, Answer] = {}
    for rule_id in rule_ids:
        if rule_id in catalogue().on(as_of):
            answers = await connection.run_sync(
                lambda c, rule=rule_id: judge(c, rule, county_code, as_of, parcel_ids=[parcel_id])  # type: ignore[misc]
            )
            found[rule_id] = answers[parcel_id]
    return found


def frozen(said: Answer) -> str:
    """An answer as a case keeps it, JSON; exact numbers as text."""
    return json.dumps(
        asdict(said), default=lambda v: v.isoformat() if isinstance(v, date) else str(v), ensure_ascii=False
    )


@dataclass(frozen=True, slots=True)
class Fee:
    """What the idle-land fee would be (IDLE-06), 万元, exact. Information: only the natural-resources bureau decides.

    `status`: amount; unknown (`missing` says for want of what); not_owner (an accepted cause); cause_open (the letter has not said the
    cause: `amount_wan_cny` is what it would be by the holder's own); not_idle (the lead does not hold today); none (limb B, IDLE-08).
    """

    status: str
    amount_wan_cny: Decimal | None = None
    missing: tuple[str, ...] = ()
    said: Answer | None = None


@dataclass(frozen=True, slots=True)
class TakeBack:
    """From when the land may be taken back (IDLE-07). `after_on`: the last day of the second year; the day after it is the first.

    `status`: eligible, later, stopped (the clock stands still), not_owner, cause_open, unknown, not_idle, none (limb B, IDLE-08).
    """

    status: str
    after_on: date | None = None
    missing: tuple[str, ...] = ()
    said: Answer | None = None


@dataclass(frozen=True, slots=True)
class Information:
    """Fee and taking back as information, and whether dealings are barred (IDLE-09) since when."""

    fee: Fee
    take_back: TakeBack
    held_since_on: date | None
    is_held: bool


async def information(
    connection: AsyncConnection, county_code: str, parcel_id: int, limb: str | None, as_of: date
) -> Information:
    """What the rules say today of fee, taking back and hold. For staff."""
    found = await leads(connection, county_code, [parcel_id], as_of)
    by_rule = {answer.rule_id: answer for answer in found.get(parcel_id, [])}
    held = by_rule.get(HOLD)
    is_held = held is not None and held.holds == "yes"
    since = held.since_on if held is not None and is_held else None
    if limb == "B":
        return Information(Fee("none"), TakeBack("none"), since, is_held)
    fee, back = by_rule.get(FEE), by_rule.get(TAKE_BACK)
    is_open = fee is not None and fee.holds in ("no", "unknown") and not _has_cause(fee)
    if is_open:
        supposed = await _supposing_owner(connection, county_code, parcel_id, as_of)
        fee, back = supposed.get(FEE), supposed.get(TAKE_BACK)
    return Information(_fee(fee, is_open), _take_back(back, fee, is_open, as_of), since, is_held)


def _has_cause(fee: Answer) -> bool:
    return str(fee.inputs.get("delay_cause", "UNKNOWN")) != "UNKNOWN" or fee.inputs.get("prework_exempt") is True


def _fee(fee: Answer | None, is_open: bool) -> Fee:
    if fee is None or fee.holds == "not_applicable":
        return Fee("not_idle", said=fee)
    if fee.holds == "unknown":
        return Fee("unknown", missing=fee.missing, said=fee)
    if fee.holds == "no":
        return Fee("not_owner", said=fee)
    amount = fee.inputs.get("fee_wan_cny")
    if amount is None:
        return Fee("unknown", missing=("land_price_wan_cny",), said=fee)
    return Fee("cause_open" if is_open else "amount", Decimal(written(Decimal(str(amount)))), said=fee)


def _take_back(back: Answer | None, fee: Answer | None, is_open: bool, as_of: date) -> TakeBack:
    if back is None or back.holds == "not_applicable":
        return TakeBack("not_idle", said=back)
    if back.holds == "unknown":
        return TakeBack("unknown", missing=back.missing, said=back)
    if fee is not None and fee.holds == "no":
        return TakeBack("not_owner", said=back)
    after = back.inputs.get("take_back_after_on")
    if after == STOPPED:
        return TakeBack("stopped", said=back)
    day = date.fromisoformat(str(after)) if after is not None else None
    status = "cause_open" if is_open else "eligible" if day is not None and as_of > day else "later"
    return TakeBack(status, day, said=back)


async def _supposing_owner(
    connection: AsyncConnection, county_code: str, parcel_id: int, as_of: date
) -> Mapping[str, Answer]:
    """What the two rules would say if the letter named the holder's own cause, by the pure engine."""
    facts = await _facts(connection, county_code, parcel_id, as_of) | {"delay_cause": "OWNER"}
    parameters, calendar = await limits(connection, county_code)
    pauses = stopped(await pauses_of(connection, parcel_id, as_of=as_of))
    rules = catalogue().on(as_of)
    return {
        rule_id: answer(rules[rule_id], rules, facts, parameters, calendar, as_of, pauses)
        for rule_id in (FEE, TAKE_BACK)
        if rule_id in rules
    }


async def _facts(connection: AsyncConnection, county_code: str, parcel_id: int, as_of: date) -> dict[str, Scalar]:
    rows: Any = await connection.execute(_FACTS, {"county": county_code, "parcel": parcel_id, "as_of": as_of})
    told = {kind: usable(next((v for v in values if v is not None), None)) for kind, *values in rows}
    known = catalogue().vocabulary.inputs
    return {kind: value for kind, value in told.items() if value is not None and kind in known}
