"""Names are found only of things an actor may see, by index, and follow whatever door a change comes by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine

from geo.db import sync_engine
from geo.exchange.jobs import WORKER
from geo.registry.search.commands import bring_up_to_date
from tests.db.test_plans import scans

ROWS = 200_000
SQUARE = "st_multi(st_makeenvelope(121.5, 29.6, 121.501, 29.601, 4490))"


@pytest.fixture(scope="module")
def county(database_url: str) -> str:
    """A county with a published and an internal plot."""
    with psycopg.connect(database_url) as c:
        c.execute(
            "insert into register.county (code, name, name_en, outline, survey_srid, time_zone) values "
            "('1', '甲', 'A', st_multi(st_makeenvelope(121, 28, 123, 30, 4490)), 4529, 'Asia/Shanghai')"
        )
        for code, name, state in (("A-1", "石浦公开地块", "published"), ("A-2", "石浦内部地块", "internal")):
            c.execute(
                f"insert into register.parcel (county_code, code, name, geom, publication_state) values ('1', %s, %s, {SQUARE}, %s)",
                [code, name, state],
            )
        c.execute(
            "insert into register.project (county_code, code, name, publication_state) values ('1', 'J', '石浦在谈项目', 'published')"
        )
    return database_url


@pytest.fixture(scope="module")
def engine(county: str) -> Iterator[Engine]:
    engine = sync_engine(county)
    bring_up_to_date(engine, WORKER)
    yield engine
    engine.dispose()


def names(url: str, role: str, view: str, column: str = "alias") -> set[str]:
    with psycopg.connect(url) as c:
        c.execute("select set_config('role', %s, true)", [role])
        return {str(row[0]) for row in c.execute(f"select {column} from {view}")}


def test_the_public_sees_names_of_public_things_only(county: str, engine: Engine) -> None:
    assert names(county, "yzt_public", "open_data.names_of_parcels") == {"A-1", "石浦公开地块", "石浦公开"}
    assert names(county, "yzt_public", "open_data.names_of_projects") == set(), "a project without a public stage"
    with psycopg.connect(county) as c:
        halves = c.execute(
            "select distinct is_published from register.name_alias where subject_kind = 'project'"
        ).fetchall()
        assert halves == [(False,)], "not even passed over"
    assert "石浦内部地块" in names(county, "yzt_staff", "staff_data.names_of_parcels")


@pytest.mark.parametrize("role", ["yzt_public", "yzt_staff"])
@pytest.mark.parametrize("table", ["register.name_alias", "register.name_due"])
def test_nobody_reads_the_names_past_their_views(county: str, role: str, table: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        names(county, role, table, "id")


def test_names_follow_what_happens_to_a_thing(county: str, engine: Engine) -> None:
    def found() -> set[str]:
        bring_up_to_date(engine, WORKER)
        return names(county, "yzt_public", "open_data.names_of_parcels")

    with psycopg.connect(county, autocommit=True) as c:
        c.execute("update register.parcel set name = '爵溪地块' where code = 'A-1'")
        assert found() == {"A-1", "爵溪地块", "爵溪"}
        c.execute("update register.parcel set publication_state = 'internal' where code = 'A-1'")
        assert names(county, "yzt_public", "open_data.names_of_parcels") == set(), "at once, whatever waits"
        c.execute("update register.parcel set publication_state = 'published' where code = 'A-1'")
        assert found() == {"A-1", "爵溪地块", "爵溪"}
        c.execute("update register.parcel set far_max = 2 where code = 'A-1'")
        assert c.execute("select count(*) from register.name_due").fetchone() == (0,), (
            "a name that stays is not written"
        )
        c.execute("delete from register.parcel where code = 'A-1'")
        assert found() == set()
        assert c.execute("select count(*) from register.name_alias where alias = '爵溪'").fetchone() == (0,)


def test_works_are_found_with_their_park(county: str, engine: Engine) -> None:
    def found(role: str = "yzt_public", schema: str = "open_data") -> set[str]:
        bring_up_to_date(engine, WORKER)
        return names(county, role, f"{schema}.names_of_park_works")

    def half(c: psycopg.Connection[Any]) -> list[tuple[bool]]:
        return c.execute(
            "select distinct is_published from register.name_alias where subject_kind = 'park_work'"
        ).fetchall()

    with psycopg.connect(county, autocommit=True) as c:
        c.execute(
            f"insert into register.park (county_code, code, name, kind, geom, publication_state) values "
            f"('1', 'PK', '东园', 'industrial_park', {SQUARE}, 'internal'), ('1', 'PL', '西园', 'industrial_park', {SQUARE}, 'internal')"
        )
        c.execute(
            "insert into register.park_work (county_code, code, park_code, name, kind) values ('1', 'PK-W1', 'PK', '鹤浦泵站', 'water')"
        )
        assert found() == set()
        assert found("yzt_staff", "staff_data") == {"PK-W1", "鹤浦泵站"}
        assert half(c) == [(False,)], "not even passed over"
        c.execute("update register.park set publication_state = 'published' where code = 'PK'")
        assert found() == {"PK-W1", "鹤浦泵站"}
        assert half(c) == [(True,)]
        c.execute("update register.park_work set name = '鹤浦水站' where code = 'PK-W1'")
        assert found() == {"PK-W1", "鹤浦水站"}
        c.execute("update register.park set name = '东一园' where code = 'PK'")
        c.execute("delete from register.name_due where subject_kind = 'park'")
        c.execute("update register.park_work set finished_on = '2026-01-01' where code = 'PK-W1'")
        assert c.execute("select count(*) from register.name_due").fetchone() == (0,), (
            "a name that stays is not written"
        )
        c.execute("update register.park_work set park_code = 'PL' where code = 'PK-W1'")
        assert found() == set(), "it went to a park that is not public"
        assert half(c) == [(False,)]
        c.execute("delete from register.park_work where code = 'PK-W1'")
        assert found("yzt_staff", "staff_data") == set()
        assert half(c) == []


@pytest.fixture(scope="module")
def many(county: str, engine: Engine) -> str:
    """200,000 plots with names, half of them internal."""
    with psycopg.connect(county) as c:
        c.execute("set local session_replication_role = replica")
        c.execute(
            f"insert into register.parcel (county_code, code, name, geom, geom_public, publication_state, version, updated_by) "
            f"select '1', 'P-' || n, 'n', g, g, case when n % 2 = 0 then 'published' else 'internal' end, 1, '' "
            f"from (select {SQUARE} as g) s, generate_series(1, {ROWS}) n"
        )
        c.execute(
            "insert into register.name_alias (county_code, subject_kind, subject_id, kind, alias, folded, latin, pinyin, initials, is_published) "
            "select '1', 'parcel', id, 'name', f, f, f, f, f, publication_state = 'published' "
            "from (select p.*, left(translate(md5(code), '0123456789', 'ghijklmnop'), 10) as f from register.parcel p where code like 'P-%') p"
        )
    with psycopg.connect(county, autocommit=True) as c:
        c.execute("analyze register.name_alias")
        c.execute("analyze register.parcel")
    return county


CONDITIONS: dict[str, tuple[str, str]] = {
    "folded": ("folded >= 'abcd' and folded < 'abce' order by folded, id", "ix_name_alias_folded"),
    "latin": ("latin >= 'abcd' and latin < 'abce' order by latin, id", "ix_name_alias_latin"),
    "initials": ("initials >= 'abcd' and initials < 'abce' order by initials, id", "ix_name_alias_initials"),
    "part": ("latin like any(array['%abcdef%', '%fedcba%'])", "ix_name_alias_latin_parts"),
    "near": ("'abcdefgh' <% latin and latin !~ '[0-9]' order by word_similarity('abcdefgh', latin) desc, latin, id", "ix_name_alias_latin_near"),
}  # fmt: skip


@pytest.mark.parametrize("way", sorted(CONDITIONS))
@pytest.mark.parametrize(("role", "schema"), [("yzt_public", "open_data"), ("yzt_staff", "staff_data")])
def test_every_way_of_fitting_uses_its_index(many: str, way: str, role: str, schema: str) -> None:
    condition, index = CONDITIONS[way]
    with psycopg.connect(many) as c:
        c.execute("select set_config('role', %s, true), set_config('jit', 'off', true)", [role])
        row: Any = c.execute(
            f"explain (format json) select alias from {schema}.names_of_parcels where county_code = '1' and is_published = true "
            f"and {condition} limit 100"
        ).fetchone()
    plan = row[0] if isinstance(row[0], list) else json.loads(row[0])
    used = scans(plan[0]["Plan"])
    assert index in used, used
    assert "seq:name_alias" not in used
