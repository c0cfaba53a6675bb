"""Where a document goes: to a terminal, a pipe or, with `--to`, a file."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from sailau.rulebook.faults import BadInput, Fault
from sailau.rulebook.marks import visible_lines

PAGE = 120
"""Columns of a page in a pipe."""
NARROWEST = 40
"""Columns that no page goes below: a line is better broken by the terminal than into single words."""
ENDINGS = (".csv", ".xlsx", ".md", ".html", ".json", ".pdf")
_STYLES = {"strong": "bold", "good": "green", "bad": "red", "doubt": "yellow", "quiet": "dim"}


def _checked(path: Path | None) -> Path | None:
    if path is not None and path.suffix not in ENDINGS:
        raise BadInput([Fault("--to", 0, "", f"“{path}”", f"a file that ends with {', '.join(ENDINGS)}")])
    return path


To = Annotated[
    Path | None,
    typer.Option(
        "--to",
        metavar="FILE",
        callback=_checked,
        help="Write what is shown to a file: .csv, .xlsx, .md, .html, .json or .pdf.",
    ),
]


def columns() -> int:
    """Return the columns of the page: those of the terminal, or a usual number where the output is none."""
    return max(shutil.get_terminal_size().columns, NARROWEST) if sys.stdout.isatty() else PAGE


def echo(text: str) -> None:
    """Print text in which nothing acts but the ends of its lines."""
    print(visible_lines(text))


def say(text: str, tone: str = "plain") -> None:
    """Print a sentence in its tone: colours on a terminal only."""
    if not sys.stdout.isatty():
        echo(text)
        return
    from rich.text import Text

    _console().print(Text(visible_lines(text), _STYLES.get(tone, "")), soft_wrap=True)


def _console() -> Any:
    from rich.console import Console

    return Console(highlight=False, emoji=False, markup=False)


def show(document: Any, to: Path | None = None) -> None:
    """Show a document, or write it to a file by its ending; a sentence where it says nothing."""
    from sailau.wording import rendering, say_nothing

    if to is not None:
        _write(document, to)
        return
    if not document.blocks:
        say(say_nothing(document.language))
        return
    if not sys.stdout.isatty():
        for line, _ in rendering.lines(document, PAGE):
            print(line)
        return
    from rich.text import Text

    console = _console()
    for line, tone in rendering.lines(document, columns()):
        console.print(Text(line, _STYLES.get(tone, "")))


def illustrated(document: Any, to: Path | None, pictures: Callable[[], Iterable[Any]]) -> Any:
    """Return a document with its pictures where it goes to a page or to print."""
    from dataclasses import replace

    if to is None or to.suffix not in (".html", ".pdf"):
        return document
    return replace(document, blocks=(*document.blocks, *pictures()))


def show_tables(tables: Iterable[Any], language: str, to: Path | None = None, notes: Iterable[str] = ()) -> None:
    """Show those of several tables that have rows, and sentences below them."""
    from sailau.wording.document import Document, Paragraph

    shown = [table for table in tables if table.rows]
    show(Document((*shown, *map(Paragraph, notes)), language), to)


def _write(document: Any, path: Path) -> None:
    from sailau.writing import write_whole

    try:
        write_whole(path, _rendered(document, path.suffix))
    except OSError as error:  # what a person named is the file, not its folder
        raise OSError(error.errno, error.strerror, str(path)) from None


def _rendered(document: Any, ending: str) -> bytes | str:
    if ending == ".xlsx":
        from sailau.wording.spreadsheet import xlsx

        return xlsx(document)
    if ending == ".pdf":
        from sailau.exchange.printing import document_pdf

        return document_pdf(document)
    from sailau.wording import rendering

    renderers = {".csv": rendering.csv_text, ".md": rendering.markdown, ".html": rendering.html}
    text: str = renderers.get(ending, rendering.json_text)(document)
    return text
