"""Where things are, and what the operator of a site may set: one frozen value, from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_SURVEY = "ens-2020"


@dataclass(frozen=True)
class Settings:
    """`data`: survey folders and texts. `releases`: where releases are built and read.

    `show_fictional`: whether simulated figures are shown until a visitor switches them off or on.
    `public_url`: where visitors find the site, without a slash at its end; empty: links begin with a slash.
    `contact`: whom a visitor writes to about an obstacle, an e-mail or web address; empty: not told.
    """

    data: Path = ROOT / "data"
    releases: Path = ROOT / "var" / "releases"
    survey: str = DEFAULT_SURVEY
    show_fictional: bool = True
    public_url: str = ""
    contact: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        return cls(
            data=Path(environment.get("ENS_DASH_DATA", cls.data)),
            releases=Path(environment.get("ENS_DASH_RELEASES", cls.releases)),
            survey=environment.get("ENS_DASH_SURVEY", cls.survey),
            show_fictional=environment.get("ENS_DASH_SHOW_FICTIONAL", "yes").lower() in ("yes", "1", "true"),
            public_url=environment.get("ENS_DASH_PUBLIC_URL", "").strip().rstrip("/"),
            contact=environment.get("ENS_DASH_CONTACT", "").strip(),
        )

    @property
    def survey_folder(self) -> Path:
        return self.data / self.survey
