"""An open screen: a stream of changes that notes when it was told of one."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from ops.bench.attributes import COUNTY
from ops.bench.client import Failed
from ops.bench.processes import Server

PATIENCE_S = 30.0


class Ear:
    """When events came, as `time.perf_counter` says."""

    def __init__(self) -> None:
        self._came = threading.Condition()
        self._times: list[float] = []

    def note(self) -> None:
        """An event came now."""
        with self._came:
            self._times.append(time.perf_counter())
            self._came.notify_all()

    def first_after(self, moment: float) -> float:
        """When the first event after a moment came; raises Failed where none does within PATIENCE_S."""
        with self._came:
            if not self._came.wait_for(lambda: self._times and self._times[-1] > moment, PATIENCE_S):
                raise Failed(f"an open screen was told of no change within {PATIENCE_S:.0f} s")
            return next(at for at in self._times if at > moment)


@contextmanager
def open_screen(server: Server) -> Iterator[Ear]:
    """A stream of changes as the public's page keeps it open; raises Failed where it is not answered."""
    ear = Ear()
    with (
        httpx.Client(base_url=server.url, timeout=PATIENCE_S) as client,
        client.stream("GET", f"/v1/events?county={COUNTY}") as answer,
    ):
        if answer.is_error:
            raise Failed(f"/v1/events: {answer.status_code}")

        def listen() -> None:
            try:
                for line in answer.iter_lines():
                    if line.startswith("event: change"):
                        ear.note()
            except httpx.HTTPError:
                return  # the stream is over when the block is

        threading.Thread(target=listen, daemon=True).start()
        yield ear
