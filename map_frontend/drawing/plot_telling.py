"""A plot's evidence read and put into words: figures, notes, what is missing, and the scene of its drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import shapely
from sqlalchemy.ext.asyncio import AsyncConnection

from api.deps import Reader
from geo.clock import civil_date
from geo.landuse.evidence.queries import Evidence, evidence_of
from geo.landuse.evidence.standing import Piece, Standing, standing_on
from geo.landuse.evidence.wording import crs_words, method_words, missing_words
from geo.registry.queries import Item
from map_frontend.drawing.plot import SIZE, Footprint, Ground, Plot, PlotScene, PlotWords, frame_of
from map_frontend.drawing.reading import layers_in
from map_frontend.drawing.scenes import in_metres
from map_frontend.map_data import area_unit
from map_frontend.things.states import layer_of
from map_frontend.words import Words

AROUND = ("admin_areas", "transport", "parcels")
"""Layers drawn faint around a plot; the first is the ground."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its key, what it is called, what it says (a word for unknown where it is not known), a further remark."""

    key: str
    label: str
    text: str
    note: str = ""

    @property
    def told(self) -> str:
        """Figure and remark in one line."""
        return f"{self.text} · {self.note}" if self.note else self.text


@dataclass(frozen=True, slots=True)
class PlotTold:
    """Everything a page says of a plot's evidence. `scene` None: the plot has no outline, nothing can be drawn.

    `unknown`: why it is not known what is left, '' where it is; `missing`: the facts that are not told, in words.
    """

    evidence: Evidence | None
    scene: PlotScene | None
    figures: tuple[Figure, ...]
    missing: tuple[str, ...]
    unknown: str
    survey: str
    method: tuple[str, ...]


async def tell_plot(
    connection: AsyncConnection, reader: Reader, words: Words, found: Item, size: tuple[float, float] = SIZE, *,
    known_at: datetime | None = None,
) -> PlotTold:  # fmt: skip
    """The evidence of a parcel in the reader's words, with its drawing, as recorded now or at an instant. For staff."""
    county = reader.county
    evidence = await evidence_of(connection, found.id, known_at)
    at = None if known_at is None else (county.code, civil_date(known_at, county.time_zone), known_at)
    standing = await standing_on(connection, found.id, county.survey_srid, at)
    missing = tuple(fact.text(words.lang) for fact in missing_words(evidence.missing if evidence else ("ground_surveyed_on",)))  # fmt: skip
    unknown = "" if evidence and evidence.is_known else words("plot.unknown", missing=words.list("", missing))
    figures = tuple(_figures(words, area_unit(reader), evidence))
    survey = _survey(words, evidence, county.survey_srid)
    method = tuple(m.text(words.lang) for m in method_words(evidence.survey_srid, evidence.setback_m, evidence.least_width_m)) if evidence else ()  # fmt: skip
    told = PlotTold(evidence, None, figures, missing, unknown, survey, method)
    if standing is None:
        return told
    frame = frame_of(standing.outline, county.survey_srid, size)
    around = await layers_in(connection, reader.actor, county.code, map(layer_of, AROUND), frame, words)
    name = words.name(found.properties)
    notes = (survey, *(words("plot.also_missing", missing=words.list("", missing)) for _ in range(bool(missing and not unknown))))  # fmt: skip
    said = PlotWords(
        label=_spoken(words, name, figures, unknown), north=words("item.north"), bar=words.length(frame.bar(frame.width / 4)[0]),
        keys=_keys(words, evidence), figures=tuple((f.label, f.told) for f in figures), notes=notes, unknown=unknown,
    )  # fmt: skip
    plot = _plot(words, area_unit(reader), standing, evidence)
    return PlotTold(evidence, PlotScene(frame, plot, said, around), figures, missing, unknown, survey, method)


async def figures_of_plot(connection: AsyncConnection, reader: Reader, words: Words, found: Item) -> tuple[Figure, ...]:
    """What is left of a parcel and the largest rectangle in it, in words; nothing where it was never measured. For staff."""
    evidence = await evidence_of(connection, found.id)
    if evidence is None or not evidence.is_known:
        return ()
    return tuple(f for f in _figures(words, area_unit(reader), evidence) if f.key in ("remainder", "rectangle"))


def _survey(words: Words, evidence: Evidence | None, survey_srid: int) -> str:
    crs = crs_words(evidence.survey_srid if evidence else survey_srid).text(words.lang)
    if evidence is None or evidence.surveyed_on is None:
        return words("plot.survey_none", crs=crs)
    return words("plot.survey", date=words.day(evidence.surveyed_on), crs=crs)


def _keys(words: Words, evidence: Evidence | None) -> dict[str, str]:
    keys = {name: words(f"plot.key.{name}") for name in ("outline", "building", "idle", "left", "rectangle")}
    setback = words.number(evidence.setback_m, "m") if evidence else ""
    return keys | {"setback": words("plot.key.setback", setback=setback)}


