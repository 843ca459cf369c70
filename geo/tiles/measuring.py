"""From which zoom the shapes of a county's collection show: the lowest whose busiest tile stays within its limits.

Done at load and looked at by the worker; the answer is data (`register.tile_detail`), and cells are made for the zooms below.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from isal import igzip
from sqlalchemy import Connection, Engine, text

from geo.db import ALL_UNITS, READ_SCHEMA, Actor, Audience, acting_sync
from geo.registry.collections import COLLECTIONS, Collection
from geo.tiles.queries import BUFFER, EXTENT, LIVE_ONLY, TILE_MAX_BYTES, shapes

TILE_MAX_BYTES_GZIP = 200_000
GZIP_LEVEL = 2
FINEST_ZOOM = 16
"""From here on shapes show in any case; a tile over its limit is answered with cells."""

HOPELESS = 3
"""A tile guessed this many times over its limit is not made to be sure: at low zooms shapes shrink, but not that much."""

FEATURE_BYTES, POINT_BYTES = 60, 3
MEASURER = Actor(Audience.ADMIN, account="worker", units=(ALL_UNITS,), tier="P3")

_WEIGHTS = """
select floor(((st_xmin(x.tile_geom) + st_xmax(x.tile_geom)) / 2 + 20037508.342789244) / 40075016.685578488 * :side)::int as tx,
       floor((20037508.342789244 - (st_ymin(x.tile_geom) + st_ymax(x.tile_geom)) / 2) / 40075016.685578488 * :side)::int as ty,
       count(*) as n, sum(:feature + :point * st_npoints(x.tile_geom)) as weight
from {view} x where x.county_code = :county and x.tile_geom is not null group by 1, 2"""


def measurable() -> Iterator[tuple[Collection, Audience]]:
    """Collections with stored cells, for each audience that sees them."""
    for c in COLLECTIONS.values():
        if c.id not in LIVE_ONLY:
            for audience in (Audience.PUBLIC, Audience.STAFF):
                if audience is Audience.STAFF or not c.staff_only:
                    yield c, audience


def is_measurable(collection_id: str) -> bool:
    """Whether cells of this collection are stored."""
    return collection_id in COLLECTIONS and collection_id not in LIVE_ONLY


def measure(engine: Engine, county_code: str, collection_id: str | None = None) -> dict[str, int]:
    """Measure one collection of a county, or all; returns the zoom by `<collection>/<audience>`. Waits for its writers."""
    found = {}
    for c, audience in measurable():
        if collection_id in (None, c.id):
            with acting_sync(engine, Actor(audience, "worker", (ALL_UNITS,), "P3")) as connection:
                zoom, names_zoom, count = _lowest_zooms(connection, c, audience, county_code)
            name = "public" if audience is Audience.PUBLIC else "staff"
            with acting_sync(engine, MEASURER) as connection:
                connection.execute(
                    text("select register.set_tile_detail(:county, :id, :audience, :zoom, :count, :names)"),
                    {
                        "county": county_code,
                        "id": c.id,
                        "audience": name,
                        "zoom": zoom,
                        "count": count,
                        "names": names_zoom,
                    },
                )
            found[f"{c.id}/{name}"] = zoom
    return found


def measure_missing(engine: Engine) -> list[str]:
    """Measure what nobody has measured yet, one county and collection at a time; returns what was."""
    ids = sorted({c.id for c, _ in measurable()})
    with acting_sync(engine, MEASURER) as connection:
        missing = connection.execute(
            text(
                "select c.code, k.id from register.county c, unnest(cast(:ids as text[])) as k (id) "
                "where not exists (select from register.tile_detail d where d.county_code = c.code and d.collection = k.id) "
                "order by 1, 2"
            ),
            {"ids": ids},
        ).all()
    done = []
    for county_code, collection_id in missing:
        measure(engine, county_code, collection_id)
        done.append(f"{county_code}/{collection_id}")
    return done


def fold(engine: Engine) -> int:
    """Add together rows of `tile_cell` that changes left; returns how many went."""
    with acting_sync(engine, MEASURER) as connection:
        return int(connection.execute(text("select register.fold_cells()")).scalar_one())


def _lowest_zooms(connection: Connection, c: Collection, audience: Audience, county_code: str) -> tuple[int, int, int]:
    """The lowest zoom for shapes, for shapes with names, and how many things there are."""
    view = f"{READ_SCHEMA[audience]}.{c.id}"
    rows = connection.execute(
        text(_WEIGHTS.format(view=view)),
        {"side": 2**FINEST_ZOOM, "county": county_code, "feature": FEATURE_BYTES, "point": POINT_BYTES},
    ).all()
    if not rows:
        return 0, 0, 0
    lowest: dict[bool, int] = {}
    for is_named in (False, True):
        fits = (
            zoom
            for zoom in range(lowest.get(False, 0), FINEST_ZOOM)
            if _fits(connection, c, audience, county_code, _busiest(rows, zoom), is_named=is_named)
        )
        lowest[is_named] = next(fits, FINEST_ZOOM)
    return lowest[False], lowest[True], sum(row.n for row in rows)


def _busiest(rows: Sequence[Any], zoom: int) -> tuple[int, int, int, int]:
    """z, x, y and the guessed bytes of the heaviest tile."""
    weights: dict[tuple[int, int], int] = defaultdict(int)
    for tx, ty, _, weight in rows:
        weights[tx >> (FINEST_ZOOM - zoom), ty >> (FINEST_ZOOM - zoom)] += int(weight)
    (x, y), weight = max(weights.items(), key=lambda entry: entry[1])
    return zoom, x, y, weight


def _fits(
    connection: Connection, c: Collection, audience: Audience, county_code: str, tile: tuple[int, int, int, int], *, is_named: bool
) -> bool:  # fmt: skip
    z, x, y, weight = tile
    if weight > HOPELESS * TILE_MAX_BYTES:
        return False
    values = {"z": z, "x": x, "y": y, "county": county_code, "extent": float(EXTENT), "buffer": float(BUFFER)}
    statement = shapes(c, audience, z, f"{READ_SCHEMA[audience]}.{c.id}", is_named=is_named)
    body = bytes(connection.execute(text(statement), values).scalar_one() or b"")
    return len(body) <= TILE_MAX_BYTES and len(igzip.compress(body, GZIP_LEVEL)) <= TILE_MAX_BYTES_GZIP
