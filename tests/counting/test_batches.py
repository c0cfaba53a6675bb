"""Batches: every kind of array at the door, axes as they were given, sums that fit, ties decided in their own district."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sailau
from sailau.counting import Plan
from sailau.election.model import Award
from sailau.rulebook import BadInput, amend

WIDTHS = ("i2", "i4", "i8", "u2", "u4", "u8", ">i2", ">i4", ">i8", ">u4", "O")


@pytest.fixture(scope="module")
def mazhilis() -> Plan:
    return sailau.compile("mazhilis-2023")


def made_up(folder: Path, law: str, returns: str, *, parties: str = "", units: str = "", candidates: str = "") -> Path:
    """Write a case folder; tables that are empty are left out."""
    (folder / "case.toml").write_text(f'law = "{law}"\nday = 2023-03-19\ntitle.en = "Made up"\n')
    tables = {"returns": returns, "parties": parties, "units": units, "candidates": candidates}
    for name, table in tables.items():
        if table:
            (folder / f"{name}.csv").write_text(table)
    return folder


@pytest.mark.parametrize("width", WIDTHS)
def test_every_width_and_byte_order_gives_the_same_seats(mazhilis: Plan, width: str) -> None:
    votes = np.array([[9000, 2000, 1500, 900, 300, 100, 50, 500], [3000, 3000, 3000, 100, 100, 0, 0, 9]])
    expected = mazhilis({"list": votes}).seats["list"].tolist()
    assert mazhilis({"list": votes.astype(width)}).seats["list"].tolist() == expected


@pytest.mark.parametrize("width", ["i1", "i2", "i4", "i8", ">i4", ">i8", "O"])
def test_negative_votes_are_refused_in_every_width(mazhilis: Plan, width: str) -> None:
    with pytest.raises(ValueError, match="votes of “list” hold -80: expected no negative number"):
        mazhilis({"list": np.array([100, 60, 20, -80, 1, 1, 1, 1], width)})


def test_votes_beyond_those_that_a_case_may_have_are_refused(mazhilis: Plan) -> None:
    with pytest.raises(ValueError, match=f"hold {2**63}: expected {2**63 - 1} at most"):
        mazhilis({"list": [2**63, 0, 0, 0, 0, 0, 0, 0]})


def test_masked_votes_are_refused(mazhilis: Plan) -> None:
    with pytest.raises(TypeError, match="masked"):
        mazhilis({"list": np.ma.array([5, 4, 3, 2, 1, 1, 1, 1], mask=[0, 1, 0, 0, 0, 0, 0, 0])})


@pytest.mark.parametrize("lead", [(), (1,), (2,), (1, 3), (2, 1, 1)])
def test_leading_axes_are_kept(mazhilis: Plan, lead: tuple[int, ...]) -> None:
    """With one district two axes are elections and items; with more, the district has its own."""
    district = () if len(lead) < 2 else (1,)
    assert mazhilis({"list": np.full((*lead, *district, 8), 100)}).seats["list"].shape == (*lead, 7)


def test_a_total_holds_whatever_was_declared_and_no_body_has_more_seats_than_the_limit(tmp_path: Path) -> None:
    """More seats in all than 32 bits hold are declared in an election made without a case folder, which has its own limit."""
    units = "unit,level,seats_list\n" + "".join(f"r{n},region,1\n" for n in range(220))
    returns = "unit,contest,item,count\n" + "".join(f"r{n},list,a,1\n" for n in range(220))
    folder = made_up(tmp_path, "kz/maslikhat-region", returns, units=units, parties="party\na\n")
    case = sailau.open_case(folder)
    declared = replace(case, declared=(Award("single", "", "a", 2_200_000_000),))
    assert sailau.compile(case.own_law(), declared)({}).total.tolist() == [2_200_000_220]
    larger = {u.id: replace(u, seats={"list": 1_000}) for u in case.units.values()}
    with pytest.raises(BadInput, match="220,000 seats; expected at most 100,000 seats"):
        sailau.compile(case.own_law(), replace(case, units=larger))


@pytest.mark.parametrize("rule", ["registered-earlier", "list-number"])
def test_equals_are_told_apart_by_the_facts_of_their_own_district(tmp_path: Path, rule: str) -> None:
    """The first district has other options, in another order, and fewer of them, than the second."""
    returns = "unit,contest,item,count\nd1,single,z,10\nd1,single,q,5\nd2,single,q,70\nd2,single,p,70\nd2,single,z,3\n"
    parties = "party,registered,number\nq,2023-02-01,2\np,2023-01-01,1\nz,2022-12-01,3\n"
    folder = made_up(tmp_path, "kz/mazhilis", returns, parties=parties, units="unit,level\nd1,district\nd2,district\n")
    case = sailau.open_case(folder)
    law = amend(case.own_law(), {"single.tie.order": f'["{rule}"]'})
    outcome = sailau.count(law, case)
    assert outcome.contests["single"].districts["d2"].seats == {"q": 0, "p": 1, "z": 0}
    plan = sailau.compile(law, case)
    batch = plan({})
    assert plan.papers["single"].names(1)[int(batch.seats["single"][1].argmax())] == "p"
    assert "p" in outcome.explain("p")


def test_a_candidate_has_the_facts_of_the_party(tmp_path: Path) -> None:
    returns = "unit,contest,item,count\nd1,single,anna,70\nd1,single,bert,70\n"
    candidates = "candidate,contest,unit,party\nanna,single,d1,q\nbert,single,d1,p\n"
    parties = "party,registered\nq,2023-02-01\np,2023-01-01\n"
    units = "unit,level\nd1,district\n"
    case = sailau.open_case(
        made_up(tmp_path, "kz/mazhilis", returns, parties=parties, candidates=candidates, units=units)
    )
    law = amend(case.own_law(), {"single.tie.order": '["registered-earlier"]'})
    outcome = sailau.count(law, case)
    assert outcome.contests["single"].seats == {"anna": 0, "bert": 1}
    assert "1 January 2023" in outcome.explain()


def test_two_largest_possible_counts_pass_a_bar_of_nothing(tmp_path: Path) -> None:
    most = 2**63 - 1
    returns = f"unit,contest,item,count\n,list,a,{most}\n,list,b,{most}\n"
    case = sailau.open_case(made_up(tmp_path, "kz/mazhilis", returns, parties="party\na\nb\n"))
    law = amend(case.own_law(), {"list.threshold.share": "0%"})
    assert sorted(sailau.count(law, case).contests["list"].seats.values()) in ([34, 35], [34, 34])


@pytest.mark.parametrize("how", ["shared-equally", "in-quota"])
def test_votes_under_the_bar_do_not_depend_on_what_the_bar_is_measured_by(tmp_path: Path, how: str) -> None:
    """Ballots against all are valid votes that no list above the bar holds, whether the bar reads them or not."""
    returns = "unit,contest,item,count\n,list,a,500\n,list,b,300\n,list,c,20\n,list,@against_all,180\n"
    case = sailau.open_case(made_up(tmp_path, "kz/mazhilis", returns, parties="party\na\nb\nc\n"))
    seats = [
        sailau.count(amend(case.own_law(), {"list.formula.unqualified": how, "list.threshold.base": base}), case)
        .contests["list"]
        .seats
        for base in ("valid", "options")
    ]
    assert seats[0] == seats[1]


@pytest.mark.parametrize("name", ["mazhilis-2023", "snemovna-2021", "storting-2021", "khural-2024", "senado-2019-04"])
def test_no_shipped_case_has_impossible_seats(name: str) -> None:
    plan = sailau.compile(name)
    random = np.random.default_rng(7)
    votes = {
        n: random.integers(0, 4, (40, len(p.districts), len(p.votes) + len(p.lines))) for n, p in plan.papers.items()
    }
    assert not plan(votes).impossible().any()


def test_impossible_seats_are_noticed(mazhilis: Plan) -> None:
    batch = mazhilis({"list": np.tile([900, 200, 150, 90, 30, 10, 5, 50], (4, 1))})
    assert batch.impossible().tolist() == [False] * 4
    batch.seats["list"][1, 0] += 1
    batch.seats["list"][2, 0] -= 1
    assert batch.impossible().tolist() == [False, True, True, False]


def test_two_winners_of_one_seat_are_noticed() -> None:
    plan = sailau.compile("akims-2023")
    batch = plan({})
    name = next(iter(batch.seats))
    batch.seats[name][0] = 1
    assert batch.impossible().item()


def test_a_drawn_majority_of_regions_moves_with_the_votes(tmp_path: Path) -> None:
    """Adopted in one region of three by the case's votes; where nearly all say yes, all three have carried it."""
    units = "unit,level\nr1,region\nr2,region\nr3,region\n"
    rows = [
        f"r{n},question,yes,{y}\nr{n},question,no,{100 - y}\nr{n},question,@cast,100\nr{n},question,@invalid,0\n"
        for n, y in ((1, 95), (2, 45), (3, 45))
    ]
    folder = made_up(tmp_path, "kz/referendum", "unit,contest,item,count\n" + "".join(rows), units=units)
    with (folder / "case.toml").open("a") as case:
        case.write('contest.question.kind = "constitution"\n')
    plan = sailau.compile(folder)
    items = list(plan.items["question"])
    votes = np.zeros((3, 1, len(items)), np.int64)
    for number, (yes, no) in enumerate([(185, 115), (290, 10), (160, 140)]):
        votes[number, 0, [items.index(item) for item in ("yes", "no", "@cast")]] = yes, no, yes + no
    assert plan({"question": votes}).questions["question"].tolist() == [False, True, False]
    assert plan({"question": votes}).outcome(1).questions == {"question": "adopted"}


def test_equal_second_lists_join_by_a_draw_of_each_election(mazhilis: Plan) -> None:
    """One list over the bar and two equal ones below it: either joins about as often, in no order, whatever the seed."""
    votes = np.tile([9000, 300, 300, 0, 0, 0, 0, 0], (400, 1))
    joined = [mazhilis({"list": votes}, seed=seed).seats["list"][:, 1] > 0 for seed in (0, 1)]
    assert all(150 < draw.sum() < 250 for draw in joined)
    assert 100 < (joined[0][1:] == joined[0][:-1]).sum() < 300
    assert (joined[0][1:] != joined[1][:-1]).any()
    assert not mazhilis({"list": votes}).impossible().any()


def test_districts_are_measured_by_the_seats_that_are_to_be_filled() -> None:
    """Most seats of 2016 were open after the first round; voters are shared among all 71."""
    measured = sailau.count("seimas-2016").voters_per_seat["single"]
    assert round(measured["mean"]) == 35_418
    assert round(float(measured["deviation"]), 3) == 0.177
