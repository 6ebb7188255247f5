"""An extract as a ZIP file: data.csv, metadata.json for a program, readme.md for a person."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from typing import Any

from ens_dash.render.datafile import HEADS
from ens_dash.render.extract import Extract, base_text, wording
from ens_dash.render.stamp import KEY, stamp_of
from ens_dash.view import filter_sentence

DATA, METADATA, README = "data.csv", "metadata.json", "readme.md"


def archive(extract: Extract) -> bytes:
    """The bytes of the ZIP file; the same extract gives the same bytes."""
    out = io.BytesIO()
    # the files are as old as the release, whenever they are asked for
    built = datetime.fromisoformat(extract.release.built).timetuple()[:6]
    contents = {
        README: readme(extract).encode("utf-8"),
        DATA: extract.csv(),
        METADATA: json.dumps(metadata(extract), ensure_ascii=False, indent=2).encode("utf-8"),
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, built)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            file.writestr(entry, content)
    return out.getvalue()


def metadata(extract: Extract) -> dict[str, Any]:
    """What the data are: question, base, active filter, origins, source, licence, permalink, columns."""
    words, question, study = extract.words, extract.question, extract.survey.study
    simulated = extract.release.origin == "simulated"
    return {
        "title": extract.title,
        "survey": study.id,
        "release": extract.release.id,
        "lang": words.lang,
        "permalink": extract.permalink,
        "question": {
            "id": question.id,
            "title": words.of(question.title),
            "wording": wording(question, words),
            "reading": words.of(question.reading),
            "base": base_text(question, words),
            "base_n": question.base.n if simulated else None,
        },
        "active_filter": {
            "codes": {name: list(codes) for name, codes in extract.about.terms},
            "text": filter_sentence(extract.about, extract.survey.variables, words),
            "by": None if extract.withheld else extract.view.by,
        },
        "origins": sorted({f.origin for f in extract.figures}),
        **({"fictitious": extract.fictional} if simulated else {}),
        "warning": extract.warning() or None,
        "dates": {"start": study.start.isoformat(), "end": study.end.isoformat()},
        "source": words.of(study.citation),
        "licence": words.of(study.licence),
        "notes": [*extract.notes(), *(words.of(n.text) for n in extract.survey.notes_on(question.id))],
        "columns": columns(extract),
        KEY: stamp_of(extract).document,
    }


def columns(extract: Extract) -> dict[str, str]:
    """What each column of data.csv holds."""
    return {c: extract.words(f"extract.column.{c}") for c in HEADS}


def readme(extract: Extract) -> str:
    """The same for a person, in Markdown, the warning first."""
    words = extract.words
    lines = [f"# {_line(extract.title)}", ""]
    if extract.warning():
        lines += [f"**{_line(extract.warning())}**", ""]
    lines += [words("extract.readme", data=DATA, metadata=METADATA), ""]
    lines += [f"- **{name}**: {_line(value)}" for name, value in extract.facts()]
    lines += ["", f"## {words('extract.columns')}", ""]
    lines += [f"- `{name}`: {text}" for name, text in columns(extract).items()]
    lines += ["", f"## {words('extract.notes')}", ""]
    lines += [f"- {_line(note)}" for note in extract.notes()]
    return "\n".join(lines) + "\n"


def _line(text: str) -> str:
    """A text in one line: a line of its own could pass for a heading or a list."""
    return " ".join(text.split("\n"))
