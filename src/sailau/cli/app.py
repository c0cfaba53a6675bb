"""The application, its common options, and what every command does with bad input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from textwrap import wrap
from typing import Annotated, Any
from unicodedata import combining

import typer
from typer.core import TyperCommand

from sailau.cli.refusals import refusal
from sailau.rulebook.marks import visible, visible_lines

app = typer.Typer(
    name="sailau",
    help="Elections as code: from the law to the seats, every seat explained by article.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
law_app = typer.Typer(help="Rule books: list, show, diff, compare, validate, new.", no_args_is_help=True)
case_app = typer.Typer(help="Case folders: list, new, validate.", no_args_is_help=True)
app.add_typer(law_app, name="law")
app.add_typer(case_app, name="case")

_HOMES = {
    "counting": ("count", "explain", "check", "diff", "parliament"),
    "laws": ("law",),
    "cases": ("case",),
    "people": ("vet", "calendar", "ballot", "rights", "mandates", "chamber"),
    "reforms": ("compare", "simulate", "paradox"),
    "version": ("version",),
}
"""Module → its commands: only the module of the command that is asked for is read."""


class WithExample(TyperCommand):
    """A command whose help ends with an example; the examples are data, since they name laws and cases."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the example below the options."""
        import tomllib

        examples = tomllib.loads((Path(__file__).parent / "examples.toml").read_text(encoding="utf-8"))
        example = examples.get(ctx.command_path.removeprefix("sailau ").strip())
        if example:
            formatter.write_paragraph()
            formatter.write_text(f"Example: {example}")


def _say_version(asked: bool) -> None:
    if asked:
        from sailau import __version__

        print(f"sailau {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say the version and exit.")
    ] = False,
) -> None:
    """Take what is said before a command."""


class Language(StrEnum):
    """Languages of everything that is shown."""

    en = "en"
    ru = "ru"
    kk = "kk"


