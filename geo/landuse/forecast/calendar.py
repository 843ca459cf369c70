"""The days to come as a calendar (RFC 5545): one all-day event for each turn, told in one language, reminded some days before.

An event keeps its UID as long as lead, parcel and day are the same, so that a calendar program that reads again changes it in place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

from icalendar import Alarm, Calendar, Event, vDuration

from geo.errors import Problem
from geo.landuse.explaining.explanation import Explanation
from geo.landuse.forecast.queries import Coming

PRODUCT = "-//Yizhangtu//Land clock//{lang}"
REFRESH = timedelta(hours=12)
DOMAIN = "forecast.yizhangtu"
_WORDS = {
    "rule": Problem(zh="规则：", en="Rule: "), "basis": Problem(zh="依据：", en="Basis: "), "comma": Problem(zh="、", en="; "),
    "area": Problem(zh="面积：", en="Area: "), "clears": Problem(zh="怎样消除：", en="What would clear it: "),
    "lead": Problem(zh="线索，不是认定结论；按今天的事实推算。", en="A lead, not a determination; worked out from the facts of today."),
    "sample": Problem(zh="示例数据。", en="Sample data."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Whose:
    """What a calendar is called, where its parcels' pages are (`base`/parcels/<code>), and how it is written."""

    county_code: str
    name: str
    base: str
    lang: str
    alarm_days: int


def calendar(rows: Iterable[Coming], whose: Whose, made_at: datetime) -> bytes:
    """A calendar of these rows; `made_at` stamps an empty one's events never, those of others by when they were worked out."""
    made = Calendar()
    made.add("prodid", PRODUCT.format(lang=whose.lang.upper()))
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", whose.name)
    made.add("x-wr-calname", whose.name)
    made.add("last-modified", made_at.astimezone(UTC))
    made.add("refresh-interval", vDuration(REFRESH), parameters={"value": "DURATION"})
    made.add("x-published-ttl", vDuration(REFRESH))
    for row in rows:
        made.add_component(_event(row, whose))
    return bytes(made.to_ical())


def _event(row: Coming, whose: Whose) -> Event:
    assert row.told is not None
    event = Event()
    stamp = row.computed_at.astimezone(UTC)
    address = f"{whose.base}/parcels/{quote(row.parcel_code)}?county={quote(whose.county_code)}&lang={whose.lang}"
    event.add("uid", uid(whose.county_code, row.parcel_code, row.rule_id, row.on))
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("dtstart", row.on)
    event.add("dtend", row.on + timedelta(days=1))
    event.add("summary", f"{name_of(row, whose.lang)} · {row.told.title.text(whose.lang)}")
    event.add("description", _description(row, row.told, whose))
    event.add("url", address)
    event.add("transp", "TRANSPARENT")
    event.add("class", "CONFIDENTIAL")
    if row.land_class is not None:
        event.add("categories", [row.land_class.name.text(whose.lang)])
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(days=-whose.alarm_days))
    alarm.add("description", f"{name_of(row, whose.lang)} · {row.told.title.text(whose.lang)}")
    event.add_component(alarm)
    return event


def uid(county_code: str, parcel_code: str, rule_id: str, on: date) -> str:
    """The same for the same lead, parcel and day; plain characters only."""
    return f"{quote(county_code, safe='')}.{quote(parcel_code, safe='')}.{rule_id}.{on:%Y%m%d}@{DOMAIN}"


def name_of(row: Coming, lang: str) -> str:
    """What a parcel is called, else its code."""
    names = (row.parcel_name_en, row.parcel_name) if lang == "en" else (row.parcel_name, row.parcel_name_en)
    return next((name for name in names if name), row.parcel_code)


def _description(row: Coming, told: Explanation, whose: Whose) -> str:
    def word(key: str) -> str:
        return _WORDS[key].text(whose.lang)

    lines = [row.happens.text(whose.lang) if row.happens else "", told.sentence.text(whose.lang)]
    if told.clears:
        lines.append(word("clears") + told.clears.text(whose.lang))
    lines.append(f"{word('rule')}{told.rule_id} {told.rule_name.text(whose.lang)} (v{told.rule_version})")
    lines.append(word("basis") + word("comma").join(a.citation.text(whose.lang) for a in told.articles))
    lines.append(f"{row.parcel_code}" + (f" · {word('area')}{row.area_m2:,.0f} m²" if row.area_m2 is not None else ""))
    lines.append(word("lead") + (word("sample") if row.is_sample else ""))
    return "\n".join(line for line in lines if line)
