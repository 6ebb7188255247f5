"""The OpenAPI 3.1 document, made from the table of endpoints and the survey in service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from ens_dash import __version__
from ens_dash.briefing import LONGEST
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.view import SECOND
from ens_dash.web.problem import MEDIA_TYPE, STATUS, Kind
from ens_dash.web.query import BRIEFING, Ask, Endpoint, codes, is_list, names
from ens_dash.web.schemas import Schema, ref, schemas

BASE = "/api/v1"
# a parameter in the path, and not in the query
IN_PATH = "question"
PICTURES = {"image/png", "image/svg+xml", "application/pdf"}


def document(endpoints: Sequence[Endpoint], ask: Ask) -> dict[str, Any]:
    """The whole document, in the language asked for; its lists of codes are those of the release."""
    words = ask.words
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": words("api.title", survey=words.of(ask.survey.study.short_title)),
            "version": __version__,
            "description": words("api.about"),
            "license": {"name": words.of(ask.survey.study.licence)},
        },
        "servers": [{"url": ask.settings.public_url + BASE}],
        "paths": {e.path: {"get": operation(e, ask)} for e in endpoints},
        "components": {
            "schemas": schemas(("published", ask.site.store.release.origin)),
            "parameters": _parameters(endpoints, ask),
            "responses": {k: _problem(k, words) for k in get_args(Kind)},
        },
    }


def operation(endpoint: Endpoint, ask: Ask) -> dict[str, Any]:
    """One address: its parameters, its answer, and what may go wrong."""
    words = ask.words
    asked = [IN_PATH] if f"{{{IN_PATH}}}" in endpoint.path else []
    asked += names(endpoint, ask.survey)
    return {
        "operationId": endpoint.name,
        "summary": words(f"api.endpoint.{endpoint.name}"),
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in asked],
        "responses": {
            "200": {
                "description": words("api.answer.ok"),
                "headers": {name: {"schema": {"type": "string"}} for name in ("ETag", "Cache-Control")},
                "content": {media: {"schema": _schema(media, endpoint)} for media in endpoint.media},
            },
            "304": {"description": words("api.answer.not_modified")},
            **_problems(asked, endpoint),
        },
    }


def _schema(media: str, endpoint: Endpoint) -> Schema:
    if media.startswith("text/"):
        return {"type": "string"}
    if media != "application/json":
        # bytes have no schema in JSON
        return {}
    return ref(endpoint.schema) if endpoint.schema is not None else {"type": "object"}


def _problems(asked: Sequence[str], endpoint: Endpoint) -> dict[str, Any]:
    """What goes wrong by status; a 404 is of a question where one can be asked for."""
    missing: Kind = "UnknownQuestion" if {"q", IN_PATH} & set(asked) else "NotInService"
    kinds: tuple[Kind, ...] = ("BadRequest", missing, "MethodNotAllowed", "TooLong", "Failed", "Building")
    if BRIEFING in asked:
        kinds = (*kinds, "TooLarge")
    if set(endpoint.media) & PICTURES:
        kinds = (*kinds, "TooManyWaiting")
    return {str(STATUS[k]): {"$ref": f"#/components/responses/{k}"} for k in kinds}


def _problem(kind: Kind, words: Words) -> dict[str, Any]:
    return {
        "description": words(f"api.problem.{kind}"),
        "content": {MEDIA_TYPE: {"schema": ref("Problem")}},
    }


def _parameters(endpoints: Sequence[Endpoint], ask: Ask) -> dict[str, Any]:
    every = dict.fromkeys(name for e in endpoints for name in names(e, ask.survey))
    return {name: parameter(name, ask) for name in (IN_PATH, *every)}


def parameter(name: str, ask: Ask) -> dict[str, Any]:
    """A parameter with the codes that it takes; a briefing is a text that only a program of ours writes."""
    known: Schema = {"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": LONGEST}
    if name != BRIEFING:
        known = {"type": "string", "enum": list(codes(name, ask.site, ask.settings))}
    found: dict[str, Any] = {
        "name": name,
        "in": "path" if name == IN_PATH else "query",
        "required": name in (IN_PATH, BRIEFING),
        "description": _description(name, ask.survey, ask.words),
        "schema": known,
    }
    if is_list(name):
        found |= {"style": "form", "explode": False}
        found["schema"] = {"type": "array", "items": known, "minItems": 1}
    return found


def _description(name: str, survey: Survey, words: Words) -> str:
    variable = survey.variables_by_id.get(name.removeprefix(SECOND))
    if variable is None:
        return words(f"api.parameter.{name}")
    key = "versus" if name.startswith(SECOND) else "filter"
    return words(f"api.parameter.{key}", label=words.of(variable.label))
