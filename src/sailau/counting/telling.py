"""Steps read off the workings of a count, for a sheet of one election: nothing is computed a second time to explain it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from sailau.counting import steps
from sailau.counting.bars import Admission
from sailau.counting.compensation import LevellingWorkings, Round, TransferWorkings
from sailau.counting.lists import Joined, ListTier, ListWorkings
from sailau.counting.persons import Final, MajorityWorkings, PluralityWorkings
from sailau.counting.question import QuestionWorkings
from sailau.counting.seats import scale_of
from sailau.counting.steps import Place, Step, place
from sailau.counting.tiers import Workings
from sailau.counting.ties import Answer, Settled
from sailau.election.model import WHOLE
from sailau.formulas.agreements import JointWorkings
from sailau.formulas.allocation import Allocation, DivisorWorkings, QuotaWorkings
from sailau.formulas.arrays import IntArray
from sailau.rulebook.schema import Provision

if TYPE_CHECKING:
    from sailau.counting.outcome import Announced, Outcome


def steps_of(outcome: Outcome) -> Iterator[Step]:
    """Yield everything that was done, tier by tier, then what was declared."""
    for workings in outcome.run.workings.values():
        teller = _Teller(workings)
        yield from teller.beforehand()
        yield from teller.own()
    for announced in outcome.announced:
        yield _declared(outcome, announced)


def _declared(outcome: Outcome, announced: Announced) -> Step:
    tiers = outcome.law.tiers_of(outcome.plan.held[announced.contest].id)
    if tiers:
        at = place(tiers[0].id, announced.contest, announced.unit, f"{tiers[0].id}.formula", tiers[0].formula)
    else:
        at = "", announced.contest, announced.unit, "", "", "statute", ""
    return steps.SeatsDeclared(*at, rows={a.option: steps.DeclaredRow(a.seats) for a in announced.awards})


class _Teller:
    """Reads the steps off the workings of one tier."""

    def __init__(self, workings: Workings) -> None:
        self.workings = workings
        self.tier, self.rule, self.paper = workings.tier, workings.tier.rule, workings.tier.paper
        self.votes = workings.sheet.votes[:, :, 0]

    def at(self, unit: str, key: str, rule: Provision | None) -> Place:
        """Return the first fields of a step under a provision of the tier."""
        return place(self.rule.id, self.paper.name, unit, f"{self.rule.id}.{key}", rule or self.rule)

    def reported(self) -> Iterator[tuple[int, str]]:
        """Yield place and id of every district with votes."""
        for at in np.flatnonzero(self.paper.reported).tolist():
            yield at, self.paper.districts[at]

    def beforehand(self) -> Iterator[Step]:
        """Yield turnout, and seats shared among districts."""
        turnout, filling = self.workings.turnout, self.workings.filling
        for row in np.flatnonzero(turnout.told).tolist() if turnout is not None else ():
            assert turnout is not None
            yield steps.TurnoutChecked(
                *self.at(turnout.units[row], "turnout", turnout.rule),
                counted=int(turnout.counted[row, 0]),
                of=int(turnout.of[row, 0]),
                share=turnout.rule.share,
                comparison=turnout.rule.comparison,
                enough=not turnout.void[row, 0],
                of_base=turnout.rule.of,
            )
        yield from self.answered(filling.answers)
        plan = self.rule.seats.apportion
        if plan is not None and filling.scores is not None and filling.shared is not None:
            pairs = zip(self.paper.districts, filling.scores[:, 0], filling.shared[:, 0], strict=True)
            yield steps.DistrictSeats(
                *self.at(WHOLE, "seats", plan if plan.cite else self.rule.seats),
                total=plan.total,
                by=tuple(plan.score),
                set_aside=plan.set_aside,
                scale=scale_of(plan),
                districts={unit: steps.DistrictRow(int(score), int(seats)) for unit, score, seats in pairs},
            )

    def own(self) -> Iterator[Step]:
        """Yield the steps of the tier's kind."""
        workings = self.workings
        if isinstance(workings, ListWorkings):
            yield from _lists(self, workings)
        elif isinstance(workings, LevellingWorkings):
            yield from _levelling(self, workings)
        elif isinstance(workings, TransferWorkings):
            yield from _transfer(self, workings)
        elif isinstance(workings, PluralityWorkings):
            yield from _plurality(self, workings)
        elif isinstance(workings, MajorityWorkings):
            yield from _majority(self, workings)
        elif isinstance(workings, QuestionWorkings):
            yield from _question(self, workings)
        else:
            from sailau.counting.matrix import MatrixWorkings

            assert isinstance(workings, MatrixWorkings)
            yield from _matrix(self, workings)

    # ------------------------------------------------------------------ bars

    def bar(self, admission: Admission | None) -> Iterator[Step]:
        """Yield who reaches the bar, and how it was lowered or filled up."""
        if admission is None:
            return
        rule, base, names = admission.bar.rule, admission.base, self.paper.names(0)
        rows = [(0, WHOLE)] if rule.area == "whole" else self.reported()
        for row, unit in rows:
            yield steps.ThresholdApplied(
                *self.at(unit, "threshold", rule),
                base=int(base.figures[row, 0]),
                base_name=base.used,
                share=rule.share,
                comparison=rule.comparison,
                anywhere=rule.area == "any-district",
                rows={
                    name: steps.BarRow(int(admission.votes[slot, row, 0]), share, bool(admission.cleared[slot, row, 0]))
                    for slot, (name, share) in enumerate(zip(names, admission.bar.shares, strict=True))
                },
            )
        for shares, admitted in admission.lowered:
            assert rule.lower is not None
            passed = zip(names, shares, admitted[:, 0, 0], strict=True)
            yield steps.BarLowered(
                *self.at(WHOLE, "threshold.lower", rule),
                share=max(shares),
                step=rule.lower.step,
                lists=rule.lower.lists,
                rows={name: steps.LoweredRow(share, bool(over)) for name, share, over in passed},
            )
        for inside, joins in admission.filled:
            assert rule.fill is not None
            assert admission.fill_base is not None
            joining = np.flatnonzero(joins[:, 0, 0]).tolist()
            yield steps.FilledUp(
                *self.at(WHOLE, "threshold.fill", rule),
                share=rule.fill.share,
                held=int(inside[0, 0]),
                base=int(admission.fill_base.figures[0, 0]),
                rows={names[slot]: steps.VotesRow(int(admission.votes[slot, 0, 0])) for slot in joining},
            )

    def nobody(self) -> Iterator[Step]:
        """Yield where no list reaches the bar."""
        for answer in self.workings.nobody():
            asked = answer.asked
            at = self.at(asked.unit, "threshold", self.rule.threshold)
            yield steps.NobodyQualifies(*at, seats=asked.seats, rule=asked.question)

    # ------------------------------------------------------------------ ties

    def settled(self, settled: Settled) -> Iterator[Step]:
        """Yield how equals were told apart."""
        equals = settled.equals
        at = place(equals.tier, self.paper.name, "", equals.path, equals.rule)
        for stage in settled.stages:
            before, after = stage.before, stage.after
            for row in np.flatnonzero((before.open != after.open)[:, 0]).tolist():
                tied = np.flatnonzero(before.tied[:, row, 0]).tolist()
                gained = (after.seats - before.seats)[:, row, 0]
                yield steps.TieBroken(
                    *at[:2],
                    equals.units[row],
                    *at[3:],
                    rule=stage.rule,
                    among=tuple(equals.option(slot, row) for slot in tied),
                    chosen=tuple(equals.option(slot, row) for slot in tied if gained[slot] > 0),
                )
        yield from self.answered(settled.answers)

    def answered(self, answers: Iterable[Answer]) -> Iterator[Step]:
        """Yield the decisions that the case records."""
        for answer in answers:
            made, asked = answer.decision, answer.asked
            if made is not None:
                at = asked.tier, asked.contest, asked.unit, answer.path, asked.cite, "statute", ""
                day = str(made.date or "")
                yield steps.Decided(
                    *at, chosen=made.chosen, among=made.among, kind=made.kind, date=day, source=made.source
                )


