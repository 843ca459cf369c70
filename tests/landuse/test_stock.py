"""A stock counted by hand: every total, over any rows and filters, and the parcels behind every number."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo.db import PUBLIC, Actor, Audience, acting, async_engine, driver_url
from geo.errors import BadInput
from geo.landuse.classes import land_classes
from geo.landuse.stock.ahead import ahead, together
from geo.landuse.stock.bands import bands
from geo.landuse.stock.filtering import BY, UNDECIDED, By, StockFilter, by_of
from geo.landuse.stock.measure import Stock
from geo.landuse.stock.precedence import precedence
from geo.landuse.stock.queries import SORTS, StockParcel, bound, gaps, parcels, statement, stock
from geo.settings import GeoSettings
from tests.landuse.waiting import AGES, AS_OF, CAUSES, CLASSES, PLOTS, SIZES, area, counted, settle

pytestmark = pytest.mark.anyio
STAFF = Actor(Audience.STAFF, account="leader", units=())
CODES = (*(c.code for c in land_classes()), UNDECIDED)


@pytest.fixture(scope="module")
def counted_county(database_url: str) -> str:
    with create_engine(driver_url(database_url)).begin() as connection:
        settle(connection)
    return "C"


@pytest.fixture
async def engine(counted_county: str, app_url: str) -> AsyncIterator[AsyncEngine]:
    made = async_engine(GeoSettings(DATABASE_URL=app_url))
    yield made
    await made.dispose()


async def counted_by(engine: AsyncEngine, by: By = "unit", wanted: StockFilter = StockFilter()) -> Stock:
    async with acting(engine, STAFF, 20_000) as connection:
        return await stock(connection, "C", AS_OF, by, wanted)


async def listed(engine: AsyncEngine, wanted: StockFilter = StockFilter(), **more: object) -> list[StockParcel]:
    async with acting(engine, STAFF, 20_000) as connection:
        return await parcels(connection, "C", AS_OF, wanted, **more)  # type: ignore[arg-type]


async def test_the_county_is_what_was_counted_by_hand(engine: AsyncEngine) -> None:
    found = await counted_by(engine)
    assert found.total.all.parcels == 8
    assert found.total.all.area_m2 == sum(map(area, counted())) == Decimal("288333.84")
    assert found.total.all.without_area == 1
    assert (found.total.idle.parcels, found.total.idle.area_m2) == (2, Decimal("71666.67"))
    assert (found.total.red.parcels, found.total.red.area_m2) == (3, Decimal("205000.01"))
    assert (found.total.long.parcels, found.total.long.area_m2) == (5, Decimal("235000.51"))
    assert (found.undecided.all.parcels, found.undecided.all.area_m2) == (2, Decimal("37000"))
    assert {c: found.column(c).all.parcels for c in CODES} == {
        "approved": 2, "supplied": 5, "used": 0, "built": 1, "producing": 0, "low": 0, "undecided": 2
    }  # fmt: skip
    u1 = next(row for row in found.rows if row.key == "U1")
    assert (u1.total.all.parcels, u1.cell("supplied").all.area_m2, u1.cell(UNDECIDED).all.parcels) == (
        4,
        Decimal("106666.67"),
        1,
    )
    assert [row.key for row in found.rows] == ["U1", "U2", "U3", "none"]
    assert not found.is_being_judged
    assert float(u1.cell("approved").all.area_mu) == 30


ROWS: dict[By, Callable[[str], str]] = {
    "unit": lambda code: next(p[1] for p in PLOTS if p[0] == code) or "none",
    "town": lambda code: next(p[2] for p in PLOTS if p[0] == code) or "none",
    "park": lambda code: next(p[3] for p in PLOTS if p[0] == code) or "none",
    "cause": lambda code: CAUSES.get(code, "UNKNOWN"),
    "age": lambda code: AGES[code[0]],
    "area": lambda code: SIZES[code],
}


@pytest.mark.parametrize("by", BY)
async def test_every_cell_has_the_parcels_counted_by_hand(engine: AsyncEngine, by: By) -> None:
    found = await counted_by(engine, by)
    wanted: dict[tuple[str, str], set[str]] = {}
    for code, *_ in PLOTS:
        if code[0] in CLASSES:
            wanted.setdefault((ROWS[by](code), CLASSES[code[0]]), set()).add(code)
    have = {(row.key, code): cell for row in found.rows for code, cell in row.cells.items()}
    assert {key: cell.all.parcels for key, cell in have.items()} == {key: len(codes) for key, codes in wanted.items()}
    for (key, code), cell in have.items():
        behind = await listed(engine, replace(StockFilter(), classes=(code,), **{by: (key,)}))
        assert {p.code for p in behind} == wanted[key, code]
        assert sum((p.area_m2 or Decimal(0) for p in behind), Decimal(0)) == cell.all.area_m2
        assert sum(p.area_m2 is None for p in behind) == cell.all.without_area


@pytest.mark.parametrize(
    "wanted", [StockFilter(), StockFilter(classes=("supplied",)), StockFilter(town=("T1",), age=("y0", "y3"))]
)
async def test_the_total_is_the_same_over_any_rows(engine: AsyncEngine, wanted: StockFilter) -> None:
    found = [await counted_by(engine, by, wanted) for by in BY]
    assert len({(one.total, one.undecided) for one in found}) == 1
    assert found[0].total.all.parcels > 0


def picked(codes: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(codes), unique=True, max_size=2).map(tuple)


FILTERS = st.builds(
    StockFilter, classes=picked(CODES), unit=picked(("U1", "U2", "U3", "none", "gone")), town=picked(("T1", "T2", "none")),
    park=picked(("P1", "none")), cause=picked(tuple(b.code for b in bands().causes)), age=picked((*(b.code for b in bands().age), "none")),
    area=picked((*(b.code for b in bands().area), "none")), level=picked(("RED", "YELLOW", "INFO")), only_idle=st.booleans(),
    only_disputed=st.just(False), within_days=st.none() | st.integers(1, 366),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=FILTERS, by=st.sampled_from(BY), sort=st.sampled_from(SORTS))
async def test_filters_combine_and_the_list_has_what_the_total_says(
    engine: AsyncEngine, wanted: StockFilter, by: By, sort: str
) -> None:
    found, behind = await counted_by(engine, by, wanted), await listed(engine, wanted, sort=sort)
    whole = found.every
    if wanted.within_days is None:
        assert whole == found.total + found.undecided
    assert whole.all.parcels == len(behind) == len({p.id for p in behind})
    assert whole.all.area_m2 == sum((p.area_m2 or Decimal(0) for p in behind), Decimal(0))
    assert whole.idle.parcels == sum(p.is_idle for p in behind)
    assert [p.sort_key for p in behind] == sorted(p.sort_key for p in behind)
    assert StockFilter.read(wanted.as_query()) == wanted
    assert all(not wanted.unit or (p.unit_code or "none") in wanted.unit for p in behind)
    assert all(not wanted.classes or p.classed in wanted.classes or p.comes_as in wanted.classes for p in behind)


@pytest.mark.parametrize("sort", SORTS)
async def test_pages_have_every_parcel_once(engine: AsyncEngine, sort: str) -> None:
    whole = [p.code for p in await listed(engine, sort=sort)]
    paged: list[StockParcel] = []
    while True:
        after = (paged[-1].sort_key, paged[-1].id) if paged else None
        page = await listed(engine, sort=sort, after=after, how_many=3)
        if not page:
            break
        paged += page
    assert [p.code for p in paged] == whole
    assert len(whole) == 10


async def test_orders(engine: AsyncEngine) -> None:
    largest = await listed(engine, sort="area")
    assert [p.code for p in largest][:3] == ["B1", "I1", "D1"]
    assert largest[-1].code == "D3"
    oldest = [p.code for p in await listed(engine, sort="age")]
    assert set(oldest[:2]) == {"I1", "I2"}
    assert set(oldest[-2:]) == {"S1", "S2"}
    soonest = await listed(engine)
    assert soonest[0].next_on is not None
    assert soonest[0].next_on > AS_OF
    silent = next(p for p in soonest if p.code == "S1")
    assert "agreed_start_on" in silent.missing


async def test_gaps_are_ranked_by_land_and_lead_to_their_parcels(engine: AsyncEngine) -> None:
    async with acting(engine, STAFF, 20_000) as connection:
        found = await gaps(connection, "C", AS_OF, StockFilter())
    assert [g.amount.area_m2 for g in found] == sorted((g.amount.area_m2 for g in found), reverse=True)
    start = next(g for g in found if g.fact == "agreed_start_on")
    assert (start.amount.parcels, start.amount.area_m2) == (2, Decimal("37000"))
    for gap in found:
        behind = await listed(engine, StockFilter(missing=gap.fact))
        assert (len(behind), sum((p.area_m2 or Decimal(0) for p in behind), Decimal(0))) == (
            gap.amount.parcels,
            gap.amount.area_m2,
        )
        assert (await counted_by(engine, "unit", StockFilter(missing=gap.fact))).every.all == gap.amount
        assert gap.alone.parcels <= gap.amount.parcels
        for rule, amount in gap.by_rule.items():
            assert len(await listed(engine, StockFilter(missing=gap.fact, rule=rule))) == amount.parcels
    async with acting(engine, STAFF, 20_000) as connection:
        assert await gaps(connection, "C", AS_OF, StockFilter(unit=("gone",))) == []


async def test_what_comes_by_itself_is_counted_once_at_its_first_horizon(engine: AsyncEngine) -> None:
    async with acting(engine, STAFF, 20_000) as connection:
        comers = await ahead(connection, "C", AS_OF, "unit", StockFilter(classes=("built",)), (90, 30, 180))
        of_u3 = await ahead(connection, "C", AS_OF, "town", StockFilter(unit=("U3",)), (30,))
    assert {(c.row_key, c.classed, c.within_days, c.amount.area_m2) for c in comers} == {
        ("U3", "supplied", 30, Decimal(12000)), ("U1", "supplied", 90, Decimal(15000))
    }  # fmt: skip
    assert [(c.row_key, c.amount.parcels) for c in of_u3] == [("T2", 1)]
    assert [together(comers, days).parcels for days in (30, 90, 180)] == [1, 2, 2]
    assert together(comers, 180, "U1", "supplied").area_m2 == Decimal(15000)


@pytest.mark.parametrize(("days", "codes"), [(14, set()), (15, {"E1"}), (30, {"E1"}), (44, {"E1"}), (45, {"E1", "E2"}), (366, {"E1", "E2"})])  # fmt: skip
async def test_the_horizon_leaves_what_changes_and_what_comes(engine: AsyncEngine, days: int, codes: set[str]) -> None:
    wanted = StockFilter(within_days=days)
    behind = await listed(engine, wanted)
    changing = {p.code for p in await listed(engine) if p.next_on and (p.next_on - AS_OF).days <= days}
    assert {p.code for p in behind if p.comes_as} == codes
    assert {p.comes_as for p in behind} <= {"supplied", None}
    assert {p.code for p in behind} == codes | changing
    assert (await counted_by(engine, "unit", wanted)).every.all.parcels == len(behind)
    async with acting(engine, STAFF, 20_000) as connection:
        comers = await ahead(connection, "C", AS_OF, "unit", StockFilter(), (days,))
    assert together(comers, days).parcels == len(codes)
    supplied = await listed(engine, StockFilter(classes=("supplied",), within_days=days))
    assert {p.code for p in supplied} == codes | {p.code for p in behind if p.classed == "supplied"}


async def test_a_lead_said_to_be_wrong_is_counted_and_told_apart(engine: AsyncEngine, database_url: str) -> None:
    plain = await counted_by(engine)
    assert plain.total.disputed.parcels == 0
    with create_engine(driver_url(database_url)).connect() as connection, connection.begin() as attempt:
        connection.execute(
            text(
                "insert into register.finding_override (county_code, parcel_id, rule_id, reason) "
                "select 'C', id, 'IDLE-01', '已动工' from register.parcel where county_code = 'C' and code = 'I1'"
            )
        )
        connection.execute(text("set local role yzt_staff"))
        connection.execute(text("select set_config('yzt.account', 'leader', true)"))
        order = bound("C", AS_OF, StockFilter())
        rows = connection.execute(statement("matrix"), order).mappings().all()
        listed_apart = connection.execute(
            statement("parcels"), order | {"only_disputed": True, "sort": "next", "after_key": None, "after_id": None, "how_many": 9}
        ).mappings().all()  # fmt: skip
        attempt.rollback()
    assert sum(r["parcels"] for r in rows) == plain.every.all.parcels
    assert {(r["row_key"], r["class"], r["disputed_parcels"], r["disputed_area_m2"]) for r in rows if r["disputed_parcels"]} == {
        ("U1", "supplied", 1, area("I1"))
    }  # fmt: skip
    assert [r["code"] for r in listed_apart] == ["I1"]


async def test_the_public_reads_nothing(engine: AsyncEngine) -> None:
    async with acting(engine, PUBLIC, 20_000) as connection:
        with pytest.raises(Exception, match="permission denied"):
            await stock(connection, "C", AS_OF, "unit", StockFilter())


async def test_leads_of_yesterday_are_told_as_such(engine: AsyncEngine) -> None:
    async with acting(engine, STAFF, 20_000) as connection:
        found = await stock(connection, "C", AS_OF.replace(day=2), "unit", StockFilter())
    assert found.is_being_judged
    assert found.judged_on == AS_OF


def test_precedence_is_that_of_the_rules() -> None:
    order = precedence(AS_OF)
    assert order.classes == ("producing", "built", "supplied", "approved", "used", "low")
    assert {"IDLE-01", "IDLE-03", "UNDER-01", "UNDER-05", "LOWEFF-00"} <= set(order.rules) < set(order.leads)


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"class": "gone"}, "class"), ({"cause": "owner"}, "cause"), ({"age": "y9"}, "age"), ({"area": "' or 1=1"}, "area"),
        ({"level": "BLUE"}, "level"), ({"idle": "yes"}, "idle"), ({"unit": "x" * 101}, "unit"), ({"town": "a\x00"}, "town"),
        ({"park": ",".join(f"p{n}" for n in range(201))}, "park"), ({"missing": "a,b"}, "missing"), ({"rule": "IDLE-01"}, "rule"),
        ({"missing": "a", "rule": "GONE-1"}, "rule"), ({"disputed": "2"}, "disputed"), ({"within_days": "0"}, "within_days"),
        ({"within_days": "1e3"}, "within_days"), ({"within_days": "9" * 40}, "within_days"), ({"within_days": "\u0663"}, "within_days"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_named(asked: dict[str, str], fault: str) -> None:
    with pytest.raises(BadInput) as raised:
        StockFilter.read(asked)
    assert raised.value.faults[0].where == fault


def test_rows_that_are_not_there() -> None:
    assert by_of(None) == "unit"
    with pytest.raises(BadInput):
        by_of("unit; drop table")
