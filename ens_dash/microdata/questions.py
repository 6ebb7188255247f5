"""Columns -> drafted questions with the entries of mapping.yaml that fill them."""

from __future__ import annotations

from collections.abc import Mapping

from ens_dash.microdata.groups import Group, numbers_of
from ens_dash.microdata.missing_codes import YES, Values
from ens_dash.microdata.naming import one_line, plain, slug, title_of, unique_id
from ens_dash.microdata.plan import Draft, DraftQuestion, Guess, Use
from ens_dash.microdata.profile import Profile
from ens_dash.microdata.source import FileColumn
from ens_dash.survey.base import Lang
from ens_dash.survey.mapping import MappedColumn
from ens_dash.survey.model import MEAN

# Whole numbers without a label: so many different ones are codes, more are an amount.
FEW_NUMBERS = 7
# With a label on some (0 = "not at all", 10 = "completely") a scale has so many points.
SCALE_POINTS = 15
LISTED = 30
RARE = 3
CHOSEN: dict[Lang, str] = {"fr": "Oui", "en": "Yes"}
UNDOCUMENTED: dict[Lang, str] = {"fr": "code {} (non documenté)", "en": "code {} (not documented)"}
KEPT = "{} stays an answer; to leave it out, remove it from the answers and write it under `missing`"


def is_amount(profile: Profile, values: Values) -> bool:
    """Whether a column holds amounts (hours, euros, years) rather than codes of answers."""
    # «10 et plus» among numbers is an answer; only texts that say there is none may be left out
    if not profile.numeric or set(profile.texts) - {*values.missing, *values.unknown}:
        return False
    labelled = len(values.labels) - sum(1 for c in values.unknown if c in values.labels)
    if labelled and values.counted:
        bare = [c for c, label in values.answers if not label and c in (profile.counts or {})]
        if not bare or len(values.answers) <= SCALE_POINTS:
            return False
    if profile.whole < profile.numbers:
        return values.distinct > 2
    few = values.counted and values.distinct <= LISTED
    if profile.column.measure in ("nominal", "ordinal") and few:
        return False
    if profile.column.measure == "scale" and not labelled:
        return values.distinct > 2
    return values.distinct > FEW_NUMBERS


def labelled(values: Values, lang: Lang) -> tuple[tuple[str, str], ...]:
    """The answers with a label each: the file's, or the value itself; a value without one among labelled
    ones says so."""
    shown = []
    for code, label in values.answers:
        if not label and code in values.unlabelled and code not in values.unknown:
            ends = len(values.unlabelled) > len(values.labels)
            label = code if ends else UNDOCUMENTED[lang].format(code)
        shown.append((code, one_line(label) or one_line(code) or f"« {code} »"))
    return tuple(shown)


def headline_of(answers: tuple[tuple[str, str], ...], unknown: tuple[str, ...]) -> str:
    """Yes where there is one, else the first answer that says something."""
    yes = [code for code, label in answers if plain(label) in YES]
    return next(iter(yes or [code for code, _ in answers if code not in unknown]), answers[0][0])


def remarks_on(profile: Profile, values: Values, amount: bool) -> tuple[str, ...]:
    """What a person should look at in the values of a column."""
    found = list(letters_of(profile.column))
    labels = dict(profile.column.labels)
    if not amount:
        for code in values.unknown:
            found.append(KEPT.format(_named(code, labels)))
    else:
        for code in values.unknown:
            found.append(f"{_named(code, labels)} is missing: it would count in the mean")
    if values.unlabelled and not amount and len(values.unlabelled) <= len(values.labels):
        found.append("guess: answers that the file has no label for: " + ", ".join(values.unlabelled))
    free = not labels and profile.column.storage == "text" and profile.counts is not None and not amount
    if free:
        rare = [c for c, _ in values.answers if (profile.counts or {}).get(c, 0) < RARE]
        if rare:
            found.append(f"look: {len(rare)} answers of fewer than {RARE} people: does one tell of somebody?")
        alike = {" ".join(plain(c).split()) for c, _ in values.answers}
        if len(alike) < len(values.answers):
            found.append("look: some answers differ by case, accents or blanks only")
    return tuple(found)


def letters_of(column: FileColumn) -> tuple[str, ...]:
    """What became of Stata's missing letters: answers such as «Ne sait pas» may be among them."""
    return tuple(
        f"look: {n} respondent{'s have' if n > 1 else ' has'} Stata's {letter}"
        + (f" ({label})" if label else "")
        + ": no answer"
        for letter, label, n in column.letters
    )


