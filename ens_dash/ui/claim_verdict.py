"""«Puis-je l'écrire ?»: the verdict on a claim, the sentences to copy, what the report says around it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from ens_dash.estimate.claim import writable
from ens_dash.estimate.verdict import Evidence, Verdict
from ens_dash.render.apart import statements_about
from ens_dash.render.card import Said, statements_for
from ens_dash.render.card_html import quotation
from ens_dash.render.claim import (
    answer_text,
    claim_text,
    condition_texts,
    quotable_statements,
    readings,
    reason_text,
)
from ens_dash.render.claim_sentence import amount_text, statement_sentence, to_copy, to_print
from ens_dash.render.langs import marked, own
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.survey.base import LANGS, Lang
from ens_dash.text import Words
from ens_dash.view import View

PATH = "ecrire"
# of what else a figure allows, the nearest
OTHERS = 4


def show_verdict(site: Site, verdict: Verdict, found: Evidence, view: View, settings: Settings) -> None:
    """The answer, the reason, the conditions, what can be copied, and what the report says around it."""
    survey, words = site.survey, site.words[view.lang]
    items = "".join(f"<li>{escape(text)}</li>" for text in condition_texts(verdict, words))
    conditions = f'<ul class="conditions">{items}</ul>' if items else ""
    st.html(
        f'<div role="status" aria-live="polite"><p class="verdict"><span class="{verdict.answer}">'
        f"{escape(answer_text(verdict, words))}</span></p>"
        f'<h2 class="claimed">{escape(claim_text(verdict.claim, survey, view.where, words))}</h2>'
        f'<p class="reason">{escape(reason_text(verdict, survey, view.where, words))}</p>{conditions}</div>'
    )
    said: tuple[Said, ...] = ()
    if view.where and survey.statements:
        said = statements_for(survey.statements_on(verdict.claim.subject[0]), view.where)
        title = f'<h3 class="print">{escape(words("claim.group_says"))}</h3>'
        st.html(title + statements_about(survey, said, words))
    _to_print(site, verdict, found, view, settings, said if found.simulated else ())
    _also(site, verdict, found, view, words)
    _around(site, verdict, words)
    url = escape(settings.public_url + view.url(PATH), quote=True)
    st.html(f'<p class="source"><a href="{url}" target="_self">{escape(words("claim.permalink"))}</a></p>')


def _to_print(
    site: Site, verdict: Verdict, found: Evidence, view: View, settings: Settings, said: tuple[Said, ...]
) -> None:
    """What can be copied, on the group and with the verdict, in both languages, the page's first."""
    words, survey = site.words[view.lang], site.survey
    question = survey.by_id[verdict.claim.subject[0]]
    statements = quotable_statements(said, verdict.claim)
    key = "for_everybody" if found.simulated else "to_print" if verdict.answer != "no" else "to_print_instead"
    texts: dict[str, list[tuple[Lang, str]]] = {"of_the_group": [], key: []}
    for lang in sorted(LANGS, key=lambda code: code != view.lang):
        theirs = site.words[lang]
        link = settings.public_url + view.url(PATH, lang=lang) if settings.public_url else ""
        quoted = [statement_sentence(s, theirs) for s in statements]
        printed = to_print(verdict, survey, view.where, found, theirs)
        # a statement names its own place in the report
        texts["of_the_group"].append((lang, to_copy(quoted, question, None, survey, theirs, link)))
        texts[key].append((lang, to_copy(printed, question, verdict.figure, survey, theirs, link)))
    for title, blocks in texts.items():
        shown = [(lang, text) for lang, text in blocks if text]
        if shown:
            st.html(f'<h3 class="print">{escape(words(f"claim.{title}"))}</h3>')
        for lang, text in shown:
            st.html(f'<p class="quiet">{escape(words(f"claim.in_{lang}"))}</p>')
            # web/static/words.js gives the block the language that its key tells
            with st.container(key=f"{title}_lang_{lang}"):
                st.code(text, language=None, wrap_lines=True)


def _also(site: Site, verdict: Verdict, found: Evidence, view: View, words: Words) -> None:
    others = [v for v in writable(verdict.claim, site.survey, found) if v.claim != verdict.claim]
    entries = [
        (words("claim.named", text=amount_text(v, words)), view.url(PATH, claim=v.claim.text))
        for v in others[:OTHERS]
    ]
    if entries:
        st.html(f'<p class="quiet">{escape(words("claim.also"))}</p>{links_list(entries)}')


def _around(site: Site, verdict: Verdict, words: Words) -> None:
    """Both readings of the report, the questions as asked, and the other notes."""
    survey = site.survey
    told = readings(verdict, survey)
    parts = []
    lines = [escape(words.of(note.text)) for note in told.contradictions]
    lines += [
        words("claim.report_says", quote=quotation(w.words, w.words_en, words))
        + (f" {escape(words.of(w.note))}" if w.note else "")
        for w in told.worded
    ]
    if lines:
        parts.append(_list(words("claim.readings"), lines))
    keys = dict.fromkeys(k[0] for k in (verdict.claim.subject, verdict.claim.other) if k)
    for question in map(survey.by_id.__getitem__, keys):
        key = "asked_as" if question.wording_printed else "not_asked_as"
        ours = f" {words('card.translation')}" if words.translated(question.wording) else ""
        text = words(f"claim.{key}", wording=words.of(question.wording), translation=ours)
        asked = marked(text, (question.wording,), words)
        parts.append(f'<p class="wording">{asked} <b>{own(question.reading, words)}</b></p>')
    if told.notes:
        parts.append(_list(words("claim.notes"), [escape(words.of(n.text)) for n in told.notes]))
    st.html("".join(parts))


def _list(title: str, lines: Iterable[str]) -> str:
    items = "".join(f"<li>{line}</li>" for line in lines)
    return f'<h3 class="print">{escape(title)}</h3><ul class="readings">{items}</ul>'


def links_list(entries: Iterable[tuple[str, str]]) -> str:
    """Links, each a label and an address, as a list in HTML."""
    # plain links that reload the page: Streamlit's own leave the address of the same page as it was
    items = (
        f'<li><a href="{escape(url, quote=True)}" target="_self">{escape(label)}</a></li>'
        for label, url in entries
    )
    return f'<ul class="claims">{"".join(items)}</ul>'
