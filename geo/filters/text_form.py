"""CQL2 text read to a tree: operators by their binding strength, functions and literals by their names."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from geo.filters import literals
from geo.filters.faults import Place, refuse, shown
from geo.filters.limits import NESTING_MAX, NODES_MAX
from geo.filters.tokens import Token, Tokens
from geo.filters.tree import (
    ARRAYS,
    COMPARISONS,
    NAMED,
    Array,
    BBox,
    Boolean,
    Function,
    Interval,
    Node,
    Number,
    Open,
    Property,
    call,
    too_deep,
    too_many_nodes,
)
from geo.filters.wkt import WktReader, signed_coordinate

OR, AND, NOT, PREDICATE, SUM, PRODUCT, POWER = range(1, 8)
STRENGTH = {
    "or": OR, "and": AND, **dict.fromkeys((*COMPARISONS, "not", "like", "between", "in", "is"), PREDICATE),
    "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT, "div": PRODUCT, "^": POWER,
}  # fmt: skip
"""How strongly an operator between two operands binds. 'not' stands there for NOT LIKE, NOT IN and NOT BETWEEN."""

RESERVED = frozenset(("and", "or", "not", "like", "between", "in", "is", "null", "true", "false", "div"))
"""Words that are no property unless in double quotes."""

LITERAL_FUNCTIONS = ("date", "timestamp", "interval", "bbox")
BOXES = (4, 6)


def read(text: str) -> Node:
    """The tree of a CQL2 text; raises BadInput naming line and character."""
    return _Parser(text).whole()


class _Parser:
    """Recursive descent over operator strengths. Recursion is counted and ends at NESTING_MAX."""

    def __init__(self, text: str) -> None:
        self.tokens = Tokens(text)
        self.wkt = WktReader(self.tokens, self.expect)
        self.nesting = 0
        self.nodes = 0
        self.literals: dict[str, Callable[[Place], Node]] = {
            "date": self.date,
            "timestamp": self.timestamp,
            "interval": self.interval,
            "bbox": self.bbox,
        }

    def whole(self) -> Node:
        node = self.expression(0)
        if self.tokens.next.kind != "end":
            raise self.unexpected("AND、OR 或结尾", "AND, OR or the end")
        return node

    # operators

    def expression(self, floor: int, left: Node | None = None) -> Node:
        """An expression of operators that bind more strongly than `floor`; `left` is its first operand when already read."""
        self.nesting += 1
        if self.nesting > NESTING_MAX:
            raise too_deep(self.here())
        left = self.operand(floor) if left is None else left
        last = 0
        while (strength := STRENGTH.get(self.tokens.next.key, 0)) > floor:
            if strength == last and strength in (PREDICATE, POWER):
                raise refuse(
                    self.here(), f"“{self.tokens.next.text}”不能连写", f"'{self.tokens.next.text}' cannot follow another",
                    "用 AND 连接，或加括号", "join with AND, or use brackets",
                )  # fmt: skip
            left = self.operation(left, strength)
            last = strength
        self.nesting -= 1
        return left

    def operation(self, left: Node, strength: int) -> Node:
        at = self.here()
        word = self.tokens.take().key
        if strength in (OR, AND):
            operands = [left, self.expression(strength)]
            while self.tokens.next.key == word:
                self.tokens.take()
                operands.append(self.expression(strength))
            return self.counted(call(word, tuple(operands), at))
        if word == "is":
            negated = self.passes("not")
            self.expect("null")
            return self.negated(negated, call("isNull", (left,), at), at)
        if word in ("not", "like", "between", "in"):
            negated = word == "not"
            return self.negated(negated, self.listed(left, self.tokens.take().key if negated else word, at), at)
        return self.counted(call(word, (left, self.expression(strength)), at))

    def listed(self, left: Node, word: str, at: Place) -> Node:
        """The rest of LIKE, BETWEEN and IN."""
        if word == "like":
            return call("like", (left, self.expression(PREDICATE)), at)
        if word == "between":
            low = self.expression(PREDICATE)
            self.expect("and")
            return call("between", (left, low, self.expression(PREDICATE)), at)
        if word == "in":
            items_at = self.expect("(")
            items = self.separated(lambda: self.expression(PREDICATE))
            return call("in", (left, Array(items, at=items_at)), at)
        raise refuse(at, "NOT 后面缺少 LIKE、IN 或 BETWEEN", "NOT is followed by nothing it can turn", "NOT LIKE / IN / BETWEEN",
                     "NOT LIKE / IN / BETWEEN")  # fmt: skip

    def negated(self, negated: bool, node: Node, at: Place) -> Node:
        self.counted(node)
        return self.counted(call("not", (node,), at)) if negated else node

    # operands

    def operand(self, floor: int) -> Node:
        token, at = self.tokens.next, self.here()
        if token.key == "not" and floor < PREDICATE:
            self.tokens.take()
            return self.counted(call("not", (self.expression(NOT),), at))
        if token.key in ("-", "+"):
            return self.signed(at)
        return self.primary()

    def signed(self, at: Place) -> Node:
        sign = self.tokens.take().key
        if self.tokens.next.key in ("-", "+"):
            raise self.unexpected("数字、属性或括号", "a number, a property or a bracket")
        if self.tokens.next.kind == "number":
            return self.counted(literals.number(sign + self.tokens.take().text, at))
        operand = self.primary()
        return operand if sign == "+" else self.counted(call("*", (Number(Decimal(-1), at=at), operand), at))

    def primary(self) -> Node:
        token, at = self.tokens.next, self.here()
        if token.kind == "number":
            return self.counted(literals.number(self.tokens.take().text, at))
        if token.kind == "string":
            return self.counted(literals.text(self.tokens.take().text, at))
        if token.kind == "quoted":
            return self.counted(Property(self.tokens.take().text, at=at))
        if token.key == "(":
            self.tokens.take()
            inner = self.expression(0)
            self.expect(")")
            return inner
        if token.kind == "word":
            return self.counted(self.named(token, at))
        raise self.unexpected(
            "属性、数值、'字符串'、函数或括号", "a property, a number, a 'string', a function or a bracket"
        )

    def named(self, token: Token, at: Place) -> Node:
        key = token.key
        if self.wkt.begins_here():
            return self.wkt.read()
        if key in ("true", "false"):
            self.tokens.take()
            return Boolean(key == "true", at=at)
        if key in RESERVED:
            raise self.unexpected(
                '属性；与关键字同名的属性写在双引号中，如 "not"',
                'a property; one named like a keyword stands in "quotes"',
            )
        self.tokens.take()
        if self.tokens.next.key != "(":
            return Property(token.text, at=at)
        self.tokens.take()
        if key in LITERAL_FUNCTIONS:
            return self.literals[key](at)
        op = NAMED.get(key)
        if self.passes(")"):
            arguments: tuple[Node, ...] = ()
        elif op is not None and op not in ARRAYS:
            arguments = self.separated(lambda: self.expression(0))
        else:
            arguments = self.separated(self.element)
        return Function(token.text, arguments, at=at) if op is None else call(op, arguments, at)

    def element(self) -> Node:
        """An argument or element that may be an array in brackets."""
        if self.tokens.next.key != "(":
            return self.expression(0)
        self.nesting += 1
        if self.nesting > NESTING_MAX:
            raise too_deep(self.here())
        at = self.expect("(")
        items = () if self.passes(")") else self.separated(self.element)
        self.nesting -= 1
        if len(items) == 1 and self.tokens.next.key in STRENGTH:
            return self.expression(0, items[0])
        return self.counted(Array(items, at=at))

    # literals, their opening bracket taken

    def date(self, at: Place) -> Node:
        node = literals.a_date(self.string(), at)
        self.expect(")")
        return node

    def timestamp(self, at: Place) -> Node:
        node = literals.a_timestamp(self.string(), at)
        self.expect(")")
        return node

    def interval(self, at: Place) -> Node:
        start = self.interval_end()
        self.expect(",")
        end = self.interval_end()
        self.expect(")")
        return Interval(start, end, at=at)

    def interval_end(self) -> Node:
        at = self.here()
        if self.tokens.next.kind == "string":
            value = self.tokens.take().text
            return self.counted(Open(at=at) if value == ".." else literals.an_instant(value, at))
        return self.primary()

    def bbox(self, at: Place) -> Node:
        numbers = [signed_coordinate(self.tokens)]
        while self.passes(","):
            numbers.append(signed_coordinate(self.tokens))
            if len(numbers) > max(BOXES):
                break
        if len(numbers) not in BOXES:
            raise refuse(
                at, f"BBOX 有 {len(numbers)} 个数值", f"a BBOX of {len(numbers)} numbers", "4 或 6 个", "4 or 6"
            )
        self.expect(")")
        return BBox(tuple(numbers), at=at)

    def string(self) -> str:
        if self.tokens.next.kind != "string":
            raise self.unexpected("'字符串'", "a 'string'")
        return self.tokens.take().text

    # tokens

    def separated(self, item: Callable[[], Node]) -> tuple[Node, ...]:
        """Items with commas between, and the closing bracket."""
        items = [item()]
        while self.passes(","):
            items.append(item())
        self.expect(")")
        return tuple(items)

    def passes(self, key: str) -> bool:
        if self.tokens.next.key != key:
            return False
        self.tokens.take()
        return True

    def expect(self, key: str) -> Place:
        at = self.here()
        if not self.passes(key):
            raise self.unexpected(f"“{key.upper()}”", f"'{key.upper()}'")
        return at

    def here(self) -> Place:
        return self.tokens.place(self.tokens.next)

    def counted(self, node: Node) -> Node:
        self.nodes += 1
        if self.nodes > NODES_MAX:
            raise too_many_nodes(node.at)
        return node

    def unexpected(self, right_zh: str, right_en: str) -> Exception:
        token = self.tokens.next
        if token.kind == "end":
            return refuse(self.here(), "条件没有写完", "the filter ends too early", right_zh, right_en)
        return refuse(
            self.here(),
            f"此处不应为“{shown(token.text)}”",
            f"'{shown(token.text)}' does not belong here",
            right_zh,
            right_en,
        )
