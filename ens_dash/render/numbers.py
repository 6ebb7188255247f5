"""How spreadsheets and native charts write a figure: number formats in the language of the file."""

from __future__ import annotations

from ens_dash.text import Words
from ens_dash.text.words import NBSP


def number_format(words: Words, unit: str, suffix: str = "", decimals: int = 0) -> str:
    """A spreadsheet's format for a figure as the language writes it, with a word after it: `0" %"" fictif"`.

    `decimals`: of a percentage; a mean has one. The program that shows it writes the decimal sign of its own
    language.
    """
    digits = "0" + ("." + "0" * decimals if decimals else "")
    code = f'{digits}"{NBSP}"%' if words.lang == "fr" else f"{digits}%"
    if unit == "mean":
        code = "0.0"
    word = suffix.replace('"', "")
    return f'{code}"{NBSP}{word}"' if word else code
