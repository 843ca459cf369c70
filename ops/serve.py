"""`make run`: database, sample county, service; all of it stops together."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from contextlib import ExitStack, suppress
from types import FrameType

from api.publication import StartRefused
from geo.db import sync_engine
from ops import demo
from ops.application import PORT_DEFAULT, listen, serve
from ops.bootstrap.steps import LOCAL, SetupFailed
from ops.cluster import ClusterError
from ops.private import private_database
from ops.sample.load import is_empty, load

SAMPLE_COUNTY = "330225"


def say(text: str) -> None:
    """One line of progress."""
    print(f"  {text}", file=sys.stderr, flush=True)


def open_door(host: str) -> socket.socket:
    """A socket listening on PORT if given (busy: SetupFailed), else on 8000 or the next free one."""
    given = os.environ.get("PORT")
    for port in [int(given)] if given else range(PORT_DEFAULT, PORT_DEFAULT + 200):
        with suppress(OSError):
            return listen(host, port)
    raise SetupFailed(f"port {given} on {host} is taken; choose another: PORT=8100 make run")


def main() -> int:
    """Start everything, serve until Ctrl-C, stop everything."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    begun = time.monotonic()
    host = os.environ.get("HOST", "127.0.0.1")
    try:
        with ExitStack() as stack:
            door = stack.enter_context(open_door(host))
            if not os.environ.get("DATABASE_URL"):
                addresses = stack.enter_context(private_database())
                engine = sync_engine(addresses.owner_url)
                if is_empty(engine):
                    load(engine, say)
                if demo.make(engine, SAMPLE_COUNTY):
                    say("demo accounts made")
                engine.dispose()
                os.environ["DATABASE_URL"] = addresses.app_url
                say(f"demo accounts: {demo.FILE.relative_to(LOCAL.parent)}")
            url = f"http://{host}:{door.getsockname()[1]}"
            (LOCAL / "url").write_text(url + "\n")
            say(f"ready in {time.monotonic() - begun:.1f} s")
            print(f"\n  一张图  {url}\n", flush=True)
            serve(door, int(os.environ.get("WORKERS", "1")))
    except KeyboardInterrupt:
        pass
    except (SetupFailed, ClusterError, StartRefused) as failure:
        print(f"yizhangtu: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
