"""A whole second survey for tests, written from a table with labels: one language, no text for pages.

Several themes, a question of each kind, weights in strata and clusters, missing answers. Nothing of it is
in the program: what a site shows of it comes from these files.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from folders import DATA, write_yaml

ID = "trust-2024"
NAME = "Trust in Danish towns"
N = 900
# theme -> its questions: id, kind, title, wording, answers, items
THEMES = {
    "daily_life": "Daily life",
    "trust": "Trust in people",
    # a path that is the site's own
    "api": "Programs and machines",
}
QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "bicycle",
        "theme": "daily_life",
        "kind": "single",
        "title": "Going by bicycle",
        "wording": "How often do you go by bicycle?",
        "answers": {"1": "Every day", "2": "Sometimes", "3": "Never"},
        "headline": "1",
    },
    {
        "id": "reasons",
        "theme": "daily_life",
        "kind": "multiple",
        "title": "Reasons for going by bicycle",
        "wording": "Why do you go by bicycle?",
        "answers": {"yes": "Named"},
        "items": {"health": "For my health", "price": "Because it costs little", "speed": "It is quicker"},
        "headline": "yes",
    },
    {
        "id": "hours",
        "theme": "daily_life",
        "kind": "number",
        "title": "Hours outdoors in a week",
        "wording": "How many hours were you outdoors last week?",
        "answers": {},
        "headline": "mean",
    },
    {
        "id": "trusted",
        "theme": "trust",
        "kind": "scale",
        "title": "Whom people trust",
        "wording": "How much do you trust these people?",
        "answers": {"a lot": "A lot", "a little": "A little", "not at all": "Not at all"},
        "items": {"neighbours": "My neighbours", "strangers": "Strangers", "council": "The town council"},
        "nets": [{"code": "trusting", "label": "In all, trusting", "of": ["a lot", "a little"]}],
        "headline": "trusting",
    },
    {
        "id": "machines",
        "theme": "api",
        "kind": "single",
        "title": "Talking to machines",
        "wording": "Have you talked to a machine this week?",
        "answers": {"yes": "Yes, I have", "no": "No"},
        "headline": "yes",
    },
]
VARIABLES = {
    "gender": ("Gender", {"w": "Women", "m": "Men"}),
    "age": ("Age", {"18-39": "Under 40", "40-64": "40 to 64", "65-plus": "65 and over"}),
}


def add_second_survey(data: Path, lang: str = "en") -> Path:
    """Write the folder into `data`."""
    folder = data / ID

    def text(words: str) -> dict[str, str]:
        return {lang: words}

    (folder / "questions").mkdir(parents=True)
    study = {
        "id": ID,
        "title": text("Whom people trust in Danish towns"),
        "short_title": text(NAME),
        "report": "Trust in Danish towns, wave 1",
        "commissioner": text("the Aarhus Foundation"),
        "pollster": "Nordfield",
        "start": "2024-04-02",
        "end": "2024-04-19",
        "mode": text("by telephone"),
        "universe": text("people aged 18 and over in three Danish towns"),
        "people": text("adults of three Danish towns"),
        "n": N,
        "lang": lang,
        "citation": text("Nordfield for the Aarhus Foundation, Trust in Danish towns, April 2024."),
        "licence": text("CC BY 4.0"),
        "design": {"weight": "w", "stratum": "town", "psu": "street"},
        "themes": [{"id": name, "label": text(label)} for name, label in THEMES.items()],
    }
    segments = [
        {
            "id": name,
            "label": text(label),
            "short": True,
            "segments": [{"code": c, "label": text(t), "noun": text(t)} for c, t in codes.items()],
        }
        for name, (label, codes) in VARIABLES.items()
    ]
    write_yaml(folder / "survey.yaml", study)
    write_yaml(folder / "segments.yaml", {"variables": segments})
    for theme in THEMES:
        asked = [_question(q, text) for q in QUESTIONS if q["theme"] == theme]
        write_yaml(folder / "questions" / f"{theme}.yaml", {"questions": asked})
    table = pa.Table.from_pandas(respondents(), preserve_index=False)
    pq.write_table(table, folder / "respondents.parquet")
    return folder


def _question(asked: dict[str, Any], text: Any) -> dict[str, Any]:
    plain = {name: asked[name] for name in ("id", "theme", "kind", "headline")}
    return plain | {
        "title": text(asked["title"]),
        "wording": text(asked["wording"]),
        "reading": text("average number of hours" if asked["kind"] == "number" else "% of those asked"),
        "answers": [{"code": code, "label": text(label)} for code, label in asked["answers"].items()],
        "items": [{"id": i, "label": text(label)} for i, label in asked.get("items", {}).items()],
        "nets": [net | {"label": text(net["label"])} for net in asked.get("nets", [])],
        "base": {"text": text("All respondents")},
    }


def respondents() -> pd.DataFrame:
    """Invented answers, of the same people at every call; some are missing."""
    draw = np.random.default_rng(11)
    found = pd.DataFrame(
        {
            "gender": draw.choice(["w", "m"], N),
            "age": draw.choice(["18-39", "40-64", "65-plus"], N, p=[0.4, 0.4, 0.2]),
            "bicycle": draw.choice(["1", "2", "3", None], N, p=[0.5, 0.3, 0.15, 0.05]),
            "hours": draw.integers(0, 30, N).astype(float),
            "machines": draw.choice(["yes", "no"], N, p=[0.3, 0.7]),
        }
    )
    for item, share in (("health", 0.6), ("price", 0.4), ("speed", 0.2)):
        found[f"reasons__{item}"] = draw.choice(["yes", "no"], N, p=[share, 1 - share])
    for item, share in (("neighbours", 0.7), ("strangers", 0.2), ("council", 0.4)):
        left = (1 - share) / 2
        found[f"trusted__{item}"] = draw.choice(["a lot", "a little", "not at all"], N, p=[share, left, left])
    found["w"] = draw.uniform(0.5, 2.0, N)
    found["town"] = draw.choice(["Aarhus", "Odense", "Vejle"], N)
    found["street"] = found["town"] + draw.integers(1, 9, N).astype(str)
    return found


def two_surveys(place: Path, lang: str = "en") -> Path:
    """A data folder with the shipped survey, the second one and the texts."""
    data = place / "data"
    shutil.copytree(DATA, data)
    add_second_survey(data, lang)
    return data
