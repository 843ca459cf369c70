"""`yizhangtu import`: a file into a collection, or a batch taken back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn

from geo.exchange.commands import Options, StrictRefusal, import_file
from geo.exchange.kinds import ACCEPTED_EN
from geo.exchange.report import Report
from geo.exchange.undoing import undo
from geo.landuse.commands import recompute_after_batch
from geo.landuse.evidence.commands import measure_due
from ops.commands.door import ADMIN, COMMAND_LINE, DONE, PARTLY, REFUSED, USAGE, console, engine, guarded, show, stop


@guarded
def import_(
    file: Annotated[Path | None, typer.Argument(help=ACCEPTED_EN)] = None,
    into: Annotated[str | None, typer.Option(help="the collection it goes into")] = None,
    county: Annotated[str | None, typer.Option(help="code of the county")] = None,
    map_: Annotated[list[str] | None, typer.Option("--map", help="file_column=column, repeatable")] = None,
    publish: Annotated[bool, typer.Option(help="show the rows to everyone")] = False,
    strict: Annotated[bool, typer.Option(help="one bad row, and nothing is applied")] = False,
    dry_run: Annotated[bool, typer.Option(help="check everything, apply nothing")] = False,
    source_epsg: Annotated[int | None, typer.Option(help="the file's CRS, where it does not say")] = None,
    layer: Annotated[str | None, typer.Option(help="which layer of a file with several")] = None,
    source: Annotated[str | None, typer.Option(help="code of the data source these rows come from")] = None,
    undo_: Annotated[int | None, typer.Option("--undo", help="take this batch back")] = None,
    rejects: Annotated[Path | None, typer.Option(help="where rejected rows are written")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Import FILE, or take a batch back with --undo."""
    if undo_ is not None:
        with engine() as e:
            taken_back = undo(e, COMMAND_LINE, undo_)
            recompute_after_batch(e, COMMAND_LINE, taken_back.county_code, taken_back.batch_id)
            measure_due(e, ADMIN)
            finish(taken_back, as_json, None)
    if file is None or into is None or county is None:
        stop(USAGE, "yizhangtu import FILE --into COLLECTION --county CODE, or --undo BATCH")
    if not file.exists():
        stop(USAGE, f"there is no file {file}")
    pairs = dict(m.split("=", 1) for m in map_ or [] if "=" in m)
    if len(pairs) != len(map_ or []):
        stop(USAGE, "--map takes file_column=column")
    options = Options(publish, strict, dry_run, pairs, source_epsg, layer, source)
    with engine() as e, bar() as step:
        try:
            report = import_file(e, COMMAND_LINE, file, into, county, options, step)
            step("land rules", 0, 1)
            recompute_after_batch(e, COMMAND_LINE, county, report.batch_id)
            measure_due(e, ADMIN)
        except StrictRefusal as refusal:
            write_rejects(refusal.extra["report"], rejects or beside(file))
            raise
    finish(report, as_json, rejects or beside(file))


def beside(file: Path) -> Path:
    """Where rejected rows of a file go: next to it, or here where its folder cannot be written."""
    folder = file.parent if os.access(file.parent, os.W_OK) else Path.cwd()
    return folder / f"{file.stem}.rejects"


class bar:  # noqa: N801 - reads as a word where it is used
    """A progress bar on standard error, for as long as a block runs."""

    def __enter__(self) -> Any:
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.total} rows"),
            console=console,
            transient=True,
        )
        self.progress.start()
        self.task = self.progress.add_task("start", total=None)
        return lambda name, done, total: self.progress.update(self.task, description=name, completed=done, total=total)

    def __exit__(self, *_: object) -> None:
        self.progress.stop()


def write_rejects(report: Report, out: Path) -> Path | None:
    """Write the rejected rows beside `out`, with the ending of their kind; None when there are none."""
    if report.rejects is None:
        return None
    kind = Path(report.rejects.name).suffix
    path = out if out.suffix == kind else out.with_name(out.name.removesuffix(".csv").removesuffix(".gpkg") + kind)
    path.write_bytes(report.rejects.data)
    return path


def finish(report: Report, as_json: bool, rejects: Path | None) -> None:
    """Print what happened and leave with the exit code of design.md 9."""
    summary = report.summary()
    bad = report.count("rejected")
    lines = [f"batch {report.batch_id}: {', '.join(f'{n} {a}' for a, n in summary['actions'].items()) or 'no rows'} "
             f"in {summary['seconds']} s"]  # fmt: skip
    lines += [f"  {n} x {reason}" for reason, n in summary["reasons"].items()]
    written = write_rejects(report, rejects) if rejects else None
    if written:
        lines.append(f"  rejected rows: {written}")
        summary["rejects"] = str(written)
    show(summary, as_json=as_json, text="\n".join(lines))
    is_nothing = bool(report.rows) and bad == len(report.rows)
    raise typer.Exit(REFUSED if is_nothing else PARTLY if bad or report.count("kept") else DONE)
