"""Risk-limiting audits: how much to look at, and what was seen so far proves.

Everywhere the null hypothesis is that the announced result is wrong; a p-value is the largest chance to see what was seen
if it were. p-values are sequential: one may look after each draw and stop when the limit is reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, comb, floor, log, sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sailau.integrity.chances import Floats

_HALF = 0.5
_TOP = 1.0
"""The largest value an assorter gives to a ballot; the smallest is 0."""
_CHANCES = (0.7, 0.8, 0.9)


class BravoSizes(NamedTuple):
    """How many ballots a polling audit needs if the announced votes are right.

    Attributes:
        expected: on the average, drawn one by one.
        seventy: so that one round ends the audit with a chance of 70 per cent.
        eighty: the same with 80 per cent.
        ninety: the same with 90 per cent.
    """

    expected: int
    seventy: int
    eighty: int
    ninety: int


def alpha(x: ArrayLike, population: int | None, eta: float, shrink: float | None = None) -> Floats:
    """Return the p-value after each draw that the mean of a population of numbers from 0 to 1 is at most 1/2.

    Source: P. B. Stark, ALPHA: audit that learns from previously hand-audited ballots, Annals of Applied Statistics 17
    (2023): section 2 for the fixed alternative, 2.5.2 for the truncated shrinkage estimator.

    Args:
        x: (draws,) what the assorter gave to each ballot, in the order of drawing.
        population: ballots in all, drawn without replacement; None where they were drawn with replacement.
        eta: the mean if the announced result is right, above 1/2.
        shrink: weight of `eta` against what was drawn, in draws; None keeps `eta` as a fixed alternative.

    Returns:
        (draws,) the smallest p-value so far, at most 1.

    Raises:
        ValueError: a number is not from 0 to 1, there are more draws than ballots, or eta is not above 1/2.
    """
    drawn = _drawn(x, population)
    if not _HALF < eta <= _TOP:
        raise ValueError(f"eta {eta}: expected above 1/2 and at most 1")
    null, before, place = _null_means(drawn, population)
    if shrink is None:
        guess = np.full(len(drawn), eta) if population is None else (population * eta - before) / (population - place)
        guess = np.minimum(guess, _TOP)
    else:
        weight = shrink + place
        guess = np.maximum((shrink * eta + before) / weight, null + (eta - _HALF) / 2 / np.sqrt(weight))
        guess = np.minimum(guess, _TOP * (1 - np.finfo(np.float64).eps))
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = (drawn * guess / null + (_TOP - drawn) * (_TOP - guess) / (_TOP - null)) / _TOP
    return _p_values(terms, drawn, null)


def kaplan_markov(x: ArrayLike, population: int | None, g: float = 0.0) -> Floats:
    """Return the p-value after each draw that the mean of a population of numbers of at least 0 is at most 1/2.

    Source: P. B. Stark, Risk-limiting postelection audits: conservative P-values from common probability inequalities,
    IEEE Transactions on Information Forensics and Security 4 (2009); without replacement the mean that the null
    hypothesis leaves takes the place of 1/2.

    Args:
        x: (draws,) what was drawn, in order.
        population: how many there are in all, drawn without replacement; None with replacement.
        g: added to every number, so that one zero does not end the audit.

    Returns:
        (draws,) the smallest p-value so far, at most 1.

    Raises:
        ValueError: a number is below 0, g is, or there are more draws than numbers.
    """
    drawn = _drawn(x, population, most=np.inf)
    if g < 0:
        raise ValueError(f"g {g}: expected at least 0")
    null, _, _ = _null_means(drawn, population)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = (drawn + g) / (null + g)
    return _p_values(terms, drawn, null, top=np.inf)


def _drawn(x: ArrayLike, population: int | None, most: float = _TOP) -> Floats:
    drawn = np.atleast_1d(np.asarray(x, np.float64))
    if drawn.ndim != 1 or not np.all((drawn >= 0) & (drawn <= most)):
        raise ValueError(f"x: expected numbers from 0 to {most:g} in one row")
    if population is not None and len(drawn) > population:
        raise ValueError(f"{len(drawn)} draws: expected at most the {population} of the population")
    return drawn


def _null_means(drawn: Floats, population: int | None) -> tuple[Floats, Floats, Floats]:
    """Return before each draw: the largest mean of what is left under the null, the sum so far, the number so far."""
    place = np.arange(len(drawn), dtype=np.float64)
    before = np.cumsum(drawn) - drawn
    if population is None:
        return np.full(len(drawn), _HALF), before, place
    return (population * _HALF - before) / (population - place), before, place


def _p_values(terms: Floats, drawn: Floats, null: Floats, top: float = _TOP) -> Floats:
    """Return the smallest 1/M so far, M being the product of the terms; what the null makes impossible has p = 0."""
    impossible = (null < 0) | ((null <= 0) & (drawn > 0))
    certain = null >= top
    terms = np.where((null <= 0) & (drawn == 0), 1.0, terms)
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithms = np.log(np.where(certain | impossible, 1.0, terms))
        best = np.maximum.accumulate(np.where(np.maximum.accumulate(certain), -np.inf, np.cumsum(logarithms)))
    p = np.exp(-np.maximum(best, 0.0))
    p[np.maximum.accumulate(impossible)] = 0.0
    return np.asarray(p, np.float64)


def bravo_sizes(votes: ArrayLike, ballots: int, risk: float) -> BravoSizes:
    """Return how many ballots a BRAVO polling audit needs, of the closest pair of the winner and a loser.

    Source: M. Lindeman, P. B. Stark, V. S. Yates, BRAVO: ballot-polling risk-limiting audits to verify outcomes,
    EVT/WOTE 2012; the sizes of one round by the normal law.

    Args:
        votes: (options,) announced votes; the largest wins.
        ballots: ballots in all, also those without a valid vote.
        risk: limit, from 0 to 1.

    Raises:
        ValueError: the two first are tied, or risk is no share.
    """
    _check_risk(risk)
    sizes = [_pair_sizes(w, lost, ballots, risk) for w, lost in _pairs(votes)]
    return BravoSizes(*(min(ballots, max(column)) for column in zip(*sizes, strict=True)))


def _pair_sizes(won: int, lost: int, ballots: int, risk: float) -> tuple[int, ...]:
    target = log(1 / risk)
    p, q = won / (won + lost), lost / (won + lost)
    up, down = log(2 * p), log(2 * q) if lost else 0.0
    drift = p * up + q * down
    share = (won + lost) / ballots
    expected = ceil((target + up / 2) / (drift * share))
    if not lost:
        return (expected, *([ceil(ceil(target / up) / share)] * len(_CHANCES)))
    spread = sqrt(p * q) * (up - down)
    rooted = (NormalDist().inv_cdf(chance) * spread for chance in _CHANCES)
    drawn = (((z + sqrt(z * z + 4 * drift * target)) / (2 * drift)) ** 2 for z in rooted)
    return (expected, *(ceil(floor(n) / share) for n in drawn))


def bravo_p(votes: ArrayLike, sample: ArrayLike) -> float:
    """Return the p-value of a polling audit: the largest of those of the winner against each loser.

    Source: as `bravo_sizes`; the statistic of a pair is the likelihood ratio of the announced shares against a tie.

    Args:
        votes: (options,) announced votes; the largest wins.
        sample: (options,) votes on the ballots that were drawn, in the same order.

    Raises:
        ValueError: the two first are tied.
    """
    announced, drawn = _whole(votes), _whole(sample)
    winner = announced.index(max(announced))
    worst = 0.0
    for won, lost, place in ((*pair, place) for pair, place in zip(_pairs(votes), _others(announced), strict=True)):
        share = won / (won + lost)
        if drawn[place] and not lost:
            return 1.0
        ratio = drawn[winner] * log(2 * share) + (drawn[place] * log(2 * (1 - share)) if drawn[place] else 0.0)
        worst = max(worst, float(np.exp(-max(ratio, 0.0))))
    return worst


def _whole(values: ArrayLike) -> list[int]:
    return [int(v) for v in np.asarray(values).ravel()]


def _others(votes: Sequence[int]) -> list[int]:
    winner = votes.index(max(votes))
    return [i for i in range(len(votes)) if i != winner]


def _pairs(votes: ArrayLike) -> list[tuple[int, int]]:
    """Return the votes of the winner and of each loser."""
    announced = _whole(votes)
    pairs = [(max(announced), announced[i]) for i in _others(announced)]
    if not pairs or any(won <= lost for won, lost in pairs):
        raise ValueError(
            "no single winner: expected one option with more votes than any other; a tie cannot be audited"
        )
    return pairs


# ---------------------------------------------------------------- batches


def batch_first_sample(U: float | Fraction, risk: float) -> int:  # noqa: N803 - the letter of the literature
    """Return how many batches to draw first: if none shows an error, the risk limit is reached.

    Source: P. B. Stark, as `kaplan_markov`; draws are with probability proportional to the largest possible error.

    Args:
        U: sum of the largest possible errors of all batches, in margins (`batch_bounds`).
        risk: limit, from 0 to 1.

    Returns:
        0 where no errors could change the result.
    """
    _check_risk(risk)
    if U < 1:
        return 0
    if U == 1:
        return 1
    keep = 1 - 1 / Fraction(U)
    size = max(1, ceil(log(risk) / log(keep)))
    limit = Fraction(str(risk))
    # The logarithms propose, whole numbers decide where the result is near.
    while size > 1 and size < _EXACT and keep ** (size - 1) <= limit:
        size -= 1
    while size < _EXACT and keep**size > limit:
        size += 1
    return size


_EXACT = 100
"""Draws up to which powers of fractions are compared exactly."""


def batch_p(taints: ArrayLike, U: float | Fraction) -> float:  # noqa: N803
    """Return the p-value of a comparison of batches: the product of (1 − 1/U) ÷ (1 − taint), at most 1.

    Args:
        taints: (draws,) error of each drawn batch as a share of its largest possible one; a batch drawn twice twice.
        U: as in `batch_first_sample`.

    Raises:
        ValueError: a taint above 1.
    """
    errors = np.asarray(taints, np.float64).ravel()
    if np.any(errors > 1):
        raise ValueError("taint above 1: expected at most 1")
    if U < 1:
        return 0.0
    if np.any(errors == 1):
        return 1.0
    if U == 1:
        return 0.0 if len(errors) else 1.0
    return float(min(1.0, np.exp(len(errors) * np.log(1 - 1 / float(U)) - np.log1p(-errors).sum())))


def _check_risk(risk: float) -> None:
    if not 0 < risk < 1:
        raise ValueError(f"risk {risk}: expected above 0 and below 1")


# ---------------------------------------------------------------- copies


def most_altered(population: int, sample: int, risk: float = 0.05, differing: int = 0) -> int:
    """Return how many of all protocols may differ at most, if so many of a random sample do.

    The largest number D for which a sample with at most `differing` such protocols has a chance above `risk`; exact, by the
    hypergeometric law.

    Args:
        population: protocols in all.
        sample: how many were drawn at random, without replacement, and compared.
        risk: 0.05 for a statement with 95 per cent confidence.
        differing: how many of the sample differ.

    Raises:
        ValueError: the sample is larger than the population, or more differ than were drawn.
    """
    _check_risk(risk)
    if not 0 <= differing <= sample <= population:
        raise ValueError(f"{differing} of {sample} of {population}: expected numbers that grow")
    if not sample:
        return population
    limit, every = Fraction(str(risk)), comb(population, sample)
    low, high = differing, population - sample + differing
    while low < high:
        middle = (low + high + 1) // 2
        ways = sum(comb(middle, k) * comb(population - middle, sample - k) for k in range(differing + 1))
        low, high = (middle, high) if ways > limit * every else (low, middle - 1)
    return low


def tickets(seed: str, numbers: Sequence[int] | NDArray[np.int64]) -> list[Fraction]:
    """Return the random number from 0 to 1 of each draw: SHA-256 of the seed, a comma and the draw's number, ÷ 2^256."""
    from hashlib import sha256

    return [Fraction(int.from_bytes(sha256(f"{seed},{n}".encode()).digest(), "big"), 1 << 256) for n in numbers]
