"""Voting power, coalitions and indices: the table over seats against trying every coalition, in one run.

Run: python benchmarks/parliament.py
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np

from sailau.parliament import (
    analyse,
    dhondt_index,
    effective_number,
    gallagher,
    loosemore_hanby,
    minimal_winning,
    passes,
    sainte_lague_index,
    voting_power,
)

GENERATOR = np.random.default_rng(2023)


def chamber(parties: int, seats: int) -> list[int]:
    """A chamber in which each party has a seat at least."""
    shares = GENERATOR.dirichlet(np.ones(parties))
    held: list[int] = (1 + GENERATOR.multinomial(seats - parties, shares)).tolist()
    return held


def best(work: Callable[[], object], times: int = 5) -> float:
    """Seconds of the fastest of some runs."""
    seconds = []
    for _ in range(times):
        begin = perf_counter()
        work()
        seconds.append(perf_counter() - begin)
    return min(seconds)


def every_swing(seats: list[int], needed: int) -> list[int]:
    """Swings by trying all 2^parties coalitions, vectorised over them."""
    masks = np.arange(2 ** len(seats), dtype=np.int64)
    votes = sum(((masks >> place & 1) * held for place, held in enumerate(seats)), np.zeros_like(masks))
    inside = ((masks >> place & 1 == 1) & (votes >= needed) for place in range(len(seats)))
    return [int(np.count_nonzero(member & (votes - held < needed))) for held, member in zip(seats, inside, strict=True)]


def against_every_coalition() -> None:
    print("parties  seats  every coalition  all power indices     ratio   minimal winning coalitions, listed in")
    for parties in (10, 14, 18, 20):
        seats = chamber(parties, 350)
        names = {f"p{place}": held for place, held in enumerate(seats)}
        assert list(voting_power(seats, 176).swings) == every_swing(seats, 176)
        brute = best(lambda: every_swing(seats, 176), 2)  # noqa: B023
        table = best(lambda: voting_power(seats, 176))  # noqa: B023
        found = minimal_winning(names, 176, limit=10**6)
        listing = best(lambda: minimal_winning(names, 176, limit=10**6), 3)  # noqa: B023
        assert found.complete
        print(f"{parties:7} {350:6} {brute * 1e3:13.2f} ms {table * 1e3:15.2f} ms {brute / table:9.1f}", end="")
        print(f" {found.lines:16} {listing * 1e3:16.2f} ms")


def large_chambers() -> None:
    print("\nparties  seats   all power indices   whole analysis (lists of 1000)")
    for parties, seats in ((6, 98), (10, 350), (30, 350), (30, 705), (62, 705), (90, 705)):
        held = chamber(parties, seats)
        names = {f"p{place}": number for place, number in enumerate(held)}
        power = best(lambda: voting_power(held, seats // 2 + 1))  # noqa: B023
        whole = best(lambda: analyse(names, seats // 2 + 1), 3)  # noqa: B023
        print(f"{parties:7} {seats:6} {power * 1e3:16.2f} ms {whole * 1e3:16.2f} ms")


def many_elections(elections: int = 200_000) -> None:
    votes = GENERATOR.integers(0, 4_000_000, (elections, 8))
    seats = GENERATOR.multinomial(98, np.ones(8) / 8, size=elections)
    print(f"\n{elections} elections of 8 parties, million elections a second")
    for index in (loosemore_hanby, gallagher, sainte_lague_index, dhondt_index):
        print(f"{index.__name__:20} {elections / best(lambda: index(votes, seats), 3) / 1e6:8.2f}")  # noqa: B023
    for name, work in (
        ("effective_number", lambda: effective_number(votes)),
        ("passes", lambda: passes(seats, 50)),
    ):
        print(f"{name:20} {elections / best(work, 3) / 1e6:8.2f}")


if __name__ == "__main__":
    against_every_coalition()
    large_chambers()
    many_elections()
