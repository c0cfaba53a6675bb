"""Drawing elections: blocks of whole votes from a model, the same for the same seed wherever they are drawn.

Block n of a simulation has a generator of its own, seeded by (seed, n): one core, many threads or a cluster draw the same
elections, on any processor: see `sailau.simulation.chance`. Arrays are options first, (options, districts, elections), as
the count wants them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sailau.counting import Plan
from sailau.counting.papers import Paper, party_of
from sailau.counting.sheet import Sheet
from sailau.counting.widths import MULTIPLIED
from sailau.election.model import INDEPENDENT, WHOLE, Election, Party
from sailau.formulas.arrays import IntArray
from sailau.rulebook import BadInput, Fault
from sailau.simulation.chance import LN2, Chance, exponential
from sailau.simulation.models import Model, Polls, Swing

CHOICES = ("@against_all", "@blank")
"""Lines that are a voter's choice: they swing as options do."""
FIXED = ("@registered",)
"""Lines that turnout does not move."""
_INT32_ROOM = 2**31 - 1

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One paper, drawn.

    Attributes:
        votes: (options, districts, elections), options and districts as on the paper.
        lines: line → (districts, elections), known in every district.
        whole: line → (elections,), known for the whole only.
    """

    votes: IntArray
    lines: Mapping[str, IntArray]
    whole: Mapping[str, IntArray]


@dataclass(frozen=True)
class _Sheet:
    """One paper laid out for drawing.

    Attributes:
        items: options, then lines that are a choice.
        base: (items, districts) expected votes.
        mover: (items, districts) which swing moves the item.
        region: (districts,) which region it lies in.
        cap: (districts,) the most that turnout can grow by.
        lines: line → (districts,) other figures known in every district.
        whole: line → other figure known for the whole only.
    """

    paper: Paper
    items: tuple[str, ...]
    base: NDArray[np.float64]
    mover: NDArray[np.intp]
    region: NDArray[np.intp]
    cap: NDArray[np.float64]
    lines: Mapping[str, NDArray[np.float64]]
    whole: Mapping[str, float]
    plain: bool = field(default=False)

    @property
    def total(self) -> NDArray[np.float64]:
        """(districts,) expected ballots for an option or a choice."""
        return np.asarray(self.base.sum(axis=0))


MOST_VOTES = 10**15
"""Votes of a paper that can be drawn: a swing may multiply them, and floats must tell one from the next."""


class Sampler:
    """Draws blocks of elections around the figures of a case.

    Args:
        plans: the compiled laws that will count them, the case's own first; every line that one of them reads is drawn.
        model: what is uncertain.
        others: laws that will count the list vote alone.

    Raises:
        BadInput: parameters that make no sense, or polls that do not fit the case.
    """

    def __init__(self, plans: Sequence[Plan], model: Model, others: Sequence[Plan] = ()) -> None:
        faults = model.faults()
        if faults:
            raise BadInput(faults)
        self.model = model
        self.plan = plans[0]
        self.movers: list[str] = []
        self.own: set[str] = set()
        self.regions: dict[str, int] = {}
        # Half the width where every law that counts a paper can do with it; see `Plan.narrow`.
        self.narrow = {n for n in self.plan.papers if all(p.narrow(n) for p in (*plans, *others) if n in p.papers)}
        newcomers = model.expected()
        self.sheets = {name: self._sheet(name, paper, plans, newcomers) for name, paper in self.plan.papers.items()}
        if not self.sheets:
            raise BadInput(
                [Fault(self.plan.election.name, 0, "", "no votes in the case", "a case with votes to start from")]
            )
        most = max(float(sheet.base.sum()) for sheet in self.sheets.values())
        if most > MOST_VOTES:
            expected = f"{MOST_VOTES:,} votes of a paper at most, so that drawn ones fit into 64 bits"
            raise BadInput([Fault(self.plan.election.name, 0, "", f"about {most:.1e} votes", expected)])
        self.common = np.array([0 if m in self.own else 1 for m in self.movers], np.intp).cumsum() - 1
        self.first = next((s for s in self.sheets.values() if not s.paper.local), next(iter(self.sheets.values())))
        self.past = self._past(self.first)
        self.source = _PolledShares(self, model) if isinstance(model, Polls) else _Swung(self, model)

    # ------------------------------------------------------------------ laying out

    def _sheet(self, name: str, paper: Paper, plans: Sequence[Plan], newcomers: Mapping[str, Any]) -> _Sheet:
        known, whole = _lines(name, paper, plans)
        choices = [line for line in CHOICES if line in known]
        base = np.array([*paper.votes, *(known.pop(line) for line in choices)], np.float64)
        places = range(len(paper.districts))
        mover = np.array(
            [[self._mover(paper, slot, place) for place in places] for slot in range(len(paper.votes))]
            + [[self._index(line)] * len(places) for line in choices],
            np.intp,
        ).reshape(base.shape)
        if not paper.local:
            base = _with_newcomers(base, paper, newcomers)
        cast = known.get("@cast", base.sum(axis=0))
        registered = known.get("@registered")
        cap = np.full(len(places), np.inf)
        if registered is not None:
            cap = np.divide(registered, cast, out=cap, where=np.asarray(cast) > 0)
        region = np.array([self._region(d) for d in paper.districts], np.intp)
        items = (*(("",) * len(paper.votes) if paper.local else map(str, paper.options)), *choices)
        return _Sheet(paper, items, base, mover, region, np.maximum(cap, 1.0), known, whole)

    def _mover(self, paper: Paper, slot: int, place: int) -> int:
        names = paper.names(place)
        if slot >= len(names):
            return 0
        option = str(names[slot])
        party = party_of(option, self.plan.election)
        if option in self.plan.election.candidates and party == INDEPENDENT:
            if paper.local:
                self.own.add(option)
            # On a paper of the whole everybody stands in the whole: the national swing is a candidate's own.
            return self._index(option)
        return self._index(party if option in self.plan.election.candidates else option)

    def _index(self, mover: str) -> int:
        if mover not in self.movers:
            self.movers.append(mover)
        return self.movers.index(mover)

    def _region(self, unit: str) -> int:
        units = self.plan.election.units
        while unit in units and units[unit].parent != WHOLE:
            unit = units[unit].parent
        return self.regions.setdefault(unit, len(self.regions))

    def _past(self, sheet: _Sheet) -> NDArray[np.float64]:
        """Return (movers,) expected shares on the paper of the whole."""
        votes = np.zeros(len(self.movers))
        np.add.at(votes, sheet.mover, sheet.base)
        return np.asarray(votes / max(votes.sum(), 1.0))

    # ------------------------------------------------------------------ drawing

    def block(self, seed: int, number: int, size: int) -> dict[str, Drawn]:
        """Draw block `number` of `size` elections."""
        chance = Chance(seed, number)
        model = self.model
        moved = self.source.moved(chance, size)
        regional = None
        if model.regional and len(self.regions) > 1:
            shape = (len(self.movers) - len(self.own), len(self.regions), size)
            regional = self._swings(chance, shape, model.regional)
        turnout = chance.factors((size,), model.turnout) if model.turnout else None
        return {name: self._draw(chance, sheet, moved, regional, turnout, size) for name, sheet in self.sheets.items()}

    def _swings(self, chance: Chance, shape: tuple[int, ...], spread: float) -> Floats:
        """Draw swings: factors where votes move in proportion, else points."""
        return chance.factors(shape, spread) if self.model.kind == "proportional" else chance.normal(shape, spread)

    def _draw(
        self,
        chance: Chance,
        sheet: _Sheet,
        moved: Floats,
        regional: Floats | None,
        turnout: Floats | None,
        size: int,
    ) -> Drawn:
        local = self._local(chance, sheet, regional, size)
        by_mover = moved if sheet is self.first and self._straight else moved.take(sheet.mover, axis=0)
        by_mover = by_mover.reshape(-1, len(sheet.paper.districts) if by_mover.ndim == 3 else 1, size)
        if self.model.kind == "proportional":
            votes = sheet.base[:, :, None] * (by_mover if local is None else by_mover * local)
        else:
            votes = _shifted(sheet, by_mover if local is None else by_mover + local)
        grown = self._grown(chance, sheet, turnout, size)
        ballots = sheet.total[:, None] if grown is None else sheet.total[:, None] * grown
        total = votes.sum(axis=0)
        votes *= ballots / np.where(total > 0, total, 1)
        narrow = sheet.paper.name in self.narrow and float(ballots.max()) * MULTIPLIED * ballots.shape[0] < _INT32_ROOM
        return _whole_votes(chance, sheet, votes, grown, isinstance(self.model, Polls) and self.model.ballots, narrow)

    @property
    def _straight(self) -> bool:
        """Whether the first paper's items are the movers, one by one, in the whole."""
        mover = self.first.mover
        return mover.shape == (len(self.movers), 1) and bool((mover[:, 0] == np.arange(len(self.movers))).all())

    def _local(self, chance: Chance, sheet: _Sheet, regional: Floats | None, size: int) -> Floats | None:
        """Return the swings of regions, districts and persons together, (items, districts, elections)."""
        model, districts = self.model, len(sheet.paper.districts)
        personal = model.personal if sheet.paper.contest.ballot == "candidates" else 0.0
        district = model.district if districts > 1 else 0.0
        spread = sqrt(district * district + personal * personal)
        local: Floats | None = None
        if spread:
            local = self._swings(chance, (*sheet.base.shape, size), spread)
        if regional is not None and districts > 1:
            add, still = (np.multiply, 1) if model.kind == "proportional" else (np.add, 0)
            local = np.full((*sheet.base.shape, size), still, np.float32) if local is None else local
            for slot, place in np.ndindex(sheet.base.shape):
                mover = int(sheet.mover[slot, place])
                if self.movers[mover] not in self.own:
                    mine = local[slot, place]
                    add(mine, regional[self.common[mover], sheet.region[place]], out=mine)
        return local

    def _grown(self, chance: Chance, sheet: _Sheet, turnout: Floats | None, size: int) -> Floats | None:
        """Return the factor of turnout, (districts, elections); None where it does not move."""
        districts = len(sheet.paper.districts)
        grown: Floats | None = None
        if turnout is not None:
            grown = np.broadcast_to(turnout, (districts, size))
        if self.model.turnout_district and districts > 1:
            own = chance.factors((districts, size), self.model.turnout_district)
            grown = own if grown is None else grown * own
        return None if grown is None else np.minimum(grown, sheet.cap[:, None])


