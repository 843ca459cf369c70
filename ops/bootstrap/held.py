"""What apt believes is installed: the machine's own packages, and those that lie unpacked in `.local` already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from ops.bootstrap.steps import LOCAL, run

MACHINE = Path("/var/lib/dpkg/status")
NAME = re.compile(r"^(Package|Architecture): *(\S+)", re.MULTILINE)


def record(home: Path, archives: Sequence[Path]) -> None:
    """Note in `<home>/held` what was unpacked, in the form of dpkg's status file."""
    fields = (run(["dpkg-deb", "-f", archive]) for archive in archives)
    (home / "held").write_text("".join(f"{text.rstrip()}\nStatus: install ok installed\n\n" for text in fields))


def roots(names: Iterable[str]) -> list[Path]:
    """The finished homes among `.local/<name>` that say what they hold."""
    homes = [LOCAL / name for name in names]
    return [home for home in homes if (home / "done").exists() and (home / "held").exists()]


def status(homes: Sequence[Path]) -> str:
    """The text of a status file; a package that lies in a home as well counts in that version."""
    stanzas: dict[tuple[str, ...], str] = {}
    for source in (MACHINE, *(home / "held" for home in homes)):
        for stanza in source.read_text(encoding="utf-8").split("\n\n"):
            if stanza.strip():
                stanzas[tuple(value for _, value in sorted(NAME.findall(stanza)[:2]))] = stanza.strip()
    return "\n\n".join(stanzas.values()) + "\n"
