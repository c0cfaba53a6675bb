"""The result as a table: votes, shares and seats by list or candidate, ready as text."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from sailau.counting.swing import valid_votes
from sailau.rulebook.sheet import Table
from sailau.wording.language import Words, text_in, words
from sailau.wording.names import figure_name
from sailau.wording.seats import contest_name, contest_title, contests_of, members
from sailau.wording.view import YES, View

if TYPE_CHECKING:
    from sailau.counting import Outcome
    from sailau.counting.outcome import ContestOutcome

_ROWS = 16
"""Longer tables keep who has a seat or one vote in a hundred, and add up the rest."""
_SMALL = Fraction(1, 100)
_OUTSIDE = ("@against_all", "@blank")


def summary(outcome: Outcome, language: str = "en") -> list[Table]:
    """Return the result of an outcome as tables: one for each question, else a single one.

    A chamber is shown by party with a column of seats for each ballot paper; an office and a question by option.

    Args:
        outcome: of a count.
        language: `en`, `kk` or `ru`.
    """
    said = words(language)
    if outcome.questions and len(outcome.questions) == len(outcome.contests):
        return [_question(outcome, c, said) for c in outcome.contests.values()]
    held = list(outcome.contests.values())
    if len(held) == 1 and not _is_list(outcome, held[0]) and len(held[0].districts) <= 1:
        return [_candidates(outcome, held[0], said)]
    return [_parties(outcome, said)]


def _is_list(outcome: Outcome, contest: ContestOutcome) -> bool:
    return outcome.plan.held[contest.name].ballot == "list"


def _share(said: Words, votes: int, base: int) -> str:
    return said.percent(Fraction(votes, base)) if base else ""


def _base(outcome: Outcome, contest: ContestOutcome) -> int:
    """Return what shares are shown of: the law's base, else all valid votes, those against all included."""
    return contest.base or valid_votes(outcome, contest.name) or sum(contest.votes.values())


# ---------------------------------------------------------------------- questions, offices


def _question(outcome: Outcome, contest: ContestOutcome, said: Words) -> Table:
    """Return a question: its answers, and what became of it in the title."""
    view = View(outcome, said)
    columns = (said.say("answer"), said.say("votes"), said.say("share"))
    rows = [(view.name(o), said.number(v), _share(said, v, _base(outcome, contest))) for o, v in contest.votes.items()]
    return Table(contest_name(outcome, contest.name, said), columns, tuple(rows))


def _candidates(outcome: Outcome, contest: ContestOutcome, said: Words) -> Table:
    """Return an office: candidates, votes, who is elected."""
    view, base = View(outcome, said), _base(outcome, contest)
    columns = [said.say("candidate"), said.say("votes"), said.say("share")]
    if contest.second:
        columns.append(said.say("second round"))
    columns.append(said.say("elected"))
    rows = []
    names = dict.fromkeys([*contest.votes, *contest.seats])
    for option in sorted(names, key=lambda o: -contest.votes.get(o, 0)):
        votes = contest.votes.get(option)
        row = [
            view.name(option),
            "" if votes is None else said.number(votes),
            "" if votes is None else _share(said, votes, base),
        ]
        if contest.second:
            row.append(said.number(contest.second[option]) if option in contest.second else "")
        rows.append((*row, YES if contest.seats.get(option) else ""))
    further = [(*row, *[""] * (len(columns) - 3)) for row in _outside(outcome, contest, said)]
    return Table(contest_title(outcome.law, contest.name, said), tuple(columns), (*rows, *further))


def _outside(outcome: Outcome, contest: ContestOutcome, said: Words) -> list[tuple[str, str, str]]:
    """Return the lines that are valid votes for nobody."""
    totals = outcome.plan.tabulation.of(contest.name)
    rows = []
    for line in _OUTSIDE if totals is not None else ():
        figure = totals.figure("", line) if totals is not None else None
        if figure is not None:
            rows.append((figure_name(line, said), said.number(figure), _share(said, figure, _base(outcome, contest))))
    return rows


# ---------------------------------------------------------------------- chambers


def _parties(outcome: Outcome, said: Words) -> Table:
    """Return a chamber by party: votes and share of the list vote, seats by ballot paper, all seats."""
    view = View(outcome, said)
    lists = next((c for c in outcome.contests.values() if _is_list(outcome, c) and c.votes), None)
    filled = [c for c in outcome.contests.values() if sum(c.seats.values()) or c.votes]
    by_party = {name: {c.name: _seats(outcome, c, name) for c in filled} for name in outcome.seats}
    persons = outcome.law.body.single_office
    columns = [said.say("list") if lists is not None else said.say("candidate") if persons else said.say("party")]
    if lists is not None:
        columns += [said.say("votes"), said.say("share")]
    several = len(filled) > 1
    if several:
        columns += [contest_title(outcome.law, c.name, said) + ("*" if c.declared else "") for c in filled]
    columns.append(said.say("seats"))
    rows, others = [], []
    base = None if lists is None else _base(outcome, lists)
    polled: Mapping[str, int] = lists.votes if lists is not None else {}
    for party, seats in sorted(outcome.seats.items(), key=lambda item: (-item[1], -polled.get(item[0], 0))):
        votes = lists.votes.get(party) if lists is not None else None
        small = votes is None or lists is None or Fraction(votes, base or 1) < _SMALL
        if len(outcome.seats) > _ROWS and not seats and small:
            others.append(party)
            continue
        rows.append(_party_row(said, view.name(party), base, votes, by_party[party] if several else {}, seats))
    if others:
        total = sum(lists.votes.get(o, 0) for o in others) if lists is not None else None
        name = said.plural("{n} other", "{n} others", len(others))
        rows.append(_party_row(said, name, base, total, dict.fromkeys(by_party[others[0]], 0) if several else {}, 0))
    if lists is not None:
        rows += [(*row, *[""] * (len(columns) - 3)) for row in _outside(outcome, lists, said)]
    if rows:
        tiers = [sum(c.seats.values()) for c in filled] if several else []
        rows.append(_total(said, base, tiers, sum(outcome.seats.values())))
    declared = any(c.declared for c in filled)
    note = said.say("* declared by the authority, not counted") if declared and several else ""
    return Table(text_in(outcome.law.body.name, said.language, outcome.law.id), tuple(columns), tuple(rows), note)


def _seats(outcome: Outcome, contest: ContestOutcome, party: str) -> int:
    if contest.name not in contests_of(outcome, party):
        return 0
    return sum(contest.seats.get(o, 0) for o in members(outcome, contest.name, party))


def _party_row(
    said: Words, name: str, base: int | None, votes: int | None, tiers: Mapping[str, int], seats: int
) -> tuple[str, ...]:
    row = [name]
    if base is not None:
        row += [said.number(votes), _share(said, votes, base)] if votes is not None else ["", ""]
    return (*row, *(said.number(n) for n in tiers.values()), said.number(seats))


def _total(said: Words, base: int | None, tiers: list[int], seats: int) -> tuple[str, ...]:
    row = [said.say("all")]
    if base is not None:
        row += [said.number(base), ""]
    return (*row, *(said.number(n) for n in tiers), said.number(seats))
