"""Each class names results that a rule can give, no result belongs to two, and every flag of UNDER-06 has its class."""

from datetime import date

import psycopg

from geo.landuse.classes import class_of, land_classes
from geo.landuse.rules.catalogue import catalogue
from geo.landuse.rules.tree import CodeLiteral, walk


def test_classes_share_out_results_of_rules() -> None:
    named = [result for land_class in land_classes() for result in land_class.results]
    assert len(named) == len(set(named))
    assert set(named) <= set(catalogue().vocabulary.results)


def test_every_flag_that_a_stock_counts_has_a_class() -> None:
    precedence = catalogue().on(date(2026, 11, 25))["UNDER-06"]
    flags = {node.code for node in walk(precedence.values["primary"].tree) if isinstance(node, CodeLiteral)} - {"NONE"}
    assert len(flags) == 5
    assert all(class_of(flag) for flag in flags)


def test_a_result_that_is_no_class_has_none() -> None:
    assert class_of("DUE_SOON") is None
    assert class_of(None) is None


def test_the_register_orders_the_classes_as_the_rules_do(database_url: str) -> None:
    """`register.land_class` (migration 0017) says what classes.yaml and the precedence of UNDER-06 say."""
    tree = catalogue().on(date(2026, 11, 28))["UNDER-06"].values["primary"].tree
    named = [node.code for node in walk(tree) if isinstance(node, CodeLiteral)]
    results = [r for r in named if class_of(r)] + [r for c in land_classes() for r in c.results if r not in named]
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("select result, class from register.land_class order by rank").fetchall()
    assert rows == [(result, found.code) for result in results if (found := class_of(result))]
