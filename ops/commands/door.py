"""What every command shares: the database's address, the actor, exit codes, and errors as one readable line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

import typer
from rich.console import Console
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from geo.db import ALL_UNITS, Actor, Audience, sync_engine
from geo.errors import GeoError
from ops.private import private_database

DONE, REFUSED, USAGE, PARTLY, NO_DATABASE = 0, 1, 2, 3, 4
"""Exit codes of design.md 9."""

COMMAND_LINE = Actor(Audience.STAFF, account="command-line", units=(ALL_UNITS,), tier="P3")
ADMIN = Actor(Audience.ADMIN, account="command-line", units=(ALL_UNITS,), tier="P3")

console = Console(stderr=True)

P = ParamSpec("P")
R = TypeVar("R")


def lang() -> str:
    """Language of the terminal: English unless LANG or LC_ALL says Chinese."""
    return "zh" if (os.environ.get("LC_ALL") or os.environ.get("LANG") or "").startswith("zh") else "en"


@contextmanager
def owner_url() -> Iterator[str]:
    """Address of the database: DATABASE_URL, else this checkout's private cluster (started if it is not running)."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    with private_database() as addresses:
        yield addresses.owner_url


@contextmanager
def engine() -> Iterator[Engine]:
    """An engine on that database."""
    with owner_url() as url:
        made = sync_engine(url)
        try:
            yield made
        finally:
            made.dispose()


def stop(code: int, message: str) -> NoReturn:
    """One readable line on standard error, and the exit code."""
    console.print(message, style="red", highlight=False, markup=False)
    raise typer.Exit(code)


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the county's errors into a line and an exit code; a database that is away is 4."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except GeoError as error:
            more = [f"{f.where}: {f.expected.text(lang())}" for f in error.faults if f.expected]
            stop(REFUSED, "\n".join([error.message.text(lang()), *more]))
        except OperationalError as error:
            stop(NO_DATABASE, f"no database: {str(error.orig).splitlines()[0] if error.orig else error}")

    return run


def show(data: Any, *, as_json: bool, text: str) -> None:
    """The result: JSON for machines, a few lines for people."""
    print(json.dumps(data, ensure_ascii=False, default=str) if as_json else text, file=sys.stdout)
