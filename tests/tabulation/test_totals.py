"""Returns added up at any level, and the sums that a case must keep."""

import time
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle.ballots import add_up
from oracle.cases import Row, case, plain, votes
from sailau.rulebook import BadInput
from sailau.rulebook.schema import Base
from sailau.tabulation import Tabulation, base_of, tabulate

DAY = "2023-03-19"
TREE = [
    {"unit": "r1", "level": "region"},
    {"unit": "r2", "level": "region"},
    {"unit": "d1", "parent": "r1", "level": "district"},
    {"unit": "d2", "parent": "r1", "level": "district"},
    {"unit": "d3", "parent": "r2", "level": "district"},
    {"unit": "p1", "parent": "d1", "level": "precinct"},
    {"unit": "p2", "parent": "d1", "level": "precinct"},
    {"unit": "p3", "parent": "d2", "level": "precinct"},
    {"unit": "abroad", "level": "precinct", "district_single": "d3"},
]
PARTIES = [{"party": p} for p in "ab"]


def tabulated(rows: list[Row], units: Any = TREE, **more: Any) -> Tabulation:
    return tabulate(case("kz/mazhilis", DAY, rows, units=units, parties=PARTIES, **more))


def figure(tabulation: Tabulation, unit: str, item: str, contest: str = "list") -> int | None:
    totals = tabulation.of(contest)
    assert totals is not None
    return totals.figure(unit, item)


def test_sums_of_units_stand_for_those_above_them() -> None:
    rows = votes("list", {"a": 3, "b": 1}, "p1") + votes("list", {"a": 2, "b": 5}, "p2") + votes("list", {"a": 1}, "d3")
    found = tabulated(rows)
    assert [figure(found, u, "a") for u in ("d1", "r1", "r2", "")] == [5, 5, 1, 6]
    assert figure(found, "d3", "b") == 0, "no line in a unit that reports: no votes"
    assert figure(found, "d2", "a") is None, "no report: unknown"


def test_a_line_that_is_absent_is_unknown() -> None:
    rows = votes("list", {"a": 3, "@cast": 9}, "p1") + votes("list", {"a": 2}, "p2")
    found = tabulated(rows)
    assert figure(found, "p1", "@cast") == 9
    assert figure(found, "d1", "@cast") is None
    assert figure(found, "d1", "a") == 5


def test_a_units_own_line_stands_before_the_sum_of_an_incomplete_level() -> None:
    rows = votes("list", {"a": 90, "b": 40}) + votes("list", {"a": 3, "b": 1}, "r1")
    found = tabulated(rows)
    assert figure(found, "", "a") == 90
    assert figure(found, "r1", "a") == 3


def test_voters_abroad_count_in_their_district_in_one_contest_only() -> None:
    rows = (
        votes("single", {"a": 3, "b": 1}, "abroad") + votes("list", {"a": 5}, "abroad") + votes("list", {"a": 1}, "d3")
    )
    found = tabulated(rows)
    assert figure(found, "d3", "a", "single") == 3
    assert figure(found, "r2", "a", "single") == 3
    assert figure(found, "d3", "a") == 1
    assert figure(found, "", "a") == 6


def test_the_electoral_district_is_inherited() -> None:
    units = [*TREE, {"unit": "embassy", "parent": "abroad", "level": "precinct"}]
    found = tabulated(votes("single", {"a": 7}, "embassy"), units)
    assert figure(found, "d3", "a", "single") == 7
    assert figure(found, "r1", "a", "single") is None


def test_districts_that_lie_within_each_other_are_refused() -> None:
    units = [
        {"unit": "d1", "level": "district", "district_single": "d2"},
        {"unit": "d2", "level": "district", "district_single": "d1"},
    ]
    with pytest.raises(BadInput) as refused:
        tabulated(votes("single", {"a": 1}, "d1"), units)
    assert refused.value.faults[0].file == "units.csv"


