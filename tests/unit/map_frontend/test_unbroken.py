"""Dates stay whole, and what stands around them stays text."""

from __future__ import annotations

from map_frontend.unbroken import whole_days


def test_a_date_is_kept_whole_and_nothing_else_becomes_markup() -> None:
    told = whole_days('到 2026-11-29 <b>未动工</b> & "x"')
    assert '<span class="whole">2026-11-29</span>' in told
    assert "<b>" not in told
    assert "&lt;b&gt;" in told
