"""Formats by name (`f=`) and by media type (Accept), and which one a request asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request
from starlette.exceptions import HTTPException

from geo.errors import BadInput, Problem

JSON, HTML, GEOJSON = "application/json", "text/html", "application/geo+json"
JSONFG = "application/vnd.ogc.fg+json"
MVT = "application/vnd.mapbox-vector-tile"
SCHEMA = "application/schema+json"
TILEJSON = "application/vnd.mapbox.tilejson+json"
FLATGEOBUF, GEOPACKAGE, CSV = "application/flatgeobuf", "application/geopackage+sqlite3", "text/csv"


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its `f` name, the media type it is sent as, further media types that mean it in Accept."""

    name: str
    media: str
    aliases: tuple[str, ...] = ()

    def is_meant_by(self, media: str) -> bool:
        """Whether a media range of Accept takes this format."""
        kind = self.media.partition("/")[0]
        return media in ("*/*", f"{kind}/*", self.media, *self.aliases)


def negotiate(request: Request, offered: Mapping[str, Format]) -> Format:
    """The format asked for by `f`, else by Accept, else the first; 400 for an unknown `f`, 406 for an Accept nobody serves."""
    asked = request.query_params.get("f")
    if asked is not None:
        if asked not in offered:
            names = ", ".join(offered)
            raise BadInput.at(
                "f",
                Problem(zh=f"没有格式“{asked[:32]}”", en=f"there is no format '{asked[:32]}'"),
                Problem(zh=f"可用：{names}", en=f"there are: {names}"),
            )
        return offered[asked]
    ranges = _ranges(request.headers.get("accept", "*/*") or "*/*")
    for media in ranges:
        for candidate in offered.values():
            if candidate.is_meant_by(media):
                return candidate
    raise HTTPException(406)


def _ranges(accept: str) -> list[str]:
    """Media ranges of an Accept header, the most wanted first; what is refused (q=0) is left out."""
    found: list[tuple[float, int, str]] = []
    for number, part in enumerate(accept.split(",")[:64]):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            q = float(weight)
        except ValueError:
            q = 0.0
        if media and q > 0:
            found.append((-q, number, media))
    return [media for _, _, media in sorted(found)]
