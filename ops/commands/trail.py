"""`yizhangtu audit verify`: does the trail still fit its seals."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from geo.db import acting_sync
from geo.history.commands import seal, verify
from ops.commands.door import ADMIN, REFUSED, engine, guarded, show

app = typer.Typer(help="The trail of who did what.", no_args_is_help=True)


@app.callback()
def trail() -> None:
    """The trail of who did what."""


@app.command("verify")
@guarded
def verify_trail(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Compare every entry with its seal; exit code 1 when something does not fit."""
    with engine() as e, acting_sync(e, ADMIN) as connection:
        seal(connection)
        faults = verify(connection)
    lines = [f"{f.fault}: seal {f.seal_id}, from entry {f.entry_id}, {f.at:%Y-%m-%d %H:%M:%S %Z}" for f in faults]
    show([asdict(f) for f in faults], as_json=as_json, text="\n".join(lines) or "every entry fits its seal")
    if faults:
        raise typer.Exit(REFUSED)
