"""Steps read off the workings of a count, for a sheet of one election: nothing is computed a second time to explain it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from sailau.counting import steps
from sailau.counting.bars import Admission
from sailau.counting.compensation import LevellingWorkings, Round, TransferWorkings
from sailau.counting.compiled import CompiledLaw, Run
from sailau.counting.lists import Joined, ListTier, ListWorkings
from sailau.counting.matrix import UPPER, MatrixWorkings
from sailau.counting.persons import Final, MajorityWorkings, PluralityWorkings
from sailau.counting.question import QuestionWorkings
from sailau.counting.results import Announced
from sailau.counting.seats import scale_of
from sailau.counting.steps import QuotientRow, Step
from sailau.counting.tiers import Workings
from sailau.counting.ties import Answer, Settled
from sailau.election.model import WHOLE
from sailau.formulas.agreements import JointWorkings
from sailau.formulas.allocation import Allocation, DivisorWorkings, QuotaWorkings
from sailau.formulas.arrays import IntArray
from sailau.formulas.biproportional import divisors
from sailau.rulebook.schema import Provision

Kind = TypeVar("Kind", bound=Step)
Row = TypeVar("Row")
Told: TypeAlias = dict[str, Any]
Edge: TypeAlias = tuple[Fraction | None, Fraction | None]


def steps_of(plan: CompiledLaw, run: Run, announced: Iterable[Announced]) -> Iterator[Step]:
    """Yield everything that was done, tier by tier, then what was declared."""
    for workings in run.workings.values():
        teller = _Teller(workings)
        yield from teller.beforehand()
        yield from _OF_KIND[type(workings)](teller, workings)
    for stated in announced:
        seats = {award.option: steps.DeclaredRow(award.seats) for award in stated.awards}
        tiers = plan.law.tiers_of(plan.held[stated.contest].id)
        at = tiers[0].id if tiers else "", stated.contest, stated.unit
        if tiers:
            yield steps.SeatsDeclared.under(tiers[0].formula, at, f"{tiers[0].id}.formula", rows=seats)
        else:
            yield steps.SeatsDeclared(*at, *_UNCITED, rows=seats)


_UNCITED = "", "", "statute", ""
"""Path, article, confidence and note of what no provision is known for."""


class _Teller:
    """Reads the steps off the workings of one tier."""

    def __init__(self, workings: Workings) -> None:
        self.workings = workings
        self.rule, self.paper = workings.tier.rule, workings.tier.paper
        self.votes = workings.sheet.votes

    def step(self, kind: type[Kind], unit: str, key: str, rule: Provision | None, /, **told: Any) -> Kind:
        """Return a step under a provision of the tier, or the tier itself; see `Step.under`."""
        return kind.under(rule or self.rule, (self.rule.id, self.paper.name, unit), f"{self.rule.id}.{key}", **told)

    def reported(self) -> Iterator[tuple[int, str]]:
        """Yield place and id of every district with votes."""
        for place in np.flatnonzero(self.paper.reported).tolist():
            yield place, self.paper.districts[place]

    def rows(
        self, kind: Callable[..., Row], place: int, *columns: NDArray[Any], slots: Iterable[int] | None = None
    ) -> dict[str, Row]:
        """Return option → row of one district.

        Args:
            kind: what a row is made of, a number from each column.
            place: the district.
            columns: (options, 1 or districts, elections).
            slots: whose; of all options where None.
        """
        told = [column[:, place if column.shape[1] > 1 else 0, 0].tolist() for column in columns]
        names = self.paper.names(place)
        slots = range(len(names)) if slots is None else slots
        return {names[slot]: kind(*(column[slot] for column in told)) for slot in slots}

    def beforehand(self) -> Iterator[Step]:
        """Yield turnout, and seats shared among districts."""
        turnout, filling = self.workings.turnout, self.workings.filling
        for row in np.flatnonzero(turnout.told).tolist() if turnout is not None else ():
            assert turnout is not None
            counted, of = int(turnout.counted[row, 0]), int(turnout.of[row, 0])
            enough, rule, unit = not turnout.void[row, 0], turnout.rule, turnout.units[row]
            yield self.step(
                steps.TurnoutChecked, unit, "turnout", rule, counted=counted, of=of, enough=enough, of_base=rule.of
            )
        yield from self.answered(filling.answers)
        plan = self.rule.seats.apportion
        if plan is not None and filling.scores is not None and filling.shared is not None:
            pairs = zip(filling.scores[:, 0].tolist(), filling.shared[:, 0].tolist(), strict=True)
            districts = dict(zip(self.paper.districts, [steps.DistrictRow(*pair) for pair in pairs], strict=True))
            told: Told = {"by": tuple(plan.score), "scale": scale_of(plan), "districts": districts}
            told |= {"total": plan.total, "set_aside": plan.set_aside}
            yield self.step(steps.DistrictSeats, WHOLE, "seats", plan if plan.cite else self.rule.seats, **told)

    # ------------------------------------------------------------------ bars

    def bar(self, admission: Admission | None) -> Iterator[Step]:
        """Yield who reaches the bar, and how it was lowered or filled up."""
        if admission is None:
            return
        rule, base, votes = admission.bar.rule, admission.base, admission.votes
        for row, unit in [(0, WHOLE)] if rule.area == "whole" else self.reported():
            anywhere, figure = rule.area == "any-district", int(base.figures[row, 0])
            rows = self.rows(steps.BarRow, row, votes, _column(admission.bar.shares), admission.cleared)
            told: Told = {"base": figure, "base_name": base.used, "anywhere": anywhere, "rows": rows}
            yield self.step(steps.ThresholdApplied, unit, "threshold", rule, **told)
        for shares, admitted in admission.lowered:
            assert rule.lower is not None
            fallen = self.rows(steps.LoweredRow, 0, _column(shares), admitted)
            told = {"share": max(shares), "step": rule.lower.step, "lists": rule.lower.lists, "rows": fallen}
            yield self.step(steps.BarLowered, WHOLE, "threshold.lower", rule, **told)
        for inside, joins in admission.filled:
            assert rule.fill is not None
            assert admission.fill_base is not None
            joining = self.rows(steps.VotesRow, 0, votes, slots=np.flatnonzero(joins[:, 0, 0]).tolist())
            told = {"held": int(inside[0, 0]), "base": int(admission.fill_base.figures[0, 0]), "rows": joining}
            yield self.step(steps.FilledUp, WHOLE, "threshold.fill", rule, share=rule.fill.share, **told)

    def nobody(self) -> Iterator[Step]:
        """Yield where no list reaches the bar."""
        for answer in self.workings.nobody():
            told: Told = {"seats": answer.asked.seats, "rule": answer.asked.question}
            yield self.step(steps.NobodyQualifies, answer.asked.unit, "threshold", self.rule.threshold, **told)

    # ------------------------------------------------------------------ ties

    def settled(self, settled: Settled) -> Iterator[Step]:
        """Yield how equals were told apart."""
        equals = settled.equals
        for stage in settled.stages:
            before, after = stage.before, stage.after
            for row in np.flatnonzero((before.open != after.open)[:, 0]).tolist():
                among = tuple(equals.option(slot, row) for slot in np.flatnonzero(before.tied[:, row, 0]).tolist())
                gained = np.flatnonzero(before.tied[:, row, 0] & (after.seats > before.seats)[:, row, 0])
                chosen = tuple(equals.option(slot, row) for slot in gained.tolist())
                at = (equals.tier, self.paper.name, equals.units[row])
                told: Told = {"among": among, "chosen": chosen}
                yield steps.TieBroken.under(equals.rule, at, equals.path, rule=stage.rule, **told)
        yield from self.answered(settled.answers)

    def answered(self, answers: Iterable[Answer]) -> Iterator[Step]:
        """Yield the decisions that the case records."""
        for answer in answers:
            made, asked = answer.decision, answer.asked
            if made is not None:
                at = asked.tier, asked.contest, asked.unit, answer.path, asked.cite, "statute", ""
                told: Told = {"kind": made.kind, "date": str(made.date or ""), "source": made.source}
                yield steps.Decided(*at, chosen=made.chosen, among=made.among, **told)


def _column(values: Sequence[Any]) -> NDArray[Any]:
    """Return a value for each option as a column that is the same everywhere."""
    return np.array([*values, None], object)[:-1, None, None]


# ---------------------------------------------------------------------- lists


def _lists(teller: _Teller, workings: ListWorkings) -> Iterator[Step]:
    assert isinstance(workings.tier, ListTier)
    yield from teller.bar(workings.admission)
    yield from teller.nobody()
    joined, shared = workings.joined, set()
    if joined is not None:
        yield from teller.answered(joined.answers)
        for cell in range(len(joined.place)):
            shared.add(int(joined.place[cell]))
            yield _single(teller, joined, cell)
    work = workings.share.explained(len(teller.votes))
    admitted = np.broadcast_to(True if workings.admitted is None else workings.admitted, teller.votes.shape)
    for row, unit in teller.reported():
        took_part = np.flatnonzero(admitted[:, row, 0] & (teller.votes[:, row, 0] > 0)).tolist()
        if not took_part or row in shared:
            continue
        if isinstance(work, QuotaWorkings):
            yield from _quota(teller, workings, work, row, took_part)
        elif isinstance(work, DivisorWorkings):
            rows = teller.rows(_quotient_row, row, *_quotients(teller.votes, workings.dealt, work), slots=took_part)
            yield _ranked(teller, workings, row, (rows, _edge(rows.values()), work.power))
        elif isinstance(work, JointWorkings):
            yield from _joint(teller, workings, work, row)
        yield from _limit(teller, workings, unit, took_part)
    yield from teller.settled(workings.settled)


def _single(teller: _Teller, joined: Joined, cell: int) -> Step:
    """Tell how a single qualifier and the list that joined it share the seats; of equals, what whichever joins gets."""
    rule, row = teller.rule.single_qualifier, int(joined.place[cell])
    assert rule is not None
    total, get, known = int(joined.total[cell]), int(joined.get[cell]), int(joined.second[cell])
    others = [known] if known >= 0 else joined.equal[cell]
    first, *equal = (teller.paper.option(slot, row) for slot in (joined.first[cell], *others))
    more, fewer = (int(teller.votes[slot, row, 0]) for slot in (joined.first[cell], others[0]))
    quota = Fraction(more + fewer, total) if total else Fraction(1)
    quotient = fewer / quota * rule.factor
    rows = {first: steps.SharedRow(total - get, more, None)}
    rows |= {option: steps.SharedRow(get, fewer, quotient) for option in equal}
    told: Told = {
        "first": first,
        "second": equal[0],
        "quota": quota,
        "quotient": quotient,
        "seats": total,
        "rows": rows,
    }
    told["equal"] = tuple(equal) if known < 0 else ()
    unit = teller.paper.districts[row]
    return teller.step(steps.SingleJoined, unit, "single-qualifier", rule, minimum=rule.minimum_seats, **told)


def _quota(
    teller: _Teller, workings: ListWorkings, work: QuotaWorkings, row: int, took_part: Sequence[int]
) -> Iterator[Step]:
    """Tell the quota, whole parts, and what became of the seats left or too many."""
    formula, unit, left = teller.rule.formula, teller.paper.districts[row], int(work.left[row, 0])
    above, below = int(work.quota_numerator[row, 0]), int(work.quota_denominator[row, 0])
    sharing = len(took_part) if formula.unqualified == "shared-equally" else 1
    both = {"quota": Fraction(above, below), "sharing": sharing}
    told: Told = {"votes": int(work.total[row, 0]), "seats": int(workings.share.seats[row, 0]), "kind": formula.quota}
    told |= {"rounding": formula.round_quota, "among": tuple(teller.paper.option(slot, row) for slot in took_part)}
    yield teller.step(steps.QuotaSet, unit, "formula", formula, **both, **told)

    def whole(votes: int, seats: int, rest: int) -> steps.WholeRow:
        remainder = Fraction(rest, above)
        return steps.WholeRow(votes, seats, remainder, seats + remainder)

    rows = teller.rows(whole, row, teller.votes, work.whole, work.remainders, slots=took_part)
    moves = formula.leftover == "transfer" and left > 0
    yield teller.step(steps.WholeSeats, unit, "formula", formula, left=left, moves=moves, rows=rows, **both)
    if not left or moves:
        return
    dealt = teller.rows(lambda *pair: pair, row, workings.dealt.seats, workings.dealt.tied, slots=took_part)
    changed = {
        name: steps.RemainderRow(rows[name].remainder, seats - rows[name].whole, tied, rows[name].votes)
        for name, (seats, tied) in dealt.items()
    }
    order = tuple(sorted(changed, key=lambda name: -changed[name].remainder))
    kind = steps.RemaindersRanked if left > 0 else steps.SurplusTaken
    told = {"left": left, "order": order, "by_votes": formula.leftover == "most-votes", "rows": changed}
    yield teller.step(kind, unit, "formula", teller.rule.tie or formula, **told)


def _quotients(votes: IntArray, dealt: Allocation, work: DivisorWorkings) -> tuple[NDArray[Any], ...]:
    """Return the columns of a `_quotient_row` of an allocation by divisors."""
    last, following = (work.last_numerator, work.last_denominator), (work.next_numerator, work.next_denominator)
    return votes, dealt.seats, *last, *following, dealt.tied


def _quotient_row(votes: int, seats: int, *quotients: Any) -> QuotientRow:
    last_above, last_below, next_above, next_below, tied = quotients
    return QuotientRow(votes, seats, _quotient(last_above, last_below), _quotient(next_above, next_below), tied)


def _quotient(numerator: int, denominator: int) -> Fraction | None:
    """Return a quotient; None for none, or for an infinite one."""
    return Fraction(numerator, denominator) if denominator and numerator else None


def _edge(rows: Iterable[QuotientRow]) -> Edge:
    """Return the quotients at the edge of a formula: the smallest with a seat, the largest without."""
    ranked = list(rows)
    won = [row.last for row in ranked if row.seats and row.last is not None]
    return min(won, default=None), max((row.next for row in ranked if row.next is not None), default=None)


def _ranked(
    teller: _Teller, workings: ListWorkings, row: int, dealt: tuple[Mapping[str, QuotientRow], Edge, int]
) -> Step:
    """Tell the largest quotients; `dealt` are the rows, the edge and the power to which quotients are raised."""
    rows, (smallest, largest), power = dealt
    told: Told = {"seats": int(workings.share.seats[row, 0]), "power": power, "smallest": smallest, "largest": largest}
    unit = teller.paper.districts[row]
    return teller.step(steps.QuotientsRanked, unit, "formula", teller.rule.formula, rows=rows, **told)


def _joint(teller: _Teller, workings: ListWorkings, work: JointWorkings, row: int) -> Iterator[Step]:
    """Tell the quotients of lists without partners, and of partners together and among themselves."""
    formula, unit, groups = teller.rule.formula, teller.paper.districts[row], {}
    members: dict[int, list[int]] = {}
    for slot in np.flatnonzero(work.part[:, row, 0]).tolist():
        members.setdefault(int(work.group[slot]), []).append(slot)
    for group in members:
        groups[group] = _row_of(work.votes, work.groups, group, row)
    alone = {teller.paper.option(slots[0], row): groups[g] for g, slots in members.items() if len(slots) == 1}
    yield _ranked(teller, workings, row, (alone, _edge(groups.values()), work.power))
    agreed: dict[str, steps.PartnerRow] = {}
    for group, slots in members.items():
        partners = tuple(teller.paper.option(slot, row) for slot in slots)
        for slot, option in zip(slots, partners, strict=True) if len(slots) > 1 else ():
            own = _row_of(teller.votes[work.group == group], work.within[group], work.row(slot), row)
            agreed[option] = steps.PartnerRow(*own, partners, *groups[group])
    if agreed:
        told: Told = {
            "method": formula.method,
            "first": formula.first,
            "exponent": formula.exponent,
            "power": work.power,
        }
        nothing = dict.fromkeys(("seats", "smallest", "largest"))
        rule = teller.rule.agreements
        yield teller.step(steps.PartnersShared, unit, "agreements", rule, rows=agreed, **told, **nothing)


def _row_of(votes: IntArray, dealt: Allocation, slot: int, row: int) -> QuotientRow:
    """Return the row of one list, or of one group of partners."""
    assert isinstance(dealt.workings, DivisorWorkings)
    return _quotient_row(*(column[slot, row, 0].item() for column in _quotients(votes, dealt, dealt.workings)))


def _limit(teller: _Teller, workings: ListWorkings, unit: str, took_part: Sequence[int]) -> Iterator[Step]:
    """Tell which lists can take no more seats."""
    assert isinstance(workings.tier, ListTier)
    row, most = teller.paper.districts.index(unit), workings.tier.limits
    full = [] if most is None else [s for s in took_part if workings.dealt.seats[s, row, 0] == most[s, row, 0]]
    if most is not None and full:
        exhausted = teller.rule.exhaustion is not None
        rule, key = teller.rule.exhaustion or teller.rule.limits, "exhaustion" if exhausted else "limits"
        rows = teller.rows(steps.LimitRow, row, most, slots=full)
        yield teller.step(steps.LimitReached, unit, key, rule, exhausted=exhausted, rows=rows)


# ---------------------------------------------------------------------- levelling seats, second scrutiny, matrix


def _levelling(teller: _Teller, workings: LevellingWorkings) -> Iterator[Step]:
    yield from teller.bar(workings.admission)
    held = workings.held
    for computed in workings.rounds:
        if computed.settled is not None:
            yield from teller.settled(computed.settled)
        yield _pool(teller, computed, held)
    for event in workings.placed.order if workings.placed is not None else ():
        if isinstance(event, Answer):
            yield from teller.answered([event])
        else:
            yield _levelling_place(teller, held, *event)


def _pool(teller: _Teller, computed: Round, held: IntArray) -> Step:
    share, dealt = computed.share, computed.dealt if computed.settled is None else computed.settled.allocation
    work, active = share.explained(len(held)), share.eligible
    assert active is not None

    def row(votes: int, own: int, seats: int, over: bool, *last: int) -> steps.PoolRow:
        return steps.PoolRow(votes, own, seats, over, Fraction(*last) if seats and last else None)

    quotients = (work.last_numerator, work.last_denominator) if isinstance(work, DivisorWorkings) else ()
    columns = share.votes, held.sum(axis=1, keepdims=True), dealt.seats, computed.over, *quotients
    rows = teller.rows(row, 0, *columns, slots=np.flatnonzero(active[:, 0, 0]).tolist())
    told: Told = {
        "pool": int(share.seats[0, 0]),
        "method": teller.rule.formula.method,
        "first": teller.rule.formula.first,
    }
    return teller.step(steps.LevellingShared, WHOLE, "levelling", teller.rule.levelling, rows=rows, **told)


def _levelling_place(teller: _Teller, held: IntArray, slot: int, row: int) -> Step:
    rule = teller.rule.levelling
    assert rule is not None
    votes, seats = teller.votes[:, row, 0], held[:, row, 0]
    own, cast, total, magnitude = int(seats[slot]), int(votes[slot]), int(votes.sum()), int(seats.sum())
    divisor = Fraction(2 * own + 1) if own else rule.placement_first
    cell = steps.LevellingRow(cast, own, divisor, total, magnitude, Fraction(cast * magnitude, total) / divisor)
    unit, name = teller.paper.districts[row], teller.paper.option(slot, row)
    return teller.step(steps.LevellingPlaced, unit, "levelling", rule, rows={name: cell})


def _transfer(teller: _Teller, workings: TransferWorkings) -> Iterator[Step]:
    share, dealt, remainders = workings.share, workings.dealt, workings.remainders
    if share is None or dealt is None or workings.settled is None or remainders is None:
        return
    work, rule, first = share.explained(len(teller.votes)), teller.rule.transfer, workings.first
    assert isinstance(work, QuotaWorkings)
    above, below = int(work.quota_numerator[0, 0]), int(work.quota_denominator[0, 0])

    def row(votes: int, whole: int, rest: int, seats: int, before: int) -> steps.TransferRow:
        return steps.TransferRow(votes, whole, Fraction(rest, below), seats, before)

    columns = share.votes, work.whole, work.remainders, dealt.seats, first.sum(axis=1, keepdims=True)
    rows = teller.rows(row, 0, *columns, slots=np.flatnonzero(share.votes[:, 0, 0]).tolist())
    told: Told = {
        "left": int(share.seats[0, 0]),
        "votes": int(share.votes[:, 0, 0].sum()),
        "quota": Fraction(above, below),
    }
    kind = teller.rule.formula.quota
    yield teller.step(steps.Transferred, WHOLE, "transfer", rule, kind=kind, rows=rows, **told)
    yield from teller.settled(workings.settled)
    yield from teller.answered(workings.placing)
    for slot, place in np.argwhere(workings.seats[:, :, 0] > 0).tolist():
        cell = teller.rows(steps.TransferPlaceRow, place, workings.seats, remainders, slots=[slot])
        yield teller.step(steps.TransferPlaced, teller.paper.districts[place], "transfer", rule, rows=cell)


def _matrix(teller: _Teller, workings: MatrixWorkings) -> Iterator[Step]:
    yield from teller.bar(workings.admission)
    yield from teller.nobody()
    yield from teller.settled(workings.upper)
    formula, strength, upper = teller.rule.formula, workings.strength, workings.upper.allocation.seats
    taking = np.flatnonzero(strength[:, 0, 0]).tolist()
    rows = teller.rows(steps.SeatsOfVotesRow, 0, strength, upper, slots=taking)
    told: Told = {"seats": int(upper[:, 0, 0].sum()), "method": UPPER[formula.rounding]}
    yield teller.step(steps.MatrixLists, WHOLE, "formula", formula, rows=rows, **told)
    yield from teller.answered(workings.answers[len(workings.upper.answers) :])
    votes, won = workings.votes[:, :, 0], workings.won[:, :, 0]
    if not won.any():
        return
    of_district, of_list = divisors(votes.T, won.T, formula.rounding)
    for row, (unit, above) in enumerate(zip(teller.paper.districts, of_district, strict=True)):
        cells = {}
        for slot, below in enumerate(of_list):
            if above is not None and below is not None and votes[slot, row]:
                cast, seats = int(votes[slot, row]), int(workings.seats[slot, row, 0])
                cells[teller.paper.option(slot, row)] = steps.CellRow(cast, below, cast / above / below, seats)
        yield teller.step(steps.MatrixDealt, unit, "formula", formula, divisor=above, rows=cells)


# ---------------------------------------------------------------------- persons and questions


def _plurality(teller: _Teller, workings: PluralityWorkings) -> Iterator[Step]:
    first = workings.first
    for row, unit in teller.reported():
        rows = teller.rows(steps.ElectedRow, row, teller.votes, first.seats > 0, first.tied)
        told: Told = {"seats": workings.to_fill(row), "candidates": len(rows), "rows": rows}
        yield teller.step(steps.MostVotes, unit, "formula", teller.rule.formula, **told)
    for row, winner in workings.repeated:
        yield _second_round(teller, row, "tie", teller.rule.tie, [winner])
    yield from teller.settled(workings.settled)


def _second_round(teller: _Teller, row: int, key: str, rule: Provision | None, winners: Sequence[int]) -> Step:
    assert teller.paper.second is not None
    votes, unit = teller.paper.second[0][:, row].tolist(), teller.paper.districts[row]
    named = [(name, slot) for slot, name in enumerate(teller.paper.names(row)) if votes[slot] >= 0]
    rows = {name: steps.SecondRow(votes[slot], slot in winners) for name, slot in named}
    return teller.step(steps.SecondRound, unit, key, rule, rows=rows)


def _majority(teller: _Teller, workings: MajorityWorkings) -> Iterator[Step]:
    for check in workings.bars:
        bar = check.bar
        of_bar = {name: getattr(bar, name) for name in ("share", "comparison", "turnout_from", "turnout_below")}
        for row, unit in teller.reported() if check.applies else ():
            rows = teller.rows(steps.PassedRow, row, teller.votes, check.cleared)
            told: Told = {"base": int(check.base.figures[row, 0]), "base_name": check.base.used, "rows": rows}
            yield teller.step(steps.MajorityChecked, unit, "majority", teller.rule.majority, **told, **of_bar)
    for final in workings.finals:
        yield from _final(teller, final)


def _final(teller: _Teller, final: Final) -> Iterator[Step]:
    rule, unit = teller.rule.run_off, teller.paper.districts[final.place]
    if final.winners is not None:
        yield _second_round(teller, final.place, "run-off", rule, final.winners)
    for answer in final.answers:
        yield from teller.answered([answer])
        told: Told = {name: getattr(answer.asked, name) for name in ("question", "among", "beside", "seats")}
        if answer.chosen is None and rule is not None:
            yield teller.step(steps.LeftOpen, unit, "run-off", rule, **told)
        elif answer.chosen is None:
            at = teller.rule.id, teller.paper.name, unit, f"{teller.rule.id}.run-off"
            yield steps.LeftOpen(*at, *_UNCITED[1:], **told)


def _question(teller: _Teller, workings: QuestionWorkings) -> Iterator[Step]:
    rule, base, carried = teller.rule.adoption, workings.base, workings.carried
    assert rule is not None
    is_yes = _column([option == rule.answer for option in teller.paper.options])
    for row, unit in enumerate(teller.paper.districts):
        passed = bool(workings.passed[row, 0])
        rows = teller.rows(steps.PassedRow, row, teller.votes, is_yes & passed)
        told: Told = {"base": int(base.figures[row, 0]), "base_name": base.used, "passed": passed, "rows": rows}
        yield teller.step(steps.AdoptionChecked, unit, "adoption", rule, **told)
    if carried is not None:
        regions = carried.regions
        outcome = "unknown" if carried.in_doubt[0] else "yes" if carried.enough[0] else "no"
        numbers = {"yes": int(carried.yes[0]), "unknown": int(carried.unknown[0]), "regions": len(regions.units)}
        told = {"outcome": outcome, "declared": len(regions.announced), "answer": rule.answer}
        yield teller.step(steps.RegionsCounted, WHOLE, "regional", regions.rule, **numbers, **told)


_OF_KIND: Mapping[type[Workings], Callable[[_Teller, Any], Iterator[Step]]] = {
    ListWorkings: _lists,
    LevellingWorkings: _levelling,
    TransferWorkings: _transfer,
    MatrixWorkings: _matrix,
    PluralityWorkings: _plurality,
    MajorityWorkings: _majority,
    QuestionWorkings: _question,
}
"""Kind of workings → what tells them."""
