"""Every law against the oracle: shipped cases, random elections full of ties, random amendments, many at once."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle.compare import check_batch, differences, held
from oracle.elections import DAYS, random_case, random_law
from sailau.counting import count
from sailau.election import Election, open_case, shipped
from sailau.rulebook import Law

SEEDS = st.integers(0, 2**32 - 1)
LARGE = 10**12
"""A factor that takes votes beyond 2^53 or their products with seats beyond 2^63; no seat depends on it."""


def most_votes(law: str) -> int:
    """Return how large random votes are: enough where quotas are rounded to units, few elsewhere."""
    return 400 if law in ("cz/chamber", "no/storting") else 6


@pytest.mark.parametrize("name", shipped())
def test_shipped_case_counts_as_in_the_oracle(name: str) -> None:
    election = open_case(name)
    assert differences(election.own_law(), election) == []


@pytest.mark.parametrize("law", sorted(DAYS))
@settings(max_examples=20)
@given(seed=SEEDS)
def test_random_elections_full_of_ties(law: str, seed: int) -> None:
    random = Random(seed)
    now = random_law(random, law, amended=False)
    assert differences(now, random_case(random, now)) == []


@pytest.mark.parametrize("law", sorted(DAYS))
@settings(max_examples=20)
@given(seed=SEEDS)
def test_amended_laws(law: str, seed: int) -> None:
    random = Random(seed)
    now = random_law(random, law, amended=True)
    assert differences(now, random_case(random, now)) == []


@pytest.mark.parametrize("law", sorted(DAYS))
@settings(max_examples=6)
@given(seed=SEEDS)
def test_many_elections_at_once(law: str, seed: int) -> None:
    random = Random(seed)
    now = random_law(random, law, amended=bool(seed % 2))
    assert check_batch(random, now, random_case(random, now), 8, most_votes(law)) == []


@pytest.mark.parametrize("law", sorted(DAYS))
@settings(max_examples=6)
@given(seed=SEEDS)
def test_votes_that_no_double_holds(law: str, seed: int) -> None:
    random = Random(seed)
    now = random_law(random, law, amended=bool(seed % 2))
    scale = LARGE if most_votes(law) > 6 else 100 * LARGE
    election = random_case(random, now, scale)
    assert differences(now, election) == []
    assert check_batch(random, now, election, 4, most_votes(law), scale) == []


def summary(law: Law, election: Election) -> tuple[object, ...]:
    """Return what a count says, without any order."""
    outcome = count(law, election)
    seats = {
        (name, unit): held(district.seats)
        for name, contest in outcome.contests.items()
        for unit, district in contest.districts.items()
    }
    asked = {(q.contest, q.unit, q.question, frozenset(q.among), q.seats) for q in outcome.undetermined}
    return outcome.status, seats, asked, dict(outcome.questions), held(outcome.seats)


@pytest.mark.parametrize("law", sorted(DAYS))
@settings(max_examples=6)
@given(seed=SEEDS)
def test_the_order_of_rows_decides_nothing(law: str, seed: int) -> None:
    random = Random(seed)
    now = random_law(random, law, amended=False)
    election = random_case(random, now)
    returns = election.returns
    order = np.random.default_rng(seed).permutation(len(returns))
    units = list(election.units.items())
    columns = ("contest", "unit", "item", "count", "round", "line")
    shuffled = replace(
        election,
        returns=replace(returns, **{name: getattr(returns, name)[order] for name in columns}),
        parties=dict(random.sample(list(election.parties.items()), len(election.parties))),
        candidates=dict(random.sample(list(election.candidates.items()), len(election.candidates))),
        # Of several equal levelling quotients the first is asked for, in the order of the districts.
        units=dict(random.sample(units, len(units))) if law != "no/storting" else election.units,
    )
    assert summary(now, shuffled) == summary(now, election)
    assert summary(now, election) == summary(now, election)
