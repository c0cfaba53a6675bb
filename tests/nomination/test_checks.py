"""Every test that a condition may use, by itself: what it answers, what it found, what it asks for and what it lacks."""

from collections import Counter
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from pydantic import TypeAdapter

from nomination.laws import law
from sailau.nomination.calendar import CalendarEntry
from sailau.nomination.checks import Field, check, index, nominated, standing
from sailau.nomination.checks import TestAnswer as Answer
from sailau.nomination.notes import note
from sailau.nomination.subjects import Subject, number, read_when, years_on
from sailau.rulebook.conduct import Test as Condition

DAY = date(2023, 3, 19)
WHEN = read_when


def entry(name: str, opens: date | None, closes: date | None, hour: str = "") -> CalendarEntry:
    return CalendarEntry(name, {}, opens, closes, "", "statute", closes_hour=hour)


ENTRIES = {
    "papers": entry("papers", date(2023, 2, 1), date(2023, 2, 18), "18:00"),
    "days": entry("days", date(2023, 2, 1), date(2023, 2, 18)),
    "last": entry("last", date(2023, 2, 18), date(2023, 2, 18)),
    "unknown": entry("unknown", None, None),
}
FIELD = Field(law("mazhilis"), DAY, ENTRIES)
SPAN = note("span", opens=date(2023, 2, 1), closes=WHEN("2023-02-18"))
HOURS = note("span", opens=date(2023, 2, 1), closes=WHEN("2023-02-18T18:00"))


def person(facts: dict[str, Any] | None = None, **more: Any) -> Subject:
    whens = {k: WHEN(v) if isinstance(v, str) and v[:2] in ("19", "20") else v for k, v in (facts or {}).items()}
    return Subject("person", "p", "single", "d1", facts=whens, **more)


def asked(subject: Subject, around: Field = FIELD, **test: Any) -> Answer:
    return check(TypeAdapter(Condition).validate_python(test), subject, around)


def lacks(*facts: str, required: Any = None, code: str = "needs-fact", found: Any = None) -> Answer:
    return Answer(None, facts[0], found, required, facts, code)


@pytest.mark.parametrize(
    ("born", "holds"),
    [("1998-03-19", True), ("1998-03-20", False), ("1997", True), ("1999", False), ("1998", None)],
)
def test_full_years(born: str, holds: bool | None) -> None:
    required = note("years-by", years=25, day=DAY)
    expected = Answer(holds, "birth_date", WHEN(born), required)
    if holds is None:
        expected = lacks("birth_date", required=required, code="needs-day", found=WHEN(born))
    assert asked(person(born=WHEN(born)), op="age-at-least", years=25) == expected
    assert asked(person(), op="age-at-least", years=25) == lacks("birth_date", required=required)
    years = asked(person({"resident_since": born}), op="years-since", fact="resident_since", years=25)
    assert (years.holds, years.fact, years.required) == (holds, "resident_since", required)
    missing = asked(person({"resident_since": True}), op="years-since", fact="resident_since", years=25)
    assert missing == lacks("resident_since", required=required)


@pytest.mark.parametrize(
    ("deadline", "filed", "expected"),
    [
        ("papers", "2023-01-31", False),
        ("papers", "2023-02-01", True),
        ("papers", "2023-02-18T18:00", True),
        ("papers", "2023-02-18T18:01", False),
        ("papers", "2023-02-19", False),
        ("papers", "2023-02-18", "needs-hour"),
        ("days", "2023-02-18", True),
        ("days", "2023-02-19", False),
        ("days", "2023-01-31", False),
        ("days", "2023", "needs-day"),
        ("last", "2023-02-18", True),
        ("last", "2022", True),
        ("last", "2023-01-01", True),
        ("last", "2023-02-19", False),
        ("last", "2024", False),
    ],
)
def test_in_time_and_out_of_time(deadline: str, filed: str, expected: bool | str) -> None:
    required = {"papers": HOURS, "days": SPAN, "last": note("by", day=WHEN("2023-02-18"))}[deadline]
    for op, turned in (("in-time", False), ("out-of-time", True)):
        answer = asked(person({"filed": filed}), op=op, fact="filed", deadline=deadline)
        if isinstance(expected, str):
            assert answer == lacks("filed", required=required, code=expected, found=WHEN(filed))
        else:
            assert answer == Answer(expected != turned, "filed", WHEN(filed), required)
    assert asked(person(), op="in-time", fact="filed", deadline=deadline) == lacks("filed", required=required)


