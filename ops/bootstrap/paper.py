"""Pango and Chinese fonts for pictures and PDF: found, installed (root), or unpacked into `.local` (no root)."""

from __future__ import annotations

import os
from pathlib import Path

from ops.bootstrap import debian
from ops.bootstrap.steps import LOCAL

LIBRARIES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
PACKAGES = [*LIBRARIES, "fonts-noto-cjk"]


def bring() -> dict[str, str]:
    """The environment in which the service finds them: empty when the system has them, else MAP_PAPER_ROOT.

    Another system than Debian is left as it is: what is missing there, the service says when it is asked for a page.
    """
    given = os.environ.get("MAP_PAPER_ROOT")
    if given or not debian.has_apt() or debian.installed(PACKAGES):
        return {}
    root = debian.bring(PACKAGES, "paper")
    if root is None:
        return {}
    (root / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>/usr/share/fonts</dir><dir>{root}/usr/share/fonts</dir><cachedir>{LOCAL / 'paper' / 'font-cache'}</cachedir></fontconfig>"
    )
    return {"MAP_PAPER_ROOT": str(Path(root).absolute())}
