"""Risk-limiting audits of an election by its stations: what to assert, whom to draw, what the recount says so far.

Nothing is kept between commands: plan, draws and status follow from the case, the risk limit, the public seed and the recount,
so that anyone can follow them. The plan belongs in the log before the seed is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sailau.counting import count
from sailau.election import Election
from sailau.integrity.assertions import (
    Assertion,
    batch_bounds,
    batch_scores,
    list_assertions,
    majority_assertion,
    plurality_assertions,
)
from sailau.integrity.casebook import station_figures
from sailau.integrity.observers import CopyLine
from sailau.integrity.risk import batch_first_sample, batch_p, tickets
from sailau.integrity.stations import Stations, contests_of, stations_of

_METHODS = ("largest-remainder", "dhondt", "sainte-lague")


@dataclass(frozen=True)
class Claim:
    """One assertion about a contest in a district.

    Attributes:
        contest: its id.
        unit: the district; empty for the whole.
        options: columns of the assertion's scores.
        assertion: the inequality.
        bounds: station → the largest error it can hold, in margins.
    """

    contest: str
    unit: str
    options: tuple[str, ...]
    assertion: Assertion
    bounds: Mapping[str, float]

    @property
    def sum(self) -> float:
        """Return U, the sum of the bounds."""
        return float(sum(self.bounds.values()))


@dataclass(frozen=True)
class Audit:
    """What is audited.

    Attributes:
        claims: assertions that can be audited, the hardest first.
        open: contest and district of what cannot: ties, and rules for which no assertions are known.
        stations: all that can be drawn, sorted by their bytes.
        bounds: (stations,) the largest over all claims.
        risk: limit.
    """

    claims: tuple[Claim, ...]
    open: tuple[tuple[str, str, str], ...]
    stations: tuple[str, ...]
    bounds: NDArray[np.float64]
    risk: Fraction

    @property
    def sum(self) -> float:
        """Return U of the one sample that serves all claims."""
        return float(self.bounds.sum())

    @property
    def first_sample(self) -> int:
        """Return how many draws reach the limit if no recount differs."""
        return batch_first_sample(self.sum, float(self.risk))

    def to_json(self) -> dict[str, Any]:
        """Return the plan as data; numbers with a point are texts, so that it can stand in a log."""
        rows = [
            {
                "contest": c.contest, "unit": c.unit, "kind": c.assertion.kind, "option": c.options[c.assertion.first],
                "against": None if c.assertion.second is None else c.options[c.assertion.second],
                "margin": str(c.assertion.margin), "sum": f"{c.sum:.4f}",
                "alone": batch_first_sample(c.sum, float(self.risk)),
            }
            for c in self.claims
        ]  # fmt: skip
        bounds = [[s, f"{u:.9f}"] for s, u in zip(self.stations, self.bounds.tolist(), strict=True)]
        return {
            "risk": str(self.risk), "sum": f"{self.sum:.4f}", "first_sample": self.first_sample,
            "claims": rows, "open": [list(row) for row in self.open], "bounds": bounds,
        }  # fmt: skip


def plan_audit(election: Election, risk: Fraction = Fraction(1, 20), level: Any = "exact") -> Audit:
    """Return the plan of an audit of every contest whose stations are known.

    Args:
        election: with figures of stations.
        risk: the largest chance that a wrong result passes.
        level: of party lists: `exact` for every seat, `quota` for the seats of whole quotas only.

    Raises:
        ValueError: the risk is no share, or nothing can be audited.
    """
    if not 0 < risk < 1:
        raise ValueError(f"risk {risk}: expected above 0 and below 1")
    figures = station_figures(election)
    outcome = count(election.own_law(), election).to_json()
    claims: list[Claim] = []
    closed: list[tuple[str, str, str]] = []
    for contest in contests_of(figures):
        table = stations_of(election, contest, figures)
        inside = _inside(election, table, contest)
        for unit, district in outcome["contests"].get(contest, {}).get("districts", {}).items():
            rows = np.array(inside.get(unit, ()), np.intp)
            made = _assertions(election, contest, table, rows, district, level)
            if not made:
                closed.append((contest, unit, "no-assertions"))
            for assertion in made:
                if assertion.is_true():
                    claims.append(_claim(contest, unit, table, rows, assertion))
                else:
                    closed.append((contest, unit, "tied"))
    largest: dict[str, float] = {}
    for claim in claims:
        for station, bound in claim.bounds.items():
            largest[station] = max(largest.get(station, 0.0), bound)
    stations = tuple(sorted(largest, key=str.encode))
    bounds = np.array([largest[station] for station in stations])
    order = sorted(claims, key=lambda claim: -claim.sum)
    return Audit(tuple(order), tuple(dict.fromkeys(closed)), stations, bounds, risk)


def _inside(election: Election, table: Stations, contest: str) -> dict[str, list[int]]:
    """Return unit → the places of the stations whose votes count in it; the whole has all."""
    places: dict[str, list[int]] = {"": list(range(len(table.ids)))}
    for place, station in enumerate(table.ids):
        areas: dict[str, None] = {}
        above = station
        while above:
            areas |= dict.fromkeys((above, election.units[above].district.get(contest) or above))
            above = election.units[above].parent
        for area in areas:
            places.setdefault(area, []).append(place)
    return places


def _assertions(
    election: Election, contest: str, table: Stations, rows: NDArray[np.intp], district: Mapping[str, Any], level: Any
) -> list[Assertion]:
    """Return what makes the announced seats of a district right; nothing where no assertions are known for its rule."""
    tier = next((t for t in election.own_law().tiers.values() if t.contest == contest), None)
    votes = table.votes[rows].sum(axis=0)
    seats = [int(district["seats"].get(option, 0)) for option in table.options]
    valid = int(table.valid()[rows].sum())
    if tier is None or not sum(seats) or not len(rows):
        return []
    method = tier.formula.method
    if method in _METHODS and not (tier.levelling or tier.transfer or tier.agreements):
        bar = tier.threshold
        share = None if bar is None else Fraction(str(bar.share))
        if bar is not None and (bar.base != "valid" or bar.area != "whole" or bar.kinds or bar.lower):
            return []
        try:
            return list_assertions(votes, seats, share, method=method, level=level, valid=valid)
        except ValueError:
            return []
    winners = [i for i, n in enumerate(seats) if n]
    if method == "plurality":
        return plurality_assertions(votes, len(winners))
    if method == "majority" and len(winners) == 1:
        return [majority_assertion(votes, winners[0], Fraction(1, 2), valid)]
    return []


def _claim(contest: str, unit: str, table: Stations, rows: NDArray[np.intp], assertion: Assertion) -> Claim:
    votes, others = table.votes[rows], _others(table)[rows]
    bounds = batch_bounds(votes, table.cast()[rows], assertion, others)
    named = {table.ids[i]: float(u) for i, u in zip(rows.tolist(), bounds, strict=True)}
    return Claim(contest, unit, table.options, assertion, named)


def _others(table: Stations) -> NDArray[np.int64]:
    """Return valid ballots for none of the options."""
    return np.asarray(np.maximum(table.valid() - table.votes.sum(axis=1), 0), np.int64)


def draw(audit: Audit, seed: str, draws: int | None = None) -> list[str]:
    """Return the stations drawn by a public seed, with chances proportional to their bounds, some perhaps more than once.

    Args:
        audit: the plan.
        seed: such as the eyes of twenty dice.
        draws: how many; None for the first sample.

    Raises:
        ValueError: nothing is claimed that a sample could confirm.
    """
    if not audit.stations:
        raise ValueError("nothing to draw from: expected a claim that can be audited")
    number = audit.first_sample if draws is None else draws
    edges = np.cumsum(audit.bounds)
    places = [
        int(np.searchsorted(edges, float(t) * edges[-1], side="right")) for t in tickets(seed, range(1, number + 1))
    ]
    return [audit.stations[min(place, len(audit.stations) - 1)] for place in places]


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A line that is another one in the recount."""

    station: str
    contest: str
    line: str
    announced: int
    recounted: int


