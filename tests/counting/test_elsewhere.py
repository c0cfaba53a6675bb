"""The other laws on constructed elections, and wrong readings of them that fail on official results."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from oracle.cases import case, votes
from oracle.compare import held
from sailau.counting import Outcome, count
from sailau.election import Election, open_case
from sailau.rulebook import BadInput, amend
from sailau.rulebook.book import load


def counted(election: Election) -> Outcome:
    return count(election.own_law(), election)


def asked(outcome: Outcome) -> list[tuple[str, str, tuple[str, ...], int]]:
    return [(q.unit, q.question, q.among, q.seats) for q in outcome.undetermined]


def decided(contest: str, question: str, among: list[str], chosen: list[str], unit: str = "", kind: str = "lot") -> str:
    return (
        f'[[decision]]\nkind = "{kind}"\ncontest = "{contest}"\nunit = "{unit}"\nquestion = "{question}"\n'
        f"among = {among}\nchosen = {chosen}\n"
    )


def misplaced(outcome: Outcome) -> int:
    """Return how many official seats an outcome gives to somebody else or somewhere else."""
    official: dict[tuple[str, str], dict[str, int]] = {}
    for award in outcome.election.official:
        official.setdefault((award.contest, award.unit), {})[award.option] = award.seats
    wrong = 0
    for (contest, unit), seats in official.items():
        found = outcome.contests[contest]
        mine = found.seats if not unit else found.districts[unit].seats
        wrong += sum(max(seats.get(option, 0) - mine.get(option, 0), 0) for option in seats)
        wrong += max(sum(mine.values()) - sum(seats.values()), 0)
    return wrong


# ---------------------------------------------------------------- wrong readings fail on official results


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("storting-2009", {"levelling.levelling.placement-first": "7/5"}),
        ("storting-2021", {"levelling.levelling.placement-first": "7/5"}),
        ("storting-2009", {"list.formula.first": "1"}),
        ("storting-2021", {"list.formula.first": "1"}),
        ("storting-2009", {"levelling.threshold.share": "0%"}),
        ("storting-2021", {"levelling.threshold.share": "3%"}),
        ("snemovna-2021", {"list.formula.quota": "hagenbach-bischoff"}),
        ("snemovna-2021", {"list.threshold.share": "4%"}),
        ("congress-2019-04", {"list.threshold.share": "0%"}),
        ("congress-2019-04", {"list.threshold.area": "whole"}),
        ("congress-2019-04", {"list.formula.method": "sainte-lague"}),
        ("seimas-2016", {"list.threshold.share": "4%"}),
        ("khural-2024", {"list.formula.unqualified": "set-aside"}),
        ("parlament-2025", {"list.formula.method": "sainte-lague"}),
        ("mazhilis-2016", {"list.threshold.share": "1%"}),
        ("mazhilis-2023", {"list.threshold.share": "2%"}),
        ("mazhilis-2023", {"list.formula.method": "dhondt"}),
    ],
    ids=str,
)
def test_a_wrong_reading_misses_official_seats(name: str, changes: dict[str, str]) -> None:
    election = open_case(name)
    law = election.own_law()
    assert misplaced(count(law, election)) == 0
    assert misplaced(count(amend(law, changes), election)) > 0


def levelling(election: Election, seats_more: int, first: Fraction) -> dict[str, str]:
    """Place levelling seats as one may read section 11-7: district → list. `seats_more` is added to district seats."""
    outcome = counted(election)
    placed = {s.unit: next(iter(s.rows)) for s in outcome.steps if s.code == "levelling-place"}
    districts = outcome.contests["list"].districts
    mine = {u: {p: n - (placed[u] == p) for p, n in d.seats.items()} for u, d in districts.items()}
    due = {p: list(placed.values()).count(p) for p in placed.values()}
    cells = []
    for unit, district in districts.items():
        average = Fraction(sum(district.votes.values()), sum(mine[unit].values()) + seats_more)
        for party in due:
            has = mine[unit].get(party, 0)
            divisor = Fraction(2 * has + 1) if has else first
            cells.append((Fraction(district.votes.get(party, 0)) / divisor / average, unit, party))
    result: dict[str, str] = {}
    for _, unit, party in sorted(cells, reverse=True):
        if unit not in result and due[party]:
            result[unit] = party
            due[party] -= 1
    return result


@pytest.mark.parametrize("name", ["storting-2009", "storting-2021"])
def test_11_7_levelling_seats_by_votes_per_district_seat_and_the_whole_vote(name: str) -> None:
    election = open_case(name)
    official = {(a.unit, a.option): a.seats for a in election.official}

    def wrong(placing: dict[str, str]) -> int:
        outcome = counted(election)
        right = {s.unit: next(iter(s.rows)) for s in outcome.steps if s.code == "levelling-place"}
        for (unit, party), seats in official.items():
            assert outcome.contests["list"].districts[unit].seats.get(party, 0) == seats
        return sum(placing[unit] != right[unit] for unit in right)

    assert wrong(levelling(election, 0, Fraction(1))) == 0
    assert wrong(levelling(election, 0, Fraction(7, 5))) > 0
    assert len(official) > 19


def test_11_7_the_average_over_all_seats_of_the_district_is_wrong_somewhere() -> None:
    wrong = 0
    for name in ("storting-2009", "storting-2021"):
        election = open_case(name)
        right, other = levelling(election, 0, Fraction(1)), levelling(election, 1, Fraction(1))
        wrong += sum(right[unit] != other[unit] for unit in right)
    assert wrong > 0


def test_czech_surplus_is_taken_back_in_three_regions() -> None:
    outcome = counted(open_case("snemovna-2021"))
    back = {s.unit: [p for p, r in s.rows.items() if r.gained < 0] for s in outcome.steps if s.code == "taken-back"}
    assert set(back) == {"pardubicky", "vysocina", "olomoucky"}
    assert all(len(lists) == 1 for lists in back.values())
    whole = sum(r.whole for s in outcome.steps if s.code == "whole" for r in s.rows.values())
    assert (whole, sum(outcome.contests["list"].seats.values())) == (202, 200)


def test_seimas_2016_three_are_elected_of_participants_and_five_of_valid_ballots() -> None:
    election = open_case("seimas-2016")
    outcome = counted(election)
    assert sum(outcome.contests["single"].seats.values()) == 3
    assert {q.question for q in outcome.undetermined} == {"run-off"}
    over_half_of_valid = [
        option
        for district in outcome.contests["single"].districts.values()
        for option, mine in district.votes.items()
        if 2 * mine > sum(district.votes.values())
    ]
    assert len(over_half_of_valid) == 5


# ---------------------------------------------------------------- Norway


def storting(districts: dict[str, dict[str, int]], population: dict[str, int], total: int, **more: Any) -> Outcome:
    places = [{"unit": u, "level": "district", "population": n, "area_km2": 0} for u, n in population.items()]
    names = dict.fromkeys(p for lines in districts.values() for p in lines)
    rows = [row for u, lines in districts.items() for row in votes("list", lines, u)]
    election = case("no/storting", "2021-09-13", rows, units=places, parties=[{"party": p} for p in names], **more)
    return count(amend(election.own_law(), {"list.seats.apportion.total": total}), election)


def test_11_3_seats_of_districts_with_or_without_the_levelling_seat() -> None:
    held_in_2021 = {u.id: u for u in open_case("storting-2021").units.values()}
    computed = counted(open_case("storting-2021"))
    numbers = {u: sum(d.seats.values()) for u, d in computed.contests["list"].districts.items()}
    for less in (0, 1):
        places = [{"unit": u, "level": "district", "seats_list": n - less} for u, n in numbers.items()]
        rows = [
            row for u in held_in_2021 for row in votes("list", dict(computed.contests["list"].districts[u].votes), u)
        ]
        outcome = counted(case("no/storting", "2021-09-13", rows, units=places))
        assert outcome.seats == computed.seats
        assert [f.code for f in outcome.findings] == ["not-checked"]


def test_11_6_the_pool_shrinks_by_the_seats_of_a_list_that_leaves() -> None:
    # One seat by district in each of four districts: a wins all four with 30 per cent, its share of eight is two or three.
    rest = [
        {"b": 29, "c": 20, "d": 21},
        {"b": 20, "c": 29, "d": 21},
        {"b": 21, "c": 20, "d": 29},
        {"b": 24, "c": 23, "d": 23},
    ]
    districts = {f"d{n}": {"a": 30, **lines} for n, lines in enumerate(rest, 1)}
    outcome = storting(districts, dict.fromkeys(districts, 100), 8)
    pools = [s for s in outcome.steps if s.code == "levelling"]
    assert [s.values["pool"] for s in pools] == [8, 4]
    assert (pools[0].rows["a"].held, pools[0].rows["a"].share, pools[0].rows["a"].over) == (4, 2, True)
    assert set(pools[1].rows) == {"b", "c", "d"}
    # 94, 92, 94 over 1.4, 3: b, d and c first, then b and d are equal for the fourth seat.
    assert asked(outcome) == [("", "quotient", ("b", "d"), 1)]
    assert held(outcome.contests["list"].seats) == {"a": 4}


def test_11_4_equal_quotients_go_to_more_votes_then_to_a_lot() -> None:
    # One district seat: a and b have the same votes.
    tied = {"d1": {"a": 70, "b": 70}}
    outcome = storting(tied, {"d1": 100}, 2)
    assert asked(outcome) == [("d1", "quotient", ("a", "b"), 1)]
    assert not any(outcome.contests["list"].seats.values())
    lot = storting(tied, {"d1": 100}, 2, toml=decided("list", "quotient", ["a", "b"], ["b"], "d1"))
    assert held(lot.contests["list"].districts["d1"].seats) == {"a": 1, "b": 1}
    # 5 / 1.4 for the first seat of b against 10.714… / 3: with equal quotients the larger list goes first.
    equal = storting({"d1": {"a": 150, "b": 70}}, {"d1": 100}, 3)
    assert not equal.undetermined


def test_11_7_equal_quotients_for_a_levelling_seat_are_asked_and_decided() -> None:
    districts = {"d1": {"a": 600, "b": 290, "c": 290}, "d2": {"a": 600, "b": 290, "c": 290}}
    outcome = storting(districts, {"d1": 100, "d2": 100}, 4)
    assert asked(outcome) == [("d1", "quotient", ("b", "c"), 1)]
    assert outcome.undetermined[0].answer == "none"
    answer = decided("list", "quotient", ["b", "c"], ["c"], "d1", "authority")
    made = storting(districts, {"d1": 100, "d2": 100}, 4, toml=answer)
    assert {u: held(d.seats) for u, d in made.contests["list"].districts.items()} == {
        "d1": {"a": 1, "c": 1},
        "d2": {"a": 1, "b": 1},
    }
    assert not made.undetermined


def test_11_3_districts_with_equal_scores_are_asked_for() -> None:
    # Three seats for two districts of one size: the law prefers the higher score, then a lot.
    districts = {"d1": {"a": 5, "b": 1}, "d2": {"a": 2, "b": 9}}
    outcome = storting(districts, {"d1": 100, "d2": 100}, 5)
    assert asked(outcome) == [("", "quotient", ("d1", "d2"), 1)]
    lot = storting(districts, {"d1": 100, "d2": 100}, 5, toml=decided("list", "quotient", ["d1", "d2"], ["d2"]))
    assert {u: sum(d.seats.values()) for u, d in lot.contests["list"].districts.items()} == {"d1": 2, "d2": 3}


# ---------------------------------------------------------------- Czechia


def chamber(regions: dict[str, dict[str, int]], day: str = "2021-10-08", **more: Any) -> Outcome:
    places = [{"unit": u, "level": "region"} for u in regions]
    names = dict.fromkeys(p for lines in regions.values() for p in lines)
    rows = [row for u, lines in regions.items() for row in votes("list", lines, u)]
    parties = more.pop("parties", [{"party": p} for p in names])
    total = more.pop("total", 200)
    election = case("cz/chamber", day, rows, units=places, parties=parties, **more)
    return count(amend(election.own_law(), {"list.seats.apportion.total": total}), election)


def test_czech_second_scrutiny_by_hand() -> None:
    # Ten seats: votes 1100 and 900, republic number 200: 5 and 4 seats, the tenth to the remainder 100 of r1 or r2?
    # 1100 = 5 × 200 + 100; 900 = 4 × 200 + 100: a lot between the regions.
    regions = {"r1": {"a": 640, "b": 360, "c": 100}, "r2": {"a": 500, "b": 300, "c": 100}}
    outcome = chamber(regions, total=10)
    assert asked(outcome) == [("", "remainder", ("r1", "r2"), 1)]
    lot = chamber(regions, total=10, toml=decided("list", "remainder", ["r1", "r2"], ["r1"]))
    # r1: 6 seats, 1100 / 8 = 137.5, rounded 138: a 4 (88), b 2 (84), c 0 (100) – all six are given.
    # r2: 4 seats, 900 / 6 = 150: a 3 (50), b 2 (0), c 0 (100) – five, one too many: b has the smallest remainder.
    assert not lot.undetermined
    assert held(lot.contests["list"].districts["r1"].seats) == {"a": 4, "b": 2}
    assert held(lot.contests["list"].districts["r2"].seats) == {"a": 3, "b": 1}


def test_czech_seats_left_go_to_the_sum_of_remainders() -> None:
    # One region, ten seats: 1200 / 12 = 100. a 5 (70), b 3 (60), c 1 (50), d 0 (120 of 1200: 1 (20)).
    outcome = chamber({"r": {"a": 570, "b": 360, "c": 150, "d": 120}}, total=10)
    assert held(outcome.contests["list"].districts["r"].seats) == {"a": 5, "b": 3, "c": 1, "d": 1}
    # Twelve: 1200 / 14 = 85.7, rounded 86: a 6 (54), b 4 (16), c 1 (64), d 1 (34); none is left.
    assert sum(chamber({"r": {"a": 570, "b": 360, "c": 150, "d": 120}}, total=12).seats.values()) == 12
    # Nine: 1200 / 11 = 109: a 5 (25), b 3 (33), c 1 (41), d 1 (11): ten, so d gives back and has all its votes left.
    nine = chamber({"r": {"a": 570, "b": 360, "c": 150, "d": 120}}, total=9)
    assert held(nine.contests["list"].seats) == {"a": 5, "b": 3, "c": 1}


def test_czech_list_out_of_candidates_passes_its_seats_on() -> None:
    persons = [{"candidate": f"a{n}", "contest": "list", "unit": "r", "party": "a", "position": n} for n in (1, 2)]
    outcome = chamber({"r": {"a": 570, "b": 360, "c": 150, "d": 120}}, total=10, candidates=persons)
    # a keeps two of five; the three go to the second scrutiny, in which a can take nothing more.
    assert outcome.contests["list"].seats["a"] == 2
    assert sum(outcome.contests["list"].seats.values()) == 10
    assert not outcome.undetermined


def test_czech_equal_remainders_of_one_list_are_placed_by_lot() -> None:
    # Three seats each, 1200 / 5 = 240: only e has a whole part, 160 is left of it; two seats are open in each region.
    # Transferred: a 470, b 410, c 375, d 345, e 320; 1920 / 5 = 384: a, b, then c and d by remainder.
    regions = {
        "r1": {"a": 235, "b": 200, "c": 190, "d": 175, "e": 400},
        "r2": {"a": 235, "b": 210, "c": 185, "d": 170, "e": 400},
    }
    outcome = chamber(regions, total=6)
    assert asked(outcome) == [("", "district", ("r1", "r2"), 1)]
    lot = chamber(regions, total=6, toml=decided("list", "district", ["r1", "r2"], ["r2"]))
    assert not lot.undetermined
    assert {u: held(d.seats) for u, d in lot.contests["list"].districts.items()} == {
        "r1": {"c": 1, "d": 1, "e": 1},
        "r2": {"a": 1, "b": 1, "e": 1},
    }


def test_czech_bars_of_coalitions() -> None:
    parties = [{"party": "a"}, {"party": "b", "kind": "coalition", "members": 2}]
    parties += [{"party": "c", "kind": "coalition", "members": 3}, {"party": "d", "kind": "coalition", "members": 5}]
    region = {"r": {"a": 7_100, "b": 800, "c": 1_099, "d": 1_001}}
    outcome = chamber(region, parties=parties)
    assert {p for p, n in outcome.contests["list"].seats.items() if n} == {"a", "b"}
    before = chamber({"r": {"a": 7_100, "b": 1_000, "c": 1_499, "d": 401}}, day="2017-10-20", parties=parties)
    assert {p for p, n in before.contests["list"].seats.items() if n} == {"a", "b"}


def test_czech_senate_equal_run_off_is_decided_by_lot() -> None:
    rows = votes("senate", {"x": 40, "y": 30, "z": 30}, "d") + votes("senate", {"x": 9, "y": 9}, "d", 2)
    place = [{"unit": "d", "level": "district"}]
    outcome = counted(case("cz/senate", "2022-09-23", rows, units=place))
    assert asked(outcome) == [("d", "district", ("x", "y"), 1)]
    lot = decided("senate", "district", ["x", "y"], ["y"], "d")
    assert counted(case("cz/senate", "2022-09-23", rows, units=place, toml=lot)).contests["senate"].seats["y"] == 1


def test_regional_lists_are_not_counted_from_national_votes() -> None:
    outcome = counted(case("cz/chamber", "2021-10-08", votes("list", {"a": 600, "b": 400})))
    assert (outcome.status, held(outcome.seats)) == ("partial", {})
    assert counted(case("cz/senate", "2022-09-23", votes("senate", {"a": 6, "b": 4}))).seats["a"] == 1, "one district"


# ---------------------------------------------------------------- Spain


def congress(provinces: dict[str, dict[str, int]], **more: Any) -> Outcome:
    default = [
        {"unit": u, "level": "province", "kind": "province", "population": 1000 + n} for n, u in enumerate(provinces)
    ]
    rows = [row for u, lines in provinces.items() for row in votes("list", lines, u)]
    names = dict.fromkeys(p for lines in provinces.values() for p in lines if not p.startswith("@"))
    total = more.pop("total", 2 * len(provinces) + 3)
    units = more.pop("units", default)
    districts = more.pop("districts", None)
    election = case("es/congress", "2019-04-28", rows, units=units, parties=[{"party": p} for p in names], **more)
    changes = {"list.seats.apportion.total": total, **({"list.seats.districts": districts} if districts else {})}
    return count(amend(election.own_law(), changes), election)


def test_163_equal_quotients_go_to_the_larger_list_then_to_a_lot() -> None:
    # Five seats: 300, 150, 150, 100, and the fifth is 75 against 75: a has more votes.
    outcome = congress({"p": {"a": 300, "b": 150}})
    assert held(outcome.contests["list"].seats) == {"a": 4, "b": 1}
    assert not outcome.undetermined
    tied = congress({"p": {"a": 100, "b": 100}})
    assert asked(tied) == [("p", "quotient", ("a", "b"), 1)]
    lot = congress({"p": {"a": 100, "b": 100}}, toml=decided("list", "quotient", ["a", "b"], ["b"], "p"))
    assert held(lot.contests["list"].seats) == {"a": 2, "b": 3}


def test_163_1_blank_ballots_stand_in_the_base_of_the_bar() -> None:
    provinces = {"p": {"a": 600, "b": 371, "c": 29, "@invalid": 500}}
    assert congress(provinces, total=60).contests["list"].seats["c"] == 0
    provinces["p"] |= {"c": 30, "b": 370}
    assert congress(provinces, total=60).contests["list"].seats["c"] > 0
    provinces["p"]["@blank"] = 1
    assert congress(provinces, total=60).contests["list"].seats["c"] == 0


def test_162_autonomous_cities_have_one_seat_and_no_part_in_the_quota() -> None:
    units = [
        {"unit": "p1", "level": "province", "kind": "province", "population": 700},
        {"unit": "p2", "level": "province", "kind": "province", "population": 300},
        {"unit": "c", "level": "province", "kind": "autonomous-city", "population": 1000},
    ]
    lines = {"a": 60, "b": 40}
    outcome = congress({"p1": lines, "p2": lines, "c": lines}, units=units, total=15)
    assert {u: sum(d.seats.values()) for u, d in outcome.contests["list"].districts.items()} == {
        "p1": 9,
        "p2": 5,
        "c": 1,
    }


def test_162_the_kind_of_a_district_decides_what_it_shares_in() -> None:
    def seats(kinds: list[str], given: list[int | None], populations: list[int | None]) -> dict[str, int]:
        units = [
            {"unit": f"p{n}", "level": "province", "kind": k, "population": p, "seats_list": g}
            for n, (k, p, g) in enumerate(zip(kinds, populations, given, strict=True))
        ]
        outcome = congress({f"p{n}": {"a": 60, "b": 40} for n in range(3)}, units=units, total=15)
        return {u: sum(d.seats.values()) for u, d in outcome.contests["list"].districts.items()}

    people, none = [700, 300, None], [None, None, None]
    assert seats(["", "", "autonomous-city"], none, people) == {"p0": 9, "p1": 5, "p2": 1}, "named like their level"
    assert seats(["", "", ""], [8, 6, 1], people) == {"p0": 8, "p1": 6, "p2": 1}, "no kind is known: as the decree"
    with pytest.raises(BadInput) as refused:
        seats(["", "", ""], none, [700, 300, 10])
    assert "kind" in refused.value.faults[0].expected


def test_162_seats_of_the_decree_where_no_population_is_known() -> None:
    units = [{"unit": "p1", "level": "province", "kind": "province", "seats_list": 4}]
    outcome = congress({"p1": {"a": 60, "b": 40}}, units=units)
    assert sum(outcome.contests["list"].seats.values()) == 4
    assert [f.code for f in outcome.findings] == ["not-checked"]
    with pytest.raises(BadInput) as refused:
        congress({"p1": {"a": 60, "b": 40}}, units=[{"unit": "p1", "level": "province"}])
    assert (refused.value.faults[0].file, refused.value.faults[0].field) == ("units.csv", "seats_list")


def test_162_seats_of_the_decree_go_before_those_of_the_population() -> None:
    """162(4): the decree states the number of each constituency; where it differs from the rule, that is said."""
    units = [{"unit": "p1", "level": "province", "kind": "province", "population": 10, "seats_list": 4}]
    outcome = congress({"p1": {"a": 60, "b": 40}}, units=units, total=5)
    assert sum(outcome.contests["list"].seats.values()) == 4
    assert [(f.code, f.unit, f.values) for f in outcome.findings] == [
        ("seats-decreed", "p1", {"found": 4, "expected": 5})
    ]


@pytest.mark.parametrize(
    ("decreed", "seats", "code"), [((7, 5), (7, 5), "seats-decreed"), ((7, 4), (6, 6), "seats-differ")]
)
def test_162_a_decree_that_does_not_add_up_to_the_chamber_is_not_followed(
    decreed: tuple[int, int], seats: tuple[int, int], code: str
) -> None:
    """So that a chamber of another size in a what-if is not filled by the numbers of the old decree."""
    units = [
        {"unit": name, "level": "province", "kind": "province", "population": 10, "seats_list": given}
        for name, given in zip(("p1", "p2"), decreed, strict=True)
    ]
    outcome = congress({"p1": {"a": 60}, "p2": {"a": 60}}, units=units, total=12, districts=2)
    won = outcome.contests["list"].districts
    assert tuple(sum(won[name].seats.values()) for name in ("p1", "p2")) == seats
    assert {f.code for f in outcome.findings} == {code}


def test_166_the_senate_takes_those_with_most_votes_across_parties() -> None:
    places = [{"unit": "c", "level": "constituency", "seats_senate": 4}]
    marks = {"a1": 90, "a2": 80, "a3": 60, "b1": 70, "b2": 60, "b3": 5}
    rows = votes("senate", {**marks, "@blank": 3, "@cast": 130}, "c")
    outcome = counted(case("es/senate", "2019-04-28", rows, units=places))
    assert asked(outcome) == [("c", "district", ("a3", "b2"), 1)]
    assert held(outcome.contests["senate"].seats) == {"a1": 1, "a2": 1, "b1": 1}
    lot = decided("senate", "district", ["a3", "b2"], ["b2"], "c")
    assert held(counted(case("es/senate", "2019-04-28", rows, units=places, toml=lot)).contests["senate"].seats) == {
        "a1": 1,
        "a2": 1,
        "b1": 1,
        "b2": 1,
    }


def test_fewer_candidates_than_seats_leave_seats_vacant() -> None:
    places = [{"unit": "c", "level": "constituency", "seats_senate": 4}]
    outcome = counted(case("es/senate", "2019-04-28", votes("senate", {"a": 9, "b": 2, "c": 0}, "c"), units=places))
    assert outcome.contests["senate"].seats == {"a": 1, "b": 1, "c": 0}
    assert [(f.code, f.unit, f.values["seats"]) for f in outcome.findings] == [("seats-vacant", "c", 2)]


# ---------------------------------------------------------------- Lithuania


def seimas(options: dict[str, int], day: str = "2016-10-09", seats: int = 70, **more: Any) -> Outcome:
    parties = more.pop(
        "parties", [{"party": p, "number": n} for n, p in enumerate(options, 1) if not p.startswith("@")]
    )
    election = case("lt/seimas", day, votes("list", options), parties=parties, **more)
    return count(amend(election.own_law(), {"list.seats": seats}), election)


CAST = {"@cast": 1000, "@registered": 2000}


@pytest.mark.parametrize("day", ["2016-10-09", "2024-10-13"])
def test_170_5_equal_remainders_go_to_the_smaller_number(day: str) -> None:
    # Quota 96: 480 = 5 × 96, 240 = 2 × 96 + 48 twice: one seat is left.
    options = {"c": 480, "b": 240, "a": 240, **CAST}
    assert held(seimas(options, day, 10).contests["list"].seats) == {"c": 5, "b": 3, "a": 2}
    parties = [{"party": "a", "number": 2}, {"party": "b", "number": 3}, {"party": "c", "number": 1}]
    assert held(seimas(options, day, 10, parties=parties).contests["list"].seats) == {"c": 5, "b": 2, "a": 3}
    unknown = seimas(options, day, 10, parties=[{"party": p} for p in "abc"])
    assert asked(unknown) == [("", "remainder", ("a", "b"), 1)]


def test_170_1_the_quota_is_rounded_up() -> None:
    step = next(s for s in seimas({"a": 501, "b": 300, **CAST}).steps if s.code == "quota")
    assert step.values["quota"] == 12  # 801 / 70 = 11.44
    assert step.cite.startswith("LES 89")


def test_170_6_a_list_out_of_candidates_passes_seats_on() -> None:
    persons = [{"candidate": f"a{n}", "contest": "list", "party": "a", "position": n} for n in (1, 2, 3)]
    outcome = seimas({"a": 500, "b": 300, "c": 200, **CAST}, seats=10, candidates=persons)
    assert held(outcome.contests["list"].seats) == {"a": 3, "b": 4, "c": 3}
    broken_off = seimas({"a": 500, "b": 300, "c": 200, **CAST}, seats=10, candidates=persons[1:])
    assert broken_off.contests["list"].seats["a"] == 5, "an incomplete list limits nothing"


def test_89_1_a_quarter_of_the_voters_is_too_few() -> None:
    assert seimas({"a": 500, "b": 500, "@cast": 1000, "@registered": 4000}).status == "invalid"
    assert (
        seimas({"a": 500, "b": 500, "@cast": 1000, "@registered": 3999}).status == "partial"
    )  # no returns of districts


def test_88_districts_by_participants_turnout_and_run_off() -> None:
    place = [{"unit": "d", "level": "district"}]

    def district(first: dict[str, int], second: dict[str, int] | None = None) -> Outcome:
        rows = votes("single", first, "d") + (votes("single", second, "d", 2) if second else [])
        return counted(case("lt/seimas", "2016-10-09", rows, units=place))

    lines = {"@cast": 1000, "@registered": 2000}
    assert district({"x": 501, "y": 300, **lines}).contests["single"].seats["x"] == 1
    assert asked(district({"x": 500, "y": 300, "z": 100, **lines})) == [("d", "run-off", ("x", "y"), 1)]
    few = {"@cast": 999, "@registered": 2500}
    assert district({"x": 500, "y": 300, **few}).contests["single"].seats["x"] == 1  # a fifth of all voters
    assert asked(district({"x": 499, "y": 300, **few})) == [("d", "run-off", ("x", "y"), 1)]
    tied = district({"x": 500, "y": 300, "z": 100, **lines}, {"x": 7, "y": 7})
    assert tied.contests["single"].seats["x"] == 1, "more votes in the first round"
    gap = district({"x": 400, "y": 400, "z": 100, **lines}, {"x": 7, "y": 7})
    assert asked(gap) == [("d", "no-rule", ("x", "y"), 1)]


def test_a_district_without_its_figures_does_not_change_the_others() -> None:
    places = [{"unit": "d1", "level": "district"}, {"unit": "d2", "level": "district"}]
    rows = votes("single", {"x": 480, "y": 470, "@cast": 1000, "@registered": 2000}, "d1")
    rows += votes("single", {"z": 60, "w": 40}, "d2")
    outcome = counted(case("lt/seimas", "2016-10-09", rows, units=places))
    assert [q.unit for q in outcome.undetermined if q.contest == "single"] == ["d1"]
    assert outcome.contests["single"].districts["d2"].seats == {"z": 1, "w": 0}
    assert {(f.code, f.unit) for f in outcome.findings if f.unit} == {
        ("cannot-be-verified", "d2"),
        ("not-checked", "d2"),
    }


# ---------------------------------------------------------------- Moldova


def moldova(options: dict[str, int], kinds: dict[str, str] | None = None, seats: int = 101, **more: Any) -> Outcome:
    parties = [{"party": p, "kind": (kinds or {}).get(p, "party")} for p in options if not p.startswith("@")]
    election = case("md/parliament", "2025-09-28", votes("list", options), parties=parties, **more)
    return count(amend(election.own_law(), {"list.seats": seats}), election)


def test_123_an_independent_takes_one_seat() -> None:
    outcome = moldova({"a": 560, "b": 370, "i": 70}, {"i": "independent"})
    assert outcome.contests["list"].seats["i"] == 1
    assert sum(outcome.contests["list"].seats.values()) == 101
    below = moldova({"a": 561, "b": 420, "i": 19}, {"i": "independent"})
    assert below.contests["list"].seats["i"] == 0


def test_122_bars_of_parties_and_blocs() -> None:
    outcome = moldova({"a": 811, "b": 50, "c": 69, "d": 70}, {"c": "coalition", "d": "coalition"})
    assert {p for p, n in outcome.contests["list"].seats.items() if n} == {"a", "b", "d"}


def test_124_3_seats_of_an_exhausted_list_are_dealt_again() -> None:
    persons = [{"candidate": f"a{n}", "contest": "list", "party": "a", "position": n} for n in range(1, 41)]
    outcome = moldova({"a": 600, "b": 300, "c": 100}, candidates=persons)
    seats = held(outcome.contests["list"].seats)
    assert seats["a"] == 40
    assert seats == {"a": 40, **held(moldova({"b": 300, "c": 100}, seats=61).contests["list"].seats)}


def test_seats_that_nobody_can_take_are_said_to_be_vacant() -> None:
    persons = [{"candidate": f"{p}{n}", "contest": "list", "party": p, "position": n} for p in "ab" for n in (1, 2)]
    outcome = moldova({"a": 600, "b": 400}, candidates=persons)
    assert held(outcome.contests["list"].seats) == {"a": 2, "b": 2}
    assert [(f.code, f.values["seats"]) for f in outcome.findings if f.code == "seats-vacant"] == [("seats-vacant", 97)]


def test_equal_numbers_for_the_last_seat_need_a_lot() -> None:
    tied = {"a": 500, "b": 500}
    assert asked(moldova(tied, seats=3)) == [("", "quotient", ("a", "b"), 1)]
    lot = moldova(tied, seats=3, toml=decided("list", "quotient", ["a", "b"], ["a"]))
    assert held(lot.contests["list"].seats) == {"a": 2, "b": 1}


def test_president_of_moldova() -> None:
    def round_one(first: dict[str, int], second: dict[str, int] | None = None, **more: Any) -> Outcome:
        rows = votes("president", first) + (votes("president", second, round_=2) if second else [])
        return counted(case("md/president", "2024-10-20", rows, **more))

    lines = {"@cast": 1000, "@registered": 3000}
    assert round_one({"x": 500, "y": 300, "z": 150, **lines}).seats["x"] == 1, "exactly half of those who took part"
    assert asked(round_one({"x": 499, "y": 300, "z": 150, **lines})) == [("", "run-off", ("x", "y"), 1)]
    assert round_one({"x": 500, "y": 400, "@cast": 1000, "@registered": 3001}).status == "invalid"
    place = round_one({"x": 400, "y": 300, "z": 300, **lines})
    assert asked(place) == [("", "run-off", ("y", "z"), 1)]
    lot = decided("president", "run-off", ["y", "z"], ["z"])
    assert asked(round_one({"x": 400, "y": 300, "z": 300, **lines}, toml=lot)) == [("", "run-off", ("x", "z"), 1)]
    assert round_one({"x": 400, "y": 300, "z": 200, **lines}, {"x": 5, "y": 5}).seats["x"] == 1
    assert asked(round_one({"x": 300, "y": 300, "z": 200, **lines}, {"x": 5, "y": 5})) == [
        ("", "district", ("x", "y"), 1)
    ]


def test_a_first_round_that_votes_alone_decide_leaves_no_doubt() -> None:
    first = votes("president", {"x": 450, "y": 300, "z": 250})
    outcome = counted(case("md/president", "2020-11-01", first))
    assert (asked(outcome), outcome.status) == ([("", "run-off", ("x", "y"), 1)], "undetermined")
    assert [f.code for f in outcome.findings] == ["not-checked"], "below half of the valid votes is below half of all"
    held_again = counted(case("md/president", "2020-11-01", first + votes("president", {"x": 4, "y": 6}, round_=2)))
    assert (held_again.status, held_again.seats["y"]) == ("final", 1)
    near = votes("president", {"x": 501, "y": 300, "z": 199})
    doubt = counted(case("md/president", "2020-11-01", near))
    assert (doubt.status, doubt.seats["x"]) == ("partial", 1)
    again = counted(case("md/president", "2020-11-01", near + votes("president", {"x": 4, "y": 6}, round_=2)))
    assert (again.status, again.seats["y"]) == ("final", 1), "a second round says that the first elected nobody"


# ---------------------------------------------------------------- Mongolia


def khural(options: dict[str, int], kinds: dict[str, tuple[str, int]] | None = None, how: str = "") -> Outcome:
    parties = [
        {"party": p, "kind": (kinds or {}).get(p, ("party", 1))[0], "members": (kinds or {}).get(p, ("party", 1))[1]}
        for p in options
    ]
    election = case("mn/khural", "2024-06-28", votes("list", options), parties=parties)
    law = election.own_law()
    return count(amend(law, {"list.formula.unqualified": how}) if how else law, election)


def test_49_1_2_votes_under_the_bar_are_shared_equally() -> None:
    # 48 seats. Under the bar 4 × 3 per cent: 12 per cent shared by three lists, 4 each: 52, 34, 14 per cent.
    options = {"a": 480, "b": 300, "c": 100, "d": 30, "e": 30, "f": 30, "g": 30}
    assert held(khural(options).contests["list"].seats) == {"a": 25, "b": 16, "c": 7}
    # The other reading: quota 1000 / 48; whole parts 23, 14, 4; seven left, two rounds and one: by remainder.
    other = held(khural(options, how="in-quota").contests["list"].seats)
    assert other == {"a": 25, "b": 17, "c": 6} or sum(other.values()) == 48
    assert held(khural(options, how="set-aside").contests["list"].seats) == {"a": 26, "b": 16, "c": 6}


def test_49_1_1_bars_of_coalitions() -> None:
    options = {"a": 789, "b": 40, "c": 50, "d": 69, "e": 52}
    kinds = {"c": ("coalition", 2), "d": ("coalition", 3), "e": ("coalition", 4)}
    outcome = khural(options, kinds)
    assert {p for p, n in outcome.contests["list"].seats.items() if n} == {"a", "b", "c"}


def test_74_the_first_m_of_the_district() -> None:
    places = [{"unit": "d", "level": "district", "seats_block": 3}]
    marks = {"x": 90, "y": 80, "z": 70, "w": 70, "v": 5, "@cast": 110, "@registered": 200}
    outcome = counted(case("mn/khural", "2024-06-28", votes("block", marks, "d"), units=places))
    assert asked(outcome) == [("d", "district", ("z", "w"), 1)]
    assert held(outcome.contests["block"].seats) == {"x": 1, "y": 1}
    few = counted(case("mn/khural", "2024-06-28", votes("block", {**marks, "@cast": 99}, "d"), units=places))
    assert asked(few) == [("d", "repeat-vote", ("x", "y", "z", "w", "v"), 3)]
    assert not any(few.contests["block"].seats.values())
    enough = counted(
        case("mn/khural", "2024-06-28", votes("block", {**marks, "z": 71, "@cast": 100}, "d"), units=places)
    )
    assert not enough.undetermined


def test_marks_of_a_block_vote_need_not_add_up_to_ballots() -> None:
    places = [{"unit": "d", "level": "district", "seats_block": 2}]
    marks = {"x": 90, "y": 80, "z": 30, "@valid": 100, "@cast": 105, "@registered": 200}
    outcome = counted(case("mn/khural", "2024-06-28", votes("block", marks, "d"), units=places))
    assert held(outcome.contests["block"].seats) == {"x": 1, "y": 1}
    assert not [f for f in outcome.findings if f.contest == "block"]


# ---------------------------------------------------------------- building blocks that one law uses


def test_leftover_seats_to_the_largest_lists() -> None:
    parties = [{"party": p} for p in "abc"]
    options = {"a": 520, "b": 290, "c": 190}
    election = case("ge/parliament", "2024-10-26", votes("list", options), parties=parties)
    outcome = count(amend(election.own_law(), {"list.seats": 7}), election)
    # Quota 142.9: 3, 2, 1 and remainders .64, .03, .33: the seat goes to the largest list all the same, then b.
    assert held(outcome.contests["list"].seats) == {"a": 4, "b": 2, "c": 1}
    eight = count(amend(election.own_law(), {"list.seats": 8}), election)
    assert held(eight.contests["list"].seats) == {"a": 5, "b": 2, "c": 1}


def test_double_proportion_holds_both_margins() -> None:
    places = [{"unit": f"d{n}", "level": "district", "seats_list": s} for n, s in ((1, 4), (2, 5), (3, 11))]
    matrix = {"d1": (5100, 9800, 4500), "d2": (6000, 10000, 12000), "d3": (6300, 10200, 14400)}
    rows = [row for u, line in matrix.items() for row in votes("list", dict(zip("abc", line, strict=True)), u)]
    election = case("ch/zh-kantonsrat", "2023-02-12", rows, units=places, parties=[{"party": p} for p in "abc"])
    outcome = counted(election)
    found = {u: d.seats for u, d in outcome.contests["list"].districts.items()}
    assert {u: sum(s.values()) for u, s in found.items()} == {"d1": 4, "d2": 5, "d3": 11}
    upper = next(s for s in outcome.steps if s.code == "matrix-lists")
    assert held(outcome.contests["list"].seats) == {p: r.seats for p, r in upper.rows.items()}


def every_case() -> Iterator[str]:
    yield from ("storting-2021", "congress-2019-04", "snemovna-2021", "seimas-2016", "khural-2024", "parlament-2025")


@pytest.mark.parametrize("name", list(every_case()))
def test_every_step_cites_an_article(name: str) -> None:
    outcome = counted(open_case(name))
    assert outcome.steps
    assert not [s for s in outcome.steps if not s.cite]


@pytest.mark.parametrize(
    ("day", "decided"),
    [
        ("2016-10-09", {"antakalnio", "medininku", "salcininku-vilniaus"}),
        (
            "2024-10-13",
            {
                "naujamiescio",
                "antakalnio",
                "centro-zaliakalnio",
                "silainiu",
                "vakarine",
                "kursenu-dainu",
                "nemencines",
                "salcininku-vilniaus",
                "medininku",
            },
        ),
    ],
)
def test_167_2_1_the_code_needs_a_fifth_of_the_registered_and_no_half(day: str, decided: set[str]) -> None:
    """The votes of 2016 under the old law and under the Code of 2022."""
    election = replace(open_case("seimas-2016"), day=date.fromisoformat(day))
    outcome = count(load("lt/seimas").on(election.day), election)
    districts = outcome.contests["single"].districts
    assert {unit for unit, district in districts.items() if sum(district.seats.values())} == decided


@pytest.mark.parametrize(("votes_for", "question"), [(200, ""), (199, "run-off")])
def test_167_2_1_at_the_fifth(votes_for: int, question: str) -> None:
    rows = votes("single", {"x": votes_for, "y": 150, "z": 100, "@registered": 1000, "@cast": 500}, "d1")
    people = [{"candidate": c, "contest": "single", "unit": "d1"} for c in ("x", "y", "z")]
    outcome = counted(
        case("lt/seimas", "2024-10-13", rows, units=[{"unit": "d1", "level": "district"}], candidates=people)
    )
    assert [q.question for q in outcome.undetermined if q.contest == "single"] == ([question] if question else [])


def test_167_2_5_two_candidates_and_nobody_elected_is_a_repeat_election() -> None:
    rows = votes("single", {"x": 150, "y": 100, "@registered": 1000, "@cast": 250}, "d1")
    people = [{"candidate": c, "contest": "single", "unit": "d1"} for c in ("x", "y")]
    outcome = counted(
        case("lt/seimas", "2024-10-13", rows, units=[{"unit": "d1", "level": "district"}], candidates=people)
    )
    assert [q.question for q in outcome.undetermined if q.contest == "single"] == ["repeat-election"]
