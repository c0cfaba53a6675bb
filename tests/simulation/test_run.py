"""Simulations: the same numbers everywhere, the same draws for every law, and every draw one that `count` agrees with."""

import json
import tracemalloc
from collections import Counter
from dataclasses import fields
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet
import pytest

import sailau
from sailau.counting import Plan, count
from sailau.counting.ties import Ties
from sailau.rulebook import BadInput, amend
from sailau.simulation import Poll, Polls, Report, Swing, compare, prepare, simulate
from sailau.simulation.run import outcome_sheets, run_here
from sailau.simulation.tally import Shares, Tally, measure
from sailau.simulation.transplant import law_near
from sailau.simulation.variants import parse_vary
from sailau.wording.simulation import report_tables

CASE = "mazhilis-2023"
STILL = Swing(national=0.0)
SEVEN = "list.threshold.share=7%"


def same(one: Tally, two: Tally) -> bool:
    pairs = ((getattr(one, f.name), getattr(two, f.name)) for f in fields(Tally))
    return all(np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b for a, b in pairs)


@pytest.fixture(scope="module")
def report() -> Report:
    return simulate(
        CASE,
        draws=20_000,
        seed=4,
        sets=[SEVEN, "list.seats=98"],
        vary="list.threshold.share=3%..7%:2%",
        under=["no/storting"],
        coalitions=[["auyl", "ppk"]],
    )


