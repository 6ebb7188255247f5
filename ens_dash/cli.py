"""The command line: build, simulate, verify, figures, compare.

Data go to stdout and nothing else does; what is said to a person goes to stderr. Exit status: 0 done,
1 a verification that does not hold, 2 bad input, with everything that is wrong with it at once.
"""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Literal, get_args

import click
from rich.console import Console
from rich.text import Text as Line

from ens_dash import __version__
from ens_dash.estimate.cells import LonelyUnit
from ens_dash.estimate.comparisons import compare
from ens_dash.estimate.figures import figures
from ens_dash.estimate.proportion import Method
from ens_dash.options import BadInput, Reader
from ens_dash.render.console import comparison_table, errors_table, figures_table, verification_tables
from ens_dash.render.rows import COLUMNS, COMPARED, Format, comparison_rows, figure_rows, written
from ens_dash.settings import Settings
from ens_dash.store import PARQUET, SIMULATION, ReleaseError, Store, build, has_release, open_store
from ens_dash.survey.base import LANGS, Lang, Origin
from ens_dash.survey.errors import SurveyErrors
from ens_dash.survey.folder import read_survey
from ens_dash.survey.model import Survey
from ens_dash.text import Words, load_words
from ens_dash.verify import verify
from ens_dash.view import DEFAULT_LANG, filter_sentence

BAD_INPUT = 2
DOES_NOT_HOLD = 1
# A table that is not read on a terminal is not broken to a terminal's width.
WIDE = 200

FOLDER_HEADS = ("file", "entry", "expected", "found", "hint")
OPTION_HEADS = ("option", "value", "expected", "found", "hint")


class Commands(click.Group):
    """Commands whose errors are told to the person who typed, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SurveyErrors as error:
            _say(f"{len(error.errors)} error(s) in {error.folder}; the release in service is untouched")
            _console(err=True).print(errors_table(error.errors, FOLDER_HEADS))
        except BadInput as error:
            _say(f"{len(error.errors)} error(s) in what was typed")
            _console(err=True).print(errors_table(error.errors, OPTION_HEADS))
        except (ReleaseError, LonelyUnit, OSError) as error:
            if isinstance(error, BrokenPipeError):
                raise
            _say(f"error: {error}")
        ctx.exit(BAD_INPUT)


survey_option = click.option(
    "--survey",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A survey folder; left out, the site's own.",
)
format_option = click.option(
    "--format", "form", type=click.Choice(["table", *get_args(Format)]), default="table", show_default=True
)
lang_option = click.option("--lang", type=click.Choice(LANGS), default=DEFAULT_LANG, show_default=True)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ens_dash")
def main() -> None:
    """A survey's figures, each with its origin."""


@main.command("build")
@survey_option
def build_command(folder: Path | None) -> None:
    """Check a survey folder, build its release and put it in service."""
    named = None if folder is not None else Settings.from_environment().survey
    settings, folder = _places(folder)
    with _progress("Building…"):
        release = build(folder, settings.releases, named=named)
    _console().print(
        f"Release {release.id} of {release.survey} is in service: {release.n} respondents, {release.origin}."
    )


@main.command("simulate")
@survey_option
@click.option(
    "--calibrate", "again", is_flag=True, help="Solve for the coefficients again and write them back first."
)
def simulate_command(folder: Path | None, again: bool) -> None:
    """Make the simulated respondents anew from simulation.yaml."""
    # imported here: pandas and scipy.stats take longer to load than the other commands to run
    from ens_dash.survey.simulation import (
        calibrate,
        read_settings,
        simulate,
        write_calibration,
        write_respondents,
    )

    _, folder = _places(folder)
    survey, path = read_survey(folder), folder / SIMULATION
    if not path.exists():
        raise ReleaseError(f"{path}: expected the settings of a simulation, found no file")
    with _progress("Simulating…") as status:
        try:
            plan = read_settings(path)
            if again:
                plan = calibrate(survey, plan, report=lambda seed, why: _tried(status, seed, why))
                write_calibration(path, plan)
            respondents = simulate(survey, plan)
        except (ValueError, KeyError) as error:
            raise ReleaseError(f"{SIMULATION}: {error}") from error
        temporary = folder / f".{PARQUET}-{os.getpid()}"
        write_respondents(temporary, respondents)
        temporary.replace(folder / PARQUET)
    _console().print(f"{len(respondents)} simulated respondents, seed {plan.seed}: {folder / PARQUET}")


