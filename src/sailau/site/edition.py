"""One outcome in one language, as pages need it: names, colours, the headline, the facts that are read in ten seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sailau.election.model import WHOLE
from sailau.pictures.colors import colors_of
from sailau.site.records import Records
from sailau.wording import provisions
from sailau.wording.language import Words, capital, text_in, words
from sailau.wording.names import figure_name
from sailau.wording.seats import contest_seats, contest_title, tier_title
from sailau.wording.site import by_name, level_text, page_text, seats_text
from sailau.wording.view import BASES, option_name, unit_name

if TYPE_CHECKING:
    from sailau.counting import Outcome
    from sailau.rulebook.schema import Tier

_GREY = "#8a8a8a"
_RULES = ("threshold", "majority", "adoption")


@dataclass(frozen=True)
class KeyFigure:
    """One thing to be read at a glance: a heading, a large figure, a line below.

    Attributes:
        part: how much of a whole it is, for a bar; None where it is no part.
    """

    title: str
    figure: str
    below: str = ""
    part: Fraction | None = None


@dataclass(frozen=True)
class Headline:
    """Who won, in a sentence, and what that means."""

    text: str
    below: str = ""
    color: str = ""


@dataclass(frozen=True)
class Edition:
    """An outcome in one language."""

    outcome: Outcome
    records: Records
    language: str

    @cached_property
    def words(self) -> Words:
        """Sentences and numbers of the language."""
        return words(self.language)

    @cached_property
    def title(self) -> str:
        """The election's title."""
        election = self.outcome.election
        return text_in(election.titles, self.language, election.name)

    @cached_property
    def body(self) -> str:
        """What is elected, or voted on."""
        return text_in(self.outcome.law.body.name, self.language, self.outcome.law.id)

    @cached_property
    def colors(self) -> dict[str, str]:
        """Option → colour."""
        return colors_of(self.outcome.election)

    def say(self, key: str, **values: str) -> str:
        """Return a text of the pages."""
        return page_text(self.language, key, **values)

    def seats(self, number: int) -> str:
        """Return a number of seats with its word."""
        return seats_text(self.language, number)

    def name(self, option: str) -> str:
        """Return what an option is called."""
        return option_name(self.outcome.election, option, self.words)

    def full_name(self, option: str) -> str:
        """Return the whole name of an option."""
        return self.outcome.election.name_of(option, self.language) if self.is_named(option) else self.name(option)

    def is_named(self, option: str) -> bool:
        """Whether an option is a party or a candidate of the case, and has a page of its own."""
        election = self.outcome.election
        return option in election.parties or option in election.candidates

    def color(self, option: str) -> str:
        """Return an option's colour: its party's where it is a person of one."""
        colors = self.colors
        if option in colors:
            return colors[option]
        person = self.outcome.election.candidates.get(option)
        return colors.get(person.party, _GREY) if person is not None else _GREY

    def unit(self, unit: str) -> str:
        """Return what a unit is called."""
        return capital(unit_name(self.outcome.election, unit, self.words))

    def contest(self, contest: str) -> str:
        """Return what a ballot paper is called."""
        return contest_title(self.outcome.law, contest, self.words)

    def line(self, item: str) -> str:
        """Return what a line of a protocol is called: a figure, or an option."""
        return figure_name(item, self.words) if item.startswith("@") else self.name(item)

    def level(self, level: str) -> str:
        """Return what units of a level are called."""
        return level_text(self.language, level)

    def base(self, contest: str) -> str:
        """Return what shares of a contest are of."""
        steps = self.outcome.steps
        found = next(
            (s.values["base_name"] for s in steps if s.contest == contest and "base_name" in s.values), "valid"
        )
        ballot = self.outcome.plan.held[contest].ballot
        kind = ("lists" if ballot == "list" else "candidates") if found == "options" else found
        return self.words.say(BASES[kind])

    # ------------------------------------------------------------------ at a glance

    @cached_property
    def total(self) -> int:
        """All seats that are to be filled, as far as the law and the case say."""
        outcome = self.outcome
        due = sum(contest_seats(outcome, name) for name in outcome.contests)
        return max(due, sum(outcome.seats.values()))

    @property
    def filled(self) -> int:
        """Seats that are filled."""
        return sum(self.outcome.seats.values())

    def headline(self) -> Headline:
        """Return who won; nothing that the law does not say yet."""
        outcome = self.outcome
        if outcome.questions and len(outcome.questions) == len(outcome.contests):
            return self._answer()
        if self.total == 1:
            return self._office()
        if not self.filled:
            return Headline(self.say("no-seats"), self._leader())
        most = max(outcome.seats.values())
        first = next(o for o, n in sorted(outcome.seats.items(), key=lambda item: -item[1]))
        text = self.say(
            "headline", name=self.name(first), seats=self.words.number(most), total=self.words.number(self.total)
        )
        needed = self.total // 2 + 1
        key = "has-majority" if most >= needed else "no-majority"
        return Headline(text, capital(self.say(key, needed=self.words.number(needed))), self.color(first))

    def _answer(self) -> Headline:
        """Return what became of a question; of several, of each."""
        outcome, parts = self.outcome, []
        keys = {"adopted": "adopted", "rejected": "rejected", "invalid": "question-invalid", None: "not-decided"}
        for name, answer in outcome.questions.items():
            said = self.say(keys[answer])
            parts.append(said if len(outcome.questions) == 1 else f"{self.contest(name)}: {said}")
        answers = set(outcome.questions.values())
        color = self.color("yes") if answers == {"adopted"} else self.color("no") if answers == {"rejected"} else ""
        return Headline("; ".join(parts), self._leader(), color)

    def _office(self) -> Headline:
        won = next((o for o, n in self.outcome.seats.items() if n), None)
        if won is None:
            return Headline(self.say("not-decided"), self._leader())
        return Headline(self.say("elected", name=self.name(won)), self._leader(decided=True), self.color(won))

    def _leader(self, *, decided: bool = False) -> str:
        """Return which option has most votes, as a share; empty where none are known."""
        main = self.records.main()
        base = self.records.base(main.name) if main is not None else None
        if main is None or not base:
            return ""
        first = max(main.votes, key=lambda o: main.votes[o])
        share = self.words.percent(Fraction(main.votes[first], base))
        if decided or self.outcome.questions:
            return f"{self.name(first)}: {share}"
        return self.say("leads", name=self.name(first), share=share)

    def facts(self) -> list[KeyFigure]:
        """Return what is read at a glance: seats, bars, turnout, how much is counted."""
        found = []
        if self.total > 1:
            text = self.say("of-total", n=self.words.number(self.filled), total=self.words.number(self.total))
            found.append(KeyFigure(self.say("filled"), text, part=Fraction(min(self.filled, self.total), self.total)))
        found += self._bars()
        main = self.records.main()
        contest = main.name if main is not None else next(iter(self.outcome.contests), "")
        if contest:
            found += [self.turnout(contest), self.complete(contest)]
        return found

    def _bars(self) -> list[KeyFigure]:
        """Return the bar of each tier that has one, or how one wins."""
        law, found = self.outcome.law, []
        for tier in law.tier:
            if tier.contest not in self.outcome.contests and not any(
                c.startswith(tier.contest) for c in self.outcome.contests
            ):
                continue
            if tier.threshold is not None:
                text = provisions.threshold(tier.threshold, self.words)
                share = self.words.share(tier.threshold.share)
                found.append(
                    KeyFigure(self.say("bar"), share, f"{capital(tier_title(law, tier.id, self.words))}: {text}")
                )
            elif tier.majority is not None or tier.adoption is not None:
                key = "majority" if tier.majority is not None else "adoption"
                text = provisions.say_block(tier, key, self.words)
                found.append(KeyFigure(self.say("rule"), f"> {self.words.share(_majority(tier))}", capital(text)))
        return found

    def turnout(self, contest: str, unit: str = WHOLE) -> KeyFigure:
        """Return how many took part."""
        known = self.records.turnout(contest, unit)
        if known is None:
            return KeyFigure(self.say("turnout"), "–", self.say("turnout-unknown"))
        line, number, registered = known
        key = "issued-of" if line == "@issued" else "turnout-of"
        part = Fraction(number, registered)
        below = self.say(key, n=self.words.number(number), total=self.words.number(registered))
        return KeyFigure(self.say("turnout"), self.words.percent(part), below, part)

    def complete(self, contest: str) -> KeyFigure:
        """Return how much of a contest is counted."""
        progress, say = self.records.progress(contest), self.say
        if not progress.known:
            return KeyFigure(
                say("complete"), self.words.percent(Fraction(0), digits=0), say("nothing-reported"), Fraction(0)
            )
        part = Fraction(progress.known, progress.expected)
        if not progress.level:
            below = say("whole-reported")
        else:
            numbers = {"n": self.words.number(progress.known), "total": self.words.number(progress.expected)}
            below = say("known-of", **numbers, level=self.level(progress.level))
        floor = Fraction(part.numerator * 100 // part.denominator, 100)
        return KeyFigure(say("complete"), self.words.percent(floor, digits=0), below, part)

    def status(self) -> str:
        """Return which mark of status the outcome bears."""
        return self.outcome.status

    def sorted(self, units: Sequence[Any]) -> list[Any]:
        """Return units by their names, numbers in them by their value."""
        return sorted(units, key=lambda unit: by_name(self.unit(unit.id), self.language))


def _majority(tier: Tier) -> Fraction:
    """Return the share that a majority has to be above, the first of several."""
    if tier.majority is not None:
        return tier.majority.bars[0].share
    assert tier.adoption is not None, "asked of tiers with a majority only"
    return tier.adoption.share
