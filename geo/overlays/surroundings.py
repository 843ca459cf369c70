"""What surrounds a thing, as it is told: transport, policies, firms, what it lies in, what is on it, whom to ask.

Distances are straight lines in metres of the county's survey CRS, from the edge of the thing; travel times are another room.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml

COLLECTIONS = ("parcels", "buildings", "parks", "featured_towns", "projects")
"""Things that have surroundings."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is told: destinations as (kind, road class or ''), how far firms count per collection, how many are named."""

    destinations: tuple[tuple[str, str], ...]
    firms_within_m: Mapping[str, int]
    firms_named: int
    related_named: int


@lru_cache(maxsize=1)
def scope() -> Scope:
    """The scope, from data/surroundings.yaml."""
    raw = yaml.safe_load((Path(__file__).parent / "data" / "surroundings.yaml").read_text(encoding="utf-8"))
    return Scope(
        tuple((entry["kind"], entry.get("road_class", "")) for entry in raw["destinations"]),
        raw["firms_within_m"], raw["firms_named"], raw["related_named"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows of a group come from; `data_date` is the oldest of its rows, or that of the source."""

    name: str
    name_en: str | None
    data_date: date | None
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Destination:
    """The nearest transport of one kind, built or not yet."""

    kind: str
    road_class: str
    status: Literal["built", "building", "planned"]
    code: str
    name: str
    name_en: str | None
    opened_on: date | None
    expected_on: date | None
    is_sample: bool
    distance_m: int


@dataclass(frozen=True, slots=True)
class Transport:
    """Straight-line distances (`method`) in metres of EPSG `survey_srid`, from the edge of the thing."""

    method: Literal["straight_line"]
    survey_srid: int
    destinations: tuple[Destination, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """A policy clause that holds here; `valid_to` is its last day. `is_for_chain`: null = it is for any chain."""

    code: str
    name: str
    name_en: str | None
    policy_code: str
    policy_name: str
    policy_name_en: str | None
    clause_no: str
    kind: str
    summary: str | None
    summary_en: str | None
    chain_code: str | None
    max_amount_wan_cny: Decimal | None
    document_no: str | None
    issuer: str | None
    scope: Literal["county", "area", "part_of_area"]
    is_sample: bool
    valid_from: date | None
    valid_to: date | None
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class Policies:
    """Clauses that hold here, those in force first."""

    clauses: tuple[Clause, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm nearby: name, chain, size class, distance in metres; nothing more is public."""

    code: str
    name: str
    name_en: str | None
    chain_code: str | None
    size_class: str | None
    is_sample: bool
    distance_m: int


@dataclass(frozen=True, slots=True)
class ChainCount:
    """How many of the firms are of a chain; null = no chain is recorded."""

    chain_code: str | None
    firm_count: int


@dataclass(frozen=True, slots=True)
class Firms:
    """All firms within `radius_m` of the edge (0 = inside), counted by chain; the nearest of them by name."""

    radius_m: int
    firm_count: int
    by_chain: tuple[ChainCount, ...]
    nearest: tuple[Firm, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A town, park or featured town the thing lies in."""

    collection: str
    code: str
    name: str
    name_en: str | None


@dataclass(frozen=True, slots=True)
class Related:
    """A parcel, building or project that belongs to the thing; `status` is of the collection's own list."""

    collection: Literal["parcels", "buildings", "projects"]
    code: str
    name: str
    name_en: str | None
    kind: str | None
    status: str | None
    area_m2: Decimal | None
    vacant_area_m2: Decimal | None


@dataclass(frozen=True, slots=True)
class Work:
    """An infrastructure work of a park; `late` = a planned day has passed without it."""

    code: str
    name: str
    name_en: str | None
    kind: str
    planned_start_on: date | None
    planned_end_on: date | None
    started_on: date | None
    finished_on: date | None
    is_sample: bool
    state: Literal["built", "building", "planned", "late"] | None
    """None = nothing of it is dated."""

    is_located: bool
    """Whether the register has a shape of it."""


@dataclass(frozen=True, slots=True)
class Contact:
    """An office to ask, never a person: the service desk of a park, or the responsible unit."""

    of: Literal["park", "unit"]
    name: str
    name_en: str | None
    contact_desk: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All of it. Without a geometry (`is_located` false) only what is recorded by code is told."""

    collection: str
    code: str
    county_code: str
    as_of: date
    is_located: bool
    chain_codes: tuple[str, ...]
    transport: Transport
    policies: Policies
    enterprises: Firms
    lies_in: tuple[Place, ...]
    related: tuple[Related, ...]
    works: tuple[Work, ...]
    contacts: tuple[Contact, ...]
