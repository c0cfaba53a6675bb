"""Pictures as files that a newspaper can print: SVG or PNG, labelled in three languages, safe for all eyes.

Nothing rests on colour alone: lines carry marks and names, other laws are dashed, bars have titles. The same result gives
the same file.
"""

from __future__ import annotations

from pathlib import Path

from sailau.counting import Outcome
from sailau.extras import library
from sailau.parliament.chamber import ChamberReport as Parliament
from sailau.pictures.canvas import Canvas
from sailau.pictures.change import TwoElections, change
from sailau.pictures.compared import compared
from sailau.pictures.curve import curve
from sailau.pictures.powers import powers
from sailau.pictures.result import result
from sailau.pictures.seats import seats
from sailau.pictures.sheet import SIZES
from sailau.pictures.simulated import Simulated
from sailau.pictures.sweep import sweep
from sailau.pictures.why import why
from sailau.rulebook import BadInput, Fault
from sailau.simulation.comparing import Comparison
from sailau.simulation.report import Report
from sailau.wording.pictures import caption
from sailau.writing import write_whole

KINDS = {"seats": seats, "sweep": sweep, "curve": curve}
"""Kind of a picture of a simulation → what draws it."""
OF_A_COUNT = {"chamber": result, "why": why}
"""Kind of a picture of a count → what draws it."""
Shown = Report | Outcome | Comparison | TwoElections | Parliament


def plot(shown: Shown, path: str | Path, kind: str = "", language: str = "en", size: str = "web") -> Path:
    """Draw a picture of a count, a simulation, a comparison, two elections or a parliament into a file.

    Args:
        shown: what `count`, `simulate`, `compare` or `parliament.report` returned, or a `TwoElections`.
        path: an .svg or .png file.
        kind: of a count `chamber` (its seats and votes, the usual one) or `why` (why each list has its seats); of a
            simulation `seats` (how likely which number of seats is, the usual one), `sweep` (a provision varied) or `curve`
            (votes and seats); the others have one picture each.
        language: of all words: `en`, `kk` or `ru`.
        size: `web`, `print` (a column of 9 cm) or `phone`.

    Raises:
        BadInput: what `check` finds, or nothing to show.
        OSError: the file cannot be written.
    """
    path = Path(path)
    if size not in SIZES:
        raise BadInput([Fault("--size", 0, "", f"“{size}”", f"one of {', '.join(SIZES)}")])
    check_file(path)
    canvas, title = _drawn(shown, kind, language, SIZES[size])
    save(canvas, path, title, language)
    return path


def svg(shown: Shown, kind: str = "", language: str = "en", size: str = "web") -> str:
    """Return a picture as an SVG; see `plot`."""
    canvas, title = _drawn(shown, kind, language, SIZES[size])
    return canvas.svg(title, language)


def _drawn(shown: Shown, kind: str, language: str, width: float) -> tuple[Canvas, str]:
    """Return a picture and its title."""
    if isinstance(shown, Report):
        kind = kind or "seats"
        check_kind(kind, len(shown.sweeps))
        return KINDS[kind](Simulated(shown, language, width)), caption(language, kind)
    if isinstance(shown, Outcome):
        check_count(kind or "chamber")
        drawing = OF_A_COUNT[kind or "chamber"]
        return drawing(shown, language, width), caption(language, "why" if drawing is why else "result")
    if isinstance(shown, Comparison):
        return compared(shown, language, width), caption(language, "compare")
    if isinstance(shown, TwoElections):
        return change(shown, language, width), caption(language, "change")
    return powers(shown, language, width), caption(language, "powers")


def check_count(kind: str) -> None:
    """See to it that there is such a picture of a count.

    Raises:
        BadInput: there is none.
    """
    if kind not in OF_A_COUNT:
        raise BadInput([Fault("--plot", 0, "", f"“{kind}”", f"one of {', '.join(OF_A_COUNT)}")])


def check(kind: str, path: Path, sweeps: int) -> None:
    """See to it, before anything is computed for it, that there is such a picture and that it can go where it is wanted.

    Args:
        kind: of the picture.
        path: where it goes.
        sweeps: how many provisions are varied.

    Raises:
        BadInput: no such picture, one of a provision varied where none or several are, or a file that `check_file` refuses.
    """
    check_kind(kind, sweeps)
    check_file(path)


def check_kind(kind: str, sweeps: int) -> None:
    """See to it that there is such a picture of a simulation with so many provisions varied.

    Raises:
        BadInput: there is none.
    """
    if kind not in KINDS:
        raise BadInput([Fault("--plot", 0, "", f"“{kind}”", f"one of {', '.join(KINDS)}")])
    if kind == "sweep" and not sweeps:
        raise BadInput([Fault("--plot", 0, "", "sweep without --vary", "--vary PATH=FIRST..LAST:STEP")])
    if kind == "sweep" and sweeps > 1:
        raise BadInput([Fault("--plot", 0, "", f"a plot of {sweeps} sweeps", "one --vary, or seats=FILE")])


def check_file(path: Path) -> None:
    """See to it that a picture can go into a file.

    Raises:
        BadInput: another kind of file, a folder that is not there, or the library that makes a PNG is missing.
    """
    if path.suffix.lower() not in (".svg", ".png"):
        raise BadInput([Fault("--plot", 0, "", f"“{path.name}”", "a file that ends with .svg or .png")])
    if not path.parent.is_dir():
        raise BadInput(
            [Fault(str(path), 0, "", "no such folder", "a file that can be written, in a folder that is there")]
        )
    if path.suffix.lower() == ".png":
        library("resvg_py", "plots", "--plot")


def save(canvas: Canvas, path: Path, title: str, language: str) -> None:
    """Write a picture into a file, by its ending.

    Raises:
        OSError: the file cannot be written.
    """
    pixels = path.suffix.lower() == ".png"
    content = canvas.png(title, language) if pixels else canvas.svg(title, language).encode()
    write_whole(path, content)
