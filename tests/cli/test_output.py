"""What leaves the shell: nothing in it acts, no encoding and no closed or full place ends in a traceback."""

from __future__ import annotations

import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sailau.cli.app import run
from sailau.rulebook.marks import visible

CASES = Path(__file__).resolve().parents[2] / "src" / "sailau" / "cases"
HOSTILE = "X\x1b[1A\x1b[2K\x9b2J\u202egnol\u2066[red]"
SHOWN = "X␛[1A␛[2K�2J�gnol�[red]"
ACTING = ("\x1b", "\x9b", "\u202e", "\u2066")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "case"
    shutil.copytree(CASES / "mazhilis-2023", folder)
    for file in ("parties.csv", "candidates.csv", "units.csv"):
        if (folder / file).exists():
            _spoil(folder / file)
    text = (folder / "case.toml").read_text(encoding="utf-8")
    title = 'en = "X\\u001b[1A\\u001b[2K\\u009b2J\\u202egnol\\u2066[red]'
    (folder / "case.toml").write_text(text.replace('en = "', title, 1), encoding="utf-8")
    members = folder.parent / "members.csv"
    members.write_text(f"name,party,from,to\n{HOSTILE},{'amanat'},2023-03-29,\n", encoding="utf-8")
    return folder


def _spoil(path: Path) -> None:
    """Put escape sequences into every name of a table."""
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    names = [i for i, column in enumerate(head) if column.startswith(("name", "short"))]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows([HOSTILE + cell if i in names else cell for i, cell in enumerate(row)] for row in rows)


