"""Text: case and accents folded away, and LIKE.

CASEI is Unicode case folding as PostgreSQL can do it: upper, then lower case by ICU whatever the locale of the database, the
final sigma made a plain one. ACCENTI composes (NFC) and takes `unaccent`. Both are done by the database on both sides, so that
they agree. Folded text has the collation "C".
"""

from __future__ import annotations

from geo.filters.faults import refuse
from geo.filters.kinds import Kind
from geo.filters.limits import LIKE_LENGTH_MAX, WILDCARDS_MAX
from geo.filters.scope import Scope
from geo.filters.tree import FOLDS, Call, Node, Property, Text

_FOLD = {
    "casei": '(replace(lower(upper({0} collate "und-x-icu") collate "und-x-icu"), \'ς\', \'σ\') collate "C")',
    "accenti": '(public.unaccent(normalize({0}, nfc)) collate "C")',
}

_ESCAPE = "replace(replace(replace({0}, chr(92), chr(92) || chr(92)), chr(37), chr(92) || chr(37)), chr(95), chr(92) || chr(95))"
"""Backslash, per cent and underscore that folding may have made (unaccent turns the full-width ones into them)."""


def text(node: Node, scope: Scope) -> str:
    """SQL of type text for a string, a property or a folded one; raises BadInput for another kind."""
    scope.demand(node, Kind.TEXT)
    if isinstance(node, Text):
        return scope.bind(node.value, "text")
    if isinstance(node, Property):
        return scope.column(node).sql
    assert isinstance(node, Call)
    folded = _FOLD[node.op].format(text(node.args[0], scope))
    return f"(select {folded})" if _is_constant(node) else folded  # a constant is folded once, not in every row


def like(node: Call, scope: Scope) -> str:
    """SQL of LIKE. Wildcards are % and _, the escape character is the backslash; raises BadInput for a bad pattern."""
    left = text(node.args[0], scope)
    pattern = node.args[1]
    folds: list[str] = []
    while isinstance(pattern, Call) and pattern.op in FOLDS:
        folds.insert(0, pattern.op)
        pattern = pattern.args[0]
    if not isinstance(pattern, Text):
        raise refuse(
            pattern.at, "LIKE 的模式应为字符串", "a LIKE pattern that is no string",
            "'北%'，或 CASEI('a%')", "'North%', or CASEI('a%')",
        )  # fmt: skip
    runs = _runs(pattern)
    if not folds:
        return f"({left} like {scope.bind(pattern.value, 'text')})"
    pieces = []
    for run, is_wild in runs:
        sql = scope.bind(run, "text")
        if not is_wild:
            for fold in folds:
                sql = _FOLD[fold].format(sql)
            sql = _ESCAPE.format(sql)
        pieces.append(sql)
    joined = " || ".join(pieces) or scope.bind("", "text")
    return f'({left} collate "C" like (select ({joined}) collate "C"))'


def _runs(pattern: Text) -> list[tuple[str, bool]]:
    """Runs of plain characters (escapes taken off) and of wildcards."""
    value = pattern.value
    if len(value) > LIKE_LENGTH_MAX:
        raise refuse(
            pattern.at, f"LIKE 模式超过 {LIKE_LENGTH_MAX} 个字符", f"a LIKE pattern of more than {LIKE_LENGTH_MAX} characters",
            "较短的模式", "a shorter pattern",
        )  # fmt: skip
    runs: list[tuple[str, bool]] = []
    wildcards, signs = 0, iter(value)
    for sign in signs:
        is_wild = sign in "%_"
        wildcards += is_wild
        if sign == "\\":
            sign = next(signs, "")
            if not sign:
                raise refuse(
                    pattern.at, "LIKE 模式以转义符 \\ 结尾", "a LIKE pattern that ends with the escape character \\",
                    "反斜杠本身写作 \\\\", "a backslash itself is written \\\\",
                )  # fmt: skip
        if runs and runs[-1][1] == is_wild:
            runs[-1] = (runs[-1][0] + sign, is_wild)
        else:
            runs.append((sign, is_wild))
    if wildcards > WILDCARDS_MAX:
        raise refuse(
            pattern.at, f"LIKE 模式的通配符超过 {WILDCARDS_MAX} 个", f"a LIKE pattern of more than {WILDCARDS_MAX} wildcards",
            "较简单的模式", "a simpler pattern",
        )  # fmt: skip
    return runs


def _is_constant(node: Node) -> bool:
    while isinstance(node, Call) and node.op in FOLDS:
        node = node.args[0]
    return isinstance(node, Text)
