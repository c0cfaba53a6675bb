"""The lab: one table of what every combination of some other rules gives with the same votes, counted beforehand.

A page looks results up in it and computes nothing about seats. Thresholds are classes between which nothing changes: the
shares of the lists are where something may. Every row is what `sailau count --set …` gives for the values of the axes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from sailau.counting import compile as compile_plan
from sailau.counting import count
from sailau.election.model import WHOLE
from sailau.rulebook import BadInput, amend
from sailau.tabulation import base_of

if TYPE_CHECKING:
    from sailau.counting import Outcome
    from sailau.rulebook import Law
    from sailau.rulebook.schema import Tier

SCHEMA = 1
_REMAINDERS = "largest-remainder"
_METHODS = (_REMAINDERS, "dhondt", "sainte-lague")
_QUOTAS = ("hare", "droop", "hagenbach-bischoff")
_BASES = ("valid", "options", "cast", "registered")
_SEATS = (Fraction(1, 2), Fraction(3, 4), Fraction(1), Fraction(5, 4), Fraction(3, 2), Fraction(2))
"""Numbers of seats, as parts of the law's own."""
_HIGHEST = Fraction(15, 100)
"""Thresholds above it are not offered."""
_STEPS = tuple(Fraction(n, 100) for n in (0, 1, 2, 3, 4, 5, 7, 10))
"""Thresholds where one of its shares does not decide alone."""
_MOST = 900
"""Combinations that are counted at most; axes are shortened until they fit."""


@dataclass(frozen=True)
class Axis:
    """One rule and the values it may take.

    Attributes:
        path: of the provision.
        values: as `--set` takes them.
        law: place of the value that the law has.
        spans: of a threshold, above which share and up to which nothing changes while shares are of what the law says;
            empty where that is not known.
    """

    path: str
    values: tuple[str, ...]
    law: int
    spans: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as data."""
        data: dict[str, Any] = {"path": self.path, "values": list(self.values), "law": self.law}
        return data | ({"spans": [list(span) for span in self.spans]} if self.spans else {})


@dataclass(frozen=True)
class Lab:
    """Every combination of the axes' values, the last axis moving fastest.

    Attributes:
        options: whose seats the rows hold.
        seats: one row a combination, None where the law refuses it.
        open: seats that a tie or a gap leaves open, one number a combination.
    """

    axes: tuple[Axis, ...]
    options: tuple[str, ...]
    seats: tuple[tuple[int, ...] | None, ...]
    open: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the table as data."""
        return {
            "axes": [axis.to_json() for axis in self.axes],
            "options": list(self.options),
            "seats": [None if row is None else list(row) for row in self.seats],
            "open": list(self.open),
        }

    @property
    def home(self) -> int:
        """Row of the law in force."""
        return self.row([axis.law for axis in self.axes])

    def row(self, places: Sequence[int]) -> int:
        """Return the row of a combination, given by the places of its values."""
        number = 0
        for place, axis in zip(places, self.axes, strict=True):
            number = number * len(axis.values) + place
        return number

    def changes(self, number: int) -> dict[str, str]:
        """Return path → value of a row."""
        found: dict[str, str] = {}
        for axis in reversed(self.axes):
            number, place = divmod(number, len(axis.values))
            found[axis.path] = axis.values[place]
        return dict(reversed(found.items()))


def lab_of(outcome: Outcome, most: int = _MOST) -> Lab | None:
    """Count every combination of the rules that can be changed for the votes of an outcome.

    Args:
        outcome: of a count under the law in force.
        most: combinations at most.

    Returns:
        The table; None where no list votes are known, or nothing is to be changed.
    """
    tier = _tier(outcome)
    if tier is None or outcome.whatif:
        return None
    paper = _Paper(outcome, tier)
    offered = [paper.allowed(axis) for axis in _axes(outcome, tier)]
    axes = tuple(_fitting([axis for axis in offered if len(axis.values) > 1], most))
    if not axes:
        return None
    options = tuple(outcome.seats)
    known: dict[tuple[tuple[str, str], ...], tuple[tuple[int, ...] | None, int]] = {}
    rows = []
    for values in product(*(axis.values for axis in axes)):
        changes = {axis.path: value for axis, value in zip(axes, values, strict=True)}
        key = _meaning(changes, tier)
        if key not in known:
            known[key] = paper.counted(changes)
        rows.append(known[key])
    return Lab(axes, options, tuple(row for row, _ in rows), tuple(number for _, number in rows))


