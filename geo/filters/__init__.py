"""OGC CQL2 (21-065): text and JSON read to a tree, checked against queryables, compiled to bound SQL that cannot fail."""

from __future__ import annotations

from typing import Literal

from geo.filters import json_form, text_form
from geo.filters.compiling import Compiled, compile_filter
from geo.filters.faults import Place, refuse
from geo.filters.json_writing import to_json
from geo.filters.limits import LENGTH_MAX
from geo.filters.literals import UNSENDABLE, unsendable
from geo.filters.queryables import Queryable, Queryables, ValueType
from geo.filters.text_writing import to_text
from geo.filters.tree import Node, measure

Language = Literal["cql2-text", "cql2-json"]

__all__ = [
    "Compiled",
    "Language",
    "Node",
    "Queryable",
    "Queryables",
    "ValueType",
    "compile_filter",
    "parse",
    "to_json",
    "to_text",
]


def parse(text: str, language: Language) -> Node:
    """The tree of a filter; raises BadInput naming the place, the fault and what would be right."""
    if len(text) > LENGTH_MAX:
        raise refuse(
            Place(), f"有 {len(text)} 个字符，太长", f"{len(text)} characters are too many",
            f"最多 {LENGTH_MAX} 个字符", f"at most {LENGTH_MAX} characters",
        )  # fmt: skip
    bad = UNSENDABLE.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        raise unsendable(Place(line=line, column=bad.start() - text.rfind("\n", 0, bad.start())))
    node = text_form.read(text) if language == "cql2-text" else json_form.read(text)
    measure(node)
    return node
