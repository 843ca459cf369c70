"""Bringing the leads of a county up to date: one statement for all rules that are leads, made from the
catalogue (rules/).

After a fact, after an import, and once per civil date of the county: time alone makes land idle.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, Engine, text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.clock import Now, now, today
from geo.db import Actor, acting_sync
from geo.landuse.queries import NO_COMPILING
from geo.landuse.rules.sql_statements import statements

DAILY_TASK = "landuse"
_PARCELS_OF_BATCH = text(
    "select distinct case b.collection when 'parcels' then i.subject_id when 'facts' then f.subject_id else p.parcel_id end "
    "from register.import_batch b join register.import_row i on i.import_batch_id = b.id "
    "left join register.fact f on b.collection = 'facts' and f.county_code = b.county_code and f.id = i.subject_id "
    "and f.subject_kind = 'parcel' "
    "left join register.clock_pause p on b.collection = 'clock_pauses' and p.county_code = b.county_code and p.id = i.subject_id "
    "where b.id = :batch and b.collection in ('parcels', 'facts', 'clock_pauses') and i.action in ('inserted', 'updated', 'restored', 'removed')"
)
_DUE = text(
    "select c.code, c.time_zone, r.run_on from register.county c "
    "left join register.daily_run r on r.county_code = c.code and r.task = :task where c.rule_set is not null order by c.code"
)


def _bound(county_code: str, as_of: date, parcel_ids: list[int] | None) -> dict[str, object]:
    return {"county": county_code, "as_of": as_of, "known_at": "infinity", "ids": parcel_ids}


def recompute_sync(
    connection: Connection, county_code: str, as_of: date, parcel_ids: list[int] | None = None
) -> tuple[int, int]:
    """Leads of a county (or of some parcels) as of a civil date; returns how many stand and how many went."""
    bound = _bound(county_code, as_of, parcel_ids)
    connection.execute(NO_COMPILING)
    kept, gone = connection.execute(statements(as_of).keep(), bound).one()
    return kept, gone


async def recompute(
    connection: AsyncConnection, county_code: str, as_of: date, parcel_ids: list[int] | None = None
) -> tuple[int, int]:
    """The same within a request, after a fact was recorded."""
    bound = _bound(county_code, as_of, parcel_ids)
    await connection.execute(NO_COMPILING)
    kept, gone = (await connection.execute(statements(as_of).keep(), bound)).one()
    return kept, gone


def recompute_after_batch(engine: Engine, actor: Actor, county_code: str, batch_id: int | None, at: Now = now) -> int:
    """Leads of the parcels that an import, or the undoing of one, touched; returns how many parcels. None = a dry run."""
    if batch_id is None:
        return 0
    with acting_sync(engine, actor) as connection:
        found = connection.execute(_PARCELS_OF_BATCH, {"batch": batch_id}).scalars()
        parcels = [parcel_id for parcel_id in found if parcel_id is not None]
        if parcels:
            zone = connection.execute(
                text("select time_zone from register.county where code = :code"), {"code": county_code}
            ).scalar_one()
            recompute_sync(connection, county_code, today(zone, at), parcels)
    return len(parcels)


def recompute_daily(engine: Engine, actor: Actor, at: Now = now) -> list[str]:
    """Leads of every county whose civil date has changed since they were last brought up to date; returns those counties.

    Safe to run by several workers at once: each county is one transaction, and the second finds it done.
    """
    with acting_sync(engine, actor) as connection:
        counties = connection.execute(_DUE, {"task": DAILY_TASK}).all()
    done = []
    for code, zone, run_on in counties:
        civil = today(zone, at)
        if run_on is not None and run_on >= civil:
            continue
        with acting_sync(engine, actor) as connection:
            marked = connection.execute(
                text(
                    "insert into register.daily_run (county_code, task, run_on) values (:county, :task, :on) "
                    "on conflict (county_code, task) do update set run_on = excluded.run_on, finished_at = clock_timestamp() "
                    "where daily_run.run_on < excluded.run_on returning run_on"
                ),
                {"county": code, "task": DAILY_TASK, "on": civil},
            ).first()
            if marked is not None:
                recompute_sync(connection, code, civil)
                done.append(code)
    return done
