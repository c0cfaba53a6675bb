"""Bars: who takes part in the allocation, and what happens where nobody does.

Arrays are (options, districts, elections). A bar for the whole has a districts axis of length one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from sailau.counting.block import Block
from sailau.counting.steps import Trace, Undetermined
from sailau.counting.ties import Ties
from sailau.election.model import WHOLE, Election
from sailau.formulas.arrays import BoolArray, IntArray
from sailau.formulas.majority import at_least, more_than
from sailau.rulebook import Finding
from sailau.rulebook.schema import Base, Provision, Threshold, Tier
from sailau.tabulation import FALLBACK


def exceeds(votes: IntArray, base: IntArray, share: Fraction, comparison: str) -> BoolArray:
    """Compare votes with a share of a base, exactly; a base of zero lets nobody pass."""
    compare = at_least if comparison == "at-least" else more_than
    return compare(votes, base, share.numerator, share.denominator, fewest=1)


def known_base(block: Block, tier: Tier, name: str, area: str, findings: list[Finding]) -> tuple[str, IntArray]:
    """Return a base that is known: the law's own, else the one that stands in for it, with a finding.

    Returns:
        Its name and its figures, (elections,) for the whole or (districts, elections).
    """
    wanted: Any = name
    if area == "whole":
        while (found := block.base_whole(wanted)) is None:
            wanted = FALLBACK.get(wanted, "valid")
        if wanted != name:
            _not_verified(block, tier, name, wanted, WHOLE, findings)
        return wanted, found
    found, known = block.base_where(wanted)
    known = known | ~block.paper.reported
    missing = np.flatnonzero(~known)
    nowhere = not (known & block.paper.reported).any()
    while not known.all():
        wanted = FALLBACK.get(wanted, "valid")
        other, where = block.base_where(wanted)
        found, known = np.where(known[:, None], found, other), known | where
    for place in missing[:1] if nowhere else missing:
        _not_verified(block, tier, name, wanted, WHOLE if nowhere else block.paper.districts[place], findings)
    return wanted if nowhere else name, found


def _not_verified(block: Block, tier: Tier, name: str, used: str, unit: str, findings: list[Finding]) -> None:
    """Note that the figures of a base are missing and what stood in for it."""
    rule = tier.threshold or tier.majority or tier.adoption
    path = "threshold" if tier.threshold else "majority" if tier.majority else "adoption"
    values = {"needs": f"@{name}", "used": used, "rule": f"{tier.id}.{path}"}
    found = Finding("cannot-be-verified", block.paper.name, unit, values, rule.cite if rule else tier.cite)
    if found not in findings:
        findings.append(found)


def note_doubts(
    block: Block, base: Base, passed: BoolArray, doubts: Sequence[Finding], findings: list[Finding]
) -> None:
    """Keep the doubts about a base that matter: what stands in for it is never larger, so who fails that fails the law's.

    Args:
        block: the paper.
        base: the base the law names.
        passed: (districts, elections) where somebody clears the bar.
        doubts: what `known_base` found missing.
        findings: what the count reports.
    """
    if not doubts:
        return
    doubtful = passed.any(axis=1) & ~block.base_where(base)[1] & block.paper.reported
    units = {block.paper.districts[place] for place in np.flatnonzero(doubtful)}
    findings.extend(f for f in doubts if units and f.unit in {WHOLE, *units} and f not in findings)


def not_checked(
    block: Block,
    tier: Tier,
    rule: Provision | None,
    has_of: BoolArray,
    has_counted: BoolArray,
    names: tuple[str, str],
    findings: list[Finding],
    path: str = "majority",
) -> None:
    """Note the districts in which figures of a turnout are missing; once for the whole where it is missing everywhere."""
    reported = block.paper.reported
    missing = ~(has_of & has_counted) & reported
    everywhere = not (reported & ~missing).any()
    for place in np.flatnonzero(missing)[: 1 if everywhere else None]:
        needs = f"@{names[1]}" if has_of[place] else f"@{names[0]}"
        unit, cite = WHOLE if everywhere else block.paper.districts[place], rule.cite if rule is not None else ""
        found = Finding("not-checked", block.paper.name, unit, {"needs": needs, "rule": f"{tier.id}.{path}"}, cite)
        if found not in findings:
            findings.append(found)


def admitted_lists(
    block: Block, tier: Tier, election: Election, findings: list[Finding], trace: Trace | None
) -> BoolArray | None:
    """Return who takes part in the allocation, (options, 1 or districts, elections); None where the law has no bar."""
    bar = tier.threshold
    if bar is None:
        return None
    name, base = known_base(block, tier, bar.base, bar.area, findings)
    if bar.area == "whole":
        votes, base = over_districts(block.votes), base[None, :]
    else:
        votes = block.votes
    shares = [_bar_of(bar, str(option), election) for option in block.paper.options]
    admitted = _over_bars(votes, base, shares, bar)
    if trace is not None:
        _tell_bar(trace, block, tier, bar, name, votes, base, shares, admitted)
    if bar.lower is not None:
        admitted = _lowered(votes, base, shares, bar, admitted, tier, block, trace)
    if bar.fill is not None:
        _, fill_base = known_base(block, tier, bar.fill.base, bar.area, findings)
        admitted = _filled(votes, fill_base.reshape(base.shape), bar, admitted, tier, block, trace)
    return np.asarray(admitted.any(axis=1, keepdims=True)) if bar.area == "any-district" else admitted


def over_districts(votes: IntArray) -> IntArray:
    """Return votes of the whole, (options, 1, elections)."""
    return votes if votes.shape[1] == 1 else votes.sum(axis=1, keepdims=True)


def _bar_of(bar: Threshold, option: str, election: Election) -> Fraction:
    """Return the share that a list must reach: by kind and number of members where the law tells them apart."""
    party = election.parties.get(option)
    if party is None or not bar.kinds:
        return bar.share
    fitting = [k for k in bar.kinds if k.kind == party.kind and k.members <= party.members]
    return max(fitting, key=lambda k: k.members).share if fitting else bar.share


def _over_bars(votes: IntArray, base: IntArray, shares: Sequence[Fraction], bar: Threshold) -> BoolArray:
    first = shares[0] if len(shares) else bar.share
    if all(share is first or share == first for share in shares):
        return exceeds(votes, base, first, bar.comparison)
    passed = np.zeros(votes.shape, np.bool_)
    for option, share in enumerate(shares):
        passed[option] = exceeds(votes[option], base, share, bar.comparison)
    return passed


def _lowered(
    votes: IntArray,
    base: IntArray,
    shares: Sequence[Fraction],
    bar: Threshold,
    admitted: BoolArray,
    tier: Tier,
    block: Block,
    trace: Trace | None,
) -> BoolArray:
    """Lower every bar by steps in the elections in which too few lists qualify."""
    assert bar.lower is not None
    while True:
        few = admitted.sum(axis=0) < np.minimum(bar.lower.lists, (votes > 0).sum(axis=0))
        if not few.any():
            return admitted
        shares = [max(share - bar.lower.step, Fraction(0)) for share in shares]
        admitted = np.where(few, _over_bars(votes, base, shares, bar), admitted)
        if trace is not None:
            values = {"share": max(shares), "step": bar.lower.step, "lists": bar.lower.lists}
            rows = {
                name: {"share": shares[o], "passed": bool(admitted[o, 0, 0])}
                for o, name in enumerate(block.paper.names(0))
            }
            trace.add("bar-lowered", tier.id, block.paper.name, WHOLE, f"{tier.id}.threshold.lower", bar, values, rows)


def _filled(
    votes: IntArray,
    base: IntArray,
    bar: Threshold,
    admitted: BoolArray,
    tier: Tier,
    block: Block,
    trace: Trace | None,
) -> BoolArray:
    """Admit the next largest lists, equal ones together, until those admitted hold the share of the base."""
    assert bar.fill is not None
    share = bar.fill.share
    while True:
        held = np.where(admitted, votes, 0).sum(axis=0)
        waiting = np.where(admitted, 0, votes)
        largest = waiting.max(axis=0)
        few = ~at_least(held, base, share.numerator, share.denominator) & (largest > 0)
        if not few.any():
            return admitted
        joins = few & (waiting == largest) & (waiting > 0)
        admitted = admitted | joins
        if trace is not None:
            values = {"share": share, "held": int(held[0, 0]), "base": int(base[0, 0])}
            rows = {
                name: {"votes": int(votes[o, 0, 0])} for o, name in enumerate(block.paper.names(0)) if joins[o, 0, 0]
            }
            trace.add("filled-up", tier.id, block.paper.name, WHOLE, f"{tier.id}.threshold.fill", bar, values, rows)


def _tell_bar(
    trace: Trace,
    block: Block,
    tier: Tier,
    bar: Threshold,
    name: str,
    votes: IntArray,
    base: IntArray,
    shares: Sequence[Fraction],
    admitted: BoolArray,
) -> None:
    units = (WHOLE,) if bar.area == "whole" else block.paper.districts
    for place, unit in enumerate(units):
        if bar.area != "whole" and not block.paper.reported[place]:
            continue
        total = int(base[place if base.shape[0] > 1 else 0, 0])
        rows = {
            option: {"votes": int(votes[o, place, 0]), "share": shares[o], "passed": bool(admitted[o, place, 0])}
            for o, option in enumerate(block.paper.names(place))
        }
        values = {"base": total, "base_name": name, "share": bar.share, "comparison": bar.comparison}
        trace.add("threshold", tier.id, block.paper.name, unit, f"{tier.id}.threshold", bar, values, rows)


def nobody_qualifies(
    block: Block, tier: Tier, seats: IntArray, nobody: BoolArray, ties: Ties, trace: Trace | None
) -> None:
    """No list reached the bar: the law's own answer, or a gap in the law."""
    bar = tier.threshold
    assert bar is not None
    if not ties.asks:
        return
    units = (WHOLE,) if bar.area == "whole" else block.paper.districts
    for place, unit in enumerate(units):
        if not nobody[place, 0] or (bar.area == "district" and not block.paper.reported[place]):
            continue
        stake = (
            int(np.broadcast_to(seats, block.votes.shape[1:])[:, 0].sum())
            if bar.area == "whole"
            else int(seats[place, 0])
        )
        among = tuple(o for o in block.paper.names(place) if o)
        asked = Undetermined(block.paper.name, unit, bar.nobody, among, stake, bar.cite, tier.id)
        ties.open_questions.append(asked)
        if trace is not None:
            values = {"seats": stake, "rule": bar.nobody}
            trace.add("nobody-qualifies", tier.id, block.paper.name, unit, f"{tier.id}.threshold", bar, values)
