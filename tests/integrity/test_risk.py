"""Audits: published sizes and p-values, and an oracle in fractions."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from sailau.integrity import (
    alpha,
    batch_bounds,
    batch_first_sample,
    batch_p,
    bravo_p,
    bravo_sizes,
    kaplan_markov,
    list_assertions,
    majority_assertion,
    most_altered,
    plurality_assertions,
)


def alpha_oracle(x: list[int], population: int | None, eta: Fraction) -> list[Fraction]:
    """ALPHA with a fixed alternative, in fractions, as the paper writes it."""
    half, product, best, p = Fraction(1, 2), Fraction(1), Fraction(1), []
    for j, value in enumerate(x):
        left = None if population is None else population - j
        mean = half if left is None else (population * half - sum(x[:j])) / left
        guess = eta if left is None else min((population * eta - sum(x[:j])) / left, Fraction(1))
        product *= value * guess / mean + (1 - value) * (1 - guess) / (1 - mean)
        best = max(best, product)
        p.append(1 / best)
    return p


@pytest.mark.parametrize("population", [None, 40])
def test_alpha_is_the_product_that_the_paper_gives(population: int | None) -> None:
    x = [1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1]
    expected = [float(p) for p in alpha_oracle(x, population, Fraction(7, 10))]
    assert alpha(x, population, 0.7) == pytest.approx(expected, abs=1e-12)


def test_alpha_with_replacement_and_a_fixed_alternative_is_bravo() -> None:
    x = [1] * 72 + [0] * 47
    assert bravo_p([600, 400], [72, 47]) == pytest.approx(1 / (1.2**72 * 0.8**47), abs=1e-12)
    assert alpha(x[::-1], None, 0.6)[-1] == pytest.approx(bravo_p([600, 400], [72, 47]), abs=1e-12)


def test_the_shrinkage_estimator_learns_from_what_was_drawn() -> None:
    x = [1, 0, 1, 1]
    total, product, best = 0.0, 1.0, 1.0
    for j, value in enumerate(x):
        mean = (20 * 0.5 - total) / (20 - j)
        guess = max((10 * 0.6 + total) / (10 + j), mean + 0.05 / (10 + j) ** 0.5)
        product *= value * guess / mean + (1 - value) * (1 - guess) / (1 - mean)
        best, total = max(best, product), total + value
    assert alpha(x, 20, 0.6, shrink=10)[-1] == pytest.approx(1 / best, abs=1e-12)


def test_what_cannot_be_under_the_null_has_no_chance() -> None:
    assert alpha([1, 1, 1], 4, 0.75).tolist()[-1] == 0
    assert kaplan_markov([1, 1, 1], 4).tolist()[-1] == 0


def test_the_null_is_not_rejected_where_too_little_is_left() -> None:
    assert alpha([0, 0, 0], 4, 0.75).tolist() == [1, 1, 1]


def test_kaplan_markov_is_a_product_of_means_over_draws() -> None:
    assert kaplan_markov([1, 0.5, 1], None, 0.1).tolist() == pytest.approx(
        [0.6 / 1.1, 0.6 / 1.1, 0.6**2 / 1.1**2], abs=1e-12
    )
    second = (5 - 1) / 9
    assert kaplan_markov([1, 1], 10)[-1] == pytest.approx(0.5 * second, abs=1e-12)


@pytest.mark.parametrize("x", [[2], [-0.1], [[0.5, 0.5]], [0.5] * 5])
def test_what_no_assorter_gives_is_refused(x: list[object]) -> None:
    with pytest.raises(ValueError, match="expected"):
        alpha(x, 4, 0.6)


def test_the_risk_limit_holds_where_the_announced_result_is_wrong() -> None:
    """A tie, the hardest wrong outcome: at most 5 % of 2,000 audits may ever reach the limit, and noise of 2.5 sd."""
    chance = np.random.default_rng(5)
    ballots = np.repeat([0, 1], 100)
    accepted = sum(alpha(chance.permutation(ballots)[:150], 200, 0.6, shrink=20)[-1] <= 0.05 for _ in range(2000))
    assert 0 < accepted <= 2000 * 0.05 + 2.5 * (2000 * 0.05 * 0.95) ** 0.5


def test_published_sizes_of_a_polling_audit() -> None:
    assert bravo_sizes([600, 400], 1000, 0.1) == (119, 184, 244, 351)
    assert bravo_sizes([300, 200], 1000, 0.1) == (238, 368, 488, 702)
    assert bravo_p([600, 400], [72, 47]) == pytest.approx(0.07, abs=0.005)


def test_a_tie_cannot_be_audited() -> None:
    with pytest.raises(ValueError, match="tie"):
        bravo_sizes([500, 500], 1000, 0.1)
    with pytest.raises(ValueError, match="tie"):
        batch_bounds([[5, 5]], [10])


@pytest.mark.parametrize(
    ("total", "size"), [(1430.4, 4284), (332.8 + 0.55, 998), (5.0, 14), (114.6, 342), (0.9, 0), (1, 1)]
)
def test_published_first_samples_of_batches(total: float, size: int) -> None:
    assert batch_first_sample(total, 0.05) == size


def test_a_first_sample_without_an_error_reaches_the_limit() -> None:
    size = batch_first_sample(333.35, 0.05)
    assert batch_p(np.zeros(size), 333.35) <= 0.05 < batch_p(np.zeros(size - 1), 333.35)
    assert batch_p([0.5], 10) == pytest.approx(1)
    assert batch_p([1.0, 0, 0], 10) == 1


BULGARIA = [657_829, 642_165, 365_695, 345_331, 292_514, 136_885]
"""Votes of the lists above the bar, 11 July 2021; 240 seats by the Hare quota and largest remainders."""


def test_the_closest_pair_of_a_list_election() -> None:
    closest = list_assertions(BULGARIA, 240)[0]
    assert (closest.first, closest.second) == (0, 5)
    assert int(closest.margin) == 2354
    assert list_assertions(BULGARIA, [65, 63, 36, 34, 29, 13])[0] == closest


@pytest.mark.parametrize("method", ["largest-remainder", "dhondt", "sainte-lague"])
def test_assertions_hold_exactly_where_the_seats_are_those_of_the_votes(method: str) -> None:
    from sailau import allocate

    chance = np.random.default_rng(3)
    for _ in range(60):
        votes = chance.integers(1, 1000, 4)
        right = allocate(votes, 7, method=method, ties=[0, 1, 2, 3])
        made = list_assertions(votes, right.tolist(), method=method)
        assert all(a.margin >= 0 for a in made)
        for a, b in ((0, 1), (2, 3), (1, 2)):
            wrong = right.copy()
            wrong[a], wrong[b] = wrong[a] - 1, wrong[b] + 1
            if wrong.min() >= 0:
                assert not all(x.is_true() for x in list_assertions(votes, wrong.tolist(), method=method))


def test_a_score_summed_over_all_ballots_is_the_margin() -> None:
    votes = np.array([5200, 3000, 1000, 500, 300])
    made = list_assertions(votes, 11, "5%", valid=10_200)
    for one in made:
        total = sum(int(v) * s for v, s in zip(votes, one.scores, strict=True)) + 200 * one.other
        assert total == one.margin
    assert {(a.kind, a.first) for a in made if a.kind in ("above", "below")} == {
        ("above", 0), ("above", 1), ("above", 2), ("below", 3), ("below", 4),
    }  # fmt: skip


def test_quotas_majorities_and_pluralities() -> None:
    lower = list_assertions([600, 310, 90], 5, level="quota")
    assert [(a.first, a.margin) for a in lower] == [(0, 0), (1, 110)]
    assert majority_assertion([510, 470], 0, "50%", 1000).margin == 10
    assert [(a.first, a.second, a.margin) for a in plurality_assertions([10, 30, 25])] == [(1, 2, 5), (1, 0, 20)]


def test_no_announced_error_of_a_batch_is_above_its_bound() -> None:
    chance = np.random.default_rng(11)
    votes = chance.integers(0, 50, (40, 3)) + np.array([30, 15, 0])
    ballots = votes.sum(axis=1) + chance.integers(0, 5, 40)
    made = list_assertions(votes.sum(axis=0), 9)[0]
    bounds = batch_bounds(votes, ballots, made)
    # The worst: every ballot of the batch has the lowest score.
    scores = votes @ np.array([float(s) for s in made.scores])
    assert bounds == pytest.approx((scores - ballots * float(made.lowest)) / float(made.margin))
    assert bounds.min() >= 0


@pytest.mark.parametrize(("sample", "excluded"), [(100, 298), (300, 100), (500, 60), (1000, 29), (2000, 14)])
def test_published_bounds_of_altered_protocols(sample: int, excluded: int) -> None:
    assert most_altered(10_146, sample, 0.05) == excluded - 1


def test_the_bound_is_the_largest_number_with_a_chance_above_the_risk() -> None:
    def chance(altered: int, differing: int) -> Fraction:
        ways = sum(comb(altered, k) * comb(60 - altered, 20 - k) for k in range(differing + 1))
        return Fraction(ways, comb(60, 20))

    for differing in range(4):
        most = most_altered(60, 20, 0.05, differing)
        assert chance(most, differing) > Fraction(1, 20) >= chance(most + 1, differing)
    assert most_altered(60, 60, 0.05, 2) == 2
    assert most_altered(60, 0, 0.05) == 60
