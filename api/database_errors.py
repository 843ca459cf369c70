"""What an error of the database means for the reader; its own words never leave the service."""

from __future__ import annotations

import psycopg
from psycopg import errors as pg
from sqlalchemy.exc import DBAPIError

from geo import errors
from geo.errors import BadInput, GeoError, Problem, Unavailable

AWAY = Problem(zh="数据库暂时连不上，请稍候再试", en="the database is away; try again in a moment")
TOO_HEAVY = Problem(
    zh="查询用时过长，已停止；请缩小范围或减少条数", en="the query took too long and was stopped; ask for less"
)
HELD = Problem(zh="有人正在修改同一内容，请稍候再试", en="somebody is changing the same thing; try again in a moment")
OURS: dict[str, type[GeoError]] = {"YZ400": BadInput, "YZ403": errors.Forbidden, "YZ404": errors.NotFound, "YZ409": errors.Conflict}  # fmt: skip
"""Codes that the register's own triggers and functions raise (migrations/sql)."""


def from_database(error: DBAPIError, *, is_read: bool) -> GeoError | None:
    """The error as one of the county's; None when it is ours to mend (500)."""
    cause = error.orig
    state = getattr(cause, "sqlstate", None) or ""
    column = getattr(getattr(cause, "diag", None), "column_name", None)
    if state in OURS:
        return _own(OURS[state], column)
    if isinstance(cause, pg.QueryCanceled):
        return errors.TooHeavy(TOO_HEAVY) if is_read else Unavailable(TOO_HEAVY)
    if isinstance(cause, pg.LockNotAvailable | pg.DeadlockDetected | pg.SerializationFailure):
        return errors.Conflict(HELD)
    if error.connection_invalidated or isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return Unavailable(AWAY)
    if isinstance(cause, pg.InsufficientPrivilege):
        return errors.Forbidden(Problem(zh="无权写入该责任单位的记录", en="no rights to write for this unit"))
    if isinstance(cause, pg.ExclusionViolation | pg.UniqueViolation):
        return errors.Conflict(Problem(zh="与已有记录冲突", en="it conflicts with what stands already"))
    if isinstance(cause, pg.ForeignKeyViolation):
        return BadInput(Problem(zh="引用的记录不存在", en="it names something that is not there"))
    if isinstance(cause, psycopg.DataError | psycopg.IntegrityError):
        return BadInput.at(column or "value", Problem(zh="值不合要求", en="the value cannot be taken"))
    return None


def _own(kind: type[GeoError], column: str | None) -> GeoError:
    if kind is BadInput:
        return BadInput.at(column or "value", Problem(zh="值不合要求", en="the value cannot be taken"))
    if kind is errors.NotFound:
        return errors.NotFound(Problem(zh="没有找到", en="nothing found"))
    if kind is errors.Conflict:
        return errors.Conflict(Problem(zh="与已有记录冲突", en="it conflicts with what stands already"))
    return kind(Problem(zh="无权写入该责任单位的记录", en="no rights to write for this unit"))
