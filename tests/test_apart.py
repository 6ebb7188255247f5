"""What the report says of a group, on the page that compares."""

from __future__ import annotations

import re

from ens_dash.render.apart import statements_about
from ens_dash.render.card import statements_by
from ens_dash.survey.base import Lang
from ens_dash.survey.model import Survey
from ens_dash.text import Words


def test_a_quotation_stands_once_however_many_groups_or_items_it_speaks_of(
    survey: Survey, words: dict[Lang, Words]
) -> None:
    for question in survey.questions:
        for variable in survey.variables:
            said = statements_by(survey.statements_on(question.id), variable.id)
            shown = re.findall(
                r'<div class="said">.*?</div>', statements_about(survey, said, words["fr"]), re.DOTALL
            )
            assert len(shown) == len(set(shown)) == len({(s.statement.quote, s.closeness) for s in said})