def _named(code: str, labels: dict[str, str]) -> str:
    return f"{code} ({one_line(labels[code]).strip('()[] ')})" if code in labels else code


def missing_of(profile: Profile, values: Values, amount: bool) -> tuple[str, ...]:
    """The values that mapping.yaml names as missing; among amounts also those that say "don't know"."""
    if not amount:
        return values.missing
    return tuple(dict.fromkeys([*values.missing, *values.unknown, *profile.texts]))


def add_question(draft: Draft, profile: Profile, values: Values, amount: bool, mentions: str | None) -> None:
    """A column of its own as a question."""
    column, lang = profile.column, draft.lang
    question = unique_id(column.name, draft.used, "question")
    missing = missing_of(profile, values, amount)
    label = one_line(column.label) or column.name
    remarks = list(remarks_on(profile, values, amount))
    if mentions is not None:
        remarks.append(f"a mention of the file's set {mentions}; each mention is a question of its own here")
    if amount:
        kept = [f"{c} ({t})" for c, t in values.labels.items() if c not in missing]
        if kept:
            remarks.append("look: labelled values that count as numbers: " + ", ".join(kept[:10]))
        if not column.labels:
            remarks.append(f"guess: a number, because of its {values.distinct} values")
    answers = () if amount else labelled(values, lang)
    draft.questions.append(
        DraftQuestion(
            id=question,
            kind="number" if amount else "single",
            title=title_of(label),
            wording=label,
            answers=answers,
            headline=MEAN if amount else headline_of(answers, values.unknown),
            complete=profile.filled - profile.rows(missing) == draft.source.n,
            remarks=(f"column {column.name}", *remarks),
        )
    )
    used = MappedColumn(column=column.name, question=question, missing=missing)
    draft.uses.append(Use(used, tuple(r for r in remarks if r.startswith("look"))))


def add_group(
    draft: Draft, group: Group, profiles: Mapping[str, Profile], values: Mapping[str, Values]
) -> None:
    """Columns that are one question with items."""
    question = unique_id(group.stem, draft.used, "question")
    used: set[str] = set()
    items, complete = [], True
    for position, (name, number) in enumerate(zip(group.columns, numbers_of(group.columns), strict=True)):
        base = f"item_{number}" if number and group.guessed else slug(name)
        item = unique_id(base, used, "item")
        items.append((item, group.items[position]))
        mine = values[name]
        missing, recoded = mine.missing, {}
        if group.kind == "multiple":
            # ticks have no third answer
            missing = tuple(dict.fromkeys([*missing, *mine.unknown]))
            codes = [code for code, _ in mine.answers if code not in missing]
            recoded = {c: "yes" if c == group.chosen[position] else "no" for c in codes}
        filled = profiles[name].filled - profiles[name].rows(missing)
        complete = complete and filled == draft.source.n
        entry = MappedColumn(column=name, question=question, item=item, missing=missing, values=recoded)
        draft.uses.append(Use(entry, letters_of(profiles[name].column)))
    widest = max((values[c] for c in group.columns), key=lambda v: len(v.answers))
    answers: tuple[tuple[str, str], ...] = (("yes", CHOSEN[draft.lang]),)
    if group.kind != "multiple":
        every = [*([] if widest.labels else [widest]), *(values[c] for c in group.columns)]
        found = {code: label for v in every for code, label in labelled(v, draft.lang)}
        answers = tuple(found.items())
    remarks = [f"columns {', '.join(group.columns)}"]
    if group.guessed:
        draft.guesses.append(Guess(question, group.guessed))
        remarks.append(f"guess: {group.guessed}")
    if group.kind == "multiple":
        chosen = ", ".join(dict.fromkeys(group.chosen))
        remarks.append(("" if not group.guessed else "guess: ") + f"the value {chosen} means chosen")
    else:
        first = group.columns[0]
        remarks += remarks_on(profiles[first], values[first], False)
    draft.questions.append(
        DraftQuestion(
            id=question,
            kind=group.kind,
            title=title_of(group.wording),
            wording=group.wording,
            answers=answers,
            headline="yes" if group.kind == "multiple" else headline_of(answers, widest.unknown),
            complete=complete,
            items=tuple(items),
            remarks=tuple(remarks),
        )
    )