def _spoken(words: Words, name: str, figures: Sequence[Figure], unknown: str) -> str:
    """What a reader who does not see the drawing hears."""
    facts = [unknown] if unknown else [f"{f.label} {f.told}" for f in figures]
    return words("plot.label", name=name, facts=("; " if words.lang == "en" else "；").join(facts))


def _both(words: Words, unit: str, area_m2: Decimal) -> tuple[str, str]:
    """An area in the county's unit and in square metres ('' where the first is in square metres already)."""
    own, metres = words.area(area_m2, unit), words.number(area_m2, "m2", 0)
    return own, "" if own.endswith(words.unit("m2")) else metres


def _share(words: Words, part: Decimal | None, whole: Decimal | None) -> str:
    if part is None or not whole:
        return ""
    return words("plot.share", share=words.number(part / whole * 100, None, 1))


def _figures(words: Words, unit: str, e: Evidence | None) -> list[Figure]:
    """Figures in the order they are read; what is not known says so."""
    none = words("unknown")

    def area(key: str, value: Decimal | None, *notes: str) -> Figure:
        if value is None:
            return Figure(key, words(f"plot.{key}"), none)
        own, metres = _both(words, unit, value)
        return Figure(key, words(f"plot.{key}"), own, " · ".join(n for n in (metres, *notes) if n))

    if e is None:
        return [area("remainder", None)]
    plot = e.parcel_area_m2
    left = area("remainder", e.remainder_area_m2, _share(words, e.remainder_area_m2, plot))
    if e.is_known and not e.remainder_area_m2:
        left = Figure("remainder", words("plot.remainder"), words("plot.nothing_left"))
    ratios = [
        Figure("coverage", words("plot.coverage"), none if e.coverage_ratio is None else words.number(e.coverage_ratio * 100, "%", 1)),
        Figure("far", words("plot.far"), none if e.far_ratio is None else words.number(e.far_ratio)),
        Figure("coefficient", words("plot.coefficient"), none if e.coefficient_ratio is None else words.number(e.coefficient_ratio * 100, "%", 1)),
    ]  # fmt: skip
    return [area("area", plot), left, *_rectangle(words, unit, e), area("footprint", e.footprint_m2), area("in_use", e.in_use_m2), *ratios]  # fmt: skip


def _rectangle(words: Words, unit: str, e: Evidence) -> list[Figure]:
    if not e.is_known or not e.remainder_area_m2:
        return []
    label, whole = words("plot.rectangle"), e.rectangle_area_m2
    if whole is None or e.rectangle_width_m is None or e.rectangle_length_m is None:
        return [Figure("rectangle", label, words("plot.no_rectangle"))]
    return [Figure("rectangle", label, _sides(words, e), " · ".join(part for part in _both(words, unit, whole) if part))]  # fmt: skip


def _sides(words: Words, e: Evidence) -> str:
    return words("plot.sides", width=words.number(e.rectangle_width_m, None, 0), length=words.number(e.rectangle_length_m, "m", 0))  # fmt: skip


def _plot(words: Words, unit: str, standing: Standing, e: Evidence | None) -> Plot:
    floors = [Footprint(b.code, b.outline, _labels(words, b)) for b in standing.buildings]
    grounds = [Ground(g.code, g.kind, words.code("ground_use_kind", g.kind), bool(g.is_in_use), g.outline) for g in standing.grounds]  # fmt: skip
    if e is None or not e.is_known:
        return Plot(standing.outline, floors, grounds, setback_m=float(e.setback_m) if e and e.surveyed_on else None)
    srid = standing.survey_srid
    remainder = shapely.MultiPolygon() if e.remainder is None else in_metres(e.remainder, srid)
    lines: tuple[tuple[str, ...], ...] = ()
    if e.remainder_area_m2:
        own, metres = _both(words, unit, e.remainder_area_m2)
        share = _share(words, e.remainder_area_m2, e.parcel_area_m2)
        in_one = (words("plot.left_over", area=own), " · ".join(p for p in (metres, share) if p))
        lines = (in_one, (words("plot.remainder"), own, metres, share), (own,))
    rectangle, sides = None, ("", "")
    if isinstance(e.rectangle, shapely.Polygon):
        rectangle = shapely.Polygon(shapely.get_coordinates(in_metres(e.rectangle, srid)))
        sides = (words.number(e.rectangle_width_m, "m", 0), words.number(e.rectangle_length_m, "m", 0))
    return Plot(standing.outline, floors, grounds, remainder, rectangle, sides, lines, float(e.setback_m))


def _labels(words: Words, building: Piece) -> tuple[tuple[str, ...], ...]:
    """What may stand on a building, the best first: its name, its code, its storeys."""
    name = words.pick(building.name, building.name_en)
    storeys = words("plot.storeys", n=building.storeys) if building.storeys else ""
    return tuple((first, storeys) for first in dict.fromkeys((name, building.code)) if first) + (((storeys,),) if storeys else ())  # fmt: skip
