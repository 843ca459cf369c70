"""One palette for legend, map layers, list, cards and drawings: they read the same entry and cannot disagree.

Every token has a light and a dark value. A mark is colour *and* shape *and* word, never colour alone; the words are
the code lists' own. The status sets were chosen by computation (see `colour_vision.py` and its test): least
CIEDE2000 difference between any two for normal, protan, deutan and tritan eyes, and contrast against map land.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Shape(StrEnum):
    """Drawn by `static/js/shapes.js` on canvas and, in the legend, by `layers/swatch.py`."""

    CIRCLE = "circle"
    TRIANGLE = "triangle"
    SQUARE = "square"
    DIAMOND = "diamond"
    RING = "ring"
    CROSS = "cross"
    DOT = "dot"
    BAR = "bar"
    STAR = "star"
    HEXAGON = "hexagon"
    ANCHOR = "anchor"
    PLUS = "plus"
    FLAG = "flag"
    TOWER = "tower"


@dataclass(frozen=True, slots=True)
class Token:
    """One colour in both themes, as #rrggbb."""

    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class Mark:
    """How one code shows: a colour token and a shape."""

    token: str
    shape: Shape


class Hatch(StrEnum):
    """How the lines of a hatch run; drawn by `static/js/tiles/hatch.js` and, in the legend, by `layers/swatch.py`."""

    RISING = "rising"
    FALLING = "falling"
    LEVEL = "level"
    UPRIGHT = "upright"
    CROSSED = "crossed"
    GRID = "grid"
    DOTTED = "dotted"


@dataclass(frozen=True, slots=True)
class Hatching:
    """How one kind of area shows: a colour token and the run of its lines."""

    token: str
    form: Hatch


