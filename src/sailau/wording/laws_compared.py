"""Laws side by side: who may stand, ages, deposits, bars, formulas, districts, quotas, voting abroad, terms, powers.

Every cell comes from a provision of the rule book, with its article and how sure the book is of it; what a book does not
say is unknown, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sailau.rulebook.conduct import AgeAtLeast, Condition, Rule, ShareAtLeast
from sailau.rulebook.powers import Power, members_by_law, powers_of
from sailau.rulebook.schema import Contest, Law, Tier
from sailau.wording import conduct, document, powers, provisions
from sailau.wording.citations import cite
from sailau.wording.document import Cell, Column, Table
from sailau.wording.language import LANGUAGES, Words, capital, marked, text_in, words
from sailau.wording.layout import CONFIDENCE
from sailau.wording.names import law_names
from sailau.wording.seats import tier_title
from sailau.wording.view import BASES

SUBJECTS = {"election": marked("The election"), "powers": marked("What the chamber decides")}
_SUREST = ("unverified", "secondary", "reported", "statute")

Texts = Mapping[str, str]
"""Language → text."""


@dataclass(frozen=True, slots=True)
class PointAnswer:
    """What one law says on one point.

    Attributes:
        text: language → what it says; empty where the book does not say it.
        cite: articles.
        confidence: the least sure of the provisions it is made of.
        note: what the book says is open.
        value: the same as data, where it is a number or a few.
    """

    text: Texts
    cite: str = ""
    confidence: str = "statute"
    note: str = ""
    value: Any = None

    @property
    def known(self) -> bool:
        """Whether the book says it."""
        return bool(self.text)


UNKNOWN = PointAnswer({})


@dataclass(frozen=True, slots=True)
class Point:
    """One point of comparison.

    Attributes:
        id: its name, `age` or `power-veto`.
        subject: `election` or `powers`.
        title: language → what is compared.
        answers: one of each law.
    """

    id: str
    subject: Literal["election", "powers"]
    title: Texts
    answers: tuple[PointAnswer, ...]


@dataclass(frozen=True)
class LawComparison:
    """Laws side by side, in the order given."""

    laws: Sequence[Law]
    points: Sequence[Point]

    def point(self, name: str) -> Point:
        """Return a point of comparison by its name.

        Raises:
            KeyError: no law of the comparison says anything on it.
        """
        point = next((point for point in self.points if point.id == name), None)
        if point is None:
            raise KeyError(name)
        return point

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as data: for each point and law the text in three languages, article, confidence."""
        return {
            "laws": [{"law": law.id, "day": law.day.isoformat(), "name": dict(law.body.name)} for law in self.laws],
            "rows": [
                {
                    "id": point.id,
                    "subject": point.subject,
                    "title": dict(point.title),
                    "cells": [
                        {"law": law.id, "known": answer.known, "text": dict(answer.text), "value": answer.value}
                        | {"cite": answer.cite, "note": answer.note}
                        | {"confidence": answer.confidence if answer.known else None}
                        for law, answer in zip(self.laws, point.answers, strict=True)
                    ],
                }
                for point in self.points
            ],
        }

    def tables(self, language: str = "en") -> list[Table]:
        """Return the comparison as tables in `en`, `kk` or `ru`: the election, then the powers."""
        said = words(language)
        columns = (Column(said.say("Point"), "name"), *(Column(name) for name in law_names(self.laws, said)))
        tables = []
        for subject, title in SUBJECTS.items():
            rows = tuple(self._row(point, said) for point in self.points if point.subject == subject)
            tables.append(Table(said.say(title), columns, rows))
        return [table for table in tables if table.rows]

    def _row(self, point: Point, said: Words) -> tuple[Cell, ...]:
        answers = zip(self.laws, point.answers, strict=True)
        title = document.name(text_in(point.title, said.language, point.id))
        return (title, *(Cell(_shown(law, answer, said)) for law, answer in answers))


