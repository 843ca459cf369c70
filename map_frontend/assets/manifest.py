"""The list of built files: what was built, from what, under which licence, and whether it is all there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

ASSETS = Path(__file__).parent
STATIC = ASSETS.parent / "static"
VENDOR = STATIC / "vendor"
MANIFEST = VENDOR / "manifest.json"
GZIPPED = ".gz"
"""What a built file's name ends with in its compressed form."""

BUILD_COMMAND = "python -m map_frontend.assets.build"

SOURCES = (
    ASSETS / "package.json",
    ASSETS / "package-lock.json",
    ASSETS / "build.py",
    STATIC / "js",
    STATIC / "css",
)
"""Files and folders whose bytes decide what is built."""


class AssetsMissing(RuntimeError):
    """The front-end files are absent, incomplete or older than their sources."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"前端文件不可用：{what}。请运行 `{BUILD_COMMAND}`。\n"
            f"The front-end files cannot be used: {what}. Run `{BUILD_COMMAND}`."
        )


@dataclass(frozen=True, slots=True)
class Asset:
    """One built file: `file` is relative to `static/vendor/`, `key` is Folium's link name or our own."""

    key: str
    file: str
    sha256: str
    package: str
    version: str
    licence: str


def source_digest() -> str:
    """SHA-256 over the names and bytes of everything that is built from."""
    digest = hashlib.sha256()
    for source in SOURCES:
        for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
            if path.is_file():
                digest.update(path.relative_to(ASSETS.parent).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def write(folder: Path, assets: list[Asset]) -> None:
    """Write `manifest.json` into a freshly built folder."""
    body = {"source_digest": source_digest(), "assets": {asset.key: asdict(asset) for asset in assets}}
    (folder / MANIFEST.name).write_text(json.dumps(body, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def load(*, check_sources: bool = True) -> Mapping[str, Asset]:
    """The built files by key, after checking that each exists with its recorded bytes.

    Raises AssetsMissing, with the command that mends it.
    """
    if not MANIFEST.is_file():
        raise AssetsMissing(f"没有 {MANIFEST.name} / no {MANIFEST.name}")
    body = json.loads(MANIFEST.read_text(encoding="utf-8"))
    if check_sources and body["source_digest"] != source_digest():
        raise AssetsMissing("源文件已改动 / the sources have changed since")
    assets = {key: Asset(**fields) for key, fields in body["assets"].items()}
    for asset in assets.values():
        path = VENDOR / asset.file
        if not path.is_file():
            raise AssetsMissing(f"缺 {asset.file} / {asset.file} is missing")
        if not path.with_name(path.name + GZIPPED).is_file():
            raise AssetsMissing(f"缺 {asset.file}{GZIPPED} / {asset.file}{GZIPPED} is missing")
        if hashlib.sha256(path.read_bytes()).hexdigest() != asset.sha256:
            raise AssetsMissing(f"{asset.file} 已损坏 / {asset.file} is damaged")
    return assets
