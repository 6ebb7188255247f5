"""How a survey was made (survey.yaml): who, when, how, how to cite it, and the design of its sample."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from ens_dash.survey.base import Frozen, Id, Lang, Text

LonelyPsu = Literal["adjust", "certainty"]
# an id is the name of a folder, and stands in addresses
SURVEY_ID = r"^[a-z0-9][a-z0-9-]*$"
# What somebody would call replicate weights in `design`.
REPLICATES = re.compile(r"rep(licate)?_?(w|s\b)|brr|jackknife|bootstrap", re.IGNORECASE)


class Design(Frozen):
    """The columns of the respondents' file that carry the sampling design; None where there is none.

    `lonely_psu`: what a stratum with a single PSU adds to a variance, as R's `survey.lonely.psu` names it:
    "adjust" its distance from the mean of the whole sample, "certainty" nothing. None: such a design is
    refused.
    """

    weight: str | None = None
    stratum: str | None = None
    psu: str | None = None
    lonely_psu: LonelyPsu | None = None

    @model_validator(mode="before")
    @classmethod
    def _no_replicate_weights(cls, content: Any) -> Any:
        asked = [key for key in content if REPLICATES.search(str(key))] if isinstance(content, dict) else []
        if asked:
            raise ValueError(
                f"`weight`, `stratum` and `psu`: replicate weights ({', '.join(asked)}) are not supported"
            )
        return content


class Theme(Frozen):
    id: Id
    label: Text


class Study(Frozen):
    """How the survey was made, and how to cite it (survey.yaml).

    `lang`: the language in which the questions were asked and the report is written; texts in the other
    one are translations. `licence_simulated` stands in the place of `licence` while respondents are
    simulated.
    """

    id: Annotated[str, StringConstraints(pattern=SURVEY_ID)]
    title: Text
    short_title: Text
    report: str
    commissioner: Text
    pollster: str
    start: date
    end: date
    mode: Text
    universe: Text
    people: Text
    n: int = Field(gt=0)
    quotas: Text | None = None
    standard: str | None = None
    margin: Text | None = None
    quota_sample: bool = False
    citation: Text
    licence: Text
    licence_simulated: Text | None = None
    lang: Lang = "fr"
    since: Text | None = None
    stimulus: Text | None = None
    coverage: Text | None = None
    design: Design = Design()
    themes: tuple[Theme, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Study:
        if self.start > self.end:
            raise ValueError(f"a `start` that is not after `end`: {self.start} is after {self.end}")
        return self
