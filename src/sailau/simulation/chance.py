"""Random numbers that are the same on every processor: a stream of whole numbers, tables, and arithmetic that IEEE 754 fixes.

An exponential, a logarithm or a normal number of NumPy differs in its last digits with the vector instructions of a
processor and with the system's mathematics; one vote in a million draws then falls elsewhere. Here everything is made of
the raw words of SFC64, whose stream NumPy keeps for ever, and of additions, products, quotients, roots and roundings, each
an operation of its own: IEEE 754 says what each of them gives, to the last digit.

A normal number is the quantile of a word: between 2 × 31 × 64 exact points of the distribution it runs in straight lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import prod, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

GENERATOR = {"name": "sailau-quantiles over SFC64", "version": 1}
"""What draws, for whoever wants the same draws again; the version grows with every change of a draw."""

Doubles = NDArray[np.float64]
Singles = NDArray[np.float32]

_FINE = 6
"""Binary digits of the points in each octave of probability."""
_HALF = 2048
"""Room for the lines of one half of the distribution: 31 octaves, and the middle."""
_FIRST = 127 << _FINE
"""Exponent and first digits of 1 as a number of 32 bits."""
_TABLED = 20
"""Shape parameters of gamma distributions from which their quantiles are tabled: they are nearly normal."""
_STEPS = 512
"""Points in a unit over which the density of a gamma distribution is added up."""
_CHUNK = 2**15
"""Numbers made at once: they stay in the cache."""
LN2 = 0.6931471805599453
_LN2_HIGH, _LN2_LOW = 0.693145751953125, 1.4286068203094172e-06
"""ln 2 in two parts, of which the first has so few digits that its products with exponents are exact."""

# M. J. Wichura, Algorithm AS 241: The percentage points of the normal distribution, Applied Statistics 37 (1988): numerator
# and denominator in the middle, and in tails of more than 10^-11.
_MIDDLE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.3871328727963666080),
    (5226.4952788528545610, 28729.085735721942674, 39307.895800092710610, 21213.794301586595867,
     5394.1960214247511077, 687.18700749205790830, 42.313330701600911252, 1.0),
)  # fmt: skip
_TAIL = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.241780725177450611770, 1.27045825245236838258,
     3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.148103976427480074590,
     0.689767334985100004550, 1.67638483018380384940, 2.05319162663775882187, 1.0),
)  # fmt: skip
_STIRLING = np.array([
    0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509, 0.0166446911898211,
    0.0138761288230707, 0.0118967099458917, 0.0104112652619720, 0.00925546218271273, 0.00833056343336287,
])  # fmt: skip
"""ln n! less its approximation by Stirling, for n from 0."""


class Chance:
    """A stream of random numbers.

    Args:
        seed: of a simulation or a search.
        key: which of its streams.
    """

    def __init__(self, seed: int, *key: int) -> None:
        self._bits = np.random.SFC64(np.random.SeedSequence(seed, spawn_key=key))

    def normal(self, shape: tuple[int, ...], spread: float = 1.0) -> Singles:
        """Return normal numbers of mean 0 with a standard deviation."""
        return self._from_lines(shape, _lines(spread, grows=False))

    def factors(self, shape: tuple[int, ...], spread: float) -> Singles:
        """Return e to the power of such normal numbers."""
        return self._from_lines(shape, _lines(spread, grows=True))

    def uniform(self, shape: tuple[int, ...]) -> Doubles:
        """Return numbers above 0 and below 1, evenly spread."""
        words = self._bits.random_raw(prod(shape)) >> np.uint64(12)
        return np.asarray((words.astype(np.float64) + 0.5) * 2.0**-52).reshape(shape)

    def below(self, least: int, most: int, size: int) -> NDArray[np.int64]:
        """Return whole numbers from `least` and below `most`, evenly spread."""
        return (self.uniform((size,)) * (most - least)).astype(np.int64) + least

    def equal_gammas(self, size: int, shape: float) -> Doubles:
        """Return gamma numbers of one shape parameter: their quantiles where it is large enough for a table of them."""
        if shape < _TABLED:
            return self.gammas(np.full(size, shape))
        return self._from_lines((size,), _gamma_lines(shape)).astype(np.float64)

    def gammas(self, shapes: Any) -> Doubles:
        """Return gamma numbers of scale 1 for an array of shape parameters; 0 for those of 0.

        G. Marsaglia and W. W. Tsang, A simple method for generating gamma variables, ACM TOMS 26 (2000).
        """
        shapes = np.asarray(shapes, np.float64)
        alpha = shapes.ravel()
        drawn = np.zeros(alpha.size)
        lifted = np.where(alpha < 1, alpha + 1, alpha)
        waiting = np.flatnonzero(alpha > 0)
        while waiting.size:
            rest = lifted[waiting] - 1 / 3
            normal = self.normal((waiting.size,)).astype(np.float64)
            chance = self.uniform((waiting.size,))
            cube = normal / (3 * np.sqrt(rest)) + 1
            cube *= cube * cube
            square = normal * normal
            taken = (cube > 0) & (chance < 1 - 0.0331 * (square * square))
            # Logarithms take long and few need them.
            far = np.flatnonzero(~taken & (cube > 0))
            least = 0.5 * square[far] + rest[far] * (1 - cube[far] + logarithm(cube[far]))
            taken[far] = logarithm(chance[far]) < least
            rest *= cube
            drawn[waiting[taken]] = rest[taken]
            waiting = waiting[~taken]
        small = np.flatnonzero((alpha > 0) & (alpha < 1))
        if small.size:
            drawn[small] *= exponential(logarithm(self.uniform((small.size,))) / alpha[small])
        return drawn.reshape(shapes.shape)

    def multinomials(self, numbers: NDArray[np.int64], chances: Doubles) -> NDArray[np.int64]:
        """Return how many of `numbers` (elections,) fall to each of (items, elections) chances that add up to 1."""
        drawn = np.zeros(chances.shape, np.int64)
        left, room = numbers.copy(), np.ones(len(numbers))
        for item, chance in enumerate(chances[:-1]):
            part = np.where(room > 0, chance / np.where(room > 0, room, 1), 0.0)
            drawn[item] = self.binomials(left, np.minimum(np.maximum(part, 0.0), 1.0))
            left -= drawn[item]
            room = room - chance
        drawn[-1] = left
        return drawn

    def binomials(self, numbers: NDArray[np.int64], chances: Doubles) -> NDArray[np.int64]:
        """Return how often things of some chance come in so many tries, (elections,)."""
        rare = np.where(chances > 0.5, 1 - chances, chances)
        drawn = np.zeros(len(numbers), np.int64)
        few = np.flatnonzero((numbers * rare < 10) & (numbers > 0) & (rare > 0))
        many = np.flatnonzero(numbers * rare >= 10)
        drawn[few] = self._few(numbers[few], rare[few])
        drawn[many] = self._many(numbers[many].astype(np.float64), rare[many])
        return np.where(chances > 0.5, numbers - drawn, drawn)

    def _few(self, numbers: NDArray[np.int64], chances: Doubles) -> NDArray[np.int64]:
        """Add up probabilities of 0, 1, 2 … until they pass a uniform number."""
        odds = chances / (1 - chances)
        each = exponential(numbers * logarithm(1 - chances))
        level, passed = self.uniform((len(numbers),)), each.copy()
        drawn = np.zeros(len(numbers), np.int64)
        goes_on = level > passed
        while goes_on.any():
            drawn[goes_on] += 1
            each = each * odds * ((numbers - drawn + 1) / np.maximum(drawn, 1))
            passed = passed + each
            goes_on &= (level > passed) & (drawn < numbers) & (each > 0)
        return drawn

    def _many(self, numbers: Doubles, chances: Doubles) -> NDArray[np.int64]:
        """Draw where ten or more are expected.

        W. Hörmann, The generation of binomial random variates, Journal of Statistical Computation and Simulation 46 (1993).
        """
        drawn = np.zeros(len(numbers), np.int64)
        waiting = np.arange(len(numbers))
        while waiting.size:
            n, p = numbers[waiting], chances[waiting]
            spread = np.sqrt(n * p * (1 - p))
            b = 1.15 + 2.53 * spread
            a = -0.0873 + 0.0248 * b + 0.01 * p
            place = self.uniform((waiting.size,)) - 0.5
            chance = self.uniform((waiting.size,))
            edge = 0.5 - np.abs(place)
            k = np.floor((2 * a / edge + b) * place + n * p + 0.5)
            inside = (k >= 0) & (k <= n)
            taken = inside & (edge >= 0.07) & (chance <= 0.92 - 4.2 / b)
            # Logarithms take long and few need them.
            far = np.flatnonzero(inside & ~taken)
            scaled = chance * ((2.83 + 5.1 / b) * spread) / (a / (edge * edge) + b)
            taken[far] = logarithm(scaled[far]) <= _ratio(n[far], p[far], k[far])
            drawn[waiting[taken]] = k[taken].astype(np.int64)
            waiting = waiting[~taken]
        return drawn

    def _from_lines(self, shape: tuple[int, ...], lines: tuple[Singles, Singles]) -> Singles:
        """Return the quantiles of as many words: the line that a word lies on, taken at the word."""
        heights, slopes = lines
        size = prod(shape)
        words = self._bits.random_raw(-(-size // 2)).astype("<u8", copy=False).view("<u4")[:size]
        drawn = np.empty(size, np.float32)
        for first in range(0, size, _CHUNK):
            word = words[first : first + _CHUNK]
            # Half of the probability on each side: the last digit is the side, the others are the probability.
            share = ((word >> np.uint32(1)) | np.uint32(1)).view(np.int32).astype(np.float32)
            line = share.view(np.int32) >> np.int32(23 - _FINE)
            line -= np.int32(_FIRST)
            line += ((word & np.uint32(1)) << np.uint32(11)).view(np.int32)
            part = drawn[first : first + _CHUNK]
            slopes.take(line, out=part, mode="clip")
            part *= share
            part += heights.take(line, mode="clip")
        return drawn.reshape(shape)


@lru_cache(maxsize=256)
def _lines(spread: float, *, grows: bool) -> tuple[Singles, Singles]:
    """Return heights and slopes of the lines between quantiles of a normal distribution, or of e to its power."""
    normal = quantiles(_ends() / 2.0**32) * spread
    return _joined([exponential(side) if grows else side for side in (normal, -normal)])


@lru_cache(maxsize=256)
def _gamma_lines(shape: float) -> tuple[Singles, Singles]:
    """Return the same for a gamma distribution: its density added up over points that are nearly a normal number's.

    E. B. Wilson and M. M. Hilferty, The distribution of chi-square, PNAS 17 (1931).
    """
    near_normal = np.arange(-8 * _STEPS, 8 * _STEPS + 1) / _STEPS
    root = 1 - 1 / (9 * shape) + near_normal / (3 * sqrt(shape))
    points = shape * (root * root * root)
    logs = shape * logarithm(points) - points - logarithm(root)
    density = exponential(logs - logs.max())
    # Two points and the middle between them (Simpson), from the left and from the right: small chances stay exact.
    parts = (density[:-2:2] + 4 * density[1:-1:2] + density[2::2]) / 6
    whole = _summed(parts)[-1]
    at = points[::2]
    below = np.concatenate([[0.0], _summed(parts)]) / whole
    above = np.concatenate([[0.0], _summed(parts[::-1])]) / whole
    shares = _ends() / 2.0**32
    return _joined([_crossed(shares, below, at), _crossed(shares, above, at[::-1])])


def _summed(parts: Doubles) -> Doubles:
    return np.add.accumulate(parts)


def _crossed(shares: Doubles, sums: Doubles, at: Doubles) -> Doubles:
    """Return where rising sums cross shares, on straight lines."""
    right = np.searchsorted(sums, shares)
    left = right - 1
    return at[left] + (at[right] - at[left]) * ((shares - sums[left]) / (sums[right] - sums[left]))


def _ends() -> Doubles:
    """Return the ends of all lines of one half, in parts of 2^-32."""
    octave, step = np.divmod(np.arange(_HALF), 1 << _FINE)
    return np.minimum(np.ldexp(1.0 + step / (1 << _FINE), octave.astype(np.int32)), 2.0**31)


def _joined(halves: Sequence[Doubles]) -> tuple[Singles, Singles]:
    """Return heights and slopes of the lines between values at their ends, one half after the other."""
    ends = _ends()
    heights, slopes = np.zeros(2 * _HALF), np.zeros(2 * _HALF)
    for half, value in enumerate(halves):
        width = np.diff(ends, append=ends[-1])
        slope = np.diff(value, append=value[-1]) / np.where(width > 0, width, 1)
        slopes[half * _HALF : (half + 1) * _HALF] = slope
        heights[half * _HALF : (half + 1) * _HALF] = value - slope * ends
    return heights.astype(np.float32), slopes.astype(np.float32)


def quantiles(shares: Doubles) -> Doubles:
    """Return where a standard normal number lies below with a probability from 10^-11 to one half."""
    middle = shares - 0.5
    near = 0.180625 - middle * middle
    far = np.sqrt(-logarithm(shares)) - 1.6
    centre = _horner(_MIDDLE[0], near) * middle / _horner(_MIDDLE[1], near)
    return np.where(middle >= -0.425, centre, -_horner(_TAIL[0], far) / _horner(_TAIL[1], far))


def exponential(values: Any) -> Doubles:
    """Return e to the power of numbers from −700 to 700 (less: 0), to the last digit or two, the same everywhere."""
    values = np.maximum(np.asarray(values, np.float64), -740.0)
    twos = np.rint(values * 1.4426950408889634)
    rest = (values - twos * _LN2_HIGH) - twos * _LN2_LOW
    total = np.ones_like(rest)
    for number in range(14, 0, -1):
        total = 1 + rest * total / number
    return np.asarray(np.ldexp(total, twos.astype(np.int32)))


def logarithm(values: Any) -> Doubles:
    """Return the natural logarithm of numbers above 0, to the last digit or two, the same everywhere."""
    part, twos = np.frexp(np.asarray(values, np.float64))
    small = part < 0.7071067811865476
    part, power = np.where(small, part + part, part), twos - small
    rest = (part - 1) / (part + 1)
    square = rest * rest
    total = np.zeros_like(rest)
    for number in range(23, 0, -2):
        total = total * square + 1 / number
    return np.asarray(power * _LN2_HIGH + (2 * rest * total + power * _LN2_LOW))


def _horner(factors: tuple[float, ...], at: Doubles) -> Doubles:
    total = np.zeros_like(at)
    for factor in factors:
        total = total * at + factor
    return total


def _ratio(n: Doubles, p: Doubles, k: Doubles) -> Doubles:
    """Return the logarithm of how likely k of n are, beside the likeliest number."""
    odds, mode = p / (1 - p), np.floor((n + 1) * p)
    return np.asarray(
        (mode + 0.5) * logarithm((mode + 1) / (odds * (n - mode + 1)))
        + (n + 1) * logarithm((n - mode + 1) / (n - k + 1))
        + (k + 0.5) * logarithm(odds * (n - k + 1) / (k + 1))
        + (_stirling(mode) + _stirling(n - mode) - _stirling(k) - _stirling(n - k))
    )


def _stirling(numbers: Doubles) -> Doubles:
    next_one = numbers + 1
    square = next_one * next_one
    far = (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / next_one
    return np.where(numbers <= 9, _STIRLING[np.minimum(numbers, 9).astype(np.int64)], far)