# ---------------------------------------------------------------------- lists


def _lists(teller: _Teller, workings: ListWorkings) -> Iterator[Step]:
    assert isinstance(workings.tier, ListTier)
    yield from teller.bar(workings.admission)
    yield from teller.nobody()
    joined, shared = workings.joined, set()
    if joined is not None:
        yield from teller.answered(joined.answers)
        for cell in np.flatnonzero(joined.second >= 0).tolist():
            shared.add(int(joined.place[cell]))
            yield _single(teller, joined, cell)
    options = len(teller.votes)
    work: Any = workings.share.explained(options)
    admitted = np.broadcast_to(True if workings.admitted is None else workings.admitted[:, :, 0], teller.votes.shape)
    for row, unit in teller.reported():
        took_part = np.flatnonzero(admitted[:, row] & (teller.votes[:, row] > 0)).tolist()
        if not took_part or row in shared:
            continue
        seats = int(workings.share.seats[row, 0])
        if isinstance(work, QuotaWorkings):
            yield from _quota(teller, workings, work, row, took_part)
        elif isinstance(work, DivisorWorkings):
            quotients = {
                teller.paper.option(s, row): _quotients(teller.votes, workings.dealt, work, s, row) for s in took_part
            }
            yield _ranked(teller, unit, (seats, work.power), quotients, _edge(quotients))
        elif isinstance(work, JointWorkings):
            yield from _joint(teller, work, row, seats)
        yield from _limit(teller, workings, row, took_part)
    yield from teller.settled(workings.settled)


