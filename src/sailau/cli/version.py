"""`sailau version`: what is installed here, so that two people can say that they counted with the same program.

And `sailau completion`, which a shell reads once.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from sailau.cli.app import Json, WithExample, app, print_json
from sailau.cli.screen import echo


@app.command(cls=WithExample)
def version(as_json: Json = False) -> None:
    """Say the version of the program, of its JSON and of what it runs on, with a digest of the installed rule books."""
    import platform

    import numpy
    import pydantic

    from sailau import SCHEMA, __version__
    from sailau.provenance import program
    from sailau.rulebook.book import digest_of_books

    told = {
        "program": program(),
        "version": __version__,
        "schema": SCHEMA,
        "rule_books": digest_of_books(),
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "pydantic": pydantic.VERSION,
        "platform": platform.platform(),
    }
    if as_json:
        print_json(told)
        return
    for name, value in told.items():
        echo(f"{name:<10}  {value}")


class Shell(StrEnum):
    """Shells that can complete."""

    bash = "bash"
    zsh = "zsh"
    fish = "fish"
    powershell = "powershell"


@app.command(cls=WithExample)
def completion(shell: Annotated[Shell, typer.Argument(help="bash, zsh, fish or powershell.")]) -> None:
    """Print the lines that make a shell complete commands, cases, laws, parties and provisions."""
    from typer._completion_shared import get_completion_script

    echo(get_completion_script(prog_name="sailau", complete_var="_SAILAU_COMPLETE", shell=shell.value))
