"""Why every seat went where it went: the steps of an outcome as text, for all or for one option."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sailau.election.model import WHOLE
from sailau.naming import Names
from sailau.wording.answers import say_question, say_questions, say_status, say_whatif
from sailau.wording.compact import district_line
from sailau.wording.findings import finding_lines
from sailau.wording.language import LANGUAGES, Words, counted, text_in, words
from sailau.wording.layout import WIDTH, Page
from sailau.wording.seats import (
    contest_name,
    contest_seats,
    tier_seats,
    tier_title,
)
from sailau.wording.steps import step_lines
from sailau.wording.view import Line, View, option_name

if TYPE_CHECKING:
    from sailau.counting import Outcome, Step, Undetermined
    from sailau.counting.margins import Margin

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
    explain_on(page, outcome, option, language)
    return page.text()


def explain_on(page: Page, outcome: Outcome, option: str | None = None, language: str = "en") -> None:
    """Write the reasons for every seat on a page of any kind; see `explain`.

    Raises:
        ValueError: as `explain` does.
    """
    writer = _Writer(outcome, language, page)
    if option is None:
        writer.everything()
        return
    found = resolve_option(outcome, option)
    if found in outcome.election.units and not _stands(outcome, found):
        writer.district(found)
    else:
        writer.option(found)


def _stands(outcome: Outcome, option: str) -> bool:
    return any(option in c.votes or option in c.seats for c in outcome.contests.values())


def resolve_option(outcome: Outcome, option: str) -> str:
    """Return the id of a party, candidate, answer or district given by id or by name.

    Raises:
        ValueError: none is called so; the message lists what there is.
    """
    found = find_option(outcome, option)
    if found is None:
        raise ValueError(explainable(outcome).expected(option, f"nobody is called “{option}”: expected an option"))
    return found


def find_option(outcome: Outcome, wanted: str) -> str | None:
    """Return the id of a party, candidate, answer or district by any of its names; None where nothing is called so."""
    found = explainable(outcome).find(wanted)
    return find_unit(outcome, wanted) if found is None else found


def find_unit(outcome: Outcome, wanted: str) -> str | None:
    """Return the id of a district in which seats are filled, by any of its names; None where none is called so."""
    return explainable_units(outcome).find(wanted)


def explainable(outcome: Outcome) -> Names:
    """Return what stood in an election, with names in all languages: lists, candidates, answers."""
    election = outcome.election
    names: dict[str, list[str]] = {}
    for option in known_options(outcome):
        names[option] = [option_name(election, option, words(code)) for code in LANGUAGES]
        names[option] += election.names_of(option)
    return Names(names)


def explainable_units(outcome: Outcome) -> Names:
    """Return the districts in which seats are filled, with their names in all languages."""
    units = outcome.election.units.values()
    return Names({unit.id: list(unit.names.values()) for unit in units if _has_steps(outcome, unit.id)})


def known_options(outcome: Outcome) -> list[str]:
    """Return the ids that can be explained: those with seats first, then lists, then everybody else who stood."""
    stood = [o for c in outcome.contests.values() for o in dict.fromkeys([*c.votes, *c.seats])]
    return list(
        dict.fromkeys([*(o for o, n in outcome.seats.items() if n), *outcome.election.parties, *outcome.seats, *stood])
    )


def _has_steps(outcome: Outcome, unit: str) -> bool:
    return any(unit in units for units in outcome.steps_by_unit.values())


def _of_district(outcome: Outcome, contest: str, unit: str) -> list[Step]:
    return [s for s in outcome.steps_by_unit[contest].get(unit, ()) if s.code not in _PLACING]


def _last_rounds(steps: Sequence[Step], option: str) -> list[Step]:
    """Leave out the earlier rounds of a computation that is done again, as far as an option is concerned."""
    last = {s.tier: s for s in steps if s.code == "levelling" and option in s.rows}
    return [s for s in steps if s.code != "levelling" or last.get(s.tier) is s]


class _Stages:
    """Puts a heading wherever an explanation passes from the whole to districts, or from one tier to the next."""

    def __init__(self, page: Page, said: Words, outcome: Outcome) -> None:
        self._page, self._words, self._outcome = page, said, outcome
        self._district = ""

    def district(self, heading: str, *, once: bool = False) -> None:
        """Begin a district, or (once) stay in it where it has begun."""
        if not (once and self._district == heading):
            self._page.heading(heading, 1)
        self._district = heading

    def whole(self, step: Step) -> None:
        """Go back to the whole after districts."""
        if self._district:
            self._page.heading(tier_title(self._outcome.law, step.tier, self._words), 1)
        self._district = ""


class _Writer:
    """Writes one explanation."""

    def __init__(self, outcome: Outcome, language: str, page: Page) -> None:
        self.outcome, self.language, self.page = outcome, language, page
        self.words = words(language)

    # ------------------------------------------------------------------ everything

    def everything(self) -> None:
        """Explain the whole outcome."""
        outcome, page = self.outcome, self.page
        title = text_in(outcome.election.titles, self.language, outcome.election.name)
        page.heading(title)
        page.plain(say_status(outcome, self.language))
        changed = say_whatif(outcome, self.language)
        if changed:
            page.plain(changed)
        ballots = {name: outcome.plan.held[name].ballot for name in outcome.contests}
        order = sorted(outcome.contests, key=lambda n: ("question", "list", "candidates").index(ballots[n]))
        for name in order:
            self._contest(name)
        self._open_questions()
        lines = finding_lines(outcome, self.language)
        if lines:
            page.heading(self.words.say("Notes"))
            for line in lines:
                page.item(line)

    def _open_questions(self) -> None:
        asked = self.outcome.undetermined
        if not asked:
            return
        self.page.heading(self.words.say("Open questions"))
        kinds: dict[tuple[str, str, str], list[Undetermined]] = {}
        for question in asked:
            kinds.setdefault((question.contest, question.question, question.cite), []).append(question)
        for held in kinds.values():
            if len(held) > _FEW_DISTRICTS:
                self.page.item(Line(say_questions(held, self.outcome, self.language), held[0].cite))
                continue
            for question in held:
                self.page.item(Line(say_question(question, self.outcome, self.language), question.cite))

    def _contest(self, name: str) -> None:
        steps = [s for s in self.outcome.steps if s.contest == name]
        contest = self.outcome.contests[name]
        if not steps and not contest.seats and not self.outcome.questions.get(name):
            return
        self.page.heading(self._contest_head(name))
        if name in self.outcome.questions and name in self.outcome.declared:
            self.page.item(Line(self.words.say("declared by the authority, not counted")))
        several = len(contest.districts) > 1
        compact = len(contest.districts) > _FEW_DISTRICTS
        stages = _Stages(self.page, self.words, self.outcome)
        done: set[str] = set()
        for step in steps:
            if step.unit == WHOLE or not several or step.code in _PLACING:
                stages.whole(step)
                self._tell(step)
            elif not compact:
                stages.district(self._unit(step.unit), once=True)
                self._tell(step)
            elif step.unit not in done:
                stages.district(self.words.say("By district"), once=True)
                here = _of_district(self.outcome, name, step.unit)
                self.page.item(district_line(View(self.outcome, self.words), name, step.unit, here))
            done.add(step.unit)
        self._representation(name)

    def _contest_head(self, name: str) -> str:
        """Return the heading of a contest: its seats, or who won a single one."""
        head, words = contest_name(self.outcome, name, self.words), self.words
        total = contest_seats(self.outcome, name)
        won = [o for o, n in self.outcome.contests[name].seats.items() if n]
        if total == 1 and len(won) == 1 and self.outcome.plan.held[name].ballot == "candidates":
            return words.say("{name} – {winner} elected", name=head, winner=View(self.outcome, words).name(won[0]))
        return words.plural("{name} – {n} seat", "{name} – {n} seats", total, name=head) if total else head

    def _representation(self, name: str) -> None:
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
        self.page.item(Line(text))

    # ------------------------------------------------------------------ one option

    def option(self, option: str) -> None:
        """Explain what one party, candidate or answer got, and why."""
        outcome = self.outcome
        names = list(outcome.standing(option))
        name = View(outcome, self.words).name(option)
        won = sum(self._won(n, option) for n in names)
        everything = sum(contest_seats(outcome, n) for n in outcome.contests)
        if len(names) > 1:
            self.page.heading(self._of_all(name, won, everything))
        for contest in names:
            ballot = outcome.plan.held[contest].ballot
            if ballot == "question":
                self._answer(contest, option)
            elif ballot == "list" or option in outcome.contests[contest].votes:
                self._stood(contest, option, name)
            else:
                self._persons(contest, option, name)
        asked = [q for q in outcome.undetermined if option in q.among]
        if asked:
            self.page.heading(self.words.say("Open questions"))
            for question in asked:
                self.page.item(Line(say_question(question, outcome, self.language), question.cite))
        changed = say_whatif(outcome, self.language)
        if changed:
            self.page.gap()
            self.page.plain(changed)

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

    def _answer(self, contest: str, option: str) -> None:
        head = contest_name(self.outcome, contest, self.words)
        self.page.heading(f"{head}: {View(self.outcome, self.words).name(option)}")
        for step in self.outcome.steps:
            if step.contest == contest:
                self._tell(step, option)

    def _stood(self, contest: str, option: str, name: str) -> None:
        """Explain an option that stands on the ballot paper itself: a list, or a person."""
        outcome = self.outcome
        held = outcome.contests[contest]
        self.page.heading(self._headline(contest, option, name))
        steps = _last_rounds([s for s in outcome.steps if s.contest == contest], option)
        stood = [u for u, d in held.districts.items() if option in d.votes or d.seats.get(option)]
        several = outcome.plan.held[contest].ballot == "list" and len(held.districts) > 1
        stages = _Stages(self.page, self.words, outcome)
        shown: set[str] = set()
        for step in steps:
            if step.unit == WHOLE or not several or step.code in _PLACING:
                if step.unit == WHOLE or step.unit in stood:
                    stages.whole(step)
                    self._tell(step, option)
            elif step.unit not in shown and step.unit in stood:
                shown.add(step.unit)
                self._district_of(contest, step.unit, option, stages)
        told = several and outcome.margins.quick(contest)
        for unit in stood if not told and self._margins_at_hand(contest, stood) else ():
            self._margin(contest, unit, option)

    def _margins_at_hand(self, contest: str, stood: Sequence[str]) -> bool:
        """Whether margins can be computed while somebody waits: for one person, or a list of few districts."""
        outcome = self.outcome
        held = outcome.plan.held[contest]
        if held.ballot == "candidates" and len(stood) == 1:
            return True
        return outcome.margins.quick(contest) and len(outcome.contests[contest].districts) <= _FEW_DISTRICTS

    def _district_of(self, contest: str, unit: str, option: str, stages: _Stages) -> None:
        """Explain a list in one of many districts: where it has a seat or stood next in line for one."""
        steps = _last_rounds(_of_district(self.outcome, contest, unit), option)
        later = sum(self.outcome.later_seats(contest, option, unit).values())
        seats = self.outcome.contests[contest].districts[unit].seats.get(option, 0) - later
        if not seats and not any(_next_in_line(s, option) for s in steps):
            return
        total = self.outcome.to_fill(contest, unit)
        stages.district(self._of_all(self._unit(unit), seats, total))
        for step in steps:
            self._tell(step, option)
        if self.outcome.margins.quick(contest):
            self._margin(contest, unit, option)

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

    def _persons(self, contest: str, option: str, name: str) -> None:
        """Explain the districts that persons of a party won, a line each."""
        outcome, say = self.outcome, self.words
        held = outcome.contests[contest]
        total = contest_seats(outcome, contest)
        one, many = counted("{name} – {seats} of {n} district seat", "{name} – {seats} of {n} district seats")
        self.page.heading(say.plural(one, many, total, name=name, seats=say.number(self._won(contest, option))))
        for step in outcome.steps:
            if step.contest == contest and step.code == "declared" and option in step.rows:
                self._tell(step, option)
        own = set(outcome.standing(option).get(contest, ()))
        view = View(outcome, self.words)
        for unit, district in held.districts.items():
            won = [o for o in own if district.seats.get(o)]
            asked = [q for q in outcome.undetermined if q.contest == contest and q.unit == unit and own & set(q.among)]
            if (won or asked) and not district.declared:
                steps = outcome.steps_by_unit[contest].get(unit, ())
                self.page.item(district_line(view, contest, unit, steps))

    # ------------------------------------------------------------------ one district

    def district(self, unit: str) -> None:
        """Explain everything that happened in one district."""
        self.page.heading(self._unit(unit))
        for name in self.outcome.contests:
            steps = self.outcome.steps_by_unit[name].get(unit, ())
            if steps:
                self.page.heading(contest_name(self.outcome, name, self.words), 1)
                for step in steps:
                    self._tell(step)

    # ------------------------------------------------------------------ parts

    def _unit(self, unit: str) -> str:
        return View(self.outcome, self.words).unit(unit)

    def _tell(self, step: Step, option: str | None = None) -> None:
        if option is None or step.concerns(option):
            for line in step_lines(step, self.outcome, option, self.language):
                self.page.step(line)

    def _margin(self, contest: str, unit: str, option: str) -> None:
        margin = _margin_of(self.outcome, contest, unit, option)
        if margin is None:
            return
        person = self.outcome.plan.held[contest].ballot == "candidates"
        seats = self.outcome.contests[contest].seats.get(option, 0)
        parts = list(_margin_of_person(self.words, margin) if person else _margin_of_list(self.words, margin, seats))
        if parts:
            self.page.plain(self.words.say("All else equal: {margin}", margin="; ".join(parts)), 5)


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
