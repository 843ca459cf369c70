"""How a tile goes out: 200, 204 or 304, compressed or not, with an ETag of its own for each form."""

from __future__ import annotations

from collections.abc import Callable

from api.encoding import takes_gzip
from api.live.tile_cache import Entry
from api.ogc.media import MVT

VARY = {"vary": "Accept-Encoding, Cookie, Authorization"}
PRIVATE = {"cache-control": "private, no-cache"} | VARY
PUBLIC = {"cache-control": "public, no-cache"} | VARY
FOR_EVER = {"cache-control": "public, max-age=31536000, immutable", "vary": "Accept-Encoding"}
"""Of an address that names its version. Whoever shows a login there is answered PRIVATE; a shared cache may answer them with the
public's tile, which holds less."""


def has_tag(if_none_match: str, etag: str) -> bool:
    """Whether a client holds this tile already, in either form (weak comparison, as RFC 9110 13.1.2 asks)."""
    if not if_none_match or not etag:
        return False
    tags = {part.strip().removeprefix("W/").strip('"') for part in if_none_match.split(",")}
    return not tags.isdisjoint((etag, f"{etag}-gzip", "*"))


def answer(
    entry: Entry, plain: Callable[[Entry], bytes], *, accept_encoding: str, if_none_match: str, keeping: dict[str, str]
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body. `keeping`: PRIVATE, PUBLIC or FOR_EVER."""
    headers = dict(keeping)
    if not entry.gzipped:
        return 204, headers, b""
    gzip = takes_gzip(accept_encoding)
    headers["etag"] = f'"{entry.etag}-gzip"' if gzip else f'"{entry.etag}"'
    if has_tag(if_none_match, entry.etag):
        return 304, headers, b""
    headers["content-type"] = MVT
    body = entry.gzipped if gzip else plain(entry)
    if gzip:
        headers["content-encoding"] = "gzip"
    headers["content-length"] = str(len(body))
    return 200, headers, body