Lang = Annotated[Language, typer.Option("--lang", envvar="SAILAU_LANG", help="Language: en, ru or kk.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Case = Annotated[str, typer.Argument(metavar="CASE", help="A shipped case, a folder, or a .zip of one.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a provision for a what-if: list.threshold.share=7%."),
]


def run(arguments: list[str] | None = None) -> int:
    """Run one command line and return its exit code: 0 good, 1 the answer is no, 2 bad input."""
    arguments = sys.argv[1:] if arguments is None else arguments
    asked = arguments[0] if arguments else ""
    homes = [home for home, names in _HOMES.items() if asked in names] or list(_HOMES)
    for home in homes:
        import_module(f"sailau.cli.{home}")
    command = typer.main.get_command(app)
    try:
        result = command.main(arguments, prog_name="sailau", standalone_mode=False)
    except typer.Exit as error:
        return int(error.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except Exception as error:  # the last door: whatever it is, a person gets lines that he can act on
        if os.environ.get("SAILAU_TRACEBACK"):
            raise
        for line in refusal(error, arguments):
            print(line, file=sys.stderr)
        return 2
    return int(result) if isinstance(result, int) else 0


def print_json(data: Any) -> None:
    """Print data as JSON: letters of all languages as they are, signs that act on a screen escaped."""
    import json
    import re

    text = json.dumps(data, ensure_ascii=False, indent=1)
    print(re.sub(_ACTING, lambda sign: json.dumps(sign.group())[1:-1], text))


_ACTING = "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
"""Signs that JSON may hold as they are, though they act on a screen: controls, marks of direction, halves of letters."""


PAGE, NARROWEST = 120, 16
"""Columns of a page in a pipe, and the narrowest that a column of text becomes."""


def echo(text: str) -> None:
    """Print text in which nothing acts but the ends of its lines."""
    print(visible_lines(text))


class Plain:
    """What a pipe or a file gets in place of a console: text as it is, no colour, no wrapping."""

    def print(self, text: str, **_: Any) -> None:
        """Print a line."""
        echo(text)


def out() -> Any:
    """Return a console for standard output; Rich is read only for a terminal."""
    if not sys.stdout.isatty():
        return Plain()
    from rich.console import Console

    class Screen(Console):
        """A console that shows what a name holds and obeys nothing in it."""

        def print(self, *texts: Any, **settings: Any) -> None:
            super().print(*(visible_lines(t) if isinstance(t, str) else t for t in texts), **settings)

    return Screen(highlight=False, emoji=False, markup=False)


def show_table(table: Any) -> None:
    """Print a table that a room prepared: title, columns and rows of text; numbers stand on the right."""
    table = _Safe(table)
    right = [all(_is_number(row[i]) for row in table.rows) for i in range(len(table.columns))]
    note = table.note
    if not sys.stdout.isatty():
        print("\n".join([*_plain_table(table, right), *([note, ""] if note else [])]))
        return
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    shown = Table(
        box=SIMPLE_HEAD, title=Text(table.title) if table.title else None, title_justify="left", pad_edge=False
    )
    for name, numeric in zip(table.columns, right, strict=True):
        shown.add_column(Text(name), justify="right" if numeric else "left", overflow="fold")
    for row in table.rows:
        shown.add_row(*map(Text, row))
    if note:
        shown.caption, shown.caption_justify = Text(note), "left"
    out().print(shown)


class _Safe:
    """A table whose texts do nothing on a screen."""

    def __init__(self, table: Any) -> None:
        self.title, self.note = visible(table.title), visible(getattr(table, "note", ""))
        self.columns = [visible(str(name)) for name in table.columns]
        self.rows = [[visible_lines(str(cell)) for cell in row] for row in table.rows]


def show_tables(tables: Iterable[Any], language: str) -> None:
    """Print the tables that have rows; a sentence where none has any."""
    shown = [table for table in tables if table.rows]
    for table in shown:
        show_table(table)
    if not shown:
        from sailau.wording import say_nothing

        out().print(say_nothing(language))


def _plain_table(table: Any, right: list[bool]) -> Iterator[str]:
    """Yield the lines of a table as aligned text."""
    rows = [[str(cell).splitlines() or [""] for cell in row] for row in (table.columns, *table.rows)]
    heads, body = rows[0], rows[1:]
    bodies = [max((_width(line) for row in body for line in row[i]), default=0) for i in range(len(heads))]
    words = [max(_width(word) for line in head for word in line.split(" ")) for head in heads]
    whole = [max(body, *map(_width, head)) for body, head in zip(bodies, heads, strict=True)]
    widths = _narrowed(whole, list(map(max, bodies, words)), right)
    rows = [[_wrapped(cell, width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    if table.title:
        yield table.title
    for number, row in enumerate(rows):
        for line in range(max(len(cell) for cell in row)):
            cells = [cell[line] if line < len(cell) else "" for cell in row]
            padded = (
                " " * (w - _width(c)) + c if r else c + " " * (w - _width(c))
                for c, w, r in zip(cells, widths, right, strict=True)
            )
            yield "  ".join(padded).rstrip()
        if number == 0:
            yield "  ".join("─" * w for w in widths)
    yield ""


def _narrowed(widths: list[int], least_widths: list[int], right: list[bool]) -> list[int]:
    """Return widths of columns that fit a page: long heads of numbers are wrapped first, then the widest texts.

    Args:
        widths: what the columns would like to have.
        least_widths: what their cells, and the longest word of their heads, need.
        right: which of them hold numbers, which are never wrapped.
    """
    room = PAGE - 2 * (len(widths) - 1)
    while sum(widths) > room:
        heads = [i for i, numeric in enumerate(right) if numeric and widths[i] > least_widths[i]]
        if not heads:
            break
        widths[max(heads, key=lambda i: widths[i])] -= 1
    while sum(widths) > room:
        texts = [i for i, numeric in enumerate(right) if not numeric and widths[i] > NARROWEST]
        if not texts:
            break
        widest = max(texts, key=lambda i: widths[i])
        others = sorted(widths[i] for i in texts if i != widest)
        least = max(NARROWEST, others[-1] - 1 if others else NARROWEST)
        widths[widest] = max(least, widths[widest] - (sum(widths) - room))
    return widths


def _wrapped(lines: list[str], width: int) -> list[str]:
    return [part for line in lines for part in (wrap(line, width) if _width(line) > width else [line]) or [""]]


def _width(text: str) -> int:
    """Return how many columns a text takes: marks that combine with a letter take none."""
    return sum(1 for c in text if not combining(c))


def _is_number(cell: object) -> bool:
    text = str(cell).strip().lstrip("+−-–<>≥≤")
    return not text or text[0].isdigit()


def progress(label: str, total: int) -> Any:
    """Return a progress bar on standard error with the rate; nothing where that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    # A bar that refreshes itself has a thread of its own, beside which work cannot be given to forked processes.
    bar = Progress(
        *columns, TimeRemainingColumn(), console=console, disable=not sys.stderr.isatty(), transient=True,
        auto_refresh=False,
    )  # fmt: skip
    bar.add_task(label, total=total, rate="")
    return bar
