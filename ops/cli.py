"""`yizhangtu`: the command line. Exit codes: 0 done, 1 refused, 2 usage, 3 applied with rejected rows, 4 no database."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from ops import database
from ops.commands import counties, importing, maintenance, tiles, trail
from ops.commands.door import guarded, owner_url, show

app = typer.Typer(
    name="yizhangtu",
    help="一张图: one map of a county's land, plants and projects.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command("import")(importing.import_)
county = counties.app
county.command("republish")(maintenance.republish)
county.command("measure")(maintenance.measure)
app.add_typer(county, name="county")
app.command("backup")(maintenance.backup)
app.command("restore")(maintenance.restore)
app.add_typer(maintenance.sample, name="sample")
app.add_typer(trail.app, name="audit")
app.add_typer(tiles.app, name="tiles")


@app.command()
@guarded
def migrate(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Bring the database to this version's schema; GEO_APP_PASSWORD, if set, becomes the password of the role yzt_app."""
    with owner_url() as url:
        database.prepare(url, os.environ.get("GEO_APP_PASSWORD"))
    show({"migrated": True}, as_json=as_json, text="the database is at this version's schema")


def main() -> None:
    """Entry point of the installed command."""
    app()


if __name__ == "__main__":
    main()
