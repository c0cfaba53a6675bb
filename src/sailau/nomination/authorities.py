"""Whom to turn to: commissions and who may sit on them, complaints with their dates, observers, the media."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sailau.nomination.notes import Value, note
from sailau.nomination.quota import spread
from sailau.nomination.voter import CitedLine, line, texts
from sailau.rulebook.conduct import Commission, Complaint
from sailau.rulebook.schema import Law
from sailau.rulebook.sections import section_on


@dataclass(frozen=True, slots=True)
class CommissionLine:
    """One level of commissions.

    Attributes:
        least, most: members it has; for the number of voters asked about, else over all sizes.
    """

    id: str
    level: int
    title: Mapping[str, str]
    formed_by: Mapping[str, str]
    least: int
    most: int
    odd: bool
    term_years: int | None
    cite: str
    confidence: str
    note: str = ""


def commissions(law: Law, voters: int | None = None) -> list[CommissionLine]:
    """Return the commissions of an election from the highest down.

    Args:
        law: the law of the polling day.
        voters: voters of a precinct, where the size depends on them.
    """
    found = [c for c in law.section("commission") if c.concerns(law.id)]
    return [_commission(c, voters) for c in sorted(found, key=lambda c: c.level)]


def _commission(rule: Commission, voters: int | None) -> CommissionLine:
    least, most = _size(rule, voters)
    return CommissionLine(
        rule.id,
        rule.level,
        texts(rule.title),
        texts(rule.formed_by),
        least,
        most,
        rule.odd,
        rule.term_years,
        rule.cite,
        rule.confidence,
        rule.note,
    )


def _size(rule: Commission, voters: int | None) -> tuple[int, int]:
    if voters is not None:
        for band in rule.size:
            if band.voters is None or voters <= band.voters:
                return band.least, band.most
    return min(b.least for b in rule.size), max(b.most for b in rule.size)


@dataclass(frozen=True, slots=True)
class Breach:
    """A commission that is not composed as the law asks.

    Attributes:
        code: `size`, `even`, `party-share`, `one-employer`, `barred-office`.
    """

    commission: str
    code: str
    found: Value
    required: Value
    cite: str
    confidence: str


def check_commissions(law: Law, members: Iterable[Mapping[str, str]]) -> list[Breach]:
    """Check the composition of commissions, one row per member.

    Args:
        law: the law of the polling day.
        members: rows with `commission`, `level` (id of the commission in the book), and where known `voters`,
            `proposed_by`, `employer`, `office`.
    """
    rules: dict[str, Commission] = {c.id: c for c in law.section("commission") if c.concerns(law.id)}
    held: dict[str, list[Mapping[str, str]]] = {}
    for row in members:
        held.setdefault(row["commission"], []).append(row)
    breaches = []
    for name, rows in held.items():
        rule = rules.get(rows[0].get("level", ""))
        if rule is not None:
            breaches += [Breach(name, *found, rule.cite, rule.confidence) for found in _breaches(rule, rows)]
    return breaches


def _breaches(rule: Commission, rows: list[Mapping[str, str]]) -> Iterable[tuple[str, Value, Value]]:
    voters = next((int(r["voters"]) for r in rows if r.get("voters", "").isdigit()), None)
    least, most = _size(rule, voters)
    if not least <= len(rows) <= most:
        yield "size", len(rows), spread(least, most)
    if rule.odd and len(rows) % 2 == 0:
        yield "even", len(rows), note("odd")
    for column, code, most_of in (
        ("proposed_by", "party-share", rule.per_party),
        ("employer", "one-employer", None),
    ):
        for who, count in Counter(r[column] for r in rows if r.get(column)).items():
            found = note("of", count=count, whole=who)
            if most_of is not None and count > most_of:
                yield code, found, note("at-most", amount=most_of)
            if column == "employer" and rule.one_employer is not None and count > rule.one_employer * len(rows):
                share = note("part-of", share=rule.one_employer, whole=len(rows))
                yield code, found, note("at-most", amount=share)
    for row in rows:
        if row.get("office") in rule.barred:
            yield "barred-office", row["office"], note("none-of", offices=tuple(rule.barred))


# ---------------------------------------------------------------- complaints


@dataclass(frozen=True, slots=True)
class ComplaintLine:
    """Where to complain about one matter, and by when.

    Attributes:
        file_days: days after the event; None: at any time.
        file_by: last day to file, None where there is no limit.
        decide_days: days in which it is decided; 0: the same day; None: not set by this law.
        at_once: it is so near to the vote that it is decided at once.
    """

    id: str
    title: Mapping[str, str]
    to: Mapping[str, str]
    file_days: int | None
    file_by: date | None
    decide_days: int | None
    at_once: bool
    final: bool
    cite: str
    confidence: str
    note: str = ""

    def decided_by(self, filed: date) -> date | None:
        """Return the last day of the decision on a complaint filed on a day."""
        if self.at_once:
            return filed
        return None if self.decide_days is None else filed + timedelta(days=self.decide_days)


def complaints(law: Law, event: date | None = None, matter: str | None = None) -> list[ComplaintLine]:
    """Return to whom and until when one complains.

    Args:
        law: the law of the polling day.
        event: day of the decision, act or result complained of; its day decides which rules hold.
        matter: id of one matter, or all.
    """
    rules: list[Complaint] = [
        rule
        for rule in section_on(law, "complaint", event or law.day)
        if rule.concerns(law.id) and matter in (None, rule.id)
    ]
    return [_complaint(rule, event, law.day) for rule in rules]


def _complaint(rule: Complaint, event: date | None, vote: date) -> ComplaintLine:
    near = rule.urgent_days is not None and event is not None and 0 <= (vote - event).days < rule.urgent_days
    file_by = event + timedelta(days=rule.file_days) if event and rule.file_days is not None else None
    return ComplaintLine(
        rule.id,
        texts(rule.title),
        texts(rule.to),
        rule.file_days,
        file_by,
        rule.decide_days,
        near,
        rule.final,
        rule.cite,
        rule.confidence,
        rule.note,
    )


# ---------------------------------------------------------------- rules told to those who take part


def observers(law: Law, kind: str | None = None) -> list[CitedLine]:
    """Return the rules for observers: `who`, `accreditation`, `presence`, `right`, `duty`, `foreign`."""
    return _lines(law, "observer", kind)


def access(law: Law, kind: str | None = None) -> list[CitedLine]:
    """Return the rules of the campaign.

    Kinds: `campaigner`, `vote-buying`, `broadcast`, `air-time`, `state-money`, `debate`, `poll`, `silence`,
    `money`.
    """
    return _lines(law, "access", kind)


def administration(law: Law, kind: str | None = None) -> list[CitedLine]:
    """Return the rules on the work and membership of commissions: `work`, `membership`, `units`."""
    return _lines(law, "administration", kind)


def _lines(law: Law, section: str, kind: str | None) -> list[CitedLine]:
    return [line(r) for r in law.section(section) if r.concerns(law.id) and kind in (None, r.kind)]
