"""Turnout that makes a poll valid, and questions: adopted by a share of votes, of voters or of regions.

Arrays are (options, districts, elections).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sailau.counting.bars import exceeds, known_base, not_checked, note_doubts
from sailau.counting.block import Block, own_block
from sailau.counting.papers import Paper, lay_out
from sailau.counting.steps import Trace
from sailau.counting.widths import MULTIPLIED
from sailau.election.model import WHOLE, Election
from sailau.formulas.arrays import BoolArray, IntArray, wide_enough
from sailau.formulas.majority import at_least, more_than
from sailau.rulebook import Finding, Law
from sailau.rulebook.schema import Provision, Regional, Tier
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
    if rule.of_present is not None:
        return _quorum_void(block, tier, findings, trace)
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


def _quorum_void(block: Block, tier: Tier, findings: list[Finding], trace: Trace | None) -> BoolArray | None:
    """Return where there was no quorum: too few present, or too few of those present voted.

    Where those present are unknown they are no fewer than those who voted: votes of more than `share` of all prove the
    quorum, votes of no more than `of-present` of `share` disprove it, and between the two nothing is decided.
    """
    rule = tier.turnout
    assert rule is not None
    assert rule.of_present is not None
    (of, has_of), (voted, has_voted) = block.base_where(rule.of), block.base_where("cast")
    present, has_present = block.base_where("present")
    not_checked(block, tier, rule, has_of, has_voted, (rule.of, "cast"), findings, "turnout")
    known = has_of & has_voted & block.paper.reported
    if not known.any():
        return None
    part, least, seen = rule.of_present, rule.share * rule.of_present, has_present[:, None]
    there = np.where(seen, present, voted)
    gathered = more_than(there, of, rule.share.numerator, rule.share.denominator)
    took_part = more_than(voted, present, part.numerator, part.denominator)
    possible = more_than(voted, of, least.numerator, least.denominator)
    enough = np.where(seen, gathered & took_part, possible) | ~known[:, None]
    doubtful = known & ~has_present & (possible & ~gathered)[:, 0]
    for place in np.flatnonzero(doubtful):
        needs = {"needs": "@present", "used": "cast", "rule": f"{tier.id}.turnout"}
        findings.append(Finding("cannot-be-verified", block.paper.name, block.paper.districts[place], needs, rule.cite))
    if trace is not None:
        for place in np.flatnonzero(known & ~doubtful):
            values = {
                "counted": int(there[place, 0]),
                "of": int(of[place, 0]),
                "share": rule.share,
                "comparison": rule.comparison,
                "enough": bool(enough[place, 0]),
            }
            unit = block.paper.districts[place]
            trace.add("turnout", tier.id, block.paper.name, unit, f"{tier.id}.turnout", rule, values)
    return np.asarray(~enough)


@dataclass(frozen=True)
class Answer:
    """What became of a question in one district: (elections,) arrays of whether it is adopted, void, or cannot be told."""

    adopted: BoolArray
    void: BoolArray
    unknown: BoolArray


def question_tier(
    block: Block, tier: Tier, regions: Regions | None, findings: list[Finding], trace: Trace | None
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
    none = np.zeros(block.size, np.bool_)
    enough, in_doubt = ~none, none
    if regions is not None and passed.any():
        enough, in_doubt = _enough_regions(regions, block, tier, findings, trace)
    answers = []
    for place in range(len(block.paper.districts)):
        missed = none if void is None else void[min(place, void.shape[0] - 1)]
        answers.append(Answer(passed[place] & enough & ~missed, missed, passed[place] & in_doubt & ~missed))
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


@dataclass(frozen=True)
class Regions:
    """The regions that a question must carry, with their own votes: a second sheet, which moves with that of the whole.

    Attributes:
        rule: how many of them it takes.
        answer: which answer is the yes.
        units: ids.
        paper: the same ballot paper laid out by region; None where none of them gives figures.
        announced: region → whether the authority announced a yes, for those it named.
    """

    rule: Regional
    answer: str
    units: tuple[str, ...]
    paper: Paper | None
    announced: Mapping[str, bool]

    @property
    def own(self) -> Block | None:
        """The regions' own votes as a block of one."""
        return None if self.paper is None else own_block(self.paper)

    def moved(self, block: Block) -> Block | None:
        """Return the regions' votes in the elections of a block of the whole.

        Who draws or changes votes of the whole says nothing of regions: what an option gains or loses it gains or loses in
        every region in the same proportion, rounded to whole votes, as do the lines. The case's own figures stay.
        """
        if self.paper is None:
            return None
        whole, here = block.paper, self.paper
        lines = [line for line in here.lines if line in block.lines]
        own = [whole.figures[whole.lines.index(line)].sum() for line in lines]
        gaps = {line: ~here.known[here.lines.index(line)] & here.reported for line in lines}
        return Block(
            here,
            _in_proportion(here.votes, whole.votes.sum(axis=1), block.votes.sum(axis=1)),
            {
                line: _in_proportion(
                    here.figures[here.lines.index(line)][None], np.array([before]), block.lines[line].sum(axis=0)[None]
                )[0]
                for line, before in zip(lines, own, strict=True)
            },
            {},
            {line: gap for line, gap in gaps.items() if gap.any()},
        )

    def answer_of(self, tier: Tier, unit: str) -> tuple[bool, bool]:
        """Return whether a region says yes by its own figures, and whether that cannot be told."""
        yes, unknown = self.say(tier, self.own)
        row = self.units.index(unit) if unit in self.units else -1
        return (bool(yes[row, 0]), bool(unknown[row, 0])) if row >= 0 else (False, True)

    def say(self, tier: Tier, block: Block | None) -> tuple[BoolArray, BoolArray]:
        """Return which regions say yes, and which cannot be told, (regions, elections) each, from votes or announcements."""
        rule = tier.adoption
        assert rule is not None
        size = 1 if block is None else block.size
        yes, unknown = np.zeros((len(self.units), size), np.bool_), np.ones((len(self.units), size), np.bool_)
        for row, unit in enumerate(self.units):
            if unit in self.announced:
                yes[row], unknown[row] = self.announced[unit], False
        if block is None:
            return yes, unknown
        votes = block.votes[block.paper.options.index(self.answer)]
        base, known = block.base_where(rule.base)
        least = block.base("valid")
        assert least is not None
        carried = exceeds(votes, base, rule.share, rule.comparison)
        lost = ~exceeds(votes, least, rule.share, rule.comparison)  # the base that is not known is never smaller
        for place, unit in enumerate(block.paper.districts):
            if block.paper.reported[place]:
                row = self.units.index(unit)
                told = np.full(size, True) if known[place] else lost[place]
                yes[row] = np.where(told, carried[place] & known[place], yes[row])
                unknown[row] &= ~told
        return yes, unknown


