"""A root unpacked without apt's help counts as installed for the next one, in the version that lies there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ops.bootstrap import held


def package(folder: Path, name: str, version: str) -> Path:
    """A .deb with nothing in it, made by Debian's own tool."""
    control = folder / name / "DEBIAN/control"
    control.parent.mkdir(parents=True)
    control.write_text(
        f"Package: {name}\nVersion: {version}\nArchitecture: amd64\nMaintainer: nobody <n@example.org>\n"
        "Depends: libc6 (>= 2.36)\nDescription: a test\n several lines of it\n"
    )
    archive = folder / f"{name}.deb"
    subprocess.run(["dpkg-deb", "-b", folder / name, archive], check=True, capture_output=True)
    return archive


def test_what_lies_unpacked_counts_as_installed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = tmp_path / "status"
    machine.write_text(
        "Package: libone\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0\nDescription: old\n\n"
        "Package: libtwo\nStatus: install ok installed\nArchitecture: amd64\nVersion: 7\nDescription: kept\n"
    )
    monkeypatch.setattr(held, "MACHINE", machine)
    monkeypatch.setattr(held, "LOCAL", tmp_path)
    home = tmp_path / "pg"
    home.mkdir()
    held.record(home, [package(tmp_path, "libone", "1.1"), package(tmp_path, "libnew", "3")])
    assert held.roots(["pg", "browser"]) == [], "an unfinished root counts for nothing"
    (home / "done").write_text("")
    assert held.roots(["pg", "browser"]) == [home]
    admin = tmp_path / "admin"
    (admin / "info").mkdir(parents=True)
    (admin / "status").write_text(held.status([home]))
    known = subprocess.run(
        ["dpkg-query", f"--admindir={admin}", "-W", "-f", "${Package} ${Version} ${db:Status-Status}\n"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert sorted(known.stdout.splitlines()) == ["libnew 3 installed", "libone 1.1 installed", "libtwo 7 installed"]
