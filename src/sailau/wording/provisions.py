"""Provisions of a law as sentences: what a tier's rules say, without votes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sailau.wording.compensation import METHODS
from sailau.wording.language import Words, counted, marked
from sailau.wording.majority import TIE_RULES
from sailau.wording.names import LEFTOVER, UNQUALIFIED, VALUES, figure_name, level_name
from sailau.wording.view import BASES

if TYPE_CHECKING:
    from sailau.rulebook.mandates import ByElection, MandateQuota, MandateRules
    from sailau.rulebook.schema import (
        Adoption,
        Agreements,
        Apportionment,
        Body,
        Contest,
        Formula,
        Levelling,
        Limits,
        Majority,
        Regional,
        RunOff,
        Seats,
        SingleQualifier,
        Term,
        Threshold,
        TieBreak,
        Tier,
        Transfer,
        Turnout,
    )


def _say(words: Words, value: str) -> str:
    return words.say(VALUES[value]) if value in VALUES else value


def _base(words: Words, base: str) -> str:
    return words.say(BASES[base])


def seats(rule: Seats, words: Words) -> str:
    """Say how many seats there are, or where the number comes from."""
    if rule.apportion is not None:
        return _apportioned(rule.apportion, words)
    if rule.rest:
        return words.say("the seats that earlier stages left or set aside")
    parts = []
    if rule.value is not None and rule.districts is not None:
        each = words.plural("{n} seat each", "{n} seats each", rule.value)
        one, many = counted("{n} district, {each}", "{n} districts, {each}")
        parts.append(words.plural(one, many, rule.districts, each=each))
    elif rule.value is not None:
        parts.append(words.plural("{n} seat", "{n} seats", rule.value))
    elif rule.districts is not None:
        parts.append(words.plural("{n} district", "{n} districts", rule.districts))
    if rule.column:
        parts.append(words.say("each district's number as the authority sets it"))
    if rule.at_most is not None:
        parts.append(words.say("at most {n}", n=words.number(rule.at_most)))
    return "; ".join(parts)


def _apportioned(rule: Apportionment, words: Words) -> str:
    by = " + ".join(
        figure_name(name, words) if weight == 1 else f"{words.divisor(weight)} × {figure_name(name, words)}"
        for name, weight in rule.score.items()
    )
    text = words.plural(
        "{n} seat shared among the districts by {by} ({formula})",
        "{n} seats shared among the districts by {by} ({formula})",
        rule.total,
        by=by,
        formula=formula(rule.formula, words),
    )
    parts = [text]
    for kind, number in rule.fixed.items():
        one, many = counted(
            "{n} seat beforehand for each district of the kind “{kind}”",
            "{n} seats beforehand for each district of the kind “{kind}”",
        )
        parts.append(words.plural(one, many, number, kind=_say(words, kind)))
    if rule.set_aside:
        parts.append(
            words.plural(
                "{n} seat of each is kept for a later stage",
                "{n} seats of each are kept for a later stage",
                rule.set_aside,
            )
        )
    return "; ".join(parts)


def formula(rule: Formula, words: Words) -> str:
    """Say by which formula votes become seats."""
    parts = [words.say(METHODS[rule.method])]
    if rule.method == "largest-remainder":
        parts = [words.say("largest remainders, {quota} quota", quota=_say(words, rule.quota))]
        if rule.round_quota != "no":
            parts.append(words.say("the quota rounded {how}", how=_say(words, rule.round_quota)))
    if rule.first is not None:
        parts.append(words.say("first divisor {number}", number=words.divisor(rule.first)))
    if rule.exponent is not None:
        parts.append(words.say("divisors raised to the power {number}", number=words.divisor(rule.exponent)))
    parts += [
        words.say(table[key])
        for table, key in ((UNQUALIFIED, rule.unqualified), (LEFTOVER, rule.leftover))
        if key in table
    ]
    if rule.marks == "seats":
        parts.append(words.say("as many marks as the district has seats"))
    elif isinstance(rule.marks, int) and rule.marks > 1:
        parts.append(words.plural("{n} mark on a ballot", "{n} marks on a ballot", rule.marks))
    if rule.marks_by_seats:
        shown = ", ".join(f"{k} → {v}" for k, v in rule.marks_by_seats.items())
        parts.append(words.say("seats of the district → marks: {shown}", shown=shown))
    if rule.voter_numbers:
        parts.append(words.say("a list's votes are divided by the seats of the district first"))
    return "; ".join(parts)


def threshold(rule: Threshold, words: Words) -> str:
    """Say which bar a list must reach."""
    said = {"bar": words.share(rule.share), "base": _base(words, rule.base)}
    text = (
        words.say("at least {bar} of {base}", **said)
        if rule.comparison == "at-least"
        else words.say("more than {bar} of {base}", **said)
    )
    parts = [text if rule.area == "whole" else f"{text} {_say(words, rule.area)}"]
    for kind in rule.kinds:
        one, many = counted("{bar} for a {kind}", "{bar} for a {kind} of {n} or more")
        parts.append(words.plural(one, many, kind.members, bar=words.share(kind.share), kind=_say(words, kind.kind)))
    if rule.lower is not None:
        one, many = counted(
            "all bars fall by {step} while fewer than {n} list qualifies",
            "all bars fall by {step} while fewer than {n} lists qualify",
        )
        parts.append(words.plural(one, many, rule.lower.lists, step=words.share(rule.lower.step)))
    if rule.fill is not None:
        shown = {"bar": words.share(rule.fill.share), "base": _base(words, rule.fill.base)}
        parts.append(words.say("the next largest lists join until all hold {bar} of {base}", **shown))
    if rule.nobody == "repeat-election":
        parts.append(words.say("when no list reaches it, the election is repeated"))
    return "; ".join(parts)


def single_qualifier(rule: SingleQualifier, words: Words) -> str:
    """Say what happens when one list alone reaches the bar."""
    return words.plural(
        "the next list joins: its votes ÷ quota × {factor}, at least {n} seat; the first takes the rest",
        "the next list joins: its votes ÷ quota × {factor}, at least {n} seats; the first takes the rest",
        rule.minimum_seats,
        factor=words.fraction(rule.factor),
    )


def tie(rule: TieBreak, words: Words) -> str:
    """Say who goes first among equals."""
    parts = [words.say(TIE_RULES[r]) for r in rule.order]
    other = _say(words, rule.otherwise)
    parts.append(words.say("then: {other}", other=other) if parts else other)
    if rule.of_two is not None:
        parts.append(words.say("where only two stood: {other}", other=_say(words, rule.of_two)))
    return "; ".join(parts)


def limits(rule: Limits, words: Words) -> str:
    """Say how many seats an option of a kind can take."""
    one, many = counted("{kind}: at most {n} seat", "{kind}: at most {n} seats")
    return "; ".join(words.plural(one, many, n, kind=_say(words, kind)) for kind, n in rule.kinds.items())


def majority(rule: Majority, words: Words) -> str:
    """Say what elects in the first round."""
    parts = []
    for bar in rule.bars:
        said = {"bar": words.share(bar.share), "base": _base(words, bar.base)}
        text = (
            words.say("at least {bar} of {base}", **said)
            if bar.comparison == "at-least"
            else words.say("more than {bar} of {base}", **said)
        )
        if bar.turnout_from is not None:
            text += (
                " ("
                + words.say(
                    "where at least {bar} of the registered voters took part", bar=words.share(bar.turnout_from)
                )
                + ")"
            )
        if bar.turnout_below is not None:
            text += (
                " ("
                + words.say(
                    "where less than {bar} of the registered voters took part", bar=words.share(bar.turnout_below)
                )
                + ")"
            )
        parts.append(text)
    return words.say(" or ").join(parts)


def run_off(rule: RunOff, words: Words) -> str:
    """Say who goes to the second round."""
    one, many = counted("the leader stands again", "the {n} leaders stand again")
    parts = [words.plural(one, many, rule.candidates)]
    if rule.same_day:
        parts.append(words.say("the same day"))
    if rule.stood > 1:
        fewer = words.plural(
            "where no more than {n} stood: {other}",
            "where no more than {n} stood: {other}",
            rule.stood,
            other=_say(words, rule.else_),
        )
        parts.append(fewer)
    parts += [words.say(TIE_RULES[r]) for r in rule.tie]
    parts.append(words.say("when equal: {other}", other=_say(words, rule.tie_otherwise)))
    return "; ".join(parts)


def turnout(rule: Turnout, words: Words) -> str:
    """Say how many must take part."""
    of = "electors" if rule.electors and rule.of == "registered" else rule.of
    said = {"bar": words.share(rule.share), "base": _base(words, of)}
    text = (
        words.say("at least {bar} of {base}", **said)
        if rule.comparison == "at-least"
        else words.say("more than {bar} of {base}", **said)
    )
    where = "" if rule.area == "whole" else f" {_say(words, rule.area)}"
    if rule.otherwise == "invalid":
        return words.say("{bar}, else the vote is not valid", bar=text + where)
    return words.say("{bar}, else {other}", bar=text + where, other=_say(words, rule.otherwise))


def adoption(rule: Adoption, words: Words) -> str:
    """Say what adopts a question."""
    said = {
        "bar": words.share(rule.share),
        "base": _base(words, rule.base),
        "answer": words.quote(_say(words, rule.answer)),
    }
    if rule.comparison == "at-least":
        return words.say("{answer} by at least {bar} of {base}", **said)
    return words.say("{answer} by more than {bar} of {base}", **said)


def regional(rule: Regional, words: Words) -> str:
    """Say in how many regions a question must win."""
    share = words.share(rule.share)
    text = (
        words.say("in at least {bar} of the regions", bar=share)
        if rule.comparison == "at-least"
        else words.say("in more than {bar} of the regions", bar=share)
    )
    if rule.kinds is not None:
        text += (
            " ("
            + words.say("for questions of the kind: {kinds}", kinds=", ".join(_say(words, k) for k in rule.kinds))
            + ")"
        )
    return text


def levelling(rule: Levelling, words: Words) -> str:
    """Say what levelling seats do."""
    return words.plural(
        "{n} levelling seat in each district, to lists that hold less than their share of the whole",
        "{n} levelling seats in each district, to lists that hold less than their share of the whole",
        rule.per_district,
    )


def transfer(rule: Transfer, words: Words) -> str:  # noqa: ARG001 - one shape for all provisions
    """Say what a second scrutiny does."""
    return words.say(
        "remainders of all districts are added and share the seats left over, each placed where the remainder is largest"
    )


def agreements(rule: Agreements, words: Words) -> str:
    """Say what lists that agreed are dealt."""
    return words.plural(
        "lists that agreed before the vote, at most {n}, get seats together and share them by the same formula",
        "lists that agreed before the vote, at most {n}, get seats together and share them by the same formula",
        rule.partners,
    )


def exhaustion(rule: Any, words: Words) -> str:  # noqa: ARG001 - one shape for all provisions
    """Say what happens to lists that run out of candidates."""
    return words.say("a list takes no more seats than it has candidates")


_ORDERS = {
    "party": marked("the party decides after the vote who takes its seats"),
    "list": marked("seats are taken in the order of the list"),
    "preferences": marked("seats are taken by preference votes"),
    "votes": marked("whoever is elected takes the seat"),
}
_VACANCIES = {
    "party": marked("a vacant seat goes to whom the party chooses"),
    "list": marked("a vacant seat goes to the next on the list"),
    "by-election": marked("a vacant seat is filled by a new vote"),
}


def mandates(rule: MandateRules, words: Words) -> str:
    """Say how seats become persons, and who follows."""
    parts = [words.say(_ORDERS[rule.order])]
    if rule.days is not None:
        parts.append(words.plural("within {n} day", "within {n} days", rule.days))
    if rule.silent is not None:
        parts.append(words.say("where the party is silent, by the alphabet"))
    elif rule.order == "party":
        parts.append(words.say("for a silent party the law names no order"))
    if rule.marks is not None:
        parts.append(words.plural("{n} preference vote on a ballot", "{n} preference votes on a ballot", rule.marks))
    if rule.move_up is not None:
        parts.append(
            words.say("{bar} of the list's votes move a candidate to its front", bar=words.share(rule.move_up))
        )
    if rule.skip:
        parts.append(words.say("those elected in a district are passed over"))
    if rule.vacancy is not None:
        parts.append(words.say(_VACANCIES[rule.vacancy]))
    return "; ".join(parts)


ROUNDINGS = {"up": marked("rounded up"), "nearest": marked("rounded to the nearest"), "down": marked("rounded down")}
PERSONS = {
    "once": marked("a person of two groups counts once"),
    "each-group": marked("a person of two groups counts in each"),
}
GROUPS = {
    "women": marked("women"),
    "youth": marked("youth"),
    "disability": marked("persons with disabilities"),
}


def mandate_quota(rule: MandateQuota, words: Words) -> str:
    """Say which groups must hold a share of a list's seats."""
    groups = ", ".join(words.say(GROUPS[group]) for group in rule.groups)
    text = words.say("{groups}: at least {bar} of a list's seats together", groups=groups, bar=words.share(rule.share))
    details = [words.say(ROUNDINGS[rule.rounding])]
    if "youth" in rule.groups:
        details.append(words.plural("youth: under {n}", "youth: under {n}", rule.youth_under))
    details.append(words.say(PERSONS[rule.persons]))
    return f"{text} ({', '.join(details)})"


