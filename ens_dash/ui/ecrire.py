"""«Puis-je l'écrire ?»: a claim put together from parts; the verdict is shown by `claim_verdict`.

The claim stands in the address, and the widgets follow it; the group is the page's filter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from ens_dash.estimate.claim import decide, nearest_number
from ens_dash.estimate.figures import Figure
from ens_dash.estimate.verdict import Evidence
from ens_dash.render.claim import left_out_text, number_text
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.survey.claim import (
    DEFAULT,
    FORMS,
    GROUP,
    NUMBERS,
    TWO,
    Claim,
    Form,
    Key,
    LeftOut,
    complete,
    nearest_questions,
    parse_claim,
    with_question,
)
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Question
from ens_dash.text import Words
from ens_dash.ui.claim_verdict import PATH, links_list, show_verdict
from ens_dash.ui.state import Step, callback, edit_url, first_run, following
from ens_dash.view import View

# numbers that are typed, not chosen from a list
TYPED: tuple[Form, ...] = ("percent", "more_than", "less_than")


def claim_page(site: Site, view: View, words: Words, settings: Settings) -> None:
    """The examples, the parts of a claim, and what comes of it."""
    claim, left = parse_claim(view.claim, site.survey)
    unknown = [x for x in left if x.part == "question"]
    if unknown:
        _no_verdict(site, view, unknown[0], words)
        return
    told = "".join(f'<p class="notice" role="status">{escape(left_out_text(x, words))}</p>' for x in left)
    examples = _examples(site, view, words)
    # who comes with a claim sees it before other people's
    before, after = ("", examples) if claim else (examples, "")
    st.html(f'<style>{_css()}</style><p class="intro">{escape(words("claim.intro"))}</p>{told}{before}')
    claim = claim or _default(site)
    _builder(site, claim, words)
    found = evidence(site, claim, view.where)
    with st.container(key="card_claim", border=True):
        show_verdict(
            site, decide(claim, site.survey, found), found, replace(view, claim=claim.text), settings
        )
    if after:
        st.html(after)


def _no_verdict(site: Site, view: View, unknown: LeftOut, words: Words) -> None:
    """A claim about a question that nobody knows: the nearest ones, and nothing chosen."""
    survey = site.survey

    def instead(name: str) -> str:
        return with_question(view.claim, _first_key(site, survey.by_id[name]), survey)

    def become(name: str) -> Claim:
        claim, _ = parse_claim(instead(name), survey)
        assert claim is not None  # its question is known
        return claim

    near_by = nearest_questions(unknown)
    entries = [(words.of(survey.by_id[q].title), view.url(PATH, claim=instead(q))) for q in near_by]
    near = f'<h2 class="print">{escape(words("claim.nearest"))}</h2>{links_list(entries)}' if entries else ""
    st.html(
        f'<style>{_css()}</style><p class="intro">{escape(words("claim.intro"))}</p>'
        f'<p class="notice" role="status">{escape(left_out_text(unknown, words))}</p>{near}'
    )
    titles = {q.id: words.of(q.title) for q in survey.questions}
    st.selectbox(
        words("claim.question"),
        list(titles),
        format_func=titles.__getitem__,
        placeholder=words("claim.choose"),
        on_change=_change,
        args=(site, "question", become),
        **following("claim.question", None, "index"),
    )
    st.html(_examples(site, view, words))


def evidence(site: Site, claim: Claim, where: Filter) -> Evidence:
    """What a claim is decided from. A simulated figure is not even read."""
    asked = tuple(dict.fromkeys(key[0] for key in (claim.subject, claim.other) if key))
    whole = {f.key: f for f in site.figures(asked, Filter())}
    if not where:
        return Evidence(whole, whole)
    if site.simulated:
        return Evidence(whole, whole, grouped=True, simulated=True)
    figures = {f.key: f for f in site.figures(asked, where)}
    if claim.form not in GROUP:
        return Evidence(figures, whole, grouped=True)
    question = claim.subject[0]
    rest = {f.key: f for f in site.rest(question, where)}
    tests = {(c.question, c.item, c.answer): c for c in site.compare(question, where, None)}
    return Evidence(figures, whole, grouped=True, rest=rest, tests=tests)


@cache
def _css() -> str:
    return Path(__file__).with_name("css").joinpath("ecrire.css").read_text("utf-8")


def _default(site: Site) -> Claim:
    """What stands on the page before anything is chosen: a majority, of the survey's first question."""
    survey = site.survey
    return complete(DEFAULT, _first_key(site, survey.first_question), survey)


def _figures(site: Site, question: str) -> dict[Key, Figure]:
    """The figures that a claim can be about: those of everybody."""
    return {f.key: f for f in site.figures((question,), Filter())}


def _first_key(site: Site, question: Question) -> Key:
    """The headline of the first item that has a figure, otherwise the question's first figure."""
    figures = _figures(site, question.id)
    headlines = [key for key in figures if key[2] == question.headline]
    return next(iter([*headlines, *figures]), (question.id, question.item_ids[0], question.headline))


