"""One file on disk, checked: whatever it is, there is a result and no error."""

from __future__ import annotations

from pathlib import Path

from ens_dash.check.compare import Result, compare, not_ours
from ens_dash.check.read import read
from ens_dash.check.said import MOST_BYTES, NotOurs
from ens_dash.settings import Settings
from ens_dash.site import Site


def check_file(path: Path, site: Site, settings: Settings) -> Result:
    """What came of a file."""
    try:
        return check_content(_content(path), site, settings)
    except NotOurs as error:
        return not_ours(site, error)


def check_content(content: bytes, site: Site, settings: Settings) -> Result:
    """The same of a file's bytes."""
    try:
        return compare(read(content, site.words), site, settings)
    except NotOurs as error:
        return not_ours(site, error)


def _content(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            # a device or a pipe may have no end
            raise NotOurs("unreadable", "not a file")
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise NotOurs("unreadable", getattr(error, "strerror", None) or str(error)) from error
