"""Debian packages: installed as root, or unpacked into `.local` without root (bare machines lack almost everything)."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ops.bootstrap import held
from ops.bootstrap.steps import LOCAL, SetupFailed, is_root, run, step

QUIET = {"DEBIAN_FRONTEND": "noninteractive"}
TRIPLET = f"{os.uname().machine}-linux-gnu"


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


def unpack(packages: list[str], name: str, over: Sequence[str] = ()) -> Path:
    """Without root: download the packages with all they need and unpack them into `.local/<name>`; returns that root.

    apt works out what is missing against the machine's own status; what lies in the roots named in `over` counts as
    installed too and is not brought again. A finished root is used again.
    """
    home, beside = LOCAL / name, held.roots(over)
    wanted = "\n".join([*packages, *((other / "done").read_text() for other in beside)])
    if _finished(home, wanted):
        return home / "root"
    options = _lists_of_its_own(home)
    if beside:
        (home / "apt/status").write_text(held.status(beside), encoding="utf-8")
        options.append(f"-oDir::State::status={home}/apt/status")
    with step(f"download {' '.join(packages)} (no root: unpacked into .local/{name})"):
        run(["apt-get", "-qq", *options, "update"], env=QUIET)
        run(
            ["apt-get", "-q", "-y", *options, "--no-install-recommends", "--download-only", "install", *packages],
            env=QUIET,
            each="Get:",
        )
    return _lay_out(home, home / "apt/cache/archives", wanted)


def unpack_alone(packages: list[str], name: str) -> Path:
    """Unpack just these packages' own files into `.local/<name>`, as root too: what they depend on is the caller's care."""
    home, wanted = LOCAL / name, "\n".join(packages)
    if _finished(home, wanted):
        return home / "root"
    options = _lists_of_its_own(home)
    archives = home / "apt/cache/archives"
    with step(f"download {' '.join(packages)} (their own files only: unpacked into .local/{name})"):
        run(["apt-get", "-qq", *options, "update"], env=QUIET)
        run(["apt-get", "-q", *options, "download", *packages], env=QUIET, cwd=archives)
    return _lay_out(home, archives, wanted)


def _finished(home: Path, wanted: str) -> bool:
    done = home / "done"
    return done.exists() and done.read_text() == wanted


def _lists_of_its_own(home: Path) -> list[str]:
    """An empty home with package lists that need no root; returns the options that make apt use them."""
    shutil.rmtree(home, ignore_errors=True)
    for folder in ("apt/lists/partial", "apt/cache/archives/partial", "root"):
        (home / folder).mkdir(parents=True)
    return [f"-oDir::State::lists={home}/apt/lists", f"-oDir::Cache={home}/apt/cache", "-oDebug::NoLocking=1"]


def _lay_out(home: Path, downloaded: Path, wanted: str) -> Path:
    """Unpack what was downloaded, note what it is, and remove the downloads; returns the root."""
    root = home / "root"
    archives = sorted(downloaded.glob("*.deb"))
    with step(f"unpack {len(archives)} packages"):
        for archive in archives:
            run(["dpkg-deb", "-x", archive, root])
        held.record(home, archives)
    shutil.rmtree(home / "apt")
    for control in root.glob("usr/share/postgresql/*/extension/*-3.control"):
        plain = control.with_name(control.name.replace("-3.control", ".control"))
        if not plain.exists():
            plain.symlink_to(control.name)
    (home / "done").write_text(wanted)
    return root


def installed(packages: Sequence[str]) -> bool:
    """Whether the machine itself has all of these."""
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status}\n", *packages], capture_output=True, text=True, check=False
    )
    return asked.stdout.split() == ["installed"] * len(packages)


def bring(packages: list[str], name: str, over: Sequence[str] = ()) -> Path | None:
    """Install as root (returns None: they are in their usual places) or unpack without (returns the root)."""
    if not has_apt():
        raise SetupFailed(f"{', '.join(packages)} are missing, and this is not Debian or Ubuntu.")
    if is_root():
        install(packages)
        return None
    return unpack(packages, name, over)


def library_path(root: Path) -> str:
    """LD_LIBRARY_PATH for the programs of an unpacked root, and only for them."""
    lib, top = root / "usr/lib" / TRIPLET, root / "lib" / TRIPLET
    return os.pathsep.join(
        str(p) for p in (top, lib, lib / "blas", lib / "lapack", lib / "pulseaudio", root / "usr/lib")
    )
