"""What a tabulation says on the night: protocols in, totals by level, what does not add up, what is left out."""

import json
from pathlib import Path

import pytest

from oracle.cases import folder, votes
from sailau.cli.app import run
from sailau.election.case import open_day, read_case
from sailau.election.files import Folder
from sailau.tabulation.report import reports
from sailau.tabulation.totals import Asked
from sailau.wording.document import Document
from sailau.wording.language import LANGUAGES
from sailau.wording.rendering import lines
from sailau.wording.tabulation import say_tabulation

DAY = "2023-03-19"
PARTIES = [{"party": p} for p in "ab"]
UNITS = [
    {"unit": "r", "level": "region"},
    {"unit": "d", "parent": "r", "level": "district"},
    *({"unit": f"p{n}", "parent": "d", "level": "precinct"} for n in range(1, 5)),
]
CLEAN = {"a": 60, "b": 30, "@valid": 90, "@invalid": 5, "@cast": 95, "@issued": 95, "@registered": 140}
ROWS = votes("list", CLEAN, "p1") + votes("list", CLEAN | {"@valid": 91}, "p2") + votes("list", CLEAN, "p3")
TOLD = b"unit,contest,version,status,reason\np3,list,1,void,box without a seal\np4,,1,missing,snow\n"


def night() -> Folder:
    return folder("kz/mazhilis", DAY, ROWS, units=UNITS, parties=PARTIES, files={"protocols.csv": TOLD})


def test_what_is_missing_leaves_its_parents_incomplete_and_is_never_nought() -> None:
    (report,) = reports([read_case(night())])
    whole, region = report.lines("list", 1)
    assert (whole.expected, whole.received, whole.voters, whole.is_complete) == (4, 2, 280, False)
    assert (region.unit, region.figures["a"]) == ("r", 120)
    assert [line.figures["a"] for line in report.lines("list", 1, "precinct")] == [120, 60, 60, None, None]


def test_the_laws_form_hides_what_follows_from_another_breach() -> None:
    (report,) = reports([read_case(night())])
    assert report.codes() == {"valid-differs": 1}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_says_everything_in_three_languages(language: str) -> None:
    (report,) = reports([read_case(night())])
    text = "\n".join(line for line, _ in lines(Document(tuple(say_tabulation(report, language)), language), 160))
    for told in ("50", "valid-differs", "box without a seal", "snow", "91"):
        assert told in text


def test_shares_are_noted_only_when_asked_and_exactly_from_the_limit_on() -> None:
    from fractions import Fraction

    election = read_case(night())
    for limit, noted in ((Fraction(1, 19), 2), (Fraction(1, 19) + Fraction(1, 10**9), 0)):
        (report,) = reports([election], Asked({"invalid": limit}))
        assert report.codes().get("many-invalid", 0) == noted


def test_a_polling_day_is_checked_across_its_cases(tmp_path: Path) -> None:
    one = folder("kz/mazhilis", DAY, votes("list", CLEAN, "p1"), units=UNITS, parties=PARTIES)
    other = folder("kz/maslikhat-region", DAY, votes("list", CLEAN | {"@issued": 96}, "p1"), parties=PARTIES)
    (tmp_path / "day.toml").write_text('cases = ["lower", "council"]\n')
    (tmp_path / "units.csv").write_bytes(one.files["units.csv"].replace(b"\n", b"\n"))
    for name, held in (("lower", one), ("council", other)):
        (tmp_path / name).mkdir()
        for file, data in held.files.items():
            if file != "units.csv":
                (tmp_path / name / file).write_bytes(data)
    lower, council = reports(open_day(tmp_path))
    assert "issued-differs-between-ballots" not in lower.codes()
    assert council.codes()["issued-differs-between-ballots"] == 1
    assert council.findings(9)[-1].values == {"found": 96, "expected": 95, "other": "lower/list"}
    assert run(["tabulate", str(tmp_path)]) == 0


@pytest.mark.parametrize("more", [[], ["--parquet"]])
def test_a_generated_election_is_tabulated_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    case = str(tmp_path / "made")
    make = ["case", "generate", case, "--law", f"kz/mazhilis@{DAY}", "--stations", "150", "--share", "wrong=20%"]
    assert run([*make, "--share", "missing=10%", *more]) == 0
    capsys.readouterr()
    files = [str(tmp_path / name) for name in ("findings.csv", "night.html")]
    assert run(["tabulate", case, "--json", "--findings", files[0], "--report", files[1]]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["contests"]["list"]["1"][""]["stations"]["expected"] == 150
    assert told["left_out"]["missing"] > 0
    assert sum(told["codes"].values()) == len(Path(files[0]).read_text().splitlines()) - 1 > 5
    assert "Synthetic" in Path(files[1]).read_text()
    assert run(["count", case]) == 0
    assert "ynthetic" in capsys.readouterr().out
    assert run(["tabulate", case, "--show-sql"]) == 0
    assert "CREATE TEMP TABLE protocol" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [["--warn", "invalid"], ["--warn", "luck=3%"], ["--by", "street"], ["--findings", "x.txt"], ["--report", "x.pdf"]],
)
def test_an_option_that_says_nothing_is_one_fault(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["tabulate", "referendum-2026", *arguments]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(
    ("language", "title"), [("en", "voters added"), ("ru", "избиратели, внесённые"), ("kk", "қосылған")]
)
def test_a_line_that_only_the_form_has_is_called_as_there(language: str, title: str) -> None:
    rows = votes("list", {"a": 5, "@added": 3}, "p1")
    (report,) = reports([read_case(folder("bg/assembly", "2021-07-11", rows, units=UNITS, parties=PARTIES))])
    text = "\n".join(line for line, _ in lines(Document(tuple(say_tabulation(report, language)), language), 160))
    assert title in text
    assert "@added" not in text
