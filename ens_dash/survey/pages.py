"""The pages of a survey: their paths, and a page for each theme where the folder has no text for pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ens_dash.survey.errors import FolderError
from ens_dash.survey.model import Page, Question
from ens_dash.survey.study import Theme

FILE = "pages.yaml"
PATH = re.compile(r"[a-z0-9][a-z0-9-]{0,80}")
# First parts of addresses that are the site's own, or the server's.
TAKEN = frozenset(
    {
        *("comparer", "ecrire", "dossier", "donnees", "methode", "accessibilite"),
        *("api", "embed", "assets", "healthz", "readyz", "favicon", "robots", "sitemap", "index"),
        *("static", "media", "component", "app", "auth", "oauth2callback", "stcore"),
    }
)


def theme_pages(themes: Iterable[Theme], questions: Sequence[Question]) -> tuple[Page, ...]:
    """One page a theme, in their order, without a text of its own; none for a theme without questions."""
    found: list[Page] = []
    used: set[str] = set()
    for theme in themes:
        asked = tuple(q.id for q in questions if q.theme == theme.id)
        if asked:
            path = _free(theme.id.replace("_", "-"), used)
            used.add(path)
            found.append(Page(id=path, title=theme.label, questions=asked, theme=theme.id))
    return tuple(found)


def _free(path: str, used: set[str]) -> str:
    """The path, with a number behind it where it is taken."""
    names = (path, *(f"{path}-{n}" for n in range(2, len(used) + 3)))
    return next(name for name in names if name not in TAKEN and name not in used)


def path_errors(pages: Iterable[Page]) -> list[FolderError]:
    """What is wrong with the paths of pages that somebody wrote."""
    found = []
    for page in pages:
        if PATH.fullmatch(page.id) is None:
            expected = "a path of lower case letters, digits and -"
        elif page.id in TAKEN:
            expected = "a path that is not one of the site's own"
        else:
            continue
        found.append(FolderError(FILE, f"{page.id}: id", expected, repr(page.id)))
    return found
