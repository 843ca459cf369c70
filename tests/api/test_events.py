"""The stream of changes: who is told what, nothing lost and nothing twice, and no way to sink the service with it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg
import pytest

from api.app import create_api
from api.live.feed import QUEUE_MAX, Stream
from api.settings import ApiSettings, MapSettings
from geo.db import PUBLIC
from geo.history.events import Position
from geo.settings import GeoSettings
from tests.plugins.door import open_door
from tests.plugins.service import COUNTY, World

URL = f"/v1/events?county={COUNTY}"
MOVE = "update register.parcel set name = %s where code = %s"
STAGE = (
    "insert into register.fact (county_code, subject_kind, subject_id, kind, value_text, effective_on) "
    "select county_code, 'project', id, 'stage', %s, '2024-01-01' from register.project where code = 'P1'"
)


@pytest.fixture(scope="module")
def door(world: World) -> Iterator[str]:
    """Two services would do; one, with a short heartbeat and room for 20 streams from one address."""
    with psycopg.connect(world.owner_url, autocommit=True) as c:
        c.execute(
            "insert into register.project (county_code, code, name, publication_state, unit_code) values (%s, 'P1', '项目', 'published', 'U1')",
            [COUNTY],
        )
    settings = ApiSettings(items_per_minute=100_000, events_heartbeat_s=0.3, streams_per_address=20)
    app = create_api(GeoSettings(DATABASE_URL=world.app_url), settings, MapSettings())  # type: ignore[call-arg]
    with open_door(app) as url:
        yield url


@dataclass
class Followed:
    """What a stream has said so far."""

    events: list[tuple[str, str, Any]]
    ids: list[str]
    heartbeats: int = 0

    @property
    def changes(self) -> list[dict[str, Any]]:
        return [data for kind, _, data in self.events if kind == "change"]

    def until(self, count: int, seconds: float = 10) -> list[dict[str, Any]]:
        """The changes, once there are so many."""
        deadline = time.monotonic() + seconds
        while len(self.events) < count:
            assert time.monotonic() < deadline, self.events
            time.sleep(0.01)
        return self.changes


@contextmanager
def follow(door: str, path: str = URL, **headers: str) -> Iterator[Followed]:
    """A stream, read in the background for as long as the block runs; it is open when the block begins."""
    said, open_ = Followed([], []), threading.Event()

    def read(answer: httpx.Response) -> None:
        kind, data, at = "", "", ""
        try:
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if line.startswith(":"):
                    said.heartbeats += 1
                elif name == "event":
                    kind = value
                elif name == "data":
                    data = value
                elif name == "id":
                    at = value
                elif not line:
                    if at:
                        said.ids.append(at)
                    if data:
                        said.events.append((kind, at, json.loads(data)))
                    kind, data, at = "", "", ""
                    open_.set()
        except httpx.HTTPError:
            pass  # closed by the block's end

    with httpx.Client(base_url=door, timeout=10) as client, client.stream("GET", path, headers=headers) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        thread = threading.Thread(target=read, args=(answer,), daemon=True)
        thread.start()
        assert open_.wait(10)
        if not headers.get("Last-Event-ID"):
            deadline = time.monotonic() + 10
            while not said.ids and not said.events:
                assert time.monotonic() < deadline
                time.sleep(0.01)
        yield said


def change(world: World, statement: str, *values: object) -> None:
    with psycopg.connect(world.owner_url, autocommit=True) as connection:
        connection.execute(statement, values)


def test_everybody_is_told_what_he_may_see_and_no_more(
    world: World, door: str, bearer: dict[str, dict[str, str]]
) -> None:
    with follow(door) as public, follow(door, **bearer["leader"]) as staff:
        change(world, MOVE, "甲", "INT")
        change(
            world,
            "insert into register.fact (county_code, subject_kind, subject_id, kind, value_text, effective_on) "
            "select county_code, 'parcel', id, 'status', 'AVAILABLE', '2024-01-01' from register.parcel where code = 'PUB'",
        )
        change(world, "update register.parcel set publication_state = 'internal' where code = 'TWO'")
        change(world, "update register.planning_control set name = 'x' where code = 'L1'")
        change(world, "update register.parcel set name = '暗处' where code = 'TWO'")
        change(world, "update register.parcel set publication_state = 'published' where code = 'TWO'")
        assert [(c["collection"], c["code"]) for c in staff.until(6)] == [
            ("parcels", "INT"), ("parcels", "PUB"), ("parcels", "TWO"), ("controls", "L1"), ("parcels", "TWO"), ("parcels", "TWO"),
        ]  # fmt: skip
        told = public.until(3)
        assert told[0] == {"collection": "parcels", "code": "PUB", "version": told[0]["version"], "fields": ["status"]}
        assert told[1] in (
            {"collection": "parcels", "code": "TWO", "gone": True},
            {"collection": "parcels", "code": "TWO", "version": 2, "fields": []},
        )
        assert (told[2]["code"], told[2]["fields"]) == ("TWO", [])
        assert staff.changes[2]["fields"] == ["publication_state"]
        assert len(public.events) == 3


def test_a_project_in_negotiation_is_never_told_and_one_that_goes_back_to_it_is_gone(world: World, door: str) -> None:
    with follow(door) as public:
        change(world, STAGE, "NEGOTIATING")
        change(world, STAGE, "SIGNED")
        assert public.until(1)[0]["fields"] == ["stage"]
        change(world, STAGE, "NEGOTIATING")
        assert public.until(2)[1] == {"collection": "projects", "code": "P1", "gone": True}
        change(world, "update register.project set name = '乙' where code = 'P1'")
        change(world, MOVE, "丙", "PUB")
        assert public.until(3)[2]["code"] == "PUB"


def test_a_cut_stream_resumes_without_loss_or_repetition_whatever_the_order_of_commits(world: World, door: str) -> None:
    with follow(door) as first, psycopg.connect(world.owner_url) as slow:
        slow.execute(MOVE, ["慢", "PUB"])  # takes the smaller id, is committed later
        change(world, MOVE, "快", "TWO")
        assert [c["code"] for c in first.until(1)] == ["TWO"]
        cut_at = first.ids[-1]
        assert "~" in cut_at
        with follow(door, **{"Last-Event-ID": cut_at}) as second:
            slow.commit()
            assert [c["code"] for c in first.until(2)] == ["TWO", "PUB"]
            assert [c["code"] for c in second.until(1)] == ["PUB"]
    with follow(door, **{"Last-Event-ID": cut_at}) as third, follow(door, f"{URL}&since={cut_at}") as fourth:
        change(world, MOVE, "又", "TWO")
        assert [c["code"] for c in third.until(2)] == ["PUB", "TWO"]
        assert [c["code"] for c in fourth.until(2)] == ["PUB", "TWO"]
    with follow(door, **{"Last-Event-ID": third.ids[-1]}) as fifth:
        change(world, MOVE, "终", "TWO")
        assert [c["version"] for c in fifth.until(1)] == [third.changes[-1]["version"] + 1]


def test_what_was_rolled_back_leaves_no_gap_behind(world: World, door: str) -> None:
    with follow(door) as stream:
        with psycopg.connect(world.owner_url) as connection:
            connection.execute(MOVE, ["x", "PUB"])
            connection.rollback()
        deadline = time.monotonic() + 10
        number = 0
        while not stream.ids or "~" in stream.ids[-1] or not stream.changes:
            assert time.monotonic() < deadline, stream.ids
            number += 1
            change(world, MOVE, f"n{number}", "PUB")
            time.sleep(0.05)


@pytest.mark.parametrize("given", ["0", "999999999999", "x", "1~", "5~3-", "-1", "1" * 5000, "9" * 18 + "~1"])
def test_a_position_that_cannot_be_resumed_says_read_anew(world: World, door: str, given: str) -> None:
    with follow(door, **{"Last-Event-ID": given}) as stream:
        if given == "0":
            change(world, "select 1")
            return
        stream.until(1)
        assert stream.events[0][0] == "reset"


def test_many_changes_at_once_are_told_as_one(world: World, door: str) -> None:
    with follow(door) as stream:
        change(
            world,
            "insert into register.parcel (county_code, code, name, geom, publication_state) select %s, 'B' || n, 'x', "
            "st_multi(st_makeenvelope(121.5, 29.3, 121.501, 29.301, 4490)), 'published' from generate_series(1, 300) n",
            COUNTY,
        )
        stream.until(1)
        assert [(kind, data) for kind, _, data in stream.events] == [("reset", {"collections": ["parcels"]})]
    change(world, "delete from register.parcel where code like %s", "B%")


def test_a_quiet_stream_says_that_it_is_alive(door: str) -> None:
    with follow(door) as stream:
        deadline = time.monotonic() + 10
        while stream.heartbeats < 2:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_two_hundred_tabs_do_not_sink_the_service(door: str) -> None:
    with (
        httpx.Client(base_url=door, timeout=20, limits=httpx.Limits(max_connections=300)) as client,
        ExitStack() as stack,
    ):
        answers = [stack.enter_context(client.stream("GET", URL)) for _ in range(200)]
        statuses = [answer.status_code for answer in answers]
        assert 0 < statuses.count(200) <= 20  # streams of the test before may still be ending
        assert statuses.count(200) + statuses.count(429) == 200
        refused = next(a for a in answers if a.status_code == 429)
        refused.read()
        assert refused.headers["content-type"] == "application/problem+json"
        assert int(refused.headers["retry-after"]) > 0
        assert httpx.get(f"{door}/health/ready", timeout=10).status_code == 200
    deadline = time.monotonic() + 10
    while not _is_welcome(door):
        assert time.monotonic() < deadline, "places were not given back"
        time.sleep(0.1)


def _is_welcome(door: str) -> bool:
    with httpx.stream("GET", door + URL, timeout=10) as answer:
        return answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "status"), [("/v1/events?county=no", 404), (f"{URL}&colour=red", 400), (f"{URL}&since={'1' * 30000}", 400)]
)
def test_bad_input_is_a_clear_problem(door: str, path: str, status: int) -> None:
    answer = httpx.get(door + path, timeout=10)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_a_reader_that_takes_nothing_is_let_go() -> None:
    stream = Stream(PUBLIC, COUNTY, "a")
    for _ in range(QUEUE_MAX + 1):
        stream.send(b"x")
    assert not stream.is_open
    assert stream.queue.get_nowait() is None


def test_a_position_is_read_as_it_is_written() -> None:
    for at in (Position(5), Position(57, ((52, 53), (55, 55)))):
        assert Position.read(str(at)) == at
    assert not Position(57, ((52, 53),)).has(53)
    assert Position(57, ((52, 53),)).has(54)
