"""Errors as RFC 9457 problems: one table of slugs, statuses and titles, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from api.database_errors import from_database
from api.language import language
from geo import errors
from geo.errors import BadInput, FieldFault, GeoError, Problem, Unavailable

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its page is /problems/<slug>."""

    slug: str
    status: int
    zh: str
    en: str


KINDS: dict[type[GeoError], Kind] = {
    errors.BadInput: Kind("bad-input", 400, "输入不合要求", "A value cannot be taken"),
    errors.NotFound: Kind("not-found", 404, "没有找到", "Nothing found"),
    errors.Gone: Kind("gone", 410, "已被取代", "Replaced by something else"),
    errors.Forbidden: Kind("forbidden", 403, "无权操作", "Not allowed"),
    errors.NotLoggedIn: Kind("not-logged-in", 401, "请先登录", "Please log in"),
    errors.Conflict: Kind("conflict", 409, "现在不能这样做", "Not possible now"),
    errors.StaleVersion: Kind("stale-version", 412, "别人刚刚改过", "Somebody else changed it first"),
    errors.VersionRequired: Kind("version-required", 428, "请说明依据的版本", "Say which version you mean"),
    errors.TooLarge: Kind("too-large", 413, "超过大小限制", "Larger than the limit"),
    errors.TooManyRequests: Kind("too-many-requests", 429, "请求过于频繁", "Too many requests"),
    errors.TooHeavy: Kind("too-heavy", 422, "查询过重", "The query asks for too much"),
    errors.Unavailable: Kind("unavailable", 503, "暂时不可用", "Not available at the moment"),
}
METHOD = Kind("method-not-allowed", 405, "不支持这种请求方法", "Method not allowed")
ACCEPT = Kind("not-acceptable", 406, "没有这种格式", "No such format")
INTERNAL = Kind("internal", 500, "系统出错", "Something went wrong here")
BY_STATUS = {kind.status: kind for kind in (*KINDS.values(), METHOD, ACCEPT, INTERNAL)}
SLUGS = {kind.slug: kind for kind in BY_STATUS.values()}
"""Every kind by the last part of its `type`: the pages /problems/<slug>."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
RETRY_AFTER_S = 5


def document(
    request: Request, kind: Kind, message: Problem | None, faults: Any = (), extra: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The problem as RFC 9457 says, with `request_id` and, per field, `errors`."""
    lang = language(request)
    body: dict[str, Any] = {
        "type": f"/problems/{kind.slug}",
        "title": kind.en if lang == "en" else kind.zh,
        "status": kind.status,
    }
    if message is not None:
        body["detail"] = message.text(lang)
    body["request_id"] = getattr(request.state, "request_id", "")
    if faults:
        body["errors"] = [_fault(f, lang) for f in faults]
    return body | (extra or {})


def _fault(fault: FieldFault, lang: str) -> dict[str, str]:
    where = "pointer" if fault.where.startswith("/") else "parameter"
    shown = {where: fault.where, "detail": fault.detail.text(lang)}
    if fault.expected is not None:
        shown["expected"] = fault.expected.text(lang)
    return shown


def respond(
    request: Request, kind: Kind, message: Problem | None, faults: Any = (), extra: dict[str, Any] | None = None
) -> Response:
    """The problem as JSON, or as a page for a browser that asked for one (`app.state.problem_page`)."""
    body = document(request, kind, message, faults, extra)
    headers = {
        "Content-Language": language(request),
        "Cache-Control": "no-store",
        "Vary": "Accept, Accept-Language, Cookie",
    }
    if kind.status in (503, 429):
        headers["Retry-After"] = str((extra or {}).get("retry_after_s", RETRY_AFTER_S))
    if kind.status == 401:
        # A browser that is offered Basic asks for a password in a window of its own, over any page of ours.
        is_browser = "sec-fetch-mode" in request.headers
        headers["WWW-Authenticate"] = "Bearer" if is_browser else 'Bearer, Basic realm="yizhangtu", charset="UTF-8"'
    page = getattr(request.app.state, "problem_page", None)
    if page is not None and _wants_page(request):
        made: Response = page(request, body)
        made.headers.update(headers)
        return made
    return Response(orjson.dumps(body, default=str), kind.status, headers, "application/problem+json")


