"""`yizhangtu backup`, `restore`, `sample build|load`, `serve`: keeping and running a deployment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geo.landuse.evidence.commands import measure_county
from geo.registry.republish import republish as republish_county
from ops import backup as tools
from ops.commands.door import ADMIN, USAGE, engine, guarded, owner_url, show, stop
from ops.sample import build as sample_build
from ops.sample import load as sample_load

sample = typer.Typer(help="The sample county.", no_args_is_help=True)


@guarded
def backup(file: Path, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Write a consistent copy of the database to FILE."""
    with owner_url() as url:
        size = tools.backup(url, file)
    show({"file": str(file), "bytes": size}, as_json=as_json, text=f"{file}: {size / 1e6:.1f} MB")


@guarded
def restore(file: Path, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Fill an empty database (DATABASE_URL) from FILE."""
    if not file.is_file():
        stop(USAGE, f"there is no file {file}")
    with owner_url() as url:
        tools.restore(url, file)
    show({"restored": str(file)}, as_json=as_json, text="restored")


@sample.command("build")
@guarded
def build(out: Path = sample_build.OUT, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Write the import files of the sample county."""
    counts = sample_build.build(out)
    show(counts, as_json=as_json, text="\n".join(f"{n:6} {name}" for name, n in counts.items()))


@sample.command("load")
@guarded
def load(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Import the sample county into the database."""
    with engine() as e:
        reports = sample_load.load(e, lambda line: None if as_json else print(line))
    show([r.summary() for r in reports], as_json=as_json, text="loaded")


@guarded
def republish(code: str, decimals: int, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Set how many decimals public coordinates of county CODE have, and rewrite them."""
    with engine() as e:
        rows = republish_county(e, ADMIN, code, decimals)
    show(rows, as_json=as_json, text="\n".join(f"{n:8} {table}" for table, n in rows.items()))


@guarded
def measure(code: str, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Measure the surveyed plots of county CODE anew, after a setback or another limit changed."""
    with engine() as e:
        plots, changed = measure_county(e, ADMIN, code)
    show(
        {"plots": plots, "changed": changed},
        as_json=as_json,
        text=f"{plots} plots measured, {changed} came out otherwise",
    )
