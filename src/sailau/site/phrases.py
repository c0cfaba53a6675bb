"""Provisions of a rule book in sentences of three languages: counting rules first, then the conduct of elections.

The sentences are data (`annotated.toml`); here stands only which of them a provision needs.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from sailau.rulebook import schema as s
from sailau.rulebook.mandates import Mandates

LANGUAGES = ("en", "kk", "ru")
_SENTENCES = Path(__file__).with_name("annotated.toml")
_THOUSAND = {"en": ",", "kk": "\u202f", "ru": "\u202f"}


@lru_cache(maxsize=1)
def _sentences() -> Mapping[str, Any]:
    return tomllib.loads(_SENTENCES.read_text(encoding="utf-8"))


class Phrases:
    """The sentences of one language."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"no language “{language}”: expected one of {', '.join(LANGUAGES)}")
        self.language = language

    def say(self, code: str, /, **values: object) -> str:
        """Return a sentence by its place in the file, `count.seats-value`, with its values put in."""
        found = self.known(code)
        if found is None:
            raise KeyError(code)
        return found.format(**values)

    def known(self, code: str) -> str | None:
        """Return a sentence as it stands, None where there is none."""
        node: Any = _sentences()
        for key in code.split("."):
            node = node.get(key) if isinstance(node, Mapping) else None
        found = node.get(self.language) if isinstance(node, Mapping) else None
        return found if isinstance(found, str) else None

    def word(self, code: str, name: str) -> str:
        """Return the word for a name of the book, the name itself where there is none."""
        return self.known(f"{code}-{name}") or name

    def number(self, value: int) -> str:
        """Return a whole number with its thousands apart."""
        return f"{value:,}".replace(",", _THOUSAND[self.language]) if value >= 10_000 else str(value)

    def counted(self, value: int, unit: str) -> str:
        """Return a number with the form of its word that goes with it: `2 days`."""
        forms = self.say(f"unit.{unit}").split("|")
        place = 0 if value == 1 else 1
        if self.language == "ru":
            tens, ones = value % 100, value % 10
            place = 2 if 11 <= tens <= 14 or ones == 0 or ones >= 5 else 0 if ones == 1 else 1
        return f"{self.number(value)} {forms[min(place, len(forms) - 1)]}"

    def share(self, value: Fraction) -> str:
        """Return a share as the law writes it."""
        shown = s.show_share(value)
        return shown.replace("%", "\u00a0%") if self.language != "en" else shown

    def day(self, value: date, form: Literal["", "from", "to", "of", "on"] = "") -> str:
        """Return a date as people write it; in a language with endings, as it stands after such a word."""
        months = self.say(f"date.months-{form}" if form else "date.months").split("|")
        return self.say("date.day", day=value.day, month=months[value.month - 1], year=value.year)

    def months(self, numbers: Iterable[int]) -> str:
        """Return names of months with commas."""
        names = self.say("date.month-names").split("|")
        return ", ".join(names[number - 1] for number in numbers)

    def text(self, texts: Mapping[Any, str] | None) -> str:
        """Return a text of the book, in English where the language is missing."""
        return (texts or {}).get(self.language) or (texts or {}).get("en", "")


def sentences(*parts: str | None) -> str:
    """Join sentences, leaving empty ones out; the first letter is a capital."""
    text = " ".join(part.strip() for part in parts if part and part.strip())
    return text[:1].upper() + text[1:]


# ---------------------------------------------------------------- counting


def tell_term(p: Phrases, term: s.Term) -> str:
    """Return how long those elected serve."""
    limit = p.say("count.term-limit", times=term.at_most) if term.at_most else ""
    return sentences(p.say("count.term", years=term.years), limit)


def tell_contest(p: Phrases, contest: s.Contest) -> str:
    """Return what a ballot paper is."""
    where = p.say("count.ballot-level", level=contest.level) if contest.level else p.say("count.ballot-whole")
    against = (
        "" if contest.ballot == "question" else p.say(f"count.ballot-{'' if contest.against_all else 'no-'}against-all")
    )
    blank = p.say("count.ballot-blank") if contest.blank else ""
    return sentences(p.say(f"count.ballot-{contest.ballot}"), where, against, blank)


