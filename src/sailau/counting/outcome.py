"""The outcome of one election: seats, status, open questions, findings and steps – and its JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sailau
from sailau.counting.compiled import CompiledLaw, Run
from sailau.counting.papers import party_of
from sailau.counting.results import Announced, ContestOutcome, Elected
from sailau.counting.ties import Undetermined
from sailau.election.model import WHOLE, Election
from sailau.rulebook import Finding, Law
from sailau.tabulation import VALID_LINES

if TYPE_CHECKING:
    import pyarrow

    from sailau.counting.margins import Margins
    from sailau.counting.steps import Step

STATUSES = ("final", "partial", "undetermined", "invalid")


@dataclass(frozen=True)
class Outcome:
    """The result of a count.

    Attributes:
        seats: by party over all tiers; by candidate for a single office.
        questions: contest → `adopted`, `rejected`, `invalid` or None.
        answers: contest → district → the same, for each district in which the question was put.
        declared: contests with seats that were announced, not counted.
        plan: the compiled law.
        run: what every tier did, from which the steps are read off.
        announced: seats of the authority that stand in for votes.
    """

    law: Law
    election: Election
    status: str
    seats: Mapping[str, int]
    contests: Mapping[str, ContestOutcome]
    elected: Sequence[Elected]
    questions: Mapping[str, str | None]
    answers: Mapping[str, Mapping[str, str | None]]
    undetermined: Sequence[Undetermined]
    findings: Sequence[Finding]
    declared: Sequence[str]
    plan: CompiledLaw = field(repr=False, compare=False)
    run: Run = field(repr=False, compare=False)
    announced: Sequence[Announced] = ()

    def __repr__(self) -> str:
        """Show it as one line in a shell, not as everything it holds."""
        seats = ", ".join(f"{option} {n}" for option, n in self.seats.items() if n)
        return f"<Outcome {self.election.name} under {self.law.id} of {self.law.day}, {self.status}: {seats or '–'}>"

    @property
    def whatif(self) -> Mapping[str, str]:
        """Provisions that were changed, path → value; empty for the law as it stands."""
        return self.law.changes

    def explain(self, option: str | None = None, language: str = "en") -> str:
        """Return the reasons for every seat, or for one option's, as text with articles."""
        # The library's face knows the room of words; counting knows none.
        return str(sailau.explain(self, option, language))

    def valid_votes(self, contest: str) -> int:
        """Return all valid votes of a contest, those against all included."""
        totals = self.plan.tabulation.of(contest)
        if totals is None:
            return 0
        options = sum(self.contests[contest].votes.values())
        return options + sum(totals.figure(WHOLE, line) or 0 for line in VALID_LINES)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Everything that was done, in order: read off the workings when it is asked for."""
        from sailau.counting.telling import steps_of

        return tuple(steps_of(self.plan, self.run, self.announced))

    @cached_property
    def magnitudes(self) -> Mapping[str, Mapping[str, Mapping[str, int]]]:
        """Contest → tier → district → seats to be filled, open or not; contests with votes only."""
        tiers = {name: self.run.of(name) for name in self.plan.papers}
        return {name: {tier: w.magnitudes for tier, w in each.items()} for name, each in tiers.items()}

    @cached_property
    def _standing(self) -> dict[str, dict[str, list[str]]]:
        order = {"question": 0, "list": 1, "candidates": 2}
        places: dict[str, dict[str, list[str]]] = {}
        for contest in sorted(self.contests.values(), key=lambda c: order[self.plan.held[c.name].ballot]):
            for option in dict.fromkeys([*contest.votes, *contest.seats]):
                for name in dict.fromkeys((option, party_of(option, self.election))):
                    places.setdefault(name, {}).setdefault(contest.name, []).append(option)
        return places

    def standing(self, option: str) -> Mapping[str, Sequence[str]]:
        """Return contest → options whose seats count for an option, itself and a party's candidates; list votes first."""
        return self._standing.get(option, {})

    def later_seats(self, contest: str, option: str, unit: str | None = None) -> dict[str, int]:
        """Return tier → seats of an option, in all or in one district, of tiers that build on an earlier one."""
        paper, seats = self.plan.papers.get(contest), {}
        slots = [] if paper is None or paper.local else [s for s, o in enumerate(paper.options) if o == option]
        for tier, workings in self.run.of(contest).items():
            if workings.tier.rule.levelling or workings.tier.rule.transfer:
                won = workings.seats[slots, :, 0].sum(axis=0)
                seats[tier] = int(won.sum() if unit is None or paper is None else won[paper.place(unit)])
        return seats

    @cached_property
    def steps_by_unit(self) -> Mapping[str, Mapping[str, Sequence[Step]]]:
        """Contest → district, or the whole → its steps, in order."""
        units: dict[str, dict[str, list[Step]]] = {name: {} for name in self.contests}
        for step in self.steps:
            units.setdefault(step.contest, {}).setdefault(step.unit, []).append(step)
        return units

    def to_fill(self, contest: str, unit: str | None = None) -> int:
        """Return the seats of a contest, or of one of its districts: to be filled by law, or filled where that is more.

        A district's are those of its own tier; what a later tier adds there (levelling seats) is not among them.
        """
        counted, tiers = self.contests[contest], self.run.of(contest).values()
        if unit is not None:
            own, later = [], 0
            for workings in tiers:
                seats = workings.magnitudes.get(unit, 0)
                rule = workings.tier.rule
                if rule.levelling is not None or rule.transfer is not None:
                    later += seats
                else:
                    own.append(seats)
            return max([sum(counted.districts[unit].seats.values()) - later, *own])
        filled = sum(counted.seats.values())
        if contest not in self.plan.papers:
            return max(filled, self.plan.lawful_seats(contest) or 0)
        return max(filled, sum(workings.lawful for workings in tiers))

    @cached_property
    def voters_per_seat(self) -> Mapping[str, Mapping[str, Any]]:
        """Contest with several districts → mean and largest deviation of registered voters per seat, where known.

        A district has the seats that are to be filled there, whoever has won them and whether or not they are open.
        """
        deviations = {}
        for name, tiers in self.magnitudes.items():
            totals, units = self.plan.tabulation.of(name), self.plan.papers[name].districts
            if len(units) < 2 or totals is None:
                continue
            registered = {unit: totals.figure(unit, "@registered") for unit in units}
            seats = {unit: sum(tier.get(unit, 0) for tier in tiers.values()) for unit in units}
            ratios = {u: Fraction(r, seats[u]) for u, r in registered.items() if r is not None and seats[u]}
            if len(ratios) < 2 or not any(ratios.values()):
                continue
            mean = Fraction(sum(registered[u] or 0 for u in ratios), sum(seats[u] for u in ratios))
            worst = max(ratios, key=lambda u: abs(ratios[u] - mean))
            there = ratios[worst]
            deviations[name] = {"mean": mean, "district": worst, "there": there, "deviation": there / mean - 1}
        return deviations

    def steps_of(self, option: str) -> list[Step]:
        """Return the steps that concern an option, in order."""
        return [step for step in self.steps if step.concerns(option)]

    @cached_property
    def margins(self) -> Margins:
        """Margins of every list: (contest, unit, option) → how many votes more or fewer would have changed its seats."""
        from sailau.counting.margins import Margins

        return Margins(self.plan, self.contests)

    def canonical(self) -> bytes:
        """Return what was counted as canonical bytes: two laws that give the same from the same votes share them.

        Words, articles, steps, the names of law and case are left out; they have digests of their own.
        """
        from sailau.provenance import canonical

        data = self._counted()
        for rows in (data["elected"], data["undetermined"], data["findings"]):
            for row in rows:
                row.pop("cite", None)
                row.pop("message", None)
            rows.sort(key=canonical)
        return canonical({**data, "declared": sorted(data["declared"])})

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes."""
        from sailau.provenance import digest_of

        return digest_of(self.canonical())

    def to_json(self) -> dict[str, Any]:
        """Return the outcome as the contract of `sailau count --json` says."""
        from sailau.provenance import exact, stamp

        return {
            "law": self.law.id,
            "day": self.law.day.isoformat(),
            **self._counted(),
            "whatif": dict(self.whatif),
            "case": self.election.name,
            "voters_per_seat": {k: exact(v) for k, v in self.voters_per_seat.items()},
            **stamp(law=self.law, case=self.election, outcome=self),
        }

    def _counted(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "seats": dict(self.seats),
            "contests": {name: _contest_json(c) for name, c in self.contests.items()},
            "elected": [dict(vars(seat)) for seat in self.elected],
            "questions": {
                name: {"outcome": outcome} | ({"districts": dict(said)} if any(said := self.answers[name]) else {})
                for name, outcome in self.questions.items()
            },
            "undetermined": [_question_json(q) for q in self.undetermined],
            "findings": [_finding_json(f) for f in self.findings],
            "declared": list(self.declared),
        }

    def steps_json(self) -> list[dict[str, Any]]:
        """Return the steps as data, every number exact."""
        return [step.to_json() for step in self.steps]

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand the table of `to_arrow` to whatever reads Arrow: pandas, Polars, DuckDB."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def _repr_html_(self) -> str:
        """Show the count as a notebook shows tables."""
        return str(sailau.html(self))

    def _repr_svg_(self) -> str:
        """Show the chamber and the vote as a notebook shows pictures."""
        return str(sailau.svg(self))

    def to_arrow(self) -> pyarrow.Table:
        """Return votes and seats by contest, district and option as an Arrow table, whose metadata say what it rests on."""
        from sailau.extras import arrow_table
        from sailau.provenance import labels

        rows = [
            (c.name, d.unit, option, d.votes.get(option), d.seats.get(option, 0), d.declared)
            for c in self.contests.values()
            for d in c.districts.values()
            for option in dict.fromkeys([*d.votes, *d.seats])
        ]
        names = ("contest", "unit", "option", "votes", "seats", "declared")
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
        return arrow_table(
            dict(zip(names, columns, strict=True)), labels(law=self.law, case=self.election, outcome=self)
        )


def _contest_json(contest: ContestOutcome) -> dict[str, Any]:
    data: dict[str, Any] = {
        "base": contest.base,
        "votes": dict(contest.votes),
        "seats": dict(contest.seats),
        "districts": {
            d.unit: {"base": d.base, "votes": dict(d.votes), "seats": dict(d.seats)} for d in contest.districts.values()
        },
    }
    if contest.second:
        data["second_round"] = dict(contest.second)
    return data


def _question_json(asked: Undetermined) -> dict[str, Any]:
    from sailau.provenance import exact

    names = ("contest", "unit", "question", "among", "beside", "seats", "cite", "answer")
    return {name: exact(getattr(asked, name)) for name in names}


def _finding_json(finding: Finding) -> dict[str, Any]:
    from sailau.provenance import exact

    data = {name: getattr(finding, name) for name in ("code", "contest", "unit", "cite")}
    return data | {"message": sailau.say_finding(finding), "values": exact(finding.values)}
