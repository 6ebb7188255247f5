"""Accessibilité: the statement, from the record of the last audit."""

from __future__ import annotations

import streamlit as st

from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.statement import told
from ens_dash.text import Words
from ens_dash.view import View


def accessibility_page(site: Site, view: View, words: Words, settings: Settings) -> None:
    """The statement; no filter changes it."""
    st.html(told(site.store.release.id, settings, words))
