"""Reading in a process of its own: what a file does to its reader, it does to nobody else.

The formats read this way are complex, and their readers large. The child sees one GDAL driver, no secrets, a dead proxy
instead of a network, and has bounded memory and time; a file that crashes it is refused like any damaged file.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import shapely

import geo
from geo.errors import Problem, TooLarge
from geo.exchange import DRIVERS, NOT_WANTED
from geo.exchange.kinds import KINDS
from geo.exchange.source import Source
from geo.exchange.unpacking import bad_file

WALL_MAX_S = 600
KEPT_OF_ENVIRONMENT = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "PROJ_DATA",
    "GDAL_DATA",
    "SYSTEMROOT",
)
NO_NETWORK = "127.0.0.1:9"
"""A proxy nobody listens at: should a library want to fetch something, it cannot."""

EXIT_MEMORY = 71


def read_apart(path: Path, ending: str, layer: str | None) -> Source:
    """Read a data set in a child. Raises BadInput with the reader's own reason, TooLarge when it is beyond the bounds."""
    with tempfile.TemporaryDirectory(prefix="yzt-apart-") as folder:
        out = Path(folder) / "source"
        command = [
            sys.executable,
            "-m",
            "geo.exchange.apart_child",
            ending,
            str(path.absolute()),
            str(out),
            layer or "",
        ]
        try:
            done = subprocess.run(
                command, cwd=folder, env=_environment(KINDS[ending].driver), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, timeout=WALL_MAX_S, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise _too_much() from None
        if done.returncode in (EXIT_MEMORY, -signal.SIGXCPU):
            raise _too_much()
        if done.returncode or not out.exists():
            raise bad_file(
                f"读取程序因这个文件中断（{done.returncode}）；文件已损坏，或并非此格式",
                f"the reader broke down over this file ({done.returncode}); it is damaged, or not of this kind",
            )
        answer = pickle.loads(out.read_bytes())  # our own child wrote it a moment ago
    if isinstance(answer, tuple):
        raise bad_file(*answer)
    source: Source = answer
    if source.geometry is not None:
        source.geometry = shapely.from_wkb(source.geometry)
    return source


def _environment(driver: str | None) -> dict[str, str]:
    own = {name: os.environ[name] for name in KEPT_OF_ENVIRONMENT if name in os.environ}
    unwanted = [d for d in (*DRIVERS, *NOT_WANTED) if d not in (driver, "MEM")]
    proxies = dict.fromkeys(
        ("GDAL_HTTP_PROXY", "GDAL_HTTPS_PROXY", "http_proxy", "https_proxy", "all_proxy"), NO_NETWORK
    )
    return own | proxies | {
        "PYTHONPATH": str(Path(geo.__path__[0]).parent), "PYTHONDONTWRITEBYTECODE": "1", "GDAL_SKIP": ",".join(unwanted),
        "GML_DOWNLOAD_SCHEMA": "NO", "GML_SKIP_RESOLVE_ELEMS": "ALL", "GML_FIELDTYPES": "ALWAYS_STRINGS", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system",
    }  # fmt: skip


def _too_much() -> TooLarge:
    return TooLarge(
        Problem(
            zh="读取这个文件需要的内存或时间过多，已中止；请分批上传，或改用 GeoPackage",
            en="reading this file takes too much memory or time, it was stopped; send it in parts, or as GeoPackage",
        )
    )
