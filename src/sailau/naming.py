"""Finding things by what they are called: parties, persons, units, laws, cases and provisions, all in one way.

A name is found whatever its case, its marks and its quotation marks, in any language it is given in: an id first, then a
whole name, then words of one that no other name has together (a surname, a party's proper name). A miss names the nearest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from unicodedata import combining, normalize

_LIKE = str.maketrans(
    {
        "\u04d9": "\u0430", "\u0493": "\u0433", "\u049b": "\u043a", "\u04a3": "\u043d", "\u04e9": "\u043e",
        "\u04b1": "\u0443", "\u04af": "\u0443", "\u04bb": "\u0445", "\u0456": "\u0438", "\u0131": "i", "\u00f8": "o",
        "\u0142": "l", "\u0111": "d", "\u00f0": "d", "\u00e6": "ae", "\u0153": "oe", "\u00fe": "th",
    }
)  # fmt: skip
"""Letters that are typed as others where a keyboard lacks them, and that no decomposition takes apart."""
_SPELT = "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya"
_LATIN = dict(zip(range(0x430, 0x450), _SPELT.split(" "), strict=True))
"""Cyrillic letters as Latin ones: a name that stands in one script is typed in the other."""
_SEPARATORS = re.compile(r"[\W_]+")
_LISTED = 12
"""Names that a message lists; more are left to the command that shows them."""
_CLOSE = 0.6
_SHORTEST_PART = 3


def plain(text: str) -> str:
    """Return a name as it is compared: small letters without marks, words with one space between."""
    apart = normalize("NFKD", text.casefold().translate(_LIKE))
    return _SEPARATORS.sub(" ", "".join(c for c in apart if not combining(c))).strip()


def id_of(name: str) -> str:
    """Return an id made from a name in any script: small Latin letters and digits, single hyphens between.

    Example:
        >>> id_of("Høyre (H)")
        'hoyre-h'
    """
    return "-".join(re.findall("[a-z0-9]+", plain(name).translate(_LATIN))) or "x"


class Names:
    """What things are called: id → its names."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        self._names = names

    @cached_property
    def _called(self) -> dict[str, list[str]]:
        """Every plain name → the ids that bear it."""
        called: dict[str, list[str]] = {}
        for key, names in self._names.items():
            for name in dict.fromkeys(plain(text) for text in (key, *names) if text):
                called.setdefault(name, []).append(key)
        return called

    @cached_property
    def _words(self) -> dict[str, list[str]]:
        """Every word of a name that only one thing bears → its id: a surname, a party's proper name."""
        bearing: dict[str, list[str]] = {}
        for name, keys in self._called.items():
            for word in name.split():
                if len(word) >= _SHORTEST_PART:
                    bearing[word] = list(dict.fromkeys([*bearing.get(word, ()), *keys]))
        return {word: keys for word, keys in bearing.items() if len(keys) == 1}

    def find(self, wanted: str) -> str | None:
        """Return the id of what is called so; None where nothing is, or several things are."""
        if wanted in self._names:
            return wanted
        several = self._bearing(wanted)
        return several[0] if len(several) == 1 else None

    def _bearing(self, wanted: str) -> Sequence[str]:
        """Return the ids that bear a name, else those of names with all of its words."""
        asked = plain(wanted)
        if not asked:
            return ()
        if asked not in self._called and (latin := asked.translate(_LATIN)) in self._called:
            asked = latin
        if asked in self._called:
            return self._called[asked]
        words = asked.split()
        if max(map(len, words)) < _SHORTEST_PART:
            return ()
        bearing = (keys for name, keys in self._called.items() if _holds(name.split(), words))
        return tuple(dict.fromkeys(key for keys in bearing for key in keys))

    def near(self, wanted: str, most: int = 3) -> list[str]:
        """Return the ids of the names nearest to one that was not found, the nearest first."""
        from difflib import get_close_matches

        several = self._bearing(wanted)
        if several:
            return list(several[:most])
        asked, called = plain(wanted), self._words | self._called
        close = get_close_matches(asked, called, most, _CLOSE) or get_close_matches(
            asked.translate(_LATIN), called, most, _CLOSE
        )
        return list(dict.fromkeys(called[name][0] for name in close))

    def expected(self, wanted: str, what: str, where: str = "") -> str:
        """Return what a message expects in place of a name that was not found.

        Args:
            wanted: the name.
            what: what it should have been, such as “a party of the case”.
            where: the command that lists all of them, for long lists.
        """
        near = self.near(wanted)
        said = f"{what}, perhaps {' or '.join(near)}" if near else what
        if len(self._names) <= _LISTED or not where:
            return f"{said}; one of {', '.join(self._names)}" if self._names else said
        return f"{said}; `{where}` lists all {len(self._names)}"


def _holds(name: Sequence[str], words: Sequence[str]) -> bool:
    """Say whether a name has all words, or words that begin so: endings differ; numbers must be whole."""
    return all(any(part == word or (word.isalpha() and part.startswith(word)) for part in name) for word in words)