COMMANDS = (
    ("count", "{case}"),
    ("explain", "{case}"),
    ("explain", "{case}", "auyl"),
    ("check", "{case}"),
    ("diff", "{case}", "{case}"),
    ("parliament", "{case}"),
    ("vet", "{case}"),
    ("mandates", "{case}"),
    ("chamber", "{case}/../members.csv@2024-01-01"),
    ("compare", "{case}", "--under", "md/parliament"),
    ("simulate", "{case}", "--draws", "200", "--threads", "1"),
    ("paradox", "{case}", "--seats", "10", "--tries", "50", "--kind", "alabama"),
    ("case", "validate", "{case}"),
    ("explain", "{case}", "\x1b[2J"),
    ("count", "{case}", "--\x1b[2J"),
    ("law", "show", "kz/\x1b[2J\u202e"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_nothing_in_a_name_acts_in_a_pipe(
    command: tuple[str, ...], case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run([word.format(case=case) for word in command])
    shown = capsys.readouterr()
    assert shown.out + shown.err
    assert not [sign for sign in ACTING if sign in shown.out + shown.err]


def test_a_hostile_name_is_shown_with_marks(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["count", str(case)]) == 0
    assert SHOWN in capsys.readouterr().out
    assert visible("a\r\n\tb\x7f\u00a0ә") == "a␍␊␉b␡\u00a0ә"


def test_json_holds_the_name_but_no_sign_that_acts(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["case", "validate", str(case)]) == 0
    run(["chamber", f"{case}/../members.csv@2024-01-01", "--json"])
    shown = capsys.readouterr().out
    assert "\\u001b[1A" in shown
    assert not [sign for sign in ACTING if sign in shown]


@pytest.mark.parametrize("command", [("count",), ("explain",), ("mandates",), ("parliament",)], ids=" ".join)
def test_nothing_in_a_name_acts_on_a_terminal(command: tuple[str, ...], case: Path) -> None:
    text = _on_a_terminal([*command, str(case)])
    assert SHOWN[:8] in text
    assert "\x1b[1A" not in text
    assert "\x1b[2K" not in text
    assert "\\[" not in text
    assert not [sign for sign in ACTING[1:] if sign in text]


def _on_a_terminal(arguments: list[str]) -> str:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sailau", *arguments], stdout=theirs, env={**os.environ, "COLUMNS": "200"}
    )
    os.close(theirs)
    parts = []
    try:
        while part := os.read(ours, 65536):
            parts.append(part)
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert process.wait(timeout=60) == 0
    return b"".join(parts).decode()


@pytest.mark.parametrize("width", [60, 80, 120, 200])
@pytest.mark.parametrize(
    "command",
    [
        ("count", "mazhilis-2023"),
        ("explain", "mazhilis-2023"),
        ("parliament", "mazhilis-2023"),
        ("law", "list"),
        ("case", "list"),
    ],
    ids=" ".join,
)
def test_no_line_is_wider_than_the_terminal(
    command: tuple[str, ...], width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At 60 to 200 columns, in the language with the longest words; a name of a law that is longer stands alone."""
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert run([*command, "--lang", "ru"]) == 0
    lines = [
        line for line in re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out).splitlines() if " " in line.strip()
    ]
    assert max(map(len, lines)) <= width


def test_files_that_were_asked_for_are_written_though_the_reader_has_gone(tmp_path: Path) -> None:
    answer = _shell(
        "sailau count mazhilis-2023 --plot seats.svg --plot why=why.svg --lang kk | head -c 1; exit ${PIPESTATUS[0]}",
        cwd=str(tmp_path),
    )
    assert answer.returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["seats.svg", "why.svg"]
    assert answer.stderr == b""


def _shell(line: str, cwd: str | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    sailau = f"{sys.executable} -m sailau"
    return subprocess.run(
        ["bash", "-c", line.replace("sailau ", sailau + " ", 1)],
        capture_output=True,
        cwd=cwd,
        env={**os.environ, **environment},
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "encoding", "is_replaced"),
    [
        ({"PYTHONIOENCODING": "cp1252"}, "cp1252", True),
        ({"PYTHONIOENCODING": "cp1251"}, "cp1251", True),
        ({"PYTHONIOENCODING": "ascii"}, "ascii", True),
        ({"PYTHONIOENCODING": "cp437"}, "cp437", True),
        ({"PYTHONIOENCODING": "latin-1"}, "latin-1", True),
        ({"PYTHONIOENCODING": "koi8-r"}, "koi8-r", True),
        ({"PYTHONIOENCODING": "cp866:strict"}, "cp866", True),
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "utf-8", False),
    ],
)
def test_output_in_any_encoding(environment: dict[str, str], encoding: str, is_replaced: bool) -> None:
    answer = _shell("sailau count mazhilis-2023 --lang kk", **environment)
    assert answer.returncode == 0
    assert "3" in answer.stdout.decode(encoding)
    assert ("Мәжіліс" in answer.stdout.decode(encoding)) != is_replaced
    assert answer.stderr.decode().count("were replaced") == is_replaced
    assert len(answer.stderr.splitlines()) == is_replaced


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("sailau count mazhilis-2023 >&-", 0, ""),
        ("sailau count mazhilis-2023 2>&-", 0, ""),
        ("sailau count no-such-case 2>&-", 2, ""),
        ("sailau count no-such-case 2>/dev/full", 2, ""),
        ("sailau count mazhilis-2023 >/dev/full", 2, "standard output: found No space left on device; expected"),
        ("sailau check {wrong} > >(true); exit $?", 1, ""),
    ],
)
def test_closed_and_full_places_keep_the_exit_code(line: str, code: int, said: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    shutil.copytree(CASES / "mazhilis-2023", wrong)
    official = (wrong / "official.csv").read_text(encoding="utf-8")
    (wrong / "official.csv").write_text(official.replace("amanat,40", "amanat,41"), encoding="utf-8")
    answer = _shell(line.replace("{wrong}", str(wrong)))
    assert answer.returncode == code
    assert answer.stderr.decode().startswith(said)
    assert len(answer.stderr.splitlines()) == bool(said)


def test_an_interrupt_at_the_start_is_no_traceback() -> None:
    codes = set()
    for delay in (0.03, 0.06, 0.09, 0.13):
        process = subprocess.Popen(
            [sys.executable, "-c", "import sailau.cli as c; print(flush=True); c.main()", "check"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
        codes.add(process.returncode)
        assert errors == b""
    assert codes == {130}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "memory"),
        (RecursionError(), "nested"),
        (OverflowError("int too large"), "2^63"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), "UTF-8"),
        (ModuleNotFoundError("No module named 'icalendar'", name="icalendar"), "pip install icalendar"),
        (OSError(28, "No space left on device", "x.svg"), "x.svg: found No space left"),
        (KeyError("bar-kind" * 99), "a fault of Sailau itself"),
    ],
)
def test_every_surprise_is_one_line(
    error: Exception, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("sailau.election.case.open_day", fail)
    assert run(["count", "mazhilis-2023"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert len(line) <= 200


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["calendar", "kz/mazhilis@2023-03-19", "--called", "9999-12-31"], "a day of the years 1800 to 2999"),
        (["rights", "kz/mazhilis@2023-03-19", "--voters", "-1"], "--voters"),
        (["count", "mazhilis-2023", "--set", "list.seats=true"], "list.seats"),
        (["count", "mazhilis-2023", "--set", "list.seats=" + "9" * 5000], "list.seats"),
        (["count", "mazhilis-2023", "--set", "list.seats=" + "[" * 3000], "list.seats"),
        (["simulate", "mazhilis-2023", "--draws", "10", "--with", "national=" + "9" * 5000], "digits"),
    ],
)
def test_figures_no_election_has_are_refused(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert len(line) <= 200


def test_a_birth_date_after_all_elections_is_no_surprise(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    person = tmp_path / "person.toml"
    person.write_text('birth_date = 9999-12-31\nlaw = "kz/mazhilis"\nday = 2023-03-19\n', encoding="utf-8")
    assert run(["vet", "--person", str(person)]) == 1
    assert "not met" in capsys.readouterr().out
