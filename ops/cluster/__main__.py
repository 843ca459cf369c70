"""`python3 -m ops.cluster stop`: stop this checkout's private clusters, if any run; `remove`: and remove their folders."""

from __future__ import annotations

import shutil
import sys
from contextlib import suppress

from ops.bootstrap import postgis
from ops.bootstrap.steps import LOCAL
from ops.cluster.server import Cluster


def main() -> int:
    """Stop (and remove) what is ours, also where a folder had to lie outside the checkout; nothing else is touched."""
    if sys.argv[1:] not in (["stop"], ["remove"]):
        print("usage: python3 -m ops.cluster stop|remove", file=sys.stderr)
        return 2
    if postgis.find() is None:
        return 0
    for address in LOCAL.glob("*cluster.json"):
        cluster = Cluster(address.stem)
        cluster.stop()
        if sys.argv[1:] == ["remove"]:
            shutil.rmtree(cluster.home, ignore_errors=True)
            if LOCAL not in cluster.home.parents:
                with suppress(OSError):
                    cluster.home.parent.rmdir()
    return 0


if __name__ == "__main__":
    sys.exit(main())
