"""JSON schemas (2020-12) of the API's answers: every member is named, and there is no other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from ens_dash.estimate.reliability import Reliability, Unit
from ens_dash.render.card import Closeness
from ens_dash.survey.base import LANGS, Origin
from ens_dash.survey.model import Kind
from ens_dash.survey.report import Direction

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
TEXT_OR_NONE: Schema = {"type": ["string", "null"]}
NUMBER: Schema = {"type": ["number", "null"]}
COUNT: Schema = {"type": "integer", "minimum": 0}
COUNT_OR_NONE: Schema = {"type": ["integer", "null"], "minimum": 0}
YES_OR_NO: Schema = {"type": "boolean"}
NOTHING: Schema = {"type": "null"}


def each(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def one_of(values: Any, nothing: bool = False) -> Schema:
    return {"enum": [*values, None] if nothing else list(values)}


def record(**members: Schema) -> Schema:
    """An object with exactly these members."""
    return {
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
    }


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


ORIGINS = one_of(get_args(Origin))
HEAD: dict[str, Schema] = {"survey": TEXT, "release": TEXT, "lang": one_of(LANGS)}
GROUP = record(codes={"type": "object", "additionalProperties": each(TEXT)}, key=TEXT, text=TEXT)
CODE = record(code=TEXT, label=TEXT)
NAMED = record(id=TEXT, label=TEXT)
# which figure it is, in codes and in words
KEY: dict[str, Schema] = {
    "question": TEXT,
    "item": TEXT_OR_NONE,
    "answer": TEXT,
    "question_label": TEXT,
    "item_label": TEXT_OR_NONE,
    "answer_label": TEXT,
}
# what a number is never parted from
TRUTH: dict[str, Schema] = {
    "unit": one_of(get_args(Unit)),
    "origin": ORIGINS,
    "origin_label": TEXT,
    "base": TEXT,
    "permalink": TEXT,
    "reason": TEXT_OR_NONE,
    "warning": TEXT_OR_NONE,
}
FIGURE = record(
    **KEY,
    segment=TEXT,
    segment_label=TEXT,
    **dict.fromkeys(("est", "se", "low", "high", "n_eff", "deff"), NUMBER),
    n=COUNT_OR_NONE,
    df={"type": ["integer", "null"]},
    reliability=one_of(get_args(Reliability)),
    **dict.fromkeys(("heading", "words", "reading"), TEXT_OR_NONE),
    notes=each(TEXT),
    **TRUTH,
)
COMPARISON = record(
    **KEY,
    a=TEXT,
    b=TEXT,
    **dict.fromkeys(("est_a", "est_b", "difference", "low", "high", "t", "p", "p_adjusted"), NUMBER),
    df={"type": ["integer", "null"]},
    n_a=COUNT,
    n_b=COUNT,
    **TRUTH,
)
QUESTION = record(
    id=TEXT,
    theme=TEXT,
    page=TEXT_OR_NONE,
    kind=one_of(get_args(Kind)),
    title=TEXT,
    wording=TEXT,
    wording_printed=YES_OR_NO,
    reading=TEXT,
    heading=TEXT_OR_NONE,
    headline=TEXT,
    items=each(NAMED),
    answers=each(CODE),
    nets=each(record(code=TEXT, label=TEXT, of=each(TEXT))),
    base=TEXT,
    base_n=COUNT_OR_NONE,
    stimulus=TEXT_OR_NONE,
    notes=each(record(kind=TEXT, text=TEXT)),
    permalink=TEXT,
)
STATEMENT = record(
    **dict.fromkeys(("id", "topic", "group", "quote", "heading"), TEXT),
    direction=one_of(get_args(Direction)),
    quote_lang=TEXT,
    question=TEXT_OR_NONE,
    items=each(TEXT),
    answer=TEXT_OR_NONE,
    where=TEXT_OR_NONE,
    closeness=one_of(get_args(Closeness), nothing=True),
    untested=TEXT_OR_NONE,
    figure=NOTHING,
    note=TEXT,
    origin=one_of(["published"]),
)
SURVEY = record(
    **dict.fromkeys(
        ("id", "title", "short_title", "report", "commissioner", "pollster", "mode", "universe", "people"),
        TEXT,
    ),
    start={"type": "string", "format": "date"},
    end={"type": "string", "format": "date"},
    n=COUNT,
    quota_sample=YES_OR_NO,
    **dict.fromkeys(("quotas", "margin", "coverage", "since", "warning"), TEXT_OR_NONE),
    citation=TEXT,
    licence=TEXT,
    release=TEXT,
    respondents=ORIGINS,
    themes=each(NAMED),
    variables=each(record(id=TEXT, label=TEXT, note=TEXT_OR_NONE, segments=each(CODE))),
    questions=COUNT,
    permalink=TEXT,
)
FAULT = record(parameter=TEXT, found=TEXT, expected=TEXT, nearest=each(TEXT))
PROBLEM: Schema = {
    "type": "object",
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "errors": each(ref("Fault")),
    },
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": False,
}
SCHEMAS: dict[str, Schema] = {
    "Figure": FIGURE,
    "Comparison": COMPARISON,
    "Question": QUESTION,
    "Statement": STATEMENT,
    "Survey": SURVEY,
    "Group": GROUP,
    "Fault": FAULT,
    "Problem": PROBLEM,
    "Surveys": record(**HEAD, surveys=each(ref("Survey"))),
    "Questions": record(**HEAD, questions=each(ref("Question"))),
    "OneQuestion": record(**HEAD, question=ref("Question")),
    "Figures": record(
        **HEAD,
        filter=ref("Group"),
        by=TEXT_OR_NONE,
        permalink=TEXT,
        warning=TEXT_OR_NONE,
        notes=each(TEXT),
        figures=each(ref("Figure")),
    ),
    "Comparisons": record(
        **HEAD,
        a=ref("Group"),
        b=ref("Group"),
        correction=one_of(["holm"], nothing=True),
        permalink=TEXT,
        warning=TEXT_OR_NONE,
        comparisons=each(ref("Comparison")),
    ),
    "Statements": record(**HEAD, filter=ref("Group"), permalink=TEXT, statements=each(ref("Statement"))),
}


def schemas(origins: Sequence[str]) -> dict[str, Schema]:
    """The schemas, with the origins that figures of a release can have in the place of all."""
    found: dict[str, Schema] = _with_origins(SCHEMAS, list(origins))
    return found


def _with_origins(node: Any, origins: list[str]) -> Any:
    if isinstance(node, dict):
        if node == ORIGINS:
            return one_of(origins)
        return {name: _with_origins(child, origins) for name, child in node.items()}
    return [_with_origins(child, origins) for child in node] if isinstance(node, list) else node
