"""How often audits, intervals and forensic tests are wrong on elections without a fault, and what they find of planted ones.

    python benchmarks/forensics.py [--elections 100] [--audits 2000] [--stations 3000]

Elections are simulated: sizes, turnout and shares of the stations differ, and every voter decides alone.
"""

import argparse
from collections.abc import Callable
from math import log

import numpy as np

from sailau.integrity import (
    alpha,
    batch_bounds,
    batch_first_sample,
    fingerprint_fit,
    integer_excess,
    last_digit,
    resampled_density,
)
from sailau.integrity.anomalies import excess_of, integer_marks
from sailau.integrity.chances import false_discoveries, normal_tail
from sailau.integrity.observers import ratio_estimate

Rows = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def clean(stations: int, seed: int, *, odds_normal: bool = False) -> Rows:
    """Return issued, listed, votes and counted; shares of the stations normal, or the logarithms of their odds."""
    chance = np.random.default_rng([11, seed])
    listed = chance.lognormal(6.8, 0.7, stations).astype(int).clip(60, 3000)
    turnout = np.clip(chance.normal(0.62, 0.08, stations), 0.05, 0.97)
    share = np.clip(chance.normal(0.45, 0.08, stations), 0.02, 0.97)
    if odds_normal:
        share = 1 / (1 + np.exp(0.2 - chance.normal(0, 0.32, stations)))
    issued = chance.binomial(listed, turnout).clip(1)
    return issued, listed, chance.binomial(issued, share), issued


def rounded(rows: Rows, share: float, chance: np.random.Generator) -> Rows:
    """Return them with turnout written as a whole percentage in a share of the stations."""
    issued, listed, votes, counted = (row.copy() for row in rows)
    some = chance.random(len(issued)) < share
    issued[some] = np.rint(np.rint(100 * issued[some] / listed[some]) * listed[some] / 100).astype(int).clip(1)
    return issued, listed, np.minimum(votes, issued), np.minimum(np.maximum(counted, issued), issued)


def invented(rows: Rows, share: float, chance: np.random.Generator) -> Rows:
    """Return them with votes that end with 0 or 5 in a share of the stations."""
    issued, listed, votes, counted = (row.copy() for row in rows)
    some = chance.random(len(issued)) < share
    votes[some] = votes[some] // 5 * 5
    return issued, listed, votes, counted


def stuffed(rows: Rows, incremental: float, extreme: float, chance: np.random.Generator) -> Rows:
    """Return them with a share of those who stayed away added, and as much squared of the others' votes moved."""
    issued, listed, votes, _ = rows
    kind = chance.random(len(issued))
    much = 1 - np.abs(chance.normal(0, 0.075, len(issued)))
    x = np.where(kind < extreme, much, np.abs(chance.normal(0, 0.5, len(issued))))
    x = np.where(kind < incremental + extreme, np.clip(x, 0, 1), 0)
    made = np.rint(votes + x * (listed - issued) + x**2 * (issued - votes)).astype(int)
    came = np.rint(issued + x * (listed - issued)).astype(int)
    return came, listed, np.minimum(made, came), came


def outliers(rows: Rows) -> np.ndarray:
    """Return which stations stand out among all, as the report finds them within a unit."""
    _, _, votes, counted = rows
    odds = np.log((votes + 0.5) / (counted - votes + 0.5))
    variance = 1 / (votes + 0.5) + 1 / (counted - votes + 0.5)
    middle = np.median(odds)
    spread = 1.4826 * np.median(np.abs(odds - middle))
    z = (odds - middle) / np.sqrt(max(spread**2 - np.median(variance), 0) + variance)
    return false_discoveries([2 * normal_tail(abs(value)) for value in z.tolist()])


def rate(elections: int, flagged: Callable[[int], bool]) -> str:
    """Return the share of elections that are flagged."""
    return f"{100 * sum(flagged(seed) for seed in range(elections)) / elections:.0f} %"


