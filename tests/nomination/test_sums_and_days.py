"""Deposits, funds and deadlines of a made-up law: every field of what is answered, on both sides of each turning point."""

from datetime import date
from fractions import Fraction
from typing import Any, cast

import pytest

from sailau.election.model import Election
from sailau.nomination.calendar import CalendarEntry, add_months, calendar, calendar_of
from sailau.nomination.checks import Field, check
from sailau.nomination.money import Due, Sum, deposit_due, money
from sailau.nomination.notes import CodedNote, note
from sailau.nomination.subjects import Subject, read_when
from sailau.rulebook.conduct import Deadline, Deposit, DepositPaid, Fund, Held, Wage
from sailau.rulebook.schema import Law

DAY = date(2023, 3, 19)
TITLE = {"en": "E", "kk": "K", "ru": "R"}


class Made:
    """A law that has only an id, a day and sections."""

    id = "xx/body"
    day = DAY

    def __init__(self, **sections: list[Any]) -> None:
        self.sections = sections

    def section(self, name: str) -> list[Any]:
        return self.sections.get(name, [])


def law(**sections: list[Any]) -> Law:
    return cast(Law, Made(**sections))


def thing(model: type[Any], id_: str, **more: Any) -> Any:
    return model.model_validate({"id": id_, "title": TITLE, "cite": f"A {id_}", **more})


def wage(since: str, amount: int, **more: Any) -> Wage:
    return thing(Wage, f"w{since}", since=date.fromisoformat(since), amount=amount, currency="XXX", **more)


def deposit(id_: str = "d", **more: Any) -> Deposit:
    return thing(Deposit, id_, **{"multiple": 15, "per": "name", "refund": {"share": "5%"}, **more})


WAGES = [wage("2022-01-01", 60), wage("2023-01-01", 70, confidence="reported"), wage("2023-03-01", 80)]
RELIEF = [{"last": "3%", "pay": "50%"}, {"last": "5%", "pay": "0%"}]


def product(*factors: object) -> CodedNote:
    return note("product", factors=factors)


# ---------------------------------------------------------------- deposits


@pytest.mark.parametrize(
    ("paid", "amount", "sure"),
    [
        (date(2022, 12, 31), 60, "statute"),
        (date(2023, 1, 1), 70, "reported"),
        (date(2023, 2, 28), 70, "reported"),
        (date(2023, 3, 1), 80, "statute"),
        (None, 80, "statute"),
    ],
)
def test_the_wage_of_the_day_of_payment(paid: date | None, amount: int, sure: str) -> None:
    due = deposit_due(law(deposit=[deposit()], wage=WAGES), "d", names=3, paid=paid)
    total = note("equals", sum=product(15, amount, note("names", count=3)), amount=15 * amount * 3)
    assert due == Due(45 * amount, 45 * amount, 45 * amount, total, (), "A d", sure)


def test_a_span_of_days_with_two_wages_has_bounds() -> None:
    made = law(deposit=[deposit(per="candidate")], wage=WAGES)
    due = deposit_due(made, "d", paid=(date(2023, 1, 1), date(2023, 3, 1)))
    values = product(15, note("one-of", values=(70, 80)))
    assert due == Due(None, 15 * 70, 15 * 80, values, ("deposit_paid_on",), "A d", "reported")
    one = deposit_due(made, "d", paid=(date(2023, 3, 1), date(2023, 3, 9)))
    assert one.amount == 15 * 80
    assert deposit_due(made, "d", paid=(date(2023, 2, 28), date(2023, 2, 28))).amount == 15 * 70


def test_the_wage_of_the_year_is_that_of_1_january() -> None:
    made = law(deposit=[deposit(per="candidate", **{"wage-of": "year"})], wage=WAGES)
    assert deposit_due(made, "d", paid=date(2022, 5, 1)).amount == 15 * 70


@pytest.mark.parametrize(
    ("last", "part"),
    [("2.99%", 1), ("3%", Fraction(1, 2)), ("4.99%", Fraction(1, 2)), ("5%", 0), ("0%", 1)],
)
def test_relief_by_the_last_result(last: str, part: Fraction | int) -> None:
    made = law(deposit=[deposit(relief=RELIEF, multiple=1)], wage=[wage("2022-01-01", 61)])
    due = deposit_due(made, "d", names=1, last=last)
    amount = {1: 61, Fraction(1, 2): 31, 0: 0}[part]
    assert (due.amount, due.least, due.most, due.needs) == (amount, amount, amount, ())
    factors = product(1, 61, note("names", count=1), *([] if part == 1 else [note("share", share=Fraction(part))]))
    assert due.sum == (factors if part == 0 else note("equals", sum=factors, amount=amount))


