"""Links of /ogc: every one keeps the county; answers say what they vary by."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import Request, Response

from api.deps import Reader
from api.ogc.media import HTML, JSON, Format, negotiate

VARY = "Accept, Cookie, Authorization, Accept-Language"


def link(reader: Reader, path: str, rel: str, media: str = JSON, title: str | None = None, **query: str) -> dict[str, str]:  # fmt: skip
    """A link on this server that keeps the county; whole, for GDAL and QGIS follow no other."""
    made = {
        "href": f"{reader.base}{path}?{urlencode({'county': reader.county.code} | query)}",
        "rel": rel,
        "type": media,
    }
    return made if title is None else made | {"title": title}


def pick(reader: Reader, zh: str, en: str) -> str:
    """The one in the reader's language."""
    return en if reader.lang == "en" else zh


async def answer(
    request: Request, reader: Reader, face: str, document: dict[str, Any], *, media: str = JSON, also: dict[str, Format] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    """A document as JSON, or as a page for people (`app.state.ogc_face`) where the service has pages and one was asked for."""
    faces = getattr(request.app.state, "ogc_face", None)
    offered = {"json": Format("json", media), **(also or {})}
    if faces is not None:
        offered["html"] = Format("html", HTML)
    chosen = negotiate(request, offered)
    if "links" in document:
        for name, other in offered.items():
            is_self = name == chosen.name
            document["links"].append(
                link(reader, request.url.path, "self" if is_self else "alternate", other.media, f=name)
            )
    if chosen.name == "html" and faces is not None:
        page: Response = await faces(request, reader, face, document)
        page.headers["Vary"] = VARY
        return page
    return Response(orjson.dumps(document, default=str), 200, {"Vary": VARY, **(headers or {})}, media)
