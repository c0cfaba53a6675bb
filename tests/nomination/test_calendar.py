"""The calendar: the election of 2023 row by row, conventions, kinds of election, conflicts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nomination.laws import DAYS, election, law
from sailau.nomination import CalendarEntry, calendar, calendar_of
from sailau.nomination.calendar import add_months
from sailau.nomination.notes import note
from sailau.rulebook import BadInput
from sailau.rulebook.conduct import Moment


def entries(name: str, day: str = "", **settings_: object) -> dict[str, CalendarEntry]:
    return {e.id: e for e in calendar(law(name, day), **settings_)}  # type: ignore[arg-type]


ROWS_2023 = [
    # id, first day, last day, hour of the end
    ("called", "2023-01-19", "2023-01-19", ""),
    ("nomination", "2023-01-20", "2023-02-08", "18:00"),
    ("registration", "2023-01-20", "2023-02-18", "18:00"),
    ("boundaries", "2023-01-30", "2023-01-30", ""),
    ("commission-members", "2023-01-30", "2023-01-30", ""),
    ("party-delegates", "2023-01-30", "2023-01-30", ""),
    ("campaign", "2023-02-18", "2023-03-18", "00:00"),
    ("lot", "2023-02-18", "2023-02-18", ""),
    ("lists-handed-over", "2023-02-26", "2023-02-26", ""),
    ("lists-open", "2023-03-04", "2023-03-18", ""),
    ("absentee", "2023-03-04", "2023-03-18", "18:00"),
    ("notice", "2023-03-09", "2023-03-09", ""),
    ("foreign-observers", "2023-01-20", "2023-03-13", "18:00"),
    ("poll-embargo", "2023-03-14", "2023-03-19", ""),
    ("debate", "2023-03-16", "2023-03-16", ""),
    ("withdrawal", "2023-03-16", "2023-03-16", ""),
    ("ballots-delivered", "2023-03-16", "2023-03-18", ""),
    ("freeze", "2023-03-17", "2023-03-18", ""),
    ("silence", "2023-03-18", "2023-03-19", ""),
    ("accounts-close", "2023-03-18", "2023-03-18", "18:00"),
    ("voting", "2023-03-19", "2023-03-19", "20:00"),
    ("home-requests", "2023-03-19", "2023-03-19", "12:00"),
    ("count", "2023-03-20", "2023-03-20", "08:00"),
    ("preliminary", "2023-03-20", "2023-03-20", ""),
    ("protocols-up", "2023-03-21", "2023-03-21", ""),
    ("results", "2023-03-29", "2023-03-29", ""),
    ("mandates", "2023-04-06", "2023-04-06", ""),
]


@pytest.mark.parametrize("row", ROWS_2023, ids=lambda row: row[0])
def test_the_calendar_of_2023(row: tuple[str, str, str, str]) -> None:
    entry = entries("mazhilis")[row[0]]
    assert (entry.id, str(entry.opens), str(entry.closes), entry.closes_hour) == row
    assert entry.cite
    assert entry.title
    assert not entry.conflicts


def test_what_was_done_in_2023_stands_beside_the_rule() -> None:
    found = entries("mazhilis")
    assert found["results"].done == date(2023, 3, 27)
    assert found["protocols-up"].done == date(2023, 3, 21)
    region, districts = entries("maslikhat-region"), entries("maslikhat-district")
    assert (region["results"].closes, region["results"].done) == (date(2023, 3, 24), date(2023, 3, 24))
    assert districts["results-district"].closes == date(2023, 3, 21)
    assert region["called"].opens == date(2023, 1, 20)
    assert region["boundaries"].closes == date(2023, 1, 30)


@pytest.mark.parametrize(
    ("name", "practice", "statute"),
    [
        ("lists-handed-over", date(2023, 2, 26), date(2023, 2, 27)),
        ("foreign-observers", date(2023, 3, 13), date(2023, 3, 14)),
        ("withdrawal", date(2023, 3, 16), date(2023, 3, 17)),
    ],
)
def test_practice_and_words_differ_by_a_day_and_the_entry_says_so(name: str, practice: date, statute: date) -> None:
    entry = entries("mazhilis")[name]
    assert entry.closes == practice
    assert note("by-statute", day=statute) in entry.notes


def test_convention_is_a_setting_where_the_authority_set_nothing() -> None:
    assert entries("mazhilis", convention="statute")["withdrawal"].closes == date(2023, 3, 17)
    assert entries("mazhilis", convention="statute")["lists-open"].opens == date(2023, 3, 4)


def test_the_senate_of_2023_fits_the_practice_without_being_told() -> None:
    official = entries("senate")
    assert official["registration"].closes == date(2022, 12, 24)
    computed = entries("senate", "2023-01-15", called=date(2022, 11, 27))
    assert computed["registration"].closes == date(2022, 12, 25)
    assert computed["nomination"].closes == date(2022, 12, 15)
    assert official["nomination"].closes == date(2022, 12, 14)


def test_a_regular_election_counts_from_the_vote_and_the_end_of_the_term() -> None:
    found = entries("mazhilis", "2025-06-01", kind="regular", called=date(2025, 2, 20), term_end=date(2025, 8, 10))
    assert found["nomination"].opens == date(2025, 4, 2)
    assert found["nomination"].closes == date(2025, 4, 21)
    assert entries("mazhilis", "2025-06-01", kind="regular", convention="statute")["nomination"].closes == date(
        2025, 4, 22
    )
    assert found["call"].closes == date(2025, 3, 10)
    assert found["vote-before-term-ends"].closes == date(2025, 6, 10)
    assert not any(e.conflicts for e in found.values())


def test_conflicts_are_flagged() -> None:
    late = entries("mazhilis", "2025-06-01", kind="regular", called=date(2025, 5, 1), term_end=date(2025, 7, 10))
    assert [c.code for c in late["call"].conflicts] == ["conflict-call"]
    assert [c.code for c in late["vote-before-term-ends"].conflicts] == ["conflict-vote"]
    assert "conflict-called" in [c.code for c in late["nomination"].conflicts]
    early = entries("mazhilis", "2025-06-01", kind="early", called=date(2025, 3, 31))
    assert [c.code for c in early["vote-within"].conflicts] == ["conflict-vote"]
    good = entries("mazhilis", "2025-06-01", kind="early", called=date(2025, 4, 1))
    assert good["vote-within"].conflicts == ()
    swapped = {"nomination": {"closes": date(2025, 5, 9)}, "registration": {"closes": date(2025, 5, 2)}}
    mixed = entries("mazhilis", "2025-06-01", kind="early", called=date(2025, 4, 1), set_by_authority=swapped)
    assert "conflict-order" in [c.code for c in mixed["registration"].conflicts]


def test_a_regular_president_is_elected_on_the_first_sunday_of_december() -> None:
    found = entries("president", "2025-12-07", kind="regular")
    assert found["vote-day"].opens == date(2025, 12, 7)
    assert found["call"].closes == date(2025, 9, 14)
    assert not found["vote-day"].conflicts
    other = entries("president", "2025-12-14", kind="regular")
    assert [c.code for c in other["vote-day"].conflicts] == ["conflict-vote-day"]


def test_an_early_election_without_known_dates_says_who_sets_them() -> None:
    found = entries("kurultai")
    assert found["nomination"].closes is None
    assert [n.code for n in found["nomination"].notes if n.code != "book"] == ["authority-sets"]
    told = entries("kurultai", set_by_authority={"nomination": {"closes": "2026-07-14T18:00", "source": "a decision"}})
    assert (told["nomination"].closes, told["nomination"].closes_hour) == (date(2026, 7, 14), "18:00")


def test_a_run_off_has_its_own_deadlines() -> None:
    found = entries("president", "2023-01-15", kind="run-off")
    assert "nomination" not in found
    assert found["silence"].opens == date(2023, 1, 14)
    assert found["results"].closes == date(2023, 1, 22)


def test_the_report_on_funds_came_later_from_2026() -> None:
    before = entries("mazhilis")["fund-report"]
    assert before.closes == date(2023, 4, 1)
    after = entries("kurultai", results=date(2026, 8, 28))["fund-report"]
    assert after.closes == date(2026, 9, 11)


def test_two_months_from_a_day_the_last_month_lacks() -> None:
    assert add_months(date(2023, 12, 31), 2) == date(2024, 2, 29)
    assert add_months(date(2022, 12, 31), 2) == date(2023, 2, 28)
    assert add_months(date(2023, 3, 31), -1) == date(2023, 2, 28)


@given(st.dates(date(2023, 1, 1), date(2026, 6, 1)), st.sampled_from(["practice", "statute"]))
@settings(max_examples=25, deadline=None)
def test_any_regular_calendar_is_in_order(day: date, convention: str) -> None:
    found = calendar(law("mazhilis", str(day)), kind="regular", called=day - timedelta(days=200), convention=convention)  # type: ignore[arg-type]
    assert not [e.id for e in found if e.conflicts]
    dated = [e.opens or e.closes for e in found if e.opens or e.closes]
    assert dated == sorted(dated)  # type: ignore[type-var]


@pytest.mark.parametrize("name", sorted(DAYS))
def test_every_deadline_counts_from_something_known(name: str) -> None:
    known = {d.id for d in law(name).section("deadline")} | {
        "vote",
        "called",
        "results",
        "term-end",
        "powers-end",
        "year",
    }
    moments = [m for d in law(name).section("deadline") for m in (d.opens, d.closes) if isinstance(m, Moment)]
    assert {m.of for m in moments} <= known
    assert {a for d in law(name).section("deadline") for a in d.after} <= known


def test_a_case_records_the_dates_that_the_authority_set() -> None:
    table = {
        "called": date(2026, 7, 1),
        "kind": "early",
        "nomination": {"opens": date(2026, 7, 2), "closes": datetime(2026, 7, 14, 18), "source": "a decision"},
        "registration": date(2026, 7, 24),
    }
    found = {e.id: e for e in calendar_of(law("kurultai"), election("kurultai", [], calendar=table))}
    assert found["called"].opens == date(2026, 7, 1)
    assert (found["nomination"].opens, found["nomination"].closes_hour) == (date(2026, 7, 2), "18:00")
    assert found["nomination"].official
    assert found["campaign"].opens == date(2026, 7, 24)
    assert found["vote-within"].closes == date(2026, 9, 1)


def test_a_calendar_table_that_cannot_be_read_is_bad_input() -> None:
    table = {"called": "soon", "kind": "sudden", "nomination": {"closes": "never"}}
    with pytest.raises(BadInput) as caught:
        calendar_of(law("kurultai"), election("kurultai", [], calendar=table))
    assert {f.field for f in caught.value.faults} == {"calendar.called", "calendar.kind", "calendar.nomination"}


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("president", "2011-04-03"),
        ("president", "2015-04-26"),
        ("president", "2019-06-09"),
        ("mazhilis", "2007-08-18"),
        ("mazhilis", "2012-01-15"),
        ("mazhilis", "2016-03-20"),
    ],
)
def test_early_elections_of_the_past_do_not_take_the_days_of_a_regular_one(body: str, day: str) -> None:
    """Elections Law 66-1, 99: the commission set the days, which nobody has recorded; nobody is late for them."""
    found = entries(body, day)
    for name in ("nomination", "registration"):
        assert (found[name].opens, found[name].closes) == (None, None)
        assert "authority-sets" in [n.code for n in found[name].notes]


def test_a_day_that_nobody_published_is_inferred_and_not_set_by_the_authority() -> None:
    """A calendar of the commission was quoted for registration, not for the members of commissions."""
    found = entries("mazhilis")
    assert note("inferred-to", rule=date(2023, 1, 29), day=date(2023, 1, 30)) in found["commission-members"].notes
    assert "inferred" in [n.code for n in found["boundaries"].notes]
    assert "rule-to" not in [n.code for name in ("commission-members", "party-delegates") for n in found[name].notes]
