"""The 100 queries of queries.yaml, written down before the search: the first hit is right in at least 90."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
import yaml

pytestmark = pytest.mark.anyio
QUERIES = yaml.safe_load((Path(__file__).parent / "queries.yaml").read_text(encoding="utf-8"))
RIGHT_AT_LEAST = 90


async def test_the_first_hit_is_the_one_expected(service: httpx.AsyncClient) -> None:
    missed = []
    for query, expected, why in QUERIES:
        answer = await service.get("/v1/search", params={"q": query})
        assert answer.status_code == 200, (query, answer.text)
        results = answer.json()["results"]
        first = results[0] if results else {"collection": "", "code": "nothing", "name": ""}
        if expected not in (f"{first['collection']}:{first['code']}", f"{first['collection']}={first['name']}"):
            missed.append(f"{query} ({why}): {first['collection']}:{first['code']} {first['name']}, not {expected}")
    print(*missed, sep="\n")
    assert len(QUERIES) == 100
    assert len(QUERIES) - len(missed) >= RIGHT_AT_LEAST, missed
