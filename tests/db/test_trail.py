"""Seals over the trail: in id order, never past an entry that may still arrive, and they show what was changed."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

ENTRY = "insert into register.audit_entry (account, action, object_kind) values ('a', 'update', 'parcel') returning id"


@pytest.fixture
def trail(database_url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection as the owner; the trail begins empty."""
    with psycopg.connect(database_url, autocommit=True) as c:
        c.execute("set session_replication_role = replica")  # triggers off: as somebody with the database in hand
        c.execute("truncate register.audit_entry, register.audit_seal restart identity")
        c.execute("set session_replication_role = origin")
        yield c


def seal(c: psycopg.Connection[tuple[object, ...]]) -> object:
    return (c.execute("select register.seal_audit()").fetchone() or (None,))[0]


def faults(c: psycopg.Connection[tuple[object, ...]], unsealed: str = "60 s") -> list[object]:
    return [row[0] for row in c.execute("select fault from register.verify_audit(%s)", [unsealed])]


def test_entries_are_sealed_once_and_fit(trail: psycopg.Connection[tuple[object, ...]]) -> None:
    for _ in range(3):
        trail.execute(ENTRY)
    assert seal(trail) == 3
    assert seal(trail) == 0
    trail.execute(ENTRY)
    assert seal(trail) == 1
    trail.execute("set timezone = 'Asia/Shanghai'")
    assert faults(trail) == []


def test_a_seal_waits_for_an_entry_that_may_still_arrive(
    trail: psycopg.Connection[tuple[object, ...]], database_url: str
) -> None:
    trail.execute(ENTRY)
    with psycopg.connect(database_url) as slow:
        slow.execute(ENTRY)  # id 2, not committed
        trail.execute(ENTRY)  # id 3
        trail.execute(
            "set session_replication_role = replica; update register.audit_entry set at = at - interval '10 s'; "
            "set session_replication_role = origin"
        )
        slow_began = slow.execute(
            "select xact_start < clock_timestamp() from pg_stat_activity where pid = pg_backend_pid()"
        )
        assert slow_began.fetchone() == (True,)
        trail.execute(
            "set session_replication_role = replica; update register.audit_entry set at = clock_timestamp() where id = 3; "
            "set session_replication_role = origin"
        )
        assert seal(trail) == 1
        slow.commit()
    assert seal(trail) == 2
    assert faults(trail) == []


def test_an_entry_that_was_rolled_back_holds_nothing_up(
    trail: psycopg.Connection[tuple[object, ...]], database_url: str
) -> None:
    with psycopg.connect(database_url) as gone:
        gone.execute(ENTRY)
        gone.rollback()
    trail.execute(ENTRY)
    assert seal(trail) == 0  # too young to be sure
    trail.execute(
        "set session_replication_role = replica; update register.audit_entry set at = at - interval '10 s'; "
        "set session_replication_role = origin"
    )
    assert seal(trail) == 1


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("update register.audit_entry set account = 'b' where id = 2", "entries_changed"),
        ("delete from register.audit_entry where id = 2", "entries_changed"),
        ("delete from register.audit_entry where id >= 3", "tail_missing"),
        ("delete from register.audit_seal where id = 1", "seal_missing"),
    ],
)
def test_what_was_changed_shows(trail: psycopg.Connection[tuple[object, ...]], change: str, fault: str) -> None:
    for _ in range(2):
        trail.execute(ENTRY)
    seal(trail)
    for _ in range(2):
        trail.execute(ENTRY)
    seal(trail)
    with pytest.raises(psycopg.errors.Error, match="never changed"):
        trail.execute(change)
    trail.execute(f"set session_replication_role = replica; {change}; set session_replication_role = origin")
    assert fault in faults(trail)


def test_entries_nobody_seals_are_reported(trail: psycopg.Connection[tuple[object, ...]]) -> None:
    trail.execute(ENTRY)
    assert faults(trail) == []
    assert faults(trail, "0 s") == ["unsealed"]


def test_the_service_cannot_touch_entries_or_seals(trail: psycopg.Connection[tuple[object, ...]]) -> None:
    for _ in range(2):
        trail.execute(ENTRY)
    for role in ("yzt_staff", "yzt_admin"):
        for statement in (
            "delete from register.audit_entry",
            "truncate register.audit_entry",
            "insert into register.audit_seal (first_entry_id, last_entry_id, digest) values (1, 2, '')",
            "update register.audit_seal set digest = ''",
        ):
            trail.execute(f"set role {role}")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                trail.execute(statement)
            trail.execute("reset role")