_DUE = {
    "called": counted("it is called within {n} month of the vacancy", "it is called within {n} months of the vacancy"),
    "held": counted("it is held within {n} month of the vacancy", "it is held within {n} months of the vacancy"),
}


def by_election(rule: ByElection, words: Words) -> str:
    """Say when a vacant district seat is filled by a vote."""
    parts = []
    if rule.months is not None:
        parts.append(words.plural(*_DUE[rule.what], rule.months))
    if rule.sundays:
        months = ", ".join(words.month(month) for month in rule.sundays)
        parts.append(words.say("it is held on the last Sunday of {months}", months=months))
    if rule.not_in_last_months:
        parts.append(
            words.plural(
                "none in the last {n} month of the term",
                "none in the last {n} months of the term",
                rule.not_in_last_months,
            )
        )
    return "; ".join(parts)


SAYERS: Mapping[str, Callable[[Any, Words], str]] = {
    "seats": seats,
    "formula": formula,
    "threshold": threshold,
    "single-qualifier": single_qualifier,
    "tie": tie,
    "agreements": agreements,
    "limits": limits,
    "exhaustion": exhaustion,
    "majority": majority,
    "run-off": run_off,
    "turnout": turnout,
    "adoption": adoption,
    "regional": regional,
    "levelling": levelling,
    "transfer": transfer,
    "mandates": mandates,
    "mandates.quota": mandate_quota,
    "mandates.by-election": by_election,
}
"""Provision of a tier, by its key in the rule book → what says it; in legal order."""

