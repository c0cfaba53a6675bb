"""EL 97-1(5), third part: women, youth and persons with disabilities take at least 30 per cent of a party's mandates."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mandates.cases import lines, listed, mazhilis
from sailau.counting import count
from sailau.election import open_case
from sailau.election.files import CASES
from sailau.mandates import assign
from sailau.mandates.quota import mandates_needed, propose, weight
from sailau.nomination.quota import tally_of
from sailau.nomination.subjects import Subject, When
from sailau.rulebook import amend
from sailau.rulebook.mandates import MandateQuota
from sailau.wording.mandates import mandate_tables

DAY = date(2023, 3, 19)
ALPHABET = "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ"


def quota(**more: object) -> MandateQuota:
    return MandateQuota.model_validate({"groups": ["women", "youth", "disability"], "share": "30%", **more})


def born(years: int, days: int = 0) -> When:
    """Return the birth date of somebody who turns so old on polling day (or so many days later)."""
    day = date(DAY.year - years, DAY.month, DAY.day + days)
    return When(day, day)


@pytest.mark.parametrize(
    ("seats", "rounding", "needed"), [(10, "up", 3), (8, "up", 3), (8, "down", 2), (11, "nearest", 3), (1, "up", 1)]
)
def test_30_per_cent_of_mandates_is_rounded_as_the_setting_says(seats: int, rounding: str, needed: int) -> None:
    assert mandates_needed(quota(rounding=rounding), seats) == needed


def test_a_person_of_two_groups_counts_once_unless_the_setting_says_otherwise() -> None:
    young_woman = Subject("person", "a", sex="F", born=born(25))
    assert weight(quota(), young_woman, DAY) == 1
    assert weight(quota(persons="each-group"), young_woman, DAY) == 2


@pytest.mark.parametrize(("until", "days", "counts"), [(35, 0, 0), (35, 1, 1), (29, 0, 0), (29, 1, 1)])
def test_the_birthday_on_polling_day_ends_youth(until: int, days: int, counts: int) -> None:
    person = Subject("person", "a", sex="M", born=born(until, days))
    assert weight(quota(youth_under=until), person, DAY) == counts


# ---------------------------------------------------------------- checked in a case


def rows(sexes: str) -> list[tuple[object, ...]]:
    return listed(ALPHABET[: len(sexes)], sexes)


def check_of(folder: Path, sexes: str, votes: int, **more: object):
    mandates = assign(mazhilis(folder, rows(sexes), votes=votes), **more)  # type: ignore[arg-type]
    return next(q for q in mandates.quotas if q.place.party == "ours"), mandates


def test_exactly_the_share_meets_it(tmp_path: Path) -> None:
    """14 per cent of the votes are ten mandates; three women among the first ten are 30 per cent."""
    found, _ = check_of(tmp_path, "fffmmmmmmmmm", 14)
    assert (found.seats, found.needed, found.low, found.verdict) == (10, 3, 3, "met")
    assert found.proposal is None


def test_one_less_breaks_it_and_the_seats_stay(tmp_path: Path) -> None:
    found, mandates = check_of(tmp_path, "ffmmmmmmmmff", 14)
    assert (found.low, found.verdict) == (2, "undecided"), "disability is not recorded of anybody"
    assert found.missing == ("disability",)
    assert sum(seat.candidate is not None for seat in mandates.of_party("ours")) == 10


def recorded(sexes: str, disability: Sequence[str]) -> list[tuple[object, ...]]:
    return [(*row, flag) for row, flag in zip(rows(sexes), disability, strict=True)]


def test_the_nearest_distribution_displaces_one_person_at_the_cut(tmp_path: Path) -> None:
    people = recorded("ffmmmmmmmmmf", ["no"] * 12)
    mandates = assign(mazhilis(tmp_path, people, columns=",disability", votes=14))
    found = mandates.quotas[0]
    assert found.verdict == "broken"
    proposal = found.proposal
    assert proposal is not None
    assert proposal.out == (("p10", 10),)
    assert proposal.into == (("p12", 12),)
    assert (proposal.low, proposal.further) == (3, 0)
    assert set(proposal.takes) == {f"p{n}" for n in (*range(1, 10), 12)}
    assert mandates.held_by("p10") is not None, "a proposal moves nobody"


def test_a_party_that_has_spoken_gets_no_proposal(tmp_path: Path) -> None:
    people = recorded("ffmmmmmmmmmf", ["no"] * 12)
    outcome = mazhilis(tmp_path, people, columns=",disability", votes=14)
    found = assign(outcome, chosen={"ours": [f"p{n}" for n in range(1, 11)]}).quotas[0]
    assert (found.verdict, found.proposal) == ("broken", None)


def test_a_list_that_cannot_meet_it_is_flagged_not_failed(tmp_path: Path) -> None:
    people = recorded("ffmmmmmmmmmm", ["no"] * 12)
    mandates = assign(mazhilis(tmp_path, people, columns=",disability", votes=14))
    assert mandates.quotas[0].verdict == "impossible"
    assert mandates.quotas[0].proposal is None
    assert "quota-is-impossible" in {f.code for f in mandates.findings}


def test_a_list_shorter_than_its_seats_leaves_it_open_to_nobody(tmp_path: Path) -> None:
    people = recorded("mmm", ["no"] * 3)
    mandates = assign(mazhilis(tmp_path, people, columns=",disability", votes=14))
    assert mandates.quotas[0].verdict == "impossible"


def test_a_guess_in_the_data_is_said(tmp_path: Path) -> None:
    people = [(*row, "guess") for row in rows("fffmmmmmmmmm")]
    mandates = assign(mazhilis(tmp_path, people, columns=",sex_basis", votes=14))
    assert mandates.quotas[0].guessed


def test_the_age_of_youth_is_a_setting_of_the_law(tmp_path: Path) -> None:
    """A man of 30 is young by the default of 35, not by the 29 that the commission counted in 2023."""
    people = [(*row, "no") for row in listed(ALPHABET[:10], "ffmmmmmmmm")]
    people[5] = (*people[5][:7], "1993-01-01", "no")
    outcome = mazhilis(tmp_path, people, columns=",disability", votes=14)
    assert assign(outcome).quotas[0].verdict == "met"
    changed = amend(outcome.law, {"list.mandates.quota.youth-under": 29})
    found = assign(count(changed, outcome.election)).quotas[0]
    assert (found.low, found.verdict) == (2, "impossible")


# ---------------------------------------------------------------- health


def test_health_leaves_only_as_a_count(tmp_path: Path) -> None:
    """The only person besides the women who could count is not named; the party hears that one is missing."""
    people = recorded("ffmmmmmmmmmm", ["no"] * 11 + ["yes"])
    mandates = assign(mazhilis(tmp_path, people, columns=",disability", votes=14))
    found = mandates.quotas[0]
    assert found.verdict == "broken"
    assert found.proposal is not None
    assert (found.proposal.out, found.proposal.into, found.proposal.further) == ((), (), 1)
    text = json.dumps(mandates.to_json(), ensure_ascii=False) + str(mandate_tables(mandates, "en"))
    assert "p12" not in text
    assert '"disability": {"count": 0' in text


def test_who_gives_way_does_not_tell_who_is_disabled(tmp_path: Path) -> None:
    seen = set()
    for place in range(4):
        flags = ["no"] * 14
        flags[2 + place] = "yes"
        people = recorded("fmmmmmmmmmmmff", flags)
        found = assign(mazhilis(tmp_path / str(place), people, columns=",disability", votes=14)).quotas[0]
        assert found.low == 2
        assert found.proposal is not None
        seen.add((found.proposal.out, found.proposal.into))
    assert seen == {((("p10", 10),), (("p13", 13),))}


# ---------------------------------------------------------------- minimal: against every possible choice


def people_of(draw: st.DrawFn) -> list[Subject]:
    sexes = draw(st.lists(st.sampled_from(["F", "M", ""]), min_size=2, max_size=9))
    ages = draw(st.lists(st.sampled_from([25, 50, 0]), min_size=len(sexes), max_size=len(sexes)))
    return [
        Subject("person", f"p{n}", sex=sex, born=born(age) if age else None)
        for n, (sex, age) in enumerate(zip(sexes, ages, strict=True), 1)
    ]


lists_of_people = st.composite(people_of)()


def all_choices(people: list[Subject], seats: int, rule: MandateQuota, wanted: int) -> Iterator[tuple[int, int]]:
    """Yield (persons displaced, sum of places) of every choice of persons that meets the quota."""
    for chosen in combinations(range(len(people)), seats):
        if tally_of(rule.rule(), [people[i] for i in chosen], DAY).low >= wanted:
            yield sum(i >= seats for i in chosen), sum(chosen)


@settings(max_examples=100, deadline=None)
@given(
    lists_of_people, st.integers(1, 8), st.sampled_from(["once", "each-group"]), st.sampled_from(["30%", "1/2", "3/4"])
)
def test_no_other_distribution_is_nearer(people: list[Subject], seats: int, persons: str, share: str) -> None:
    seats = min(seats, len(people))
    rule = quota(groups=["women", "youth"], persons=persons, share=share)
    wanted = mandates_needed(rule, seats)
    best = min(all_choices(people, seats, rule, wanted), default=None)
    found = propose(rule, people, seats, wanted, DAY)
    if found is None:
        assert best is None or best[0] == 0
        return
    if best is None:
        assert found.further > 0
        return
    places = {person.id: place for place, person in enumerate(people)}
    assert (len(found.into), sum(places[who] for who in found.takes)) == best
    assert found.further == 0


# ---------------------------------------------------------------- a whole list of 2026


def test_the_lists_of_2026_under_an_invented_result(tmp_path: Path) -> None:
    """The seven real lists, votes invented: every party keeps to the alphabet, and its quota is checked by counts."""
    source = CASES / "kurultai-2026"
    for name in ("parties.csv", "candidates.csv", "case.toml", "returns.csv"):
        (tmp_path / name).write_text((source / name).read_text(encoding="utf-8"), encoding="utf-8")
    election = open_case(tmp_path)
    votes = [("", "list", party, 1000 - 100 * place) for place, party in enumerate(election.parties)]
    (tmp_path / "returns.csv").write_text(lines("unit,contest,item,count", votes), encoding="utf-8")
    election = open_case(tmp_path)
    mandates = assign(count(election.own_law(), election))
    assert mandates.open == sum(s.basis == "vacant" for s in mandates.seats)
    assert len(mandates.seats) == 145
    for found in mandates.quotas:
        assert found.needed == -(-found.seats * 3 // 10)
        if found.low < found.needed and found.proposal is not None and found.proposal.further == 0:
            assert found.proposal.low == found.needed
            assert len(found.proposal.into) == found.needed - found.low
