"""Parties, money, the voter's page, commissions, complaints, observers, and the data behind all of them."""

from __future__ import annotations

import re
import shutil
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from nomination.laws import DAYS, election, law
from sailau.election.model import Party
from sailau.nomination import (
    access,
    asked_by,
    check_commissions,
    commissions,
    complaints,
    deposit_due,
    money,
    observers,
    vet,
    vet_party,
    voter_page,
    wage,
)
from sailau.nomination.notes import note
from sailau.rulebook import BadInput
from sailau.rulebook.book import BOOKS, load, read
from sailau.rulebook.facts import FACTS
from sailau.rulebook.schema import show_share
from sailau.rulebook.sections import SECTION_MODELS

# ---------------------------------------------------------------- parties

APPLICATION = {
    "party_notice": "2022-11-24",
    "party_congress": "2022-12-03",
    "party_filed": "2022-12-20",
    "party_members": "5000",
    "party_branch_least": "200",
    "party_branches": "20",
    "party_initiators": "700",
    "party_initiator_regions": "14",
}


def application(**facts: str) -> dict[str, str]:
    verdict = vet_party(law("mazhilis"), {**APPLICATION, **facts})
    return {f.provision: f.code for f in verdict.findings} | {"": verdict.verdict}


def test_an_application_of_december_2022() -> None:
    assert application()[""] == "admitted"


@pytest.mark.parametrize(
    ("facts", "provision", "state"),
    [
        ({"party_members": "4999"}, "party-members", "not-met"),
        ({"party_branch_least": "199"}, "party-branch", "not-met"),
        ({"party_branches": "19"}, "party-branches", "not-met"),
        ({"party_initiators": "699"}, "party-initiators", "not-met"),
        ({"party_initiator_regions": "13"}, "party-initiator-regions", "not-met"),
        ({"party_congress": "2023-02-24", "party_filed": "2023-03-01"}, "party-congress-in-time", "met"),
        ({"party_congress": "2023-02-25", "party_filed": "2023-03-01"}, "party-congress-in-time", "not-met"),
        ({"party_filed": "2023-04-03"}, "party-papers-in-time", "met"),
        ({"party_filed": "2023-04-04"}, "party-papers-in-time", "not-met"),
        ({"party_members": ""}, "party-members", "needs-fact"),
    ],
)
def test_conditions_of_registration(facts: dict[str, str], provision: str, state: str) -> None:
    assert application(**facts)[provision] == state


@pytest.mark.parametrize(
    ("filed", "members", "branch", "initiators"),
    [("2019-06-01", 40000, 600, 1000), ("2021-06-01", 20000, 600, 1000), ("2023-01-10", 5000, 200, 700)],
)
def test_the_bars_fell_twice(filed: str, members: int, branch: int, initiators: int) -> None:
    verdict = vet_party(law("mazhilis"), {"party_filed": filed})
    required = {f.provision: f.required for f in verdict.findings}
    assert required["party-members"] == note("at-least", amount=members)
    assert required["party-branch"] == note("at-least", amount=branch)
    assert required["party-initiators"] == note("at-least", amount=initiators)


def test_the_seven_parties_of_2023() -> None:
    facts = {"respublica": {"party_registered": "2023-01-18"}, "baytaq": {"party_registered": "2022-11"}}
    with pytest.raises(BadInput, match=r"baytaq, party_registered: found “2022-11”"):
        vet(law("mazhilis"), election("mazhilis", [], [Party("baytaq", facts=facts["baytaq"])]))
    facts["baytaq"] = {"party_registered": "2022"}
    names = ["amanat", "auyl", "respublica", "ppk", "baytaq", "aq-jol", "nsdp"]
    parties = [Party(name, facts=facts.get(name, {})) for name in names]
    verdicts = {v.id: v for v in vet(law("mazhilis"), election("mazhilis", [], parties)).parties}
    assert len(verdicts) == 7
    assert verdicts["respublica"].verdict == "admitted"
    assert verdicts["amanat"].verdict == "undecided"
    assert "party_registered" in [need for f in verdicts["amanat"].findings for need in f.needs]


def test_a_party_that_applied_is_checked_by_the_law_of_that_day() -> None:
    facts = {**APPLICATION, "party_registered": "2022-12-28", "party_members": "4999"}
    verdict = vet(law("mazhilis"), election("mazhilis", [], [Party("new", facts=facts)])).parties[0]
    assert verdict.verdict == "refused"


