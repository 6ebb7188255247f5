"""Pictures of a card: PNG, SVG and PDF drawn on the server, and what a browser needs to draw them itself."""

from __future__ import annotations

import logging
from typing import Any

import orjson

from ens_dash.export import Picture, picture_of
from ens_dash.render.image import FINER, DrawingFailed, ImageFormat, NoBrowser, TooManyWaiting, painter
from ens_dash.render.poster import WIDTH
from ens_dash.text import Words
from ens_dash.web.problem import Problem
from ens_dash.web.query import Answer, Ask

PNG, SVG, PDF = "image/png", "image/svg+xml", "application/pdf"
MEDIA: dict[ImageFormat, str] = {"png": PNG, "svg": SVG, "pdf": PDF}
RETRY_WAITING, RETRY_NONE = 5, 3600
log = logging.getLogger(__name__)


def chart_png(ask: Ask) -> Answer:
    return _drawn(ask, "png")


def chart_svg(ask: Ask) -> Answer:
    return _drawn(ask, "svg")


def chart_pdf(ask: Ask) -> Answer:
    return _drawn(ask, "pdf")


def chart_json(ask: Ask) -> Answer:
    """The picture's plotly figure with its stamp and file names, for `Plotly.toImage` in a browser."""
    picture = _picture(ask)
    layout = picture.figure["layout"]
    scale = WIDTH / layout["width"]
    found = {
        "figure": picture.figure,
        "width": layout["width"],
        "height": layout["height"],
        "scale": {"png": scale * FINER, "svg": scale},
        "title": picture.title,
        "stamp": picture.stamp.text,
        "files": {form: picture.extract.file_name(form) for form in ("png", "svg")},
    }
    return Answer(orjson.dumps(found), "application/json")


def _picture(ask: Ask) -> Picture:
    assert ask.question is not None
    return picture_of(ask.site, ask.question.id, ask.view, ask.settings)


def _drawn(ask: Ask, form: ImageFormat) -> Answer:
    picture = _picture(ask)
    body = picture.stamped(draw(picture.figure, form, ask.words), form)
    return Answer(body, MEDIA[form], picture.extract.file_name(form), inline=True)


def draw(figure: dict[str, Any], form: ImageFormat, words: Words) -> bytes:
    """A figure as a picture.

    Raises:
        Problem: there is no browser to draw it, too many pictures wait, or the browser has not drawn this
            one (then the server's log says why).
    """
    try:
        return painter().draw(figure, form)
    except NoBrowser as error:
        headers = {"Retry-After": str(RETRY_NONE)}
        detail = words("api.detail.no_pictures", why=str(error))
        raise Problem("NoPictures", detail, headers=headers) from error
    except DrawingFailed as error:
        log.exception("a picture (%s) was not drawn", form)
        raise Problem("Failed", words("api.detail.not_drawn")) from error
    except TooManyWaiting as error:
        headers = {"Retry-After": str(RETRY_WAITING)}
        detail = words("api.detail.waiting", seconds=RETRY_WAITING)
        raise Problem("TooManyWaiting", detail, headers=headers) from error
