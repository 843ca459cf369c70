"""What every page has: its address, words, files, language and theme, and the headers it goes out with."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from api.deps import Reader
from api.language import language
from map_frontend.assets.manifest import Asset
from map_frontend.page import STATIC_URL, VENDOR_URL
from map_frontend.reading import Codes
from map_frontend.style.marks import corners_of, mark_svg, seal_svg
from map_frontend.style.palette import stylesheet_name
from map_frontend.words import LANGUAGES, Words

THEMES = ("light", "dark")
COOKIE_SECONDS = 31_536_000


class ReaderLike(Protocol):
    """What the frame of a page asks about its reader."""

    @property
    def is_staff(self) -> bool: ...
    @property
    def account(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Visitor:
    """The reader of a page that needs no database: a problem page, the log-in page."""

    is_staff: bool = False
    account: str = ""


@dataclass(frozen=True)
class Site:
    """Templates and built files, made once at start."""

    assets: Mapping[str, Asset]
    environment: Environment = field(init=False)

    def __post_init__(self) -> None:
        environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals["mark_svg"] = mark_svg
        environment.globals["seal_svg"] = seal_svg
        environment.globals["mark_corners"] = corners_of
        object.__setattr__(self, "environment", environment)

    def asset(self, key: str) -> str:
        """Address of a built file by its key in the manifest."""
        return f"{VENDOR_URL}/{self.assets[key].file}"

    @cached_property
    def palette(self) -> str:
        """Address of the token stylesheet."""
        return f"{STATIC_URL}/{stylesheet_name()}"


@dataclass(frozen=True)
class Page:
    """One answer being made: what its template may ask."""

    request: Request
    site: Site
    words: Words
    room: str
    title: str
    county: str | None = None
    app_title: str = ""
    reader: ReaderLike = field(default_factory=Visitor)
    csrf: str = ""
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    @property
    def lang(self) -> str:
        """'zh' or 'en'."""
        return self.words.lang

    @property
    def theme(self) -> str | None:
        """The theme the reader chose, or None for that of their system."""
        chosen = self.request.cookies.get("theme")
        return chosen if chosen in THEMES else None

    @property
    def palette(self) -> str:
        """Address of the token stylesheet."""
        return self.site.palette

    @property
    def other_language(self) -> str:
        """This page in the other language."""
        query = dict(self.request.query_params) | {"lang": "zh" if self.lang == "en" else "en"}
        return f"{self.request.url.path}?{urlencode(query)}"

    @property
    def login(self) -> str:
        """The log-in page, which leads back here."""
        query = self.request.url.query
        here = self.request.url.path + (f"?{query}" if query else "")
        return self.link("/login", next=here)

    def asset(self, key: str) -> str:
        """Address of a built file."""
        return self.site.asset(key)

    def static(self, name: str) -> str:
        """Address of one of our own files that is served as it is."""
        return f"{STATIC_URL}/{name}"

    def link(self, path: str, **query: Any) -> str:
        """A link that keeps county and language (design.md 9)."""
        kept = {"county": self.county} if self.county else {}
        kept |= {"lang": self.lang} if "lang" in self.request.query_params else {}
        kept |= {key: value for key, value in query.items() if value is not None}
        return f"{path}?{urlencode(kept)}" if kept else path

    def answer(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """The page as HTML with its headers: policy, language, never shared between readers."""
        body = self.site.environment.get_template(template).render(page=self, **values)
        response = HTMLResponse(body, status)
        response.headers["Content-Security-Policy"] = (
            f"default-src 'self'; script-src 'self' 'nonce-{self.nonce}'; style-src 'self' 'nonce-{self.nonce}'; "
            "img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
            "frame-ancestors 'self'"
        )
        response.headers["Content-Language"] = self.lang
        response.headers["Cache-Control"] = "no-store" if self.reader.account else "private, no-cache"
        response.headers["Vary"] = "Cookie, Accept-Language"
        if self.request.query_params.get("lang") in LANGUAGES:
            response.set_cookie("lang", self.lang, max_age=COOKIE_SECONDS, samesite="lax", path="/")
        return response


@dataclass(frozen=True, slots=True)
class PageReader:
    """A reader of the API as the frame of a page sees them."""

    is_staff: bool
    account: str


def site_of(request: Request) -> Site:
    """The site of this application."""
    site: Site = request.app.state.site
    return site


def page_for(request: Request, reader: Reader, codes: Codes, *, room: str, title: str = "") -> Page:
    """A page about the reader's county. `title` without one is the name of the application."""
    words = Words(reader.lang, codes, reader.county.time_zone)
    app_title = words("app.title", county=words.pick(reader.county.name, reader.county.name_en))
    return Page(
        request=request,
        site=site_of(request),
        words=words,
        room=room,
        title=f"{title} · {app_title}" if title else app_title,
        county=reader.county.code,
        app_title=app_title,
        reader=PageReader(reader.is_staff, reader.person.display_name if reader.person else ""),
        csrf=reader.person.csrf_token if reader.person else "",
    )


def bare_page(request: Request, *, room: str, title_key: str) -> Page:
    """A page that must stand even when the database is away."""
    words = Words(language(request), {}, "UTC")
    return Page(
        request=request,
        site=site_of(request),
        words=words,
        room=room,
        title=f"{words(title_key)} · {words('app.name')}",
        app_title=words("app.name"),
        county=request.query_params.get("county"),
    )