ORDER = (
    "seats",
    "turnout",
    "threshold",
    "single-qualifier",
    "formula",
    "agreements",
    "limits",
    "exhaustion",
    "levelling",
    "transfer",
    "majority",
    "run-off",
    "adoption",
    "regional",
    "tie",
    "mandates",
    "mandates.quota",
    "mandates.by-election",
)
"""Order in which provisions are shown: that of the law."""


def block_of(tier: Tier, key: str) -> Any:
    """Return a provision of a tier by its key in the rule book, None where the tier has none."""
    if key.startswith("mandates."):
        name = key.removeprefix("mandates.").replace("-", "_")
        return getattr(tier.mandates, name) if tier.mandates is not None else None
    return getattr(tier, key.replace("-", "_"))


def say_block(tier: Tier, key: str, words: Words) -> str:
    """Return a provision of a tier as a sentence; empty where the tier has none."""
    rule = block_of(tier, key)
    if rule is None or (key == "seats" and tier.formula.method == "question"):
        return ""
    return SAYERS[key](rule, words)


def say_tier(tier: Tier, words: Words) -> str:
    """Return a tier in one sentence: its seats, its formula, its bar."""
    parts = [say_block(tier, key, words) for key in ("seats", "formula", "threshold", "majority", "adoption")]
    return "; ".join(p for p in parts if p)


