"""The virtual environment from the lock file, also where Debian's python3 has neither venv nor pip."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import sys
from pathlib import Path

from ops.bootstrap import debian
from ops.bootstrap.steps import PYTHON, ROOT, VENV, SetupFailed, is_root, run, step

LOCK = ROOT / "requirements.lock"
MARK = VENV / "installed-lock"


def ready() -> bool:
    """Whether the environment holds exactly what the lock file says."""
    return PYTHON.exists() and MARK.exists() and MARK.read_text() == _digest()


def _digest() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def make() -> None:
    """Make `.venv` and install the locked packages, wheels only (there may be no compiler)."""
    if ready():
        _write_command()
        return
    if sys.version_info < (3, 11):
        raise SetupFailed(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    shutil.rmtree(VENV, ignore_errors=True)
    pip_env: dict[str, str] = {}
    if importlib.util.find_spec("ensurepip") is not None:
        with step("make .venv"):
            run([sys.executable, "-m", "venv", VENV])
        pip: list[str | Path] = [PYTHON, "-m", "pip"]
    else:
        pip, pip_env = _without_ensurepip()
    count = sum("==" in line for line in LOCK.read_text().splitlines())
    with step(f"install {count} locked packages"):
        run(
            [*pip, "install", "--disable-pip-version-check", "--no-input", "--require-hashes", "--no-deps",
             "--progress-bar", "off", "--only-binary", ":all:", "-r", LOCK],
            env=pip_env, each="Collecting |Installing ", total=count,
        )  # fmt: skip
    site = next((VENV / "lib").glob("python3*/site-packages"))
    (site / "yizhangtu.pth").write_text(f"{ROOT}\n")
    _write_command()
    MARK.write_text(_digest())


def _write_command() -> None:
    """The command `yizhangtu` of this checkout."""
    command = VENV / "bin" / "yizhangtu"
    command.write_text(f'#!/bin/sh\nexec "{PYTHON}" -m ops.cli "$@"\n')
    command.chmod(0o755)


def _without_ensurepip() -> tuple[list[str | Path], dict[str, str]]:
    """Debian without python3-venv: bring the package (root) or its pip wheel (no root)."""
    if is_root():
        debian.install(["python3-venv"])
        run([sys.executable, "-m", "venv", VENV])
        return [PYTHON, "-m", "pip"], {}
    root = debian.unpack(["python3-venv"], "python-venv")
    with step("make .venv without ensurepip"):
        run([sys.executable, "-m", "venv", "--without-pip", VENV], env={"PYTHONPATH": str(root / "usr/lib/python3.11")})
    wheel = next(root.glob("usr/share/python-wheels/pip-*.whl"))
    more = [wheel, root / "usr/lib/python3.11", root / "usr/lib/python3/dist-packages"]
    return [PYTHON, "-m", "pip"], {"PYTHONPATH": ":".join(str(p) for p in more)}