@pytest.mark.parametrize("unit", ["", "r1", "d1"])
def test_valid_that_differs_from_its_parts_is_refused_above_precincts(unit: str) -> None:
    lines = {"a": 3, "b": 1, "@against_all": 2, "@valid": 7}
    with pytest.raises(BadInput) as refused:
        tabulated(votes("list", lines, unit))
    fault = refused.value.faults[0]
    assert (fault.file, fault.line, fault.field) == ("returns.csv", 5, "count")
    assert "7" in fault.found
    assert "6" in fault.expected


def test_valid_that_differs_in_a_precinct_is_a_finding() -> None:
    found = tabulated(votes("list", {"a": 3, "b": 1, "@against_all": 2, "@valid": 7}, "p1"))
    assert [(f.code, f.unit, f.values) for f in found.findings] == [
        ("valid-differs", "p1", {"found": 7, "expected": 6})
    ]


def test_valid_is_not_checked_without_its_parts() -> None:
    assert tabulated(votes("list", {"@valid": 7})).findings == ()


def complete(total: int, **more: Any) -> list[Row]:
    rows = votes("list", {"a": total, "b": 9}, "r1") + votes("list", {"a": 3, "b": 4}, "d1")
    return rows + votes("list", {"a": 2, "b": 5}, "d2")


def test_a_line_that_differs_from_its_complete_children_is_refused() -> None:
    assert tabulated(complete(5)).findings == ()
    with pytest.raises(BadInput) as refused:
        tabulated(complete(6))
    fault = refused.value.faults[0]
    assert (fault.file, fault.line, fault.field) == ("returns.csv", 2, "count")
    assert "6" in fault.found
    assert "5" in fault.expected
    assert len(refused.value.faults) == 1


def test_incomplete_children_are_compared_with_nothing() -> None:
    assert tabulated(votes("list", {"a": 50, "b": 9}, "r1") + votes("list", {"a": 3, "b": 4}, "d1")).findings == ()


def test_lines_are_compared_too_where_all_children_have_them() -> None:
    rows = votes("list", {"@cast": 10}, "r1") + votes("list", {"@cast": 4}, "d1") + votes("list", {"@cast": 5}, "d2")
    with pytest.raises(BadInput, match=r"found 10 for list/@cast in r1; expected 9"):
        tabulated(rows)
    assert tabulated(rows[:2]).findings == ()


def test_children_that_are_summed_themselves_count_as_complete() -> None:
    rows = votes("list", {"a": 9}, "r2") + votes("list", {"a": 4}, "d3")
    with pytest.raises(BadInput, match=r"found 9 for list/a in r2; expected 4"):
        tabulated(rows)
    below = votes("list", {"a": 9}, "r1") + votes("list", {"a": 2}, "p1") + votes("list", {"a": 3}, "p2")
    assert tabulated(below + votes("list", {"a": 4}, "p3")).findings == ()
    with pytest.raises(BadInput, match=r"expected 9|expected 10|found 9 for list/a in r1"):
        tabulated(below + votes("list", {"a": 5}, "p3"))


def test_all_faults_at_once() -> None:
    rows = complete(6) + votes("list", {"a": 1, "@valid": 2}, "r2") + votes("single", {"a": 1, "@valid": 2}, "d3")
    with pytest.raises(BadInput) as refused:
        tabulated(rows)
    assert len(refused.value.faults) == 3


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ({"a": 3, "b": 1, "@invalid": 1, "@cast": 6}, "cast-differs"),
        ({"a": 3, "b": 1, "@issued": 9, "@cancelled": 1, "@received": 11}, "received-differs"),
        ({"a": 3, "b": 1, "@issued": 3, "@invalid": 0, "@cast": 4}, "more-cast-than-issued"),
        ({"a": 3, "b": 1, "@issued": 6, "@registered": 5}, "more-issued-than-registered"),
        ({"a": 3, "b": 1, "@invalid": 0, "@cast": 4, "@registered": 3}, "more-cast-than-registered"),
    ],
)
@pytest.mark.parametrize("unit", ["", "r1", "p1"])
def test_other_relations_are_findings_at_every_level(lines: dict[str, int], code: str, unit: str) -> None:
    found = tabulated(votes("list", lines, unit))
    assert [(f.code, f.unit) for f in found.findings] == [(code, unit)]


