"""How many seats a contest, a district and a tier have, and what they are called on a screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sailau.election.model import INDEPENDENT
from sailau.wording.language import Words, marked, text_in

if TYPE_CHECKING:
    from sailau.counting import Outcome
    from sailau.rulebook import Law

CONTESTS = {
    "list": marked("Party lists"),
    "single": marked("Single-member districts"),
    "block": marked("Multi-member districts"),
    "question": marked("Question"),
    "assembly": marked("Assembly of the People"),
}
TIERS = {
    "list": marked("list seats"),
    "single": marked("district seats"),
    "block": marked("district seats"),
    "levelling": marked("levelling seats"),
    "second": marked("second scrutiny"),
    "question": marked("question"),
    "assembly": marked("seats of the Assembly of the People"),
}


def contest_title(law: Law, contest: str, words: Words) -> str:
    """Return what a ballot paper is called: its title in the rule book, a usual word, or the body that is elected."""
    held = law.contest_of(contest)
    if held is not None and held.title is not None:
        return text_in(held.title, words.language, contest)
    stem, _, number = contest.rpartition("-")
    if contest in CONTESTS:
        return words.say(CONTESTS[contest])
    if stem in CONTESTS and number.isdigit():
        return f"{words.say(CONTESTS[stem])} {number}"
    return text_in(law.body.name, words.language, contest) if len(law.contests) == 1 else contest


def tier_title(law: Law, tier: str, words: Words) -> str:
    """Return what the seats of a tier are called."""
    held = law.tiers.get(tier)
    if held is not None and held.title is not None:
        return text_in(held.title, words.language, tier)
    if tier in TIERS:
        return words.say(TIERS[tier])
    return contest_title(law, held.contest, words) if held is not None else tier


def contest_name(outcome: Outcome, contest: str, words: Words) -> str:
    """Return what a contest of an outcome is called, with what became of a question."""
    text = contest_title(outcome.law, contest, words)
    if contest not in outcome.questions:
        return text
    verdicts = {
        "adopted": marked("adopted"),
        "rejected": marked("rejected"),
        "invalid": marked("not valid"),
        None: marked("not determined"),
    }
    return words.say("{name} – {verdict}", name=text, verdict=words.say(verdicts[outcome.questions[contest]]))


def contest_seats(outcome: Outcome, contest: str) -> int:
    """Return the seats of a contest: what the law gives, or what was filled where that is more or not known."""
    filled = sum(outcome.contests[contest].seats.values())
    held = outcome.plan.held[contest]
    if held.ballot == "question":
        return 0
    return max(filled, sum(_tier_total(outcome, contest, tier.id) for tier in outcome.law.tiers_of(held.id)))


def _tier_total(outcome: Outcome, contest: str, tier_id: str) -> int:
    tier, plan = outcome.law.tiers[tier_id], outcome.plan
    paper = plan.papers.get(contest)
    if tier.transfer is not None:
        return 0
    if tier.levelling is not None:
        return tier.levelling.per_district * (len(paper.districts) if paper is not None else 0)
    if paper is None:
        return (tier.seats.value or 0) * (tier.seats.districts or _districts(outcome, contest))
    seats = plan.seats.get((contest, tier_id))
    if seats is not None:
        return max(int(seats.sum()), (tier.seats.value or 0) * (tier.seats.districts or 0))
    apportion = tier.seats.apportion
    return apportion.total - apportion.set_aside * len(paper.districts) if apportion is not None else 0


def _districts(outcome: Outcome, contest: str) -> int:
    """Return how many districts of a contest the case knows, at least one."""
    from sailau.counting.papers import districts_of

    return max(len(districts_of(outcome.plan.held[contest], outcome.election)), 1)


def district_seats(outcome: Outcome, contest: str, unit: str) -> int:
    """Return the seats of a district: what its steps say, or what was filled where that is more."""
    filled = sum(outcome.contests[contest].districts[unit].seats.values())
    said = [
        int(s.values["seats"]) for s in outcome.steps if s.unit == unit and s.contest == contest and "seats" in s.values
    ]
    return max([filled, *said])


@dataclass(frozen=True, slots=True)
class TierSeats:
    """Seats of one tier: `name` is an English sentence of the catalogue."""

    name: str
    seats: int


def tier_seats(outcome: Outcome, contest: str, option: str) -> list[TierSeats]:
    """Return an option's seats by tier where one ballot paper fills several tiers in turn, first tier first."""
    later = {t.id: t for t in outcome.law.tiers_of(outcome.plan.held[contest].id) if t.levelling or t.transfer}
    if not later:
        return []
    placed = dict.fromkeys(later, 0)
    for step in outcome.steps:
        if step.contest == contest and step.code in ("levelling-place", "transfer-place") and option in step.rows:
            placed[step.tier] += int(step.rows[option].get("seats", 1))
    first = outcome.contests[contest].seats.get(option, 0) - sum(placed.values())
    names = {t: marked("levelling") if later[t].levelling else marked("second scrutiny") for t in later}
    return [TierSeats(marked("districts"), first), *(TierSeats(names[t], n) for t, n in placed.items())]


def members(outcome: Outcome, contest: str, option: str) -> list[str]:
    """Return the options of a contest whose seats count for a party: itself and its candidates."""
    held, election = outcome.contests[contest], outcome.election
    found = []
    for name in dict.fromkeys([*held.votes, *held.seats]):
        person = election.candidates.get(name)
        party = (person.party or INDEPENDENT) if person is not None else name
        if option in (name, party):
            found.append(name)
    return found


def contests_of(outcome: Outcome, option: str) -> list[str]:
    """Return the contests in which an option stands, or persons of it do: list votes before districts."""
    names = [name for name in outcome.contests if members(outcome, name, option)]
    ballots = {name: outcome.plan.held[name].ballot for name in names}
    return sorted(names, key=lambda n: ("question", "list", "candidates").index(ballots[n]))
