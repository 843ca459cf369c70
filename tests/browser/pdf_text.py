"""The words of a PDF as Chromium prints it: enough of the format to read its text back, in the order it was drawn."""

from __future__ import annotations

import re
import unicodedata
import zlib

_HEAD = re.compile(rb"(\d+) 0 obj\s(.*?)(endobj|stream\r?\n)", re.DOTALL)
_SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)> Tj|(\[.*?\]) TJ", re.DOTALL)


def _objects(pdf: bytes) -> dict[int, tuple[bytes, bytes]]:
    """Number -> (dictionary, what its stream holds)."""
    found, at = {}, 0
    while (head := _HEAD.search(pdf, at)) is not None:
        data, at = b"", head.end()
        if head[3] != b"endobj":
            length = re.search(rb"/Length (\d+)", head[2])
            assert length is not None
            data, at = pdf[at : at + int(length[1])], at + int(length[1])
            data = zlib.decompress(data) if b"/FlateDecode" in head[2] else data
        found[int(head[1])] = (head[2], data)
    return found


def _glyphs(cmap: bytes) -> dict[int, str]:
    """Glyph -> text, from a ToUnicode map."""
    table: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for glyph, text in re.findall(rb"<(\w+)> <(\w+)>", block):
            table[int(glyph, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, text in re.findall(rb"<(\w+)> <(\w+)> <(\w+)>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                table[int(first, 16) + step] = chr(int(text, 16) + step)
    return table


def pdf_pages(pdf: bytes) -> list[str]:
    """The text of each page, without spaces: where words are parted a PDF does not say."""
    objects = _objects(pdf)
    pages = []
    for body, _ in objects.values():
        contents = re.search(rb"/Contents (\d+) 0 R", body)
        if not re.search(rb"/Type\s*/Page\b", body) or contents is None:
            continue
        fonts: dict[bytes, tuple[dict[int, str], int]] = {}
        for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", body):
            to_unicode = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)][0])
            table = _glyphs(objects[int(to_unicode[1])][1]) if to_unicode else {}
            fonts[name] = table, 2 if b"/Type3" in objects[int(number)][0] else 4  # hexadecimal digits per glyph
        words: list[str] = []
        glyphs, digits = dict[int, str](), 4
        for font, plain, several in _SHOWN.findall(objects[int(contents[1])][1]):
            glyphs, digits = fonts.get(font, (glyphs, digits)) if font else (glyphs, digits)
            for run in [plain] if plain else re.findall(rb"<([0-9A-Fa-f]+)>", several):
                words += [glyphs.get(int(run[i : i + digits], 16), "") for i in range(0, len(run), digits)]
        pages.append(unicodedata.normalize("NFKC", "".join(words)).replace(" ", ""))
    return pages
