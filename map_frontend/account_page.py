"""`/login`: a form that works without script; it posts to the API's own `/login`."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.routes.account import local_path
from map_frontend.site import bare_page

router = APIRouter(include_in_schema=False)


@router.get("/login")
async def login_page(request: Request) -> Response:
    """The form; `error` says that the last try failed, `next` where to go afterwards (on this server only)."""
    page = bare_page(request, room="login", title_key="login.title")
    error = request.query_params.get("error")
    return page.answer("login.html", error=error, next=local_path(request.query_params.get("next")))