class _Swung:
    """The swing of every party on the whole, as a factor or in points: (movers, elections)."""

    def __init__(self, sampler: Sampler, model: Swing) -> None:
        self.uniform = model.kind == "uniform"
        unknown = [o for o in model.spread if o not in sampler.movers]
        if unknown:
            expected = f"some of {', '.join(sampler.movers)}"
            raise BadInput([Fault("model", 0, "spread", ", ".join(unknown), expected)])
        usual = dict.fromkeys(model.newcomers, model.newcomer_spread) | dict(model.spread)
        spreads = [usual.get(m, 0.0 if m in sampler.own else model.national) for m in sampler.movers]
        self.spreads = [float(spread) for spread in spreads]

    def moved(self, chance: Chance, size: int) -> Floats:
        """Draw a block's swings."""
        draw = chance.normal if self.uniform else chance.factors
        swings = np.empty((len(self.spreads), size), np.float32)
        for row, spread in zip(swings, self.spreads, strict=True):
            row[:] = draw((size,), spread)
        return swings


class _PolledShares:
    """Shares of the whole from polls, as a factor or in points against the case's own: (movers, elections)."""

    def __init__(self, sampler: Sampler, model: Polls) -> None:
        self.uniform, self.house = model.kind == "uniform", model.house
        self.past = sampler.past
        on_paper = np.unique(sampler.first.mover)
        names = [sampler.movers[m] for m in on_paper]
        unknown = sorted({o for poll in model.polls for o in poll.shares} - set(names))
        if unknown:
            raise BadInput([Fault("polls", 0, "option", ", ".join(unknown), f"lists of the case: {', '.join(names)}")])
        late = sorted({poll.day for poll in model.polls if poll.day > sampler.plan.election.day})
        if late:
            found = ", ".join(day.isoformat() for day in late)
            raise BadInput([Fault("polls", 0, "day", found, f"a day not after the vote, {sampler.plan.election.day}")])
        self.on_paper = on_paper
        self.prior = model.prior * self.past[on_paper]
        self.weights, self.shares, self.institute = self._weighed(sampler, model, names)
        left = float(self.weights.sum()) + model.prior
        if left < len(on_paper):
            expected = f"one for each of {len(on_paper)} lists at least: newer polls, a longer half_life, or a prior"
            raise BadInput([Fault("polls", 0, "", f"{left:.1f} respondents that count", expected)])
        self.institutes = int(self.institute.max(initial=-1)) + 1

    def _weighed(
        self, sampler: Sampler, model: Polls, names: Sequence[str]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
        """Return effective respondents (polls,), shares (polls, items) completed by the reference, institutes (polls,)."""
        day = sampler.plan.election.day
        weights = np.array([_respondents(poll, model, (day - poll.day).days) for poll in model.polls])
        told = np.array([[float(poll.shares.get(n, -1)) for n in names] for poll in model.polls]).reshape(
            -1, len(names)
        )
        asked = told >= 0
        heard = (weights[:, None] * asked).sum(axis=0)
        mean = (weights[:, None] * np.where(asked, told, 0)).sum(axis=0)
        reference = np.where(heard > 0, mean / np.where(heard > 0, heard, 1), self.past[self.on_paper])
        reference /= reference.sum()
        mass = np.where(asked, reference, 0).sum(axis=1, keepdims=True)
        said = np.where(asked, told, 0)
        shares = np.where(asked, said / np.maximum(said.sum(axis=1, keepdims=True), 1e-12) * mass, reference)
        houses = list(dict.fromkeys(poll.institute for poll in model.polls))
        return weights, shares, np.array([houses.index(poll.institute) for poll in model.polls], np.intp)

    def moved(self, chance: Chance, size: int) -> Floats:
        """Draw a block's shares and return how far they are from the case's own."""
        drawn = self._gammas(chance, size)
        drawn /= np.maximum(drawn.sum(axis=0), 1e-300)
        past = self.past[self.on_paper][:, None]
        still = 0.0 if self.uniform else 1.0
        moved = np.full((len(self.past), size), still)
        moved[self.on_paper] = drawn - past if self.uniform else drawn / np.where(past > 0, past, 1)
        return moved

    def _gammas(self, chance: Chance, size: int) -> NDArray[np.float64]:
        """Return unnormalised Dirichlet shares, (items, elections)."""
        if not self.house:
            # No product of matrices: what adds it up differs with the processor.
            alphas = self.prior + (self.weights[:, None] * self.shares).sum(axis=0)
            return np.array([chance.equal_gammas(size, float(alpha)) for alpha in alphas])
        bias = chance.factors((self.institutes, len(self.on_paper), size), self.house)
        shape = np.repeat(self.prior[:, None], size, axis=1)
        for weight, shares, house in zip(self.weights, self.shares, self.institute, strict=True):
            leaning = shares[:, None] * bias[house]
            shape += weight * leaning / leaning.sum(axis=0)
        return np.array([chance.gammas(row) for row in shape])


def _respondents(poll: Any, model: Polls, days: int) -> float:
    size = poll.sample / float(poll.design if poll.design is not None else model.design)
    return float(size if model.half_life is None else size * exponential(-LN2 * max(days, 0) / model.half_life))


def _shifted(sheet: _Sheet, points: Floats) -> NDArray[np.float64]:
    """Move shares by points that add up to nothing in each district; no share falls below 0."""
    present = (sheet.base > 0)[:, :, None]
    number = np.maximum(present.sum(axis=0), 1)
    total = np.maximum(sheet.total, 1)
    moved = np.where(present, points, 0.0)
    moved -= np.where(present, moved.sum(axis=0) / number, 0.0)
    return np.maximum((sheet.base / total)[:, :, None] + moved, 0.0)


def _whole_votes(
    chance: Chance,
    sheet: _Sheet,
    votes: NDArray[np.float64],
    grown: Floats | None,
    ballots: bool,
    narrow: bool,
) -> Drawn:
    """Round to whole votes, or draw ballots, and work out the other lines of the protocol."""
    options = len(sheet.paper.votes)
    whole: Any = _ballots(chance, votes) if ballots else np.rint(votes, out=votes)
    whole = whole.astype(np.int32 if narrow else np.int64)
    factor = np.ones((1, 1)) if grown is None else grown
    lines = {line: whole[options + place] for place, line in enumerate(sheet.items[options:])}
    size = votes.shape[-1]
    for line, figures in sheet.lines.items():
        if line == "@cast":
            rest = np.maximum(figures - sheet.total, 0)[:, None] * factor
            lines[line] = whole.sum(axis=0, dtype=np.int64) + _rounded(rest, whole.shape[1:])
        else:
            moves = 1.0 if line in FIXED else factor
            lines[line] = _rounded(figures[:, None] * moves, whole.shape[1:])
    share = factor.mean(axis=0)
    sums = {line: _rounded(figure * (1.0 if line in FIXED else share), (size,)) for line, figure in sheet.whole.items()}
    return Drawn(whole[:options], lines, sums)


def _rounded(values: Any, shape: tuple[int, ...]) -> IntArray:
    return np.broadcast_to(np.rint(values).astype(np.int64), shape)


def _ballots(chance: Chance, votes: NDArray[np.float64]) -> IntArray:
    """Draw whole ballots, district by district, around expected votes (items, districts, elections)."""
    drawn = np.empty(votes.shape, np.int64)
    for place in range(votes.shape[1]):
        expected = votes[:, place]
        total = expected.sum(axis=0)
        chances = expected / np.where(total > 0, total, 1)
        drawn[:, place] = chance.multinomials(np.rint(total).astype(np.int64), chances)
    return drawn


def _lines(name: str, paper: Paper, plans: Sequence[Plan]) -> tuple[dict[str, NDArray[np.float64]], dict[str, float]]:
    """Return the lines that some plan reads on a paper: known in every district, and known for the whole only."""
    known: dict[str, NDArray[np.float64]] = {}
    whole: dict[str, float] = {}
    for plan in plans:
        other = plan.papers.get(name)
        if other is None or other.districts != paper.districts:
            continue
        for place, line in enumerate(other.lines):
            if other.known[place][other.reported].all():
                known.setdefault(line, other.figures[place].astype(np.float64))
            elif line in other.whole:
                whole.setdefault(line, float(other.whole[line]))
    return known, whole


def _with_newcomers(base: NDArray[np.float64], paper: Paper, newcomers: Mapping[str, Any]) -> NDArray[np.float64]:
    """Give newcomers their expected share in every district, taken from all others alike."""
    slots = {str(option): slot for slot, option in enumerate(paper.options)}
    mine = {slots[party]: float(share) for party, share in newcomers.items() if party in slots}
    if not mine:
        return base
    total = base.sum(axis=0)
    base = base * (1 - sum(mine.values()))
    for slot, share in mine.items():
        base[slot] = total * share
    return base


def lay(drawn: Mapping[str, Drawn], plan: Plan, size: int) -> dict[str, Sheet]:
    """Lay a drawn block over the papers of a plan; papers that were not drawn keep the case's own figures.

    Where a law fills seats for the whole from a paper drawn by district, districts are added up.
    """
    blocks = {}
    for name, paper in plan.papers.items():
        if name not in drawn:
            blocks[name] = plan.sheet(name, None, size)
            continue
        sheet = drawn[name]
        votes, lines = sheet.votes, dict(sheet.lines)
        if votes.shape[1] != len(paper.districts):
            votes = votes.sum(axis=1, keepdims=True)
            lines = {line: figures.sum(axis=0, keepdims=True) for line, figures in lines.items()}
        by_district = {line: lines[line] for line in paper.lines if line in lines}
        whole = {line: sheet.whole[line] for line in paper.lines if line in sheet.whole and line not in by_district}
        blocks[name] = Sheet(paper, votes, by_district, whole)
    return blocks


def with_newcomers(election: Election, model: Model) -> Election:
    """Return the case with the model's new parties on its list papers, without votes yet."""
    known = {str(item) for item in election.returns.items}
    new = [party for party in model.newcomers if party not in known]
    counted = {str(election.returns.items[item]) for item in set(election.returns.item[election.returns.count > 0])}
    voted = [party for party in model.newcomers if party in counted]
    if voted:
        raise BadInput([Fault("model", 0, "newcomers", ", ".join(voted), "parties that have no votes in the case")])
    if not new:
        return election
    law, returns = election.own_law(), election.returns
    lists = [
        n for n, name in enumerate(returns.contests) if (c := law.contest_of(name)) is not None and c.ballot == "list"
    ]
    rows = [(n, int(np.flatnonzero(returns.contest == n)[0])) for n in lists]
    extra = [(n, row, len(returns.items) + place) for n, row in rows for place in range(len(new))]
    grown = replace(
        returns,
        items=(*returns.items, *new),
        contest=np.append(returns.contest, [n for n, _, _ in extra]).astype(np.int32),
        unit=np.append(returns.unit, [returns.unit[row] for _, row, _ in extra]).astype(np.int32),
        item=np.append(returns.item, [item for _, _, item in extra]).astype(np.int32),
        count=np.append(returns.count, [0] * len(extra)).astype(returns.count.dtype),
        round=np.append(returns.round, [1] * len(extra)).astype(np.int8),
        line=np.append(returns.line, [0] * len(extra)).astype(np.int32),
    )
    parties = {**election.parties, **{p: Party(p) for p in new if p not in election.parties}}
    return replace(election, returns=grown, parties=parties)
