"""Text that came from somebody else, made safe to show: what would act on a screen becomes a mark that is seen."""

from __future__ import annotations

from unicodedata import category

_PICTURES, _DELETE, _OTHER = 0x2400, "\u2421", "\ufffd"
_ACTING = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
"""Controls, formats (bidirectional overrides, zero width), halves of letters, private and unknown signs, line ends."""


def visible(text: str) -> str:
    """Return one line of text in which nothing acts: escape sequences, line ends and overrides stand there as marks.

    Args:
        text: a name, a title, a note – whatever a case, a rule book or a command line holds.
    """
    return text if text.isprintable() else "".join(map(_shown, text))


def visible_lines(text: str) -> str:
    """Return text of several lines in which nothing acts but the ends of lines."""
    return "\n".join(map(visible, text.split("\n")))


def _shown(sign: str) -> str:
    if category(sign) not in _ACTING:
        return sign
    if sign < " ":
        return chr(_PICTURES + ord(sign))
    return _DELETE if sign == "\x7f" else _OTHER
