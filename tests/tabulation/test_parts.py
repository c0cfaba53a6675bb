"""Parts of a table add up to the whole, in any order, on one process or on the workers of a real cluster."""

import os
import pickle
import signal
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet
import pytest
from distributed import LocalCluster

from sailau.cli.app import run
from sailau.counting import compile as compile_plan
from sailau.counting import count
from sailau.election import open_case
from sailau.exchange.formats import export
from sailau.rulebook import BadInput, load
from sailau.simulation.cluster import machines
from sailau.simulation.decisive import decisiveness
from sailau.simulation.stations import generate, read_flaws
from sailau.tabulation import Tabulation, tabulate
from sailau.tabulation import database as database_module
from sailau.tabulation.part import added_up
from sailau.tabulation.totals import Asked

FLAWS = read_flaws(["wrong=5%", "corrected=4%", "late=2%", "missing=3%"])


@pytest.fixture(scope="module")
def parted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case of 300 stations in three regions, one part each."""
    folder = tmp_path_factory.mktemp("parts") / "case"
    return generate(folder, load("kz/mazhilis"), date(2023, 3, 19), 300, flaws=FLAWS, parquet="parts")


@pytest.fixture(autouse=True)
def _one_file_a_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "_PIECE", 0)


def told(tabulation: Tabulation) -> Any:
    """Return everything that a tabulation says."""
    totals = [
        (key, t.items, t.counts.tolist(), t.known.tolist(), t.leaves.reporting.tolist() if t.leaves else [])
        for key, t in tabulation.totals.items()
    ]
    return totals, tabulation.findings, tabulation.excluded, tabulation.left_out


def tabulated(path: Path, spread: Any = None) -> Tabulation:
    election = open_case(path)
    return tabulate(election, election.own_law(), asked=Asked(spread=spread))


def shuffled(seed: int) -> Callable[[Callable[[Any], Any], Sequence[Any]], Iterator[Any]]:
    """Return what does tasks in another order, each on what has travelled."""

    def spread(work: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Any]:
        mixed = list(tasks)
        Random(seed).shuffle(mixed)
        for task in mixed:
            yield pickle.loads(pickle.dumps(work(pickle.loads(pickle.dumps(task)))))

    return spread


def test_parts_add_up_in_any_order(parted: Path) -> None:
    expected = told(tabulated(parted))
    assert len(expected[1]) > 10
    assert len(expected[2]) > 10
    assert expected[3].keys() == {"superseded", "missing"}
    for seed in range(3):
        assert told(tabulated(parted, shuffled(seed))) == expected


def test_the_first_breaches_are_those_of_the_whole(parted: Path) -> None:
    election = open_case(parted)
    law = election.own_law()
    one, many = (tabulate(election, law, asked=Asked(listed=2, spread=s)) for s in (None, shuffled(1)))
    assert [(b.check.code, b.names, len(b)) for b in many.breaches] == [
        (b.check.code, b.names, len(b)) for b in one.breaches
    ]
    assert all(len(b.names or ()) <= 2 for b in many.breaches)
    assert any(len(b) > 2 for b in many.breaches)


def test_faults_of_all_parts_are_told_together(parted: Path, tmp_path: Path) -> None:
    for name in ("case.toml", "parties.csv", "units.parquet", "protocols.csv"):
        (tmp_path / name).write_bytes((parted / name).read_bytes())
    (tmp_path / "returns.parquet").mkdir()
    for part in (parted / "returns.parquet").iterdir():
        table = pyarrow.parquet.read_table(part)
        count_ = pa.array([-1, *table["count"].to_pylist()[1:]], pa.int64())
        pyarrow.parquet.write_table(
            table.set_column(table.column_names.index("count"), "count", count_),
            tmp_path / "returns.parquet" / part.name,
        )
    with pytest.raises(BadInput) as refused:
        tabulated(tmp_path, shuffled(0))
    assert [f.found for f in refused.value] == ["“-1”"] * 3


def test_stations_of_one_area_in_two_parts_are_refused(parted: Path, tmp_path: Path) -> None:
    for name in ("case.toml", "parties.csv", "units.parquet", "protocols.csv"):
        (tmp_path / name).write_bytes((parted / name).read_bytes())
    (tmp_path / "returns.parquet").mkdir()
    whole = pyarrow.parquet.read_table(parted / "returns.parquet")
    for n in (0, 1):
        half = whole.filter(pa.compute.equal(pa.compute.bit_wise_and(whole["count"], 1), n))
        pyarrow.parquet.write_table(half, tmp_path / "returns.parquet" / f"{n}.parquet")
    with pytest.raises(BadInput, match="stations of “r1” in several parts"):
        tabulated(tmp_path, shuffled(0))


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as running:
        yield running


def test_a_cluster_gives_the_same_and_a_killed_worker_costs_time_only(
    cluster: LocalCluster, parted: Path, tmp_path: Path
) -> None:
    with machines(cluster.scheduler_address) as spread:

        def killing(work: Callable[[Any], Any], tasks: Sequence[Any]) -> Any:
            return spread(_DiesOnce(work, tmp_path / "died"), tasks)

        assert told(tabulated(parted, killing)) == told(tabulated(parted))
    assert (tmp_path / "died").exists()


class _DiesOnce:
    """Work during which the first worker that does it is killed."""

    def __init__(self, work: Callable[[Any], Any], mark: Path) -> None:
        self.work, self.mark = work, mark

    def __call__(self, task: Any) -> Any:
        if self.work is added_up:
            try:
                self.mark.open("x").close()
            except FileExistsError:
                pass
            else:
                os.kill(os.getpid(), signal.SIGKILL)
        return self.work(task)


def test_the_command_uses_the_cluster(
    cluster: LocalCluster, parted: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    for more in ([], ["--cluster", cluster.scheduler_address]):
        monkeypatch.setattr("sys.argv", ["sailau", "tabulate", str(parted), "--json", *more])
        assert run() == 0
        written.append(capsys.readouterr().out)
    assert written[0] == written[1]
    monkeypatch.setattr("sys.argv", ["sailau", "tabulate", "mazhilis-2023", "--cluster", cluster.scheduler_address])
    assert run() == 2
    assert "mazhilis-2023 without parts" in capsys.readouterr().err


def test_a_count_of_parts_is_the_count_of_one_table(parted: Path, tmp_path: Path) -> None:
    one = generate(tmp_path / "one", load("kz/mazhilis"), date(2023, 3, 19), 300, flaws=FLAWS, parquet=True)
    expected, counted = (count(e.own_law(), e).to_json() for e in (open_case(one), open_case(parted)))
    for key in ("seats", "contests", "status"):
        assert counted[key] == expected[key]


def test_unexplained_votes_of_stations_are_those_of_the_case_in_memory(parted: Path, tmp_path: Path) -> None:
    small = open_case(generate(tmp_path / "small", load("kz/mazhilis"), date(2023, 3, 19), 300, flaws=FLAWS))
    answers = []
    for election, spread in ((small, None), (open_case(parted), None), (open_case(parted), shuffled(2))):
        made = tabulate(election, election.own_law(), asked=Asked(spread=spread, unexplained=True))
        plan = compile_plan(election.own_law(), election, made)
        answers.append(decisiveness(plan, made, per_missing=300).to_json())
    assert answers[0]["unexplained"]["list"][""] > 3000
    assert answers[0] == answers[1] == answers[2]


def test_progress_tells_every_piece_of_work(parted: Path) -> None:
    seen: list[tuple[int, int]] = []
    election = open_case(parted)
    asked = Asked(spread=shuffled(0), progress=lambda done, total: seen.append((done, total)))
    tabulate(election, election.own_law(), asked=asked)
    assert seen == [(n, 6) for n in range(1, 7)]


@pytest.mark.parametrize("form", ["csv", "xlsx", "nist-xml", "nist-json"])
def test_totals_of_stations_go_to_formats_of_totals_and_all_else_is_refused(
    parted: Path, tmp_path: Path, form: str
) -> None:
    election = open_case(parted)
    path = export(election, form, tmp_path / f"out.{form}")
    votes = tabulated(parted).totals["list", 1].figure("", "list-1")
    if form in ("csv", "nist-json"):
        assert str(votes) in path.read_text()
    assert path.stat().st_size > 1000
    with pytest.raises(BadInput, match="only a database"):
        export(election, "eml", tmp_path / "out.xml")
