"""Respondents that were imported: the file a survey's releases are built from, and what it says of itself.

`<releases>/<survey>/imported.parquet` holds the mapped answers with weight, stratum and PSU, and nothing
else of the file they came from. It lies with the releases and not in the survey folder: a folder is made
to be published, respondents are not. While it is there, every release of the survey is built from it,
whatever respondents lie in the folder.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError

from ens_dash.release import ReleaseError
from ens_dash.survey.base import Text
from ens_dash.survey.mapping import FILE as MAPPING
from ens_dash.survey.model import Answer, Question, Segment, SegmentVariable, Survey, column
from ens_dash.survey.study import LonelyPsu

IMPORTED = "imported.parquet"
RECORD_KEY = "ens_dash.import"


@dataclass(frozen=True)
class ImportRecord:
    """What an import was: of which file, how it was read, and what the person who imported it accepted.

    `n`: the respondents imported. `mapping`: digest of the mapping they were read with; `design`: the
    columns of weight, stratum and PSU. `undocumented`:
    column -> codes that the survey folder does not know and that were kept. `absent`: columns of questions
    that the file does not have. `left_out`: rows without a weight to count with. `day`: when, as
    YYYY-MM-DD; it is no part of the release's id.
    """

    file: str
    sha256: str
    n: int
    mapping: str
    design: tuple[str | None, ...] = ()
    allowed: tuple[str, ...] = ()
    undocumented: dict[str, tuple[str, ...]] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    left_out: int = 0
    lonely_psu: LonelyPsu | None = None
    reading: str = ""
    day: str = ""

    @property
    def key(self) -> str:
        """All that makes the respondents what they are, as text: a part of the release's id."""
        codes = [f"{name}={'|'.join(codes)}" for name, codes in sorted(self.undocumented.items())]
        parts = (self.sha256, self.mapping, ",".join(sorted(self.allowed)), self.lonely_psu or "")
        design = ",".join(name or "" for name in self.design)
        return "\0".join((*parts, self.reading, design, str(self.n), *codes))


_RECORD = TypeAdapter(ImportRecord)


def metadata(record: ImportRecord) -> str:
    """The record as text for the Parquet file's metadata."""
    return _RECORD.dump_json(record).decode("utf-8")


def mapping_digest(folder: Path) -> str:
    """A digest of mapping.yaml ("" without one): respondents mapped with another are not the folder's."""
    path = folder / MAPPING
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.exists() else ""


def design_of(survey: Survey) -> tuple[str | None, ...]:
    """The columns of the file that carry the design: respondents weighted by another are not the folder's."""
    design = survey.study.design
    return design.weight, design.stratum, design.psu


def imported(releases: Path, survey: str) -> tuple[Path, ImportRecord] | None:
    """The imported respondents of a survey, or None where none were imported.

    Raises:
        ReleaseError: the file is there and cannot be read; nothing else is taken in its place.
    """
    path = releases / survey / IMPORTED
    if not path.exists():
        return None
    try:
        found = (pq.read_schema(path).metadata or {})[RECORD_KEY.encode()]
        return path, _RECORD.validate_json(found)
    except (OSError, KeyError, pa.ArrowException, ValidationError) as error:
        raise ReleaseError(
            f"{path}: expected imported respondents, found {error!r}; import the survey file again"
        ) from None


def as_imported(survey: Survey, record: ImportRecord) -> Survey:
    """The survey as its imported respondents have it: their number, codes that it did not know, and what
    is done about a stratum with a single PSU."""
    study = survey.study
    design = study.design
    if record.lonely_psu is not None:
        design = design.changed(lonely_psu=record.lonely_psu)
    return survey.changed(
        study=study.changed(n=record.n, design=design),
        questions=tuple(_question(q, record) for q in survey.questions),
        variables=tuple(_variable(v, record) for v in survey.variables),
    )


def _question(question: Question, record: ImportRecord) -> Question:
    found = [c for i in question.item_ids for c in record.undocumented.get(column(question.id, i), ())]
    # the folder may have learnt a code since
    new = [Answer(code=c, label=_label(c)) for c in dict.fromkeys(found) if c not in question.stored_codes]
    # how many were asked is what the file says
    return question.changed(answers=(*question.answers, *new), base=question.base.changed(n=None))


def _variable(variable: SegmentVariable, record: ImportRecord) -> SegmentVariable:
    found = [c for c in record.undocumented.get(variable.id, ()) if variable.segment(c) is None]
    new = [Segment(code=code, label=_label(code)) for code in found]
    return variable.changed(segments=(*variable.segments, *new)) if new else variable


def _label(code: str) -> Text:
    return Text(fr=f"code {code} (non documenté)", en=f"code {code} (not documented)")
