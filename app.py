"""The ASGI app: the Streamlit dashboard, the API and the health checks. `streamlit run app.py` serves it.

The Streamlit script itself is ens_dash/ui/shell.py: with the pages' folder not beside the script, a direct
link to a page runs the script first (docs/architecture.md, "Streamlit").
"""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from ens_dash.render.image import painter
from ens_dash.settings import ROOT, Settings
from ens_dash.site import opening
from ens_dash.ui import warm_up
from ens_dash.web.compression import CompressedFrontend
from ens_dash.web.routes import routes


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    opening(Settings.from_environment()).get()
    warm_up()
    # what is imported by now stays: the collector need not look at it after every rerun
    gc.collect()
    gc.freeze()
    yield
    painter().close()


app = st.App(
    ROOT / "ens_dash" / "ui" / "shell.py",
    lifespan=lifespan,
    routes=routes(Settings.from_environment(), st.get_option("server.baseUrlPath") or ""),
    middleware=[Middleware(CompressedFrontend)],
)
