"""`yizhangtu county`: add a county, list those there are."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import numpy as np
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
from ops.commands.door import ADMIN, USAGE, engine, guarded, show, stop

app = typer.Typer(help="Counties of this deployment.", no_args_is_help=True)
HULL_MARGIN = 0.02
"""An outline made from a file's features is their hull, wider by this share of its extent."""

HULL_MARGIN_MIN = 0.01
"""In degrees: around a single point there is a county too."""


def outline_of(
    path: Path, *, as_hull: bool, layer: str | None = None, source_epsg: int | None = None
) -> shapely.Geometry:
    """The outline in EPSG:4490: the polygons of a file, or the hull around all its features.

    `source_epsg` for a file that names no CRS. Raises BadInput when there is no geometry or no CRS.
    """
    with tempfile.TemporaryDirectory(prefix="yzt-outline-") as workdir:
        source = read(readable_file(path, Path(workdir)), layer)
    crs = source.crs if source_epsg is None else CRS.from_epsg(source_epsg)
    if source.geometry is None or crs is None:
        raise BadInput.at("outline", Problem(zh="文件没有图形或坐标系", en="the file has no geometry or no CRS"))
    transformer, _ = transformer_to_storage(crs)
    shapes = source.geometry[~(shapely.is_missing(source.geometry) | shapely.is_empty(source.geometry))]
    if not len(shapes):
        raise BadInput.at("outline", Problem(zh="文件没有图形", en="the file has no geometry"))
    if transformer is not None:
        shapes = shapely.transform(shapes, lambda p: np.column_stack(transformer.transform(p[:, 0], p[:, 1])))
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
