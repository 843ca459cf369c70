"""How well a name fits what was typed, and the order of hits. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from geo.registry.search.forms import Forms, forms
from geo.registry.search.slips import slips_within
from geo.registry.search.vocabulary import vocabulary


class Fit(IntEnum):
    """Ways a name fits, best first."""

    CODE = 0
    NAME = 1
    START = 2
    SOUND = 3
    INITIALS = 4
    PART = 5
    SOUND_START = 6
    INITIALS_START = 7
    SOUND_PART = 8
    WORDS = 9
    SIMILAR = 10


HOW = {
    Fit.CODE: "exact", Fit.NAME: "exact", Fit.START: "start", Fit.SOUND: "pinyin", Fit.INITIALS: "initials", Fit.PART: "part",
    Fit.SOUND_START: "pinyin", Fit.INITIALS_START: "initials", Fit.SOUND_PART: "pinyin", Fit.WORDS: "words", Fit.SIMILAR: "similar",
}  # fmt: skip
"""What is told of a fit: `matched.how`."""

LETTERS_PER_SLIP = 6
CHARACTERS_PER_SLIP = 4
SLIPPED_CHARACTER_LETTERS = 2
"""A wrong character weighs as much as so many wrong letters."""


class Name(Protocol):
    """A row of names_of_<collection>."""

    @property
    def kind(self) -> str: ...
    @property
    def folded(self) -> str: ...
    @property
    def latin(self) -> str: ...
    @property
    def pinyin(self) -> str: ...
    @property
    def initials(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A query in its forms: as a whole, its readings, its words."""

    whole: Forms
    readings: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """How a name fits; `of`, `start`, `end`: which stretch of which form."""

    fit: Fit
    slips: int = 0
    of: str = "folded"
    start: int = 0
    end: int = 0


def fit_of(asked: Asked, name: Name) -> Match | None:
    """The best way a name fits without a slip, or None."""
    typed, latin = asked.whole.folded, asked.whole.latin
    if name.folded == typed:
        return Match(Fit.CODE if name.kind == "code" else Fit.NAME, end=len(typed))
    if name.folded.startswith(typed):
        return Match(Fit.START, end=len(typed))
    if name.latin in asked.readings:
        return Match(Fit.SOUND, of="latin", end=len(name.latin))
    if name.initials == latin:
        return Match(Fit.INITIALS, of="initials", end=len(latin))
    if (at := name.folded.find(typed)) >= 0 and (asked.whole.has_han or _begins_word(name, at)):
        return Match(Fit.PART, of="folded", start=at, end=at + len(typed))
    for reading in asked.readings:
        if name.latin.startswith(reading):
            return Match(Fit.SOUND_START, of="latin", end=len(reading))
    if name.initials.startswith(latin):
        return Match(Fit.INITIALS_START, of="initials", end=len(latin))
    for reading in asked.readings:
        if (at := name.latin.find(reading)) >= 0 and _begins_word(name, at):
            return Match(Fit.SOUND_PART, of="latin", start=at, end=at + len(reading))
    if len(asked.words) > 1 and all(word in name.latin for word in asked.words):
        return Match(Fit.WORDS)
    return None


def _begins_word(name: Name, at: int) -> bool:
    """Whether a word or syllable begins at a place of the Latin form (which for Latin names is the folded one)."""
    begins = 0
    for word in name.pinyin.split(" "):
        if begins == at:
            return True
        begins += len(word)
    return False


def near_fit(asked: Asked, name: Name) -> Match | None:
    """How a name fits when slips of the hand are forgiven, or None."""
    letters, characters = len(asked.whole.latin), len(asked.whole.units)
    at_most = max(1, letters // LETTERS_PER_SLIP)
    found = slips_within(asked.whole.latin, tuple(name.pinyin.split(" ")), at_most)
    if asked.whole.has_han and characters > 2:
        by_character = slips_within(asked.whole.folded, tuple(name.folded), max(1, characters // CHARACTERS_PER_SLIP))
        if by_character is not None:
            found = min(by_character * SLIPPED_CHARACTER_LETTERS, found if found is not None else at_most + letters)
    return None if found is None else Match(Fit.SIMILAR, slips=found)


def asked_of(query: str, readings: tuple[str, ...]) -> Asked:
    """A query as it is compared; its words are what stands between spaces."""
    words = tuple(dict.fromkeys(latin for word in query.split() if (latin := forms(word).latin)))
    return Asked(forms(query), readings, words)


def natural(code: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key in which 2 stands before 10; digits come before letters."""
    return tuple(
        (0, int(part[:18]), part) if part.isascii() and part.isdigit() else (1, 0, part)
        for part in re.split(r"(\d+)", code)
        if part
    )


def order_key(match: Match, collection: str, state: str | None, name: Name, code: str) -> tuple[object, ...]:
    """Hits in order: the better fit, then what can be had before what is taken, then the shorter name, then the code."""
    words = vocabulary()
    states = words.states.get(collection, ())
    state_no = states.index(state) if state in states else len(states)
    return (match.fit, match.slips, words.collections.index(collection), state_no, len(name.folded), natural(code))
