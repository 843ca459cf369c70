"""Around every request: its number, its limits, its errors, the headers it goes out with, and its line in the log."""

from __future__ import annotations

import time
import uuid

import structlog
from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import logging, metrics, problems
from api.client import client_address, is_https
from api.limits import Limits, too_large
from api.settings import ApiSettings
from geo.errors import GeoError

log = structlog.get_logger()
ID_CHARS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
ID_MAX = 64
HSTS = "max-age=31536000"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What goes out with an answer that does not say otherwise; pages set a policy of their own, with a nonce."""


class Envelope:
    """ASGI middleware; the outermost of ours, so that what fails inside still leaves as a problem with its number."""

    def __init__(self, app: ASGIApp, settings: ApiSettings, limits: Limits) -> None:
        self.app, self.settings, self.limits = app, settings, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; HEAD is answered as GET without the body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        method, path = scope["method"], scope["path"]
        given = request.headers.get("x-request-id", "")
        request_id = given if 0 < len(given) <= ID_MAX and ID_CHARS.issuperset(given) else uuid.uuid4().hex
        request.state.request_id = request_id
        address = client_address(request, self.settings)
        tally, begun = logging.Tally(), time.perf_counter()
        mark = logging.TALLY.set(tally)
        status, started = 0, False
        https = is_https(request, self.settings)

        async def outward(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                self._dress(MutableHeaders(scope=message), request_id, https, getattr(request.state, "account", ""))
            if method == "HEAD" and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        inner = {**scope, "method": "GET"} if method == "HEAD" else scope
        with structlog.contextvars.bound_contextvars(request_id=request_id, address=address):
            try:
                refusal = self._refusal(request, address)
                if refusal is not None:
                    await refusal(inner, receive, outward)
                else:
                    await self.app(inner, self._counted(receive, method, path), outward)
            except Exception as error:
                log.error("unexpected", exc_info=error)
                if not started:
                    await problems.respond(request, problems.INTERNAL, None)(inner, receive, outward)
            finally:
                duration_ms = (time.perf_counter() - begun) * 1000
                route = _template(inner)
                metrics.observe(route, status, duration_ms, tally.sql_ms)
                account = getattr(request.state, "account", "")
                logging.request_done(method, route, status, duration_ms, tally, account)
                logging.TALLY.reset(mark)

    def _refusal(self, request: Request, address: str) -> Response | None:
        method, path = request.scope["method"], request.scope["path"]
        try:
            self.limits.take(method, path, address)
            length = request.headers.get("content-length", "")
            most = self.limits.body_max_bytes(method, path)
            if length.isdigit() and int(length[:18]) > most:
                raise too_large(most)
        except GeoError as error:
            return problems.respond_to(request, error)
        return None

    def _counted(self, receive: Receive, method: str, path: str) -> Receive:
        """A body that does not say its length is counted while it comes."""
        most, seen = self.limits.body_max_bytes(method, path), 0

        async def inward() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise too_large(most)
            return message

        return inward

    @staticmethod
    def _dress(headers: MutableHeaders, request_id: str, https: bool, account: str) -> None:
        headers["X-Request-ID"] = request_id
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if https:
            headers.setdefault("Strict-Transport-Security", HSTS)
        if account:
            headers.setdefault("Cache-Control", "private, no-store")


def _template(scope: Scope) -> str:
    """The route's pattern; '-' for none, so that addresses nobody serves make no new name."""
    route = scope.get("route")
    path = getattr(route, "path", None)
    if isinstance(path, str):
        return path
    return f"{scope['root_path']}/*" if scope.get("root_path") else "-"
