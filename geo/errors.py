"""What can go wrong in the county, in the reader's language.

    GeoError
      BadInput          a value that cannot be taken (field named)            400 / 422
      NotFound          nothing there that this reader may see               404
      Gone              it was there; successors are named                   410
      Forbidden         this account may not do that                         403
      NotLoggedIn       a login is needed                                    401
      Conflict          the state of things forbids it now                   409
      StaleVersion      somebody else changed it first                       412
      VersionRequired   a write without If-Match                             428
      TooLarge          larger than the limit                                413
      TooManyRequests   over the limit of a class                            429
      TooHeavy          a query that would take too long                     422
      Unavailable       the database or a part of the service is away        503

The HTTP status beside each is given by api/problems.py; this module knows no HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence in both languages of the product."""

    zh: str
    en: str

    def text(self, lang: str) -> str:
        """The sentence in `lang` ('zh' or 'en')."""
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One field at fault: `where` is a JSON pointer, a parameter or a column; `expected` says what would be right."""

    where: str
    detail: Problem
    expected: Problem | None = None


@dataclass(eq=False)
class GeoError(Exception):
    """Base of every error the county raises on purpose."""

    message: Problem
    faults: Sequence[FieldFault] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return "; ".join([self.message.en, *(f"{f.where}: {f.detail.en}" for f in self.faults)])

    @classmethod
    def at(cls, where: str, detail: Problem, expected: Problem | None = None) -> Self:
        """The error for one field."""
        return cls(message=detail, faults=(FieldFault(where, detail, expected),))


class BadInput(GeoError):
    """A value that cannot be taken."""


class NotFound(GeoError):
    """Nothing there that this reader may see."""


class Gone(GeoError):
    """It was there; `extra['successors']` names what took its place."""


class Forbidden(GeoError):
    """This account may not do that."""


class NotLoggedIn(GeoError):
    """A login is needed."""


class Conflict(GeoError):
    """The state of things forbids it now."""


class StaleVersion(GeoError):
    """Somebody else changed it first; `extra['current']` and `extra['current_etag']` say to what."""


class VersionRequired(GeoError):
    """A write came without saying which version it means."""


class TooLarge(GeoError):
    """Larger than the limit."""


class TooManyRequests(GeoError):
    """Over the limit of a class; `extra['retry_after_s']`."""


class TooHeavy(GeoError):
    """A query was stopped because it would take too long; asking for less helps."""


class Unavailable(GeoError):
    """The database, or a part of the service, is away; `extra['retry_after_s']`."""
