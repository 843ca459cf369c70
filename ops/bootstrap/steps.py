"""What every step of the set-up shares: saying what it does, running a command, failing in one readable message."""

from __future__ import annotations

import os
import re
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
SHOW_EVERY_S = 3.0
LINE_MAX = 70


class SetupFailed(Exception):
    """The set-up cannot go on; the text says what is wrong and what would be right."""


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is done now, and how long it took."""
    print(f"  {what} ...", file=sys.stderr, flush=True)
    begun = time.monotonic()
    yield
    print(f"  {what}: {time.monotonic() - begun:.1f} s", file=sys.stderr, flush=True)


def run(
    command: Sequence[str | Path], env: Mapping[str, str] | None = None, cwd: Path | None = None,
    *, each: str | None = None, total: int = 0,
) -> str:  # fmt: skip
    """Run a command quietly and return what it said; on failure its last lines stand in the message.

    With `each`, a regular expression, every few seconds the newest line it matches is shown, and how many of `total`.
    """
    process = subprocess.Popen(
        [str(part) for part in command], env={**os.environ, **(env or {})}, cwd=cwd, text=True, errors="replace",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    lines: list[str] = []
    count, shown_at = 0, time.monotonic()
    for line in process.stdout:
        lines.append(line)
        if each and re.match(each, line):
            count += 1
            if time.monotonic() - shown_at > SHOW_EVERY_S:
                shown_at = time.monotonic()
                of = f"{count} of {total}: " if total else ""
                print(f"    {of}{line.strip()[:LINE_MAX]}", file=sys.stderr, flush=True)
    if process.wait() != 0:
        tail = "\n    ".join("".join(lines).strip().splitlines()[-12:])
        raise SetupFailed(f"{' '.join(str(c) for c in command[:4])} ... failed ({process.returncode}):\n    {tail}")
    return "".join(lines)


def is_root() -> bool:
    """Whether this process may install system packages."""
    return os.geteuid() == 0
