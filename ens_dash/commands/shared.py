"""What all commands share: options, errors for the person who typed, the release, the terminal.

Data go to stdout and nothing else does; what is said to a person goes to stderr.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, get_args

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text as Line

from ens_dash.estimate.cells import LonelyUnit
from ens_dash.microdata.errors import FileError, FileErrors
from ens_dash.options import BadInput
from ens_dash.render.console import errors_table
from ens_dash.render.rows import Format
from ens_dash.settings import Settings
from ens_dash.store import ReleaseError, Store, build, has_release, open_store
from ens_dash.survey.base import LANGS, Lang
from ens_dash.survey.errors import SurveyErrors
from ens_dash.survey.folder import read_survey
from ens_dash.survey.model import Survey
from ens_dash.text import Words, load_words
from ens_dash.text.of_survey import survey_words
from ens_dash.view import DEFAULT_LANG

BAD_INPUT = 2
DOES_NOT_HOLD = 1
# A table that is not read on a terminal is not broken to a terminal's width.
WIDE = 200

FOLDER_HEADS = ("file", "entry", "expected", "found", "hint")
OPTION_HEADS = ("option", "value", "expected", "found", "hint")


class Commands(click.Group):
    """Commands whose errors are told to the person who typed, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        # a service that is stopped cleans up as one that is interrupted
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
        try:
            return super().invoke(ctx)
        except SurveyErrors as error:
            say(f"{len(error.errors)} error(s) in {error.folder}; the release in service is untouched")
            console_of(err=True).print(errors_table(error.errors, FOLDER_HEADS))
        except BadInput as error:
            say(f"{len(error.errors)} error(s) in what was typed")
            console_of(err=True).print(errors_table(error.errors, OPTION_HEADS))
        except FileErrors as error:
            told = f"{len(error.errors)} error(s) in {error.file}; nothing has changed."
            say(f"{told} Row 1 is the first respondent.")
            console_of(err=True).print(file_errors_table(error.errors))
        except (ReleaseError, LonelyUnit, OSError) as error:
            if isinstance(error, BrokenPipeError):
                raise
            say(f"error: {error}")
        ctx.exit(BAD_INPUT)


def file_errors_table(errors: Iterable[FileError]) -> Table:
    """Column, rows, what was expected, found, to do; and the word that `--allow` has for it."""
    table = Table(box=None, show_edge=False, pad_edge=False, header_style="bold")
    for head in ("column", "rows", "expected", "found", "hint", "--allow"):
        table.add_column(head, overflow="fold")
    for e in errors:
        table.add_row(e.column, e.rows, e.expected, e.found, e.hint, e.kind)
    return table


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


def places(folder: Path | None) -> tuple[Settings, Path]:
    settings = Settings.from_environment()
    return settings, folder or settings.survey_folder


def opened(settings: Settings, folder: Path, survey: Survey | None = None) -> Store:
    """The release of what the folder holds now, built first where there is none; the one in service stays."""
    survey = survey or read_survey(folder)
    if not has_release(folder, settings.releases, survey):
        say(f"no release of {folder} yet: building one in {settings.releases}")
    with waiting("Building…"):
        release = build(folder, settings.releases, serve=False)
    return open_store(settings.releases, survey.study.id, release.id)


def words_of(settings: Settings, store: Store, lang: Lang) -> Words:
    """The words as the survey of a release speaks them."""
    words, simulated = load_words(settings.data / "text"), store.release.origin == "simulated"
    return survey_words(words, store.survey, simulated=simulated)[lang]


def console_of(err: bool = False) -> Console:
    console = Console(stderr=err, markup=False, highlight=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = WIDE
    return console


def say(text: str) -> None:
    console_of(err=True).print(Line(text), soft_wrap=True)


def emit(text: str) -> None:
    click.echo(text, nl=False)


def waiting(text: str) -> AbstractContextManager[Any]:
    console = console_of(err=True)
    return console.status(text) if console.is_terminal else nullcontext()
