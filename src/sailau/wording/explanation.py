"""Why every seat went where it went: the steps of an outcome as text, for all or for one option."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from sailau.counting.steps import TurnoutChecked
from sailau.election.model import WHOLE
from sailau.wording.answers import say_question, say_questions, say_status, say_whatif
from sailau.wording.asked_for import resolve_option
from sailau.wording.compact import district_line
from sailau.wording.findings import finding_lines
from sailau.wording.language import Words, counted, text_in, words
from sailau.wording.layout import WIDTH, Page, Piece
from sailau.wording.seats import (
    contest_name,
    contest_seats,
    tier_seats,
    tier_title,
)
from sailau.wording.steps import step_lines
from sailau.wording.view import Line, View

if TYPE_CHECKING:
    from sailau.counting import Outcome, Step, Undetermined
    from sailau.counting.margins import Margin
    from sailau.rulebook import Law

_FEW_DISTRICTS = 3
"""Up to so many districts are explained in full where no option was asked for."""
_PLACING = ("levelling-place", "transfer-place")
"""Steps that say in which district a seat of a later tier lies."""


def explain(outcome: Outcome, option: str | None = None, language: str = "en", width: int = WIDTH) -> str:
    """Return the reasons for every seat as plain text, steps numbered, articles on the right.

    Args:
        outcome: of a count.
        option: a party, a candidate, an answer or a district, by id or name; None explains everything, many districts
            with one line each.
        language: `en`, `kk` or `ru`.
        width: columns of the text.

    Raises:
        ValueError: an option that is not in this election (the message lists those that are), or no such language.
    """
    page = Page(outcome.law, words(language), width)
    for piece in pieces(outcome, option, language):
        page.add(piece)
    return page.text()


def pieces(outcome: Outcome, option: str | None = None, language: str = "en") -> Iterator[Piece]:
    """Return what an explanation is made of, for a page of any kind; see `explain`.

    Raises:
        ValueError: as `explain` does.
    """
    writer = _ExplanationWriter(outcome, language)
    if option is None:
        return writer.everything()
    asked = resolve_option(outcome, option)
    of_district = asked in outcome.election.units and not _stands(outcome, asked)
    return writer.district(asked) if of_district else writer.option(asked)


def _stands(outcome: Outcome, option: str) -> bool:
    return any(option in c.votes or option in c.seats for c in outcome.contests.values())


def _of_district(outcome: Outcome, contest: str, unit: str) -> list[Step]:
    return [s for s in outcome.steps_by_unit[contest].get(unit, ()) if s.code not in _PLACING]


def _last_rounds(steps: Sequence[Step], option: str) -> list[Step]:
    """Leave out the earlier rounds of a computation that is done again, as far as an option is concerned."""
    last = {s.tier: s for s in steps if s.code == "levelling" and option in s.rows}
    return [s for s in steps if s.code != "levelling" or last.get(s.tier) is s]


class _Stages:
    """Puts a heading wherever an explanation passes from the whole to districts, or from one tier to the next."""

    def __init__(self, law: Law, words: Words) -> None:
        self._law, self._words, self._district = law, words, ""

    def district(self, heading: str, *, once: bool = False) -> Iterator[Piece]:
        """Begin a district, or (once) stay in it where it has begun."""
        if not (once and self._district == heading):
            yield Piece("heading", Line(heading), 1)
        self._district = heading

    def whole(self, step: Step) -> Iterator[Piece]:
        """Go back to the whole after districts."""
        if self._district:
            yield Piece("heading", Line(tier_title(self._law, step.tier, self._words)), 1)
        self._district = ""


def _of_valid_polls(steps: Iterable[Step]) -> list[Step]:
    """Leave out what would have followed where too few took part: the votes of a void poll elect nobody."""
    told: list[Step] = []
    void: set[str] = set()
    for step in steps:
        if not void & {WHOLE, step.unit}:
            told.append(step)
        if isinstance(step, TurnoutChecked) and not step.enough:
            void.add(step.unit)
    return told


class _ExplanationWriter:
    """Makes one explanation."""

    def __init__(self, outcome: Outcome, language: str) -> None:
        self.outcome, self.language, self.words = outcome, language, words(language)
        self.view = View(outcome, self.words)

    # ------------------------------------------------------------------ everything

    def everything(self) -> Iterator[Piece]:
        """Explain the whole outcome."""
        outcome = self.outcome
        title = text_in(outcome.election.titles, self.language, outcome.election.name)
        yield Piece("heading", Line(title))
        yield Piece("plain", Line(say_status(outcome, self.language)))
        changed = say_whatif(outcome, self.language)
        if changed:
            yield Piece("plain", Line(changed))
        ballots = {name: outcome.plan.held[name].ballot for name in outcome.contests}
        order = sorted(outcome.contests, key=lambda n: ("question", "list", "candidates").index(ballots[n]))
        for name in order:
            yield from self._contest(name)
        yield from self._open_questions()
        lines = finding_lines(outcome, self.language)
        if lines:
            yield Piece("heading", Line(self.words.say("Notes")))
            for line in lines:
                yield Piece("item", line)

    def _open_questions(self) -> Iterator[Piece]:
        asked = self.outcome.undetermined
        if not asked:
            return
        yield Piece("heading", Line(self.words.say("Open questions")))
        kinds: dict[tuple[str, str, str], list[Undetermined]] = {}
        for question in asked:
            kinds.setdefault((question.contest, question.question, question.cite), []).append(question)
        for held in kinds.values():
            if len(held) > _FEW_DISTRICTS:
                yield Piece("item", Line(say_questions(held, self.outcome, self.language), held[0].cite))
                continue
            for question in held:
                yield Piece("item", Line(say_question(question, self.outcome, self.language), question.cite))

    def _contest(self, name: str) -> Iterator[Piece]:
        steps = _of_valid_polls(s for s in self.outcome.steps if s.contest == name)
        contest = self.outcome.contests[name]
        if not steps and not contest.seats and not self.outcome.questions.get(name):
            return
        yield Piece("heading", Line(self._contest_head(name)))
        if name in self.outcome.questions and name in self.outcome.declared:
            yield Piece("item", Line(self.words.say("declared by the authority, not counted")))
        several = len(contest.districts) > 1
        compact = len(contest.districts) > _FEW_DISTRICTS
        stages = _Stages(self.outcome.law, self.words)
        done: set[str] = set()
        for step in steps:
            if step.unit == WHOLE or not several or step.code in _PLACING:
                yield from stages.whole(step)
                yield from self._tell(step)
            elif not compact:
                yield from stages.district(self._unit(step.unit), once=True)
                yield from self._tell(step)
            elif step.unit not in done:
                yield from stages.district(self.words.say("By district"), once=True)
                yield Piece("item", self._line(name, step.unit))
            done.add(step.unit)
        yield from self._representation(name)

    def _contest_head(self, name: str) -> str:
        """Return the heading of a contest: its seats, or who won a single one."""
        head, words = self._title(name), self.words
        total = contest_seats(self.outcome, name)
        won = [o for o, n in self.outcome.contests[name].seats.items() if n]
        if total == 1 and len(won) == 1 and self.outcome.plan.held[name].ballot == "candidates":
            return words.say("{name} – {winner} elected", name=head, winner=self.view.name(won[0]))
        return words.plural("{name} – {n} seat", "{name} – {n} seats", total, name=head) if total else head

    def _representation(self, name: str) -> Iterator[Piece]:
        """Say how many voters stand behind a seat, and where most differ from the mean."""
        found = self.outcome.voters_per_seat.get(name)
        if not found:
            return
        words = self.words
        text = words.say(
            "registered voters per seat: {mean} on average; farthest from it is {unit} with {there} ({deviation})",
            mean=words.decimal(found["mean"], 0),
            unit=self._unit(found["district"]),
            there=words.decimal(found["there"], 0),
            deviation=("+" if found["deviation"] > 0 else "") + words.percent(found["deviation"], digits=1),
        )
        yield Piece("item", Line(text))

    # ------------------------------------------------------------------ one option

    def option(self, option: str) -> Iterator[Piece]:
        """Explain what one party, candidate or answer got, and why."""
        outcome = self.outcome
        names = list(outcome.standing(option))
        name = self.view.name(option)
        won = sum(self._won(n, option) for n in names)
        everything = sum(contest_seats(outcome, n) for n in outcome.contests)
        if len(names) > 1:
            yield Piece("heading", Line(self._of_all(name, won, everything)))
        for contest in names:
            ballot = outcome.plan.held[contest].ballot
            if ballot == "question":
                yield from self._answer(contest, option)
            elif ballot == "list" or option in outcome.contests[contest].votes:
                yield from self._stood(contest, option, name)
            else:
                yield from self._persons(contest, option, name)
        asked = [q for q in outcome.undetermined if option in q.among]
        if asked:
            yield Piece("heading", Line(self.words.say("Open questions")))
            for question in asked:
                yield Piece("item", Line(say_question(question, outcome, self.language), question.cite))
        changed = say_whatif(outcome, self.language)
        if changed:
            yield Piece("gap", Line(""))
            yield Piece("plain", Line(changed))

    def _of_all(self, name: str, won: int, total: int) -> str:
        return self.words.plural(
            "{name} – {seats} of {n} seat",
            "{name} – {seats} of {n} seats",
            total,
            name=name,
            seats=self.words.number(won),
        )

    def _won(self, contest: str, option: str) -> int:
        held = self.outcome.contests[contest]
        return sum(held.seats.get(o, 0) for o in self.outcome.standing(option).get(contest, ()))

    def _answer(self, contest: str, option: str) -> Iterator[Piece]:
        head = self._title(contest)
        yield Piece("heading", Line(f"{head}: {self.view.name(option)}"))
        for step in self.outcome.steps:
            if step.contest == contest:
                yield from self._tell(step, option)

    def _stood(self, contest: str, option: str, name: str) -> Iterator[Piece]:
        """Explain an option that stands on the ballot paper itself: a list, or a person."""
        outcome = self.outcome
        held = outcome.contests[contest]
        yield Piece("heading", Line(self._headline(contest, option, name)))
        steps = _last_rounds(_of_valid_polls(s for s in outcome.steps if s.contest == contest), option)
        stood = [u for u, d in held.districts.items() if option in d.votes or d.seats.get(option)]
        several = outcome.plan.held[contest].ballot == "list" and len(held.districts) > 1
        stages = _Stages(self.outcome.law, self.words)
        shown: set[str] = set()
        for step in steps:
            if step.unit == WHOLE or not several or step.code in _PLACING:
                if step.unit == WHOLE or step.unit in stood:
                    yield from stages.whole(step)
                    yield from self._tell(step, option)
            elif step.unit not in shown and step.unit in stood:
                shown.add(step.unit)
                yield from self._district_of(contest, step.unit, option, stages)
        told = several and outcome.margins.quick(contest)
        for unit in stood if not told and self._margins_at_hand(contest, stood) else ():
            yield from self._margin(contest, unit, option)

    def _margins_at_hand(self, contest: str, stood: Sequence[str]) -> bool:
        """Whether margins can be computed while somebody waits: for one person, or a list of few districts."""
        outcome = self.outcome
        held = outcome.plan.held[contest]
        if held.ballot == "candidates" and len(stood) == 1:
            return True
        return outcome.margins.quick(contest) and len(outcome.contests[contest].districts) <= _FEW_DISTRICTS

    def _district_of(self, contest: str, unit: str, option: str, stages: _Stages) -> Iterator[Piece]:
        """Explain a list in one of many districts: where it has a seat or stood next in line for one."""
        steps = _last_rounds(_of_district(self.outcome, contest, unit), option)
        later = sum(self.outcome.later_seats(contest, option, unit).values())
        seats = self.outcome.contests[contest].districts[unit].seats.get(option, 0) - later
        if not seats and not any(_next_in_line(s, option) for s in steps):
            return
        total = self.outcome.to_fill(contest, unit)
        yield from stages.district(self._of_all(self._unit(unit), seats, total))
        for step in steps:
            yield from self._tell(step, option)
        if self.outcome.margins.quick(contest):
            yield from self._margin(contest, unit, option)

    def _headline(self, contest: str, option: str, name: str) -> str:
        outcome, say = self.outcome, self.words
        seats = self._won(contest, option)
        total = contest_seats(outcome, contest)
        if outcome.plan.held[contest].ballot == "list":
            one, many = counted("{name} – {seats} of {n} list seat", "{name} – {seats} of {n} list seats")
            text = say.plural(one, many, total, name=name, seats=say.number(seats))
            tiers = tier_seats(outcome, contest, option)
            if len(tiers) > 1:
                parts = ", ".join(f"{say.say(tier)} {say.number(seats)}" for tier, seats in tiers)
                text += f" ({parts})"
            return text
        unit = next((u for u, d in outcome.contests[contest].districts.items() if option in d.votes and u != WHOLE), "")
        verdict = say.say("{name} – elected", name=name) if seats else say.say("{name} – not elected", name=name)
        return f"{verdict} ({self._unit(unit)})" if unit else verdict

    def _persons(self, contest: str, option: str, name: str) -> Iterator[Piece]:
        """Explain the districts that persons of a party won, a line each."""
        outcome, say = self.outcome, self.words
        held = outcome.contests[contest]
        total = contest_seats(outcome, contest)
        one, many = counted("{name} – {seats} of {n} district seat", "{name} – {seats} of {n} district seats")
        yield Piece(
            "heading", Line(say.plural(one, many, total, name=name, seats=say.number(self._won(contest, option))))
        )
        for step in outcome.steps:
            if step.contest == contest and step.code == "declared" and option in step.rows:
                yield from self._tell(step, option)
        own = set(outcome.standing(option).get(contest, ()))
        for unit, district in held.districts.items():
            won = [o for o in own if district.seats.get(o)]
            asked = [q for q in outcome.undetermined if q.contest == contest and q.unit == unit and own & set(q.among)]
            if (won or asked) and not district.declared:
                yield Piece("item", self._line(contest, unit))

    # ------------------------------------------------------------------ one district

    def district(self, unit: str) -> Iterator[Piece]:
        """Explain everything that happened in one district."""
        yield Piece("heading", Line(self._unit(unit)))
        for name in self.outcome.contests:
            steps = self.outcome.steps_by_unit[name].get(unit, ())
            if steps:
                yield Piece("heading", Line(self._title(name)), 1)
                for step in steps:
                    yield from self._tell(step)

    # ------------------------------------------------------------------ parts

    def _title(self, contest: str) -> str:
        return contest_name(self.outcome, contest, self.words)

    def _line(self, contest: str, unit: str) -> Line:
        """Return what happened in one of many districts as one line."""
        return district_line(self.view, contest, unit, _of_district(self.outcome, contest, unit))

    def _unit(self, unit: str) -> str:
        return self.view.unit(unit)

    def _tell(self, step: Step, option: str | None = None) -> Iterator[Piece]:
        if option is None or step.concerns(option):
            for line in step_lines(step, self.outcome, option, self.language):
                yield Piece("step", line)

    def _margin(self, contest: str, unit: str, option: str) -> Iterator[Piece]:
        margin = _margin_of(self.outcome, contest, unit, option)
        if margin is None:
            return
        person = self.outcome.plan.held[contest].ballot == "candidates"
        seats = self.outcome.contests[contest].seats.get(option, 0)
        parts = list(_margin_of_person(self.words, margin) if person else _margin_of_list(self.words, margin, seats))
        if parts:
            yield Piece("plain", Line(self.words.say("All else equal: {margin}", margin="; ".join(parts))), 5)


def _next_in_line(step: Step, option: str) -> bool:
    """Whether a list was the first to miss a seat here."""
    from sailau.counting.steps import QuotientsRanked, RemaindersRanked

    if option not in step.rows:
        return False
    if isinstance(step, QuotientsRanked):
        row = step.rows[option]
        return row.next is not None and row.next == step.largest
    if isinstance(step, RemaindersRanked) and step.code == "remainders":
        return [o for o in step.order if not step.rows[o].gained][:1] == [option]
    return False


def _margin_of(outcome: Outcome, contest: str, unit: str, option: str) -> Margin | None:
    try:
        margin: Margin = outcome.margins[contest, unit, option]
    except KeyError:
        return None
    return margin


def _margin_of_list(said: Words, margin: Margin, seats: int) -> Iterator[str]:
    if margin.more is not None and margin.more_seats is not None:
        one, many = counted("{n} more vote would win {seats}", "{n} more votes would win {seats}")
        text = said.plural("{n} more seat", "{n} more seats", margin.more_seats - seats)
        yield said.plural(one, many, margin.more, seats=text)
    if margin.fewer is not None and margin.fewer_seats is not None:
        one, many = counted("{n} vote fewer would lose {seats}", "{n} votes fewer would lose {seats}")
        text = said.plural("{n} seat", "{n} seats", seats - margin.fewer_seats)
        yield said.plural(one, many, margin.fewer, seats=text)


def _margin_of_person(said: Words, margin: Margin) -> Iterator[str]:
    if margin.more is not None:
        yield said.plural(
            "{n} more vote would have won the seat", "{n} more votes would have won the seat", margin.more
        )
    if margin.fewer is not None:
        yield said.plural(
            "{n} vote fewer would have lost the seat", "{n} votes fewer would have lost the seat", margin.fewer
        )
