"""All routes beside the dashboard: the API, embeds, the pages' HTML, assets and the two checks."""

from __future__ import annotations

from starlette.routing import BaseRoute

from ens_dash.settings import Settings
from ens_dash.web import assets, embed, health, index
from ens_dash.web.api import Serving, mount


def routes(settings: Settings) -> list[BaseRoute]:
    """Streamlit serves what none of these matches."""
    serving = Serving(settings)
    return [
        *health.routes(serving),
        mount(settings),
        *assets.routes(),
        *embed.routes(serving),
        *index.routes(serving),
    ]
