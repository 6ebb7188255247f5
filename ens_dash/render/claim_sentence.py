"""The sentence to print: who was asked, how much, what they answered, to which question, on what base.

It quotes the survey's own entries instead of paraphrasing them, so that the same few patterns are right for
every question, in both languages. A hidden or a simulated figure has no sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

from ens_dash.estimate.figures import Figure
from ens_dash.estimate.rank import rated
from ens_dash.estimate.verdict import Evidence, Verdict, apart, asked_everybody
from ens_dash.render.card import Said
from ens_dash.render.claim import rank_key, values
from ens_dash.render.sentence import source_line, value
from ens_dash.survey.filter import Filter
from ens_dash.survey.model import Question, Survey
from ens_dash.text import Words
from ens_dash.view import filter_sentence

# a longer question is named by its title inside the sentence, and stands in full behind it
LONGEST_WORDING = 170
# the forms whose words stand in the sentence where the claim may be written; «more than 88 % (93 %)» tells
# less than «93 %»
AMOUNTS = ("majority", "tenths", "fraction")
# reasons with a second sentence, and the key of its words
MORE = {
    "tie": "tie",
    "other_no_interval": "other",
    "chosen": "other",
    "reversed": "other",
    "not_comparable": "other",
    "not_first": "other",
    "hindsight": "hindsight",
    "ratio": "other",
    "differs_from_rest": "differs_from_rest",
    "opposite": "differs_from_rest",
    "chance": "chance",
}


def to_print(
    verdict: Verdict, survey: Survey, where: Filter, evidence: Evidence, words: Words
) -> tuple[str, ...]:
    """The sentences that may be printed, with the claim's own words only where it may be written.

    On a simulated group they are everybody's, without the claim. Empty where there is no figure to print.
    """
    if verdict.figure is None:
        return ()
    group = Filter() if verdict.reason == "simulated" else where
    first = sentence(verdict.figure, survey, group, evidence, words, verdict)
    filled = values(verdict, survey, where, words)
    key = _more(verdict, survey)
    if key:
        first += f" {words(f'claim.more.{key}', **filled)}"
    found = [first]
    if verdict.reason in ("two_questions", "one_survey"):
        others = [f for f in (verdict.offered, verdict.other) if f is not None]
        found += [sentence(f, survey, group, evidence, words) for f in others]
    return tuple(found)


def _more(verdict: Verdict, survey: Survey) -> str:
    """The key of the words of the second sentence; empty for none."""
    question, a, b = survey.by_id[verdict.claim.subject[0]], verdict.figure, verdict.other
    if verdict.reason in ("ranked", "ranked_items", "not_headline"):
        return rank_key(verdict, survey)
    if verdict.reason == "incomplete":
        return f"{rank_key(verdict, survey)}_known" if question.items else ""
    if verdict.reason in ("named_more", "named_less"):
        return f"{verdict.reason}_{'rated' if rated(question) else 'chosen'}"
    if verdict.reason == "degrees" and a is not None and b is not None:
        more = apart(a, b) and (a.est or 0) > (b.est or 0)
        return "named_more_chosen" if more else "other"
    return MORE.get(verdict.reason, "")


def sentence(
    figure: Figure,
    survey: Survey,
    where: Filter,
    evidence: Evidence,
    words: Words,
    verdict: Verdict | None = None,
) -> str:
    """A figure as a sentence that can stand alone; with a verdict, in the claim's words where allowed."""
    question = survey.by_id[figure.question]
    whole = evidence.whole.get(figure.key)
    people, of, among = _who(question, survey, where, whole.n if whole else None, words)
    lead = words("claim.lead") if question.stimulus else ""
    if figure.unit == "mean":
        what = _mean(question, figure, words)
        people = people or _some(words.of(survey.study.people), survey, words)
    else:
        what = f"{_amount(figure, verdict, of, among, words)} {_verb(question, figure, words)}"
    text = f"{lead}{people}{what}{_asked(question, figure, words)}{_tail(question, figure, survey, words)}"
    if _too_long(question, words):
        text += f" {words('claim.more.question', wording=words.of(question.wording))}"
    return text[0].upper() + text[1:]


def statement_sentence(said: Said, words: Words) -> str:
    """The report's own statement on a group, with the part of the report that it stands in."""
    statement = said.statement
    english = words.lang == "en"
    quote = (statement.quote_en or statement.quote) if english else statement.quote
    if statement.where is None:
        return words("claim.statement_of_all", quote=quote, heading=statement.heading)
    group = (statement.group_en or statement.group) if english else statement.group
    return words("claim.statement", group=group, quote=quote, heading=statement.heading)


