"""GDAL's programs and QGIS without its desktop for the tests: libraries installed (root) or unpacked (no root).

The programs' packages are unpacked by themselves: what python3-qgis asks for beside the libraries is the desktop, 1.3 GB.
"""

from __future__ import annotations

import os
from pathlib import Path

from ops.bootstrap import debian, held
from ops.bootstrap.steps import LOCAL, SetupFailed

LIBRARIES = ["qgis-providers", "python3-pyqt5", "python3-pyqt5.qtpositioning", "python3-pyqt5.qtsql"]
"""QGIS, GDAL and Qt as libraries, and the parts of PyQt that `qgis.core` imports."""

PROGRAMS = ["gdal-bin", "python3-qgis"]
GIVEN = ("OGRINFO", "OGR2OGR", "QGIS_PYTHON")

ELSEWHERE = """GDAL's programs and QGIS are missing, and this is not Debian or Ubuntu. The tests run them as clients:
    install both, then set OGRINFO, OGR2OGR and QGIS_PYTHON (a Python that can `import qgis.core`)"""


def bring() -> dict[str, str]:
    """The environment in which the tests find the clients: commands OGRINFO, OGR2OGR, and QGIS_PYTHON for `qgis.core`."""
    if all(name in os.environ for name in GIVEN):
        return {}
    if not debian.has_apt():
        raise SetupFailed(ELSEWHERE)
    libraries = [] if debian.installed(LIBRARIES) else _libraries()
    programs = debian.unpack_alone(PROGRAMS, "gis-programs")
    variables = _variables([programs, *libraries])
    return {
        "OGRINFO": _wrapper("ogrinfo", f"{programs}/usr/bin/ogrinfo", variables),
        "OGR2OGR": _wrapper("ogr2ogr", f"{programs}/usr/bin/ogr2ogr", variables),
        "QGIS_PYTHON": _wrapper("qgis-python", "/usr/bin/python3 -s", variables),
    }


def _libraries() -> list[Path]:
    """Bring the libraries; returns the roots they lie in when they were unpacked."""
    over = ("pg", "browser")
    beside = [home / "root" for home in held.roots(over)]
    root = debian.bring(LIBRARIES, "gis", over)
    return [] if root is None else [root, *beside]


def _variables(roots: list[Path]) -> dict[str, str]:
    """What programs and libraries outside their usual places need to find each other and their data."""
    libraries = [path for root in roots for path in debian.library_path(root).split(os.pathsep) if Path(path).is_dir()]
    found = {
        "LD_LIBRARY_PATH": libraries,
        "PYTHONPATH": _present(roots, "usr/lib/python3/dist-packages"),
        "QT_PLUGIN_PATH": _present(roots, f"usr/lib/{debian.TRIPLET}/qt5/plugins"),
        "GDAL_DATA": _present(roots, "usr/share/gdal")[:1],
        "PROJ_DATA": _present(roots, "usr/share/proj")[:1],
        "QGIS_PREFIX_PATH": [str(_prefix(roots))],
        "FONTCONFIG_FILE": _present([LOCAL], "browser/fonts.conf"),
    }
    joined = {name: os.pathsep.join(values) for name, values in found.items() if values}
    return joined | {"QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1"}


def _present(roots: list[Path], inside: str) -> list[str]:
    return [str(root / inside) for root in roots if (root / inside).exists()]


def _prefix(roots: list[Path]) -> Path:
    """Where QGIS looks for its providers: the `usr` that has them."""
    return next((root / "usr" for root in roots if (root / "usr/lib/qgis/plugins").is_dir()), Path("/usr"))


def _wrapper(name: str, command: str, variables: dict[str, str]) -> str:
    folder = LOCAL / "clients"
    folder.mkdir(exist_ok=True)
    lines = "".join(f'export {key}="{value}"\n' for key, value in variables.items())
    path = folder / name
    path.write_text(f'#!/bin/sh\n{lines}exec {command} "$@"\n')
    path.chmod(0o755)
    return str(path)
