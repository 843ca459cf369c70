"""YAML that remembers its lines: mappings, lists and scalars as they stand, each with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NoReturn

import yaml

from geo.landuse.rules.faults import RuleFault


class Broken(Exception):
    """Carries the one fault that makes a part unreadable."""

    def __init__(self, fault: RuleFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Part:
    """A node of a file."""

    file: str
    node: yaml.Node

    @property
    def line(self) -> int:
        """Line of the file, 1 = the first; of a block scalar the line of its text."""
        return int(self.node.start_mark.line) + 1 + (getattr(self.node, "style", None) == "|")

    def fail(self, detail: str, expected: str, below: int = 0) -> NoReturn:
        """Raise the fault at this line, or `below` lines further down."""
        raise Broken(RuleFault(self.file, self.line + below, detail, expected))

    def entries(self, *, required: tuple[str, ...] = (), optional: tuple[str, ...] = ()) -> dict[str, Part]:
        """The entries of a mapping; when names are given, others are refused and required ones must be there."""
        if not isinstance(self.node, yaml.MappingNode):
            self.fail("a single value stands here", "a mapping")
        found: dict[str, Part] = {}
        for key, value in self.node.value:
            name = str(key.value)
            if name in found:
                Part(self.file, key).fail(f"'{name}' stands here twice", "each name once")
            if (required or optional) and name not in required + optional:
                Part(self.file, key).fail(f"unknown entry '{name}'", ", ".join(required + optional))
            found[name] = Part(self.file, value)
        for name in required:
            if name not in found:
                self.fail(f"'{name}' is missing", ", ".join(required))
        return found

    def items(self) -> Iterator[Part]:
        """The entries of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.fail("no list stands here", "a list")
        return (Part(self.file, node) for node in self.node.value)

    def text(self) -> str:
        """A scalar as text, whatever YAML would take it for."""
        if not isinstance(self.node, yaml.ScalarNode) or not self.node.value.strip():
            self.fail("no text stands here", "a text")
        return str(self.node.value).strip()

    def is_null(self) -> bool:
        """Whether nothing stands here."""
        return isinstance(self.node, yaml.ScalarNode) and self.node.value in ("", "null", "~")

    def day(self) -> date:
        """A civil date."""
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            self.fail(f"'{self.text()}' is no date", "a date such as 2012-07-01")

    def whole(self) -> int:
        """A whole number, 1 or more."""
        if not self.text().isdigit() or int(self.text()) < 1:
            self.fail(f"'{self.text()}' is no whole number", "1, 2, 3 ...")
        return int(self.text())

    def one_of(self, choices: tuple[str, ...]) -> str:
        """One of these words."""
        if self.text() not in choices:
            self.fail(f"'{self.text()}' stands here", " or ".join(choices))
        return self.text()


def read(path: Path, name: str) -> Part:
    """The root of a file; raises Broken where it is no YAML."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        raise Broken(
            RuleFault(name, mark.line + 1 if mark else 1, f"this is no YAML: {fault.problem}", "YAML")
        ) from None
    if node is None:
        raise Broken(RuleFault(name, 1, "the file is empty", "a rule"))
    return Part(name, node)