def _single(teller: _Teller, joined: Joined, cell: int) -> Step:
    """Tell how a single qualifier and the list that joined it share the seats."""
    rule, row = teller.rule.single_qualifier, int(joined.place[cell])
    assert rule is not None
    first, second, total = int(joined.first[cell]), int(joined.second[cell]), int(joined.total[cell])
    one, two = teller.paper.option(first, row), teller.paper.option(second, row)
    more, fewer, get = int(teller.votes[first, row]), int(teller.votes[second, row]), int(joined.get[cell])
    quota = Fraction(more + fewer, total) if total else Fraction(1)
    quotient = fewer / quota * rule.factor
    return steps.SingleJoined(
        *teller.at(teller.paper.districts[row], "single-qualifier", rule),
        first=one,
        second=two,
        quota=quota,
        factor=rule.factor,
        minimum=rule.minimum_seats,
        quotient=quotient,
        seats=total,
        rows={one: steps.SharedRow(total - get, more, None), two: steps.SharedRow(get, fewer, quotient)},
    )


def _quota(
    teller: _Teller, workings: ListWorkings, work: QuotaWorkings, row: int, took_part: Sequence[int]
) -> Iterator[Step]:
    """Tell the quota, whole parts, and what became of the seats left or too many."""
    formula, unit, paper = teller.rule.formula, teller.paper.districts[row], teller.paper
    at, left = teller.at(unit, "formula", formula), int(work.left[row, 0])
    quota = Fraction(int(work.quota_numerator[row, 0]), int(work.quota_denominator[row, 0]))
    sharing = len(took_part) if formula.unqualified == "shared-equally" else 1
    yield steps.QuotaSet(
        *at,
        votes=int(work.total[row, 0]),
        seats=int(workings.share.seats[row, 0]),
        quota=quota,
        kind=formula.quota,
        rounding=formula.round_quota,
        unqualified=formula.unqualified,
        sharing=sharing,
        among=tuple(paper.option(slot, row) for slot in took_part),
    )
    rows: dict[str, steps.WholeRow] = {}
    for slot in took_part:
        whole = int(work.whole[slot, row, 0])
        remainder = Fraction(int(work.remainders[slot, row, 0]), int(work.quota_numerator[row, 0]))
        votes = int(teller.votes[slot, row])
        rows[paper.option(slot, row)] = steps.WholeRow(votes, whole, remainder, whole + remainder)
    moves = formula.leftover == "transfer" and left > 0
    yield steps.WholeSeats(*at, quota=quota, left=left, moves=moves, sharing=sharing, rows=rows)
    if not left or moves:
        return
    changed: dict[str, steps.RemainderRow] = {}
    for slot in took_part:
        name = paper.option(slot, row)
        gained = int(workings.dealt.seats[slot, row, 0]) - rows[name].whole
        tied = bool(workings.dealt.tied[slot, row, 0])
        changed[name] = steps.RemainderRow(rows[name].remainder, gained, tied, rows[name].votes)
    kind = steps.RemaindersRanked if left > 0 else steps.SurplusTaken
    yield kind(
        *teller.at(unit, "formula", teller.rule.tie or formula),
        left=left,
        order=tuple(sorted(changed, key=lambda o: -changed[o].remainder)),
        by_votes=formula.leftover == "most-votes",
        rows=changed,
    )


def _quotients(votes: IntArray, dealt: Allocation, work: DivisorWorkings, slot: int, row: int) -> steps.QuotientRow:
    """Return votes, seats and the quotients around them of one row of an allocation by divisors."""
    return steps.QuotientRow(
        int(votes[slot, row]),
        int(dealt.seats[slot, row, 0]),
        _quotient(work.last_numerator[slot, row, 0], work.last_denominator[slot, row, 0]),
        _quotient(work.next_numerator[slot, row, 0], work.next_denominator[slot, row, 0]),
        bool(dealt.tied[slot, row, 0]),
    )


