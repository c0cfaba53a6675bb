"""The result as a table: votes, shares and seats by list or candidate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from sailau.counting.papers import party_of
from sailau.wording import document
from sailau.wording.answers import say_question, say_status, say_synthetic, say_whatif
from sailau.wording.beside import OUTSIDE
from sailau.wording.document import Block, Cell, Column, Heading, Kind, Note, Paragraph, Table
from sailau.wording.findings import say_finding
from sailau.wording.language import Words, text_in, words
from sailau.wording.names import figure_name
from sailau.wording.seats import contest_name, contest_title
from sailau.wording.turnout import say_turnout
from sailau.wording.view import YES, View, option_short

if TYPE_CHECKING:
    from sailau.counting import Outcome
    from sailau.counting.results import ContestOutcome

_ROWS = 16
"""Longer tables keep who has a seat or one vote in a hundred, and add up the rest."""
_SMALL = Fraction(1, 100)


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


_ASKED, _FINDINGS = 12, 8
"""Open questions and findings that a screen shows."""


def say_result(outcome: Outcome, language: str = "en") -> list[Block]:
    """Return the screen of a count: title, tables, what-if, open questions, findings, status.

    Args:
        outcome: of a count.
        language: `en`, `kk` or `ru`.
    """
    blocks: list[Block] = [Heading(text_in(outcome.election.titles, language, outcome.law.id))]
    if outcome.election.synthetic:
        blocks.append(Paragraph(say_synthetic(language, why=True), "bad"))
    blocks += [table if table.rows else Paragraph(table.title) for table in summary(outcome, language)]
    if turnout := say_turnout(outcome, language=language):
        blocks.append(Paragraph(turnout))
    if outcome.whatif:
        blocks.append(Paragraph(say_whatif(outcome, language), "doubt"))
    asked = [f"? {say_question(question, outcome, language)}" for question in outcome.undetermined]
    blocks += [Paragraph(text, "doubt") for text in _first(asked, _ASKED)]
    blocks += [
        Note(text)
        for text in _first(
            [f"! {say_finding(f, language, outcome.election, outcome.law)}" for f in outcome.findings], _FINDINGS
        )
    ]
    return [*blocks, Paragraph(say_status(outcome, language), "good" if outcome.status == "final" else "doubt")]


def _first(texts: list[str], number: int) -> list[str]:
    return [*texts[:number], *([f"… +{len(texts) - number}"] if len(texts) > number else [])]


def _is_list(outcome: Outcome, contest: ContestOutcome) -> bool:
    return outcome.plan.held[contest.name].ballot == "list"


def _share(said: Words, votes: int | None, base: int | None) -> Cell:
    return document.share(said, None if votes is None or not base else Fraction(votes, base))


def _figures(said: Words, votes: int | None, base: int | None) -> tuple[Cell, Cell]:
    """Return votes and their share; both empty where the votes are not known."""
    return document.count(said, votes), _share(said, votes, base)


_EMPTY = Cell()


def _base(outcome: Outcome, contest: ContestOutcome) -> int:
    """Return what shares are shown of: the law's base, else all valid votes, those against all included."""
    return contest.base or outcome.valid_votes(contest.name) or sum(contest.votes.values())


# ---------------------------------------------------------------------- questions, offices


def _question(outcome: Outcome, contest: ContestOutcome, said: Words) -> Table:
    """Return a question: its answers, and what became of it in the title."""
    view = View(outcome, said)
    columns = document.heads(((said.say("answer"), "name"), *_votes_and_share(said)))
    base = _base(outcome, contest)
    rows = [(document.name(view.name(o)), *_figures(said, v, base)) for o, v in contest.votes.items()]
    return Table(contest_name(outcome, contest.name, said), columns, tuple(rows))


def _votes_and_share(said: Words) -> tuple[tuple[str, Kind], ...]:
    return (said.say("votes"), "count"), (said.say("share"), "share")


def _candidates(outcome: Outcome, contest: ContestOutcome, said: Words) -> Table:
    """Return an office: candidates, votes, who is elected."""
    view, base = View(outcome, said), _base(outcome, contest)
    columns = list(document.heads(((said.say("candidate"), "name"), *_votes_and_share(said))))
    if contest.second:
        columns.append(Column(said.say("second round"), "count"))
    columns.append(Column(said.say("elected")))
    rows = []
    names = dict.fromkeys([*contest.votes, *contest.seats])
    for option in sorted(names, key=lambda o: -contest.votes.get(o, 0)):
        row = [document.name(view.name(option)), *_figures(said, contest.votes.get(option), base)]
        if contest.second:
            row.append(document.count(said, contest.second.get(option)))
        rows.append((*row, Cell(YES if contest.seats.get(option) else "")))
    further = [(*row, *[_EMPTY] * (len(columns) - 3)) for row in _outside(outcome, contest, said)]
    return Table(contest_title(outcome.law, contest.name, said), tuple(columns), (*rows, *further))


