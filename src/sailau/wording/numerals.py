"""Whole numbers in words, where a law asks that a protocol repeats its figures so: English, Russian, Kazakh."""

from __future__ import annotations

_EN_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_EN_TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_EN_SCALES = ("", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion")

_RU_ONES = (
    "ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять", "одиннадцать",
    "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать", "восемнадцать", "девятнадцать",
)  # fmt: skip
_RU_TENS = [
    "-",
    "-",
    "двадцать",
    "тридцать",
    "сорок",
    "пятьдесят",
    "шестьдесят",
    "семьдесят",
    "восемьдесят",
    "девяносто",
]
_RU_HUNDREDS = ["-", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот"]
_RU_SCALES = (
    ("", "", ""),
    ("тысяча", "тысячи", "тысяч"),
    ("миллион", "миллиона", "миллионов"),
    ("миллиард", "миллиарда", "миллиардов"),
    ("триллион", "триллиона", "триллионов"),
    ("квадриллион", "квадриллиона", "квадриллионов"),
    ("квинтиллион", "квинтиллиона", "квинтиллионов"),
)

_KK_ONES = ["нөл", "бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз"]
_KK_TENS = ["-", "он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан"]
_KK_SCALES = ("", "мың", "миллион", "миллиард", "триллион", "квадриллион", "квинтиллион")


def in_words(number: int, language: str) -> str:
    """Return a whole number from 0 to 2^63 − 1 in words.

    Args:
        number: the figure.
        language: `en`, `kk` or `ru`.
    """
    if number == 0:
        return {"en": _EN_ONES, "ru": _RU_ONES, "kk": _KK_ONES}[language][0]
    groups = []
    while number:
        number, group = divmod(number, 1000)
        groups.append(group)
    make = {"en": _english, "ru": _russian, "kk": _kazakh}[language]
    words = [make(group, scale) for scale, group in enumerate(groups) if group]
    return " ".join(reversed(words))


def _english(group: int, scale: int) -> str:
    hundreds, rest = divmod(group, 100)
    parts = [f"{_EN_ONES[hundreds]} hundred"] if hundreds else []
    if rest >= 20:
        tens, ones = divmod(rest, 10)
        parts.append(_EN_TENS[tens] + (f"-{_EN_ONES[ones]}" if ones else ""))
    elif rest:
        parts.append(_EN_ONES[rest])
    return " ".join([*parts, _EN_SCALES[scale]]).strip()


def _russian(group: int, scale: int) -> str:
    hundreds, rest = divmod(group, 100)
    parts = [_RU_HUNDREDS[hundreds]] if hundreds else []
    tens, ones = divmod(rest, 10) if rest >= 20 else (0, rest)
    if tens:
        parts.append(_RU_TENS[tens])
    if ones:
        feminine = {1: "одна", 2: "две"} if scale == 1 else {}
        parts.append(feminine.get(ones, _RU_ONES[ones]))
    form = 0 if ones == 1 else 1 if 2 <= ones <= 4 else 2
    return " ".join([*parts, _RU_SCALES[scale][form]]).strip()


def _kazakh(group: int, scale: int) -> str:
    hundreds, rest = divmod(group, 100)
    tens, ones = divmod(rest, 10)
    parts = [_KK_ONES[hundreds], "жүз"] if hundreds > 1 else ["жүз"] if hundreds else []
    parts += [_KK_TENS[tens]] if tens else []
    parts += [_KK_ONES[ones]] if ones else []
    return " ".join([*parts, _KK_SCALES[scale]]).strip()
