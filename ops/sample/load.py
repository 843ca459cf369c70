"""Loading the sample county through the very import path that users use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import shapely
import yaml
from sqlalchemy import Engine, text

from geo.clock import today
from geo.db import ALL_UNITS, Actor, Audience, acting_sync
from geo.exchange.commands import Options, import_file
from geo.exchange.report import Report
from geo.landuse.commands import recompute_sync
from geo.landuse.evidence.commands import measure_due
from geo.registry.counties import add_county
from geo.registry.search.commands import bring_up_to_date
from geo.tiles.measuring import measure
from ops.sample.build import OUT, PARAMETERS, build, is_current
from ops.sample.cases import load_cases, load_overrides
from ops.sample.firms_years import load_years
from ops.sample.pauses import load_pauses
from ops.sample.pictures.hanging import hang
from ops.sample.surroundings import load_surroundings

SAMPLE = Actor(Audience.STAFF, account="sample", units=(ALL_UNITS,), tier="P3")
ADMIN = Actor(Audience.ADMIN, account="sample", units=(ALL_UNITS,), tier="P3")


def is_empty(engine: Engine) -> bool:
    """Whether there is no county yet."""
    with acting_sync(engine, ADMIN) as connection:
        return connection.execute(text("select 1 from register.county limit 1")).first() is None


def load(engine: Engine, say: Callable[[str], None], folder: Path = OUT) -> list[Report]:
    """Build the files where they are missing or made by an older generator, add the county and import every file; returns the reports."""
    if not is_current(folder):
        say("build the sample county (true outline and coast are fetched once)")
        build(folder)
    places = yaml.safe_load(PARAMETERS.read_text(encoding="utf-8"))["county"]
    outline = shapely.from_geojson((folder / "outline.geojson").read_text(encoding="utf-8"))
    with acting_sync(engine, ADMIN) as connection:
        if (
            connection.execute(text("select 1 from register.county where code = :c"), {"c": places["code"]}).first()
            is None
        ):
            add_county(connection, places["code"], name=places["name"], name_en=places["name_en"], outline=outline, survey_epsg=places["survey_epsg"],
                       time_zone=places["time_zone"], rule_set=places["rule_set"], is_sample=True)  # fmt: skip
        load_surroundings(connection, places["code"], folder)
    reports = []
    order = yaml.safe_load((folder / "load_order.yaml").read_text(encoding="utf-8"))
    for number, entry in enumerate(order, start=1):
        report = import_file(
            engine,
            SAMPLE,
            folder / entry["file"],
            entry["into"],
            places["code"],
            Options(publish=entry["publish"], source=entry.get("source")),
        )
        say(f"[{number}/{len(order)}] {entry['into']}: {report.count('inserted')} of {len(report.rows)} rows")
        reports.append(report)
    say(f"evidence: {measure_due(engine, ADMIN)} plots measured")
    with acting_sync(engine, SAMPLE) as connection:
        say(f"pauses: {load_pauses(connection, places['code'], folder)} of the land clock")
        say(f"firms: {load_years(connection, places['code'], folder)} years of figures")
        say(f"cases: {load_cases(connection, places['code'], folder)} of idle land")
        kept, _ = recompute_sync(connection, places["code"], today(places["time_zone"]))
        load_overrides(connection, places["code"], folder)
        say(f"land rules: {kept} answers")
    say(f"search: names of {bring_up_to_date(engine, ADMIN)} things")
    say(f"pictures: {hang(engine, SAMPLE, places['code'], folder)} drawn ones")
    measure(engine, places["code"])
    return reports
