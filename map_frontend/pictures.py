"""The pictures of a thing on its page: figures that need no script, and for staff the forms to keep them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from api.deps import Reader, etag
from api.routes.pictures import address
from geo.pictures.intake import KINDS, intake
from geo.pictures.queries import PictureRow, pictures_of
from map_frontend.site import Page
from map_frontend.words import Words, catalogue

LICENCES = ("CC-BY-4.0", "CC0-1.0", "Apache-2.0", "©")
"""Offered while typing; any other may be written."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture in the reader's words, with the addresses of its sizes; `large` is what opens without script."""

    code: str
    kind: str
    caption: str
    credit: str
    thumb: str
    screen: str
    large: str
    width_px: int
    height_px: int
    is_drawn: bool
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """One picture as staff keep it: its columns, version, place in the row, the form's address."""

    row: PictureRow
    shown: Shown
    etag: str
    position: int
    action: str
    original: str


@dataclass(frozen=True, slots=True)
class Gallery:
    """What gallery.html shows; `kept` and `upload` are empty for who may not write."""

    collection: str
    code: str
    shown: list[Shown]
    kept: list[Kept]
    withdrawn: list[Kept]
    upload: str
    here: str
    kinds: tuple[str, ...]
    licences: tuple[str, ...]
    words: dict[str, str]
    file_max_mib: int
    just_withdrawn: str


async def gallery_of(
    page: Page, reader: Reader, connection: AsyncConnection, collection_id: str, subject_kind: str, thing: Any, *, may_write: bool
) -> Gallery:  # fmt: skip
    """The gallery of one thing (`thing` has `id` and `code`)."""
    rows = await pictures_of(connection, reader.actor, reader.county.code, subject_kind, thing.id)
    standing = [row for row in rows if not row.is_withdrawn]
    gone = [row for row in rows if row.is_withdrawn]
    county = reader.county.code
    return Gallery(
        collection=collection_id,
        code=thing.code,
        shown=[_shown(row, page.words, county) for row in standing],
        kept=[_kept(row, page, county, number) for number, row in enumerate(standing, 1)] if may_write else [],
        withdrawn=[_kept(row, page, county, 0) for row in gone] if may_write else [],
        upload=page.link(f"/v1/{collection_id}/{thing.code}/pictures") if may_write else "",
        here=page.link(f"/{collection_id}/{thing.code}"),
        kinds=KINDS,
        licences=LICENCES,
        words={key: text for key, text in catalogue(page.lang).items() if key.startswith("gallery.")},
        file_max_mib=intake().file_max_bytes // 1024 // 1024,
        just_withdrawn=page.request.query_params.get("withdrawn", ""),
    )


def _shown(row: PictureRow, words: Words, county_code: str) -> Shown:
    size = row.sizes["screen"]
    return Shown(
        code=row.code,
        kind=row.kind,
        caption=words.pick(row.caption, row.caption_en) or words(f"gallery.kind.{row.kind}"),
        credit=" · ".join(part for part in (words.day(row.taken_on), row.place, row.author, row.licence) if part),
        thumb=address(row, "thumb", county_code),
        screen=address(row, "screen", county_code),
        large=address(row, "panorama" if row.kind == "panorama" else "screen", county_code),
        width_px=size.width_px,
        height_px=size.height_px,
        is_drawn=row.is_drawn,
        is_sample=row.is_sample,
    )


def _kept(row: PictureRow, page: Page, county_code: str, position: int) -> Kept:
    return Kept(
        row=row,
        shown=_shown(row, page.words, county_code),
        etag=etag(row.code, row.version),
        position=position,
        action=f"/v1/pictures/{row.code}",
        original=f"/pictures/{row.code}/original?county={county_code}",
    )
