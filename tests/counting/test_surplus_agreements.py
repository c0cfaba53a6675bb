"""Lists that agreed before the vote get seats together, as in Israel: one provision and one column."""

from pathlib import Path

import numpy as np
import pytest

import sailau

LAW = """
[body]
id = "knesset"
kind = "chamber"
country = "IL"
name = { en = "Knesset" }
seats = 120
cite = "BL 3"

[sources.BL]
title = { en = "Basic Law: The Knesset" }

[sources.KEL]
title = { en = "Knesset Elections Law" }
numbers = "section"

[[contest]]
id = "list"
ballot = "list"
cite = "BL 4"

[[tier]]
id = "list"
contest = "list"
seats = { value = 120, cite = "BL 3" }
formula = { method = "dhondt", cite = "KEL 81" }
threshold = { share = "3.25%", base = "valid", cite = "KEL 81(a)" }
agreements = { partners = 2, cite = "KEL 82" }
"""
# Central Elections Committee, 1 November 2022: votes, agreement, seats; 4,764,742 valid votes in all.
KNESSET = {
    "likud": (1_115_336, "a", 32),
    "yesh-atid": (847_435, "b", 24),
    "religious-zionism": (516_470, "a", 14),
    "national-unity": (432_482, "b", 12),
    "shas": (392_964, "c", 11),
    "utj": (280_194, "c", 7),
    "yisrael-beiteinu": (213_687, "", 6),
    "raam": (194_047, "", 5),
    "hadash-taal": (178_735, "", 5),
    "labor": (175_992, "d", 4),
    "meretz": (150_793, "d", 0),
    "balad": (138_617, "", 0),
}
OTHERS = 4_764_742 - sum(votes for votes, _, _ in KNESSET.values())


def case(folder: Path, law: str = LAW, lists: dict[str, tuple[int, str, int]] = KNESSET, others: int = OTHERS) -> Path:
    """Write an election under the law above."""
    (folder / "law.toml").write_text(law)
    (folder / "case.toml").write_text('law = "./law.toml"\nday = 2022-11-01\ntitle.en = "Knesset"\n')
    rows = "".join(f"{party},{agreement}\n" for party, (_, agreement, _) in lists.items())
    (folder / "parties.csv").write_text("party,agreement\n" + rows)
    rows = "".join(f",list,{party},{votes}\n" for party, (votes, _, _) in lists.items())
    (folder / "returns.csv").write_text(f"unit,contest,item,count\n{rows},list,@not_counted,{others}\n")
    return folder


def test_the_knesset_of_2022(tmp_path: Path) -> None:
    outcome = sailau.count(case(tmp_path))
    assert dict(outcome.seats) == {party: seats for party, (_, _, seats) in KNESSET.items()}
    assert outcome.status == "final"


def test_without_agreements_a_seat_moves(tmp_path: Path) -> None:
    """The agreement of Likud and Religious Zionism won a seat that Labor, whose partner failed, would have had."""
    outcome = sailau.count(case(tmp_path, LAW.replace("agreements = {", "# ")))
    assert (outcome.seats["likud"], outcome.seats["labor"]) == (31, 5)


def test_a_list_whose_partner_is_under_the_bar_stands_alone(tmp_path: Path) -> None:
    text = sailau.count(case(tmp_path)).explain("labor")
    assert "agreed" not in text
    assert "175,992 ÷ 4 = 43,998: 4 seats" in text


def test_partners_are_explained_together_and_apart(tmp_path: Path) -> None:
    text = " ".join(sailau.count(case(tmp_path)).explain("likud").split())
    assert "likud and religious-zionism agreed to get seats together: 1,631,806 ÷ 46 =" in text.lower().replace(
        " zionism", "-zionism"
    )
    assert "1,115,336 ÷ 32 = 34,854.25: 32 seats" in text


def test_a_batch_is_as_each_election_alone(tmp_path: Path) -> None:
    plan = sailau.compile(case(tmp_path))
    random, items = np.random.default_rng(4), plan.items["list"]
    votes = random.integers(0, 40, (200, 1, len(items)))
    batch = plan({"list": votes})
    for number in range(0, 200, 9):
        outcome = batch.outcome(number)
        seats = np.asarray(batch.seats["list"])[number]
        assert seats.tolist() == [outcome.contests["list"].seats.get(item, 0) for item in items[: len(seats)]]


def test_partners_equal_within_their_agreement_are_a_question(tmp_path: Path) -> None:
    lists = {"a": (300, "x", 0), "b": (300, "x", 0), "c": (500, "", 0)}
    law = LAW.replace("value = 120", "value = 3").replace("seats = 120", "seats = 3")
    outcome = sailau.count(case(tmp_path, law, lists, 0))
    # Together 600 ÷ 1, 500 ÷ 1, 600 ÷ 2: two seats for the partners, one each. Of five: 600 ÷ 3 = 200 is the partners' third.
    assert dict(outcome.seats) == {"a": 1, "b": 1, "c": 1}
    law = LAW.replace("value = 120", "value = 2").replace("seats = 120", "seats = 2")
    (tmp_path / "two").mkdir()
    outcome = sailau.count(case(tmp_path / "two", law, lists, 0))
    assert outcome.status == "undetermined"
    assert [(q.among, q.seats) for q in outcome.undetermined] == [(("a", "b"), 1)]


def test_more_partners_than_the_law_allows_are_a_fault(tmp_path: Path) -> None:
    lists = {"a": (300, "x", 0), "b": (200, "x", 0), "c": (100, "x", 0)}
    with pytest.raises(sailau.BadInput, match="2 lists at most in one agreement"):
        sailau.count(case(tmp_path, LAW, lists, 0))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ('method = "dhondt"', 'method = "largest-remainder"', "beside largest-remainder"),
        ("agreements = {", 'exhaustion = { cite = "KEL 1" }\nagreements = {', "beside exhaustion"),
        ('method = "dhondt"', 'method = "dhondt", unqualified = "in-quota"', "beside unqualified = in-quota"),
    ],
)
def test_agreements_that_do_not_fit_are_a_fault(tmp_path: Path, before: str, after: str, expected: str) -> None:
    book = tmp_path / "law.toml"
    book.write_text(LAW.replace(before, after))
    with pytest.raises(sailau.BadInput, match=expected):
        sailau.law(str(book), on="2022-11-01")
