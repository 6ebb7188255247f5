"""What every entry of a survey folder is made of: identifiers, codes, texts in two languages."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

Lang = Literal["fr", "en"]
LANGS: tuple[Lang, ...] = ("fr", "en")
Origin = Literal["published", "simulated", "microdata"]
# what the respondents of a release are
Respondents = Literal["simulated", "microdata"]

# An identifier written by us (question, item, variable): it becomes part of a column name.
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
# A code of an answer or a segment: with an imported file it is the file's own value, any text.
Code = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    def changed(self, **fields: Any) -> Self:
        """The same value with some fields replaced, checked again.

        pydantic's own `model_copy` would take along what was computed from the old fields and kept."""
        own = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate(own | fields)


class Text(Frozen):
    """A text in French and English; a survey in one language leaves the other out."""

    fr: str | None = None
    en: str | None = None

    @model_validator(mode="after")
    def _not_empty(self) -> Text:
        if not (self.fr or self.en):
            raise ValueError("give a text in `fr`, in `en`, or in both")
        return self

    def of(self, lang: Lang) -> str:
        """The text in `lang`, or in the other language where it has not been written."""
        return (self.fr or self.en or "") if lang == "fr" else (self.en or self.fr or "")
