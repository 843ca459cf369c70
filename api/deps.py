"""Request plumbing, each thing parsed once: county, language, who reads, the transaction, limit, If-Match."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from api.auth.identity import check_origin, check_write, identify
from api.client import is_https
from api.language import language
from geo.db import PUBLIC, Actor, Audience, acting
from geo.errors import BadInput, Forbidden, NotLoggedIn, Problem, VersionRequired
from geo.people.queries import Person
from geo.registry.queries import CountyRow

LIMIT_DEFAULT, LIMIT_MAX = 10, 10_000


def engine_of(request: Request) -> AsyncEngine:
    """The service's engine."""
    engine: AsyncEngine = request.app.state.engine
    return engine


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, in which language, about which county."""

    person: Person | None
    actor: Actor
    lang: str
    county: CountyRow
    base: str = ""
    """Address of this server as the client wrote it, without a slash at the end."""

    @property
    def is_staff(self) -> bool:
        """Whether staff views answer."""
        return self.actor.audience is not Audience.PUBLIC

    def must_be_staff(self) -> Reader:
        """Itself; raises NotLoggedIn for the public."""
        if not self.is_staff:
            raise NotLoggedIn(Problem(zh="请先登录", en="please log in first"))
        return self

    def must_write(self) -> Reader:
        """Itself; raises NotLoggedIn for the public, Forbidden for an account that only reads."""
        self.must_be_staff()
        if not self.actor.units:
            raise Forbidden(Problem(zh="您的账号只能查看", en="this account reads only"))
        return self


async def current_reader(request: Request, county: Annotated[str | None, Query(max_length=64)] = None) -> Reader:
    """The reader of this request; checks the CSRF token of a write. Raises NotFound for an unknown county."""
    engine = engine_of(request)
    check_origin(request)
    await request.app.state.publication.before_data(engine)
    person = await identify(request, engine)
    if person is not None:
        request.state.account = person.username
        await check_write(request, person)
    row = await request.app.state.counties.find(engine, county, request.app.state.api.item_timeout_ms)
    scheme = "https" if is_https(request, request.app.state.api) else "http"
    base = f"{scheme}://{request.url.netloc}"
    return Reader(person, person.actor(row.code) if person is not None else PUBLIC, language(request), row, base)


ReaderDep = Annotated[Reader, Depends(current_reader)]


async def transaction(request: Request, reader: ReaderDep) -> AsyncIterator[AsyncConnection]:
    """One transaction as the reader; committed when the answer is made."""
    async with acting(engine_of(request), reader.actor, request.app.state.api.item_timeout_ms) as connection:
        yield connection


Transaction = Annotated[AsyncConnection, Depends(transaction, scope="function")]


def parse_limit(text: str | None) -> int:
    """1 or more, at most 10,000 (larger is cut); raises BadInput."""
    if text is None:
        return LIMIT_DEFAULT
    if not text.isascii() or not text.isdigit() or int(text[:9]) < 1:
        raise BadInput.at("limit", Problem(zh="limit 应为正整数", en="limit must be a positive whole number"))
    return min(int(text[:9]), LIMIT_MAX)


def known_parameters(request: Request, *names: str) -> None:
    """Raise BadInput for a query parameter this address does not have (design.md 9)."""
    for name in request.query_params:
        if name not in (*names, "county", "lang", "f"):
            raise BadInput.at(
                name[:64],
                Problem(zh=f"没有参数“{name[:64]}”", en=f"there is no parameter '{name[:64]}'"),
                Problem(zh="可用：" + "、".join(names), en="there are: " + ", ".join(names)),
            )


def etag(code: str, version: int) -> str:
    """The strong ETag of an item (design.md 9); percent-escaped where a header cannot carry the code."""
    safe = "".join(
        ch if 32 < ord(ch) < 127 and ch not in '"\\' else "".join(f"%{b:02X}" for b in ch.encode()) for ch in code
    )
    return f'"{safe}-{version}"'


def version_of(given: str | None) -> int:
    """The version an If-Match means; raises VersionRequired (missing or `*`) and BadInput."""
    if given is None or given.strip() in ("", "*"):
        raise VersionRequired(
            Problem(zh="写入要带 If-Match（您看到的版本）", en="a write needs If-Match: the version you saw")
        )
    number = given.strip().strip('"').rpartition("-")[2]
    if not number.isdigit():
        raise BadInput.at("If-Match", Problem(zh="If-Match 不是我们给出的 ETag", en="If-Match is not an ETag of ours"))
    return int(number[:18])
