"""All routes beside the dashboard: the API, embeds, the pages' HTML, assets, checks, what is not there."""

from __future__ import annotations

from starlette.routing import BaseRoute

from ens_dash.settings import Settings
from ens_dash.web import assets, discovery, embed, health, index
from ens_dash.web.api import Serving, mount
from ens_dash.web.lost import Lost, lost


def routes(settings: Settings, prefix: str = "") -> list[BaseRoute]:
    """Streamlit serves what none of these matches. `prefix`: the path that it was told to serve under."""
    serving = Serving(settings)
    return [
        *health.routes(serving),
        mount(settings),
        *assets.routes(),
        *embed.routes(serving),
        *discovery.routes(serving),
        *index.routes(serving, lost(serving)),
        Lost(serving, prefix),
    ]
