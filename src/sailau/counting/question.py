"""Questions: adopted by a share of votes, of voters, or of regions. Arrays are (options, districts, elections)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sailau.counting.bars import exceeds
from sailau.counting.papers import Paper, lay_out
from sailau.counting.sheet import Measure, Sheet, own_sheet
from sailau.counting.tiers import CompiledTier, Sitting, Workings
from sailau.counting.widths import MULTIPLIED
from sailau.election.model import Election
from sailau.formulas.arrays import BoolArray, IntArray, wide_enough
from sailau.formulas.majority import at_least, more_than
from sailau.rulebook import Finding, Law
from sailau.rulebook.schema import Regional, Tier
from sailau.tabulation import Tabulation


@dataclass
class Carried:
    """In how many regions a question won."""

    regions: Regions  # those that are asked
    yes: IntArray  # (elections,) regions that said yes
    unknown: IntArray  # (elections,) regions of which it cannot be told
    enough: BoolArray  # (elections,) whether they are enough
    in_doubt: BoolArray  # (elections,) whether those that cannot be told decide


@dataclass(kw_only=True)
class QuestionWorkings(Workings):
    """What became of a question."""

    base: Measure  # what shares are measured by
    passed: BoolArray  # (districts, elections) whether the answer that adopts it has enough votes
    carried: Carried | None  # in which regions it won; None where the law asks none, or nowhere it has enough votes

    @property
    def void(self) -> None:
        """No seat is vacated: a vote that too few attended is an answer of its own."""
        return None

    def adopted(self, place: int) -> BoolArray:
        """(elections,) whether it is adopted in a district."""
        regions = True if self.carried is None else self.carried.enough
        return np.asarray(self.passed[place] & regions & ~self.missed(place))

    def missed(self, place: int) -> BoolArray:
        """(elections,) whether the vote is void in a district because too few took part."""
        void = None if self.turnout is None else self.turnout.void
        return np.zeros(self.sheet.size, np.bool_) if void is None else void[min(place, len(void) - 1)]

    def answer(self, place: int) -> str | None:
        """Return what became of it in a district of the only election; None where that cannot be told."""
        if self.missed(place)[0]:
            return "invalid"
        if self.carried is not None and self.passed[place, 0] and self.carried.in_doubt[0]:
            return None
        return "adopted" if self.adopted(place)[0] else "rejected"

    def own_findings(self) -> Iterator[Finding]:
        """Yield a base that is not known where it matters, and regions that cannot be told."""
        rule, contest = self.tier.rule, self.tier.paper.name
        assert rule.adoption is not None
        base = self.base.where(self.passed[:, 0], self.sheet)
        yield from base.findings(contest, f"{rule.id}.adoption", rule.adoption.cite)
        if self.carried is not None and self.carried.in_doubt[0]:
            regions = self.carried.regions
            needs = {"needs": regions.rule.level, "rule": f"{rule.id}.regional"}
            figures = {"yes": int(self.carried.yes[0]), "unknown": int(self.carried.unknown[0])}
            values = needs | figures | {"regions": len(regions.units)}
            yield Finding("cannot-be-verified", contest, "", values, regions.rule.cite)


@dataclass(frozen=True, kw_only=True)
class QuestionTier(CompiledTier):
    """A question is answered in every district: turnout, the majority that adopts it, the majority of regions."""

    regions: Regions | None  # those that it must carry; None where the law asks none
    answers = True

    def deal(self, sitting: Sitting) -> QuestionWorkings:
        """Answer the question; no seat is dealt."""
        rule = self.rule.adoption
        assert rule is not None, f"{self.rule.id}: a question needs an adoption rule"
        sheet = sitting.sheet
        base = sheet.measure(rule.base)
        votes = sheet.votes[self.paper.options.index(rule.answer)]
        passed = exceeds(votes, base.figures, rule.share, rule.comparison)
        # Regions are asked only where the whole has said yes: a no of the whole stands without them.
        carried = None if self.regions is None or not passed.any() else self.regions.carried(self.rule, sheet)
        seats = np.zeros((0, *passed.shape), np.int64)
        return QuestionWorkings(tier=self, sitting=sitting, seats=seats, base=base, passed=passed, carried=carried)


@dataclass(frozen=True)
class Regions:
    """The regions that a question must carry, with their own votes: a second sheet, which moves with that of the whole."""

    rule: Regional  # how many of them it takes
    answer: str  # which answer is the yes
    units: tuple[str, ...]  # ids
    paper: Paper | None  # the same ballot paper laid out by region; None where none of them gives figures
    announced: Mapping[str, bool]  # region → whether the authority announced a yes, for those it named

    @property
    def own(self) -> Sheet | None:
        """The regions' own votes as a sheet of one."""
        return None if self.paper is None else own_sheet(self.paper)

    def moved(self, sheet: Sheet) -> Sheet | None:
        """Return the regions' votes in the elections of a sheet of the whole.

        Who draws or changes votes of the whole says nothing of regions: what an option gains or loses it gains or loses in
        every region in the same proportion, rounded to whole votes, as do the lines. The case's own figures stay.
        """
        if self.paper is None:
            return None
        whole, here = sheet.paper, self.paper
        lines = [line for line in here.lines if line in sheet.lines]
        own = [whole.figures[whole.lines.index(line)].sum() for line in lines]
        gaps = {line: ~here.known[here.lines.index(line)] & here.reported for line in lines}
        return Sheet(
            here,
            _in_proportion(here.votes, whole.votes.sum(axis=1), sheet.votes.sum(axis=1)),
            {
                line: _in_proportion(
                    here.figures[here.lines.index(line)][None], np.array([before]), sheet.lines[line].sum(axis=0)[None]
                )[0]
                for line, before in zip(lines, own, strict=True)
            },
            {},
            {line: gap for line, gap in gaps.items() if gap.any()},
        )

    def carried(self, tier: Tier, sheet: Sheet) -> Carried:
        """Return whether enough regions said yes in the elections of a sheet of the whole."""
        said, unknown = self.say(tier, self.moved(sheet))
        number = np.array([len(self.units)], np.int64)
        yes, open_ = said.sum(axis=0), unknown.sum(axis=0)
        share = self.rule.share.numerator, self.rule.share.denominator
        compare = at_least if self.rule.comparison == "at-least" else more_than
        enough = compare(yes, number, *share, fewest=1)
        in_doubt = compare(yes + open_, number, *share, fewest=1) & ~enough
        if not self.units:
            enough, in_doubt = np.zeros(sheet.size, np.bool_), np.ones(sheet.size, np.bool_)
        return Carried(self, yes, open_, np.broadcast_to(enough, sheet.size), np.broadcast_to(in_doubt, sheet.size))

    def answer_of(self, tier: Tier, unit: str) -> tuple[bool, bool]:
        """Return whether a region says yes by its own figures, and whether that cannot be told."""
        yes, unknown = self.say(tier, self.own)
        row = self.units.index(unit) if unit in self.units else -1
        return (bool(yes[row, 0]), bool(unknown[row, 0])) if row >= 0 else (False, True)

    def say(self, tier: Tier, sheet: Sheet | None) -> tuple[BoolArray, BoolArray]:
        """Return which regions say yes, and which cannot be told, (regions, elections) each, from votes or announcements."""
        rule = tier.adoption
        assert rule is not None
        size = 1 if sheet is None else sheet.size
        yes, unknown = np.zeros((len(self.units), size), np.bool_), np.ones((len(self.units), size), np.bool_)
        for row, unit in enumerate(self.units):
            if unit in self.announced:
                yes[row], unknown[row] = self.announced[unit], False
        if sheet is None:
            return yes, unknown
        votes = sheet.votes[sheet.paper.options.index(self.answer)]
        base, known = sheet.base_where(rule.base)
        least = sheet.base("valid")
        assert least is not None
        carried = exceeds(votes, base, rule.share, rule.comparison)
        lost = ~exceeds(votes, least, rule.share, rule.comparison)  # the base that is not known is never smaller
        for place, unit in enumerate(sheet.paper.districts):
            if sheet.paper.reported[place]:
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
