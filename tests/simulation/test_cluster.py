"""The same numbers on a real cluster of several processes, one of which is killed while it works."""

import os
import signal
import time
from collections.abc import Iterator
from threading import Thread

import pytest
from distributed import Client, LocalCluster

from sailau.rulebook import BadInput
from sailau.simulation import prepare, simulate
from sailau.simulation.cluster import _result, packed, run_on_cluster, tasks_of, work
from sailau.simulation.run import run_here

DRAWS = 3_000_000


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as running:
        yield running


def test_a_cluster_without_workers_or_without_sailau_is_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sailau.simulation.cluster._PATIENCE", "1s")
    job = prepare("mazhilis-2023", draws=1000)
    empty = LocalCluster(n_workers=0, dashboard_address=None, silence_logs=50)
    with empty, pytest.raises(BadInput, match="without workers"):
        run_on_cluster(job, empty.scheduler_address)

    class Unread:
        def result(self) -> None:
            raise RuntimeError("Error during deserialization of the task graph.")

    with pytest.raises(BadInput, match="this version of Sailau"):
        _result(Unread())


def test_a_killed_worker_costs_time_and_no_data(cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sailau.simulation.cluster._TASK_DRAWS", 2**16)
    job = prepare("mazhilis-2023", draws=DRAWS, seed=5, sets=["list.threshold.share=7%"])
    seen: list[int] = []
    killed: list[int] = []

    def kill_one() -> None:
        deadline = time.monotonic() + 60
        while not seen and time.monotonic() < deadline:
            time.sleep(0.005)
        os.kill(victim, signal.SIGKILL)
        killed.append(seen[-1])

    with Client(cluster, set_as_default=False) as client:
        victim = next(iter(client.run(os.getpid).values()))
    killer = Thread(target=kill_one)
    killer.start()
    spread = run_on_cluster(job, cluster.scheduler_address, progress=lambda done, rate: seen.append(done))
    killer.join()
    (done,) = killed
    assert done < DRAWS, "the worker lived too long to be missed"
    assert seen[-1] == DRAWS
    here = run_here(job, threads=1)
    for mine, theirs in zip(here, spread, strict=True):
        assert repr(mine.seats.tolist()) == repr(theirs.seats.tolist())
        assert mine.indices == theirs.indices
        assert (mine.elections, mine.tied, mine.defined, mine.first) == (
            theirs.elections,
            theirs.tied,
            theirs.defined,
            theirs.first,
        )
        assert mine.curve.tolist() == theirs.curve.tolist()


def test_the_report_of_a_cluster_is_that_of_one_core(cluster: LocalCluster) -> None:
    one = simulate("mazhilis-2023", draws=30_000, seed=3, threads=1)
    many = simulate("mazhilis-2023", draws=30_000, seed=3, cluster=cluster.scheduler_address)
    assert one.to_json() == many.to_json()


def test_a_job_survives_its_journey() -> None:
    job = prepare("mazhilis-2023", draws=20_000, seed=9, under=["kz/mazhilis@2021-01-10"])
    there = work(packed(job), list(next(iter(tasks_of(job)))), None)
    here = run_here(job, threads=1)
    assert [t.seats.tolist() for t in there] == [t.seats.tolist() for t in here]


def test_no_cluster_is_bad_input() -> None:
    with pytest.raises(BadInput, match="scheduler"):
        simulate("mazhilis-2023", draws=10, cluster="nonsense://nowhere")
