"""Where to look first: tests of the figures of polling stations against what chance alone would give.

Every test has a null model and assumptions that can be wrong; none proves anything about a station. Arguments are rows of
one number for each station:

* `listed`: voters on the list; * `issued`: ballots issued (turnout); * `counted`: ballots counted, valid and invalid;
* `votes`: of the option under test.
"""

from __future__ import annotations

from itertools import product
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sailau.integrity.chances import Floats, chi_square_tail, log_factorials, log_gamma, normal_tail

Whole = NDArray[np.int64]
_BLOCK = 4096
"""Stations worked on at once."""


class IntegerExcess(NamedTuple):
    """How many more stations than by chance have a whole percentage of turnout or of votes.

    Attributes:
        excess: observed less expected.
        observed: stations with such a percentage.
        expected: by chance.
        sd: standard deviation of the number by chance.
        z: excess in standard deviations.
        p: chance of at least this excess, by the normal law.
        stations: how many were tested.
    """

    excess: float
    observed: int
    expected: float
    sd: float
    z: float
    p: float
    stations: int

    def __float__(self) -> float:
        return self.excess


def integer_excess(issued: ArrayLike, listed: ArrayLike, votes: ArrayLike, counted: ArrayLike) -> IntegerExcess:
    """Count the stations whose turnout or share of votes is within 0.05 of a whole percentage, and those that chance gives.

    Null: votes and turnout of each station are binomial around what the station reports, independently. The expectation is
    a sum of probabilities, in closed form; nothing is drawn.

    Source: D. Kobak, S. Shpilkin, M. S. Pshenichnikov, Integer percentages as electoral falsification fingerprints, Annals
    of Applied Statistics 10 (2016). Stations with at least 100 voters listed, and turnout and share of at most 99 %.
    """
    return excess_of(*integer_marks(issued, listed, votes, counted))


def integer_marks(
    issued: ArrayLike, listed: ArrayLike, votes: ArrayLike, counted: ArrayLike, multiple: int = 1
) -> tuple[NDArray[np.bool_], Floats]:
    """Return, of the stations that are tested, which have a whole percentage and with what chance each would have.

    Args:
        issued: ballots issued.
        listed: voters on the list.
        votes: of the option under test.
        counted: ballots counted.
        multiple: 5 for multiples of five per cent only.
    """
    rows = _large(issued, listed, votes, counted)
    issued_, listed_, votes_, counted_ = (row for row in rows)
    marked = _is_whole(votes_, counted_, multiple) | _is_whole(issued_, listed_, multiple)
    share, turnout = _chance_whole(votes_, counted_, multiple), _chance_whole(issued_, listed_, multiple)
    return marked, share + turnout - share * turnout


def excess_of(marked: NDArray[np.bool_], chance: Floats) -> IntegerExcess:
    """Return the excess of what `integer_marks` returned."""
    observed, expected = int(marked.sum()), float(chance.sum())
    sd = sqrt(float((chance * (1 - chance)).sum()))
    z = (observed - expected) / sd if sd else 0.0
    return IntegerExcess(observed - expected, observed, expected, sd, z, normal_tail(z), len(marked))


def _large(issued: ArrayLike, listed: ArrayLike, votes: ArrayLike, counted: ArrayLike) -> tuple[Whole, ...]:
    """Return the stations that are tested: with votes, 100 voters, turnout and share of at most 99 %, figures in order."""
    t, n, w, v = (np.asarray(row, np.int64).ravel() for row in (issued, listed, votes, counted))
    kept = (v > 0) & (n >= 100) & (100 * t <= 99 * n) & (100 * w <= 99 * v) & (w >= 0) & (t >= 0)
    return t[kept], n[kept], w[kept], v[kept]


