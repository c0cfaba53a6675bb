"""What of another law could not be carried over to the votes of a case, or only changed, as sentences."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sailau.wording.language import Words, counted, marked
from sailau.wording.names import NONE, level_name
from sailau.wording.seats import tier_title

if TYPE_CHECKING:
    from sailau.rulebook import Law
    from sailau.simulation.left_behind import Remark

REMARKS = {
    "other-ballot": marked("Seats on another ballot paper ({tier}, {seats}) are not compared; the case keeps its own"),
    "seats-kept": marked("Number of list seats kept: {ours} in the case, {theirs} in the law"),
    "no-districts": marked("The returns have no districts of the level “{level}” that fit: the whole is one district"),
    "own-districts": marked(
        "The {number} districts of the case stand in for those of the law, with the seats they have in the case"
    ),
    "level-districts": marked("Districts are the units of level “{level}”; their seats follow the law's own rule"),
    "bar-in-whole": marked("The bar by district is measured in the whole, the only district"),
    "one-district-matrix": marked("With one district the double-proportional rule is its division among lists"),
    "lists-by-district": marked(
        "Lists have their candidates by district: that one runs out in the whole cannot be told"
    ),
    "nothing-to-level": marked(
        "Levelling seats ({tier}) are left out with their bar: one district leaves nothing to level"
    ),
    "one-scrutiny": marked("Both scrutinies are held in one district"),
    "persons": marked("Which persons take the seats is not compared"),
    "other-day": marked("The law was not in force on the day of the vote; its version of {day} is used"),
}
_BALLOTS = {
    "against-all-out": counted(
        "{n} ballot against all is no valid vote under this law and leaves the base",
        "{n} ballots against all are no valid votes under this law and leave the base",
    ),
    "against-all-blank": counted(
        "{n} ballot against all counts as a blank ballot, which this law keeps in the base",
        "{n} ballots against all count as blank ballots, which this law keeps in the base",
    ),
    "against-all-spoilt": counted(
        "{n} ballot against all is no valid vote under this law, but stays in its base, all ballots cast",
        "{n} ballots against all are no valid votes under this law, but stay in its base, all ballots cast",
    ),
    "blank-spoilt": counted(
        "{n} blank ballot is no valid vote under this law, but stays in its base, all ballots cast",
        "{n} blank ballots are no valid votes under this law, but stay in its base, all ballots cast",
    ),
    "blank-out": counted(
        "{n} blank ballot is no valid vote under this law and leaves the base",
        "{n} blank ballots are no valid votes under this law and leave the base",
    ),
}
CODES = (*REMARKS, *_BALLOTS)
"""Codes of the room `simulation` that can be said."""


def say_remark(remark: Remark, law: Law, words: Words) -> str:
    """Return a remark about a law as a sentence.

    Args:
        remark: of `sailau.simulation`.
        law: that was carried over.
        words: of the language.
    """
    if remark.code in _BALLOTS:
        return words.plural(*_BALLOTS[remark.code], int(str(dict(remark.values)["count"])))
    shown = {name: _shown(name, value, law, words) for name, value in remark.values}
    return words.say(REMARKS[remark.code], **shown)


def _shown(name: str, value: object, law: Law, words: Words) -> str:
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, int):
        return words.number(value)
    if name == "tier":
        return tier_title(law, str(value), words)
    return level_name(str(value), words) if name == "level" else NONE if value is None else str(value)
