"""A case as it lies there: what is known of each ballot paper, who took part, what does not add up, notes and sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sailau.tabulation.turnout import turnout_of
from sailau.wording import document
from sailau.wording.document import Block, Cell, Column, Heading, Items, Paragraph, Table
from sailau.wording.findings import say_finding
from sailau.wording.language import Words, text_in, words
from sailau.wording.names import law_name
from sailau.wording.seats import contest_title
from sailau.wording.turnout import say_turnout

if TYPE_CHECKING:
    from sailau.counting import Outcome

_FINDINGS = 40


def say_case(outcome: Outcome, language: str = "en") -> list[Block]:
    """Return the screen of a case.

    Args:
        outcome: of its count under its own law.
        language: `en`, `kk` or `ru`.
    """
    said, election = words(language), outcome.election
    blocks: list[Block] = [Heading(text_in(election.titles, language, election.name))]
    blocks.append(Paragraph(f"{law_name(outcome.law, said)}, {said.day(election.day)}"))
    blocks.append(_known(outcome, said))
    for contest in outcome.contests:
        text = say_turnout(outcome, contest, language)
        if text:
            blocks.append(Paragraph(f"{contest_title(outcome.law, contest, said)}: {text}"))
    findings = [say_finding(f, language, election, outcome.law) for f in outcome.findings]
    if findings:
        blocks += [Heading(said.say("Findings"), 2), Items(tuple(findings[:_FINDINGS]))]
        if len(findings) > _FINDINGS:
            blocks.append(Paragraph(f"… +{len(findings) - _FINDINGS}"))
    if election.notes:
        # What a case notes stands in its file in one language, which readers of another are told.
        blocks += [Heading(said.say("Notes (as the case has them)"), 2), Items(tuple(election.notes))]
    if election.sources:
        columns = (Column(said.say("Sources"), "name"), Column(""))
        rows = tuple((document.name(str(s.get("title", ""))), Cell(str(s.get("url", "")))) for s in election.sources)
        blocks.append(Table("", columns, rows))
    return blocks


def _known(outcome: Outcome, said: Words) -> Table:
    """Return for each ballot paper in how many of its districts votes are known, and how many seats were only declared."""
    heads = (
        Column(said.say("contest"), "name"),
        Column(said.say("districts"), "count"),
        Column(said.say("with votes"), "count"),
        Column(said.say("lists or candidates"), "count"),
        Column(said.say("seats counted"), "seats"),
        Column(said.say("only declared"), "seats"),
    )
    rows = tuple(
        (
            document.name(contest_title(outcome.law, name, said)),
            *(document.count(said, number) for number in _numbers(outcome, name)),
        )
        for name in outcome.contests
    )
    return Table(said.say("What is known"), heads, rows)


def _numbers(outcome: Outcome, name: str) -> tuple[int, int, int, int, int]:
    """Return districts, those with votes, options, seats counted and seats declared."""
    contest = outcome.contests[name]
    reporting = sum(any(district.votes.values()) for district in contest.districts.values())
    seats = sum(contest.seats.values())
    options = len({**contest.votes, **contest.seats})
    return len(contest.districts), reporting, options, seats - contest.declared, contest.declared


def case_json(outcome: Outcome) -> dict[str, Any]:
    """Return the same as data."""
    names = ("districts", "with_votes", "options", "seats_counted", "seats_declared")
    election = outcome.election
    contests = {}
    for name in outcome.contests:
        turnout = turnout_of(outcome.plan.tabulation.of(name))
        figures = {"registered": turnout.registered, turnout.measure: turnout.ballots, "invalid": turnout.invalid}
        contests[name] = {**dict(zip(names, _numbers(outcome, name), strict=True)), **figures}
    return {
        "case": election.name,
        "law": election.law,
        "day": election.day.isoformat(),
        "title": dict(election.titles),
        "contests": contests,
        "findings": [say_finding(f, "en", election, outcome.law) for f in outcome.findings],
        "notes": list(election.notes),
        "sources": [dict(source) for source in election.sources],
    }
