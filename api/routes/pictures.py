"""Pictures over HTTP: of a thing, covers for a list, the bytes. What staff do with them is in picture_changes.py."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Query, Request, Response

from api.deps import Reader, ReaderDep, Transaction, etag, known_parameters
from geo.errors import BadInput, Problem
from geo.pictures import queries
from geo.pictures.intake import SIZES
from geo.pictures.queries import Cover, PictureRow
from geo.registry.collections import collection
from geo.registry.queries import item

router = APIRouter(tags=["pictures"])

FOR_EVER = "public, max-age=31536000, immutable"
IMAGE_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""For a picture opened by itself: browsers lay it out with a style of their own."""

COVERS_MAX = 200


def address(picture: PictureRow, size: str, county_code: str) -> str:
    """Where a rendition lies: what is at an address with `v` never changes."""
    return f"/pictures/{picture.code}/{size}.webp?county={quote(county_code)}&v={picture.sizes[size].hash}"


def as_json(picture: PictureRow, reader: Reader) -> dict[str, Any]:
    """One picture for a client; what is for staff is absent for others."""
    county = reader.county.code
    shown = {k: v for k, v in asdict(picture).items() if k not in ("sizes", "subject_kind", "subject_id", "sort_no")}
    if not reader.is_staff:
        for name in ("audience", "is_withdrawn", "created_by", "lon_deg", "lat_deg"):
            del shown[name]
    shown["etag"] = etag(picture.code, picture.version)
    shown["sizes"] = {
        name: {"href": address(picture, name, county), "width_px": size.width_px, "height_px": size.height_px}
        for name, size in picture.sizes.items()
    }
    if reader.is_staff:
        shown["original"] = f"/pictures/{picture.code}/original?county={quote(county)}"
    return shown


def as_answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(orjson.dumps(body), status, headers, "application/json")


@router.get("/v1/pictures/covers")
async def covers_of(
    request: Request,
    reader: ReaderDep,
    connection: Transaction,
    codes: str,
    of: Annotated[str, Query(alias="collection")],
) -> Response:
    """The first picture of each of up to 200 things: `collection=parcels&codes=A,B`. A thing without one is left out."""
    known_parameters(request, "collection", "codes")
    c = collection(of, reader.actor.audience)
    wanted = [code for code in codes.split(",") if code]
    if len(wanted) > COVERS_MAX:
        raise BadInput.at(
            "codes", Problem(zh=f"一次最多 {COVERS_MAX} 个编号", en=f"at most {COVERS_MAX} codes at a time")
        )
    found = await queries.covers(connection, reader.actor, reader.county.code, c.id, c.subject_kind, wanted)
    return as_answer({code: _cover(cover, reader) for code, cover in found.items()})


def _cover(cover: Cover, reader: Reader) -> dict[str, Any]:
    first = cover.first
    thumb = first.sizes["thumb"]
    return {
        "href": address(first, "thumb", reader.county.code), "width_px": thumb.width_px, "height_px": thumb.height_px,
        "caption": first.caption, "caption_en": first.caption_en, "is_drawn": first.is_drawn, "is_sample": first.is_sample,
        "pictures": cover.pictures, "has_panorama": cover.has_panorama,
    }  # fmt: skip


@router.get("/v1/{collection_id}/{code}/pictures")
async def of_thing(collection_id: str, code: str, reader: ReaderDep, connection: Transaction) -> Response:
    """Pictures of a thing in their order; 404 is the same for a thing that is hidden and one that is not there."""
    thing = await item(connection, reader.actor, collection_id, reader.county.code, code)
    kind = collection(collection_id, reader.actor.audience).subject_kind
    found = await queries.pictures_of(connection, reader.actor, reader.county.code, kind, thing.id)
    return as_answer({"pictures": [as_json(picture, reader) for picture in found]})


@router.get("/pictures/{picture_code}/original")
async def original(picture_code: str, reader: ReaderDep, connection: Transaction) -> Response:
    """The file as it was sent, with the camera's record; staff only, always as a file to save."""
    found = await queries.original(connection, reader.actor, reader.county.code, picture_code)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.file_name, safe='')}",
        "ETag": f'"{found.sha256[:32]}"',
        "Cache-Control": "private, no-cache",
    }
    return Response(found.data, 200, headers, "application/octet-stream")


@router.get("/pictures/{picture_code}/{size}.webp")
async def rendition(
    picture_code: str, size: str, request: Request, reader: ReaderDep, connection: Transaction
) -> Response:
    """A picture as WebP in the size `thumb` (320), `screen` (1600) or `panorama` (4096 x 2048)."""
    key = (connection, reader.actor, reader.county.code, picture_code, size if size in SIZES else "")
    sha256 = await queries.rendition_sha256(*key)
    is_fixed = request.query_params.get("v") == sha256[: queries.HASH_DIGITS]
    headers = {
        "ETag": f'"{sha256[:32]}"',
        "Cache-Control": FOR_EVER
        if is_fixed and not reader.is_staff
        else "private, no-cache"
        if reader.is_staff
        else "no-cache",
        "Vary": "Cookie, Authorization",
        "Content-Security-Policy": IMAGE_POLICY,
    }
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    return Response(await queries.rendition_bytes(*key), 200, headers, "image/webp")
