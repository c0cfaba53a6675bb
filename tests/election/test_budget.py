"""What is read, counted and told takes time as it grows, whatever somebody wrote: nothing grows with the square."""

import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from oracle.cases import case, csv, folder, votes
from sailau.counting import count
from sailau.election import open_case
from sailau.election.case import read_case
from sailau.integrity.audits import plan_audit
from sailau.integrity.official import check
from sailau.rulebook import BadInput
from sailau.simulation.run import Job
from sailau.tabulation import tabulate
from sailau.tabulation.report import reports

LAW, DAY = "kz/mazhilis", "2023-03-19"
PARTIES = [{"party": "a"}, {"party": "b"}]


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """See to it that something takes no more seconds of a processor than this, several times what it needs."""
    start = time.process_time()
    yield
    assert time.process_time() - start < seconds


def refused(read: Callable[[], object]) -> str:
    with pytest.raises(BadInput) as caught:
        read()
    return str(caught.value)


def test_lists_that_only_returns_name_are_as_many_as_a_ballot_paper_has() -> None:
    rows = [("", "list", f"u{n}", 1, 1) for n in range(2_000)]
    assert len(read_case(folder(LAW, DAY, rows)).returns.items) == 2_000
    told = refused(lambda: read_case(folder(LAW, DAY, [*rows, ("", "list", "one-more", 1, 1)])))
    assert "returns.csv, line 2002, item" in told
    assert "limit parties" in told


def test_an_archive_of_blank_lines_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "case.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("case.toml", f'law = "{LAW}"\nday = {DAY}\ntitle.en = "x"\n')
        made.writestr("noise.png", os.urandom(100_000))
        made.writestr("returns.csv", "unit,contest,item,count\n" + "\n" * 3_000_000)
    assert "limit packing-ratio" in refused(lambda: open_case(path))


def test_blank_lines_and_lines_in_fields_count_as_lines() -> None:
    table = b'party,name_en\n\n\n , \na,"two\nlines"\n\nB,\n'
    told = refused(lambda: read_case(folder(LAW, DAY, files={"parties.csv": table})))
    assert "parties.csv, line 8, party" in told


def test_words_for_levels_are_compared_a_thousand_times_at_most() -> None:
    units = csv("unit,parent,level", [(f"u{n}", "", f"level-{n}") for n in range(40_000)])
    with within(4):
        read_case(folder(LAW, DAY, files={"units.csv": units}))


def test_a_word_that_is_nearly_a_level_is_a_fault_each_time() -> None:
    units = [{"unit": f"u{n}", "level": "distrikt"} for n in range(3)]
    told = refused(lambda: case(LAW, DAY, units=units))
    assert told.count("district, as the law has it") == 3


def test_a_report_of_many_candidates_looks_each_up_once() -> None:
    persons = [{"candidate": f"c{n}", "contest": "single", "unit": "d"} for n in range(6_000)]
    rows = [("d", "single", f"c{n}", 1, 1) for n in range(6_000)]
    election = case(LAW, DAY, rows, candidates=persons, units=[{"unit": "d", "level": "district"}])
    with within(2):
        assert [len(list(report.lines("single", 1))) for report in reports([election])] == [2]
        total = tabulate(election).of("single")
        assert total is not None
        assert sum(total.figure("d", f"c{n}") or 0 for n in range(6_000)) == 6_000


def test_official_seats_of_many_districts_are_compared_once_each() -> None:
    names = [f"d{n}" for n in range(3_000)]
    rows = [row for name in names for row in votes("single", {"a": 6, "b": 3}, name)]
    units = [{"unit": name, "level": "district"} for name in names]
    official = [("single", name, "a", 1) for name in names]
    election = case("kz/maslikhat-district", DAY, rows, parties=PARTIES, units=units, official=official)
    outcome = count(election.own_law(), election)
    with within(2):
        compared = check(outcome)
    assert (compared.counted, compared.verdict) == (3_000, "agrees")


def test_what_many_districts_declared_is_placed_once_each() -> None:
    names = [f"d{n}" for n in range(4_000)]
    units = [{"unit": name, "level": "district"} for name in names]
    declared = [("single", name, "a", 1) for name in names[1:]]
    rows = votes("single", {"a": 6, "b": 3}, names[0])
    election = case("kz/maslikhat-district", DAY, rows, parties=PARTIES, units=units, declared=declared)
    with within(6):
        outcome = count(election.own_law(), election)
    assert outcome.contests["single"].seats["a"] == 4_000


def test_thousands_of_open_questions_are_looked_up_once_each() -> None:
    names = [f"d{n}" for n in range(4_000)]
    units = [{"unit": name, "level": "district"} for name in names]
    rows = [row for name in names for row in votes("single", {"a": 6, "b": 6}, name)]
    election = case("kz/maslikhat-district", DAY, rows, parties=PARTIES, units=units)
    with within(4):
        outcome = count(election.own_law(), election)
    assert len(outcome.undetermined) == 4_000
    assert [f for f in outcome.findings if f.code == "seats-vacant"] == []


def test_stations_of_many_districts_are_looked_up_once_each() -> None:
    names = [f"d{n}" for n in range(2_000)]
    units = [{"unit": name, "level": "district"} for name in names]
    units += [{"unit": f"s{name}", "level": "precinct", "parent": name} for name in names]
    rows = [row for name in names for row in votes("single", {"a": 6, "b": 3, "@valid": 9, "@cast": 9}, f"s{name}")]
    election = case("kz/maslikhat-district", DAY, rows, parties=PARTIES, units=units)
    with within(5):
        plan = plan_audit(election)
    assert len(plan.claims) == len(plan.stations) == 2_000
    assert all(list(claim.bounds) == [f"s{claim.unit}"] for claim in plan.claims)


@pytest.mark.parametrize(
    ("options", "size"), [(10, 2**15), (900, 2**20 // 900), (4_000, 512), (20_000, 2**21 // 20_000)]
)
def test_a_block_of_a_large_case_is_short(options: int, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = SimpleNamespace(votes=range(options), lines=(), districts=("",))
    monkeypatch.setattr(Job, "plan", SimpleNamespace(papers={"list": paper}))
    assert object.__new__(Job).block_size == size


ORDERED = """
import sys
from sailau.cli.app import run
sys.exit(run(["check", sys.argv[1]]))
"""


def test_differences_are_told_in_the_same_order_in_every_run(tmp_path: Path) -> None:
    where = tmp_path / "case"
    where.mkdir()
    units = [{"unit": f"r{n}", "level": "region", "seats_list": 5} for n in range(2)]
    units += [{"unit": f"d{n}", "level": "district", "parent": f"r{n}"} for n in range(2)]
    rows = [row for n in range(2) for row in votes("single", {"a": 6, "b": 3}, f"d{n}")]
    rows += [row for n in range(2) for row in votes("list", {"a": 6, "b": 3}, f"r{n}")]
    official = [("list", "r0", "b", 1), ("single", "d0", "b", 1)]
    made = folder("kz/maslikhat-region", DAY, rows, parties=PARTIES, units=units, official=official)
    for name, data in made.files.items():
        (where / name).write_bytes(data)
    told = set()
    for seed in (1, 2):  # of which a set of the two levels has different orders
        command = [sys.executable, "-c", ORDERED, str(where)]
        done = subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": str(seed)}, capture_output=True)
        assert done.returncode == 1, done.stderr
        told.add(done.stdout)
    assert len(told) == 1
