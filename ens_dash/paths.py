"""The site's pages: each path, and the file in pages/ that draws it. For the menu and the web server."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# path -> file in pages/; the first is the start page
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
