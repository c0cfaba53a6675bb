"""How fast the formulas are, as ratios to other libraries in one run.

    python benchmarks/formulas.py [--elections 100000] [--peers 300]

prints a Markdown table: seconds per election of Sailau (many elections in one call, and one alone) and of votelib,
apportionment (in fractions) and apportionpy (floats), which are timed on the first `--peers` elections because they
take one at a time. Every peer must give the same seats on them where nothing is tied, otherwise the run stops.

Cases: a national list vote, 8 options for 69 seats by Hare quota and largest remainders, votes drawn around an official
result with a log-normal swing of 25 per cent, lists under 5 per cent without votes; D'Hondt and Sainte-Laguë for 50
lists and 600 seats; 29 single-member districts with 6 candidates each. Ratios are what counts: absolute times depend
on the machine. NumPy is used on one core.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from apportionment import methods as apportionment
from apportionpy.apportionment import calculate_hamilton, calculate_jefferson, calculate_webster
from numpy.typing import NDArray
from votelib.component import divisor, quota
from votelib.evaluate.core import Plurality
from votelib.evaluate.core import Tie as VotelibTie
from votelib.evaluate.proportional import HighestAverages, LargestRemainder

from sailau.formulas import allocate, largest_remainder, most_votes

Rows = NDArray[np.int64]
Peer = Callable[[list[int]], list[int] | None]

OFFICIAL = np.array([3_431_510, 693_938, 547_154, 535_139, 432_920, 331_058, 146_431, 0])


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: seconds per election."""

    case: str
    who: str
    seconds: float
    note: str


def national(number: int, rng: np.random.Generator) -> Rows:
    """Draw list votes `(elections, options)`; lists under the threshold lose theirs."""
    votes = np.rint(OFFICIAL * rng.lognormal(0, 0.25, (number, OFFICIAL.size))).astype(np.int64)
    votes[votes * 20 < votes.sum(axis=1, keepdims=True)] = 0
    return votes


def large(number: int, rng: np.random.Generator) -> Rows:
    """Draw votes of 50 lists, a few large ones and many small."""
    scale = 2_000_000 / np.arange(1, 51)
    return np.rint(scale * rng.lognormal(0, 0.3, (number, 50))).astype(np.int64)


def seconds(run: Callable[[], object], repeats: int = 7) -> float:
    """Return the best of several times, the least disturbed one."""
    best = float("inf")
    for _ in range(repeats):
        begin = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - begin)
    return best


def by_votelib(evaluator: LargestRemainder | HighestAverages, seats: int, votes: list[int]) -> list[int] | None:
    """Return votelib's seats; None where it says that there is a tie."""
    found = evaluator.evaluate({i: count for i, count in enumerate(votes) if count}, seats)
    return None if any(isinstance(key, VotelibTie) for key in found) else [found.get(i, 0) for i in range(len(votes))]


def by_apportionment(method: str, seats: int, votes: list[int]) -> list[int] | None:
    """Return apportionment's seats in exact arithmetic."""
    found = apportionment.compute(method, votes, seats, fractions=True)
    return [int(number) for number in found]


def by_apportionpy(calculate: Callable[..., tuple[object, ...]], seats: int, votes: list[int]) -> list[int] | None:
    """Return apportionpy's seats (its second result)."""
    found = calculate(seats, votes)[1]
    return [int(number) for number in found] if isinstance(found, list) else None


def compare(case: str, votes: Rows, ours: Callable[[Rows], Rows], peers: dict[str, Peer], number: int) -> list[Row]:
    """Time one case: all elections in one call, one alone, and every peer on a subset that it must get right."""
    rows = [
        Row(case, "Sailau, one call", seconds(lambda: ours(votes)) / len(votes), f"{len(votes):,} elections"),
        Row(case, "Sailau, one by one", seconds(lambda: [ours(row) for row in votes[:200]]) / 200, "200 elections"),
    ]
    some, expected = votes[:number].tolist(), ours(votes[:number]).tolist()
    for name, peer in peers.items():
        answers: list[list[int] | None] = []
        spent = seconds(lambda peer=peer, answers=answers: answers.extend(map(peer, some)), repeats=1)
        wrong = sum(answer is not None and answer != right for answer, right in zip(answers, expected, strict=True))
        if wrong:
            raise SystemExit(f"{name} differs in {wrong} of {len(some)} elections of: {case}")
        silent = sum(answer is None for answer in answers)
        rows.append(Row(case, name, spent / len(some), f"{silent} without answer" if silent else "all the same"))
    return rows


