"""The folder in which an import works: one import of a survey at a time, and nothing left of a dead one."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ens_dash.release import ReleaseError

PREFIX, LOCK = ".importing-", ".import-lock"


@contextmanager
def importing(home: Path) -> Iterator[Path]:
    """A new folder in `home`, the releases of a survey, for the rows of a file; it is deleted afterwards.

    The rows hold every column of the file, so what a killed import left is deleted too. `home` itself is
    deleted where it was made for nothing.

    Raises:
        ReleaseError: another import of the survey is running.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ReleaseError(
                f"{home}: another import of this survey is running; try again after it"
            ) from None
        # whoever holds the lock is the only one alive
        for left in home.glob(f"{PREFIX}*"):
            shutil.rmtree(left, ignore_errors=True)
        work = Path(tempfile.mkdtemp(prefix=PREFIX, dir=home))
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
            if [path.name for path in home.iterdir()] == [LOCK]:
                os.unlink(home / LOCK)
                with suppress(OSError):
                    home.rmdir()
