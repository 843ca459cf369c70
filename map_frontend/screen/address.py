"""The screen's state in an address, and back: every part that is not understood is named, the rest is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlencode

from map_frontend.screen.filters import BY_PARAMETER, FILTERS, Filter
from map_frontend.screen.kinds import BY_KEY, KINDS, Kind, Order

VERSION = 2
"""Of what the parameters mean. 1 (or none): m, l, id, k. 2: filters, `o`, `w`. A key never changes its meaning."""

OF_THE_MAP = ("m", "l", "b", "id", "cmp")
"""Parameters other rooms read and check: place, layers, the selected thing."""

FRAME = ("v", "k", "o", "w", "c", "county", "lang")
ADS = re.compile(r"^(utm_\w+|from|isappinstalled|scene|fbclid|gclid|spm)$")
"""What messengers and advertisers hang on to a link: nobody's business here, and no fault of the reader."""

NUMBER = re.compile(r"^\d{1,9}(\.\d{1,4})?$")
CODES_MAX = 50
TEXT_MAX = 80


@dataclass(frozen=True, slots=True)
class Screen:
    """What the reader wants listed. `values`: parameter -> text as in the address, checked; `strange`: (parameter, value) left out."""

    kind: Kind
    order: Order
    is_whole_county: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    strange: tuple[tuple[str, str], ...] = ()
    is_newer: bool = False

    def number(self, parameter: str) -> Decimal | None:
        """A filter's number; None when it is not set."""
        return Decimal(self.values[parameter]) if parameter in self.values else None

    def codes(self, parameter: str) -> tuple[str, ...]:
        """A filter's codes."""
        return tuple(self.values[parameter].split(",")) if parameter in self.values else ()

    def active(self) -> tuple[Filter, ...]:
        """Filters that are set, in the order of their declaration."""
        return tuple(f for f in FILTERS if any(name in self.values for name in f.parameters))


def _checked(f: Filter, text: str) -> str | None:
    """The value as it is kept, or None for nonsense."""
    if f.form == "text":
        words = " ".join(text.split())
        return words[:TEXT_MAX] if words and "\x00" not in words and words.isprintable() else None
    if f.is_list:
        codes = [code for code in dict.fromkeys(text.split(",")) if code]
        fine = 0 < len(codes) <= CODES_MAX and all(len(code) <= 64 and code.isprintable() for code in codes)
        return ",".join(codes) if fine else None
    return f"{Decimal(text).normalize():f}" if NUMBER.match(text) and text.isascii() else None


def read(query: Iterable[tuple[str, str]], others: Iterable[str] = ()) -> Screen:
    """The screen of an address. `others`: further parameters that somebody else reads. Never raises: see `Screen.strange`."""
    asked: dict[str, list[str]] = {}
    for name, value in query:
        asked.setdefault(name, []).append(value)
    strange: list[tuple[str, str]] = []
    values: dict[str, str] = {}
    for name, found in asked.items():
        f = BY_PARAMETER.get(name)
        if f is not None:
            given = ",".join(found) if f.is_list else found[-1]
            kept = _checked(f, given.strip())
            if kept is not None:
                values[name] = kept
            elif given.strip():
                strange.append((name, given))
        elif name not in (*FRAME, *OF_THE_MAP, *others) and not ADS.match(name):
            strange.append((name, found[-1]))
    for f in FILTERS:
        if f.form in ("range", "overlap"):
            low, high = f.parameters
            if low in values and high in values and Decimal(values[low]) > Decimal(values[high]):
                values[low], values[high] = values[high], values[low]
    last = {name: found[-1] for name, found in asked.items()}
    kind = BY_KEY.get(last.get("k", KINDS[0].key))
    if kind is None:
        strange.append(("k", last["k"]))
        kind = KINDS[0]
    order = next((order for order in kind.orders if order.key == last.get("o", kind.orders[0].key)), None)
    if order is None:
        # An order another kind has is no nonsense: the reader changed the kind.
        if not any(order.key == last["o"] for other in KINDS for order in other.orders):
            strange.append(("o", last["o"]))
        order = kind.orders[0]
    version = last.get("v", "1")
    if not (version.isascii() and version.isdigit() and len(version) < 4):
        strange.append(("v", version))
        version = "1"
    return Screen(kind, order, last.get("w") == "all", values, tuple(strange), int(version) > VERSION)


def write(screen: Screen, *, without: Iterable[str] = (), **more: str) -> str:
    """The screen as a query string, in one fixed order, without some of its parameters."""
    left = {name: value for name, value in screen.values.items() if name not in set(without)}
    parts: dict[str, str] = {}
    if screen.kind is not KINDS[0]:
        parts["k"] = screen.kind.key
    if screen.order is not screen.kind.orders[0]:
        parts["o"] = screen.order.key
    if screen.is_whole_county:
        parts["w"] = "all"
    parts |= {name: left[name] for name in BY_PARAMETER if name in left}
    if set(parts) - {"k"}:
        parts["v"] = str(VERSION)
    return urlencode(parts | more, safe=",:/")
