"""`/problems/{slug}`, the page every problem's `type` leads to, and the page a browser gets in place of the JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.problems import SLUGS
from geo.errors import NotFound, Problem
from map_frontend.site import Page, bare_page

router = APIRouter(include_in_schema=False)


@router.get("/problems/{slug}")
async def about_problem(slug: str, request: Request) -> Response:
    """What this kind of problem is, and what to do now."""
    kind = SLUGS.get(slug)
    if kind is None:
        raise NotFound(Problem(zh="没有这种问题", en="there is no such problem"))
    page = bare_page(request, room="problem", title_key=f"problem.{slug}.title")
    return page.answer("problem.html", slug=slug, status_code=kind.status, body=None, back=None, successors=[])


def problem_page(request: Request, body: dict[str, Any]) -> Response:
    """A problem document as a page, for a browser that asked for one; set on the application's state."""
    slug = str(body["type"]).rsplit("/", 1)[-1]
    no_county = slug == "not-found" and any(fault.get("parameter") == "county" for fault in body.get("errors", ()))
    told = "no-county" if no_county else slug
    page = bare_page(request, room="problem", title_key=f"problem.{told}.title")
    if no_county:
        # Links that keep the county of the address would all lead back here.
        page = replace(page, county=None)
    if slug == "not-logged-in" and request.method == "GET":
        # A 401 would make the browser ask for a password in a window of its own.
        return RedirectResponse(page.login, 303)
    path = request.url.path
    back = page.link(path.removeprefix("/v1").removesuffix("/facts")) if path.endswith("/facts") else None
    successors = [_successor(page, url) for url in body.get("successors", ())]
    return page.answer(
        "problem.html",
        int(body["status"]),
        slug=told,
        status_code=body["status"],
        body=body,
        back=back,
        successors=successors,
    )


def _successor(page: Page, url: str) -> dict[str, str]:
    """The page of what took a thing's place, in the reader's language, and its code."""
    parts = urlsplit(url)
    return {"href": page.link(parts.path), "code": unquote(parts.path.rsplit("/", 1)[-1])}
