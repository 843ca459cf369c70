"""What of a thing is taken away or passed on: its address, picture, paper, the map application of a phone."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from map_frontend.site import Page

ON_PAPER = ("parcels", "buildings", "parks", "featured_towns", "projects")
"""Collections whose things have a PDF, can be compared, and have a picture to share."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """Addresses of one thing: `canonical` is absolute and without state; '' = there is none."""

    canonical: str
    picture: str
    paper: str
    key: str
    place: str


def sharing(
    page: Page, base: str, collection_id: str, code: str, lon_lat: tuple[float, float] | None, name: str
) -> Sharing:
    """The addresses; `lon_lat` in degrees (CGCS2000, which a phone may take for WGS 84: they differ by less than a metre)."""
    path = f"/{collection_id}/{quote(code)}"
    county = urlencode({"county": page.county, "lang": page.lang})
    is_on_paper = collection_id in ON_PAPER
    place = ""
    if lon_lat is not None:
        spot = f"{lon_lat[1]:.5f},{lon_lat[0]:.5f}"
        place = f"geo:{spot}?q={spot}({quote(name[:80])})"
    return Sharing(
        canonical=f"{base}{path}?{county}",
        picture=f"{base}{path}/share.png?{county}" if is_on_paper else "",
        paper=page.link(f"{path}.pdf") if is_on_paper else "",
        key=f"{collection_id}:{code}" if is_on_paper else "",
        place=place,
    )
