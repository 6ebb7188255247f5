"""The page of a press kit: plain HTML without a script, read from a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from ens_dash.store import Release
from ens_dash.survey.base import Lang
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Survey
from ens_dash.text import Words
from ens_dash.view import filter_sentence

STYLE = """
body{font:1rem/1.5 system-ui,sans-serif;color:#16324a;background:#fff}
body{max-width:62rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.15rem;line-height:1.3;margin:0 0 .4rem}
article{border-top:1px solid #d5dde5;padding:1.2rem 0}
img{width:100%;max-width:40rem;height:auto;border:1px solid #d5dde5}
p{margin:.3rem 0}.quiet{color:#4a5b6c;font-size:.9rem}.missing{font-style:italic}
.fictional{background:#fff3cf;color:#6b3f00;padding:.4rem .6rem;font-weight:700}
a{color:#0b5563}nav{margin:.5rem 0}
"""


@dataclass(frozen=True)
class Entry:
    """A question of the kit. `stem`: its files' path without an extension's letters; `sizes`: bytes of each
    file that is there; `shape`: width and height of the picture's layout."""

    stem: str
    sizes: Mapping[str, int]
    title: str
    wording: str
    base: str
    alt: str
    permalink: str
    fictional: bool
    shape: tuple[int, int]
    question: str


def kit_page(
    entries: Sequence[Entry],
    survey: Survey,
    release: Release,
    words: Mapping[Lang, Words],
    lang: Lang,
    others: Mapping[Lang, str],
    where: Filter,
    fictional: bool,
) -> str:
    """The page in one language. `others`: the page in each other language."""
    w, study = words[lang], survey.study
    heading = w("kit.title", survey=w.of(study.short_title), month=w.month(study.start))
    links = " ".join(
        f'<a href="{escape(name)}" lang="{code}" hreflang="{code}">{escape(words[code]("kit.language"))}</a>'
        for code, name in others.items()
    )
    people = filter_sentence(where, survey.variables, w)
    about = [
        w("footer.independent"),
        w("kit.source", source=w.of(study.citation)),
        w.of(study.licence),
        w("footer.version", version=release.version, release=release.id),
        w("kit.people", people=people),
        w("kit.check"),
    ]
    warning = f'<p class="fictional">{escape(w("kit.fictional"))}</p>' if fictional else ""
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(heading)}</title><style>{STYLE}</style></head>\n<body>\n<header>"
        f"<h1>{escape(heading)}</h1>\n"
        + (f"<nav>{links}</nav>\n" if links else "")
        + warning
        + "".join(f"<p>{escape(line)}</p>\n" for line in about)
        + "</header>\n<main>\n"
        + "\n".join(_article(e, w) for e in entries)
        + "\n</main>\n</body></html>\n"
    )


def _article(entry: Entry, words: Words) -> str:
    mark = f"{words('origin.fictional').upper()} – " if entry.fictional else ""
    width, height = entry.shape
    png = entry.sizes.get("png")
    if png is None:
        picture = f'<p class="missing">{escape(words("kit.missing"))}</p>'
    else:
        source = escape(f"{entry.stem}png")
        picture = (
            f'<a href="{source}"><img src="{source}" alt="{escape(entry.alt)}" width="{width}" '
            f'height="{height}" loading="lazy"></a>'
        )
    files = " · ".join(
        f'<a href="{escape(entry.stem + form)}">{escape(words("kit.file", form=form.upper(), size=size))}</a>'
        for form, size in ((f, words.number(-(-n // 1000))) for f, n in entry.sizes.items())
    )
    link = entry.permalink
    online = f'<p><a href="{escape(link)}">{escape(words("kit.online"))}</a></p>\n'
    return (
        f'<article id="{escape(entry.question)}"{_loud(entry)}>\n<h2>{escape(mark + entry.title)}</h2>\n'
        f"{picture}\n"
        f'<p class="quiet">{escape(entry.wording)}</p>\n<p class="quiet">{escape(entry.base)}</p>\n'
        f"<p>{files}</p>\n" + (online if link.startswith(("http://", "https://")) else "") + "</article>"
    )


def _loud(entry: Entry) -> str:
    return ' data-origin="simulated"' if entry.fictional else ""