@dataclass(frozen=True)
class Status:
    """How far an audit is.

    Attributes:
        drawn: stations in the order of drawing.
        waiting: those that were drawn and not recounted yet.
        p: of each claim, in the plan's order; of draws before the first station that waits.
        discrepancies: lines that differ.
        decision: `confirmed`, `go-on` (recount or draw more) or `full-recount`.
        needed: draws after which the limit would be reached if nothing further differs; None where none would do.
    """

    drawn: tuple[str, ...]
    waiting: tuple[str, ...]
    p: tuple[float, ...]
    discrepancies: tuple[Discrepancy, ...]
    decision: str
    needed: int | None

    def to_json(self) -> dict[str, Any]:
        """Return it as data."""
        rows = [
            {
                "station": d.station,
                "contest": d.contest,
                "line": d.line,
                "announced": d.announced,
                "recounted": d.recounted,
            }
            for d in self.discrepancies
        ]
        return {
            "decision": self.decision, "drawn": list(self.drawn), "waiting": list(self.waiting),
            "p": [round(p, 9) for p in self.p], "needed": self.needed, "discrepancies": rows,
        }  # fmt: skip


def audit_status(
    election: Election, audit: Audit, seed: str, recount: Sequence[CopyLine], draws: int | None = None
) -> Status:
    """Return what the recount of the stations that were drawn says of every claim.

    A station of which the recount has no protocol, or a line that is illegible, counts as the worst case.

    Args:
        election: as announced.
        audit: its plan.
        seed: the public one.
        recount: lines of the recounted stations.
        draws: how many were drawn; None for the first sample.
    """
    figures = station_figures(election)
    drawn = draw(audit, seed, draws)
    counted: dict[tuple[str, str], dict[str, int | None]] = {}
    for line in recount:
        counted.setdefault((line.station, line.contest), {})[line.line] = line.count
    done = {station for station, _ in counted}
    ready = drawn[: next((i for i, s in enumerate(drawn) if s not in done), len(drawn))]
    bounds = dict(zip(audit.stations, audit.bounds.tolist(), strict=True))
    everything = done >= set(audit.stations)
    p = []
    for claim in audit.claims:
        taints = {s: _taint(claim, s, figures, counted, bounds[s]) for s in set(ready)}
        p.append(0.0 if everything else batch_p([taints[s] for s in ready], audit.sum))
    worst = max(p, default=1.0)
    decision = "confirmed" if worst <= audit.risk and ready else "full-recount" if worst >= 1 and ready else "go-on"
    needed = _needed(audit, worst, len(ready)) if decision == "go-on" else None
    waiting = tuple(dict.fromkeys(s for s in drawn if s not in done))
    return Status(tuple(drawn), waiting, tuple(p), tuple(_discrepancies(figures, counted)), decision, needed)


