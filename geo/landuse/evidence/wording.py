"""What was measured in words: how it was measured, and what is missing where it is not known."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from geo.crs import zone_of_survey
from geo.errors import Problem
from geo.landuse.evidence.measuring import NOT_SURVEYED

_FACTS = {
    "geom": Problem(zh="{building} 的轮廓", en="the outline of {building}"),
    "storeys": Problem(zh="{building} 的层数", en="the storeys of {building}"),
    "height_m": Problem(zh="{building} 的高度或净高", en="the height or clear height of {building}"),
}
_SURVEY = Problem(zh="整宗地的场地测绘日期", en="the day the ground of the whole plot was surveyed")


def missing_words(missing: Iterable[str]) -> list[Problem]:
    """The missing facts of a measuring (`ground_surveyed_on`, `<building code>.<fact>`) as a reader calls them."""
    return [_fact(name) for name in missing]


def _fact(name: str) -> Problem:
    building, _, fact = name.rpartition(".")
    words = _FACTS.get(fact)
    if words is None or not building:
        return _SURVEY if name == NOT_SURVEYED else Problem(zh=name, en=name)
    return Problem(zh=words.zh.replace("{building}", building), en=words.en.replace("{building}", building))


def crs_words(survey_srid: int) -> Problem:
    """The survey CRS as a surveyor calls it."""
    zone = zone_of_survey(survey_srid)
    if zone is None:
        return Problem(zh=f"EPSG:{survey_srid}", en=f"EPSG:{survey_srid}")
    return Problem(
        zh=f"CGCS2000 三度带 {zone} 带（EPSG:{survey_srid}）", en=f"CGCS2000 3-degree zone {zone} (EPSG:{survey_srid})"
    )


def method_words(survey_srid: int, setback_m: Decimal, least_width_m: Decimal) -> list[Problem]:
    """How a plot is measured, sentence by sentence, with the limits that held (`evidence.*`)."""
    crs = crs_words(survey_srid)
    setback, least = (f"{value.normalize():f}" for value in (setback_m, least_width_m))
    return [
        Problem(
            zh=f"在 {crs.zh} 平面上量算；比率以登记面积为分母，未登记的以量算面积为分母。",
            en=f"Measured in the plane of {crs.en}; ratios are of the registered area, or of the measured one where none is registered.",
        ),
        Problem(
            zh=f"未开发部分：宗地扣除建筑和在用的道路、场地、堆场，边线和建筑四周各退 {setback} 米，窄于 {least} 米的条带不计。",
            en=f"Undeveloped: the plot less buildings and roads, yards and storage in use; {setback} m are kept clear along the edge and "
            f"around buildings, and strips narrower than {least} m do not count.",
        ),
        Problem(
            zh="可用最大矩形：完全落在未开发部分之内，方向不限，由程序搜索得出。",
            en="Largest rectangle: wholly inside the undeveloped part, at any angle, found by search.",
        ),
        Problem(
            zh="容积率：层高超过界限的楼层面积加倍计入（IND-01）；建筑系数：建筑、构筑物和露天堆场（IND-02）。",
            en="Plot ratio: storeys higher than the limit count twice (IND-01); building coefficient: buildings, structures and open "
            "storage (IND-02).",
        ),
    ]
