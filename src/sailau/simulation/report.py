"""What a simulation found: distributions, probabilities, differences and their causes, as data and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

import sailau
from sailau.election.model import RESERVED
from sailau.extras import arrow_table
from sailau.parliament import votes_needed
from sailau.provenance import labels
from sailau.rulebook.powers import Power, members_by_law, powers_of
from sailau.simulation.chance import GENERATOR
from sailau.simulation.comparing import shapley
from sailau.simulation.tally import INDICES, Tally

if TYPE_CHECKING:
    import pyarrow

    from sailau.simulation.run import Job
    from sailau.simulation.variants import Variant

LEVELS = (Fraction(1, 20), Fraction(1, 2), Fraction(19, 20))
"""Quantiles that are told: nine elections in ten lie between the outer ones."""


@dataclass(frozen=True)
class Result:
    """One law in a simulation.

    Attributes:
        variant: the law.
        tally: what was counted.
        parties: columns of the tally.
    """

    variant: Variant
    tally: Tally
    parties: tuple[str, ...]

    def __repr__(self) -> str:
        """Show it as one line in a shell: the mean number of seats of every party."""
        means = ", ".join(f"{party} {float(self.expected(party)):.2f}" for party in self.parties)
        return f"<Result {self.name} of {self.tally.elections} draws: {means}>"

    @property
    def name(self) -> str:
        """Name of the variant."""
        return self.variant.name

    @cached_property
    def chamber(self) -> int:
        """The most seats that were filled."""
        filled = np.flatnonzero(self.tally.sizes)
        return int(filled[-1]) if filled.size else 0

    @cached_property
    def members(self) -> int:
        """Members of the chamber: by law where it is counted whole and still says so, else the seats that were filled."""
        law = self.variant.law
        resized = law.body.seats is not None and any(path.split(".")[1:2] == ["seats"] for path in law.changes)
        if self.variant.ballots is not None or resized:
            return self.chamber
        return members_by_law(law) or self.chamber

    @property
    def blocs(self) -> tuple[str, ...]:
        """Parties that can vote as one: members whom no party put up vote each alone."""
        return tuple(party for party in self.parties if party not in RESERVED)

    @cached_property
    def majority(self) -> int:
        """Votes of more than half of the members."""
        return votes_needed(self.members)

    def expected(self, party: str) -> Fraction:
        """Expected seats of a party."""
        return self.tally.mean(self.parties.index(party))

    def enters(self, party: str) -> Fraction:
        """Share of the elections in which a party has a seat."""
        return self.has(party, 1)

    def has(self, party: str, seats: int) -> Fraction:
        """Share of the elections in which a party has at least so many seats."""
        with_seats = self._with_seats[party]
        return self._share(with_seats[max(seats, 0)] if seats < len(with_seats) else 0)

    @cached_property
    def _with_seats(self) -> dict[str, list[int]]:
        """Party → elections in which it has at least so many seats."""
        counts = np.cumsum(self.tally.seats[:, ::-1], axis=1)[:, ::-1]
        return dict(zip(self.parties, counts.tolist(), strict=True))

    def quantiles(self, party: str) -> tuple[int, ...]:
        """Seats at the levels of `LEVELS`."""
        return tuple(self.tally.quantile(self.parties.index(party), level) for level in LEVELS)

    @property
    def no_majority(self) -> Fraction:
        """Share of the elections in which no party has a majority of the members."""
        return 1 - sum((self.has(party, self.majority) for party in self.blocs), Fraction(0))

    @cached_property
    def powers(self) -> tuple[tuple[Power, int, int], ...]:
        """Decisions of the chamber, votes needed when everybody votes, and votes that are enough to stop them."""
        if self.variant.ballots is not None:
            return ()
        found = []
        for power in powers_of(self.variant.law):
            vote = power.vote
            if power.by != "chamber" or vote is None:
                continue
            members = vote.members or self.members
            needed = votes_needed(members, vote.share, more_than=vote.comparison == "more-than")
            found.append((power, needed, max(self.members - needed + 1, 1)))
        return tuple(found)

    def to_json(self, coalitions: Sequence[Sequence[str]]) -> dict[str, Any]:
        """Return the law's part of the report as data."""
        tally, law = self.tally, self.variant.law
        return {
            "name": self.name,
            "law": law.id,
            "day": law.day.isoformat(),
            "changes": dict(law.changes),
            "vary": None if self.variant.vary is None else dict(zip(("path", "value"), self.variant.vary, strict=True)),
            "chamber": self.chamber,
            "members": self.members,
            "majority": self.majority,
            "seats": {party: self._party_json(party) for party in self.parties},
            "parties_in_chamber": _histogram(tally.entered),
            "no_majority": _float(self.no_majority),
            "powers": [self._power_json(*found) for found in self.powers],
            "coalitions": [
                self._coalition_json(members, row) for members, row in zip(coalitions, tally.coalitions, strict=True)
            ],
            "indices": {name: _float(tally.index(name)) for name in INDICES},
            "filled": _histogram(tally.sizes),
            "tied": tally.tied,
            "questions": {q: {"adopted": n, "share": _float(self._share(n))} for q, n in tally.adopted.items()},
            "remarks": [
                {"provision": r.provision, "reason": r.code, "lost": r.lost, "cite": r.cite}
                for r in self.variant.remarks
            ],
        }

    def _party_json(self, party: str) -> dict[str, Any]:
        names = ("mean", "low", "median", "high", "enters", "majority")
        return {
            **dict(zip(names, self.row_of(party), strict=True)),
            "histogram": _histogram(self.tally.seats[self.parties.index(party)]),
        }

    def row_of(self, party: str) -> tuple[float | None, int, int, int, float | None, float | None]:
        """Return mean, low, median and high number of seats, and how often a party enters and has a majority."""
        low, median, high = self.quantiles(party)
        majority = _float(self.has(party, self.majority))
        return _float(self.expected(party)), low, median, high, _float(self.enters(party)), majority

    def _power_json(self, power: Power, needed: int, enough: int) -> dict[str, Any]:
        alone = {p: _float(share) for p in self.blocs if (share := self.has(p, needed))}
        blocks = {p: _float(share) for p in self.blocs if (share := self.has(p, enough))}
        return {
            "id": power.id,
            "title": dict(power.title or {}),
            "cite": power.article,
            "confidence": power.sureness,
            "needed": needed,
            "alone": alone,
            "blocks": blocks,
        }

    def _coalition_json(self, members: Sequence[str], row: Any) -> dict[str, Any]:
        mean = Fraction(int((row * np.arange(row.size)).sum()), max(self.tally.elections, 1))
        return {
            "parties": list(members),
            "mean": _float(mean),
            "majority": _float(self._share(int(row[self.majority :].sum()))),
            "histogram": _histogram(row),
        }

    def _share(self, number: int) -> Fraction:
        return Fraction(number, max(self.tally.elections, 1))


