"""What happened to each plot, as dated facts: every land situation of domain.md 1-2, replayed over the years before `as_of`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from geo.units import mu_from_m2


@dataclass(frozen=True)
class Situation:
    """A life of a plot. `days` are (fact kind, days before as_of of the value, days before as_of it took effect)."""

    name: str
    status: tuple[tuple[str, int], ...]
    days: tuple[tuple[str, int], ...] = ()
    values: tuple[tuple[str, str, int], ...] = ()
    is_built: bool = False
    is_offered: bool = False


Y = 365
SITUATIONS: tuple[tuple[Situation, int], ...] = (
    (Situation("reserve", (("RESERVE", 900),)), 22),
    (Situation("restricted", (("RESTRICTED", 700),)), 6),
    (Situation("available", (("RESERVE", 1000), ("AVAILABLE", 200)), is_offered=True), 62),
    (Situation("on_offer", (("RESERVE", 900), ("AVAILABLE", 160), ("ON_OFFER", 25)), (("approved_on", 300),), is_offered=True), 24),
    (Situation("approved_fresh", (("AVAILABLE", 120),), (("approved_on", 150),), is_offered=True), 6),
    (Situation("approved_yellow", (("AVAILABLE", 500),), (("approved_on", Y + 160),), is_offered=True), 6),
    (Situation("approved_red", (("RESERVE", 900),), (("approved_on", 2 * Y + 200),)), 5),
    (Situation("supplied_normal", (("SUPPLIED", 200),), (("approved_on", 420), ("contract_on", 200), ("delivered_on", 170), ("agreed_start_on", -160)),
               (("supply_method", "GRANT", 200), ("land_price_wan_cny", "32", 200))), 14),
    (Situation("due_soon", (("SUPPLIED", 330),), (("approved_on", 560), ("contract_on", 330), ("delivered_on", 300), ("agreed_start_on", -45)),
               (("supply_method", "GRANT", 330),)), 6),
    (Situation("not_started_yellow", (("SUPPLIED", 420),), (("contract_on", 420), ("delivered_on", 390), ("agreed_start_on", 130)),
               (("supply_method", "GRANT", 420), ("delay_cause", "OWNER", 60))), 9),
    (Situation("idle_soon", (("SUPPLIED", 700),), (("contract_on", 700), ("delivered_on", 660), ("agreed_start_on", Y - 40)),
               (("supply_method", "GRANT", 700),)), 4),
    (Situation("idle_owner", (("SUPPLIED", 1080),), (("contract_on", 1080), ("delivered_on", 1040), ("agreed_start_on", Y + 240)),
               (("supply_method", "GRANT", 1080), ("land_price_wan_cny", "36", 1080), ("delay_cause", "OWNER", 200))), 6),
    (Situation("idle_two_years", (("SUPPLIED", 1095),), (("contract_on", 1095), ("delivered_on", 1090), ("agreed_start_on", 2 * Y + 90)),
               (("supply_method", "GRANT", 1095), ("land_price_wan_cny", "28.5", 1095), ("delay_cause", "OWNER", 300))), 3),
    (Situation("idle_government", (("SUPPLIED", 1095),), (("contract_on", 1095), ("agreed_delivery_on", 1060), ("delivered_on", 700), ("agreed_start_on", Y + 150)),
               (("supply_method", "ALLOCATION", 1095), ("delay_cause", "GOVERNMENT", 400))), 4),
    (Situation("no_agreed_date", (("SUPPLIED", 900),), (("contract_on", 900), ("delivered_on", 860)), (("supply_method", "GRANT", 900),)), 3),
    (Situation("missing_dates", (("SUPPLIED", 800),), (("contract_on", 800),), (("supply_method", "LEASE", 800),)), 4),
    (Situation("building", (("SUPPLIED", 800), ("UNDER_CONSTRUCTION", 300)),
               (("contract_on", 800), ("delivered_on", 770), ("agreed_start_on", 500), ("permit_on", 420), ("started_on", 300), ("agreed_completion_on", -250)),
               (("foundation_type", "PILE", 420), ("foundation_progress_ratio", "1", 300))), 34),
    (Situation("stalled", (("SUPPLIED", 1095), ("UNDER_CONSTRUCTION", 900)),
               (("contract_on", 1095), ("delivered_on", 1080), ("agreed_start_on", 1000), ("permit_on", 950), ("started_on", 900), ("suspended_since_on", 430)),
               (("developable_area_m2", "0.96", 1095), ("developed_area_m2", "0.27", 430), ("total_investment_wan_cny", "12000", 1095),
                ("invested_wan_cny", "2800", 430))), 4),
    (Situation("paused_resumed", (("SUPPLIED", 1000), ("UNDER_CONSTRUCTION", 700)),
               (("contract_on", 1000), ("delivered_on", 980), ("agreed_start_on", 800), ("started_on", 700), ("suspended_since_on", 520), ("resumed_on", 300))), 4),
    (Situation("partly_used", (("IN_USE", 500),),
               (("contract_on", 1095), ("delivered_on", 1090), ("agreed_start_on", 1000), ("started_on", 980), ("agreed_completion_on", 560), ("completed_on", 520),
                ("produced_on", 480)), (("undeveloped_area_m2", "0.42", 300),), is_built=True), 6),
    (Situation("built_not_producing", (("UNDER_CONSTRUCTION", 800), ("IN_USE", 330)),
               (("contract_on", 1095), ("delivered_on", 1080), ("agreed_start_on", 1000), ("started_on", 960), ("completed_on", 330), ("agreed_production_on", 120)),
               is_built=True), 6),
    (Situation("built_red", (("IN_USE", 900),),
               (("contract_on", 1095), ("started_on", 1080), ("completed_on", 900)), is_built=True), 4),
    (Situation("below_target", (("IN_USE", 800),),
               (("contract_on", 1095), ("started_on", 1090), ("completed_on", 850), ("produced_on", 800), ("agreed_capacity_on", 120)),
               (("committed_tax_wan_cny_per_mu", "30", 1095), ("actual_tax_wan_cny_per_mu", "18.5", 90)), is_built=True), 5),
    (Situation("in_use", (("SUPPLIED", 1095), ("IN_USE", 640)),
               (("contract_on", 1095), ("delivered_on", 1090), ("agreed_start_on", 1040), ("started_on", 1035), ("completed_on", 680), ("produced_on", 640)),
               is_built=True), 150),
)  # fmt: skip
"""Situation and how many plots live it; the last takes what is left."""


def deal(how_many: int, rng: np.random.Generator) -> list[Situation]:
    """One situation per plot, in a shuffled but fixed order."""
    dealt = [s for s, n in SITUATIONS for _ in range(n)]
    dealt += [SITUATIONS[-1][0]] * max(0, how_many - len(dealt))
    order = rng.permutation(len(dealt))[:how_many]
    kept = [dealt[i] for i in order]
    for wanted, number in SITUATIONS:  # a shuffle must not lose a rare one
        short = min(number, 3) - sum(k is wanted for k in kept)
        for _ in range(short):
            kept[kept.index(SITUATIONS[-1][0])] = wanted
    return kept


def _sized(kind: str, value: str, area_m2: float) -> str:
    if kind.endswith("_area_m2"):
        return str(round(float(value) * area_m2))
    return str(round(float(value) * float(mu_from_m2(round(area_m2))))) if kind == "land_price_wan_cny" else value


def facts_of(
    code: str, life: Situation, as_of: date, rng: np.random.Generator, number: int, area_m2: float
) -> list[dict[str, str]]:
    """The rows of facts.csv of one plot; areas are shares of the plot there, the land price is in wan CNY per mu."""
    shift = int(rng.integers(-12, 13))

    def day(before: int) -> date:
        return as_of - timedelta(days=before + (shift if before > 60 else 0))

    paper = f"示例〔{day(life.days[0][1] if life.days else 400).year}〕{number}号"
    contract = dict(life.days).get("contract_on")
    rows = [("status", status, day(before)) for status, before in life.status]
    for kind, before in life.days:
        agreed = kind.startswith("agreed_") and contract is not None
        rows.append((kind, day(before).isoformat(), day(contract) if agreed and contract else day(max(before, 0))))
    rows += [(kind, _sized(kind, value, area_m2), day(before)) for kind, value, before in life.values]
    return [
        {
            "subject_kind": "parcel",
            "subject_code": code,
            "kind": kind,
            "value": value,
            "effective_on": on.isoformat(),
            "document_no": paper,
            "is_sample": "true",
        }
        for kind, value, on in rows
    ]
