"""What was typed on the command line, read against a survey, with everything that is wrong in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ens_dash.survey.errors import FolderError
from ens_dash.survey.filter import Filter, FilterError, quote_code, split_codes
from ens_dash.survey.model import Question, SegmentVariable, Survey
from ens_dash.survey.references import nearest


class BadInput(Exception):
    """What was typed and cannot be used: all of it, `file` being the option and `entry` its value."""

    def __init__(self, errors: Iterable[FolderError]) -> None:
        self.errors = tuple(errors)
        super().__init__(f"{len(self.errors)} error(s): " + "; ".join(map(str, self.errors)))


class Reader:
    """Reads options one after the other and collects what is wrong; `check` raises it all at once."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.errors: list[FolderError] = []

    def questions(self, asked: Sequence[str]) -> list[Question]:
        """The questions of some ids, each once; all where none is asked for."""
        known = self.survey.by_id
        self.errors += [_unknown("-q", q, "a question's id", known) for q in asked if q not in known]
        return [known[q] for q in dict.fromkeys(asked or known) if q in known]

    def variable(self, option: str, name: str | None) -> str | None:
        known = self.survey.variables_by_id
        if name is not None and name not in known:
            self.errors.append(_unknown(option, name, "a segment variable", known))
        return name

    def filter(self, option: str, terms: Sequence[str]) -> Filter:
        """The filter of some `VAR=CODE,CODE`; each code is read by itself, so that no error hides another."""
        variables, good = self.survey.variables, []
        for term in terms:
            name, equals, codes = term.partition("=")
            single = [f"{name}={quote_code(code)}" for code in split_codes(codes)] if equals else []
            told: list[FolderError] = []
            for one in single or [term]:
                try:
                    Filter.from_terms([one], variables)
                    good.append(one)
                except FilterError as error:
                    hint = nearest(error.found, _known(name.strip(), variables)) if equals else error.hint
                    told.append(FolderError(option, term, error.expected, error.found, hint))
            self.errors += dict.fromkeys(told)
        return Filter.from_terms(good, variables)

    def check(self) -> None:
        """Raises BadInput with all that was wrong, if anything was."""
        if self.errors:
            raise BadInput(self.errors)


def _known(name: str, variables: Sequence[SegmentVariable]) -> list[str]:
    """The codes of a variable, or the variables where there is none of that name."""
    known = {v.id: [quote_code(s.code) for s in v.segments] for v in variables}
    return known.get(name, list(known))


def _unknown(option: str, found: str, expected: str, known: Iterable[str]) -> FolderError:
    return FolderError(option, found, expected, found, nearest(found, known))
