"""Who sends a request, seen from the wire: the client's own address, whether it came over https, whether from our own pages."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from api.settings import ApiSettings, Network

IPV6_SITE_BITS = 64
"""One IPv6 customer holds at least this network; counted as one client."""


def _is_trusted(address: str, trusted: tuple[Network, ...]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in trusted)


def client_address(request: HTTPConnection, settings: ApiSettings) -> str:
    """The client's own address; a declared proxy's word about it is believed, nobody else's."""
    peer = request.client.host if request.client else "local"
    trusted = settings.trusted_networks
    if trusted and _is_trusted(peer, trusted):
        hops = [hop.strip() for line in request.headers.getlist("x-forwarded-for") for hop in line.split(",")]
        for hop in reversed(hops):
            if not _is_trusted(hop, trusted):
                return _site(hop, peer)
    return _site(peer, peer)


def _site(address: str, otherwise: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return otherwise
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, IPV6_SITE_BITS), strict=False))
    return str(parsed)


def is_https(request: HTTPConnection, settings: ApiSettings) -> bool:
    """Whether the client spoke https, to us or to a declared proxy."""
    if settings.secure_cookies or request.url.scheme == "https":
        return True
    peer = request.client.host if request.client else ""
    return request.headers.get("x-forwarded-proto") == "https" and _is_trusted(peer, settings.trusted_networks)


def is_from_elsewhere(request: HTTPConnection) -> bool:
    """Whether a browser sent this for another site's page: what it says itself (Sec-Fetch-Site), else the Origin."""
    said = request.headers.get("sec-fetch-site")
    if said is not None:
        return said not in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return False
    host = urlsplit("//" + request.headers.get("host", "")).hostname
    try:
        return urlsplit(origin).hostname != host
    except ValueError:
        return True
