"""Limits per class of request and address, as data; memory bounded."""

from __future__ import annotations

import time
from collections import OrderedDict

from fastapi import Request

from api.settings import ApiSettings
from geo.errors import Problem, TooManyRequests

ADDRESSES_MAX = 50_000


class Limiter:
    """Counts requests of one class per address in windows of a minute."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._windows: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def take(self, address: str, at_s: float | None = None) -> None:
        """Count one request; raises TooManyRequests over the limit."""
        now = time.monotonic() if at_s is None else at_s
        window = int(now // 60)
        begun, used = self._windows.pop(address, (window, 0))
        used = used + 1 if begun == window else 1
        self._windows[address] = (window, used)
        while len(self._windows) > ADDRESSES_MAX:
            self._windows.popitem(last=False)
        if used > self.per_minute:
            raise TooManyRequests(
                Problem(
                    zh=f"每分钟最多 {self.per_minute} 次，请稍候",
                    en=f"at most {self.per_minute} a minute; wait a moment",
                ),
                extra={"retry_after_s": int(60 - now % 60) + 1},
            )


def client_address(request: Request, settings: ApiSettings) -> str:
    """The client's own address; a declared proxy's word about it is believed, nobody else's."""
    peer = request.client.host if request.client else "local"
    trusted = {a.strip() for a in settings.trusted_proxies.split(",") if a.strip()}
    if peer in trusted:
        for hop in reversed([h.strip() for h in request.headers.get("x-forwarded-for", "").split(",") if h.strip()]):
            if hop not in trusted:
                return hop
    return peer
