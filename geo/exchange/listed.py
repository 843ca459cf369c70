"""Values of columns that have a code list: codes as they are, words of either language as their code, anything else refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from geo.exchange.targets import Target
from geo.registry.collections import COLLECTIONS

STANDARD_COLUMNS = {"land_use_code": "land_use_std"}
"""Columns whose list is that of a standard; a row that names another standard in the second column is not checked."""

STANDARDS_OF_THE_LISTS = {"", "2023"}
SHOWN = 6


@dataclass(frozen=True, slots=True)
class CodeList:
    """A code list: its codes, and the code of every word that means just one."""

    name: str
    codes: frozenset[str]
    by_word: Mapping[str, str] = field(default_factory=dict)

    def code_of(self, value: str) -> str:
        """The code a cell means; raises ValueError (zh / en) naming some that would be right."""
        if value in self.codes:
            return value
        if value.casefold() in self.by_word:
            return self.by_word[value.casefold()]
        some = ", ".join(sorted(self.codes)[:SHOWN])
        raise ValueError(f"不在代码表 {self.name} 中，例如 {some} / not in the code list {self.name}: {some}, ...")


def code_lists(connection: Connection) -> dict[str, CodeList]:
    """Every code list of the register by name."""
    codes: dict[str, set[str]] = {}
    meant: dict[str, dict[str, set[str]]] = {}
    for name, code, zh, en in connection.execute(
        text("select list_code, code, name, name_en from register.code_value")
    ):
        codes.setdefault(name, set()).add(code)
        for word in (zh, en):
            meant.setdefault(name, {}).setdefault(word.casefold(), set()).add(code)
    return {
        name: CodeList(name, frozenset(found), {w: next(iter(c)) for w, c in meant[name].items() if len(c) == 1})
        for name, found in codes.items()
    }


def lists_of(target: Target, lists: Mapping[str, CodeList]) -> dict[str, CodeList]:
    """The code list of each column of a target that has one."""
    collection = COLLECTIONS.get(target.collection)
    if collection is None:
        return {"kind": lists["unit_kind"]} if target.collection == "units" else {}
    named = {column: collection.word(column).list for column in target.columns}
    return {column: lists[name] for column, name in named.items() if name and name in lists}


def checker(column: str, code_list: CodeList) -> Callable[[str, Mapping[str, object]], str]:
    """A function of a cell and its row that gives the code, or raises ValueError."""
    standard = STANDARD_COLUMNS.get(column)

    def check(value: str, row: Mapping[str, object]) -> str:
        if standard is not None and str(row.get(standard) or "") not in STANDARDS_OF_THE_LISTS:
            return value
        return code_list.code_of(value)

    return check
