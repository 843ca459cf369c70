"""The child of apart.py: `python -m geo.pictures.apart_child PATH OUT`. Bounds itself, decodes, leaves the answer in OUT."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Sequence
from pathlib import Path

from geo.bounds import bound_self
from geo.errors import BadInput, FieldFault, Problem
from geo.pictures.intake import intake
from geo.pictures.rendering import Rendered, render

EXIT_MEMORY = 71
"""As geo.exchange.apart has it; that module loads more than this process needs."""


def main(path: Path, out: Path) -> int:
    """Render one file within bounds; returns the exit code."""
    bound_self(intake().child.memory_max_bytes, intake().child.cpu_max_s)
    answer: Rendered | tuple[Problem, Sequence[FieldFault]]
    try:
        answer = render(path)
    except BadInput as error:
        answer = (error.message, error.faults)
    except MemoryError:
        return EXIT_MEMORY
    out.write_bytes(pickle.dumps(answer, protocol=5))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
