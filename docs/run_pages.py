"""Run what the pages show: commands with their output, Python with its results, files that a page has you write.

A page is Markdown. Blocks fenced as `console` hold commands (`$ sailau …`) and what they print; a line `…` stands for
any lines. Blocks fenced as `python` run in one namespace per page; after `>>>` the result is compared. A block fenced
as `toml file=law.toml` or `csv file=my-case/returns.csv` is written to the page's own folder first. Other blocks are
only shown.

`python docs/run_pages.py [PAGE]…` prints what differs; with `--write` it puts today's output into the page. An output that
ends in `…` keeps its number of lines; one with `…` elsewhere is left to a person.
"""

from __future__ import annotations

import doctest
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parent.parent
_FENCE = re.compile(r"^(?P<fence>`{3,})(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=fence)[ \t]*$", re.MULTILINE | re.DOTALL)
_ANY = "…"
# Begins what a command printed that fell over: no page may show that as its output.
_CRASH = "crashed:"
# The width that `--help` is laid out for, and no colours.
_SCREEN = {"COLUMNS": "80", "NO_COLOR": "1"}
_UNSET = ("FORCE_COLOR", "TTY_COMPATIBLE", "SAILAU_LANG")
_DOCTEST = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its language, the file it is to be written to (or empty), its text and where it stands."""

    language: str
    file: str
    body: str
    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Something a page says that is not so."""

    page: Path
    line: int
    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        name = self.page.relative_to(ROOT) if self.page.is_relative_to(ROOT) else self.page
        return f"{name}:{self.line}: {self.what}\n--- the page says\n{self.expected}\n--- it is\n{self.found}"


def blocks(text: str) -> list[Block]:
    """Return the fenced blocks of a page."""
    found = []
    for match in _FENCE.finditer(text):
        words = match["info"].split()
        file = next((w.removeprefix("file=") for w in words if w.startswith("file=")), "")
        line = text.count("\n", 0, match.start()) + 2
        found.append(
            Block(words[0] if words else "", file, match["body"], line, match.start("body"), match.end("body"))
        )
    return found


def runnable(text: str) -> bool:
    """Whether a page shows anything that can be run."""
    return any(block.language in ("console", "python") for block in blocks(text))


def run_page(page: Path) -> list[Mismatch]:
    """Run a page in a folder of its own and return all that differs."""
    return [mismatch for _, _, mismatch in _run(page) if mismatch is not None]


def rewrite(page: Path) -> list[Mismatch]:
    """Put today's output of every command into a page; return what differs still and needs a person."""
    text = page.read_text(encoding="utf-8")
    left, done = [], 0
    for block, shown, mismatch in _run(page):
        if mismatch is None:
            continue
        new = _shortened(block.body, shown) if block.language == "console" else ""
        if not _matches(new, shown) or _CRASH in shown:
            left.append(mismatch)
            continue
        text = text[: block.start + done] + new + text[block.end + done :]
        done += len(new) - len(block.body)
    page.write_text(text, encoding="utf-8")
    return left


def _shortened(body: str, shown: str) -> str:
    """Return today's block with as many lines of each output as the page shows before its last line `…`."""
    parts = []
    for old, new in zip(_commands(body), _commands(shown), strict=True):
        gaps = [place for place, line in enumerate(old) if line.strip() == _ANY]
        if gaps == [len(old) - 1] and len(new) > len(old) - 1:
            parts += [*new[: len(old) - 1], _ANY]
        else:
            parts += old if gaps else new
    return "\n".join(parts) + "\n"


def _commands(body: str) -> list[list[str]]:
    """Return the lines of a block, command by command."""
    parts: list[list[str]] = []
    for line in body.rstrip("\n").split("\n"):
        if line.startswith("$ "):
            parts.append([])
        parts[-1].append(line.rstrip())
    return parts


def _run(page: Path) -> Iterator[tuple[Block, str, Mismatch | None]]:
    """Yield (block, the block as it should read, what differs) for each block that is run."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    environment = {k: v for k, v in os.environ.items() if k not in _UNSET}
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, {**environment, **_SCREEN}, clear=True):
        here = Path(folder)
        for block in blocks(page.read_text(encoding="utf-8")):
            if block.file:
                target = here / block.file
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(block.body, encoding="utf-8")
            elif block.language == "console":
                shown = _console(block.body, here)
                same = _matches(block.body, shown) and _CRASH not in shown
                yield block, shown, None if same else Mismatch(page, block.line, "output differs", block.body, shown)
            elif block.language == "python":
                with chdir(here):
                    trouble = _python(block, page, namespace)
                yield block, block.body, trouble


def _console(body: str, here: Path) -> str:
    """Return the commands of a block, each with what it prints today."""
    shown = []
    code = 0
    for command in (line[2:] for line in body.splitlines() if line.startswith("$ ")):
        shown.append(f"$ {command}")
        if command == "echo $?":
            shown.append(str(code))
            continue
        code, output = _command(command, here)
        shown += [line.rstrip() for line in output.rstrip().splitlines()]
    return "\n".join(shown) + "\n"


def _command(command: str, here: Path) -> tuple[int, str]:
    """Run one command line of Sailau in this process and return its exit code and all it prints."""
    from sailau.cli.app import run

    program, *arguments = shlex.split(command, comments=True)
    if program not in ("sailau", "bin/sailau"):
        raise ValueError(f"“{command}”: a page may run sailau only; show other commands in a block fenced as sh")
    output = io.StringIO()
    with chdir(here), redirect_stdout(output), redirect_stderr(output):
        try:
            code = run(arguments)
        except Exception as error:
            print(f"{_CRASH} {type(error).__name__}: {error}")
            code = 3
    return code, output.getvalue()


def _matches(expected: str, found: str) -> bool:
    """Whether output is as expected, a line `…` standing for any lines."""
    wanted = [line.rstrip() for line in expected.rstrip("\n").splitlines()]
    pattern = "".join(r"(?:.*\n)*?" if line.strip() == _ANY else re.escape(line) + r"\n" for line in wanted)
    return re.fullmatch(pattern, found) is not None


def _python(block: Block, page: Path, namespace: dict[str, Any]) -> Mismatch | None:
    said = io.StringIO()
    if ">>>" in block.body:
        test = doctest.DocTestParser().get_doctest(block.body, namespace, page.name, str(page), block.line - 1)
        runner = doctest.DocTestRunner(optionflags=_DOCTEST)
        runner.run(test, out=said.write, clear_globs=False)
        namespace.update(test.globs)
        return Mismatch(page, block.line, "a result differs", block.body, said.getvalue()) if runner.failures else None
    try:
        with redirect_stdout(said):
            exec(compile(block.body, f"{page.name}:{block.line}", "exec"), namespace)
    except Exception as error:
        return Mismatch(page, block.line, "the code fails", block.body, f"{type(error).__name__}: {error}")
    return None


def pages() -> list[Path]:
    """Return README.md, CONTRIBUTING.md and every page under docs/ (beginnings of generated pages are none)."""
    under = sorted(p for p in (ROOT / "docs").rglob("*.md") if not p.name.endswith(".head.md"))
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *under]


def main(arguments: list[str]) -> int:
    """Run pages; with --write bring their output up to date."""
    names = [a for a in arguments if not a.startswith("-")]
    wanted = [Path(n).resolve() for n in names] or [p for p in pages() if runnable(p.read_text(encoding="utf-8"))]
    trouble = [m for page in wanted for m in (rewrite(page) if "--write" in arguments else run_page(page))]
    print("\n\n".join(map(str, trouble)) or f"{len(wanted)} pages say what is so")
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
