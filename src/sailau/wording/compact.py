"""One line for one district: who won there, and with what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sailau.wording.language import counted
from sailau.wording.majority import QUESTIONS
from sailau.wording.view import Line, View, by_votes, measured

if TYPE_CHECKING:
    from sailau.counting import Step

_TELLING = (
    "declared",
    "second-round",
    "open",
    "majority",
    "most-votes",
    "quotients",
    "whole",
    "matrix",
    "single-qualifier",
)
"""Steps that say who won, the most telling first."""


def district_line(view: View, contest: str, unit: str, steps: Sequence[Step]) -> Line:
    """Return one district in one line.

    Args:
        view: of the outcome.
        contest: the ballot paper.
        unit: the district.
        steps: of that district, in order.
    """
    by_code = {s.code: s for s in steps}
    won = _winners(view, contest, unit)
    telling = next((s for c in _TELLING for s in steps if s.code == c and _says(s)), None)
    if telling is None:
        return Line(_named(view, unit, won or view.words.say("no seat")), *_marks(steps[-1] if steps else None))
    if telling.code == "open":
        text = _open(view, telling, by_code.get("majority") or by_code.get("most-votes"))
    elif telling.code in ("second-round", "most-votes"):
        text = _by_votes(view, telling)
    elif telling.code == "majority":
        text = _by_majority(view, contest, telling)
    elif telling.code == "declared":
        text = f"{won} ({view.words.say('declared by the authority, not counted')})"
    else:
        text = f"{won}{_edge(view, telling)}"
    return Line(_named(view, unit, text), *_marks(telling))


def _says(step: Step) -> bool:
    return step.code != "majority" or any(r.passed for r in step.rows.values())


def _marks(step: Step | None) -> tuple[str, str, str]:
    return ("", "statute", "") if step is None else (step.cite, step.confidence, step.note)


def _named(view: View, unit: str, text: str) -> str:
    return f"{view.unit(unit)}: {text}"


def _person(view: View, option: str) -> str:
    """Return a candidate with the party in brackets."""
    person = view.outcome.election.candidates.get(option)
    if person is None or person.party not in view.outcome.election.parties:
        return view.name(option)
    return f"{view.name(option)} ({view.name(person.party)})"


def _winners(view: View, contest: str, unit: str) -> str:
    district = view.outcome.contests[contest].districts.get(unit)
    if district is None:
        return ""
    seats = {o: n for o, n in district.seats.items() if n}
    order = sorted(seats, key=lambda o: (-seats[o], -district.votes.get(o, 0)))
    return ", ".join(f"{_person(view, o)} {view.words.number(seats[o])}" for o in order)


def _by_votes(view: View, step: Step) -> str:
    words, ranked = view.words, by_votes(step.rows)
    won = [f"{_person(view, o)} {words.number(r.votes)}" for o, r in ranked if r.elected]
    others = [(o, r) for o, r in ranked if not r.elected]
    text = ", ".join(won) or words.say("nobody elected")
    if others:
        text += "; " + words.say(
            "next {name} {votes}", name=_person(view, others[0][0]), votes=words.number(others[0][1].votes)
        )
    return f"{words.say('second round')}: {text}" if step.code == "second-round" else text


def _by_majority(view: View, contest: str, step: Any) -> str:
    option, row = next((o, r) for o, r in by_votes(step.rows) if r.passed)
    text = measured(view, contest, row.votes, step.base, step.base_name, step.share)
    return f"{_person(view, option)}, {text}"


def _open(view: View, step: Any, before: Step | None) -> str:
    """Say between whom something is open, with the votes they have."""
    parts = []
    for option in step.among:
        row = before.rows.get(option) if before is not None else None
        votes = f" {view.words.number(row.votes)}" if row is not None else ""
        parts.append(f"{_person(view, option)}{votes}")
    text = ", ".join(parts)
    if step.beside:
        sure = view.names(step.beside)
        text = view.words.plural(
            "{sure} with {n} of {names}", "{sure} with {n} of {names}", step.seats, sure=sure, names=text
        )
    return f"{view.words.say(QUESTIONS[step.question])}: {text}"


def _edge(view: View, step: Any) -> str:
    """Say what the last seat of a district cost."""
    words = view.words
    if step.code == "quotients" and step.smallest is not None and step.power == 1:
        text = words.say("the last seat was won with {quotient}", quotient=words.number(step.smallest))
        return f"; {text}"
    if step.code == "whole":
        text = words.say("quota {quota}", quota=words.number(step.quota))
        left = step.left
        if left > 0:
            one, many = counted("{n} seat left by whole quotas", "{n} seats left by whole quotas")
            text += f", {words.plural(one, many, left)}"
        return f"; {text}"
    return ""