def _tier(outcome: Outcome) -> Tier | None:
    """Return the first kind of seats that lists win by a formula whose votes are known."""
    for tier in outcome.law.tier:
        paper = outcome.plan.papers.get(tier.contest)
        method = tier.formula.method
        by_formula = method not in ("plurality", "majority", "question", "declared", "biproportional")
        if paper is not None and paper.contest.ballot == "list" and by_formula and tier.levelling is None:
            return tier
    return None


def _meaning(changes: Mapping[str, str], tier: Tier) -> tuple[tuple[str, str], ...]:
    """Return what of a combination has an effect: a quota has none where there are no remainders."""
    method = changes.get(f"{tier.id}.formula.method", tier.formula.method)
    idle = {f"{tier.id}.formula.quota"} if method != _REMAINDERS else set()
    return tuple((path, value) for path, value in changes.items() if path not in idle)


class _Paper:
    """The ballot paper whose rules change: it alone is counted again, the seats of the others stay."""

    def __init__(self, outcome: Outcome, tier: Tier) -> None:
        self._outcome, self._contest = outcome, tier.contest
        election = outcome.election
        self._law = election.own_law()
        keep = [number for number, name in enumerate(election.returns.contests) if name == tier.contest]
        returns = election.returns
        own = np.isin(returns.contest, keep)
        self._election = replace(
            election,
            returns=replace(
                returns,
                **{name: getattr(returns, name)[own] for name in ("contest", "unit", "item", "count", "round", "line")},
            ),
            declared=(),
            decisions=tuple(d for d in election.decisions if d.contest == tier.contest),
        )
        elsewhere = dict(outcome.seats)
        for option, seats in outcome.contests[tier.contest].seats.items():
            elsewhere[option] -= seats
        self._elsewhere = elsewhere
        self._open = sum(q.seats for q in outcome.undetermined if q.contest != tier.contest)

    def allowed(self, axis: Axis) -> Axis:
        """Return an axis without the values that the law refuses."""
        kept = [n for n in range(len(axis.values)) if n == axis.law or self._amended({axis.path: axis.values[n]})]
        spans = tuple(axis.spans[n] for n in kept) if axis.spans else ()
        return Axis(axis.path, tuple(axis.values[n] for n in kept), kept.index(axis.law), spans)

    def _amended(self, changes: Mapping[str, str]) -> Law | None:
        try:
            return amend(self._law, changes)
        except BadInput:
            return None

    def counted(self, changes: Mapping[str, str]) -> tuple[tuple[int, ...] | None, int]:
        """Count one combination: by the plan alone, with all steps only where a tie leaves something open."""
        law = self._amended(changes)
        if law is None:
            return None, 0
        plan = compile_plan(law, self._election)
        batch = plan({})
        if not batch.tied:
            seats = dict(zip(plan.parties, batch.total.tolist(), strict=True))
            return self._total(seats), self._open
        full = count(law, self._election)
        return self._total(full.seats), self._open + sum(q.seats for q in full.undetermined)

    def _total(self, seats: Mapping[str, int]) -> tuple[int, ...]:
        return tuple(rest + seats.get(option, 0) for option, rest in self._elsewhere.items())


# ---------------------------------------------------------------------- axes


def _axes(outcome: Outcome, tier: Tier) -> Iterator[Axis]:
    if tier.threshold is not None:
        bases = _bases(outcome, tier)
        yield _thresholds(outcome, tier)
        if tier.threshold.area == "whole":
            yield _among(f"{tier.id}.threshold.base", bases, tier.threshold.base)
    if tier.seats.value is not None and tier.seats.apportion is None and not tier.seats.districts:
        own = tier.seats.value
        values = sorted({max(1, round(own * part)) for part in _SEATS} | {own})
        yield _among(f"{tier.id}.seats", [str(value) for value in values], str(own))
    formula = tier.formula
    if formula.method in (*_METHODS, "modified-sainte-lague") and formula.unqualified != "in-quota":
        yield _among(f"{tier.id}.formula.method", _METHODS, formula.method)
        if formula.method == _REMAINDERS:
            yield _among(f"{tier.id}.formula.quota", _QUOTAS, formula.quota)


