"""Debian packages: installed as root, or unpacked into `.local` without root (bare machines lack almost everything)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ops.bootstrap.steps import LOCAL, SetupFailed, is_root, run, step

QUIET = {"DEBIAN_FRONTEND": "noninteractive"}


def has_apt() -> bool:
    """Whether this is a Debian or Ubuntu."""
    return shutil.which("apt-get") is not None and shutil.which("dpkg-deb") is not None


def install(packages: list[str]) -> None:
    """As root: apt-get install, after an update of the lists (they may be empty)."""
    with step(f"apt-get install {' '.join(packages)}"):
        run(["apt-get", "-qq", "update"], env=QUIET)
        run(
            ["apt-get", "-q", "-y", "--no-install-recommends", "install", *packages], env=QUIET, each="Get:|Unpacking |Setting up "
        )  # fmt: skip


def unpack(packages: list[str], name: str) -> Path:
    """Without root: download the packages with all they need and unpack them into `.local/<name>`; returns that root.

    apt works out what is missing against the machine's own status. A finished root is used again.
    """
    home = LOCAL / name
    root, done = home / "root", home / "done"
    wanted = "\n".join(packages)
    if done.exists() and done.read_text() == wanted:
        return root
    shutil.rmtree(home, ignore_errors=True)
    for folder in ("apt/lists/partial", "apt/cache/archives/partial", "root"):
        (home / folder).mkdir(parents=True)
    options = [f"-oDir::State::lists={home}/apt/lists", f"-oDir::Cache={home}/apt/cache", "-oDebug::NoLocking=1"]
    with step(f"download {' '.join(packages)} (no root: unpacked into .local/{name})"):
        run(["apt-get", "-qq", *options, "update"], env=QUIET)
        run(
            ["apt-get", "-q", "-y", *options, "--no-install-recommends", "--download-only", "install", *packages],
            env=QUIET,
            each="Get:",
        )
    archives = sorted((home / "apt/cache/archives").glob("*.deb"))
    with step(f"unpack {len(archives)} packages"):
        for archive in archives:
            run(["dpkg-deb", "-x", archive, root])
    shutil.rmtree(home / "apt")
    for control in root.glob("usr/share/postgresql/*/extension/*-3.control"):
        plain = control.with_name(control.name.replace("-3.control", ".control"))
        if not plain.exists():
            plain.symlink_to(control.name)
    done.write_text(wanted)
    return root


def bring(packages: list[str], name: str) -> Path | None:
    """Install as root (returns None: they are in their usual places) or unpack without (returns the root)."""
    if not has_apt():
        raise SetupFailed(f"{', '.join(packages)} are missing, and this is not Debian or Ubuntu.")
    if is_root():
        install(packages)
        return None
    return unpack(packages, name)


def library_path(root: Path) -> str:
    """LD_LIBRARY_PATH for the programs of an unpacked root, and only for them."""
    lib = root / "usr/lib" / f"{os.uname().machine}-linux-gnu"
    top = root / "lib" / f"{os.uname().machine}-linux-gnu"
    return os.pathsep.join(
        str(p) for p in (top, lib, lib / "blas", lib / "lapack", lib / "pulseaudio", root / "usr/lib")
    )
