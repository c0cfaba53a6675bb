"""Deposits and funds in money: multiples of the minimum wage in force, with relief by the last result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from sailau.nomination.notes import CodedNote, note
from sailau.rulebook.conduct import Deposit, Fund, Wage
from sailau.rulebook.schema import Law, share


@dataclass(frozen=True, slots=True)
class Due:
    """A deposit as far as it is known.

    Attributes:
        amount: what is due, None where something is missing.
        least, most: bounds of what can be due.
        sum: the calculation, 15 × 70,000 × 90 names × 50 %.
        needs: what is missing: `wage`, `list_length`, `last_share`.
    """

    amount: int | None
    least: int | None
    most: int | None
    sum: CodedNote
    needs: tuple[str, ...] = ()
    cite: str = ""
    confidence: str = "statute"


@dataclass(frozen=True, slots=True)
class Sum:
    """One line of the money page.

    Attributes:
        kind: `deposit`, `own`, `nominator`, `donations`, `person` (most from one), `entity` (from one legal entity).
        multiple: minimum wages.
        amount: in whole units of the currency, None where the wage of the year is not in the book.
    """

    id: str
    kind: str
    title: Mapping[str, str]
    multiple: Fraction
    amount: int | None
    currency: str
    sum: CodedNote
    cite: str
    confidence: str
    note: str = ""


def wage(law: Law, day: date | None = None) -> Wage | None:
    """Return the minimum wage in force on a day (that of the vote when absent), None where the book has none."""
    begun = [w for w in law.section("wage") if w.since <= (day or law.day)]
    return max(begun, key=lambda w: w.since, default=None)


def _wages(law: Law, span: tuple[date, date]) -> list[Wage]:
    """Return every minimum wage in force within a span of days; none where the one at its beginning is not known."""
    first = wage(law, span[0])
    if first is None:
        return []
    later = [w for w in law.section("wage") if span[0] < w.since <= span[1]]
    return [first, *sorted(later, key=lambda w: w.since)]


def deposit_due(
    law: Law,
    deposit: str,
    *,
    names: int | None = 1,
    last: str | None = None,
    paid: date | tuple[date, date] | None = None,
) -> Due:
    """Return the deposit of one candidate or list.

    Args:
        law: the law of the polling day.
        deposit: id of the deposit in the rule book.
        names: names on the list; 1 for a candidate; None where unknown.
        last: share of votes at the last election of the body, such as `5.20%`; None where unknown.
        paid: day of payment, whose minimum wage counts, or the first and last day on which it can have been paid;
            polling day when absent.

    Raises:
        KeyError: no such deposit in this law.
    """
    rule = _deposit(law, deposit)
    pay, needs = _part(rule, last)
    span = paid if isinstance(paid, tuple) else (paid or law.day, paid or law.day)
    if rule.wage_of == "year":
        span = (date(law.day.year, 1, 1), date(law.day.year, 1, 1))
    wages = _wages(law, span)
    if not wages:
        needs = (*needs, "wage")
    if names is None and rule.per == "name":
        needs = (*needs, "list_length")
    total = _calculation(rule, wages, names, pay)
    sure = _confidence(rule, wages)
    if pay == 0:
        return Due(0, 0, 0, total, (), rule.cite, sure)
    if not wages or (names is None and rule.per == "name"):
        return Due(None, None, None, total, needs, rule.cite, sure)
    full = [rule.multiple * base.amount * (names or 1 if rule.per == "name" else 1) for base in wages]
    parts = [pay] if pay is not None else [Fraction(1), *(step.pay for step in rule.relief)]
    least, most = ceil(min(parts) * min(full)), ceil(max(parts) * max(full))
    if len({base.amount for base in wages}) > 1:
        needs = (*needs, "deposit_paid_on")
    amount = least if least == most and not needs else None
    if amount is not None:
        total = note("equals", sum=total, amount=amount)
    return Due(amount, least, most, total, needs, rule.cite, sure)


def _calculation(rule: Deposit, wages: list[Wage], names: int | None, pay: Fraction | None) -> CodedNote:
    """Return the factors of a deposit: `15 × 70000 × 90 names × 50%`."""
    amounts = tuple(dict.fromkeys(base.amount for base in wages))
    shown: object = (
        note("one-of", values=amounts) if len(amounts) > 1 else amounts[0] if amounts else note("minimum-wage")
    )
    factors: list[object] = [rule.multiple, shown]
    if rule.per == "name":
        factors.append(note("names-unknown") if names is None else note("names", count=names))
    if pay is not None and pay != 1:
        factors.append(note("share", share=pay))
    return note("product", factors=tuple(factors))


def _deposit(law: Law, name: str) -> Deposit:
    for rule in law.section("deposit"):
        if rule.id == name and rule.concerns(law.id):
            return rule  # type: ignore[no-any-return]
    raise KeyError(f"no deposit “{name}” in {law.id}")


def _part(rule: Deposit, last: str | None) -> tuple[Fraction | None, tuple[str, ...]]:
    """Return the part of the full deposit that is due, None where the last result is needed and unknown."""
    if not rule.relief:
        return Fraction(1), ()
    if last is None:
        return None, ("last_share",)
    value = share(last)
    steps = sorted(rule.relief, key=lambda r: r.last, reverse=True)
    return next((step.pay for step in steps if value >= step.last), Fraction(1)), ()


_DOUBT = ("statute", "reported", "secondary", "unverified")


def _confidence(rule: Deposit | Fund, wages: list[Wage]) -> str:
    """Return the weakest confidence of the rule and of the wages it multiplies."""
    return max((rule.confidence, *(base.confidence for base in wages)), key=_DOUBT.index)


def money(
    law: Law,
    contest: str | None = None,
    *,
    names: int = 1,
    last: str | None = None,
    day: date | None = None,
    run_off: bool = False,
) -> list[Sum]:
    """Return deposits and fund ceilings of an election in money.

    Args:
        law: the law of the polling day.
        contest: one ballot paper, or all.
        names: names on a list, for the deposit.
        last: share of votes at the last election, for the relief of lists.
        day: day whose minimum wage counts; that of the vote when absent.
        run_off: ceilings of a second round.
    """
    base = wage(law, day)
    deposits = [rule for rule in law.section("deposit") if rule.concerns(law.id, contest)]
    found = [_deposit_line(law, rule, names, last, day) for rule in deposits]
    for rule in law.section("fund"):
        if rule.concerns(law.id, contest):
            found += _fund_lines(rule, base, run_off)
    return found


def _deposit_line(law: Law, rule: Deposit, names: int, last: str | None, day: date | None) -> Sum:
    count = names if rule.per == "name" else 1
    due = deposit_due(law, rule.id, names=count, last=last or ("0%" if rule.relief else None), paid=day)
    base = wage(law, date(law.day.year, 1, 1) if rule.wage_of == "year" else day)
    multiple = Fraction(rule.multiple * count) * (_part(rule, last or "0%")[0] or Fraction(0))
    return Sum(
        rule.id,
        "deposit",
        {str(k): v for k, v in (rule.title or {}).items()},
        multiple,
        due.amount,
        base.currency if base else "",
        due.sum,
        rule.cite,
        due.confidence,
        rule.note,
    )


def _fund_lines(rule: Fund, base: Wage | None, run_off: bool) -> list[Sum]:
    factor = rule.run_off_factor if run_off else Fraction(1)
    lines = []
    for kind in ("own", "nominator", "donations", "person", "entity"):
        multiple = getattr(rule, kind)
        if multiple is None:
            continue
        scaled = multiple * (factor if kind in ("own", "nominator", "donations") else Fraction(1))
        amount = None if base is None else int(scaled * base.amount)
        product = note("product", factors=(scaled, base.amount if base else note("minimum-wage")))
        title = {str(k): v for k, v in (rule.title or {}).items()}
        currency, sure = base.currency if base else "", _confidence(rule, [] if base is None else [base])
        lines.append(Sum(rule.id, kind, title, scaled, amount, currency, product, rule.cite, sure, rule.note))
    return lines
