"""How the tests are shared out when several processes run them: a file stays whole, and so does a folder that cannot stand itself twice."""

from __future__ import annotations

import pytest
from xdist.scheduler import LoadFileScheduling

ONE_AT_A_TIME = ("tests/browser", "tests/ops")
"""Folders of which only one process may run tests: a browser keeps more than one core busy, and pages are timed by what people see;
the product's own processes have their own ports and locks."""


class ByRoom(LoadFileScheduling):
    """Work of one file goes to one process, of a folder of ONE_AT_A_TIME as well; in the order of collection, so that what a
    folder's fixtures set up serves as many of its files as possible."""

    def _split_scope(self, nodeid: str) -> str:
        for folder in ONE_AT_A_TIME:
            if nodeid.startswith(f"{folder}/"):
                return folder
        return str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByRoom:
    """The scheduler of runs with `-n`."""
    config.option.loadscopereorder = False
    return ByRoom(config, log)