def _examples(site: Site, view: View, words: Words) -> str:
    if not site.survey.claims:
        return ""
    entries = []
    for example in site.survey.claims:
        where = Filter.parse(example.where, site.survey.variables)
        url = view.url(PATH, claim=example.claim, where=where)
        entries.append((words("claim.named", text=words.of(example.text)), url))
    return f'<h2 class="print">{escape(words("claim.examples"))}</h2>{links_list(entries)}'


def _builder(site: Site, claim: Claim, words: Words) -> None:
    labels = {form: words(f"claim.kind.{form}") for form in FORMS}
    form, number = st.columns([2, 1])
    with form:
        _select(words("claim.form"), labels, "form", claim.form, lambda f: _with_form(site, claim, f), site)
    with number:
        _number(site, claim, words)
    _figure_of(site, claim, claim.subject, words, other=False)
    if claim.other is not None:
        _figure_of(site, claim, claim.other, words, other=True)


def _with_form(site: Site, claim: Claim, form: str) -> Claim:
    """The claim in another form, with a number near to the figure and, as second figure, one that exists."""
    chosen = next(f for f in FORMS if f == form)
    figure = _figures(site, claim.subject[0]).get(claim.subject)
    est = figure.est if figure is not None and figure.unit == "proportion" else None
    other = claim.other or (_another(site, claim.subject) if chosen in TWO else None)
    return complete(chosen, claim.subject, site.survey, nearest_number(chosen, est), other)


def _another(site: Site, key: Key) -> Key | None:
    """Another figure of the question: of the same answer if there is one."""
    others = [k for k in _figures(site, key[0]) if k != key]
    return next((k for k in others if k[2] == key[2]), others[0] if others else None)


def _number(site: Site, claim: Claim, words: Words) -> None:
    known = NUMBERS.get(claim.form, ())
    if not known:
        return
    # a widget for each form: they are of several kinds
    name = f"number_{claim.form}"
    if claim.form not in TYPED:
        labels = {n: number_text(replace(claim, number=n), words) for n in known}
        _select(words("claim.number"), labels, name, claim.number, lambda n: replace(claim, number=n), site)
        return
    st.number_input(
        words("claim.number"),
        min_value=int(known[0]),
        max_value=int(known[-1]),
        step=1,
        on_change=_change,
        args=(site, name, lambda n: replace(claim, number=str(n))),
        **following(f"claim.{name}", int(claim.number), "value"),
    )


def _figure_of(site: Site, claim: Claim, key: Key, words: Words, *, other: bool) -> None:
    """The widgets of a figure: question, item where there are several, answer where there are several."""
    survey = site.survey
    prefix = "other_" if other else ""

    def become(new: Key) -> Claim:
        return replace(claim, other=new) if other else replace(claim, subject=new)

    question = survey.by_id[key[0]]
    figures = _figures(site, question.id)
    items = [i for i in question.item_ids if i == key[1] or any(k[1] == i for k in figures)]
    answers = [a for a in question.nets_by_code if a == key[2] or (question.id, key[1], a) in figures]
    titles = {q.id: words.of(q.title) for q in survey.questions}
    columns = st.columns(3 if len(items) > 1 else 2)
    with columns[0]:
        _select(
            words(f"claim.{prefix}question"),
            titles,
            f"{prefix}question",
            question.id,
            lambda q: become(_first_key(site, survey.by_id[q])),
            site,
        )
    if len(items) > 1:
        with columns[1]:
            named = {i: question.item_label(i, words.lang) for i in items if i is not None}
            _select(
                words(f"claim.{prefix}item"),
                named,
                f"{prefix}item",
                str(key[1]),
                lambda i: become(_of_item(figures, question, i, key[2])),
                site,
            )
    if len(answers) > 1:
        with columns[-1]:
            labels = {a: question.answer_label(a, words.lang) for a in answers}
            _select(
                words(f"claim.{prefix}answer"),
                labels,
                f"{prefix}answer",
                key[2],
                lambda a: become((question.id, key[1], a)),
                site,
            )


def _of_item(figures: dict[Key, Figure], question: Question, item: str, answer: str) -> Key:
    """The same answer of another item, or its headline where it has no such figure."""
    key = question.id, item, answer
    return key if key in figures else (question.id, item, question.headline)


def _select(
    label: str,
    labels: dict[str, str] | dict[Form, str],
    name: str,
    chosen: str,
    become: Callable[[str], Claim],
    site: Site,
) -> None:
    texts: dict[str, str] = {str(code): text for code, text in labels.items()}
    options, key = list(texts), f"claim.{name}"
    state = {"key": key, "index": options.index(chosen)} if first_run() else following(key, chosen, "index")
    st.selectbox(
        label, options, format_func=texts.__getitem__, on_change=_change, args=(site, name, become), **state
    )


@callback
def _change(step: Step, site: Site, name: str, become: Callable[..., Claim]) -> None:
    """A widget's callback: the claim that it makes goes into the address."""
    claim = become(step(lambda: st.session_state[f"claim.{name}"])).text
    edit_url(step, site, lambda view: replace(view, claim=claim))