def test_what_is_missing_is_named_and_bounded() -> None:
    made = law(deposit=[deposit(relief=RELIEF)], wage=WAGES)
    total = product(15, 80, note("names", count=2))
    assert deposit_due(made, "d", names=2) == Due(None, 0, 2400, total, ("last_share",), "A d", "statute")
    unnamed = product(15, 80, note("names-unknown"))
    assert deposit_due(made, "d", names=None, last="1%") == Due(
        None, None, None, unnamed, ("list_length",), "A d", "statute"
    )
    early = deposit_due(made, "d", names=2, last="1%", paid=date(2021, 12, 31))
    expected = product(15, note("minimum-wage"), note("names", count=2))
    assert early == Due(None, None, None, expected, ("wage",), "A d", "statute")
    each = law(deposit=[deposit(per="candidate")], wage=WAGES)
    assert deposit_due(each, "d", names=None).amount == 1200
    with pytest.raises(KeyError, match="no deposit “e” in xx/body"):
        deposit_due(made, "e")
    with pytest.raises(KeyError):
        deposit_due(law(deposit=[deposit(bodies=["xx/other"])], wage=WAGES), "d")


def test_the_page_of_money_line_by_line() -> None:
    fund = thing(
        Fund, "f", of="list", own=5, nominator=7, donations=9, person=1, entity=2, contests=["list"], note="N",
        **{"run-off-factor": "150%"},
    )  # fmt: skip
    made = law(
        deposit=[deposit(contests=["list"], note="M"), deposit("other", contests=["single"])], fund=[fund], wage=WAGES
    )
    names = {"en": "E", "kk": "K", "ru": "R"}
    total = note("equals", sum=product(15, 80, note("names", count=2)), amount=2400)
    lines = money(made, "list", names=2)
    assert lines[0] == Sum("d", "deposit", names, Fraction(30), 2400, "XXX", total, "A d", "statute", "M")
    kinds = {"own": 5, "nominator": 7, "donations": 9, "person": 1, "entity": 2}
    assert lines[1:] == [
        Sum("f", kind, names, Fraction(n), 80 * n, "XXX", product(Fraction(n), 80), "A f", "statute", "N")
        for kind, n in kinds.items()
    ]
    raised = {line.kind: line.multiple for line in money(made, "list", run_off=True)[1:]}
    assert raised == {"own": 7.5, "nominator": 10.5, "donations": 13.5, "person": 1, "entity": 2}
    assert [line.id for line in money(made, "single")] == ["other"]
    assert [line.id for line in money(made)] == ["d", "other", *["f"] * 5]
    unknown = money(law(fund=[fund]), "list")[0]
    assert unknown == Sum(
        "f", "own", names, Fraction(5), None, "", product(Fraction(5), note("minimum-wage")), "A f", "statute", "N"
    )
    assert money(law(deposit=[deposit()]))[0].currency == ""


@pytest.mark.parametrize(
    ("paid", "last", "expected"),
    [
        (1200, None, (True, (), "")),
        (1199, None, (None, ("last_share",), "needs-fact")),
        (None, None, (None, ("deposit_paid", "last_share"), "needs-fact")),
        (1199, "0%", (False, (), "")),
        (600, "3%", (True, (), "")),
        (599, "3%", (False, (), "")),
        (None, "5%", (True, (), "")),
        (None, "3%", (None, ("deposit_paid",), "needs-fact")),
    ],
)
def test_a_deposit_that_was_paid(
    paid: int | None, last: str | None, expected: tuple[bool | None, tuple[str, ...], str]
) -> None:
    made = law(deposit=[deposit(per="candidate", relief=RELIEF)], wage=WAGES)
    facts = {"deposit_paid": paid, "last_share": last, "deposit_paid_on": read_when("2023-03-05")}
    subject = Subject("person", "p", "single", "d", facts={k: v for k, v in facts.items() if v is not None})
    around = Field(made, DAY)
    test = DepositPaid(op="deposit-paid", fact="deposit_paid", deposit="d")
    for _ in range(2):  # what is due is worked out once, and then remembered
        answer = check(test, subject, around)
        assert (answer.holds, answer.needs, answer.code) == expected
        due = deposit_due(made, "d", last=last, paid=date(2023, 3, 5))
        fact = expected[1][0] if expected[1] else "deposit_paid"
        assert (answer.fact, answer.found, answer.required) == (fact, 0 if last == "5%" else paid, due.sum)
    assert list(around.dues.values()) == [deposit_due(made, "d", last=last, paid=date(2023, 3, 5))]


# ---------------------------------------------------------------- calendar


