"""The whole check of a staged survey file against its folder, and what an import makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from ens_dash.imported import ImportRecord, as_imported, design_of, mapping_digest
from ens_dash.microdata.check import Staged, check_answers, stage, unknown_codes
from ens_dash.microdata.check_sample import (
    check_design,
    check_ids,
    check_reading,
    check_size,
    check_weights,
    counted,
)
from ens_dash.microdata.columns import Use, guessed_missing, text_of, uses
from ens_dash.microdata.errors import FileError, FileErrors
from ens_dash.microdata.source import SourceFile
from ens_dash.release import PARQUET, SIMULATION
from ens_dash.respondents import WEIGHT, Source, identifier, quoted
from ens_dash.survey.mapping import Mapping
from ens_dash.survey.model import Survey
from ens_dash.survey.study import LonelyPsu

# What may be allowed, and what becomes of it.
ALLOWED: dict[str, str] = {
    "encoding": "read in the encoding that was found",
    "separator": "read with the separator that was found",
    "decimal": "read with decimal commas",
    "missing-text": "these texts are no answer, except where a code of the folder is the same",
    "sample-size": "the file's number of respondents is shown",
    "unmapped": "the question has no figures",
    "empty-column": "the question or group holds nobody",
    "unknown-code": "kept as an answer of its own: code 7 (not documented)",
    "not-a-number": "counted as no answer",
    "out-of-range": "the number is kept; outside all ranges it is in no group",
    "base": "all answers are kept",
    "missing-id": "the respondent is kept",
    "duplicate-id": "all of them are kept",
    "missing-weight": "the respondent is left out",
    "not-a-weight": "the respondent is left out",
    "zero-weight": "the respondent is left out",
    "negative-weight": "the respondent is left out",
    "psu-in-two-strata": "it counts as one PSU in each stratum",
}


# A file of which fewer than one respondent in ten is not, in ten answers or more, one of the simulated ones.
FEWEST_SHARED, OTHERS = 10, 0.1


@dataclass(frozen=True)
class Checked:
    """A file that may be imported: `source` is the query that makes its respondents, `allowed` the errors
    that somebody accepted, `warnings` what is only worth knowing."""

    source: Source
    record: ImportRecord
    allowed: tuple[FileError, ...]
    warnings: tuple[FileError, ...]


def check_file(
    connection: duckdb.DuckDBPyConnection,
    source: SourceFile,
    folder: Path,
    survey: Survey,
    mapping: Mapping | None,
    allow: Sequence[str],
    lonely_psu: LonelyPsu | None,
) -> Checked:
    """Check a staged file against its folder.

    Raises:
        FileErrors: with everything wrong that is not allowed.
    """
    if source.simulated:
        made = "the simulated respondents of this program"
        raise FileErrors(source.name, [FileError("", "", "", "answers that people gave", made)])
    staged = stage(connection, str(source.rows))
    types = {row[0]: row[1] for row in staged.all("DESCRIBE staged")}
    used, errors = uses(survey, mapping, source, types)
    weight = next((u for u in used if u.target == WEIGHT), None)
    weight_errors, warnings = check_weights(staged, weight) if weight is not None else ([], [])
    (kept,) = staged.one(f"SELECT count(*) FROM staged WHERE {counted(used)}")
    left_out = staged.n - kept
    lonely = lonely_psu or survey.study.design.lonely_psu
    found = [
        *check_reading(source, guessed_missing(mapping, source)),
        *check_size(staged.n, kept, survey),
        *errors,
        *_ids(staged, mapping, source, types),
        *weight_errors,
        *check_design(staged, used, lonely),
        *check_answers(staged, used, survey),
    ]
    refused = [e for e in found if e.kind not in allow]
    if refused:
        raise FileErrors(source.name, refused)
    unknown = {e.column for e in found if e.kind == "unknown-code"}
    record = ImportRecord(
        file=source.name,
        sha256=source.sha256,
        n=kept,
        mapping=mapping_digest(folder),
        design=design_of(survey),
        allowed=tuple(sorted({e.kind for e in found})),
        undocumented=unknown_codes(staged, [u for u in used if u.name in unknown]),
        absent=tuple(e.column for e in found if e.kind == "unmapped"),
        left_out=left_out,
        lonely_psu=lonely_psu,
        reading=repr((source.encoding, source.separator, source.decimal, source.missing)),
        day=date.today().isoformat(),
    )
    warnings += _ignored(source, mapping, used)
    kept_as, _ = uses(as_imported(survey, record), mapping, source, types)
    select = _select(source.rows, kept_as)
    if _is_simulated(connection, select, folder, kept):
        instead = "the simulated respondents of this folder"
        raise FileErrors(source.name, [FileError("", "", "", "answers that people gave", instead)])
    return Checked(Source(source.name, select), record, tuple(found), tuple(warnings))


def _ids(
    staged: Staged, mapping: Mapping | None, source: SourceFile, types: dict[str, str]
) -> list[FileError]:
    if mapping is None or mapping.id is None:
        return []
    if source.column(mapping.id) is None:
        return [FileError("", mapping.id, "", "the column (id of mapping.yaml)", "no column of this name")]
    return list(check_ids(staged, mapping.id, text_of(source, mapping.id, types, mapping)))


def _ignored(source: SourceFile, mapping: Mapping | None, used: Sequence[Use]) -> list[FileError]:
    known = {u.name for u in used} | ({c.column for c in mapping.left_out} if mapping else set())
    known |= {mapping.id} if mapping is not None and mapping.id is not None else set()
    free = [c.name for c in source.columns if c.name not in known]
    if not free:
        return []
    named = ", ".join(free[:20]) + (f" and {len(free) - 20} more" if len(free) > 20 else "")
    return [FileError("", named, "", "a column that the folder knows", "others: they are not imported")]


def _select(rows: Path, used: Sequence[Use]) -> str:
    columns = ", ".join(f"{u.value} AS {identifier(u.target)}" for u in used)
    return f"SELECT {columns} FROM read_parquet({quoted(str(rows))}) WHERE {counted(used)}"


def _is_simulated(connection: duckdb.DuckDBPyConnection, select: str, folder: Path, n: int) -> bool:
    """Whether the respondents are the folder's simulated ones in another coat, all but a few of them."""
    simulated = folder / PARQUET
    if not (folder / SIMULATION).exists() or not simulated.exists():
        return False
    theirs = f"SELECT * FROM read_parquet({quoted(str(simulated))})"
    ours, those = (
        {row[0]: row[1] for row in connection.execute(f"DESCRIBE {sql}").fetchall()}
        for sql in (select, theirs)
    )
    numbers = {name for name, kind in ours.items() if kind == "DOUBLE"}
    shared = ", ".join(
        f"{identifier(name)}::{'DOUBLE' if name in numbers else 'VARCHAR'}"
        for name in sorted(ours.keys() & those.keys())
    )
    if shared.count(",") < FEWEST_SHARED:
        return False
    left = f"SELECT {shared} FROM ({select}) EXCEPT ALL SELECT {shared} FROM ({theirs})"
    others = int(connection.execute(f"SELECT count(*) FROM ({left})").fetchall()[0][0])
    return others <= n * OTHERS
