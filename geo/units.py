"""Exact unit conversions (UNIT-01 to UNIT-04): every factor is a fraction, rounding is for display only."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

Exact: TypeAlias = int | Decimal | Fraction

MU_PER_M2 = Fraction(3, 2000)
"""1 mu = 10000/15 m2 exactly (UNIT-01)."""

CNY_PER_WAN = 10_000


def mu_from_m2(area_m2: Exact) -> Fraction:
    """Area in mu of an area in square metres, exact (UNIT-01)."""
    return Fraction(area_m2) * MU_PER_M2


def m2_from_mu(area_mu: Exact) -> Fraction:
    """Area in square metres of an area in mu, exact (UNIT-01)."""
    return Fraction(area_mu) / MU_PER_M2


def ha_from_m2(area_m2: Exact) -> Fraction:
    """Area in hectares of an area in square metres, exact (UNIT-01)."""
    return Fraction(area_m2) / 10_000


def cny_per_m2_from_wan_per_mu(price_wan_per_mu: Exact) -> Fraction:
    """Yuan per m2 of 10,000 yuan per mu: 1 wan/mu = 15 yuan/m2 (UNIT-02)."""
    return Fraction(price_wan_per_mu) * CNY_PER_WAN * MU_PER_M2


def monthly_rent_from_daily(rent_cny_m2_day: Exact) -> Fraction:
    """Yuan per m2 and month of yuan per m2 and day, at 365/12 days a month (UNIT-04)."""
    return Fraction(rent_cny_m2_day) * Fraction(365, 12)
