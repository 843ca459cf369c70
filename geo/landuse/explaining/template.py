"""Sentences with places to fill: `{name}` or `{name:pct}`; what stands in `[...]` is left out where a name in it is not known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

PLACE = re.compile(r"\{([^{}]*)\}")
NAME = re.compile(r"(?P<name>[A-Za-z][\w.-]*)(?::(?P<how>\w+))?")
HOWS = ("pct",)
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
NOT_TOLD = {"zh": "（未知）", "en": "(not known)"}
"""Stands where a name is not known and the words around it must stand."""


class TemplateFault(ValueError):
    """What is wrong with a template, and what was expected."""

    def __init__(self, detail: str, expected: str) -> None:
        super().__init__(detail)
        self.detail, self.expected = detail, expected


@dataclass(frozen=True, slots=True)
class Place:
    """A place to fill: the name, and how its value is written (`pct`: as a percentage)."""

    name: str
    how: str | None


Filler = Callable[[Place], str | None]


@dataclass(frozen=True, slots=True)
class Template:
    """A checked template; made by `template`."""

    text: str

    def places(self) -> Iterator[Place]:
        """Every place, in order."""
        for found in PLACE.finditer(self.text):
            yield _place(found.group(1))

    def filled(self, fill: Filler, lang: str) -> str:
        """The sentence; `fill` gives the words of a place, None for what is not known."""

        def said(part: str, whole: bool) -> str | None:
            words: list[str] = []
            at = 0
            for found in PLACE.finditer(part):
                value = fill(_place(found.group(1)))
                if value is None and whole:
                    return None
                words += [part[at : found.start()], value if value is not None else NOT_TOLD[lang]]
                at = found.end()
            return "".join(words) + part[at:]

        parts: list[str] = []
        at = 0
        for found in _OPTIONAL.finditer(self.text):
            parts += [said(self.text[at : found.start()], False) or "", said(found.group(1), True) or ""]
            at = found.end()
        return "".join(parts) + (said(self.text[at:], False) or "")


def template(text: str) -> Template:
    """A template of a text; raises TemplateFault for brackets that do not fit and for a place that is no name."""
    bare = PLACE.sub("", text)
    if "{" in bare or "}" in bare:
        raise TemplateFault("a brace stands alone", "{name}")
    outside = _OPTIONAL.sub("", text)
    if "[" in outside or "]" in outside:
        raise TemplateFault("a bracket stands alone, or within another", "[words with a {name}]")
    for optional in _OPTIONAL.finditer(text):
        if not PLACE.search(optional.group(1)):
            raise TemplateFault(f"nothing in '[{optional.group(1)}]' can be unknown", "a {name} in it, or no brackets")
    found = Template(text)
    list(found.places())
    return found


def _place(written: str) -> Place:
    fits = NAME.fullmatch(written)
    if fits is None:
        raise TemplateFault(f"'{{{written}}}' is no name", "{name} or {name:pct}")
    how = fits["how"]
    if how is not None and how not in HOWS:
        raise TemplateFault(f"'{how}' is no way to write a value", ", ".join(HOWS))
    return Place(fits["name"], how)
