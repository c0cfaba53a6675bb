"""Votes of a further round: used where the law asks for one, named where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from sailau.counting import Outcome
from sailau.counting import count as count_case
from sailau.election import open_case

CASE = 'law = "kz/mazhilis"\nday = 2023-03-19\ntitle.en = "x"\n'
HEADER = "unit,contest,item,count,round\n"


def count(folder: Path, returns: str) -> Outcome:
    (folder / "case.toml").write_text(CASE, encoding="utf-8")
    (folder / "units.csv").write_text("unit,level\nd1,district\n", encoding="utf-8")
    (folder / "returns.csv").write_text(HEADER + ",list,a,60,\n,list,b,40,\n" + returns, encoding="utf-8")
    election = open_case(folder)
    return count_case(election.own_law(), election)


def noticed(outcome: Outcome) -> list[tuple[str, str, str]]:
    return [(f.code, f.contest, f.unit) for f in outcome.findings]


TIED = "d1,single,a,5,\nd1,single,b,5,\nd1,single,c,4,\n"


def test_a_second_round_that_the_law_asks_for_is_used_in_silence(tmp_path: Path) -> None:
    outcome = count(tmp_path, TIED + "d1,single,a,3,2\nd1,single,b,4,2\n")
    assert (outcome.status, outcome.contests["single"].seats["b"], noticed(outcome)) == ("final", 1, [])


@pytest.mark.parametrize(
    ("returns", "contest", "unit"),
    [
        ("d1,single,a,6,\nd1,single,b,5,\nd1,single,b,9,2\n", "single", "d1"),
        ("d1,single,a,6,\n,list,b,90,2\n", "list", ""),
    ],
)
def test_one_that_it_does_not_ask_for_changes_nothing_and_is_named(
    returns: str, contest: str, unit: str, tmp_path: Path
) -> None:
    outcome = count(tmp_path, returns)
    assert outcome.status == "final"
    assert (outcome.contests["single"].seats["a"], outcome.contests["list"].seats["a"]) == (1, 41)
    assert noticed(outcome) == [("second-round-not-used", contest, unit)]


def test_who_was_not_among_the_equals_cannot_win_and_is_not_shown_as_the_winner(tmp_path: Path) -> None:
    outcome = count(tmp_path, TIED + "d1,single,a,3,2\nd1,single,c,9,2\n")
    assert [q.question for q in outcome.undetermined] == ["repeat-vote"]
    (told,) = [step for step in outcome.steps if step.code == "second-round"]
    assert {name: row.elected for name, row in told.rows.items()} == {"a": False, "c": False}


def test_a_contest_of_which_nothing_is_known_is_named(tmp_path: Path) -> None:
    outcome = count(tmp_path, "")
    assert (outcome.status, noticed(outcome)) == ("partial", [("contest-missing", "single", "")])
