"""Many elections: rates, peers beside them, sampling against everything, a cluster – as ratios in one run.

Run: python benchmarks/simulation.py [--draws 1000000] [--cluster-draws 20000000]

Rates are of the fastest of several runs; ratios are what counts, as machines differ. Peers (apportionpy, votelib) are timed
on fewer elections, one after the other, which is the only way they know.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from sailau.counting import Plan, compile
from sailau.election import Election, open_case
from sailau.election.model import Candidate, Returns
from sailau.formulas import allocate
from sailau.pictures.plots import plot
from sailau.simulation import Poll, Polls, Swing, prepare, simulate
from sailau.simulation.run import run_here

DISTRICTS, CANDIDATES = 29, 6
GENERATOR = np.random.default_rng(2023)


def best(work: Callable[[], object], times: int = 5) -> float:
    """Seconds of the fastest of some runs."""
    seconds = []
    for _ in range(times):
        begin = perf_counter()
        work()
        seconds.append(perf_counter() - begin)
    return min(seconds)


def around(plan: Plan, contest: str, elections: int) -> Any:
    """Votes around those of the case, (elections, districts, items), with a log-normal swing of a quarter."""
    paper = plan.papers[contest]
    own = np.concatenate([paper.votes, paper.figures]).T
    swing = GENERATOR.standard_normal((elections, *own.shape), dtype=np.float32) * np.float32(0.25)
    return np.rint(own * np.exp(swing)).astype(np.int64)


def with_districts(case: Election) -> Election:
    """The case with six made-up candidates in each of its single-member districts."""
    returns = case.returns
    units = [u.id for u in case.units.values() if u.level == "district"][:DISTRICTS]
    persons = {}
    rows: list[tuple[int, int, int]] = []
    for place, unit in enumerate(units):
        for number, party in enumerate([*list(case.parties)[: CANDIDATES - 1], "independent"]):
            name = f"{unit}-{number + 1}"
            persons[name] = Candidate(name, "single", unit, party)
            rows.append(
                (len(returns.units) + place, len(returns.items) + len(rows), int(GENERATOR.integers(4000, 60_000)))
            )
    unit_of, item_of, count = np.array(rows).T
    ones = np.ones(len(rows), np.int64)
    grown = Returns(
        (*returns.contests, "single"),
        (*returns.units, *units),
        (*returns.items, *persons),
        np.append(returns.contest, ones * len(returns.contests)).astype(np.int32),
        np.append(returns.unit, unit_of).astype(np.int32),
        np.append(returns.item, item_of).astype(np.int32),
        np.append(returns.count, count),
        np.append(returns.round, ones).astype(np.int8),
        np.append(returns.line, ones * 0).astype(np.int32),
    )
    first = date(2023, 1, 20)
    parties = {k: replace(p, registered=first + timedelta(n)) for n, (k, p) in enumerate(case.parties.items())}
    return replace(case, returns=grown, candidates=persons, parties=parties, declared=(), official=())


def list_tier(elections: int = 500_000) -> None:
    import apportionpy.apportionment as peer
    import votelib.evaluate.proportional as votelib

    case = open_case("mazhilis-2023")
    plan = compile(case.own_law(), case)
    votes = around(plan, "list", elections)
    rate = elections / best(lambda: plan({"list": votes}))
    lists = np.ascontiguousarray(votes[:, 0, :7])
    bare = elections / best(lambda: allocate(lists, 69, ties=0))
    few = [
        [int(v) for v in row if v * 20 >= int(total)]
        for row, total in zip(lists[:2000], votes[:2000, 0].sum(axis=1), strict=True)
    ]

    def loop_apportionpy() -> None:
        for row in few:
            peer.Apportion(seats=69, populations=row, method="hamilton")

    evaluator = votelib.LargestRemainder("hare")

    def loop_votelib() -> None:
        for row in few[:500]:
            evaluator.evaluate(dict(enumerate(row)), 69)

    theirs, slow = 2000 / best(loop_apportionpy, 3), 500 / best(loop_votelib, 3)
    print(f"\nList tier of the Mazhilis 2023, 8 options, 69 seats, one core, {elections} elections (elections/s)")
    print(f"  whole list tier: threshold, exceptions, ties flagged, exact   {rate / 1e6:8.2f} M   (at least 3 M)")
    print(f"  the formula alone, `allocate`                                  {bare / 1e6:8.2f} M")
    print(
        f"  apportionpy (floats, threshold by the caller)                  {theirs / 1e6:8.4f} M "
        f"  {rate / theirs:8.1f} times (at least 30)"
    )
    print(
        f"  votelib (exact, threshold by the caller)                       {slow / 1e6:8.4f} M "
        f"  {rate / slow:8.1f} times"
    )


def divisors(elections: int = 4096) -> None:
    import votelib.evaluate.proportional as votelib

    votes = GENERATOR.integers(1000, 2_000_000, (elections, 50))
    print(f"\n50 lists, 600 seats, {elections} elections (elections/s)")
    for method, peer in (("dhondt", "d_hondt"), ("sainte-lague", "sainte_lague")):
        ours = elections / best(lambda: allocate(votes, 600, method=method, ties=0), 3)  # type: ignore[arg-type] # noqa: B023
        evaluator = votelib.HighestAverages(peer)
        few = [{n: int(v) for n, v in enumerate(row)} for row in votes[:20]]
        theirs = 20 / best(lambda: [evaluator.evaluate(row, 600) for row in few], 2)  # noqa: B023
        print(f"  {method:14} {ours:12.0f}   votelib {theirs:8.0f}   {ours / theirs:8.1f} times (at least 50)")


def whole_law(elections: int = 500_000) -> None:
    case = with_districts(open_case("mazhilis-2023"))
    plan = compile(case.own_law(), case)
    votes = {name: around(plan, name, elections) for name in plan.papers}
    one = elections / best(lambda: plan(votes))
    print(f"\nWhole law: threshold, list, {DISTRICTS} districts of {CANDIDATES}, {elections} elections (elections/s)")
    print(f"  one core     {one / 1e6:8.2f} M   (at least 1 M)")


def processes(draws: int) -> None:
    """Worker processes of one machine: what a simulation does by itself."""
    case = with_districts(open_case("mazhilis-2023"))
    whole = prepare(case, draws=draws, seed=1, model=Swing(district=0.1))
    two_lists = prepare("mazhilis-2023", draws=8 * draws, seed=1, model=Swing(), under=["kz/mazhilis@2021-01-10"])
    for name, job in (
        ("the whole law, drawn and counted", whole),
        ("the list under two laws, drawn and counted", two_lists),
    ):
        one, two = (best(lambda: run_here(job, threads=n), 3) for n in (1, 2))  # noqa: B023
        print(f"\n{job.draws} draws, {name}, in processes of this machine")
        print(f"  one  {one:8.2f} s   {job.draws / one / 1e6:8.2f} M/s")
        print(f"  two  {two:8.2f} s   {job.draws / two / 1e6:8.2f} M/s   {one / two:8.2f} times (1.8 wanted)")


def slower_laws(draws: int = 20_000) -> None:
    """Laws with many districts, levelling seats, second scrutinies."""
    print(f"\nDraws a second and core under laws of many districts, {draws} draws")
    for name in ("snemovna-2021", "congress-2019-04", "storting-2021", "seimas-2024", "parlament-2025"):
        job = prepare(name, draws=draws, seed=1, model=Swing())
        print(f"  {name:18} {draws / best(lambda: run_here(job, threads=1), 2):12,.0f}")  # noqa: B023


def polls() -> Polls:
    """Three made-up polls around the result, by two institutes."""
    case = open_case("mazhilis-2023")
    votes = compile(case.own_law(), case).papers["list"].votes[:, 0]
    shares = {name: Fraction(int(v), int(votes.sum())) for name, v in zip(case.parties, votes, strict=True)}
    asked = (("one", date(2023, 3, 1), 1200), ("two", date(2023, 3, 8), 2000), ("one", date(2023, 3, 12), 1500))
    return Polls(polls=tuple(Poll(institute, day, sample, shares) for institute, day, sample in asked), prior=300)


def two_laws(draws: int, model: Swing | Polls, name: str) -> None:
    under = ["kz/mazhilis@2021-01-10"]
    job = prepare("mazhilis-2023", draws=draws, seed=1, model=model, under=under)
    case: dict[str, Any] = {"draws": draws, "seed": 1, "model": model, "under": under}
    plot(simulate("mazhilis-2023", **{**case, "draws": 10}), Path(tempfile.mkdtemp()) / "warm.svg")

    def sample(threads: int) -> None:
        def one(number: int) -> None:
            job.sampler.block(job.seed, number, job.size_of(number))

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(one, range(job.blocks)))

    def everything(threads: int | None) -> None:
        report = simulate("mazhilis-2023", threads=threads, **case)
        report.to_json()
        with tempfile.TemporaryDirectory() as folder:
            plot(report, Path(folder) / "seats.svg")

    print(f"\n{draws} draws from {name}, two laws on the same draws, report and plot included")
    alone = best(lambda: sample(1))
    for threads in (1, 2):
        bare = alone if threads == 1 else best(lambda: sample(threads))  # noqa: B023
        counting = best(lambda: run_here(job, threads=threads))  # noqa: B023
        whole = best(lambda: everything(threads))  # noqa: B023
        print(
            f"  {threads} thread{'s' * (threads > 1):1}  bare sampling     {bare:8.3f} s   {draws / bare / 1e6:6.2f} M/s"
        )
        print(f"            and counting      {counting:8.3f} s   {counting / bare:6.2f} times")
        print(f"            and report, plot  {whole:8.3f} s   {whole / bare:6.2f} times (at most 3)")
    usual = best(lambda: everything(None))
    print(f"  as `simulate` runs it       {usual:8.3f} s   {usual / alone:6.2f} times the bare sampling of one core")


def cluster(draws: int) -> None:
    from distributed import LocalCluster

    from sailau.simulation.cluster import run_on_cluster

    job = prepare("mazhilis-2023", draws=draws, seed=1)
    seconds = {}
    tallies = {}
    for workers in (1, 2):
        with LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None) as running:
            run_on_cluster(prepare("mazhilis-2023", draws=100_000), running.scheduler_address)
            begin = perf_counter()
            tallies[workers] = run_on_cluster(job, running.scheduler_address)
            seconds[workers] = perf_counter() - begin
    same = all(
        (a.seats == b.seats).all() and a.indices == b.indices for a, b in zip(tallies[1], tallies[2], strict=True)
    )
    print(f"\nA cluster of worker processes, {draws} draws")
    print(f"  one worker   {seconds[1]:8.2f} s")
    print(
        f"  two workers  {seconds[2]:8.2f} s   {seconds[1] / seconds[2]:6.2f} times (at least 1.6, with two free cores)"
    )
    print(f"  identical results: {'yes' if same else 'NO'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1_000_000)
    parser.add_argument("--cluster-draws", type=int, default=20_000_000)
    asked = parser.parse_args()
    list_tier()
    divisors()
    whole_law()
    slower_laws()
    processes(2 * asked.draws)
    two_laws(asked.draws, Swing(), "a proportional swing")
    two_laws(asked.draws, polls(), "polls (Dirichlet)")
    cluster(asked.cluster_draws)


if __name__ == "__main__":
    main()
