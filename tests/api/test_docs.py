"""/docs and /openapi.json: whole, served from here, in both languages."""

from __future__ import annotations

import re

import httpx
import pytest

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("lang", "word"), [("zh", "参数"), ("en", "parameter")])
async def test_docs_shows_every_address_without_another_host(service: httpx.AsyncClient, lang: str, word: str) -> None:
    document = (await service.get("/openapi.json")).json()
    page = await service.get(f"/docs?lang={lang}")
    assert page.headers["content-type"].startswith("text/html")
    assert word in page.text
    for path in document["paths"]:
        assert f"<code>{path}</code>" in page.text, path
    assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", page.text)
    assert "script" not in page.headers["content-security-policy"]


async def test_openapi_names_problems_and_ways_to_log_in(service: httpx.AsyncClient) -> None:
    document = (await service.get("/openapi.json")).json()
    assert {"session", "token", "basic"} == set(document["components"]["securitySchemes"])
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert "4XX" in operation["responses"], (path, method)
            assert "422" not in operation["responses"], (path, method)
