"""The palette is told apart by every eye, in both themes: computed, not believed."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from geo.landuse.classes import land_classes
from map_frontend.style.colour_vision import EYES, ciede2000, contrast, difference, lab, linear
from map_frontend.style.marks import seal_svg
from map_frontend.style.palette import (
    BUILDING_STATUS,
    FINDING_LEVEL,
    LAND_CLASS,
    MUCH,
    PARCEL_STATUS,
    PARK_WORK_STATUS,
    POLICY_KIND,
    PROJECT_STAGE,
    SERIES,
    SERIES_SHAPES,
    TOKENS,
    Shape,
    series_mark,
    stylesheet_name,
    tokens_css,
)

OFFERED = ("AVAILABLE", "ON_OFFER", "SUPPLIED", "UNDER_CONSTRUCTION", "RESERVE", "RESTRICTED")
LEAST = {
    "light": {"normal": 28, "protan": 19, "deutan": 20, "tritan": 6.5},
    "dark": {"normal": 24, "protan": 16, "deutan": 16, "tritan": 15},
}


SERIES_LEAST = {
    "light": {"normal": 20, "protan": 19, "deutan": 19, "tritan": 15},
    "dark": {"normal": 20, "protan": 19, "deutan": 17, "tritan": 14},
}
"""Chains and kinds of clauses: any two of them may stand side by side."""

CLASS_LEAST = {
    "light": {"normal": 19.5, "protan": 15.5, "deutan": 16, "tritan": 19.5},
    "dark": {"normal": 19, "protan": 17.5, "deutan": 16.5, "tritan": 18.5},
}
"""Classes of land that waits: any two may be neighbours on the map."""

WORK_LEAST = {
    "light": {"normal": 31, "protan": 24, "deutan": 25.5, "tritan": 24.5},
    "dark": {"normal": 31.5, "protan": 29.5, "deutan": 30.5, "tritan": 30},
}
"""States of a park's works: ways of any two may touch."""

STAGE_LEAST = {"light": 10, "dark": 9.5}
"""Stages are one hue that grows heavier: nearer to one another, but in the order they come in."""

PUBLIC_STAGES = ("SIGNED", "UNDER_CONSTRUCTION", "IN_PRODUCTION", "FULL_CAPACITY")


def colour(token: str, theme: str) -> str:
    return str(getattr(TOKENS[token], theme))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ],
)
def test_colour_difference_agrees_with_the_published_pairs(
    first: tuple[float, ...], second: tuple[float, ...], expected: float
) -> None:
    assert ciede2000(np.array(first), np.array(second)) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("eye", sorted(EYES))
def test_statuses_are_told_apart_by_every_eye(theme: str, eye: str) -> None:
    tokens = [PARCEL_STATUS[code].token for code in OFFERED]
    least = min(difference(colour(a, theme), colour(b, theme), eye) for a, b in combinations(tokens, 2))
    assert least >= LEAST[theme][eye]


def least_difference(tokens: tuple[str, ...], theme: str, eye: str) -> float:
    return min(difference(colour(a, theme), colour(b, theme), eye) for a, b in combinations(tokens, 2))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("eye", sorted(EYES))
def test_chains_and_kinds_of_clauses_are_told_apart_by_every_eye(theme: str, eye: str) -> None:
    assert least_difference(SERIES, theme, eye) >= SERIES_LEAST[theme][eye]
    assert sorted(kind.token for kind in POLICY_KIND.values()) == sorted(SERIES)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("eye", sorted(EYES))
def test_classes_of_land_are_told_apart_by_every_eye(theme: str, eye: str) -> None:
    tokens = tuple(mark.token for mark in LAND_CLASS.values())
    assert least_difference(tokens, theme, eye) >= CLASS_LEAST[theme][eye]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("eye", sorted(EYES))
def test_states_of_works_are_told_apart_by_every_eye_and_stand_out(theme: str, eye: str) -> None:
    tokens = tuple(mark.token for mark in PARK_WORK_STATUS.values())
    assert least_difference(tokens, theme, eye) >= WORK_LEAST[theme][eye]
    for token in tokens:
        assert min(contrast(colour(token, theme), colour(ground, theme)) for ground in ("land", "surface")) >= 3, token


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_seal_is_read_by_its_letter_and_stands_out_from_land_and_page(theme: str) -> None:
    for mark in LAND_CLASS.values():
        assert contrast(colour("seal-ink", theme), colour(mark.token, theme)) >= 4.5, mark.token
        for ground in ("land", "surface", "surface-2"):
            assert contrast(colour(mark.token, theme), colour(ground, theme)) >= 3, (mark.token, ground)


