"""What leaves the site of one view of one question: its figures as an extract, and its picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ens_dash import __version__
from ens_dash.render.card import Card
from ens_dash.render.extract import Extract
from ens_dash.render.image import ImageFormat, painter
from ens_dash.render.permalink import permalink
from ens_dash.render.poster import Facts, poster
from ens_dash.render.sentence import title
from ens_dash.render.stamp import Stamp, stamp_of, stamped_pdf, stamped_png, stamped_svg
from ens_dash.render.style import LIGHT
from ens_dash.settings import Settings
from ens_dash.site import Site
from ens_dash.survey.filter import Filter
from ens_dash.view import View

STAMPED = {"png": stamped_png, "svg": stamped_svg, "pdf": stamped_pdf}


def withheld(site: Site, view: View, settings: Settings) -> bool:
    """Whether the figures that a view asks for are simulated and switched off."""
    grouped = bool(view.where) or view.by is not None
    return grouped and site.simulated and not view.fictional(settings.show_fictional)


def card_of(site: Site, question: str, view: View, settings: Settings) -> Card:
    """The card of a question in a view, as the page shows it."""
    return site.cards((question,), view.where, view.fictional(settings.show_fictional))[0]


def extract_of(site: Site, question: str, view: View, settings: Settings) -> Extract:
    """What a file of one question holds: everybody's figures, then the group's or the segments'."""
    words, asked = site.words[view.lang], site.survey.by_id[question]
    kept_back = withheld(site, view, settings)
    found = site.figures((asked.id,), Filter())
    if (view.where or view.by is not None) and not kept_back:
        found += site.figures((asked.id,), view.where, view.by)
    heading = title(card_of(site, question, view, settings), site.survey, words)
    if view.by is not None and not kept_back:
        heading = words(
            "compare.by_title",
            month=words.month(site.survey.study.start).capitalize(),
            question=words.of(asked.title),
            variable=words.of(site.survey.variables_by_id[view.by].label),
        )
    return Extract(
        question=asked,
        view=view,
        figures=found,
        withheld=kept_back,
        title=heading,
        permalink=permalink(view, site.survey, settings.public_url, asked.id),
        survey=site.survey,
        release=site.store.release,
        words=words,
    )


@dataclass(frozen=True)
class Picture:
    """A card as a picture: the plotly figure, and what the file says of itself."""

    figure: dict[str, Any]
    title: str
    stamp: Stamp
    extract: Extract

    def draw(self, form: ImageFormat) -> bytes:
        """The picture as a stamped file.

        Raises:
            NoBrowser, DrawingFailed, TooManyWaiting: see render.image.
        """
        return self.stamped(painter().draw(self.figure, form), form)

    def stamped(self, drawn: bytes, form: ImageFormat) -> bytes:
        """A drawn file, with what it says of itself."""
        return STAMPED[form](drawn, self.stamp.text, self.title)


def figure_of(
    site: Site, question: str, view: View, settings: Settings, address: str | None = None
) -> dict[str, Any]:
    """A card as a plotly figure, with its address drawn in it (left out: the one that it has here)."""
    card, words = card_of(site, question, view, settings), site.words[view.lang]
    link = permalink(view, site.survey, settings.public_url, question) if address is None else address
    return poster(card, site.survey, words, LIGHT, Facts(link, site.store.release.id, __version__))


def picture_of(site: Site, question: str, view: View, settings: Settings) -> Picture:
    """The picture of a card: exactly the figures that the page draws."""
    extract = extract_of(site, question, view, settings)
    card = card_of(site, question, view, settings)
    behind = [f for row in card.rows if row.beside for f in (row.beside.whole, row.beside.group) if f]
    return Picture(
        figure=figure_of(site, question, view, settings),
        title=extract.title,
        stamp=stamp_of(extract, behind),
        extract=extract,
    )
