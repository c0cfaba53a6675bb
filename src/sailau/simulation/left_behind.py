"""What of a law could not be carried over to the votes of a case, or only changed: all of it is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sailau.election.model import WHOLE
from sailau.rulebook import Law
from sailau.rulebook.schema import Tier
from sailau.simulation.transplant import Settings, Votes, list_contest


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a transplant that must be said.

    Attributes:
        provision: path in the law compared, such as `list.threshold`.
        code: its sentence in the room `wording`.
        values: what is put into it.
        cite: article of the provision.
        lost: the provision could not be carried over; else it was, but not as it stands.
    """

    provision: str
    code: str
    values: tuple[tuple[str, date | int | str | None], ...] = ()
    cite: str = ""
    lost: bool = True


def remark(
    provision: str, code: str, cite: str = "", *, lost: bool = True, **values: date | int | str | None
) -> Remark:
    """Return a remark by its code."""
    return Remark(provision, code, tuple(values.items()), cite, lost)


def remarks(law: Law, settings: Settings, votes: Votes) -> list[Remark]:
    """Return what of a law could not be carried over, and what was carried over changed; own law: nothing."""
    contest = list_contest(law)
    assert contest is not None
    tiers = law.tiers_of(contest)
    main = next(t for t in tiers if not t.seats.rest)
    found = list(_about_law(law, votes))
    found += [remark(t.id, "other-ballot", t.cite, tier=t.id, seats=_size(t)) for t in law.tier if t.contest != contest]
    theirs = _list_seats(law, tiers)
    if theirs != votes.seats:
        found.append(remark(f"{main.id}.seats", "seats-kept", main.seats.cite, theirs=theirs, ours=votes.seats))
    found += _about_districts(law, contest, main, settings, votes)
    for tier in tiers:
        if tier.levelling is not None and settings["districts"]["how"] == "whole":
            found.append(remark(tier.id, "nothing-to-level", tier.levelling.cite, tier=tier.id))
        if tier.transfer is not None and settings["districts"]["how"] == "whole":
            found.append(remark(tier.id, "one-scrutiny", tier.transfer.cite, lost=False))
    found += _about_ballots(settings["ballots"], main, votes)
    if main.mandates is not None:
        found.append(remark(f"{main.id}.mandates", "persons", main.mandates.cite))
    return found


def _about_law(law: Law, votes: Votes) -> Iterator[Remark]:
    if law.id != votes.outcome.law.id and law.day != votes.election.day:
        yield remark("", "other-day", day=law.day, lost=False)


def _size(tier: Tier) -> int | None:
    value, districts = tier.seats.value, tier.seats.districts
    return (value or 1) * districts if districts else value


def _list_seats(law: Law, tiers: Sequence[Tier]) -> int | None:
    """Return the list seats a law itself has; None where the case gives them."""
    each = [law.seats(tier) for tier in tiers]
    if None in each:
        return law.body.seats if len(law.tier) == len(tiers) else None
    return sum(seats for seats in each if seats is not None) or None


def _about_districts(law: Law, contest: str, main: Tier, settings: Settings, votes: Votes) -> Iterator[Remark]:
    level, how = law.contests[contest].level, settings["districts"]["how"]
    path = f"{main.id}.seats"
    if level and how == "whole":
        yield remark(path, "no-districts", main.seats.cite, level=level)
        if main.threshold is not None and main.threshold.area != "whole":
            yield remark(f"{main.id}.threshold.area", "bar-in-whole", main.threshold.cite, lost=False)
        if main.formula.method == "biproportional":
            yield remark(f"{main.id}.formula", "one-district-matrix", main.formula.cite, lost=False)
    elif level and how == "own":
        yield remark(path, "own-districts", main.seats.cite, number=len(votes.magnitudes), lost=False)
    elif how == "level":
        yield remark(path, "level-districts", main.seats.cite, level=level, lost=False)
    if main.exhaustion is not None and votes.in_districts and how == "whole" and votes.election.candidates:
        yield remark(f"{main.id}.exhaustion", "lists-by-district", main.exhaustion.cite)


def _about_ballots(ballots: tuple[str, str], main: Tier, votes: Votes) -> Iterator[Remark]:
    for line, place in zip(("@against_all", "@blank"), ballots, strict=True):
        number = votes.totals.figure(WHOLE, line)
        if number and place != "keep":
            cite = main.threshold.cite if main.threshold is not None else main.cite
            yield remark(
                f"{main.id}.threshold.base", f"{line[1:]}-{place}".replace("_", "-"), cite, count=number, lost=False
            )
