"""A view: what a reader asks for. URL <-> view, and the sentence that says it.

A URL holds codes only, so a link made in one language opens in the other. What a URL from the wild
holds and nobody knows is left out and told to the reader, never an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import quote, urlencode

from ens_dash.briefing import Entry, decode, encode
from ens_dash.survey.base import LANGS, Lang
from ens_dash.survey.filter import RESERVED, Filter, join_codes, split_codes
from ens_dash.survey.model import SegmentVariable, Survey
from ens_dash.text import Words

SECOND = "b."
# What `mode` may hold, one of each: only the report's figures, or the fictional ones too (the default is a
# setting); and how the page is laid out: for a room, with bars in HTML for a slow line, with charts.
MODES = ("report", "fictional")
LAYOUTS = ("presentation", "light", "charts")
LONGEST_CLAIM = 300
DEFAULT_LANG: Lang = "fr"


@dataclass(frozen=True)
class Notice:
    """Something in a URL that was left out."""

    kind: Literal["key", "code", "briefing"]
    name: str
    value: str


@dataclass(frozen=True)
class View:
    """A question (or several), among whom, compared with whom, divided by what, in which language.

    `versus` None in a comparison means the rest. `mode` is one of MODES or None, `layout` one of LAYOUTS.
    `briefing`: the cards that the reader has put aside. `claim`: what may be written, as estimate.claim
    reads it; not checked here. `named`: addresses name the survey, since it is not the site's own.
    """

    survey: str
    questions: tuple[str, ...] = ()
    where: Filter = Filter()
    versus: Filter | None = None
    by: str | None = None
    mode: str | None = None
    lang: Lang = DEFAULT_LANG
    layout: str | None = None
    claim: str = ""
    briefing: tuple[Entry, ...] = ()
    named: bool = False

    def only(self, **kept: Any) -> View:
        """A view of the same survey in the same language, and nothing else of this one but what is given."""
        return View(self.survey, **({"lang": self.lang, "named": self.named} | kept))

    def fictional(self, default: bool) -> bool:
        """Whether simulated figures are to be shown."""
        return default if self.mode is None else self.mode == "fictional"

    def query(self, **changes: object) -> dict[str, str]:
        """The view as URL parameters, defaults left out, `lang` always in; `changes` replace fields.

        Raises:
            BriefingError: the briefing is too long for an address.
        """
        view = replace(self, **changes) if changes else self  # type: ignore[arg-type]
        pairs = {"survey": view.survey} if view.named else {}
        pairs |= {name: join_codes(codes) for name, codes in view.where.terms}
        if view.versus is not None:
            pairs |= {SECOND + name: join_codes(codes) for name, codes in view.versus.terms}
        if view.questions:
            pairs["q"] = join_codes(view.questions)
        if view.by is not None:
            pairs["by"] = view.by
        modes = [m for m in (view.mode, view.layout) if m is not None]
        if modes:
            pairs["mode"] = join_codes(modes)
        if view.claim:
            pairs["claim"] = view.claim
        if view.briefing:
            pairs["briefing"] = encode(view.briefing)
        return pairs | {"lang": view.lang}

    def url(self, path: str, **changes: object) -> str:
        """The address of the view on a page, without a host: `/risques?age=65-plus&lang=fr`."""
        return f"/{path}?" + urlencode(self.query(**changes), quote_via=quote, safe=",")


def parse_query(
    query: Mapping[str, Sequence[str]],
    survey: Survey,
    default_lang: Lang = DEFAULT_LANG,
    *,
    named: bool = False,
) -> tuple[View, tuple[Notice, ...]]:
    """Read URL parameters (each with all its values); also what had to be left out.

    `named`: whether the survey is another than the site's own, so that addresses must name it."""
    notices: list[Notice] = []
    chosen: dict[str, list[str]] = {}
    second: dict[str, list[str]] = {}
    for name, values in query.items():
        if name in RESERVED:
            continue
        target, variable = (second, name[len(SECOND) :]) if name.startswith(SECOND) else (chosen, name)
        known = survey.variables_by_id.get(variable)
        if known is None:
            notices.append(Notice("key", name, ",".join(values)))
            continue
        for code in _codes(values):
            if known.segment(code) is None:
                notices.append(Notice("code", name, code))
            else:
                target.setdefault(variable, []).append(code)
    lang = _one_of(query, "lang", LANGS, notices)
    by = _one_of(query, "by", tuple(survey.variables_by_id), notices)
    mode, layout = _modes(query, notices)
    briefing, understood = decode("".join(query.get("briefing", ())[-1:]), survey)
    if not understood:
        notices.append(Notice("briefing", "briefing", ""))
    for value in query.get("survey", ()):
        if value not in ("", survey.study.id):
            notices.append(Notice("code", "survey", value))
    questions = []
    for question in _codes(query.get("q", ())):
        if question in survey.by_id:
            questions.append(question)
        else:
            notices.append(Notice("code", "q", question))
    view = View(
        survey=survey.study.id,
        questions=tuple(dict.fromkeys(questions)),
        where=Filter.of(chosen, survey.variables),
        versus=Filter.of(second, survey.variables) if second else None,
        by=by,
        mode=mode,
        lang=lang if lang in LANGS else default_lang,
        layout=layout,
        claim="".join(query.get("claim", ())[-1:])[:LONGEST_CLAIM],
        briefing=briefing,
        named=named,
    )
    return view, tuple(notices)


def _codes(values: Iterable[str]) -> list[str]:
    return [code for value in values for code in split_codes(value.replace("\0", ""))]


def _modes(query: Mapping[str, Sequence[str]], notices: list[Notice]) -> tuple[str | None, str | None]:
    """Whose figures, and which layout; of several of a kind the last."""
    found: dict[bool, str] = {}
    for code in _codes(query.get("mode", ())):
        if code in MODES or code in LAYOUTS:
            found[code in LAYOUTS] = code
        else:
            notices.append(Notice("code", "mode", code))
    return found.get(False), found.get(True)


def _one_of(
    query: Mapping[str, Sequence[str]], name: str, known: Sequence[str], notices: list[Notice]
) -> str | None:
    values = query.get(name, ())
    value = values[-1] if values else ""
    if value in known:
        return value
    if value:
        notices.append(Notice("code", name, value))
    return None


def filter_sentence(where: Filter, variables: Sequence[SegmentVariable], words: Words) -> str:
    """«Femmes de 65 ans et plus», or the words for everybody."""
    if not where:
        return words("people.everybody")
    nouns: list[str] = []
    qualifiers: list[str] = []
    by_id = {v.id: v for v in variables}
    for name, codes in where.terms:
        variable = by_id[name]
        segments = [s for s in variable.segments if s.code in codes]
        if all(s.noun for s in segments):
            nouns = [words.of(s.noun) for s in segments if s.noun]
        elif all(s.qualifier for s in segments):
            qualifiers.append(words.either(words.of(s.qualifier) for s in segments if s.qualifier))
        else:
            labels = words.either(words.of(s.label) for s in segments)
            qualifiers.append(words("people.other", variable=words.of(variable.label), codes=labels))
    noun = words.either(n if i == 0 else n.lower() for i, n in enumerate(nouns)) or words("people.people")
    return " ".join([noun, ", ".join(qualifiers)]).strip()


def notice_text(notice: Notice, words: Words) -> str:
    """What is told to a reader about something left out of the URL (plain text, to be escaped)."""
    value = notice.value if len(notice.value) <= 40 else notice.value[:39] + "…"
    return words(f"notice.{notice.kind}", name=notice.name[:40], value=value)
