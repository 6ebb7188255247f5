"""Which values of a column are no answer: the policy of a draft.

- What the file declares as user-missing is missing.
- Refused, no answer, not asked, not applicable (by label, or by value where there is no label): missing.
- «Ne sait pas», "don't know", «sans opinion»: an answer, which a person may move to `missing`. In a column
  of numbers it is missing: 998 would count in the mean.
- Where one code says both («NSP/refus») it stays an answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ens_dash.microdata.naming import plain
from ens_dash.microdata.profile import Profile, as_number

Special = Literal["missing", "unknown"]

_MISSING = (
    r"refus|refuse(?:e|s)?|refused|refusal|refuse de (?:repondre|dire)|ne (?:souhaite|veut|desire) pas "
    r"(?:repondre|dire|le dire)|prefere ne pas (?:repondre|dire)|refused to answer|"
    r"prefer(?:s|red)? not to (?:say|answer)|sans reponse|non[- ]reponse|pas de reponse|aucune reponse|"
    r"ne repond pas|non repondu|no (?:answer|response|reply)|not answered|unanswered|non renseignee?|"
    r"not asked|question non posee|non posee?|not applicable|inapplicable|inap|non applicable|sans objet|"
    r"non concernee?s?|pas concernee?s?|not concerned|missing|system missing|manquante?|donnees? manquantes?|"
    r"valeurs? manquantes?|missing (?:value|data)|n/?a|n\.a\.?|n/r|nr|nrp|nvpr|s/?r|iap|skipped|skip"
)
_UNKNOWN = (
    r"(?:je |vous )?ne sai[ts] (?:vraiment )?pas(?: vraiment)?|nsp|n\.s\.p\.?|(?:je )?ne sai[ts] plus|"
    r"ne se prononce(?:nt)? pas|(?:vous )?ne vous prononcez pas|sans opinion|pas d.opinion|"
    r"(?:i )?do(?:es)?(?: not|n.t) know|dont know|dk|d/k|cannot say|can.t say|hard to say|"
    r"no opinion|unsure|not sure|inconnu|unknown"
)
# Around the words: a number before, a remark in brackets behind.
_AROUND = r"\W*(?:\d+\W+)?(?:{})\W*(?:\([^)]*\)\W*)?"
MISSING = re.compile(_AROUND.format(_MISSING))
UNKNOWN = re.compile(_AROUND.format(_UNKNOWN))
BOTH = re.compile(_AROUND.format(rf"(?:{_UNKNOWN})\W*(?:ou|or|et|and)?\W*(?:{_MISSING})"))
EITHER = re.compile(_AROUND.format(rf"(?:{_MISSING})\W*(?:ou|or|et|and)?\W*(?:{_UNKNOWN})"))


def special(text: str) -> Special | None:
    """What a label or a value says if it is no answer, else None."""
    words = re.sub(r"\s+", " ", plain(text).replace("’", "'")).strip()
    if UNKNOWN.fullmatch(words) or BOTH.fullmatch(words) or EITHER.fullmatch(words):
        return "unknown"
    return "missing" if MISSING.fullmatch(words) else None


@dataclass(frozen=True)
class Values:
    """The values of a column: `answers` (code, label; the label is "" where the file has none) in order;
    `missing` codes; `unknown`: those of the answers that say "don't know"; `unlabelled`: those that the
    file has no label for, where it has some; `filled`: rows with an answer; `distinct`: different answers
    that occur. Where the column has more values than were
    counted, only the labelled ones and the special ones are here: `counted` is False."""

    answers: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    unlabelled: tuple[str, ...]
    filled: int
    distinct: int
    counted: bool

    @property
    def labels(self) -> dict[str, str]:
        return {code: label for code, label in self.answers if label}


def values_of(profile: Profile) -> Values:
    """Sort the values of a column into answers and missing ones, by the policy above."""
    column, counts = profile.column, profile.counts or {}
    labels = dict(column.labels)
    present = list(counts) or list(profile.texts)
    missing, unknown, answers = [], [], []
    for code in dict.fromkeys([*labels, *column.missing, *profile.declared, *present]):
        if not code:
            continue
        said = special(labels.get(code) or code)
        if code in profile.declared or code in column.missing or said == "missing":
            missing.append(code)
            continue
        if said == "unknown":
            unknown.append(code)
        answers.append(code)
    ordered = _ordered(answers, labels, set(unknown))
    lost = sum(1 for code in missing if profile.rows([code]))
    return Values(
        answers=tuple((code, labels.get(code, "")) for code in ordered),
        missing=tuple(missing),
        unknown=tuple(unknown),
        unlabelled=tuple(code for code in ordered if labels and code not in labels),
        filled=profile.filled - profile.rows(missing),
        distinct=max(profile.distinct - lost, 0),
        counted=profile.counts is not None,
    )


def _ordered(codes: list[str], labels: dict[str, str], unknown: set[str]) -> list[str]:
    """The file's order of labels, codes without a label behind; without labels, or where only the ends of a
    scale have one, by number or alphabet, yes before no, and what says "don't know" last."""
    known = [code for code in labels if code in codes]
    bare = sorted((c for c in codes if c not in labels), key=_key)
    ends = [c for c in known if c not in unknown]
    numbers = all(as_number(code) is not None for code in codes if code not in unknown)
    if known and not (numbers and len(bare) > len(ends)):
        return [*known, *bare]
    return sorted(codes, key=lambda code: (code in unknown, *_key(code)))


def _key(code: str) -> tuple[float, bool, str, str]:
    number, words = as_number(code), plain(code)
    return (number if number is not None else float("inf"), words not in YES, words, code)


YES = frozenset("oui yes vrai true o y".split())
NO = frozenset("non no faux false n".split())
