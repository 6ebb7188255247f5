"""A list of the API's documents as a CSV table: the same members, one document a row, notes below."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from ens_dash.render.datafile import safe
from ens_dash.render.rows import empty
from ens_dash.web.documents import Document
from ens_dash.web.schemas import SCHEMAS


def table(documents: Sequence[Document], schema: str, notes: Iterable[str]) -> bytes:
    """UTF-8 with a byte-order mark. Columns are the members of the schema; a list is joined by commas."""
    columns = list(SCHEMAS[schema]["properties"])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(found[name]) for name in columns] for found in documents)
    writer.writerow([])
    writer.writerows([safe(note)] for note in notes if note)
    return out.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    return safe(",".join(map(str, value)) if isinstance(value, list) else empty(value))
