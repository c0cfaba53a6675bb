"""Check a count against what the authority announced: official.csv, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sailau.counting.outcome import Outcome
from sailau.election.model import WHOLE


@dataclass(frozen=True, slots=True)
class Difference:
    """One number that is not what was announced."""

    contest: str
    unit: str
    option: str
    official: int
    counted: int


@dataclass(frozen=True, slots=True)
class Check:
    """What a comparison with the official seats found.

    Attributes:
        counted: seats counted from votes that were compared with official ones.
        declared: seats that were only declared, and compared with official ones.
        differences: numbers that differ.
    """

    case: str
    counted: int
    declared: int
    differences: tuple[Difference, ...]

    @property
    def verdict(self) -> str:
        """`agrees`, `differs`, or `nothing verified` where no seat was counted from votes."""
        if self.differences:
            return "differs"
        return "agrees" if self.counted else "nothing verified"

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        from sailau import answers

        return answers.told(answers.CheckAnswer, self)


def check(outcome: Outcome) -> Check:
    """Compare an outcome with the official seats of its case.

    The official table is complete for each contest and level that it names: an option that is not listed has no seat. An
    empty unit is the sum over units; of a question the winning answer has one seat. An answer that the count leaves open is
    not compared.
    """
    election = outcome.election
    official: dict[tuple[str, str], dict[str, int]] = {}
    for award in election.official:
        official.setdefault((award.contest, award.unit), {})[award.option] = award.seats
    # Not a set: the order in which differences are told is the same in every run.
    levels = dict.fromkeys((contest, _level(outcome, unit)) for contest, unit in official)
    for contest, level in levels:
        for unit in _units(outcome, contest, level):
            official.setdefault((contest, unit), {})
    answers = outcome.questions
    sums = {
        contest: _sums(outcome, contest) for contest in dict.fromkeys(c for c, _ in official) if contest not in answers
    }
    compared: dict[tuple[str, str], tuple[int, int]] = {}
    differences: list[Difference] = []
    for (contest, unit), seats in official.items():
        if (
            result := _answer(outcome, contest, unit) if contest in answers else sums[contest].get(unit, ({}, 0))
        ) is None:
            continue
        won, announced = result
        found = _by_listed(outcome, won, seats)
        for option in dict.fromkeys([*seats, *(o for o, n in found.items() if n)]):
            said, here = seats.get(option, 0), found.get(option, 0)
            if said != here:
                differences.append(Difference(contest, unit, option, said, here))
        # Each region's answer to a question is one of its own; a seat is one, at whatever levels it is named.
        place = (contest, "" if contest in outcome.questions else _level(outcome, unit))
        counted, declared = compared.get(place, (0, 0))
        compared[place] = counted + sum(found.values()) - announced, declared + announced
    counted, declared = _once(compared)
    return Check(election.name, counted, declared, tuple(differences))


def _once(compared: Mapping[tuple[str, str], tuple[int, int]]) -> tuple[int, int]:
    """Return seats counted and declared, each seat once: of a contest compared at several levels those of the fullest."""
    fullest: dict[str, tuple[int, int]] = {}
    for (contest, _), numbers in compared.items():
        fullest[contest] = max(fullest.get(contest, (0, 0)), numbers, key=sum)
    return sum(counted for counted, _ in fullest.values()), sum(declared for _, declared in fullest.values())


def _level(outcome: Outcome, unit: str) -> str:
    return outcome.election.units[unit].level if unit in outcome.election.units else ""


def _units(outcome: Outcome, contest: str, level: str) -> list[str]:
    """Return the units of a level that a contest has seats in; the whole stands for itself."""
    if level == "" or contest not in outcome.contests or contest in outcome.questions:
        return []
    return [u for u in outcome.contests[contest].districts if _level(outcome, u) == level]


def _sums(outcome: Outcome, contest: str) -> dict[str, tuple[Mapping[str, int], int]]:
    """Return seats by option in each unit, and how many of them were only declared; units without districts are left out."""
    result = outcome.contests.get(contest)
    seats: dict[str, Counter[str]] = {}
    announced: Counter[str] = Counter()
    for district in result.districts.values() if result is not None else ():
        for unit in _upwards(outcome, district.unit):
            seats.setdefault(unit, Counter()).update(district.seats)
            announced[unit] += sum(district.seats.values()) if district.declared else 0
    return {unit: (won, announced[unit]) for unit, won in seats.items()}


def _upwards(outcome: Outcome, unit: str) -> Iterator[str]:
    """Yield a unit and those it lies in, the whole last."""
    while unit != WHOLE:
        yield unit
        held = outcome.election.units.get(unit)
        unit = held.parent if held is not None else WHOLE
    yield WHOLE


def _answer(outcome: Outcome, contest: str, unit: str) -> tuple[Mapping[str, int], int] | None:
    """Return the winning answer of a question in a district, in a region that the law asks, or in the whole."""
    said = outcome.answers[contest]
    tier = next(t for t in outcome.law.tiers_of(outcome.plan.held[contest].id) if t.adoption)
    assert tier.adoption is not None
    counted = outcome.plan.tabulation.of(contest)
    announced = int(counted is None or not counted.reports(unit))
    if unit == WHOLE or unit in said:
        answer = said.get(unit, outcome.questions[contest])
    else:
        regions = outcome.plan.regions(contest)
        yes, unknown = (False, True) if regions is None else regions.answer_of(tier, unit)
        answer = None if unknown else "adopted" if yes else "rejected"
    if answer is None:
        return None
    if answer == "invalid":
        return {}, 0
    options = outcome.plan.held[contest].answers
    other = next((o for o in options if o != tier.adoption.answer), "no")
    return {tier.adoption.answer if answer == "adopted" else other: 1}, announced


def _by_listed(outcome: Outcome, won: Mapping[str, int], listed: Mapping[str, int]) -> dict[str, int]:
    """Return seats under the ids that the official table uses: candidates, or their parties."""
    found: dict[str, int] = {}
    for option, number in won.items():
        party = outcome.plan.party(option)
        key = option if option in listed or party not in listed else party
        found[key] = found.get(key, 0) + number
    return found
