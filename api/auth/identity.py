"""From a request to a person: cookie, Bearer, or the password of HTTP Basic (QGIS, GDAL)."""

from __future__ import annotations

import base64
import binascii
import hmac

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncEngine

from api.client import is_from_elsewhere
from api.problems import SAFE_METHODS
from geo.errors import Forbidden, NotLoggedIn, Problem
from geo.people import queries
from geo.people.commands import fingerprint

COOKIE = "yzt_session"
STREAM = "/v1/events"
"""An open page follows changes by itself: that does not keep a session awake (SEC-03)."""


async def identify(request: Request, engine: AsyncEngine) -> queries.Person | None:
    """The person behind a request, or None; a wrong token is NotLoggedIn, a stale cookie is nobody."""
    token = _token(request.headers.get("authorization", ""))
    cookie = request.cookies.get(COOKIE)
    if token is None and cookie is None:
        return None
    async with engine.begin() as connection:
        if token is not None:
            person = await queries.by_token(connection, fingerprint(token))
            if person is None:
                raise NotLoggedIn(Problem(zh="令牌无效或已过期", en="the token is wrong or has expired"))
            return person
        is_use = request.scope["path"] != STREAM
        return await queries.by_session(connection, fingerprint(str(cookie)), is_use=is_use)


def _token(header: str) -> str | None:
    """The token of an Authorization header; '' (nobody's) for one that cannot be read; None for no such header."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[2]
        except (binascii.Error, ValueError):
            return ""
    return None


def check_origin(request: Request) -> None:
    """Refuse a write that a browser sends for another site: it may carry a cookie or a remembered Basic password."""
    if request.scope["method"] not in SAFE_METHODS and is_from_elsewhere(request):
        raise Forbidden(Problem(zh="请求来自别的网站", en="the request comes from another site"))


async def check_write(request: Request, person: queries.Person) -> None:
    """A write with a session's cookie carries the session's token, in `X-CSRF-Token` or the form field `csrf`."""
    if request.scope["method"] in SAFE_METHODS or person.session_id is None:
        return
    given = request.headers.get("x-csrf-token")
    if given is None and "form" in request.headers.get("content-type", ""):
        value = (await request.form()).get("csrf")
        given = value if isinstance(value, str) else None
    if given is None or not hmac.compare_digest(fingerprint(given), fingerprint(person.csrf_token)):
        raise Forbidden(Problem(zh="页面已过期，请刷新后重试", en="the page is out of date; reload it and try again"))
