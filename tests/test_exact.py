"""Where one number more or less, one sign or one direction decides: boundaries of every room, one by one."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import typer

from nomination.laws import law
from oracle.cases import case, folder, votes
from sailau import compile
from sailau.cli.app import run
from sailau.counting import count
from sailau.election.model import Election
from sailau.integrity.official import check
from sailau.nomination import check_commissions
from sailau.nomination.money import deposit_due
from sailau.parliament.decisions import ChamberDecision, ChamberSeats, decide
from sailau.parliament.swing import swing
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.book import BOOKS, read
from sailau.rulebook.powers import Power
from sailau.simulation import prepare, simulate
from sailau.simulation.tally import Tally
from sailau.wording.swing import swing_tables

PARTIES = [{"party": name, "registered": "2023-01-20"} for name in ("a", "b", "c")]


def lists(lines: dict[str, int], **more: object) -> Election:
    return case("kz/mazhilis", "2023-03-19", votes("list", lines), parties=PARTIES, **more)


def written(path: Path, election_folder: object) -> str:
    path.mkdir()
    for name, data in election_folder.files.items():  # type: ignore[attr-defined]
        (path / name).write_bytes(data)
    return str(path)


# ---------------------------------------------------------------------- the rule book


@pytest.mark.parametrize("name", ["/etc/x.toml", "../other.toml", "inner/other.toml", "inner\\other.toml"])
def test_a_book_includes_only_files_beside_it(tmp_path: Path, name: str) -> None:
    text = (BOOKS / "bg" / "assembly.toml").read_text(encoding="utf-8")
    sources = (BOOKS / "bg" / "part-sources.toml").read_text(encoding="utf-8")
    (tmp_path / "inner").mkdir()
    for place in (tmp_path / "inner" / "other.toml", tmp_path.parent / "other.toml", tmp_path / "part-sources.toml"):
        place.write_text(sources, encoding="utf-8")
    (tmp_path / "inner\\other.toml").write_text(sources, encoding="utf-8")
    outside = tmp_path.parent / "x.toml"
    outside.write_text(sources, encoding="utf-8")
    asked = str(outside) if name.startswith("/") else name
    book = tmp_path / "law.toml"
    book.write_text(text.replace('"part-sources.toml"', json.dumps(asked)), encoding="utf-8")
    with pytest.raises(BadInput, match="the name of a file in the same folder"):
        read(book)


@pytest.mark.parametrize("mark", ["\x1b[2J", "\x07", "\x9b8m", "\r", "\n", "\u202e", "\x00", "\u2028"])
def test_a_fault_is_one_line_without_marks_that_a_terminal_obeys(mark: str) -> None:
    for fault in (
        Fault(f"x{mark}y", 1, "z", "found", "else"),
        Fault("x", 1, f"y{mark}z", "found", "else"),
        Fault("x", 1, "z", f"fo{mark}und", "else"),
        Fault("x", 1, "z", "found", f"el{mark}se"),
    ):
        assert mark not in str(fault)
        assert str(fault).isprintable()


# ---------------------------------------------------------------------- exit codes


def test_vet_says_no_by_its_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    person = {"candidate": "x", "contest": "single", "unit": "d", "name": "N", "birth_date": "2010-01-01"}
    young = folder(
        "kz/mazhilis",
        "2023-03-19",
        votes("single", {"x": 1}, "d"),
        candidates=[person],
        units=[{"unit": "d", "level": "district"}],
    )
    assert run(["vet", written(tmp_path / "young", young)]) == 1
    assert "N" in capsys.readouterr().out


def test_check_says_no_where_one_of_two_cases_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = votes("list", {"a": 60, "b": 40})
    seats = count((e := lists({"a": 60, "b": 40})).own_law(), e).contests["list"].seats
    good = [("list", "", option, number) for option, number in seats.items()]
    bad = [("list", "", "a", seats["a"] + 1), ("list", "", "b", seats["b"] - 1)]
    names = [
        written(
            tmp_path / name,
            folder("kz/mazhilis", "2023-03-19", figures, parties=PARTIES, official=official),
        )
        for name, official in (("good", good), ("bad", bad))
    ]
    assert run(["check", *names]) == 1
    assert run(["check", *reversed(names)]) == 1
    assert run(["check", names[0]]) == 0
    assert "differs" in capsys.readouterr().out


@pytest.mark.parametrize("how", [KeyboardInterrupt, typer.Abort])
def test_an_interrupt_is_told_by_the_exit_code(monkeypatch: pytest.MonkeyPatch, how: type[BaseException]) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise how

    monkeypatch.setattr("sailau.election.open_case", interrupted)
    assert run(["vet", "mazhilis-2023"]) == 130


def test_json_holds_letters_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["law", "show", "kz/mazhilis@2023-03-19", "--json"]) == 0
    shown = capsys.readouterr().out
    assert "\\u0" not in shown
    assert any("Ѐ" <= letter <= "ӿ" for letter in shown)


# ---------------------------------------------------------------------- checking and swing


def test_the_official_table_is_complete_for_a_level_it_names() -> None:
    units = [{"unit": unit, "level": "district"} for unit in ("d1", "d2")]
    rows = votes("single", {"x": 5, "y": 3}, "d1") + votes("single", {"v": 5, "w": 3}, "d2")
    persons = [
        {"candidate": c, "contest": "single", "unit": u}
        for u, c in (("d1", "x"), ("d1", "y"), ("d2", "v"), ("d2", "w"))
    ]
    election = case(
        "kz/mazhilis", "2023-03-19", rows, units=units, candidates=persons, official=[("single", "d1", "x", 1)]
    )
    found = check(count(election.own_law(), election))
    assert [(d.unit, d.option, d.official, d.counted) for d in found.differences] == [("d2", "v", 0, 1)]


def test_turnout_of_a_comparison_counts_all_ballots_cast() -> None:
    lines = {"a": 50, "b": 30, "@against_all": 5, "@invalid": 15, "@cast": 100, "@registered": 200}
    before, after = (count((e := lists(figures)).own_law(), e) for figures in (lines, {**lines, "@registered": 400}))
    (moved,) = (s for s in swing(before, after) if s.contest == "list")
    assert [t.share for t in moved.turnout] == [Fraction(1, 2), Fraction(1, 4)]
    table = next(t for t in swing_tables([moved], before, after, "en"))
    assert {row[3].text for row in table.rows} == {"0.00"}


def test_what_an_option_gained_has_a_plus() -> None:
    before, after = (count((e := lists(f)).own_law(), e) for f in ({"a": 60, "b": 40}, {"a": 70, "b": 30}))
    (moved,) = (s for s in swing(before, after) if s.contest == "list")
    assert moved.pedersen == Fraction(1, 10)
    (table,) = swing_tables([moved], before, after, "en")
    assert [row[3].text for row in table.rows] == ["+10.00", "−10.00"]


# ---------------------------------------------------------------------- tabulation and nomination


@pytest.mark.parametrize(
    ("low", "high", "code"),
    [
        ("@cast", "@issued", "more-cast-than-issued"),
        ("@issued", "@registered", "more-issued-than-registered"),
        ("@cast", "@registered", "more-cast-than-registered"),
    ],
)
@pytest.mark.parametrize("more", [0, 1])
def test_as_many_ballots_as_there_may_be_are_no_finding(low: str, high: str, code: str, more: int) -> None:
    from sailau.tabulation import tabulate

    lines = {"a": 8 + more, "@invalid": 2, "@cast": 10 + more, "@issued": 10 + more, "@registered": 10 + more}
    lines[high] = lines[low] - more
    found = [finding.code for finding in tabulate(lists(lines)).findings]
    assert (code in found) == bool(more)


def test_exactly_half_of_a_commission_may_have_one_employer() -> None:
    def codes(school: int, others: int) -> list[str]:
        rows = [
            {"commission": "p", "level": "precinct", "voters": "1500", "employer": "school" if n < school else f"e{n}"}
            for n in range(school + others)
        ]
        return [breach.code for breach in check_commissions(law("mazhilis"), rows)]

    assert "one-employer" not in codes(3, 3)
    assert "one-employer" in codes(4, 3)


def test_full_days_after_an_event_are_counted_forwards() -> None:
    from sailau.nomination.calendar import _day, _Frame
    from sailau.rulebook.conduct import Moment

    def on(days: int, convention: str) -> date | None:
        frame = _Frame.__new__(_Frame)
        object.__setattr__(frame, "events", {"vote": date(2023, 3, 19)})
        object.__setattr__(frame, "fixed", {})
        object.__setattr__(frame, "deadlines", {})
        object.__setattr__(frame, "convention", convention)
        return _day(frame, Moment(days=days, full=True))

    assert [on(3, "practice"), on(3, "statute")] == [date(2023, 3, 23), date(2023, 3, 22)]
    assert [on(-3, "practice"), on(-3, "statute")] == [date(2023, 3, 15), date(2023, 3, 16)]


def test_a_deposit_that_is_no_whole_sum_is_rounded_up() -> None:
    own = law("mazhilis")
    rule = next(d for d in own.section("deposit") if d.relief)
    wages = [w.model_copy(update={"amount": 70_001}) for w in own.section("wage")]
    part = rule.relief[0].model_copy(update={"pay": Fraction(1, 2)})
    changed = [rule.model_copy(update={"multiple": 15, "relief": [part]})]

    class Changed:
        day = own.day

        def section(self, name: str) -> object:
            return {"wage": wages, "deposit": changed}.get(name) or own.section(name)

        def __getattr__(self, name: str) -> object:
            return getattr(own, name)

    due = deposit_due(Changed(), rule.id, last=f"{float(part.last) * 100}%")  # type: ignore[arg-type]
    assert due.amount == 525_008, "half of 15 × 70,001 is 525,007.5"
    open_ = deposit_due(Changed(), rule.id)  # type: ignore[arg-type]
    assert open_.least == 525_008


# ---------------------------------------------------------------------- parliament


def decided(seats: ChamberSeats, **vote: object) -> ChamberDecision:
    title = {"en": "t", "kk": "t", "ru": "t"}
    rule = Power.model_validate({"id": "p", "subject": "laws", "title": title, "vote": {"share": "1/2", **vote}})
    return decide(rule, seats, date(2023, 3, 19))


def test_where_more_sit_than_the_law_says_they_are_the_members() -> None:
    assert ChamberSeats({"a": 60, "b": 51}, 0, 100).size == 111
    assert decided(ChamberSeats({"a": 60, "b": 51}, 0, 100)).members == 111
    assert decided(ChamberSeats({"a": 60, "b": 51}, 0, 100), members=100).members == 111
    assert decided(ChamberSeats({"a": 60}, 0, 100)).members == 100


def test_exactly_a_quorum_without_a_party_is_a_quorum() -> None:
    found = decided(ChamberSeats({"a": 34, "b": 33, "c": 32}, 0, 99), quorum="2/3")
    assert (found.quorum, found.absent) == (66, ("a",))


# ---------------------------------------------------------------------- simulation


def tally(*seats: int) -> Tally:
    found = Tally(elections=sum(seats))
    found.seats = np.array([seats])
    return found


def test_a_quantile_is_the_fewest_seats_that_a_share_does_not_pass() -> None:
    assert tally(1, 1).quantile(0, Fraction(1, 2)) == 0
    assert tally(1, 2).quantile(0, Fraction(1, 2)) == 1
    assert tally(5, 90, 5).quantile(0, Fraction(1, 20)) == 0
    assert tally(5, 90, 5).quantile(0, Fraction(19, 20)) == 1
    assert tally(5, 89, 6).quantile(0, Fraction(19, 20)) == 2


def test_a_coalition_has_a_majority_from_its_first_vote() -> None:
    election = lists({"a": 72_000, "b": 28_000})
    (law,) = simulate(election, draws=2000, seed=1, coalitions=[["a"]], threads=1).to_json()["variants"]
    (alone,) = law["coalitions"]
    seats = {int(number): draws for number, draws in alone["histogram"].items()}
    assert seats[law["majority"]] > 0, "some draws give exactly a majority"
    assert alone["majority"] == pytest.approx(sum(d for n, d in seats.items() if n >= law["majority"]) / 2000)


def test_seats_beyond_a_byte_are_kept_in_a_file(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "draws.parquet"
    simulate(lists({"a": 90, "b": 10}), draws=50, sets={"list.seats": 300}, parquet=path, threads=1)
    table = parquet.read_table(path).to_pydict()
    columns = [name for name in table if name.startswith("seats:set:")]
    assert {sum(draw) for draw in zip(*(table[name] for name in columns), strict=True)} == {300}, sorted(table)


def test_a_part_of_a_cluster_gets_its_name_when_it_is_whole(tmp_path: Path) -> None:
    from sailau.simulation.cluster import packed, work

    work(packed(prepare(lists({"a": 60, "b": 40}), draws=100)), [0], str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["part-000000000.parquet"]


# ---------------------------------------------------------------------- levelling


def test_the_first_divisor_of_levelling_moves_seats_between_districts() -> None:
    plan = compile("storting-2021")
    law_ = plan.law
    changed = law_.model_copy(
        update={
            "tier": [
                t
                if t.levelling is None
                else t.model_copy(update={"levelling": t.levelling.model_copy(update={"placement_first": Fraction(3)})})
                for t in law_.tier
            ]
        }
    )
    own, other = compile(law_, plan.election), compile(changed, plan.election)
    figures = {"list": _case_votes(own)[None]}
    once = [p(figures).outcome(0) for p in (own, other)]
    places = [{u: dict(d.seats) for u, d in o.contests["list"].districts.items()} for o in once]
    assert places[0] != places[1], "the divisor moves levelling seats between districts"


def _case_votes(plan: object) -> np.ndarray:
    paper = plan.papers["list"]  # type: ignore[attr-defined]
    lines = np.where(paper.known, paper.figures, 0)
    return np.concatenate([paper.votes, lines]).T
