"""The real service over a real database, and Chromium behind a gate that lets nothing out of this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route
from sqlalchemy.engine import make_url

from ops.database import APP_ROLE
from tests.browser.county import PASSWORD, fill
from tests.plugins.door import open_chromium, open_door, whole_service
from tests.plugins.postgis import APP_PASSWORD, fresh


@pytest.fixture(scope="package")
def county_url(postgis_server: str, template_database: str) -> Iterator[str]:
    """Owner's address of a database with the county of county.py."""
    for url in fresh(postgis_server, template_database):
        fill(url)
        yield url


@pytest.fixture(scope="package")
def service_url(county_url: str) -> str:
    """The same database as the service logs in to it."""
    return make_url(county_url).set(username=APP_ROLE, password=APP_PASSWORD).render_as_string(hide_password=False)


@pytest.fixture(scope="package")
def site(service_url: str) -> Iterator[str]:
    """Address of the service with its pages, served over HTTP."""
    with open_door(whole_service(service_url)) as address:
        yield address


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this folder, closed before asynchronous tests elsewhere need the thread's loop."""
    with open_chromium("--disable-gpu") as browser:
        yield browser


@dataclass
class Gate:
    """What a page tried that it must not: requests to elsewhere, errors on the console, broken answers."""

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()
    """Parts of messages that a test provokes on purpose."""

    def hear(self, kind: str, text: str) -> None:
        """A message of the console; reading canvases back is what tests do, not the page."""
        if kind in ("error", "warning") and "willReadFrequently" not in text:
            self.errors.append(text)

    def verdict(self) -> list[str]:
        """Everything that was not expected."""
        return self.outside + [e for e in self.errors if not any(part in e for part in self.expected)]


Opener = Callable[..., Page]


def until(page: Page, expression: str, seconds: float = 15) -> None:
    """Wait for an expression to hold; Playwright's own waiting makes a function inside the page, which its policy forbids."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"did not come true in {seconds} s: {expression}"
        page.wait_for_timeout(50)


@pytest.fixture
def gate() -> Gate:
    """The gate of this test's pages."""
    return Gate()


@pytest.fixture
def open_page(chromium: Browser, site: str, gate: Gate) -> Iterator[Opener]:
    """Opens a page of the site: open_page(path, phone=, dark=, lang=, login=, script=, door=); closed and judged at the end."""
    contexts: list[BrowserContext] = []

    def watch(page: Page, door: str) -> None:
        def decide(route: Route) -> None:
            if route.request.url.startswith((door, "data:", "blob:")):
                route.continue_()
            else:
                gate.outside.append(route.request.url)
                route.abort()

        page.route("**/*", decide)
        page.on("console", lambda m: gate.hear(m.type, m.text))
        page.on("pageerror", lambda e: gate.errors.append(str(e)))

    def open_it(
        path: str = "/",
        *,
        phone: bool = False,
        dark: bool = False,
        lang: str = "zh-CN",
        login: str | None = None,
        script: bool = True,
        ready: bool = True,
        door: str = site,
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": 390, "height": 844} if phone else {"width": 1200, "height": 760},
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
            locale=lang,
            java_script_enabled=script,
            base_url=door,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        watch(page, door)
        if login:
            answer = context.request.post(
                "/login", form={"username": login, "password": PASSWORD, "next": "/"}, max_redirects=0
            )
            assert "yzt_session" in answer.headers.get("set-cookie", ""), f"{login} could not log in"
        page.goto(path)
        if script and ready:
            page.wait_for_selector('html[data-ready="1"]', state="attached")
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert gate.verdict() == []
