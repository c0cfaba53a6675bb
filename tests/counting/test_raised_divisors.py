"""D'Hondt with divisors raised to 0.9, as Estonia's election act has it: one line of a rule book."""

from pathlib import Path

import pytest

import sailau

LAW = """
[body]
id = "riigikogu"
kind = "chamber"
country = "EE"
name = { en = "Riigikogu" }
seats = 101
cite = "RKVS 1"

[sources.RKVS]
title = { en = "Riigikogu Election Act" }

[[contest]]
id = "list"
ballot = "list"
cite = "RKVS 62"

[[tier]]
id = "list"
contest = "list"
seats = { value = 101, cite = "RKVS 62" }
formula = { method = "dhondt", exponent = "9/10", cite = "RKVS 62(5)" }
threshold = { share = "5%", base = "valid", cite = "RKVS 62(4)" }
"""
# National Electoral Committee: votes and seats of the lists at 5 per cent or more, 5 March 2023.
VOTES = {"reform": 190_632, "ekre": 97_966, "kesk": 93_254, "e200": 81_329, "sde": 56_584, "isamaa": 50_118}
SEATS = {"reform": 37, "ekre": 17, "kesk": 16, "e200": 14, "sde": 9, "isamaa": 8}


def counted(folder: Path, votes: dict[str, int]) -> sailau.Outcome:
    """Count an election under the law above."""
    (folder / "law.toml").write_text(LAW)
    (folder / "case.toml").write_text('law = "./law.toml"\nday = 2023-03-05\ntitle.en = "Riigikogu"\n')
    rows = "".join(f",list,{party},{number}\n" for party, number in votes.items())
    (folder / "parties.csv").write_text("party\n" + "".join(f"{party}\n" for party in votes))
    (folder / "returns.csv").write_text("unit,contest,item,count\n" + rows)
    return sailau.count(folder)


def test_the_riigikogu_of_2023(tmp_path: Path) -> None:
    outcome = counted(tmp_path, VOTES)
    assert dict(outcome.seats) == SEATS
    assert outcome.status == "final"


def test_the_margin_is_exact(tmp_path: Path) -> None:
    """As many votes fewer as the explanation says cost a seat; one vote fewer than that does not."""
    (tmp_path / "a").mkdir()
    text = counted(tmp_path / "a", VOTES).explain("isamaa")
    assert "50,118 ÷ 8^0.9 = 7,712.81: 8 seats" in " ".join(text.split())
    assert "2,799 votes fewer would lose 1 seat" in text
    for fewer, seats in ((2_798, 8), (2_799, 7)):
        folder = tmp_path / str(fewer)
        folder.mkdir()
        assert counted(folder, {**VOTES, "isamaa": VOTES["isamaa"] - fewer}).seats["isamaa"] == seats


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('method = "adams", exponent = "9/10"', "dhondt, sainte-lague or danish"),
        ('method = "sainte-lague", first = "7/5", exponent = "9/10"', "no first divisor beside an exponent"),
        ('method = "dhondt", exponent = "1/100"', "a fraction of 99 parts at most"),
        ('method = "dhondt", exponent = "11/10"', "at most 100 per cent"),
    ],
)
def test_an_exponent_that_fits_no_method_is_a_fault(tmp_path: Path, formula: str, expected: str) -> None:
    book = tmp_path / "law.toml"
    book.write_text(LAW.replace('method = "dhondt", exponent = "9/10"', formula))
    with pytest.raises(sailau.BadInput, match=expected):
        sailau.law(str(book), on="2023-03-05")
