"""A walk over every page: in English no Chinese but names and what is marked as Chinese, in Chinese no bare codes."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import httpx
import psycopg
import pytest
from lxml import html

from tests.browser.conftest import Opener
from tests.browser.county import PASSWORD, PLACE

CHINESE = re.compile(r"[\u3400-\u9fff]+")
WORD = re.compile(r"[A-Za-z][A-Za-z_]{2,}")
SILENT = {"script", "style", "noscript", "template", "code", "pre", "kbd", "svg:style"}
SPOKEN = ("aria-label", "title", "alt", "placeholder")
"""Attributes that are read out or shown."""

ALIKE = 2
"""Pages of one kind that are read: two items of a collection, not all."""

NOT_PAGES = re.compile(
    r"^/(docs|openapi\.json|static|v1|metrics|health|ogc/api)|/tiles/|\.(pdf|png|json|csv|gpkg|fgb)$"
)


def _kind(path: str, query: dict[str, list[str]]) -> str:
    """Pages drawn by one template from one sort of thing."""
    parts, names = path.strip("/").split("/"), sorted(set(query) - {"lang", "county"})
    if parts[0] == "desk":
        # filters of a list of the desk go together in every way there is
        parts[2:], names = ["*"] * len(parts[2:]), names if len(names) < 2 else ["several"]
    elif len(parts) > 1 and parts[0] != "ogc":
        parts[1] = "*"
    if "items" in parts:
        parts[parts.index("items") + 1 :] = ["*"] * (len(parts) - parts.index("items") - 1)
    return "/".join(parts) + "?" + ",".join(names)


def _pages(door: httpx.Client, lang: str) -> Iterator[tuple[str, str]]:
    """Address and HTML of each page that can be reached from the map, from the catalogue and by address."""
    todo = deque(
        [
            "/",
            "/catalogue",
            "/rules",
            "/ogc?f=html",
            "/login",
            "/problems/too-heavy",
            "/search?q=chengdong",
            "/nowhere",
            "/parcels/nowhere",
        ]
    )
    seen: set[str] = set()
    read: Counter[str] = Counter()
    while todo:
        parts = urlsplit(todo.popleft())
        query = {
            name: value for name, value in parse_qs(parts.query).items() if name not in ("lang", "as_of", "cursor")
        }
        kind = _kind(parts.path, query)
        address = parts.path + "?" + urlencode(query | {"lang": [lang]}, doseq=True)
        if (
            address in seen
            or read[kind] >= ALIKE
            or NOT_PAGES.search(parts.path)
            or query.get("county", ["330225"]) != ["330225"]
        ):
            continue
        seen.add(address)
        answer = door.get(address, headers={"accept": "text/html"})
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        read[kind] += 1
        yield address, answer.text
        for link in html.fromstring(answer.text).iter("a"):
            goal = urlsplit(urljoin(address, link.get("href") or ""))
            if not goal.netloc or goal.netloc == door.base_url.netloc.decode():
                todo.append(goal.path + ("?" + goal.query if goal.query else ""))


def _said(text: str) -> Iterator[tuple[str, str, bool]]:
    """(language it is marked with, what is shown or read out, whether it stands for a person's eyes as a code)."""

    def walk(node: html.HtmlElement, lang: str) -> Iterator[tuple[str, str, bool]]:
        if not isinstance(node.tag, str):
            return
        lang = node.get("lang") or lang
        is_code = node.tag in SILENT or "code" in (node.get("class") or "").split()
        for name in SPOKEN:
            if node.get(name):
                yield lang, node.get(name) or "", is_code
        if node.text and node.tag not in ("script", "style", "template"):
            yield lang, node.text, is_code
        for child in node:
            if node.tag not in ("script", "style", "template"):
                yield from walk(child, lang)
            if child.tail:
                yield lang, child.tail, is_code

    yield from walk(html.fromstring(text), "")


@pytest.fixture(scope="module")
def names(county_url: str) -> list[str]:
    """Every name the register gives a thing, a unit, a person or a source; the longest first."""
    with psycopg.connect(county_url) as connection:
        columns = connection.execute(
            "select table_name, column_name from information_schema.columns where table_schema = 'register' "
            "and column_name in ('name', 'display_name', 'document_no', 'attribution', 'publisher', 'summary', 'clause_no', 'username', 'file_name') "
            "and table_name not like '%\\_version' and table_name not in ('code_list', 'code_value')"
        ).fetchall()
        found = {
            row[0]
            for table, column in columns
            for row in connection.execute(
                f'select distinct "{column}" from register."{table}" where "{column}" is not null'
            )
        }
    return sorted(found, key=len, reverse=True)


@pytest.fixture(scope="module")
def codes(county_url: str) -> set[str]:
    """Every code of the register's lists that is a Latin word of three letters or more."""
    with psycopg.connect(county_url) as connection:
        rows = connection.execute("select code from register.code_value union select code from register.fact_kind")
        return {row[0] for row in rows if WORD.fullmatch(row[0]) and not row[0].isdigit()}


def foreign(lang: str, text: str, names: list[str], codes: set[str]) -> list[str]:
    """What a reader of `lang` could not read in a page."""
    faults = []
    for marked, said, is_code in _said(text):
        rest = said
        for name in names:
            rest = rest.replace(name, "")
        if lang == "en" and not marked.startswith("zh") and CHINESE.search(rest.replace("示例", "")):
            faults.append(" ".join(said.split())[:80])
        if lang == "zh" and not is_code and not marked.startswith("en"):
            faults += [word for word in WORD.findall(rest) if word in codes or "_" in word]
    return faults


@pytest.mark.parametrize("login", [None, "bureau"], ids=["public", "bureau"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_speaks_the_readers_language(
    site: str, lang: str, login: str | None, names: list[str], codes: set[str]
) -> None:
    with httpx.Client(base_url=site, follow_redirects=True, timeout=30) as door:
        if login:
            door.post("/login", data={"username": login, "password": PASSWORD, "next": "/"})
        found = {address: foreign(lang, text, names, codes) for address, text in _pages(door, lang)}
    assert len(found) > 30
    assert {address: faults for address, faults in found.items() if faults} == {}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_map_speaks_the_readers_language(open_page: Opener, lang: str, names: list[str], codes: set[str]) -> None:
    page = open_page(f"/?lang={lang}&m=15/{PLACE[1]}/{PLACE[0]}&id=parcels:P2", login="bureau")
    assert foreign(lang, page.content(), names, codes) == []


def test_a_foreign_word_is_seen(names: list[str], codes: set[str]) -> None:
    assert foreign("en", "<html lang='en'><p>Status 可供应</p><p lang='zh'>可</p></html>", names, codes) == [
        "Status 可供应"
    ]
    assert foreign("zh", "<html lang='zh'><p>状态 AVAILABLE</p><code>AVAILABLE</code></html>", names, codes) == [
        "AVAILABLE"
    ]