def test_every_class_of_land_has_its_seal() -> None:
    assert list(LAND_CLASS) == [land_class.code for land_class in land_classes()]
    for land_class in land_classes():
        drawn = str(seal_svg(LAND_CLASS[land_class.code].token, land_class.seal.zh))
        assert f">{land_class.seal.zh}</text>" in drawn
        assert f"tone-{LAND_CLASS[land_class.code].token}" in drawn
    assert "<b>" not in str(seal_svg("class-low", "<b>"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("eye", sorted(EYES))
def test_stages_are_told_apart_by_every_eye_and_grow_heavier(theme: str, eye: str) -> None:
    tokens = tuple(PROJECT_STAGE[code].token for code in PUBLIC_STAGES)
    assert least_difference(tokens, theme, eye) >= STAGE_LEAST[theme]
    weight = [float(lab(EYES[eye] @ linear(colour(token, theme)))[0]) for token in tokens]
    assert weight == sorted(weight, reverse=True)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_mark_and_hatch_stands_out_from_the_land(theme: str) -> None:
    tokens = (
        {mark.token for mark in PROJECT_STAGE.values()} | set(SERIES) | {mark.token for mark in FINDING_LEVEL.values()}
    )
    for token in tokens:
        assert contrast(colour(token, theme), colour("land", theme)) >= 3, token


def test_no_two_of_56_chains_look_alike_and_the_first_differ_in_colour_and_shape() -> None:
    marks = [series_mark(number) for number in range(len(SERIES) * len(SERIES_SHAPES))]
    assert len(set(marks)) == len(marks) == 56
    for a, b in combinations(marks[: len(SERIES)], 2):
        assert a.token != b.token
        assert a.shape != b.shape


def test_no_two_kinds_of_clauses_share_a_hatch() -> None:
    assert len({kind.form for kind in POLICY_KIND.values()}) == len(POLICY_KIND)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_statuses_stand_out_from_the_land(theme: str) -> None:
    for code, mark in PARCEL_STATUS.items():
        assert contrast(colour(mark.token, theme), colour("land", theme)) >= 3, code


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("ink", "surface"), ("ink", "surface-2"), ("muted", "surface"), ("muted", "surface-2"), ("muted", "surface-3"),
        ("brand", "surface"), ("brand", "brand-tint"), ("brand-ink", "brand"), ("danger", "danger-tint"), ("warn", "warn-tint"),
        ("good", "good-tint"), ("label", "land"), ("park", "land"), ("featured-town", "land"), ("project", "land"),
        ("policy", "land"), ("control", "land"), ("transport", "land"), ("enterprise", "land"), ("beyond-label", "land-beyond"), ("sea-label", "sea"),
    ],
)  # fmt: skip
def test_text_is_readable_on_its_ground(theme: str, ink: str, ground: str) -> None:
    assert contrast(colour(ink, theme), colour(ground, theme)) >= 4.5


@pytest.mark.parametrize(
    "marks", [PARCEL_STATUS, FINDING_LEVEL, PROJECT_STAGE, BUILDING_STATUS, LAND_CLASS, PARK_WORK_STATUS]
)
def test_no_two_codes_share_a_shape(marks: dict[str, object]) -> None:
    shapes = [mark.shape for mark in marks.values()]  # type: ignore[attr-defined]
    assert len(set(shapes)) == len(shapes)


def test_every_mark_uses_a_token_of_the_palette() -> None:
    for marks in (PARCEL_STATUS, BUILDING_STATUS, PROJECT_STAGE, FINDING_LEVEL, LAND_CLASS, PARK_WORK_STATUS):
        for mark in marks.values():
            assert mark.token in TOKENS
            assert isinstance(mark.shape, Shape)


def test_the_stylesheet_has_each_token_in_both_themes_and_a_hashed_name() -> None:
    css = tokens_css()
    for name, token in TOKENS.items():
        assert f"--{name}:{token.light};" in css
        assert f"--{name}:{token.dark};" in css
        assert f".tone-{name}{{" in css
    assert stylesheet_name().startswith("palette-")
    assert stylesheet_name().endswith(".css")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_steps_of_how_much_are_one_hue_in_order_under_readable_text(theme: str) -> None:
    steps = [colour(token, theme) for token in MUCH]
    ground = colour("surface", theme)
    away = [difference(ground, step, "normal") for step in steps]
    assert away == sorted(away)
    assert min(difference(a, b, "normal") for a, b in pairwise(steps)) >= 3.5
    assert all(contrast(colour("ink", theme), step) >= 4.5 for step in steps)
    hues = [np.degrees(np.arctan2(*lab(linear(step))[[2, 1]])) % 360 for step in steps]
    assert max(hues) - min(hues) < 25
