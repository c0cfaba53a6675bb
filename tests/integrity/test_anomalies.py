"""Where to look first: clean elections are not flagged, planted changes are, expectations are those of the binomial law."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from sailau.integrity import (
    fingerprint,
    fingerprint_fit,
    integer_excess,
    last_digit,
    resampled_density,
    second_digit,
)
from sailau.integrity.anomalies import integer_marks
from sailau.integrity.chances import chi_square_tail, false_discoveries, log_gamma, normal_tail, student_quantile

Rows = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def clean(stations: int, seed: int = 2) -> Rows:
    """Return issued, listed, votes and counted of an election in which every voter decides alone."""
    chance = np.random.default_rng(seed)
    listed = chance.integers(150, 2500, stations)
    turnout = np.clip(chance.normal(0.62, 0.06, stations), 0.05, 0.95)
    share = np.clip(chance.normal(0.45, 0.08, stations), 0.02, 0.95)
    issued = chance.binomial(listed, turnout)
    return issued, listed, chance.binomial(issued, share), issued


def test_the_expectation_is_that_of_the_binomial_law() -> None:
    issued, listed, votes, counted = (np.array([x]) for x in (130, 211, 57, 129))
    _, chance = integer_marks(issued, listed, votes, counted)

    def exact(k: int, n: int) -> float:
        p = k / n
        near = [i for i in range(n + 1) if min((2000 * i) % (20 * n), -(2000 * i) % (20 * n)) <= n]
        return sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in near)

    q, r = exact(57, 129), exact(130, 211)
    assert chance[0] == pytest.approx(q + r - q * r, abs=1e-12)


def test_a_clean_country_is_not_flagged_and_rounded_turnout_is() -> None:
    issued, listed, votes, counted = clean(6000)
    assert abs(integer_excess(issued, listed, votes, counted).z) < 3
    rounded = issued.copy()
    rounded[:300] = np.rint(np.rint(100 * issued[:300] / listed[:300]) * listed[:300] / 100)
    assert integer_excess(rounded, listed, np.minimum(votes, rounded), rounded).z > 6


def test_the_normal_law_holds_on_clean_elections() -> None:
    z = [integer_excess(*clean(800, seed)).z for seed in range(60)]
    assert sum(value > 1.645 for value in z) <= 60 * 0.05 + 2.5 * (60 * 0.05 * 0.95) ** 0.5
    assert 0.7 < float(np.std(z)) < 1.3


def test_digits() -> None:
    numbers = np.random.default_rng(4).integers(100, 5000, 4000)
    assert last_digit(numbers).p > 0.01
    assert last_digit(numbers // 5 * 5).p < 1e-12
    assert last_digit(numbers // 5 * 5).round_share == 1
    tens = last_digit([*[110] * 3, *[127] * 2, 199])
    assert (tens.counts[0], tens.counts[7], tens.numbers) == (3, 2, 6)
    assert tens.repeated == pytest.approx(1 / 6)
    benford = np.rint(10 ** (np.arange(10_000) / 10_000 * 3 + 1)).astype(int)
    assert second_digit(benford).mean == pytest.approx(4.187, abs=0.03)
    assert second_digit([9, 3]).p == 1


def test_the_fingerprint_weighs_voters() -> None:
    issued, listed, votes, counted = clean(500)
    made = fingerprint(issued, listed, votes, counted)
    assert made.histogram.sum() == listed.sum()
    assert made.cumulative[-1] == pytest.approx(1)
    assert abs(made.skewness) < 1


def planted(incremental: float, extreme: float, stations: int = 20_000) -> Rows:
    issued, listed, votes, _ = clean(stations, 8)
    chance = np.random.default_rng(9)
    kind = chance.random(stations)
    x = np.where(kind < extreme, 1 - np.abs(chance.normal(0, 0.075, stations)), np.abs(chance.normal(0, 0.5, stations)))
    x = np.where(kind < incremental + extreme, np.clip(x, 0, 1), 0)
    votes = np.rint(votes + x * (listed - issued) + x**2 * (issued - votes)).astype(int)
    issued = np.rint(issued + x * (listed - issued)).astype(int)
    return issued, listed, np.minimum(votes, issued), issued


def test_planted_stuffing_is_recovered() -> None:
    none = fingerprint_fit(*clean(20_000, 8))
    assert none.incremental < 0.05
    assert none.extreme < 0.01
    fit = fingerprint_fit(*planted(0.0, 0.04))
    assert fit.extreme == pytest.approx(0.04, abs=0.01)
    fit = fingerprint_fit(*planted(0.3, 0.03))
    assert fit.incremental == pytest.approx(0.3, abs=0.05)
    assert fit.extreme == pytest.approx(0.03, abs=0.01)
    assert fingerprint_fit(*planted(0.5, 0.0)).incremental == pytest.approx(0.5, abs=0.1)
    assert fingerprint_fit([], [], [], []).incremental == 0


def test_the_density_of_shares_has_spikes_only_where_they_were_planted() -> None:
    issued, listed, votes, counted = clean(4000)
    calm = resampled_density(issued, listed, votes, counted, replicates=60)
    votes = votes.copy()
    votes[:120] = np.rint(0.75 * counted[:120])
    spiked = resampled_density(issued, listed, votes, counted, replicates=60)
    assert spiked.spikes[0] == 750
    assert spiked.percent > calm.percent + 1
    assert spiked == resampled_density(issued, listed, votes, counted, replicates=60)


def test_distributions() -> None:
    assert normal_tail(1.959964) == pytest.approx(0.025, abs=1e-7)
    # Table 26.10 of Abramowitz and Stegun.
    assert [student_quantile(n) for n in (5, 10, 28, 120)] == pytest.approx([2.571, 2.228, 2.048, 1.980], abs=1e-3)
    assert chi_square_tail(16.919, 9) == pytest.approx(0.05, abs=1e-4)
    assert chi_square_tail(18.307, 10) == pytest.approx(0.05, abs=1e-4)
    assert log_gamma([0.5, 1, 5, 101])[[0, 2]] == pytest.approx([np.log(np.pi) / 2, np.log(24)], abs=1e-12)
    assert false_discoveries([0.001, 0.02, 0.04, 0.9]).tolist() == [True, True, False, False]
