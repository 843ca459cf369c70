"""Which encoding bytes of a land office are in, and how we know (SHP-01)."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
CUT_SHARE_MAX = 0.1
"""A value cut at the end of its field loses half a character (SHP-02): so much of the non-ASCII bytes may be broken."""

GB2312_SHARE_MIN = 0.8
"""Chinese text is nearly all of GB2312; Western text misread as GBK hardly ever is."""

GB2312 = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
HIGH = re.compile(rb"[\x80-\xff]")

LANGUAGE_BYTES = {
    0x4D: "gbk",
    0x7A: "gbk",
    0x78: "big5",
    0x4F: "big5",
    0x7B: "cp932",
    0x13: "cp932",
    0x79: "cp949",
    0x4E: "cp949",
}
"""DBF language driver ids that say something; 0, 0x03 and 0x57 are what writers put there without thinking."""

CODE_PAGES = {"936": "gbk", "950": "big5", "932": "cp932", "949": "cp949", "65001": "utf-8", "sjis": "cp932", "54936": "gb18030",
              "88591": "latin-1"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guess:
    """A Python codec and the evidence for it."""

    codec: str
    evidence: tuple[str, ...]

    def report(self) -> dict[str, object]:
        """As it stands in a batch's guesses."""
        return {"value": self.codec.upper(), "evidence": list(self.evidence)}


def of_code_page_file(content: bytes) -> Guess | None:
    """What a .cpg says; None when it says nothing we know."""
    said = content.decode("latin-1").strip().strip("\x00")
    name = re.sub(r"^(ansi|oem|cp|windows|ms)[ _-]*", "", said.lower())
    for candidate in (CODE_PAGES.get(name), said, name.replace("-", ""), f"cp{name}"):
        if candidate:
            try:
                return Guess(codecs.lookup(candidate).name, (f".cpg says {said[:20]}",))
            except LookupError:
                continue
    return None


def of_language_byte(byte: int) -> Guess | None:
    """What the language byte of a DBF says, where it means something."""
    codec = LANGUAGE_BYTES.get(byte)
    return Guess(codec, (f"DBF language byte 0x{byte:02X}",)) if codec else None


def of_bytes(raw: bytes) -> Guess:
    """UTF-8 if it reads so, then GBK if what it reads is Chinese, else Windows-1252."""
    for bom, codec in BOMS:
        if raw.startswith(bom):
            return Guess(codec, ("byte order mark",))
    high = len(HIGH.findall(raw))
    if not high:
        return Guess("utf-8", ("nothing but ASCII",))
    if _broken(raw, "utf-8") <= CUT_SHARE_MAX * high:
        return Guess("utf-8", ("reads as UTF-8",))
    share = 2 * len(GB2312.findall(raw)) / high
    if share >= GB2312_SHARE_MIN and _broken(raw, "gb18030") <= CUT_SHARE_MAX * high:
        return Guess(
            "gb18030", ("not UTF-8", f"{min(share, 1):.0%} of its non-ASCII bytes are common Chinese characters in GBK")
        )
    return Guess("cp1252", ("not UTF-8", "what it reads in GBK is no Chinese", "Western letters assumed"))


def decode(raw: bytes, codec: str) -> str:
    """Text of bytes; half a character at the end is left off, any other broken byte becomes U+FFFD."""
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as error:
        if error.end >= len(raw.rstrip(b" \x00")):
            return raw[: error.start].decode(codec, "replace")
        return raw.decode(codec, "replace")


def _broken(raw: bytes, codec: str) -> int:
    return raw.decode(codec, "replace").count("�")
