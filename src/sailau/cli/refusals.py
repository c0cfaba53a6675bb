"""The last door: what a person reads when a command could not do what he asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from sailau.rulebook.faults import BadInput, Fault
from sailau.rulebook.marks import visible

_LIBRARY = re.compile(r"Value error, | \(env var: '[A-Z_]+'\)")
"""What libraries put into their sentences that says nothing to a person."""
_LIMITS: tuple[tuple[type[Exception], str, str], ...] = (
    (MemoryError, "more than this machine's memory holds", "a smaller input"),
    (RecursionError, "parts within parts, too deep", "an input that is not nested so deeply"),
    (OverflowError, "a number that is too large", "numbers below 2^63 and days before the year 9999"),
    (UnicodeError, "letters that are not UTF-8", "text in UTF-8"),
)


def refusal(error: Exception, arguments: Sequence[str], language: str = "en") -> list[str]:
    """Return the lines that tell a person what was wrong, none longer than 200 characters.

    Args:
        error: what a command ended with.
        arguments: of the command line, to name the input where nothing else does.
        language: `en`, `kk` or `ru`.
    """
    if isinstance(error, BadInput):
        return _said(error, language)
    if hasattr(error, "format_message"):  # a wrong command line knows how to show itself
        message = str(error.format_message())
        if type(error).__name__ == "NoArgsIsHelpError":
            return [message]
        return [_cut(f"sailau: {_usage(_LIBRARY.sub('', message), language)}")]
    return _said(BadInput([_fault(error, _named(arguments))]), language)


def _said(refused: BadInput, language: str) -> list[str]:
    """Return the lines of a refusal; in English no catalogue is read for them."""
    if language == "en":
        return refused.lines()
    from sailau.wording.faults import fault_lines

    return fault_lines(refused, language)


def _usage(message: str, language: str) -> str:
    if language == "en":
        return f"{message} (see --help)"
    from sailau.wording.faults import in_words
    from sailau.wording.language import words

    said = words(language)
    return said.say("{a} (see --help)", a=in_words(message, said))


def _fault(error: Exception, place: str) -> Fault:
    if isinstance(error, ModuleNotFoundError) and error.name:
        module = error.name.partition(".")[0]
        return Fault(place, 0, "", f"no {module}", f"it installed: pip install {module.replace('_', '-')}")
    if isinstance(error, OSError):
        file = _nearby(error.filename) if isinstance(error.filename, str | Path) else place
        return Fault(file, 0, "", error.strerror or "", "a file that can be used")
    for kind, found, expected in _LIMITS:
        if isinstance(error, kind):
            return Fault(place, 0, "", found, expected)
    if "integer string conversion" in str(error):  # Python's own guard against numbers of thousands of digits
        return Fault(place, 0, "", "a number of thousands of digits", "numbers below 2^63")
    told = f"{type(error).__name__} {error}"
    return Fault(place, 0, "", f"a fault of Sailau itself ({told})", "no such thing: please report it")


def _nearby(file: str | Path) -> str:
    """Return a file as a person names it: from where he stands, if it lies below."""
    path = Path(file)
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _named(arguments: Sequence[str]) -> str:
    """Return how a command line is called: its command and what stands behind it."""
    words = [word for word in arguments if not word.startswith("-")]
    return "sailau " + " ".join(words[:2]) if words else "sailau"


def _cut(line: str) -> str:
    line = visible(" ".join(line.split()))
    return line if len(line) <= 200 else line[:199] + "…"
