"""Steps of a proportional allocation: quota, whole parts and remainders, or quotients."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from sailau.counting.block import Block
from sailau.counting.steps import Trace
from sailau.formulas.agreements import JointWorkings
from sailau.formulas.allocation import Allocation, DivisorWorkings, QuotaWorkings
from sailau.formulas.arrays import BoolArray, IntArray
from sailau.rulebook.schema import Tier


def tell_allocation(
    trace: Trace,
    block: Block,
    tier: Tier,
    seats: IntArray,
    allocation: Allocation,
    admitted: BoolArray | None,
    limits: IntArray | None,
) -> None:
    """Record quota, whole parts and remainders, or quotients, of every district."""
    for place, unit in enumerate(block.paper.districts):
        single = admitted is not None and tier.single_qualifier is not None
        if not block.paper.reported[place] or (single and _told_single(trace, tier, unit)):
            continue
        took_part = [
            slot
            for slot in range(len(block.paper.names(place)))
            if (admitted is None or admitted[slot, place if admitted.shape[1] > 1 else 0, 0])
            and block.votes[slot, place, 0] > 0
        ]
        if not took_part:
            continue
        if isinstance(allocation.workings, QuotaWorkings):
            _tell_quota(trace, block, tier, place, int(seats[place, 0]), allocation, took_part)
        elif isinstance(allocation.workings, DivisorWorkings):
            _tell_divisor(trace, block, tier, place, int(seats[place, 0]), allocation, took_part)
        elif isinstance(allocation.workings, JointWorkings):
            _tell_joint(trace, block, tier, place, int(seats[place, 0]), allocation)
        if limits is not None:
            _tell_limits(trace, block, tier, place, allocation, limits, took_part)


def _told_single(trace: Trace, tier: Tier, unit: str) -> bool:
    return any(s.code == "single-qualifier" and s.tier == tier.id and s.unit == unit for s in trace.steps)


def _tell_quota(
    trace: Trace, block: Block, tier: Tier, place: int, seats: int, allocation: Allocation, took_part: list[int]
) -> None:
    work = allocation.workings
    assert isinstance(work, QuotaWorkings)
    paper, formula, unit = block.paper, tier.formula, block.paper.districts[place]
    path = f"{tier.id}.formula"
    quota = Fraction(int(work.quota_numerator[place, 0]), int(work.quota_denominator[place, 0]))
    total, left = int(work.total[place, 0]), int(work.left[place, 0])
    values = {
        "votes": total,
        "seats": seats,
        "quota": quota,
        "kind": formula.quota,
        "rounding": formula.round_quota,
        "unqualified": formula.unqualified,
    }
    trace.add("quota", tier.id, paper.name, unit, path, formula, values)
    rows: dict[str, dict[str, Any]] = {}
    for slot in took_part:
        whole = int(work.whole[slot, place, 0])
        remainder = Fraction(int(work.remainders[slot, place, 0]), int(work.quota_numerator[place, 0]))
        votes = int(block.votes[slot, place, 0])
        rows[paper.option(slot, place)] = {
            "votes": votes,
            "whole": whole,
            "remainder": remainder,
            "quotient": whole + remainder,
        }
    trace.add("whole", tier.id, paper.name, unit, path, formula, {"quota": quota, "left": left}, rows)
    if not left or (formula.leftover == "transfer" and left > 0):
        return
    changed: dict[str, dict[str, Any]] = {}
    for slot in took_part:
        row = rows[paper.option(slot, place)]
        gained = int(allocation.seats[slot, place, 0]) - row["whole"]
        tied = bool(allocation.tied[slot, place, 0])
        changed[paper.option(slot, place)] = {"remainder": row["remainder"], "gained": gained, "tied": tied}
    order = tuple(sorted(changed, key=lambda o: -changed[o]["remainder"]))
    code = "remainders" if left > 0 else "taken-back"
    trace.add(code, tier.id, paper.name, unit, path, tier.tie or formula, {"left": left, "order": order}, changed)


def _tell_divisor(
    trace: Trace, block: Block, tier: Tier, place: int, seats: int, allocation: Allocation, took_part: list[int]
) -> None:
    work = allocation.workings
    assert isinstance(work, DivisorWorkings)
    paper = block.paper
    rows: dict[str, dict[str, Any]] = {}
    for slot in took_part:
        last = _quotient(work.last_numerator, work.last_denominator, slot, place)
        following = _quotient(work.next_numerator, work.next_denominator, slot, place)
        rows[paper.option(slot, place)] = {
            "votes": int(block.votes[slot, place, 0]),
            "seats": int(allocation.seats[slot, place, 0]),
            "last": last,
            "next": following,
            "tied": bool(allocation.tied[slot, place, 0]),
        }
    values = {"seats": seats, "power": work.power, **_edge(tier, rows)}
    path, unit = f"{tier.id}.formula", paper.districts[place]
    trace.add("quotients", tier.id, paper.name, unit, path, tier.formula, values, rows)


def _edge(tier: Tier, rows: Mapping[Any, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the formula and the quotients at its edge: the smallest with a seat, the largest without."""
    won = [row["last"] for row in rows.values() if row["seats"] and row["last"] is not None]
    lost = [row["next"] for row in rows.values() if row["next"] is not None]
    return {
        "method": tier.formula.method,
        "smallest": min(won, default=None),
        "largest": max(lost, default=None),
        "first": tier.formula.first,
        "exponent": tier.formula.exponent,
    }


