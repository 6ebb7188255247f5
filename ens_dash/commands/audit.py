"""The audit of a running site: audit."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from ens_dash.audited import PARTS, RECORD, RecordError, written_record
from ens_dash.commands.shared import BAD_INPUT, DOES_NOT_HOLD, console_of, places, say
from ens_dash.render.audited import faults_list, results_table
from ens_dash.survey.base import LANGS
from ens_dash.survey.folder import read_survey
from ens_dash.text import load_words

# where `make run` listens
HERE = "http://127.0.0.1:8501"


@click.command("audit")
@click.argument("url", default=HERE)
@click.option(
    "-o",
    "--output",
    "place",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The record; left out, the one that the page on accessibility tells.",
)
@click.option("--only", "only", multiple=True, type=click.Choice(PARTS), help="Only these parts.")
@click.option(
    "--without", multiple=True, type=click.Choice(PARTS), help="Not these parts (lighthouse is slow)."
)
def audit_command(url: str, place: Path | None, only: tuple[str, ...], without: tuple[str, ...]) -> None:
    """Accessibility, layout, weight and speed of a running site, in a real browser; writes the record.

    Needs Chromium, requirements-dev.txt and audit/ (`make audit` installs them). Exit status: 0 all holds;
    1 something of ours does not; 2 it could not be done.
    """
    from ens_dash.audit.run import NoSite, Plan, audit
    from ens_dash.audit.task import Task
    from ens_dash.audit.tools import ToolError, tools
    from ens_dash.audit.upstream import read_upstream

    settings, folder = places(None)
    words, survey = load_words(settings.data / "text"), read_survey(folder)
    parts = tuple(p for p in PARTS if p in (only or PARTS) and p not in without)
    try:
        tasks = {lang: Task.of(survey, words[lang]) for lang in LANGS}
        plan = Plan(url.rstrip("/"), tools(), tasks, read_upstream(settings.data), parts)
        with _progress() as report:
            record = audit(plan, date.today(), report)
    except (ToolError, NoSite, RecordError, ValueError) as error:
        say(f"error: {error}")
        sys.exit(BAD_INPUT)
    path = place or settings.data / RECORD
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written_record(record), "utf-8")
    console = console_of()
    console.print(results_table(record, words["en"]))
    if record.failing:
        console.print(faults_list(record, words["en"]))
    say(f"written to {path}")
    if record.failing:
        say(f"ours to mend: {', '.join(record.failing)}")
        sys.exit(DOES_NOT_HOLD)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """What is being looked at, on a terminal; nothing elsewhere."""
    console = console_of(err=True)
    if not console.is_terminal:
        yield lambda told: None
        return
    with console.status("…") as status:
        yield lambda told: status.update(told)
