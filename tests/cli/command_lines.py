"""Command lines as a stranger, a mistyped script or a mischief types them: generated from the commands themselves, with a seed.

Every line must end with 0, 1, 2 or 130, without a traceback and without “a fault of Sailau itself”; with 2 it must say on
standard error what was wrong, in lines of 200 characters at most.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import click
import typer

from sailau.cli import app as shell
from sailau.election.files import CASES

LANGUAGES = ("en", "ru", "kk")
ENCODINGS = ("utf-8", "cp1251", "cp437", "latin-1", "ascii", "cp1252", "koi8-r", "utf-16")
EXTRAS = (
    "pyarrow",
    "typst",
    "resvg_py",
    "icalendar",
    "xlsxwriter",
    "duckdb",
    "lxml",
    "cryptography",
    "distributed",
    "jinja2",
)
BLOCKING = "serve"
"""What goes on until somebody stops it: only its help is asked for."""
LONG = (
    ("publish",),
    ("forensics",),
    ("paradox",),
    ("simulate",),
    ("vet",),
    ("law", "validate"),
    ("case", "validate"),
    ("check",),
)
PATIENCE = 60
"""Seconds that one line may take."""
CODES = (0, 1, 2, 130)

NONSENSE = (
    "",
    " ",
    "-",
    "--",
    "x",
    "0",
    "-1",
    "1e9",
    "9" * 40,
    "nan",
    "∞",
    "½",
    "7%%",
    "a=b",
    "=",
    "a=",
    "=b",
    "..",
    "../..",
    "/",
    "~",
    "/dev/null",
    "/dev/full",
    "/no/such/file.csv",
    "a\nb",
    "a\tb",
    "\x1b[2J",
    "\u202eabc",
    "\udcff",
    "x" * 5000,
    "é" * 300,
    "NULL",
    "list.threshold.share",
    "list.threshold.share=",
    "@",
    "@@",
    "@2023-03-19",
    "2023-02-30",
    "0000-00-00",
    "9999-12-31",
    "{}",
    "[]",
    "'",
    '"',
    "`ls`",
    "$(ls)",
    "%s%n",
    "\\",
    "kz",
    "kz/",
    "/kz",
    "kz/mazhilis@",
    "kz/mazhilis@x",
    "mazhilis",
    "Мәжіліс",
    "выборы",
    "true",
)
CASE = (
    "mazhilis-2023",
    "kurultai-2026",
    "referendum-2024",
    "president-2005",
    "akims-2023",
    "seimas-2016",
    "storting-2021",
    "khural-2024",
    "maslikhat-akmola-2023",
    "Мажилис 2023",
    "Storting 2021",
    "./mine",
    "mine",
    "broken",
    "mine.zip",
    "day",
)
LAW = (
    "kz/mazhilis@2023-03-19",
    "kz/kurultai@2026-08-23",
    "kz/president@2022-11-20",
    "no/storting",
    "es/congress@2019-04-28",
    "md/parliament",
    "lt/seimas",
    "kz/referendum@2024-10-06",
    "cz/chamber@2021-10-08",
    "Storting of Norway",
    "own.toml",
    "kz/senate",
    "kz/akim@2023-11-05",
)
NAME = (
    "amanat",
    "Ауыл",
    "аманат",
    "auyl,respublica",
    "oslo",
    "Høyre",
    "yes",
    "almaty",
    "Алматы",
    "Nazarbayev",
    "independent",
    "hoyre=x",
)
FILE = (
    "out.csv",
    "out.xlsx",
    "out.md",
    "out.html",
    "out.json",
    "out.svg",
    "out.png",
    "why=w.svg",
    "chamber=c.png",
    "seats=s.svg",
    "curve=c.svg",
    "sweep=v.svg",
    "out.pdf",
    "out.ics",
    "out.parquet",
    "nowhere/out.csv",
    "out.txt",
    "members.csv",
    "person.toml",
    "polls.csv",
    "order.csv",
    "/dev/stdout",
)
BY_NAME: dict[str, tuple[str, ...]] = {
    "case": CASE,
    "before": CASE,
    "after": CASE,
    "cases": CASE,
    "law": LAW,
    "laws": LAW,
    "under": LAW,
    "source": CASE,
    "option": NAME,
    "unit": NAME,
    "region": NAME,
    "coalition": NAME,
    "same": ("a=b", "Birlik=Adal"),
    "vacate": NAME,
    "chosen": NAME,
    "changes": (
        "list.threshold.share=7%",
        "list.formula.method=sainte-lague",
        "list.seats=10",
        "list.formula.method=huntington-hill",
        "single.formula.method=plurality",
        "list.threshold=0",
        "list.formula.first=7/5",
        "list.seats=0",
    ),
    "vary": (
        "list.threshold.share=0%..10%:5%",
        "list.formula.method=dhondt,adams",
        "list.seats=5..7:1",
        "list.threshold.share=0..9",
    ),
    "to": FILE,
    "plot": FILE,
    "ics": FILE,
    "parquet": FILE,
    "person": FILE,
    "polls": FILE,
    "order": FILE,
    "out": ("site", "site2", "."),
    "by": ("region", "district", "province", "округ", "level", "precinct"),
    "size": ("web", "print", "phone", "poster"),
    "day": ("2023-03-19",),
    "on": ("2023-06-01", "2020-01-01"),
    "called": ("2023-01-19",),
    "event": ("2023-03-10",),
    "kind": ("regular", "early", "repeat", "run-off", "alabama", "threshold-cliff", "seats"),
    "convention": ("practice", "statute"),
    "only": ("indices", "power", "power,balance", "government"),
    "reason": ("resigned", "died", "refused"),
    "draws": ("1", "10", "300"),
    "tries": ("1", "50"),
    "seed": ("0", "1", "31415926535897932384"),
    "threads": ("1", "2"),
    "seats": ("1", "10", "98"),
    "voters": ("0", "1200"),
    "stations": ("1", "30"),
    "model": ("swing", "polls", "model.toml"),
    "parameter": ("national=0.2", "national=20%", "local=x"),
    "members": ("mazhilis-8@2024-06-01", "members.csv@2024-06-01", "mazhilis-8"),
    "shell": ("bash", "zsh", "fish", "powershell"),
    "name": ("new-case", "mine"),
    "warn": ("invalid=3%", "turnout=95%", "x=1"),
    "cluster": ("tcp://127.0.0.1:1", "x"),
    "size_of": ("3",),
    "risk": ("5%", "0.05"),
    "lang": LANGUAGES,
    "language": LANGUAGES,
    "format": ("xlsx", "nist", "eml", "parquet"),
    "mapping": ("bulgaria-2021", "m.toml"),
    "flaws": ("wrong=1%", "late=1%"),
}
ALWAYS = {"draws": "10", "tries": "20", "stations": "20", "threads": "1"}
"""Options that are always given, so that a line takes no minutes."""


@dataclass(frozen=True)
class Line:
    """One command line and its surroundings.

    Attributes:
        width: columns of the terminal.
        encoding: of the output, where it goes to a process of its own.
        ending: how the output ends there: `pipe`, `closed`, `full`, `head`; empty: the line runs in this process.
        missing: libraries that are not installed.
    """

    seed: int
    arguments: tuple[str, ...]
    width: int
    encoding: str
    ending: str
    missing: tuple[str, ...]


@cache
def commands() -> dict[tuple[str, ...], Any]:
    """Return every command with its parameters: path → command."""

    def below(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
        inner = getattr(command, "commands", None)
        if inner is None:
            yield path, command
        for name, child in (inner or {}).items():
            yield from below(child, (*path, name))

    return dict(below(_command(), ()))


@cache
def _drawn() -> tuple[tuple[str, ...], ...]:
    """Return commands to draw from: those that take long stand in it once, the others several times."""
    return tuple(path for path in sorted(commands()) for _ in range(1 if path in LONG else 6))


def line_of(seed: int, apart: int = 40) -> Line:
    """Return the command line of a seed; one of so many runs in a process of its own."""
    draw = random.Random(seed)
    path = draw.choice(_drawn())
    words = [*path, *_words(commands()[path], path, draw)]
    if draw.random() < 0.1:
        words = _mistyped(words, draw)
    ending = draw.choice(("pipe", "closed", "full", "head")) if seed % apart == 0 else ""
    if BLOCKING in words:
        words = [*path, "--help"]
    missing = tuple(draw.sample(EXTRAS, draw.randint(1, 4))) if draw.random() < 0.1 and not ending else ()
    return Line(seed, tuple(words), draw.choice((20, 40, 60, 80, 120, 200)), draw.choice(ENCODINGS), ending, missing)


def _words(command: Any, path: tuple[str, ...], draw: random.Random) -> list[str]:
    """Return arguments and options of a command, most of them such as it takes."""
    words: list[str] = []
    for parameter in command.params:
        is_option = isinstance(parameter, click.Option) or hasattr(parameter, "is_flag")
        if not is_option:
            number = draw.choice((0, 1, 2)) if parameter.nargs == -1 else int(draw.random() > 0.05)
            words += [_value(parameter.name, draw) for _ in range(number)]
        elif parameter.name in ALWAYS or parameter.required or draw.random() < 0.18:
            words.append(draw.choice(parameter.opts))
            if not parameter.is_flag:
                usual = ALWAYS.get(parameter.name, "") if draw.random() < 0.7 else ""
                words.append(usual or _value(parameter.name, draw))
    if draw.random() < 0.3:
        words += ["--lang", draw.choice(LANGUAGES)]
    return words


def _value(name: str, draw: random.Random) -> str:
    usual = BY_NAME.get(name)
    if usual is None or draw.random() < 0.2:
        return draw.choice((*NONSENSE, *NAME, *FILE, *CASE, *LAW))
    return draw.choice(usual)


def _mistyped(words: list[str], draw: random.Random) -> list[str]:
    """Return a line with a word too many, too few, twice, cut or in another place."""
    place = draw.randrange(len(words))
    changed = [
        [*words[:place], *words[place + 1 :]],
        [*words[:place], words[place], *words[place:]],
        [*words[:place], words[place][:-1], *words[place + 1 :]],
        [*words[:place], draw.choice(NONSENSE), *words[place:]],
        [*words, draw.choice(("--help", "--json", "--nothing", "--lang", "-h", "--to"))],
        draw.sample(words, len(words)),
        ["--lang", draw.choice(("ru", "xx", "")), *words],
    ]
    return draw.choice(changed)


# ---------------------------------------------------------------------- running


def furnish(folder: Path) -> None:
    """Put into a folder what lines name: cases, sound and broken, a law, descriptions of persons, polls, a model."""
    shutil.copytree(CASES / "referendum-2024", folder / "mine", dirs_exist_ok=True)
    shutil.copytree(CASES / "mazhilis-2023", folder / "broken", dirs_exist_ok=True)
    (folder / "broken" / "returns.csv").write_bytes(b"unit,contest,item,count\n,list,nobody,-1\n\xff\n")
    shutil.make_archive(str(folder / "mine"), "zip", folder, "mine")
    (folder / "day").mkdir(exist_ok=True)
    (folder / "day" / "day.toml").write_text('cases = ["a", "b"]\n', encoding="utf-8")
    (folder / "own.toml").write_text("[body]\nid = 7\n", encoding="utf-8")
    (folder / "m.toml").write_text("[[table]]\n", encoding="utf-8")
    (folder / "model.toml").write_text("national = 'x'\n", encoding="utf-8")
    (folder / "person.toml").write_text("birth_date = 1990-05-17\ncitizen = true\n", encoding="utf-8")
    (folder / "members.csv").write_text("name,party,from,to\nA,amanat,2023-03-29,\n", encoding="utf-8")
    (folder / "polls.csv").write_text("poll,date,size,amanat,auyl\np,2023-03-01,1000,60,20\n", encoding="utf-8")
    (folder / "order.csv").write_text("contest,unit,party,candidate,position\nlist,,amanat,x,1\n", encoding="utf-8")


def trouble(line: Line, folder: Path) -> str:
    """Run a line in a folder and return what is wrong with how it ended, or nothing."""
    code, said, error = _apart(line, folder) if line.ending else _here(line, folder)
    if error:
        return error
    if code not in CODES:
        return f"exit code {code}"
    if "Traceback (most recent call last)" in said or "a fault of Sailau itself" in said:
        return said[-1500:]
    if line.ending in ("closed", "full"):
        return ""
    if code == 2 and not said.strip():
        return "nothing said"
    long = [text for text in said.splitlines() if len(text) > 200 and code == 2 and "Usage:" not in said]
    return f"a line of {len(long[0])} characters: {long[0][:300]}" if long else ""


def _here(line: Line, folder: Path) -> tuple[int, str, str]:
    """Run a line in this process."""
    output, said = io.StringIO(), io.StringIO()
    environment = {"COLUMNS": str(line.width), "LINES": "40", "TERM": "dumb", "NO_COLOR": "1"}
    code, error = -1, ""
    previous = signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(PATIENCE)
    try:
        with (
            patch.dict(os.environ, environment),
            _without(line.missing),
            patch("typer.main.get_command", return_value=_command()),
            patch("sailau.extras.clone", return_value=None),
            contextlib.chdir(folder),
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(said),
        ):
            code = shell.run(list(line.arguments))
    except BaseException:  # whatever passes the last door is what is looked for
        error = traceback.format_exc()[-1500:]
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)
    return code, said.getvalue(), error


@contextlib.contextmanager
def _without(libraries: tuple[str, ...]) -> Iterator[None]:
    """Take libraries away; what is read meanwhile stays."""
    known = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in libraries}
    for name in known:
        del sys.modules[name]
    sys.modules.update(dict.fromkeys(libraries))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in libraries:
            del sys.modules[name]
        sys.modules.update(known)


@cache
def _command() -> Any:
    """Return the whole command line, which is made once: it takes longer than most lines."""
    shell.read_all()
    return typer.main.get_command(shell.app)


def _too_long(*_: object) -> None:
    raise TimeoutError(f"more than {PATIENCE} seconds")


def _apart(line: Line, folder: Path) -> tuple[int, str, str]:
    """Run a line as a process of its own, whose output is in another encoding, closed, full, or read only at its beginning."""
    ends = {"pipe": "", "closed": " >&-", "full": " >/dev/full", "head": " > >(head -c 10 >/dev/null)"}
    environment = {**os.environ, "PYTHONIOENCODING": line.encoding, "COLUMNS": str(line.width), "SAILAU_LANG": ""}
    script = f'exec "$@"{ends[line.ending]}'
    try:
        done = subprocess.run(
            ["bash", "-c", script, "bash", sys.executable, "-m", "sailau", *line.arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return -1, "", f"more than {PATIENCE} seconds"
    return done.returncode, done.stderr.decode(line.encoding, errors="replace"), ""
