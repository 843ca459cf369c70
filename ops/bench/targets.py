"""What the product set out to reach, as ratios within one run; medians of the rounds are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ops.bench.rounds import Spread


class State(StrEnum):
    """How a target stands in this run."""

    REACHED = "reached"
    MISSED = "not reached"
    NOT_BUILT = "not built"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Target:
    """A goal of one part: at least (or, with `is_most`, at most) `goal` in `unit`."""

    id: str
    part: str
    text: str
    goal: float
    unit: str = "x"
    is_most: bool = False
    room: str = ""
    """Where what it speaks of is to be built, as long as it is not."""

    @property
    def wanted(self) -> str:
        """The goal in words."""
        return f"{'≤' if self.is_most else '≥'} {self.goal:g} {self.unit}"

    def state(self, figure: Spread | None) -> State:
        """Where a figure stands; without one, nothing that could be measured is built."""
        if figure is None:
            return State.NOT_BUILT
        met = figure.median <= self.goal if self.is_most else figure.median >= self.goal
        return State.REACHED if met else State.MISSED


TARGETS = (
    Target("items_raw", "items", "1000 features by bbox over HTTP / the same SQL raw", 0.9),
    Target("items_fresh", "items", "the same with nothing kept / the same SQL raw", 0.9),
    Target("items_tipg", "items", "1000 features by bbox / TiPg, no compression", 18),
    Target("items_pygeoapi", "items", "1000 features by bbox / pygeoapi, no compression", 20),
    Target("narrow_raw", "items narrow", "five properties over HTTP / the same SQL raw", 0.9),
    Target("narrow_fresh", "items narrow", "the same with nothing kept / the same SQL raw", 0.9),
    Target("narrow_tipg", "items narrow", "five properties / TiPg, no compression", 18),
    Target("narrow_pygeoapi", "items narrow", "five properties / pygeoapi, no compression", 20),
    Target("memory_flat", "memory", "resident memory, last quarter of all pages / first quarter", 1.1, is_most=True),
    Target("z14_raw", "tiles shapes", "cold tile of shapes over HTTP, gzip included / the same SQL raw", 0.9),
    Target("z14_naive", "tiles shapes", "cold tile of shapes over HTTP / naive SQL raw", 3),
    Target("z14_tipg_narrow", "tiles shapes", "cold tile of shapes / TiPg, narrow table, no compression", 2.5),
    Target("z14_tipg_wide", "tiles shapes", "cold tile of shapes / TiPg, wide view, no compression", 5),
    Target("z14_tipg_narrow_gzip", "tiles shapes", "cold tile of shapes / TiPg, narrow table, both gzip", 4),
    Target("z14_tipg_wide_gzip", "tiles shapes", "cold tile of shapes / TiPg, wide view, both gzip", 8),
    Target("hot_tipg", "tiles shapes", "hot tile / TiPg, narrow table, no compression", 250),
    Target("hot_tipg_gzip", "tiles shapes", "hot tile / TiPg, narrow table, gzip asked", 350),
    Target("hot_cold", "tiles shapes", "hot tile / cold tile over HTTP, both gzip", 20),
    Target("hot_stored", "tiles shapes", "hot tile / raw stored bytes", 3),
    Target("z12_tipg_time", "tiles z12", "z12 tile from the tile store / TiPg, narrow table: time", 200),
    Target("z12_tipg_bytes", "tiles z12", "z12 tile, TiPg's bytes / ours", 20),
    Target("tile_kb", "tile sizes", "largest tile seen, raw", 350, "kB", is_most=True),
    Target("tile_kb_gzip", "tile sizes", "largest tile seen, gzipped", 200, "kB", is_most=True),
    Target("low_tile_kb", "tile sizes", "largest tile of z ≤ 13 seen, raw", 160, "kB", is_most=True),
    Target("low_tile_kb_gzip", "tile sizes", "largest tile of z ≤ 13 seen, gzipped", 55, "kB", is_most=True),
    Target("edit_fresh", "tiles edits", "edit to fresh tile on two processes, p95 / cold tile", 5, is_most=True),
    Target("edit_stale", "tiles edits", "old answers after an edit was fresh on both", 0, "answers", is_most=True),
    Target("edit_told", "tiles edits", "edit told to a screen open on another process, p95", 1, "s", is_most=True),
    Target("seed", "tiles cells", "all cells below the shapes made anew / one naive z10 tile", 4, is_most=True),
    Target("import_postgis", "imports", "import into the register / to_postgis and the same INSERT ... SELECT", 1.4),
    Target("import_ogr2ogr", "imports", "import into the register / ogr2ogr and the same INSERT ... SELECT", 1.3),
    Target("seed_all", "tiles seed", "every public tile of z6-z14 over HTTP, nothing kept / one naive z10 tile", 4, is_most=True),
    Target("copy_derived", "copy", "COPY into the register, all its triggers / plain COPY", 4, is_most=True),
    Target("as_of", "history", "20,000 parcels with 20 versions each read as of a day, p95", 150, "ms", is_most=True),
    Target("land_full", "landuse", "leads of every parcel made anew", 2000, "parcels/s"),
    Target("land_pauses", "landuse", "full run with pauses / the same without", 1.2, is_most=True),
    Target("land_edit", "landuse", "a fact told, its parcel's leads brought up to date, p95", 150, "ms", is_most=True),
    Target("land_batch", "landuse", "leads of 100 edited parcels brought up to date in one run", 300, "ms", is_most=True),
    Target("screen_ready", "screen", "first screen of the map drawn, desk", 3, "s", is_most=True),
    Target("screen_ready_phone", "screen", "first screen of the map drawn, phone with a quarter of the processor", 10, "s", is_most=True),
    Target("screen_numbers", "screen", "counts of all kinds and rings of all towns", 1, "s", is_most=True),
    Target("screen_rows", "screen", "first rows of the list, whole county", 1, "s", is_most=True),
    Target("screen_box", "screen", "first rows of the list, a box that holds the county", 1, "s", is_most=True),
    Target("screen_heap", "screen", "what the page's scripts hold, plots near by", 60, "MB", is_most=True),
    Target("database_ready", "starting", "a database cluster from nothing, server installed", 2, "s", is_most=True),
    Target("coverage", "later", "coverage by the coveredby shortcut / plain intersection", 0.6, is_most=True, room="geo/pipeline"),
    Target("search_time", "later", "requirement to ranked 50 of 1M, p95", 100, "ms", is_most=True, room="geo/fit"),
    Target("search_knn", "later", "search, top 50 of 1M / live nearest neighbours", 50, room="geo/fit"),
    Target("isochrone", "later", "isochrone in process / pgRouting", 20, room="geo/fit"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target, its figure, and how it stands."""

    target: Target
    figure: Spread | None
    state: State

    @property
    def said(self) -> str:
        """The state in words; of what is not built, where it belongs."""
        return (
            f"{self.state.value}: {self.target.room}"
            if self.state is State.NOT_BUILT and self.target.room
            else self.state.value
        )


def judge(part: str, figures: Mapping[str, Spread], not_run: frozenset[str] = frozenset()) -> list[Verdict]:
    """The targets of a part; those in `not_run` were left out of this run by choice."""
    out = []
    for target in TARGETS:
        if target.part == part:
            figure = figures.get(target.id)
            state = State.NOT_RUN if figure is None and target.id in not_run else target.state(figure)
            out.append(Verdict(target, figure, state))
    return out