# ---------------------------------------------------------------- money


def test_money_of_2023() -> None:
    sums = {(s.id, s.kind): s.amount for s in money(law("mazhilis"), names=90, last="4.5%")}
    assert sums["single", "deposit"] == 1_050_000
    assert sums["list", "deposit"] == 15 * 70_000 * 90 // 2
    assert sums["list", "own"] == 5_000 * 70_000
    assert sums["list", "donations"] == 10_000 * 70_000
    assert sums["list", "person"] == 100 * 70_000
    assert sums["single", "entity"] == 50 * 70_000


@pytest.mark.parametrize(
    ("name", "ceilings"),
    [
        (
            "kurultai",
            {("list", "own"): 15000, ("list", "donations"): 30000, ("list", "person"): 300, ("list", "entity"): 1500},
        ),
        ("maslikhat-region", {("list", "own"): 1000, ("single", "donations"): 200, ("single", "person"): 10}),
        ("maslikhat-district", {("single-district", "own"): 50, ("single-district", "entity"): 15}),
        ("senate", {("senate", "own"): 200, ("senate", "entity"): 50}),
        ("president", {("president", "own"): 12000, ("president", "deposit"): 50}),
        ("akim", {("akim", "deposit"): 1}),
    ],
)
def test_ceilings_in_minimum_wages(name: str, ceilings: dict[tuple[str, str], int]) -> None:
    found = {(s.id, s.kind): s.multiple for s in money(law(name))}
    assert {key: found[key] for key in ceilings} == ceilings


def test_a_run_off_raises_the_ceiling_by_half() -> None:
    sums = {s.kind: s.multiple for s in money(law("president"), run_off=True)}
    assert (sums["own"], sums["donations"]) == (18000, 22500)


def test_donor_caps_of_the_president_came_in_2023() -> None:
    assert "person" not in {s.kind for s in money(law("president"))}
    assert "person" in {s.kind for s in money(law("president", "2025-12-07"))}


def test_a_day_without_a_known_wage_gives_no_sum() -> None:
    assert wage(law("mazhilis"), date(1998, 12, 31)) is None
    assert {s.amount for s in money(law("mazhilis"), day=date(1998, 12, 31))} == {None}


def test_a_sum_is_as_sure_as_its_wage(tmp_path: Path) -> None:
    assert {s.confidence for s in money(law("mazhilis"))} == {"statute"}
    books = shutil.copytree(BOOKS / "kz", tmp_path / "kz")
    part = books / "part-money.toml"
    part.write_text(part.read_text("utf-8").replace("read = 2022-12-01", 'confidence = "unverified"'), "utf-8")
    unread = read(books / "mazhilis.toml").on(date(2023, 3, 19))
    assert {s.confidence for s in money(unread)} == {"unverified"}


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        ("1999-03-31", 2440),
        ("1999-04-01", 2650),
        ("1999-10-01", 2680),
        ("2005-06-30", 7000),
        ("2005-07-01", 9200),
        ("2008-07-01", 12_025),
        ("2009-06-30", 13_470),
        ("2009-07-01", 13_717),
        ("2010-01-01", 14_952),
        ("2022-12-31", 60_000),
        ("2023-01-01", 70_000),
    ],
)
def test_the_wage_is_that_of_the_day(day: str, amount: int) -> None:
    held = wage(law("mazhilis"), date.fromisoformat(day))
    assert held is not None
    assert held.amount == amount


@pytest.mark.parametrize(
    ("paid", "due"),
    [
        (date(2022, 12, 24), (900_000, 900_000)),
        (date(2023, 1, 2), (1_050_000, 1_050_000)),
        ((date(2022, 12, 20), date(2023, 1, 5)), (900_000, 1_050_000)),
    ],
)
def test_the_deposit_follows_the_wage_of_the_day_of_payment(paid: date, due: tuple[int, int]) -> None:
    found = deposit_due(law("senate"), "senate", paid=paid)
    assert (found.least, found.most) == due
    assert found.needs == (() if due[0] == due[1] else ("deposit_paid_on",))


def test_an_akims_deposit_follows_the_wage_of_1_january() -> None:
    assert deposit_due(law("akim"), "akim", paid=date(2022, 12, 1)).amount == 70_000
    assert deposit_due(law("akim"), "akim-district").amount == 350_000
    with pytest.raises(KeyError):
        deposit_due(law("akim", "2025-01-01"), "akim-district")