def _shown(law: Law, answer: PointAnswer, said: Words) -> str:
    if not answer.known:
        return said.say("unknown")
    doubt = f" ({said.say(CONFIDENCE[answer.confidence])})" if answer.confidence in CONFIDENCE else ""
    where = f" [{cite(law, answer.cite, said.language)}]" if answer.cite else ""
    return f"{text_in(answer.text, said.language, '')}{doubt}{where}"


def compare_laws(laws: Sequence[Law]) -> LawComparison:
    """Put laws side by side.

    Args:
        laws: as they stand on their days; versions of one law may stand beside each other.

    Returns:
        One point after the other, then one for each power that some of the laws know.

    Raises:
        BadInput: a section of a book is faulty.
    """
    points = [
        Point(name, "election", _in_all(_sentence, title), tuple(map(answer, laws)))
        for name, (title, answer) in _POINTS.items()
    ]
    known = [{power.id: power for power in powers_of(law)} for law in laws]
    for name in dict.fromkeys(key for by_id in known for key in by_id):
        first = next(by_id[name] for by_id in known if name in by_id)
        answers = tuple(
            _power(by_id[name], law) if name in by_id else UNKNOWN for by_id, law in zip(known, laws, strict=True)
        )
        points.append(Point(f"power-{name}", "powers", _power_title(first), answers))
    return LawComparison(laws, points)


_EFFECTS = {"forms-government": marked("A government begins"), "ends-government": marked("A government falls")}


def _power_title(power: Power) -> Texts:
    if power.effect is not None:
        sentence = _EFFECTS[power.effect]
        return _in_all(_sentence, sentence)
    return dict(power.title or {})  # type: ignore[arg-type]


# ---------------------------------------------------------------------- answers


def _in_all(say: Callable[..., str], *things: object) -> Texts:
    """Return in every language what `say` says of things of a rule book; the words are its last argument."""
    return {language: say(*things, words(language)) for language in LANGUAGES}


def _sentence(sentence: str, said: Words) -> str:
    return said.say(sentence)


def _number(number: int, said: Words) -> str:
    return said.number(number)


def _count_members(number: int, said: Words) -> str:
    return said.plural("{n} member", "{n} members", number)


def _answer(texts: Sequence[Texts], sources: Iterable[Any], value: Any = None) -> PointAnswer:
    """Return an answer made of several provisions: articles of all, the mark of the least sure."""
    if not texts:
        return UNKNOWN
    sources = list(sources)
    cites = "; ".join(dict.fromkeys(s.cite for s in sources if s.cite))
    sure = min((s.confidence for s in sources), key=_SUREST.index, default="statute")
    notes = " ".join(dict.fromkeys(s.note for s in sources if s.note))
    text = {c: "; ".join(dict.fromkeys(t[c] for t in texts if t.get(c))) for c in LANGUAGES}
    return PointAnswer(text, cites, sure, notes, value)


def _titles(things: Sequence[Any]) -> list[Texts]:
    return [dict(thing.title) for thing in things if thing.title]


# ---------------------------------------------------------------------- who may stand


def _conditions(law: Law, purpose: str = "stand", of: str = "person") -> list[Condition]:
    return [c for c in law.section("condition") if c.concerns(law.id) and c.to == purpose and c.of == of]


def _who(law: Law) -> PointAnswer:
    conditions = [c for c in _conditions(law) if not isinstance(c.test, AgeAtLeast)]
    return _answer(_titles(conditions), conditions)


def _age(law: Law) -> PointAnswer:
    ages = [(c, c.test.years) for c in _conditions(law) if isinstance(c.test, AgeAtLeast)]
    texts: list[Texts] = [_in_all(_number, years) for _, years in ages]
    return _answer(texts, [c for c, _ in ages], max((years for _, years in ages), default=None))


def _told(law: Law, kind: str) -> list[Rule]:
    """What a book says in words where no figure of it is computed."""
    return [rule for rule in law.section("administration") if rule.concerns(law.id) and rule.kind == kind]


def _nominators(law: Law) -> PointAnswer:
    given = [*(c for c in _conditions(law, of="party") if c.title), *_told(law, "nominators")]
    return _answer(_titles(given), given)


