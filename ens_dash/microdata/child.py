"""Reading a survey file in a process of its own, which a hostile file may break without breaking this one.

This process never parses the file. It starts another (`ens_dash.microdata.worker`) with a clean
environment and limits on memory, time and output, and where the system allows it without a network
(`network_closed`). Linux enforces all limits.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import selectors
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError

from ens_dash.microdata.errors import FileError, FileErrors
from ens_dash.microdata.reading import INPUT, ROWS
from ens_dash.microdata.sandbox import NO_MEMORY, NO_SPACE, TOO_LARGE, Limits
from ens_dash.microdata.signature import ASKED, named_format
from ens_dash.microdata.source import ReadOptions, SourceFile
from ens_dash.microdata.worker import DESCRIPTION, NETWORK, REFUSAL

__all__ = ["Limits", "Progress", "network_closed", "read_source"]

Progress = Callable[[str, int, int | None], None]

# What a file of a million respondents and 80 columns needs three times over.
DEFAULT = Limits()
WORKER = "ens_dash.microdata.worker"
_LOG = logging.getLogger(__name__)
_SOURCE = TypeAdapter(SourceFile)
_ERRORS = TypeAdapter(tuple[FileError, ...])
# What libraries print in the other process, for whoever looks for a fault of the program.
_PRINTED = "reader.log"
# Bytes of a description: of ten thousand columns with long labels.
_LONGEST_ANSWER = 64_000_000
_LONGEST_LINE = 10_000
_DAMAGED = "the file is damaged, or was made to harm: export it again"


def read_source(
    file: Path,
    work: Path,
    options: ReadOptions = ReadOptions(),
    progress: Progress | None = None,
    limits: Limits = DEFAULT,
) -> SourceFile:
    """Read a survey file into rows and a description.

    `work`: an existing empty folder that the rows are written to; after an error what is in it is of no
    use. `progress(stage, done, total)` is called with the stages "look", "convert" (bytes), "read" (rows),
    "check" and "digest"; total is None where it is not known.

    Raises:
        FileErrors: what is wrong with the file, or why its reader had to be stopped.
    """
    kind = named_format(file.name)
    before = _regular(file)
    if kind is None:
        ending = f"the extension {file.suffix}" if file.suffix else "no extension"
        raise _refused(file.name, ASKED, f"a file with {ending}", "rename or export it")
    (work / INPUT).symlink_to(file.resolve())
    request = {
        "name": file.name,
        "format": kind,
        "options": asdict(options),
        "limits": asdict(limits),
        "parent": os.getpid(),
    }
    try:
        told = _run(request, work, limits, progress, file.name)
        source = _answer(work, file.name, kind)
    except FileErrors:
        _check_same(file, before)
        raise
    if told.get(NETWORK) != 1:
        _LOG.warning("this system lets no process give up its network: the file's reader could reach it")
    if progress is not None:
        progress("digest", 0, before.st_size)
    digest = _digest(file)
    _check_same(file, before)
    return replace(source, name=file.name, sha256=digest, rows=work / ROWS)


_SAME = ("st_size", "st_mtime_ns", "st_ino", "st_dev")
_AGAIN = "close the program that writes it, and try again"


def network_closed() -> bool:
    """Whether a reader's process has no network on this system: tried, by a connection to this machine.

    False also where the trial itself failed.
    """
    with socket.create_server(("127.0.0.1", 0)) as server, tempfile.TemporaryDirectory() as work:
        request = {"limits": asdict(DEFAULT), "parent": os.getpid(), "port": server.getsockname()[1]}
        try:
            told = _run(request, Path(work), Limits(wall=30), None, "")
        except FileErrors:
            return False
    return told.get(NETWORK) == 1 and told.get("reached") == 0


def _refused(name: str, expected: str, found: str, hint: str = "") -> FileErrors:
    return FileErrors(name, [FileError("", "", "", expected, found, hint)])


def _regular(file: Path) -> os.stat_result:
    """The file's state. Raises FileErrors where it is none that can be read; opens no pipe to find out."""
    try:
        state = file.stat()
        if stat.S_ISDIR(state.st_mode):
            raise _refused(file.name, "a file", "a folder", "name the file in it")
        if not stat.S_ISREG(state.st_mode):
            raise _refused(file.name, "a file", "a pipe or a device", "write it to a file first")
        with file.open("rb"):
            return state
    except FileNotFoundError:
        raise _refused(file.name, "a file", "none of this name", "is the path right?") from None
    except PermissionError:
        raise _refused(file.name, "a file that may be read", "no permission to read it") from None
    except (OSError, ValueError) as error:
        raise _refused(file.name, "a file", f"one that cannot be opened ({error})") from None


