"""What stands on pictures: titles, axes, captions, sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sailau.tabulation.turnout import turnout_of
from sailau.wording.citations import cite
from sailau.wording.language import Words, counted, marked, text_in, words
from sailau.wording.view import BASES

if TYPE_CHECKING:
    from sailau.counting import Outcome
    from sailau.parliament.decisions import ChamberDecision

CAPTIONS = {
    "seats": marked("How many seats each party wins"),
    "winners": marked("Who wins, and how often"),
    "sweep": marked("What the rule changes"),
    "curve": marked("From votes to seats"),
    "chamber": marked("Who has how many seats"),
    "result": marked("The result of the vote"),
    "why": marked("Why each list has its seats"),
    "compare": marked("The same votes under other laws"),
    "change": marked("Who gained and who lost"),
    "powers": marked("What the chamber can decide"),
    "same-votes": marked("List seats that the same votes give."),
    "compared-with": marked("Compared with: {case}."),
    "line-needed": marked("The line shows how many votes a decision needs."),
    "points": marked("Share of the vote, change in points"),
    "new": marked("{share}, new"),
    "gone": marked("{share}, did not stand again"),
    "one-more": marked("{part}: one seat more"),
    "under-the-bar": marked("under {share}: takes no part"),
    "others": marked("others"),
    "number-of-seats": marked("Seats"),
    "share-of-elections": marked("Share of elections, %"),
    "share-of-list-vote": marked("Share of the list vote, %"),
    "share-of-vote": marked("Share of the vote, %"),
    "share-of-list-seats": marked("Share of the list seats, %"),
    "share-of-seats": marked("Share of seats, %"),
    "expected-seats": marked("Expected seats"),
    "threshold": marked("Threshold, %"),
    "list-seats": marked("List seats"),
    "proportional": marked("seats in proportion"),
    "the-law": marked("the law"),
    "bands": marked("Bands: 9 in 10 elections."),
    "fixed": marked("Seats that were announced and have no votes here are the same in every election."),
    "threshold-at": marked("threshold {share}"),
    "majority-at": marked("majority: {seats}"),
    "average": marked("average {mean}; 9 in 10: {span}"),
    "source": marked("Source: {hosts}."),
    "seed": marked("seed {seed}"),
    "fingerprint": marked("Turnout and share of votes"),
    "fingerprint-note": marked(
        "The darker a square, the more voters were listed at stations with this turnout and share."
    ),
    "turnout-axis": marked("Turnout, %"),
    "share-of": marked("Share of {option}, %"),
    "last-digits": marked("Last digits"),
    "last-digits-of": marked("Last digit of the votes of {option}"),
    "by-chance": marked("if every digit were equally likely"),
    "whole-percentages": marked("Distance from whole percentages"),
    "whole-percentages-note": marked(
        "A column in the middle that stands out means more whole percentages than chance gives."
    ),
    "points-from-whole": marked("Points from the nearest whole percentage"),
    "stations": marked("Stations"),
    "turnout-of-stations": marked("Turnout of stations"),
    "share-of-stations": marked("Share of {option} at stations"),
    "estimate": marked("Estimated shares of the vote"),
    "interval-note": marked("Lines: 95 % intervals; they hold for stations drawn at random only."),
    "no-verdict": marked("A shape is a reason to look, and no proof."),
}
_DRAWN = counted("{n} simulated election.", "{n} simulated elections.")
_FEWER = counted(
    "{n} more wins a seat in fewer than 1 in 100 elections.", "{n} more win a seat in fewer than 1 in 100 elections."
)
_OTHERS = counted("and {n} other", "and {n} others")
_MOST_HOSTS = 3


def caption(language: str, key: str, **values: str) -> str:
    """Return a text of a picture.

    Args:
        language: `en`, `kk` or `ru`.
        key: of `CAPTIONS`.
        values: what stands in it, as text.
    """
    return words(language).say(CAPTIONS[key], **values)


def turnout_sentence(outcome: Outcome, language: str) -> str:
    """Return who took part in the largest vote of an outcome; empty where that is unknown."""
    share = _turnout(outcome)
    return "" if share is None else words(language).say("Turnout {share}.", share=words(language).percent(share))


def _turnout(outcome: Outcome) -> Fraction | None:
    name = max(outcome.contests, key=lambda c: sum(outcome.contests[c].votes.values()), default="")
    return turnout_of(outcome.plan.tabulation.of(name)).share


def change_sentences(turnout: Sequence[Fraction | None], language: str) -> tuple[str, ...]:
    """Return how turnout changed between two elections; nothing where it is unknown."""
    said = words(language)
    if any(share is None for share in turnout):
        return ()
    shown = " → ".join(said.percent(share) for share in turnout if share is not None)
    return (said.say("Turnout {share}.", share=shown),)


def why_sentences(outcome: Outcome, steps: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """Return what a picture of squares stands for: the bar, the quota or the quotients, with their articles."""
    said = words(language)
    shown = [(_bar(step, said), step) for code, step in steps.items() if code == "threshold"]
    if "quota" in steps:
        quota = steps["quota"]
        figures = {"votes": said.number(quota.votes), "seats": said.number(quota.seats)}
        text = said.say(
            "A full square is a whole quota: {votes} ÷ {seats} = {quota} votes.",
            **figures,
            quota=said.number(quota.quota),
        )
        shown.append((text, steps["quota"]))
    if "remainders" in steps:
        left = steps["remainders"].left
        text = said.plural(
            "{n} seat is left: it goes to the largest remainder, outlined.",
            "{n} seats are left: they go to the largest remainders, outlined.",
            left,
        )
        shown.append((text, steps["remainders"]))
    if "quotients" in steps:
        ranked = steps["quotients"]
        text = said.say(
            "A square is a seat. The last one went to the quotient {last}; the next would have been {next}.",
            last=said.number(ranked.smallest or 0), next=said.number(ranked.largest or 0),
        )  # fmt: skip
        shown.append((text, steps["quotients"]))
    return tuple(f"{text} {cite(outcome.law, step.cite, language)}".strip() for text, step in shown)


def _bar(step: Any, said: Words) -> str:
    base = said.say(BASES.get(step.base_name, BASES["valid"]))
    figures = {"share": said.share(step.share), "votes": said.number(step.base), "base": base}
    return said.say("The bar is {share} of {votes} {base}.", **figures)


def needed_sentence(decisions: Sequence[ChamberDecision], language: str) -> tuple[str, str]:
    """Return how many votes decisions need, and which decisions these are."""
    said = words(language)
    first = decisions[0]
    figures = {"needed": said.number(first.needed or 0), "members": said.number(first.members)}
    named = [text_in(d.rule.title or {}, language, d.rule.id) for d in decisions]
    return said.say("{needed} of {members} votes", **figures), "; ".join(named)


def drawn(language: str, draws: int) -> str:
    """Say how many elections were simulated."""
    return words(language).plural(*_DRAWN, draws)


def rarely(language: str, parties: int) -> str:
    """Say how many parties are left out of a picture, since they hardly ever win."""
    return words(language).plural(*_FEWER, parties)


def undrawn(language: str, parties: int) -> str:
    """Say how many parties win seats and have no room on a picture."""
    return words(language).plural("{n} more wins seats, too.", "{n} more win seats, too.", parties)


def source(language: str, addresses: Sequence[str]) -> str:
    """Return the line that says where the votes of a case are from: the first hosts of its sources; empty without any."""
    hosts = list(dict.fromkeys(host.removeprefix("www.") for a in addresses if (host := urlsplit(a).hostname)))
    if not hosts:
        return ""
    said = ", ".join(hosts[:_MOST_HOSTS])
    more = len(hosts) - _MOST_HOSTS
    if more > 0:
        said = f"{said} {words(language).plural(*_OTHERS, more)}"
    return caption(language, "source", hosts=said)
