"""What the land clock is headed with: a lead until the determination letter is recorded, and only while the case is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from geo.landuse.cases.case import Case
from map_frontend.clock.page import heading_of
from map_frontend.words import Words

ZH, EN = (Words(lang, {}, "Asia/Shanghai") for lang in ("zh", "en"))


def case(**told: Any) -> Case:
    kept: dict[str, Any] = dict.fromkeys(Case.__dataclass_fields__)
    kept |= {"code": "C-1", "as_of": date(2026, 11, 24), "state": "OPEN", "is_open": True, "opened_on": date(2026, 1, 1), "finding": {},
             "is_disputed": False, "is_frozen": False, "is_sample": True, "events": (), "deadlines": ()}  # fmt: skip
    return Case(**(kept | told))


def test_a_lead_is_called_a_lead_until_the_letter() -> None:
    opened = case()
    determined = replace(opened, determination_no="象资规〔2026〕认1号", determined_on=date(2026, 5, 6))
    assert heading_of(ZH, "33号", None, has_leads=True) == "线索/预警：33号"
    assert heading_of(ZH, "33号", opened, has_leads=True) == "线索/预警：33号"
    assert heading_of(ZH, "33号", determined, has_leads=True) == "闲置土地（认定书 象资规〔2026〕认1号）：33号"
    assert heading_of(EN, "Lot 33", determined, has_leads=True).startswith("Idle land (letter ")
    assert heading_of(ZH, "33号", replace(determined, is_open=False), has_leads=False) == "地块时间线：33号"
