"""Schemathesis asks every operation of /openapi.json what its description allows: none fails, and answers are what they are declared to be."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import schemathesis
from fastapi import FastAPI, Response
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import content_type_conformance, not_a_server_error, response_schema_conformance
from schemathesis.core.failures import FailureGroup

from geo.registry.collections import COLLECTIONS
from tests.clients.conftest import Site
from tests.clients.county import COUNTY, OTHER
from tests.plugins.door import open_door

EXAMPLES = 20
THINGS = (
    ("parcels", "CD-01"),
    ("parcels", "LG-03"),
    ("admin_areas", "330225001"),
    ("buildings", "CD-01-F1"),
    ("parcels", "LOT-007"),
)
"""Things that exist, so that more than the road to a 404 is tried; anything else is tried too."""

TRIED = {
    "collection_id": tuple(COLLECTIONS), "code": tuple(code for _, code in THINGS), "z": ("10", "14"), "row": ("424", "6789"), "col": ("858", "13734"),
}  # fmt: skip
MUST_BE_FOUND = {
    "/ogc/collections/{collection_id}/items",
    "/ogc/collections/{collection_id}/items/{code}",
    "/ogc/collections/{collection_id}/tiles/WebMercatorQuad/{z}/{row}/{col}",
}
"""Addresses of which at least one example must lead to something that exists."""


@pytest.fixture
def description(site: Site) -> Any:
    """The description that the service gives of itself."""
    return schemathesis.openapi.from_url(f"{site.url}/openapi.json")


def steered(case: Any, data: st.DataObject) -> Any:
    """The case, three times out of four about a county and a thing that exist."""
    if not data.draw(st.integers(0, 3)):
        return case
    kept = (case.query or {}) if data.draw(st.booleans()) else {}
    case.query = {**kept, "county": data.draw(st.sampled_from((COUNTY, OTHER)))}
    for name in case.path_parameters or {}:
        if name in TRIED:
            case.path_parameters[name] = data.draw(st.sampled_from(TRIED[name]))
    if {"collection_id", "code"} <= (case.path_parameters or {}).keys():
        case.path_parameters["collection_id"], case.path_parameters["code"] = data.draw(st.sampled_from(THINGS))
    return case


def ask(case: Any, token: str | None, found: dict[str, set[str]]) -> None:
    """Ask, and note what the answer breaks. A stream has no end: of /v1/events the form that answers at once is asked."""
    if case.path == "/v1/events":
        case.query = {**(case.query or {}), "f": "json"}
    answer: requests.Response = case.call(headers={"Authorization": f"Bearer {token}"} if token else None)
    place = f"{case.method.upper()} {case.path}"
    found.setdefault(place, set()).add(f"{answer.status_code // 100}xx")
    case.validate_response(answer, checks=[not_a_server_error, response_schema_conformance, content_type_conformance])


@pytest.mark.parametrize("account", ["leader", None])
def test_no_operation_fails_and_answers_are_as_declared(site: Site, description: Any, account: str | None) -> None:
    token = site.tokens[account] if account else None
    found: dict[str, set[str]] = {}
    for result in description.get_all_operations():
        operation = result.ok()

        @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=operation.as_strategy(), data=st.data())
        def every_example(case: Any, data: st.DataObject) -> None:
            ask(steered(case, data), token, found)

        every_example()
    answered = {place for place, kinds in found.items() if "2xx" in kinds}
    assert {f"GET {path}" for path in MUST_BE_FOUND} <= answered, "the examples found nothing that exists"


@pytest.mark.parametrize(("path", "words"), [("/fails", "Server error"), ("/lies", "Undocumented Content-Type")])
def test_the_checks_see_what_is_wrong(path: str, words: str) -> None:
    app = FastAPI()

    @app.get("/fails")
    def fails() -> Response:
        return Response(status_code=500)

    @app.get("/lies")
    def lies() -> Response:
        return Response("<p>", media_type="text/html")

    with open_door(app) as url:
        description = schemathesis.openapi.from_url(f"{url}/openapi.json")
        with pytest.raises(FailureGroup) as found:
            ask(description[path]["GET"].Case(), None, {})
    assert any(words in failure.title for failure in found.value.exceptions)