@pytest.mark.parametrize(
    ("name", "day", "id_", "multiple", "refund"),
    [
        ("mazhilis", "1999-10-10", "list", 25, "7%"),
        ("mazhilis", "2004-04-13", "single", 25, "7%"),
        ("mazhilis", "2004-04-14", "single", 15, "5%"),
        ("mazhilis", "2007-06-19", "list", 15, "7%"),
        ("mazhilis", "2016-03-20", "list", 15, "7%"),
        ("mazhilis", "2021-06-05", "list", 15, "5%"),
        ("president", "2004-04-13", "president", 100, "7%"),
        ("president", "2005-12-04", "president", 50, "5%"),
        ("senate", "2004-04-13", "senate", 25, "7%"),
        ("senate", "2004-04-14", "senate", 15, "5%"),
        ("maslikhat-region", "2021-01-10", "list", 5, "7%"),
        ("maslikhat-district", "2021-01-10", "list", 5, "7%"),
        ("maslikhat-region", "2023-03-19", "list", 5, "5%"),
    ],
)
def test_deposits_of_the_past(name: str, day: str, id_: str, multiple: int, refund: str) -> None:
    (rule,) = (d for d in law(name, day).section("deposit") if d.id == id_ and d.concerns(f"kz/{name}"))
    assert (rule.multiple, show_share(rule.refund.share)) == (multiple, refund)


@pytest.mark.parametrize(
    ("day", "last", "pay"),
    [
        ("2004-09-19", "8%", 1),
        ("2016-03-20", "7%", 0),
        ("2016-03-20", "6.99%", Fraction(1, 2)),
        ("2016-03-20", "4.99%", Fraction(7, 10)),
        ("2016-03-20", "2.99%", 1),
        ("2023-03-19", "5%", 0),
        ("2023-03-19", "2.99%", Fraction(7, 10)),
    ],
)
def test_relief_of_lists_by_their_last_result(day: str, last: str, pay: int | Fraction) -> None:
    rules = law("mazhilis", day)
    full = deposit_due(rules, "list", names=10, last="0%").amount
    assert full is not None
    assert deposit_due(rules, "list", names=10, last=last).amount == pay * full


def test_the_first_kurultai_gives_no_relief() -> None:
    assert money(law("kurultai"), names=10, last="50%")[0].amount == 15 * 85_000 * 10
    assert money(law("kurultai", "2026-12-01"), names=10, last="50%")[0].amount == 0


# ---------------------------------------------------------------- the voter's page


def papers(region: str | None, *, abroad: bool = False) -> list[tuple[str, str]]:
    beside = [law("maslikhat-region"), law("maslikhat-district")]
    page = voter_page(law("mazhilis"), region=region, abroad=abroad, beside=beside)
    return [(p.law, p.contest) for p in page.ballots]


def test_five_ballots_in_a_region_four_in_a_city_two_abroad() -> None:
    assert len(papers("akmola-region")) == 5
    assert len(papers("astana")) == len(papers("shymkent")) == 4
    assert papers(None, abroad=True) == [("kz/mazhilis", "list"), ("kz/mazhilis", "single")]


def test_the_page_tells_hours_documents_marks_and_other_ways() -> None:
    page = voter_page(law("mazhilis"), region="akmola-region", beside=[])
    assert set(page.rules) == {"hours", "list", "document", "mark", "elsewhere", "home"}
    hours = page.rules["hours"][0]
    assert (hours.figures["opens"], hours.figures["closes"]) == ("07:00", "20:00")
    assert all(paper.against_all for paper in page.ballots)
    assert page.to_json("kk")["ballots"][0]["order"].startswith("Партиялар")


def test_voters_abroad_count_to_a_district_and_find_their_station() -> None:
    page = voter_page(law("mazhilis"), abroad=True, beside=[])
    single = next(p for p in page.ballots if p.contest == "single")
    assert "foreign ministry" in single.counts_to["en"]
    assert single.confidence == "unverified"
    assert len(page.stations) == 18
    assert voter_page(law("kurultai"), abroad=True, beside=[]).stations == ()


