"""MapInfo tables: what a .tab says of itself is read before GDAL opens it, for a .tab may be a list of other files."""

from __future__ import annotations

import re
from pathlib import Path

from geo.exchange import encoding
from geo.exchange.unpacking import CHUNK, bad_file

TYPE = re.compile(rb"""^\s*Type\s+"?(\w+)""", re.IGNORECASE | re.MULTILINE)
CHARSET = re.compile(rb"""^\s*(?:!charset|Type\s+\w+\s+Charset|Charset)\s+"?(\w+)"?""", re.IGNORECASE | re.MULTILINE)
ELSEWHERE = re.compile(
    rb"""^\s*(?:Open\s+Table|File\s+"|create\s+view)|\\IsSeamless"\s*=\s*"TRUE""", re.IGNORECASE | re.MULTILINE
)
TABLES = {"native", "linked", "dbf"}


def check_table(path: Path) -> None:
    """Raise BadInput for a .tab that is no table of its own: a registered picture, a view, a seamless set of other tables."""
    with path.open("rb") as file:
        head = file.read(CHUNK)
    if not re.match(rb"\s*!table", head, re.IGNORECASE):
        raise bad_file("文件内容不是 MapInfo TAB", "the content is not a MapInfo TAB")
    found = TYPE.search(head)
    kind = found.group(1).decode("latin-1").lower() if found else "unknown"
    if kind == "raster":
        raise bad_file("这个 TAB 是配准的图片，没有图形数据", "this TAB registers a picture; there is no data in it")
    if kind not in TABLES or ELSEWHERE.search(head):
        raise bad_file(
            "这个 TAB 引用其他文件（视图、无缝表或外部库），不予读取；请另存为普通表",
            "this TAB points at other files (a view, a seamless or linked table), which are not read; save it as a plain table",
        )


def text_encoding(path: Path, cells: bytes) -> encoding.Guess:
    """What text of a table, read byte for byte, is in: GDAL gives UTF-8 where the file names a character set it knows."""
    with path.open("rb") as file:
        named = CHARSET.search(file.read(CHUNK))
    charset = named.group(1).decode("latin-1") if named else "Neutral"
    guess = encoding.of_bytes(cells)
    if charset.lower() != "neutral" and guess.codec == "utf-8":
        return encoding.Guess("utf-8", (f"character set {charset} named by the file",))
    return guess
