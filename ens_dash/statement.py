"""The statement on accessibility of a site: the record that lies with its data, told in words."""

from __future__ import annotations

from ens_dash import __version__
from ens_dash.audited import RecordError, read_record
from ens_dash.render.accessibility import Running, statement
from ens_dash.settings import Settings
from ens_dash.text import Words


def told(release: str, settings: Settings, words: Words) -> str:
    """The page below its title (HTML), of a site that shows a release."""
    running = Running(__version__, release, settings.contact)
    try:
        return statement(read_record(settings.data), running, words)
    except RecordError:
        return statement(None, running, words, readable=False)
