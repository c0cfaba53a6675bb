"""Whom an explanation can be asked for: parties, candidates, answers and districts, by id or by any of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailau.naming import Names
from sailau.wording.language import LANGUAGES, words
from sailau.wording.view import option_name

if TYPE_CHECKING:
    from sailau.counting import Outcome


def resolve_option(outcome: Outcome, option: str) -> str:
    """Return the id of a party, candidate, answer or district given by id or by name.

    Raises:
        ValueError: none is called so; the message lists what there is.
    """
    standing = explainable(outcome)
    asked = standing.find(option) or find_unit(outcome, option)
    if asked is None:
        raise ValueError(standing.expected(option, f"nobody is called “{option}”: expected an option"))
    return asked


def find_option(outcome: Outcome, wanted: str) -> str | None:
    """Return the id of a party, candidate, answer or district by any of its names; None where nothing is called so."""
    found = explainable(outcome).find(wanted)
    return find_unit(outcome, wanted) if found is None else found


def find_unit(outcome: Outcome, wanted: str) -> str | None:
    """Return the id of a district in which seats are filled, by any of its names; None where none is called so."""
    return explainable_units(outcome).find(wanted)


def explainable(outcome: Outcome) -> Names:
    """Return what stood in an election, with names in all languages: lists, candidates, answers."""
    election = outcome.election
    names: dict[str, list[str]] = {}
    for option in known_options(outcome):
        names[option] = [option_name(election, option, words(code)) for code in LANGUAGES]
        names[option] += election.names_of(option)
    return Names(names)


def explainable_units(outcome: Outcome) -> Names:
    """Return the districts in which seats are filled, with their names in all languages."""
    units = [unit for unit in outcome.election.units.values() if _has_steps(outcome, unit.id)]
    return Names({unit.id: list(unit.names.values()) for unit in units})


def known_options(outcome: Outcome) -> list[str]:
    """Return the ids that can be explained: those with seats first, then lists, then everybody else who stood."""
    stood = [o for c in outcome.contests.values() for o in dict.fromkeys([*c.votes, *c.seats])]
    return list(
        dict.fromkeys([*(o for o, n in outcome.seats.items() if n), *outcome.election.parties, *outcome.seats, *stood])
    )


def _has_steps(outcome: Outcome, unit: str) -> bool:
    return any(unit in units for units in outcome.steps_by_unit.values())