def tell_seats(p: Phrases, seats: s.Seats, *, whole: bool) -> str:
    """Return how many seats there are."""
    parts = []
    if seats.value is not None and not seats.rest:
        parts.append(p.say("count.seats-whole" if whole else "count.seats-value", number=seats.value))
    if seats.column:
        parts.append(p.say("count.seats-column"))
    if seats.apportion is not None:
        score = ", ".join(p.word("count.score", name) for name in seats.apportion.score)
        parts.append(p.say("count.seats-apportion", total=seats.apportion.total, score=score))
        parts.append(tell_formula(p, seats.apportion.formula))
    if seats.rest:
        parts.append(p.say("count.seats-rest"))
    if seats.districts is not None:
        parts.append(p.say("count.seats-districts", number=seats.districts))
    if seats.at_most is not None:
        parts.append(p.say("count.seats-most", number=seats.at_most))
    return sentences(*parts)


def tell_formula(p: Phrases, formula: s.Formula) -> str:
    """Return how votes become seats."""
    if formula.method == "largest-remainder":
        price = p.say(f"count.quota-{formula.quota}")
        rounding = p.say(f"count.round-{formula.round_quota}")
        text = p.say("count.largest-remainder", quota=price, rounding=rounding)
        text = sentences(text, p.say(f"count.leftover-{formula.leftover}"))
    elif p.known(f"count.{formula.method}") is not None:
        first = formula.first if formula.first is not None else Fraction(1)
        text = p.say(f"count.{formula.method}", first=first)
    else:
        text = p.say("count.other-method", method=formula.method)
    spread = p.known(f"count.unqualified-{formula.unqualified}")
    marks = ""
    if formula.marks == "seats":
        marks = p.say("count.marks-seats")
    elif formula.marks is not None:
        marks = p.say("count.marks", number=formula.marks)
    return sentences(text, spread, marks)


def tell_threshold(p: Phrases, rule: s.Threshold) -> str:
    """Return the bar a list must reach."""
    area = p.say(f"count.area-{rule.area}")
    base = p.say(f"count.base-{rule.base}")
    parts = [p.say(f"count.threshold-{rule.comparison}", share=p.share(rule.share), base=base, area=area)]
    for bar in rule.kinds:
        kind = p.word("count.kind", bar.kind)
        share = p.share(bar.share)
        any_size = p.say("count.kind-bar-any", kind=kind, share=share)
        sized = p.say("count.kind-bar", kind=kind, members=bar.members, share=share)
        parts.append(sentences(sized if bar.members > 1 else any_size))
    if rule.lower is not None:
        parts.append(p.say("count.bar-lower", lists=rule.lower.lists, step=p.share(rule.lower.step)))
    if rule.fill is not None:
        fill = p.say(f"count.base-{rule.fill.base}")
        parts.append(p.say("count.bar-fill", share=p.share(rule.fill.share), base=fill))
    parts.append(p.say(f"count.nobody-{rule.nobody}"))
    return sentences(*parts)


def tell_single_qualifier(p: Phrases, rule: s.SingleQualifier) -> str:
    """Return what happens when one list alone passes."""
    return p.say("count.single-qualifier", factor=rule.factor, least=rule.minimum_seats)


def tell_tie(p: Phrases, rule: s.Tie) -> str:
    """Return who is preferred among equals."""
    order = "; ".join(p.word("count.tie", name) for name in rule.order)
    of_two = sentences(p.say("count.of-two"), p.say(f"count.then-{rule.of_two}")) if rule.of_two else ""
    first = f"{sentences(order)}. {p.say('count.tie-still')}" if order else ""
    return sentences(first, p.say(f"count.then-{rule.otherwise}"), of_two)


def tell_limits(p: Phrases, rule: s.Limits) -> str:
    """Return the most seats that an option of a kind can take."""
    return sentences(*(p.say("count.limits", kind=p.word("count.kind", k), number=n) for k, n in rule.kinds.items()))


def tell_exhaustion(p: Phrases, _: s.Exhaustion) -> str:
    """Return what happens when a list runs out of names."""
    return p.say("count.exhaustion")


