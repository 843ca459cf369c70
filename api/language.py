"""The reader's language: `lang`, then the cookie, then Accept-Language, then Chinese (design.md 9)."""

from __future__ import annotations

from starlette.requests import HTTPConnection

LANGUAGES = ("zh", "en")


def language(request: HTTPConnection) -> str:
    """'zh' or 'en'; an unknown `lang` is passed over."""
    for asked in (request.query_params.get("lang"), request.cookies.get("lang")):
        if asked in LANGUAGES:
            return str(asked)
    best, best_q = "zh", 0.0
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            q = float(weight) if weight else 1.0
        except ValueError:
            q = 0.0
        if tag[:2].lower() in LANGUAGES and q > best_q:
            best, best_q = tag[:2].lower(), q
    return best
