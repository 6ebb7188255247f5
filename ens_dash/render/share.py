"""The panel of a card that shares it: files, link, sentence, references, code to embed. HTML, no script.

Every link works by itself. The site's script makes the buttons copy, and draws PNG and SVG in the browser.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape

from ens_dash.render.card import Card
from ens_dash.render.citation import cite
from ens_dash.render.embed import height_of, snippet
from ens_dash.render.permalink import embed_address, permalink
from ens_dash.render.sentence import title
from ens_dash.survey.base import LANGS, Lang
from ens_dash.survey.claim import DEFAULT, Claim
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.view import View

API = "api/v1"
IMAGES, DATA = ("png", "svg", "pdf"), ("csv", "xlsx", "zip")


def share(
    card: Card, survey: Survey, view: View, words: dict[Lang, Words], public_url: str, release: str
) -> str:
    """The panel, folded. Files hold what the card shows; a card with simulated figures offers its picture
    without them too, and its citation and embed never have any."""
    here, question = words[view.lang], card.question.id
    link = permalink(view, survey, public_url, question)
    # what is cited leads to a page without fictitious figures
    honest = replace(view, mode="report") if card.fictional else view
    cited_link = permalink(honest, survey, public_url, question)
    cited = cite(card, survey, words, view.lang, cited_link, release)
    frame_title = title(card, survey, here) if not card.fictional else here.of(card.question.title)
    frame = snippet(embed_address(view, public_url, question), frame_title, height_of(card))
    parts = [_files(card, view, here, path=permalink(view, survey, "", question))]
    copied = {"link_fictional" if card.fictional else "link": link, "sentence": cited.sentence}
    copied |= {f"reference_{code}": cited.reference[code] for code in LANGS}
    copied |= {"bibtex": cited.bibtex, ("embed" if card.origin == "simulated" else "embed_real"): frame}
    leads_to = {"link": link, "link_fictional": link, "embed": embed_address(view, "", question)}
    leads_to["embed_real"] = leads_to["embed"]
    for name, text in copied.items():
        path = "" if public_url else leads_to.get(name, cited_link)
        parts.append(_copy(here(f"share.{name}"), text, path, here))
    parts.append(_write(card, view, here))
    summary = f"<summary>{escape(here('share.title'))}</summary>"
    return f'<details class="share">{summary}{"".join(parts)}</details>'


def _files(card: Card, view: View, words: Words, path: str) -> str:
    lines = [_line(words("share.image"), [_image(card, view, form, path, words) for form in IMAGES])]
    lines.append(_line(words("share.data"), [_file(card, view, form) for form in DATA]))
    if card.fictional:
        honest = view.only(where=view.where, mode="report")
        lines.insert(0, f'<p class="note">{escape(words("share.fictional"))}</p>')
        lines.append(
            _line(words("share.report_only"), [_image(card, honest, form, path, words) for form in IMAGES])
        )
    return "".join([*lines, '<p class="told" role="status"></p>'])


def _line(lead: str, links: list[str]) -> str:
    return f"<p>{escape(lead)} {' '.join(links)}</p>"


def _image(card: Card, view: View, form: str, path: str, words: Words) -> str:
    lost = escape(words("share.lost"))
    drawn = f' data-image="{form}" data-path="{escape(path)}" data-lost="{lost}"'
    address = _address(view, f"charts/{card.question.id}.{form}")
    return f'<a href="{address}" download{drawn}>{form.upper()}</a>'


def _file(card: Card, view: View, form: str) -> str:
    address = _address(view, f"downloads/{card.question.id}.{form}")
    return f'<a href="{address}" download>{form.upper()}</a>'


def _address(view: View, path: str) -> str:
    only = view.only(where=view.where, mode=view.mode)
    return escape(only.url(f"{API}/{path}"))


def _copy(name: str, text: str, path: str, words: Words) -> str:
    held = f' data-path="{escape(path)}"' if path else ""
    done = escape(words("share.copied"))
    button = f'<button type="button" data-copy="{done}"{held}>{escape(words("share.copy"))}</button>'
    # a long text scrolls, which a keyboard must reach
    held_text = f'<pre tabindex="0" role="group" aria-label="{escape(name)}">{escape(text)}</pre>'
    return f'<div class="copy"><b>{escape(name)}</b>{held_text}{button}</div>'


def _write(card: Card, view: View, words: Words) -> str:
    """The way to what may be written of the card's first figure."""
    if not card.rows:
        return ""
    first = card.rows[0]
    claim = Claim(DEFAULT, (card.question.id, first.item, first.main.answer)).text
    address = replace(view, claim=claim).url("ecrire")
    return f'<p><a href="{escape(address)}" target="_self">{escape(words("share.write"))}</a></p>'
