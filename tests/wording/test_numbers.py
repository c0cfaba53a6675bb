"""Numbers as each language writes them, never rounded onto another number."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sailau.wording.language import LANGUAGES, digits_apart, digits_broken, scaled, words

fractions = st.fractions(min_value=0, max_value=10**6, max_denominator=10**6)


@pytest.mark.parametrize(
    ("language", "number", "percent"),
    [
        ("en", "6,366,441", "10.90 %"),
        ("ru", "6\u202f366\u202f441", "10,90\u00a0%"),
        ("kk", "6\u202f366\u202f441", "10,90\u00a0%"),
    ],
)
def test_each_language_writes_numbers_its_way(language: str, number: str, percent: str) -> None:
    said = words(language)
    assert said.number(6366441) == number
    assert said.percent(Fraction(693938, 6366441)) == percent


def test_decimals_are_rounded_half_up_and_whole_numbers_have_none() -> None:
    said = words("en")
    assert said.number(Fraction(5971719, 69)) == "86,546.65"
    assert said.number(Fraction(14073)) == "14,073"
    assert said.decimal(Fraction(5, 1000), 2) == "0.01"
    assert said.decimal(Fraction(-21, 2), 1) == "−10.5"


def test_a_share_that_misses_the_bar_does_not_look_like_it() -> None:
    bar = Fraction(1, 20)
    assert words("en").percent(Fraction(49_999, 1_000_000), [bar]) == "4.9999 %"
    assert words("en").percent(Fraction(4_999_999, 100_000_000), [bar]) == "4.999999 %"
    assert words("en").percent(bar, [bar]) == "5.00 %"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        ("1/20", "5 %"),
        ("3/100", "3 %"),
        ("2/3", "2/3"),
        ("1/3", "1/3"),
        ("7/10", "70 %"),
        ("1/8", "12.5 %"),
        ("1/2", "50 %"),
    ],
)
def test_a_share_of_the_law_is_written_exactly(share: str, text: str) -> None:
    assert words("en").share(Fraction(share)) == text


@given(value=fractions, digits=st.integers(0, 6))
def test_rounding_is_exact(value: Fraction, digits: int) -> None:
    assert abs(Fraction(scaled(value, digits), 10**digits) - value) <= Fraction(1, 2 * 10**digits)


@given(values=st.lists(fractions, min_size=2, max_size=5))
def test_different_numbers_look_different(values: list[Fraction]) -> None:
    digits = digits_apart(values, 2)
    assert digits == 12 or len({scaled(v, digits) for v in values}) == len(set(values))


@given(value=fractions)
def test_a_broken_number_never_looks_like_the_next_whole_one(value: Fraction) -> None:
    digits = digits_broken([value], 3)
    assert digits == 12 or scaled(value, digits) < (value.__floor__() + 1) * 10**digits


@pytest.mark.parametrize(
    ("language", "text"), [("en", "19 March 2023"), ("ru", "19 марта 2023 года"), ("kk", "2023 жылғы 19 наурыз")]
)
def test_dates_are_written_as_people_do(language: str, text: str) -> None:
    assert words(language).day(date(2023, 3, 19)) == text


def test_all_languages_have_months() -> None:
    for language in LANGUAGES:
        assert len({words(language).day(date(2024, m, 1)) for m in range(1, 13)}) == 12
