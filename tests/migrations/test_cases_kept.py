"""Cases that stood before migration 0015 are kept, and the newest open one of a parcel is its open case."""

from __future__ import annotations

import psycopg
import pytest

from ops import database


def test_cases_that_stood_are_kept(empty_database_url: str) -> None:
    url = empty_database_url
    database.prepare(url)
    database.downgrade(url, "0014")
    with psycopg.connect(url, autocommit=True) as c:
        c.execute(
            "insert into register.county (code, name, name_en, outline, survey_srid, time_zone) values "
            "('1', '甲', 'A', st_multi(st_makeenvelope(121, 29, 122, 30, 4490)), 4529, 'Asia/Shanghai')"
        )
        c.execute("insert into register.parcel (county_code, code, name) values ('1', 'P', '地块')")
        for code, state in (("K1", "PUBLISHED"), ("K2", "SUSPECTED"), ("K3", "CLOSED")):
            c.execute(
                "insert into register.idle_case (county_code, code, parcel_id, state, limb, cause, opened_on) "
                "select '1', %s, id, %s, 'A', 'OWNER', '2024-01-02' from register.parcel",
                [code, state],
            )
        c.execute(
            "insert into register.idle_case_event (county_code, idle_case_id, event, to_state, happened_on, note, recorded_by) "
            "select '1', id, 'SOMETHING', 'SUSPECTED', '2024-01-03', '旧记录', 'old' from register.idle_case where code = 'K2'"
        )
        before = c.execute(
            "select id, code, state, limb, cause, opened_on from register.idle_case order by id"
        ).fetchall()
    database.migrate(url)
    with psycopg.connect(url, autocommit=True) as c:
        after = c.execute(
            "select id, code, state, limb, cause, opened_on from register.idle_case order by id"
        ).fetchall()
        assert after == before
        assert c.execute("select code from register.idle_case where is_open").fetchall() == [("K2",)]
        events = c.execute(
            "select k.code, e.event, e.to_state, e.note from register.idle_case_event e join register.idle_case k on k.id = e.idle_case_id "
            "order by k.code"
        ).fetchall()
        assert events == [
            ("K1", "OPEN", "PUBLISHED", "migration 0015"), ("K2", "SOMETHING", "SUSPECTED", "旧记录"),
            ("K3", "OPEN", "CLOSED", "migration 0015"),
        ]  # fmt: skip
        case = c.execute("select id from register.idle_case where code = 'K2'").fetchone()
        assert case is not None
        c.execute(
            "insert into register.idle_case_event (county_code, idle_case_id, event, to_state, happened_on, document_no) "
            "values ('1', %s, 'NOTICE_SERVED', '', '2024-02-01', '调1')",
            [case[0]],
        )
        assert c.execute("select state from register.idle_case where code = 'K2'").fetchone() == ("INVESTIGATING",)
        take_back = (
            "insert into register.idle_case_event (county_code, idle_case_id, event, to_state, happened_on, retracts_event_id, note) "
            "select '1', idle_case_id, 'RETRACT', '', '2024-02-01', id, '误' from register.idle_case_event where event = %s"
        )
        with pytest.raises(psycopg.Error, match="only the last step"):
            c.execute(take_back, ["SOMETHING"])
        c.execute(take_back, ["NOTICE_SERVED"])
        with pytest.raises(psycopg.Error, match="not taken back"):
            c.execute(take_back, ["SOMETHING"])
    database.downgrade(url, "0014")
    with psycopg.connect(url) as c:
        assert c.execute("select count(*) from register.idle_case").fetchone() == (3,)
