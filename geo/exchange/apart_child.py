"""The child of geo/exchange/apart.py: `python -m geo.exchange.apart_child KIND PATH OUT LAYER`.

Bounds itself, reads one data set, and leaves a pickled Source (geometry as WKB) or the two sentences of its refusal in OUT.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import pyarrow
import shapely

from geo.bounds import bound_self
from geo.errors import BadInput
from geo.exchange.apart import EXIT_MEMORY
from geo.exchange.reading import read_here

MEMORY_MAX_BYTES = 6 * 1024**3
"""Address space: what is reserved counts, so this is well above what a file of 1 GiB needs."""

CPU_MAX_S = 300


def main(ending: str, path: Path, out: Path, layer: str | None) -> int:
    """Read one data set within bounds; returns the exit code."""
    bound_self(MEMORY_MAX_BYTES, CPU_MAX_S)
    try:
        source = read_here(path, ending, layer)
        if source.geometry is not None:
            source.geometry = shapely.to_wkb(source.geometry)
        content = pickle.dumps(source, protocol=5)
    except BadInput as error:
        content = pickle.dumps((error.message.zh, error.message.en))
    except (MemoryError, pyarrow.ArrowMemoryError):
        return EXIT_MEMORY
    out.write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4] or None))
