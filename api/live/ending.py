"""What must end as soon as the process is told to: a server waits for open answers, and a stream would stay open for ever."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def ends_with_process(end: Callable[[], None]) -> Iterator[None]:
    """Within the block, `end` is called on the loop when the process is told to stop; the server's own handler still is, too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        end()
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def told(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(end)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    callable_before = [number for number, handler in before.items() if callable(handler)]
    for number in callable_before:
        signal.signal(number, told)
    try:
        yield
    finally:
        for number in callable_before:
            signal.signal(number, before[number])
        end()
