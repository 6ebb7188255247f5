"""A filter: a set of segments that is a SQL mask, a URL and (with words) a sentence.

OR inside a variable, AND between variables. Written `age=50-64,65-plus&sex=female`; a code that
holds a comma, an ampersand or a quotation mark stands in double quotes, as in CSV.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ens_dash.survey.model import SegmentVariable

# What a URL uses for something else than a filter: no segment variable can have these names.
RESERVED = ("lang", "survey", "mode", "q", "by", "release", "format", "briefing", "claim", "interactive")
QUOTE = '"'


class FilterError(ValueError):
    """A filter that cannot be read: what was expected, what was found, what to do."""

    def __init__(self, expected: str, found: str, hint: str = "") -> None:
        self.expected, self.found, self.hint = expected, found, hint
        super().__init__(f"expected {expected}, found {found!r}" + (f" ({hint})" if hint else ""))


@dataclass(frozen=True)
class Filter:
    """Segments, in the order of the survey's variables and codes, so that equal filters are equal values."""

    terms: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def of(cls, chosen: Mapping[str, Iterable[str]], variables: Sequence[SegmentVariable]) -> Filter:
        """A filter of known codes; unknown variables and codes are left out."""
        terms = []
        for variable in variables:
            wanted = set(chosen.get(variable.id, ()))
            codes = tuple(s.code for s in variable.segments if s.code in wanted)
            if codes:
                terms.append((variable.id, codes))
        return cls(tuple(terms))

    @classmethod
    def parse(cls, text: str, variables: Sequence[SegmentVariable]) -> Filter:
        """Read `var=code,code&var=code`.

        Raises:
            FilterError: naming the first unknown variable or code and those that exist.
        """
        return cls.from_terms([term for term in _split(text, "&") if term.strip()], variables)

    @classmethod
    def from_terms(cls, terms: Iterable[str], variables: Sequence[SegmentVariable]) -> Filter:
        """Read several `var=code,code`, e.g. one a `--where` of the command line."""
        by_id = {v.id: v for v in variables}
        chosen: dict[str, list[str]] = {}
        for term in terms:
            name, equals, codes = term.partition("=")
            name = name.strip()
            if not equals:
                raise FilterError("VARIABLE=CODE[,CODE]", term, "e.g. age=65-plus")
            if name not in by_id:
                raise FilterError("a segment variable", name, "known: " + ", ".join(by_id))
            known = [s.code for s in by_id[name].segments]
            found = split_codes(codes)
            if not found:
                raise FilterError(
                    f"a code of {name}", "nothing", "known: " + ", ".join(map(quote_code, known))
                )
            for code in found:
                if code not in known:
                    raise FilterError(
                        f"a code of {name}", code, "known: " + ", ".join(map(quote_code, known))
                    )
                chosen.setdefault(name, []).append(code)
        return cls.of(chosen, variables)

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def codes(self) -> dict[str, tuple[str, ...]]:
        return dict(self.terms)

    @property
    def key(self) -> str:
        """The canonical text of the filter; empty for everybody."""
        return "&".join(f"{name}={join_codes(codes)}" for name, codes in self.terms)

    def with_codes(self, variables: Sequence[SegmentVariable], /, **chosen: Iterable[str]) -> Filter:
        """The same filter with the codes of some variables replaced (none: variable dropped)."""
        return Filter.of({**self.codes, **chosen}, variables)

    def mask(self) -> tuple[str, tuple[str, ...]]:
        """A SQL condition with `?` for each value, and the values.

        Column names are ids of the survey's variables (checked on reading), never text of a visitor.
        """
        if not self.terms:
            return "TRUE", ()
        parts = [f'"{name}" IN ({", ".join("?" * len(codes))})' for name, codes in self.terms]
        return " AND ".join(parts), tuple(code for _, codes in self.terms for code in codes)

    def inside(self, other: Filter) -> bool:
        """Whether this group lies within `other` as far as the codes alone can tell."""
        mine = self.codes
        return all(name in mine and set(mine[name]) <= set(codes) for name, codes in other.terms)


def group_codes(text: str) -> dict[str, frozenset[str]]:
    """The codes of each variable in `var=code,code&var=code`, unchecked (a checked folder's entry)."""
    terms = (term.partition("=") for term in _split(text, "&") if term.strip())
    return {name.strip(): frozenset(split_codes(codes)) for name, _, codes in terms}


def split_codes(text: str) -> list[str]:
    """The codes of a comma-separated list, with CSV's double quotes; any text can be read.

    Spaces around a code that is not quoted do not belong to it.
    """
    return [code for part in _split(text, ",") if (code := _unquote(part.strip()))]


def quote_code(code: str) -> str:
    """The code as it stands in a list: in double quotes where it would be read as something else."""
    special = any(c in code for c in ',&"') or code != code.strip()
    return QUOTE + code.replace(QUOTE, 2 * QUOTE) + QUOTE if special else code


def join_codes(codes: Iterable[str]) -> str:
    """The inverse of `split_codes`."""
    return ",".join(map(quote_code, codes))


def _split(text: str, separator: str) -> Iterator[str]:
    """The parts of a text between separators that stand outside double quotes."""
    part, quoted = "", False
    for character in text:
        if character == separator and not quoted:
            yield part
            part = ""
            continue
        quoted ^= character == QUOTE
        part += character
    yield part


def _unquote(part: str) -> str:
    if part.startswith(QUOTE):
        return part[1:].removesuffix(QUOTE).replace(2 * QUOTE, QUOTE)
    return part