@dataclass(frozen=True)
class Attribution:
    """The expected difference of a law from the case's own, split among the provisions that differ.

    Attributes:
        of: name of the law.
        draws: elections on which it was measured.
        parts: provision → party → its Shapley value (L. S. Shapley, A value for n-person games, 1953), exact.
        difference: party → all of it.
    """

    of: str
    draws: int
    parts: Mapping[str, Mapping[str, Fraction]]
    difference: Mapping[str, Fraction]

    def to_json(self) -> dict[str, Any]:
        """Return the parts as data."""
        parts = {name: {p: _float(v) for p, v in part.items()} for name, part in self.parts.items()}
        difference = {p: _float(v) for p, v in self.difference.items()}
        return {"of": self.of, "draws": self.draws, "provisions": parts, "difference": difference}


class Report:
    """A simulation's result; the same seed gives the same report on any machine, see `sailau.simulation.chance`.

    Attributes:
        job: what was simulated.
        tallies: one for each variant, steps of attributions included.
        seconds: how long it took; no part of `to_json`.
    """

    def __init__(self, job: Job, tallies: Sequence[Tally], *, seconds: float = 0.0) -> None:
        self.job = job
        self.tallies = tuple(tallies)
        self.seconds = seconds

    def __repr__(self) -> str:
        return f"<Report of {self.job.draws} draws: {', '.join(r.name for r in self.results)}>"

    @property
    def rate(self) -> float:
        """Elections a second, all laws together counted as one."""
        return self.job.draws / self.seconds if self.seconds else 0.0

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """One for each law, the case's own first."""
        pairs = zip(self.job.variants, self.tallies, strict=True)
        return tuple(Result(v, t, self.job.parties) for v, t in pairs if v.shown)

    def result(self, name: str) -> Result:
        """Return the result of a law by the name of its variant.

        Raises:
            KeyError: no such law was counted.
        """
        return next((r for r in self.results if r.name == name), None) or _missing(name, self.results)

    @property
    def own(self) -> Result:
        """The case's own law."""
        return self.results[0]

    @cached_property
    def sweeps(self) -> dict[str, list[Result]]:
        """Path of a sweep → its results in order."""
        found: dict[str, list[Result]] = {}
        for result in self.results:
            if result.variant.vary is not None:
                found.setdefault(result.variant.vary[0], []).append(result)
        return found

    @cached_property
    def attributions(self) -> tuple[Attribution, ...]:
        """Differences split among provisions, where more than one provision differs."""
        return tuple(self._attribution(e.of, e.provisions) for e in self.job.explained)

    def _attribution(self, of: str, provisions: tuple[str, ...]) -> Attribution:
        draws = sum(self.job.size_of(n) for n in self.job.detailed)
        sums: dict[frozenset[str], tuple[int, ...]] = {}
        for variant, tally in zip(self.job.variants, self.tallies, strict=True):
            if variant.name == "law":
                sums[frozenset()] = tally.first
            elif variant.name == of:
                sums[frozenset(provisions)] = tally.first
            elif variant.of == of and variant.parts is not None:
                sums[variant.parts] = tally.first
        found = shapley(provisions, lambda group: sums[group])
        before, after = sums[frozenset()], sums[frozenset(provisions)]
        parties = self.job.parties
        parts = {n: {p: v / draws for p, v in zip(parties, found[n], strict=True)} for n in provisions}
        gaps = {p: Fraction(b - a, draws) for p, a, b in zip(parties, before, after, strict=True)}
        return Attribution(of, draws, parts, gaps)

    def to_arrow(self) -> pyarrow.Table:
        """Return seats by law and party as an Arrow table: mean, 5 to 95 per cent, how often it enters and has a majority."""
        rows = [(r.variant.law.id, r.name, p, *r.row_of(p)) for r in self.results for p in r.parties]
        names = ("law", "variant", "party", "mean", "low", "median", "high", "enters", "majority")
        columns = dict(zip(names, zip(*rows, strict=True), strict=True))
        return arrow_table(columns, labels(law=self.own.variant.law, case=self.job.election))

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand the table of `to_arrow` to whatever reads Arrow: pandas, Polars, DuckDB."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def _repr_html_(self) -> str:
        """Show the simulation as a notebook shows tables."""
        return str(sailau.html(self))

    def _repr_svg_(self) -> str:
        """Show how likely which number of seats is, as a notebook shows pictures."""
        return str(sailau.svg(self))

    def to_json(self) -> dict[str, Any]:
        """Return the report as data: everything but how long it took."""
        job = self.job
        return {
            "case": job.election.name,
            "law": job.variants[0].law.id,
            "day": job.election.day.isoformat(),
            "draws": job.draws,
            "seed": job.seed,
            "block": job.block_size,
            "generator": dict(GENERATOR),
            "model": job.model.to_json(),
            "paper": job.paper,
            "parties": list(job.parties),
            "variants": [r.to_json(job.coalitions) for r in self.results],
            "attributions": [a.to_json() for a in self.attributions],
        }


def _missing(name: str, results: Sequence[Result]) -> Result:
    raise KeyError(f"no law “{name}” was counted: {', '.join(r.name for r in results)}")


def _histogram(counts: Any) -> dict[str, int]:
    return {str(number): int(count) for number, count in enumerate(counts) if count}


def _float(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 9)
