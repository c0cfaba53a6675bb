"""The net: what every command gives today for every shipped case and law, recorded, compared and renewed.

    python tests/recorded/record.py                    compare everything; exit with 1 where something differs
    python tests/recorded/record.py mazhilis-2023 …    compare some records
    python tests/recorded/record.py --write [NAME …]   renew all, or some

Two classes of records. `figures/`: JSON of the commands, exit codes and faults. They do not change unless a commit says
which and why. Keys may be added, none may go; text for people in them is masked. `words/`: what people read, in three
languages; it changes with the words. Every command runs in this process through the entry of the command line, with a
fixed environment, so that no record depends on the names of modules, on the machine or on the day.
"""

from __future__ import annotations

import contextlib
import difflib
import gc
import io
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LANGUAGES = ("en", "ru", "kk")
KINDS = ("figures", "words")
ENVIRONMENT = {"COLUMNS": "100", "LINES": "50", "NO_COLOR": "1", "TERM": "dumb", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
"""What a command may ask of its surroundings, beside the path."""

Command = tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """The commands behind one name: those that print figures, and those that print words in each language."""

    figures: tuple[Command, ...] = ()
    words: tuple[Command, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What a command gave."""

    code: int
    output: str
    faults: str


def run(command: Command) -> Answer:
    """Run one command line through the entry, in the root of the project."""
    from sailau.cli import main

    output, faults = io.StringIO(), io.StringIO()
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "PYTHONPATH")}
    thresholds = gc.get_threshold()
    with (
        patch.dict(os.environ, {**kept, **ENVIRONMENT}, clear=True),
        patch.object(sys, "argv", ["sailau", *command]),
        contextlib.chdir(ROOT),
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(faults),
    ):
        time.tzset()
        try:
            main()
            code = 0
        except SystemExit as left:
            code = int(left.code or 0)
    time.tzset()
    gc.set_threshold(*thresholds)
    return Answer(code, output.getvalue(), faults.getvalue())


# ---------------------------------------------------------------- what is recorded

DRAWN = ("mazhilis-2023", "seimas-2024", "storting-2021", "congress-2019-04", "snemovna-2021")
"""Simulated: a mixed chamber, run-offs, levelling seats, many districts, regions with bars."""

BROKEN = (
    ("count", "no-such-case"),
    ("count", "mazhilis-2023", "--set", "list.threshold.share=seven"),
    ("count", "mazhilis-2023", "--set", "list.nothing=7"),
    ("explain", "mazhilis-2023", "nobody"),
    ("law", "show", "kz/mazhilis@1990-01-01"),
    ("law", "show", "kz/mazhilis@tomorrow"),
    ("law", "validate", "tests/recorded/broken/law.toml"),
    ("simulate", "kurultai-2026", "--draws", "10"),
    ("cuont", "mazhilis-2023"),
    ("count", "mazhilis-2023", "--jsno"),
)
"""Command lines and rule books with faults."""


@cache
def records() -> dict[str, Record]:
    """Return all records by name: one a case, one a law, and what is asked once."""
    cases = json.loads(run(("case", "list", "--json")).output)
    laws = json.loads(run(("law", "list", "--json")).output)
    changes = {law["law"]: [law["from"], *law["changes"]] for law in laws}
    days: dict[str, list[str]] = {}
    first: dict[tuple[str, str], str] = {}
    for case in cases:
        days.setdefault(case["law"], []).append(case["day"])
        version = max(day for day in changes[case["law"]] if day <= case["day"])
        first.setdefault((case["law"], version), case["case"])
    return {
        **{case["case"]: _case(case["case"], case["case"] in first.values()) for case in cases},
        **{"law-" + law.replace("/", "-"): _law(law, versions, days.get(law, [])) for law, versions in changes.items()},
        **{
            f"simulation-{name}": Record(figures=(("simulate", name, "--draws", "20000", "--seed", "7", "--json"),))
            for name in DRAWN
        },
        "faults": _faults(),
        "lists": _lists(),
        "once": _once(),
    }


def _case(name: str, first: bool) -> Record:
    """Return what a case is asked; words about the persons and the chamber only of the first case under a version."""
    counted, further = ("count", "explain"), ("vet", "mandates", "parliament")
    return Record(
        figures=tuple((command, name, "--json") for command in (*counted, *further, "check")),
        words=tuple((command, name) for command in (counted + further if first else counted)),
    )


def _law(law: str, versions: list[str], polled: list[str]) -> Record:
    """Return what a law is asked: its last version whole, what each version changed, and the days of its elections.

    Args:
        law: its id.
        versions: the days on which it changes, the first day first.
        polled: polling days of shipped cases under it.
    """
    last = f"{law}@{versions[-1]}"
    polled = sorted(set(polled)) or versions[-1:]
    return Record(
        figures=(("law", "show", last, "--json"), *(("calendar", f"{law}@{day}", "--json") for day in polled)),
        words=(
            ("law", "show", last),
            *(("law", "diff", f"{law}@{before}", f"@{after}") for before, after in pairwise(versions)),
            *(("calendar", f"{law}@{day}") for day in polled[-1:]),
            ("ballot", f"{law}@{polled[-1]}"),
            ("rights", f"{law}@{polled[-1]}"),
        ),
    )


def _faults() -> Record:
    misprints = sorted(p.parent.relative_to(ROOT).as_posix() for p in ROOT.glob("tests/election/misprints/*/case.toml"))
    broken = sorted(p.parent.relative_to(ROOT).as_posix() for p in HERE.glob("broken/*/case.toml"))
    return Record(
        figures=(
            *(("count", folder, "--json") for folder in (*misprints, *broken)),
            *(("case", "validate", folder) for folder in broken),
            *BROKEN,
        )
    )


def _lists() -> Record:
    """Return what changes with every law and case that is added."""
    asked = (("law", "list"), ("case", "list"))
    return Record(figures=tuple((*command, "--json") for command in asked), words=asked)


def _once() -> Record:
    asked: tuple[Command, ...] = (
        ("diff", "mazhilis-2016", "mazhilis-2023", "--same", "nur-otan=amanat"),
        ("compare", "mazhilis-2023", "--under", "es/congress", "--under", "lt/seimas"),
        ("chamber", "mazhilis-8@2024-06-01", "--seats", "98"),
        ("paradox", "mazhilis-2023", "--seats", "10", "--tries", "2000"),
        ("count", "mazhilis-2023", "--set", "list.threshold.share=7%"),
        ("simulate", "mazhilis-2023", "--draws", "2000", "--seed", "7", "--under", "lt/seimas"),
        ("calendar", "kz/mazhilis@2023-03-19", "--called", "2023-01-19", "--convention", "statute"),
    )
    return Record(
        figures=tuple((*command, "--json") for command in asked),
        words=(
            *asked,
            ("explain", "mazhilis-2023", "auyl"),
            ("law", "compare", "kz/mazhilis@2023-03-19", "md/parliament@2025-09-28", "es/congress@2019-04-28"),
            ("law", "compare", "kz/mazhilis@1999-10-10", "kz/mazhilis@2007-08-18", "kz/kurultai@2026-08-23"),
            ("law", "compare", "kz/president@2022-11-20", "md/president@2024-10-20"),
        ),
    )


# ---------------------------------------------------------------- figures

MASK = "…"
PEOPLE = ("en", "ru", "kk", "title", "titles", "name", "text", "note", "notes", "message", "remarks")
SOURCES = ("cite", "confidence", "document", "cure", "found", "required")
TEXT = frozenset((*PEOPLE, *SOURCES))
"""Keys of text for people and of citations: their values may change with the words, the keys stay."""

PASSING = frozenset(
    ("program", "version", "schema", "schema_version", "digest", "digests", "seconds", "threads", "block")
)
"""Keys that say which program answered, or on what machine; they are not recorded."""


def figures(name: str) -> dict[str, Any]:
    """Return exit code, faults and JSON of each command of a record."""
    answers: dict[str, Any] = {}
    for command in records()[name].figures:
        answer = run(command)
        shown: dict[str, Any] = {"exit": answer.code, "faults": answer.faults.splitlines()}
        if "--json" in command and answer.output:
            shown["json"] = masked(json.loads(answer.output))
        elif answer.output:
            shown["output"] = answer.output.splitlines()
        answers[" ".join(command)] = shown
    return answers


def masked(data: Any) -> Any:
    """Return JSON without the text in it, which belongs to the words."""
    if isinstance(data, list):
        return [masked(item) for item in data]
    if not isinstance(data, dict):
        return data
    return {key: MASK if _is_text(key, value) else masked(value) for key, value in data.items() if key not in PASSING}


def _is_text(key: str, value: Any) -> bool:
    """Say that a value is text: a key may be the path of a provision, whose value stands one level deeper."""
    if key.rsplit(".", 1)[-1] not in TEXT:
        return False
    return isinstance(value, str | list) or (isinstance(value, dict) and "value" in value)


def differences(recorded: Any, now: Any, where: str = "") -> Iterator[str]:
    """Yield one line for every recorded value that is now another or gone; what was added is no difference."""
    if recorded == MASK or recorded is now:
        return
    if isinstance(recorded, dict) and isinstance(now, dict):
        for key, value in recorded.items():
            place = f"{where} / {key}" if where else key
            if key in now:
                yield from differences(value, now[key], place)
            else:
                yield f"{place}: gone; recorded {_short(value)}"
    elif isinstance(recorded, list) and isinstance(now, list) and len(recorded) == len(now):
        for number, (old, new) in enumerate(zip(recorded, now, strict=True)):
            yield from differences(old, new, f"{where}[{number}]")
    elif recorded != now or isinstance(recorded, bool) != isinstance(now, bool):
        yield f"{where}: recorded {_short(recorded)}, now {_short(now)}"


def _short(value: Any) -> str:
    text = _compact(value)
    return text if len(text) <= 160 else text[:159] + "…"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


WIDTH, WORTH = 118, 48
"""Columns of a line of figures, and characters from which a value that occurs again is written once."""


def written(answers: dict[str, Any]) -> str:
    """Return figures as a file: keys sorted, what fits on one line there, values that repeat once, under their digest."""
    again: Counter[str] = Counter()

    def tally(value: Any) -> None:
        if not isinstance(value, dict | list):
            return
        text = _compact(value)
        again[text] += 1
        if again[text] == 1:
            for child in value.values() if isinstance(value, dict) else value:
                tally(child)

    shared: dict[str, Any] = {}

    def fold(value: Any) -> Any:
        if not isinstance(value, dict | list):
            return value
        text = _compact(value)
        if again[text] < 2 or len(text) < WORTH:
            return children(value)
        sign = "&" + sha256(text.encode()).hexdigest()[:10]
        if sign not in shared:
            shared[sign] = children(value)
        return sign

    def children(value: Any) -> Any:
        return {k: fold(v) for k, v in value.items()} if isinstance(value, dict) else [fold(v) for v in value]

    tally(answers)
    commands = {command: fold(answer) for command, answer in answers.items()}
    return "\n".join(_lines({"commands": commands, "shared": shared}, "")) + "\n"


def _lines(value: Any, indent: str) -> Iterator[str]:
    """Yield the lines of a value, the first without its indent."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    if not isinstance(value, dict | list) or not value or len(indent) + len(text) <= WIDTH:
        yield text
        return
    pairs = sorted(value.items()) if isinstance(value, dict) else [(None, item) for item in value]
    yield "{" if isinstance(value, dict) else "["
    for number, (key, item) in enumerate(pairs, 1):
        first, *more = _lines(item, indent + " ")
        label = f"{json.dumps(key, ensure_ascii=False)}: " if key is not None else ""
        lines = [f"{indent} {label}{first}", *more]
        yield from lines[:-1]
        yield lines[-1] + ("," if number < len(pairs) else "")
    yield indent + ("}" if isinstance(value, dict) else "]")


def read_figures(text: str) -> dict[str, Any]:
    """Return the figures of a file, values that repeat put back."""
    data = json.loads(text)
    shared, whole = data["shared"], {}

    def unfold(value: Any) -> Any:
        if isinstance(value, str) and value in shared:
            if value not in whole:
                whole[value] = unfold(shared[value])
            return whole[value]
        if isinstance(value, dict):
            return {k: unfold(v) for k, v in value.items()}
        return [unfold(v) for v in value] if isinstance(value, list) else value

    return {command: unfold(answer) for command, answer in data["commands"].items()}


# ---------------------------------------------------------------- words

HEAD = "═══ sailau "


def words(name: str, language: str) -> str:
    """Return what the commands of a record say in a language, as a file."""
    blocks = []
    for command in records()[name].words:
        asked = (*command, "--lang", language)
        answer = run(asked)
        code = f"═══ exit {answer.code}\n" if answer.code else ""
        blocks.append(f"{HEAD}{' '.join(asked)}\n{answer.output}{answer.faults}{code}")
    return "".join(blocks)


def _changed_words(recorded: str, now: str) -> Iterator[str]:
    """Yield a short unified diff of what each command says."""
    old, new = (
        {block.split("\n", 1)[0]: block.split("\n", 1)[1] for block in text.split(HEAD)[1:]} for text in (recorded, now)
    )
    for command in {**old, **new}:
        before, after = old.get(command, ""), new.get(command, "")
        if before != after:
            yield f"{HEAD}{command}"
            yield from [*difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm="")][2:]


# ---------------------------------------------------------------- compare, renew

SHOWN = 40
"""Lines of differences that are shown for one file."""


def files(name: str, kind: str) -> dict[Path, str]:
    """Return the files of a record as they would be written now, none where it has no commands of the kind."""
    record = records()[name]
    if kind == "figures":
        return {HERE / "figures" / f"{name}.json": written(figures(name))} if record.figures else {}
    return {HERE / "words" / f"{name}.{lang}.txt": words(name, lang) for lang in LANGUAGES} if record.words else {}


def compare(name: str, kind: str) -> list[str]:
    """Return what differs from the record, as lines; nothing where nothing does."""
    trouble: list[str] = []
    for path, now in files(name, kind).items():
        lines = [*_changes(path, now)]
        if lines:
            more = [f"… and {len(lines) - SHOWN} lines more"] if len(lines) > SHOWN else []
            trouble += [f"--- {path.relative_to(ROOT).as_posix()}", *lines[:SHOWN], *more]
    return trouble


def renew(name: str, kind: str) -> list[str]:
    """Write the files of a record whose text is another now, and return their names."""
    renewed = []
    for path, now in files(name, kind).items():
        if not path.exists() or path.read_text(encoding="utf-8") != now:
            path.parent.mkdir(exist_ok=True)
            path.write_text(now, encoding="utf-8", newline="\n")
            renewed.append(f"written {path.relative_to(ROOT).as_posix()}")
    return renewed


def _changes(path: Path, now: str) -> Iterator[str]:
    if not path.exists():
        yield "no record"
        return
    recorded = path.read_text(encoding="utf-8")
    if path.parent.name == "words":
        yield from _changed_words(recorded, now)
    elif recorded != now:
        yield from differences(read_figures(recorded), read_figures(now))


def strays() -> list[Path]:
    """Return recorded files that belong to no record any more."""
    expected = {HERE / "figures" / f"{name}.json" for name, record in records().items() if record.figures}
    expected |= {
        HERE / "words" / f"{name}.{language}.txt"
        for name, record in records().items()
        if record.words
        for language in LANGUAGES
    }
    return sorted({path for kind in KINDS for path in (HERE / kind).iterdir()} - expected)


def main(arguments: list[str]) -> int:
    """Compare or renew; return 1 where something differs."""
    write, names = "--write" in arguments, [a for a in arguments if not a.startswith("--")]
    unknown = [name for name in names if name not in records()]
    if unknown:
        print(f"no record {', '.join(unknown)}; there are {', '.join(records())}", file=sys.stderr)
        return 2
    jobs = [(name, kind) for name in names or records() for kind in KINDS]
    with ProcessPoolExecutor() as pool:
        lines = [line for shown in pool.map(renew if write else compare, *zip(*jobs, strict=True)) for line in shown]
    for path in strays() if not names else []:
        if write:
            path.unlink()
        lines.append(f"{'removed' if write else 'of no record:'} {path.relative_to(ROOT).as_posix()}")
    print("\n".join(lines) or "nothing differs")
    return 1 if lines and not write else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
