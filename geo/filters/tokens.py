"""The words and signs of CQL2 text, one after the other."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from geo.filters.faults import Place, refuse, shown

_START = (
    ":_A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1ffe\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
IDENTIFIER = re.compile(f"[{_START}][{_START}.0-9\u0300-\u036f\u203f\u2040]*")
"""An unquoted name, by the ranges of the standard; Chinese is among them."""

_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<string>'(?:[^']|'')*+')"
    r'|(?P<quoted>"(?:[^"]|"")*+")'
    rf"|(?P<word>{IDENTIFIER.pattern})"
    r"|(?P<sign><=|>=|<>|[-=<>+*/%^(),])"
)
_SPACE = re.compile(r"[ \t\r\n\f\v\u00a0\u3000]*")


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is number, string, quoted, word, sign or end; `text` is the value (quotes taken off), `start` its offset."""

    kind: str
    text: str
    start: int

    @property
    def key(self) -> str:
        """What grammar compares: a sign, or a word in small letters; '' for anything else."""
        return self.text.lower() if self.kind == "word" else self.text if self.kind == "sign" else ""


class Tokens:
    """Tokens of a text, read as they are asked for. Raises BadInput where no token begins."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", source))]
        self._offset = 0
        self.next = self._read()

    def take(self) -> Token:
        """The next token, passing it."""
        token = self.next
        self.next = self._read()
        return token

    def after_next(self) -> Token:
        """The token after the next one; nothing is passed."""
        offset = self._offset
        token = self._read()
        self._offset = offset
        return token

    def place(self, token: Token) -> Place:
        """Line and character of a token."""
        return self._place(token.start)

    def _place(self, offset: int) -> Place:
        line = bisect_right(self._line_starts, offset)
        return Place(line=line, column=offset - self._line_starts[line - 1] + 1)

    def _read(self) -> Token:
        space = _SPACE.match(self._source, self._offset)
        start = space.end() if space else self._offset
        if start == len(self._source):
            self._offset = start
            return Token("end", "", start)
        found = _TOKEN.match(self._source, start)
        if found is None or found.lastgroup is None:
            raise self._unreadable(start)
        self._offset = found.end()
        text = found.group()
        if found.lastgroup == "string":
            text = text[1:-1].replace("''", "'")
        elif found.lastgroup == "quoted":
            text = text[1:-1].replace('""', '"')
        return Token(found.lastgroup, text, start)

    def _unreadable(self, offset: int) -> Exception:
        sign, at = self._source[offset], self._place(offset)
        if sign == "'":
            return refuse(
                at, "引号没有闭合", "a string that is not closed",
                "以 ' 结束；字符串中的引号写作 ''", "end it with '; a quote inside a string is written ''",
            )  # fmt: skip
        if sign == '"':
            return refuse(at, "双引号没有闭合", "a quoted name that is not closed", '以 " 结束', 'end it with "')
        if sign in "“”‘’":
            return refuse(
                at, f"弯引号 {sign} 不是引号", f"a typographic quote {sign}",
                "字符串用 '，名称用 \"", "' for strings, \" for names",
            )  # fmt: skip
        if sign == "!":
            return refuse(at, "不认识“!”", "'!' means nothing here", "不等于写作 <>，否定写作 NOT", "<> or NOT")
        return refuse(
            at, f"不认识“{shown(sign)}”", f"'{shown(sign)}' means nothing here",
            "名称、数字、'字符串' 或运算符", "a name, a number, a 'string' or an operator",
        )  # fmt: skip