def table(elections: int, stations: int) -> None:
    """Print false alarms and power of the tests at 5 %."""
    print("| test | planted | found (or called unusual) |\n| --- | --- | ---: |")
    tests: tuple[tuple[str, Callable[[Rows], float], Callable[[Rows, float, np.random.Generator], Rows]], ...] = (
        ("whole percentages", lambda rows: integer_excess(*rows).p, rounded),
        ("multiples of 5 %", lambda rows: excess_of(*integer_marks(*rows, 5)).p, rounded),
        ("last digits", lambda rows: last_digit(rows[2]).p, invented),
    )
    for name, p_of, plant in tests:
        for share in (0.0, 0.02, 0.05, 0.1, 0.2):
            found = rate(
                elections,
                lambda n, p=p_of, s=share, f=plant: p(f(clean(stations, n), s, np.random.default_rng(n))) <= 0.05,
            )
            print(f"| {name} | {'nothing' if not share else f'{100 * share:.0f} % of the stations'} | {found} |")
    for name, is_normal in (("odds normal, as it supposes", True), ("shares normal", False)):
        found = rate(elections, lambda n, k=is_normal: bool(outliers(clean(stations, n, odds_normal=k)).any()))
        print(f"| outliers: any station | nothing; {name} | {found} |")
    for moved in (0.1, 0.2, 0.3, 0.4):
        hits = []
        for seed in range(elections):
            issued, listed, votes, counted = clean(stations, seed, odds_normal=True)
            votes[:10] = np.minimum(votes[:10] + np.rint(moved * counted[:10]).astype(int), counted[:10])
            hits.append(outliers((issued, listed, votes, counted))[:10].mean())
        print(
            f"| outliers: of ten stations | {100 * moved:.0f} % of their ballots moved | {100 * np.mean(hits):.0f} % |"
        )
    for incremental, extreme in ((0.0, 0.0), (0.05, 0.0), (0.1, 0.01), (0.3, 0.03), (0.5, 0.03)):
        fits = [
            fingerprint_fit(*stuffed(clean(20_000, n), incremental, extreme, np.random.default_rng(n)))
            for n in range(max(elections // 10, 3))
        ]
        some, most = (np.array([getattr(fit, name) for fit in fits]) for name in ("incremental", "extreme"))
        print(
            f"| fingerprint, 20,000 stations | {incremental:.2f}, {extreme:.2f} | {some.mean():.3f} ± {some.std():.3f},"
            f" {most.mean():.3f} ± {most.std():.3f} |"
        )
    for share in (0.0, 0.01, 0.03):
        spikes = []
        for seed in range(max(elections // 10, 3)):
            issued, listed, votes, counted = clean(stations, seed)
            some = np.random.default_rng(seed).random(stations) < share
            votes[some] = np.rint(0.75 * counted[some]).astype(int)
            spikes.append(resampled_density(issued, listed, votes, counted, replicates=100).percent)
        print(
            f"| kernel density, 100 drawn elections | {100 * share:.0f} % of the stations at 75 % | {np.mean(spikes):.2f} % |"
        )


def coverage(audits: int) -> None:
    """Print how often wrong outcomes are confirmed, and intervals hold."""
    chance = np.random.default_rng(5)
    ballots = np.repeat([0, 1], 100)
    passed = sum(alpha(chance.permutation(ballots)[:150], 200, 0.6, shrink=20)[-1] <= 0.05 for _ in range(audits))
    print(
        f"| wrong outcome (a tie) confirmed by ballots, {audits} audits, at most 5 % | | {100 * passed / audits:.2f} % |"
    )
    print(
        f"| … by stations, announced winner lost by one vote, at most 5 % | | {100 * confirmed(audits, chance):.2f} % |"
    )
    for size in (10, 30, 100):
        print(
            f"| interval of 95 %, {size} of 400 stations in two regions, holds | | {100 * held(audits, size):.1f} % |"
        )


def confirmed(audits: int, chance: np.random.Generator) -> float:
    """Return the share of audits by stations that confirm a winner who lost by one vote; every tenth another election."""
    passed = 0
    for number in range(audits):
        if number % 10 == 0:
            stations = int(chance.integers(20, 200))
            ballots = chance.integers(100, 900, stations)
            one = chance.binomial(ballots, chance.uniform(0.3, 0.7, stations))
            gap = int(2 * one.sum() - ballots.sum()) + 1
            while gap > 0:
                take = np.minimum(one, chance.integers(0, 1 + max(1, gap // stations), stations))
                one = one - take
                gap = int(2 * one.sum() - ballots.sum()) + 1
            true = np.stack([one, ballots - one], axis=1)
            told = true.copy()
            wrong = chance.permutation(stations)[: int(chance.integers(1, stations))]
            needed = int(true[:, 1].sum() - true[:, 0].sum()) // 2 + int(chance.integers(5, 400))
            shift = np.minimum(true[wrong, 1], -(-needed // len(wrong)))
            told[wrong] += np.stack([shift, -shift], axis=1)
            margin = int(told[:, 0].sum() - told[:, 1].sum())
            if margin <= 0:
                told, margin = told[:, ::-1], -margin
            bounds = batch_bounds(told, ballots)
            total = float(bounds.sum())
            taints = ((told - true) @ [1, -1]) / margin / np.maximum(bounds, 1e-300)
            size = min(3 * batch_first_sample(total, 0.05), 3000)
        drawn = taints[chance.choice(stations, size, p=bounds / total)]
        steps = np.cumsum(np.log(1 - 1 / total) - np.log1p(-np.minimum(drawn, 1 - 1e-12)))
        passed += bool(steps.min() <= log(0.05))
    return passed / audits


def held(samples: int, size: int) -> float:
    """Return how often the interval of the leading share holds in samples drawn by region."""
    issued, _, votes, _ = clean(400, 1)
    chance, hits = np.random.default_rng(9), 0
    both, true = np.stack([votes, issued - votes], axis=1), votes.sum() / issued.sum()
    for _ in range(samples):
        places = [chance.permutation(200)[: size // 2], 200 + chance.permutation(200)[: size // 2]]
        drawn = np.concatenate(places)
        strata = [(np.arange(size // 2), 200), (np.arange(size // 2, size), 200)]
        shares, halves = ratio_estimate(both[drawn], issued[drawn], strata)
        hits += bool(abs(shares[0] - true) <= halves[0])
    return hits / samples


def main() -> None:
    """Print two tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--elections", type=int, default=100)
    parser.add_argument("--audits", type=int, default=2000)
    parser.add_argument("--stations", type=int, default=3000)
    given = parser.parse_args()
    table(given.elections, given.stations)
    coverage(given.audits)


if __name__ == "__main__":
    main()
