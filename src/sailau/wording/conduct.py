"""The conduct of elections as sentences: conditions, deadlines, money, commissions, complaints, rules, powers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from sailau.rulebook import conduct as book
from sailau.rulebook.facts import FACTS
from sailau.rulebook.forms import Form
from sailau.rulebook.powers import Power
from sailau.wording import powers
from sailau.wording.language import Words, capital, counted, marked, text_in
from sailau.wording.names import money
from sailau.wording.provisions import GROUPS, PERSONS, ROUNDINGS

Titles = Mapping[str, str]
"""Deadline → its title in the language."""


def joined(*parts: str) -> str:
    """Join sentences, leaving empty ones out; the first letter is a capital."""
    return capital(" ".join(part.strip() for part in parts if part.strip()))


def _text(words: Words, texts: Mapping[Any, str] | None) -> str:
    return text_in(texts or {}, words.language, "")


# ---------------------------------------------------------------- conditions


def condition(rule: book.Condition, words: Words, _: Titles) -> str:
    """Say what is behind a condition: the quota it sets, the paper that proves it, what can still be done."""
    fact = FACTS.get(getattr(rule.test, "fact", ""))
    document = _text(words, rule.document) or _text(words, fact.document if fact else None)
    return joined(
        f"{list_quota(rule.test, words)}." if isinstance(rule.test, book.ShareAtLeast) else "",
        words.say("Proof: {document}.", document=document) if document else "",
        words.say("Presumed until an authority establishes the contrary.") if rule.presumed else "",
        words.say("A breach is reported; the law names no sanction.") if rule.consequence == "note" else "",
        words.say("What can still be done: {cure}", cure=_text(words, rule.cure)) if rule.cure else "",
    )


def list_quota(rule: book.ShareAtLeast, words: Words) -> str:
    """Say which groups must make up a share of a list."""
    groups = ", ".join(words.say(GROUPS[name]) for name in rule.groups)
    details = [words.say(ROUNDINGS[rule.rounding])]
    if "youth" in rule.groups:
        details.append(words.plural("youth: under {n}", "youth: under {n}", rule.youth_under))
    details.append(words.say(PERSONS[rule.persons]))
    share = words.say("at least {share} of a list: {groups}", share=words.share(rule.share), groups=groups)
    return f"{share} ({', '.join(details)})"


# ---------------------------------------------------------------- deadlines

_COUNTED = {
    "days": counted("{n} day", "{n} days"),
    "full-days": counted("{n} full day", "{n} full days"),
    "working-days": counted("{n} working day", "{n} working days"),
    "months": counted("{n} month", "{n} months"),
}
_EVENTS = {
    "vote": (marked("{n} before polling day"), marked("{n} after polling day"), marked("polling day")),
    "called": (
        marked("{n} before the call of the election"),
        marked("{n} after the call of the election"),
        marked("the day of the call"),
    ),
    "results": (
        marked("{n} before publication of the results"),
        marked("{n} after publication of the results"),
        marked("publication of the results"),
    ),
    "term-end": (
        marked("{n} before the end of the term"),
        marked("{n} after the end of the term"),
        marked("the end of the term"),
    ),
    "first-round": (
        marked("{n} before the first round"),
        marked("{n} after the first round"),
        marked("the first round"),
    ),
    "year": (
        marked("{n} before the first day of the year"),
        marked("{n} after the first day of the year"),
        marked("the first day of the year"),
    ),
    "powers-end": (
        marked("{n} before the early end of the powers"),
        marked("{n} after the early end of the powers"),
        marked("the early end of the powers"),
    ),
}
"""Event from which days are counted → before it, after it, on its day."""
_OTHER = (
    marked("{n} before the end of “{title}”"),
    marked("{n} after the end of “{title}”"),
    marked("the end of “{title}”"),
)
_KINDS = {
    "regular": marked("regular elections"),
    "early": marked("early elections"),
    "repeat": marked("repeat elections"),
    "run-off": marked("a second round"),
    "by-election": marked("by-elections"),
}
_BEFORE, _AFTER, _ON = range(3)


def deadline(rule: book.Deadline, words: Words, titles: Titles) -> str:
    """Say when a period opens and ends, in words of the law."""
    parts = []
    if rule.opens is not None:
        parts.append(words.say("opens: {moment}", moment=moment(rule.opens, words, titles)))
    if rule.closes is not None:
        shown = moment(rule.closes, words, titles)
        is_period = rule.opens is not None
        parts.append(
            words.say("ends: {moment}", moment=shown)
            if is_period
            else words.say("at the latest: {moment}", moment=shown)
        )
    text = "; ".join(parts) + "." if parts else words.say("The authority sets it.")
    interim = words.say("In an early election the authority sets it.") if rule.interim and parts else ""
    kinds = ", ".join(words.say(_KINDS[kind]) for kind in rule.kinds)
    is_usual = set(rule.kinds) == {"regular", "early", "repeat"}
    return joined(text, interim, "" if is_usual else words.say("For: {kinds}.", kinds=kinds))


def moment(rule: book.Moment, words: Words, titles: Titles) -> str:
    """Say a day counted from an event."""
    if rule.sunday is not None and rule.month is not None:
        text = words.say("Sunday no. {n} of {month}", n=words.number(rule.sunday), month=words.month(rule.month))
    elif rule.months:
        text = _counted(rule, words, titles, "months", rule.months)
    elif rule.working_days:
        text = _counted(rule, words, titles, "working-days", rule.working_days)
    elif rule.days:
        unit = "full-days" if rule.full and rule.days < 0 else "days"
        text = _counted(rule, words, titles, unit, rule.days)
    else:
        text = _event(rule.of, _ON, words, titles)
    return words.say("{moment}, {hour}", moment=text, hour=rule.hour) if rule.hour else text


def _counted(rule: book.Moment, words: Words, titles: Titles, unit: str, number: int) -> str:
    shown = words.plural(*_COUNTED[unit], abs(number))
    return _event(rule.of, _BEFORE if number < 0 else _AFTER, words, titles, n=shown)


def _event(name: str, side: int, words: Words, titles: Titles, **values: str) -> str:
    if name in _EVENTS:
        return words.say(_EVENTS[name][side], **values) if values else words.say(_EVENTS[name][side])
    return words.say(_OTHER[side], title=titles.get(name, name), **values)


def held(rule: book.Held, words: Words, titles: Titles) -> str:
    """Say when an election was called, and the days that the authority set."""
    parts = [words.say("Vote {day}", day=words.day(rule.day))]
    if rule.called is not None:
        parts.append(words.say("called {day}", day=words.day(rule.called)))
    if rule.results is not None:
        parts.append(words.say("results {day}", day=words.day(rule.results)))
    dates = []
    for line in rule.dates:
        title = _text(words, line.title) or titles.get(line.deadline, "")
        days = [day for day in (line.opens, line.closes) if day is not None]
        if title and days:
            dates.append(f"{title}: {_span(days, words)}.")
    return joined("; ".join(parts) + ".", *dates)


def _span(days: Iterable[date], words: Words) -> str:
    return " – ".join(words.day(day) for day in dict.fromkeys(days))


# ---------------------------------------------------------------- money


def deposit(rule: book.Deposit, words: Words, _: Titles | None = None) -> str:
    """Say a deposit: multiple, relief, refund."""
    per = {
        "name": counted("{n} minimum wage for each name on the list", "{n} minimum wages for each name on the list"),
        "candidate": counted("{n} minimum wage for each candidate", "{n} minimum wages for each candidate"),
    }
    parts = [words.plural(*per[rule.per], rule.multiple)]
    parts += [
        words.say(
            "with {last} or more of the votes last time, {pay} of it is due",
            last=words.share(relief.last),
            pay=words.share(relief.pay),
        )
        for relief in rule.relief
    ]
    back = [words.say("with {share} of the votes", share=words.share(rule.refund.share))]
    back += [words.say("when elected")] if rule.refund.elected else []
    back += [words.say("on death")] if rule.refund.death else []
    return "; ".join([*parts, words.say("it comes back {when}", when=", ".join(back))])


def fund(rule: book.Fund, words: Words, _: Titles) -> str:
    """Say the ceilings of a fund."""
    number = words.number
    parts = [
        words.say(
            "Own money at most {own}, donations at most {donations} minimum wages.",
            own=number(rule.own),
            donations=number(rule.donations),
        )
    ]
    if rule.nominator is not None:
        parts.append(
            words.say("Means of the nominator at most {nominator} minimum wages.", nominator=number(rule.nominator))
        )
    if rule.person is not None and rule.entity is not None:
        limits = {"person": number(rule.person), "entity": number(rule.entity)}
        parts.append(words.say("From one person at most {person}, from one legal entity {entity}.", **limits))
    if rule.run_off_factor != 1:
        parts.append(words.say("Ceilings of a second round: × {factor}.", factor=words.divisor(rule.run_off_factor)))
    return joined(*parts)


def wage(rule: book.Wage, words: Words, _: Titles) -> str:
    """Say the minimum wage of a year."""
    return money(rule.amount, rule.currency, words)


# ---------------------------------------------------------------- commissions, complaints, rules


def commission(rule: book.Commission, words: Words, _: Titles) -> str:
    """Say size, term and makers of a commission."""
    sizes = []
    for place, band in enumerate(rule.size):
        if len(rule.size) > 1:
            is_last = place == len(rule.size) - 1
            sizes.append(
                words.say("Above that:")
                if is_last
                else words.say("Up to {voters} voters:", voters=words.number(band.voters or 0))
            )
        if band.least == band.most:
            sizes.append(words.say("Members: {least}.", least=words.number(band.least)))
        else:
            sizes.append(
                words.say("Members: {least} to {most}.", least=words.number(band.least), most=words.number(band.most))
            )
    made = _text(words, rule.formed_by)
    return joined(
        *sizes,
        words.say("Always an odd number.") if rule.odd else "",
        words.plural("Term: {n} year.", "Term: {n} years.", rule.term_years) if rule.term_years else "",
        f"{made}." if made else "",
    )


def complaint(rule: book.Complaint, words: Words, _: Titles) -> str:
    """Say to whom and until when one complains."""
    parts = [words.say("To: {to}.", to=_text(words, rule.to))]
    if rule.file_days is None:
        parts.append(words.say("No limit of days is set."))
    else:
        parts.append(words.plural("File within {n} day.", "File within {n} days.", rule.file_days))
    if rule.decide_days:
        parts.append(words.plural("Decided within {n} day.", "Decided within {n} days.", rule.decide_days))
    elif rule.decide_days is not None:
        parts.append(words.say("Decided on the same day."))
    if rule.urgent_days:
        parts.append(
            words.plural(
                "Fewer than {n} day before the vote: at once.",
                "Fewer than {n} days before the vote: at once.",
                rule.urgent_days,
            )
        )
    return joined(*parts, words.say("The decision is final.") if rule.final else "")


def ballot(rule: book.Ballot, words: Words, _: Titles) -> str:
    """Say the order on a ballot paper and whether it is given abroad."""
    abroad = words.say("Not given abroad.")
    if rule.abroad:
        abroad = words.say("Abroad: {rule}.", rule=_text(words, rule.abroad_rule)) if rule.abroad_rule else ""
    order = _text(words, rule.order)
    return joined(f"{order}." if order else "", abroad)


def rule_text(rule: book.Rule, words: Words, _: Titles) -> str:
    """Say what a rule adds to its title."""
    return _text(words, rule.text)


def power(rule: Power, words: Words, _: Titles) -> str:
    """Say who decides, with which majority, and what follows."""
    text = powers.power(rule, words)
    return joined(f"{text}." if text else "")


def form(rule: Form, words: Words, _: Titles) -> str:
    """Say which lines a protocol has, and how many relations bind them."""
    lines = "; ".join(_text(words, line.title) or line.id for line in rule.line)
    relations = words.plural("{n} relation binds them", "{n} relations bind them", len(rule.relation))
    return joined(f"{lines}.", f"{capital(relations)}.") if lines else ""


SAYERS: dict[str, Callable[[Any, Words, Titles], str]] = {
    "condition": condition,
    "deadline": deadline,
    "held": held,
    "wage": wage,
    "deposit": deposit,
    "fund": fund,
    "commission": commission,
    "complaint": complaint,
    "ballot": ballot,
    "voting": rule_text,
    "observer": rule_text,
    "access": rule_text,
    "administration": rule_text,
    "power": power,
}
"""Section of a rule book → what says one of its things."""


def deadline_titles(deadlines: Iterable[book.Deadline], words: Words) -> Titles:
    """Return deadline → its title."""
    return {rule.id: _text(words, rule.title) for rule in deadlines}