def _tell_joint(trace: Trace, block: Block, tier: Tier, place: int, seats: int, allocation: Allocation) -> None:
    """Record the quotients of lists without partners, and of partners together and among themselves."""
    work = allocation.workings
    assert isinstance(work, JointWorkings)
    paper, members = block.paper, _members(work, place)
    upper = {g: _divided(work.groups, g, place) for g in members}
    values = {"seats": seats, "power": work.power, **_edge(tier, upper)}
    alone, agreed = {}, {}
    for group, slots in members.items():
        votes = int(work.votes[group, place, 0])
        if len(slots) == 1:
            alone[paper.option(slots[0], place)] = {"votes": votes, **upper[group]}
            continue
        partners = tuple(paper.option(slot, place) for slot in slots)
        together = {"partners": partners, **{f"together_{k}": v for k, v in {"votes": votes, **upper[group]}.items()}}
        for slot, option in zip(slots, partners, strict=True):
            own = {"votes": int(block.votes[slot, place, 0]), **_divided(work.within[group], work.row(slot), place)}
            agreed[option] = {**own, **together}
    unit = paper.districts[place]
    trace.add("quotients", tier.id, paper.name, unit, f"{tier.id}.formula", tier.formula, values, alone)
    if agreed:
        within = {k: v for k, v in values.items() if k != "seats"} | {"smallest": None, "largest": None}
        path = f"{tier.id}.agreements"
        trace.add("agreements", tier.id, paper.name, unit, path, tier.agreements, within, agreed)


def _members(work: JointWorkings, place: int) -> dict[int, list[int]]:
    """Return group → its lists that take part in a district and have votes."""
    members: dict[int, list[int]] = {}
    for slot, group in enumerate(work.group.tolist()):
        if work.part[slot, place, 0]:
            members.setdefault(group, []).append(slot)
    return members


def _divided(allocation: Allocation, slot: int, place: int) -> dict[str, Any]:
    """Return seats and quotients of one row of an allocation by divisors."""
    work = allocation.workings
    assert isinstance(work, DivisorWorkings)
    return {
        "seats": int(allocation.seats[slot, place, 0]),
        "last": _quotient(work.last_numerator, work.last_denominator, slot, place),
        "next": _quotient(work.next_numerator, work.next_denominator, slot, place),
        "tied": bool(allocation.tied[slot, place, 0]),
    }


def _quotient(numerator: IntArray, denominator: IntArray, slot: int, place: int) -> Fraction | None:
    """Return a quotient; None for none, or for an infinite one."""
    above, below = int(numerator[slot, place, 0]), int(denominator[slot, place, 0])
    return Fraction(above, below) if below and above else None


def _tell_limits(
    trace: Trace,
    block: Block,
    tier: Tier,
    place: int,
    allocation: Allocation,
    limits: IntArray,
    took_part: list[int],
) -> None:
    rows = {}
    for slot in took_part:
        most = int(np.broadcast_to(limits, block.votes.shape)[slot, place, 0])
        if int(allocation.seats[slot, place, 0]) == most:
            rows[block.paper.option(slot, place)] = {"most": most}
    if rows:
        rule = tier.exhaustion or tier.limits
        path = f"{tier.id}.{'exhaustion' if tier.exhaustion else 'limits'}"
        trace.add("limit", tier.id, block.paper.name, block.paper.districts[place], path, rule, {}, rows)


def tell_single(trace: Trace, block: Block, tier: Tier, place: int, first: int, second: int, total: int) -> None:
    """Record how a single qualifier and the list that joined it share the seats."""
    rule = tier.single_qualifier
    assert rule is not None
    one, two = block.paper.option(first, place), block.paper.option(second, place)
    more, fewer = int(block.votes[first, place, 0]), int(block.votes[second, place, 0])
    quota = Fraction(more + fewer, total) if total else Fraction(1)
    quotient = fewer / quota * rule.factor
    get = min(max(int(quotient), rule.minimum_seats), total)
    values = {
        "first": one,
        "second": two,
        "quota": quota,
        "factor": rule.factor,
        "minimum": rule.minimum_seats,
        "quotient": quotient,
        "seats": total,
    }
    rows: dict[str, dict[str, Any]] = {
        one: {"seats": total - get, "votes": more},
        two: {"seats": get, "votes": fewer, "quotient": quotient},
    }
    unit = block.paper.districts[place]
    trace.add("single-qualifier", tier.id, block.paper.name, unit, f"{tier.id}.single-qualifier", rule, values, rows)
