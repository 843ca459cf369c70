"""Limits per class of request and address, as data (api/data/limits.yaml); memory bounded; per process."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from dataclasses import dataclass
from fnmatch import translate
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from api.settings import ApiSettings
from geo.errors import Problem, TooLarge, TooManyRequests

ADDRESSES_MAX = 50_000
"""How many clients one process remembers per class; the longest unseen are forgotten first."""


class Limiter:
    """Counts requests of one class per address in fixed windows."""

    def __init__(self, count: int, window_s: int) -> None:
        self.count, self.window_s = count, window_s
        self._windows: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def take(self, address: str, at_s: float | None = None) -> None:
        """Count one request; raises TooManyRequests over the limit, saying when the next is welcome."""
        now = time.monotonic() if at_s is None else at_s
        window = int(now // self.window_s)
        begun, used = self._windows.pop(address, (window, 0))
        used = used + 1 if begun == window else 1
        self._windows[address] = (window, used)
        while len(self._windows) > ADDRESSES_MAX:
            self._windows.popitem(last=False)
        if used > self.count:
            zh, en = ("分钟", "minute") if self.window_s == 60 else ("小时", "hour")
            raise TooManyRequests(
                Problem(zh=f"每{zh}最多 {self.count} 次，请稍候", en=f"at most {self.count} a {en}; wait a moment"),
                extra={"retry_after_s": int(self.window_s - now % self.window_s) + 1},
            )


@dataclass(frozen=True, slots=True)
class _Line:
    path: re.Pattern[str]
    method: str | None
    value: str
    room_bytes: int = 0

    def fits(self, method: str, path: str) -> bool:
        return self.method in (None, method) and self.path.match(path) is not None


def _lines(rows: list[dict[str, Any]], key: str) -> tuple[_Line, ...]:
    return tuple(
        _Line(re.compile(translate(row["path"])), row.get("method"), row[key], row.get("room_bytes", 0)) for row in rows
    )


@cache
def _data() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((files("api") / "data" / "limits.yaml").read_text(encoding="utf-8"))
    return read


class Limits:
    """All limits of one service."""

    def __init__(self, settings: ApiSettings) -> None:
        data = _data()
        self._requests, self._bodies = _lines(data["requests"], "class"), _lines(data["bodies"], "setting")
        self._limiters = {
            name: Limiter(getattr(settings, row["setting"]), row["window_s"]) for name, row in data["classes"].items()
        }
        self._settings = settings

    def class_of(self, method: str, path: str) -> str:
        """The class a request is counted in, or `none`."""
        return next((line.value for line in self._requests if line.fits(method, path)), "none")

    def take(self, method: str, path: str, address: str) -> None:
        """Count one request; raises TooManyRequests."""
        limiter = self._limiters.get(self.class_of(method, path))
        if limiter is not None:
            limiter.take(address)

    def body_max_bytes(self, method: str, path: str) -> int:
        """The largest body read for a request."""
        line = next(line for line in self._bodies if line.fits(method, path))
        return int(getattr(self._settings, line.value)) + line.room_bytes


def too_large(max_bytes: int) -> TooLarge:
    """The error for a body over its limit."""
    mib = max_bytes / 1024 / 1024
    return TooLarge(
        Problem(zh=f"内容超过 {mib:g} MiB 的上限", en=f"the content is larger than the limit of {mib:g} MiB"),
        extra={"max_bytes": max_bytes},
    )
