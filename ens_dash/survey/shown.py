"""A survey as a release shows it: without what only makes sense for respondents of the other kind."""

from __future__ import annotations

from ens_dash.survey.base import Respondents
from ens_dash.survey.model import Survey


def as_shown(survey: Survey, respondents: Respondents) -> Survey:
    """The survey without the glossary's entries and notes that speak of other respondents, and with the
    licence of these. The release decides, not the folder: its respondents may have been imported since.
    """
    study = survey.study
    if respondents == "simulated" and study.licence_simulated is not None:
        study = study.changed(licence=study.licence_simulated)
    return survey.changed(
        study=study,
        glossary=tuple(g for g in survey.glossary if g.only in (None, respondents)),
        notes=tuple(n for n in survey.notes if n.only in (None, respondents)),
    )
