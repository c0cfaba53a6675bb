"""Random numbers that every processor draws alike, and that are spread as they should be."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from math import exp, log
from statistics import NormalDist

import numpy as np
import pytest

from sailau.simulation.chance import Chance, exponential, logarithm, quantiles

COMMANDS = """
import json
from sailau import simulate
from sailau.simulation import find_paradoxes
from sailau import compile

polled = dict(kind="proportional", prior=2000, house=0.1, ballots=True)
for case, models in {
    "mazhilis-2023": ({}, {"kind": "uniform", "national": 0.05, "turnout": 0.1}, {"model": "polls", **polled}),
    "seimas-2016": ({"regional": 0.1, "district": 0.1, "personal": 0.2, "turnout_district": 0.1},),
}.items():
    for parameters in models:
        name = parameters.pop("model", "swing")
        print(json.dumps(simulate(case, draws=20_000, model=name, parameters=parameters, threads=1).to_json()))
print([w.to_json() for w in find_paradoxes(compile("mazhilis-2023"), seats=10, tries=2000)])
"""
PLAIN = "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"
"""What newer processors have beyond the oldest ones that NumPy runs on."""


def test_a_report_is_the_same_without_the_vector_instructions_of_newer_processors() -> None:
    told = [
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", COMMANDS],
            env={**os.environ, "NPY_DISABLE_CPU_FEATURES": disabled},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for disabled in ("", PLAIN)
    ]
    assert told[0].count("\n") == 5
    assert told[0] == told[1]


def test_the_streams_are_those_of_version_1() -> None:
    """Whatever changes them gets another version in `GENERATOR`, and renewed records."""
    chance = Chance(7, 3)
    whole = sha256()
    whole.update(chance.normal((1001,), 0.5).astype("<f4").tobytes())
    whole.update(chance.factors((1001,), 0.5).astype("<f4").tobytes())
    whole.update(chance.uniform((1001,)).astype("<f8").tobytes())
    whole.update(chance.gammas(np.linspace(0, 50, 1001)).astype("<f8").tobytes())
    whole.update(chance.equal_gammas(1001, 300.0).astype("<f8").tobytes())
    whole.update(chance.binomials(np.arange(1001), np.linspace(0, 1, 1001)).astype("<i8").tobytes())
    assert whole.hexdigest()[:16] == "2f89f039f100dbc5"


def test_exponentials_logarithms_and_quantiles_are_right() -> None:
    powers = np.linspace(-700, 700, 2001)
    assert exponential(powers) == pytest.approx([exp(x) for x in powers], rel=1e-15)
    numbers = np.concatenate([np.logspace(-300, 300, 2001), 1 + np.linspace(-1e-3, 1e-3, 101)])
    assert logarithm(numbers) == pytest.approx([log(x) for x in numbers], rel=1e-15, abs=1e-18)
    shares = np.logspace(-9.6, -0.31, 500)
    assert quantiles(shares) == pytest.approx([NormalDist().inv_cdf(p) for p in shares], rel=1e-13)


def test_normal_numbers_are_normal() -> None:
    drawn = np.sort(Chance(1).normal((2**20,), 2.0).astype(np.float64))
    at = drawn[::1024]
    ranks = np.arange(len(at)) / len(at)
    # The largest distance of a million draws from their distribution is below 0.0019 in 999 of 1,000 samples.
    assert max(abs(NormalDist(0, 2).cdf(x) - p) for x, p in zip(at, ranks, strict=True)) < 0.0019
    assert (drawn**4).mean() / drawn.var() ** 2 == pytest.approx(3, abs=0.03)
    assert drawn.min() < -8 < 8 < drawn.max()
    grown = np.log(Chance(1).factors((2**20,), 2.0).astype(np.float64))
    assert np.sort(grown) == pytest.approx(drawn, abs=2e-3)


@pytest.mark.parametrize("tabled", [False, True])
@pytest.mark.parametrize("shape", [0.1, 0.7, 1.0, 3.3, 20.0, 500.0, 1e6])
def test_gamma_numbers_have_the_moments_of_their_shape(shape: float, tabled: bool) -> None:
    drawn = Chance(2).equal_gammas(200_000, shape) if tabled else Chance(2).gammas(np.full(200_000, shape))
    assert drawn.mean() == pytest.approx(shape, rel=5 / np.sqrt(shape * 200_000))
    assert drawn.var() == pytest.approx(shape, rel=5 * np.sqrt((2 + 6 / shape) / 200_000))
    skew = ((drawn - drawn.mean()) ** 3).mean() / drawn.var() ** 1.5
    assert skew == pytest.approx(2 / np.sqrt(shape), rel=0.1, abs=0.05)


def test_tabled_gamma_numbers_are_spread_as_those_that_are_not() -> None:
    drawn = [np.sort(c) for c in (Chance(6).equal_gammas(2**19, 25.0), Chance(7).gammas(np.full(2**19, 25.0)))]
    ranks = np.searchsorted(drawn[0], drawn[1]) / 2**19
    assert np.abs(ranks - np.arange(2**19) / 2**19).max() < 0.0038, "a larger distance comes once in 1,000 samples"


@pytest.mark.parametrize(
    ("number", "share"), [(5, 0.3), (100, 0.02), (30, 0.5), (40, 0.9), (1000, 0.3), (10**6, 0.7), (10**6, 1e-6)]
)
def test_binomial_numbers_have_their_moments(number: int, share: float) -> None:
    drawn = Chance(3).binomials(np.full(200_000, number), np.full(200_000, share)).astype(np.float64)
    variance = number * share * (1 - share)
    assert drawn.mean() == pytest.approx(number * share, abs=5 * np.sqrt(variance / 200_000))
    assert drawn.var() == pytest.approx(variance, rel=5 * np.sqrt((2 + 1 / variance) / 200_000))
    assert 0 <= drawn.min() <= drawn.max() <= number


def test_binomial_numbers_have_their_distribution() -> None:
    drawn = np.bincount(Chance(4).binomials(np.full(200_000, 40), np.full(200_000, 0.4)), minlength=41)
    chances = np.array([_binomial(40, k, 0.4) for k in range(41)]) * 200_000
    common = chances > 5
    chi = ((drawn - chances)[common] ** 2 / chances[common]).sum()
    assert chi < 55, "one sample in 1,000 of 26 classes has more"


def _binomial(n: int, k: int, p: float) -> float:
    from math import comb

    return float(comb(n, k) * p**k * (1 - p) ** (n - k))


def test_ballots_are_shared_out_whole() -> None:
    numbers = np.array([0, 1, 50, 10**6] * 500)
    chances = np.repeat(np.array([[0.5], [0.0], [0.2], [0.3]]), 2000, axis=1)
    drawn = Chance(5).multinomials(numbers, chances)
    assert (drawn.sum(axis=0) == numbers).all()
    assert not drawn[1].any()
    assert drawn[:, 3::4].mean(axis=1) == pytest.approx([500_000, 0, 200_000, 300_000], abs=200)


def test_streams_of_other_keys_and_seeds_are_others() -> None:
    drawn = {Chance(*key).uniform((1,)).item() for key in [(1,), (2,), (1, 1), (1, 2), (1, 1, 1)]}
    assert len(drawn) == 5
    assert set(Chance(1).below(3, 6, 1000).tolist()) == {3, 4, 5}
