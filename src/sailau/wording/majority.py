"""Sentences about single seats, second rounds, turnout, questions and regions, ties and decisions."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from sailau.wording.beside import outside
from sailau.wording.language import counted, marked
from sailau.wording.view import NO, YES, Row, Said, View, base_word, by_votes, measured

if TYPE_CHECKING:
    from sailau.counting import steps


def most_votes(step: steps.MostVotes, view: View) -> list[Said]:
    """Say who has the most votes."""
    words, seats = view.words, int(step.seats)
    number = int(step.candidates)
    if view.option is None:
        text = words.plural(
            "{n} seat goes to the most votes ({candidates} stand)",
            "{n} seats go to the most votes ({candidates} stand)",
            seats,
            candidates=words.number(number),
        )
        rows = tuple(_elected_row(view, o, r) for o, r in by_votes(step.rows))
        return [Said(text, rows + outside(view, step))]
    row = step.rows[view.option]
    votes = int(row.votes)
    if row.tied:
        text = words.plural("{n} vote, as many as another one", "{n} votes, as many as another one", votes)
    elif row.elected and seats == 1:
        one, many = counted(
            "{n} vote, the most of {candidates} who stand: elected",
            "{n} votes, the most of {candidates} who stand: elected",
        )
        text = words.plural(one, many, votes, candidates=words.number(number))
    elif row.elected:
        one, many = counted(
            "{n} vote, among the {seats} with the most of {candidates} who stand: elected",
            "{n} votes, among the {seats} with the most of {candidates} who stand: elected",
        )
        text = words.plural(one, many, votes, seats=words.number(seats), candidates=words.number(number))
    else:
        text = _not_elected(step, view, votes, seats, number)
    return [Said(text)]


def _not_elected(step: steps.MostVotes, view: View, votes: int, seats: int, number: int) -> str:
    words = view.words
    elected = [(o, r) for o, r in by_votes(step.rows) if r.elected]
    if not elected:
        return words.plural("{n} vote: not elected", "{n} votes: not elected", votes)
    last, row = elected[-1]
    if seats == 1:
        one, many = counted("{n} vote, {name} has {most} and is elected", "{n} votes, {name} has {most} and is elected")
    else:
        one, many = counted(
            "{n} vote: not elected; the last of {seats} elected, {name}, has {most}",
            "{n} votes: not elected; the last of {seats} elected, {name}, has {most}",
        )
    most = words.number(row.votes)
    text = words.plural(one, many, votes, name=view.name(last), most=most, seats=words.number(seats))
    return f"{text} ({words.say('{candidates} stand', candidates=words.number(number))})"


def _elected_row(view: View, option: str, row: steps.ElectedRow | steps.SecondRow) -> Row:
    mark = YES if row.elected else NO
    name = f"{mark} {view.name(option)}" + (f" ({view.words.say('equal')})" if getattr(row, "tied", False) else "")
    return name, view.words.number(row.votes)


def second_round(step: steps.SecondRound, view: View) -> list[Said]:
    """Say who won the second vote."""
    words = view.words
    if view.option is None:
        return [Said(words.say("second round"), tuple(_elected_row(view, o, r) for o, r in by_votes(step.rows)))]
    row = step.rows[view.option]
    if row.elected:
        one, many = counted("second round: {n} vote, elected", "second round: {n} votes, elected")
    else:
        one, many = counted("second round: {n} vote, not elected", "second round: {n} votes, not elected")
    return [Said(words.plural(one, many, row.votes))]


_MAJORITY = {
    ("more-than", True): marked("{measured}, more than {bar}: elected"),
    ("more-than", False): marked("{measured}, not more than {bar}: not elected in the first round"),
    ("at-least", True): marked("{measured}, at least {bar}: elected"),
    ("at-least", False): marked("{measured}, less than {bar}: not elected in the first round"),
}
_NEEDED = {
    "more-than": marked("to be elected: more than {bar} of {base} ({n})"),
    "at-least": marked("to be elected: at least {bar} of {base} ({n})"),
}


def majority(step: steps.MajorityChecked, view: View) -> list[Said]:
    """Say who clears the bar of the first round."""
    words = view.words
    base, name, comparison = int(step.base), str(step.base_name), str(step.comparison)
    bar, condition = words.share(step.share), _condition(step, view)
    if view.option is None:
        what = base_word(view, step.contest, name)
        head = words.say(_NEEDED[comparison], bar=bar, base=what, n=words.number(base)) + condition
        rows = tuple(
            (
                f"{YES if r.passed else NO} {view.name(o)}",
                words.number(r.votes),
                words.percent(Fraction(r.votes, base) if base else Fraction(0), [step.share]),
            )
            for o, r in by_votes(step.rows)
        )
        return [Said(head, rows + outside(view, step, base))]
    row = step.rows[view.option]
    text = measured(view, step.contest, row.votes, base, name, step.share)
    return [Said(words.say(_MAJORITY[comparison, row.passed], measured=text, bar=bar) + condition)]


def _condition(step: steps.MajorityChecked, view: View) -> str:
    words = view.words
    least, below = step.turnout_from, step.turnout_below
    if least is not None:
        return " (" + words.say("where at least {bar} of the registered voters took part", bar=words.share(least)) + ")"
    if below is not None:
        return (
            " (" + words.say("where less than {bar} of the registered voters took part", bar=words.share(below)) + ")"
        )
    return ""


_TURNOUT = {
    ("at-least", True): marked("turnout: {measured}, at least {bar}: the vote is valid"),
    ("at-least", False): marked("turnout: {measured}, less than {bar}: the vote is not valid"),
    ("more-than", True): marked("turnout: {measured}, more than {bar}: the vote is valid"),
    ("more-than", False): marked("turnout: {measured}, not more than {bar}: the vote is not valid"),
}


def turnout(step: steps.TurnoutChecked, view: View) -> list[Said]:
    """Say whether enough voters took part."""
    text = measured(view, step.contest, step.counted, step.of, step.of_base, step.share)
    said = _TURNOUT[step.comparison, step.enough]
    return [Said(view.words.say(said, measured=text, bar=view.words.share(step.share)))]


# ---------------------------------------------------------------------- questions

_ADOPTED = {
    ("more-than", True): marked("{answer}: {measured}, more than {bar}: enough"),
    ("more-than", False): marked("{answer}: {measured}, not more than {bar}: not enough"),
    ("at-least", True): marked("{answer}: {measured}, at least {bar}: enough"),
    ("at-least", False): marked("{answer}: {measured}, less than {bar}: not enough"),
}


def adoption(step: steps.AdoptionChecked, view: View) -> list[Said]:
    """Say whether the answer that adopts a question has enough votes."""
    words = view.words
    base, name, answer = int(step.base), str(step.base_name), str(step.answer)
    lines = []
    for option, row in view.chosen(step).items():
        bar = step.share
        text = measured(view, step.contest, row.votes, base, name, bar if option == answer else None)
        label = words.quote(view.name(option))
        if option == answer:
            said = _ADOPTED[step.comparison, step.passed]
            lines.append(words.say(said, answer=label, measured=text, bar=words.share(bar)))
        else:
            lines.append(f"{label}: {text}")
    return [Said(line) for line in lines]


def regions(step: steps.RegionsCounted, view: View) -> list[Said]:
    """Say in how many regions a question won."""
    words = view.words
    shown = {
        "answer": words.quote(view.name(step.answer)),
        "regions": words.number(step.regions),
        "bar": words.share(step.share),
    }
    one, many = _REGIONS[step.comparison == "more-than", step.outcome]
    parts = [words.plural(one, many, step.yes, **shown)]
    if step.unknown:
        parts.append(words.plural("unknown in {n} region", "unknown in {n} regions", step.unknown))
    if step.declared:
        parts.append(
            words.plural(
                "{n} answer declared by the authority, not counted",
                "{n} answers declared by the authority, not counted",
                step.declared,
            )
        )
    return [Said("; ".join(parts))]


_REGIONS = {
    (False, "yes"): counted(
        "{answer} won in {n} of {regions} regions, at least {bar} of them: enough",
        "{answer} won in {n} of {regions} regions, at least {bar} of them: enough",
    ),
    (False, "no"): counted(
        "{answer} won in {n} of {regions} regions, less than {bar} of them: not enough",
        "{answer} won in {n} of {regions} regions, less than {bar} of them: not enough",
    ),
    (False, "unknown"): counted(
        "{answer} is known to have won in {n} of {regions} regions; at least {bar} of them are needed",
        "{answer} is known to have won in {n} of {regions} regions; at least {bar} of them are needed",
    ),
    (True, "yes"): counted(
        "{answer} won in {n} of {regions} regions, more than {bar} of them: enough",
        "{answer} won in {n} of {regions} regions, more than {bar} of them: enough",
    ),
    (True, "no"): counted(
        "{answer} won in {n} of {regions} regions, not more than {bar} of them: not enough",
        "{answer} won in {n} of {regions} regions, not more than {bar} of them: not enough",
    ),
    (True, "unknown"): counted(
        "{answer} is known to have won in {n} of {regions} regions; more than {bar} of them are needed",
        "{answer} is known to have won in {n} of {regions} regions; more than {bar} of them are needed",
    ),
}

# ---------------------------------------------------------------------- ties, decisions, declared seats

TIE_RULES = {
    "registered-earlier": marked("the list registered earlier goes first"),
    "more-votes": marked("more votes go first"),
    "fewer-votes": marked("fewer votes go first"),
    "list-number": marked("the smaller number on the ballot goes first"),
    "more-votes-whole": marked("more votes in the whole go first"),
    "more-transferred": marked("more transferred votes go first"),
    "first-round": marked("more votes in the first round go first"),
}


def tie(step: steps.TieBroken, view: View) -> list[Said]:
    """Say how equals were told apart by the law."""
    words = view.words
    text = words.say(
        "equal: {among}; {rule}: {chosen}",
        among=", ".join(_with_fact(view, str(step.rule), o) for o in step.among),
        rule=words.say(TIE_RULES[step.rule]),
        chosen=view.names(step.chosen),
    )
    return [Said(text)]


def _with_fact(view: View, rule: str, option: str) -> str:
    """Return an option with the fact that decides, where the case gives one."""
    election = view.outcome.election
    person = election.candidates.get(option)
    party = election.parties.get(option if person is None else person.party)
    if party is not None and rule == "registered-earlier" and party.registered is not None:
        return f"{view.name(option)} ({view.words.day(party.registered)})"
    if party is not None and rule == "list-number" and party.number is not None:
        return f"{view.name(option)} ({view.words.number(party.number)})"
    return view.name(option)


def decision(step: steps.Decided, view: View) -> list[Said]:
    """Say what was decided by lot or by the authority."""
    words = view.words
    shown = {"chosen": view.names(step.chosen), "among": view.names(step.among)}
    if step.kind == "lot":
        text = words.say("decided by lot: {chosen}, among {among}", **shown)
    else:
        text = words.say("decided by the authority: {chosen}, among {among}", **shown)
    details = [d for d in (step.date, step.source) if d]
    return [Said(f"{text} ({', '.join(details)})" if details else text)]


QUESTIONS = {
    "remainder": marked("equal remainders"),
    "quotient": marked("equal quotients"),
    "district": marked("equal votes"),
    "run-off": marked("a second round is due"),
    "repeat-vote": marked("a repeat vote is due"),
    "repeat-election": marked("a repeat election is due"),
    "no-rule": marked("the law has no rule"),
}
"""Words of the contract for open questions."""


def open_question(step: steps.LeftOpen, view: View) -> list[Said]:
    """Say what nobody has decided."""
    return [Said(f"{view.words.say(QUESTIONS[step.question])}: {open_names(step, view)}")]


class _Open(Protocol):
    @property
    def among(self) -> tuple[str, ...]: ...
    @property
    def beside(self) -> tuple[str, ...]: ...
    @property
    def seats(self) -> int: ...


def open_names(asked: _Open, view: View) -> str:
    """Return between whom something is open, and beside whom."""
    names = view.names(asked.among)
    if not asked.beside:
        return names
    return view.words.plural(
        "{sure} with {n} of {names}",
        "{sure} with {n} of {names}",
        asked.seats,
        sure=view.names(asked.beside),
        names=names,
    )


def declared(step: steps.SeatsDeclared, view: View) -> list[Said]:
    """Say which seats the authority announced."""
    words = view.words
    rows = view.chosen(step)
    total = sum(int(r.seats) for r in rows.values())
    one, many = counted(
        "{n} seat declared by the authority, not counted", "{n} seats declared by the authority, not counted"
    )
    text = words.plural(one, many, total)
    if view.option is not None:
        return [Said(text)]
    return [Said(text, tuple((view.name(o), words.number(r.seats)) for o, r in rows.items()))]