def _deposit(law: Law) -> PointAnswer:
    deposits = [d for d in law.section("deposit") if d.concerns(law.id)]
    told = _told(law, "deposit")
    texts = [*(_in_all(conduct.deposit, rule) for rule in deposits), *_titles(told)]
    return _answer(texts, [*deposits, *told], [d.multiple for d in deposits] or None)


def _quota(law: Law) -> PointAnswer:
    """Quotas of lists, and of the seats a list wins."""
    lists = [(c, c.test) for c in law.section("condition") if c.concerns(law.id) and isinstance(c.test, ShareAtLeast)]
    texts = [_in_all(conduct.list_quota, test) for _, test in lists]
    tiers = [t for t in law.tier if t.mandates is not None and t.mandates.quota is not None]
    texts += [_block(tier, "mandates.quota") for tier in tiers]
    return _answer(texts, [*(c for c, _ in lists), *(t.mandates for t in tiers)])


def _given_abroad(ballots: Sequence[Any], said: Words) -> str:
    return said.say("given abroad: {ballots}", ballots=_names(ballots, said)) if ballots else ""


def _kept_home(ballots: Sequence[Any], said: Words) -> str:
    return said.say("not given abroad: {ballots}", ballots=_names(ballots, said)) if ballots else ""


def _names(ballots: Sequence[Any], said: Words) -> str:
    return ", ".join(text_in(ballot.title or {}, said.language, ballot.id) for ballot in ballots)


def _abroad(law: Law) -> PointAnswer:
    ballots = [b for b in law.section("ballot") if b.concerns(law.id)]
    told = _told(law, "abroad")
    if not ballots:
        return _answer(_titles(told), told)
    texts = [
        _in_all(_given_abroad, [b for b in ballots if b.abroad]),
        _in_all(_kept_home, [b for b in ballots if not b.abroad]),
        *_titles(told),
    ]
    return _answer(texts, [*ballots, *told], any(b.abroad for b in ballots))


# ---------------------------------------------------------------------- votes and seats


def _tiers(law: Law) -> list[Tier]:
    return [t for t in law.tier if t.formula.method != "question"]


def _block(tier: Tier, key: str) -> Texts:
    """Return a provision of a tier in its one sentence, in every language."""
    return _in_all(provisions.say_block, tier, key)


def _of_tier(law: Law, tier: Tier, texts: Texts) -> Texts:
    """Return `list seats: 69 seats`: a text behind the name of its tier."""
    return {c: f"{capital(tier_title(law, tier.id, words(c)))}: {texts[c]}" for c in LANGUAGES}


def _members(law: Law) -> PointAnswer:
    members = members_by_law(law)
    texts = [_in_all(_count_members, members)] if members else []
    counted = [t for t in _tiers(law) if t.seats.value is not None or t.seats.apportion is not None]
    if len(_tiers(law)) > 1:
        texts += [_of_tier(law, t, _block(t, "seats")) for t in counted]
    return _answer(texts, [law.body, *(t.seats for t in counted)], members)


def _formula(law: Law) -> PointAnswer:
    texts: list[Texts] = []
    for tier in _tiers(law):
        blocks = [_block(tier, "formula"), _block(tier, "single-qualifier")]
        joined = {c: "; ".join(filter(None, (b[c] for b in blocks))) for c in LANGUAGES}
        texts.append(_of_tier(law, tier, joined))
    return _answer(texts, [t.formula for t in _tiers(law)])


def _bar(law: Law) -> PointAnswer:
    tiers = [t for t in _tiers(law) if law.contests[t.contest].ballot == "list"]
    barred = [t for t in tiers if t.threshold is not None]
    texts: list[Texts] = []
    for tier in tiers:
        if tier.threshold is not None:
            text = _block(tier, "threshold")
            texts.append(_of_tier(law, tier, text) if len(tiers) > 1 else text)
        elif not tier.seats.rest:
            texts.append(_of_tier(law, tier, _in_all(_sentence, marked("no bar"))))
    share = next((str(t.threshold.share) for t in barred if t.threshold is not None), None)
    sources: list[Any] = [t.threshold for t in barred] or [t.formula for t in tiers]
    return _answer(texts, sources, share)


