"""A file as read -> the plan of a survey folder: every column is a question, a segment, part of the design,
or left out with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import duckdb

from ens_dash.microdata.errors import FileError, FileErrors
from ens_dash.microdata.groups import groups_of, told_apart
from ens_dash.microdata.guess import Chosen, Roles, roles_of
from ens_dash.microdata.missing_codes import Values, values_of
from ens_dash.microdata.naming import joined
from ens_dash.microdata.personal import (
    BIRTH,
    MAX_ANSWERS,
    OWN_NUMBERS,
    PATTERNS,
    RARE,
    suspected_by_name,
    why_left_out,
)
from ens_dash.microdata.plan import Draft, DraftQuestion, Guess, Plan
from ens_dash.microdata.profile import Profile, connect, profiles
from ens_dash.microdata.questions import add_group, add_question, is_amount
from ens_dash.microdata.reading import reaches_somebody
from ens_dash.microdata.segments import cuts_of, guess_segments
from ens_dash.microdata.source import SourceFile
from ens_dash.microdata.variables import add_variable
from ens_dash.survey.base import Lang
from ens_dash.survey.references import nearest

# More questions than this are cut into parts of so many.
ONE_THEME, PART = 40, 30
# A date column tells when the interviews were if it spans no more days than this.
LONGEST_FIELD = 730
THEME = {"fr": "Questions", "en": "Questions"}
PARTS = {"fr": "Partie {}", "en": "Part {}"}

# What a person can do about a tick that is written only where it was made.
UNTOLD = (
    "who did not choose it is not told from who was not asked; if everybody was asked, map it by hand, "
    'with values: {"": "no"}'
)


def describe(source: SourceFile, chosen: Chosen, survey_id: str, lang: Lang) -> Plan:
    """Look at every column of a file once and say what it becomes.

    Raises:
        FileErrors: what was asked for does not fit the file (all of it), or nothing is left to publish.
    """
    _check_names(source, chosen)
    with connect(source) as connection:
        found = profiles(connection, source, [(pattern, pattern) for _, pattern, _ in PATTERNS])
        values = {name: values_of(profile) for name, profile in found.items()}
        roles = roles_of(found, source.n, chosen)
        draft = Draft(source, lang)
        _leave_out(draft, found, values, roles, chosen)
        _check_chosen(source, found, values, draft, chosen)
        _sort(connection, draft, found, values, roles, chosen)
    if not draft.questions:
        why = "; ".join(f"{c}: {w}" for c, w in list(draft.left_out.items())[:5])
        hint = "a column that is no segment, with 2 to 200 answers"
        raise FileErrors(source.name, [FileError("", "", "", "a column for a question", why or "none", hint)])
    questions, themes = _themes(draft.questions, lang)
    if len(themes) > 1:
        draft.guesses.append(Guess("themes", f"{len(questions)} questions in parts of {PART}, in file order"))
    return Plan(
        source=source,
        survey_id=survey_id,
        lang=lang,
        roles=roles,
        questions=questions,
        variables=tuple(draft.variables),
        uses=tuple(draft.uses),
        left_out=draft.left([c.name for c in source.columns]),
        themes=themes,
        guesses=(*_role_guesses(roles), *draft.guesses),
        days=_days(found),
    )


def _check_names(source: SourceFile, chosen: Chosen) -> None:
    """Every named column must be there, and have one role; a stratum or PSU may be a segment too."""
    errors = []
    known = [c.name for c in source.columns]
    if any(map(reaches_somebody, known)):
        found = "an e-mail address or a telephone number"
        raise FileErrors(source.name, [FileError("", "", "", "column names", found, "is there no header?")])
    named = [("--id", chosen.id), ("--weight", chosen.weight), ("--stratum", chosen.stratum)]
    named += [("--psu", chosen.psu), *(("--segment", s) for s in chosen.segments)]
    roles: dict[str, list[str]] = {}
    for option, column in named:
        if column is None:
            continue
        if column not in known:
            hint = nearest(column, known)
            errors.append(FileError("", column, "", f"a column of the file for {option}", "none", hint))
        elif option not in roles.setdefault(column, []):
            roles[column].append(option)
        else:
            errors.append(FileError("", column, "", f"each {option} once", "it twice", "remove one"))
    for column, options in roles.items():
        if len(options) > 1 and {"--id", "--weight"} & {*options}:
            both = " and ".join(options)
            errors.append(FileError("", column, "", "one role a column", both, "remove one"))
    if errors:
        raise FileErrors(source.name, errors)


def _check_chosen(
    source: SourceFile,
    found: Mapping[str, Profile],
    values: Mapping[str, Values],
    draft: Draft,
    chosen: Chosen,
) -> None:
    errors = []
    if chosen.weight is not None and not found[chosen.weight].numeric:
        # the texts themselves may tell of somebody
        weight = found[chosen.weight]
        texts = f"texts in {weight.filled - weight.numbers} rows" if weight.filled else "none"
        errors.append(FileError("", chosen.weight, "", "numbers for --weight", texts, "--decimal?"))
    for column in chosen.segments:
        why = draft.left_out.get(column)
        if why is None and values[column].distinct < 2:
            why = "one value only"
        if why is not None:
            hint = "a column with 2 to 200 answers that many people share"
            errors.append(FileError("", column, "", "a column for --segment", why, hint))
    if errors:
        raise FileErrors(source.name, errors)


def _leave_out(
    draft: Draft, found: Mapping[str, Profile], values: Mapping[str, Values], roles: Roles, chosen: Chosen
) -> None:
    for stem, columns in roles.replicates.items():
        for column in columns:
            draft.left_out[column] = f"replicate weights are not supported: {stem} ({len(columns)} columns)"
    for column in roles.spare:
        draft.left_out[column] = f"looks like another weight; the weight is {roles.weight}"
    design = {roles.id, roles.weight, roles.stratum, roles.psu} - {*chosen.segments}
    common = {v for p in found.values() for v, n in (p.counts or {}).items() if n >= RARE}
    for name, profile in found.items():
        if name in draft.left_out or name in design:
            continue
        if profile.filled == 0:
            draft.left_out[name] = "empty"
            continue
        why = why_left_out(profile, values[name], common)
        # a person who asks for it may divide by a column that is suspected by its name only
        if why is not None and not (name in chosen.segments and _shared(why, profile, values[name])):
            draft.left_out[name] = why
        elif values[name].filled == 0:
            draft.left_out[name] = "empty: every value is declared missing"
        elif (what := suspected_by_name(profile, values[name])) is not None:
            draft.guesses.append(Guess(name, f"kept, because its values are few; by its name {what}"))


def _shared(why: str, profile: Profile, values: Values) -> bool:
    if why.startswith(OWN_NUMBERS) and is_amount(profile, values):
        # only ranges of them are published
        return True
    by_name = "by the column's name" in why or "by the column's label" in why or "--segment" in why
    return by_name and values.filled >= 3 * values.distinct


def _sort(
    connection: duckdb.DuckDBPyConnection,
    draft: Draft,
    found: Mapping[str, Profile],
    values: Mapping[str, Values],
    roles: Roles,
    chosen: Chosen,
) -> None:
    """Segments, then groups, then what is left, each column where it stands in the file."""
    source = draft.source
    design = {roles.id, roles.weight, roles.stratum, roles.psu} - {*chosen.segments}
    free = {n: p for n, p in found.items() if n not in draft.left_out and n not in design}
    amounts = {n for n, p in free.items() if is_amount(p, values[n])}
    for one in source.sets:
        names = [c for c in one.columns if c in free]
        if one.counted is not None and names and not told_apart(names, values):
            why = f"only the chosen value is written: {UNTOLD}"
            for name in names:
                draft.left_out[name] = f"{why} (set {one.name})"
                free.pop(name, None)
    columns = {n: p.column for n, p in free.items()}
    groups = groups_of(columns, values, source.sets, amounts - {c for s in source.sets for c in s.columns})
    grouped = {c for g in groups for c in g.columns}
    single = {n: p for n, p in free.items() if n not in grouped}
    alone = {n: p for n, p in single.items() if _reason(values[n], n in amounts, source.n) is None}
    segments = chosen.segments or guess_segments(alone, values, amounts, source.n)
    for name in segments:
        cuts = cuts_of(connection, source, found[name], values[name]) if name in amounts else ()
        if name in amounts and len(cuts) < 2:
            continue
        why = "" if chosen.segments else "a segment, by its name, its label or its few answers"
        add_variable(draft, found[name], values[name], cuts, why)
    segments = tuple(u.name for u in draft.uses)
    groups = (
        groups_of({n: c for n, c in columns.items() if n not in segments}, values, source.sets, amounts)
        if grouped & {*segments}
        else groups
    )
    leaders = {g.columns[0]: g for g in groups}
    grouped = {c for g in groups for c in g.columns}
    apart = {c: s.name for s in source.sets if s.counted is None for c in s.columns}
    for name, profile in free.items():
        if name in leaders:
            add_group(draft, leaders[name], found, values)
        elif name not in grouped and name not in segments:
            reason = _reason(values[name], name in amounts, source.n)
            if reason is not None:
                draft.left_out[name] = reason
            else:
                add_question(draft, profile, values[name], name in amounts, apart.get(name))


def _reason(values: Values, amount: bool, n: int) -> str | None:
    """Why a column that tells of nobody can still be no question."""
    if values.distinct <= 1:
        blank = n - values.filled
        return "one value only" + (f", and {blank} rows without: {UNTOLD}" if blank else "")
    if not amount and len(values.answers) > MAX_ANSWERS:
        return f"too many values: {len(values.answers)}"
    if not amount and not values.counted:
        return f"too many values: {values.distinct}"
    return None


def _themes(
    questions: list[DraftQuestion], lang: Lang
) -> tuple[tuple[DraftQuestion, ...], tuple[tuple[str, str], ...]]:
    """One theme, or parts in the order of the file where the questions are many."""
    if len(questions) <= ONE_THEME:
        return tuple(replace(q, theme="questions") for q in questions), (("questions", THEME[lang]),)
    parts = [questions[i : i + PART] for i in range(0, len(questions), PART)]
    themes = tuple((f"part_{i}", PARTS[lang].format(i)) for i in range(1, len(parts) + 1))
    named = (replace(q, theme=t) for (t, _), part in zip(themes, parts, strict=True) for q in part)
    return tuple(named), themes


def _role_guesses(roles: Roles) -> list[Guess]:
    columns = {"id": roles.id, "weight": roles.weight, "stratum": roles.stratum, "psu": roles.psu}
    return [Guess(f"{role}: {columns[role]}", f"by its name; otherwise --{role}") for role in roles.guessed]


def _days(found: Mapping[str, Profile]) -> tuple[str, str, str] | None:
    """First and last day of a date column that is no birth date and spans two years at most."""
    for profile in found.values():
        if not profile.first_day or BIRTH & joined(profile.name):
            continue
        first, last = date.fromisoformat(profile.first_day), date.fromisoformat(profile.last_day)
        if (last - first).days <= LONGEST_FIELD:
            return profile.first_day, profile.last_day, profile.name
    return None
