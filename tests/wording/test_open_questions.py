"""What is told of an outcome that is not settled: who is sure beside equals, votes for nobody, polls that are void."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sailau


def explained(folder: Path, law: str, day: str, returns: str, language: str = "en", **files: str) -> Any:
    folder.mkdir(exist_ok=True)
    (folder / "case.toml").write_text(f'law = "{law}"\nday = {day}\ntitle.en = "constructed"\n', "utf-8")
    (folder / "returns.csv").write_text(returns, "utf-8")
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return sailau.count(sailau.open_case(folder)).explain(language=language)


THREE = "candidate,contest,name\na,president,A\nb,president,B\nc,president,C\n"
PRESIDENT = ("kz/president", "2022-11-20")


def president(folder: Path, a: int, b: int, c: int, against: int = 0, language: str = "en") -> str:
    lines = "".join(f",president,{o},{n}\n" for o, n in (("a", a), ("b", b), ("c", c), ("@against_all", against)))
    return str(explained(folder, *PRESIDENT, f"unit,contest,item,count\n{lines}", language, candidates=THREE))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "a second round is due: A with 1 of B, C"),
        ("ru", "предстоит второй тур: A и ещё 1 из B, C"),
        ("kk", "екінші тур өткізіледі: A және B, C ішінен 1"),
    ],
)
def test_the_leader_is_named_where_the_other_place_is_tied(tmp_path: Path, language: str, said: str) -> None:
    assert said in president(tmp_path, 400, 300, 300, language=language)


def test_votes_against_all_stand_in_the_table(tmp_path: Path) -> None:
    text = president(tmp_path, 389, 153, 100, 358)
    assert "against all   358   35.80 %" in text
    assert "against all" not in president(tmp_path, 389, 153, 100)


def test_a_void_poll_tells_of_no_seats(tmp_path: Path) -> None:
    returns = (
        "unit,contest,item,count\n,list,a,600\n,list,b,399\n,list,@invalid,1\n,list,@registered,{}\n,list,@cast,1000\n"
    )
    parties = "party,name_en,kind\na,A,party\nb,B,party\n"
    law = ("md/parliament", "2025-09-28")
    void = str(explained(tmp_path, *law, returns.format(3003), parties=parties))
    assert "the vote is not valid" in void
    assert "✓" not in void
    assert "quotient" not in void
    assert "✓ A" in str(explained(tmp_path, *law, returns.format(3000), parties=parties))


@pytest.mark.parametrize(
    ("language", "said"), [("en", "of 200 electors"), ("ru", "из 200 выборщиков"), ("kk", "200 таңдаушының")]
)
def test_the_senate_has_electors_in_place_of_voters(tmp_path: Path, language: str, said: str) -> None:
    returns = "unit,contest,item,count\nx,senate,a,80\nx,senate,b,40\n"
    returns += "x,senate,@registered,200\nx,senate,@cast,120\nx,senate,@present,150\n"
    units = "unit,level,name_en\nx,region,X\n"
    candidates = "candidate,contest,unit,name\na,senate,x,A\nb,senate,x,B\n"
    text = explained(tmp_path, "kz/senate", "2023-01-14", returns, language, units=units, candidates=candidates)
    assert said in str(text)


def test_a_second_round_is_told_before_what_it_left_open(tmp_path: Path) -> None:
    returns = "unit,contest,item,count,round\n"
    returns += "".join(f",president,{o},{n},1\n" for o, n in (("a", 400), ("b", 350), ("c", 250)))
    returns += ",president,a,500,2\n,president,b,500,2\n"
    text = str(explained(tmp_path, *PRESIDENT, returns, candidates=THREE))
    assert text.index("– A   500") < text.index("a repeat election is due")