@pytest.mark.parametrize("forked", [True, False])
def test_neither_processes_nor_threads_change_a_number(forked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sailau.simulation.machine.can_fork", lambda: forked)
    job = prepare(CASE, draws=150_000, seed=11, sets=[SEVEN])
    assert job.blocks > 4
    one, two = run_here(job, threads=1), run_here(job, threads=2)
    assert all(same(a, b) for a, b in zip(one, two, strict=True))
    other = run_here(prepare(CASE, draws=150_000, seed=12, sets=[SEVEN]), threads=1)
    assert not same(one[0], other[0])


def test_every_draw_is_what_count_gives() -> None:
    job = prepare(CASE, draws=3000, seed=2, model=Swing(national=0.5))
    plan = job.plan
    blocks = outcome_sheets(job, 0)
    run = plan.run(blocks, Ties(3000, seed=2))
    totals = plan.totals(run, 3000)
    sheet = blocks["list"]
    for number in (0, 1, 77, 2999):
        votes = np.array([*sheet.votes[:, 0, number], *(sheet.lines[x][0, number] for x in plan.papers["list"].lines)])
        batch = plan({"list": votes[None, None]}, seed=2)
        outcome = batch.outcome(0)
        assert {p: int(n) for p, n in zip(plan.parties, totals[:, number], strict=True)} == dict(outcome.seats)
        assert batch.total[0].tolist() == totals[:, number].tolist()


def test_without_uncertainty_every_election_is_the_case() -> None:
    found = simulate(CASE, draws=100, model=STILL, sets=[SEVEN], under=["no/storting", "es/congress"])
    official = sailau.count(CASE)
    for party, seats in official.seats.items():
        assert found.own.expected(party) == seats
    amended = count(amend(official.law, {"list.threshold.share": "7%"}), official.election)
    assert {p: found.result("set").expected(p) for p in amended.seats} == dict(amended.seats)
    laws = [law_near(name, official.election.day) for name in ("no/storting", "es/congress")]
    for row in compare(official.election, laws).rows[1:]:
        result = found.result(row.law.id)
        assert {p: result.expected(p) for p in row.chamber} == dict(row.chamber)


def test_whole_laws_with_districts_and_levelling_run() -> None:
    for name in ("storting-2021", "seimas-2016", "snemovna-2021"):
        counted = sailau.count(name)
        found = simulate(name, draws=200, model=Swing(national=0.05, district=0.05), threads=1)
        assert found.own.tally.sizes.sum() == 200
        # Where second rounds are held, more or fewer first rounds may decide than in the case.
        assert name == "seimas-2016" or found.own.chamber == sum(counted.seats.values())
        still = simulate(name, draws=3, model=STILL, threads=1)
        assert {p: still.own.expected(p) for p in counted.seats} == dict(counted.seats)


def test_questions_are_answered_by_the_draw() -> None:
    found = simulate("referendum-2024", draws=500, model=Swing(kind="uniform", national=0.3))
    adopted = found.own.tally.adopted["question"]
    assert 0 < adopted < 500
    assert found.to_json()["variants"][0]["questions"]["question"]["adopted"] == adopted


def test_sums_of_a_report_hold(report: Report) -> None:
    for result in report.results:
        assert (result.tally.seats.sum(axis=1) == 20_000).all()
        seats = sum(result.expected(p) for p in result.parties)
        filled = result.tally.sizes
        assert seats == Fraction(int((filled * np.arange(filled.size)).sum()), 20_000)
    assert report.result("list.threshold.share=5%").majority == report.result("set").majority == 64


def test_a_higher_bar_never_lets_more_lists_in_on_the_same_draws(report: Report) -> None:
    sweep = report.sweeps["list.threshold.share"]
    for party in ("nsdp", "ppk", "aq-jol"):
        enters = [r.enters(party) for r in sweep]
        assert enters == sorted(enters, reverse=True)


def test_parts_of_provisions_add_up_exactly(report: Report) -> None:
    assert {a.of for a in report.attributions} == {"set", "no/storting"}
    for part in report.attributions:
        for party in report.job.parties:
            assert sum(p[party] for p in part.parts.values()) == part.difference[party]
            gap = report.result(part.of).expected(party) - report.own.expected(party)
            assert part.difference[party] == gap
    threshold = report.attributions[0].parts["list.threshold.share"]
    assert threshold["nsdp"] < 0 < threshold["amanat"]


def test_coalitions_powers_and_majorities(report: Report) -> None:
    data = report.to_json()["variants"][0]
    assert data["majority"] == 50
    assert data["members"] == data["chamber"] == 98
    (together,) = data["coalitions"]
    assert together["mean"] == pytest.approx(data["seats"]["auyl"]["mean"] + data["seats"]["ppk"]["mean"])
    powers = {p["id"]: p for p in data["powers"]}
    assert powers["no-confidence"]["needed"] == 50
    assert powers["no-confidence"]["alone"]["amanat"] == 1.0
    assert "independent" not in powers["no-confidence"]["blocks"]


def test_the_report_is_json_and_text_in_three_languages(report: Report) -> None:
    data = json.loads(json.dumps(report.to_json()))
    assert [v["name"] for v in data["variants"]][:2] == ["law", "set"]
    assert data["model"]["national"] == 0.1
    histogram = data["variants"][0]["seats"]["nsdp"]["histogram"]
    assert sum(histogram.values()) == 20_000
    titles = {language: report_tables(report, language)[0].title for language in ("en", "kk", "ru")}
    assert len(set(titles.values())) == 3
    for language in titles:
        for table in report_tables(report, language):
            assert all(len(row) == len(table.columns) for row in table.rows)
    with pytest.raises(ValueError, match="no language"):
        report_tables(report, "xx")


def test_indices_are_those_of_the_parliament() -> None:
    from sailau.parliament import effective_number, gallagher, loosemore_hanby

    totals = np.array([[40, 10], [8, 20], [2, 0]], np.int32)
    votes = np.array([[700, 400], [200, 500], [100, 100]])
    tally = measure(totals, Shares.of(votes), np.zeros(2, np.bool_))
    wanted = {
        "gallagher": gallagher(votes.T, totals.T).mean(),
        "loosemore_hanby": loosemore_hanby(votes.T, totals.T).value.mean(),
        "effective_parties": effective_number(totals.T).value.mean(),
    }
    for name, value in wanted.items():
        found = tally.index(name)
        assert found is not None
        assert float(found) == pytest.approx(value, abs=1e-6)
    assert tally.entered.tolist() == [0, 0, 1, 1]


def test_draws_are_kept_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "draws.parquet"
    found = simulate(CASE, draws=10_000, seed=6, sets=[SEVEN], parquet=path, threads=2)
    table = pyarrow.parquet.read_table(path)
    assert table.num_rows == 10_000
    assert table["draw"].to_pylist() == list(range(10_000))
    seats = Counter(table["seats:law:nsdp"].to_pylist())
    assert {k: v for k, v in enumerate(found.own.tally.seats[6].tolist()) if v} == dict(seats)
    row = {name: table[name][4321].as_py() for name in table.column_names}
    plan = found.job.plan
    votes = [row[f"votes:list:{item}"] for item in plan.items["list"]]
    again = plan({"list": [[votes]]})
    assert [row[f"seats:law:{p}"] for p in plan.parties] == again.total[0].tolist()


@pytest.mark.parametrize("scale", [1, 10**6, 10**12, 10**16])
def test_no_width_of_votes_changes_a_seat(scale: int) -> None:
    case = sailau.open_case(CASE)
    law = amend(case.own_law(), {"list.single-qualifier.factor": "70001/100003", "list.seats": "145"})
    plan = sailau.compile(law, case)
    votes = np.array([[900, 30, 20, 10, 0, 0, 0, 40], [700, 300, 5, 5, 5, 5, 5, 1], [7, 6, 5, 4, 3, 2, 1, 60]], object)
    batch = plan({"list": (votes * scale)[:, None]})
    assert batch.seats["list"][0].tolist()[:2] == [142, 3]
    assert batch.seats["list"].tolist() == plan({"list": votes[:, None].astype(np.int64)}).seats["list"].tolist()
    narrow = plan({"list": votes[:, None].astype(np.int32)})
    assert batch.seats["list"].tolist() == narrow.seats["list"].tolist()


def test_memory_does_not_grow_with_the_draws() -> None:
    peaks = []
    block = prepare(CASE, draws=1).block_size
    run_here(prepare(CASE, draws=1), threads=1)
    for draws in (block * 3, block * 12):
        job = prepare(CASE, draws=draws, sets=[SEVEN])
        tracemalloc.start()
        run_here(job, threads=1)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]