def _quotient(numerator: Any, denominator: Any) -> Fraction | None:
    """Return a quotient; None for none, or for an infinite one."""
    return Fraction(int(numerator), int(denominator)) if denominator and numerator else None


def _edge(rows: Mapping[Any, steps.QuotientRow]) -> tuple[Fraction | None, Fraction | None]:
    """Return the quotients at the edge of a formula: the smallest with a seat, the largest without."""
    won = [row.last for row in rows.values() if row.seats and row.last is not None]
    lost = [row.next for row in rows.values() if row.next is not None]
    return min(won, default=None), max(lost, default=None)


def _ranked(
    teller: _Teller,
    unit: str,
    figures: tuple[int, int],
    rows: Mapping[str, steps.QuotientRow],
    edge: tuple[Fraction | None, Fraction | None],
) -> Step:
    """Tell the largest quotients; `figures` are the seats and the power to which quotients are raised."""
    formula = teller.rule.formula
    smallest, largest = edge
    seats, power = figures
    return steps.QuotientsRanked(
        *teller.at(unit, "formula", formula),
        seats=seats,
        power=power,
        method=formula.method,
        smallest=smallest,
        largest=largest,
        first=formula.first,
        exponent=formula.exponent,
        rows=rows,
    )


def _joint(teller: _Teller, work: JointWorkings, row: int, seats: int) -> Iterator[Step]:
    """Tell the quotients of lists without partners, and of partners together and among themselves."""
    formula, unit = teller.rule.formula, teller.paper.districts[row]
    members: dict[int, list[int]] = {}
    for slot in np.flatnonzero(work.part[:, row, 0]).tolist():
        members.setdefault(int(work.group[slot]), []).append(slot)
    assert isinstance(work.groups.workings, DivisorWorkings)
    groups = {g: _quotients(work.votes[:, :, 0], work.groups, work.groups.workings, g, row) for g in members}
    alone = {teller.paper.option(slots[0], row): groups[g] for g, slots in members.items() if len(slots) == 1}
    yield _ranked(teller, unit, (seats, work.power), alone, _edge(groups))
    agreed: dict[str, steps.PartnerRow] = {}
    for group, slots in members.items():
        partners = tuple(teller.paper.option(slot, row) for slot in slots)
        for slot, option in zip(slots, partners, strict=True) if len(slots) > 1 else ():
            within = work.within[group]
            assert isinstance(within.workings, DivisorWorkings)
            own = _quotients(teller.votes[work.group == group], within, within.workings, work.row(slot), row)
            agreed[option] = steps.PartnerRow(*own, partners, *groups[group])
    if agreed:
        yield steps.PartnersShared(
            *teller.at(unit, "agreements", teller.rule.agreements),
            seats=None,
            power=work.power,
            method=formula.method,
            smallest=None,
            largest=None,
            first=formula.first,
            exponent=formula.exponent,
            rows=agreed,
        )


def _limit(teller: _Teller, workings: ListWorkings, row: int, took_part: Sequence[int]) -> Iterator[Step]:
    """Tell which lists can take no more seats."""
    assert isinstance(workings.tier, ListTier)
    if workings.tier.limits is None:
        return
    seats, most = workings.dealt.seats[:, row, 0], workings.tier.limits[:, row, 0]
    full = [slot for slot in took_part if seats[slot] == most[slot]]
    if full:
        rule = teller.rule.exhaustion or teller.rule.limits
        key = "exhaustion" if teller.rule.exhaustion else "limits"
        yield steps.LimitReached(
            *teller.at(teller.paper.districts[row], key, rule),
            exhausted=teller.rule.exhaustion is not None,
            rows={teller.paper.option(slot, row): steps.LimitRow(int(most[slot])) for slot in full},
        )


# ---------------------------------------------------------------------- levelling seats, second scrutiny, matrix


def _levelling(teller: _Teller, workings: LevellingWorkings) -> Iterator[Step]:
    yield from teller.bar(workings.admission)
    held = workings.held[:, :, 0]
    for computed in workings.rounds:
        if computed.settled is not None:
            yield from teller.settled(computed.settled)
        yield _pool(teller, computed, held)
    for event in workings.placed.order() if workings.placed is not None else ():
        if isinstance(event, Answer):
            yield from teller.answered([event])
        else:
            yield _levelling_place(teller, held, *event)