def _is_whole(k: Whole, n: Whole, multiple: int) -> NDArray[np.bool_]:
    """Whether 100 k/n is within 0.05 of a multiple, exactly."""
    nearest = multiple * ((200 * k + multiple * n) // (2 * multiple * n))
    return np.asarray(np.abs(2000 * k - 20 * n * nearest) <= n)


def _chance_whole(k: Whole, n: Whole, multiple: int) -> Floats:
    """Return the chance that a binomial number around k of n is within 0.05 of a multiple of one per cent."""
    logs = log_factorials(int(n.max(initial=0)))
    chance = np.zeros(len(n))
    order = np.argsort(n, kind="stable")
    for start in range(0, len(n), _BLOCK):
        rows = order[start : start + _BLOCK]
        chance[rows] = _chances(k[rows], n[rows], multiple, logs)
    return chance


def _chances(k: Whole, n: Whole, multiple: int, logs: Floats) -> Floats:
    p = k / n
    # Beyond nine standard deviations nothing is left to add.
    reach = int(np.ceil((900 * np.sqrt(np.maximum(p * (1 - p), 1 / n) / n)).max() / multiple)) + 1
    centre = multiple * np.rint(100 * p / multiple).astype(np.int64)
    chance = np.zeros(len(n))
    with np.errstate(divide="ignore"):
        yes, no = np.log(p), np.log1p(-p)
    for step in range(-min(reach, 100), min(reach, 100) + 1):
        percent = centre + multiple * step
        low = np.maximum(-((n - 20 * percent * n) // 2000), 0)
        high = np.where((percent < 0) | (percent > 100), -1, np.minimum((20 * percent * n + n) // 2000, n))
        for offset in range(int((high - low).max(initial=-1)) + 1):
            hit = low + offset
            valid = hit <= high
            hit = np.where(valid, hit, 0)
            with np.errstate(invalid="ignore"):
                mass = logs[n] - logs[hit] - logs[n - hit] + _times(hit, yes) + _times(n - hit, no)
            chance += np.where(valid, np.exp(mass), 0.0)
    return np.minimum(chance, 1.0)


def _times(count: Whole, logarithm: Floats) -> Floats:
    return np.where(count == 0, 0.0, count * logarithm)


# ---------------------------------------------------------------- digits


class Digits(NamedTuple):
    """A test of digits.

    Attributes:
        mean: of the digits; 4.5 by chance for last ones, 4.187 for second ones.
        chi_square: statistic with nine degrees of freedom.
        p: its chance.
        counts: how often each digit from 0 to 9 occurs.
        numbers: how many were tested.
        round_share: share of 0 and 5; 0.2 by chance for last digits.
        repeated: share of numbers whose last two digits are equal; 0.1 by chance.
    """

    mean: float
    chi_square: float
    p: float
    counts: tuple[int, ...]
    numbers: int
    round_share: float
    repeated: float


def last_digit(counts: ArrayLike, least: int = 100) -> Digits:
    """Test the last digits of numbers of at least `least` against equal chances.

    Source: B. Beber, A. Scacco, What the numbers say, Political Analysis 20 (2012).
    """
    numbers = np.asarray(counts, np.int64).ravel()
    numbers = numbers[numbers >= least]
    return _digits(numbers % 10, np.full(10, 0.1), numbers)


def second_digit(counts: ArrayLike, least: int = 10) -> Digits:
    """Test the second digits of numbers against Benford's law.

    No null model of it holds for polling stations (J. Deckert, M. Myagkov, P. Ordeshook, Benford's law and the detection of
    election fraud, Political Analysis 19, 2011): it is here because readers ask for it, and in no report by default.
    """
    numbers = np.asarray(counts, np.int64).ravel()
    numbers = numbers[numbers >= least]
    lead = numbers.copy()
    while np.any(lead >= 100):
        lead = np.where(lead >= 100, lead // 10, lead)
    tens = np.arange(1, 10)
    chances = np.array([np.log10(1 + 1 / (10 * tens + d)).sum() for d in range(10)])
    return _digits(lead % 10, chances, numbers)


def _digits(digits: Whole, chances: Floats, numbers: Whole) -> Digits:
    counts = np.bincount(digits, minlength=10)
    total = int(counts.sum())
    if not total:
        return Digits(0.0, 0.0, 1.0, (0,) * 10, 0, 0.0, 0.0)
    expected = chances * total
    statistic = float(((counts - expected) ** 2 / expected).sum())
    mean = float((counts * np.arange(10)).sum() / total)
    repeated = float(np.mean(numbers % 10 == numbers // 10 % 10))
    round_share = float(counts[0] + counts[5]) / total
    return Digits(mean, statistic, chi_square_tail(statistic, 9), tuple(map(int, counts)), total, round_share, repeated)


# ---------------------------------------------------------------- fingerprint


class Fingerprint(NamedTuple):
    """Turnout against share of votes.

    Attributes:
        histogram: (200, 200) voters listed by turnout (rows) and share (columns), in bins of half a per cent.
        skewness: of the logarithmic vote rate ln((listed − votes) ÷ votes).
        kurtosis: of the same, 0 for the normal law.
        cumulative: (200,) share of the votes from stations with at most this turnout.
    """

    histogram: Floats
    skewness: float
    kurtosis: float
    cumulative: Floats


class FraudFit(NamedTuple):
    """The model that fits the histogram of votes ÷ listed best; heterogeneous regions look like `incremental`.

    Attributes:
        incremental: share of stations to which some votes were added.
        extreme: share of stations to which nearly all were.
        power: what the added share does to the opponents' votes: x^power of them move.
        distance: sum of squares between the two histograms.
    """

    incremental: float
    extreme: float
    power: float
    distance: float


_BINS = 200
_EXTREME = 0.075
_POWERS = (1.0, 1.5, 2.0, 3.0)
_SPREADS = (0.25, 0.35, 0.5, 0.0)
"""Spreads of half-normal shares that are added; 0 stands for shares equally likely from 0 to 1."""
_DRAWN = 60_000
_ROUNDS_OF_FIT = 4


def fingerprint(issued: ArrayLike, listed: ArrayLike, votes: ArrayLike, counted: ArrayLike) -> Fingerprint:
    """Return the fingerprint of an election.

    Source: P. Klimek, Y. Yegorov, R. Hanel, S. Thurner, Statistical detection of systematic election irregularities, PNAS
    109 (2012).
    """
    t, n, w, v = _plausible(issued, listed, votes, counted)
    turnout, share = t / n, w / v
    edges = np.linspace(0, 1, _BINS + 1)
    histogram = np.histogram2d(turnout, share, bins=[edges, edges], weights=n)[0]
    some = (w > 0) & (w < n)
    rate = np.log((n[some] - w[some]) / w[some])
    centred = rate - rate.mean() if len(rate) else rate
    spread = float(np.sqrt((centred**2).mean())) if len(rate) else 0.0
    skewness = float((centred**3).mean() / spread**3) if spread else 0.0
    kurtosis = float((centred**4).mean() / spread**4 - 3) if spread else 0.0
    by_turnout = np.histogram(turnout, bins=edges, weights=w)[0]
    return Fingerprint(histogram, skewness, kurtosis, np.cumsum(by_turnout) / max(float(w.sum()), 1.0))


def fingerprint_fit(
    issued: ArrayLike, listed: ArrayLike, votes: ArrayLike, counted: ArrayLike, *, seed: int = 1
) -> FraudFit:
    """Return the shares of stations with added votes that fit the distributions of turnout, votes and votes ÷ listed best.

    The histograms of the model are linear in both shares: each part is drawn once, and least squares solve the rest. Fair
    turnout and votes are normal around their modes, as wide as the side that added votes do not reach; since added votes
    move these, too, they are corrected until the fitted model has the modes and widths that are observed.

    On 20,000 simulated stations planted shares come back within 0.05 (`extreme`: 0.01). Where what is added is small (spread
    0.3), stuffed stations can hardly be told from fair ones, and half of them come out as four tenths.

    Source: as `fingerprint`; the correction is indirect inference (C. Gouriéroux, A. Monfort, E. Renault, Journal of Applied
    Econometrics 8, 1993).

    Args:
        issued: ballots issued.
        listed: voters on the list.
        votes: of the option under test.
        counted: ballots counted.
        seed: of the draws.
    """
    t, n, w, v = _plausible(issued, listed, votes, counted)
    if len(n) < 2:
        return FraudFit(0.0, 0.0, 1.0, 0.0)
    observed, sides = _rates(t / n, w / v), np.array([_left_side(t / n), _left_side(w / v)])
    fair, fits = sides.copy(), []
    for _ in range(_ROUNDS_OF_FIT):
        fit, made = _best_fit(observed, fair, np.random.default_rng(seed))
        fits.append(fit)
        moved = np.array([_left_side(made[0]), _left_side(made[1])])
        fair[:, 0] = np.clip(fair[:, 0] + sides[:, 0] - moved[:, 0], 0.01, 0.99)
        fair[:, 1] = np.clip(fair[:, 1] * sides[:, 1] / moved[:, 1], 0.005, 1.0)
    return min(fits, key=lambda fit: fit.distance)


def _best_fit(observed: Floats, fair: Floats, chance: np.random.Generator) -> tuple[FraudFit, tuple[Floats, Floats]]:
    """Return the best fit around fair modes and widths, shape (turnout and votes, both), and the election that it draws."""
    turnout, share = (_truncated(chance, mode, spread, _DRAWN) for mode, spread in fair)
    base = _rates(turnout, share)
    nearly = 1 - np.minimum(np.abs(chance.normal(0, _EXTREME, _DRAWN)), 1.0)
    steps, even = np.abs(chance.normal(0, 1, _DRAWN)), chance.random(_DRAWN)
    none = float(((observed - base) ** 2).sum())
    best, drawn = FraudFit(0.0, 0.0, 1.0, none), [(turnout, share)] * 2
    for spread, power in product(_SPREADS, _POWERS):
        some = np.minimum(spread * steps, 1.0) if spread else even
        stuffed = [_stuffed(turnout, share, x, power) for x in (some, nearly)]
        parts = np.stack([_rates(*one) - base for one in stuffed], axis=1)
        shares = _shares(parts, observed - base)
        distance = float(((observed - base - parts @ np.array(shares)) ** 2).sum())
        if distance < best.distance:
            best, drawn = FraudFit(*shares, power, distance), stuffed
    kind = chance.random(_DRAWN)
    places = [kind < best.incremental, kind < best.incremental + best.extreme]
    return best, tuple(np.select(places, [drawn[0][i], drawn[1][i]], (turnout, share)[i]) for i in (0, 1))  # type: ignore[return-value]


def _stuffed(turnout: Floats, share: Floats, x: Floats, power: float) -> tuple[Floats, Floats]:
    """Return turnout and share after a share x of those who stayed away was added and x^power of other votes moved."""
    more = turnout + x * (1 - turnout)
    votes = turnout * share + x * (1 - turnout) + x**power * turnout * (1 - share)
    return more, np.minimum(votes / np.maximum(more, 1e-12), 1.0)


def _plausible(issued: ArrayLike, listed: ArrayLike, votes: ArrayLike, counted: ArrayLike) -> tuple[Whole, ...]:
    t, n, w, v = (np.asarray(row, np.int64).ravel() for row in (issued, listed, votes, counted))
    kept = (n > 0) & (v > 0) & (t <= n) & (w <= v) & (v <= n) & (w >= 0) & (t >= 0)
    return t[kept], n[kept], w[kept], v[kept]


def _rates(turnout: Floats, share: Floats) -> Floats:
    """Return the histograms of votes ÷ listed, turnout and share, one behind the other."""
    rows = (turnout * share, turnout, share)
    return np.concatenate([np.histogram(row, bins=100, range=(0, 1))[0] / row.size for row in rows])


def _left_side(values: Floats) -> tuple[float, float]:
    """Return the mode of shares and the standard deviation of what lies below it.

    The mode is the top of a parabola through the logarithms of the histogram, within one such deviation around its largest
    bin: one bin alone moves by chance.
    """
    counts = np.histogram(values, bins=100, range=(0, 1))[0]
    centres = (np.arange(100) + 0.5) / 100
    mode = float(centres[int(np.argmax(np.convolve(counts, np.ones(5) / 5, mode="same")))])
    near = (np.abs(centres - mode) <= max(_spread_below(values, mode), 0.015)) & (counts > 0)
    if near.sum() > 2:
        bend, slope, _ = np.polyfit(centres[near] - mode, np.log(counts[near]), 2, w=np.sqrt(counts[near]))
        if bend < 0:
            mode += float(np.clip(-slope / (2 * bend), -0.05, 0.05))
    return mode, _spread_below(values, mode)


def _spread_below(values: Floats, mode: float) -> float:
    below = values[values <= mode]
    return max(float(np.sqrt(((below - mode) ** 2).mean())), 0.005) if len(below) else 0.01


def _truncated(chance: np.random.Generator, mode: float, spread: float, number: int) -> Floats:
    """Draw normal numbers from 0 to 1."""
    drawn = chance.normal(mode, spread, number)
    while np.any(out := (drawn < 0) | (drawn > 1)):
        drawn[out] = chance.normal(mode, spread, int(out.sum()))
    return drawn


def _shares(parts: Floats, target: Floats) -> tuple[float, float]:
    """Return the two shares, from 0 to 1, that fit best by least squares."""
    pairs = [np.linalg.lstsq(parts, target, rcond=None)[0]]
    for place in (0, 1):
        alone = np.zeros(2)
        alone[place] = parts[:, place] @ target / max(float(parts[:, place] @ parts[:, place]), 1e-300)
        pairs.append(alone)
    allowed = [np.clip(pair, 0.0, 1.0) for pair in (*pairs, np.zeros(2))]
    best = min(allowed, key=lambda pair: float(((parts @ pair - target) ** 2).sum()))
    return float(best[0]), float(best[1])


# ---------------------------------------------------------------- resampled kernel density


class SpikeShare(NamedTuple):
    """How much of an election stands in spikes of the density of shares that resampling does not give.

    Attributes:
        percent: of the stations, bin 0 left out.
        spikes: shares, in tenths of a per cent, where the density exceeds that of every replicate; the largest excess first.
        stations: how many were tested.
        replicates: elections drawn.
    """

    percent: float
    spikes: tuple[int, ...]
    stations: int
    replicates: int


_GRID = 1000
_WIDTH = 1e-4
_PARTS = 6
_BEYOND = 4.0
"""Standard deviations beyond the mean of the replicates: of a thousand points some exceed any 300 replicates by chance."""
_ROUNDS = 30
_FITTED = 20_000


def resampled_density(
    issued: ArrayLike,
    listed: ArrayLike,
    votes: ArrayLike,
    counted: ArrayLike,
    *,
    seed: int = 1,
    replicates: int = 300,
) -> SpikeShare:
    """Compare the density of shares of votes with that of elections drawn from each station's own posterior.

    Turnout given the list, and votes given turnout, are mixtures of beta-binomial laws, fitted to all stations.

    Source: A. Rozenas, Detecting election fraud from irregularities in vote-share distributions, Political Analysis 25
    (2017). Gaussian kernel, width 0.0001, at 1,001 points. Beyond the paper, a spike also stands four standard deviations
    above the mean of the replicates, so that a clean country has few.

    Args:
        issued: ballots issued.
        listed: voters on the list.
        votes: of the option under test.
        counted: ballots counted; they stand for turnout.
        seed: of the draws.
        replicates: elections to draw.
    """
    t, n, w, v = _plausible(issued, listed, votes, counted)
    chance = np.random.default_rng(seed)
    turnout, share = _Posterior(v, n, chance), _Posterior(w, v, chance)
    total, squares, most = np.zeros(_GRID + 1), np.zeros(_GRID + 1), np.zeros(_GRID + 1)
    for _ in range(replicates):
        came = np.maximum(chance.binomial(n, turnout.draw(chance)), 1)
        density = _density(chance.binomial(came, share.draw(chance)) / came)
        total += density
        squares += density * density
        np.maximum(most, density, out=most)
    observed, mean = _density(w / v), total / max(replicates, 1)
    spread = np.sqrt(np.maximum(squares / max(replicates, 1) - mean * mean, 0.0))
    over = np.where(observed > np.maximum(most, mean + _BEYOND * spread), observed - mean, 0.0) / _GRID
    over[0] = 0.0
    spikes = [int(place) for place in np.argsort(-over, kind="stable") if over[place] > 0]
    return SpikeShare(100 * float(over.sum()), tuple(spikes), len(t), replicates)


def _density(shares: Floats) -> Floats:
    """Return the Gaussian kernel density at 0, 0.001 … 1; the kernel is so narrow that one point gets each share."""
    nearest = np.rint(shares * _GRID).astype(np.int64)
    apart = (shares - nearest / _GRID) / _WIDTH
    weights = np.exp(-0.5 * apart * apart)
    heights = np.bincount(nearest, weights=weights, minlength=_GRID + 1) / (len(shares) * _WIDTH * sqrt(2 * np.pi))
    return np.asarray(heights, np.float64)


class _Posterior:
    """A mixture of beta laws fitted to k of n, and each station's own beta law given its figures."""

    def __init__(self, k: Whole, n: Whole, chance: np.random.Generator) -> None:
        place = chance.choice(len(n), _FITTED, replace=False) if len(n) > _FITTED else np.arange(len(n))
        weights, a, b = _mixture(k[place], n[place])
        belongs = _belonging(k, n, weights, a, b)
        self._belongs, self._k, self._rest, self._a, self._b = np.cumsum(belongs, axis=0), k, n - k, a, b

    def draw(self, chance: np.random.Generator) -> Floats:
        """Draw one share for each station."""
        part = (self._belongs < chance.random(len(self._k))).sum(axis=0).clip(0, len(self._a) - 1)
        return np.asarray(chance.beta(self._a[part] + self._k, self._b[part] + self._rest), np.float64)


def _mixture(k: Whole, n: Whole) -> tuple[Floats, Floats, Floats]:
    """Fit a mixture of beta-binomial laws by expectation and matching of moments; return weights, a, b of its parts."""
    share = (k + 0.5) / (n + 1)
    means = np.quantile(share, (np.arange(_PARTS) + 0.5) / _PARTS)
    spread = max(float(share.var()) / _PARTS, 1e-4)
    a, b = _beta(means, np.full(_PARTS, spread))
    weights = np.full(_PARTS, 1 / _PARTS)
    for _ in range(_ROUNDS):
        belongs = _belonging(k, n, weights, a, b)
        size = belongs.sum(axis=1) + 1e-9
        weights = size / size.sum()
        means = (belongs @ share) / size
        variance = np.array([belongs[i] @ (share - means[i]) ** 2 for i in range(_PARTS)]) / size
        by_chance = means * (1 - means) * (belongs @ (1 / n)) / size
        a, b = _beta(means, np.maximum(variance - by_chance, variance * 0.05 + 1e-6))
    return weights, a, b


def _beta(means: Floats, variances: Floats) -> tuple[Floats, Floats]:
    means = np.clip(means, 1e-4, 1 - 1e-4)
    together = np.clip(means * (1 - means) / variances - 1, 0.5, 1e5)
    return means * together, (1 - means) * together


def _belonging(k: Whole, n: Whole, weights: Floats, a: Floats, b: Floats) -> Floats:
    """Return the chance that each station belongs to each part, shape (parts, stations)."""
    logs = np.stack(
        [
            np.log(weights[i]) + log_gamma(a[i] + k) + log_gamma(b[i] + n - k) - log_gamma(a[i] + b[i] + n)
            + log_gamma(a[i] + b[i]) - log_gamma(a[i]) - log_gamma(b[i])
            for i in range(len(weights))
        ]
    )  # fmt: skip
    likely = np.exp(logs - logs.max(axis=0))
    return np.asarray(likely / likely.sum(axis=0), np.float64)
