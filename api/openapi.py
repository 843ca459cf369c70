"""The service's own description (/openapi.json): what FastAPI knows, and how one logs in and what a problem looks like."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi

from api.auth.identity import COOKIE

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": ["/problems/bad-input"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {name: {"type": "string"} for name in ("parameter", "pointer", "detail", "expected")},
            },
        },
    },
}
SCHEMES: dict[str, Any] = {
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "writes also carry X-CSRF-Token"},
    "token": {"type": "http", "scheme": "bearer", "description": "a personal token (/v1/me/tokens)"},
    "basic": {"type": "http", "scheme": "basic", "description": "any user name, a personal token as the password"},
}
ANSWER = {
    "description": "A problem",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
METHODS = ("get", "put", "post", "delete", "patch")


MEDIA = "application/vnd.oai.openapi+json;version=3.1"


def describe(app: FastAPI) -> None:
    """Give the application its description, at /openapi.json with its own media type; made when first asked for."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    async def document(request: Request) -> Response:
        return Response(orjson.dumps(openapi()), media_type=MEDIA)

    app.openapi = openapi  # type: ignore[method-assign]
    app.add_route("/openapi.json", document, include_in_schema=False)


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM
    components["securitySchemes"] = SCHEMES
    document["security"] = [{}, *({name: []} for name in SCHEMES)]
    for path in document["paths"].values():
        for method in METHODS:
            if method in path:
                responses = path[method].setdefault("responses", {})
                responses.pop("422", None)
                responses["4XX"] = responses["5XX"] = ANSWER
    return document
