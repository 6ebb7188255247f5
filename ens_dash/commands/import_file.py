"""`import`: a survey file into service, with everything wrong in it told at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import click

from ens_dash.commands.shared import console_of, file_errors_table, places, say, survey_option
from ens_dash.microdata.check_file import ALLOWED
from ens_dash.microdata.load import Progress, import_file
from ens_dash.microdata.source import ReadOptions
from ens_dash.options import BadInput
from ens_dash.store import open_store
from ens_dash.survey.errors import FolderError
from ens_dash.survey.references import nearest
from ens_dash.survey.study import LonelyPsu
from ens_dash.verify import verify

STAGES = {
    "look": "Looking at the file",
    "convert": "Reading the text",
    "read": "Reading",
    "check": "Counting",
    "digest": "Digesting",
    "compare": "Comparing with the folder",
    "write": "Writing the release",
}


KINDS = "\b\nKinds of error that --allow takes, and what becomes of what is allowed:\n" + "\n".join(
    f"  {kind:<18} {what}" for kind, what in ALLOWED.items()
)


@click.command("import", epilog=KINDS)
@click.argument("file", type=click.Path(path_type=Path))
@survey_option
@click.option(
    "--allow",
    "allow",
    metavar="LIST",
    default="",
    help="Kinds of error to accept, with commas between; below is what each means.",
)
@click.option(
    "--lonely-psu",
    type=click.Choice(get_args(LonelyPsu)),
    help="What a stratum with one PSU adds to a variance: its distance from the mean, or nothing.",
)
@click.option("--encoding", help="Of a .csv, e.g. cp1252; left out, the folder's, else it must be UTF-8.")
@click.option("--separator", help="Of a .csv; left out, the folder's, else it must be a comma.")
@click.option("--decimal", type=click.Choice([".", ","]), help="Of a .csv; left out, the folder's.")
def import_command(
    file: Path,
    folder: Path | None,
    allow: str,
    lonely_psu: LonelyPsu | None,
    encoding: str | None,
    separator: str | None,
    decimal: str | None,
) -> None:
    """Check a survey file (.sav, .dta, .csv, .parquet) against a folder and put its answers in service.

    Nothing is imported with an error that --allow does not name, and what is served stays until all is well.
    """
    allowed = _kinds(allow)
    settings, folder = places(folder)
    options = ReadOptions(encoding=encoding, separator=separator, decimal=decimal)
    with _progress() as progress:
        done = import_file(file, folder, settings.releases, options, allowed, lonely_psu, progress)
    release, console = done.release, console_of()
    if done.allowed:
        say(f"{len(done.allowed)} error(s) allowed:")
        console_of(err=True).print(file_errors_table(done.allowed))
    if done.warnings:
        say(f"{len(done.warnings)} warning(s):")
        console_of(err=True).print(file_errors_table(done.warnings))
    left_out = f" ({done.record.left_out} left out)" if done.record.left_out else ""
    console.print(
        f"Release {release.id} of {release.survey} is in service: {release.n} respondents{left_out} "
        f"from {release.file}, {release.origin}."
    )
    if done.survey.published:
        store = open_store(settings.releases, release.survey, release.id)
        try:
            checks = verify(store).figures
        finally:
            store.close()
        held = sum(check.holds for check in checks)
        console.print(f"{held} of {len(checks)} figures of the report are reproduced within its rounding.")
        if held < len(checks):
            console.print(f"The others: python -m ens_dash verify --survey {folder}")


def _kinds(text: str) -> Sequence[str]:
    kinds = [kind for part in text.split(",") if (kind := part.strip())]
    wrong = [kind for kind in kinds if kind not in ALLOWED]
    if wrong:
        raise BadInput(
            FolderError("--allow", kind, "a kind of error", repr(kind), nearest(kind, ALLOWED))
            for kind in wrong
        )
    return kinds


@contextmanager
def _progress() -> Iterator[Progress]:
    """What an import is at: a line that changes on a terminal, else one line a stage."""
    console = console_of(err=True)
    told: set[str] = set()
    with console.status("Looking at the file…") as status:

        def progress(stage: str, done: int, total: int | None) -> None:
            text = STAGES.get(stage, stage)
            if console.is_terminal:
                rows = f" {done:,} of {total:,} rows" if total else f" {done:,} rows" if done else ""
                status.update(f"{text}{rows}…")
            elif stage not in told:
                told.add(stage)
                say(f"{text}…")

        yield progress
