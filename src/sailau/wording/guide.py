"""What stands on the pages of the law, told as a guide, with what each formula means."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from sailau.wording.language import Words, marked, words
from sailau.wording.notes import note_in

if TYPE_CHECKING:
    from sailau.rulebook.schema import Formula, Law

PAGE = {
    "made": marked(
        "Made from the rule book `{file}`; do not edit. Every rule carries its article, the votes "
        "it governs and a mark for how sure it is."
    ),
    "lives": marked("This law governs votes from {since}."),
    "lived": marked("This law governed votes from {since} and before {until}."),
    "seats": marked("Members: {number}."),
    "short": marked("In short"),
    "contents": marked("Contents"),
    "marks": marked("How sure a rule is"),
    "from": marked("votes from {since}"),
    "before": marked("votes before {until}"),
    "between": marked("votes from {since}, before {until}"),
    "one-day": marked("the vote of {since}"),
    "in-force": marked("in force {day}"),
    "note": marked("Note:"),
    "questions": marked("Open questions and notes"),
    "questions-intro": marked(
        "What the text leaves open, what was not verified, and what is done about it here. Each of "
        "these is a setting: {command} shows what another answer would change."
    ),
    "reforms": marked("What the reforms changed"),
    "reform-intro": marked(
        "The law for the vote of {before} beside the law for the vote of {after}: {count} rules differ."
    ),
    "reform-none": marked("no such rule"),
    "sources": marked("Sources"),
    "other-languages": marked("In other languages:"),
    "index-title": marked("Laws, annotated"),
    "in-english": marked("{note} (in English)"),
}
MARKS = {
    "statute": marked("read in the text of the law or an official document"),
    "reported": marked("reported by the press or the authority; the text was not read"),
    "secondary": marked("from one second-hand source"),
    "unverified": marked("not verified: the rule is a setting that can be changed"),
}
SIGNS = {"statute": "●", "reported": "◐", "secondary": "○", "unverified": "?"}
"""Confidence → its sign on a page."""
COLUMNS = (marked("Rule"), marked("Before"), marked("After"), marked("Article"))
CHAPTERS = {
    "seats": (
        marked("How seats are filled"),
        marked(
            "Each ballot paper is counted on its own, in these steps. Numbers are exact: nothing is "
            "rounded unless the law says so."
        ),
    ),
    "persons": (
        marked("Who takes the seats"),
        marked("How a seat that a list won becomes a person's, and what happens when it falls vacant."),
    ),
    "vote": (marked("Who may vote"), marked("All of these must hold on polling day.")),
    "stand": (
        marked("Who may stand"),
        marked("Conditions of a person. Where a fact is not known, {command} answers “undecided” and names it."),
    ),
    "register": (marked("To be registered: persons"), marked("Papers, deadlines and limits that a candidate meets.")),
    "lists": (marked("To be registered: lists"), marked("What a party list must contain.")),
    "serve": (marked("To take up the mandate"), marked("Asked of those who were elected.")),
    "parties": (marked("Registering a party"), marked("The day that matters is that of the application.")),
    "money": (marked("Deposits and campaign money"), marked("Sums are multiples of the minimum wage of the year.")),
    "calendar": (
        marked("Deadlines"),
        marked(
            "{command} turns them into dates. “Full days” marks where the commission in practice "
            "leaves whole days between, so that the deadline falls one day earlier."
        ),
    ),
    "ballots": (
        marked("Ballot papers and voting"),
        marked("What a voter receives, a valid mark, hours, voting elsewhere, at home and abroad."),
    ),
    "campaign": (marked("The campaign"), marked("Who may campaign, equal access, polls, silence.")),
    "commissions": (marked("Election commissions"), marked("From the highest down.")),
    "observers": (marked("Observers"), marked("Who may observe, with which rights and duties.")),
    "complaints": (
        marked("Complaints"),
        marked("Days count from the event; the day of the event decides which rules hold."),
    ),
    "powers": (marked("What the chamber decides"), marked("Majorities, and what others decide about the chamber.")),
    "held": (marked("Elections held"), marked("Days that the authority set, beside the deadlines of the law.")),
}
"""Chapter → its title and the sentence below it, in the order in which a voter meets the law."""
_GLOSSES = {
    "dhondt": marked("The votes of each list are divided by 1, 2, 3 …; the seats go to the largest results."),
    "sainte-lague": marked("The votes of each list are divided by 1, 3, 5 …; the seats go to the largest results."),
    "modified-sainte-lague": marked("The votes are divided by {first}, 3, 5 …; the seats go to the largest results."),
    "largest-remainder": marked("A seat costs {price}; a list gets one for every whole price that its votes pay."),
    "majority": marked("An absolute majority is asked; where nobody has it, see the second round."),
    "question": marked("The answers are counted; see adoption."),
    "biproportional": marked("Seats fit both the lists' votes in the whole and the seats of each district."),
    "declared": marked("Not computed: the winners are those whom the authority announced."),
}
"""Formula → what it means to somebody who hears of it for the first time."""
_PRICES = {
    "hare": marked("the votes of the lists that take part, divided by the seats"),
    "droop": marked("the next whole number above the votes divided by the seats plus one"),
    "hagenbach-bischoff": marked("the votes divided by the seats plus one"),
    "imperiali": marked("the votes divided by the seats plus two"),
}
_COMMANDS = {"stand": "`sailau vet`", "calendar": "`sailau calendar`", "questions-intro": "`sailau count CASE --set …`"}
"""Text → the command that it names."""


def on_page(key: str, said: Words, **values: str) -> str:
    """Return a text of a page."""
    return said.say(PAGE[key], **values, **({"command": _COMMANDS[key]} if key in _COMMANDS else {}))


def chapter_title(chapter: str, said: Words) -> str:
    """Return the title of a chapter."""
    return said.say(CHAPTERS[chapter][0])


def chapter_intro(chapter: str, said: Words) -> str:
    """Return the sentence below the title of a chapter."""
    command = _COMMANDS.get(chapter)
    intro = CHAPTERS[chapter][1]
    return said.say(intro, command=command) if command else said.say(intro)


def gloss(formula: Formula, said: Words) -> str:
    """Return what a formula means; empty where its name says it."""
    sentence = _GLOSSES.get(formula.method)
    if sentence is None:
        return ""
    values = {
        "largest-remainder": {"price": said.say(_PRICES.get(formula.quota, _PRICES["hare"]))},
        "modified-sainte-lague": {"first": said.divisor(formula.first or Fraction(7, 5))},
    }
    return said.say(sentence, **values.get(formula.method, {}))


def translated(note: str, language: str, law: Law) -> str:
    """Return a note of a book in a language; one that is not translated stays English and says so."""
    known = note_in(note, language, law)
    return words(language).say(PAGE["in-english"], note=note) if known is None else known