def _pool(teller: _Teller, computed: Round, held: IntArray) -> Step:
    formula, share = teller.rule.formula, computed.share
    dealt = computed.dealt if computed.settled is None else computed.settled.allocation
    work, active, rows = share.explained(len(held)), share.eligible, {}
    assert active is not None
    for slot in np.flatnonzero(active[:, 0, 0]).tolist():
        seats, last = int(dealt.seats[slot, 0, 0]), None
        if isinstance(work, DivisorWorkings) and seats:
            last = Fraction(int(work.last_numerator[slot, 0, 0]), int(work.last_denominator[slot, 0, 0]))
        over = bool(computed.over[slot, 0, 0])
        name, votes = teller.paper.option(slot, 0), int(share.votes[slot, 0, 0])
        rows[name] = steps.PoolRow(votes, int(held[slot].sum()), seats, over, last)
    at = teller.at(WHOLE, "levelling", teller.rule.levelling)
    pool = int(share.seats[0, 0])
    return steps.LevellingShared(*at, pool=pool, method=formula.method, first=formula.first, rows=rows)


def _levelling_place(teller: _Teller, held: IntArray, slot: int, row: int) -> Step:
    rule = teller.rule.levelling
    assert rule is not None
    own, votes, total = int(held[slot, row]), int(teller.votes[slot, row]), int(teller.votes[:, row].sum())
    magnitude = int(held[:, row].sum())
    divisor = Fraction(2 * own + 1) if own else rule.placement_first
    quotient = Fraction(votes * magnitude, total) / divisor
    cell = steps.LevellingRow(votes, own, divisor, total, magnitude, quotient)
    at = teller.at(teller.paper.districts[row], "levelling", rule)
    return steps.LevellingPlaced(*at, rows={teller.paper.option(slot, row): cell})


def _transfer(teller: _Teller, workings: TransferWorkings) -> Iterator[Step]:
    share, dealt, remainders = workings.share, workings.dealt, workings.remainders
    if share is None or dealt is None or workings.settled is None or remainders is None:
        return
    work, rule, rows = share.explained(len(teller.votes)), teller.rule.transfer, {}
    assert isinstance(work, QuotaWorkings)
    denominator = int(work.quota_denominator[0, 0])
    for slot in np.flatnonzero(share.votes[:, 0, 0]).tolist():
        rows[teller.paper.option(slot, 0)] = steps.TransferRow(
            int(share.votes[slot, 0, 0]),
            int(work.whole[slot, 0, 0]),
            Fraction(int(work.remainders[slot, 0, 0]), denominator),
            int(dealt.seats[slot, 0, 0]),
            int(workings.first[slot, :, 0].sum()),
        )
    yield steps.Transferred(
        *teller.at(WHOLE, "transfer", rule),
        left=int(share.seats[0, 0]),
        votes=int(share.votes[:, 0, 0].sum()),
        quota=Fraction(int(work.quota_numerator[0, 0]), denominator),
        kind=teller.rule.formula.quota,
        rows=rows,
    )
    yield from teller.settled(workings.settled)
    yield from teller.answered(workings.placing)
    for slot, row in np.argwhere(workings.seats[:, :, 0] > 0).tolist():
        cell = steps.TransferPlaceRow(int(workings.seats[slot, row, 0]), int(remainders[slot, row, 0]))
        at = teller.at(teller.paper.districts[row], "transfer", rule)
        yield steps.TransferPlaced(*at, rows={teller.paper.option(slot, row): cell})


def _matrix(teller: _Teller, workings: Any) -> Iterator[Step]:
    from sailau.counting.matrix import UPPER
    from sailau.formulas.biproportional import divisors

    yield from teller.bar(workings.admission)
    yield from teller.nobody()
    yield from teller.settled(workings.upper)
    formula, strength = teller.rule.formula, workings.strength[:, 0, 0]
    upper = workings.upper.allocation.seats[:, 0, 0]
    taking = np.flatnonzero(strength).tolist()
    yield steps.MatrixLists(
        *teller.at(WHOLE, "formula", formula),
        seats=int(upper.sum()),
        method=UPPER[formula.rounding],
        rows={teller.paper.option(s, 0): steps.SeatsOfVotesRow(int(strength[s]), int(upper[s])) for s in taking},
    )
    yield from teller.answered(workings.answers[len(workings.upper.answers) :])
    votes, won = workings.votes[:, :, 0], workings.won[:, :, 0]
    if not won.any():
        return
    of_district, of_list = divisors(votes.T, won.T, formula.rounding)
    for row, unit in enumerate(teller.paper.districts):
        cells, above = {}, of_district[row]
        for slot, below in enumerate(of_list):
            if above is not None and below is not None and votes[slot, row]:
                cast = int(votes[slot, row])
                seats = int(workings.seats[slot, row, 0])
                cells[teller.paper.option(slot, row)] = steps.CellRow(cast, below, cast / above / below, seats)
        at = teller.at(unit, "formula", formula)
        yield steps.MatrixDealt(*at, divisor=above, rounding=formula.rounding, rows=cells)