@pytest.mark.parametrize("deadline", ["unknown", "none-such"])
def test_a_deadline_that_is_not_known_decides_nothing(deadline: str) -> None:
    for op in ("in-time", "out-of-time"):
        answer = asked(person({"filed": "2023-02-01"}), op=op, fact="filed", deadline=deadline)
        assert answer == Answer(None, "filed", WHEN("2023-02-01"), None, (deadline,), "needs-deadline")
    assert asked(person(), op="in-time", fact="filed", deadline=deadline) == lacks("filed")


def test_a_year_inside_a_period_is_in_time_unless_its_last_hour_counts() -> None:
    for hour, holds in (("", True), ("18:00", None)):
        around = Field(FIELD.law, DAY, {"x": entry("x", date(2022, 6, 1), date(2024, 6, 1), hour)})
        assert asked(person({"filed": "2023"}), around, op="in-time", fact="filed", deadline="x").holds is holds


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [
        ("2023-01-31", "2023-01-31", True),
        ("2023-01-31", "2023-03-10", True),
        ("2023-01-31", "2023-03-11", False),
        ("2023-01-31", "2023-01-30", False),
        ("2022", "2023-01-20", None),
        ("2022", "2024-01-20", False),
        ("2023", "2022", False),
        ("2023-01-31", "2023", None),
    ],
)
def test_within_months_and_days_of_another_fact(start: str, end: str, holds: bool | None) -> None:
    def within(facts: dict[str, Any], **length: int) -> Answer:
        return asked(person(facts), op="within", fact="filed", after="nominated", **length)

    required = note("within", span=note("months", count=1), fact="nominated")
    found = note("span", opens=WHEN(start), closes=WHEN(end))
    expected = Answer(holds, "filed", found, required)
    if holds is None:
        expected = lacks("filed", required=required, code="needs-day", found=found)
    assert within({"filed": end, "nominated": start}, months=1, days=10) == expected
    in_days = note("within", span=note("days", count=10), fact="nominated")
    assert within({}, days=10) == lacks("filed", "nominated", required=in_days)
    assert within({"filed": end}, days=10) == lacks("nominated", required=in_days)
    assert within({"nominated": start}, days=10) == lacks("filed", required=in_days)


@pytest.mark.parametrize(
    ("mine", "other", "holds"),
    [
        ("2023-02-01", "2023-02-01", True),
        ("2023-02-02", "2023-02-01", False),
        ("2023", "2023-12-31", True),
        ("2023", "2023-12-30", None),
        ("2023", "2023-01-01", None),
        ("2024", "2023", False),
        ("2023-01-01", "2023", True),
        ("2023-01-02", "2023", None),
    ],
)
def test_not_after_another_fact(mine: str, other: str, holds: bool | None) -> None:
    def compared(facts: dict[str, Any]) -> Answer:
        return asked(person(facts), op="not-after", fact="filed", other="nominated")

    code, needs = ("", ()) if holds is not None else ("needs-day", ("filed",))
    expected = Answer(holds, "filed", WHEN(mine), note("by", day=WHEN(other)), needs, code)
    assert compared({"filed": mine, "nominated": other}) == expected
    rule = note("not-after", fact="nominated")
    assert compared({}) == lacks("filed", "nominated", required=rule)
    assert compared({"filed": mine}) == lacks("nominated", required=rule)


