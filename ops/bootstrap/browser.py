"""Chromium with Chinese fonts for the tests: found, installed (root), or unpacked into `.local` (no root)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ops.bootstrap import debian
from ops.bootstrap.steps import LOCAL

PACKAGES = ["chromium", "fonts-noto-cjk", "libatomic1"]
"""libatomic1 is for the Node.js that Playwright brings; a bare Debian lacks it."""


def bring() -> dict[str, str]:
    """The environment in which the tests find a browser: CHROMIUM, and what an unpacked one needs."""
    given = os.environ.get("CHROMIUM") or shutil.which("chromium")
    has_atomic = any(Path("/usr/lib").glob("*/libatomic.so.1"))
    if given and has_atomic and Path("/usr/share/fonts/opentype/noto").exists():
        return {"CHROMIUM": given}
    root = debian.bring(PACKAGES, "browser")
    if root is None:
        return {"CHROMIUM": str(shutil.which("chromium"))}
    return _unpacked(root)


def _unpacked(root: Path) -> dict[str, str]:
    fonts = LOCAL / "browser" / "fonts.conf"
    fonts.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{root}/usr/share/fonts</dir><cachedir>{LOCAL}/browser/font-cache</cachedir></fontconfig>"
    )
    wrapper = LOCAL / "browser" / "chromium"
    wrapper.write_text(
        f'#!/bin/sh\nexport LD_LIBRARY_PATH="{debian.library_path(root)}" FONTCONFIG_FILE="{fonts}"\n'
        f'exec "{root}/usr/lib/chromium/chromium" "$@"\n'
    )
    wrapper.chmod(0o755)
    alone = LOCAL / "browser" / "node-lib"  # only this one library: more would come before those inside the wheels
    alone.mkdir(exist_ok=True)
    for library in root.glob("usr/lib/*/libatomic.so.1"):
        link = alone / library.name
        link.unlink(missing_ok=True)
        link.symlink_to(library)
    return {"CHROMIUM": str(wrapper), "LD_LIBRARY_PATH": str(alone)}
