"""Kazakhstan's law on constructed elections: every rule of the list vote, the districts, the offices and the questions.

Tests are named after the article they hold the count to.
"""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from oracle.cases import case, votes
from sailau.counting import Outcome, count
from sailau.election import Election, open_case
from sailau.integrity.official import Check, check
from sailau.rulebook import BadInput, amend, load

MAZHILIS, KURULTAI = "2023-03-19", "2026-08-23"
VOTES_2023 = {
    "amanat": 3431510,
    "auyl": 693938,
    "respublica": 547154,
    "aq-jol": 535139,
    "ppk": 432920,
    "nsdp": 331058,
    "baytaq": 146431,
}


def counted(election: Election) -> Outcome:
    return count(election.own_law(), election)


def lists(options: dict[str, int], lines: dict[str, int] | None = None, **further: Any) -> Election:
    """Return a list vote for the Mazhilis of 2023."""
    law, day = further.pop("law", "kz/mazhilis"), further.pop("day", MAZHILIS)
    parties = further.pop("parties", [{"party": p} for p in options])
    return case(law, day, votes("list", {**options, **(lines or {})}), parties=parties, **further)


def list_seats(outcome: Outcome) -> dict[str, int]:
    return {p: n for p, n in outcome.contests["list"].seats.items() if n}


def asked(outcome: Outcome) -> list[tuple[str, str, tuple[str, ...], int]]:
    return [(q.unit, q.question, q.among, q.seats) for q in outcome.undetermined]


# ---------------------------------------------------------------- the list vote: EL 97-1


def test_97_1_3_quota_and_remainders_of_2023_stand_exactly_in_the_steps() -> None:
    outcome = counted(open_case("mazhilis-2023"))
    steps = {s.code: s for s in outcome.steps if s.tier == "list"}
    quota = Fraction(5971719, 69)
    assert steps["threshold"].values["base"] == 6366441
    assert steps["quota"].values["quota"] == quota
    assert {p: r.whole for p, r in steps["whole"].rows.items()} == {
        "amanat": 39,
        "auyl": 8,
        "respublica": 6,
        "aq-jol": 6,
        "ppk": 5,
        "nsdp": 3,
    }
    assert steps["whole"].rows["nsdp"].remainder == Fraction(331058) / quota - 3
    assert {p for p, r in steps["remainders"].rows.items() if r.gained} == {"nsdp", "amanat"}
    assert steps["quota"].cite == "EL 97-1(3)"
    assert list_seats(outcome) == {"amanat": 40, "auyl": 8, "respublica": 6, "aq-jol": 6, "ppk": 5, "nsdp": 4}
    assert (outcome.seats["amanat"], outcome.seats["independent"], sum(outcome.seats.values())) == (62, 7, 98)


