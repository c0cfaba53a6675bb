"""The application, its common options, and what every command does with bad input."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from sailau.cli import completion
from sailau.cli.contents import HOMES, lines
from sailau.cli.refusals import refusal


class Contents(TyperGroup):
    """All commands; help lists them from a table, so that it reads none of the modules in which they stand."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 as the class above has it
        """Write a line about each command, under headings."""
        for title, commands in lines():
            with formatter.section(title):
                formatter.write_dl(commands)


app = typer.Typer(
    name="sailau",
    cls=Contents,
    help="Elections as code: from the law to the seats, every seat explained by article.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
law_app = typer.Typer(help="Rule books: list, show, diff, compare, validate, new.", no_args_is_help=True)
case_app = typer.Typer(help="Case folders: list, show, new, validate.", no_args_is_help=True)
log_app = typer.Typer(
    help="A public log of protocols: init, append, checkpoint, prove, watch, compare, cosign.", no_args_is_help=True
)
witness_app = typer.Typer(help="Watch a log and sign what continues it: key, sign, serve.", no_args_is_help=True)
app.add_typer(law_app, name="law")
app.add_typer(case_app, name="case")
observe_app = typer.Typer(help="Observers: plan a sample, estimate from it, compare copies.", no_args_is_help=True)
audit_app = typer.Typer(help="Audits by a recount of stations: plan, seed, draw, enter, status.", no_args_is_help=True)
app.add_typer(log_app, name="log")
app.add_typer(observe_app, name="observe")
app.add_typer(audit_app, name="audit")
app.add_typer(witness_app, name="witness")


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
    lang: Annotated[
        str, typer.Option("--lang", metavar="LANGUAGE", help="Language, also behind a command: en, ru or kk.")
    ] = "en",
) -> None:
    """Take what is said before a command."""


class Language(StrEnum):
    """Languages of everything that is shown."""

    en = "en"
    ru = "ru"
    kk = "kk"


_LANGUAGE = "SAILAU_LANG"
Lang = Annotated[Language, typer.Option("--lang", envvar=_LANGUAGE, help="Language: en, ru or kk.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def note_shadows(names: Any) -> Any:
    """Say where a folder of somebody's own is counted in place of the shipped case of its name; return the names."""
    from sailau.election.files import shadows

    for name in [names] if isinstance(names, str) else names or []:
        if shadows(name):
            print(f"{name}: the folder ./{name} is read, not the shipped case of that name", file=sys.stderr)
    return names


Case = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="A shipped case by its id or title, a folder, or a .zip of one.",
        callback=note_shadows,
        autocompletion=completion.cases,
    ),
]
Cases = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[CASE]...",
        help="Cases; all shipped ones when left out.",
        callback=note_shadows,
        autocompletion=completion.cases,
    ),
]
LawName = Annotated[
    str,
    typer.Argument(
        metavar="LAW[@DAY]",
        help="A law by its id, its name or the path of a rule book; @DAY for its version on a polling day.",
        autocompletion=completion.laws,
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change a provision for a what-if: list.threshold.share=7%; `law show LAW --paths` lists them.",
        autocompletion=completion.paths,
    ),
]


def read_all() -> None:
    """Read the modules of all commands, for whoever wants to know them all."""
    for home in HOMES:
        import_module(f"sailau.cli.{home}")


def run(arguments: list[str] | None = None) -> int:
    """Run one command line and return its exit code: 0 good, 1 the answer is no, 2 bad input."""
    arguments = sys.argv[1:] if arguments is None else arguments
    arguments, language = _language_first(arguments)
    if language is None:
        return _run(arguments)
    before = os.environ.get(_LANGUAGE)
    os.environ[_LANGUAGE] = language
    try:
        return _run(arguments)
    finally:
        del os.environ[_LANGUAGE]
        if before is not None:
            os.environ[_LANGUAGE] = before


def _language_first(arguments: list[str]) -> tuple[list[str], str | None]:
    """Take a language from in front of the command."""
    first, equals, language = arguments[0].partition("=") if arguments else ("", "", "")
    if first != "--lang":
        return arguments, None
    if equals:
        return arguments[1:], language
    return arguments[2:], arguments[1] if len(arguments) > 1 else ""


def _spoken(arguments: list[str]) -> str:
    """Return the language of a command line, for whatever is said before or after a command has read it."""
    behind = [*(after for before, after in pairwise(arguments) if before == "--lang")]
    behind += [argument.removeprefix("--lang=") for argument in arguments if argument.startswith("--lang=")]
    language = (behind or [os.environ.get(_LANGUAGE, "")])[-1]
    return language if language in list(Language) else Language.en.value


_WITHOUT_COMMAND = ("--help", "-h", "--version")


def _run(arguments: list[str]) -> int:
    asked = arguments[0] if arguments else "--help"
    is_completing = "_SAILAU_COMPLETE" in os.environ  # a shell asks what may follow; the answer is printed instead
    if asked not in _WITHOUT_COMMAND or is_completing:
        for home in [home for home, names in HOMES.items() if asked in names] or HOMES:
            import_module(f"sailau.cli.{home}")
    if is_completing:
        completion.prepare()
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
        for line in refusal(error, arguments, _spoken(arguments)):
            print(line, file=sys.stderr)
        return 2
    return int(result) if isinstance(result, int) else 0


def print_json(data: Any, law: Any = None, case: Any = None, outcome: Any = None) -> None:
    """Print data as JSON: letters of all languages as they are, signs that act on a screen escaped.

    Args:
        data: a table, or a list of tables.
        law: the law that the data rest on, or several by name, for their provenance.
        case: the election, likewise.
        outcome: the outcome, likewise.
    """
    from sailau.provenance import stamped

    print_plain_json(stamped(data, law, case, outcome))


def print_plain_json(data: Any) -> None:
    """Print data as JSON as they are, without their provenance: a JSON Schema."""
    import json

    from sailau.rulebook.marks import visible_json

    print(visible_json(json.dumps(data, ensure_ascii=False, indent=1)))


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
