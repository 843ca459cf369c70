"""Surroundings as the drawer and the pages show them: distances and counts as neutral bars, clauses with their validity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.overlays.surroundings import Clause, Destination, Firm, Related, Source, Surroundings, Work, scope
from map_frontend.site import Page
from map_frontend.style.palette import PARK_WORK_STATUS, UNKNOWN, Mark
from map_frontend.things.kinds import WORKS
from map_frontend.things.states import coded_state, layer_of
from map_frontend.things.work import ON_MAP
from map_frontend.things.writing import validity
from map_frontend.words import Words


@dataclass(frozen=True, slots=True)
class Distance:
    """The way to one destination: its kind and name, how far, the bar (of 100), and what is not there yet."""

    kind: str
    name: str
    href: str
    text: str
    width: float
    not_yet: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A clause with where it leads, its validity, and whether it holds today."""

    name: str
    href: str
    kind: str
    document: str
    summary: str
    amount: str
    where: str
    validity: str
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class Share:
    """How many are of one kind, with a bar (of 100)."""

    word: str
    count: str
    width: float


@dataclass(frozen=True, slots=True)
class Near:
    """A thing named with a link: its mark and status where it has one, and one figure."""

    name: str
    href: str
    figure: str
    mark: Mark | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A work of a park: its state as a mark and a word, its dates in words, its key and address on the map ('' = lies nobody knows
    where)."""

    name: str
    state: str
    mark: Mark
    state_word: str
    dates: Sequence[str]
    key: str = ""
    href: str = ""


AT_HAND = ("late", "building", "planned", "unknown", "built")


def distance(words: Words, metres: int) -> str:
    """Metres below a kilometre, then kilometres with one decimal."""
    return words.number(metres, "m", 0) if metres < 1000 else words.number(metres / 1000, "km", 1)


class Around:
    """The surroundings of one thing in the reader's words."""

    def __init__(self, page: Page, told: Surroundings, area_unit: str) -> None:
        self.page, self.words, self.told, self.area_unit = page, page.words, told, area_unit

    def _href(self, collection: str, code: str) -> str:
        return self.page.link(f"/{collection}/{code}")

    @property
    def distances(self) -> list[Distance]:
        """The nearest of each destination; bars are of the farthest one."""
        found = self.told.transport.destinations
        farthest = max((d.distance_m for d in found), default=1) or 1
        return [self._distance(d, farthest) for d in found]

    def _distance(self, d: Destination, farthest_m: int) -> Distance:
        words, not_yet = self.words, ""
        if d.status != "built":
            not_yet = words.code("transport_status", d.status)
            if d.expected_on:
                not_yet += " " + words("thing.expected", date=words.day(d.expected_on))
        return Distance(
            self._destination(d.kind, d.road_class), words.pick(d.name, d.name_en), self._href("transport", d.code),
            distance(words, d.distance_m), round(max(1.0, d.distance_m / farthest_m * 100), 1), not_yet,
        )  # fmt: skip

    def _destination(self, kind: str, road_class: str) -> str:
        return self.words.code("road_class", road_class) if road_class else self.words.code("transport_kind", kind)

    @property
    def missing(self) -> str:
        """Destinations the register knows none of: unknown, which is not the same as far away."""
        found = {d.kind for d in self.told.transport.destinations}
        names = [self._destination(kind, c) for kind, c in scope().destinations if kind not in found]
        return self.words.list("", names)

    @property
    def policies(self) -> list[Policy]:
        """Clauses that hold here."""
        return [self._policy(clause) for clause in self.told.policies.clauses]

    def _policy(self, c: Clause) -> Policy:
        words = self.words
        where = words(f"thing.scope.{c.scope}")
        if c.chain_code:
            where += " · " + words("thing.for_chain", chain=words.code("chain", c.chain_code))
        amount = ""
        if c.max_amount_wan_cny is not None:
            amount = words("thing.at_most", amount=words.number(c.max_amount_wan_cny, "万元"))
        return Policy(
            words.pick(c.name, c.name_en), self._href("policies", c.code), words.code("policy_kind", c.kind),
            " ".join(part for part in (words.pick(c.policy_name, c.policy_name_en), c.document_no) if part),
            words.pick(c.summary, c.summary_en), amount, where, validity(words, c.valid_from, c.valid_to), c.is_in_force,
        )  # fmt: skip

    @property
    def firms_title(self) -> str:
        """Of a place that holds firms: those inside; of any other thing: those around."""
        return self.words("thing.firms" if self.told.enterprises.radius_m else "thing.firms_here")

    @property
    def firm_count(self) -> str:
        """How many firms, where."""
        firms = self.told.enterprises
        if firms.radius_m == 0:
            return self.words("thing.firms_inside", n=self.words.number(firms.firm_count))
        return self.words(
            "thing.firms_within", n=self.words.number(firms.firm_count), distance=distance(self.words, firms.radius_m)
        )

    @property
    def chains(self) -> list[Share]:
        """Firms by chain, the most first."""
        counted = [
            (self.words.code("chain", g.chain_code) if g.chain_code else self.words("unknown"), g.firm_count)
            for g in self.told.enterprises.by_chain
        ]
        return shares(self.words, counted)

    @property
    def firms(self) -> list[Near]:
        """The nearest firms."""
        return [self._firm(firm) for firm in self.told.enterprises.nearest]

    def _firm(self, firm: Firm) -> Near:
        words = self.words
        parts = [words.code("size_class", firm.size_class) if firm.size_class else "", distance(words, firm.distance_m)]
        shown = parts[:1] if firm.distance_m == 0 else parts
        return Near(
            words.pick(firm.name, firm.name_en), self._href("enterprises", firm.code), " · ".join(p for p in shown if p)
        )

    def related(self, collection: str) -> list[Near]:
        """Parcels, buildings or projects that belong to the thing."""
        return [self._related(one) for one in self.told.related if one.collection == collection]

    def _related(self, one: Related) -> Near:
        words = self.words
        state = coded_state(words, layer_of(one.collection), one.status)
        figure = ""
        if one.vacant_area_m2:
            figure = words("thing.vacant", area=words.number(one.vacant_area_m2, "m2", 0))
        elif one.area_m2 is not None and one.collection == "parcels":
            figure = words.area(one.area_m2, self.area_unit)
        elif one.area_m2 is not None:
            figure = words.number(one.area_m2, "m2", 0)
        return Near(
            words.pick(one.name, one.name_en), self._href(one.collection, one.code), figure,
            state.mark if state else None, state.word if state else "",
        )  # fmt: skip

    @property
    def places(self) -> list[Near]:
        """The town, park and featured town it lies in."""
        return [
            Near(self.words.pick(p.name, p.name_en), self._href(p.collection, p.code), "") for p in self.told.lies_in
        ]

    @property
    def works(self) -> list[Step]:
        """The works of a park, in the order they were to begin."""
        return [self._work(work) for work in self.told.works]

    @property
    def works_at_hand(self) -> list[Step]:
        """The same, what is late first and what is done last."""
        return sorted(self.works, key=lambda step: AT_HAND.index(step.state))

    def _work(self, w: Work) -> Step:
        words = self.words
        if w.finished_on:
            dates = [words("thing.work_finished", date=words.day(w.finished_on))]
        else:
            parts = [
                words("thing.work_started", date=words.day(w.started_on)) if w.started_on
                else words("thing.work_start", date=words.day(w.planned_start_on)) if w.planned_start_on else "",
                words("thing.work_end", date=words.day(w.planned_end_on)) if w.planned_end_on else "",
            ]  # fmt: skip
            dates = [part for part in parts if part]
        key = f"{WORKS}:{w.code}" if w.is_located else ""
        return Step(
            words.pick(w.name, w.name_en), w.state or "unknown", PARK_WORK_STATUS.get(w.state or "", UNKNOWN),
            words.code("park_work_status", w.state) if w.state else words("unknown"), dates or [words("thing.work.undated")], key,
            self.page.link("/", id=key, l=ON_MAP) if key else "",
        )  # fmt: skip

    def source_line(self, sources: Sequence[Source]) -> str:
        """Where a group comes from and of which day."""
        words = self.words
        return "; ".join(
            words.pick(s.name, s.name_en)
            + (f" · {words.day(s.data_date)}" if s.data_date else f" · {words('thing.no_date')}")
            for s in sources
        )


def shares(words: Words, counted: Sequence[tuple[str, int]]) -> list[Share]:
    """Counts as bars of the largest one."""
    most = max((n for _, n in counted), default=1) or 1
    return [Share(word, words.number(n), round(n / most * 100, 1)) for word, n in counted]
