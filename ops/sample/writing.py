"""The import files: one per collection, in the order they are loaded, with fixed rounding."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import yaml
from shapely.geometry.base import BaseGeometry

from ops.sample.geography import County, polygons_only

ORDER = ("data_sources", "units", "chains", "admin_areas", "parks", "featured_towns", "park_works", "parcels", "buildings", "building_spaces", "ground_uses", "enterprises",
         "projects", "policy_documents", "policies", "transport", "road_edges", "controls", "facts")  # fmt: skip
SOURCES = Path(__file__).resolve().parents[2] / "data" / "parcels" / "parameters" / "sources.yaml"
INTERNAL = (
    "data_sources",
    "controls",
    "units",
    "chains",
    "park_works",
    "building_spaces",
    "ground_uses",
    "policy_documents",
    "road_edges",
    "facts",
)


class Writer:
    """Collects rows per collection and writes them in a fixed order with fixed rounding."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in ORDER}

    def add(self, collection: str, shape: BaseGeometry | None = None, **values: Any) -> None:
        """One row; `shape` in metres."""
        self.rows[collection].append(values | ({"geom": self.county.degrees(shape)} if shape is not None else {}))

    def write(self, out: Path) -> None:
        """GeoJSON where there is geometry, CSV where there is none, and the order to load them in."""
        out.mkdir(parents=True, exist_ok=True)
        load = []
        source_of = self._sources()
        for name in ORDER:
            rows = self.rows[name]
            has_shape = any("geom" in r for r in rows)
            file = out / f"{name}.{'geojson' if has_shape else 'csv'}"
            if has_shape:
                features = [_feature(r) for r in rows]
                file.write_text(
                    json.dumps(
                        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":")
                    ),
                    encoding="utf-8",
                )
            else:
                with file.open("w", encoding="utf-8", newline="") as f:
                    writer = csv.DictWriter(f, list(dict.fromkeys(k for r in rows for k in r)), lineterminator="\n")
                    writer.writeheader()
                    writer.writerows(rows)
            source = {"source": source_of[name]} if name in source_of else {}
            load.append({"file": file.name, "into": name, "publish": name not in INTERNAL} | source)
        outline = polygons_only(self.county.outline_deg, larger_than=0.0)
        (out / "outline.geojson").write_text(json.dumps(_geometry(outline)), encoding="utf-8")
        (out / "load_order.yaml").write_text(yaml.safe_dump(load, sort_keys=False), encoding="utf-8")

    def _sources(self) -> dict[str, str]:
        """Rows of `data_sources`; returns the source of each collection."""
        entries = yaml.safe_load(SOURCES.read_text(encoding="utf-8"))
        self.rows["data_sources"] = [{k: v for k, v in entry.items() if k != "of"} for entry in entries]
        return {collection: entry["code"] for entry in entries for collection in entry["of"]}


def _geometry(shape: BaseGeometry) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(shapely.to_geojson(shapely.transform(shape, lambda p: np.round(p, 8))))
    return made


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    shape = row.get("geom")
    return {
        "type": "Feature",
        "properties": {k: v for k, v in row.items() if k != "geom"},
        "geometry": _geometry(shape) if shape is not None else None,
    }
