"""Could unexplained votes change a seat: every way, counted under the whole law, against a count by hand."""

from oracle.cases import Row, case, votes
from sailau.counting import compile as compile_plan
from sailau.counting import count
from sailau.election import Election
from sailau.simulation.decisive import Decisiveness, decisiveness
from sailau.tabulation import tabulate
from sailau.tabulation.report import reports
from sailau.wording.document import Document
from sailau.wording.language import LANGUAGES
from sailau.wording.rendering import lines
from sailau.wording.tabulation import say_decisive

DAY = "2023-03-19"
PARTIES = [{"party": p, "name_en": p.upper()} for p in "abc"]
UNITS = [
    {"unit": "d", "level": "district"},
    *({"unit": f"p{n}", "parent": "d", "level": "precinct"} for n in (1, 2, 3)),
]


def made(valid: int, rows: list[Row] | None = None) -> Election:
    """Return a case in which list c has 49 of 1,000 votes, and one protocol states other valid votes than it has."""
    lines_ = votes("list", {"a": 600, "b": 351, "c": 49, "@valid": valid}, "p1")
    return case("kz/mazhilis", DAY, lines_ if rows is None else rows, units=UNITS, parties=PARTIES)


def decided(election: Election, **more: int) -> Decisiveness:
    law = election.own_law()
    return decisiveness(compile_plan(law, election), tabulate(election, law), **more)


def test_a_threshold_decision_inside_the_errors_of_protocols_is_found() -> None:
    found = decided(made(1002))
    assert found.unexplained == {("list", ""): 2}
    assert {o for d in found.decisive for o in d.enters} == {"c"}
    ways = {(d.way, d.votes, d.option, d.other) for d in found.decisive if "c" in d.enters}
    assert ways == {("to", 2, "c", ""), ("between", 2, "c", "a"), ("between", 2, "c", "b")}
    assert found.tried == 3 + 3 + 6


def test_each_way_is_what_a_count_of_the_changed_case_gives() -> None:
    for one in decided(made(1002)).decisive:
        figures = {"a": 600, "b": 351, "c": 49}
        figures[one.option] += -one.votes if one.way == "from" else one.votes
        if one.other:
            figures[one.other] -= one.votes
        before, after = (
            count(e.own_law(), e).contests["list"].seats for e in (made(1002), made(0, votes("list", figures)))
        )
        assert {o: after[o] - before[o] for o in figures if after[o] != before[o]} == one.change


def test_one_vote_is_not_enough_for_the_bar() -> None:
    assert decided(made(1001)).unexplained == {("list", ""): 1}
    assert not any(d.enters for d in decided(made(1001)).decisive if d.way == "to")


def test_a_clean_case_leaves_nothing_unexplained_unless_protocols_are_missing() -> None:
    assert decided(made(1000)) == Decisiveness({}, 0, ())
    assert decided(made(1000), per_missing=10).unexplained == {("list", ""): 20}


def test_it_is_told_as_plain_data() -> None:
    data = decided(made(1002)).to_json()
    assert data["unexplained"] == {"list": {"": 2}}
    assert any(w["enters"] == ["c"] and w["change"]["c"] > 0 for w in data["ways"])


def test_it_is_said_in_three_languages() -> None:
    election = made(1002)
    (report,) = reports([election])
    for language in LANGUAGES:
        blocks = say_decisive(report, decided(election), language)
        text = "\n".join(line for line, _ in lines(Document(tuple(blocks), language), 120))
        assert "C" in text
        assert "12" in text
