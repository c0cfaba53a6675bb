"""What other laws would give with the votes of one election, and which of their provisions makes the difference.

The parts by provision are Shapley values (L. S. Shapley, A value for n-person games, 1953): the seats that a provision
brings when it is exchanged, averaged over all orders in which the provisions that differ can be exchanged. They are
exact fractions, and for every list they add up to the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import combinations
from math import factorial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sailau
from sailau.counting import Outcome, count
from sailau.election import Election, open_case
from sailau.extras import arrow_table
from sailau.parliament.chamber import Indices, indices_of
from sailau.provenance import exact, labels
from sailau.rulebook import Finding, Law
from sailau.simulation.left_behind import Remark, remarks
from sailau.simulation.transplant import Graft, Settings, Votes, graft, law_meant, settings_of

if TYPE_CHECKING:
    import pyarrow

PROVISIONS: Mapping[str, tuple[str, ...]] = {
    "base": ("base", "ballots"),
    "threshold": ("threshold",),
    "kinds": ("kinds",),
    "area": ("area",),
    "single-qualifier": ("single-qualifier",),
    "formula": ("formula",),
    "rounding": ("rounding",),
    "limits": ("limits",),
    "districts": ("districts",),
    "levelling": ("levelling",),
    "tie": ("tie",),
    "turnout": ("turnout",),
}
"""Group of provisions whose part of a difference is told → the settings exchanged with it."""
_OF_BAR = ("base", "kinds", "area")

Seats = tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """One law on the votes of the case.

    Attributes:
        law: as it stands on its day; changed provisions in `law.changes`.
        outcome: of the list vote, with every step; of the whole case for its own law.
        seats: list → seats of the list tier, lists in the order of the case.
        chamber: party → these seats and those of the other ballot papers, which are kept.
        indices: disproportionality of the list tier.
        remarks: what could not be carried over, and what was only carried over changed.
        shapley: provision → list → part of the difference from the case's own law.
        drawn: a tie that the law leaves open was broken by a repeatable draw in `shapley`.
    """

    law: Law
    outcome: Outcome
    seats: Mapping[str, int]
    chamber: Mapping[str, int]
    indices: Indices
    remarks: Sequence[Remark] = ()
    shapley: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    drawn: bool = False

    def __repr__(self) -> str:
        """Show it as one line in a shell: the seats of the list tier."""
        return f"<Row {self.name}: {', '.join(f'{party} {seats}' for party, seats in self.seats.items() if seats)}>"

    @property
    def findings(self) -> Sequence[Finding]:
        """What could not be verified with the figures of the case, such as a base that another one stood in for."""
        return [f for f in self.outcome.findings if f.code in ("cannot-be-verified", "not-checked", "invalid")]

    @property
    def name(self) -> str:
        """The law with its day and what was changed in it."""
        changes = ", ".join(f"{path}={value}" for path, value in self.law.changes.items())
        return f"{self.law.id}@{self.law.day}" + (f" ({changes})" if changes else "")

    def to_json(self) -> dict[str, Any]:
        """Return the row as data: seats of the list tier, parts of the difference as exact text."""
        return {
            "law": self.law.id,
            "day": self.law.day.isoformat(),
            "changes": dict(self.law.changes),
            "seats": dict(self.seats),
            "chamber": dict(self.chamber),
            "status": self.outcome.status,
            "disproportionality": _rounded(self.indices.figures["gallagher"]),
            "indices": {name: _rounded(value) for name, value in self.indices.figures.items()},
            "not_transplanted": [_remark_json(r) for r in self.remarks if r.lost],
            "remarks": [_remark_json(r) for r in self.remarks if not r.lost],
            "findings": [{"code": f.code, "cite": f.cite, "values": exact(f.values)} for f in self.findings],
            "undetermined": [
                {"question": q.question, "among": list(q.among), "seats": q.seats, "unit": q.unit, "cite": q.cite}
                for q in self.outcome.undetermined
                if q.contest in self.outcome.plan.papers
            ],
            "shapley": {name: {k: exact(v) for k, v in parts.items()} for name, parts in self.shapley.items()},
            "drawn": self.drawn,
        }


def _rounded(value: Fraction | float | None) -> float | None:
    return None if value is None else round(float(value), 6)


def _remark_json(found: Remark) -> dict[str, Any]:
    return {
        "provision": found.provision,
        "reason": found.code,
        "values": {name: "–" if value is None else str(value) for name, value in found.values},
        "cite": found.cite,
    }


@dataclass(frozen=True)
class Comparison:
    """Laws side by side on one election, the case's own law first."""

    election: Election
    contest: str
    rows: Sequence[Row]

    def __repr__(self) -> str:
        """Show it as one line in a shell."""
        return f"<Comparison of {self.election.name} under {', '.join(row.name for row in self.rows)}>"

    def to_arrow(self) -> pyarrow.Table:
        """Return seats of the list tier and of the chamber by law and party as an Arrow table."""
        rows = [
            (row.law.id, row.law.day, row.name, party, row.seats.get(party, 0), row.chamber.get(party, 0))
            for row in self.rows
            for party in dict.fromkeys([*row.seats, *row.chamber])
        ]
        names = ("law", "day", "variant", "party", "seats", "chamber")
        columns = dict(zip(names, zip(*rows, strict=True), strict=True))
        return arrow_table(columns, labels(law=self.rows[0].law, case=self.election))

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand the table of `to_arrow` to whatever reads Arrow: pandas, Polars, DuckDB."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def _repr_html_(self) -> str:
        """Show the comparison as a notebook shows tables."""
        return str(sailau.html(self))

    def _repr_svg_(self) -> str:
        """Show the comparison as a notebook shows pictures."""
        return str(sailau.svg(self))

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as the contract of `sailau compare --json` says."""
        return {"case": self.election.name, "contest": self.contest, "laws": [row.to_json() for row in self.rows]}


# ---------------------------------------------------------------------- comparing


def compare(
    case: Election | str | Path,
    under: Sequence[Law | str],
    *,
    own: Law | None = None,
    progress: Callable[[int], None] | None = None,
) -> Comparison:
    """Say what other laws would give with the list votes of an election: `compare("my-case", under=["xx/chamber"])`.

    Args:
        case: name, path or election; its own law is the first row.
        under: other laws, other versions of the same one, or laws with provisions changed; names are `LAW` (as it stood
            nearest to the day of the case), `LAW@DAY`, or `@DAY` for the case's own law on another day.
        own: the law of the first row, where it is not the one under which the case was held.
        progress: called with 1 after each law.

    Returns:
        One row for each law, in the order given.

    Raises:
        BadInput: no such case or law, the case has no list votes, or a law has no list tier.
    """
    election = case if isinstance(case, Election) else open_case(case)
    laws = [law_meant(law, election) for law in under]
    outcome = count(own if own is not None else election.own_law(), election)
    votes = Votes.of(outcome)
    first = _own_row(votes)
    rows = [first]
    base = settings_of(outcome.law, votes)
    for law in laws:
        rows.append(_row(law, base, votes, first))
        if progress is not None:
            progress(1)
    return Comparison(election, votes.contest, rows)


def compare_at(election: Election, day: date) -> Comparison:
    """Compare a case with the version of its own law that stood on another day.

    Raises:
        BadInput: the law did not exist on that day, or the case has no list votes.
    """
    assert election.book is not None, "an election read from a case has its book"
    return compare(election, [election.book.on(day)])


def _own_row(votes: Votes) -> Row:
    contest = votes.outcome.contests[votes.contest]
    seats = {str(o): contest.seats.get(str(o), 0) for o in votes.paper.options}
    return _made(votes.outcome.law, votes.outcome, seats, votes)


def _made(law: Law, outcome: Outcome, seats: Mapping[str, int], votes: Votes, **more: Any) -> Row:
    own, case = votes.outcome, votes.outcome.contests[votes.contest]
    kept = {p: n - case.seats.get(p, 0) for p, n in own.seats.items()}
    order = dict.fromkeys([*own.seats, *seats])
    chamber = {p: kept.get(p, 0) + seats.get(p, 0) for p in order}
    return Row(law, outcome, seats, chamber, indices_of(case.votes, seats), **more)


def _row(law: Law, base: Settings, votes: Votes, first: Row) -> Row:
    theirs = settings_of(law, votes)
    made = graft(law, theirs, votes)
    outcome = made.outcome()
    found = outcome.contests[votes.contest].seats
    seats = {option: found.get(option, 0) for option in first.seats}
    parts, drawn = _parts_of(law, base, theirs, votes, first, made)
    return _made(law, outcome, seats, votes, remarks=remarks(law, theirs, votes), shapley=parts, drawn=drawn)


def changed(base: Settings, theirs: Settings) -> dict[str, tuple[str, ...]]:
    """Return the groups of provisions in which two list tiers differ, each with the settings exchanged with it.

    Where only one law has a bar, all that belongs to the bar comes and goes with it.
    """
    differ = {
        group: names
        for group, names in PROVISIONS.items()
        if any(base["plain"][name] != theirs["plain"][name] for name in names)
    }
    if base["threshold"] is None or theirs["threshold"] is None:
        moved = [name for group in _OF_BAR for name in differ.pop(group, ())]
        if "threshold" in differ:
            differ["threshold"] = ("threshold", *moved)
        elif moved:
            differ["base"] = tuple(moved)
    one_district = base["districts"]["how"] == theirs["districts"]["how"] == "whole"
    if one_district:
        # Where a share is measured, and what levels districts, says nothing when the whole is the only district.
        differ = {group: names for group, names in differ.items() if group not in ("area", "levelling")}
    return differ


def _parts_of(
    law: Law, base: Settings, theirs: Settings, votes: Votes, first: Row, made: Graft
) -> tuple[dict[str, dict[str, Fraction]], bool]:
    differ = changed(base, theirs)
    names = list(differ)
    lists = list(first.seats)
    drawn = False

    def value(exchanged: frozenset[str]) -> Seats:
        nonlocal drawn
        if not exchanged:
            return tuple(first.seats.values())
        mixed = dict(base)
        for group in exchanged:
            mixed |= {name: theirs[name] for name in differ[group]}
        grafted = made if len(exchanged) == len(names) else graft(law, mixed, votes)
        seats, tied = grafted.drawn(votes.contest)
        drawn |= tied
        held = dict(zip(grafted.plan.papers[votes.contest].options, seats, strict=True))
        if not tied:
            untied.update({exchanged: True})
        return tuple(int(held.get(name, 0)) for name in lists)

    untied: dict[frozenset[str], bool] = {}
    worth: dict[frozenset[str], Seats] = {}
    for size in range(len(names) + 1):
        for chosen in combinations(names, size):
            group = frozenset(chosen)
            without = group - {"tie"}
            same = "tie" in group and untied.get(without, False)
            worth[group] = worth[without] if same else value(group)
    parts = shapley(names, lambda group: worth[group])
    return {name: dict(zip(lists, parts[name], strict=True)) for name in names}, drawn


def shapley(players: Sequence[str], worth: Callable[[frozenset[str]], Seats]) -> dict[str, tuple[Fraction, ...]]:
    """Return exact Shapley values of a game whose worth is a vector, by all 2^n coalitions.

    Args:
        players: who brings something, up to about a dozen.
        worth: of a set of players; all of the same length.

    Returns:
        Player → its value in every place; they add up to the worth of all less the worth of none.
    """
    number = len(players)
    length = len(worth(frozenset()))
    found = {}
    for player in players:
        others = [p for p in players if p != player]
        orders = [0] * length  # seats brought, over all number! orders
        for size in range(number):
            ways = factorial(size) * factorial(number - 1 - size)
            for chosen in combinations(others, size):
                before, after = worth(frozenset(chosen)), worth(frozenset((*chosen, player)))
                if before != after:
                    orders = [t + ways * (a - b) for t, a, b in zip(orders, after, before, strict=True)]
        found[player] = tuple(Fraction(t, factorial(number)) for t in orders)
    return found