def test_an_unknown_region_is_bad_input_and_a_missing_one_is_told() -> None:
    with pytest.raises(BadInput, match=r"--region: found “atlantis”; expected a region of the rule book"):
        voter_page(law("mazhilis"), region="atlantis")
    page = voter_page(law("maslikhat-district"), beside=[])
    assert page.region_needed
    assert not voter_page(law("mazhilis"), beside=[]).region_needed


def test_three_regions_came_in_june_2022() -> None:
    assert len(law("mazhilis").section("region")) == 20
    assert len(law("mazhilis", "2021-01-10").section("region")) == 17


# ---------------------------------------------------------------- commissions


@pytest.mark.parametrize(("voters", "size"), [(2000, (5, 7)), (2001, (7, 11)), (None, (5, 11))])
def test_the_size_of_a_precinct_commission(voters: int | None, size: tuple[int, int]) -> None:
    """Article 17(1) in the text of 7 January 2023; that of 12 July 2026 says nine."""
    precinct = commissions(law("mazhilis"), voters)[-1]
    assert (precinct.id, precinct.least, precinct.most, precinct.odd) == ("precinct", *size, True)


def test_a_large_precinct_commission_has_nine_members_by_the_text_of_2026() -> None:
    assert commissions(law("kurultai", "2026-08-23"), 2001)[-1].most == 9


def test_constituency_commissions_come_and_go() -> None:
    def levels(name: str, day: str = "") -> list[str]:
        return [c.id for c in commissions(law(name, day))]

    assert levels("mazhilis") == ["central", "territorial", "constituency", "precinct"]
    assert "constituency" not in levels("mazhilis", "2021-01-10")
    assert "constituency" not in levels("kurultai")


def test_a_commission_is_checked_member_by_member() -> None:
    rows = [{"commission": "p-1", "level": "precinct", "voters": "1500", "proposed_by": f"party-{n}"} for n in range(5)]
    assert check_commissions(law("mazhilis"), rows) == []
    assert [b.code for b in check_commissions(law("mazhilis"), rows[:4])] == ["size", "even"]
    twice = [{**r, "proposed_by": "party-0"} if n == 1 else r for n, r in enumerate(rows)]
    assert [b.code for b in check_commissions(law("mazhilis"), twice)] == ["party-share"]
    works = [{**r, "employer": "school"} if n < 3 else r for n, r in enumerate(rows)]
    assert [b.code for b in check_commissions(law("mazhilis"), works)] == ["one-employer"]
    assert (
        check_commissions(law("mazhilis"), [{**r, "employer": "school"} if n < 2 else r for n, r in enumerate(rows)])
        == []
    )
    judge = [{**r, "office": "judge"} if n == 0 else r for n, r in enumerate(rows)]
    assert [b.code for b in check_commissions(law("mazhilis"), judge)] == ["barred-office"]


# ---------------------------------------------------------------- complaints, observers, campaign


@pytest.mark.parametrize(
    ("name", "matter", "file", "decide"),
    [
        ("mazhilis", "commission", 10, 3),
        ("mazhilis", "report", None, 5),
        ("mazhilis", "voter-list", None, 0),
        ("mazhilis", "registration-list", 7, 7),
        ("president", "registration-president", 10, 10),
        ("senate", "registration-senate", 7, 7),
        ("maslikhat-region", "registration-maslikhat", 7, 7),
        ("maslikhat-district", "maslikhat-void", 10, 10),
        ("akim", "registration-akim", 3, 3),
        ("akim", "akim-void", 5, 5),
        ("mazhilis", "national-result", 10, None),
    ],
)
def test_where_and_until_when_to_complain(name: str, matter: str, file: int | None, decide: int | None) -> None:
    found = complaints(law(name), date(2023, 3, 1), matter)[0]
    assert (found.file_days, found.decide_days) == (file, decide)
    assert found.file_by == (date(2023, 3, 1 + file) if file else None)
    assert found.to["en"]
    assert found.cite


def test_a_complaint_near_the_vote_is_decided_at_once() -> None:
    near = complaints(law("mazhilis"), date(2023, 3, 15), "court-prosecutor")[0]
    before = complaints(law("mazhilis"), date(2023, 3, 14), "court-prosecutor")[0]
    assert (near.at_once, before.at_once) == (True, False)
    assert near.decided_by(date(2023, 3, 15)) == date(2023, 3, 15)
    assert before.decided_by(date(2023, 3, 14)) == date(2023, 3, 19)


