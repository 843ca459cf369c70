"""Sentences of the stock that stand wherever its numbers do."""

from __future__ import annotations

from geo.errors import Problem

COUNTING = Problem(
    zh="线索/预警，不是认定结论。每宗地只按主标记计一次（UNDER-06），疑似闲置叠加另计；无法判断的不计入合计。面积取登记面积，没有登记的取图上量算面积。",
    en="Leads, not determinations. Each parcel is counted once, by its primary flag (UNDER-06); suspected idle land is counted beside, and "
    "what cannot be judged is not part of any total. Areas are the registered ones, else measured on the map.",
)
"""The counting rule."""