def test_values() -> None:
    def value(op: str, given: Any, **more: Any) -> Answer:
        return asked(person({} if given is None else {"citizen": given}), op=op, fact="citizen", **more)

    assert value("is", True, value=True) == Answer(True, "citizen", True, True)
    assert value("is", False, value=True) == Answer(False, "citizen", False, True)
    assert value("is", None, value=True) == lacks("citizen", required=True)
    assert value("is-not", True, value=True) == Answer(False, "citizen", True, False)
    assert value("is-not", "b", value="a") == Answer(True, "citizen", "b", note("not", value="a"))
    assert value("is-not", None, value=False) == lacks("citizen", required=True)
    assert value("in", "b", values=["a", "b"]) == Answer(True, "citizen", "b", note("one-of", values=("a", "b")))
    assert value("in", "c", values=["a", "b"]) == Answer(False, "citizen", "c", note("one-of", values=("a", "b")))
    assert value("in", None, values=["a"]) == lacks("citizen", required=note("one-of", values=("a",)))
    assert value("given", False) == Answer(True, "citizen", False)
    assert value("given", None) == lacks("citizen")


def test_the_fact_names_the_party_itself() -> None:
    def same(nominator: str | None, party: str) -> Answer:
        facts = {} if nominator is None else {"nominator": nominator}
        return asked(person(facts, party=party), op="same-party", fact="nominator")

    assert same("a", "a") == Answer(True, "nominator", "a", "a")
    assert same("b", "a") == Answer(False, "nominator", "b", "a")
    assert same(None, "a") == lacks("nominator", required="a")
    assert same("a", "") == lacks("party", required="")


@pytest.mark.parametrize(
    ("op", "comparison", "code", "holds"),
    [
        ("count-at-least", "at-least", "at-least", (False, True, True)),
        ("count-at-least", "more-than", "more-than", (False, False, True)),
        ("count-at-most", "at-least", "at-most", (True, True, False)),
        ("count-at-most", "more-than", "fewer-than", (True, False, False)),
    ],
)
def test_numbers_on_both_sides_of_their_bound(op: str, comparison: str, code: str, holds: tuple[bool, ...]) -> None:
    for found, answer in zip((9, 10, 11), holds, strict=True):
        fixed = asked(person({"signatures": found}), op=op, fact="signatures", value=10, comparison=comparison)
        assert fixed == Answer(answer, "signatures", found, note(code, amount=Fraction(10)))
        part = {"op": op, "fact": "signatures", "share": "1%", "of": "voters", "comparison": comparison}
        share = asked(person({"signatures": found, "voters": 1000}), **part)
        assert share == Answer(answer, "signatures", found, note(code, amount=Fraction(10)))
    assert asked(person(), op=op, fact="signatures", value=10, comparison=comparison) == lacks(
        "signatures", required=note(code, amount=10)
    )
    part = {"op": op, "fact": "signatures", "share": "1%", "of": "voters", "comparison": comparison}
    unknown = note(code, amount=note("part-of-fact", share=Fraction(1, 100), fact="voters"))
    assert asked(person({"signatures": 3}), **part) == lacks("voters", required=unknown, found=3)
    assert asked(person(), **part) == lacks("signatures", "voters", required=unknown)


