"""Distributions that tests of integrity need: tails of the normal and the chi-square law, logarithms of the gamma function.

All are closed forms or series in NumPy, so that no further library is needed.
"""

from __future__ import annotations

from math import erfc, exp, lgamma, log, pi, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
_SHIFT = 12
"""Arguments below are shifted up to here before Stirling's series: it is then exact to about 13 digits."""


def normal_tail(z: float) -> float:
    """Return P(Z > z) of the standard normal law."""
    return 0.5 * erfc(z / sqrt(2))


def student_quantile(freedom: int) -> float:
    """Return what the absolute value of Student's t exceeds in 5 of 100 cases; from 3 degrees of freedom on to a hundredth.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5.
    """
    z, v = 1.959963985, float(max(freedom, 1))
    steps = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    terms: list[float] = [step / v**n for n, step in enumerate(steps, 1)]
    return z + sum(terms)


def chi_square_tail(statistic: float, freedom: int) -> float:
    """Return P(X > statistic) of the chi-square law, as the finite sum for whole degrees of freedom.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.4.4 and 26.4.5.
    """
    if statistic <= 0:
        return 1.0
    half = statistic / 2
    first = 0.5 if freedom % 2 else 0.0
    tail = erfc(sqrt(half)) if freedom % 2 else 0.0
    terms = np.arange(freedom // 2) + first
    return min(1.0, tail + sum(exp(-half + j * log(half) - lgamma(j + 1)) for j in terms))


def log_gamma(values: ArrayLike) -> Floats:
    """Return the logarithm of the gamma function of positive numbers, any shape."""
    x = np.asarray(values, np.float64)
    product = np.ones_like(x)
    for step in range(_SHIFT):
        product *= x + step
    y = x + _SHIFT
    inverse = 1 / y
    square = inverse * inverse
    series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))
    return np.asarray((y - 0.5) * np.log(y) - y + 0.5 * log(2 * pi) + series - np.log(product), np.float64)


def log_factorials(most: int) -> Floats:
    """Return ln(k!) for k from 0 to `most`."""
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, most + 1)))])


def false_discoveries(p_values: ArrayLike, rate: float = 0.05) -> NDArray[np.bool_]:
    """Return which hypotheses are rejected while at most `rate` of the rejected are expected to be true.

    Source: Benjamini and Hochberg, Journal of the Royal Statistical Society B 57 (1995).
    """
    p = np.asarray(p_values, np.float64)
    order = np.argsort(p, kind="stable")
    under = np.flatnonzero(p[order] <= rate * np.arange(1, len(p) + 1) / max(len(p), 1))
    rejected = np.zeros(len(p), np.bool_)
    rejected[order[: under[-1] + 1 if len(under) else 0]] = True
    return rejected


def fisher_exact(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Return the two-sided p-value that two (hits, misses) come from one share: tables at most as likely as this one.

    Source: R. A. Fisher, Journal of the Royal Statistical Society 98 (1935).
    """
    (a, b), (c, d) = first, second
    size, other, hits = a + b, c + d, a + c
    logs = log_factorials(size + other)
    k = np.arange(max(0, hits - other), min(hits, size) + 1)
    mass = logs[size] - logs[k] - logs[size - k] + logs[other] - logs[hits - k] - logs[other - hits + k]
    mass -= logs[size + other] - logs[hits] - logs[size + other - hits]
    seen = mass[a - int(k[0])]
    return float(min(1.0, np.exp(mass[mass <= seen + 1e-9]).sum()))