def test_a_case_says_from_when_its_days_count() -> None:
    events = ("called", "results", "term-end", "powers-end")
    made = law(deadline=[deadline(name, closes={"of": name, "days": 1}) for name in events])
    for name in events:
        known = Election("c", "xx/body", DAY, {"en": "c"}, calendar={name: date(2023, 1, 5)})
        days_of = {entry.id: entry.closes for entry in calendar_of(made, known)}
        assert days_of == {other: date(2023, 1, 6) if other == name else None for other in events}


def deadline(id_: str, **more: Any) -> Deadline:
    return thing(Deadline, id_, **more)


def days(*deadlines: Deadline, held: list[Held] | None = None, **more: Any) -> dict[str, CalendarEntry]:
    return {e.id: e for e in calendar(law(deadline=list(deadlines), held=held or []), **more)}


BEFORE = {"of": "vote", "days": -10}


def test_every_field_of_an_entry() -> None:
    made = days(
        deadline(
            "a", opens={**BEFORE, "hour": "07:00"}, closes={"of": "vote", "hour": "18:00"}, note="N", contests=["x"]
        )
    )
    assert made["a"] == CalendarEntry(
        "a", TITLE, date(2023, 3, 9), DAY, "A a", "statute", "07:00", "18:00", notes=(note("book", text="N"),),
        contests=("x",),
    )  # fmt: skip
    single = days(deadline("a", closes=BEFORE), deadline("b", opens=BEFORE))
    assert all((e.opens, e.closes) == (date(2023, 3, 9), date(2023, 3, 9)) for e in single.values())


@pytest.mark.parametrize(
    ("moment", "practice", "statute"),
    [
        ({"of": "vote", "days": -10, "full": True}, date(2023, 3, 8), date(2023, 3, 9)),
        ({"of": "vote", "days": 10, "full": True}, date(2023, 3, 30), date(2023, 3, 29)),
        ({"of": "vote", "days": -10}, date(2023, 3, 9), date(2023, 3, 9)),
        ({"of": "vote", "months": -2}, date(2023, 1, 19), date(2023, 1, 19)),
        ({"of": "vote", "working-days": 1}, date(2023, 3, 20), date(2023, 3, 20)),
        ({"of": "vote", "working-days": 6}, date(2023, 3, 27), date(2023, 3, 27)),
        ({"of": "year", "month": 12, "sunday": 1}, date(2023, 12, 3), date(2023, 12, 3)),
        ({"of": "year", "month": 10, "sunday": 2}, date(2023, 10, 8), date(2023, 10, 8)),
    ],
)
def test_days_by_both_ways_of_counting(moment: dict[str, Any], practice: date, statute: date) -> None:
    for convention, day, other in (("practice", practice, statute), ("statute", statute, practice)):
        entry = days(deadline("a", closes=moment), convention=convention)["a"]
        name = "statute" if convention == "practice" else "practice"
        assert (entry.opens, entry.closes) == (day, day)
        assert entry.notes == ((note(f"by-{name}", day=other),) if other != day else ())


@pytest.mark.parametrize(
    ("day", "count", "later"),
    [
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2023, 3, 31), -1, date(2023, 2, 28)),
        (date(2023, 1, 15), -1, date(2022, 12, 15)),
        (date(2023, 5, 15), 0, date(2023, 5, 15)),
    ],
)
def test_months_on(day: date, count: int, later: date) -> None:
    assert add_months(day, count) == later


def held(*dates: dict[str, Any], **more: Any) -> list[Held]:
    rows = [{"cite": "Set", **row} for row in dates]
    return [thing(Held, "h", **{"day": DAY, "kind": "regular", "dates": rows, **more})]


def test_what_the_authority_set_takes_the_place_of_the_rule_and_is_told() -> None:
    own = deadline("a", opens={"of": "vote", "days": -20}, closes=BEFORE, note="N")
    made = held({"deadline": "a", "closes": date(2023, 3, 8), "closes-hour": "18:00", "note": "B"})
    assert days(own, held=made)["a"] == CalendarEntry(
        "a", TITLE, date(2023, 2, 27), date(2023, 3, 8), "A a; Set", "reported", "", "18:00", True,
        notes=(note("book", text="N"), note("book", text="B"), note("rule-to", rule=date(2023, 3, 9), day=date(2023, 3, 8))),
    )  # fmt: skip
    inferred = held({"deadline": "a", "opens": date(2023, 2, 26), "confidence": "unverified"})
    entry = days(own, held=inferred)["a"]
    assert entry.notes[1:] == (note("inferred-from", rule=date(2023, 2, 27), day=date(2023, 2, 26)),)
    same = held({"deadline": "a", "opens": date(2023, 2, 27), "confidence": "unverified"})
    assert days(own, held=same)["a"].notes[1:] == (note("inferred"),)
    one = days(deadline("b", closes=BEFORE), held=held({"deadline": "b", "opens": date(2023, 3, 1)}))["b"]
    assert (one.opens, one.closes, one.official) == (date(2023, 3, 1), date(2023, 3, 1), True)


