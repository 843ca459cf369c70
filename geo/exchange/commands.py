"""Importing a file: one transaction, one batch in the register, every row accounted for."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from sqlalchemy import Connection, Engine, text

from geo.db import Actor, acting_sync
from geo.errors import BadInput, Problem
from geo.exchange.area_unit import settle_area_unit
from geo.exchange.batches import (
    AlreadyDone,
    close_batch,
    county_place,
    one_at_a_time,
    open_batch,
    source_id,
    still_open,
)
from geo.exchange.facts import load_facts
from geo.exchange.listed import code_lists
from geo.exchange.loading import load
from geo.exchange.pauses import load_pauses
from geo.exchange.placing import Place, choose_crs
from geo.exchange.reading import read
from geo.exchange.rejects import rejects_of
from geo.exchange.report import Progress, Report, silent
from geo.exchange.shaping import reject, shape
from geo.exchange.source import Source
from geo.exchange.staging import Staged, settle_codes, stage
from geo.exchange.stored import store
from geo.exchange.targets import FACTS, LEDGERS, PAUSES, Target, target
from geo.exchange.unpacking import readable_file


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller asks of an import (design.md 9)."""

    publish: bool = False
    strict: bool = False
    dry_run: bool = False
    column_map: dict[str, str] = field(default_factory=dict)
    source_epsg: int | None = None
    layer: str | None = None
    source: str | None = None
    """Code of the data source whose rows these are (attribution, licence, known faults)."""


class StrictRefusal(BadInput):
    """`--strict`, and a row was at fault: nothing was applied. `extra['report']` says which."""


def import_file(
    engine: Engine, actor: Actor, path: Path, collection: str, county_code: str, options: Options, progress: Progress = silent,
    batch_id: int | None = None,
) -> Report:  # fmt: skip
    """Import one file in one transaction and return what became of every row.

    Raises BadInput for a file that cannot be taken, NotFound for an unknown county, Busy while another import into the
    same collection runs, StrictRefusal with `strict`.
    """
    begun = time.monotonic()
    goal = None if collection in LEDGERS else target(collection)
    with tempfile.TemporaryDirectory(prefix="yzt-import-") as workdir:
        progress("read", 0, 1)
        source = read(readable_file(path, Path(workdir)), options.layer)
    with acting_sync(engine, actor) as connection:
        one_at_a_time(connection, county_code, collection)
        place = county_place(connection, county_code)
        asked = {"publish": options.publish, "map": options.column_map, "source": options.source}
        if batch_id is not None and not still_open(connection, batch_id):
            raise AlreadyDone(Problem(zh="这个批次已经完成", en="this batch is done already"))
        batch = batch_id or open_batch(connection, county_code, collection, path, asked)
        report = Report(batch, collection, county_code, guesses=dict(source.guesses), is_dry_run=options.dry_run)
        progress("check", 0, len(source.frame))
        if collection == FACTS:
            report.rows = load_facts(
                connection, source.frame, county_code, batch, code_lists(connection), options.column_map
            )
        elif collection == PAUSES:
            report.rows = load_pauses(connection, source.frame, county_code, options.column_map)
        elif goal is not None:
            staged, srid = _prepare(connection, source, goal, place, options, report)
            source_row = source_id(connection, county_code, options.source) if options.source else None
            load(
                connection, staged, goal, county_code, publish=options.publish, source_srid=srid, progress=progress,
                data_source_id=source_row,
            )  # fmt: skip
            report.rows = staged.rows
        report.seconds = time.monotonic() - begun
        report.rejects = rejects_of(source, report)
        if options.strict and report.count("rejected"):
            raise StrictRefusal(
                Problem(
                    zh="有不合格的行，--strict 下全部未导入", en="rows are at fault; with --strict nothing was applied"
                ),
                extra={"report": report},
            )
        file_id = store(connection, county_code, report.rejects, "rejects", actor.account) if report.rejects else None
        close_batch(connection, report, file_id)
        progress("done", len(report.rows), len(report.rows))
        if options.dry_run:
            connection.rollback()
            report.batch_id = None
    return report


def _prepare(
    connection: Connection, source: Source, goal: Target, place: Place, options: Options, report: Report
) -> tuple[Staged, int | None]:
    """Attributes typed, geometry in EPSG:4490 and codes settled; and the EPSG code the file was in."""
    staged = stage(source.frame, goal, options.column_map, code_lists(connection))
    srid = None
    for i, note in source.notes.items():
        staged.rows[i].repairs.append(note)
    if goal.is_mapped and source.geometry is not None and len(staged.rows):
        for i, (reason_code, said) in source.faults.items():
            if staged.rows[i].action != "rejected":
                is_type = reason_code == "wrong_geometry_type"
                details = (said, "/".join(goal.geometry)) if is_type else (f" ({said})" if said else "",)
                reject(staged.rows[i], reason_code, *details)
        if shapely.is_missing(source.geometry).all():
            staged.geometry = np.full(len(staged.rows), None, dtype=object)
        else:
            srid = _place(connection, staged, source, goal, place, options, report)
    settle_codes(staged, goal)
    report.guesses["columns"] = {"value": staged.sources, "evidence": ["the rest is kept in `extra`"]}
    if staged.withdrawn:
        report.guesses["columns"]["evidence"].append(
            f"named like ours, but not readable as such: {', '.join(staged.withdrawn)}"
        )
    return staged, srid


def _place(
    connection: Connection, staged: Staged, source: Source, goal: Target, place: Place, options: Options, report: Report
) -> int | None:
    chosen = choose_crs(source.crs, options.source_epsg, source.geometry, place)
    source.crs = chosen.crs
    report.guesses["crs"] = chosen.guess
    outside_max_m = connection.execute(
        text("select register.parameter_value('geo.outside_county_max_m', :county, current_date)"),
        {"county": place.code},
    ).scalar_one()
    given = shapely.transform(source.geometry, lambda p: p[:, ::-1]) if chosen.is_swapped else source.geometry
    staged.geometry, operation = shape(given, chosen.crs, goal, place, staged.rows, float(outside_max_m))
    report.guesses["operation"] = {"value": operation, "evidence": []}
    unit = settle_area_unit(staged, place)
    if unit is not None:
        report.guesses["area_unit"] = unit
    return chosen.crs.to_epsg()
