"""A provider of base map tiles on this machine, as good and as bad as real ones: the first part of the path says how it behaves."""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "s3cret-of-the-operator"
SIDE = 256


def png(grey: int = 200) -> bytes:
    """A grey tile."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes([grey]) * SIDE) * SIDE
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@dataclass
class TileProvider:
    """Where it stands, what it was asked, and a switch that makes the kind `moody` fail."""

    address: str = ""
    asked: list[str] = field(default_factory=list)
    is_down: bool = False
    release: threading.Event = field(default_factory=threading.Event)
    """What the kind `slow` waits for."""


@contextmanager
def tile_provider() -> Iterator[TileProvider]:
    """Serve until the block ends."""
    provider = TileProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            kind = self.path.split("/")[1]
            if kind == "slow":
                provider.release.wait(20)
            if kind == "redirect":
                self.send_response(302)
                self.send_header("Location", "/good/1/1/1")
                self.end_headers()
                return
            body, status = png(), 500 if kind == "broken" or (kind == "moody" and provider.is_down) else 200
            if kind == "text":
                body = b"<!doctype html><script>alert(1)</script>"
            if kind == "huge":
                body = png() + b"\0" * (3 * 1024 * 1024)
            self.send_response(status)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            with suppress(OSError):  # who asked has heard enough
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: a test reads `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.release.set()
        server.shutdown()
        server.server_close()
        thread.join()
