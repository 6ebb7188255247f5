"""The glossary where a word stands: its first use in a piece of a page opens what it means, without a script.

A term is marked by the forms that the survey folder gives it (`glossary.yaml`), capitals counting. The button
and what it opens are HTML's own popover: a tap, a key, or a screen reader's double tap.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from ens_dash.survey.model import GlossaryEntry
from ens_dash.text import Words

TAG = re.compile(r"(<[^>]*>)")
# a button in a heading would be read as part of its name; in a table it would widen its column
UNMARKED = ("h1", "h2", "h3", "a", "button", "summary", "table", "style")


def explained(markup: str, glossary: Sequence[GlossaryEntry], words: Words, scope: str) -> str:
    """The same HTML with the first use of each term as a button, and the meanings after it.

    `scope`: what makes the ids differ from those of other pieces of the same page (a question's id).
    A term that stands only where no button can (a title, a table, a chart's labels) is not marked here:
    `terms_line` names it.
    """
    forms = _forms(glossary, words)
    if not forms:
        return markup
    pattern = _pattern(forms)
    seen: dict[int, GlossaryEntry] = {}
    inside: list[str] = []

    def button(found: re.Match[str]) -> str:
        number, entry = forms[found.group(0)]
        if number in seen:
            return found.group(0)
        seen[number] = entry
        return _button(scope, number, found.group(0))

    parts = []
    for part in TAG.split(markup):
        if part.startswith("<"):
            _follow(part, inside)
            parts.append(part)
        else:
            parts.append(part if inside else pattern.sub(button, part))
    return "".join(parts) + _meanings(seen, words, scope)


def terms_line(
    texts: Sequence[str], beside: str, glossary: Sequence[GlossaryEntry], words: Words, scope: str
) -> str:
    """The terms of some plain texts as a line of buttons (HTML), with their meanings.

    `beside`: what `explained` made with the same scope; a term that is a button there is left out.
    """
    forms = _forms(glossary, words)
    if not forms:
        return ""
    found = [forms[f] for text in texts for f in _pattern(forms).findall(escape(text))]
    seen = {number: entry for number, entry in found if _id(scope, number) not in beside}
    if not seen:
        return ""
    names = {number: next(f for f, (n, _) in forms.items() if n == number) for number in seen}
    buttons = " ".join(_button(scope, number, names[number]) for number in seen)
    lead = escape(words("glossary.words"))
    return f'<p class="terms">{lead} {buttons}</p>{_meanings(seen, words, scope)}'


def _forms(glossary: Sequence[GlossaryEntry], words: Words) -> dict[str, tuple[int, GlossaryEntry]]:
    return {
        escape(form): (number, entry)
        for number, entry in enumerate(glossary)
        for form in entry.forms.get(words.lang, ())
    }


def _pattern(forms: dict[str, tuple[int, GlossaryEntry]]) -> re.Pattern[str]:
    longest_first = sorted(forms, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def _follow(tag: str, inside: list[str]) -> None:
    name = tag.strip("</>").split()[0].lower()
    if name not in UNMARKED:
        return
    if not tag.startswith("</"):
        inside.append(name)
    elif name in inside:
        inside.remove(name)


def _button(scope: str, number: int, shown: str) -> str:
    return f'<button type="button" class="term" popovertarget={_id(scope, number)}>{shown}</button>'


def _id(scope: str, number: int) -> str:
    return f'"term-{escape(scope)}-{number}"'


def _meanings(seen: dict[int, GlossaryEntry], words: Words, scope: str) -> str:
    return "".join(
        f'<div popover class="meaning" id={_id(scope, number)}>'
        f"<b>{escape(words.of(entry.term))}</b> {escape(words.of(entry.meaning))}</div>"
        for number, entry in sorted(seen.items())
    )
