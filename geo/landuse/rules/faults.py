"""What is wrong with a rule file, said with file, line and what was expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.errors import FieldFault, GeoError, Problem


@dataclass(frozen=True, slots=True)
class RuleFault:
    """One fault. `line` is 1 for the first."""

    file: str
    line: int
    detail: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.detail}; expected {self.expected}"


class RulesRefused(GeoError):
    """The catalogue of rules cannot be used; every fault is named."""

    @classmethod
    def because(cls, faults: Sequence[RuleFault]) -> RulesRefused:
        """The error for these faults, in the order of files and lines."""
        ordered = sorted(faults, key=lambda f: (f.file, f.line))
        listing = "\n".join(map(str, ordered))
        return cls(
            Problem(zh=f"规则目录有 {len(ordered)} 处错误，服务不能启动：\n{listing}", en=f"{len(ordered)} faults in the catalogue of rules:\n{listing}"),
            [FieldFault(f"{f.file}:{f.line}", Problem(zh=f.detail, en=f.detail), Problem(zh=f.expected, en=f.expected)) for f in ordered],
        )  # fmt: skip
