"""The OpenAPI document: valid, of this release, and kept by the API under generated requests."""

from __future__ import annotations

from collections import Counter

import pytest
import schemathesis
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.engine import Status, events
from sites import API, client
from starlette.applications import Starlette

from ens_dash.render.image import painter
from ens_dash.settings import Settings
from ens_dash.web.endpoints import ENDPOINTS
from ens_dash.web.routes import routes

EXAMPLES = 15


@pytest.fixture(scope="module")
def document(releases):
    return client(Settings(releases=releases)).get(f"{API}/openapi.json?lang=en").json()


@pytest.fixture(scope="module")
def api_schema(releases):
    app = Starlette(routes=routes(Settings(releases=releases)))
    # no schema can say which texts are briefings: one that is none is refused, and that is right; one that
    # is too long is told so by its own status
    refused = {
        "positive_data_acceptance": {"expected-statuses": ["2xx", "400", "404", "413"]},
        "negative_data_rejection": {"expected-statuses": ["400", "404", "413", "414"]},
    }
    config = schemathesis.Config.from_dict(
        {
            "seed": 1,
            "generation": {"max-examples": EXAMPLES},
            "operations": [{"include-path": f"/briefing.{f}", "checks": refused} for f in ("pptx", "pdf")],
        }
    )
    return schemathesis.openapi.from_asgi(f"{API}/openapi.json", app, config=config)


def test_the_document_is_valid(document):
    OpenAPIV31SpecValidator(document).validate()


def test_the_document_has_the_addresses_of_the_table_and_no_other(document):
    assert list(document["paths"]) == [e.path for e in ENDPOINTS]
    for form in ("png", "svg", "pdf", "json"):
        assert f"/charts/{{question}}.{form}" in document["paths"]
    assert all(list(methods) == ["get"] for methods in document["paths"].values())


def test_the_document_lists_the_codes_of_the_release(document, survey):
    parameters = document["components"]["parameters"]
    for variable in survey.variables:
        codes = [s.code for s in variable.segments]
        for name in (variable.id, f"b.{variable.id}"):
            assert parameters[name]["schema"]["items"]["enum"] == codes
    assert parameters["q"]["schema"]["items"]["enum"] == [q.id for q in survey.questions]


def test_the_document_is_in_the_language_asked_for(releases):
    asked = client(Settings(releases=releases))
    titles = {
        lang: asked.get(f"{API}/openapi.json?lang={lang}").json()["info"]["title"] for lang in ("fr", "en")
    }
    assert titles["fr"] != titles["en"]


def test_every_type_of_problem_is_described(document):
    asked = {"NotFound", "Closed", "NotInService", "UnknownQuestion"}
    assert asked <= set(document["components"]["responses"])


class OncePainter:
    """Draws the first picture of each format and gives it again: what is asked of it is tested elsewhere."""

    def __init__(self) -> None:
        self.drawn: dict[str, bytes] = {}

    def draw(self, figure, form):
        if form not in self.drawn:
            self.drawn[form] = painter().draw(figure, form)
        return self.drawn[form]


@pytest.mark.browser
def test_generated_requests_get_what_the_document_says(api_schema, survey, monkeypatch):
    once = OncePainter()
    monkeypatch.setattr("ens_dash.web.charts.painter", lambda: once)
    run = tuple(schemathesis.engine.from_schema(api_schema).execute())
    assert not [e for e in run if isinstance(e, events.FatalError | events.NonFatalError)]
    tried: Counter[str] = Counter()
    failures = []
    for event in run:
        if not isinstance(event, events.ScenarioFinished):
            continue
        for case_id, checks in event.recorder.checks.items():
            case = event.recorder.cases[case_id].value
            tried[case.operation.path] += 1
            failures += [
                f"{case.method} {case.formatted_path} {case.query}: {check.name} {check.failure_info}"
                for check in checks
                if check.status != Status.SUCCESS and not is_a_comparison_of_nobody(case, check, survey)
            ]
    assert failures == []
    # the document's own address is not asked for: it is where the document comes from
    assert set(tried) >= {e.path for e in ENDPOINTS if e.name != "openapi"}
    assert min(tried.values()) >= EXAMPLES


def is_a_comparison_of_nobody(case, check, survey) -> bool:
    """OpenAPI cannot say "at least one of these parameters": without a group a comparison is refused."""
    filters = {v.id for v in survey.variables} & set(case.query or {})
    refused = check.name == "positive_data_acceptance"
    return refused and case.operation.path == "/compare" and not filters
