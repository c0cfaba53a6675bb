"""What a parliament can do: votes needed by article, who passes and blocks, other chambers, reforms, tables."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sailau.counting import Outcome, count
from sailau.election import open_case
from sailau.parliament import report
from sailau.parliament.chamber import indices_of
from sailau.parliament.decisions import ChamberDecision, ChamberSeats, decide, decisions, formation
from sailau.rulebook import books, load
from sailau.rulebook.powers import Power, Vote, members_by_law, power_changes, powers_of
from sailau.wording.parliament import parliament_tables

DAY = date(2023, 3, 19)


@pytest.fixture(scope="module")
def mazhilis() -> Outcome:
    case = open_case("mazhilis-2023")
    return count(case.own_law(), case)


@pytest.fixture(scope="module")
def found(mazhilis: Outcome) -> dict[str, ChamberDecision]:
    return {d.id: d for d in decisions(mazhilis)}


def power(share: str = "1/2", **vote: object) -> Power:
    title = {"en": "t", "kk": "t", "ru": "t"}
    return Power.model_validate({"id": "p", "subject": "laws", "title": title, "vote": {"share": share, **vote}})


# ---------------------------------------------------------------------- the law's own list


@pytest.mark.parametrize(
    ("name", "needed", "motion"),
    [
        ("prime-minister", 50, None),
        ("no-confidence", 50, 20),
        ("minister-removed", 66, 33),
        ("insist", 66, None),
        ("constitutional-law", 66, None),
        ("veto", 66, None),
        ("veto-constitutional", 74, None),
        ("constitution", 74, None),
        ("treason-charge", 50, 33),
        ("removal", 74, None),
        ("court-referral", 30, None),
    ],
)
def test_votes_needed_in_the_mazhilis_of_2023(
    found: dict[str, ChamberDecision], name: str, needed: int, motion: int | None
) -> None:
    assert (found[name].needed, found[name].motion) == (needed, motion)
    assert found[name].rule.article


def test_the_quorum_is_two_thirds_and_one_party_can_withhold_it(found: dict[str, ChamberDecision]) -> None:
    assert found["law"].quorum == 66
    assert found["law"].absent == ("amanat",)
    assert found["court-referral"].quorum is None


def test_who_passes_and_blocks_in_2023(found: dict[str, ChamberDecision]) -> None:
    law, veto = found["law"].analysis, found["veto"].analysis
    assert law is not None
    assert veto is not None
    assert (law.alone, law.vetoes) == (("amanat",), ("amanat",))
    assert (veto.alone, veto.vetoes) == ((), ("amanat",))
    assert veto.winning.lines == 6  # with each of five parties, or with any four of seven independents
    assert veto.independents == 7


def test_an_opposition_can_move_no_confidence_but_not_carry_it(found: dict[str, ChamberDecision]) -> None:
    movers = found["no-confidence"].movers
    assert movers is not None
    without = [c for c in movers.listed if "amanat" not in c.parties]
    assert without
    assert all(c.seats >= 20 for c in without)
    analysis = found["no-confidence"].analysis
    assert analysis is not None
    assert all("amanat" in c.parties for c in analysis.winning.listed)


def test_the_other_chamber_is_measured_by_its_own_book(found: dict[str, ChamberDecision]) -> None:
    partner = found["veto"].partners[0]
    assert (partner.chamber, partner.members, partner.needed) == ("kz/senate", 50, 34)
    assert not found["insist"].partners


def test_decisions_without_a_vote_say_who_takes_them(found: dict[str, ChamberDecision]) -> None:
    dissolution = found["dissolution"]
    assert (dissolution.needed, dissolution.analysis, dissolution.rule.by) == (None, None, "head-of-state")
    assert set(dissolution.rule.consequence) == {"en", "kk", "ru"}


@pytest.mark.parametrize(
    ("day", "needed", "partner"),
    [("1999-10-10", 52, True), ("2004-09-19", 52, True), ("2007-08-18", 54, False), ("2016-03-20", 54, False)],
)
def test_no_confidence_took_two_thirds_of_both_chambers_before_2007(day: str, needed: int, partner: bool) -> None:
    law = load("kz/mazhilis").on(date.fromisoformat(day))
    rule = next(p for p in powers_of(law) if p.id == "no-confidence")
    decision = decide(rule, ChamberSeats({"a": 10}, 0, members_by_law(law)), law.day)
    assert (decision.needed, bool(decision.partners)) == (needed, partner)


def test_the_kurultai_of_2026_in_figures() -> None:
    law = load("kz/kurultai").on(date(2026, 8, 23))
    needed = {p.id: decide(p, ChamberSeats({"a": 145}, 0, 145), law.day) for p in powers_of(law)}
    votes = {name: needed[name].needed for name in ("law", "constitutional-law", "veto", "veto-constitutional")}
    assert votes == {"law": 73, "constitutional-law": 97, "veto": 97, "veto-constitutional": 109}
    assert needed["no-confidence"].motion == 29
    assert needed["law"].quorum == 97
    assert needed["constitution"].rule.by == "voters"
    assert not any(d.partners for d in needed.values())


def test_what_2026_changed() -> None:
    before = powers_of(load("kz/mazhilis").on(date(2026, 6, 30)))
    after = powers_of(load("kz/kurultai").on(date(2026, 7, 1)))
    changes = {c.id: c for c in power_changes(before, after)}
    assert changes["vice-president"].before is None
    assert changes["insist"].after is None
    assert changes["constitution"].after is not None
    assert changes["constitution"].after.by == "voters"
    assert "no-confidence" not in changes
    assert not power_changes(before, before)


def test_reforms_of_the_mazhilis_are_dated(mazhilis: Outcome) -> None:
    days = {r.day.year: {c.id for c in r.changes} for r in report(mazhilis).reforms}
    assert "no-confidence" in days[2007]
    assert "decree-powers" in days[2017]
    assert {"law", "insist"} <= days[2023]


# ---------------------------------------------------------------------- every book


@pytest.mark.parametrize("name", books())
def test_every_power_of_every_version_is_cited_and_marked(name: str) -> None:
    book = load(name)
    for day in book.days:
        law = book.on(day)
        for rule in powers_of(law):
            assert rule.article.split()[0] in law.sources, rule.id
            assert all((rule.title or {}).get(code) for code in ("en", "kk", "ru"))
            doubtful = rule.sureness in ("secondary", "unverified")
            note = (rule.vote.note if rule.vote is not None and rule.vote.cite else "") or rule.note
            assert note or not doubtful, rule.id
            assert rule.vote is None or 0 < rule.vote.share < 1


@pytest.mark.parametrize(
    ("law", "day", "name", "needed"),
    [
        ("md/parliament", "2025-09-28", "prime-minister", 51),
        ("md/parliament", "2025-09-28", "constitution", 68),
        ("es/congress", "2019-04-28", "prime-minister", 176),
        ("es/congress", "2019-04-28", "constitution", 210),
        ("lt/seimas", "2016-10-09", "veto", 71),
        ("lt/seimas", "2016-10-09", "constitution", 94),
        ("cz/chamber", "2021-10-08", "no-confidence", 101),
        ("cz/chamber", "2021-10-08", "constitution", 120),
        ("no/storting", "2021-09-13", "constitution", 113),
        ("mn/khural", "2024-06-28", "constitution", 95),
    ],
)
def test_votes_needed_elsewhere(law: str, day: str, name: str, needed: int) -> None:
    held = load(law).on(date.fromisoformat(day))
    members = members_by_law(held)
    rule = next(p for p in powers_of(held) if p.id == name)
    assert decide(rule, ChamberSeats({"a": 1}, 0, members), held.day).needed == needed


def test_a_chamber_whose_book_fills_a_part_is_not_measured_by_it() -> None:
    rule = next(p for p in powers_of(load("es/congress").on(date(2019, 4, 28))) if p.id == "constitution")
    partner = decide(rule, ChamberSeats({"a": 350}, 0, 350), date(2019, 4, 28)).partners[0]
    assert (partner.members, partner.needed) == (None, None)


# ---------------------------------------------------------------------- arithmetic of a decision


def test_a_majority_of_those_present_falls_with_the_quorum() -> None:
    rule = power(of="present", quorum="1/2", **{"quorum-comparison": "more-than"})
    decision = decide(rule, ChamberSeats({"a": 60, "b": 41}, 0, 101), DAY)
    assert (decision.needed, decision.quorum, decision.at_quorum) == (51, 51, 26)
    assert decision.absent == ("a",)


def test_members_whom_the_outcome_does_not_give_vote_each_alone() -> None:
    decision = decide(power(), ChamberSeats({"a": 30, "b": 10}, 0, 100), DAY)
    assert decision.unknown == 60
    assert decision.analysis is not None
    assert decision.analysis.independents == 60
    assert decision.analysis.alone == decision.analysis.vetoes == ()
    assert decision.analysis.winning.lines == 4


def test_a_chamber_without_known_seats_has_votes_needed_but_no_analysis() -> None:
    decision = decide(power("2/3", comparison="at-least", motion="1/5"), ChamberSeats({}, 0, 145), DAY)
    assert (decision.needed, decision.motion) == (97, 29)
    assert decision.analysis is decision.movers is None


@given(
    seats=st.lists(st.integers(1, 40), min_size=1, max_size=5),
    alone=st.integers(0, 3),
    share=st.sampled_from(["1/2", "2/3", "3/4", "3/5", "1/5"]),
    comparison=st.sampled_from(["at-least", "more-than"]),
)
@settings(max_examples=60, deadline=None)
def test_a_decision_agrees_with_every_subset(seats: list[int], alone: int, share: str, comparison: str) -> None:
    parties = {f"p{i}": n for i, n in enumerate(seats)}
    members = sum(seats) + alone
    decision = decide(power(share, comparison=comparison), ChamberSeats(parties, alone, members), DAY)
    needed = decision.needed
    assert needed is not None
    enough = Fraction(share) * members
    assert needed >= enough if comparison == "at-least" else needed > enough
    assert needed == 1 or not (needed - 1 >= enough if comparison == "at-least" else needed - 1 > enough)
    assert decision.analysis is not None
    assert set(decision.analysis.alone) == {p for p, n in parties.items() if n >= needed}
    everyone = [*seats, *[1] * alone]
    wins = sum(
        1
        for size in range(len(everyone) + 1)
        for chosen in combinations(range(len(everyone)), size)
        if sum(everyone[i] for i in chosen) >= needed
        and all(sum(everyone[i] for i in chosen) - everyone[j] < needed for j in chosen)
    )
    assert decision.analysis.winning.total == wins


def test_a_power_needs_a_vote_or_somebody_else() -> None:
    with pytest.raises(ValueError, match="has a vote"):
        Power.model_validate({"id": "p", "subject": "laws", "title": {"en": "a", "kk": "a", "ru": "a"}})
    with pytest.raises(ValueError, match="en, kk and ru"):
        Power.model_validate({"id": "p", "subject": "laws", "by": "voters", "title": {"en": "a"}})
    assert Vote.model_validate({"share": "2/3"}).share == Fraction(2, 3)


# ---------------------------------------------------------------------- the report


def test_the_report_of_2023(mazhilis: Outcome) -> None:
    made = report(mazhilis)
    data = made.to_json()
    assert (data["members"], data["held"], data["independents"]) == (98, 98, 7)
    assert data["seats"] == {"amanat": 62, "auyl": 8, "respublica": 6, "aq-jol": 6, "ppk": 5, "nsdp": 4}
    lists = made.contests["list"].figures
    assert lists["wasted_votes"] == Fraction(146431, 6118150)
    assert float(lists["gallagher"] or 0) == pytest.approx(0.021888, abs=1e-6)
    assert made.chamber is not None
    assert sum(made.chamber.seats.values()) == 91
    assert data["thresholds"][0]["exclusion"]["exact"] == "1/20"
    assert {d["id"] for d in data["decisions"]} == {d.id for d in made.decisions}
    assert data["government"] == [{"parties": ["amanat"], "independents": 0, "seats": 62}]


def test_independents_stand_each_alone_in_the_indices() -> None:
    found = indices_of({"a": 60, "b": 40}, {"a": 6, "b": 2}, alone=2)
    assert found.figures["effective_number_seats"] == Fraction(100, 36 + 4 + 2)
    assert found.figures["loosemore_hanby"] == Fraction(1, 5)
    assert found.figures["dhondt"] is None


def test_a_single_office_has_indices_and_no_decisions() -> None:
    case = open_case("president-2015")
    made = report(count(case.own_law(), case))
    assert made.decisions == []
    assert made.chamber is None
    assert parliament_tables(made) == []


def test_governments_are_listed_from_the_smallest() -> None:
    case = open_case("snemovna-2021")
    found = formation(decisions(count(case.own_law(), case)))
    assert [c.seats for c in found.coalitions] == [108, 109, 143]
    assert found.fall is not None
    assert found.fall.motion == 50


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
@pytest.mark.parametrize("case", ["mazhilis-2023", "kurultai-2026", "senate-2023", "seimas-2016"])
def test_tables_in_three_languages(case: str, language: str) -> None:
    election = open_case(case)
    tables = parliament_tables(report(count(election.own_law(), election)), language)
    assert tables
    for table in tables:
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert not any("{" in cell.text or "None" in cell.text for row in table.rows for cell in row)


def test_another_language_is_refused(mazhilis: Outcome) -> None:
    with pytest.raises(ValueError, match="no language"):
        parliament_tables(report(mazhilis), "de")


def test_indices_need_every_seat_of_their_contest() -> None:
    case = open_case("seimas-2016")
    outcome = count(case.own_law(), case)
    assert any(question.contest == "single" for question in outcome.undetermined)
    assert set(report(outcome).contests) == {"list"}


def test_all_that_can_block_are_counted_and_not_only_the_smallest(
    mazhilis: Outcome, found: dict[str, ChamberDecision]
) -> None:
    """Of 98 votes 66 are needed: without Amanat (62) all five other parties and four of seven single members block."""
    analysis = found["minister-removed"].analysis
    assert analysis is not None
    assert len(analysis.blocking.listed) == 2
    shown = "\n".join(str(cell) for table in parliament_tables(report(mazhilis)) for row in table.rows for cell in row)
    assert "Auyl + Respublica + Aq Jol + PPK + NSDP + 4 of the single members" in shown


def test_no_bar_keeps_a_list_out_that_may_join_a_lone_one(mazhilis: Outcome) -> None:
    inclusion = {b.contest: b.thresholds.inclusion for b in report(mazhilis).barriers}
    assert inclusion == {"list": 0}
    seimas = open_case("seimas-2016")
    (barrier,) = report(count(seimas.own_law(), seimas)).barriers
    assert barrier.thresholds.inclusion < Fraction(5, 100)
    assert barrier.thresholds.exclusion >= Fraction(5, 100)
