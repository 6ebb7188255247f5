"""What an audit found, as tables in a terminal."""

from __future__ import annotations

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as Line

from ens_dash.audited import Record
from ens_dash.render.accessibility import faults, results
from ens_dash.text import Words

BAD = "red"


def results_table(record: Record, words: Words) -> RenderableType:
    """What was measured, against what is wanted."""
    title = f"{record.date.isoformat()}  ens_dash {record.program}  {record.survey} {record.release}"
    table = Table(box=box.SIMPLE, title=title, title_justify="left")
    for name in ("check", "found", "wanted", "holds"):
        table.add_column(words(f"accessibility.results.{name}"))
    for r in results(record, words):
        said = words(f"accessibility.results.{'yes' if r.holds else 'no'}") if r.wanted else ""
        table.add_row(r.check, r.found, r.wanted, said, style=None if r.holds else BAD)
    return table


def faults_list(record: Record, words: Words) -> RenderableType:
    """Everything of ours that is wrong, a line each."""
    return Line("\n".join(f"- {f.text} {f.technical}".rstrip() for f in faults(record, words)))