def to_copy(
    sentences: Sequence[str],
    question: Question,
    figure: Figure | None,
    survey: Survey,
    words: Words,
    link: str = "",
) -> str:
    """The sentences, their source and their link, one a line; empty without a sentence.

    `figure`: the one whose place in the report is named, None where the sentences name it themselves.
    """
    if not sentences:
        return ""
    printed = figure is not None and figure.origin == "published"
    source = words("claim.source", source=source_line(question, survey, words, printed=printed))
    if figure is not None and words.translated(question.wording):
        source += f" {words('claim.translated')}"
    return "\n".join(filter(None, [*sentences, source, link]))


def _who(
    question: Question, survey: Survey, where: Filter, n: int | None, words: Words
) -> tuple[str, str, str]:
    """Who was asked: as an opening («parmi les …, »), or behind the amount («des …», «parmi les …»)."""
    month = words.month(survey.study.start)
    base = words.of(question.base.text)
    everybody = asked_everybody(question, n, survey)
    if where:
        people = _lower(filter_sentence(where, survey.variables, words))
        if everybody:
            return _some(people, survey, words), "", ""
        return words("claim.who.some_of", people=people, month=month, base=_lower(base)), "", ""
    if everybody:
        parts = {"people": words.of(survey.study.people), "month": month}
        return "", words("claim.who.of", **parts), words("claim.who.in", **parts)
    if question.base.asked is not None or question.base.n is not None:
        return _some(_lower(base), survey, words), "", ""
    # the entries do not tell whether the base is a group of people or a word for all
    return words("claim.who.asked", month=month, base=base), "", ""


def _some(people: str, survey: Survey, words: Words) -> str:
    return words("claim.who.some", people=people, month=words.month(survey.study.start))


def _amount(figure: Figure, verdict: Verdict | None, of: str, among: str, words: Words) -> str:
    share = value(figure, words)
    form = verdict.claim.form if verdict is not None and verdict.answer != "no" else "percent"
    if verdict is None or form not in AMOUNTS:
        return words("claim.amount.percent", share=share, of=of)
    claim = verdict.claim
    if form == "tenths":
        one = claim.number == "1"
        count = words("claim.count_one") if one else words("claim.count_many", n=claim.number)
        return words(f"claim.amount.tenths_{verdict.nearness}", count=count, share=share, among=among)
    if form == "fraction":
        fraction = words(f"claim.fraction.{claim.number}.{verdict.nearness}")
        return words("claim.amount.fraction", fraction=fraction, share=share, of=of)
    return words("claim.amount.majority", share=share, of=of)


def _verb(question: Question, figure: Figure, words: Words) -> str:
    answer = question.answer_label(figure.answer, words.lang)
    item = question.item(figure.item)
    label = words.of(item.label) if item else ""
    if question.kind == "multiple" and item:
        return words("claim.verb.choose", item=label)
    key = "answer" if question.wording_printed else "counted"
    return words(f"claim.verb.{key}", answer=answer)


def _mean(question: Question, figure: Figure, words: Words) -> str:
    item = question.item_label(figure.item, words.lang)
    return words("claim.amount.mean", share=value(figure, words), item=item)


def _asked(question: Question, figure: Figure, words: Words) -> str:
    """The question, then the item that was rated; the question by its title where its words would not tell
    which figure it is, or are too long."""
    if _quoted(question) and not _too_long(question, words):
        text = words("claim.asked.wording", wording=words.of(question.wording))
    elif figure.item is None and question.kind == "number":
        return ""
    else:
        text = words("claim.asked.title", title=words.of(question.title))
    item = question.item(figure.item)
    # an item may begin with «à» or «que»: it is quoted, never made part of the sentence
    if item is not None and question.kind not in ("multiple", "number"):
        text += words("claim.asked.item", item=words.of(item.label))
    return text


def _quoted(question: Question) -> bool:
    return question.wording_printed and question.kind not in ("multiple", "number")


def _too_long(question: Question, words: Words) -> bool:
    return _quoted(question) and len(words.of(question.wording)) > LONGEST_WORDING


def _tail(question: Question, figure: Figure, survey: Survey, words: Words) -> str:
    if figure.n is None:
        return words("claim.tail.no_base")
    n = words.number(figure.n)
    if figure.low is None or figure.high is None:
        return words("claim.tail.no_interval", n=n)
    kind = "indicative" if survey.study.quota_sample else "plain"
    shown = words.number if figure.unit == "mean" else words.percent
    digits = 2 if figure.unit == "mean" else 1
    printed = survey.published_by_key.get(figure.key)
    unprinted = figure.origin == "published" and printed is not None and printed.base_n is None
    return words(
        "claim.tail.sample" if unprinted and not question.base.printed else "claim.tail.whole",
        n=n,
        interval=words(f"claim.interval.{kind}_95"),
        low=shown(figure.low, digits),
        high=shown(figure.high, digits),
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def amount_text(verdict: Verdict, words: Words) -> str:
    """How much, in the claim's words: «près de 8 personnes sur 10 (77 %)». Empty without a figure."""
    return _amount(verdict.figure, verdict, "", "", words) if verdict.figure is not None else ""
