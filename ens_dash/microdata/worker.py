"""The process that reads one survey file: `python -m ens_dash.microdata.worker`, started by `child`.

It gets a request as one line of JSON on its standard input, confines itself, reads, and leaves in its
working folder either what it found or what is wrong. How far it has come goes to its standard output, a
line of JSON each. What libraries print goes to standard error, which nobody is shown.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import IO, Any

from ens_dash.microdata.errors import FileErrors
from ens_dash.microdata.sandbox import Limits, confine, reaches
from ens_dash.microdata.source import ReadOptions, SourceFile

DESCRIPTION, REFUSAL = "source.json", "refused.json"
# The stage of the first line, which says 1 where the network is closed and 0 where it is not.
NETWORK = "network"
# Seconds between two lines of one stage.
PAUSE = 0.2
Tell = Callable[[str, int, int | None], None]


def main() -> int:
    request = json.loads(sys.stdin.buffer.readline())
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # what a library prints must not be taken for an answer
    os.dup2(2, 1)
    tell = _teller(channel)
    limits = Limits(**request["limits"])
    tell(NETWORK, int(confine(limits, request["parent"])), None)
    if "port" in request:
        tell("reached", int(reaches(request["port"])), None)
        return 0
    try:
        source = _read(request, limits, tell)
        answer, place = _plain(asdict(source)), DESCRIPTION
    except FileErrors as error:
        answer, place = [asdict(e) for e in error.errors], REFUSAL
    except Exception as error:
        from ens_dash.microdata.reading import exhausted

        status = exhausted(error)
        if status is None:
            raise
        return status
    with open(place, "w", encoding="utf-8") as file:
        # half of a character, from a name of the file, cannot be written as UTF-8
        json.dump(answer, file, ensure_ascii=True, allow_nan=False)
    return 0


def _read(request: dict[str, Any], limits: Limits, tell: Tell) -> SourceFile:
    # numpy starts threads when it is imported, and a process with threads cannot confine itself
    from ens_dash.microdata.reading import INPUT, Reading
    from ens_dash.microdata.signature import mismatch

    options = request["options"]
    missing = None if options["missing"] is None else tuple(options["missing"])
    reading = Reading(request["name"], ReadOptions(**{**options, "missing": missing}), limits, tell)
    kind = request["format"]
    with open(INPUT, "rb") as stream:
        wrong = mismatch(stream.read(512), kind)
    if wrong is not None:
        raise FileErrors(reading.name, [wrong])
    if kind == "csv":
        from ens_dash.microdata.read_csv import read_csv

        return read_csv(reading)
    if kind == "parquet":
        from ens_dash.microdata.read_parquet import read_parquet

        return read_parquet(reading)
    from ens_dash.microdata.read_stata_spss import read_stata_spss

    return read_stata_spss(reading, kind)


def _teller(channel: IO[str]) -> Tell:
    last: dict[str, float] = {}

    def tell(stage: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if stage in last and now - last[stage] < PAUSE and done != total:
            return
        last[stage] = now
        print(json.dumps([stage, done, total]), file=channel, flush=True)

    return tell


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str, allow_nan=False))


if __name__ == "__main__":
    sys.exit(main())
