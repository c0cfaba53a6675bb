"""`--plot [KIND=]FILE` and `--size` of every command that draws."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer


class Size(StrEnum):
    """Where a picture is seen."""

    web = "web"
    print = "print"
    phone = "phone"


PlotFile = Annotated[Path | None, typer.Option("--plot", metavar="FILE", help="Draw a picture (.svg or .png).")]
SizeOf = Annotated[
    Size, typer.Option("--size", help="Where pictures are seen: web, print (a column of 9 cm) or phone.")
]


def asked(texts: list[str] | None, usual: str, check: Callable[[str], None]) -> list[tuple[str, Path]]:
    """Read every `[KIND=]FILE`, and see to it before anything is computed that there is such a picture and a place for it.

    Args:
        texts: as written.
        usual: the kind where none is said.
        check: refuses a kind that there is not.

    Raises:
        BadInput: no such kind, or a file that cannot be drawn.
    """
    if not texts:
        return []
    from sailau.pictures.plots import check_file

    wanted = []
    for text in texts:
        kind, is_said, file = text.partition("=")
        if not is_said or not kind.isidentifier():
            kind, file = usual, text
        check(kind)
        check_file(Path(file))
        wanted.append((kind, Path(file)))
    return wanted


def draw(shown: Any, wanted: list[tuple[str, Path]], language: str, size: Size) -> None:
    """Draw the pictures that were asked for. Files come first: whoever reads the tables may stop reading (`| head`)."""
    if not wanted:
        return
    from sailau.pictures.plots import plot

    for kind, path in wanted:
        plot(shown, path, kind, language, size.value)


def check_one(path: Path | None) -> None:
    """See to it before anything is computed that a picture can go where it is wanted."""
    if path is not None:
        from sailau.pictures.plots import check_file

        check_file(path)
