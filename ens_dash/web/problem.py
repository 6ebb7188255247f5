"""Errors as RFC 9457 problem documents: what was wrong, what was expected, what is nearest to it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs

import orjson
from starlette.responses import Response

from ens_dash.survey.base import LANGS, Lang
from ens_dash.text import Words, load_words
from ens_dash.view import DEFAULT_LANG

Kind = Literal[
    "BadRequest",
    "UnknownQuestion",
    "NotInService",
    "NotFound",
    "MethodNotAllowed",
    "TooLong",
    "TooLarge",
    "Building",
    "Closed",
    "Failed",
    "NoPictures",
    "TooManyWaiting",
]
STATUS: Mapping[Kind, int] = {
    "BadRequest": 400,
    "UnknownQuestion": 404,
    "NotInService": 404,
    "NotFound": 404,
    "MethodNotAllowed": 405,
    "TooLong": 414,
    "TooLarge": 413,
    "Building": 503,
    "Closed": 503,
    "Failed": 500,
    "NoPictures": 503,
    "TooManyWaiting": 429,
}
MEDIA_TYPE = "application/problem+json"
# A type is where the OpenAPI document describes it.
TYPE = "/api/v1/openapi.json#/components/responses/"
# What is repeated from a request is cut, so that an answer stays short.
LONGEST_FOUND, MOST_KNOWN, NEAREST = 80, 40, 3


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a request: in which parameter, what was found and expected, what is nearest."""

    parameter: str
    found: str
    expected: str
    nearest: tuple[str, ...] = ()


class Problem(Exception):
    """A request that cannot be answered; `detail` and `faults` are in the language of the request."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        faults: Iterable[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.kind, self.detail = kind, detail
        self.faults = tuple(faults)
        self.headers = dict(headers or {})
        super().__init__(f"{kind}: {detail}")

    def document(self, words: Words | None) -> dict[str, Any]:
        """The members of the problem document; `words` None where the texts cannot be read."""
        title = words(f"api.problem.{self.kind}") if words is not None else self.kind
        found: dict[str, Any] = {
            "type": TYPE + self.kind,
            "title": title,
            "status": STATUS[self.kind],
            "detail": self.detail,
        }
        if self.faults:
            found["errors"] = [asdict(f) for f in self.faults]
        return found

    def response(self, words: Words | None) -> Response:
        """The document as an answer that nobody keeps: what is wrong today may be right after a release."""
        return Response(
            orjson.dumps(self.document(words)),
            status_code=STATUS[self.kind],
            media_type=MEDIA_TYPE,
            headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"} | self.headers,
        )


def nearest(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known ids closest to a word, closest first."""
    return tuple(difflib.get_close_matches(word[:LONGEST_FOUND], list(known), n=NEAREST, cutoff=0.0))


def shortened(found: str) -> str:
    return found if len(found) <= LONGEST_FOUND else found[: LONGEST_FOUND - 1] + "…"


def listed(known: Sequence[str]) -> str:
    """Known ids in a sentence, the first where there are many."""
    return ", ".join(known[:MOST_KNOWN]) + (", …" if len(known) > MOST_KNOWN else "")


def asked_lang(query: bytes) -> Lang:
    """The language that a query asks for, before it is checked: an error is told in it."""
    values = parse_qs(query[:4096].decode("latin-1")).get("lang", [])
    return next((lang for lang in LANGS if lang in values), DEFAULT_LANG)


@lru_cache(8)
def _texts(folder: Path) -> dict[Lang, Words] | None:
    try:
        found = load_words(folder)
    except (OSError, ValueError):
        return None
    # a folder without files has no error, and no word either
    return found if all(words.texts for words in found.values()) else None


def words_of(data: Path, query: bytes) -> Words | None:
    """The words of an error, which must be told even where no release is open; None: no texts."""
    texts = _texts(data / "text")
    return None if texts is None else texts[asked_lang(query)]
