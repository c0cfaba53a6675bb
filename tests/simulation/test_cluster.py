"""The same numbers on a real cluster of several processes, one of which is killed while it works."""

import os
import pickle
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread

import dask
import pyarrow.parquet
import pytest
from distributed import Client, LocalCluster, Security

from sailau import open_case
from sailau.election.model import Decision
from sailau.rulebook import BadInput
from sailau.simulation import prepare, simulate
from sailau.simulation.cluster import _result, packed, run_on_cluster, tasks_of, without_persons, work
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


@pytest.mark.parametrize(
    "address",
    ["localhost", "", "foo://x", "tcp://[::1]:x", "tcp://127.0.0.1:1", "tls://127.0.0.1:1", "tcp://127.0.0.1:99999", "tcp://nowhere.invalid:80"],
)  # fmt: skip
def test_a_wrong_address_is_one_fault_at_once(address: str) -> None:
    begin = time.monotonic()
    with pytest.raises(BadInput, match=r"--cluster.*tcp://10\.0\.0\.1:8786"):
        run_on_cluster(prepare("mazhilis-2023", draws=10), address)
    assert time.monotonic() - begin < 10


def test_an_address_that_begins_with_tls_needs_certificates_and_works_with_them(tmp_path: Path) -> None:
    certificate, key = str(tmp_path / "certificate.pem"), str(tmp_path / "key.pem")
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    names = ("scheduler", "worker", "client")
    files = {f"tls_{name}_{what}": path for name in names for what, path in (("cert", certificate), ("key", key))}
    job = prepare("mazhilis-2023", draws=3000, seed=3)
    secured = Security(tls_ca_file=certificate, require_encryption=True, **files)
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, protocol="tls", security=secured, dashboard_address=None
    ) as running:
        address = running.scheduler_address
        assert address.startswith("tls://")
        with pytest.raises(BadInput, match="without certificates"):
            run_on_cluster(job, address)
        settings = {"client.cert": certificate, "client.key": key, "ca-file": certificate}
        with dask.config.set({f"distributed.comm.tls.{name}": value for name, value in settings.items()}):
            (spread,) = run_on_cluster(job, address)
    (here,) = run_here(job, threads=1)
    assert spread.seats.tolist() == here.seats.tolist()


REGISTERED = {"amanat": date(2023, 2, 3), "auyl": date(2023, 1, 27), "respublica": date(2023, 2, 3)}


def test_nothing_about_a_person_leaves_the_machine(tmp_path: Path) -> None:
    case = open_case("mazhilis-2023")
    first, second = list(case.candidates)[:2]
    told = {
        first: replace(case.candidates[first], birth_date=date(1961, 7, 23), facts={"palsied": "first-group"}),
        second: replace(case.candidates[second], name="Somebody Else", facts={"x_blood": "rhesus"}),
    }
    listed = {id_: replace(case.parties[id_], registered=day) for id_, day in REGISTERED.items()}
    decision = Decision("lot", "list", "", "remainder", ("amanat",), ("amanat",), source="drawn by Aunt Zhamal")
    case = replace(
        case, candidates={**case.candidates, **told}, parties={**case.parties, **listed}, notes=("Somebody was ill.",),
        commissions=({"chair": "Chairman Chairmanov"},),
    )  # fmt: skip
    job = prepare(case, draws=20_000, seed=4, under=["es/congress"], sets=["list.threshold.share=7%"])
    job = replace(job, election=replace(job.election, decisions=(decision,)))
    data = packed(job)
    persons = [c.name for c in case.candidates.values() if c.name]
    assert len(persons) == 9
    names = [n for p in case.parties.values() for n in (*p.names.values(), p.short) if len(n) > 4]
    private = ["Somebody", "palsied", "first-group", "blood", "rhesus", "Zhamal", "Chairmanov", *persons, *names]
    seen = [text for text in private if text.encode() in data]
    assert seen == []
    for day in (date(1961, 7, 23), *REGISTERED.values()):
        # As a pickle holds a date: two bytes of the year, month, day.
        assert bytes([day.year >> 8, day.year & 255, day.month, day.day]) not in data
    whole = pickle.dumps(without_persons(job).election)
    bare = pickle.loads(whole)
    assert len(bare.candidates) == len(case.candidates)
    ranked = {p.id: p.registered.toordinal() for p in bare.parties.values() if p.registered is not None}
    assert ranked == {"amanat": 2, "auyl": 1, "respublica": 2}
    apart = work(data, range(job.blocks), str(tmp_path))
    for mine, theirs in zip(run_here(job, threads=1), apart, strict=True):
        assert mine.seats.tolist() == theirs.seats.tolist()
        assert mine.tied == theirs.tied
    (part,) = tmp_path.iterdir()
    assert pyarrow.parquet.read_metadata(part).metadata[b"case"] == b"mazhilis-2023"


def test_ties_are_broken_alike_without_persons() -> None:
    for name in ("mazhilis-2023", "akims-2023", "seimas-2016", "president-2005"):
        job = prepare(name, draws=600, seed=2, model={"national": 0.0, "personal": 0.0})
        mine, theirs = run_here(job, threads=1), work(packed(job), range(job.blocks), None)
        assert mine[0].seats.tolist() == theirs[0].seats.tolist()


def test_a_folder_with_parts_of_an_older_run_is_refused(cluster: LocalCluster, tmp_path: Path) -> None:
    folder = tmp_path / "draws"
    job = prepare("mazhilis-2023", draws=40_000, seed=4)
    run_on_cluster(job, cluster.scheduler_address, parquet=folder)
    assert {path.suffix for path in folder.iterdir()} == {".parquet"}
    assert not list(tmp_path.glob(".*"))
    with pytest.raises(BadInput, match="a new folder"):
        run_on_cluster(job, cluster.scheduler_address, parquet=folder)
    assert pyarrow.parquet.read_table(folder).num_rows == 40_000
