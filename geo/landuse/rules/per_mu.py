"""Per-mu evaluation (MU-01 to MU-08): scores and classes over a group of firms. Weights, caps and quotas are parameters.

Not rules about one parcel: a firm's class depends on the others of its group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from geo.landuse.rules.numbers import Parameters
from geo.units import MU_PER_M2

ABOVE_SCALE = (
    "tax_per_mu",
    "value_added_per_mu",
    "value_added_per_energy",
    "value_added_per_emission",
    "labour_productivity",
    "rd_ratio",
)
"""MU-01: the six indicators of above-scale firms."""
BELOW_SCALE = ("tax_per_mu",)
"""MU-02: the indicator of below-scale firms."""
CLASSES = ("A", "B", "C", "D")


def _value(parameters: Parameters, key: str, on: date) -> Fraction:
    row = parameters.on(key, on)
    if row is None:
        raise LookupError(f"no value of {key} in force on {on}")
    return row.value


def tax_per_mu(
    tax_wan_cny: Fraction, owned_m2: Fraction, rented_in_m2: Fraction, rented_out_m2: Fraction
) -> Fraction | None:
    """Tax per mu in wan CNY over the land really used (MU-07); None without land."""
    used_m2 = owned_m2 + rented_in_m2 - rented_out_m2
    return tax_wan_cny / (used_m2 * MU_PER_M2) if used_m2 > 0 else None


def group(is_above_scale: bool, land_m2: Fraction, is_tenant: bool, parameters: Parameters, on: date) -> str:
    """Which firms are graded together (MU-08): above_scale, tenant, below_scale, below_scale_small."""
    if is_above_scale:
        return "above_scale"
    if is_tenant:
        return "tenant"
    return "below_scale" if land_m2 * MU_PER_M2 >= _value(parameters, "mu.small_mu", on) else "below_scale_small"


def score(
    firms: Sequence[Mapping[str, Fraction | None]], base: Mapping[str, Fraction], indicators: Sequence[str], parameters: Parameters,
    on: date, *, capped: bool = True,
) -> list[Fraction]:  # fmt: skip
    """Score of each firm of a group: sum of value / base * weight, each ratio within floor and cap (MU-03, MU-04).

    A firm without a value gets the average score of that indicator among the others (MU-06); 0 when nobody has one.
    """
    low, high = (_value(parameters, key, on) for key in ("mu.floor", "mu.cap"))
    totals = [Fraction(0)] * len(firms)
    for name in indicators:
        weight = _value(parameters, f"mu.weight.{name}", on)
        parts: list[Fraction | None] = []
        for firm in firms:
            value = firm.get(name)
            ratio = None if value is None else value / base[name]
            parts.append(None if ratio is None else (min(max(ratio, low), high) if capped else ratio) * weight)
        told = [part for part in parts if part is not None]
        average = sum(told, Fraction(0)) / len(told) if told else Fraction(0)
        totals = [total + (average if part is None else part) for total, part in zip(totals, parts, strict=True)]
    return totals


def class_sizes(count: int, parameters: Parameters, on: date) -> list[int]:
    """How many firms of a group fall into A, B, C, D: cumulative quotas, rounded half up (MU-05)."""
    bounds, share = [0], Fraction(0)
    for letter in CLASSES:
        share += _value(parameters, f"mu.quota.{letter}", on)
        bounds.append(min(count, int(share * count + Fraction(1, 2))))
    bounds[-1] = count
    return [after - before for before, after in zip(bounds, bounds[1:], strict=False)]


def classes(scores: Sequence[Fraction], is_vetoed: Sequence[bool], parameters: Parameters, on: date) -> list[str]:
    """Class of each firm by rank; equal scores share the better class; a veto means D (MU-05)."""
    sizes = class_sizes(len(scores), parameters, on)
    letters = [letter for letter, size in zip(CLASSES, sizes, strict=True) for _ in range(size)]
    ranked = sorted(scores, reverse=True)
    return ["D" if veto else letters[ranked.index(value)] for value, veto in zip(scores, is_vetoed, strict=True)]
