"""The command line: build, simulate, verify, figures, compare; describe, import; check, export; audit.

Exit status: 0 done, 1 a verification that does not hold or a file that is not as today, 2 bad input, with
everything that is wrong with it at once, or what could not be done.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Literal, get_args

import click

from ens_dash import __version__
from ens_dash.commands.audit import audit_command
from ens_dash.commands.describe import describe_command
from ens_dash.commands.files import check_command, export_command
from ens_dash.commands.import_file import import_command
from ens_dash.commands.shared import (
    DOES_NOT_HOLD,
    Commands,
    console_of,
    emit,
    format_option,
    lang_option,
    opened,
    places,
    say,
    survey_option,
    waiting,
    words_of,
)
from ens_dash.estimate.comparisons import compare
from ens_dash.estimate.figures import figures
from ens_dash.estimate.proportion import Method
from ens_dash.options import Reader
from ens_dash.render.console import comparison_table, figures_table, verification_tables
from ens_dash.render.rows import COLUMNS, COMPARED, comparison_rows, figure_rows, written
from ens_dash.settings import Settings
from ens_dash.store import PARQUET, SIMULATION, ReleaseError, build
from ens_dash.survey.base import Lang, Origin
from ens_dash.survey.folder import read_survey
from ens_dash.verify import verify
from ens_dash.view import filter_sentence


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ens_dash")
def main() -> None:
    """A survey's figures, each with its origin."""


@main.command("build")
@survey_option
def build_command(folder: Path | None) -> None:
    """Check a survey folder, build its release and put it in service."""
    named = None if folder is not None else Settings.from_environment().survey
    settings, folder = places(folder)
    with waiting("Building…"):
        release = build(folder, settings.releases, named=named)
    console_of().print(
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

    _, folder = places(folder)
    survey, path = read_survey(folder), folder / SIMULATION
    if not path.exists():
        raise ReleaseError(f"{path}: expected the settings of a simulation, found no file")
    with waiting("Simulating…") as status:
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
    console_of().print(f"{len(respondents)} simulated respondents, seed {plan.seed}: {folder / PARQUET}")


@main.command("verify")
@survey_option
@lang_option
def verify_command(folder: Path | None, lang: Lang) -> None:
    """Compare the respondents with every published figure and every statement of the report."""
    settings, folder = places(folder)
    store = opened(settings, folder)
    found = verify(store)
    console_of().print(verification_tables(found, store.survey, words_of(settings, store, lang)))
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
    settings, folder = places(folder)
    store = opened(settings, folder)
    survey = store.survey
    typed = Reader(survey)
    questions, among, by = typed.questions(asked), typed.filter("--where", where), typed.variable("--by", by)
    typed.check()
    found = figures(store, questions, among, by, origin, method)
    if form != "table":
        if not found:
            say("no such figure: no row")
        emit(written(figure_rows(found, survey.study.id), COLUMNS, form))
        return
    words = words_of(settings, store, lang)
    people = filter_sentence(among, survey.variables, words)
    console_of().print(figures_table(found, survey, people, words))


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
    settings, folder = places(folder)
    store = opened(settings, folder)
    survey = store.survey
    typed = Reader(survey)
    questions, first = typed.questions(asked), typed.filter("--a", a)
    second = typed.filter("--b", b) if b else None
    typed.check()
    rows = compare(store, questions, first, second)
    if form != "table":
        emit(written(comparison_rows(rows, survey.study.id), COMPARED, form))
        return
    words = words_of(settings, store, lang)
    other = filter_sentence(second, survey.variables, words) if second is not None else words("cli.rest")
    title = words("cli.compared", a=filter_sentence(first, survey.variables, words), b=other)
    console_of().print(comparison_table(rows, survey, title, words))


def _tried(status: Any, seed: int, why: str | None) -> None:
    told = f"seed {seed}: {why or 'every check passes'}"
    if status is not None:
        status.update(told)
    else:
        say(told)


main.add_command(audit_command)
main.add_command(check_command)
main.add_command(describe_command)
main.add_command(export_command)
main.add_command(import_command)