def tell_majority(p: Phrases, rule: s.Majority) -> str:
    """Return the bars of a majority election."""
    bars = []
    for bar in rule.bars:
        text = p.say(f"count.bar-{bar.comparison}", share=p.share(bar.share), base=p.say(f"count.base-{bar.base}"))
        for limit, code in ((bar.turnout_from, "from"), (bar.turnout_below, "below")):
            if limit is not None:
                text += f" ({p.say(f'count.bar-turnout-{code}', share=p.share(limit))})"
        bars.append(text)
    return p.say("count.majority-bars", bars=p.say("count.or").join(bars))


def tell_run_off(p: Phrases, rule: s.RunOff) -> str:
    """Return the second round."""
    return sentences(
        p.say("count.run-off", stood=rule.stood, number=rule.candidates),
        p.say("count.run-off-same-day") if rule.same_day else "",
        p.say("count.run-off-else"),
        p.say(f"count.then-{rule.else_}"),
        p.say("count.run-off-tie"),
        "; ".join(p.word("count.tie", name) for name in rule.tie) + "." if rule.tie else "",
        p.say(f"count.then-{rule.tie_otherwise}"),
    )


def tell_turnout(p: Phrases, rule: s.Turnout) -> str:
    """Return how many voters a valid poll needs."""
    of = p.say(f"count.of-{rule.of}")
    area = p.say(f"count.area-{rule.area}")
    text = p.say(f"count.turnout-{rule.comparison}", share=p.share(rule.share), of=of, area=area)
    return sentences(text, p.say(f"count.then-{rule.otherwise}"))


def tell_adoption(p: Phrases, rule: s.Adoption) -> str:
    """Return when a question is adopted."""
    answer = p.word("count.answer", rule.answer)
    base = p.say(f"count.base-{rule.base}")
    return p.say(f"count.adoption-{rule.comparison}", answer=answer, share=p.share(rule.share), base=base)


def tell_regional(p: Phrases, rule: s.Regional) -> str:
    """Return the majority asked for in the regions."""
    kinds = p.say("count.regional-kinds", kinds=", ".join(rule.kinds)) if rule.kinds else ""
    return p.say("count.regional", share=p.share(rule.share), level=rule.level, kinds=kinds)


def tell_levelling(p: Phrases, rule: s.Levelling) -> str:
    """Return what levelling seats do."""
    return p.say("count.levelling", number=rule.per_district)


def tell_transfer(p: Phrases, _: s.Transfer) -> str:
    """Return what the second scrutiny does."""
    return p.say("count.transfer")


def tell_mandates(p: Phrases, rule: Mandates) -> str:
    """Return who takes the seats, and who follows."""
    parts = [p.say(f"count.order-{rule.order}")]
    if rule.days is not None:
        parts.append(p.say("count.order-days", days=rule.days))
    if rule.order == "party":
        parts.append(p.say("count.order-alphabetical" if rule.silent else "count.order-silent"))
    if rule.move_up is not None:
        parts.append(p.say("count.order-move-up", share=p.share(rule.move_up)))
    if rule.marks is not None:
        parts.append(p.say("count.marks", number=rule.marks))
    if rule.skip:
        parts.append(p.say("count.order-skip"))
    if rule.vacancy is not None:
        parts.append(p.say(f"count.vacancy-{rule.vacancy}"))
    return sentences(*parts)


def tell_mandate_quota(p: Phrases, rule: Mandates) -> str:
    """Return the quota of mandates with its settings."""
    quota = rule.quota
    assert quota is not None
    groups = sentences(", ".join(p.word("count.group", name) for name in quota.groups))
    settings = p.say(
        "count.mandate-quota-settings",
        rounding=p.say(f"count.rounding-{quota.rounding}"),
        persons=p.say(f"count.persons-{quota.persons}"),
        age=quota.youth_under,
    )
    return sentences(p.say("count.mandate-quota", groups=groups, share=p.share(quota.share)), settings)


def tell_by_election(p: Phrases, rule: Mandates) -> str:
    """Return the vote that fills a vacant district seat."""
    vote = rule.by_election
    assert vote is not None
    when = ""
    if vote.months is not None:
        when = p.say("count.by-election-months", what=p.say(f"count.what-{vote.what}"), months=vote.months)
    sundays = p.say("count.by-election-sundays", months=p.months(vote.sundays)) if vote.sundays else ""
    none = p.say("count.by-election-none", months=vote.not_in_last_months) if vote.not_in_last_months else ""
    return sentences(when, sundays, none)
