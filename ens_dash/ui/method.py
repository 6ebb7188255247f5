"""Méthode: how the survey was made, what is published and what is simulated, and what `verify` finds."""

from __future__ import annotations

import html

import streamlit as st

from ens_dash.render.method import glossary, margins, paragraphs, sections, study_facts, verification_table
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.text import Words
from ens_dash.verify import Verification, verify
from ens_dash.view import View


def method_page(site: Site, view: View, words: Words, settings: Settings) -> None:
    """The method in sections; the long tables are folded and made only when opened."""
    for section in sections(site.survey, site.simulated):
        st.html(
            f"<h2>{html.escape(words(f'method.{section}.title'))}</h2>"
            f"{paragraphs(words(f'method.{section}.text'), site.survey, words)}"
        )
        if section == "survey":
            st.html(study_facts(site.survey, site.store.release.file, words))
        if section == "contradictions":
            items = "".join(
                f"<li>{html.escape(words.of(n.text))}</li>"
                for n in site.survey.notes
                if n.kind == "contradiction"
            )
            with st.expander(words("method.contradictions.fold"), key="fold.contradictions"):
                st.html(f"<ul>{items}</ul>")
    if site.survey.published or site.survey.statements:
        _verification(site, words)
    if site.survey.population and site.simulated:
        fold = st.expander(words("method.margins.title"), key="fold.margins", on_change="rerun")
        if fold.open:
            with fold:
                st.html(margins(site.survey, words))
    if site.survey.glossary:
        st.html(f"<h2>{html.escape(words('method.glossary.title'))}</h2>{glossary(site.survey, words)}")


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={Site: lambda site: site.store.release.id})
def verification(site: Site) -> Verification:
    """`verify`'s result for a release, made once."""
    return verify(site.store)


def _verification(site: Site, words: Words) -> None:
    found = verification(site)
    st.html(f"<h2>{html.escape(words('method.verify.title'))}</h2>")
    st.html(f"<p>{html.escape(words('method.verify.line', **found.counts()))}</p>")
    fold = st.expander(words("method.verify.fold"), key="fold.verify", on_change="rerun")
    if fold.open:
        with fold:
            st.html(verification_table(found, site.survey, site.store.release.origin, words))
