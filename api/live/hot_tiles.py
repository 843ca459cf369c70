"""Answers the public's tiles that are kept already before the router sees them; everything else goes on inwards.

Whoever shows a session or a token goes on inwards, too: this layer knows one audience only.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from api.auth.identity import COOKIE
from api.live.tile_answers import FOR_EVER, PUBLIC, answer
from api.live.tile_cache import TileCache

TILES = "/ogc/collections/"
SESSION = COOKIE.encode()


class Template:
    """Stands for the route in logs and figures."""

    path = "/ogc/collections/{collection_id}/tiles/WebMercatorQuad/{z}/{row}/{col}"


class HotTiles:
    """ASGI middleware inside the envelope, which numbers, counts and dresses its answers."""

    def __init__(self, app: ASGIApp, cache: TileCache) -> None:
        self.app, self.cache = app, cache

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(TILES):
            await self.app(scope, receive, send)
            return
        found = self.cache.at((scope.get("raw_path") or scope["path"].encode(), scope["query_string"]))
        if found is None:
            await self.app(scope, receive, send)
            return
        entry, is_for_ever = found
        accept_encoding = if_none_match = ""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accept_encoding = value.decode("latin-1")
            elif name == b"if-none-match":
                if_none_match = value.decode("latin-1")
            elif name == b"authorization" or (name == b"cookie" and SESSION in value):
                await self.app(scope, receive, send)
                return
        status, headers, body = answer(
            entry, self.cache.plain, accept_encoding=accept_encoding, if_none_match=if_none_match,
            keeping=FOR_EVER if is_for_ever else PUBLIC,
        )  # fmt: skip
        scope["route"] = Template
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body})
