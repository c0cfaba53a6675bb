"""Observers: which stations to go to, what their copies say of the announced figures, what a sample says of the whole.

A file of copies has the columns `copy`, `station`, `contest`, `line`, `count`: one row for each line that somebody could read,
`?` for one that is illegible. Several copies of one station are all kept. No column names a person, and none may.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sailau.counting import count
from sailau.election import Election
from sailau.integrity.casebook import seats_of, station_figures
from sailau.integrity.chances import student_quantile
from sailau.integrity.risk import most_altered
from sailau.integrity.stations import Stations, stations_of, with_figures
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.faults import Faults

COLUMNS = ("copy", "station", "contest", "line", "count")
_MOST_BYTES = 256 << 20
_MOST_COUNT = 2**63 - 1
Verdict = Literal["equal", "differs", "incomplete", "missing"]


@dataclass(frozen=True, slots=True)
class CopyLine:
    """One line of a copy; None for a number that cannot be read."""

    copy: str
    station: str
    contest: str
    line: str
    count: int | None


def read_copies(path: Path) -> list[CopyLine]:
    """Return the lines of a file of copies.

    Raises:
        BadInput: a column that is missing or not known, or a number that is none.
    """
    try:
        data = path.read_bytes() if path.stat().st_size <= _MOST_BYTES else None
        text = "" if data is None else data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput([Fault(path.name, 0, "", "letters that are not UTF-8", "text in UTF-8")]) from None
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if not rows or sorted(rows[0]) != sorted(COLUMNS):
        shown = ", ".join(rows[0])[:60] if rows else "nothing"
        raise BadInput([Fault(path.name, 1, "", shown, f"the columns {', '.join(COLUMNS)}, and no others")])
    faults, lines = Faults(), []
    places = [rows[0].index(name) for name in COLUMNS]
    for number, row in enumerate(rows[1:], 2):
        if not row:
            continue
        values = [row[i].strip() if i < len(row) else "" for i in places]
        good = values[4] in ("", "?") or (values[4].isascii() and values[4].isdigit() and int(values[4]) <= _MOST_COUNT)
        if len(row) != len(COLUMNS) or not all(values[:4]) or not good:
            faults.add(
                Fault(path.name, number, "", ",".join(row)[:60], "copy, station, contest, line and a count or ?")
            )
        else:
            number_read = None if values[4] in ("", "?") else int(values[4])
            lines.append(CopyLine(values[0], values[1], values[2], values[3], number_read))
    faults.raise_any()
    return lines


@dataclass(frozen=True, slots=True)
class DifferentLine:
    """A line that is another one in a copy."""

    copy: str
    station: str
    contest: str
    line: str
    official: int
    copied: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two copies of one station that differ from each other."""

    station: str
    contest: str
    line: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What the copies would change: seats of an option."""

    contest: str
    unit: str
    option: str
    official: int
    copied: int


@dataclass(frozen=True)
class CopiesComparison:
    """Copies against the announced figures.

    Attributes:
        copies: how many of each verdict.
        stations: how many stations have a copy that is equal or differs.
        differing: how many of these differ.
        population: stations in all.
        differences: lines that differ.
        conflicts: lines in which two copies of one station differ.
        effects: seats that would be others by the copies, where these do not contradict each other.
        most: how many stations of all may differ at most, with 95 per cent confidence; None without a random sample.
    """

    copies: Counter[Verdict]
    stations: int
    differing: int
    population: int
    differences: tuple[DifferentLine, ...]
    conflicts: tuple[Conflict, ...]
    effects: tuple[Effect, ...]
    most: int | None

    def to_json(self) -> dict[str, Any]:
        """Return it as data."""
        return {
            "copies": {name: self.copies[name] for name in ("equal", "differs", "incomplete", "missing")},
            "stations": self.stations,
            "differing": self.differing,
            "population": self.population,
            "at_most_altered": self.most,
            "differences": [
                {"copy": d.copy, "station": d.station, "contest": d.contest, "line": d.line, "official": d.official,
                 "copied": d.copied} for d in self.differences
            ],
            "conflicts": [
                {"station": c.station, "contest": c.contest, "line": c.line, "counts": list(c.counts)}
                for c in self.conflicts
            ],
            "effects": [
                {"contest": e.contest, "unit": e.unit, "option": e.option, "official": e.official, "copied": e.copied}
                for e in self.effects
            ],
        }  # fmt: skip


def compare_copies(election: Election, copies: Sequence[CopyLine], *, random: bool = False) -> CopiesComparison:
    """Compare copies of protocols with the announced figures, line by line.

    Args:
        election: with figures of stations.
        copies: as observers read them.
        random: the stations were drawn at random. Only then anything is inferred about the others, from copies that are
            complete.
    """
    figures = {pair: dict(row) for pair, row in station_figures(election).items()}
    by_copy: dict[tuple[str, str, str], dict[str, int | None]] = {}
    for line in copies:
        by_copy.setdefault((line.copy, line.station, line.contest), {})[line.line] = line.count
    verdicts: Counter[Verdict] = Counter()
    stations: dict[str, bool] = {}
    differences: list[DifferentLine] = []
    for (copy, station, contest), lines in by_copy.items():
        official = figures.get((station, contest))
        if official is None:
            verdicts["missing"] += 1
            continue
        wrong = [
            DifferentLine(copy, station, contest, name, official.get(name, 0), number)
            for name, number in lines.items()
            if number is not None and number != official.get(name, 0)
        ]
        differences += wrong
        complete = all(lines.get(name) is not None for name in official)
        verdicts["differs" if wrong else "equal" if complete else "incomplete"] += 1
        if wrong or complete:
            stations[station] = stations.get(station, False) or bool(wrong)
    conflicts = _conflicts(copies)
    population = len({station for station, _ in figures})
    differing = sum(stations.values())
    most = most_altered(population, len(stations), 0.05, differing) if random else None
    return CopiesComparison(
        verdicts, len(stations), differing, population, tuple(differences), conflicts,
        _effects(election, figures, differences, conflicts), most,
    )  # fmt: skip


def _conflicts(copies: Sequence[CopyLine]) -> tuple[Conflict, ...]:
    seen: dict[tuple[str, str, str], list[int]] = {}
    for line in copies:
        if line.count is not None:
            seen.setdefault((line.station, line.contest, line.line), []).append(line.count)
    return tuple(Conflict(*place, tuple(counts)) for place, counts in seen.items() if len(set(counts)) > 1)


def _effects(
    election: Election,
    figures: dict[tuple[str, str], dict[str, int]],
    differences: Sequence[DifferentLine],
    conflicts: Sequence[Conflict],
) -> tuple[Effect, ...]:
    doubtful = {(c.station, c.contest) for c in conflicts}
    settled = [d for d in differences if (d.station, d.contest) not in doubtful]
    if not settled:
        return ()
    law = election.own_law()
    before = _seats(count(law, with_figures(election, figures)).to_json())
    for d in settled:
        figures[d.station, d.contest][d.line] = d.copied
    after = _seats(count(law, with_figures(election, figures)).to_json())
    places = sorted(before.keys() | after.keys())
    return tuple(Effect(*p, before.get(p, 0), after.get(p, 0)) for p in places if before.get(p, 0) != after.get(p, 0))


def _seats(outcome: dict[str, Any]) -> dict[tuple[str, str, str], int]:
    rows = seats_of(outcome)["seats"]
    return {(c, u, o): n for c, units in rows.items() for u, seats in units.items() for o, n in seats.items()}


# ---------------------------------------------------------------- samples


def sample_plan(election: Election, size: int, seed: str) -> list[tuple[str, str]]:
    """Draw stations for observers: region and station, in the order of drawing, as many of each region as its share.

    A station's ticket is SHA-256(seed "," station); the lowest of each region are drawn.

    Raises:
        ValueError: more than there are, or none.
    """
    from hashlib import sha256

    stations = list(dict.fromkeys(station for station, _ in station_figures(election))) or [
        u.id for u in election.units.values() if u.level == "precinct"
    ]
    if not 0 < size <= len(stations):
        raise ValueError(f"{size} of {len(stations)} stations: expected at least one and at most all")
    regions: dict[str, list[str]] = {}
    for station in sorted(stations, key=lambda s: sha256(f"{seed},{s}".encode()).digest()):
        regions.setdefault(_region(election, station), []).append(station)
    shares = {region: size * len(rows) / len(stations) for region, rows in regions.items()}
    sizes = {region: int(share) for region, share in shares.items()}
    for region in sorted(shares, key=lambda r: (sizes[r] - shares[r], r))[: size - sum(sizes.values())]:
        sizes[region] += 1
    return [(region, station) for region in sorted(regions) for station in regions[region][: sizes[region]]]


def _region(election: Election, station: str) -> str:
    """Return the highest unit above a station, or the station's own parent where that is the whole."""
    unit = station
    while election.units[unit].parent:
        unit = election.units[unit].parent
    return "" if unit == station else unit