TOKENS = MappingProxyType(
    {
        # Page
        "surface": Token("#ffffff", "#161d24"),
        "surface-2": Token("#f2f5f8", "#1d262f"),
        "surface-3": Token("#e6ecf1", "#28333d"),
        "ink": Token("#14202b", "#e8eef3"),
        "muted": Token("#526170", "#a3b1be"),
        "hair": Token("#d5dde4", "#34414d"),
        "brand": Token("#0b5a78", "#6cc3e0"),
        "brand-ink": Token("#ffffff", "#08222d"),
        "brand-tint": Token("#e4f1f6", "#16323f"),
        "focus": Token("#d9480f", "#ffb454"),
        "danger": Token("#a4161a", "#ff8a80"),
        "danger-tint": Token("#fdecec", "#3a1d1d"),
        "warn": Token("#7a4b00", "#f2c14e"),
        "warn-tint": Token("#fff4d6", "#362a10"),
        "good": Token("#0a6b3d", "#5fd39a"),
        "good-tint": Token("#e3f5ea", "#12301f"),
        # Ground
        "sea": Token("#d5e6ef", "#0e1a24"),
        "sea-shallow": Token("#e6f1f6", "#15242f"),
        "land": Token("#f8f6f0", "#232b31"),
        "land-beyond": Token("#e4e6e2", "#182026"),
        "beyond-line": Token("#c6cfd0", "#2b363d"),
        "beyond-label": Token("#57636b", "#8c99a3"),
        "sea-label": Token("#3c6580", "#7f9db3"),
        "land-line": Token("#c3ccc9", "#46535b"),
        "coast": Token("#9db9c6", "#3f5767"),
        "label": Token("#3c4a55", "#b9c5cf"),
        "label-halo": Token("#ffffff", "#10171d"),
        # Ways
        "road": Token("#ffffff", "#4a5761"),
        "road-casing": Token("#c4c9c8", "#161c21"),
        "road-major": Token("#fff0c9", "#6b5f3a"),
        "road-major-casing": Token("#d3b36a", "#171c1f"),
        "expressway": Token("#f6cf87", "#8a6a2c"),
        "expressway-casing": Token("#b98230", "#1c1710"),
        "rail": Token("#6a7680", "#93a1ad"),
        "transport": Token("#3f4f5f", "#aebccb"),
        # Status of land (and of what stands on it)
        "status-available": Token("#00705a", "#28b575"),
        "status-on-offer": Token("#a88a00", "#e3d44a"),
        "status-supplied": Token("#102e8a", "#6f66db"),
        "status-building": Token("#3d7ef5", "#7fe9f5"),
        "status-reserve": Token("#b47f94", "#c07fa8"),
        "status-restricted": Token("#752506", "#d1491a"),
        "status-in-use": Token("#6f6a5d", "#9a978d"),
        "status-unknown": Token("#7b868f", "#8b98a3"),
        # Other layers
        "building-factory": Token("#7d6a58", "#a8937f"),
        "building-office": Token("#51658a", "#8ba2cc"),
        "park": Token("#0b5a78", "#6cc3e0"),
        "featured-town": Token("#8a3d7c", "#d79acb"),
        "project": Token("#9a3412", "#ffab85"),
        "stage-1": Token("#d0652a", "#ffe3d6"),
        "stage-2": Token("#a8400f", "#f9b694"),
        "stage-3": Token("#742a0a", "#db8258"),
        "stage-4": Token("#3d1405", "#b3623b"),
        # Kinds without an order: chains, clauses of policies. Computed together, see their test.
        "series-1": Token("#0a0cdb", "#c20ae5"),
        "series-2": Token("#28998b", "#91edc5"),
        "series-3": Token("#4f4431", "#b69d38"),
        "series-4": Token("#7f7ce4", "#d58dfd"),
        "series-5": Token("#7b7d34", "#eaf021"),
        "series-6": Token("#071649", "#dd236d"),
        "series-7": Token("#235b65", "#379a98"),
        "enterprise": Token("#475569", "#b4c3d4"),
        "policy": Token("#5b4bb0", "#b0a5f2"),
        "control": Token("#a4161a", "#ff8a80"),
        "light-red": Token("#b3261e", "#ff8077"),
        "light-yellow": Token("#966100", "#ffcc55"),
        "light-info": Token("#31688e", "#7cb7de"),
        # Classes of land that waits (geo/landuse/classes.yaml), and the letter on their seals
        "class-approved": Token("#7055c6", "#a1aefa"),
        "class-supplied": Token("#463205", "#c56405"),
        "class-used": Token("#37797c", "#90faf9"),
        "class-built": Token("#332271", "#897ba7"),
        "class-producing": Token("#7f7915", "#f7e891"),
        "class-low": Token("#b00d51", "#ef9aad"),
        # States of a park's infrastructure works. Computed together, see their test.
        "work-planned": Token("#383bc3", "#966edf"),
        "work-building": Token("#e75500", "#fbdb20"),
        "work-late": Token("#82173b", "#df2658"),
        "work-built": Token("#119c8a", "#d5f6f1"),
        "seal-ink": Token("#ffffff", "#0b151b"),
        # How much: five steps of one hue, text of colour ink on each
        "much-1": Token("#edf4f7", "#1a2832"),
        "much-2": Token("#d8e7ee", "#1f3542"),
        "much-3": Token("#bfd7e2", "#254553"),
        "much-4": Token("#a3c5d4", "#2b5668"),
        "much-5": Token("#86b2c5", "#31687e"),
        "selection": Token("#14202b", "#ffffff"),
    }
)

PARCEL_STATUS = MappingProxyType(
    {
        "AVAILABLE": Mark("status-available", Shape.CIRCLE),
        "ON_OFFER": Mark("status-on-offer", Shape.TRIANGLE),
        "SUPPLIED": Mark("status-supplied", Shape.SQUARE),
        "UNDER_CONSTRUCTION": Mark("status-building", Shape.DIAMOND),
        "RESERVE": Mark("status-reserve", Shape.RING),
        "RESTRICTED": Mark("status-restricted", Shape.CROSS),
        "IN_USE": Mark("status-in-use", Shape.DOT),
    }
)
"""Code list `parcel_status`; the first six must be told apart by every eye, land in use steps back."""

BUILDING_STATUS = MappingProxyType(
    {
        "VACANT": Mark("status-available", Shape.CIRCLE),
        "PARTLY_LET": Mark("status-on-offer", Shape.TRIANGLE),
        "LET": Mark("status-in-use", Shape.DOT),
        "UNDER_CONSTRUCTION": Mark("status-building", Shape.DIAMOND),
        "PLANNED": Mark("status-reserve", Shape.RING),
    }
)

