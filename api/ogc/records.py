"""/ogc/catalogue: the catalogue shaped as records (OGC API Records, 20-004): a feature per collection. Its page is /catalogue."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response

from api.deps import Reader, ReaderDep, Transaction, known_parameters
from api.ogc.described import RECORD
from api.ogc.links import answer, link, pick
from api.ogc.media import GEOJSON
from geo.registry.catalogue import Entry, entry
from geo.registry.collections import collection, visible

router = APIRouter(prefix="/ogc/catalogue", tags=["OGC API"])


def record(found: Entry, reader: Reader) -> dict[str, Any]:
    """One record in the reader's language."""
    c = found.collection
    west, south, east, north = reader.county.bounds
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    begins, ends = found.data_date_from, found.data_date_to
    properties: dict[str, Any] = {
        "type": "dataset",
        "title": pick(reader, f"{reader.county.name}{c.zh}", f"{c.en} of {reader.county.name_en}"),
        "description": pick(reader, f"共 {found.row_count} 条", f"{found.row_count} features"),
        "language": {"code": "en" if reader.lang == "en" else "zh"},
        "languages": [{"code": "zh"}, {"code": "en"}],
        "updated": found.changed_at,
        "license": "; ".join(found.licences) or None,
        "keywords": [c.id, c.zh, c.en],
        "formats": [{"name": name} for name in ("GeoJSON", "JSON-FG", "FlatGeobuf", "GeoPackage", "CSV", "MVT")],
        "contacts": [{"organization": pick(reader, o["name"], o["name_en"] or o["name"]), "roles": ["owner"]} for o in found.owners[:20]]
        + [{"organization": s["publisher"], "roles": ["publisher"]} for s in found.sources if s["publisher"]],
    }  # fmt: skip
    at = f"/ogc/collections/{c.id}"
    return {
        "type": "Feature",
        "id": c.id,
        "conformsTo": ["http://www.opengis.net/spec/ogcapi-records-1/1.0/req/record-core"],
        "time": None if begins is None or ends is None else {"interval": [begins.isoformat(), ends.isoformat()]},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {name: value for name, value in properties.items() if value is not None},
        "links": [
            link(reader, at, "collection", title=pick(reader, c.zh, c.en)),
            link(reader, f"{at}/items", "items", GEOJSON, pick(reader, "要素", "Features")),
            link(reader, f"{at}/queryables", "describedby", "application/schema+json", pick(reader, "属性", "Properties")),
        ],
    }  # fmt: skip


@router.get("", response_class=Response, openapi_extra=RECORD)
async def records(request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """A record per collection."""
    known_parameters(request)
    made = []
    for c in visible(reader.actor.audience):
        one = record(await entry(connection, reader.actor, c, reader.county.code), reader)
        one["links"].insert(0, link(reader, f"/ogc/catalogue/{c.id}", "self", GEOJSON))
        made.append(one)
    document = {
        "type": "FeatureCollection",
        "features": made,
        "numberMatched": len(made),
        "numberReturned": len(made),
        "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "links": [],
    }
    return await answer(request, reader, "records", document, media=GEOJSON)


@router.get("/{collection_id}", response_class=Response, openapi_extra=RECORD)
async def one_record(collection_id: str, request: Request, reader: ReaderDep, connection: Transaction) -> Response:
    """One record."""
    known_parameters(request)
    c = collection(collection_id, reader.actor.audience)
    made = record(await entry(connection, reader.actor, c, reader.county.code), reader)
    return await answer(request, reader, "record", made, media=GEOJSON)
