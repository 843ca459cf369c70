"""XML of strangers, walked through once: nothing is fetched, nothing is expanded, depth and memory are bounded.

Expat reads it event by event. A DOCTYPE is refused before a single entity of it is known: entities are how a small file
becomes a large one (billion laughs, quadratic blowup) and how it names outside files and addresses (XXE).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.parsers import expat

from geo.exchange.unpacking import CHUNK, bad_file

DEPTH_MAX = 200
"""Elements in elements; files of every kind we read stay below 40."""

NAMES_MAX = 2_000
"""Different names of elements and attributes: each may become a column."""

SILENT_MAX_BYTES = 16 * CHUNK
"""One tag or comment longer than this is no data; expat would go over it again and again."""

TEXT_ENCODINGS = re.compile(
    r"(us-)?ascii|utf[-_]?(8|16).*|gb.*|big5.*|cp[-_]?\d+|windows-\d+|iso[-_]?8859.*|latin.*|euc.*|shift.*"
)
DECLARATION = re.compile(rb"^\s*<\?xml\s[^>]*?\?>")
SAID_ENCODING = re.compile(rb"""encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def utf8_of(path: Path) -> Iterator[bytes]:
    """The document as UTF-8 without its declaration, chunk by chunk; GBK and the like are what Chinese programs write.

    Raises BadInput for an encoding that is unknown or does not fit.
    """
    with path.open("rb") as file:
        first = file.read(CHUNK)
        codec = _codec(first)
        decoder = codecs.getincrementaldecoder(codec)()
        text, is_first = first, True
        while True:
            try:
                out = decoder.decode(text, final=not text).encode("utf-8")
            except UnicodeError as error:
                raise bad_file(f"XML 的内容与其编码 {codec} 不符", f"the XML is not in its encoding {codec}") from error
            if is_first:
                out = DECLARATION.sub(b"", out.removeprefix(codecs.BOM_UTF8), count=1)
                is_first = False
            if out:
                yield out
            if not text:
                return
            text = file.read(CHUNK)


def _codec(head: bytes) -> str:
    for bom, codec in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if head.startswith(bom):
            return codec
    declaration = DECLARATION.match(head)
    said = SAID_ENCODING.search(declaration.group(0)) if declaration else None
    name = said.group(1).decode("ascii").lower() if said else "utf-8"
    try:
        if not TEXT_ENCODINGS.fullmatch(name):
            raise LookupError(name)
        found = codecs.lookup(name).name
    except LookupError:
        raise bad_file(f"XML 的编码 {name} 无法识别", f"the encoding {name} of the XML is not known") from None
    return "gb18030" if found in ("gbk", "gb2312") else found


def walk(path: Path, start: Start, end: End, text: Text, copy: Callable[[bytes], object] | None = None) -> None:
    """Go through a document once; names without their prefix. `copy` is given every piece of it, as UTF-8.

    Raises BadInput: a DOCTYPE, too deep, too many names, damaged (with the line).
    """
    parser = expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    guard = _Guard(start, end, text)
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = guard.start
    parser.EndElementHandler = guard.end
    parser.CharacterDataHandler = guard.text
    try:
        for piece in utf8_of(path):
            parser.Parse(piece, False)
            guard.heard(len(piece))
            if copy is not None:
                copy(piece)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        said = expat.errors.messages.get(error.code, "damaged")
        raise bad_file(
            f"XML 已损坏：第 {error.lineno} 行（{said}）", f"the XML is damaged: line {error.lineno}, {said}"
        ) from error


def _refuse_doctype(*_: object) -> None:
    raise bad_file(
        "XML 带有 DOCTYPE（可引入外部文件或无限展开的实体），不予读取；请去掉后再上传",
        "the XML has a DOCTYPE, which can draw in other files or expand without end, and is not read; send it without",
    )


class _Guard:
    """Counts what goes by and hands it on."""

    def __init__(self, start: Start, end: End, text: Text) -> None:
        self._start, self._end, self._text = start, end, text
        self._depth, self._silent, self._has_heard = 0, 0, False
        self._names: set[str] = set()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._has_heard = True
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise bad_file(f"XML 嵌套超过 {DEPTH_MAX} 层", f"the XML is nested more than {DEPTH_MAX} deep")
        self._names.add(name)
        self._names.update(attributes)
        if len(self._names) > NAMES_MAX:
            raise bad_file(
                f"XML 有 {NAMES_MAX} 种以上的元素和属性，不是数据",
                f"the XML has more than {NAMES_MAX} kinds of elements and attributes; that is no data",
            )
        self._start(name.rpartition(":")[2], attributes)

    def end(self, name: str) -> None:
        self._has_heard = True
        self._depth -= 1
        self._end(name.rpartition(":")[2])

    def text(self, content: str) -> None:
        self._has_heard = True
        self._text(content)

    def heard(self, size: int) -> None:
        """Raise BadInput when nothing came of the last megabytes."""
        self._silent = 0 if self._has_heard else self._silent + size
        self._has_heard = False
        if self._silent > SILENT_MAX_BYTES:
            raise bad_file("XML 中有一个过长的标记", "one tag or comment of the XML is far too long")
