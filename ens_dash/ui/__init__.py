"""The dashboard. This package, app.py and pages/ are the only places that import streamlit."""


def warm_up() -> None:
    """Import what the first visitor would otherwise wait for."""
    import pandas  # noqa: F401
    import plotly.graph_objects  # noqa: F401

    from ens_dash.ui import pages  # noqa: F401
