"""Features said before, by row and version: a version never says anything else, so nothing here can grow stale."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence

from geo.registry.kept_pages import KeptPages

Key = tuple[str, str]
"""The form something is said in (collection, properties, CRS), and the mark of a row in a version: `id.version`."""

PAGES_PART = 2
"""One part in so many is for whole pages, the rest for features."""

OVERHEAD_BYTES = 300
"""What an entry costs beside its text."""


class FeatureCache:
    """Features as the public sees them (JSON, UTF-8), and pages of them: at most `bytes_max` together. The longest unused go first.
    One per process.

    The database still says which rows match and in which version they stand; only the making of their text is spared.
    """

    def __init__(self, bytes_max: int) -> None:
        self.pages = KeptPages(bytes_max // PAGES_PART)
        self.bytes_max = bytes_max - self.pages.bytes_max
        self.bytes_used = 0
        self._texts: OrderedDict[Key, bytes] = OrderedDict()

    def get(self, form: str, marks: Sequence[str]) -> list[bytes | None]:
        """The texts of rows in their versions, in the order of the marks; None for one that is not here."""
        keys = [(form, mark) for mark in marks]
        found = [*map(self._texts.get, keys)]
        for key, text in zip(keys, found, strict=True):
            if text is not None:
                self._texts.move_to_end(key)
        return found

    def put(self, form: str, made: Mapping[str, bytes]) -> None:
        """Keep texts by their marks; one larger than everything that may be kept is not."""
        texts = self._texts
        for mark, text in made.items():
            key = (form, mark)
            if key in texts:
                self.bytes_used -= _size(texts.pop(key))
            if _size(text) <= self.bytes_max:
                texts[key] = text
                self.bytes_used += _size(text)
        while self.bytes_used > self.bytes_max:
            self.bytes_used -= _size(texts.popitem(last=False)[1])


def _size(text: bytes) -> int:
    return len(text) + OVERHEAD_BYTES