def list_tier(elections: int, number: int, rng: np.random.Generator) -> list[Row]:
    """Hare quota and largest remainders."""
    peers: dict[str, Peer] = {
        "votelib": partial(by_votelib, LargestRemainder(quota.hare), 69),
        "apportionment": partial(by_apportionment, "hamilton", 69),
        "apportionpy": partial(by_apportionpy, calculate_hamilton, 69),
    }
    votes = national(elections, rng)
    rows = compare("largest remainder, 8 × 69", votes, partial(allocate, seats=69, ties=rng), peers, number)
    blocks = [np.ascontiguousarray(votes[i : i + 4096].T) for i in range(0, len(votes), 4096)]
    spent = seconds(lambda: [largest_remainder(block, 69) for block in blocks]) / len(votes)
    rows.insert(0, Row(rows[0].case, "Sailau, options first", spent, "blocks of 4096, ties reported"))
    single = np.ascontiguousarray(votes[0])
    spent = seconds(lambda: [largest_remainder(single, 69, workings=True) for _ in range(200)]) / 200
    rows.insert(3, Row(rows[0].case, "Sailau, one with workings", spent, "quota, whole parts, remainders"))
    return rows


def divisor_methods(elections: int, number: int, rng: np.random.Generator) -> list[Row]:
    """D'Hondt and Sainte-Laguë for a large house."""
    rows: list[Row] = []
    for method, theirs, name, calculate in (
        ("dhondt", divisor.d_hondt, "dhondt", calculate_jefferson),
        ("sainte-lague", divisor.sainte_lague, "saintelague", calculate_webster),
    ):
        peers: dict[str, Peer] = {
            "votelib": partial(by_votelib, HighestAverages(theirs), 600),
            "apportionment": partial(by_apportionment, name, 600),
            "apportionpy": partial(by_apportionpy, calculate, 600),
        }
        votes = large(max(elections // 10, 1), rng)
        ours = partial(allocate, seats=600, method=method, ties=rng)
        rows += compare(f"{method}, 50 × 600", votes, ours, peers, max(number // 10, 5))
    return rows


def districts(elections: int, number: int, rng: np.random.Generator) -> list[Row]:
    """Plurality in 29 districts at once; an election is all of them."""
    case, blocks = "plurality, 29 × 6", max(elections // 1024, 1)
    votes = rng.integers(100, 60_000, (6, 29, 1024))
    spent = seconds(lambda: [most_votes(votes, 1) for _ in range(blocks)]) / (blocks * 1024)
    rows = [Row(case, "Sailau, options first", spent, "blocks of 1024, ties reported")]
    single = np.ascontiguousarray(votes[:, :, 0])
    alone = seconds(lambda: [most_votes(single, 1) for _ in range(200)]) / 200
    rows.append(Row(case, "Sailau, one by one", alone, "29 districts in one call"))
    plurality = Plurality()
    some = [[dict(enumerate(votes[:, d, e].tolist())) for d in range(29)] for e in range(min(number, 1024))]
    answers: list[list[object]] = []
    spent = seconds(
        lambda: answers.extend([plurality.evaluate(district, 1)[0] for district in e] for e in some), repeats=1
    )
    seats = most_votes(votes, 1).seats
    for e, winners in enumerate(answers):
        for d, winner in enumerate(winners):
            if not isinstance(winner, VotelibTie) and not seats[winner, d, e]:
                raise SystemExit(f"votelib differs in district {d} of election {e}")
    return [*rows, Row(case, "votelib", spent / len(some), "all the same")]


def table(rows: list[Row]) -> str:
    """Write the rows as Markdown, with how many times faster the first row of each case is."""
    lines = ["| case | | µs per election | elections/s | times Sailau's best | |", "|---|---|---:|---:|---:|---|"]
    best: dict[str, float] = {}
    for row in rows:
        best[row.case] = min(best.get(row.case, row.seconds), row.seconds)
    lines += [
        f"| {row.case} | {row.who} | {row.seconds * 1e6:,.2f} | {1 / row.seconds:,.0f} "
        f"| {row.seconds / best[row.case]:,.0f} | {row.note} |"
        for row in rows
    ]
    return "\n".join(lines)


def main() -> None:
    """Run all cases and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--elections", type=int, default=100_000)
    parser.add_argument("--peers", type=int, default=300)
    arguments = parser.parse_args()
    rng = np.random.default_rng(2023)
    rows = [
        row
        for part in (list_tier, divisor_methods, districts)
        for row in part(arguments.elections, arguments.peers, rng)
    ]
    print(table(rows))


if __name__ == "__main__":
    main()
