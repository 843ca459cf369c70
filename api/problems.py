"""Errors as RFC 9457 problems: one table of slugs, statuses and titles, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
import psycopg
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

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
    errors.Unavailable: Kind("unavailable", 503, "暂时不可用", "Not available at the moment"),
}
METHOD = Kind("method-not-allowed", 405, "不支持这种请求方法", "Method not allowed")
ACCEPT = Kind("not-acceptable", 406, "没有这种格式", "No such format")
INTERNAL = Kind("internal", 500, "系统出错", "Something went wrong here")
BY_STATUS = {kind.status: kind for kind in (*KINDS.values(), METHOD, ACCEPT, INTERNAL)}
SLUGS = {kind.slug: kind for kind in BY_STATUS.values()}
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
    """The problem as JSON, or as a page for a browser that asked for one."""
    body = document(request, kind, message, faults, extra)
    headers = {
        "Content-Language": language(request),
        "Cache-Control": "no-store",
        "Vary": "Accept, Accept-Language, Cookie",
    }
    if kind.status in (503, 429):
        headers["Retry-After"] = str((extra or {}).get("retry_after_s", RETRY_AFTER_S))
    if kind.status == 401:
        headers["WWW-Authenticate"] = 'Bearer, Basic realm="yizhangtu"'
    page = getattr(request.app.state, "problem_page", None)
    if (
        page is not None
        and "text/html" in request.headers.get("accept", "")
        and (
            not request.url.path.startswith(("/ogc", "/v1", "/health"))
            or "form" in request.headers.get("content-type", "")  # a page's own form, sent without script
        )
    ):
        made: Response = page(request, body)
        made.headers.update(headers)
        return made
    return Response(orjson.dumps(body, default=str), kind.status, headers, "application/problem+json")


def kind_of(error: GeoError) -> Kind:
    """The kind of an error: its class, or the nearest above it."""
    return next(KINDS[c] for c in type(error).__mro__ if c in KINDS)


def from_database(error: DBAPIError) -> GeoError | None:
    """What a database error means for the reader; None when it is ours to mend (500)."""
    cause = error.orig
    state = getattr(cause, "sqlstate", None) or ""
    if isinstance(cause, psycopg.errors.QueryCanceled):
        return Unavailable(
            Problem(zh="查询用时过长，已停止；请缩小范围", en="the query took too long and was stopped; ask for less")
        )
    if (
        isinstance(error, OperationalError)
        or error.connection_invalidated
        or isinstance(cause, psycopg.OperationalError)
    ):
        return Unavailable(Problem(zh="数据库暂时连不上，请稍候再试", en="the database is away; try again in a moment"))
    if state == "YZ400" or isinstance(cause, psycopg.DataError):
        column = getattr(getattr(cause, "diag", None), "column_name", None) or "value"
        return BadInput.at(column, Problem(zh="值不合要求", en="the value cannot be taken"))
    if state == "YZ404":
        return errors.NotFound(Problem(zh="没有找到", en="nothing found"))
    if state == "YZ409" or isinstance(cause, psycopg.errors.ExclusionViolation | psycopg.errors.UniqueViolation):
        return errors.Conflict(Problem(zh="与已有记录冲突", en="it conflicts with what stands already"))
    if isinstance(cause, psycopg.errors.InsufficientPrivilege) or state == "YZ403":
        return errors.Forbidden(Problem(zh="无权写入该责任单位的记录", en="no rights to write for this unit"))
    return None


def install(app: FastAPI) -> None:
    """Let every error of the service leave as a problem."""

    @app.exception_handler(GeoError)
    async def geo_error(request: Request, error: GeoError) -> Response:
        return respond(request, kind_of(error), error.message, error.faults, error.extra)

    @app.exception_handler(DBAPIError)
    async def database_error(request: Request, error: DBAPIError) -> Response:
        known = from_database(error)
        if known is None:
            log.error("database_error", error=str(error.orig), request_id=request.state.request_id)
            return respond(request, INTERNAL, None)
        return respond(request, kind_of(known), known.message, known.faults)

    @app.exception_handler(PoolTimeout)
    async def pool_timeout(request: Request, error: PoolTimeout) -> Response:
        busy = Problem(zh="系统繁忙，请稍候再试", en="the service is busy; try again in a moment")
        return respond(request, KINDS[Unavailable], busy)

    @app.exception_handler(RequestValidationError)
    async def validation(request: Request, error: RequestValidationError) -> Response:
        faults = [
            FieldFault(str(e["loc"][-1]) if e["loc"] and e["loc"][0] in ("query", "path") else "/" + "/".join(str(p) for p in e["loc"][1:]),
                       Problem(zh=f"值不合要求（{e['msg']}）", en=str(e["msg"])))
            for e in error.errors()
        ]  # fmt: skip
        return respond(request, KINDS[BadInput], Problem(zh="输入不合要求", en="A value cannot be taken"), faults)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        kind = BY_STATUS.get(error.status_code, KINDS[errors.BadInput] if error.status_code < 500 else INTERNAL)
        made = respond(request, kind, None)
        made.headers.update({k: v for k, v in (error.headers or {}).items() if k.lower() == "allow"})
        return made

    @app.exception_handler(Exception)
    async def anything(request: Request, error: Exception) -> Response:
        log.error("unexpected", exc_info=error, request_id=getattr(request.state, "request_id", ""))
        return respond(request, INTERNAL, None)
