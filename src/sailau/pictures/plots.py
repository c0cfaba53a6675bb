"""Pictures as files that a newspaper can print: SVG or PNG, labelled in three languages, safe for all eyes.

Nothing rests on colour alone: lines carry marks and names, other laws are dashed, bars have titles. The same result gives
the same file.
"""

from __future__ import annotations

from pathlib import Path

from sailau.counting import Outcome
from sailau.extras import library
from sailau.pictures.canvas import Canvas
from sailau.pictures.curve import curve
from sailau.pictures.result import result
from sailau.pictures.seats import seats
from sailau.pictures.simulated import Simulated
from sailau.pictures.sweep import sweep
from sailau.rulebook import BadInput, Fault
from sailau.simulation.report import Report
from sailau.wording.pictures import caption
from sailau.writing import write_whole

KINDS = {"seats": seats, "sweep": sweep, "curve": curve}
"""Kind of a picture of a simulation → what draws it."""


def plot(shown: Report | Outcome, path: str | Path, kind: str = "seats", language: str = "en") -> Path:
    """Draw a picture of a count or a simulation into a file.

    Args:
        shown: what `count` or `simulate` returned.
        path: an .svg or .png file.
        kind: of a simulation: `seats` (how likely which number of seats is), `sweep` (a provision varied), `curve` (votes
            and seats); a count has one picture, of its seats and votes.
        language: of all words: `en`, `kk` or `ru`.

    Raises:
        BadInput: what `check` finds, or nothing to show.
        OSError: the file cannot be written.
    """
    path = Path(path)
    if isinstance(shown, Outcome):
        check_file(path)
        save(result(shown, language), path, caption(language, "result"), language)
        return path
    check(kind, path, len(shown.sweeps))
    save(KINDS[kind](Simulated(shown, language)), path, caption(language, kind), language)
    return path


def check(kind: str, path: Path, sweeps: int) -> None:
    """See to it, before anything is computed for it, that there is such a picture and that it can go where it is wanted.

    Args:
        kind: of the picture.
        path: where it goes.
        sweeps: how many provisions are varied.

    Raises:
        BadInput: no such picture, one of a provision varied where none or several are, or a file that `check_file` refuses.
    """
    if kind not in KINDS:
        raise BadInput([Fault("--plot", 0, "", f"“{kind}”", f"one of {', '.join(KINDS)}")])
    if kind == "sweep" and not sweeps:
        raise BadInput([Fault("--plot", 0, "", "sweep without --vary", "--vary PATH=FIRST..LAST:STEP")])
    if kind == "sweep" and sweeps > 1:
        raise BadInput([Fault("--plot", 0, "", f"a plot of {sweeps} sweeps", "one --vary, or seats=FILE")])
    check_file(path)


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
