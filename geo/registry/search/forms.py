"""The forms a text is compared in: folded, in Latin letters, by initials; and where each of its parts stands in the text.

The same function makes the forms of names when they are written and of queries when they are asked, so that both agree.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from types import ModuleType

from geo.registry.search.vocabulary import vocabulary

HAN = re.compile("[㐀-䶿一-鿿豈-﫿〇\U00020000-\U000323af]+")
_RUN = re.compile("(?P<han>[㐀-䶿一-鿿豈-﫿〇\U00020000-\U000323af]+)|(?P<number>[0-9]+)|(?P<word>.+?)(?=[0-9㐀-䶿一-鿿豈-﫿〇\U00020000-\U000323af]|$)")  # fmt: skip
_INSIDE_WORDS = "'’‘ʼ`"
VARIANTS_MAX = 4


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, number or character of a text: where it stands (code points), what it says, and how it is read."""

    start: int
    end: int
    folded: str
    reading: str


@dataclass(frozen=True, slots=True)
class Forms:
    """A text as it is compared."""

    units: tuple[Unit, ...]

    @property
    def folded(self) -> str:
        """Letters, digits and characters only: one case, one width."""
        return "".join(unit.folded for unit in self.units)

    @property
    def pinyin(self) -> str:
        """Words in Latin letters, one space between."""
        return " ".join(unit.reading for unit in self.units)

    @property
    def latin(self) -> str:
        """The same without spaces."""
        return "".join(unit.reading for unit in self.units)

    @property
    def initials(self) -> str:
        """First letters; a number stays whole."""
        return "".join(unit.reading if unit.reading.isdigit() else unit.reading[:1] for unit in self.units)

    @property
    def has_han(self) -> bool:
        """Whether a Chinese character is in it."""
        return HAN.search(self.folded) is not None

    def span(self, start: int, end: int, *, of: str) -> tuple[int, int] | None:
        """Where in the text the characters start..end of a form ('folded', 'latin', 'initials') stand."""
        at, found = 0, []
        for unit in self.units:
            said = unit.folded if of == "folded" else unit.reading
            length = 1 if of == "initials" and not said.isdigit() else len(said)
            if at < end and at + length > start:
                found.append(_part(unit, max(start - at, 0), min(end - at, length), of))
            at += length
        return (found[0][0], found[-1][1]) if found else None


def _part(unit: Unit, start: int, end: int, of: str) -> tuple[int, int]:
    """The piece of one unit: letters of a Latin word are told apart, a character is whole."""
    if of != "initials" and len(unit.folded) == unit.end - unit.start and unit.folded == unit.reading:
        return unit.start + start, unit.start + end
    return unit.start, unit.end if of != "initials" or HAN.match(unit.folded) else unit.start + 1


@lru_cache(maxsize=1)
def _pypinyin() -> ModuleType:
    """pypinyin, taught the local readings. Its phrases take half a second to load: not before the first name is read."""
    import pypinyin

    readings = vocabulary().readings.items()
    phrases = {name: [[syllable] for syllable in said.split()] for name, said in readings if len(name) > 1}
    pypinyin.load_phrases_dict(phrases)
    pypinyin.load_single_dict({ord(name): said for name, said in readings if len(name) == 1})
    return pypinyin


@lru_cache(maxsize=20_000)
def _readings(run: str) -> tuple[str, ...]:
    """Pinyin of a run of Chinese characters, one syllable each; a phrase is read as the phrase is."""
    # what nobody knows how to read comes back as it is, several characters in one piece
    said = [
        syllable for piece in _pypinyin().lazy_pinyin(run) for syllable in ([piece] if piece.isascii() else list(piece))
    ]
    return tuple(said) if len(said) == len(run) else tuple(run)


def _all_readings(character: str) -> list[str]:
    """Every pinyin of one Chinese character."""
    library = _pypinyin()
    found: list[list[str]] = library.pinyin(character, style=library.Style.NORMAL, heteronym=True)
    return found[0]


def _fold(character: str) -> str:
    """One character in one case and width, without accents or signs; ü is v, as people type it."""
    wide = unicodedata.normalize("NFKC", character).casefold().replace("ü", "v")
    plain = (c for c in unicodedata.normalize("NFKD", wide) if not unicodedata.combining(c))
    return "".join(c for c in unicodedata.normalize("NFC", "".join(plain)) if c.isalnum())


def _words(text: str, start: int) -> list[tuple[str, list[int]]]:
    """Runs of letters and digits of the text, folded, each with the place every folded character came from."""
    words: list[tuple[str, list[int]]] = []
    is_open = False
    for at in range(start, len(text)):
        folded = _fold(text[at])
        if not folded:
            is_open = is_open and (text[at] in _INSIDE_WORDS or unicodedata.combining(text[at]) > 0)
            continue
        if not is_open:
            words.append(("", []))
            is_open = True
        word, places = words[-1]
        words[-1] = (word + folded, places + [at] * len(folded))
    return words


def _after_marker(text: str) -> int:
    for marker in vocabulary().markers:
        if text.startswith(marker) and len(text) > len(marker):
            return len(marker)
    return 0


@lru_cache(maxsize=2_000)
def forms(text: str) -> Forms:
    """The forms of a text; a marker such as 示例· before it is passed over."""
    units: list[Unit] = []
    for word, places in _words(text, _after_marker(text)):
        for found in _RUN.finditer(word):
            run, at = found.group(), found.start()
            if found.lastgroup == "han":
                said = _readings(run)
                units += [Unit(places[at + i], places[at + i] + 1, c, said[i]) for i, c in enumerate(run)]
            else:
                units.append(Unit(places[at], places[found.end() - 1] + 1, run, run))
    return Forms(tuple(units))


def variants(asked: Forms) -> tuple[str, ...]:
    """The Latin forms a query may have, its own first: characters of several readings are read in each of them."""
    choices = [
        tuple(dict.fromkeys((unit.reading, *_all_readings(unit.folded))))
        if HAN.fullmatch(unit.folded)
        else (unit.reading,)
        for unit in asked.units
    ]
    return tuple(dict.fromkeys("".join(one) for one in islice(product(*choices), VARIANTS_MAX)))


def short_name(name: str, subject_kind: str) -> str | None:
    """The name without an ending people leave away (镇, 有限公司), or None; two letters at least remain."""
    for ending in vocabulary().endings.get(subject_kind, ()):
        if name.endswith(ending) and len(name) - _after_marker(name) - len(ending) >= 2:
            return name[: -len(ending)].rstrip()
    return None