def test_kurultai_law_on_the_votes_of_2023() -> None:
    outcome = counted(lists(VOTES_2023, {"@against_all": 248291}, law="kz/kurultai", day=KURULTAI))
    assert list(list_seats(outcome).values()) == [83, 17, 13, 13, 11, 8]
    assert outcome.status == "final"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [(800_000, 49_000, (67, 2)), (990_000, 5_000, (67, 2)), (500_000, 49_000, (65, 4))],
)
@pytest.mark.parametrize("others", ["against all", "small lists"])
def test_97_1_2_the_next_list_joins_a_single_one(
    first: int, second: int, expected: tuple[int, int], others: str
) -> None:
    rest = 1_000_000 - first - second
    options, lines = {"a": first, "b": second}, {"@against_all": rest}
    if others == "small lists":
        number = -(-rest // (second - 1))
        options |= {f"c{n}": (rest + n) // number for n in range(number)}
        lines = {"@against_all": 1_000_000 - sum(options.values())}
    outcome = counted(lists(options, lines))
    assert outcome.contests["list"].base == 1_000_000
    assert (outcome.contests["list"].seats["a"], outcome.contests["list"].seats["b"]) == expected
    assert sum(outcome.contests["list"].seats.values()) == 69
    assert not outcome.undetermined
    assert [s.cite for s in outcome.steps if s.code == "single-qualifier"] == ["EL 97-1(2)-(4), Law 124-IV"]


def test_97_1_2_is_not_asked_before_2009() -> None:
    outcome = counted(lists({"a": 900, "b": 69, "c": 31}, day="2007-08-18"))
    assert list_seats(outcome) == {"a": 98}


def test_111_1_3_the_second_list_of_a_maslikhat_gets_at_least_one_seat() -> None:
    region = [{"unit": "r", "level": "region", "seats_list": 18}]
    rows = votes("list", {"a": 960, "b": 40}, "r")
    outcome = counted(
        case("kz/maslikhat-region", MAZHILIS, rows, units=region, parties=[{"party": "a"}, {"party": "b"}])
    )
    assert outcome.contests["list"].districts["r"].seats == {"a": 17, "b": 1}


def test_97_1_2_a_single_list_without_any_other_takes_all() -> None:
    assert list_seats(counted(lists({"a": 10, "b": 0}))) == {"a": 69}


def test_97_1_2_two_equal_seconds_are_a_gap_in_the_law() -> None:
    election = lists({"a": 920, "b": 40, "c": 40})
    outcome = counted(election)
    assert asked(outcome) == [("", "no-rule", ("b", "c"), 2)]
    assert outcome.status == "undetermined"
    assert list_seats(outcome) == {"a": 67}  # whichever joins gets two
    assert "seats-vacant" not in {f.code for f in outcome.findings}
    (step,) = [s for s in outcome.steps if s.code == "single-qualifier"]
    assert step.equal == ("b", "c")
    answer = decision("list", "no-rule", ["b", "c"], ["c"], "authority")
    decided = counted(lists({"a": 920, "b": 40, "c": 40}, toml=answer))
    assert list_seats(decided) == {"a": 67, "c": 2}


def decision(contest: str, question: str, among: list[str], chosen: list[str], kind: str, unit: str = "") -> str:
    return (
        f'[[decision]]\nkind = "{kind}"\ncontest = "{contest}"\nunit = "{unit}"\nquestion = "{question}"\n'
        f"among = {among}\nchosen = {chosen}\ndate = 2023-03-27\n"
    )


EQUAL = {"a": 10_500, "b": 10_500, "c": 48_000}
"""A quota of 1000: a and b have the same remainder, one seat is left."""


def equal(a: str | None, b: str | None, **further: Any) -> Outcome:
    parties = [
        {"party": "a", "registered": a},
        {"party": "b", "registered": b},
        {"party": "c", "registered": "2023-01-20"},
    ]
    return counted(lists(EQUAL, parties=parties, **further))


def test_97_1_4_the_list_registered_earlier() -> None:
    assert list_seats(equal("2023-02-01", "2023-01-31")) == {"a": 10, "b": 11, "c": 48}
    assert list_seats(equal("2023-01-31", "2023-02-01")) == {"a": 11, "b": 10, "c": 48}
    step = next(s for s in equal("2023-01-31", "2023-02-01").steps if s.code == "tie")
    assert (step.values["rule"], step.values["chosen"], step.cite) == ("registered-earlier", ("a",), "EL 97-1(4)")


def test_97_1_4_the_same_day_is_a_gap_in_the_law() -> None:
    outcome = equal("2023-02-01", "2023-02-01")
    assert asked(outcome) == [("", "no-rule", ("a", "b"), 1)]
    assert outcome.undetermined[0].cite == "EL 97-1(4)"
    assert list_seats(outcome) == {"a": 10, "b": 10, "c": 48}
    assert outcome.status == "undetermined"


@pytest.mark.parametrize(("a", "b"), [(None, None), ("2023-02-01", None)])
def test_97_1_4_unknown_days_leave_the_remainders_open(a: str | None, b: str | None) -> None:
    assert asked(equal(a, b)) == [("", "remainder", ("a", "b"), 1)]


def test_a_tie_that_gives_everybody_a_seat_is_none() -> None:
    outcome = counted(lists({"a": 10_900, "b": 10_900, "c": 47_200}))
    assert not outcome.undetermined
    assert list_seats(outcome) == {"a": 11, "b": 11, "c": 47}


def test_97_1_1_exactly_five_per_cent_takes_part() -> None:
    assert list_seats(counted(lists({"a": 50_000, "b": 45_000, "c": 5_000})))["c"] == 3
    assert "c" not in list_seats(counted(lists({"a": 50_000, "b": 45_001, "c": 4_999})))


def test_97_1_1_against_all_stands_in_the_base_and_not_in_the_quota() -> None:
    outcome = counted(
        lists({"a": 50_000, "b": 44_999, "c": 5_000}, {"@against_all": 1, "@invalid": 900, "@cast": 100_900})
    )
    assert outcome.contests["list"].base == 100_000
    assert list_seats(outcome)["c"] == 3
    assert next(s.values["quota"] for s in outcome.steps if s.code == "quota") == Fraction(99_999, 69)


def test_97_1_1_nobody_at_five_per_cent_is_a_gap_in_the_law() -> None:
    options = {f"p{n}": 47 + n % 2 for n in range(20)}
    outcome = counted(lists(options, {"@against_all": 100}))
    assert asked(outcome) == [("", "no-rule", tuple(options), 69)]
    assert outcome.undetermined[0].cite.startswith("EL 97-1(1)")
    assert outcome.status == "undetermined"


def test_seven_per_cent_until_2021() -> None:
    options = {"a": 7_000, "b": 2_310, "c": 690}
    assert list_seats(counted(lists(options, day="2021-01-10"))) == {"a": 74, "b": 24}
    assert "c" in list_seats(counted(lists(options)))


# ---------------------------------------------------------------- decisions


def test_a_lot_is_refused_where_the_law_knows_none() -> None:
    answer = decision("list", "no-rule", ["a", "b"], ["a"], "lot")
    with pytest.raises(BadInput) as refused:
        equal("2023-02-01", "2023-02-01", toml=answer)
    fault = refused.value.faults[0]
    assert (fault.file, fault.found) == ("case.toml", "lot")
    assert fault.line > 0
    assert "97-1(4)" in fault.expected


def test_the_decision_of_the_authority_is_taken_and_told() -> None:
    outcome = equal("2023-02-01", "2023-02-01", toml=decision("list", "no-rule", ["b", "a"], ["b"], "authority"))
    assert list_seats(outcome) == {"a": 10, "b": 11, "c": 48}
    assert not outcome.undetermined
    step = next(s for s in outcome.steps if s.code == "decision")
    assert (step.values["chosen"], step.values["date"]) == (("b",), "2023-03-27")


@pytest.mark.parametrize(
    "answer",
    [
        decision("list", "no-rule", ["a", "c"], ["a"], "authority"),
        decision("list", "remainder", ["a", "b"], ["a"], "authority"),
        decision("list", "no-rule", ["a", "b"], ["a", "b"], "authority"),
        decision("list", "no-rule", ["a", "b"], [], "authority"),
        decision("list", "no-rule", ["a", "b"], ["a"], "authority") * 2,
        decision("single", "no-rule", ["a", "b"], ["a"], "authority"),
    ],
    ids=["others", "another question", "too many", "too few", "twice", "another contest"],
)
def test_a_decision_that_answers_nothing_is_refused(answer: str) -> None:
    with pytest.raises(BadInput) as refused:
        equal("2023-02-01", "2023-02-01", toml=answer)
    assert {f.file for f in refused.value.faults} == {"case.toml"}
    assert all(f.line > 0 and f.field for f in refused.value.faults)


def test_a_decision_where_nothing_is_open_is_refused() -> None:
    with pytest.raises(BadInput, match=r"expected no decision: nothing is undetermined"):
        counted(lists({"a": 6, "b": 3}, toml=decision("list", "no-rule", ["a", "b"], ["a"], "authority")))


def test_a_decision_is_left_aside_in_a_what_if_that_opens_nothing() -> None:
    parties = [{"party": p, "registered": "2023-02-01"} for p in EQUAL]
    election = lists(EQUAL, parties=parties, toml=decision("list", "no-rule", ["a", "b"], ["b"], "authority"))
    changed = amend(election.own_law(), {"list.seats": 138})
    outcome = count(changed, election)
    assert list_seats(outcome) == {"a": 21, "b": 21, "c": 96}
    assert dict(outcome.whatif) == {"list.seats": "138"}


# ---------------------------------------------------------------- single-member districts: EL 9, 95, 96, 109-1, 110


def districts(
    options: dict[str, dict[str, int]], law: str = "kz/mazhilis", again: Any = None, **further: Any
) -> Outcome:
    contest = "akim" if law == "kz/akim" else "single"
    places = [{"unit": u, "level": "district"} for u in options]
    persons = [
        {"candidate": c, "contest": contest, "unit": u, "party": "p" if c.startswith("p") else ""}
        for u, lines in options.items()
        for c in lines
        if not c.startswith("@")
    ]
    rows = [row for u, lines in options.items() for row in votes(contest, lines, u)]
    rows += [row for u, lines in (again or {}).items() for row in votes(contest, lines, u, 2)]
    day = "2023-11-05" if law == "kz/akim" else MAZHILIS
    parties = [{"party": "p"}, {"party": "q"}]
    return counted(case(law, day, rows, units=places, candidates=persons, parties=parties, **further))


def test_9_2_more_votes_than_any_other_whatever_is_against_all() -> None:
    outcome = districts({"d1": {"p1": 4, "x1": 3, "@against_all": 90}, "d2": {"p2": 1, "x2": 2}})
    assert outcome.contests["single"].seats == {"p1": 1, "x1": 0, "p2": 0, "x2": 1}
    assert outcome.contests["single"].base is None
    assert {k: v for k, v in outcome.seats.items() if v} == {"p": 1, "independent": 1}


def test_95_3_three_candidates_vote_again_among_the_tied() -> None:
    tied = {"d1": {"p1": 5, "x1": 5, "y1": 1}, "d2": {"x2": 9, "y2": 3}}
    outcome = districts(tied)
    assert asked(outcome) == [("d1", "repeat-vote", ("p1", "x1"), 1)]
    assert outcome.undetermined[0].cite.startswith("EL 95(3)")
    assert outcome.status == "undetermined"
    again = districts(tied, again={"d1": {"p1": 3, "x1": 8}})
    assert again.contests["single"].districts["d1"].seats == {"p1": 0, "x1": 1, "y1": 0}
    assert not again.undetermined


def test_95_3_a_tied_repeat_vote_stays_open() -> None:
    outcome = districts({"d1": {"p1": 5, "x1": 5, "y1": 1}}, again={"d1": {"p1": 3, "x1": 3}})
    assert asked(outcome) == [("d1", "repeat-vote", ("p1", "x1"), 1)]


def test_95_3_somebody_outside_the_tie_is_not_elected_by_a_repeat_vote() -> None:
    outcome = districts({"d1": {"p1": 5, "x1": 5, "y1": 1}}, again={"d1": {"p1": 3, "x1": 4, "y1": 9}})
    assert asked(outcome) == [("d1", "repeat-vote", ("p1", "x1"), 1)]


def test_96_two_candidates_and_nobody_elected_need_a_new_election() -> None:
    outcome = districts({"d1": {"p1": 5, "x1": 5}})
    assert asked(outcome) == [("d1", "repeat-election", ("p1", "x1"), 1)]
    assert "96" in outcome.undetermined[0].cite


@pytest.mark.parametrize("law", ["kz/mazhilis", "kz/maslikhat-district"])
def test_a_district_in_which_nobody_voted_is_open(law: str) -> None:
    outcome = districts({"d1": {"p1": 0, "x1": 0, "y1": 0, "@against_all": 4}}, law)
    assert asked(outcome) == [("d1", "repeat-vote", ("p1", "x1", "y1"), 1)]
    assert districts({"d1": {"p1": 0, "@against_all": 4}}, law).undetermined[0].question == "repeat-election"


def test_one_candidate_is_elected_by_one_vote() -> None:
    assert districts({"d1": {"p1": 1, "@against_all": 40}}).contests["single"].seats == {"p1": 1}


def test_113_9_a_tie_for_akim_is_a_new_election() -> None:
    outcome = districts({"v": {"x1": 5, "y1": 5, "z1": 2}}, "kz/akim")
    assert asked(outcome) == [("v", "repeat-election", ("x1", "y1"), 1)]
    assert outcome.undetermined[0].cite.startswith("EL 113-9")
    won = districts({"v": {"x1": 6, "y1": 5, "z1": 2}, "w": {"x2": 3}}, "kz/akim")
    assert {k: v for k, v in won.seats.items() if v} == {"x1": 1, "x2": 1}


def test_a_party_may_stand_for_its_unknown_candidates() -> None:
    places = [{"unit": f"d{n}", "level": "district"} for n in (1, 2, 3)]
    rows = votes("single", {"p": 9, "independent": 4}, "d1") + votes("single", {"p": 2, "independent": 5}, "d2")
    rows += votes("single", {"p": 7, "q": 8}, "d3")
    outcome = counted(
        case("kz/maslikhat-district", MAZHILIS, rows, units=places, parties=[{"party": "p"}, {"party": "q"}])
    )
    assert {k: v for k, v in outcome.seats.items() if v} == {"p": 1, "q": 1, "independent": 1}
    assert [(e.unit, e.party, e.candidate) for e in outcome.elected] == [
        ("d1", "p", None),
        ("d2", "independent", None),
        ("d3", "q", None),
    ]


# ---------------------------------------------------------------- maslikhats: EL 9(3), 111-1


def test_111_1_every_region_has_its_own_bar_base_and_quota() -> None:
    regions = [{"unit": "r1", "level": "region", "seats_list": 10}, {"unit": "r2", "level": "region", "seats_list": 5}]
    rows = votes("list", {"a": 640, "b": 310, "c": 50}, "r1")
    rows += votes("list", {"a": 40_000, "b": 50_000, "c": 4_900, "@against_all": 5_100}, "r2")
    parties = [{"party": p} for p in "abc"]
    outcome = counted(case("kz/maslikhat-region", MAZHILIS, rows, units=regions, parties=parties))
    found = outcome.contests["list"].districts
    assert (found["r1"].base, found["r2"].base) == (1000, 100_000)
    assert found["r1"].seats == {"a": 6, "b": 3, "c": 1}
    assert found["r2"].seats == {"a": 2, "b": 3, "c": 0}
    assert outcome.contests["list"].seats == {"a": 8, "b": 6, "c": 1}


def test_9_3_all_list_maslikhat_of_2021_at_seven_per_cent() -> None:
    region = [{"unit": "r", "level": "region", "seats_list": 30}]
    parties = [{"party": p} for p in "abcd"]
    rows = [*votes("list", {"a": 7100, "b": 1300, "c": 900, "d": 699}, "r"), ("r", "list", "@invalid", 400, 1)]
    outcome = counted(case("kz/maslikhat-region", "2021-01-10", rows, units=region, parties=parties))
    assert outcome.contests["list"].districts["r"].seats == {"a": 23, "b": 4, "c": 3, "d": 0}
    assert outcome.status == "final"
    assert list(outcome.contests) == ["list"]


def test_a_maslikhat_without_its_number_of_seats_is_bad_input() -> None:
    region = [{"unit": "r", "level": "region", "seats_list": ""}]
    rows = votes("list", {"a": 2, "b": 1}, "r")
    with pytest.raises(BadInput) as refused:
        counted(case("kz/maslikhat-region", MAZHILIS, rows, units=region, parties=[{"party": "a"}, {"party": "b"}]))
    assert (refused.value.faults[0].file, refused.value.faults[0].field) == ("units.csv", "seats_list")


# ---------------------------------------------------------------- the President: EL 9(1), 63-65


def president(
    first: dict[str, int], second: dict[str, int] | None = None, day: str = "2022-11-20", **more: Any
) -> Outcome:
    rows = votes("president", first) + (votes("president", second, round_=2) if second else [])
    persons = [{"candidate": c, "contest": "president"} for c in first if not c.startswith("@")]
    return counted(case("kz/president", day, rows, candidates=persons, **more))


def test_65_2_more_than_half_of_those_who_took_part() -> None:
    won = president({"x": 501, "y": 400, "z": 50, "@against_all": 49, "@invalid": 300, "@cast": 1300})
    assert (won.status, won.seats["x"], won.contests["president"].base) == ("final", 1, 1000)
    assert asked(president({"x": 500, "y": 400, "z": 50, "@against_all": 50})) == [("", "run-off", ("x", "y"), 1)]


def test_63_the_second_round_in_the_returns_decides() -> None:
    outcome = president({"x": 450, "y": 400, "z": 150}, {"x": 300, "y": 301, "@against_all": 90})
    assert outcome.seats == {"y": 1, "x": 0, "z": 0}
    assert outcome.status == "final"
    assert [(e.candidate, e.party) for e in outcome.elected] == [("y", "independent")]
    assert outcome.to_json()["contests"]["president"]["second_round"] == {"x": 300, "y": 301}


def test_64_a_tied_second_round_is_a_new_election() -> None:
    outcome = president({"x": 450, "y": 400, "z": 150}, {"x": 300, "y": 300})
    assert asked(outcome) == [("", "repeat-election", ("x", "y"), 1)]
    assert outcome.status == "undetermined"


def test_63_of_two_candidates_the_law_and_the_constitution_differ() -> None:
    outcome = president({"x": 480, "y": 400, "@against_all": 120})
    assert asked(outcome) == [("", "no-rule", ("x", "y"), 1)]
    assert asked(president({"x": 500, "y": 500})) == [("", "no-rule", ("x", "y"), 1)]


def test_43_4_the_constitution_of_2026_orders_a_run_off_of_two() -> None:
    rows = votes("president", {"x": 480, "y": 400, "@against_all": 120})
    assert asked(counted(case("kz/president", "2029-01-14", rows))) == [("", "run-off", ("x", "y"), 1)]
    one = votes("president", {"x": 480, "@against_all": 520})
    assert asked(counted(case("kz/president", "2029-01-14", one))) == [("", "no-rule", ("x",), 1)]


def test_43_5_ballots_against_all_and_invalid_ones_count_until_april_2004() -> None:
    rows = votes("president", {"x": 500, "y": 300, "@against_all": 100, "@invalid": 101, "@cast": 1001})
    assert asked(counted(case("kz/president", "2004-04-13", rows))) == [("", "no-rule", ("x", "y"), 1)]
    rows = votes("president", {"x": 500, "y": 400, "@invalid": 101, "@cast": 1001})
    assert counted(case("kz/president", "2004-04-14", rows)).seats["x"] == 1


# ---------------------------------------------------------------- districts of the Mazhilis, 1999 and 2004: EL 9(1), 95, 96


def old_district(day: str, lines: dict[str, int], second: dict[str, int] | None = None) -> Outcome:
    rows = votes("single", lines, "d1") + (votes("single", second, "d1", 2) if second else [])
    persons = [{"candidate": c, "contest": "single", "unit": "d1"} for c in lines if not c.startswith("@")]
    return counted(case("kz/mazhilis", day, rows, units=[{"unit": "d1", "level": "district"}], candidates=persons))


def single(outcome: Outcome) -> list[tuple[str, tuple[str, ...]]]:
    return [(q.question, q.among) for q in outcome.undetermined if q.contest == "single"]


@pytest.mark.parametrize(
    ("day", "invalid", "won"),
    [
        ("1999-10-10", 0, 1),
        ("1999-10-10", 2, 0),  # 501 of 1002 who took part, invalid ballots among them
        ("2004-04-13", 2, 0),
        ("2004-04-14", 2, 1),  # 501 of 1000, invalid ballots left out
        ("2004-09-19", 400, 1),
    ],
)
def test_9_1_half_of_those_who_took_part(day: str, invalid: int, won: int) -> None:
    lines = {"x": 501, "y": 300, "z": 199, "@invalid": invalid, "@cast": 1000 + invalid}
    outcome = old_district(day, lines)
    assert outcome.contests["single"].seats["x"] == won
    assert single(outcome) == ([] if won else [("run-off", ("x", "y"))])


@pytest.mark.parametrize("day", ["1999-10-10", "2004-09-19"])
def test_95_the_two_leaders_meet_again_and_more_votes_win(day: str) -> None:
    lines = {"x": 400, "y": 350, "z": 250, "@invalid": 0, "@cast": 1000}
    assert single(old_district(day, lines)) == [("run-off", ("x", "y"))]
    assert old_district(day, lines, {"x": 300, "y": 301}).contests["single"].seats["y"] == 1
    assert single(old_district(day, lines, {"x": 300, "y": 300})) == [("repeat-election", ("x", "y"))]


@pytest.mark.parametrize("day", ["1999-10-10", "2004-09-19"])
def test_96_1_two_candidates_and_nobody_elected_is_a_repeat_election(day: str) -> None:
    lines = {"x": 500, "y": 500, "@invalid": 0, "@cast": 1000}
    assert single(old_district(day, lines)) == [("repeat-election", ("x", "y"))]


def test_63_a_tie_for_a_place_in_the_second_round_is_a_gap() -> None:
    first = {"x": 400, "y": 300, "z": 300}
    outcome = president(first)
    assert asked(outcome) == [("", "run-off", ("y", "z"), 1)]
    with pytest.raises(BadInput, match=r"decision 1, kind: found lot; expected authority"):
        president(first, toml=decision("president", "run-off", ["y", "z"], ["z"], "lot"))
    decided = president(first, toml=decision("president", "run-off", ["y", "z"], ["z"], "authority"))
    assert asked(decided) == [("", "run-off", ("x", "z"), 1)]


def test_63_the_next_replaces_a_finalist_who_drops_out() -> None:
    outcome = president({"x": 450, "y": 400, "z": 150}, {"x": 300, "z": 301})
    assert outcome.seats["z"] == 1
    assert [f.code for f in outcome.findings] == ["second-round-replaced"]


def test_somebody_who_did_not_stand_in_the_first_round_is_bad_input() -> None:
    rows = votes("president", {"x": 450, "y": 400, "z": 150}) + votes("president", {"x": 1, "w": 2}, round_=2)
    with pytest.raises(BadInput) as refused:
        counted(case("kz/president", "2022-11-20", rows))
    fault = refused.value.faults[0]
    assert (fault.file, fault.line, fault.field) == ("returns.csv", 6, "item")


# ---------------------------------------------------------------- the Senate: EL 9(1), 77, 79-81


def senate(
    lines: dict[str, int], second: dict[str, int] | None = None, seats: int | None = None, others: int = 0
) -> Outcome:
    places: list[dict[str, Any]] = [{"unit": "r", "level": "region", "seats_senate": seats}]
    places += [{"unit": f"r{n}", "level": "region"} for n in range(others)]
    rows = votes("senate", lines, "r") + (votes("senate", second, "r", 2) if second else [])
    persons = [{"candidate": c, "contest": "senate", "unit": "r"} for c in lines if not c.startswith("@")]
    return counted(case("kz/senate", "2023-01-14", rows, units=places, candidates=persons))


def test_81_2_a_by_election_of_one_seat() -> None:
    lines = {"x": 61, "y": 30, "z": 4, "@invalid": 5, "@cast": 100, "@registered": 150}
    outcome = senate(lines)
    assert (outcome.status, outcome.contests["senate"].districts["r"].base) == ("final", 95)
    assert outcome.contests["senate"].seats["x"] == 1
    beside = senate(lines, others=3)
    assert beside.status == "partial"
    assert not beside.undetermined
    assert {f.code for f in beside.findings} == {"districts-missing"}


def test_79_the_run_off_of_the_same_day() -> None:
    lines = {"x": 40, "y": 30, "z": 25, "@cast": 100, "@registered": 150}
    assert asked(senate(lines)) == [("r", "run-off", ("x", "y"), 1)]
    assert senate(lines, {"x": 47, "y": 48}).contests["senate"].seats["y"] == 1
    assert asked(senate(lines, {"x": 48, "y": 48})) == [("r", "repeat-election", ("x", "y"), 1)]


@pytest.mark.parametrize(
    ("present", "cast", "valid"),
    [
        (101, 51, True),  # more than half of 200 present, more than half of 101 voting
        (101, 50, False),
        (100, 100, False),  # half of the electors are too few
        (200, 101, True),
        (200, 100, False),
    ],
)
def test_77_half_present_and_half_of_those_present_voting(present: int, cast: int, valid: bool) -> None:
    outcome = senate({"x": cast, "y": 0, "@cast": cast, "@registered": 200, "@present": present})
    assert asked(outcome) == ([] if valid else [("r", "repeat-election", ("x", "y"), 1)])
    assert outcome.status == ("final" if valid else "undetermined")


@pytest.mark.parametrize(("cast", "status"), [(50, "undetermined"), (51, "partial"), (100, "partial"), (101, "final")])
def test_77_what_the_votes_prove_where_those_present_are_unknown(cast: int, status: str) -> None:
    outcome = senate({"x": cast, "y": 0, "@cast": cast, "@registered": 200})
    assert outcome.status == status
    needs = [f.values["needs"] for f in outcome.findings if f.code == "cannot-be-verified"]
    assert needs == (["@present"] if status == "partial" else [])


def test_two_seats_of_a_region_at_once() -> None:
    both = senate({"x": 90, "y": 85, "z": 15, "w": 10, "@cast": 100, "@registered": 150}, seats=2)
    assert both.contests["senate"].districts["r"].seats == {"x": 1, "y": 1, "z": 0, "w": 0}
    one = senate({"x": 90, "y": 45, "z": 40, "w": 25, "@cast": 100, "@registered": 150}, seats=2)
    assert one.contests["senate"].seats["x"] == 1
    assert asked(one) == [("r", "run-off", ("y", "z"), 1)]
    second = senate({"x": 90, "y": 45, "z": 40, "w": 25, "@cast": 100, "@registered": 150}, {"y": 40, "z": 55}, seats=2)
    assert second.contests["senate"].seats == {"x": 1, "y": 0, "z": 1, "w": 0}
    assert second.status == "final"


# ---------------------------------------------------------------- referendums: RL 31


def referendum(
    whole: dict[str, int], regions: dict[str, dict[str, int]] | None = None, declared: Any = (), **more: Any
) -> Outcome:
    places = [{"unit": u, "level": "region"} for u in more.pop("places", regions or {})]
    rows = votes("question", whole) + [
        row for u, lines in (regions or {}).items() for row in votes("question", lines, u)
    ]
    toml = f'[contest.question]\nkind = "{more.pop("kind", "constitution")}"'
    return counted(
        case("kz/referendum", more.pop("day", "2022-06-05"), rows, units=places, declared=declared, toml=toml)
    )


YES = {"yes": 60, "no": 30, "@not_counted": 4, "@invalid": 6, "@cast": 100, "@registered": 150}
NO = {"yes": 50, "no": 40, "@not_counted": 4, "@invalid": 6, "@cast": 100, "@registered": 150}


def total(*parts: dict[str, int]) -> dict[str, int]:
    return {item: sum(p[item] for p in parts) for item in parts[0]}


@pytest.mark.parametrize(("yes", "expected"), [(3, "adopted"), (2, "adopted"), (1, "rejected")])
def test_31_3_two_thirds_of_the_regions_counted(yes: int, expected: str) -> None:
    regions = {f"r{n}": YES if n < yes else NO for n in range(3)}
    outcome = referendum(total(*regions.values()), regions)
    assert outcome.questions == {"question": expected}
    assert (outcome.status, outcome.contests["question"].base) == ("final", 300)


@pytest.mark.parametrize(("yes", "expected"), [(2, "adopted"), (1, "rejected")])
def test_31_3_two_thirds_of_the_regions_declared(yes: int, expected: str) -> None:
    places = ["r0", "r1", "r2"]
    declared = [("question", u, "yes" if n < yes else "no", 1) for n, u in enumerate(places)]
    outcome = referendum(total(YES, YES, NO), declared=declared, places=places)
    assert (outcome.questions["question"], outcome.status) == (expected, "final")


def test_31_3_some_regions_counted_some_declared() -> None:
    whole, places = total(YES, YES, NO), ["r0", "r1", "r2"]
    mixed = referendum(whole, {"r0": YES}, [("question", "r1", "yes", 1)], places=places)
    assert (mixed.questions["question"], mixed.status) == ("adopted", "final")
    figures_first = referendum(whole, {"r0": YES, "r1": NO, "r2": YES}, [("question", "r1", "yes", 1)], places=places)
    assert figures_first.questions["question"] == "adopted"


def test_31_3_unknown_regions_leave_it_partial() -> None:
    outcome = referendum(total(YES, YES, NO), {"r0": YES}, places=["r0", "r1", "r2"])
    assert (outcome.questions["question"], outcome.status) == (None, "partial")
    assert [f.code for f in outcome.findings] == ["cannot-be-verified"]
    assert referendum(total(YES, YES, NO)).status == "partial"


def test_31_3_a_region_fails_for_certain_where_yes_lacks_half_of_the_valid_votes() -> None:
    def answered(*last: int) -> Outcome:
        regions = {"r0": {"yes": 600, "no": 300, "@cast": 1000}, "r1": {"yes": 40, "no": 50}}
        regions["r2"] = {"yes": last[0], "no": last[1]}
        whole = {"yes": 640 + last[0], "no": 350 + last[1], "@cast": 1200, "@registered": 2000}
        return referendum(whole, regions)

    lost, doubt = answered(40, 50), answered(60, 30)
    assert (lost.questions["question"], lost.status) == ("rejected", "final")
    assert (doubt.questions["question"], doubt.status) == (None, "partial")


def test_the_check_of_a_question_knows_its_regions_and_what_is_open() -> None:
    def verdict(regions: dict[str, dict[str, int]], official: list[tuple[str, str, str, int]]) -> Check:
        places = [{"unit": u, "level": "region"} for u in ("r0", "r1", "r2")]
        rows = votes("question", total(YES, YES, NO)) + [r for u, x in regions.items() for r in votes("question", x, u)]
        toml = '[contest.question]\nkind = "constitution"'
        election = case("kz/referendum", "2022-06-05", rows, units=places, official=official, toml=toml)
        return check(counted(election))

    regions, official = {"r0": YES, "r1": YES, "r2": NO}, [("question", "", "yes", 1), ("question", "r0", "yes", 1)]
    found = verdict(regions, [*official, ("question", "r2", "no", 1)])
    assert (found.verdict, found.counted) == ("agrees", 3)
    assert [d.unit for d in verdict(regions, [*official, ("question", "r2", "yes", 1)]).differences] == ["r2", "r2"]
    assert verdict({"r0": YES}, [("question", "", "yes", 1)]).verdict == "nothing verified", "an open answer"


def test_31_3_regions_do_not_matter_where_the_whole_says_no() -> None:
    outcome = referendum(total(NO, NO, NO), {"r0": YES}, places=["r0", "r1", "r2"])
    assert (outcome.questions["question"], outcome.status) == ("rejected", "final")


def test_31_3_regions_are_asked_for_the_constitution_only() -> None:
    places = ["r0", "r1", "r2"]
    assert referendum(total(YES, YES, NO), places=places, kind="other").questions["question"] == "adopted"
    assert referendum(total(YES, YES, NO), places=places, kind="law").status == "final"


def test_31_3_invalid_ballots_and_both_answers_stay_in_the_base() -> None:
    whole = {"yes": 50, "no": 1, "@not_counted": 9, "@invalid": 40, "@registered": 150}
    assert referendum(whole, kind="other").questions["question"] == "rejected"
    assert referendum({**whole, "yes": 51}, kind="other").questions["question"] == "adopted"


def test_31_2_half_of_the_voters_are_too_few() -> None:
    few = referendum({**YES, "@registered": 200}, kind="other")
    assert (few.questions["question"], few.status) == ("invalid", "invalid")
    assert referendum({**YES, "@registered": 199}, kind="other").status == "final"


def test_31_2_unknown_turnout_is_taken_as_met_and_said() -> None:
    whole = {k: v for k, v in YES.items() if k != "@registered"}
    outcome = referendum(whole, kind="other")
    assert (outcome.questions["question"], outcome.status) == ("adopted", "final")
    assert [(f.code, f.values["needs"], f.cite) for f in outcome.findings] == [
        ("not-checked", "@registered", "RL 31(2)")
    ]


def test_several_questions_at_once() -> None:
    rows = votes("question", YES) + votes("question-2", NO)
    outcome = counted(case("kz/referendum", "2024-10-06", rows))
    assert outcome.questions == {"question": "adopted", "question-2": "rejected"}
    assert outcome.contests["question-2"].seats == {}
    assert outcome.seats == {}


# ---------------------------------------------------------------- maslikhats of 2021: EL 111-1, Law 162-VI


def test_111_1_a_maslikhat_all_by_list() -> None:
    """Rudny, 10 January 2021, as the city's election commission announced it (qostanai.media)."""
    place = [{"unit": "rudny", "level": "district", "seats_list": 15}]
    rows = votes("list", {"nur-otan": 48640, "ak-zhol": 12110, "adal": 769}, "rudny")
    outcome = counted(case("kz/maslikhat-district", "2021-01-10", rows, units=place))
    assert (outcome.status, dict(outcome.seats)) == ("final", {"nur-otan": 12, "ak-zhol": 3, "adal": 0})
    assert list(load("kz/maslikhat-district").on(date(2023, 3, 19)).contests) == ["single"]


# ---------------------------------------------------------------- recall: EL 113-12 to 113-16


def recall(lines: dict[str, int]) -> Outcome:
    rows = votes("question", lines, "d")
    return counted(case("kz/recall", "2024-06-02", rows, units=[{"unit": "d", "level": "district"}]))


def test_113_recall_in_several_districts_is_answered_in_each() -> None:
    rows = votes("question", {"yes": 60, "no": 40, "@cast": 100, "@registered": 200}, "d1")
    rows += votes("question", {"yes": 40, "no": 60, "@cast": 100, "@registered": 200}, "d2")
    places = [{"unit": d, "level": "district"} for d in ("d1", "d2", "d3", "d4")]
    outcome = counted(case("kz/recall", "2024-06-02", rows, units=places, declared=[("question", "d3", "no", 1)]))
    expected = {"d1": "adopted", "d2": "rejected", "d3": "rejected"}
    assert (outcome.status, outcome.questions["question"], outcome.answers["question"]) == ("final", None, expected)
    assert outcome.to_json()["questions"]["question"] == {"outcome": None, "districts": expected}
    assert list(outcome.declared) == ["question"]


def test_113_recall_needs_a_third_of_the_voters_and_more_than_half_of_them() -> None:
    assert recall({"yes": 51, "no": 49, "@cast": 100, "@registered": 300}).questions["question"] == "adopted"
    assert recall({"yes": 50, "no": 50, "@cast": 100, "@registered": 300}).questions["question"] == "rejected"
    assert recall({"yes": 51, "no": 49, "@cast": 100, "@registered": 301}).status == "invalid"


# ---------------------------------------------------------------- levels of returns


def test_the_lower_of_two_levels_may_be_partial() -> None:
    regions = [{"unit": u, "level": "region"} for u in ("r1", "r2", "r3")]
    rows = votes("list", {**VOTES_2023, "@against_all": 248291})
    rows += votes("list", {"amanat": 300_000, "auyl": 20_000, "@against_all": 9}, "r1")
    outcome = counted(case("kz/mazhilis", MAZHILIS, rows, units=regions, parties=[{"party": p} for p in VOTES_2023]))
    assert list(list_seats(outcome).values()) == [40, 8, 6, 6, 5, 4]
    assert outcome.contests["list"].votes == VOTES_2023


def test_precincts_add_up_to_districts_and_to_the_whole() -> None:
    places = [{"unit": "d1", "level": "district"}, {"unit": "d2", "level": "district"}]
    places += [{"unit": f"p{n}", "parent": "d1" if n < 3 else "d2", "level": "precinct"} for n in range(5)]
    rows = []
    for n in range(5):
        rows += votes("list", {"a": 10 + n, "b": 4}, f"p{n}")
        rows += votes("single", {"x" if n < 3 else "z": 5, "y" if n < 3 else "w": 2 + n}, f"p{n}")
    persons = [{"candidate": c, "contest": "single", "unit": "d1" if c in "xy" else "d2"} for c in "xyzw"]
    outcome = counted(
        case("kz/mazhilis", MAZHILIS, rows, units=places, candidates=persons, parties=[{"party": "a"}, {"party": "b"}])
    )
    assert outcome.contests["list"].votes == {"a": 60, "b": 20}
    assert outcome.contests["single"].districts["d1"].votes == {"x": 15, "y": 9}
    assert outcome.contests["single"].districts["d2"].votes == {"z": 10, "w": 11}
    assert outcome.contests["single"].districts["d2"].seats == {"z": 0, "w": 1}


def test_23_3_voters_abroad_count_in_a_district_of_the_capital() -> None:
    places: list[dict[str, Any]] = [
        {"unit": "capital", "level": "region"},
        {"unit": "d1", "parent": "capital", "level": "district"},
        {"unit": "d2", "parent": "capital", "level": "district"},
        {"unit": "abroad", "level": "area", "district_single": "d2"},
        {"unit": "embassy", "parent": "abroad", "level": "precinct"},
        {"unit": "home", "parent": "d2", "level": "precinct"},
    ]
    persons = [{"candidate": c, "contest": "single", "unit": "d1" if c == "x" else "d2"} for c in "xyz"]
    rows = votes("single", {"x": 3}, "d1") + votes("single", {"y": 5, "z": 4}, "home")
    rows += votes("single", {"y": 1, "z": 9}, "embassy") + votes("list", {"a": 7, "b": 1}, "embassy")
    rows += votes("list", {"a": 2, "b": 3}, "home") + votes("list", {"a": 1, "b": 0}, "d1")
    outcome = counted(
        case("kz/mazhilis", MAZHILIS, rows, units=places, candidates=persons, parties=[{"party": "a"}, {"party": "b"}])
    )
    assert outcome.contests["single"].districts["d2"].votes == {"y": 6, "z": 13}
    assert outcome.contests["single"].districts["d2"].seats == {"y": 0, "z": 1}
    assert outcome.contests["list"].votes == {"a": 10, "b": 4}


def test_declared_seats_stand_where_no_votes_are() -> None:
    places = [{"unit": "d1", "level": "district"}, {"unit": "d2", "level": "district"}]
    rows = votes("single", {"p": 4, "q": 3}, "d1")
    election = case(
        "kz/maslikhat-district",
        MAZHILIS,
        rows,
        units=places,
        parties=[{"party": "p"}, {"party": "q"}],
        declared=[("single", "d2", "q", 1), ("single", "d1", "q", 1)],
    )
    outcome = counted(election)
    assert {k: v for k, v in outcome.seats.items() if v} == {"p": 1, "q": 1}
    assert (outcome.status, list(outcome.declared)) == ("final", ["single"])
    assert [f.code for f in outcome.findings] == ["declared-not-used"]
    batch = outcome.plan({})
    assert dict(zip(outcome.plan.parties, batch.total.tolist(), strict=True)) == {"p": 1, "q": 1}


def test_a_decided_question_may_be_declared_by_the_authority() -> None:
    outcome = districts({"d1": {"p1": 5, "x1": 5}}, declared=[("single", "d1", "x1", 1)])
    assert outcome.contests["single"].districts["d1"].seats == {"p1": 0, "x1": 1}
    assert not [q for q in outcome.undetermined if q.contest == "single"]


def test_a_law_of_another_day_is_not_run() -> None:
    with pytest.raises(BadInput) as refused:
        case("kz/mazhilis", "1995-12-09", votes("list", {"a": 1}))
    assert refused.value.faults[0].field == "day"
    assert load("kz/mazhilis").on(open_case("mazhilis-2023").day).tiers["list"].seats.value == 69