def _wants_page(request: Request) -> bool:
    if "text/html" not in request.headers.get("accept", ""):
        return False
    is_data = request.url.path.startswith(("/ogc", "/v1", "/health"))
    is_form = "form" in request.headers.get("content-type", "")  # a page's own form, sent without script
    return is_form or not is_data


def respond_to(request: Request, error: GeoError) -> Response:
    """The problem of an error the county raised on purpose."""
    return respond(request, kind_of(error), error.message, error.faults, error.extra)


def kind_of(error: GeoError) -> Kind:
    """The kind of an error: its class, or the nearest above it."""
    return next(KINDS[c] for c in type(error).__mro__ if c in KINDS)


def install(app: FastAPI) -> None:
    """Let every error of the service leave as a problem."""

    @app.exception_handler(GeoError)
    async def geo_error(request: Request, error: GeoError) -> Response:
        return respond_to(request, error)

    @app.exception_handler(DBAPIError)
    async def database_error(request: Request, error: DBAPIError) -> Response:
        known = from_database(error, is_read=request.scope["method"] in SAFE_METHODS)
        event = log.error if known is None else log.warning if isinstance(known, Unavailable) else log.info
        event("database_error", sqlstate=getattr(error.orig, "sqlstate", None), error=str(error.orig))
        return respond(request, INTERNAL, None) if known is None else respond_to(request, known)

    @app.exception_handler(PoolTimeout)
    async def pool_timeout(request: Request, error: PoolTimeout) -> Response:
        log.warning("pool_exhausted")
        busy = Problem(zh="系统繁忙，请稍候再试", en="the service is busy; try again in a moment")
        return respond(request, KINDS[Unavailable], busy)

    @app.exception_handler(RequestValidationError)
    async def validation(request: Request, error: RequestValidationError) -> Response:
        faults = [_validation_fault(e) for e in error.errors()]
        return respond(request, KINDS[BadInput], Problem(zh="输入不合要求", en="a value cannot be taken"), faults)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        kind = BY_STATUS.get(error.status_code, KINDS[errors.BadInput] if error.status_code < 500 else INTERNAL)
        made = respond(request, kind, None)
        made.headers.update({k: v for k, v in (error.headers or {}).items() if k.lower() == "allow"})
        return made


EXPECTED: dict[str, Problem] = {
    "int_parsing": Problem(zh="整数", en="a whole number"),
    "float_parsing": Problem(zh="数", en="a number"),
    "bool_parsing": Problem(zh="true 或 false", en="true or false"),
    "missing": Problem(zh="必须给出", en="it must be given"),
    "json_invalid": Problem(zh="合法的 JSON", en="valid JSON"),
}
"""What would be right, by the validator's own kind of fault."""

LENGTHS = {"string_too_long": ("最多 {} 个字符", "at most {} characters", "max_length"),
           "string_too_short": ("至少 {} 个字符", "at least {} characters", "min_length"),
           "greater_than_equal": ("不小于 {}", "{} or more", "ge"), "greater_than": ("大于 {}", "more than {}", "gt"),
           "less_than_equal": ("不大于 {}", "{} or less", "le"), "less_than": ("小于 {}", "less than {}", "lt")}  # fmt: skip


def _validation_fault(fault: Any) -> FieldFault:
    where = [str(part) for part in fault["loc"]]
    in_body = not where or where[0] == "body"
    name = "/" + "/".join(where[1:]) if in_body else where[-1][:64]
    expected = EXPECTED.get(fault["type"])
    if expected is None and fault["type"] in LENGTHS:
        zh, en, bound = LENGTHS[fault["type"]]
        limit = fault["ctx"][bound]
        expected = Problem(zh=zh.format(limit), en=en.format(limit))
    return FieldFault(name, Problem(zh="值不合要求", en=str(fault["msg"])), expected)