def _among(path: str, values: Sequence[str], own: str) -> Axis:
    offered = tuple(values) if own in values else (own, *values)
    return Axis(path, offered, offered.index(own))


def _bases(outcome: Outcome, tier: Tier) -> list[str]:
    """Return what shares may be of: bases whose figures are known, the law's own first."""
    totals = outcome.plan.tabulation.of(tier.contest)
    own = tier.threshold.base if tier.threshold is not None else "valid"
    known = [b for b in _BASES if totals is not None and base_of(totals, WHOLE, b)]  # type: ignore[arg-type]
    return [own, *(b for b in known if b != own)][:3]


def _thresholds(outcome: Outcome, tier: Tier) -> Axis:
    """Return thresholds: one for each class between shares, else round ones where more than shares decides."""
    rule = tier.threshold
    assert rule is not None, "asked of tiers with a threshold only"
    path = f"{tier.id}.threshold.share"
    if rule.area != "whole" or rule.lower is not None or rule.fill is not None:
        values = sorted({*_STEPS, rule.share})
        return Axis(path, tuple(map(_percent, values)), values.index(rule.share))
    votes = outcome.contests[tier.contest].votes
    base = outcome.contests[tier.contest].base or sum(votes.values())
    cuts = sorted({Fraction(v, base) for v in votes.values() if v and Fraction(v, base) <= _HIGHEST})
    edges = [Fraction(0), *cuts]
    spans = [(low, high) for low, high in zip(edges, [*cuts, _HIGHEST], strict=True) if low < high]
    at_least = rule.comparison == "at-least"
    offered: list[str] = []
    shown: list[tuple[str, str]] = []
    own = 0
    for low, high in spans:
        inside = (low < rule.share <= high) if at_least else (low <= rule.share < high)
        if inside:
            own = len(offered)
        offered.append(_percent(rule.share) if inside else _simple(low, high, at_least=at_least))
        shown.append((str(low), str(high)))
    if rule.share > _HIGHEST:
        own = len(offered)
        offered.append(_percent(rule.share))
        shown.append((str(_HIGHEST), str(rule.share)))
    return Axis(path, tuple(offered), own, tuple(shown))


def _simple(low: Fraction, high: Fraction, *, at_least: bool) -> str:
    """Return the threshold with fewest digits of a class: above `low` up to `high`, or from `low` to below `high`."""
    for digits in range(12):
        unit = Fraction(1, 100 * 10**digits)
        first = low // unit * unit if not at_least and low % unit == 0 else (low // unit + 1) * unit
        if first < high or (at_least and first == high):
            return _percent(first)
    return _percent(high if at_least else low)


def _percent(share: Fraction) -> str:
    """Return a share as `--set` takes it: in per cent where that ends, else as a fraction."""
    cents = share * 100
    for digits in range(13):
        if (cents * 10**digits).denominator == 1:
            whole, part = divmod(int(cents * 10**digits), 10**digits)
            return f"{whole}.{part:0{digits}d}%" if digits else f"{whole}%"
    return f"{share.numerator}/{share.denominator}"


def _fitting(axes: list[Axis], most: int) -> list[Axis]:
    """Shorten the axes until their combinations fit: the longest first, the law's own value always stays."""
    while prod(len(axis.values) for axis in axes) > 2 * most and any(len(axis.values) > 2 for axis in axes):
        longest = max(range(len(axes)), key=lambda place: len(axes[place].values))
        axes[longest] = _shorter(axes[longest])
    return axes


def _shorter(axis: Axis) -> Axis:
    """Leave out the value farthest from the law's own; of thresholds, a class that is the narrowest."""
    last = len(axis.values) - 1
    drop = last if axis.law < last else 0
    if axis.spans:
        widths = [Fraction(high) - Fraction(low) for low, high in axis.spans]
        drop = min((n for n in range(last + 1) if n != axis.law), key=lambda n: widths[n])
    kept = [n for n in range(last + 1) if n != drop]
    spans = tuple(axis.spans[n] for n in kept) if axis.spans else ()
    return Axis(axis.path, tuple(axis.values[n] for n in kept), kept.index(axis.law), spans)
