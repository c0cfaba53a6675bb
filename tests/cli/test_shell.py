"""The shell itself: help, version, what a wrong command line gets, and readers of our output that go away."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sailau.cli.app import run


def test_no_command_gets_the_help_and_nothing_in_front_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("Usage: sailau [OPTIONS] COMMAND")


def test_help_lists_every_command_once_each_in_a_line_of_a_screen(capsys: pytest.CaptureFixture[str]) -> None:
    import typer

    from sailau.cli.app import app, read_all

    assert run(["--help"]) == 0
    shown = capsys.readouterr().out.splitlines()
    listed = [line.split()[0] for line in shown[shown.index("Elections:") :] if line.startswith("  ")]
    read_all()
    assert sorted(listed) == sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    assert max(map(len, shown)) <= 80
    assert not [line for line in shown[1:] if line.endswith("...")]


def test_help_reads_no_command_and_none_of_what_counts() -> None:
    program = "import sys; from sailau.cli.app import run; run(['--help']); print(*sys.modules)"
    read = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "pydantic", "sailau.cli.counting", "sailau.counting", "sailau.election"} & set(read)


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    from sailau import __version__

    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"sailau {__version__}\n"


@pytest.mark.parametrize("further", [[], ["--json"]])
def test_an_unknown_option_of_a_case_is_said_with_those_there_are(
    further: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["explain", "mazhilis-2023", "nobody", *further]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("explain: found “nobody”; expected a list, a candidate, ")
    assert "one of amanat, auyl, independent, " in shown.err


def test_a_folder_in_place_of_a_shipped_case_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from sailau.election.files import CASES

    shutil.copytree(CASES / "president-2015", tmp_path / "president-2015")
    monkeypatch.chdir(tmp_path)
    assert run(["count", "president-2015"]) == 0
    assert capsys.readouterr().err.startswith("president-2015: the folder ./president-2015 is read")
    assert run(["count", "./president-2015"]) == 0
    assert capsys.readouterr().err == ""


def test_faults_of_several_cases_name_the_case_in_front_of_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from sailau.election.files import CASES

    for name, wrong in (("one", "amanatt"), ("two", "auyll")):
        shutil.copytree(CASES / "mazhilis-2023", tmp_path / name)
        returns = (tmp_path / name / "returns.csv").read_text(encoding="utf-8")
        (tmp_path / name / "returns.csv").write_text(returns.replace(wrong[:-1], wrong), encoding="utf-8")
    assert run(["case", "validate", str(tmp_path / "one"), str(tmp_path / "two")]) == 1
    said = capsys.readouterr().out
    assert "one/returns.csv, line 5, item: found unknown party “amanatt”" in said
    assert "two/returns.csv, line 6, item: found unknown party “auyll”" in said


def test_a_file_of_another_encoding_is_told_how_to_be_saved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from sailau.election.files import CASES

    shutil.copytree(CASES / "mazhilis-2023", tmp_path / "case")
    parties = (tmp_path / "case" / "parties.csv").read_text(encoding="utf-8")
    (tmp_path / "case" / "parties.csv").write_bytes(parties.encode("cp1251", errors="replace"))
    assert run(["count", str(tmp_path / "case"), "--lang", "ru"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("case/parties.csv, строка 2: найдено")
    assert "«CSV UTF-8»" in said


def test_persons_parties_and_kinds_are_found_by_name_or_suggested(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["simulate", "mazhilis-2023", "--draws", "100", "--threads", "1"]
    assert run([*asked, "--coalition", "Ауыл,Respublica party"]) == 0
    assert "Auyl + Respublica" in capsys.readouterr().out
    assert run([*asked, "--coalition", "Аул"]) == 2
    assert "perhaps auyl" in capsys.readouterr().err
    assert run(["paradox", "mazhilis-2023", "--kind", "threshold-clif"]) == 2
    assert "perhaps threshold-cliff" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["count", "mazhilis-2032"], "perhaps mazhilis-2023"),
        (["law", "show", "kz/majilis"], "perhaps kz/mazhilis; `sailau law list` lists all"),
        (["count", "mazhilis-2023", "--set", "list.treshold.share=7%"], "perhaps list.threshold.share"),
        (["calendar", "kz/mazhilis"], "expected kz/mazhilis@DAY"),
    ],
)
def test_a_miss_names_the_nearest(arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert named in capsys.readouterr().err


def test_a_language_in_front_of_the_command_and_a_case_by_its_title(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "ru", "count", "Выборы президента 2005"]) == 0
    assert capsys.readouterr().out.startswith("Казахстан: Выборы Президента, 4 декабря 2005")


def test_seats_that_were_only_declared_are_not_called_decided(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["count", "mazhilis-2023"]) == 0
    assert "Final: votes and law decide 69 seats. 29 seats were declared" in capsys.readouterr().out
    assert run(["count", "president-2015"]) == 0
    assert "Nothing was counted from votes." in capsys.readouterr().out


def test_paths_of_a_law_are_those_that_set_takes(capsys: pytest.CaptureFixture[str]) -> None:
    from sailau.api import law
    from sailau.rulebook.changes import amend, changeable

    assert run(["law", "show", "kz/mazhilis@2023-03-19", "--paths"]) == 0
    shown = capsys.readouterr().out
    chosen = law("kz/mazhilis", on="2023-03-19")
    for path, entry in changeable(chosen).items():
        assert path in shown
        amend(chosen, {path: entry.value})


def test_an_option_is_found_by_its_name_for_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "mazhilis-2023", "Auyl", "--json"]) == 0
    assert '"auyl"' in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["calendar", "kz/mazhilis@2023-03-19", "--ics", "{file}/inside/x.ics"],
        ["case", "new", "{file}/inside", "--law", "kz/mazhilis"],
        ["law", "new", "xx/chamber", "--to", "{file}/inside"],
    ],
)
def test_a_place_that_cannot_be_written_is_one_line(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    assert run([argument.format(file=file) for argument in arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "expected a file that can be used" in line


@pytest.mark.parametrize("arguments", [["explain", "congress-2019-04"], ["count", "congress-2019-04", "--json"]])
def test_a_reader_that_goes_away_is_no_fault(arguments: list[str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "sailau", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert process.stderr.read() == b""


def test_columns_of_lists_stand_below_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["case", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    column = next(line.index("Kazakhstan:") for line in lines if "Kazakhstan:" in line)
    titled = [line for line in lines if len(line) > column]
    assert len(titled) > 40
    assert {line[column - 2 : column] for line in titled} == {"  "}
    assert all(line[column] != " " for line in titled)


@pytest.mark.parametrize(
    "arguments",
    [
        ["calendar", "es/congress@2023-07-23"],
        ["ballot", "es/congress@2023-07-23"],
        ["rights", "es/congress@2023-07-23"],
        ["diff", "mazhilis-2023", "referendum-2024"],
        ["parliament", "referendum-2024"],
        ["mandates", "referendum-2024"],
    ],
)
def test_a_screen_is_never_empty(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 0
    assert capsys.readouterr().out == (
        "Nothing to show: neither the rule book nor the case says anything about this.\n"
    )


def test_a_case_without_votes_shows_no_zeros_and_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["count", "kurultai-2026"]) == 0
    shown = capsys.readouterr().out
    assert "0" not in shown.replace("2026", "")
    assert "! Party lists: neither votes nor declared winners are known" in shown


def test_a_poll_file_is_enough_to_draw_around_polls(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    polls = tmp_path / "polls.csv"
    polls.write_text(
        "institute,day,sample,option,percent\none,2023-03-10,1200,amanat,54\none,2023-03-10,1200,auyl,11\n"
    )
    assert run(["simulate", "mazhilis-2023", "--polls", str(polls), "--draws", "500", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["model"]["model"] == "polls"


@pytest.mark.parametrize(("language", "law"), [("en", "Constitution art. 56(2)"), ("kk", "Конституция, 56(2)-бап")])
def test_tables_name_laws_in_their_language(language: str, law: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "mazhilis-2023", "--draws", "500", "--lang", language]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert all(word in shown for word in law.split())
    assert "Constitution 56" not in shown


def test_heads_of_numbers_are_wrapped_before_the_names_of_laws(capsys: pytest.CaptureFixture[str]) -> None:
    sweep = "list.threshold.share=0%..10%:5%"
    assert run(["simulate", "mazhilis-2023", "--draws", "500", "--vary", sweep]) == 0
    shown = capsys.readouterr().out
    assert "threshold (list seats): 10 %  " in shown
    assert max(map(len, shown.splitlines())) <= 120


@pytest.mark.parametrize(
    ("plot", "said"),
    [
        ("nowhere/seats.svg", "no such folder"),
        ("seats.pdf", "“seats.pdf”"),
        ("curve=seats.pdf", "“seats.pdf”"),
        ("pie=seats.svg", "one of seats, sweep, curve"),
        ("sweep=seats.svg", "--vary PATH"),
    ],
)
def test_a_plot_that_can_go_nowhere_is_refused_before_anything_is_drawn(
    plot: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    # So many draws would take hours.
    assert run(["simulate", "mazhilis-2023", "--draws", str(10**11), "--plot", plot]) == 2
    assert said in capsys.readouterr().err


def test_plots_and_coalitions_of_a_simulation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ["simulate", "mazhilis-2023", "--draws", "500", "--vary", "list.threshold.share=0%..10%:5%"]
    plots = ["--plot", "a.svg", "--plot", "seats=b=2.svg", "--plot", "curve=c.svg", "--plot", "./d=e.png"]
    assert run([*asked, *plots, "--coalition", "auyl, aq-jol", "--coalition", "ppk,nsdp", "--lang", "ru"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Вместе: Действующий закон" in said
    assert "29 мандатов объявлены" in said
    heads = {name: (tmp_path / name).read_text(encoding="utf-8") for name in ("a.svg", "b=2.svg", "c.svg")}
    assert "Что меняет правило" in heads["a.svg"]
    assert "Сколько мандатов получает каждая партия" in heads["b=2.svg"]
    assert "От голосов к мандатам" in heads["c.svg"]
    assert (tmp_path / "d=e.png").read_bytes().startswith(b"\x89PNG")
    assert run([*asked, "--coalition", "auyl,nobody"]) == 2
    assert "nobody" in capsys.readouterr().err


def test_a_search_that_finds_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["paradox", "parlament-2025", "--kind", "larger-house-fewer-seats", "--tries", "8000"]
    for language, said in (("en", "No paradox"), ("kk", "Парадокс табылмады"), ("ru", "Парадокс не найден")):
        assert run([*asked, "--lang", language]) == 0
        assert said in capsys.readouterr().out


def test_a_model_parameter_without_a_value_is_named_by_its_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "mazhilis-2023", "--with", "national"]) == 2
    assert capsys.readouterr().err.startswith("--with: found “national”; expected NAME=VALUE")


def test_version_says_what_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    import numpy

    from sailau import SCHEMA, __version__

    assert run(["version", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {name: told[name] for name in ("program", "schema", "numpy")} == {
        "program": f"sailau {__version__}",
        "schema": SCHEMA,
        "numpy": numpy.__version__,
    }
    assert run(["version"]) == 0
    assert told["rule_books"] in capsys.readouterr().out


def test_the_digest_of_the_rule_books_is_that_of_every_byte_and_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sailau.rulebook import book

    digests = {book.digest_of_books()}
    shutil.copytree(book.BOOKS, tmp_path / "books")
    monkeypatch.setattr(book, "BOOKS", tmp_path / "books")
    digests.add(book.digest_of_books())
    assert len(digests) == 1
    changed = sorted((tmp_path / "books").glob("*/*.toml"))[-1]
    changed.write_bytes(changed.read_bytes() + b"\n")
    digests.add(book.digest_of_books())
    changed.rename(changed.with_name("renamed.toml"))
    digests.add(book.digest_of_books())
    assert len(digests) == 3
