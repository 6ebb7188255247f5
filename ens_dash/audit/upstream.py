"""Findings that are not ours to mend, named one by one in data/accessibility/upstream.yaml."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from ens_dash.audited import UPSTREAM, RecordError, Upstream

_LIST = TypeAdapter(tuple[Upstream, ...])


def read_upstream(data: Path) -> tuple[Upstream, ...]:
    """The list under a data folder; empty where the file is.

    Raises:
        RecordError: an entry that is not whole.
    """
    path = data / UPSTREAM
    content = yaml.safe_load(path.read_text("utf-8")) if path.exists() else None
    try:
        return _LIST.validate_python(content or ())
    except ValidationError as error:
        raise RecordError(f"{path.name}: {error}") from error