# ---------------------------------------------------------------------- persons and questions


def _plurality(teller: _Teller, workings: PluralityWorkings) -> Iterator[Step]:
    first = workings.first
    for row, unit in teller.reported():
        names = teller.paper.names(row)
        yield steps.MostVotes(
            *teller.at(unit, "formula", teller.rule.formula),
            seats=teller.workings.to_fill(row),
            candidates=len(names),
            rows={
                name: steps.ElectedRow(
                    int(teller.votes[slot, row]), bool(first.seats[slot, row, 0]), bool(first.tied[slot, row, 0])
                )
                for slot, name in enumerate(names)
            },
        )
    for row, winner in workings.repeated:
        yield _second_round(teller, row, "tie", teller.rule.tie, [winner])
    yield from teller.settled(workings.settled)


def _second_round(teller: _Teller, row: int, key: str, rule: Provision | None, winners: Sequence[int]) -> Step:
    assert teller.paper.second is not None
    votes = teller.paper.second[0][:, row]
    return steps.SecondRound(
        *teller.at(teller.paper.districts[row], key, rule),
        rows={
            name: steps.SecondRow(int(votes[slot]), slot in winners)
            for slot, name in enumerate(teller.paper.names(row))
            if votes[slot] >= 0
        },
    )


def _majority(teller: _Teller, workings: MajorityWorkings) -> Iterator[Step]:
    for check in workings.bars:
        bar = check.bar
        for row, unit in teller.reported() if check.applies else ():
            yield steps.MajorityChecked(
                *teller.at(unit, "majority", teller.rule.majority),
                base=int(check.base.figures[row, 0]),
                base_name=check.base.used,
                share=bar.share,
                comparison=bar.comparison,
                turnout_from=bar.turnout_from,
                turnout_below=bar.turnout_below,
                rows={
                    name: steps.PassedRow(int(teller.votes[slot, row]), bool(check.cleared[slot, row, 0]))
                    for slot, name in enumerate(teller.paper.names(row))
                },
            )
    for final in workings.finals:
        yield from _final(teller, final)


def _final(teller: _Teller, final: Final) -> Iterator[Step]:
    rule, unit = teller.rule.run_off, teller.paper.districts[final.place]
    for answer in final.answers:
        yield from teller.answered([answer])
        if answer.chosen is None:
            at = teller.at(unit, "run-off", rule)
            if rule is None:
                at = *at[:4], "", "statute", ""
            yield steps.LeftOpen(*at, question=answer.asked.question, among=answer.asked.among)
    if final.winners is not None:
        yield _second_round(teller, final.place, "run-off", rule, final.winners)


def _question(teller: _Teller, workings: QuestionWorkings) -> Iterator[Step]:
    rule, base, carried = teller.rule.adoption, workings.base, workings.carried
    assert rule is not None
    for row, unit in enumerate(teller.paper.districts):
        passed = bool(workings.passed[row, 0])
        yield steps.AdoptionChecked(
            *teller.at(unit, "adoption", rule),
            base=int(base.figures[row, 0]),
            base_name=base.used,
            share=rule.share,
            comparison=rule.comparison,
            answer=rule.answer,
            passed=passed,
            rows={
                option: steps.PassedRow(int(teller.votes[slot, row]), passed and option == rule.answer)
                for slot, option in enumerate(teller.paper.names(row))
            },
        )
    if carried is not None:
        regional = carried.regions.rule
        yield steps.RegionsCounted(
            *teller.at(WHOLE, "regional", regional),
            yes=int(carried.yes[0]),
            unknown=int(carried.unknown[0]),
            regions=len(carried.regions.units),
            share=regional.share,
            outcome="unknown" if carried.in_doubt[0] else "yes" if carried.enough[0] else "no",
            declared=len(carried.regions.announced),
            answer=rule.answer,
            comparison=regional.comparison,
        )
