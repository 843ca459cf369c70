"""How large a filter may be: the same limits for text and JSON, so that one can always be written as the other."""

from __future__ import annotations

from decimal import Decimal

LENGTH_MAX = 400_000
"""Characters of a filter."""

DEPTH_MAX = 40
"""Levels of the tree. Everything that walks a tree may recurse so deep and no deeper."""

NESTING_MAX = 2 * DEPTH_MAX + 4
"""Open brackets and operators while reading: a level of the tree may stand in brackets of its own."""

NODES_MAX = 2_000
"""Nodes of the tree; a geometry is one."""

VERTICES_MAX = 10_000
"""Vertices of all geometries of a filter."""

NUMBER_LIMIT = Decimal("1e30")
"""Numbers are smaller than this, written ones and results of arithmetic."""

NUMBER_SMALLEST = Decimal("1e-30")
"""Written numbers nearer to nought than this are refused."""

NUMBER_LENGTH_MAX = 100
"""Characters of a written number."""

ARITHMETIC_DECIMALS = 20
"""Decimals every operand and result of arithmetic is rounded to."""

LIKE_LENGTH_MAX = 1_000
"""Characters of a LIKE pattern."""

WILDCARDS_MAX = 100
"""Wildcards (% and _) of a LIKE pattern."""

SHOWN_MAX = 64
"""Characters of a filter repeated in a message."""
