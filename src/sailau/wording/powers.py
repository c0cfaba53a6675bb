"""Powers of a chamber as sentences: who decides, by which majority, on whose motion, with whom, and what follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sailau.wording.language import Words, marked, text_in

if TYPE_CHECKING:
    from sailau.rulebook.powers import Partner, Power, Vote

_BY = {
    "chamber": marked("the chamber"),
    "joint-sitting": marked("joint sitting"),
    "head-of-state": marked("head of state"),
    "government": marked("Government"),
    "voters": marked("the voters"),
}
_MAJORITIES = {
    ("more-than", "all-members"): marked("more than {share} of all members"),
    ("more-than", "present"): marked("more than {share} of those present"),
    ("more-than", "voting"): marked("more than {share} of the votes cast"),
    ("at-least", "all-members"): marked("at least {share} of all members"),
    ("at-least", "present"): marked("at least {share} of those present"),
    ("at-least", "voting"): marked("at least {share} of the votes cast"),
}


def decides(power: Power, words: Words) -> str:
    """Say who takes a decision."""
    return words.say(_BY[power.by])


def majority(rule: Vote | Partner, words: Words) -> str:
    """Say which majority carries a decision: more than 1/2 of all members."""
    return words.say(_MAJORITIES[rule.comparison, rule.of], share=words.part(rule.share))


def power(rule: Power, words: Words, *, members: int | None = None, chamber: Callable[[str], str] | None = None) -> str:
    """Say who decides, with which majority, on whose motion, with whom, and what follows.

    Args:
        rule: of the rule book.
        words: of the language.
        members: of the chamber where they are known: then the votes needed are said, too.
        chamber: what another chamber is called, by the id of its law; by default nothing tells it from others.
    """
    parts = [] if rule.by == "chamber" else [decides(rule, words)]
    if rule.vote is not None:
        parts += _vote(rule.vote, words, rule.vote.members or members, chamber)
    if rule.negative:
        parts.append(words.say("the vote stops what otherwise stands"))
    then = text_in(rule.consequence, words.language, "")
    return "; ".join([*parts, *([then] if then else [])])


def _vote(vote: Vote, words: Words, members: int | None, chamber: Callable[[str], str] | None) -> list[str]:
    text = majority(vote, words)
    if members is not None and vote.of == "all-members":
        part = members * vote.share
        more = vote.comparison == "more-than"
        needed = part.numerator // part.denominator + 1 if more else -(-part.numerator // part.denominator)
        text = f"{text} ({words.number(needed)}/{words.number(members)})"
    parts = [text]
    if vote.motion is not None:
        parts.append(words.say("moved by {share} of the members", share=words.part(vote.motion)))
    if vote.motion_members is not None:
        parts.append(words.plural("moved by {n} member", "moved by {n} members", vote.motion_members))
    if vote.quorum is not None:
        parts.append(words.say("quorum {share}", share=words.part(vote.quorum)))
    for partner in vote.with_:
        if chamber is None:
            parts.append(words.say("another chamber must agree"))
        else:
            parts.append(f"{chamber(partner.chamber)}: {majority(partner, words)}")
    return list(dict.fromkeys(parts))
