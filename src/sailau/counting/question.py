"""Turnout that makes a poll valid, and questions: adopted by a share of votes, of voters or of regions.

Arrays are (options, districts, elections).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from sailau.counting.bars import exceeds, known_base, not_checked, note_doubts
from sailau.counting.block import Block
from sailau.counting.steps import Trace
from sailau.election.model import WHOLE, Election
from sailau.formulas.arrays import BoolArray, IntArray
from sailau.formulas.majority import at_least, more_than
from sailau.rulebook import Finding
from sailau.rulebook.schema import Provision, Tier
from sailau.tabulation import Tabulation


def _not_checked_whole(block: Block, tier: Tier, rule: Provision, needs: str, findings: list[Finding]) -> None:
    found = Finding("not-checked", block.paper.name, WHOLE, {"needs": needs, "rule": f"{tier.id}.turnout"}, rule.cite)
    if found not in findings:
        findings.append(found)


def turnout_void(block: Block, tier: Tier, findings: list[Finding], trace: Trace | None) -> BoolArray | None:
    """Return where too few voters took part, (1 or districts, elections); None where the law does not ask.

    Figures that are unknown are taken as enough, and a finding says so.
    """
    rule = tier.turnout
    if rule is None:
        return None
    whole = rule.area == "whole"
    if whole:
        figures = block.base_whole(rule.of), block.base_whole(rule.counted)
        if figures[0] is None or figures[1] is None:
            _not_checked_whole(block, tier, rule, f"@{rule.of}" if figures[0] is None else f"@{rule.counted}", findings)
            return None
        of, counted, known = figures[0][None], figures[1][None], np.ones(1, np.bool_)
    else:
        (of, has_of), (counted, has_counted) = block.base_where(rule.of), block.base_where(rule.counted)
        not_checked(block, tier, rule, has_of, has_counted, (rule.of, rule.counted), findings, "turnout")
        known = has_of & has_counted & block.paper.reported
        if not known.any():
            return None
    compare = at_least if rule.comparison == "at-least" else more_than
    enough = compare(counted, of, rule.share.numerator, rule.share.denominator) | ~known[:, None]
    if trace is not None:
        for place, unit in enumerate((WHOLE,) if whole else block.paper.districts):
            if not known[place]:
                continue
            values = {
                "counted": int(counted[place, 0]),
                "of": int(of[place, 0]),
                "share": rule.share,
                "comparison": rule.comparison,
                "enough": bool(enough[place, 0]),
            }
            trace.add("turnout", tier.id, block.paper.name, unit, f"{tier.id}.turnout", rule, values)
    return np.asarray(~enough)


@dataclass(frozen=True)
class Answer:
    """What became of a question in one district: (elections,) arrays of whether it is adopted, void, or cannot be told."""

    adopted: BoolArray
    void: BoolArray
    unknown: BoolArray


def question_tier(
    block: Block,
    tier: Tier,
    election: Election,
    tabulation: Tabulation,
    findings: list[Finding],
    trace: Trace | None,
) -> list[Answer]:
    """Answer a question in every district: turnout, the majority that adopts it, the majority of regions."""
    rule = tier.adoption
    assert rule is not None, f"{tier.id}: a question needs an adoption rule"
    void = turnout_void(block, tier, findings, trace)
    doubts: list[Finding] = []
    name, base = known_base(block, tier, rule.base, "district", doubts)
    slot = block.paper.options.index(rule.answer)
    passed = exceeds(block.votes[slot], base, rule.share, rule.comparison)
    note_doubts(block, rule.base, passed, doubts, findings)
    if trace is not None:
        _tell_adoption(trace, block, tier, name, base, slot, passed)
    regional = _regional(block.paper.name, tier, election, tabulation, findings, trace) if passed.any() else None
    answers = []
    for place in range(len(block.paper.districts)):
        none = np.zeros(block.size, np.bool_)
        adopted = passed[place].copy()
        unknown = none.copy()
        if regional is not None:
            unknown = adopted & (regional == "unknown")
            adopted &= regional == "yes"
        missed = none if void is None else void[min(place, void.shape[0] - 1)]
        answers.append(Answer(adopted & ~missed, missed, unknown & ~missed))
    return answers


def _tell_adoption(
    trace: Trace, block: Block, tier: Tier, name: str, base: IntArray, slot: int, passed: BoolArray
) -> None:
    assert tier.adoption is not None
    for place, unit in enumerate(block.paper.districts):
        rows = {
            str(option): {
                "votes": int(block.votes[o, place, 0]),
                "passed": bool(passed[place, 0]) if o == slot else False,
            }
            for o, option in enumerate(block.paper.options)
        }
        values = {
            "base": int(base[place, 0]),
            "base_name": name,
            "share": tier.adoption.share,
            "comparison": tier.adoption.comparison,
            "answer": tier.adoption.answer,
            "passed": bool(passed[place, 0]),
        }
        trace.add("adoption", tier.id, block.paper.name, unit, f"{tier.id}.adoption", tier.adoption, values, rows)


def _regional(
    contest: str,
    tier: Tier,
    election: Election,
    tabulation: Tabulation,
    findings: list[Finding],
    trace: Trace | None,
) -> str | None:
    """Return whether enough regions said yes: `yes`, `no`, `unknown`; None where the law does not ask."""
    rule = tier.regional
    kind = str(election.settings.get(contest, {}).get("kind", "other"))
    if rule is None or (rule.kinds is not None and kind not in rule.kinds):
        return None
    regions = [u.id for u in election.units.values() if u.level == rule.level]
    said = {region: region_says(contest, region, tier, election, tabulation) for region in regions}
    yes = sum(1 for s in said.values() if s is True)
    open_ = sum(1 for s in said.values() if s is None)
    verdict = _enough(yes, len(regions), rule.share, rule.comparison)
    outcome = "yes" if verdict else "no"
    if not regions or (open_ and verdict != _enough(yes + open_, len(regions), rule.share, rule.comparison)):
        outcome = "unknown"
        values = {
            "needs": rule.level,
            "rule": f"{tier.id}.regional",
            "yes": yes,
            "unknown": open_,
            "regions": len(regions),
        }
        findings.append(Finding("cannot-be-verified", contest, "", values, rule.cite))
    if trace is not None:
        values = {"yes": yes, "unknown": open_, "regions": len(regions), "share": rule.share, "outcome": outcome}
        values["declared"] = sum(1 for a in election.declared if a.contest == contest and a.unit in said)
        trace.add("regions", tier.id, contest, WHOLE, f"{tier.id}.regional", rule, values)
    return outcome


def _enough(yes: int, regions: int, share: Fraction, comparison: str) -> bool:
    left, right = yes * share.denominator, regions * share.numerator
    return regions > 0 and (left >= right if comparison == "at-least" else left > right)


def region_says(contest: str, region: str, tier: Tier, election: Election, tabulation: Tabulation) -> bool | None:
    """Return a region's answer from its figures, else from what was declared, else None."""
    rule = tier.adoption
    assert rule is not None
    totals = tabulation.of(contest)
    if totals is not None and totals.reports(region):
        votes = totals.figure(region, rule.answer) or 0
        base = _figure_base(totals, region, rule.base)
        if base is not None:
            return _enough(votes, base, rule.share, rule.comparison)
        least = _figure_base(totals, region, "valid") or 0
        if not _enough(votes, least, rule.share, rule.comparison):
            return False  # the base that is not known is never smaller
    for award in election.declared:
        if award.contest == contest and award.unit == region and award.seats:
            return award.option == rule.answer
    return None


def _figure_base(totals: Any, unit: str, base: str) -> int | None:
    options = sum(totals.figure(unit, item) or 0 for item in totals.items[: totals.electable])
    valid = options + sum(totals.figure(unit, p) or 0 for p in ("@against_all", "@blank", "@not_counted"))
    if base in ("options", "valid"):
        return int(options if base == "options" else valid)
    own = totals.figure(unit, f"@{base}")
    if own is None and base == "cast":
        invalid = totals.figure(unit, "@invalid")
        return None if invalid is None else int(valid + invalid)
    return None if own is None else int(own)
