"""Where to look first: all tests of an election's stations, with what each would say of an election without any fault.

Every test names its null model; its rate of false alarms is measured on elections drawn with the real stations, in which every
voter decides alone. A station on the list is one to look at, and nothing is said about it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sailau.election import Election
from sailau.integrity.anomalies import (
    fingerprint,
    fingerprint_fit,
    integer_excess,
    last_digit,
    resampled_density,
    second_digit,
)
from sailau.integrity.casebook import manifest_of, station_figures
from sailau.integrity.chances import Floats, false_discoveries, normal_tail
from sailau.integrity.stations import Stations, contests_of, stations_of
from sailau.integrity.verifier import broken_relations

_SIMULATED = 40
"""Elections without a fault that the rates of false alarms are measured on."""
_MOST_SIMULATED = 5_000
_LEVEL = 0.05
_FEW = 5
"""Stations of a unit from which one can stand out."""
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
    """

    name: str
    option: str
    effect: float
    p: float | None
    false_alarms: float | None
    stations: int


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
class Forensics:
    """What was seen.

    Attributes:
        tests: of each contest.
        leads: stations to look at first, those with most votes at stake in front.
        decisive: contests in which the votes of all leads together are more than the closest two options are apart.
        small: stations with fewer voters than keep a ballot secret.
    """

    tests: Mapping[str, tuple[Test, ...]]
    leads: tuple[Lead, ...]
    decisive: tuple[str, ...]
    small: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as data."""
        tests = [
            {
                "contest": contest, "test": t.name, "option": t.option or None, "effect": round(t.effect, 6),
                "p": None if t.p is None else float(f"{t.p:.6g}"), "false_alarms": t.false_alarms, "stations": t.stations,
            }
            for contest, rows in self.tests.items() for t in rows
        ]  # fmt: skip
        leads = [
            {"station": x.station, "contest": x.contest, "reason": x.reason, "detail": x.detail, "size": x.size}
            for x in self.leads
        ]
        return {"tests": tests, "leads": leads, "decisive": list(self.decisive), "small": list(self.small)}


def examine(election: Election, *, density: bool = False, second: bool = False, seed: int = 1) -> Forensics:
    """Run all tests on every contest whose stations are known.

    Args:
        election: with figures of stations.
        density: also the resampled kernel density, which takes longer.
        second: also the second digits, for which no null model holds.
        seed: of all draws.
    """
    figures = station_figures(election)
    tests: dict[str, tuple[Test, ...]] = {}
    leads = [*_broken(election, figures), *_unequal_ballots(figures), *_copies(figures)]
    decisive, small = [], set()
    for contest in contests_of(figures):
        table = stations_of(election, contest, figures)
        tests[contest] = tuple(_tests(table, density=density, second=second, seed=seed))
        leads += _outliers(table, contest)
        listed = table.line("@registered", "@issued")
        small |= {table.ids[i] for i in np.flatnonzero((listed >= 0) & (listed < _SMALL)).tolist()}
        votes = np.sort(table.votes.sum(axis=0))
        stake = sum({(x.station, x.contest): x.size for x in leads if x.contest == contest}.values())
        if len(votes) > 1 and stake > votes[-1] - votes[-2]:
            decisive.append(contest)
    order = sorted(leads, key=lambda x: (-x.size, x.station, x.reason))
    return Forensics(tests, tuple(order), tuple(decisive), tuple(sorted(small)))


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
    digits = _share([last_digit(draw[2]).p for draw in clean])
    made.append(_digits("last-digit", option, table.votes[:, leader], digits))
    if second:
        found = second_digit(table.votes[:, leader])
        made.append(Test("second-digit", option, found.mean, found.p, None, found.numbers))
    shape, fit = fingerprint(*rows), fingerprint_fit(*rows, seed=seed)
    made.append(Test("fingerprint-skewness", option, shape.skewness, None, None, len(table.ids)))
    made.append(Test("fingerprint-incremental", option, fit.incremental, None, None, len(table.ids)))
    made.append(Test("fingerprint-extreme", option, fit.extreme, None, None, len(table.ids)))
    if density:
        spikes = resampled_density(*rows, seed=seed)
        made.append(Test("kernel-density", option, spikes.percent, None, None, spikes.stations))
    return made


def _digits(name: str, option: str, votes: NDArray[np.int64], alarms: float | None) -> Test:
    found = last_digit(votes)
    return Test(name, option, found.mean, found.p, alarms, found.numbers)


def _share(p_values: Sequence[float]) -> float:
    return sum(p <= _LEVEL for p in p_values) / len(p_values)


Rows = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Ballots issued, voters listed, votes of the option, ballots counted."""


def _rows(table: Stations, option: int) -> Rows | None:
    """Return the rows of the tests for stations with all figures; None where voters or turnout are not known."""
    listed, counted = table.line("@registered"), table.cast()
    issued = np.maximum(table.line("@issued", "@cast"), -1)
    known = (listed > 0) & (issued >= 0) & (counted > 0) & (issued <= listed)
    if not known.any():
        return None
    return issued[known], listed[known], table.votes[known, option], counted[known]


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
    manifest, _ = manifest_of(election, software="")
    contests = {row["id"]: row for row in manifest["contests"]}
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


def _outliers(table: Stations, contest: str) -> list[Lead]:
    """Return stations whose share or turnout is far from that of the others of the same unit; 5 % of them by chance.

    The distance is that of the logarithm of the odds from the unit's median, by the unit's median deviation with the binomial
    variance added; hypotheses are rejected by Benjamini and Hochberg.
    """
    if len(table.ids) < _FEW or not len(table.options):
        return []
    leader = int(table.votes.sum(axis=0).argmax())
    measures = [(table.options[leader], "share", table.votes[:, leader], table.cast())]
    listed, issued = table.line("@registered"), table.line("@issued", "@cast")
    if (listed > 0).all() and (issued >= 0).all():
        measures.append(("", "turnout", np.minimum(issued, listed), listed))
    groups = np.unique(np.array(table.regions), return_inverse=True)[1]
    leads = []
    for option, reason, k, n in measures:
        z, middle = _distances(k, n, groups)
        p = np.array([2 * normal_tail(abs(value)) for value in z.tolist()])
        for i in np.flatnonzero(false_discoveries(p, _LEVEL)).tolist():
            size = abs(int(k[i]) - round(float(middle[i]) * int(n[i])))
            leads.append(Lead(table.ids[i], contest, f"outlier-{reason}", option, max(size, 1)))
    return leads


def _distances(k: NDArray[np.int64], n: NDArray[np.int64], groups: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Return each station's distance from its unit in standard deviations, and the unit's middle share."""
    odds = np.log((k + 0.5) / (n - k + 0.5))
    variance = 1 / (k + 0.5) + 1 / (n - k + 0.5)
    z, share = np.zeros(len(k)), np.zeros(len(k))
    for group in range(int(groups.max(initial=-1)) + 1):
        here = np.flatnonzero(groups == group)
        middle = float(np.median(odds[here]))
        share[here] = 1 / (1 + np.exp(-middle))
        if len(here) < _FEW:
            continue
        spread = 1.4826 * float(np.median(np.abs(odds[here] - middle)))
        between = sqrt(max(spread**2 - float(np.median(variance[here])), 0.0))
        z[here] = (odds[here] - middle) / np.sqrt(between**2 + variance[here])
    return z, share
