"""Every condition on a person from both sides of its boundary."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nomination.laws import election, law
from sailau.election.model import Candidate
from sailau.nomination import vet, vet_person
from sailau.nomination.subjects import years_on
from sailau.nomination.vetting import Verdict
from sailau.rulebook import BadInput
from sailau.rulebook.book import load
from sailau.rulebook.facts import FACTS
from sailau.wording.people import People

CLEAN = {
    "citizen": "yes",
    "incapable": "no",
    "imprisoned": "no",
    "conviction": "no",
    "corruption": "no",
    "other_citizenship": "no",
    "resident_since": "1998-03-19",
}
DISTRICT = {
    **CLEAN,
    "declaration": "yes",
    "spouse_declaration": "yes",
    "nominator_kind": "self",
    "nominated": "2023-02-08T18:00",
    "filed": "2023-02-18T18:00",
    "deposit_paid": "1050000",
}


def code(verdict: Verdict, provision: str) -> str:
    found = [f.code for f in verdict.findings if f.provision == provision]
    return found[0] if found else "met"


def stand(name: str = "mazhilis", contest: str = "single", born: object = "1998-03-19", **facts: object) -> Verdict:
    described = {**CLEAN, "birth_date": born, **facts}
    return vet_person(law(name), {k: v for k, v in described.items() if v is not None}).stand[contest]


def district(born: object = date(1980, 1, 1), others: list[Candidate] | None = None, **facts: str | None) -> Verdict:
    """Vet one self-nominated candidate of a district beside another one."""
    known = {k: v for k, v in {**DISTRICT, **facts}.items() if v is not None}
    person = Candidate("asel", "single", "district-1", name="Asel", birth_date=born, facts=known)  # type: ignore[arg-type]
    rival = Candidate("berik", "single", "district-1", name="Berik", birth_date=date(1970, 1, 1), facts=DISTRICT)
    people = [person, rival] if others is None else [person, *others]
    return next(v for v in vet(law("mazhilis"), election("mazhilis", people)).persons if v.id == "asel")


@pytest.mark.parametrize(
    ("born", "verdict", "state"),
    [
        ("1998-03-19", "admitted", "met"),
        ("1998-03-20", "refused", "not-met"),
        ("1998", "undecided", "needs-day"),
        (1997, "admitted", "met"),
        (1999, "refused", "not-met"),
        (None, "undecided", "needs-fact"),
    ],
)
def test_age_of_25_on_polling_day(born: object, verdict: str, state: str) -> None:
    answer = stand(born=born)
    assert (answer.verdict, code(answer, "age-25")) == (verdict, state)


@pytest.mark.parametrize(
    ("since", "state"),
    [("2013-03-19", "met"), ("2013-03-20", "not-met"), ("2013", "needs-day"), (None, "needs-fact")],
)
def test_ten_years_in_the_country(since: str | None, state: str) -> None:
    assert code(stand(resident_since=since), "resident-10") == state


def test_somebody_born_on_29_february_is_of_age_on_1_march() -> None:
    assert years_on(date(2004, 2, 29), 18) == date(2022, 3, 1)
    assert years_on(date(2004, 2, 29), 20) == date(2024, 2, 29)


@given(st.dates(date(1930, 1, 1), date(2005, 12, 31)))
@settings(max_examples=60, deadline=None)
def test_a_year_alone_never_contradicts_the_full_date(born: date) -> None:
    full, year = stand(born=born), stand(born=born.year)
    assert code(year, "age-25") in (code(full, "age-25"), "needs-day")
    if born.year not in (1998,):
        assert code(year, "age-25") == code(full, "age-25")


@pytest.mark.parametrize(
    ("born", "may_vote"), [("2005-03-19", "admitted"), ("2005-03-20", "refused"), ("2005", "undecided")]
)
def test_voting_at_eighteen(born: str, may_vote: str) -> None:
    assert vet_person(law("mazhilis"), {**CLEAN, "birth_date": born}).vote.verdict == may_vote


@pytest.mark.parametrize(
    ("fact", "provision"),
    [
        ("citizen", "vote-citizen"),
        ("incapable", "vote-capable"),
        ("imprisoned", "vote-free"),
        ("conviction", "no-conviction"),
        ("corruption", "no-corruption"),
        ("other_citizenship", "no-other-citizenship"),
    ],
)
def test_grounds_of_the_person(fact: str, provision: str) -> None:
    wrong = "no" if fact == "citizen" else "yes"
    assert stand().verdict == "admitted"
    refused = stand(**{fact: wrong})
    assert (refused.verdict, code(refused, provision)) == ("refused", "not-met")
    missing = stand(**{fact: None})
    assert (missing.verdict, code(missing, provision)) == ("undecided", "needs-fact")
    finding = next(f for f in missing.findings if f.provision == provision)
    assert finding.needs == (fact,)
    assert FACTS[fact].meaning["en"] in People(law("mazhilis"), "en").finding(finding)
    assert finding.cite


def test_a_repatriate_needs_the_ten_years_too() -> None:
    answer = stand(resident_since="2020-05-01")
    assert answer.verdict == "refused"
    assert "kandas" in next(f.note for f in answer.findings if f.provision == "resident-10")
    assert (
        vet_person(law("mazhilis"), {**CLEAN, "birth_date": "1990", "resident_since": "2020"}).vote.verdict
        == "admitted"
    )


def test_a_described_person_with_an_unknown_or_bad_fact_is_bad_input() -> None:
    with pytest.raises(BadInput) as caught:
        vet_person(law("mazhilis"), {"citizen": "perhaps", "height": 180, "birth_date": "soon"})
    assert {f.field for f in caught.value.faults} == {"citizen", "height", "birth_date"}


# ---------------------------------------------------------------- in a district


def test_a_candidate_with_all_papers_is_admitted_and_assumptions_are_told() -> None:
    verdict = district()
    assert verdict.verdict == "admitted"
    assert {f.code for f in verdict.findings} == {"met", "presumed"}
    assert code(verdict, "no-vote-buying") == "presumed"


@pytest.mark.parametrize(
    ("facts", "provision", "state"),
    [
        ({"nominated": "2023-02-08T18:00"}, "district-nominated", "met"),
        ({"nominated": "2023-02-08T18:01"}, "district-nominated", "not-met"),
        ({"nominated": "2023-02-08"}, "district-nominated", "needs-hour"),
        ({"nominated": "2023-02-07"}, "district-nominated", "met"),
        ({"nominated": "2023-02-09"}, "district-nominated", "not-met"),
        ({"nominated": "2023-01-19"}, "district-nominated", "not-met"),
        ({"nominated": "2023-01-20"}, "district-nominated", "met"),
        ({"nominated": None}, "district-nominated", "needs-fact"),
        ({"filed": "2023-02-18T18:00"}, "district-filed", "met"),
        ({"filed": "2023-02-19"}, "district-filed", "not-met"),
        ({"deposit_paid": "1050000"}, "district-deposit", "met"),
        ({"deposit_paid": "1049999"}, "district-deposit", "not-met"),
        ({"deposit_paid": None}, "district-deposit", "needs-fact"),
        ({"nominator_kind": "council"}, "district-nominator", "not-met"),
        ({"nominator_kind": "association", "nominator": "union"}, "district-nominator", "met"),
        ({"declaration": "no"}, "declaration", "not-met"),
        ({"declaration_false": "yes"}, "declaration-true", "not-met"),
        ({"early_campaign": "yes"}, "no-early-campaign", "not-met"),
        ({"vote_buying": "yes"}, "no-vote-buying", "not-met"),
        ({"second_breach": "yes"}, "no-second-breach", "not-met"),
        ({"withdrawn": "2023-03-16"}, "not-withdrawn", "not-met"),
        ({"withdrawn": "2023-03-17"}, "not-withdrawn", "met"),
    ],
)
def test_papers_and_deadlines_of_a_district_candidate(facts: dict[str, str | None], provision: str, state: str) -> None:
    verdict = district(**facts)
    assert code(verdict, provision) == state
    assert (verdict.verdict == "refused") == (state == "not-met")


def test_one_association_names_one_person_in_a_district() -> None:
    facts = {**DISTRICT, "nominator_kind": "association", "nominator": "union"}
    other = Candidate("berik", "single", "district-1", name="Berik", birth_date=1970, facts=facts)
    elsewhere = Candidate("berik", "single", "district-2", name="Berik", birth_date=1970, facts=facts)
    union = {"nominator_kind": "association", "nominator": "union"}
    assert code(district(others=[other], **union), "district-one-per-association") == "not-met"
    assert code(district(others=[elsewhere], **union), "district-one-per-association") == "met"


def test_alone_in_a_district_is_noted_not_refused() -> None:
    verdict = district(others=[])
    assert code(verdict, "district-two") == "note"
    assert verdict.verdict == "admitted"
    assert code(district(), "district-two") == "met"


@pytest.mark.parametrize(
    ("born", "state"),
    [(date(1980, 1, 1), "not-met"), (date(1981, 1, 1), "met"), (1980, "needs-fact"), (None, "needs-fact")],
)
def test_a_list_and_a_district_exclude_each_other(born: date | int | None, state: str) -> None:
    other = Candidate("asel-2", "list", party="auyl", position=1, name="ASEL ", birth_date=born)
    assert code(district(others=[other]), "one-place") == state


def test_before_2023_nothing_is_asked_about_districts() -> None:
    ids = {c.id for c in law("mazhilis", "2021-01-10").section("condition")}
    assert "one-place" not in ids
    assert "district-deposit" not in ids


# ---------------------------------------------------------------- other offices


def president(**facts: object) -> Verdict:
    base: dict[str, object] = {
        "birth_date": "1980-01-01",
        "citizen_by_birth": "yes",
        "state_language": "yes",
        "education": "higher",
        "service_years": 5,
        "resident_since": "2000-01-01",
        "holds_office": "no",
        "held_office_before": "no",
    }
    known = {k: v for k, v in {**CLEAN, **base, **facts}.items() if v is not None}
    return vet_person(law("president"), known).stand["president"]


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({}, "admitted"),
        ({"birth_date": "1982-11-20"}, "admitted"),
        ({"birth_date": "1982-11-21"}, "refused"),
        ({"resident_since": "2007-11-20"}, "admitted"),
        ({"resident_since": "2007-11-21"}, "refused"),
        ({"citizen_by_birth": "no"}, "refused"),
        ({"education": "vocational"}, "refused"),
        ({"service_years": 4}, "refused"),
        ({"service_years": None}, "undecided"),
        ({"state_language": "no"}, "refused"),
        ({"state_language": None, "holds_office": "yes"}, "admitted"),
        ({"state_language": None, "holds_office": "no"}, "undecided"),
        ({"holds_office": None}, "undecided"),
    ],
)
def test_who_may_be_president(facts: dict[str, object], verdict: str) -> None:
    assert president(**facts).verdict == verdict


def test_one_term_counts_only_after_the_election_of_2022() -> None:
    facts = {**CLEAN, "birth_date": 1970, "held_office_before": "yes"}
    then = vet_person(law("president"), facts).stand["president"]
    later = vet_person(law("president"), facts, date(2029, 12, 2)).stand["president"]
    assert code(then, "one-term") == "met"
    assert code(later, "one-term") == "needs-reading"  # C26 43(1) may not count a term under the Constitution of 1995
    assert code(vet_person(law("president"), facts, date(2026, 6, 30)).stand["president"], "one-term") == "not-met"


def test_service_is_asked_since_2017_only() -> None:
    assert "service" not in {c.id for c in law("president", "2015-04-26").section("condition")}


def candidate(name: str, contest: str, **facts: str) -> Verdict:
    person = Candidate("asel", contest, name="Asel", birth_date=date(1970, 1, 1), facts=facts)
    return vet(law(name), election(name, [person])).persons[0]


@pytest.mark.parametrize(("signatures", "state"), [("120000", "met"), ("119999", "not-met"), ("", "needs-fact")])
def test_signatures_of_one_per_cent_of_the_voters(signatures: str, state: str) -> None:
    assert code(candidate("president", "president", signatures=signatures, voters="12000000"), "signatures") == state


@pytest.mark.parametrize(("regions", "state"), [("14", "met"), ("13", "not-met")])
def test_signatures_from_two_thirds_of_twenty_regions(regions: str, state: str) -> None:
    assert code(candidate("president", "president", signatures_regions=regions), "signatures-regions") == state


def test_the_number_of_regions_follows_the_day() -> None:
    needed = {
        day: next(c.test.value for c in law("president", day).section("condition") if c.id == "signatures-regions")
        for day in ("2015-04-26", "2019-06-09", "2022-11-20")
    }
    assert needed == {"2015-04-26": 11, "2019-06-09": 12, "2022-11-20": 14}


@pytest.mark.parametrize(
    ("facts", "provision", "state"),
    [
        ({"signatures": "10", "voters": "100"}, "signatures", "met"),
        ({"signatures": "9", "voters": "100"}, "signatures", "not-met"),
        ({"signatures_one_council": "9", "electors_one_council": "38"}, "signatures-one-maslikhat", "met"),
        ({"signatures_one_council": "10", "electors_one_council": "38"}, "signatures-one-maslikhat", "not-met"),
        ({"signatures_one_council": "10"}, "signatures-one-maslikhat", "needs-fact"),
        ({"signatures_repeated": "1"}, "signatures-once", "note"),
        ({"deposit_paid": "900000"}, "deposit", "met"),  # until 24 December 2022 the wage was 60,000
        ({"deposit_paid": "899999"}, "deposit", "not-met"),
        ({"signatures": "100", "signatures_false": "1"}, "signatures-true", "met"),
        ({"signatures": "100", "signatures_false": "2"}, "signatures-true", "not-met"),
        ({"region_since": "2020-01-14"}, "region-3", "met"),
        ({"region_since": "2020-01-15"}, "region-3", "not-met"),
        ({"work_years": "5"}, "work", "met"),
        ({"work_years": "4"}, "work", "not-met"),
        ({"nominator_kind": "party"}, "nominator", "not-met"),
    ],
)
def test_who_may_be_a_senator(facts: dict[str, str], provision: str, state: str) -> None:
    assert code(candidate("senate", "senate", **facts), provision) == state


@pytest.mark.parametrize(
    ("facts", "provision", "state"),
    [
        ({"nominator_kind": "self", "signatures": "10", "voters": "1000"}, "signatures", "met"),
        ({"nominator_kind": "self", "signatures": "9", "voters": "1000"}, "signatures", "not-met"),
        ({"nominator_kind": "party", "nominator": "auyl"}, "signatures", "met"),
        ({"nominator_kind": "council"}, "nominator", "not-met"),
        ({"deposit_paid": "70000", "unit_kind": "village"}, "deposit", "met"),
        ({"deposit_paid": "69999", "unit_kind": "village"}, "deposit", "not-met"),
        ({"deposit_paid": "70000", "unit_kind": "district"}, "deposit-district", "not-met"),
        ({"deposit_paid": "350000", "unit_kind": "city"}, "deposit-district", "met"),
        ({"deposit_paid": "70000"}, "deposit", "needs-fact"),
        ({"nominated": "2023-10-05T18:00", "unit_kind": "district"}, "nominated-in-time-district", "met"),
        ({"nominated": "2023-10-06", "unit_kind": "district"}, "nominated-in-time-district", "not-met"),
        ({"nominated": "2023-10-10", "unit_kind": "rural-district"}, "nominated-in-time", "needs-hour"),
        ({"terms_in_row": "2"}, "two-terms", "not-met"),
        ({"terms_in_row": "1"}, "two-terms", "met"),
        ({"service_requirements": "no"}, "civil-service", "not-met"),
        ({"security_check": "no"}, "security-check", "not-met"),
        ({"declaration": "no"}, "declaration", "not-met"),
    ],
)
def test_who_may_be_an_akim(facts: dict[str, str], provision: str, state: str) -> None:
    assert code(candidate("akim", "akim", **facts), provision) == state


@pytest.mark.parametrize(
    ("day", "settlements", "state"),
    [("2026-06-21", "5", "met"), ("2026-06-22", "4", "met"), ("2026-06-22", "5", "not-met")],
)
def test_half_of_the_settlements_since_june_2026(day: str, settlements: str, state: str) -> None:
    facts = {"nominator_kind": "self", "signatures_settlements": "2", "settlements": settlements}
    person = Candidate("asel", "akim", name="Asel", birth_date=date(1970, 1, 1), facts=facts)
    verdict = vet(law("akim", day), election("akim", [person])).persons[0]
    assert code(verdict, "signatures-settlements") == state


HALF_OF_ONE = {"signatures_one_council": "19", "electors_one_council": "38"}


def on_day(name: str, day: str, contest: str, provision: str, **facts: str) -> str:
    """Vet one person under the law of a past day; `absent` where no such thing is asked."""
    rules = law(name, day)
    if provision not in {c.id for c in rules.section("condition")}:
        return "absent"
    person = Candidate("asel", contest, name="Asel", birth_date=date(1950, 1, 1), facts=facts)
    return code(vet(rules, election(name, [person])).persons[0], provision)


@pytest.mark.parametrize(
    ("name", "day", "contest", "facts", "provision", "state"),
    [
        ("president", "1999-01-10", "president", {"signatures": "2", "voters": "100"}, "signatures", "met"),
        ("president", "2004-04-13", "president", {"signatures": "1", "voters": "100"}, "signatures", "not-met"),
        ("president", "2004-04-14", "president", {"signatures": "1", "voters": "100"}, "signatures", "met"),
        ("president", "1999-01-10", "president", {"signatures": "100", "signatures_false": "3"}, "signatures-true", "not-met"),
        ("president", "2005-12-04", "president", {}, "signatures-true", "absent"),
        ("president", "2015-04-26", "president", {"education": "secondary"}, "education", "absent"),
        ("president", "2017-03-14", "president", {"education": "secondary"}, "education", "not-met"),
        ("president", "2015-04-26", "president", {"nominator_kind": "self"}, "nominator", "met"),
        ("president", "2017-06-15", "president", {"nominator_kind": "self"}, "nominator", "not-met"),
        ("president", "2017-06-14", "president", {}, "medical", "absent"),
        ("president", "1999-01-10", "president", {"mental_health_certificate": "no"}, "mental-health", "not-met"),
        ("president", "1999-01-10", "president", {"cleric": "yes"}, "not-clergy", "not-met"),
        ("president", "2005-12-04", "president", {"cleric": "yes"}, "not-clergy", "absent"),
        ("president", "2005-04-14", "president", {}, "declaration", "absent"),
        ("president", "2005-12-04", "president", {"declaration": "no"}, "declaration", "not-met"),
        ("president", "1999-01-10", "president", {"resident_years": "15"}, "resident-15-any", "met"),
        ("president", "2011-04-03", "president", {}, "resident-15-any", "absent"),
        ("president", "2026-06-30", "president", {"holds_office": "yes"}, "language", "met"),
        ("president", "2026-07-01", "president", {"holds_office": "yes"}, "language", "needs-fact"),
        ("president", "2022-11-21", "president", {"held_office_before": "yes"}, "one-term", "not-met"),
        ("president", "2029-01-14", "president", {"held_office_before": "yes"}, "one-term", "needs-reading"),
        ("mazhilis", "2004-09-19", "list", {"corruption": "yes"}, "no-corruption", "absent"),
        ("mazhilis", "2009-02-09", "list", {"corruption": "yes"}, "no-corruption", "not-met"),
        ("mazhilis", "1999-10-10", "list", {"penalty_within_year": "yes"}, "no-penalty", "not-met"),
        ("mazhilis", "1999-10-10", "list", {}, "resident-10", "absent"),
        ("mazhilis", "1999-10-10", "single", {"nominator_kind": "association"}, "district-nominator", "met"),
        ("mazhilis", "2004-09-19", "single", {"nominator_kind": "association"}, "district-nominator", "not-met"),
        ("mazhilis", "2004-09-19", "list", {}, "declaration", "absent"),
        ("mazhilis", "2007-08-18", "list", {"declaration": "no"}, "declaration", "not-met"),
        ("senate", "1999-09-17", "senate", HALF_OF_ONE, "signatures-one-maslikhat", "met"),
        ("senate", "2005-08-19", "senate", HALF_OF_ONE, "signatures-one-maslikhat", "not-met"),
        ("senate", "1999-09-17", "senate", {"citizen_since": "1995-01-01"}, "citizen-5", "not-met"),
        ("senate", "1999-09-17", "senate", {}, "resident-10", "absent"),
    ],
)  # fmt: skip
def test_who_might_stand_in_the_past(
    name: str, day: str, contest: str, facts: dict[str, str], provision: str, state: str
) -> None:
    assert on_day(name, day, contest, provision, **facts) == state


@pytest.mark.parametrize(("born", "state"), [("2003-03-19", "met"), ("2003-03-20", "not-met"), ("2003", "needs-day")])
def test_a_maslikhat_takes_persons_of_twenty(born: str, state: str) -> None:
    answer = vet_person(law("maslikhat-region"), {**CLEAN, "birth_date": born}).stand["single"]
    assert code(answer, "age-20") == state


@pytest.mark.parametrize(
    ("day", "born", "state"),
    [
        ("2020-10-11", "1999-10-11", "not-met"),
        ("2020-10-11", "1995-10-11", "met"),
        ("2024-10-13", "2003-10-13", "met"),
        ("2024-10-13", "2003-10-14", "not-met"),
    ],
)
def test_the_seimas_takes_persons_of_21_since_the_code(day: str, born: str, state: str) -> None:
    rules = load("lt/seimas").on(date.fromisoformat(day))
    answer = vet_person(rules, {"birth_date": born}).stand["list"]
    assert code(answer, "age-25" if day < "2022" else "age-21") == state