def test_another_body_s_election_sets_nothing() -> None:
    made = held({"deadline": "a", "closes": date(2023, 3, 1)}, bodies=["xx/other"])
    assert days(deadline("a", closes=BEFORE), held=made)["a"].closes == date(2023, 3, 9)


def test_what_was_done_stands_beside_the_rule() -> None:
    made = held({"deadline": "a", "opens": date(2023, 3, 1), "done": True})
    entry = days(deadline("a", closes=BEFORE), held=made)["a"]
    assert (entry.closes, entry.done, entry.official) == (date(2023, 3, 9), date(2023, 3, 1), False)
    assert entry.notes == (note("done", day=date(2023, 3, 1), cite="Set"),)


def test_days_that_no_rule_has_are_entries_of_their_own() -> None:
    row = {"deadline": "extra", "opens": date(2023, 1, 5), "opens-hour": "09:00", "title": TITLE, "note": "B"}
    silent = {"deadline": "silent", "opens": date(2023, 1, 6)}
    entries = days(held=held(row, silent))
    assert entries == {
        "extra": CalendarEntry(
            "extra", TITLE, date(2023, 1, 5), date(2023, 1, 5), "Set", "reported", "09:00", "", True,
            notes=(note("book", text="B"),),
        )
    }  # fmt: skip


def test_what_a_day_needs_is_named() -> None:
    after = deadline("a", closes={"of": "results", "days": 3})
    assert days(after)["a"].notes == (note("needs-results"),)
    assert days(after, results=DAY)["a"].closes == date(2023, 3, 22)
    made = days(after, deadline("b", closes={"of": "a", "days": 1}))
    assert made["b"].notes == (note("needs-event", event=TITLE),)
    assert days(deadline("d", closes={"of": "d"}))["d"].closes is None
    early = days(deadline("e", closes=BEFORE, interim=True), kind="early")["e"]
    assert (early.closes, early.notes) == (None, (note("authority-sets"),))
    assert days(deadline("e", closes=BEFORE, interim=True))["e"].closes == date(2023, 3, 9)


def test_conflicts() -> None:
    def of(name: str, *deadlines: Deadline, **more: Any) -> tuple[CodedNote, ...]:
        return days(*deadlines, **more)[name].conflicts

    turned = deadline("a", opens={"of": "vote"}, closes=BEFORE)
    assert of("a", turned) == (note("conflict-span", first=DAY, last=date(2023, 3, 9)),)
    late = deadline("a", closes=BEFORE)
    assert of("a", late, called=date(2023, 3, 10)) == (
        note("conflict-called", last=date(2023, 3, 9), day=date(2023, 3, 10)),
    )
    assert of("a", late, called=date(2023, 3, 9)) == ()
    order = deadline("a", closes=BEFORE, after=["b"])
    assert of("a", order, deadline("b", closes={"of": "vote", "days": -9})) == (
        note("conflict-order", last=date(2023, 3, 9), other=TITLE, day=date(2023, 3, 10)),
    )
    assert of("a", order, deadline("b", closes=BEFORE)) == ()
    bound = deadline("a", closes={"of": "called", "days": 30}, binds="vote")
    called = date(2023, 2, 16)
    assert of("a", bound, called=called) == (note("conflict-vote", day=DAY, last=date(2023, 3, 18)),)
    assert of("a", bound, called=date(2023, 2, 17)) == ()
    only = deadline("a", opens={"of": "called", "days": 31}, binds="vote")
    assert of("a", only, called=called) == ()
    assert of("a", only, called=date(2023, 2, 17)) == (note("conflict-vote-day", day=DAY, last=date(2023, 3, 20)),)


def test_entries_stand_in_the_order_of_their_first_day() -> None:
    made = days(
        deadline("z", closes={"of": "results"}),
        deadline("b", opens={"of": "vote", "days": -3}, closes={"of": "vote"}),
        deadline("a", opens={"of": "vote", "days": -3}, closes={"of": "vote"}),
        deadline("c", opens={"of": "vote", "days": -3}, closes={"of": "vote", "days": -1}),
        deadline("d", closes={"of": "vote", "days": -4}),
    )
    assert list(made) == ["d", "c", "a", "b", "z"]
