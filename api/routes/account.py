"""Logging in and out, and who I am."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from argon2.exceptions import InvalidHashError, VerificationError
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import text

from api.auth.identity import COOKIE, identify
from api.deps import ReaderDep, engine_of
from api.limits import client_address
from geo.errors import BadInput, NotLoggedIn, Problem
from geo.people.commands import HASHER, close_session, fingerprint, note_failure, open_session
from geo.people.queries import failures, password_of

router = APIRouter(tags=["account"])

NOBODY_HASH = HASHER.hash("nobody has this password")
"""Verified for unknown names, so that they take as long as known ones (SEC-02)."""


def local_path(target: str | None) -> str:
    """A path on this server, or `/`: a login never leads elsewhere."""
    parts = urlsplit(target or "/")
    fine = (
        not parts.scheme
        and not parts.netloc
        and parts.path.startswith("/")
        and not parts.path.startswith("//")
        and "\\" not in str(target)
    )
    return str(target) if fine and target else "/"


@router.post("/login", include_in_schema=False)
async def login(request: Request) -> Response:
    """Form post: username, password, next. Back to the login page with `?error=1` when it was wrong."""
    form = await request.form()
    username, password = form.get("username"), form.get("password")
    if not isinstance(username, str) or not isinstance(password, str) or len(username) > 64 or len(password) > 1024:
        raise BadInput.at("username", Problem(zh="请填写用户名和密码", en="a username and a password are needed"))
    target = local_path(str(form.get("next") or "/"))
    address = client_address(request, request.app.state.api)
    request.app.state.limits["login"].take(address)
    keys = (fingerprint("account/" + username.lower()), fingerprint("address/" + address))
    async with engine_of(request).begin() as connection:
        allowed = (
            await connection.execute(text("select register.parameter_value('sec.failures', null, current_date)"))
        ).scalar_one()
        locked = [k for k in keys if await failures(connection, k) >= int(allowed)]
        found = await password_of(connection, username.lower())
        right = _verify(found[1] if found else NOBODY_HASH, password) and found is not None and not locked
        if not right or found is None:
            await note_failure(connection, *keys)
            secret = None
        else:
            secret = await open_session(connection, found[0].account_id)
    if secret is None:
        problem = "locked" if locked else "1"
        return RedirectResponse(f"/login?error={problem}&next={target}", 303)
    response = RedirectResponse(target, 303)
    response.set_cookie(
        COOKIE, secret, httponly=True, samesite="lax", secure=request.app.state.api.secure_cookies, path="/"
    )
    return response


def _verify(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@router.post("/logout", include_in_schema=False)
async def logout(request: Request, reader: ReaderDep) -> Response:
    """End this session."""
    if reader.person is not None and reader.person.session_id is not None:
        async with engine_of(request).begin() as connection:
            await close_session(connection, reader.person.session_id)
    response = RedirectResponse("/", 303)
    response.delete_cookie(COOKIE, path="/")
    return response


@router.get("/v1/me")
async def me(request: Request, reader: ReaderDep) -> dict[str, Any]:
    """Who I am here; 401 when nobody."""
    person = reader.person or await identify(request, engine_of(request))
    if person is None:
        raise NotLoggedIn(Problem(zh="未登录", en="not logged in"))
    return {
        "username": person.username,
        "display_name": person.display_name,
        "roles": sorted(person.roles_in(reader.county.code)),
        "units": list(reader.actor.units),
        "csrf_token": person.csrf_token,
    }
