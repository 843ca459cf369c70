"""`yizhangtu county`: add a county, list those there are."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import shapely
import typer
from pyproj import CRS
from sqlalchemy import text

from geo.crs import STORAGE_SRID
from geo.db import acting_sync
from geo.errors import BadInput, Problem
from geo.exchange.placing import transformer_to_storage
from geo.exchange.reading import read
from geo.exchange.unpacking import readable_file
from geo.registry.counties import add_county
from geo.registry.surroundings import Surround, put_surroundings
from ops.commands.door import ADMIN, USAGE, engine, guarded, show, stop

app = typer.Typer(help="Counties of this deployment.", no_args_is_help=True)
HULL_MARGIN = 0.02
"""An outline made from a file's features is their hull, wider by this share of its extent."""

HULL_MARGIN_MIN = 0.01
"""In degrees: around a single point there is a county too."""


def _shapes_of(
    path: Path, what: str, layer: str | None = None, source_epsg: int | None = None
) -> tuple[Any, pd.DataFrame]:
    """The shapes of a file in EPSG:4490 and the rows they belong to; rows without a shape are left out.

    Raises BadInput for the field `what` when there is no geometry or no CRS.
    """
    with tempfile.TemporaryDirectory(prefix="yzt-outline-") as workdir:
        source = read(readable_file(path, Path(workdir)), layer)
    crs = source.crs if source_epsg is None else CRS.from_epsg(source_epsg)
    if source.geometry is None or crs is None:
        raise BadInput.at(what, Problem(zh="文件没有图形或坐标系", en="the file has no geometry or no CRS"))
    transformer, _ = transformer_to_storage(crs)
    is_there = ~(shapely.is_missing(source.geometry) | shapely.is_empty(source.geometry))
    shapes = source.geometry[is_there]
    if not len(shapes):
        raise BadInput.at(what, Problem(zh="文件没有图形", en="the file has no geometry"))
    if transformer is not None:
        shapes = shapely.transform(shapes, lambda p: np.column_stack(transformer.transform(p[:, 0], p[:, 1])))
    return shapes, source.frame[is_there]


def outline_of(
    path: Path, *, as_hull: bool, layer: str | None = None, source_epsg: int | None = None
) -> shapely.Geometry:
    """The outline in EPSG:4490: the polygons of a file, or the hull around all its features.

    `source_epsg` for a file that names no CRS. Raises BadInput when there is no geometry or no CRS.
    """
    shapes, _ = _shapes_of(path, "outline", layer, source_epsg)
    if not as_hull:
        return shapely.union_all(shapely.make_valid(shapes))
    if not np.isfinite(shapely.get_coordinates(shapes)).all() or np.abs(shapely.get_coordinates(shapes)).max() > 360:
        raise BadInput.at(
            "outline", Problem(zh="文件的坐标不是经纬度", en="coordinates of the file lie nowhere on earth")
        )
    box = shapely.box(*shapely.total_bounds(shapes))
    margin = max(HULL_MARGIN * max(box.bounds[2] - box.bounds[0], box.bounds[3] - box.bounds[1]), HULL_MARGIN_MIN)
    hull = shapely.convex_hull(shapely.MultiPoint(shapely.get_coordinates(shapes)))
    return hull.buffer(margin)


def surroundings_in(path: Path) -> list[Surround]:
    """Land and waters of a file, in EPSG:4490. Without an attribute `kind` an area is land and a point a water.

    Raises BadInput when there is no geometry or no CRS.
    """
    shapes, rows = _shapes_of(path, "surroundings")

    def column(name: str) -> list[str | None]:
        return [None if pd.isna(v) else str(v) for v in rows[name]] if name in rows else [None] * len(shapes)

    kinds = column("kind")
    return [
        Surround(kind or ("water" if shape.geom_type == "Point" else "land"), shape, name, name_en)
        for shape, kind, name, name_en in zip(shapes, kinds, column("name"), column("name_en"), strict=True)
    ]


@app.command("add")
@guarded
def add(
    code: str,
    name: Annotated[str, typer.Option()],
    survey_epsg: Annotated[int, typer.Option(help="projected CRS in metres that areas are measured in")],
    name_en: Annotated[str | None, typer.Option()] = None,
    time_zone: Annotated[str, typer.Option()] = "Asia/Shanghai",
    rule_set: Annotated[str, typer.Option(help="land rules that apply, or none")] = "none",
    outline: Annotated[Path | None, typer.Option(help="file with the county's polygon")] = None,
    outline_from: Annotated[Path | None, typer.Option(help="file whose features the outline is drawn around")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Add a county."""
    path = outline or outline_from
    if path is None or (outline is not None and outline_from is not None):
        stop(USAGE, "one of --outline and --outline-from is needed")
    if not path.is_file():
        stop(USAGE, f"there is no file {path}")
    shape = outline_of(path, as_hull=outline is None)
    with engine() as e, acting_sync(e, ADMIN) as connection:
        add_county(
            connection, code, name=name, name_en=name_en or name, outline=shape, survey_epsg=survey_epsg, time_zone=time_zone,
            rule_set=None if rule_set == "none" else rule_set,
        )  # fmt: skip
    show({"county": code, "srid": STORAGE_SRID}, as_json=as_json, text=f"county {code} added")


@app.command("surround")
@guarded
def surround(
    code: str,
    path: Annotated[
        Path,
        typer.Argument(help="land (areas) and names of neighbours and waters (points); attributes kind, name, name_en"),
    ],
    attribution: Annotated[str | None, typer.Option(help="what the source wants to be said on the map")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Put the land and the waters around a county on its map, in place of those it had."""
    if not path.is_file():
        stop(USAGE, f"there is no file {path}")
    rows = surroundings_in(path)
    with engine() as e, acting_sync(e, ADMIN) as connection:
        count = put_surroundings(connection, code, rows, attribution=attribution)
    show({"county": code, "surroundings": count}, as_json=as_json, text=f"{count} surroundings of county {code}")


@app.command("list")
@guarded
def list_(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """The counties there are."""
    with engine() as e, acting_sync(e, ADMIN) as connection:
        rows = connection.execute(
            text("select code, name, name_en, survey_srid, is_default from staff_data.counties order by code")
        ).mappings()
        found = [dict(row) for row in rows]
    show(found, as_json=as_json, text="\n".join(f"{r['code']}  {r['name']}  EPSG:{r['survey_srid']}" for r in found))
