"""SVG to PNG and HTML to PDF, each in a child process with bounded memory and time; what was made before is kept.

Resvg (MPL/Apache, one wheel, no library of the system) makes PNG; WeasyPrint makes PDF and needs Pango from the system. The
source decides the result, so its hash is the ETag, and the heavy step runs only when nobody has the answer yet.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Literal

import structlog
from cachetools import LRUCache

import map_frontend
from geo.errors import Problem, Unavailable

log = structlog.get_logger()

Kind = Literal["png", "pdf"]
EXIT_NO_FONT, EXIT_NO_LIBRARY, EXIT_MEMORY = 70, 71, 72
AT_ONCE, WAITING_MAX = 2, 24
WALL_MAX_S = 30
KEPT_MAX_BYTES = 64 * 1024 * 1024
RETRY_S = 5
PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "HOME", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "FONTCONFIG_FILE", "SYSTEMROOT")  # fmt: skip

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
"""Debian's names of what a machine must have; `make run` brings them (ops/bootstrap/paper.py)."""


def digest(kind: Kind, source: str) -> str:
    """What names a result: the hash of its source."""
    return hashlib.sha256(f"{kind}\n{source}".encode()).hexdigest()[:32]


class Renderer:
    """Makes pictures and pages for one process: at most `AT_ONCE` children, a bounded queue, a bounded store of results."""

    def __init__(self, root: str = "") -> None:
        """`root`: an unpacked Debian root with the libraries and fonts, where the system has none (MAP_PAPER_ROOT)."""
        self._root = root
        self._room = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._kept: LRUCache[str, bytes] = LRUCache(KEPT_MAX_BYTES, getsizeof=len)

    async def render(self, kind: Kind, source: str) -> bytes:
        """The PNG of an SVG, the PDF of an HTML page. Raises Unavailable when the machine lacks what it takes, or has no time."""
        key = digest(kind, source)
        if kept := self._kept.get(key):
            return kept
        if self._waiting >= WAITING_MAX:
            raise _busy()
        self._waiting += 1
        try:
            async with self._room:
                if kept := self._kept.get(key):  # another made it meanwhile
                    return kept
                made = await self._child(kind, source)
                with suppress(ValueError):  # larger than all that may be kept
                    self._kept[key] = made
                return made
        finally:
            self._waiting -= 1

    async def _child(self, kind: Kind, source: str) -> bytes:
        with tempfile.TemporaryDirectory(prefix="yzt-paper-") as folder:
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "map_frontend.drawing.render_child", kind, self._root, cwd=folder, env=self._environment(),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            try:
                made, said = await asyncio.wait_for(child.communicate(source.encode()), WALL_MAX_S)
            except TimeoutError:
                log.warning("rendering_too_slow", kind=kind, source_bytes=len(source))
                raise _busy() from None
            finally:
                if child.returncode is None:
                    child.kill()
                    await child.wait()
        if child.returncode in (EXIT_NO_FONT, EXIT_NO_LIBRARY):
            raise _missing()
        if child.returncode or not made:
            log.error("rendering_failed", kind=kind, code=child.returncode, said=said[-800:].decode(errors="replace"))
            raise _busy()
        return made

    def _environment(self) -> dict[str, str]:
        own = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        if self._root:
            triplet = f"{os.uname().machine}-linux-gnu"
            libraries = (f"{self._root}/{part}/{triplet}" for part in ("usr/lib", "lib"))
            own |= {"LD_LIBRARY_PATH": os.pathsep.join(libraries), "FONTCONFIG_FILE": f"{self._root}/fonts.conf"}
        package = str(Path(map_frontend.__path__[0]).parent)
        return own | {"PYTHONPATH": package, "PYTHONDONTWRITEBYTECODE": "1", "SOURCE_DATE_EPOCH": "0"}


def _missing() -> Unavailable:
    return Unavailable(
        Problem(
            zh=f"服务器缺少生成图片和 PDF 所需的系统软件包：{PACKAGES}。请管理员安装，或重新执行 make run",
            en=f"the server lacks packages for pictures and PDF: {PACKAGES}. Install them, or start it with make run",
        ),
        extra={"packages": PACKAGES.split()},
    )


def _busy() -> Unavailable:
    return Unavailable(
        Problem(zh="生成图片或 PDF 的请求过多，请稍后再试", en="too many pictures or PDFs are being made; try again in a moment"),
        extra={"retry_after_s": RETRY_S},
    )  # fmt: skip