def regions_of(paper: Paper, law: Law, election: Election, tabulation: Tabulation) -> Regions | None:
    """Return the regions that a question must carry; None where the law asks none."""
    tier = next((t for t in law.tiers_of(paper.contest.id) if t.regional is not None), None)
    kind = str(election.settings.get(paper.name, {}).get("kind", "other"))
    if tier is None or tier.regional is None or (tier.regional.kinds is not None and kind not in tier.regional.kinds):
        return None
    rule = tier.adoption
    assert rule is not None, f"{tier.id}: a question needs an adoption rule"
    by_region = paper.contest.model_copy(update={"level": tier.regional.level})
    units = tuple(u.id for u in election.units.values() if u.level == tier.regional.level)
    announced = {
        a.unit: a.option == rule.answer for a in reversed(election.declared) if a.contest == paper.name and a.seats
    }
    laid = lay_out(paper.name, by_region, law, election, tabulation) if units else None
    return Regions(tier.regional, rule.answer, units, laid, {u: yes for u, yes in announced.items() if u in units})


def _in_proportion(part: IntArray, whole: IntArray, drawn: IntArray) -> IntArray:
    """Return `(options, regions, elections)` votes of regions: part × drawn ÷ whole, rounded to the nearest.

    Args:
        part: (options, regions) a region's own.
        whole: (options,) those of the whole.
        drawn: (options, elections) those of the whole in every election.
    """
    before = np.maximum(whole, 1).astype(object)[:, None, None]
    product = 2 * part.astype(object)[:, :, None] * drawn.astype(object)[:, None, :]
    # What does not change in the whole changes nowhere, also where regions have votes that the whole is not told to have.
    same = (drawn == whole[:, None])[:, None, :]
    moved = np.where(same, part[:, :, None], (product + before) // (2 * before))
    return wide_enough(moved, max(len(part), 1) * MULTIPLIED)


def _enough_regions(
    regions: Regions, block: Block, tier: Tier, findings: list[Finding], trace: Trace | None
) -> tuple[BoolArray, BoolArray]:
    """Return whether enough regions said yes, and where that cannot be told, (elections,) each."""
    rule, contest = regions.rule, block.paper.name
    said, unknown = regions.say(tier, regions.moved(block))
    number = np.array([len(regions.units)], np.int64)
    yes, open_ = said.sum(axis=0), unknown.sum(axis=0)
    share = rule.share.numerator, rule.share.denominator
    compare = at_least if rule.comparison == "at-least" else more_than
    enough = np.broadcast_to(compare(yes, number, *share, fewest=1), block.size)
    in_doubt = np.broadcast_to(compare(yes + open_, number, *share, fewest=1) & ~enough[: len(yes)], block.size)
    if not regions.units:
        enough, in_doubt = np.zeros(block.size, np.bool_), np.ones(block.size, np.bool_)
    values: dict[str, Any] = {"yes": int(yes[0]), "unknown": int(open_[0]), "regions": len(regions.units)}
    if in_doubt[0]:
        needs = {"needs": rule.level, "rule": f"{tier.id}.regional"}
        findings.append(Finding("cannot-be-verified", contest, "", needs | values, rule.cite))
    if trace is not None:
        outcome = "unknown" if in_doubt[0] else "yes" if enough[0] else "no"
        values |= {"share": rule.share, "outcome": outcome, "declared": len(regions.announced)}
        trace.add("regions", tier.id, contest, WHOLE, f"{tier.id}.regional", rule, values)
    return enough, in_doubt
