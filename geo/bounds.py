"""Bounds a child process sets for itself before it reads what others wrote."""

from __future__ import annotations

import resource


def bound_self(memory_max_bytes: int, cpu_max_s: int) -> None:
    """Take address space and processor time from here on, and no core dump; a bound already set is never widened."""
    for what, most in (
        (resource.RLIMIT_AS, memory_max_bytes),
        (resource.RLIMIT_CPU, cpu_max_s),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
