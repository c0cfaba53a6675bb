"""How many seats a law itself gives a tier: one answer, for members, lists, declared contests and comparisons."""

import pytest

import sailau


@pytest.mark.parametrize(
    ("law", "day", "seats"),
    [
        ("kz/mazhilis", "2021-01-10", {"list": 98, "assembly": 9}),
        ("kz/mazhilis", "2023-03-19", {"list": 69, "single": 29}),
        ("kz/maslikhat-region", "2023-03-19", {"list": None}),
        ("mn/khural", "2024-06-28", {"block": None, "list": 48}),
        ("cz/chamber", "2021-10-08", {"list": 200, "second": 0}),
        ("no/storting", "2021-09-13", {"list": 150, "levelling": 19}),
        ("es/congress", "2019-04-28", {"list": 350}),
    ],
)
def test_seats_of_a_tier_by_law(law: str, day: str, seats: dict[str, int | None]) -> None:
    rule = sailau.law(law, on=day)
    assert {tier: rule.seats(rule.tiers[tier]) for tier in seats} == seats
