"""/docs: the description of the service as one page without script, served from here."""

from __future__ import annotations

import secrets
from html import escape
from typing import Any

from fastapi import APIRouter, Request, Response

from api.language import language
from api.openapi import METHODS

router = APIRouter(include_in_schema=False)

WORDS = {
    "zh": {
        "lead": "机器可读的同一份说明：", "login": "登录", "session": "网页会话（写入须带 X-CSRF-Token）",
        "token": "个人令牌：Authorization: Bearer，或作为 HTTP Basic 的密码（QGIS、GDAL）", "name": "参数", "where": "位置",
        "kind": "类型", "needed": "必填", "answers": "应答", "try": "打开", "other": "English", "problems": "错误一律为 RFC 9457 问题文档，带 request_id",
    },
    "en": {
        "lead": "The same description for machines:", "login": "Logging in", "session": "session of the pages (writes carry X-CSRF-Token)",
        "token": "personal token: Authorization: Bearer, or the password of HTTP Basic (QGIS, GDAL)", "name": "parameter", "where": "in",
        "kind": "type", "needed": "required", "answers": "answers", "try": "open", "other": "中文", "problems": "every error is an RFC 9457 problem with a request_id",
    },
}  # fmt: skip
STYLE = """
:root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 18%,transparent)}
body{font:16px/1.55 system-ui,"Noto Sans CJK SC",sans-serif;max-width:60rem;margin:0 auto;padding:1.5rem}
code{font:14px ui-monospace,monospace;overflow-wrap:anywhere}summary{cursor:pointer;padding:.6rem 0;min-height:2rem}
details{border-bottom:1px solid var(--line)}b.method{display:inline-block;min-width:4.5rem}
table{border-collapse:collapse;width:100%}th,td{text-align:start;padding:.3rem .8rem .3rem 0;border-top:1px solid var(--line)}
"""


@router.get("/docs")
async def docs(request: Request) -> Response:
    """Every address, its parameters and answers."""
    lang = language(request)
    nonce = secrets.token_urlsafe(16)
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    headers = {"Content-Security-Policy": policy, "Content-Language": lang, "Vary": "Cookie, Accept-Language"}
    return Response(_page(request.app.openapi(), lang, nonce), 200, headers, "text/html; charset=utf-8")


def _page(document: dict[str, Any], lang: str, nonce: str) -> str:
    words, other = WORDS[lang], "en" if lang == "zh" else "zh"
    groups: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                operation = methods[method]
                groups.setdefault((operation.get("tags") or ["-"])[0], []).append(
                    _operation(path, method, operation, words)
                )
    body = "".join(f"<section><h2>{escape(tag)}</h2>{''.join(parts)}</section>" for tag, parts in groups.items())
    return (
        f'<!doctype html><html lang="{"zh-CN" if lang == "zh" else "en"}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(document["info"]["title"])} · API</title>'
        f'<style nonce="{nonce}">{STYLE}</style></head><body><main><h1>{escape(document["info"]["title"])} · API</h1>'
        f'<p>{words["lead"]} <a href="/openapi.json"><code>/openapi.json</code></a> · <a href="/docs?lang={other}">{words["other"]}</a></p>'
        f"<p>{words['problems']}.</p><h2>{words['login']}</h2><ul><li>{words['session']}</li><li>{words['token']}</li></ul>"
        f"{body}</main></body></html>"
    )


def _operation(path: str, method: str, operation: dict[str, Any], words: dict[str, str]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(p['name'])}</code></td><td>{escape(p['in'])}</td><td><code>{escape(_type(p.get('schema', {})))}</code></td>"
        f"<td>{words['needed'] if p.get('required') else ''}</td><td>{escape(p.get('description', ''))}</td></tr>"
        for p in operation.get("parameters", [])
    )
    head = f"<tr><th>{words['name']}</th><th>{words['where']}</th><th>{words['kind']}</th><th></th><th></th></tr>"
    answers = ", ".join(operation.get("responses", {}))
    can_open = method == "get" and "{" not in path
    link = f'<p><a href="{escape(path)}">{words["try"]}: <code>{escape(path)}</code></a></p>' if can_open else ""
    return (
        f'<details><summary><b class="method">{method.upper()}</b> <code>{escape(path)}</code></summary>'
        f"<p>{escape(operation.get('description') or operation.get('summary', ''))}</p>"
        f"{f'<table>{head}{rows}</table>' if rows else ''}<p>{words['answers']}: <code>{escape(answers)}</code></p>{link}</details>"
    )


def _type(schema: dict[str, Any]) -> str:
    kinds = [part.get("type", "") for part in schema.get("anyOf", [schema])]
    return " | ".join(kind for kind in kinds if kind and kind != "null")
