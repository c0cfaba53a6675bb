"""The library's verbs for people who have a name at hand: laws by id, cases by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sailau.counting import Outcome, Plan
from sailau.counting import compile as compile_plan
from sailau.counting import count as count_election
from sailau.election import Election, open_case
from sailau.rulebook import Law, books, load

if TYPE_CHECKING:
    from sailau.simulation.comparing import Comparison
    from sailau.simulation.report import Report
    from sailau.wording.document import Block


def law(name: str, *, on: date | str) -> Law:
    """Return a law as it stands on a polling day.

    Args:
        name: id of a shipped law, or the path of a rule book (`./law.toml`).
        on: the day of the (first-round) vote, a date or `"2023-03-19"`.

    Raises:
        BadInput: no such law, a faulty book, or a day that the law does not govern.
    """
    return load(name).on(date.fromisoformat(on) if isinstance(on, str) else on)


def _both(first: Law | Election | str | Path, election: Election | str | Path | None) -> tuple[Law, Election]:
    if isinstance(first, Law):
        if election is None:
            raise TypeError("expected a law and an election, or the name of a case")
        return first, election if isinstance(election, Election) else open_case(election)
    if election is not None:
        raise TypeError("expected a law first: sailau.law(name, on=day)")
    case = first if isinstance(first, Election) else open_case(first)
    return case.own_law(), case


def count(
    law_or_case: Law | Election | str | Path,
    election: Election | str | Path | None = None,
    *,
    changes: Mapping[str, str | int] | None = None,
) -> Outcome:
    """Count an election under a law: `count(law, election)`, or `count("my-case")` under the case's own.

    Args:
        law_or_case: a law, or a case (name, path or election) that is counted under its own law.
        election: the case, where a law is given.
        changes: provisions changed for a what-if, `{"list.threshold.share": "7%"}`; the outcome says so.

    Returns:
        The outcome with seats, status, open questions and every step.

    Raises:
        BadInput: with all faults of the case or the law.
    """
    chosen, case = _both(law_or_case, election)
    if changes:
        from sailau.rulebook.changes import amend

        chosen = amend(chosen, changes)
    return count_election(chosen, case)


def compile(law_or_case: Law | Election | str | Path, election: Election | str | Path | None = None) -> Plan:
    """Compile a law for an election, to count many elections at once: `compile(law, election)` or `compile(case)`.

    Raises:
        BadInput: with all faults of the case or the law.
    """
    return compile_plan(*_both(law_or_case, election))


def shipped_cases() -> dict[str, str]:
    """Return the shipped elections: name → title in English."""
    from sailau.election.files import titles

    return {name: called[0] if called else name for name, called in titles().items()}


def shipped_laws() -> dict[str, str]:
    """Return the shipped laws: id → what is elected, in English."""
    return {name: _english(load(name).own["body"]["name"], name) for name in books()}


def _english(names: Mapping[str, str], other: str) -> str:
    """Return the English name of a thing, or any it has."""
    return names.get("en") or next(iter(names.values()), other)


def html(shown: Outcome | Report | Comparison | Election, language: str = "en") -> str:
    """Return the screen of a count, a simulation, a comparison or a case as HTML: what a notebook shows.

    Args:
        shown: what `count`, `simulate`, `compare` or `open_case` returned.
        language: `en`, `kk` or `ru`.
    """
    from sailau.wording import rendering
    from sailau.wording.document import Document

    return rendering.html(Document(tuple(_blocks(shown, language)), language))


def _blocks(shown: Outcome | Report | Comparison | Election, language: str) -> list[Block]:
    from sailau import wording
    from sailau.wording.document import Note

    if isinstance(shown, Outcome):
        return wording.say_result(shown, language)
    if isinstance(shown, Election):
        from sailau.wording.case import say_case

        return say_case(count_election(shown.own_law(), shown), language)
    from sailau.simulation.report import Report

    if isinstance(shown, Report):
        from sailau.wording.simulation import report_notes, report_tables

        return [*report_tables(shown, language), *map(Note, report_notes(shown, language))]
    from sailau.wording.under_laws import comparison_tables

    return [*comparison_tables(shown, language)]
