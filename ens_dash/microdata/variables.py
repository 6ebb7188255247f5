"""Columns -> drafted segment variables."""

from __future__ import annotations

from ens_dash.microdata.missing_codes import Values
from ens_dash.microdata.naming import one_line, title_of, unique_id
from ens_dash.microdata.plan import Draft, DraftVariable, Guess, Use
from ens_dash.microdata.profile import Profile
from ens_dash.microdata.questions import labelled, letters_of, missing_of, remarks_on
from ens_dash.microdata.segments import Cut
from ens_dash.survey.filter import RESERVED
from ens_dash.survey.mapping import MappedColumn


def add_variable(draft: Draft, profile: Profile, values: Values, cuts: tuple[Cut, ...], guessed: str) -> None:
    """A column as a way to divide respondents; `guessed`: why, where nobody asked for it."""
    column = profile.column
    variable = unique_id(column.name, draft.used, "variable", RESERVED)
    amount = bool(cuts)
    remarks = [f"column {column.name}", *remarks_on(profile, values, amount)]
    if guessed:
        remarks.append(f"guess: {guessed}")
        draft.guesses.append(Guess(f"segment {variable}", guessed))
    about = letters_of(column)
    if amount:
        about += ("guess: cut points; edit them here, with their codes in segments.yaml, and import again",)
        draft.guesses.append(Guess(f"segment {variable}", "cut points: " + ", ".join(c.code for c in cuts)))
    draft.variables.append(
        DraftVariable(
            id=variable,
            label=title_of(one_line(column.label) or column.name),
            segments=() if amount else labelled(values, draft.lang),
            cuts=cuts,
            remarks=tuple(remarks),
        )
    )
    used = MappedColumn(
        column=column.name,
        variable=variable,
        missing=missing_of(profile, values, amount),
        ranges=tuple(c.range for c in cuts),
    )
    draft.uses.append(Use(used, about))
