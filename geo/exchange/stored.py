"""Files in the database, in chunks: uploads and rejected rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

CHUNK_BYTES = 262_144


@dataclass(frozen=True, slots=True)
class Content:
    """A file by name and bytes."""

    name: str
    data: bytes
    media_type: str = "application/octet-stream"


def store(connection: Connection, county_code: str, content: Content, role: str, account: str) -> int:
    """Put a file into the database; returns its id."""
    file_id = connection.execute(
        text(
            "insert into register.stored_file (county_code, sha256, byte_size, media_type, file_name, role, created_by) "
            "values (:county, :sha, :size, :media, :name, :role, :by) returning id"
        ),
        {
            "county": county_code, "sha": hashlib.sha256(content.data).digest(), "size": len(content.data),
            "media": content.media_type, "name": content.name, "role": role, "by": account,
        },
    ).scalar_one()  # fmt: skip
    rows = [
        {"id": file_id, "no": n, "content": content.data[at : at + CHUNK_BYTES]}
        for n, at in enumerate(range(0, len(content.data), CHUNK_BYTES))
    ]
    if rows:
        connection.execute(
            text(
                "insert into register.stored_file_chunk (stored_file_id, chunk_no, content) values (:id, :no, :content)"
            ),
            rows,
        )
    return int(file_id)


def chunks_of(connection: Connection, stored_file_id: int) -> Iterator[bytes]:
    """The content of a file, chunk by chunk, in constant memory."""
    rows = connection.execution_options(stream_results=True).execute(
        text("select content from register.stored_file_chunk where stored_file_id = :id order by chunk_no"),
        {"id": stored_file_id},
    )
    for row in rows:
        yield bytes(row.content)