def _base_of(contest: Contest, base: str, said: Words) -> str:
    parts = [said.say(BASES[base])]
    parts += [said.say("blank ballots included")] if base == "valid" and contest.blank else []
    parts += [said.say("votes against all included")] if base == "valid" and contest.against_all else []
    return ", ".join(parts)


def _base(law: Law) -> PointAnswer:
    """What the bar is a share of, with the rows of the ballot that enter it."""
    barred = [(t, t.threshold) for t in _tiers(law) if t.threshold is not None]

    texts = [_in_all(_base_of, law.contests[tier.contest], bar.base) for tier, bar in barred]
    return _answer(texts, [bar for _, bar in barred], barred[0][1].base if barred else None)


def _districts(law: Law) -> PointAnswer:
    tiers = [t for t in _tiers(law) if not t.seats.rest and t.formula.method != "declared"]
    texts: list[Texts] = []
    for tier in tiers:
        if law.contests[tier.contest].level:
            texts.append(_of_tier(law, tier, _block(tier, "seats")))
        else:
            texts.append(_of_tier(law, tier, _in_all(_sentence, marked("the whole is one district"))))
    return _answer(texts, [t.seats for t in tiers])


def _against_all(law: Law) -> PointAnswer:
    is_there = any(contest.against_all for contest in law.contest)
    sentence = marked("yes") if is_there else marked("no")
    return _answer([_in_all(_sentence, sentence)], law.contest, is_there)


def _turnout(law: Law) -> PointAnswer:
    tiers = [(t, t.turnout) for t in _tiers(law) if t.turnout is not None]
    if not tiers and any(t.formula.method != "declared" for t in _tiers(law)):
        return _answer([_in_all(_sentence, marked("none"))], [law.body])
    value = str(tiers[0][1].share) if tiers else None
    return _answer([_block(t, "turnout") for t, _ in tiers], [rule for _, rule in tiers], value)


def _term(law: Law) -> PointAnswer:
    rule = law.body.term
    if rule is None:
        return UNKNOWN
    return _answer([_in_all(provisions.term, rule)], [rule], rule.years)


def _order(law: Law) -> PointAnswer:
    tiers = [(t, t.mandates) for t in _tiers(law) if t.mandates is not None and t.mandates.order != "votes"]
    return _answer([_block(t, "mandates") for t, _ in tiers], [rule for _, rule in tiers])


_POINTS: Mapping[str, tuple[str, Callable[[Law], PointAnswer]]] = {
    "members": (marked("Members"), _members),
    "term": (marked("Term"), _term),
    "who": (marked("Who may stand"), _who),
    "age": (marked("Age to stand"), _age),
    "nominators": (marked("Who nominates"), _nominators),
    "deposit": (marked("Deposit"), _deposit),
    "districts": (marked("Districts"), _districts),
    "formula": (marked("Formula"), _formula),
    "bar": (marked("Bar"), _bar),
    "base": (marked("Base of the bar"), _base),
    "against-all": (marked("Row “against all”"), _against_all),
    "turnout": (marked("Turnout that makes the poll valid"), _turnout),
    "quota": (marked("Quotas for women and others"), _quota),
    "order": (marked("Who takes the seats of a list"), _order),
    "abroad": (marked("Voting abroad"), _abroad),
}
"""Point of comparison → its title, and what a law says on it."""


def _say_power(power: Power, members: int | None, said: Words) -> str:
    return powers.power(power, said, members=members) or powers.decides(power, said)


def _power(power: Power, law: Law) -> PointAnswer:
    text = _in_all(_say_power, power, members_by_law(law))
    note = (power.vote.note if power.vote is not None else "") or power.note
    value = None if power.vote is None else f"{power.vote.comparison} {power.vote.share} {power.vote.of}"
    return PointAnswer(text, power.article, power.sureness, note, value)
