"""Text of an expression to its tree.

or      := and ("or" and)*
and     := not ("and" not)*
not     := "not" not | compare
compare := sum [("=" | "!=" | "<" | "<=" | ">" | ">=") sum | "in" "(" CODE ("," CODE)* ")"]
sum     := product (("+" | "-") product)*
product := unary (("*" | "/") unary)*
unary   := "-" unary | atom
atom    := "(" or ")" | 0 | 1 | true | false | as_of | CODE | RULE-ID.name | name | key.of.parameter | name "(" or, ... ")"
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from geo.landuse.rules.tree import (
    Arithmetic,
    AsOf,
    Call,
    Choice,
    CodeLiteral,
    Compare,
    Input,
    Junction,
    Literal,
    Node,
    Not,
    OneOf,
    Parameter,
    ParameterOn,
    Reference,
    Table,
)

RULE_ID = r"[A-Z]+-\d\d"
_TOKENS = re.compile(
    rf"\s*(?:(?P<rule>{RULE_ID})|(?P<code>[A-Z][A-Z0-9_]*)|(?P<name>[a-z_][a-z0-9_]*(?:\.[a-zA-Z0-9_]+)*)"
    r"|(?P<number>\d[\d.]*)|(?P<sign><=|>=|!=|[-+*/=<>().,]))"
)
WORDS = frozenset({"and", "or", "not", "in", "true", "false", "as_of", "if"})


@dataclass(eq=False)
class ExpressionFault(Exception):
    """What is wrong with an expression, where in its text, and what was expected there."""

    at: int
    detail: str
    expected: str

    def __str__(self) -> str:
        return f"{self.detail}; expected {self.expected}"


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKENS.match(text, at)
        if match is None or match.lastgroup is None:
            rest = text[at:].lstrip()
            raise ExpressionFault(
                len(text) - len(rest), f"'{rest[0]}' is no part of an expression", "a name, an operator or a bracket"
            )
        found.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        at = match.end()
    return [*found, _Token("end", "the end", len(text))]


def parse(text: str) -> Node:
    """The tree of an expression; raises ExpressionFault."""
    reader = _Reader(_tokens(text))
    node = reader.disjunction()
    if reader.token.kind != "end":
        raise ExpressionFault(
            reader.token.at, f"'{reader.token.text}' follows a whole expression", "the end, or an operator before it"
        )
    return node


class _Reader:
    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.place = tokens, 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.place]

    def take(self) -> _Token:
        taken = self.token
        self.place += 1
        return taken

    def at_word(self, *words: str) -> bool:
        return self.token.text in words and self.token.kind in ("sign", "name")

    def must(self, sign: str) -> None:
        if not self.at_word(sign):
            raise ExpressionFault(self.token.at, f"'{self.token.text}' stands here", f"'{sign}'")
        self.take()

    def disjunction(self) -> Node:
        return self.junction("or", self.conjunction)

    def conjunction(self) -> Node:
        return self.junction("and", self.negation)

    def junction(self, word: str, below: type | object) -> Node:
        at = self.token.at
        operands = [below()]  # type: ignore[operator]
        while self.at_word(word):
            self.take()
            operands.append(below())  # type: ignore[operator]
        return operands[0] if len(operands) == 1 else Junction(word, tuple(operands), at)

    def negation(self) -> Node:
        if self.at_word("not"):
            at = self.take().at
            return Not(self.negation(), at)
        return self.comparison()

    def comparison(self) -> Node:
        left = self.sum()
        if self.at_word("=", "!=", "<", "<=", ">", ">="):
            op = self.take()
            return Compare(op.text, left, self.sum(), op.at)
        if self.at_word("in"):
            at = self.take().at
            self.must("(")
            codes = [self.code()]
            while self.at_word(","):
                self.take()
                codes.append(self.code())
            self.must(")")
            return OneOf(left, tuple(codes), at)
        return left

    def code(self) -> str:
        if self.token.kind != "code":
            raise ExpressionFault(self.token.at, f"'{self.token.text}' is no code", "a code in capitals, such as OWNER")
        return self.take().text

    def sum(self) -> Node:
        node = self.product()
        while self.at_word("+", "-"):
            op = self.take()
            node = Arithmetic(op.text, node, self.product(), op.at)
        return node

    def product(self) -> Node:
        node = self.unary()
        while self.at_word("*", "/"):
            op = self.take()
            node = Arithmetic(op.text, node, self.unary(), op.at)
        return node

    def unary(self) -> Node:
        if self.at_word("-"):
            at = self.take().at
            return Arithmetic("-", Literal(Fraction(0), at), self.unary(), at)
        return self.atom()

    def atom(self) -> Node:
        token = self.take()
        if token.text == "(" and token.kind == "sign":
            node = self.disjunction()
            self.must(")")
            return node
        if token.kind == "number":
            if token.text not in ("0", "1"):
                raise ExpressionFault(
                    token.at,
                    f"the number {token.text} stands in an expression",
                    "a key of register.parameter; only 0 and 1 may be written out",
                )
            return Literal(Fraction(token.text), token.at)
        if token.kind == "code":
            return CodeLiteral(token.text, token.at)
        if token.kind == "rule":
            self.must(".")
            if self.token.kind != "name":
                raise ExpressionFault(
                    self.token.at, f"'{self.token.text}' stands here", "holds, or the name of a value of that rule"
                )
            return Reference(token.text, self.take().text, token.at)
        if token.kind == "name":
            return self.named(token)
        raise ExpressionFault(token.at, f"'{token.text}' stands here", "a value")

    def named(self, token: _Token) -> Node:
        if token.text in ("true", "false"):
            return Literal(token.text == "true", token.at)
        if token.text == "as_of":
            return AsOf(token.at)
        if token.text in ("and", "or", "not", "in"):
            raise ExpressionFault(token.at, f"'{token.text}' stands here", "a value")
        if not self.at_word("("):
            if token.text == "if":
                raise ExpressionFault(self.token.at, "'if' without brackets", "if(condition, then, otherwise)")
            return Parameter(token.text, token.at) if "." in token.text else Input(token.text, token.at)
        self.take()
        arguments = [self.disjunction()]
        while self.at_word(","):
            self.take()
            arguments.append(self.disjunction())
        self.must(")")
        return _called(token, tuple(arguments))


def _called(token: _Token, arguments: tuple[Node, ...]) -> Node:
    """The node of a call: `if`, `in_force` and `table` have nodes of their own."""
    match token.text, arguments:
        case "if", (condition, then, otherwise):
            return Choice(condition, then, otherwise, token.at)
        case "in_force", (Parameter(key), day):
            return ParameterOn(key, day, token.at)
        case "table", (Parameter(prefix), code):
            return Table(prefix, code, token.at)
        case (("if" | "in_force" | "table"), _):
            raise ExpressionFault(token.at, f"{token.text} is called wrongly",
                                  "if(condition, then, otherwise), in_force(key.of.parameter, day) or table(key.of.parameter, code)")  # fmt: skip
        case _:
            return Call(token.text, arguments, token.at)
