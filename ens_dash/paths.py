"""The site's pages: each path, and the file in pages/ that draws it. For the menu and the web server.

A survey has the site's own pages, and between the first of them and the others its pages of questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

START = ""
# what every survey has, in the order of the menu, after its own pages
FIXED = ("comparer", "ecrire", "dossier", "donnees", "methode", "accessibilite")
# path -> file in pages/; the first is the start page. These are the pages of the survey that the program
# comes with; a path of another survey needs no file.
PAGES: Mapping[str, str] = MappingProxyType(
    {
        "": "essentiel.py",
        "adoption": "adoption.py",
        "covid-19": "covid_19.py",
        "benefices": "benefices.py",
        "risques": "risques.py",
        "garde-fous": "garde_fous.py",
        "comparer": "comparer.py",
        "ecrire": "ecrire.py",
        "dossier": "dossier.py",
        "donnees": "donnees.py",
        "methode": "methode.py",
        "accessibilite": "accessibilite.py",
    }
)


def paths_of(pages: Iterable[str]) -> tuple[str, ...]:
    """All paths of a survey whose pages of questions have these, in the order of the menu."""
    return (START, *pages, *FIXED)
