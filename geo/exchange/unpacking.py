"""From an upload to a file a reader can open: zips are unpacked with care (bombs, path tricks, archives in archives)."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from geo.errors import BadInput, Problem, TooLarge

UPLOAD_MAX_BYTES = 200 * 1024 * 1024
UNPACKED_MAX_BYTES = 1024 * 1024 * 1024
RATIO_MAX = 200
RATIO_FREE_BYTES = 64 * 1024 * 1024
"""Up to here a file may be packed as tightly as it likes: an empty column of a .dbf packs a thousand to one."""

FILES_MAX = 2_000
CHUNK = 1 << 20

READABLE = (".gpkg", ".geojson", ".json", ".fgb", ".shp", ".csv")
SIGNATURES: dict[str, tuple[tuple[int, bytes], ...]] = {
    ".gpkg": ((0, b"SQLite format 3\x00"),),
    ".fgb": ((0, b"fgb"),),
    ".shp": ((0, b"\x00\x00\x27\x0a"),),
    ".zip": ((0, b"PK"),),
}
"""What a file of this name begins with: what it holds decides, not what it is called."""

GEOPACKAGE_IDS = (b"GPKG", b"GP10", b"GP11")
READS_OTHER_FILES = b"gdal_streamed_alg"
"""In a JSON text: a GDALG pipeline, which names further files to read."""

ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".kmz")


def bad_file(zh: str, en: str) -> BadInput:
    """The file as a whole cannot be taken."""
    return BadInput.at("file", Problem(zh=zh, en=en))


def readable_file(path: Path, workdir: Path) -> Path:
    """The one file to read: `path` itself, or what a zip holds, unpacked into `workdir`.

    Raises BadInput (empty, unknown kind, path trick, nested archive, several or no data sets) and TooLarge (bomb).
    """
    size = path.stat().st_size
    if size == 0:
        raise bad_file("文件是空的（0 字节）", "the file is empty (0 bytes)")
    if size > UPLOAD_MAX_BYTES:
        raise TooLarge(Problem(zh="文件超过 200 MiB", en="the file is larger than 200 MiB"))
    if path.suffix.lower() == ".zip":
        _is_what_it_is_called(path)
        chosen = _only_data_set(_unzip(path, workdir))
        if chosen.stat().st_size == 0:
            raise bad_file(f"压缩包内的 {chosen.name} 是空的（0 字节）", f"{chosen.name} in the zip is empty (0 bytes)")
        _is_what_it_is_called(chosen)
        return chosen
    if path.suffix.lower() not in READABLE:
        raise bad_file(
            f"不支持 {path.suffix or '无后缀'} 文件；可用：Shapefile（可压缩为 zip）、GeoJSON、GeoPackage、FlatGeobuf、CSV",
            f"{path.suffix or 'files without an ending'} cannot be read; Shapefile (also zipped), GeoJSON, GeoPackage, "
            "FlatGeobuf and CSV can",
        )
    _is_what_it_is_called(path)
    return path


def _is_what_it_is_called(path: Path) -> None:
    """Raise BadInput where the content is not of the kind the name says; nothing has opened it yet."""
    kind = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(CHUNK)
    is_right = all(head[at:].startswith(mark) for at, mark in SIGNATURES.get(kind, ()))
    if kind == ".gpkg":
        is_right = is_right and head[68:72] in GEOPACKAGE_IDS
    if kind in (".json", ".geojson"):
        is_right = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")) and READS_OTHER_FILES not in head
    if not is_right:
        raise bad_file(
            f"文件内容不是 {kind} 格式（可能改过后缀，或已损坏）",
            f"the content is not {kind} (renamed from something else, or damaged)",
        )


def _unzip(path: Path, workdir: Path) -> list[Path]:
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise bad_file("压缩包已损坏", "the zip file is damaged") from error
    out: list[Path] = []
    total = 0
    with archive:
        members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")]
        if len(members) > FILES_MAX:
            raise TooLarge(Problem(zh=f"压缩包内文件超过 {FILES_MAX} 个", en=f"more than {FILES_MAX} files in the zip"))
        for member in members:
            name = PurePosixPath(member.filename.replace("\\", "/"))
            if name.is_absolute() or ".." in name.parts or ":" in member.filename:
                raise bad_file("压缩包内有越界路径", "the zip holds a path that leads outside of it")
            if name.suffix.lower() in ARCHIVES:
                raise bad_file("压缩包内还有压缩包，请先解开", "the zip holds another archive; unpack it first")
            if member.flag_bits & 0x1:
                raise bad_file("压缩包有密码", "the zip is protected by a password")
            target = (
                workdir / f"{len(out)}" / name.name if name.suffix.lower() not in SIDE_BY_SIDE else workdir / name.name
            )
            target.parent.mkdir(parents=True, exist_ok=True)
            total = _extract(archive, member, target, total)
            out.append(target)
    return out


SIDE_BY_SIDE = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx", ".xml")
"""Parts of one Shapefile: they must lie in one folder."""


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, total: int) -> int:
    written = 0
    try:
        with archive.open(member) as source, target.open("wb") as sink:
            while chunk := source.read(CHUNK):
                written += len(chunk)
                is_bomb = written > max(RATIO_FREE_BYTES, member.compress_size * RATIO_MAX)
                if total + written > UNPACKED_MAX_BYTES or is_bomb:
                    raise TooLarge(
                        Problem(
                            zh="压缩包解开后过大（疑似压缩炸弹）", en="the zip unpacks to far too much (a zip bomb?)"
                        )
                    )
                sink.write(chunk)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise bad_file("压缩包已损坏", "the zip file is damaged") from error
    return total + written


def _only_data_set(files: list[Path]) -> Path:
    data = [f for f in files if f.suffix.lower() in READABLE]
    if not data:
        raise bad_file("压缩包内没有可读的数据", "nothing in the zip can be read")
    if len(data) > 1:
        names = "、".join(sorted(f.name for f in data)[:5])
        raise bad_file(
            f"压缩包内有多个数据集：{names}；请分开上传", f"several data sets in the zip: {names}; send them one by one"
        )
    return data[0]
