"""The S_ functions, written so that no row can make PostGIS raise an error, and the GiST index serves.

PostGIS refuses or stumbles over collections whose parts overlap, and over surfaces; such a column value is taken apart for
S_INTERSECTS and S_DISJOINT and is unknown for all others. Literals are never collections (shapes.py). `&&` stands in front:
boxes that do not touch decide all functions, and it is what the index answers. Register geometry is valid by constraint.
"""

from __future__ import annotations

from collections.abc import Iterable

import shapely
from shapely.geometry.base import BaseGeometry

from geo.filters.faults import Place, refuse
from geo.filters.kinds import Kind
from geo.filters.scope import Scope
from geo.filters.shapes import Shape, invalid, shape
from geo.filters.tree import BBox, Call, Geometry, Property

_SIMPLE = "('POINT', 'LINESTRING', 'POLYGON', 'MULTIPOINT', 'MULTILINESTRING', 'MULTIPOLYGON')"


def compare(node: Call, scope: Scope) -> str:
    """SQL of an S_ function; raises BadInput for wrong arguments or a literal that is no valid geometry."""
    sides: list[str | Shape] = []
    for argument in node.args:
        scope.demand(argument, Kind.GEOMETRY)
        if isinstance(argument, Property):
            sides.append(scope.column(argument).sql)
        else:
            assert isinstance(argument, Geometry | BBox)
            sides.append(shape(argument, scope))
    left, right = sides
    if isinstance(left, Shape) and isinstance(right, Shape):
        return _static(node, left, right)
    if node.op == "s_disjoint":
        return f"(not {_intersects(sides[0], sides[1], scope)})"
    if node.op == "s_intersects":
        return _intersects(sides[0], sides[1], scope)
    return _other(node, sides, scope)


def _static(node: Call, left: Shape, right: Shape) -> str:
    """The answer for two literals, which needs no database."""
    try:
        if node.op in ("s_intersects", "s_disjoint"):
            meets = any(a.intersects(b) for a in left.parts for b in right.parts)
            return "true" if meets is (node.op == "s_intersects") else "false"
        wholes = [_whole(side, node.op, argument.at) for side, argument in zip((left, right), node.args, strict=True)]
        return "true" if getattr(shapely, node.op.removeprefix("s_"))(*wholes) else "false"
    except shapely.errors.GEOSException as error:
        raise invalid(node.at, str(error)[:100]) from None


def _intersects(left: str | Shape, right: str | Shape, scope: Scope) -> str:
    if isinstance(left, str) and isinstance(right, str):
        return f"({left} && {right} and case when {_is_simple(left)} and {_is_simple(right)} then st_intersects({left}, {right}) end)"
    column, literal = (left, right) if isinstance(left, str) else (right, left)
    assert isinstance(column, str)
    assert isinstance(literal, Shape)
    return _any_of(_column_intersects(column, _bound(part, scope)) for part in literal.parts)


def _column_intersects(column: str, literal: str) -> str:
    return (
        f"({column} && {literal} and case when {_is_simple(column)} then st_intersects({column}, {literal}) "
        f"when geometrytype({column}) = 'GEOMETRYCOLLECTION' then exists (select from st_dump({column}) d "
        f"where case when {_is_simple('d.geom')} then st_intersects(d.geom, {literal}) end) end)"
    )


def _other(node: Call, sides: list[str | Shape], scope: Scope) -> str:
    sqls, columns = [], []
    for side, argument in zip(sides, node.args, strict=True):
        if isinstance(side, str):
            sqls.append(side)
            columns.append(side)
        else:
            sqls.append(_bound(_whole(side, node.op, argument.at), scope))
    call = f"st_{node.op.removeprefix('s_')}({sqls[0]}, {sqls[1]})"
    if not columns:
        return f"({call})"
    guarded = f"case when {' and '.join(_is_simple(column) for column in columns)} then {call} end"
    boxes = (
        f"{sqls[0]} && {sqls[1]} and " if len(columns) == 1 else ""
    )  # two empty geometries are equal, their boxes do not meet
    return f"({boxes}{guarded})"


def _whole(literal: Shape, op: str, at: Place) -> BaseGeometry:
    if literal.whole is not None:
        return literal.whole
    raise refuse(
        at, f"{op.upper()} 不接受维数混合的 GEOMETRYCOLLECTION",
        f"{op.upper()} takes no GEOMETRYCOLLECTION whose parts have different dimensions",
        "只含点、只含线或只含面；或用 S_INTERSECTS、S_DISJOINT", "one of points, of lines or of polygons; or S_INTERSECTS, S_DISJOINT",
    )  # fmt: skip


def _bound(geometry: BaseGeometry, scope: Scope) -> str:
    wkb = scope.bind(shapely.to_wkb(geometry, include_srid=False), "bytea")
    return f"st_geomfromwkb({wkb}, {int(scope.storage_srid)})"


def _is_simple(sql: str) -> str:
    return f"geometrytype({sql}) in {_SIMPLE}"


def _any_of(conditions: Iterable[str]) -> str:
    return f"({' or '.join(conditions)})"
