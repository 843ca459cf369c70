"""A backup restored into an empty database is the same in every table; into a full one it is refused."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from geo.errors import Conflict
from ops.backup import backup, restore

TABLES = "select schemaname, tablename from pg_tables where schemaname in ('register', 'migration') order by 1, 2"


def digests(url: str) -> dict[str, tuple[int, str | None]]:
    with psycopg.connect(url) as c:
        out = {}
        for schema, table in c.execute(TABLES).fetchall():
            row = c.execute(
                f"select count(*), md5(string_agg(md5(t::text), '' order by md5(t::text))) from {schema}.{table} t"
            ).fetchone()
            assert row is not None
            out[f"{schema}.{table}"] = row
        return out


def test_restore_equals_what_was_backed_up(database_url: str, empty_database_url: str, tmp_path: Path) -> None:
    with psycopg.connect(database_url, autocommit=True) as c:
        c.execute(
            "insert into register.county (code, name, name_en, outline, survey_srid, time_zone) values "
            "('1', '甲', 'A', st_multi(st_makeenvelope(121, 29, 122, 30, 4490)), 4529, 'Asia/Shanghai')"
        )
        c.execute(
            "insert into register.parcel (county_code, code, name, geom) values ('1', 'P', '地块', st_multi(st_makeenvelope(121.1, 29.1, 121.2, 29.2, 4490)))"
        )
        c.execute(
            "insert into register.fact (county_code, subject_kind, subject_id, kind, value_text, effective_on) select '1', 'parcel', id, 'status', 'RESERVE', '2026-01-01' from register.parcel"
        )
    file = tmp_path / "county.dump"
    assert backup(database_url, file) > 10_000
    restore(empty_database_url, file)
    assert digests(empty_database_url) == digests(database_url)
    with psycopg.connect(empty_database_url) as c:
        c.execute("set role yzt_public")
        assert c.execute("select count(*) from open_data.parcels").fetchone() == (0,)
    with pytest.raises(Conflict):
        restore(database_url, file)
