"""The opaque cursor of items: where the next page begins, bound to the query it came from."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json

from geo.errors import BadInput, Problem


def _mark(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()[:16]


def write(after: str, query: str) -> str:
    """A cursor that continues `query` after the code `after`."""
    return base64.urlsafe_b64encode(json.dumps([after, _mark(query)]).encode()).decode().rstrip("=")


def read(cursor: str, query: str) -> str:
    """The code a cursor continues after; raises BadInput for a broken one or one from another query."""
    try:
        after, mark = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, TypeError):
        after, mark = None, None
    if not isinstance(after, str) or mark != _mark(query):
        raise BadInput.at(
            "cursor",
            Problem(zh="cursor 已损坏或属于另一次查询", en="the cursor is damaged or belongs to another query"),
            Problem(zh="请从第一页重新开始", en="start again from the first page"),
        )
    return after
