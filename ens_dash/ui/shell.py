"""The script that Streamlit runs for every session and every click: it only finds the page."""

import streamlit as st

from ens_dash.ui.navigation import all_pages
from ens_dash.ui.pages import show

st.navigation(all_pages(show), position="hidden").run()
