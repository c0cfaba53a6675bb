"""Other laws on the same votes: known results, exact parts by provision, and nothing dropped in silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sailau
from sailau.counting import count
from sailau.election import Election, open_case
from sailau.rulebook import BadInput, Law, amend, load
from sailau.simulation.comparing import Comparison, Row, compare, compare_at, shapley
from sailau.simulation.transplant import Votes, graft, law_near, settings_of
from sailau.wording.under_laws import comparison_json, comparison_tables

CASES = sorted(p.parent.name for p in (Path(sailau.__file__).parent / "cases").glob("*/case.toml"))
ORDER = ("amanat", "auyl", "respublica", "aq-jol", "ppk", "nsdp", "baytaq")


@cache
def case(name: str) -> Election:
    return open_case(name)


@cache
def compared(name: str, *laws: str) -> Comparison:
    election = case(name)
    return compare(election, [law_near(law, election.day) for law in laws])


@cache
def six() -> Comparison:
    return compared("mazhilis-2023", "es/congress", "md/parliament", "lt/seimas", "no/storting", "kz/kurultai")


def row_of(found: Comparison, law: str) -> Row:
    return next(row for row in found.rows if row.law.id == law)


def in_order(row: Row) -> tuple[int, ...]:
    return tuple(row.seats[party] for party in ORDER)


# ---------------------------------------------------------------------- known answers


@pytest.mark.parametrize(
    ("law", "seats"),
    [
        ("kz/mazhilis", (40, 8, 6, 6, 5, 4, 0)),
        ("es/congress", (41, 8, 6, 6, 5, 3, 0)),
        ("md/parliament", (41, 8, 6, 6, 5, 3, 0)),
        ("lt/seimas", (40, 8, 6, 6, 5, 4, 0)),
        ("no/storting", (38, 8, 6, 6, 5, 4, 2)),
        ("kz/kurultai", (40, 8, 6, 6, 5, 4, 0)),
    ],
)
def test_the_votes_of_2023_under_other_laws(law: str, seats: tuple[int, ...]) -> None:
    assert in_order(row_of(six(), law)) == seats


def test_the_own_law_at_seven_per_cent() -> None:
    election = case("mazhilis-2023")
    changed = amend(election.own_law(), {"list.threshold.share": "7%"})
    found = compare(election, [changed])
    assert in_order(found.rows[1]) == (46, 9, 7, 7, 0, 0, 0)
    assert found.rows[1].to_json()["changes"] == {"list.threshold.share": "7%"}
    assert list(found.rows[1].shapley) == ["threshold"]
    assert compare(election, [], own=changed).rows[0].seats == found.rows[1].seats


def test_another_version_of_the_own_law() -> None:
    found = compare_at(case("mazhilis-2023"), date(2016, 3, 20))
    assert in_order(found.rows[1]) == (46, 9, 7, 7, 0, 0, 0)
    with pytest.raises(BadInput, match=r"and before 2026-07-01"):
        compare_at(case("mazhilis-2023"), date(2027, 1, 1))


@pytest.mark.parametrize("name", CASES)
def test_a_law_grafted_on_its_own_case_changes_nothing(name: str) -> None:
    election = case(name)
    outcome = count(election.own_law(), election)
    try:
        votes = Votes.of(outcome)
    except BadInput:
        assert not any(outcome.plan.held[n].ballot == "list" for n in outcome.plan.papers)
        return
    made = graft(outcome.law, settings_of(outcome.law, votes), votes).outcome()
    mine = {k: n for k, n in outcome.contests[votes.contest].seats.items() if n}
    assert {k: n for k, n in made.contests[votes.contest].seats.items() if n} == mine
    assert sum(mine.values()) == votes.seats


def test_a_law_in_districts_uses_those_of_the_case() -> None:
    found = compared("storting-2021", "es/congress", "cz/chamber", "md/parliament")
    for row in found.rows:
        assert sum(row.seats.values()) == 169
    spanish = row_of(found, "es/congress")
    assert len(spanish.outcome.contests["list"].districts) == 19
    assert any(r.code == "own-districts" and not r.lost for r in spanish.remarks)
    assert len(row_of(found, "md/parliament").outcome.contests["list"].districts) == 1


def test_levelling_stays_with_the_districts_of_a_case() -> None:
    row = row_of(compared("congress-2019-04", "no/storting"), "no/storting")
    # Two districts of one seat have no district seat to be measured by: who takes their levelling seats is open.
    open_seats = sum(q.seats for q in row.outcome.undetermined)
    assert row.outcome.status == "undetermined"
    assert 0 < open_seats <= 350 - sum(row.seats.values()) <= 2
    assert row.drawn
    assert not any(r.code == "nothing-to-level" for r in row.remarks)
    assert any(step.code == "levelling-place" for step in row.outcome.steps)
    assert "levelling" in row.shapley


def test_an_open_tie_is_said_and_drawn_only_for_the_parts() -> None:
    row = row_of(compared("congress-2019-04", "no/storting"), "no/storting")
    data = row.to_json()
    assert data["undetermined"]
    assert data["drawn"] is True
    total = {k: sum(parts[k] for parts in row.shapley.values()) for k in row.seats}
    assert sum(total.values()) == 0  # the draw fills every seat


# ---------------------------------------------------------------------- ballots and bases


def with_lines(election: Election, **lines: int) -> Election:
    """Return a nationwide case with further @ lines, those given as None-like 0 left out."""
    import numpy as np

    returns = election.returns
    extra = [(f"@{name}", number) for name, number in lines.items()]
    items = tuple(dict.fromkeys([*returns.items, *(i for i, _ in extra)]))
    added = len(extra)

    def more(array: object, values: list[int], kind: type) -> object:
        return np.concatenate([array, np.array(values, kind)])  # type: ignore[list-item]

    fields: Mapping[str, object] = {
        "contest": more(returns.contest, [returns.contests.index("list")] * added, np.int32),
        "unit": more(returns.unit, [returns.units.index("")] * added, np.int32),
        "item": more(returns.item, [items.index(i) for i, _ in extra], np.int32),
        "count": more(returns.count, [n for _, n in extra], np.int64),
        "round": more(returns.round, [1] * added, np.int8),
        "line": more(returns.line, [0] * added, np.int32),
    }
    return replace(election, returns=replace(returns, items=items, **fields))  # type: ignore[arg-type]


def base_of(row: Row) -> int | None:
    return row.outcome.contests["list"].base


def test_against_all_enters_a_foreign_base_only_where_blank_votes_count() -> None:
    lists, against = 6_118_150, 248_291
    assert base_of(row_of(six(), "es/congress")) == lists + against
    assert base_of(row_of(six(), "md/parliament")) == lists
    assert base_of(row_of(six(), "kz/kurultai")) == lists + against
    codes = {r.law.id: {m.code for m in r.remarks} for r in six().rows}
    assert "against-all-blank" in codes["es/congress"]
    assert "against-all-out" in codes["md/parliament"]
    # A base of all ballots cast keeps them, and where invalid ones are not known it is at least that.
    assert base_of(row_of(six(), "lt/seimas")) == lists + against
    assert "against-all-spoilt" in codes["lt/seimas"]


def test_ballots_against_all_are_invalid_where_a_law_has_no_such_row() -> None:
    election = with_lines(case("mazhilis-2023"), invalid=100_000)
    row = compare(election, [law_near("lt/seimas", election.day)]).rows[1]
    assert base_of(row) == 6_118_150 + 248_291 + 100_000  # all who took part
    assert row.outcome.status == "final" or row.outcome.findings


def test_an_unknown_base_is_replaced_by_the_nearest_and_said() -> None:
    row = row_of(six(), "lt/seimas")
    finding = next(f for f in row.findings if f.code == "cannot-be-verified")
    assert (finding.values["needs"], finding.values["used"]) == ("@cast", "valid")
    data = next(law for law in comparison_json(six())["laws"] if law["law"] == "lt/seimas")
    assert "@cast" in {f["values"]["needs"] for f in data["findings"]}
    assert any("not known: ballots cast; taken in its place: valid votes" in f["message"] for f in data["findings"])


def test_too_few_voters_void_the_poll_under_a_law_with_a_turnout() -> None:
    election = with_lines(case("mazhilis-2023"), cast=3_500_000)  # of 12,035,578 on the lists: below a third
    row = compare(election, [law_near("md/parliament", election.day)]).rows[1]
    assert row.outcome.status == "invalid"
    assert set(row.seats.values()) == {0}
    assert sum(row.shapley["turnout"].values()) < 0


# ---------------------------------------------------------------------- what is left behind


def test_everything_left_behind_is_said() -> None:
    codes = {row.law.id: {(r.provision, r.code) for r in row.remarks} for row in six().rows}
    assert ("single", "other-ballot") in codes["lt/seimas"]
    assert ("levelling", "nothing-to-level") in codes["no/storting"]
    assert ("list.seats", "no-districts") in codes["es/congress"]
    assert ("list.threshold.area", "bar-in-whole") in codes["es/congress"]
    for row in six().rows[1:]:
        assert ("list.seats", "seats-kept") in codes[row.law.id]
        assert ("list.mandates", "persons") in codes[row.law.id]
    assert ("", "other-day") in codes["kz/kurultai"]
    assert not six().rows[0].remarks


def test_a_second_scrutiny_is_held_in_one_district() -> None:
    row = row_of(compared("mazhilis-2023", "cz/chamber"), "cz/chamber")
    assert any(r.code == "one-scrutiny" for r in row.remarks)
    assert any(step.code == "transfer" for step in row.outcome.steps)
    assert sum(row.seats.values()) == 69


def test_double_proportionality_collapses_to_its_division_among_lists() -> None:
    row = row_of(compared("mazhilis-2023", "ch/zh-kantonsrat"), "ch/zh-kantonsrat")
    assert any(r.code == "one-district-matrix" for r in row.remarks)
    assert row.outcome.law.tiers["list"].formula.method == "sainte-lague"


def test_a_law_without_lists_and_a_case_without_lists_are_refused() -> None:
    with pytest.raises(BadInput, match=r"list"):
        compare(case("mazhilis-2023"), [law_near("kz/president", date(2022, 11, 20))])
    with pytest.raises(BadInput, match=r"list"):
        compare(case("president-2015"), [law_near("es/congress", date(2015, 4, 26))])


def test_the_nearest_version_of_a_law() -> None:
    assert law_near("kz/kurultai", date(2023, 3, 19)).day == date(2026, 7, 1)
    assert law_near("kz/mazhilis", date(2026, 8, 1)).day == date(2026, 6, 30)
    assert law_near("es/congress", date(2023, 3, 19)).day == date(2023, 3, 19)


# ---------------------------------------------------------------------- reasons


def test_every_row_keeps_its_steps() -> None:
    for row in six().rows:
        codes = {step.code for step in row.outcome.steps}
        assert codes & {"quota", "quotients"}
        assert row.outcome.law.id == row.law.id
    assert "threshold" in {s.code for s in row_of(six(), "es/congress").outcome.steps}


def test_parts_add_up_to_the_difference_for_every_list() -> None:
    own = six().rows[0]
    for row in six().rows[1:]:
        for party in own.seats:
            whole = sum((parts[party] for parts in row.shapley.values()), Fraction(0))
            assert whole == row.seats[party] - own.seats[party]


def test_the_storting_law_in_parts() -> None:
    parts = row_of(six(), "no/storting").shapley
    assert parts["threshold"]["baytaq"] == Fraction(3, 2)
    assert parts["formula"]["baytaq"] == Fraction(1, 2)
    assert parts["tie"]["baytaq"] == 0


@given(
    st.integers(1, 4).flatmap(
        lambda n: st.tuples(st.just(n), st.lists(st.integers(-5, 5), min_size=2**n, max_size=2**n))
    )
)
@settings(max_examples=60, deadline=None)
def test_shapley_is_the_mean_over_all_orders(game: tuple[int, list[int]]) -> None:
    number, values = game
    players = [f"p{i}" for i in range(number)]

    def worth(group: frozenset[str]) -> tuple[int, ...]:
        value = values[sum(1 << i for i, p in enumerate(players) if p in group)]
        return value, -2 * value

    found = shapley(players, worth)
    orders = list(permutations(players))
    for player in players:
        total = 0
        for order in orders:
            before = frozenset(order[: order.index(player)])
            total += worth(before | {player})[0] - worth(before)[0]
        assert found[player] == (Fraction(total, len(orders)), Fraction(-2 * total, len(orders)))


# ---------------------------------------------------------------------- shown


def test_the_contract_of_the_json() -> None:
    data = comparison_json(six())
    assert data["case"] == "mazhilis-2023"
    assert [law["law"] for law in data["laws"]][:2] == ["kz/mazhilis", "es/congress"]
    for law in data["laws"]:
        assert list(law["seats"]) == list(data["laws"][0]["seats"])
        assert sum(law["seats"].values()) == 69
        assert law["disproportionality"] > 0
        assert all(r["message"] and "{" not in r["message"] for r in law["not_transplanted"])
    spanish = data["laws"][1]
    assert spanish["chamber"]["independent"] == 7
    assert spanish["chamber"]["amanat"] == 41 + 22
    assert spanish["shapley"]["formula"]["amanat"] == 1


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_tables_in_three_languages(language: str) -> None:
    for table in comparison_tables(six(), language):
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert not any("{" in cell.text or "None" in cell.text for row in table.rows for cell in row)


def test_two_versions_of_one_law_are_told_apart() -> None:
    found = compare_at(case("mazhilis-2023"), date(2016, 3, 20))
    names = [row[0].text for row in comparison_tables(found)[0].rows]
    assert [name.partition("(")[2] for name in names] == ["19 March 2023)", "20 March 2016)"]


def test_progress_is_told_after_every_law() -> None:
    told: list[int] = []
    law: Law = load("md/parliament").on(date(2023, 3, 19))
    compare(case("mazhilis-2023"), [law], progress=told.append)
    assert told == [1]


def test_cases_and_laws_go_by_their_names() -> None:
    named = sailau.compare(
        "mazhilis-2023", under=["es/congress", "Seimas of Lithuania", "kz/mazhilis@2021-01-10", "@2021-01-10"]
    )
    assert [row.law.id for row in named.rows] == [
        "kz/mazhilis",
        "es/congress",
        "lt/seimas",
        "kz/mazhilis",
        "kz/mazhilis",
    ]
    election = case("mazhilis-2023")
    laws = [law_near("es/congress", election.day), law_near("lt/seimas", election.day)]
    assert [row.seats for row in compare(election, laws).rows] == [row.seats for row in named.rows[:3]]
    assert named.rows[3].law.day == named.rows[4].law.day == date(2021, 1, 10)
    with pytest.raises(BadInput, match="xx/nowhere"):
        sailau.compare("mazhilis-2023", under=["xx/nowhere"])
