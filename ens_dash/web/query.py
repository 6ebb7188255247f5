"""A request read strictly: the parameters of the pages' addresses, and an error for all that is not known.

A page leaves out what it does not know and tells the reader; a program that mistypes a code must not get
everybody's figures instead of a group's. So here every unknown parameter and code is told, all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from ens_dash.briefing import LONGEST, MOST, decode
from ens_dash.export import withheld
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.survey.base import LANGS
from ens_dash.survey.filter import Filter, join_codes, quote_code, split_codes
from ens_dash.survey.model import Question, Survey
from ens_dash.surveys import surveys
from ens_dash.text import Words
from ens_dash.view import MODES, SECOND, View
from ens_dash.web.problem import Fault, Kind, Problem, asked_lang, listed, nearest, shortened

# bytes of a query; a page's address with every segment of the survey has about 600
LONGEST_QUERY = 4096
FORMATS = ("json", "csv")
# parameter groups that stand for the survey's variables
WHERE, VERSUS = "where", "versus"
# a text of our own, and no code
BRIEFING = "briefing"
# where these hold what is not there, the request is not bad: nothing is found
MISSING: Mapping[str, Kind] = {
    "q": "UnknownQuestion",
    "question": "UnknownQuestion",
    "release": "NotInService",
    "survey": "NotInService",
}


@dataclass(frozen=True)
class Answer:
    """What an endpoint has to say. `file`: the name under which a browser keeps it; `inline`: which it may
    also show, as a picture."""

    body: bytes
    media_type: str
    file: str | None = None
    inline: bool = False


@dataclass(frozen=True)
class Ask:
    """A checked request: the site that answers it, the view asked for, and the form of the answer."""

    site: Site
    settings: Settings
    view: View
    question: Question | None = None
    form: str = "json"
    pinned: bool = False

    @property
    def words(self) -> Words:
        return self.site.words[self.view.lang]

    @property
    def survey(self) -> Survey:
        return self.site.survey

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions asked for; all where none is."""
        return self.view.questions or tuple(q.id for q in self.survey.questions)

    @property
    def withheld(self) -> bool:
        """Whether the figures asked for are simulated and switched off."""
        return withheld(self.site, self.view, self.settings)


@dataclass(frozen=True)
class Endpoint:
    """A row of the API's table: path, name (the key of its texts), parameters, form and schema of the
    answer, and what makes it. `group`: at least one filter must be given."""

    path: str
    name: str
    parameters: tuple[str, ...]
    media: tuple[str, ...]
    schema: str | None
    answer: Callable[[Ask], Answer]
    group: bool = False


def names(endpoint: Endpoint, survey: Survey) -> tuple[str, ...]:
    """The parameters of an endpoint, the survey's variables in the place of their group."""
    found: list[str] = []
    for name in endpoint.parameters:
        if name == WHERE:
            found += survey.variables_by_id
        elif name == VERSUS:
            found += [SECOND + v for v in survey.variables_by_id]
        else:
            found.append(name)
    return tuple(found)


def codes(name: str, site: Site, settings: Settings) -> tuple[str, ...]:
    """What a parameter may hold. Of real answers there is no mode but that of their figures."""
    survey = site.survey
    fixed: Mapping[str, Sequence[str]] = {
        "q": tuple(survey.by_id),
        "question": tuple(survey.by_id),
        "by": tuple(survey.variables_by_id),
        "mode": MODES if site.simulated else MODES[:1],
        "lang": LANGS,
        "format": FORMATS,
        "release": (site.store.release.id,),
        "survey": tuple(s.id for s in surveys(settings).get()),
    }
    if name in fixed:
        return tuple(fixed[name])
    variable = survey.variables_by_id[name.removeprefix(SECOND)]
    return tuple(quote_code(s.code) for s in variable.segments)


def is_list(name: str) -> bool:
    """Whether a parameter takes several codes: questions and filters do."""
    return name not in ("question", "by", "mode", "lang", "format", "release", "survey", BRIEFING)