@pytest.mark.parametrize("missing", ["@cast", "@invalid"])
def test_relations_are_checked_only_when_all_their_lines_are_there(missing: str) -> None:
    lines = {"a": 3, "b": 1, "@invalid": 1, "@cast": 6}
    del lines[missing]
    assert tabulated(votes("list", lines)).findings == ()


def test_sums_beyond_64_bits_are_exact() -> None:
    most = 2**63 - 1
    rows = votes("list", {"a": most, "b": 1}, "p1") + votes("list", {"a": most, "b": most}, "p2")
    found = tabulated(rows)
    assert figure(found, "", "a") == 2 * most
    assert figure(found, "", "b") == 2**63


@given(seed=st.integers(0, 2**32 - 1))
def test_any_returns_add_up_as_in_the_oracle(seed: int) -> None:
    random = Random(seed)
    rows: list[Row] = []
    for unit in ["", *(str(u["unit"]) for u in TREE)]:
        if random.random() < 0.5:
            lines = {i: random.randint(0, 9) for i in ("a", "b", "@cast", "@against_all") if random.random() < 0.6}
            rows += votes("single", lines, unit)
    election = case("kz/mazhilis", DAY, rows, units=TREE, parties=PARTIES)
    try:
        totals = tabulate(election).of("single")
    except BadInput:  # sums that do not hold are no business of this test
        return
    expected = add_up(plain(election), "single")
    for unit in expected:
        for item in ("a", "b", "@cast", "@against_all"):
            assert (None if totals is None else totals.figure(unit, item)) == expected[unit].get(item), (unit, item)


# ---------------------------------------------------------------- limits, and what is valid


def test_ten_thousand_wrong_sums_are_counted_at_once() -> None:
    """The line of a fault is looked for where the fault is shown, not ten thousand times in all lines."""
    units = [{"unit": f"u{n}", "level": "region"} for n in range(10_000)]
    lines = {"a": 1, "b": 2, "@valid": 9}
    election = case(
        "kz/mazhilis", "2023-03-19", [r for n in range(10_000) for r in votes("list", lines, f"u{n}")], units=units
    )
    start = time.process_time()
    with pytest.raises(BadInput) as refused:
        tabulate(election)
    assert time.process_time() - start < 2
    assert (refused.value.count, len(refused.value.faults)) == (10_000, 20)
    assert [f.line for f in refused.value.faults[:3]] == [4, 7, 10]


def test_a_table_that_would_be_nearly_empty_is_refused_before_it_is_made() -> None:
    units = [{"unit": f"u{n}", "level": "district"} for n in range(3000)]
    persons = [{"candidate": f"c{n}", "contest": "single", "unit": f"u{n}"} for n in range(3000)]
    rows = [row for n in range(3000) for row in votes("single", {f"c{n}": 1}, f"u{n}")]
    with pytest.raises(BadInput, match="limit cells"):
        tabulate(case("kz/mazhilis", "2023-03-19", rows, units=units, candidates=persons))


@pytest.mark.parametrize("column", ["parent", "district_single"])
def test_chains_of_units_have_their_limit(column: str) -> None:
    def chain(length: int) -> list[dict[str, str]]:
        return [{"unit": f"u{n}", "level": "district", column: f"u{n - 1}" if n else ""} for n in range(length)]

    tabulated(votes("single", {"a": 1}, "u59"), chain(60))
    start = time.process_time()
    with pytest.raises(BadInput, match="limit unit-depth"):
        tabulated(votes("single", {"a": 1}, "u9999"), chain(10_000))
    assert time.process_time() - start < 2


def test_what_is_valid_has_one_meaning() -> None:
    lines = {"a": 3, "b": 1, "@against_all": 2, "@blank": 4, "@not_counted": 5, "@invalid": 6, "@registered": 30}
    totals = tabulated(votes("list", lines, "r1")).of("list")
    assert totals is not None
    bases = {base: base_of(totals, "r1", base) for base in get_args(Base)}
    assert bases == {"options": 4, "valid": 15, "cast": 21, "registered": 30, "issued": None, "present": None}
    assert base_of(totals, "d1", "cast") is None
