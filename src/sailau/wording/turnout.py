"""Who took part, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailau.tabulation.turnout import Participation, turnout_of
from sailau.wording.language import Words, counted, words

if TYPE_CHECKING:
    from sailau.counting import Outcome

_CAST = counted("{ballots} ballots of {n} voter on the lists", "{ballots} ballots of {n} voters on the lists")
_ELECTORS = counted("{ballots} ballots of {n} elector", "{ballots} ballots of {n} electors")
_ON_LIST = {
    "voters": counted("{n} voter on the lists.", "{n} voters on the lists."),
    "electors": counted("{n} elector.", "{n} electors."),
}
_ISSUED = counted(
    "{ballots} ballots issued to {n} voter on the lists", "{ballots} ballots issued to {n} voters on the lists"
)


def say_turnout(outcome: Outcome, contest: str = "", language: str = "en") -> str:
    """Return turnout, voters on the lists and invalid ballots of a contest in a sentence; empty where nothing is known.

    Args:
        outcome: of a count.
        contest: its name; the one with most votes when empty.
        language: `en`, `kk` or `ru`.
    """
    name = contest or max(outcome.contests, key=lambda c: sum(outcome.contests[c].votes.values()), default="")
    held = outcome.plan.held.get(name)
    electors = held is not None and held.electors
    return turnout_text(turnout_of(outcome.plan.tabulation.of(name)), words(language), electors=electors)


def turnout_text(turnout: Participation, said: Words, *, electors: bool = False) -> str:
    """Return who took part as a sentence; empty where nothing is known."""
    parts = []
    if turnout.share is not None and turnout.registered is not None and turnout.ballots is not None:
        one, many = _ELECTORS if electors else _ISSUED if turnout.measure == "issued" else _CAST
        figures = said.plural(one, many, turnout.registered, ballots=said.number(turnout.ballots))
        parts.append(said.say("Turnout {share}: {figures}.", share=said.percent(turnout.share), figures=figures))
    elif turnout.registered is not None:
        one, many = _ON_LIST["electors" if electors else "voters"]
        parts.append(said.plural(one, many, turnout.registered))
    elif turnout.ballots is not None:
        parts.append(said.plural("{n} ballot.", "{n} ballots.", turnout.ballots))
    if turnout.invalid is not None:
        invalid = said.plural("{n} invalid ballot", "{n} invalid ballots", turnout.invalid)
        share = turnout.invalid_share
        parts.append(f"{invalid} ({said.percent(share)})." if share is not None else f"{invalid}.")
    return " ".join(parts)
