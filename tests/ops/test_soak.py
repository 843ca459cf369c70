"""`make soak` for some seconds on a small county, and what its verdicts stand on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from ops.bench.mvt import texts
from ops.soak.__main__ import main
from ops.soak.watching import SAMPLES_MIN, Sample, State, grown, look
from tests.ops.deployment import plain_environment

ROOT = Path(__file__).resolve().parents[2]
SETTING = {"ROWS": "2000"}


def start(**env: str) -> subprocess.Popen[str]:
    """The soak in a session of its own, as a terminal starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", "ops.soak"], env=plain_environment() | SETTING | env, cwd=ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def servers_of(pid: int) -> list[int]:
    """Processes that a process started and their children, as long as they live."""
    found, level = [], [pid]
    while level:
        level = [
            int(child) for one in level for task in Path(f"/proc/{one}/task").glob("*/children") for child in task.read_text().split()
        ]  # fmt: skip
        found += level
    return found


@pytest.mark.timeout(600)
def test_a_short_run_does_every_load_and_finds_nothing() -> None:
    process = start(MINUTES="0.4")
    out, err = process.communicate(timeout=400)
    assert process.returncode == 0, out + err[-3000:]
    for line in ("no answer 5xx", "no stale answer", "no wrong answer, no connection lost"):
        assert any(line in said and " fine " in said for said in out.splitlines()), out
    for name in ("memory of process 1", "memory of worker", "open files of process 2", "connections to the database"):
        assert name in out
    assert "0 faults" in out


@pytest.mark.timeout(600)
def test_ctrl_c_ends_everything_that_was_started_and_judges_what_there_is() -> None:
    process = start(MINUTES="30")
    assert process.stdout is not None
    assert "loads on two processes" in process.stdout.readline()
    begun = servers_of(process.pid)
    assert len(begun) >= 3
    threading.Event().wait(4)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=150)
    assert process.returncode == 0, out + err[-3000:]
    assert "ended by hand" in out
    assert "no stale answer" in out
    assert "Traceback" not in err
    deadline = time.monotonic() + 20
    while living := [pid for pid in begun if lives(pid)]:
        assert time.monotonic() < deadline, living
        threading.Event().wait(0.2)


def lives(pid: int) -> bool:
    """Whether a process runs; one that only waits for its parent to hear of its end does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(
    ("given", "said"), [(["--minutes", "0"], "not between 0 and"), (["--rows", "10000000"], "not between 400 and")]
)
def test_what_is_unbounded_is_a_matter_of_usage(
    given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(given)
    assert left.value.code == 2
    assert said in capsys.readouterr().err


def samples(memory_mb: list[float | None], files: list[int]) -> list[Sample]:
    return [Sample({"p": mb}, {"p": n}, 50.0, 10) for mb, n in zip(memory_mb, files, strict=True)]


def states(found: list[Sample]) -> dict[str, State]:
    return {verdict.what: verdict.state for verdict in grown(found)}


def test_what_grows_is_named_and_what_stays_is_fine() -> None:
    count = SAMPLES_MIN * 2
    leaking = [100.0 + n for n in range(count)]
    found = states(samples(list(leaking), [20 + n // 4 for n in range(count)]))
    assert found["memory of p"] is State.BAD
    assert found["open files of p"] is State.BAD
    assert found["connections to the database"] is State.FINE
    assert states(samples([100.0, 104.0] * SAMPLES_MIN, [20, 21] * SAMPLES_MIN))["memory of p"] is State.FINE


@pytest.mark.parametrize(("climb_mb", "state"), [(0.0, State.FINE), (15.0, State.BAD)])
def test_a_saw_of_memory_is_told_by_its_teeth(climb_mb: float, state: State) -> None:
    saw = [600.0 + 150 * (n % 5) + climb_mb * n for n in range(SAMPLES_MIN)]
    verdicts = grown([Sample({"p": 300.0}, {"p": 30}, mb, 10) for mb in saw])
    assert {v.what: v.state for v in verdicts}["memory of the database's backends"] == state


def test_what_cannot_be_told_is_not_green() -> None:
    short = states(samples([100.0] * (SAMPLES_MIN - 1), [20] * (SAMPLES_MIN - 1)))
    assert set(short.values()) == {State.UNKNOWN}
    gone = states(samples([100.0] * SAMPLES_MIN + [None], [20] * (SAMPLES_MIN + 1)))
    assert gone["memory of p"] is State.UNKNOWN
    assert grown([]) == []


def test_a_sample_is_of_living_processes(database_url: str) -> None:
    with psycopg.connect(database_url) as owner, psycopg.connect(database_url):
        sample = look(owner, {"me": os.getpid(), "nobody": 2**22 + 1})
    assert (sample.memory_mb["me"] or 0) > 10
    assert (sample.files["me"] or 0) > 3
    assert sample.memory_mb["nobody"] is None
    assert sample.connections == 1


def test_properties_of_a_tile_are_read(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "select st_asmvt(t, 'a', 4096, 'm') from (select '号' || n as code, case when n > 1 then 'IN_USE' end as status, n as number, "
            "st_makepoint(n, n) as m from generate_series(1, 300) n) t"
        ).fetchone()
    assert row is not None
    told = list(texts(bytes(row[0])))
    assert told[0] == {"code": "号1"}
    assert told[299] == {"code": "号300", "status": "IN_USE"}
