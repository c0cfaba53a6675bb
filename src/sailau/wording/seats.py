"""How many seats a contest, a district and a tier have, and what they are called on a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailau.wording.language import Words, marked, text_in

if TYPE_CHECKING:
    from sailau.counting import Outcome
    from sailau.rulebook import Law

CONTESTS = {
    "list": marked("Party lists"),
    "single": marked("Single-member districts"),
    "question": marked("Question"),
}
"""Ballot papers that any law may have, by the word that the case folder has for them."""
TIERS = {
    "list": marked("list seats"),
    "single": marked("district seats"),
    "levelling": marked("levelling seats"),
    "question": marked("question"),
}


def contest_title(law: Law, contest: str, words: Words) -> str:
    """Return what a ballot paper is called: its title in the rule book, a usual word, or the body that is elected."""
    held = law.contest_of(contest)
    if held is not None and held.title is not None:
        return text_in(held.title, words.language, contest)
    stem, _, number = contest.rpartition("-")
    if contest in CONTESTS:
        return words.say(CONTESTS[contest])
    if stem in CONTESTS and number.isdigit():
        return f"{words.say(CONTESTS[stem])} {number}"
    if len(law.contests) == 1:
        return text_in(law.body.name, words.language, contest)
    by_district = held is not None and held.ballot == "candidates" and held.level
    return words.say("Multi-member districts") if by_district else contest


def tier_title(law: Law, tier: str, words: Words) -> str:
    """Return what the seats of a tier are called."""
    rule = law.tiers.get(tier)
    if rule is not None and rule.title is not None:
        return text_in(rule.title, words.language, tier)
    if tier in TIERS or rule is None:
        return words.say(TIERS[tier]) if tier in TIERS else tier
    if rule.levelling is not None or rule.transfer is not None:
        return words.say(TIERS["levelling"]) if rule.levelling is not None else words.say("second scrutiny")
    contest = law.contests[rule.contest]
    if contest.ballot == "candidates" and contest.level and len(law.contests) > 1:
        return words.say(TIERS["single"])
    return contest_title(law, rule.contest, words)


def contest_name(outcome: Outcome, contest: str, words: Words) -> str:
    """Return what a contest of an outcome is called, with what became of a question."""
    text = contest_title(outcome.law, contest, words)
    if contest not in outcome.questions:
        return text
    verdicts = {
        "adopted": marked("adopted"),
        "rejected": marked("rejected"),
        "invalid": marked("not valid"),
        None: marked("not determined"),
    }
    return words.say("{name} – {verdict}", name=text, verdict=words.say(verdicts[outcome.questions[contest]]))


def contest_seats(outcome: Outcome, contest: str) -> int:
    """Return the seats of a contest; a question has none."""
    return 0 if outcome.plan.held[contest].ballot == "question" else outcome.to_fill(contest)


def tier_seats(outcome: Outcome, contest: str, option: str) -> list[tuple[str, int]]:
    """Return an option's seats by tier where one ballot paper fills several tiers in turn, first tier first.

    What a tier is called is an English sentence of the catalogue.
    """
    later = outcome.later_seats(contest, option)
    if not later:
        return []
    first = outcome.contests[contest].seats.get(option, 0) - sum(later.values())
    names = {t: marked("levelling") if outcome.law.tiers[t].levelling else marked("second scrutiny") for t in later}
    return [(marked("districts"), first), *((names[tier], seats) for tier, seats in later.items())]
