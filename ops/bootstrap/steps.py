"""What every step of the set-up shares: saying what it does, running a command, failing in one readable message."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


class SetupFailed(Exception):
    """The set-up cannot go on; the text says what is wrong and what would be right."""


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is done now, and how long it took."""
    print(f"  {what} ...", file=sys.stderr, flush=True)
    begun = time.monotonic()
    yield
    print(f"  {what}: {time.monotonic() - begun:.1f} s", file=sys.stderr, flush=True)


def run(command: Sequence[str | Path], env: Mapping[str, str] | None = None, cwd: Path | None = None) -> str:
    """Run a command quietly; on failure its last lines stand in the message."""
    done = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **(env or {})},
        cwd=cwd,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        tail = "\n    ".join(done.stdout.strip().splitlines()[-12:])
        raise SetupFailed(f"{' '.join(str(c) for c in command[:4])} ... failed ({done.returncode}):\n    {tail}")
    return done.stdout


def is_root() -> bool:
    """Whether this process may install system packages."""
    return os.geteuid() == 0