def _taint(
    claim: Claim, station: str, figures: Mapping[Any, Mapping[str, int]], counted: Mapping[Any, Mapping[str, int | None]],
    bound: float,
) -> float:  # fmt: skip
    """Return a station's error as a share of its bound: overstatements above 0, understatements below."""
    if station not in claim.bounds or not bound:
        return 0.0
    announced, recounted = figures[station, claim.contest], counted.get((station, claim.contest))
    lines = {*claim.options, "@valid"} & announced.keys()
    if recounted is None or any(recounted.get(line) is None for line in lines):
        return min(1.0, claim.bounds[station] / bound)
    error = _score(claim, announced) - _score(claim, {k: n for k, n in recounted.items() if n is not None})
    return min(1.0, error / float(claim.assertion.margin) / bound)


def _score(claim: Claim, figures: Mapping[str, int]) -> float:
    votes = np.array([[figures.get(option, 0) for option in claim.options]], np.int64)
    others = max(figures.get("@valid", int(votes.sum())) - int(votes.sum()), 0)
    return float(batch_scores(votes, np.array([others]), claim.assertion)[0])


def _needed(audit: Audit, p: float, draws: int) -> int | None:
    """Return after how many draws the limit would be reached if nothing further differs."""
    if audit.sum <= 1:
        return draws + 1
    more = int(np.ceil((np.log(float(audit.risk)) - np.log(max(p, 1e-300))) / np.log(1 - 1 / audit.sum)))
    return draws + max(more, 1)


def _discrepancies(
    figures: Mapping[Any, Mapping[str, int]], counted: Mapping[tuple[str, str], Mapping[str, int | None]]
) -> Iterator[Discrepancy]:
    for (station, contest), lines in counted.items():
        announced = figures.get((station, contest), {})
        for line, number in lines.items():
            if number is not None and number != announced.get(line, 0):
                yield Discrepancy(station, contest, line, announced.get(line, 0), number)
