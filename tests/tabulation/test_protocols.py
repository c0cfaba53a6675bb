"""Versions of protocols: corrections never delete, what is left out is named, the standing one counts."""

from random import Random

import pytest

from oracle.cases import Row, case, votes
from sailau import count
from sailau.election import Election
from sailau.rulebook import BadInput
from sailau.tabulation import Exclusion, awaited, tabulate

DAY = "2023-03-19"
PARTIES = [{"party": p} for p in "ab"]
UNITS = [
    {"unit": "d", "level": "district"},
    *({"unit": f"p{n}", "parent": "d", "level": "precinct"} for n in (1, 2, 3)),
]


def version(number: int, rows: list[Row]) -> list[Row]:
    return [(*row, number) for row in rows]


def election(rows: list[Row], protocols: list[dict[str, object]] | None = None) -> Election:
    text = ""
    if protocols:
        names = list(dict.fromkeys(n for row in protocols for n in row))
        lines = [names, *([str(row.get(n, "")) for n in names] for row in protocols)]
        text = "".join(",".join(line) + "\n" for line in lines)
    files = {"protocols.csv": text.encode()} if text else {}
    return case("kz/mazhilis", DAY, rows, units=UNITS, parties=PARTIES, files=files)


def a_of(given: Election, unit: str = "") -> int | None:
    totals = tabulate(given, given.own_law()).of("list")
    return totals.figure(unit, "a") if totals is not None else None


CORRECTED = [*votes("list", {"a": 5}, "p1"), *version(2, votes("list", {"a": 7}, "p1")), *votes("list", {"a": 1}, "p2")]


def test_the_latest_version_counts_and_the_older_one_is_named() -> None:
    given = election(CORRECTED)
    assert a_of(given) == 8
    assert tabulate(given).excluded == (Exclusion("p1", "list", 1, "superseded"),)


def test_the_standing_version_counts_even_where_a_later_one_is_there() -> None:
    given = election(CORRECTED, [{"unit": "p1", "contest": "list", "version": 1, "status": "standing"}])
    assert a_of(given) == 6
    assert tabulate(given).excluded == (Exclusion("p1", "list", 2, "superseded"),)


def test_a_void_protocol_is_in_no_total_and_named_with_its_reason() -> None:
    void = [{"unit": "p2", "version": 1, "status": "void", "reason": "annulled by decision 7"}]
    given = election(CORRECTED, void)
    assert a_of(given) == 7
    assert a_of(given, "p2") is None
    assert Exclusion("p2", "", 1, "void", "annulled by decision 7") in tabulate(given).excluded


def test_a_repeat_vote_is_a_new_version() -> None:
    given = election(CORRECTED, [{"unit": "p1", "contest": "list", "version": 1, "status": "void", "reason": "x"}])
    assert a_of(given) == 8


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"unit": "p9", "status": "void"}, "unit"),
        ({"unit": "p1", "contest": "lists", "status": "void"}, "contest"),
        ({"unit": "p1", "version": 0, "status": "void"}, "version"),
        ({"unit": "p1", "status": "lost"}, "status"),
    ],
)
def test_a_row_that_is_wrong_is_named(row: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        election(CORRECTED, [row])
    (fault,) = refused.value.faults
    assert (fault.file, fault.line, fault.field) == ("protocols.csv", 2, field)


def test_two_standing_versions_are_refused() -> None:
    rows: list[dict[str, object]] = [{"unit": "p1", "version": n, "status": "standing"} for n in (1, 2)]
    with pytest.raises(BadInput, match="a second standing version"):
        election(CORRECTED, rows)


def test_a_line_may_stand_once_in_each_version() -> None:
    with pytest.raises(BadInput, match="each line once"):
        election([*CORRECTED, *version(2, votes("list", {"a": 9}, "p1"))])


def test_random_protocols_count_as_plain_python_says() -> None:
    random = Random(14)
    for _ in range(60):
        figures, told = {}, {}
        for unit in ("p1", "p2", "p3"):
            for contest in ("list", "single"):
                for number in range(1, random.randint(0, 3) + 1):
                    figures[unit, contest, number] = random.randint(0, 9)
                    status = random.choice(("", "", "void", "superseded", "standing"))
                    if status and not (
                        status == "standing" and (unit, contest) in {k[:2] for k, s in told.items() if s == "standing"}
                    ):
                        told[unit, contest, number] = status
        rows = [r for (u, c, n), v in figures.items() for r in version(n, votes(c, {"a": v}, u))]
        given = election(rows, [{"unit": u, "contest": c, "version": n, "status": s} for (u, c, n), s in told.items()])
        for contest in {c for _, c, _ in figures}:
            expected = 0
            for unit in ("p1", "p2", "p3"):
                mine = {n: v for (u, c, n), v in figures.items() if (u, c) == (unit, contest)}
                named = [n for n in mine if told.get((unit, contest, n)) == "standing"]
                rest = [n for n in mine if (unit, contest, n) not in told]
                stands = named or rest[-1:]
                expected += sum(mine[n] for n in stands)
            totals = tabulate(given).of(contest)
            assert (totals.figure("", "a") if totals else None) in ((expected,) if expected else (0, None))


def test_a_station_without_figures_is_waited_for_unless_its_protocol_is_void_or_a_unit_above_has_figures() -> None:
    def waits(rows: list[Row], protocols: list[dict[str, object]] | None = None) -> tuple[int, int]:
        given = election(rows, protocols)
        return awaited(given, tabulate(given), "list")

    void = [{"unit": "p3", "version": 1, "status": "void", "reason": "annulled by decision 7"}]
    missing = [{"unit": "p3", "version": 1, "status": "missing"}]
    assert waits(CORRECTED) == waits(CORRECTED, missing) == (1, 3)
    assert waits([*CORRECTED, *votes("list", {"a": 2}, "p3")]) == (0, 3)
    assert waits(CORRECTED, void) == (0, 3)
    assert waits(votes("list", {"a": 9}, "d")) == waits(votes("list", {"a": 9})) == (0, 3)


def test_a_count_is_partial_while_a_protocol_is_not_in() -> None:
    halves = [*CORRECTED, *votes("list", {"a": 2, "b": 1}, "p3")]
    single = votes("single", {"a": 2, "b": 1}, "d")
    late, whole = (count((given := election([*rows, *single])).own_law(), given) for rows in (CORRECTED, halves))
    assert [(f.code, f.contest, f.values) for f in late.findings if f.code == "protocols-missing"] == [
        ("protocols-missing", "list", {"missing": 1, "stations": 3})
    ]
    assert late.status == "partial"
    assert "protocols-missing" not in {f.code for f in whole.findings}
