"""What a sentence about a step needs: the outcome, the language, the option it is told for, and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from sailau.election.model import ASSEMBLY, INDEPENDENT, WHOLE, Election, named, proper_name
from sailau.wording.language import Words, counted, marked

if TYPE_CHECKING:
    from sailau.counting import Outcome, Step

YES, NO = "✓", "–"
_SHORTEST = 3

Row = tuple[str, ...]


class _Polled(Protocol):
    @property
    def votes(self) -> int: ...


Kind = TypeVar("Kind", bound=_Polled)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation.

    Attributes:
        text: the sentence, numbers and all.
        cite: article as the rule book writes it; `wording.cite` says it in a language.
        confidence: how sure the rule book is of the rule.
        note: what the rule book says is open about it.
        rows: a small table under the sentence: a name, then numbers.
        path: of the provision in the rule book, such as `list.threshold`.
    """

    text: str
    cite: str = ""
    confidence: str = "statute"
    note: str = ""
    rows: tuple[Row, ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a step says: a sentence and the rows under it; `cite` where it is not the step's own."""

    text: str
    rows: tuple[Row, ...] = ()
    cite: str | None = None


_RESERVED = {INDEPENDENT: marked("Self-nominated"), ASSEMBLY: marked("Assembly of the People")}
_ANSWERS = {"yes": marked("Yes"), "no": marked("No")}


def option_name(election: Election, option: str, words: Words) -> str:
    """Return what an option is called on a screen: its short name where that says enough, in the language at hand.

    A party whose name carries a quoted proper name goes by that; a candidate by the name given.
    """
    party = election.parties.get(option)
    if party is None:
        if option in election.candidates:
            return election.candidates[option].called(words.language)
        known = _RESERVED.get(option) or _ANSWERS.get(option)
        return words.say(known) if known else option
    own = next((text for code in (words.language, "kk", "ru") if (text := party.names.get(code))), "")
    if words.language != "en" and own:
        return proper_name(own) or own
    full = named(party.names, words.language, "")
    return party.short if len(party.short) >= _SHORTEST else full or party.short or option


def option_short(election: Election, option: str, words: Words) -> str:
    """Return what an option is called where room is scarce."""
    if option not in election.parties:
        return option_name(election, option, words)
    return election.name_of(option, words.language, short=True)


def unit_name(election: Election, unit: str, words: Words) -> str:
    """Return what a unit is called; the whole has no name of its own."""
    if unit == WHOLE:
        return words.say("the whole")
    known = election.units.get(unit)
    return named(known.names, words.language, unit) if known is not None else unit


@dataclass(frozen=True, slots=True)
class View:
    """An outcome seen in one language, for one option or for all (None)."""

    outcome: Outcome
    words: Words
    option: str | None = None

    def name(self, option: str) -> str:
        """Return the name of an option, or of a unit where a tie is between units."""
        election = self.outcome.election
        if option in election.units and option not in election.parties and option not in election.candidates:
            return unit_name(election, option, self.words)
        return option_name(election, option, self.words)

    def unit(self, unit: str) -> str:
        """Return the name of a unit."""
        return unit_name(self.outcome.election, unit, self.words)

    def names(self, options: Sequence[str]) -> str:
        """Return names with commas."""
        return ", ".join(self.name(o) for o in options)

    def chosen(self, step: Step) -> Mapping[str, Any]:
        """Return the rows the view is for: its option's, or all."""
        if self.option is None:
            return step.rows
        return {self.option: step.rows[self.option]} if self.option in step.rows else {}

    def votes_for(self, contest: str) -> str:
        """Return which word stands for the votes of a paper when only those for options count."""
        held = self.outcome.plan.held.get(contest)
        return "lists" if held is not None and held.ballot == "list" else "candidates"

    def base_kind(self, contest: str, base_name: str) -> str:
        """Return by which words a base goes: votes for lists or candidates, registered voters or electors."""
        held = self.outcome.plan.held.get(contest)
        if base_name == "registered" and held is not None and held.electors:
            return "electors"
        return self.votes_for(contest) if base_name == "options" else base_name


def by_votes(rows: Mapping[str, Kind]) -> list[tuple[str, Kind]]:
    """Return the rows of a step that hold votes, the most votes first."""
    return sorted(rows.items(), key=lambda item: -item[1].votes)


def base_word(view: View, contest: str, base_name: str) -> str:
    """Return what a share is a share of, in words."""
    return view.words.say(BASES[view.base_kind(contest, base_name)])


def measured(view: View, contest: str, votes: int, base: int, base_name: str, bar: Fraction | None) -> str:
    """Return “votes of base … = share”, the share exact enough to tell it from the bar."""
    words = view.words
    share = words.percent(Fraction(votes, base) if base else Fraction(0), [bar] if bar is not None else [])
    one, many = MEASURED[view.base_kind(contest, base_name)]
    return words.plural(one, many, base, votes=words.number(votes), share=share)


MEASURED: dict[str, tuple[str, str]] = {
    "lists": counted("{votes} of {n} vote for a list = {share}", "{votes} of {n} votes for lists = {share}"),
    "candidates": counted(
        "{votes} of {n} vote for a candidate = {share}", "{votes} of {n} votes for candidates = {share}"
    ),
    "valid": counted("{votes} of {n} valid vote = {share}", "{votes} of {n} valid votes = {share}"),
    "cast": counted("{votes} of {n} ballot cast = {share}", "{votes} of {n} ballots cast = {share}"),
    "issued": counted("{votes} of {n} ballot issued = {share}", "{votes} of {n} ballots issued = {share}"),
    "present": counted("{votes} of {n} elector present = {share}", "{votes} of {n} electors present = {share}"),
    "registered": counted("{votes} of {n} registered voter = {share}", "{votes} of {n} registered voters = {share}"),
    "electors": counted("{votes} of {n} elector = {share}", "{votes} of {n} electors = {share}"),
}

BASES: dict[str, str] = {
    "options": marked("votes for lists or candidates"),
    "lists": marked("votes for lists"),
    "candidates": marked("votes for candidates"),
    "valid": marked("valid votes"),
    "cast": marked("ballots cast"),
    "issued": marked("ballots issued"),
    "present": marked("electors present"),
    "registered": marked("registered voters"),
    "electors": marked("electors"),
}
"""Bases as a law is shown: “at least 5 % of …”."""
