"""Where to look first: all tests of an election's stations, with what each would say of an election without any fault.

Every test names its null model; its rate of false alarms is measured on elections drawn with the real stations, in which every
voter decides alone. A station on the list is one to look at, and nothing is said about it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sailau.election import Election
from sailau.integrity.anomalies import (
    excess_of,
    fingerprint,
    fingerprint_fit,
    integer_excess,
    integer_marks,
    last_digit,
    resampled_density,
    second_digit,
)
from sailau.integrity.casebook import contests_with_relations, station_figures
from sailau.integrity.chances import Floats, false_discoveries, fisher_exact, normal_tail
from sailau.integrity.stations import Stations, contests_of, stations_of
from sailau.integrity.turnout import Reports, impossible, rises
from sailau.integrity.verifier import broken_relations

_SIMULATED = 40
"""Elections without a fault that the rates of false alarms are measured on."""
_MOST_SIMULATED = 5_000
_LEVEL = 0.05
_FEW = 5
"""Stations of a unit from which one can stand out."""
_NEAR = 1.9
"""Standard deviations below which nothing stands out at 5 %."""
_BUILDING = "building"
"""Level of units whose stations share a roof, and voters."""
_SMALL = 20


@dataclass(frozen=True, slots=True)
class Test:
    """One test of a whole contest.

    Attributes:
        name: a code.
        option: the list or candidate that it looks at; empty for none.
        effect: size of what is seen, in the test's own measure.
        p: chance under the null; None where the test has none.
        false_alarms: share of elections without a fault in which p is at most 5 per cent; None where not measured.
        stations: how many were tested.
        region: the unit whose stations were tested; empty for all.
    """

    name: str
    option: str
    effect: float
    p: float | None
    false_alarms: float | None
    stations: int
    region: str = ""


@dataclass(frozen=True, slots=True)
class Lead:
    """A reason to look at a station.

    Attributes:
        station: its id.
        contest: its ballot.
        reason: a code.
        detail: what it names: a relation, an option, another station.
        size: votes that the reason is about.
    """

    station: str
    contest: str
    reason: str
    detail: str
    size: int


@dataclass(frozen=True)
class Portrait:
    """What pictures of a contest show, of the option that leads.

    Attributes:
        option: its id.
        fingerprint: (200, 200) voters listed by turnout (rows) and share (columns), in bins of half a per cent.
        digits: how often each last digit of its votes occurs.
        apart: (turnout and share, ten) stations by the distance of their percentage from the nearest whole one, −0.5 to 0.4;
            the sixth is within 0.05 of it.
    """

    option: str
    fingerprint: Floats
    digits: tuple[int, ...]
    apart: NDArray[np.int64]


@dataclass(frozen=True)
class Forensics:
    """What was seen.

    Attributes:
        tests: of each contest.
        leads: stations to look at first, those with most votes at stake in front.
        decisive: contests in which the votes of all leads together are more than the closest two options are apart.
        small: stations with fewer voters than keep a ballot secret.
        portraits: of contests whose turnout is known.
    """

    tests: Mapping[str, tuple[Test, ...]]
    leads: tuple[Lead, ...]
    decisive: tuple[str, ...]
    small: tuple[str, ...]
    portraits: Mapping[str, Portrait] = field(compare=False)

    def to_json(self) -> dict[str, Any]:
        """Return it as data."""
        tests = [
            {
                "contest": contest, "test": t.name, "option": t.option or None, "effect": round(t.effect, 6),
                "p": None if t.p is None else float(f"{t.p:.6g}"), "false_alarms": t.false_alarms, "stations": t.stations,
                "region": t.region or None,
            }
            for contest, rows in self.tests.items() for t in rows
        ]  # fmt: skip
        leads = [
            {"station": x.station, "contest": x.contest, "reason": x.reason, "detail": x.detail, "size": x.size}
            for x in self.leads
        ]
        return {"tests": tests, "leads": leads, "decisive": list(self.decisive), "small": list(self.small)}


def examine(
    election: Election, *, density: bool = False, second: bool = False, reports: Reports | None = None, seed: int = 1
) -> Forensics:
    """Run all tests on every contest whose stations are known.

    Args:
        election: with figures of stations.
        density: also the resampled kernel density, which takes longer.
        second: also the second digits, for which no null model holds.
        reports: turnout over the day, where it was published.
        seed: of all draws.
    """
    figures = station_figures(election)
    tests: dict[str, tuple[Test, ...]] = {}
    portraits: dict[str, Portrait] = {}
    leads = [*_broken(election, figures), *_unequal_ballots(figures), *_copies(figures)]
    decisive, small = [], set()
    for contest in contests_of(figures):
        table = stations_of(election, contest, figures)
        tests[contest] = tuple(_tests(table, density=density, second=second, seed=seed))
        if portrait := _portrait(table):
            portraits[contest] = portrait
        leads += [*_outliers(table, contest), *_under_one_roof(election, table, contest)]
        leads += _over_the_day(table, contest, reports or {})
        listed = table.line("@registered", "@issued")
        small |= {table.ids[i] for i in np.flatnonzero((listed >= 0) & (listed < _SMALL)).tolist()}
        votes = np.sort(table.votes.sum(axis=0))
        stake = sum({(x.station, x.contest): x.size for x in leads if x.contest == contest}.values())
        if len(votes) > 1 and stake > votes[-1] - votes[-2]:
            decisive.append(contest)
    order = sorted(leads, key=lambda x: (-x.size, x.station, x.reason))
    return Forensics(tests, tuple(order), tuple(decisive), tuple(sorted(small)), portraits)


# ---------------------------------------------------------------- whole contests


def _tests(table: Stations, *, density: bool, second: bool, seed: int) -> list[Test]:
    if not len(table.ids) or not len(table.options):
        return []
    leader = int(table.votes.sum(axis=0).argmax())
    option, rows = table.options[leader], _rows(table, leader)
    if rows is None:
        return [_digits("last-digit", option, table.votes[:, leader], None)]
    clean = [_clean(rows, np.random.default_rng([seed, n])) for n in range(_SIMULATED)]
    excess = integer_excess(*rows)
    alarms = _share([integer_excess(*draw).p for draw in clean])
    made = [Test("integer-percentages", option, excess.excess, excess.p, alarms, excess.stations)]
    fives = excess_of(*integer_marks(*rows, 5))
    alarms = _share([excess_of(*integer_marks(*draw, 5)).p for draw in clean])
    made.append(Test("multiples-of-five", option, fives.excess, fives.p, alarms, fives.stations))
    made += _by_region(table, leader, option)
    digits = _share([last_digit(draw[2]).p for draw in clean])
    made.append(_digits("last-digit", option, table.votes[:, leader], digits))
    if second:
        found = second_digit(table.votes[:, leader])
        made.append(Test("second-digit", option, found.mean, found.p, None, found.numbers))
    shape, fit = fingerprint(*rows), fingerprint_fit(*rows, seed=seed)
    if measures := _measures(table):
        flagged, alarms = _outliers_by_chance(measures, _groups(table), np.random.default_rng([seed, 1]))
        made.append(Test("outliers", option, flagged, None, alarms, len(table.ids)))
    made.append(Test("fingerprint-skewness", option, shape.skewness, None, None, len(table.ids)))
    made.append(Test("fingerprint-incremental", option, fit.incremental, None, None, len(table.ids)))
    made.append(Test("fingerprint-extreme", option, fit.extreme, None, None, len(table.ids)))
    if density:
        spikes = resampled_density(*rows, seed=seed)
        made.append(Test("kernel-density", option, spikes.percent, None, None, spikes.stations))
    return made


def _by_region(table: Stations, option: int, name: str) -> list[Test]:
    """Return the test of whole percentages in the largest units where it stands out, by Benjamini and Hochberg."""
    known = _known(table)
    tops = np.array([above[-1] if above else "" for above in table.units])[known]
    names = sorted(set(tops.tolist()) - {""})
    rows = _rows(table, option)
    if len(names) < 2 or rows is None:
        return []
    tested = [integer_excess(*(row[tops == region] for row in rows)) for region in names]
    flagged = np.flatnonzero(false_discoveries([one.p for one in tested], _LEVEL)).tolist()
    return [
        Test("integer-percentages", name, tested[i].excess, tested[i].p, None, tested[i].stations, names[i])
        for i in flagged
    ]


def _portrait(table: Stations) -> Portrait | None:
    if not len(table.ids) or not len(table.options):
        return None
    leader = int(table.votes.sum(axis=0).argmax())
    rows = _rows(table, leader)
    if rows is None:
        return None
    issued, listed, votes, counted = rows
    apart = np.stack([_apart(issued, listed), _apart(votes, counted)])
    return Portrait(
        table.options[leader], fingerprint(*rows).histogram, last_digit(table.votes[:, leader]).counts, apart
    )


def _apart(k: NDArray[np.int64], n: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many of k ÷ n are how far from a whole percentage, in ten classes of a tenth; the sixth is around it."""
    large = (n >= 100) & (100 * k <= 99 * n)
    k, n = k[large], n[large]
    return np.bincount((2000 * k + n) // (2 * n) % 10, minlength=10)[[5, 6, 7, 8, 9, 0, 1, 2, 3, 4]]


def _digits(name: str, option: str, votes: NDArray[np.int64], alarms: float | None) -> Test:
    found = last_digit(votes)
    return Test(name, option, found.mean, found.p, alarms, found.numbers)


def _share(p_values: Sequence[float]) -> float:
    return sum(p <= _LEVEL for p in p_values) / len(p_values)


Rows = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Ballots issued, voters listed, votes of the option, ballots counted."""


def _rows(table: Stations, option: int) -> Rows | None:
    """Return the rows of the tests for stations with all figures; None where voters or turnout are not known."""
    known = _known(table)
    if not known.any():
        return None
    issued = table.line("@issued", "@cast")
    return issued[known], table.line("@registered")[known], table.votes[known, option], table.cast()[known]


def _known(table: Stations) -> NDArray[np.bool_]:
    """Return for which stations voters, turnout and ballots are known and in order."""
    listed, issued = table.line("@registered"), table.line("@issued", "@cast")
    return np.asarray((listed > 0) & (issued >= 0) & (table.cast() > 0) & (issued <= listed))


def _clean(rows: Rows, chance: np.random.Generator) -> Rows:
    """Draw an election with (at most 5,000 of) the same stations, each voter deciding alone with the station's shares, shaken."""
    if len(rows[0]) > _MOST_SIMULATED:
        place = chance.choice(len(rows[0]), _MOST_SIMULATED, replace=False)
        rows = (rows[0][place], rows[1][place], rows[2][place], rows[3][place])
    _, listed, _, _ = rows
    turnout, share = (rows[0] + 1) / (listed + 2), (rows[2] + 1) / (rows[3] + 2)
    # Shaken, so that no exact fraction of the real figures comes back.
    shaken = [np.clip(p + chance.normal(0, 1, len(p)) * np.sqrt(p * (1 - p) / np.maximum(n, 1)), 0.001, 0.999)
              for p, n in ((turnout, listed), (share, rows[3]))]  # fmt: skip
    issued = chance.binomial(listed, shaken[0])
    return issued, listed, chance.binomial(issued, shaken[1]), issued


# ---------------------------------------------------------------- single stations


def _broken(election: Election, figures: Mapping[tuple[str, str], Mapping[str, int]]) -> list[Lead]:
    """Return protocols whose sums do not hold."""
    contests = {row["id"]: row for row in contests_with_relations(election, figures)}
    leads = []
    for (station, contest), row in figures.items():
        for code in broken_relations(contests[contest], station, figures):
            size = abs(row.get("@valid", 0) - sum(n for line, n in row.items() if not line.startswith("@")))
            leads.append(
                Lead(station, contest, "sums", code, max(size, abs(row.get("@cast", 0) - row.get("@issued", 0)), 1))
            )
    return leads


def _unequal_ballots(figures: Mapping[tuple[str, str], Mapping[str, int]]) -> list[Lead]:
    """Return stations at which more ballots of one kind were issued than of another, far beyond what others have."""
    issued: dict[str, dict[str, int]] = {}
    for (station, contest), row in figures.items():
        number = row.get("@issued", row.get("@cast"))
        if number is not None:
            issued.setdefault(station, {})[contest] = number
    apart = {s: max(rows.values()) - min(rows.values()) for s, rows in issued.items() if len(rows) > 1}
    if len(apart) < _FEW:
        return []
    values = np.array(list(apart.values()))
    middle = float(np.median(values))
    spread = max(float(np.median(np.abs(values - middle))) * 1.4826, 1.0)
    first = next(iter(contest for _, contest in figures))
    return [
        Lead(s, first, "ballots-differ", " / ".join(sorted(issued[s])), int(n))
        for s, n in apart.items()
        if (n - middle) / spread > 6
    ]


def _copies(figures: Mapping[tuple[str, str], Mapping[str, int]]) -> list[Lead]:
    """Return protocols that are, figure by figure, the same as another station's."""
    seen: dict[tuple[Any, ...], str] = {}
    leads = []
    for (station, contest), row in figures.items():
        large = [n for n in row.values() if n >= 10]
        if len(set(large)) < 4:
            continue
        key = (contest, *sorted(row.items()))
        if key in seen:
            leads.append(Lead(station, contest, "same-protocol", seen[key], max(large)))
        seen.setdefault(key, station)
    return leads


def _over_the_day(table: Stations, contest: str, reports: Reports) -> list[Lead]:
    """Return stations whose reports of turnout cannot be, or rose far more or less than those of the neighbours.

    As for outliers: the share of the listed who came between two times, by the neighbours' median and median deviation.
    """
    if not reports:
        return []
    listed, issued = table.line("@registered"), table.line("@issued", "@cast")
    known = [{s: int(n) for s, n in zip(table.ids, row.tolist(), strict=True) if n >= 0} for row in (listed, issued)]
    leads = [Lead(s, contest, code, "", size) for s, code, size in impossible(reports, *known) if s in set(table.ids)]
    times, rows = rises(reports, table.ids)
    groups = _groups(table)
    for place, time in enumerate(times):
        here = np.flatnonzero((rows[:, place] >= 0) & (listed > 0) & (rows[:, place] <= listed))
        if len(here) < _FEW:
            continue
        k, n = rows[here, place], listed[here]
        z, middle, _ = _distances(k, n, np.unique(groups[here], return_inverse=True)[1])
        leads += [
            Lead(
                table.ids[here[i]],
                contest,
                "turnout-jump",
                time,
                max(1, abs(int(k[i]) - round(float(middle[i] * n[i])))),
            )
            for i in np.flatnonzero(_stand_out(z)).tolist()
        ]
    return leads


Measure = tuple[str, str, NDArray[np.int64], NDArray[np.int64]]
"""An option, what is measured of it, and k of n at each station."""


def _measures(table: Stations) -> list[Measure]:
    if len(table.ids) < _FEW or not len(table.options):
        return []
    leader = int(table.votes.sum(axis=0).argmax())
    measures: list[Measure] = [(table.options[leader], "share", table.votes[:, leader], table.cast())]
    listed, issued, invalid = table.line("@registered"), table.line("@issued", "@cast"), table.line("@invalid")
    if (listed > 0).all() and (issued >= 0).all():
        measures.append(("", "turnout", np.minimum(issued, listed), listed))
    if (invalid >= 0).all():
        measures.append(("", "invalid", np.minimum(invalid, table.cast()), table.cast()))
    return measures


def _groups(table: Stations) -> NDArray[np.intp]:
    """Return with whom each station is compared: those of the nearest unit above that has at least five."""
    sizes: dict[str, int] = {}
    for above in table.units:
        for unit in above:
            sizes[unit] = sizes.get(unit, 0) + 1
    nearest = [next((unit for unit in above if sizes[unit] >= _FEW), "") for above in table.units]
    return np.unique(np.array(nearest), return_inverse=True)[1]


def _outliers(table: Stations, contest: str) -> list[Lead]:
    """Return stations whose share, turnout or invalid ballots are far from those of their neighbours; 5 % of them by chance.

    The distance is that of the logarithm of the odds from the median of the neighbours, by their median deviation with the
    binomial variance added; hypotheses are rejected by Benjamini and Hochberg.
    """
    groups, leads = _groups(table), []
    for option, reason, k, n in _measures(table):
        z, middle, _ = _distances(k, n, groups)
        for i in np.flatnonzero(_stand_out(z)).tolist():
            size = abs(int(k[i]) - round(float(middle[i]) * int(n[i])))
            leads.append(Lead(table.ids[i], contest, f"outlier-{reason}", option, max(size, 1)))
    return leads


def _stand_out(z: Floats) -> NDArray[np.bool_]:
    p = np.ones(len(z))
    for i in np.flatnonzero(np.abs(z) > _NEAR).tolist():
        p[i] = 2 * normal_tail(abs(float(z[i])))
    return false_discoveries(p, _LEVEL)


def _outliers_by_chance(
    measures: Sequence[Measure], groups: NDArray[np.intp], chance: np.random.Generator
) -> tuple[int, float]:
    """Return how many stations stand out, and in which share of elections drawn without a fault any measure has one that does.

    In these, stations of a group differ as much as its middle half really does, by the normal law, and voters decide alone.
    """
    flagged, alarms = 0, np.zeros(_SIMULATED)
    order = chance.permutation(int(groups.max(initial=0)) + 1)
    size = np.cumsum(np.bincount(groups)[order])
    some = np.isin(groups, order[: 1 + int(np.searchsorted(size, _MOST_SIMULATED))])
    own = np.unique(groups[some], return_inverse=True)[1]
    for _, _, k, n in measures:
        z, middle, between = _distances(k, n, groups)
        flagged += int(_stand_out(z).sum())
        middle, between, n = middle[some], between[some], n[some]
        odds = np.log(middle / (1 - middle))
        for number in range(_SIMULATED):
            share = 1 / (1 + np.exp(-odds - between * chance.normal(0, 1, len(n))))
            alarms[number] += bool(_stand_out(_distances(chance.binomial(n, share), n, own)[0]).any())
    return flagged, float(alarms.sum()) / (_SIMULATED * len(measures))


def _under_one_roof(election: Election, table: Stations, contest: str) -> list[Lead]:
    """Return stations of one building whose shares differ more than chance gives between the same voters.

    Every two are compared by Fisher's exact test; hypotheses are rejected by Benjamini and Hochberg.
    """
    if not len(table.options):
        return []
    leader = int(table.votes.sum(axis=0).argmax())
    roofs: dict[str, list[int]] = {}
    for i, above in enumerate(table.units):
        if above and election.units[above[0]].level == _BUILDING:
            roofs.setdefault(above[0], []).append(i)
    pairs = [pair for rows in roofs.values() for pair in combinations(rows[:_FEW], 2)]
    votes, others = table.votes[:, leader], np.maximum(table.cast() - table.votes[:, leader], 0)
    p = [fisher_exact(*((int(votes[i]), int(others[i])) for i in pair)) for pair in pairs]
    leads = []
    for number in np.flatnonzero(false_discoveries(p, _LEVEL)).tolist():
        one, other = pairs[number]
        apart = votes[one] / max(votes[one] + others[one], 1) - votes[other] / max(votes[other] + others[other], 1)
        size = max(1, round(abs(float(apart)) * int(votes[one] + others[one])))
        leads.append(Lead(table.ids[one], contest, "unlike-same-roof", table.ids[other], size))
    return leads


def _distances(k: NDArray[np.int64], n: NDArray[np.int64], groups: NDArray[np.intp]) -> tuple[Floats, Floats, Floats]:
    """Return each station's distance from its group in standard deviations, the group's middle share, and its own spread."""
    odds = np.log((k + 0.5) / (n - k + 0.5))
    variance = 1 / (k + 0.5) + 1 / (n - k + 0.5)
    z, share, own = np.zeros(len(k)), np.zeros(len(k)), np.zeros(len(k))
    for group in range(int(groups.max(initial=-1)) + 1):
        here = np.flatnonzero(groups == group)
        middle = float(np.median(odds[here]))
        share[here] = 1 / (1 + np.exp(-middle))
        if len(here) < _FEW:
            continue
        spread = 1.4826 * float(np.median(np.abs(odds[here] - middle)))
        own[here] = between = sqrt(max(spread**2 - float(np.median(variance[here])), 0.0))
        z[here] = (odds[here] - middle) / np.sqrt(between**2 + variance[here])
    return z, share, own
