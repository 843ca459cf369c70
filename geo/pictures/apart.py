"""A picture somebody sent is decoded in a process of its own: bounded memory and time, no secrets, no database."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import geo
from geo.errors import BadInput, Problem
from geo.exchange.apart import EXIT_MEMORY, KEPT_OF_ENVIRONMENT
from geo.pictures.intake import intake
from geo.pictures.rendering import DAMAGED, Rendered

_places = threading.BoundedSemaphore(intake().child.at_once)


def render_apart(path: Path) -> Rendered:
    """What `rendering.render` says of a file, from a child. Raises BadInput with the reason."""
    with _places, tempfile.TemporaryDirectory(prefix="yzt-picture-") as folder:
        out = Path(folder) / "rendered"
        own = {name: os.environ[name] for name in KEPT_OF_ENVIRONMENT if name in os.environ}
        environment = own | {"PYTHONPATH": str(Path(geo.__path__[0]).parent), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(
                [sys.executable, "-m", "geo.pictures.apart_child", str(path.absolute()), str(out)],
                cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                timeout=intake().child.wall_max_s, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise _too_much() from None
        if done.returncode in (EXIT_MEMORY, -signal.SIGXCPU, -signal.SIGKILL):
            raise _too_much()
        if done.returncode or not out.exists():
            raise BadInput.at("file", DAMAGED)
        answer = pickle.loads(out.read_bytes())  # our own child wrote it a moment ago
    if isinstance(answer, tuple):
        raise BadInput(*answer)
    rendered: Rendered = answer
    return rendered


def _too_much() -> BadInput:
    return BadInput.at(
        "file",
        Problem(
            zh="读取这张图片需要的内存或时间过多，已中止；请缩小后再上传",
            en="reading this picture takes too much memory or time, it was stopped; make it smaller and send it again",
        ),
    )
