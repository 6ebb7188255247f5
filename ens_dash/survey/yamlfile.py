"""A YAML file of a survey folder -> its content, with everything that YAML itself forgives told."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from ens_dash.survey.errors import FolderError
from ens_dash.survey.references import nearest


def load_yaml(path: Path, name: str, errors: list[FolderError]) -> Any:
    """The content of a file, None where it is empty or cannot be read; `errors` is told what is wrong.

    A key that stands twice in one mapping is an error: YAML would keep the last and drop the other.
    """
    try:
        loader = yaml.CSafeLoader(path.read_text("utf-8"))
        try:
            node = loader.get_single_node()
            if node is None:
                return None
            errors += [_repeated(name, key, first) for key, first in _repeated_keys(node, set())]
            return loader.construct_document(node)
        finally:
            loader.dispose()
    except UnicodeDecodeError as error:
        errors.append(FolderError(name, f"byte {error.start}", "UTF-8 text", "other bytes", "save as UTF-8"))
    except OSError as error:
        errors.append(FolderError(name, "file", "a file that can be read", error.strerror or str(error)))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "file"
        problem = getattr(error, "problem", None) or str(error)
        errors.append(FolderError(name, place, "YAML", str(problem), "check indentation, colons and quotes"))
    except ValueError as error:
        # a date or a number that YAML recognizes and Python refuses, e.g. 2020-13-45
        errors.append(FolderError(name, "file", "dates and numbers that exist", str(error)))
    return None


def load_lists(
    path: Path, name: str, known: Sequence[str], errors: list[FolderError]
) -> dict[str, list[Any]]:
    """The lists at the top of a file by key. A key that is not `known` is told, and what is no list."""
    content = load_yaml(path, name, errors)
    if content is None:
        return {}
    if not isinstance(content, dict):
        keys = " and ".join(f"`{key}:`" for key in known)
        errors.append(FolderError(name, "file", f"{keys} at its top", _kind(content)))
        return {}
    for key in content:
        if key not in known:
            close = nearest(str(key), known)
            hint = close if close.startswith("known") else f"{close} known: {', '.join(known)}"
            errors.append(FolderError(name, f"key {key}", "a known key", repr(key), hint))
    lists: dict[str, list[Any]] = {}
    for key in known:
        entries = content.get(key)
        if isinstance(entries, list):
            lists[key] = entries
        elif entries is not None:
            errors.append(FolderError(name, key, "a list", _kind(entries), "begin each entry with `- `"))
    return lists


def _kind(content: Any) -> str:
    return type(content).__name__


def _repeated(name: str, key: yaml.Node, first: yaml.Node) -> FolderError:
    line = key.start_mark.line + 1
    hint = f"first on line {first.start_mark.line + 1}; rename or remove one"
    return FolderError(name, f"line {line}: {key.value}", "each key once", "it again", hint)


def _repeated_keys(node: yaml.Node, seen: set[int]) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """Every key that its mapping has before, with the earlier one. An alias is the node of its anchor."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        first: dict[Hashable, yaml.Node] = {}
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if (key.tag, key.value) in first:
                    yield key, first[key.tag, key.value]
                first.setdefault((key.tag, key.value), key)
            yield from _repeated_keys(value, seen)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _repeated_keys(value, seen)