def _check_same(file: Path, before: os.stat_result) -> None:
    after = _regular(file)
    if [getattr(before, a) for a in _SAME] != [getattr(after, a) for a in _SAME]:
        raise _refused(file.name, "a file that stays as it is", "one that changed while it was read", _AGAIN)


def _digest(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        raise _refused(file.name, "a file that stays as it is", "one that went while it was read") from None


def _environment(work: Path) -> dict[str, str]:
    paths = [str(Path(__file__).parents[2]), *(p for p in sys.path if p and Path(p).is_absolute())]
    return {
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "HOME": str(work.absolute()),
        "TMPDIR": str(work.absolute()),
        # allocators that take memory as it is used, so that the limit counts what is used
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _run(
    request: dict[str, Any], work: Path, limits: Limits, progress: Progress | None, name: str
) -> dict[str, int]:
    """Start the process, follow it to its end; the last number that it told of each stage."""
    told: dict[str, int] = {}
    deadline = time.monotonic() + limits.wall
    with (work / _PRINTED).open("wb") as printed:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", WORKER],
            cwd=work,
            env=_environment(work),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=printed,
            start_new_session=True,
        )
    try:
        assert process.stdin is not None and process.stdout is not None
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.close()
        _follow(process.stdout.fileno(), deadline, told, progress)
        code = process.wait(max(0.1, deadline - time.monotonic()))
    except (TimeoutError, subprocess.TimeoutExpired):
        found = f"a reader that needed more than {limits.wall:g} seconds"
        raise _refused(name, "a file that can be read in time", found, _DAMAGED) from None
    finally:
        # also after an interrupt: nothing goes on reading behind the back of whoever stopped this
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
    if code != 0:
        raise _stopped(code, limits, name)
    return told


def _follow(stream: int, deadline: float, told: dict[str, int], progress: Progress | None) -> None:
    """Read the lines of the process until it closes them. Raises TimeoutError."""
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            if not selector.select(left):
                continue
            block = os.read(stream, 65_536)
            if not block:
                return
            *lines, rest = (rest + block).split(b"\n")
            rest = rest[:_LONGEST_LINE]
            for line in lines:
                _heard(line, told, progress)


def _heard(line: bytes, told: dict[str, int], progress: Progress | None) -> None:
    # a process that a file has taken over may say anything: what is no line of ours is passed over
    try:
        stage, done, total = json.loads(line)
    except (ValueError, TypeError, RecursionError):
        return
    if not (isinstance(stage, str) and type(done) is int and (total is None or type(total) is int)):
        return
    if len(told) < 50 or stage in told:
        told[stage[:40]] = done
    if progress is not None and stage != NETWORK:
        progress(stage[:40], done, total)


def _stopped(code: int, limits: Limits, name: str) -> FileErrors:
    """Why a process ended otherwise than by its own will, in plain words."""
    memory, output = f"{limits.memory / 1e6:,.0f} MB", f"{limits.output / 1e6:,.0f} MB"
    reasons = {
        NO_MEMORY: f"one that needs more than {memory} of memory",
        TOO_LARGE: f"one that becomes larger than {output}",
        -signal.SIGXFSZ: f"one that becomes larger than {output}",
        -signal.SIGXCPU: f"one that needs more than {limits.cpu} seconds of computing",
        -signal.SIGKILL: "one whose reader the system stopped, most likely for want of memory",
    }
    if code == NO_SPACE:
        return _refused(name, "room for its rows on the disk", "a full disk", "make room, and try again")
    broke = (
        f"one that broke its reader ({_signal(-code)})" if code < 0 else "one that its reader could not read"
    )
    return _refused(name, "a file that can be read", reasons.get(code, broke), _DAMAGED)


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _answer(work: Path, name: str, kind: str) -> SourceFile:
    """What the process left, believed only as far as it can be checked."""
    refusal = _left(work / REFUSAL)
    try:
        if refusal is not None:
            raise FileErrors(name, _ERRORS.validate_json(refusal, strict=True))
        source = _SOURCE.validate_json(_left(work / DESCRIPTION) or b"", strict=True)
        rows = work / ROWS
        footer = pq.read_metadata(rows) if not rows.is_symlink() else None
        if footer is not None and source.format == kind and source.n == footer.num_rows > 0:
            names = footer.schema.to_arrow_schema().names
            if names == [column.name for column in source.columns]:
                return source
    except (ValidationError, OSError, pa.ArrowException):
        pass
    raise _refused(name, "a file that can be read", "one whose reader gave no answer that holds", _DAMAGED)


def _left(file: Path) -> bytes | None:
    if file.is_symlink() or not file.is_file() or file.stat().st_size > _LONGEST_ANSWER:
        return None
    return file.read_bytes()
