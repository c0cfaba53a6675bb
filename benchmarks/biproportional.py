"""Double-proportional seats: 100 random problems of 18 districts, 11 lists and 180 seats, beside votelib.

    python benchmarks/biproportional.py [problems]

Every problem is solved by both in turn, in one process, on the same votes: unequal districts and lists with a
swing of 50 per cent, no ties, every other problem with a tenth of the cells empty. votelib (tie and transfer,
exact fractions) computes the entitlements of lists itself, which costs it little; here they are given. An
answer is right if it meets both entitlements and exact divisors reproduce it.
"""

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from votelib.evaluate.proportional import BiproportionalEvaluator, HighestAverages

from sailau.formulas.biproportional import biproportional, divisors

DISTRICTS, LISTS, SEATS = 18, 11, 180


def problem(rng: np.random.Generator, empty: float) -> tuple[np.ndarray, list[int], list[int]]:
    """Draw votes, and entitlements by Sainte-Laguë on both sides."""
    sizes, shares = rng.lognormal(11, 0.5, DISTRICTS), rng.dirichlet(np.full(LISTS, 2.0))
    votes = np.rint(sizes[:, None] * shares * rng.lognormal(0, 0.5, (DISTRICTS, LISTS))).astype(np.int64) + 1
    votes *= rng.random(votes.shape) >= empty
    rows = HighestAverages("sainte_lague").evaluate(dict(enumerate(votes.sum(axis=1).tolist())), SEATS)
    columns = HighestAverages("sainte_lague").evaluate(dict(enumerate(votes.sum(axis=0).tolist())), SEATS)
    return votes, [rows.get(i, 0) for i in range(DISTRICTS)], [columns.get(j, 0) for j in range(LISTS)]


def timed(function: Callable[[], Any]) -> tuple[Any, float]:
    """Run once and return the answer with its milliseconds."""
    start = time.perf_counter()
    answer = function()
    return answer, 1e3 * (time.perf_counter() - start)


def is_right(seats: np.ndarray, votes: np.ndarray, rows: list[int], columns: list[int]) -> bool:
    """Check an answer by its sums and by exact divisors."""
    try:
        divisors(votes, seats)
    except ValueError:
        return False
    return seats.sum(axis=1).tolist() == rows and seats.sum(axis=0).tolist() == columns


def main(problems: int) -> None:
    """Time both and print a Markdown table."""
    rng = np.random.default_rng(180)
    times: dict[str, list[float]] = {"sailau": [], "votelib": []}
    right = dict.fromkeys(times, 0)
    same = 0
    for k in range(problems):
        votes, rows, columns = problem(rng, empty=0.1 * (k % 2))
        named = {f"d{i:02}": {f"p{j:02}": n for j, n in enumerate(row)} for i, row in enumerate(votes.tolist())}
        entitled = {f"d{i:02}": n for i, n in enumerate(rows)}
        peer = BiproportionalEvaluator("sainte_lague")
        ours, elapsed = timed(partial(biproportional, votes, rows, columns))
        times["sailau"].append(elapsed)
        theirs, elapsed = timed(partial(peer.evaluate, named, entitled))
        times["votelib"].append(elapsed)
        table = np.array([[theirs[d].get(p, 0) for p in named[d]] for d in named])
        right["sailau"] += is_right(ours, votes, rows, columns)
        right["votelib"] += is_right(table, votes, rows, columns)
        same += bool((ours == table).all())
    print("| | right | median ms | 90 % below | slowest |\n| --- | ---: | ---: | ---: | ---: |")
    for name, values in times.items():
        median, ninth = statistics.median(values), statistics.quantiles(values, n=10)[-1]
        print(f"| {name} | {right[name]}/{problems} | {median:.2f} | {ninth:.2f} | {max(values):.2f} |")
    ratio = statistics.median(times["votelib"]) / statistics.median(times["sailau"])
    print(f"\nThe same matrix: {same}/{problems}. Ratio of medians: {ratio:.0f}.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
