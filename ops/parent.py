"""Processes that must not outlive the one that started them."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def end_with_parent(parent_pid: int, number: int = signal.SIGTERM) -> None:
    """Ask Linux to send this process a signal when its parent is gone, however that ended; elsewhere nothing happens.

    `parent_pid`: who started it; if that one is gone already, the signal comes at once.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent_pid:
            os.kill(os.getpid(), number)
