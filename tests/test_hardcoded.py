"""No text in a natural language in the program's own files: what a reader sees is in data/text."""

from __future__ import annotations

import ast
import re

import pytest
from folders import ROOT

PACKAGES = ("ui", "render", "web")
# Two words in a row, of letters: codes, addresses, HTML attributes and CSS are not read as words below.
SENTENCE = re.compile(r"[A-Za-zÀ-ÿ’']{2,} [A-Za-zÀ-ÿ’']{2,}")
ACCENT = re.compile(r"[éèêàâîôûçœÉÈÀÊ]")
MARKUP = re.compile(r"<[^>]*>?|[\w-]+=\"[^\"]*\"|\{[^}]*\}|&\w+;|[.#\w-]+\s*\{|https?://\S+", re.DOTALL)
# Calls whose texts go to the log, to whoever runs the site, or to a program.
NOT_SHOWN = re.compile(
    r"^(warning|info|exception|error|debug|\w*Error|\w*Exception|Problem|IndexShape|compile|"
    r"find_spec|get_by\w*|startswith|removeprefix|replace|split|join_css|field|Field|NamedTuple)$"
)
# What is read by programs or is a name in every language; each with its reason.
ALLOWED = {
    "Source Sans": "a font's name",
    "Okabe": "a palette's name",
    "no difference": "a code of the survey's model",
    "bold ": "a style of the terminal's",
    "W%œ": "letters to be measured, not read",
    "Title Only": "a layout's name in PowerPoint's own template",
    "Slide Number": "a placeholder's name in PowerPoint",
    "the browser fails: ": "the cause of an error, for the log",
    "ens_dash: data/text cannot be read.": "told where the texts themselves cannot be read",
}


def documentation(tree: ast.Module) -> set[int]:
    """Nodes of docstrings and of what is raised or logged, which no reader of a page sees."""
    left: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            left.add(id(node.value))
        elif isinstance(node, ast.Raise | ast.Assert):
            left.update(id(n) for n in ast.walk(node))
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if NOT_SHOWN.match(name):
                left.update(id(n) for n in ast.walk(node))
    return left


def sentences(source: str) -> list[tuple[int, str]]:
    """The texts of a module that look like natural language, with their lines."""
    tree = ast.parse(source)
    left = documentation(tree)
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)) or id(node) in left:
            continue
        text = MARKUP.sub(" ", node.value)
        looks_like_code = re.search(r"[;{}]|: ?\w+|\\|--|=|\(|\[|@|/[a-z]", text)
        worded = ACCENT.search(text) or (SENTENCE.search(text) and not looks_like_code)
        if worded and not any(known in node.value for known in ALLOWED):
            found.append((node.lineno, node.value[:80]))
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_that_draws_holds_a_text_of_its_own(package):
    found = [
        f"{path.relative_to(ROOT)}:{line} {text!r}"
        for path in sorted((ROOT / "ens_dash" / package).rglob("*.py"))
        for line, text in sentences(path.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        'st.html("<p>The page is empty</p>")',
        'st.html(f"<b>Aucun résultat</b>{x}")',
        'label = "Show the figures"',
    ],
)
def test_a_text_in_a_module_is_found(source):
    assert sentences(source)


# In scripts: texts in quotes that two words or an accent make a sentence, outside comments and log lines.
QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'|`((?:[^`\\]|\\.)*)`', re.DOTALL)


def script_sentences(source: str) -> list[str]:
    code = re.sub(r"^\s*//.*$|/\*.*?\*/", "", source, flags=re.MULTILINE | re.DOTALL)
    code = re.sub(r"console\.\w+\([^)]*\)|Error\([^)]*\)", "", code)
    texts = ["".join(m) for m in QUOTED.findall(code)]
    return [
        text
        for text in texts
        if text not in SCRIPTS_ALLOWED
        and (ACCENT.search(text) or (SENTENCE.search(text) and not re.search(r"[;{}\[\]=:#.>]", text)))
    ]


SCRIPTS_ALLOWED = {
    "use strict": "the language's own",
    "Connection error": "Streamlit's title, by which its dialog is known",
}


def test_no_script_holds_a_text_of_its_own():
    scripts = sorted((ROOT / "ens_dash" / "web" / "static").glob("*.js"))
    assert len(scripts) > 5
    found = {p.name: script_sentences(p.read_text("utf-8")) for p in scripts}
    assert {name: texts for name, texts in found.items() if texts} == {}
    assert script_sentences('line.textContent = "Connection lost";') == ["Connection lost"]
