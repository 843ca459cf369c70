"""Memory of a process."""

from __future__ import annotations

from pathlib import Path

from ops.bench.client import Failed


def resident_mb(pid: int) -> float:
    """Resident memory, megabytes. Raises Failed when the process is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    raise Failed(f"process {pid} is gone")
