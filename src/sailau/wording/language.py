"""One language: its sentences (gettext), plurals and numbers.

The message ids are the English sentences, so English needs no catalogue. Values are put into a sentence with
`str.format`, ready as text: a number is written by the rules of the language before it gets here.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "kk", "ru")
OWN_NAMES = {"en": "English", "kk": "Қазақша", "ru": "Русский"}
"""What each language calls itself."""
DOMAIN = "sailau"
LOCALE = Path(__file__).parent / "locale"
_MOST_DIGITS = 12
_POWERS: tuple[int, ...] = tuple(10**n for n in range(_MOST_DIGITS + 1))
_NO_BREAK, _NARROW = "\u00a0", "\u202f"
_MARKS = {"en": (",", ".", " "), "kk": (_NARROW, ",", _NO_BREAK), "ru": (_NARROW, ",", _NO_BREAK)}
"""Between thousands, before decimals, before the per cent sign (CLDR; English here sets a space before the sign)."""


def marked(message: str) -> str:
    """Mark a sentence that stands in a table for the catalogues, and return it as it is."""
    return message


def counted(one: str, many: str) -> tuple[str, str]:
    """Mark a sentence with a number that stands in a table, and return both forms as they are."""
    return one, many


def capital(text: str) -> str:
    """Return a text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def text_in(names: Mapping[Any, str], language: str, other: str) -> str:
    """Return a text of a rule book or a case in a language; a missing one falls back kk → ru → en, then to `other`."""
    return next((names[code] for code in (language, "kk", "ru", "en") if names.get(code)), other)


def scaled(value: Fraction | int, digits: int) -> int:
    """Return a number times ten to the power of `digits`, rounded half up, exactly."""
    above, below = value.numerator, value.denominator
    if below == 1:
        return int(above * _POWERS[digits])
    rounded = (2 * abs(above) * _POWERS[digits] + below) // (2 * below)
    return int(rounded if above >= 0 else -rounded)


def digits_apart(values: Iterable[Fraction | int], digits: int) -> int:
    """Return how many decimals, at least `digits`, keep different numbers different."""
    held = set(values)
    while digits < _MOST_DIGITS and len({scaled(v, digits) for v in held}) < len(held):
        digits += 1
    return digits


def digits_broken(values: Iterable[Fraction | int], digits: int) -> int:
    """Return how many decimals, at least `digits`, keep a number from looking like the next whole one."""
    held = [v for v in values if v.denominator != 1]
    while digits < _MOST_DIGITS and any(scaled(v, digits) >= (v.__floor__() + 1) * 10**digits for v in held):
        digits += 1
    return digits


class Words:
    """Sentences and numbers of one language."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"no language “{language}”: expected one of {', '.join(LANGUAGES)}")
        self.language = language
        self._thousands, self._point, self._gap = _MARKS[language]
        self._catalogue: gettext.NullTranslations = (
            gettext.NullTranslations() if language == "en" else gettext.translation(DOMAIN, LOCALE, [language])
        )
        self._one, self._many = self._catalogue.gettext, self._catalogue.ngettext

    def say(self, message: str, /, **values: str) -> str:
        """Return a sentence with its values put in."""
        said = self._one(message)
        return said.format(**values) if values else said

    def plural(self, one: str, many: str, count: int, /, **values: str) -> str:
        """Return a sentence in the form that goes with a number, `{n}` being that number."""
        return self._many(one, many, abs(count)).format(n=self.number(count), **values)

    def number(self, value: Fraction | int, digits: int = 2) -> str:
        """Return a number: a whole one without decimals, any other with `digits` of them."""
        return self.decimal(value, 0 if value.denominator == 1 else digits)

    def decimal(self, value: Fraction | int, digits: int) -> str:
        """Return a number with exactly so many decimals."""
        shown = scaled(value, digits)
        above, below = divmod(abs(shown), _POWERS[digits])
        text = f"{above:,}"
        if self._thousands != ",":
            text = text.replace(",", self._thousands)
        if digits:
            text += f"{self._point}{below:0{digits}d}"
        return f"−{text}" if shown < 0 else text

    def percent(self, value: Fraction, apart: Sequence[Fraction] = (), digits: int = 2) -> str:
        """Return a share in per cent, with as many decimals as keep it apart from other shares (a bar)."""
        digits = digits_apart([value * 100, *(a * 100 for a in apart)], digits)
        return f"{self.decimal(value * 100, digits)}{self._gap}%"

    def share(self, value: Fraction) -> str:
        """Return a share that a law sets: in per cent where that is exact, else as a fraction."""
        cents = value * 10000
        if cents.denominator != 1:
            return f"{value.numerator}/{value.denominator}"
        digits = 0 if cents % 100 == 0 else 1 if cents % 10 == 0 else 2
        return f"{self.decimal(value * 100, digits)}{self._gap}%"

    def measured(self, value: Fraction) -> str:
        """Return a share that was measured or is asked for: in per cent with at most one decimal, rounded half up."""
        return f"{self.decimal(value * 100, 1 if scaled(value * 100, 1) % 10 else 0)}{self._gap}%"

    def part(self, value: Fraction) -> str:
        """Return a part of a body that decides: a simple fraction such as 2/3, else in per cent where that is whole."""
        is_simple = value.denominator <= 5 and value >= Fraction(1, 5)
        return str(value) if is_simple or (value * 100).denominator != 1 else self.share(value)

    def signed(self, value: Fraction | int, digits: int = 2) -> str:
        """Return a difference with its sign, none where it is shown as nothing."""
        shown = scaled(value, digits)
        return f"+{self.decimal(value, digits)}" if shown > 0 else self.decimal(value, digits)

    def divisor(self, value: Fraction | int, most: int = 3) -> str:
        """Return a divisor with as many decimals as it has, at most so many: 3, 1.4."""
        digits = next((d for d in range(most) if (value * 10**d).denominator == 1), most)
        return self.decimal(value, digits)

    def fraction(self, value: Fraction) -> str:
        """Return a factor as the law writes it: `7/10`."""
        return str(value)

    def day(self, value: date) -> str:
        """Return a date as people write it."""
        return self.say(_DAYS[value.month - 1], day=str(value.day), year=str(value.year))

    def month(self, number: int) -> str:
        """Return the name of a month, 1 to 12."""
        return self.say(_MONTHS[number - 1])

    def quote(self, text: str) -> str:
        """Return a text in the quotation marks of the language."""
        return f"“{text}”" if self.language == "en" else f"«{text}»"


_MONTHS = (
    marked("January"),
    marked("February"),
    marked("March"),
    marked("April"),
    marked("May"),
    marked("June"),
    marked("July"),
    marked("August"),
    marked("September"),
    marked("October"),
    marked("November"),
    marked("December"),
)
_DAYS = (
    marked("{day} January {year}"),
    marked("{day} February {year}"),
    marked("{day} March {year}"),
    marked("{day} April {year}"),
    marked("{day} May {year}"),
    marked("{day} June {year}"),
    marked("{day} July {year}"),
    marked("{day} August {year}"),
    marked("{day} September {year}"),
    marked("{day} October {year}"),
    marked("{day} November {year}"),
    marked("{day} December {year}"),
)
"""A day of each month: in Russian its name has an ending."""


@lru_cache(maxsize=len(LANGUAGES))
def words(language: str) -> Words:
    """Return the words of a language.

    Raises:
        ValueError: no such language.
    """
    return Words(language)
