"""Logging in and out, and who I am."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.auth.identity import COOKIE, check_origin
from api.client import client_address, is_https
from api.deps import ReaderDep, engine_of
from geo.errors import BadInput, FieldFault, NotLoggedIn, Problem
from geo.people import commands
from geo.people.queries import Person, password_of

router = APIRouter(tags=["account"])
log = structlog.get_logger()

USERNAME_MAX, PASSWORD_MAX = 64, 1024
VERIFYING = asyncio.Semaphore(4)
"""Passwords verified at once in one process: each takes 64 MiB."""


def local_path(target: str | None) -> str:
    """A path on this server, or `/`: a login never leads elsewhere."""
    if not target or len(target) > 2000 or "\\" in target or not target.isprintable():
        return "/"
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/"
    is_here = not parts.scheme and not parts.netloc and parts.path.startswith("/") and not parts.path.startswith("//")
    return target if is_here else "/"


@router.post("/login", include_in_schema=False)
async def login(request: Request) -> Response:
    """Form post: username, password, next. Back to the login page with `?error=1` (or `locked`) when it was wrong."""
    check_origin(request)
    username, password, target = await _given(request)
    secret, problem = await _try(request, username, password)
    if secret is None:
        return RedirectResponse("/login?" + urlencode({"error": problem, "next": target}), 303)
    response = RedirectResponse(target, 303)
    settings = request.app.state.api
    response.set_cookie(COOKIE, secret, httponly=True, samesite="lax", secure=is_https(request, settings), path="/")
    return response


async def _given(request: Request) -> tuple[str, str, str]:
    form = await request.form()
    faults = []
    for name, most in (("username", USERNAME_MAX), ("password", PASSWORD_MAX)):
        value = form.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= most:
            faults.append(
                FieldFault(
                    "/" + name,
                    Problem(zh="没有填写，或过长", en="it is missing or too long"),
                    Problem(zh=f"1 至 {most} 个字符", en=f"1 to {most} characters"),
                )
            )
    if faults:
        raise BadInput(Problem(zh="请填写用户名和密码", en="a username and a password are needed"), faults)
    target = form.get("next")
    return str(form["username"]).strip().lower(), str(form["password"]), local_path(target if isinstance(target, str) else None)  # fmt: skip


async def _try(request: Request, username: str, password: str) -> tuple[str | None, str]:
    """The secret of a new session, or None and why; the same steps for names there are and names there are not (SEC-02)."""
    engine = engine_of(request)
    address = client_address(request, request.app.state.api)
    name_key = commands.fingerprint("account/" + username)
    async with engine.begin() as connection:
        noted = await commands.begin_attempt(connection, (name_key, commands.fingerprint("address/" + address)))
        found = await password_of(connection, username) if username.isprintable() else None
    async with VERIFYING:
        is_right = await asyncio.to_thread(commands.is_password, found[1] if found else None, password)
    if noted is None or not is_right or found is None:
        log.info("login_failed", account=found[0].username if found else None, locked=noted is None)
        return None, "locked" if noted is None else "1"
    person = found[0]
    async with engine.begin() as connection:
        await commands.attempt_succeeded(connection, noted, name_key)
        if COOKIE in request.cookies:
            await commands.close_session_of_secret(connection, request.cookies[COOKIE])
        secret = await commands.open_session(connection, person.account_id)
        await note(connection, request, person, "login")
    request.state.account = person.username
    return secret, ""


async def note(
    connection: Any, request: Request, person: Person, action: str, of: str = "account", id_: int | None = None
) -> None:
    """An entry of the trail about this person's own account; last in its transaction."""
    which = str(person.account_id if id_ is None else id_)
    await commands.note_act(connection, person.username, action, of, which, request.state.request_id)


@router.post("/logout", include_in_schema=False)
async def logout(request: Request, reader: ReaderDep) -> Response:
    """End this session."""
    if reader.person is not None and reader.person.session_id is not None:
        async with engine_of(request).begin() as connection:
            await commands.close_session(connection, reader.person.session_id)
            await note(connection, request, reader.person, "logout")
    response = RedirectResponse("/", 303)
    secure = is_https(request, request.app.state.api)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=secure)
    return response


@router.get("/v1/me")
async def me(reader: ReaderDep) -> dict[str, Any]:
    """Who I am in this county; 401 when nobody. `csrf_token` is empty for a personal token."""
    person = reader.person
    if person is None:
        raise NotLoggedIn(Problem(zh="未登录", en="not logged in"))
    return {
        "username": person.username,
        "display_name": person.display_name,
        "county": reader.county.code,
        "roles": sorted(person.roles_in(reader.county.code)),
        "units": list(reader.actor.units),
        "may_write": bool(reader.actor.units),
        "csrf_token": person.csrf_token,
    }
