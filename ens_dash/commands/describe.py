"""Draft a survey folder from a survey file: describe."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from ens_dash.commands.shared import console_of, say, waiting
from ens_dash.options import BadInput
from ens_dash.survey.base import LANGS, Lang
from ens_dash.survey.errors import FolderError

# the modules behind this command load readers that take longer than the other commands to run
if TYPE_CHECKING:
    from ens_dash.microdata.plan import Plan


@click.command("describe")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o", "--output", "place", required=True, metavar="DIR", type=click.Path(path_type=Path),
    help="The folder to write; new, or empty.",
)  # fmt: skip
@click.option("--id", "id_", metavar="COL", help="The column that tells respondents apart.")
@click.option("--weight", metavar="COL", help="The column with their weights.")
@click.option("--stratum", metavar="COL", help="The column with their strata.")
@click.option("--psu", metavar="COL", help="The column with their primary sampling units.")
@click.option("--segment", "segments", multiple=True, metavar="COL", help="A way to divide respondents.")
@click.option("--survey-id", metavar="ID", help="Left out, the folder's name.")
@click.option("--lang", type=click.Choice(LANGS), default="fr", show_default=True, help="Of the labels.")
@click.option("--encoding", help="Of a .csv; left out, found by looking.")
@click.option("--separator", help="Of a .csv: , or ; or a tab.")
@click.option("--decimal", type=click.Choice([".", ","]), help="Of a .csv.")
def describe_command(
    file: Path,
    place: Path,
    id_: str | None,
    weight: str | None,
    stratum: str | None,
    psu: str | None,
    segments: tuple[str, ...],
    survey_id: str | None,
    lang: Lang,
    encoding: str | None,
    separator: str | None,
    decimal: Literal[".", ","] | None,
) -> None:
    """Draft a survey folder from a .sav, .dta, .csv or .parquet file.

    Guesses are marked as guesses in the files. Names, addresses, free text and other columns that may tell
    who somebody is are left out, with the reason.
    """
    from ens_dash.microdata.child import read_source
    from ens_dash.microdata.describe import describe
    from ens_dash.microdata.draft import check_place, write_draft
    from ens_dash.microdata.guess import Chosen
    from ens_dash.microdata.source import ReadOptions

    named = _survey_id(survey_id, place)
    check_place(place)
    with tempfile.TemporaryDirectory(prefix="ens_dash-") as work, waiting("Reading…") as status:
        options = ReadOptions(encoding=encoding, separator=separator, decimal=decimal)
        source = read_source(file, Path(work), options, partial(_progress, status))
        plan = describe(source, Chosen(id_, weight, stratum, psu, segments), named, lang)
        to_write = write_draft(plan, place, date.today())
    _told(plan, file, place, to_write)


def _progress(status: Any, stage: str, done: int, total: int | None) -> None:
    if status is not None:
        status.update(f"{stage}: {done / total:.0%}" if total else stage)


def _survey_id(given: str | None, place: Path) -> str:
    from ens_dash.microdata.naming import survey_id

    found = survey_id(place.resolve().name)
    if given is None:
        return found
    if given != survey_id(given):
        error = FolderError("--survey-id", given, "letters a-z, digits and -", given, survey_id(given))
        raise BadInput([error])
    return given


def _told(plan: Plan, file: Path, place: Path, to_write: int) -> None:
    roles = plan.roles
    say(f"{place}: {plan.source.n} respondents, {len(plan.source.columns)} columns of {file.name}")
    for role in ("id", "weight", "stratum", "psu"):
        column = getattr(roles, role)
        guessed = " (a guess)" if role in roles.guessed else ""
        say(f"  {role}: {column or 'none'}{guessed}")
    say(f"  segments: {', '.join(v.id for v in plan.variables) or 'none'}")
    say(f"  questions: {len(plan.questions)}")
    if plan.source.accents and "encoding" in plan.source.found:
        # said here and not in the folder: they are pieces of what respondents wrote
        say(f"  encoding: {plan.source.encoding} (a guess); it reads {', '.join(plan.source.accents)}")
    if plan.guesses:
        say(f"\n{len(plan.guesses)} guess(es) to look at, marked `guess` in the files")
        _table(("what", "why"), [(g.what, g.why) for g in plan.guesses])
    letters = _letters(plan)
    if letters:
        say("\nStata's missing letters count as no answer, marked `look` in the files")
        _table(("column", "letter", "label", "respondents"), letters)
    if plan.left_out:
        say(f"\n{len(plan.left_out)} column(s) left out")
        _table(("column", "why"), [(c.column, c.why) for c in plan.left_out])
    say(f"\n{to_write} thing(s) to write, marked `write` in the files. Then:")
    say(f"  python -m ens_dash import {shlex.quote(str(file))} --survey {shlex.quote(str(place))}")


def _letters(plan: Plan) -> list[tuple[str, str, str, str]]:
    """Stata's missing letters in the columns that are used: what they say was perhaps an answer."""
    used = {use.name for use in plan.uses}
    columns = [c for c in plan.source.columns if c.name in used]
    return [(c.name, letter, label, str(n)) for c in columns for letter, label, n in c.letters]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console_of(err=True).print(table)
