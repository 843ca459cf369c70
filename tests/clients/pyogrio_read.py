"""Run in a process of its own (GDAL waits for the service without letting other threads of its process run):

`python -m tests.clients.pyogrio_read '{"source", "box", "page_size", "where", "crs"}'` prints {layer: [feature]} of every layer of a source,
as GDAL inside the pyogrio wheel reads them.
"""

from __future__ import annotations

import json
import sys

import pyogrio


def main() -> int:
    """Read every layer asked for."""
    asked = json.loads(sys.argv[1])
    box, more = asked.get("box"), {"PAGE_SIZE": asked["page_size"]} if "page_size" in asked else {}
    more |= {"CRS": asked["crs"]} if "crs" in asked else {}
    names = asked.get("layers") or [str(name) for name, _ in pyogrio.list_layers(asked["source"])]
    out = {}
    for name in names:
        frame = pyogrio.read_dataframe(
            asked["source"], layer=name, bbox=tuple(box) if box else None, where=asked.get("where"), **more
        )
        out[name] = json.loads(frame.to_json(drop_id=True, default=str))["features"]
    print(json.dumps(out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
