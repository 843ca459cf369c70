"""How a drawing leaves the service: by the hash of its source, so that a reader who has it gets 304 and nothing heavy runs."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import Request, Response

from map_frontend.drawing.rendering import Kind, Renderer, digest

MEDIA = {"png": "image/png", "pdf": "application/pdf", "svg": "image/svg+xml"}
PUBLIC_CACHE, READER_CACHE = "public, no-cache", "private, no-cache"
"""Kept, but asked about each time: what the public no longer may see must not live on in a cache."""


def _headers(tag: str, cache: str, lang: str) -> dict[str, str]:
    return {
        "ETag": f'"{tag}"', "Cache-Control": cache, "Content-Language": lang, "Vary": "Cookie, Accept-Language, Authorization",
        "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    }  # fmt: skip


def _has_it(request: Request, tag: str) -> bool:
    given = request.headers.get("if-none-match", "")
    return any(part.strip().removeprefix("W/") in (f'"{tag}"', "*") for part in given.split(","))


async def rendered_answer(request: Request, kind: Kind, source: str, *, cache: str, lang: str, file_name: str | None = None) -> Response:  # fmt: skip
    """The PNG or PDF of a source. Raises Unavailable."""
    tag = digest(kind, source)
    headers = _headers(tag, cache, lang)
    if _has_it(request, tag):
        return Response(status_code=304, headers=headers)
    if file_name:
        headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(file_name, safe='')}"
    renderer: Renderer = request.app.state.renderer
    return Response(await renderer.render(kind, source), media_type=MEDIA[kind], headers=headers)


def svg_answer(request: Request, svg: str, *, cache: str, lang: str, **headers: Any) -> Response:
    """An SVG as it is."""
    tag = digest("png", svg)
    own = _headers(tag, cache, lang) | headers
    if _has_it(request, tag):
        return Response(status_code=304, headers=own)
    return Response(svg, media_type=MEDIA["svg"], headers=own)
