"""The catalogue as people read it: each rule in words, with its articles and the parameters of a county with their dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import NotFound, Problem
from geo.landuse.queries import PARAMETERS
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.numbers import ParameterRow, Parameters
from geo.landuse.rules.rule import Rule
from geo.landuse.rules.wording import Wording, in_words, with_unit


@dataclass(frozen=True)
class Rulebook:
    """Words of inputs and values, words of codes, dated parameters: all that a rule needs to be told in words."""

    names: Mapping[str, Problem]
    codes: Mapping[str, Problem]
    parameters: Parameters
    on: date

    def name(self, name: str, lang: str) -> str:
        """What an input or a value is called."""
        return self.names[name].text(lang) if name in self.names else name

    def value(self, row: ParameterRow, lang: str) -> str:
        """A parameter's value with its unit: 1 年, 25/100."""
        return with_unit(row.shown()["value"], row.unit, lang)

    def number(self, key: str, lang: str) -> str:
        """The value in force; the key where there is none."""
        row = self.parameters.on(key, self.on)
        return key if row is None else self.value(row, lang)

    def phrases(self, rule: Rule, lang: str) -> Mapping[str, str]:
        """Every expression of a rule in words, by its place."""
        wording = Wording(
            lang,
            lambda name: self.name(name, lang),
            lambda key: self.number(key, lang),
            lambda code: self.codes[code].text(lang) if code in self.codes else code,
        )
        return in_words(rule, wording)

    def history(self, rule: Rule) -> list[ParameterRow]:
        """Every dated value of every parameter of a rule; of a table all its rows."""
        rows: list[ParameterRow] = []
        for key in rule.parameters:
            rows += self.parameters.history(key) or self.parameters.table(key)
        return rows


async def rulebook(connection: AsyncConnection, county_code: str, on: date) -> Rulebook:
    """The rulebook of a county on a day."""
    kinds = await connection.execute(text("select code, name, name_en from register.fact_kind"))
    names = {code: Problem(zh=zh, en=en) for code, zh, en in kinds} | dict(catalogue().vocabulary.values)
    lists = [
        "finding_result",
        "finding_level",
        *(i.code_list for i in catalogue().vocabulary.inputs.values() if i.code_list),
    ]
    words = await connection.execute(
        text(
            "select code, name, name_en from register.code_value where list_code = any(:lists) order by list_code desc, sort_no"
        ),
        {"lists": sorted(set(lists))},
    )
    rows = await connection.execute(PARAMETERS, {"known_at": "infinity"})
    codes = {code: Problem(zh=zh, en=en) for code, zh, en in words}
    return Rulebook(names, codes, Parameters((ParameterRow(*row) for row in rows), county_code), on)


def rules_on(day: date) -> list[Rule]:
    """The rules in force on a day, by group and id."""
    return sorted(catalogue().on(day).values(), key=lambda rule: rule.id)


def versions_of(rule_id: str) -> list[Rule]:
    """All versions of a rule, the newest first; raises NotFound."""
    found = catalogue().versions(rule_id)
    if not found:
        raise NotFound.at(
            "rule_id", Problem(zh=f"没有规则“{rule_id[:32]}”", en=f"there is no rule '{rule_id[:32]}'"),
            Problem(zh="如 IDLE-01；全部见 /v1/rules", en="such as IDLE-01; all of them at /v1/rules"),
        )  # fmt: skip
    return found
