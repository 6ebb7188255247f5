"""Long texts among the properties of an Office file: programs keep the first 255 characters of each."""

from __future__ import annotations

from collections.abc import Mapping

LONGEST_PROPERTY = 255


def in_pieces(name: str, text: str) -> dict[str, str]:
    """A long text as properties `name`, `name_2`…: programs keep LONGEST_PROPERTY characters of each."""
    starts = range(0, len(text), LONGEST_PROPERTY)
    return {
        name if i == 1 else f"{name}_{i}": text[start : start + LONGEST_PROPERTY]
        for i, start in enumerate(starts, start=1)
    }


def whole(name: str, properties: Mapping[str, str]) -> str:
    """The text that `in_pieces` made properties of; empty where there are none."""
    found = properties.get(name, "")
    piece = 2
    while f"{name}_{piece}" in properties:
        found += properties[f"{name}_{piece}"]
        piece += 1
    return found