@dataclass(frozen=True, slots=True)
class Estimate:
    """The share of an option, estimated.

    Attributes:
        share: of the valid votes.
        half: half of the interval with 95 per cent confidence.
        seats: lowest and highest number of seats in 95 of 100 resampled samples; None where seats cannot be estimated.
    """

    option: str
    share: float
    half: float
    seats: tuple[int, int] | None


@dataclass(frozen=True)
class QuickCount:
    """A parallel tabulation of one contest: how many stations were drawn, how many have reported, and the estimates."""

    contest: str
    population: int
    reported: int
    estimates: tuple[Estimate, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as data."""
        rows = [
            {
                "option": e.option,
                "share": round(e.share, 6),
                "half": round(e.half, 6),
                "seats": list(e.seats or ()) or None,
            }
            for e in self.estimates
        ]
        return {"contest": self.contest, "population": self.population, "reported": self.reported, "estimates": rows}


_RESAMPLED = 200


def estimate(election: Election, contest: str, copies: Sequence[CopyLine], seed: int = 1) -> QuickCount:
    """Estimate the result of a contest from copies of a random sample of stations, drawn by region.

    The combined ratio estimator with the finite-population correction (W. G. Cochran, Sampling Techniques, section 6.11); its
    variance by leaving out each station in turn (J. Shao, D. Tu, The Jackknife and Bootstrap, 1995), which holds better in
    small samples; seats by resampling stations within their regions and counting each resampled election under the law. Of
    several copies of a station the first that has all options counts; a station that has not reported is left out and not
    guessed.

    Raises:
        ValueError: fewer than two stations of a region that has any.
    """
    known: dict[tuple[str, str], dict[str, int]] = {}
    rows: dict[tuple[str, str], dict[str, int]] = {}
    for line in copies:
        if line.contest == contest and line.count is not None:
            rows.setdefault((line.copy, line.station), {})[line.line] = line.count
    for (_, station), lines in rows.items():
        if station in election.units:
            known.setdefault((station, contest), lines)
    drawn = stations_of(election, contest, known)
    regions = [_region(election, station) for station in drawn.ids]
    every = [_region(election, u.id) for u in election.units.values() if u.level == "precinct"]
    sizes = Counter(every)
    strata = [(np.flatnonzero(np.array(regions) == region), sizes[region]) for region in sorted(set(regions))]
    if not strata or any(len(place) < 2 for place, _ in strata):
        raise ValueError("fewer than two stations of a region: expected at least two, so that their spread is known")
    shares, halves = ratio_estimate(drawn.votes, drawn.valid(), strata)
    seats = _resampled_seats(election, contest, drawn, strata, seed)
    made = [Estimate(o, float(shares[i]), float(halves[i]), seats.get(o)) for i, o in enumerate(drawn.options)]
    return QuickCount(contest, len(every), len(drawn.ids), tuple(sorted(made, key=lambda e: -e.share)))


Strata = Sequence[tuple[NDArray[np.intp], int]]
"""Places of the stations drawn in each region, and how many stations it has."""


def ratio_estimate(
    votes: NDArray[np.int64], valid: NDArray[np.int64], strata: Strata
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return shares and half widths of their 95 % intervals, by the combined ratio estimator and its jackknife; see `estimate`.

    Student's t with as many degrees of freedom as stations without regions stands for the normal law, which is too narrow for
    small samples.

    Args:
        votes: of the stations drawn, shape (stations, options).
        valid: their valid votes, shape (stations,).
        strata: places of the stations of each region, and how many stations the region has.
    """
    both = np.column_stack([votes, valid]).astype(float)
    sums = sum((size * both[place].mean(axis=0) for place, size in strata), np.zeros(both.shape[1]))
    shares = sums[:-1] / sums[-1]
    variance = np.zeros(votes.shape[1])
    for place, size in strata:
        rows, number = both[place], len(place)
        # The sums without each station of the region in turn, and the shares by them.
        less = sums + size * (rows.mean(axis=0) - rows) / (number - 1)
        apart = less[:, :-1] / less[:, -1:] - shares
        variance += (1 - number / size) * (number - 1) / number * (apart**2).sum(axis=0)
    freedom = sum(len(place) - 1 for place, _ in strata)
    return shares, student_quantile(freedom) * np.sqrt(variance)


def _resampled_seats(
    election: Election, contest: str, drawn: Stations, strata: Strata, seed: int
) -> dict[str, tuple[int, int]]:
    """Return lowest and highest seats of each option; none where the contest has several districts."""
    from sailau.counting.plan import compile_plan

    plan = compile_plan(election.own_law(), election)
    items = plan.items.get(contest, ())
    if plan.districts.get(contest) != ("",) or not set(drawn.options) <= set(items):
        return {}
    chance = np.random.default_rng(seed)
    votes = np.zeros((_RESAMPLED, 1, len(items)), np.int64)
    columns = [items.index(option) for option in drawn.options]
    for n in range(_RESAMPLED):
        total = np.zeros(len(drawn.options))
        for place, size in strata:
            total += size * drawn.votes[chance.choice(place, len(place))].mean(axis=0)
        votes[n, 0, columns] = np.rint(total)
    won = np.asarray(plan({contest: votes}).seats[contest]).reshape(_RESAMPLED, -1)
    low, high = np.quantile(won, [0.025, 0.975], axis=0, method="closest_observation")
    return {option: (int(low[i]), int(high[i])) for option, i in zip(drawn.options, columns, strict=True)}
