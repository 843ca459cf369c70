"""Pages and map answers for the public go out compressed where no proxy does it."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api.auth.identity import COOKIE
from api.encoding import takes_gzip

LEAST_BYTES = 1000
LEVEL = 5
AS_THEY_ARE = ("/ogc/", "/v1/", "/health/", "/static/", "/login")
"""Answers with a strong ETag of their bytes, streams, what is compressed when built, and the one form of the public with a secret."""


class Compressing:
    """ASGI middleware. Who is logged in gets pages as they are: a length must not tell what a secret beside reflected text is (BREACH)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.zipping = app, GZipMiddleware(app, LEAST_BYTES, LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; what is compressed already stays as it is."""
        await (self.zipping if _is_for_all(scope) else self.app)(scope, receive, send)


def _is_for_all(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["path"].startswith(AS_THEY_ARE):
        return False
    headers = Headers(scope=scope)
    if not takes_gzip(headers.get("accept-encoding", "")):
        return False
    return "authorization" not in headers and f"{COOKIE}=" not in headers.get("cookie", "")