def test_the_length_of_a_list_is_bound_by_the_seats_of_its_tier() -> None:
    seats = FIELD.law.seats(FIELD.law.tiers_of("list")[0])
    assert seats is not None
    most = seats + -(-seats * 3 // 10)
    for length, holds in ((most, True), (most + 1, False)):
        listed = Subject("list", "a", "list", facts={"list_length": length})
        answer = asked(listed, op="length-at-most", extra="30%")
        required = note("at-most-for-seats", amount=most, seats=seats)
        assert answer == Answer(holds, "list_length", length, required)
    assert asked(Subject("list", "a", "list"), op="length-at-most") == lacks("list_length")
    no_tier = asked(Subject("list", "a", "none", facts={"list_length": 3}), op="length-at-most")
    assert no_tier == lacks("seats")


def named(id_: str, contest: str, born: str | None, name: str = "Asel  Ay") -> Subject:
    return Subject("person", id_, contest, "d1", name=name, born=None if born is None else WHEN(born))


@pytest.mark.parametrize(
    ("mine", "other", "holds"),
    [
        ("1990-05-01", "1990-05-01", False),
        ("1990-05-01", "1990-05-02", True),
        ("1990-05-01", "1989", True),
        ("1990-05-01", "1990", None),
        (None, "1990", None),
        ("1990", "1990", None),
    ],
)
def test_one_place_for_a_person(mine: str | None, other: str, holds: bool | None) -> None:
    one, two = named("one", "single", mine), named("two", "list", other, "ASEL AY")
    third = named("three", "other", mine)
    around = Field(FIELD.law, DAY, named=index((one, two, third, named("four", "list", mine, ""))))
    required = note("one-place", contests=("list", "single"))
    expected = {
        False: Answer(False, "birth_date", note("persons", persons=("two",)), required),
        True: Answer(True, "birth_date", "one", required),
        None: lacks("birth_date", required=required, found=note("same-name", persons=("two",))),
    }
    assert asked(one, around, op="exclusive-with", contests=["list", "single"]) == expected[holds]


def test_one_person_a_nominator() -> None:
    people = [
        Subject("person", f"p{n}", "single", unit, facts={"nominator_kind": "association", "nominator": "union"})
        for n, unit in enumerate(("d1", "d1", "d2"))
    ]
    counts = nominated([*people, person()])
    assert counts == {("union", "single", "d1"): 2, ("union", "single", "d2"): 1, ("union", "single", None): 3}
    around = Field(FIELD.law, DAY, nominated=counts)

    def count(subject: Subject, **more: Any) -> Answer:
        return asked(subject, around, op="one-per-nominator", kinds=["association"], **more)

    required, of = note("at-most", amount=1), lambda n: note("of", count=n, whole="union")
    assert count(people[0]) == Answer(False, "nominator", of(2), required)
    assert count(people[2]) == Answer(True, "nominator", of(1), required)
    assert count(people[0], most=2) == Answer(True, "nominator", of(2), note("at-most", amount=2))
    assert count(people[2], most=2, area="contest") == Answer(False, "nominator", of(3), note("at-most", amount=2))
    assert count(person()) == lacks("nominator_kind", required=required)
    assert count(person({"nominator_kind": "self"})) == Answer(True, "nominator_kind", "self", required)
    assert count(person({"nominator_kind": "association"})) == lacks("nominator", required=required)
    other = person({"nominator_kind": "association", "nominator": "union"})
    assert asked(other, FIELD, op="one-per-nominator", kinds=["association"]) == Answer(
        True, "nominator", of(1), required
    )


def test_who_has_withdrawn_stands_nowhere() -> None:
    gone = person({"withdrawn": "2023-03-01"})
    lists = [Subject("list", "a", "list")]
    counts = standing([person(), person(), gone], lists)
    assert counts == Counter({("person", "single", "d1"): 2, ("list", "list", ""): 1})
    around = Field(FIELD.law, DAY, standing=counts)
    for count, holds in ((2, True), (3, False)):
        answer = asked(person(), around, op="contestants-at-least", count=count)
        assert answer == Answer(holds, "", 2, note("at-least", amount=count))
    assert asked(person(), op="contestants-at-least", count=1).holds is False


def test_numbers_of_a_list_are_counted_from_its_members() -> None:
    members = (person(), person({"withdrawn": "2023-03-01"}), person())
    listed = Subject("list", "a", "list", members=members)
    assert number(listed, "list_length") == 3
    assert number(listed, "list_left") == 1
    assert number(listed, "list_women") is None
    assert number(Subject("list", "a", "list", members=members[:1]), "list_left") is None
    assert number(Subject("list", "a", "list", facts={"list_length": 0}, members=members), "list_length") == 0
    assert number(Subject("list", "a", "list"), "list_left") is None


@pytest.mark.parametrize(
    ("born", "years", "day"),
    [
        (date(2000, 2, 29), 4, date(2004, 2, 29)),
        (date(2000, 2, 29), 18, date(2018, 3, 1)),
        (date(2000, 5, 1), 7_999, date(9999, 5, 1)),
        (date(2000, 5, 1), 8_000, date.max),
    ],
)
def test_the_same_day_years_later(born: date, years: int, day: date) -> None:
    assert years_on(born, years) == day


GROUPED = {"op": "share-at-least", "groups": ["women", "youth"], "share": "30%"}


@pytest.mark.parametrize(("women", "holds"), [(2, False), (3, True)])
def test_a_share_of_a_list_counts_up_to_the_next_person(women: int, holds: bool) -> None:
    members = tuple(
        Subject("person", f"p{n}", "list", sex="F" if n < women else "M", born=WHEN("1970-01-01")) for n in range(10)
    )
    answer = asked(Subject("list", "a", "list", members=members), **GROUPED)
    assert (answer.holds, answer.fact, answer.needs, answer.code) == (holds, "list_in_groups", (), "")
    assert answer.required == note("at-least", amount=note("share-of", count=3, whole=10, share=Fraction(3, 10)))
    assert answer.found == note(
        "by-group",
        whole=note("share-of", count=women, whole=10, share=Fraction(women, 10)),
        groups=(note("group", group="women", count=women), note("group", group="youth", count=0)),
    )
    assert asked(Subject("list", "a", "list"), **GROUPED) == lacks(
        "list_length", required=note("at-least", amount=note("share", share=Fraction(3, 10)))
    )


@pytest.mark.parametrize(
    ("facts", "persons", "holds", "needs"),
    [
        ({"list_women": 2, "list_youth": 1}, "once", None, ("list_in_groups",)),
        ({"list_women": 2, "list_youth": 1, "list_in_groups": 3}, "once", True, ()),
        ({"list_women": 2, "list_youth": 1, "list_in_groups": 2}, "once", False, ()),
        ({"list_women": 1, "list_youth": 1}, "once", False, ()),
        ({"list_women": 3, "list_youth": 1}, "once", True, ()),
        ({"list_women": 2}, "once", None, ("list_youth",)),
        ({"list_women": 2, "list_youth": 1}, "each-group", True, ()),
        ({"list_women": 1, "list_youth": 1}, "each-group", False, ()),
        ({"list_women": 2}, "each-group", None, ("list_youth",)),
    ],
)
def test_a_share_by_published_numbers(
    facts: dict[str, int], persons: str, holds: bool | None, needs: tuple[str, ...]
) -> None:
    listed = Subject("list", "a", "list", facts={"list_length": 10, **facts})
    answer = asked(listed, **GROUPED, persons=persons)
    assert (answer.holds, answer.needs, answer.code) == (holds, needs, "needs-fact" if holds is None else "")


@pytest.mark.parametrize(
    ("ages", "holds", "needs"),
    [((28, 28, 28), True, ()), ((32, 32, 32), None, ("29", "35")), ((40, 40, 40), False, ())],
)
def test_two_readings_of_youth_must_agree(ages: tuple[int, ...], holds: bool | None, needs: tuple[str, ...]) -> None:
    members = tuple(
        Subject("person", f"p{n}", "list", sex="M", born=WHEN(f"{2023 - (ages + (50,) * 7)[n]}-01-01"))
        for n in range(10)
    )
    rule = {**GROUPED, "youth_under": 35, "youth_or": 29}
    answer = asked(Subject("list", "a", "list", members=members), **rule)
    assert (answer.holds, answer.needs) == (holds, needs)
    assert answer.code == ("needs-age" if holds is None else "")
    turned = asked(Subject("list", "a", "list", members=members), **{**rule, "youth_under": 29, "youth_or": 35})
    assert (turned.holds, turned.needs) == (holds, needs)
