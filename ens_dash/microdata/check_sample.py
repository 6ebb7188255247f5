"""What is wrong with the sample in a survey file: who is who, what they weigh, how they were drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ens_dash.microdata.check import Staged
from ens_dash.microdata.columns import Use
from ens_dash.microdata.errors import NAMED_ROWS, FileError, row_list
from ens_dash.microdata.source import SourceFile
from ens_dash.respondents import PSU, STRATUM, WEIGHT
from ens_dash.survey.mapping import FILE as MAPPING
from ens_dash.survey.model import Survey
from ens_dash.survey.study import LonelyPsu

# Above these a warning: few people then carry the result (Kish's design effect; max over mean).
UNEVEN, DESIGN_EFFECT = 8.0, 2.0
NAMED_STRATA = 10
USUAL = {"encoding": ("utf-8", "utf-8-sig", "ascii", ""), "separator": (",", ""), "decimal": (".", "")}


def usual(what: str, found: str | None) -> bool:
    """Whether an encoding, a separator or a decimal mark is what a .csv has where nobody says otherwise."""
    return found is None or found.lower().replace("_", "-") in USUAL[what]


def check_reading(source: SourceFile, missing: Sequence[str]) -> Iterator[FileError]:
    """What of a .csv was found out by looking, is not the usual, and nobody has confirmed; `missing`: the
    texts that would be no answer."""
    where = f"confirm it with `file:` in {MAPPING}, an option, or --allow"
    if "encoding" in source.found and not usual("encoding", source.encoding):
        preview = f"; it reads: {', '.join(source.accents)}" if source.accents else ""
        hint = f"do these read right? then {where} (--encoding {source.encoding})"
        yield FileError("encoding", "", "", "UTF-8 text", f"{source.encoding}{preview}", hint)
    if "separator" in source.found and not usual("separator", source.separator):
        hint = f"{where} (--separator {source.separator!r})"
        yield FileError("separator", "", "", "cells separated by a comma", repr(source.separator), hint)
    if "decimal" in source.found and not usual("decimal", source.decimal):
        hint = f"{where} (--decimal {source.decimal!r})"
        yield FileError("decimal", "", "", "numbers with a decimal point", "decimal commas", hint)
    if "missing" in source.found and missing:
        told = ", ".join(map(repr, missing))
        hint = f"are they? then {MAPPING}: file: {{missing: [{', '.join(missing)}]}}, or --allow"
        yield FileError("missing-text", "", "", "an empty cell for no answer", f"{told}, as it seems", hint)


def check_size(n: int, kept: int, survey: Survey) -> Iterator[FileError]:
    """Whether there are as many respondents as the folder says; `kept` are those with a weight."""
    if not n:
        yield FileError("", "", "", "at least one respondent", "none")
    elif not kept:
        yield FileError("", "", "", "at least one respondent with a weight", "none")
    elif survey.study.n not in (n, kept):
        hint = "correct `n` in survey.yaml, or allow it: the file's number is shown then"
        yield FileError("sample-size", "", "", f"{survey.study.n} respondents (survey.yaml)", str(n), hint)


def check_ids(staged: Staged, name: str, given: str) -> Iterator[FileError]:
    """Respondents without an id, and ids that occur more than once."""
    yield from staged.fault("missing-id", name, f"{given} IS NULL", "an id", "none")
    repeated = staged.all(
        f"SELECT {given}, count(*), min(_row, {NAMED_ROWS}) FROM staged WHERE {given} IS NOT NULL "
        f"GROUP BY 1 HAVING count(*) > 1 ORDER BY min(_row) LIMIT {NAMED_ROWS + 1}"
    )
    for _, count, first in repeated[:NAMED_ROWS]:
        # the id itself is not told: it may be a person's number
        yield FileError(
            "duplicate-id", name, row_list(first, count), "each id once", f"the same {count} times"
        )
    if len(repeated) > NAMED_ROWS:
        (ids,) = staged.one(
            f"SELECT count(*) FROM (SELECT 1 FROM staged WHERE {given} IS NOT NULL "
            f"GROUP BY {given} HAVING count(*) > 1)"
        )
        yield FileError("duplicate-id", name, "", "each id once", f"{ids} ids more than once in all")


def check_weights(staged: Staged, use: Use) -> tuple[list[FileError], list[FileError]]:
    """Errors of weights that nobody can count with, and warnings of those that are very uneven."""
    w, name = use.value, use.name
    commas = "decimal commas? --decimal , reads them in a .csv; elsewhere make the column numeric"
    comma = f"contains({use.given}, ',')"
    hint = commas if staged.rows(f"{w} IS NULL AND {comma}")[1] else ""
    errors = [
        *staged.fault("missing-weight", name, f"{use.given} IS NULL", "a weight", "none"),
        *staged.fault(
            "not-a-weight",
            name,
            f"{use.given} IS NOT NULL AND {w} IS NULL",
            "a finite number",
            "something else",
            hint,
        ),
        *staged.fault("negative-weight", name, f"{w} < 0", "a weight above zero", "a negative one"),
        *staged.fault("zero-weight", name, f"{w} = 0", "a weight above zero", "zero"),
    ]
    most, mean, effect = staged.one(
        "SELECT max(w), avg(w), count(*) * sum(w * w) / (sum(w) * sum(w)) "
        f"FROM (SELECT {w} AS w FROM staged) WHERE w > 0"
    )
    warnings = []
    if mean and most / mean > UNEVEN:
        found = f"the largest is {most / mean:.1f} times the mean"
        warnings.append(FileError("", name, "", f"weights under {UNEVEN:g} times their mean", found))
    if effect and effect > DESIGN_EFFECT:
        told = f"{effect:.2f}: as precise as a {1 / effect:.0%} of the respondents"
        warnings.append(FileError("", name, "", f"a design effect of weights under {DESIGN_EFFECT:g}", told))
    return errors, warnings


def counted(uses: Sequence[Use]) -> str:
    """SQL: whether a row has a weight to count with. Rows without are left out where that is allowed."""
    weight = next((u for u in uses if u.target == WEIGHT), None)
    return f"coalesce({weight.value} > 0, false)" if weight is not None else "true"


def check_design(staged: Staged, uses: Sequence[Use], lonely: LonelyPsu | None) -> Iterator[FileError]:
    """Respondents without a stratum or PSU, a PSU in two strata, a stratum with a single PSU."""
    by_target = {u.target: u for u in uses}
    stratum, psu = by_target.get(STRATUM), by_target.get(PSU)
    for use, what in ((stratum, "stratum"), (psu, "PSU")):
        if use is not None:
            untold = f"{use.given} IS NULL AND {counted(uses)}"
            yield from staged.fault("", use.name, untold, f"a {what} for everybody", "none")
    if stratum is not None and psu is not None:
        for code, strata, first in staged.all(
            f"SELECT {psu.given}, list(DISTINCT {stratum.given} ORDER BY {stratum.given}), min(_row, 2) "
            f"FROM staged WHERE {counted(uses)} GROUP BY 1 HAVING count(DISTINCT {stratum.given}) > 1 "
            f"ORDER BY 1 LIMIT {NAMED_STRATA}"
        ):
            yield FileError(
                "psu-in-two-strata",
                psu.name,
                row_list(first, len(first)),
                f"PSU {code!r} in one stratum",
                f"strata {', '.join(map(repr, strata[:4]))}",
                "do its codes begin again in each stratum? then allow it: each counts as its own",
            )
    if lonely is not None:
        return
    place = stratum.given if stratum is not None else "'all'"
    unit = f"count(DISTINCT {psu.given})" if psu is not None else "count(*)"
    alone = staged.all(
        f"SELECT {place}, min(_row, {NAMED_ROWS}), count(*) FROM staged WHERE {counted(uses)} "
        f"AND {place} IS NOT NULL GROUP BY 1 HAVING {unit} = 1 ORDER BY 1"
    )
    for code, first, count in alone[:NAMED_STRATA]:
        yield FileError(
            "",
            stratum.name if stratum is not None else (psu.name if psu is not None else ""),
            row_list(first, count),
            f"at least two {'PSUs' if psu is not None else 'respondents'} in stratum {code!r}",
            "one"
            + (f" (and {len(alone) - NAMED_STRATA} more such strata)" if len(alone) > NAMED_STRATA else ""),
            "join it with a like stratum, or choose: --lonely-psu adjust (its distance from the mean "
            "counts) or --lonely-psu certainty (it adds nothing)",
        )