def _outside(outcome: Outcome, contest: ContestOutcome, said: Words) -> list[tuple[Cell, ...]]:
    """Return the lines that are valid votes for nobody."""
    totals = outcome.plan.tabulation.of(contest.name)
    rows: list[tuple[Cell, ...]] = []
    for line in OUTSIDE if totals is not None else ():
        figure = totals.figure("", line) if totals is not None else None
        if figure is not None:
            rows.append((document.name(figure_name(line, said)), *_figures(said, figure, _base(outcome, contest))))
    return rows


# ---------------------------------------------------------------------- chambers


def _parties(outcome: Outcome, said: Words) -> Table:
    """Return a chamber by party: votes and share of the list vote, seats by ballot paper, all seats."""
    view = View(outcome, said)
    lists = next((c for c in outcome.contests.values() if _is_list(outcome, c) and c.votes), None)
    filled = [c for c in outcome.contests.values() if sum(c.seats.values()) or c.votes]
    by_party = _seats(outcome, filled)
    persons = outcome.law.body.single_office
    first = said.say("list") if lists is not None else said.say("candidate") if persons else said.say("party")
    columns = list(document.heads(((first, "name"), *(_votes_and_share(said) if lists is not None else ()))))
    several = len(filled) > 1
    if several:
        columns += [
            Column(contest_title(outcome.law, c.name, said) + ("*" if c.declared else ""), "seats") for c in filled
        ]
    columns.append(Column(said.say("seats"), "seats"))
    rows, others = [], []
    base = None if lists is None else _base(outcome, lists)
    polled: Mapping[str, int] = lists.votes if lists is not None else {}
    for party, seats in sorted(outcome.seats.items(), key=lambda item: (-item[1], -polled.get(item[0], 0))):
        votes = lists.votes.get(party) if lists is not None else None
        small = votes is None or lists is None or Fraction(votes, base or 1) < _SMALL
        if len(outcome.seats) > _ROWS and not seats and small:
            others.append(party)
            continue
        name = document.name(view.name(party), option_short(outcome.election, party, said))
        rows.append(_party_row(said, name, (base, votes), by_party[party] if several else {}, seats))
    if others:
        total = sum(lists.votes.get(o, 0) for o in others) if lists is not None else None
        name = document.name(said.plural("{n} other", "{n} others", len(others)))
        tiers_of_none = dict.fromkeys(by_party[others[0]], 0) if several else {}
        rows.append(_party_row(said, name, (base, total), tiers_of_none, 0))
    if lists is not None:
        rows += [(*row, *[_EMPTY] * (len(columns) - 3)) for row in _outside(outcome, lists, said)]
    if rows:
        tiers = [sum(c.seats.values()) for c in filled] if several else []
        rows.append(_total(said, base, tiers, sum(outcome.seats.values())))
    declared = any(c.declared for c in filled)
    note = said.say("* declared by the authority, not counted") if declared and several else ""
    return Table(text_in(outcome.law.body.name, said.language, outcome.law.id), tuple(columns), tuple(rows), note)


def _seats(outcome: Outcome, contests: Sequence[ContestOutcome]) -> Mapping[str, Mapping[str, int]]:
    """Return party → contest → seats; a candidate's count for the party, and for the candidate where that is asked."""
    seats = {party: dict.fromkeys((c.name for c in contests), 0) for party in outcome.seats}
    for contest in contests:
        for option, number in contest.seats.items():
            for party in {option, party_of(option, outcome.election)}:
                if party in seats:
                    seats[party][contest.name] += number
    return seats


def _party_row(
    said: Words, name: Cell, figures: tuple[int | None, int | None], tiers: Mapping[str, int], seats: int
) -> tuple[Cell, ...]:
    """Return a row; `figures` are the base of shares, None where no list votes are shown, and the party's votes."""
    base, votes = figures
    row = [name, *(_figures(said, votes, base) if base is not None else ())]
    return (*row, *(document.seats(said, n) for n in tiers.values()), document.seats(said, seats))


def _total(said: Words, base: int | None, tiers: list[int], seats: int) -> tuple[Cell, ...]:
    row = [document.name(said.say("all")), *((document.count(said, base), _EMPTY) if base is not None else ())]
    return (*row, *(document.seats(said, n) for n in tiers), document.seats(said, seats))
