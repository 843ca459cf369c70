"""From an upload to a file a reader can open: zips are unpacked with care (bombs, path tricks, archives in archives)."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from geo.errors import BadInput, Problem, TooLarge
from geo.exchange.kinds import ACCEPTED_EN, ACCEPTED_ZH, JSON_ENDINGS, WHY_NOT, ZIP_MARKS, kind_of

UPLOAD_MAX_BYTES = 200 * 1024 * 1024
UNPACKED_MAX_BYTES = 1024 * 1024 * 1024
RATIO_MAX = 200
RATIO_FREE_BYTES = 64 * 1024 * 1024
"""Up to here a file may be packed as tightly as it likes: an empty column of a .dbf packs a thousand to one."""

FILES_MAX = 2_000
CHUNK = 1 << 20

GEOPACKAGE_IDS = (b"GPKG", b"GP10", b"GP11")
READS_OTHER_FILES = b"gdal_streamed_alg"
"""In a JSON text: a GDALG pipeline, which names further files to read."""

ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".kmz")
TABLE_OF_GEODATABASE = ".gdbtable"
ROOT_OF_KMZ = "doc.kml"
OUTERMOST = "outermost"
"""Our folder for what lies in no folder of the archive."""


def bad_file(zh: str, en: str) -> BadInput:
    """The file as a whole cannot be taken."""
    return BadInput.at("file", Problem(zh=zh, en=en))


def readable_file(path: Path, workdir: Path) -> Path:
    """The one data set to read: `path` itself, or what a zip or KMZ holds, unpacked into `workdir`; a folder for a FileGDB.

    Raises BadInput (empty, unknown kind, path trick, nested archive, several or no data sets) and TooLarge (bomb).
    """
    if path.is_dir():
        raise bad_file("这是文件夹；请压缩为 zip", "this is a folder; send it in a zip")
    size = path.stat().st_size
    if size == 0:
        raise bad_file("文件是空的（0 字节）", "the file is empty (0 bytes)")
    if size > UPLOAD_MAX_BYTES:
        raise TooLarge(Problem(zh="文件超过 200 MiB", en="the file is larger than 200 MiB"))
    ending = path.suffix.lower()
    if ending in (".zip", ".kmz"):
        _is_what_it_is_called(path)
        chosen = _root_of_kmz(_unzip(path, workdir)) if ending == ".kmz" else _only_data_set(_unzip(path, workdir))
        if chosen.is_file() and chosen.stat().st_size == 0:
            raise bad_file(f"压缩包内的 {chosen.name} 是空的（0 字节）", f"{chosen.name} in the zip is empty (0 bytes)")
        _is_what_it_is_called(chosen)
        return chosen
    if ending in WHY_NOT:
        zh, en = WHY_NOT[ending]
        raise bad_file(f"不能导入 {ending} 文件：{zh}", f"{ending} files cannot be read: {en}")
    if kind_of(path) is None:
        raise bad_file(
            f"不支持 {path.suffix or '无后缀'} 文件；可用：{ACCEPTED_ZH}",
            f"{path.suffix or 'files without an ending'} cannot be read; {ACCEPTED_EN} can",
        )
    _is_what_it_is_called(path)
    return path


def _is_what_it_is_called(path: Path) -> None:
    """Raise BadInput where the content is not of the kind the name says; nothing has opened it yet."""
    ending, kind = path.suffix.lower(), kind_of(path)
    if path.is_dir():
        return
    with path.open("rb") as file:
        head = file.read(CHUNK)
    marks = kind.marks if kind is not None else ZIP_MARKS
    is_right = all(head[at:].startswith(mark) for at, mark in marks)
    if ending == ".gpkg":
        is_right = is_right and head[68:72] in GEOPACKAGE_IDS
    if ending in JSON_ENDINGS:
        is_right = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")) and READS_OTHER_FILES not in head
    if not is_right:
        raise bad_file(
            f"文件内容不是 {ending} 格式（可能改过后缀，或已损坏）",
            f"the content is not {ending} (renamed from something else, or damaged)",
        )


def _unzip(path: Path, workdir: Path) -> list[Path]:
    """Unpack with care. What lay in one folder lies in one folder again: parts of a data set stay together.

    Folders are numbered, so no name of the archive decides where anything is written; a FileGDB's folder ends in `.gdb`.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise bad_file("压缩包已损坏", "the zip file is damaged") from error
    with archive:
        members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")]
        if len(members) > FILES_MAX:
            raise TooLarge(Problem(zh=f"压缩包内文件超过 {FILES_MAX} 个", en=f"more than {FILES_MAX} files in the zip"))
        names = [PurePosixPath(m.filename.replace("\\", "/")) for m in members]
        for name, member in zip(names, members, strict=True):
            _check(name, member, is_kmz=path.suffix.lower() == ".kmz")
        folders = _folders(names)
        out: list[Path] = []
        total = 0
        for name, member in zip(names, members, strict=True):
            target = workdir / folders[name.parent] / name.name
            target.parent.mkdir(exist_ok=True)
            total = _extract(archive, member, target, total)
            out.append(target)
    return out


def _check(name: PurePosixPath, member: zipfile.ZipInfo, *, is_kmz: bool) -> None:
    if name.is_absolute() or ".." in name.parts or ":" in member.filename:
        raise bad_file("压缩包内有越界路径", "the zip holds a path that leads outside of it")
    if name.suffix.lower() in ARCHIVES and not is_kmz:
        raise bad_file("压缩包内还有压缩包，请先解开", "the zip holds another archive; unpack it first")
    if member.flag_bits & 0x1:
        raise bad_file("压缩包有密码", "the zip is protected by a password")


def _folders(names: list[PurePosixPath]) -> dict[PurePosixPath, str]:
    """A folder of ours for each folder of the archive."""
    databases = {n.parent for n in names if n.suffix.lower() == TABLE_OF_GEODATABASE}
    out = {}
    for number, parent in enumerate(dict.fromkeys(name.parent for name in names)):
        name = OUTERMOST if parent == PurePosixPath() else str(number)
        out[parent] = name + ".gdb" if parent in databases else name
    return out


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
    databases = dict.fromkeys(f.parent for f in files if f.suffix.lower() == TABLE_OF_GEODATABASE)
    data = [*databases, *(f for f in files if kind_of(f) is not None and f.parent not in databases)]
    if not data:
        raise bad_file(
            f"压缩包内没有可读的数据；可用：{ACCEPTED_ZH}", f"nothing in the zip can be read; {ACCEPTED_EN} can"
        )
    if len(data) > 1:
        names = "、".join(sorted(f.name for f in data)[:5])
        raise bad_file(
            f"压缩包内有多个数据集：{names}；请分开上传", f"several data sets in the zip: {names}; send them one by one"
        )
    return data[0]


def _root_of_kmz(files: list[Path]) -> Path:
    """The KML a KMZ shows: doc.kml of its outermost folder, else the only one."""
    found = [f for f in files if f.suffix.lower() == ".kml"]
    chosen = [f for f in found if f.name.lower() == ROOT_OF_KMZ and f.parent.name == OUTERMOST] or found
    if not found:
        raise bad_file("KMZ 内没有 KML", "there is no KML in the KMZ")
    if len(chosen) > 1:
        names = "、".join(sorted(f.name for f in found)[:5])
        raise bad_file(
            f"KMZ 内有多个 KML，没有 doc.kml：{names}；请分开上传",
            f"several KML files in the KMZ and no doc.kml: {names}; send them one by one",
        )
    return chosen[0]
