"""Counting one election: the outcome put together from what every tier gave and what was declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from sailau.counting.compiled import CompiledLaw, Run
from sailau.counting.outcome import Outcome
from sailau.counting.papers import districts_of, party_of
from sailau.counting.results import Announced, ContestOutcome, District, Elected
from sailau.counting.sheet import Sheet
from sailau.counting.ties import Ties
from sailau.election.model import WHOLE, Award
from sailau.rulebook import BadInput, Finding
from sailau.tabulation import awaited


def outcome_of(plan: CompiledLaw, sheets: Mapping[str, Sheet], ties: Ties, *, drawn: bool = False) -> Outcome:
    """Count one election laid out as sheets of one.

    Args:
        plan: the compiled law.
        sheets: contest → its figures.
        ties: settles, asks or draws.
        drawn: the election was drawn, so that checks of the case's own figures do not apply.
    """
    run = plan.run(sheets, ties)
    builder = _Builder(plan, run, drawn=drawn)
    asked = [*builder.open]
    outcome = builder.outcome()
    faults = [] if drawn else ties.unused(asked)
    own = plan.election.book.id if plan.election.book is not None else plan.election.law
    if faults and plan.law.id == own and not plan.law.changes:
        raise BadInput(faults)
    return outcome


class _Builder:
    """Puts an outcome together from what a run gave and what was declared."""

    def __init__(self, plan: CompiledLaw, run: Run, *, drawn: bool) -> None:
        self.plan, self.run = plan, run
        self.election, self.law = plan.election, plan.law
        counted = [finding for workings in run.workings.values() for finding in workings.findings()]
        self.findings: list[Finding] = [*(() if drawn else plan.tabulation.findings), *counted]
        late = [] if drawn else list(self._late())
        self.findings += late
        self.partial = bool(late) or any(f.code == "cannot-be-verified" for f in counted)
        self.invalid = any(workings.invalid for workings in run.workings.values())
        self.open = [asked for workings in run.workings.values() for asked in workings.open_questions()]
        self.announced: list[Announced] = []
        self.declared_in: list[str] = []

    def outcome(self) -> Outcome:
        contests: dict[str, ContestOutcome] = {}
        answers: dict[str, dict[str, str | None]] = {}
        for name, contest in self.plan.held.items():
            if contest.ballot == "question":
                answers[name] = self._answers(name)
                contests[name] = self._contest(name, {})
                continue
            contests[name] = self._contest(name, self._declared(name))
        elected = [e for c in contests.values() for e in self._elected(c)]
        return Outcome(
            law=self.law,
            election=self.election,
            status=self._status(),
            seats=self._seats(contests),
            contests=contests,
            elected=elected,
            questions={name: _together(given) for name, given in answers.items()},
            answers=answers,
            undetermined=tuple(self.open),
            findings=tuple(self._all_findings()),
            declared=tuple(self.declared_in),
            plan=self.plan,
            run=self.run,
            announced=tuple(self.announced),
        )

    def _late(self) -> Iterator[Finding]:
        """Yield what is missing where protocols of polling stations are not in: their votes are unknown, not zero."""
        for name in self.plan.papers:
            missing, stations = awaited(self.election, self.plan.tabulation, name)
            if missing:
                yield Finding("protocols-missing", name, "", {"missing": missing, "stations": stations}, "")

    def _status(self) -> str:
        if self.invalid:
            return "invalid"
        if self.open:
            return "undetermined"
        return "partial" if self.partial else "final"

    def _all_findings(self) -> list[Finding]:
        named = dict.fromkeys([*self.plan.tabulation.contests, *(a.contest for a in self.election.declared)])
        foreign = [c for c in named if c not in self.plan.held]
        notes = list(self._above_limits())
        notes += [Finding("contest-not-in-law", c, "", {"law": self.law.id}, "") for c in foreign]
        for name, paper in self.plan.papers.items():
            given = np.flatnonzero(paper.second[1]).tolist() if paper.second is not None else ()
            used = {place for workings in self.run.of(name).values() for place in workings.second_rounds()}
            unused = [paper.districts[place] for place in given if place not in used]
            notes += [Finding("second-round-not-used", name, unit, {}, "") for unit in unused]
        return list({repr(f): f for f in [*self.findings, *notes]}.values())

    def _above_limits(self) -> Iterator[Finding]:
        """Yield a finding for every district with more seats than the law allows."""
        for (name, _), tier in self.plan.tiers.items():
            rule, seats = tier.rule.seats, tier.magnitudes.known
            if rule.at_most is None or seats is None:
                continue
            for unit, number in zip(tier.paper.districts, seats.tolist(), strict=True):
                if number > rule.at_most:
                    values = {"found": number, "expected": rule.at_most}
                    yield Finding("seats-above-limit", name, unit, values, rule.cite, rule.confidence)

    # ------------------------------------------------------------------ seats

    def _declared(self, name: str) -> dict[str, list[Award]]:
        """Return unit → declared seats that stand in where no votes were counted or the count is open."""
        rows: dict[str, list[Award]] = {}
        for award in self.election.declared:
            if award.contest == name:
                rows.setdefault(award.unit, []).append(award)
        paper = self.plan.papers.get(name)
        if paper is None:
            if not rows:
                self.partial = True
                self.findings.append(Finding("contest-missing", name, "", {}, ""))
            return rows
        stands: dict[str, list[Award]] = {}
        open_units = {q.unit for q in self.open if q.contest == name}
        for unit, awards in rows.items():
            place = paper.place(unit)
            if (place is not None and not paper.reported[place]) or unit in open_units:
                stands[unit] = awards
                self.announced.append(Announced(name, unit, tuple(awards)))
            else:
                self.findings.append(Finding("declared-not-used", name, unit, {}, ""))
        self.open = [q for q in self.open if q.contest != name or q.unit not in stands]
        missing = [d for d, r in zip(paper.districts, paper.reported, strict=True) if not r and d not in stands]
        if missing:
            self.partial = True
            values = {"missing": len(missing), "districts": len(paper.districts)}
            self.findings.append(Finding("districts-missing", name, "", values, ""))
        return stands

    def _contest(self, name: str, declared: Mapping[str, Sequence[Award]]) -> ContestOutcome:
        paper = self.plan.papers.get(name)
        districts: dict[str, District] = {}
        if paper is not None:
            won, sheet = self.run.won(name), self.run.sheets[name]
            for place, unit in enumerate(paper.districts):
                if not paper.reported[place]:
                    continue
                names = paper.names(place)
                votes = {o: int(sheet.votes[s, place, 0]) for s, o in enumerate(names)}
                seats = {} if won is None else {o: int(won[s, place, 0]) for s, o in enumerate(names)}
                districts[unit] = District(unit, self._base(name, place), votes, seats)
        for unit, awards in declared.items():
            if name not in self.declared_in:
                self.declared_in.append(name)
            held = districts.get(unit)
            seats = {a.option: a.seats for a in awards}
            if held is not None:
                seats = {**dict.fromkeys(held.votes, 0), **seats}
            districts[unit] = District(unit, held.base if held else None, held.votes if held else {}, seats, True)
            if paper is None:
                self.announced.append(Announced(name, unit, tuple(awards)))
        self._check_declared(name, declared)
        return ContestOutcome(
            name,
            self._base(name, None),
            _sum(d.votes for d in districts.values()),
            _sum(d.seats for d in districts.values()),
            districts,
            self._second(name),
        )

    def _check_declared(self, name: str, declared: Mapping[str, Sequence[Award]]) -> None:
        """Note where a contest known only by declaration does not fill the seats that the law gives it."""
        if name in self.plan.papers or not declared:
            return
        given = sum(a.seats for awards in declared.values() for a in awards)
        tiers, expected = self.law.tiers_of(self.plan.held[name].id), self.plan.lawful_seats(name)
        if expected is not None and expected != given:
            values = {"found": given, "expected": expected}
            self.findings.append(Finding("declared-differs", name, "", values, tiers[0].seats.cite))
            self.partial = self.partial or given < expected

    def _second(self, name: str) -> dict[str, int]:
        paper = self.plan.papers.get(name)
        if paper is None or paper.second is None:
            return {}
        votes, _ = paper.second
        places = range(len(paper.districts))
        return {o: int(votes[s, p]) for p in places for s, o in enumerate(paper.names(p)) if votes[s, p] >= 0}

    def _base(self, name: str, place: int | None) -> int | None:
        """Return the base of a contest for the whole (place None) or in a district."""
        paper = self.plan.papers.get(name)
        if paper is None:
            return None
        sheet = self.run.sheets[name]
        for tier in self.law.tiers_of(paper.contest.id):
            rule = tier.threshold or tier.adoption
            base = rule.base if rule is not None else None
            if base is None and tier.majority is not None:
                base = tier.majority.bars[0].base
            if base is None:
                continue
            for tried in (base, "valid"):
                figures = sheet.base_whole(tried) if place is None else sheet.base(tried)
                if figures is not None:
                    return int(figures[0] if place is None else figures[place, 0])
        return None

    def _seats(self, contests: Mapping[str, ContestOutcome]) -> dict[str, int]:
        seats: dict[str, int] = {}
        for contest in contests.values():
            if self.plan.held[contest.name].ballot == "question":
                continue
            for option in dict.fromkeys([*contest.votes, *contest.seats]):
                party = self.plan.party(option)
                seats[party] = seats.get(party, 0) + contest.seats.get(option, 0)
        order = {p: i for i, p in enumerate(self.plan.parties)}
        return dict(sorted(seats.items(), key=lambda item: (-item[1], order.get(item[0], len(order)))))

    def _elected(self, contest: ContestOutcome) -> Iterator[Elected]:
        """Yield one entry a seat."""
        for district in contest.districts.values():
            for option, number in district.seats.items():
                person = self.election.candidates.get(option)
                party = self.plan.party(option) if person is None else party_of(option, self.election)
                candidate, position = (None, None) if person is None else (option, person.position)
                yield from [Elected(contest.name, district.unit, party, candidate, position)] * number

    # ------------------------------------------------------------------ questions

    def _answers(self, name: str) -> dict[str, str | None]:
        """Return district → what became of a question there, counted or else announced."""
        paper, question = self.plan.papers.get(name), self.run.question(name)
        given: dict[str, str | None] = {}
        if paper is not None and question is not None:
            given = {paper.districts[at]: question.answer(at) for at in np.flatnonzero(paper.reported).tolist()}
        self.invalid = self.invalid or "invalid" in given.values()
        announced = self._announced(name, given)
        if announced:
            self.declared_in.append(name)
        given |= announced
        if None in given.values() or not given:
            self.partial = True
        return given

    def _announced(self, name: str, counted: Mapping[str, str | None]) -> dict[str, str | None]:
        """Return the answers that the authority announced for districts without votes, or for the whole."""
        contest = self.plan.held[name]
        rule = next((t.adoption for t in self.law.tiers_of(contest.id) if t.adoption is not None), None)
        places = districts_of(contest, self.election) if counted else (WHOLE, *districts_of(contest, self.election))
        return {
            a.unit: "adopted" if a.option == rule.answer else "rejected"
            for a in self.election.declared
            if rule is not None and a.contest == name and a.seats and a.unit in places and a.unit not in counted
        }


def _together(given: Mapping[str, str | None]) -> str | None:
    """Return the answer of all districts, None where they differ or one of them is open."""
    return next(iter(given.values())) if len(set(given.values())) == 1 else None


def _sum(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for part in parts:
        for key, number in part.items():
            total[key] = total.get(key, 0) + number
    return total