def test_progress_tells_how_far_and_how_fast() -> None:
    told: list[tuple[int, float]] = []
    block = prepare(CASE, draws=1).block_size
    simulate(CASE, draws=2 * block + 10, threads=1, progress=lambda done, rate: told.append((done, rate)))
    assert [done for done, _ in told] == [block, 2 * block, 2 * block + 10]
    assert all(rate > 0 for _, rate in told)


def test_sweeps_are_read_exactly() -> None:
    path, values = parse_vary("list.threshold.share=0%..10%:0.5%")
    assert path == "list.threshold.share"
    assert values[:3] == ("0%", "0.5%", "1%")
    assert len(values) == 21
    assert parse_vary("list.seats=60..80:10")[1] == ("60", "70", "80")
    assert parse_vary("list.formula.method=dhondt, sainte-lague")[1] == ("dhondt", "sainte-lague")
    assert parse_vary("x.share=0%..1%:1/3%")[1] == ("0%", "1/300", "1/150", "1%")


OLD = Poll("one", date(2022, 3, 1), 1000, {"amanat": Fraction(1, 2), "auyl": Fraction(1, 2)})


@pytest.mark.parametrize(
    ("further", "says"),
    [
        ({"draws": 0}, "--draws"),
        ({"seed": -1}, "--seed"),
        ({"vary": "list.threshold.share=5%..1%:1%"}, "--vary"),
        ({"vary": "list.threshold.share=3%,3%"}, "twice"),
        ({"sets": ["nonsense.share=7%"]}, "a tier of this law"),
        ({"under": ["xx/nowhere"]}, "the id of a law"),
        ({"under": ["kz/mazhilis@someday"]}, "a day such as"),
        ({"under": ["kz/mazhilis@2099-01-01"]}, "before 2026"),
        ({"vary": "list.seats"}, "--vary"),
        ({"sets": ["list.seats=60", "list.seats=61"]}, "list.seats twice, 60 and 61"),
        ({"threads": 0}, "--threads"),
        ({"threads": 257}, "from 1 to 256"),
        ({"vary": "list.threshold.share=0..1e999999999:1"}, "--vary"),
        ({"vary": "list.threshold.share=0%..1%:1e-99999999"}, "--vary"),
        ({"vary": "list.seats=" + ",".join(map(str, range(1, 252)))}, "251 values"),
        ({"vary": ["list.seats=1..200", "list.seats=300..400"]}, "301 values"),
        ({"model": Swing(national=100)}, "from 0 to 5"),
        ({"model": Swing(newcomers={"amanat": "4%"})}, "no votes in the case"),
        (
            {"model": Polls(polls=(Poll("one", date(2024, 3, 1), 1000, {"amanat": Fraction(1, 2)}),))},
            "not after the vote",
        ),
        ({"model": Polls(polls=(OLD,), half_life=7)}, "0.0 respondents"),
        ({"coalitions": [["whigs"]]}, "--coalition"),
        ({"model": "oracle"}, "swing, polls"),
        ({"model": Swing(), "parameters": {"national": 1}}, "parameters beside a model"),
    ],
)
def test_bad_input_is_said(further: dict[str, object], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        simulate(CASE, **{"draws": 10, **further})  # type: ignore[arg-type]


def test_a_case_without_votes_is_bad_input() -> None:
    with pytest.raises(BadInput, match="votes"):
        simulate("kurultai-2026", draws=10)


def test_a_party_named_twice_in_a_coalition_counts_once() -> None:
    found = simulate("mazhilis-2023", draws=200, seed=1, coalitions=[["amanat", "amanat", "auyl"], ["amanat", "auyl"]])
    assert found.job.coalitions == (("amanat", "auyl"),)
    (once,) = found.own.tally.coalitions
    assert once.sum() == 200


def test_many_parties_are_measured() -> None:
    random = np.random.default_rng(1)
    totals = random.integers(0, 3, (200, 300)).astype(np.int32)
    tally = measure(totals, Shares.of(random.integers(1, 9, totals.shape)), np.zeros(300, np.bool_), [[0, 1], [5]])
    assert tally.seats.shape == (200, 3)
    assert (tally.seats == [np.bincount(row, minlength=3) for row in totals]).all()
    assert (tally.sizes == np.bincount(totals.sum(axis=0))).all()
    assert (tally.entered == np.bincount((totals > 0).sum(axis=0), minlength=201)).all()
    assert (tally.coalitions[0][:5] == np.bincount(totals[:2].sum(axis=0), minlength=5)).all()
    assert tally.coalitions.sum() == 600


def test_candidates_in_the_whole_have_swings_of_their_own() -> None:
    close = simulate("president-2005", draws=2000, seed=1, model=Swing(national=1.0), threads=1).own
    assert Fraction(1, 2) < close.enters("nursultan-nazarbayev") < Fraction(99, 100)
    personal = simulate("president-2005", draws=2000, seed=1, model=Swing(national=0, personal=1.0), threads=1).own
    assert personal.enters("nursultan-nazarbayev") < Fraction(99, 100)


def test_a_simulation_in_which_nothing_is_decided_says_so() -> None:
    found = simulate("presedinte-2024", draws=50, seed=1, model=Swing(national=0), threads=1)
    (table,) = report_tables(found, "en")
    assert "second one is not drawn" in table.title
    assert table.rows[0][-1].value == 50


def test_votes_too_many_to_be_drawn_are_named(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text('law = "kz/mazhilis"\nday = 2023-03-19\ntitle.en = "Large"\n')
    (tmp_path / "parties.csv").write_text("party\na\nb\n")
    most = 2**63 - 1
    (tmp_path / "returns.csv").write_text(f"unit,contest,item,count\n,list,a,{most}\n,list,b,{most}\n")
    with pytest.raises(BadInput, match=r"about 1\.8e\+19 votes"):
        simulate(tmp_path, draws=100, threads=1)


@pytest.mark.parametrize("more", [1, -1])
@pytest.mark.parametrize("under", [(), ("es/congress",)])
def test_seats_that_cannot_be_are_a_fault_and_no_report(
    more: int, under: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A seat given twice, or to nobody though nothing is open, under the case's own law or another."""
    run = Plan.run

    def wrong(self: Plan, *arguments: Any) -> Any:
        done = run(self, *arguments)
        if bool(under) == (self.law.id in under):
            next(iter(done.workings.values())).seats[0] += more
        return done

    monkeypatch.setattr(Plan, "run", wrong)
    with pytest.raises(BadInput, match=r"1,000 elections from draw 0 on whose seats cannot be; .* seed 1$"):
        simulate("mazhilis-2023", draws=1000, threads=1, under=under)
