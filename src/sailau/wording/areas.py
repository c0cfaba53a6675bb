"""An outcome by area: in every region, district or polling station who came first, by how much, and who has its seats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from sailau.counting.papers import party_of
from sailau.tabulation import base_of
from sailau.tabulation.turnout import turnout_of
from sailau.wording import document
from sailau.wording.document import Block, Cell, Column, Paragraph, Table
from sailau.wording.language import Words, capital, words
from sailau.wording.names import level_name
from sailau.wording.seats import contest_title
from sailau.wording.view import View

if TYPE_CHECKING:
    from sailau.counting import Outcome
    from sailau.counting.results import ContestOutcome
    from sailau.tabulation import Totals


def levels_of(outcome: Outcome, language: str = "en") -> dict[str, str]:
    """Return the levels of the units of a case, each with its name in a language."""
    said = words(language)
    return {u.level: level_name(u.level, said) for u in outcome.election.units.values() if u.level}


def area_blocks(outcome: Outcome, level: str, language: str = "en") -> list[Block]:
    """Return a table per ballot paper with a row for every unit of a level whose figures or seats are known.

    Args:
        outcome: of a count.
        level: of the units, such as `district`.
        language: `en`, `kk` or `ru`.
    """
    said = words(language)
    units = [u.id for u in outcome.election.units.values() if u.level == level]
    tables = [table for c in outcome.contests.values() if (table := _table(outcome, c, units, level, said)).rows]
    return [*tables] if tables else [Paragraph(said.say("Neither votes nor seats are known by these units."), "doubt")]


def _table(outcome: Outcome, contest: ContestOutcome, units: Sequence[str], level: str, said: Words) -> Table:
    """Return one ballot paper; columns that are empty in every row are left out."""
    columns = (
        Column(capital(level_name(level, said)), "name"),
        Column(said.say("turnout"), "share"),
        Column(said.say("first"), "name"),
        Column(said.say("share"), "share"),
        Column(said.say("second"), "name"),
        Column(said.say("share"), "share"),
        Column(said.say("lead, votes"), "count"),
        Column(said.say("seats")),
    )
    totals = outcome.plan.tabulation.of(contest.name)
    every = [_row(outcome, contest, totals, unit, said) for unit in units]
    rows = [row for row in every if any(cell.text for cell in row[1:])]
    table = Table(contest_title(outcome.law, contest.name, said), columns, tuple(rows))
    for place in range(len(columns) - 1, 0, -1):
        if rows and not any(row[place].text for row in table.rows):
            table = table.without(place)
    return table


def _row(outcome: Outcome, contest: ContestOutcome, totals: Totals | None, unit: str, said: Words) -> tuple[Cell, ...]:
    view = View(outcome, said)
    votes = _votes(contest, totals, unit)
    base = (base_of(totals, unit, "valid") if totals is not None else None) or sum(votes.values())
    order = sorted(votes, key=lambda option: -votes[option])
    ranked: list[Cell] = []
    for place in range(2):
        option = order[place] if len(order) > place and votes[order[place]] else None
        name = Cell() if option is None else document.name(view.name(option))
        share = None if option is None or not base else Fraction(votes[option], base)
        ranked += [name, document.share(said, share)]
    lead = votes[order[0]] - votes[order[1]] if len(order) > 1 and votes[order[0]] else None
    turnout = document.share(said, turnout_of(totals, unit).share)
    seats = Cell(_seats(outcome, contest, unit, view))
    return document.name(view.unit(unit)), turnout, *ranked, document.count(said, lead), seats


def _votes(contest: ContestOutcome, totals: Totals | None, unit: str) -> dict[str, int]:
    """Return the votes of a unit by option, none where they are not known."""
    if unit in contest.districts and contest.districts[unit].votes:
        return dict(contest.districts[unit].votes)
    if totals is None or not totals.reports(unit):
        return {}
    options = totals.items[: totals.electable]
    return {option: votes for option in options if (votes := totals.figure(unit, option))}


def _seats(outcome: Outcome, contest: ContestOutcome, unit: str, view: View) -> str:
    """Return who has the seats of a unit, or of the districts in it, the largest first."""
    seats: dict[str, int] = {}
    for district in _districts(outcome, contest, unit):
        for option, number in contest.districts[district].seats.items():
            seats[option] = seats.get(option, 0) + number
    held = sorted((option for option in seats if seats[option]), key=lambda option: -seats[option])
    if all(seats[option] == 1 for option in held) and len(held) == 1:
        return _with_party(outcome, held[0], view)
    return ", ".join(f"{view.name(option)} {view.words.number(seats[option])}" for option in held)


def _with_party(outcome: Outcome, option: str, view: View) -> str:
    party = party_of(option, outcome.election)
    return view.name(option) if party == option else f"{view.name(option)} ({view.name(party)})"


def _districts(outcome: Outcome, contest: ContestOutcome, unit: str) -> Iterable[str]:
    """Return the districts of a contest that are a unit or lie in it."""
    if unit in contest.districts:
        return (unit,)
    return tuple(district for district in contest.districts if district and _within(outcome, district, unit))


def _within(outcome: Outcome, unit: str, other: str) -> bool:
    while unit and unit != other:
        held = outcome.election.units.get(unit)
        unit = held.parent if held is not None else ""
    return unit == other
