"""What became of an election in a sentence: status, open questions, what was changed for a what-if."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sailau.wording.language import Words, counted, marked, words
from sailau.wording.majority import QUESTIONS, open_names
from sailau.wording.names import provision_name, show_value
from sailau.wording.seats import contest_title
from sailau.wording.view import View

if TYPE_CHECKING:
    from sailau.counting import Outcome, Undetermined

STATUSES = {
    "final": marked("Final: votes and law decide every seat."),
    "partial": marked("Partial: some votes are not known, or a condition cannot be checked."),
    "undetermined": marked("Undetermined: votes and law leave something open."),
    "invalid": marked("Not valid: too few voters took part."),
}
_FINAL_QUESTION = marked("Final: votes and law give the answer.")
_ANSWERED = {
    "lot": marked("a lot decides; its result is recorded as a decision of the case"),
    "authority": marked("the authority decides; its decision is recorded in the case"),
    "returns": marked("the votes of the further round decide"),
    "none": marked("nothing in the law decides it"),
}


def say_status(outcome: Outcome, language: str = "en") -> str:
    """Return in a sentence whether the outcome is final, and what was only declared."""
    said = words(language)
    declared = sum(outcome.contests[name].declared for name in outcome.declared if name in outcome.contests)
    text = _final(outcome, declared, said) if outcome.status == "final" else said.say(STATUSES[outcome.status])
    if outcome.undetermined:
        text += " " + said.plural("{n} question is open.", "{n} questions are open.", len(outcome.undetermined))
    if declared:
        text += " " + said.plural(
            "{n} seat was declared by the authority, not counted.",
            "{n} seats were declared by the authority, not counted.",
            declared,
        )
    return text


def _final(outcome: Outcome, declared: int, said: Words) -> str:
    """Say that nothing is open: by votes and law, and of how many seats where others were only declared."""
    if outcome.questions and len(outcome.questions) == len(outcome.contests):
        return said.say(_FINAL_QUESTION)
    if not declared:
        return said.say(STATUSES["final"])
    counted = sum(sum(contest.seats.values()) for contest in outcome.contests.values()) - declared
    if not counted:
        return said.say("Nothing was counted from votes.")
    return said.plural("Final: votes and law decide {n} seat.", "Final: votes and law decide {n} seats.", counted)


def say_nothing(language: str = "en") -> str:
    """Return the sentence in place of an empty screen."""
    return words(language).say("Nothing to show: neither the rule book nor the case says anything about this.")


def say_question(asked: Undetermined, outcome: Outcome, language: str = "en") -> str:
    """Return an open question as a sentence: where, between whom, how many seats, and who may answer."""
    said = words(language)
    view = View(outcome, said)
    where = contest_title(outcome.law, asked.contest, said)
    if asked.unit:
        where = f"{where}, {view.unit(asked.unit)}"
    text = f"{where}: {said.say(QUESTIONS[asked.question])}: {open_names(asked, view)}"
    one, many = counted("{n} seat open", "{n} seats open")
    return f"{text}; {said.plural(one, many, asked.seats)}; {said.say(_ANSWERED[asked.answer])}"


def say_questions(asked: Sequence[Undetermined], outcome: Outcome, language: str = "en") -> str:
    """Return several open questions of one kind as one sentence."""
    said = words(language)
    where = contest_title(outcome.law, asked[0].contest, said)
    one, many = counted("{n} seat open", "{n} seats open")
    seats = said.plural(one, many, sum(q.seats for q in asked))
    return f"{where}: {said.say(QUESTIONS[asked[0].question])}; {seats}; {said.say(_ANSWERED[asked[0].answer])}"


def say_synthetic(language: str = "en", *, why: bool = False) -> str:
    """Return the mark of invented figures, with a sentence on what it means where that is asked for."""
    said = words(language)
    mark = said.say("Synthetic data")
    return f"{mark}. {said.say('Invented for a trial; nobody voted like this.')}" if why else mark


def say_whatif(outcome: Outcome, language: str = "en") -> str:
    """Return what was changed for a what-if, beside what the law says; empty for the law as it stands."""
    if not outcome.whatif:
        return ""
    from sailau.rulebook.changes import entries

    said = words(language)
    law = outcome.law
    held = entries(law.book.on(law.day))
    parts = []
    for path, value in outcome.whatif.items():
        found = next((held[p] for p in (path, f"{path}.value", f"{path}.share", f"{path}.method") if p in held), None)
        name = provision_name(path, said, law)
        if found is None:
            parts.append(said.say("{name}: {value}", name=name, value=show_value(value, said)))
        else:
            shown = {"name": name, "value": show_value(value, said), "law": show_value(found.value, said)}
            parts.append(said.say("{name}: {value} (the law says {law})", **shown))
    return said.say("What if, not the law: {changes}.", changes="; ".join(parts))