PROJECT_STAGE = MappingProxyType(
    {
        "LEAD": Mark("status-unknown", Shape.DOT),
        "NEGOTIATING": Mark("project", Shape.RING),
        "SIGNED": Mark("stage-1", Shape.SQUARE),
        "UNDER_CONSTRUCTION": Mark("stage-2", Shape.DIAMOND),
        "IN_PRODUCTION": Mark("stage-3", Shape.CIRCLE),
        "FULL_CAPACITY": Mark("stage-4", Shape.STAR),
        "PAUSED": Mark("status-unknown", Shape.BAR),
        "TERMINATED": Mark("status-unknown", Shape.CROSS),
    }
)
"""Code list `project_stage`: one hue that grows heavier as the project grows; what stands outside the row is grey or a ring."""

POLICY_KIND = MappingProxyType(
    {
        "land": Hatching("series-1", Hatch.RISING),
        "tax": Hatching("series-5", Hatch.LEVEL),
        "subsidy": Hatching("series-2", Hatch.FALLING),
        "rent": Hatching("series-3", Hatch.UPRIGHT),
        "talent": Hatching("series-4", Hatch.CROSSED),
        "service": Hatching("series-7", Hatch.GRID),
        "other": Hatching("series-6", Hatch.DOTTED),
    }
)
"""Code list `policy_kind`: what a clause is about, by colour and by the way its hatch runs."""

SERIES = tuple(f"series-{number}" for number in range(1, 8))
SERIES_SHAPES = (
    Shape.CIRCLE, Shape.SQUARE, Shape.TRIANGLE, Shape.DIAMOND, Shape.HEXAGON, Shape.PLUS, Shape.STAR, Shape.CROSS,
)  # fmt: skip


def series_mark(number: int) -> Mark:
    """The mark of the n-th (from 0) of a set of kinds that the county's own data name.

    Colours come round after 7, shapes after 8: 56 kinds differ, the first 7 in both at once.
    """
    return Mark(SERIES[number % len(SERIES)], SERIES_SHAPES[number % len(SERIES_SHAPES)])


FINDING_LEVEL = MappingProxyType(
    {
        "RED": Mark("light-red", Shape.SQUARE),
        "YELLOW": Mark("light-yellow", Shape.TRIANGLE),
        "INFO": Mark("light-info", Shape.RING),
    }
)

LAND_CLASS = MappingProxyType(
    {
        "approved": Mark("class-approved", Shape.RING),
        "supplied": Mark("class-supplied", Shape.SQUARE),
        "used": Mark("class-used", Shape.DIAMOND),
        "built": Mark("class-built", Shape.TOWER),
        "producing": Mark("class-producing", Shape.HEXAGON),
        "low": Mark("class-low", Shape.TRIANGLE),
    }
)
"""Classes of land that waits (geo/landuse/classes.yaml). Where there is room the class's letter stands on its seal instead
(`marks.seal_svg`)."""

PARK_WORK_STATUS = MappingProxyType(
    {
        "planned": Mark("work-planned", Shape.RING),
        "building": Mark("work-building", Shape.DIAMOND),
        "late": Mark("work-late", Shape.TRIANGLE),
        "built": Mark("work-built", Shape.SQUARE),
    }
)
"""Code list `park_work_status`; each has a dash of its own, too (layers/park_works.py)."""

MUCH = tuple(f"much-{step}" for step in range(1, 6))
"""Steps of a table's tint, the least first."""

UNKNOWN = Mark("status-unknown", Shape.RING)


def tokens_css() -> str:
    """The stylesheet of tokens: light by default and on paper, dark by the page's attribute or the reader's system."""

    def block(selector: str, theme: str) -> str:
        lines = "".join(f"--{name}:{getattr(token, theme)};" for name, token in TOKENS.items())
        return f"{selector}{{color-scheme:{theme};{lines}}}\n"

    tones = "".join(f".tone-{name}{{color:var(--{name})}}" for name in TOKENS)
    return (
        block(":root", "light")
        + "@media screen{"
        + block(':root[data-theme="dark"]', "dark").strip()
        + "}\n@media screen and (prefers-color-scheme:dark){"
        + block(':root:not([data-theme="light"])', "dark").strip()
        + "}\n"
        + tones
        + "\n"
    )


def stylesheet_name() -> str:
    """File name of the token stylesheet; it carries its content's hash and may be cached for ever."""
    return f"palette-{hashlib.sha256(tokens_css().encode()).hexdigest()[:12]}.css"
