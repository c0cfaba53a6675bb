"""Deposits and funds in money: multiples of the minimum wage of the year, with relief by the last result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from sailau.nomination.notes import Note, note
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
    sum: Note
    needs: tuple[str, ...] = ()
    cite: str = ""
    confidence: str = "statute"


@dataclass(frozen=True, slots=True)
class Sum:
    """One line of the money page.

    Attributes:
        kind: `deposit`, `own`, `donations`, `person` (most from one), `entity` (from one legal entity).
        multiple: minimum wages.
        amount: in whole units of the currency, None where the wage of the year is not in the book.
    """

    id: str
    kind: str
    title: Mapping[str, str]
    multiple: Fraction
    amount: int | None
    currency: str
    sum: Note
    cite: str
    confidence: str
    note: str = ""


def wage(law: Law, year: int | None = None) -> Wage | None:
    """Return the minimum wage of a year (that of the vote when absent), None where the book has none."""
    wanted = year or law.day.year
    return next((w for w in law.section("wage") if w.year == wanted), None)


def deposit_due(
    law: Law, deposit: str, *, names: int | None = 1, last: str | None = None, year: int | None = None
) -> Due:
    """Return the deposit of one candidate or list.

    Args:
        law: the law of the polling day.
        deposit: id of the deposit in the rule book.
        names: names on the list; 1 for a candidate; None where unknown.
        last: share of votes at the last election of the body, such as `5.20%`; None where unknown.
        year: year of the minimum wage; that of the vote when absent (the law names none).

    Raises:
        KeyError: no such deposit in this law.
    """
    rule = _deposit(law, deposit)
    pay, needs = _part(rule, last)
    base = wage(law, year)
    if base is None:
        needs = (*needs, "wage")
    if names is None and rule.per == "name":
        needs = (*needs, "list_length")
    factors: list[object] = [rule.multiple, base.amount if base else note("minimum-wage")]
    if rule.per == "name":
        factors.append(note("names-unknown") if names is None else note("names", count=names))
    if pay is not None and pay != 1:
        factors.append(note("share", share=pay))
    sum_ = note("product", factors=tuple(factors))
    sure = _confidence(rule, base)
    if pay == 0:
        return Due(0, 0, 0, sum_, (), rule.cite, sure)
    if base is None or (names is None and rule.per == "name"):
        return Due(None, None, None, sum_, needs, rule.cite, sure)
    full = rule.multiple * base.amount * (names or 1 if rule.per == "name" else 1)
    if pay is None:
        least = min((ceil(r.pay * full) for r in rule.relief), default=full)
        return Due(None, least, full, sum_, needs, rule.cite, sure)
    amount = ceil(pay * full)
    return Due(amount, amount, amount, note("equals", sum=sum_, amount=amount), needs, rule.cite, sure)


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


def _confidence(rule: Deposit | Fund, base: Wage | None) -> str:
    return rule.confidence if base is None or rule.confidence == "unverified" else base.confidence


def money(
    law: Law,
    contest: str | None = None,
    *,
    names: int = 1,
    last: str | None = None,
    year: int | None = None,
    run_off: bool = False,
) -> list[Sum]:
    """Return deposits and fund ceilings of an election in money.

    Args:
        law: the law of the polling day.
        contest: one ballot paper, or all.
        names: names on a list, for the deposit.
        last: share of votes at the last election, for the relief of lists.
        year: year of the minimum wage; that of the vote when absent.
        run_off: ceilings of a second round.
    """
    base = wage(law, year)
    deposits = [rule for rule in law.section("deposit") if rule.concerns(law.id, contest)]
    found = [_deposit_line(law, rule, names, last, year) for rule in deposits]
    for rule in law.section("fund"):
        if rule.concerns(law.id, contest):
            found += _fund_lines(rule, base, run_off)
    return found


def _deposit_line(law: Law, rule: Deposit, names: int, last: str | None, year: int | None) -> Sum:
    count = names if rule.per == "name" else 1
    due = deposit_due(law, rule.id, names=count, last=last or ("0%" if rule.relief else None), year=year)
    base = wage(law, year)
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
    for kind in ("own", "donations", "person", "entity"):
        multiple = getattr(rule, kind)
        if multiple is None:
            continue
        scaled = multiple * (factor if kind in ("own", "donations") else Fraction(1))
        amount = None if base is None else int(scaled * base.amount)
        product = note("product", factors=(scaled, base.amount if base else note("minimum-wage")))
        title = {str(k): v for k, v in (rule.title or {}).items()}
        currency, sure = base.currency if base else "", _confidence(rule, base)
        lines.append(Sum(rule.id, kind, title, scaled, amount, currency, product, rule.cite, sure, rule.note))
    return lines