def read(endpoint: Endpoint, site: Site, settings: Settings, path: Mapping[str, Any], query: bytes) -> Ask:
    """The request, or everything that is wrong with it.

    Raises:
        Problem: too long a query, unknown parameters or codes, a question or release that is not there.
    """
    words = site.words[asked_lang(query)]
    if len(query) > LONGEST_QUERY:
        detail = words("api.detail.too_long", limit=LONGEST_QUERY, found=len(query))
        raise Problem("TooLong", detail)
    asked: dict[str, list[str]] = {}
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        asked.setdefault(name, []).append(value)
    known = names(endpoint, site.survey)
    faults: list[tuple[Kind, Fault]] = []
    for name, values in asked.items():
        if name in known:
            faults += _values(name, values, site, settings, words)
            continue
        expected = words("api.expected.parameter", known=listed(known))
        fault = Fault(shortened(name), shortened(values[0]), expected, nearest(name, known))
        faults.append(("BadRequest", fault))
    question = path.get("question")
    if question is not None and question not in site.survey.by_id:
        faults.append(_unknown("question", question, codes("question", site, settings), words))
    if faults:
        raise _refusal(faults, words)
    view, _ = site.read(asked)
    if endpoint.group and not view.where:
        first = site.survey.variables[0]
        example = f"{first.id}={quote_code(first.segments[0].code)}"
        expected = words("api.expected.no_filter", example=example)
        fault = Fault("", "", expected, tuple(site.survey.variables_by_id))
        raise _refusal([("BadRequest", fault)], words)
    return Ask(
        site=site,
        settings=settings,
        view=view,
        question=site.survey.by_id[question] if question is not None else None,
        form=asked.get("format", ["json"])[0],
        pinned="release" in asked,
    )


def _values(
    name: str, values: list[str], site: Site, settings: Settings, words: Words
) -> list[tuple[Kind, Fault]]:
    if name == BRIEFING:
        return _briefing(values, site, words)
    known = codes(name, site, settings)
    if name == "mode" and values[0] in MODES:
        # an old link to a survey whose respondents have been imported since
        known = MODES
    if not is_list(name):
        if len(values) > 1:
            return [("BadRequest", Fault(name, shortened(",".join(values)), words("api.expected.once")))]
        return [] if values[0] in known else [_unknown(name, values[0], known, words)]
    faults: list[tuple[Kind, Fault]] = []
    for value in values:
        found = split_codes(value)
        if not found or join_codes(found) != value:
            faults.append(("BadRequest", Fault(name, shortened(value), words("api.expected.list"))))
        each = dict.fromkeys(map(quote_code, found))
        faults += [_unknown(name, code, known, words) for code in each if code not in known]
    return faults


def _briefing(values: list[str], site: Site, words: Words) -> list[tuple[Kind, Fault]]:
    """What is wrong with a briefing: too much in it, or something that the survey does not have."""
    text = values[0]
    if len(values) > 1:
        return [("BadRequest", Fault(BRIEFING, shortened(",".join(values)), words("api.expected.once")))]
    entries, whole = decode(text, site.survey)
    if whole:
        return []
    # decode takes no more cards than that: the others are what it left out
    if len(text) > LONGEST or len(entries) == MOST:
        expected = words("api.expected.shorter_briefing", most=MOST, longest=LONGEST)
        return [("TooLarge", Fault(BRIEFING, shortened(text), expected))]
    return [("BadRequest", Fault(BRIEFING, shortened(text), words("api.expected.briefing")))]


def _unknown(name: str, found: str, known: Sequence[str], words: Words) -> tuple[Kind, Fault]:
    expected = words("api.expected.code", known=listed(known))
    return MISSING.get(name, "BadRequest"), Fault(name, shortened(found), expected, nearest(found, known))


def _refusal(faults: Sequence[tuple[Kind, Fault]], words: Words) -> Problem:
    """Not found where a question, or a release, is all that is missing; a bad request otherwise."""
    kinds = {kind for kind, _ in faults}
    kind: Kind = kinds.pop() if len(kinds) == 1 else "BadRequest"
    return Problem(kind, words("api.detail.errors", n=len(faults)), [fault for _, fault in faults])


def filter_codes(where: Filter) -> dict[str, list[str]]:
    return {name: list(chosen) for name, chosen in where.terms}
