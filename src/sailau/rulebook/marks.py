"""Text that came from somebody else, made safe to show: what would act on a screen becomes a mark that is seen."""

from __future__ import annotations

import json
import re
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


_ACTING_IN_JSON = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""Signs that JSON may hold as they are, though they act on a screen: controls, marks of direction, halves of letters."""


def visible_json(text: str) -> str:
    """Return JSON that holds the same, in which nothing acts: what would is written as its number."""
    return _ACTING_IN_JSON.sub(lambda sign: json.dumps(sign.group())[1:-1], text)


def _shown(sign: str) -> str:
    if category(sign) not in _ACTING:
        return sign
    if sign < " ":
        return chr(_PICTURES + ord(sign))
    return _DELETE if sign == "\x7f" else _OTHER
