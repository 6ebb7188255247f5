"""Files that have left the site, and the press kit: check, export."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from ens_dash.commands.shared import (
    BAD_INPUT,
    console_of,
    emit,
    lang_option,
    opened,
    places,
    say,
    survey_option,
)
from ens_dash.options import Reader
from ens_dash.survey.base import LANGS, Lang
from ens_dash.survey.errors import FolderError
from ens_dash.text import load_words

# the modules behind these commands load readers and painters that take longer than the other commands to run
if TYPE_CHECKING:
    from ens_dash.presskit import Made


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@survey_option
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@lang_option
def check_command(
    files: tuple[Path, ...], folder: Path | None, form: Literal["table", "json"], lang: Lang
) -> None:
    """Whether files of the site (pictures, tables, slides) still have today's figures.

    Exit status: 0 the same; 1 changed, or altered since; 2 nothing to compare. Of several files the worst.
    What is checked is what a file says of itself: pixels, and words for readers, are not read.
    """
    from ens_dash.check.file import check_file
    from ens_dash.check.told import document, status, told
    from ens_dash.site import Site

    settings, folder = places(folder)
    words = load_words(settings.data / "text")
    site = Site(opened(settings, folder), words)
    console = console_of()
    results, documents = [], []
    for path in files:
        result = check_file(path, site, settings)
        results.append(result)
        documents.append(document(str(path), result))
        if form == "table":
            console.print(told(str(path), result, site.survey, words[lang]))
    if form == "json":
        emit(json.dumps(documents, indent=1, allow_nan=False) + "\n")
    else:
        console.print(words[lang]("check.note"))
    sys.exit(status(results))


@click.command("export")
@click.option("--all", "every", is_flag=True, help="Every question of the survey.")
@click.option("-q", "--question", "asked", multiple=True, metavar="QUESTION", help="A question's id.")
@click.option(
    "-o",
    "--output",
    "place",
    required=True,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to; what is there already, and of this release, is kept.",
)
@click.option("--where", multiple=True, metavar="VAR=CODE[,CODE]", help="Among whom; several: all at once.")
@click.option("--fictional", is_flag=True, help="Take the simulated figures that --where asks for.")
@survey_option
@click.option("--lang", "langs", multiple=True, type=click.Choice(LANGS), help="Left out: both.")
def export_command(
    every: bool,
    asked: tuple[str, ...],
    place: Path,
    where: tuple[str, ...],
    fictional: bool,
    folder: Path | None,
    langs: tuple[Lang, ...],
) -> None:
    """The press kit: PNG, SVG and CSV of every question, in French and English, with a page about them.

    National figures only, unless --where is given. Stopped and started again, it goes on. One export a folder
    at a time.
    """
    from ens_dash.presskit import Plan, write_kit
    from ens_dash.site import Site

    settings, folder = places(folder)
    store = opened(settings, folder)
    typed = Reader(store.survey)
    if not every and not asked:
        typed.errors.append(FolderError("export", "", "--all, or -q QUESTION", "neither", "add --all"))
    questions, among = typed.questions(asked), typed.filter("--where", where)
    if among and store.release.origin == "simulated" and not fictional:
        expected, hint = "--fictional beside it", "they are not to be quoted; file names and files say so"
        found = "a filter, whose figures are simulated"
        typed.errors.append(FolderError("--where", " ".join(where), expected, found, hint))
    typed.check()
    site = Site(store, load_words(settings.data / "text"))
    chosen = tuple(code for code in LANGS if code in (langs or LANGS))
    plan = Plan(tuple(q.id for q in questions), chosen, among, place)
    with _progress(len(plan.questions)) as report:
        kit = write_kit(plan, site, settings, report)
    say(f"{place}: {kit.made} file(s) made, {kit.kept} kept; begin with {kit.index}")
    if kit.missing:
        say(f"{len(kit.missing)} picture(s) missing: {kit.reason}")
        for name in kit.missing:
            say(f"  {name}")
        sys.exit(BAD_INPUT)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[Made], None]]:
    """A bar on a terminal, a line a question elsewhere."""
    console = console_of(err=True)
    if not console.is_terminal:
        yield lambda made: say(f"{made.question}: {made.told}")
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=total)
        yield lambda made: bar.update(task, advance=1, description=made.question)
