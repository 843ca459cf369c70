"""Static files: built ones carry their hash in the name and may be kept for ever; others are asked for anew."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from starlette.datastructures import Headers
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.encoding import takes_gzip
from geo.errors import NotFound, Problem
from map_frontend.assets.manifest import GZIPPED, STATIC, VENDOR
from map_frontend.style.palette import stylesheet_name, tokens_css

FOR_EVER = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


class VendorFiles(StaticFiles):
    """Files of `static/vendor/`; a file whose name carries its hash never changes, and goes out as it was compressed when built."""

    def file_response(self, full_path, stat_result, scope: Scope, status_code: int = 200) -> Response:  # type: ignore[no-untyped-def]
        gzipped = Path(f"{full_path}{GZIPPED}")
        if takes_gzip(Headers(scope=scope).get("accept-encoding", "")) and gzipped.is_file():
            response = super().file_response(gzipped, gzipped.stat(), scope, status_code)
            response.headers["Content-Encoding"] = "gzip"
        else:
            response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Cache-Control"] = FOR_EVER if "-" in Path(full_path).name else "public, max-age=86400"
        return response


def vendor_files() -> VendorFiles:
    """The application that serves the built files."""
    return VendorFiles(directory=VENDOR)


@router.get("/static/{name}")
async def own_file(name: str, request: Request) -> Response:
    """The token stylesheet under its hashed name, and the icon."""
    if name == stylesheet_name():
        return Response(tokens_css(), media_type="text/css", headers={"Cache-Control": FOR_EVER})
    if name == "icon.svg":
        return FileResponse(STATIC / name, headers={"Cache-Control": "public, max-age=86400"})
    raise NotFound(Problem(zh="没有这个文件", en="there is no such file"))


@router.get("/favicon.ico")
async def favicon() -> Response:
    """Browsers ask for it unbidden."""
    return FileResponse(STATIC / "icon.svg", headers={"Cache-Control": "public, max-age=86400"})
