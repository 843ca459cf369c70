"""Papers of the steps of a case: the notice, the letter, the photos of an inspection, as files (IDLE-20 to IDLE-28)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import yaml
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import BadInput, Conflict, FieldFault, Forbidden, NotFound, Problem, TooLarge
from geo.exchange.stored import Content, store

FILE = Path(__file__).with_name("papers.yaml")
_ABSENT = Problem(zh="没有这份文件", en="there is no such paper")
_OF_EVENTS = text(
    "select id, idle_case_event_id, file_name, media_type, byte_size, recorded_at, recorded_by from staff_data.case_papers "
    "where idle_case_event_id = any(:events) and recorded_at <= cast(:known_at as timestamptz) order by id"
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What may come in: bytes a file, files at once and per step, media type by first bytes."""

    file_max_bytes: int
    files_max: int
    papers_per_step_max: int
    kinds: tuple[tuple[bytes, str], ...]
    wanted: Problem

    def media_type(self, data: bytes) -> str | None:
        """The media type of a file by its first bytes; None for one that is not taken."""
        return next((media for head, media in self.kinds if data.startswith(head)), None)


@cache
def taken() -> Taken:
    """The rules of intake, from papers.yaml."""
    raw = yaml.safe_load(FILE.read_text("utf-8"))
    kinds = tuple((bytes.fromhex(kind["begins"]), kind["media_type"]) for kind in raw["kinds"])
    return Taken(
        raw["file_max_bytes"],
        raw["files_max"],
        raw["papers_per_step_max"],
        kinds,
        Problem(raw["wanted"], raw["wanted_en"]),
    )


@dataclass(frozen=True, slots=True)
class Paper:
    """A file of a step."""

    id: int
    event_id: int
    file_name: str
    media_type: str
    byte_size: int
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A paper with its bytes."""

    file_name: str
    media_type: str
    sha256: bytes
    data: bytes


async def papers_of(
    connection: AsyncConnection, event_ids: Sequence[int], known_at: datetime | None = None
) -> dict[int, list[Paper]]:
    """Step -> its papers, the first recorded first, as known at an instant (None: now). For staff."""
    found: dict[int, list[Paper]] = {}
    for row in await connection.execute(_OF_EVENTS, {"events": list(event_ids), "known_at": known_at or "infinity"}):
        found.setdefault(row.idle_case_event_id, []).append(Paper(*row))
    return found


async def paper_file(connection: AsyncConnection, county_code: str, paper_id: int) -> PaperFile:
    """One paper with its bytes, for staff; raises NotFound."""
    key = {"county": county_code, "id": paper_id}
    row = (
        await connection.execute(
            text("select file_name, media_type, sha256 from staff_data.case_papers where county_code = :county and id = :id"), key
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound.at("paper", _ABSENT)
    chunks = await connection.execute(
        text("select content from staff_data.case_paper_chunks where county_code = :county and id = :id order by chunk_no"), key
    )  # fmt: skip
    return PaperFile(row.file_name, row.media_type, bytes(row.sha256), b"".join(bytes(c) for (c,) in chunks))


def check(files: Sequence[tuple[str, bytes]]) -> None:
    """Raises BadInput or TooLarge that names every file which cannot be taken: then none is kept."""
    rules = taken()
    if not files:
        raise BadInput.at("file", Problem(zh="没有选择文件", en="there is no file"))
    if len(files) > rules.files_max:
        raise BadInput.at(
            "file", Problem(zh=f"一次最多 {rules.files_max} 份", en=f"at most {rules.files_max} files at a time")
        )
    faults, mib = [], rules.file_max_bytes / 1024 / 1024
    for name, data in files:
        if len(data) > rules.file_max_bytes:
            raise TooLarge(
                Problem(
                    zh=f"{name}：超过每份 {mib:g} MiB 的上限", en=f"{name}: larger than the limit of {mib:g} MiB a file"
                )
            )
        if not data:
            faults.append(FieldFault("file", Problem(zh=f"{name}：文件是空的", en=f"{name}: the file is empty")))
        elif rules.media_type(data) is None:
            faults.append(
                FieldFault(
                    "file", Problem(zh=f"{name}：不是可接收的格式", en=f"{name}: not a format we take"), rules.wanted
                )
            )
    if faults:
        raise BadInput(Problem(zh="有文件不能接收，全部未保存", en="some files cannot be taken; none was kept"), faults)


def add(
    connection: Connection, account: str, county_code: str, parcel_id: int, event_id: int, files: Sequence[tuple[str, bytes]]
) -> list[int]:  # fmt: skip
    """Keep files as papers of a step of a parcel's case; numbers of the papers. The same bytes again are answered with what stands.

    Raises NotFound (step), Conflict (taken back, too many), BadInput, Forbidden; all stand or fall together.
    """
    check(files)
    belongs = connection.execute(
        text("select exists (select from staff_data.idle_case_events e join staff_data.idle_cases c on c.id = e.idle_case_id "
             "where e.id = :event and c.parcel_id = :parcel and e.county_code = :county)"),
        {"event": event_id, "parcel": parcel_id, "county": county_code},
    ).scalar_one()  # fmt: skip
    if not belongs:
        raise NotFound.at("event", Problem(zh="这宗地的案件没有这一步", en="the parcel's case has no such step"))
    connection.execute(text("select pg_advisory_xact_lock(hashtextextended('yizhangtu.case_paper', cast(:event as bigint)))"), {"event": event_id})  # fmt: skip
    rows = connection.execute(
        text("select id, sha256 from staff_data.case_papers where idle_case_event_id = :event"), {"event": event_id}
    )
    standing = {bytes(row.sha256): int(row.id) for row in rows}
    kept = []
    for name, data in files:
        digest = hashlib.sha256(data).digest()
        if digest not in standing:
            most = taken().papers_per_step_max
            if len(standing) >= most:
                raise Conflict(Problem(zh=f"一步最多 {most} 份文件", en=f"a step has at most {most} papers"))
            standing[digest] = _insert(connection, account, county_code, event_id, name, data)
        kept.append(standing[digest])
    return kept


def _insert(connection: Connection, account: str, county_code: str, event_id: int, name: str, data: bytes) -> int:
    media_type = taken().media_type(data) or "application/octet-stream"
    file_id = store(connection, county_code, Content(name, data, media_type), "scan", account)
    try:
        made = connection.execute(
            text("insert into register.case_paper (county_code, idle_case_event_id, stored_file_id) values (:county, :event, :file) returning id"),
            {"county": county_code, "event": event_id, "file": file_id},
        )  # fmt: skip
    except DBAPIError as error:
        if "row-level security" in str(error.orig):
            raise Forbidden(Problem(zh="无权写入该责任单位的记录", en="no rights to write for this unit")) from error
        raise
    return int(made.scalar_one())