@main.command("verify")
@survey_option
@lang_option
def verify_command(folder: Path | None, lang: Lang) -> None:
    """Compare the respondents with every published figure and every statement of the report."""
    settings, folder = _places(folder)
    store = _release(settings, folder)
    found = verify(store)
    _console().print(verification_tables(found, store.survey, _words(settings, lang)))
    if not found.holds:
        sys.exit(DOES_NOT_HOLD)


@main.command("figures")
@click.option(
    "-q", "--question", "asked", multiple=True, metavar="QUESTION", help="A question's id; left out, all."
)
@click.option("--where", multiple=True, metavar="VAR=CODE[,CODE]", help="Among whom; several: all at once.")
@click.option("--by", metavar="VAR", help="One row for each segment of a variable.")
@click.option("--ci", "method", type=click.Choice(get_args(Method)), default="beta", show_default=True)
@click.option("--origin", type=click.Choice(get_args(Origin)), help="Only figures of this origin.")
@survey_option
@format_option
@lang_option
def figures_command(
    asked: tuple[str, ...],
    where: tuple[str, ...],
    by: str | None,
    method: Method,
    origin: Origin | None,
    folder: Path | None,
    form: Literal["table", "csv", "json"],
    lang: Lang,
) -> None:
    """The figures of questions, for everybody or among some.

    A code that holds a comma stands in double quotes: --where 'occup="Etudiant, eleve"'.
    """
    settings, folder = _places(folder)
    survey = read_survey(folder)
    typed = Reader(survey)
    questions, among, by = typed.questions(asked), typed.filter("--where", where), typed.variable("--by", by)
    typed.check()
    store = _release(settings, folder, survey)
    found = figures(store, questions, among, by, origin, method)
    if form != "table":
        if not found:
            _say("no such figure: no row")
        _data(written(figure_rows(found, survey.study.id), COLUMNS, form))
        return
    words = _words(settings, lang)
    people = filter_sentence(among, survey.variables, words)
    _console().print(figures_table(found, survey, people, words))


@main.command("compare")
@click.option(
    "-q", "--question", "asked", multiple=True, required=True, metavar="QUESTION", help="A question's id."
)
@click.option("--a", "a", multiple=True, required=True, metavar="VAR=CODE[,CODE]", help="The group.")
@click.option(
    "--b", "b", multiple=True, metavar="VAR=CODE[,CODE]", help="The other; left out, everybody else."
)
@survey_option
@format_option
@lang_option
def compare_command(
    asked: tuple[str, ...],
    a: tuple[str, ...],
    b: tuple[str, ...],
    folder: Path | None,
    form: Literal["table", "csv", "json"],
    lang: Lang,
) -> None:
    """The difference between two groups in every answer of a question, and whether it is chance."""
    settings, folder = _places(folder)
    survey = read_survey(folder)
    typed = Reader(survey)
    questions, first = typed.questions(asked), typed.filter("--a", a)
    second = typed.filter("--b", b) if b else None
    typed.check()
    rows = compare(_release(settings, folder, survey), questions, first, second)
    if form != "table":
        _data(written(comparison_rows(rows, survey.study.id), COMPARED, form))
        return
    words = _words(settings, lang)
    other = filter_sentence(second, survey.variables, words) if second is not None else words("cli.rest")
    title = words("cli.compared", a=filter_sentence(first, survey.variables, words), b=other)
    _console().print(comparison_table(rows, survey, title, words))


def _places(folder: Path | None) -> tuple[Settings, Path]:
    settings = Settings.from_environment()
    return settings, folder or settings.survey_folder


def _release(settings: Settings, folder: Path, survey: Survey | None = None) -> Store:
    """The release of what the folder holds now, built first where there is none; the one in service stays."""
    name = (survey or read_survey(folder)).study.id
    if not has_release(folder, settings.releases, name):
        _say(f"no release of {folder} yet: building one in {settings.releases}")
    with _progress("Building…"):
        release = build(folder, settings.releases, serve=False)
    return open_store(settings.releases, name, release.id)


def _words(settings: Settings, lang: Lang) -> Words:
    return load_words(settings.data / "text")[lang]


def _console(err: bool = False) -> Console:
    console = Console(stderr=err, markup=False, highlight=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = WIDE
    return console


def _say(text: str) -> None:
    _console(err=True).print(Line(text), soft_wrap=True)


def _data(text: str) -> None:
    click.echo(text, nl=False)


def _progress(text: str) -> AbstractContextManager[Any]:
    console = _console(err=True)
    return console.status(text) if console.is_terminal else nullcontext()


def _tried(status: Any, seed: int, why: str | None) -> None:
    told = f"seed {seed}: {why or 'every check passes'}"
    if status is not None:
        status.update(told)
    else:
        _say(told)
