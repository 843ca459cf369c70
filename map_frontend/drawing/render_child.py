"""The child of drawing/rendering.py: `python -m map_frontend.drawing.render_child png|pdf [ROOT]`.

Bounds itself, reads an SVG (png) or an HTML page (pdf) from its input and writes the result to its output. Nothing is fetched.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path
from typing import Any, NoReturn

from map_frontend.drawing.rendering import EXIT_MEMORY, EXIT_NO_FONT, EXIT_NO_LIBRARY

MEMORY_MAX_BYTES = 2 * 1024**3
"""Address space: fonts are mapped into it, so this is well above what a page needs (about 300 MB)."""

CPU_MAX_S = 20
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts")
CHINESE = ("*CJK*", "*SourceHan*", "*HanSans*", "wqy*", "PingFang*", "*Heiti*", "Deng*", "msyh*")

TIGHTER = (
    "",
    "figure {width: 74% !important; margin: 2mm auto 0 !important} html {font-size: 8.2pt !important}",
    "figure {width: 50% !important; margin: 1mm auto 0 !important} html {font-size: 7pt !important} h1 {font-size: 12pt !important}",
)
"""What is tried in turn until everything is on one sheet."""


def has_chinese(folders: list[str]) -> bool:
    """Whether a font with Chinese letters lies there: without one every name would be boxes."""
    homes = [*folders, str(Path.home() / ".fonts"), str(Path.home() / ".local/share/fonts")]
    return any(next(Path(home).rglob(pattern), None) for home in homes for pattern in CHINESE)


def png(svg: str, root: str) -> bytes:
    """The picture of an SVG at its own size."""
    import resvg_py  # here: the child for PDF does not need it

    return resvg_py.svg_to_bytes(svg_string=svg, font_dirs=[f"{root}/usr/share/fonts"] if root else None)


def _refuse(url: str, *_: Any, **__: Any) -> NoReturn:
    raise ValueError(f"a page to take away holds everything itself: {url[:80]}")


def pdf(html: str) -> bytes:
    """The pages of an HTML document. Raises OSError where the libraries of the system are missing."""
    from weasyprint import CSS, HTML  # here: it loads Pango from the system

    for tighter in TIGHTER:
        document = HTML(string=html, url_fetcher=_refuse).render(stylesheets=[CSS(string=tighter)], pdf_tags=True)
        if len(document.pages) == 1:
            break
    written: bytes = document.write_pdf()
    return written


def main(kind: str, root: str) -> int:
    """Render within bounds; returns the exit code."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_MAX_BYTES),
        (resource.RLIMIT_CPU, CPU_MAX_S),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    if not has_chinese([*FONT_FOLDERS, *([f"{root}/usr/share/fonts"] if root else [])]):
        return EXIT_NO_FONT
    source = sys.stdin.buffer.read().decode()
    try:
        found = png(source, root) if kind == "png" else pdf(source)
    except MemoryError:
        return EXIT_MEMORY
    except OSError as error:
        if "cannot load library" in str(error):
            return EXIT_NO_LIBRARY
        raise
    sys.stdout.buffer.write(found)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""))
