"""Features said before, by row and version: a version never says anything else, so nothing here can grow stale."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

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
        texts, used = self._texts, self._texts.move_to_end
        found: list[bytes | None] = []
        for mark in marks:
            key = (form, mark)
            text = texts.get(key)
            if text is not None:
                used(key)
            found.append(text)
        return found

    def put(self, form: str, mark: str, text: bytes) -> None:
        """Keep a text; one larger than everything that may be kept is not."""
        key, size = (form, mark), _size(text)
        before = self._texts.pop(key, None)
        self.bytes_used -= 0 if before is None else _size(before)
        if size > self.bytes_max:
            return
        self._texts[key] = text
        self.bytes_used += size
        while self.bytes_used > self.bytes_max:
            self.bytes_used -= _size(self._texts.popitem(last=False)[1])


def _size(text: bytes) -> int:
    return len(text) + OVERHEAD_BYTES
