"""`python3 -m ops.cluster stop`: stop this checkout's private clusters, if any run."""

from __future__ import annotations

import sys

from ops.bootstrap import postgis
from ops.bootstrap.steps import LOCAL
from ops.cluster.server import Cluster


def main() -> int:
    """Stop what is ours; nothing else is touched."""
    if sys.argv[1:] != ["stop"]:
        print("usage: python3 -m ops.cluster stop", file=sys.stderr)
        return 2
    if postgis.find() is None:
        return 0
    for address in LOCAL.glob("*cluster.json"):
        Cluster(address.stem).stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