def test_the_day_of_the_event_decides_which_rule_holds() -> None:
    assert complaints(law("mazhilis"), date(2022, 12, 31), "national-result") == []
    assert complaints(law("mazhilis"), date(2023, 3, 28), "national-result")[0].file_by == date(2023, 4, 7)
    assert complaints(law("mazhilis"), None, "registration-president") == []


def test_rights_of_observers_by_day() -> None:
    assert len(observers(law("mazhilis"), "right")) == 10
    assert "accreditation" in {o.id for o in observers(law("mazhilis"))}
    assert "accreditation" not in {o.id for o in observers(law("mazhilis", "2021-01-10"))}
    assert "age" in {o.id for o in observers(law("kurultai"))}
    assert "age" not in {o.id for o in observers(law("mazhilis"))}


def test_the_campaign() -> None:
    assert [a.figures["days-before"] for a in access(law("mazhilis"), "poll") if a.figures.get("days-before")] == [5]
    assert "state-money-2023" in {a.id for a in access(law("mazhilis"), "state-money")}
    assert "state-money-2023-district" in {a.id for a in access(law("maslikhat-district"), "state-money")}
    assert "former-minutes" not in {a.id for a in access(law("mazhilis"))}
    assert "former-minutes" in {a.id for a in access(law("mazhilis", "2016-03-20"))}


# ---------------------------------------------------------------- the data


@pytest.mark.parametrize("name", sorted(DAYS))
def test_every_thing_has_a_source_and_three_names(name: str) -> None:
    rules = law(name)
    for section in SECTION_MODELS:
        for thing in rules.section(section):
            if section == "power":
                continue
            assert thing.cite.split()[0].rstrip(",;:") in rules.sources, (section, thing.id, thing.cite)
            texts = [
                thing.title,
                getattr(thing, "document", None),
                getattr(thing, "cure", None),
                getattr(thing, "to", None),
            ]
            for text in texts:
                if isinstance(text, dict):
                    assert set(text) == {"en", "kk", "ru"}, (section, thing.id)
                    assert len(set(text.values())) > 1 or section in ("station", "region"), (section, thing.id)


@pytest.mark.parametrize("name", sorted(DAYS))
def test_conditions_name_deadlines_deposits_and_contests_that_exist(name: str) -> None:
    rules = law(name)
    deadlines = {d.id for d in rules.section("deadline") if d.concerns(rules.id)}
    deposits = {d.id for d in rules.section("deposit") if d.concerns(rules.id)}
    for condition in rules.section("condition"):
        if not condition.concerns(rules.id):
            continue
        test = condition.test
        if any(c in rules.contests for c in condition.contests) or not condition.contests:
            assert getattr(test, "deadline", None) in {None, *deadlines}, condition.id
            assert getattr(test, "deposit", None) in {None, *deposits}, condition.id


def test_every_fact_is_asked_for_by_some_article() -> None:
    asked = {fact for name in DAYS for fact in asked_by(law(name))}
    later = {*asked_by(law("akim", "2026-10-01")), *asked_by(law("president", "2029-12-02"))}
    later |= {*asked_by(law("president", "1999-01-10")), *asked_by(law("senate", "1999-09-17"))}
    later |= {*asked_by(load("lt/seimas").on(date(2024, 10, 13)))}
    unused = set(FACTS) - asked - later - {"sex_basis", "list_women", "list_youth", "list_disability"}
    assert unused == set()


def test_facts_are_explained_in_three_languages() -> None:
    for fact in FACTS.values():
        assert set(fact.meaning) == {"en", "kk", "ru"}, fact.name
        assert fact.document == {} or set(fact.document) == {"en", "kk", "ru"}, fact.name
        assert (fact.kind == "choice") == bool(fact.values), fact.name
        assert re.fullmatch(r"[a-z_]+", fact.name)
    assert [f.name for f in FACTS.values() if f.health] == ["mental_health_certificate", "disability"]


@pytest.mark.parametrize(
    ("name", "day", "spent"),
    [("senate", "1999-09-17", False), ("senate", "2004-04-14", True), ("president", "1999-01-10", True)],
)
def test_candidates_for_the_senate_had_no_funds_before_law_545(name: str, day: str, spent: bool) -> None:
    assert ("account" in {a.id for a in access(law(name, day))}) is spent