_BALLOTS = {
    "list": marked("voters choose a party list"),
    "candidates": marked("voters choose candidates"),
    "question": marked("voters answer a question"),
    "electors": marked("electors choose candidates"),
}


def contest(rule: Contest, words: Words) -> str:
    """Say what a ballot paper asks."""
    parts = [words.say(_BALLOTS["electors" if rule.electors else rule.ballot])]
    if rule.level:
        parts.append(words.say("its districts are units of the level “{level}”", level=level_name(rule.level, words)))
    else:
        parts.append(words.say("the whole is one district"))
    if rule.answers:
        parts.append(words.say("answers: {answers}", answers=", ".join(_say(words, a) for a in rule.answers)))
    if rule.against_all:
        parts.append(words.say("with a row “against all”"))
    if rule.blank:
        parts.append(words.say("blank ballots are valid"))
    return "; ".join(parts)


def body(rule: Body, words: Words) -> list[tuple[str, str, Any]]:
    """Return (key, sentence, provision) of what a body is."""
    found: list[tuple[str, str, Any]] = []
    if rule.seats is not None:
        found.append(("seats", words.plural("{n} member", "{n} members", rule.seats), rule))
    if rule.term is not None:
        found.append(("term", term(rule.term, words), rule.term))
    return found


def term(rule: Term, words: Words) -> str:
    """Say how long those elected serve."""
    text = words.plural("{n} year", "{n} years", rule.years)
    if rule.at_most is not None:
        text += "; " + words.plural("at most {n} term", "at most {n} terms", rule.at_most)
    return text
