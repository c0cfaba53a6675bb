"""Laws side by side: who may stand, ages, deposits, bars, formulas, districts, quotas, voting abroad, terms, powers.

Every cell comes from a provision of the rule book, with its article and how sure the book is of it; what a book does not
say is unknown, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal

from sailau.rulebook.conduct import AgeAtLeast, Condition, ShareAtLeast
from sailau.rulebook.powers import Power, Vote, members_by_law, powers_of
from sailau.rulebook.schema import Law, Threshold, Tier
from sailau.rulebook.sheet import LANGUAGES, Phrases, Table, cited

WORDS = Path(__file__).parent / "comparison.toml"
SUBJECTS = ("election", "powers")
_SUREST = ("unverified", "secondary", "reported", "statute")


@dataclass(frozen=True, slots=True)
class Cell:
    """What one law says on one point.

    Attributes:
        text: language → what it says; empty where the book does not say it.
        cite: articles.
        confidence: the least sure of the provisions it is made of.
        note: what the book says is open.
        value: the same as data, where it is a number or a few.
    """

    text: Mapping[str, str]
    cite: str = ""
    confidence: str = "statute"
    note: str = ""
    value: Any = None

    @property
    def known(self) -> bool:
        """Whether the book says it."""
        return bool(self.text)


UNKNOWN = Cell({})


@dataclass(frozen=True, slots=True)
class Line:
    """One point of comparison.

    Attributes:
        id: its name, `age` or `power-veto`.
        subject: `election` or `powers`.
        title: language → what is compared.
        cells: one for each law.
    """

    id: str
    subject: Literal["election", "powers"]
    title: Mapping[str, str]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class LawComparison:
    """Laws side by side, in the order given."""

    laws: Sequence[Law]
    lines: Sequence[Line]

    def line(self, name: str) -> Line:
        """Return a point of comparison by its name.

        Raises:
            KeyError: no law of the comparison says anything on it.
        """
        found = next((line for line in self.lines if line.id == name), None)
        if found is None:
            raise KeyError(name)
        return found

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as data: for each point and law the text in three languages, article, confidence."""
        return {
            "laws": [{"law": law.id, "day": law.day.isoformat(), "name": dict(law.body.name)} for law in self.laws],
            "rows": [
                {
                    "id": line.id,
                    "subject": line.subject,
                    "title": dict(line.title),
                    "cells": [
                        {"law": law.id, "known": cell.known, "text": dict(cell.text), "value": cell.value}
                        | {"cite": cell.cite, "confidence": cell.confidence if cell.known else None, "note": cell.note}
                        for law, cell in zip(self.laws, line.cells, strict=True)
                    ],
                }
                for line in self.lines
            ],
        }

    def tables(self, language: str = "en") -> list[Table]:
        """Return the comparison as tables of text in `en`, `kk` or `ru`: the election, then the powers."""
        phrases = Phrases(WORDS, language)
        names = _names(self.laws, phrases)
        found = []
        for subject in SUBJECTS:
            rows = tuple(
                (
                    phrases.text(line.title, line.id),
                    *(_shown(law, cell, phrases) for law, cell in zip(self.laws, line.cells, strict=True)),
                )
                for line in self.lines
                if line.subject == subject
            )
            found.append(Table(phrases.say(subject), (phrases.say("point"), *names), rows))
        return [table for table in found if table.rows]


def _names(laws: Sequence[Law], phrases: Phrases) -> list[str]:
    """Return the name of every law; its day where two versions of one stand side by side."""
    ids = [law.id for law in laws]
    names = [phrases.text(law.body.name, law.id) for law in laws]
    return [f"{n} ({law.day})" if ids.count(law.id) > 1 else n for n, law in zip(names, laws, strict=True)]


def _shown(law: Law, cell: Cell, phrases: Phrases) -> str:
    if not cell.known:
        return phrases.say("unknown")
    mark = "" if cell.confidence == "statute" else f" ({phrases.say('mark-' + cell.confidence)})"
    cite = f" [{cited(law, cell.cite, phrases.language)}]" if cell.cite else ""
    return f"{phrases.text(cell.text)}{mark}{cite}"


def compare_laws(laws: Sequence[Law]) -> LawComparison:
    """Put laws side by side.

    Args:
        laws: as they stand on their days; versions of one law may stand beside each other.

    Returns:
        One line for each point, then one for each power that some of the laws know.

    Raises:
        BadInput: a section of a book is faulty.
    """
    lines = [Line(name, "election", _in_all(name), tuple(say(law) for law in laws)) for name, say in _POINTS.items()]
    powers = [{p.id: p for p in powers_of(law)} for law in laws]
    for name in dict.fromkeys(key for held in powers for key in held):
        first = next(held[name] for held in powers if name in held)
        cells = tuple(
            _power(held[name], law) if name in held else UNKNOWN for held, law in zip(powers, laws, strict=True)
        )
        lines.append(Line(f"power-{name}", "powers", _title(name, first), cells))
    return LawComparison(laws, lines)


def _title(name: str, power: Power) -> Mapping[str, str]:
    return _in_all(f"power-{name}") if _phrases("en").has(f"power-{name}") else dict(power.title or {})  # type: ignore[arg-type]


@cache
def _phrases(language: str) -> Phrases:
    return Phrases(WORDS, language)


def _in_all(key: str, **values: object) -> dict[str, str]:
    """Return a sentence in every language.

    Args:
        key: of the sentence.
        values: what is put into it: a share (`Fraction`), names by language (a mapping), keys of words (a tuple), or
            anything that is the same in every language.
    """
    return {
        code: _phrases(code).say(key, **{name: _said(value, _phrases(code)) for name, value in values.items()})
        for code in LANGUAGES
    }


def _said(value: object, phrases: Phrases) -> object:
    if isinstance(value, Fraction):
        return phrases.share(value)
    if isinstance(value, Mapping):
        return phrases.text(value)
    return ", ".join(phrases.say(key) for key in value) if isinstance(value, tuple) else value


def _joined(parts: Sequence[Mapping[str, str]], between: str = "; ") -> dict[str, str]:
    return (
        {code: between.join(dict.fromkeys(p[code] for p in parts if p.get(code))) for code in LANGUAGES}
        if parts
        else {}
    )


def _cell(texts: Sequence[Mapping[str, str]], sources: Sequence[Any], value: Any = None) -> Cell:
    """Return a cell made of several provisions: articles of all, the mark of the least sure."""
    if not texts:
        return UNKNOWN
    cites = "; ".join(dict.fromkeys(s.cite for s in sources if s.cite))
    sure = min((s.confidence for s in sources), key=_SUREST.index, default="statute")
    notes = " ".join(dict.fromkeys(s.note for s in sources if s.note))
    return Cell(_joined(texts), cites, sure, notes, value)


# ---------------------------------------------------------------------- who may stand


def _conditions(law: Law, purpose: str = "stand", of: str = "person") -> list[Condition]:
    found: list[Condition] = [c for c in law.section("condition") if c.concerns(law.id)]
    return [c for c in found if c.to == purpose and c.of == of]


def _who(law: Law) -> Cell:
    found = [c for c in _conditions(law) if not isinstance(c.test, AgeAtLeast)]
    return _cell([dict(c.title or {}) for c in found], found)  # type: ignore[arg-type]


def _age(law: Law) -> Cell:
    found = [c for c in _conditions(law) if isinstance(c.test, AgeAtLeast)]
    years = [c.test.years for c in found if isinstance(c.test, AgeAtLeast)]
    return _cell([_in_all("age-years", years=y) for y in years], found, max(years, default=None))


def _nominators(law: Law) -> Cell:
    found = [c for c in _conditions(law, of="party") if c.title]
    return _cell([dict(c.title or {}) for c in found], found)  # type: ignore[arg-type]


def _deposit(law: Law) -> Cell:
    found = [d for d in law.section("deposit") if d.concerns(law.id)]
    texts = [_in_all(f"deposit-{d.per}", multiple=d.multiple) for d in found]
    refunds = [_in_all("refund", share=d.refund.share) for d in found if d.refund is not None]
    return _cell([*texts, *refunds], found, [d.multiple for d in found] or None)


def _quota(law: Law) -> Cell:
    """Quotas of lists, and of the seats a list wins."""
    lists = [c for c in law.section("condition") if c.concerns(law.id) and isinstance(c.test, ShareAtLeast)]
    texts = [
        _in_all(
            "quota-list",
            groups=_groups(c.test.groups),
            share=c.test.share,
        )
        for c in lists
    ]
    seats = [
        (t.mandates, t.mandates.quota) for t in law.tier if t.mandates is not None and t.mandates.quota is not None
    ]
    texts += [_in_all("quota-seats", groups=_groups(quota.groups), share=quota.share) for _, quota in seats]
    return _cell(texts, [*lists, *(mandates for mandates, _ in seats)])


def _groups(groups: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"group-{name}" for name in groups)


def _abroad(law: Law) -> Cell:
    found = [b for b in law.section("ballot") if b.concerns(law.id)]
    yes, no = [b for b in found if b.abroad], [b for b in found if not b.abroad]
    texts = [_in_all("abroad-yes", ballot=b.title or {}) for b in yes]
    texts += [_in_all("abroad-no", ballot=b.title or {}) for b in no]
    return _cell(texts, found, bool(yes) if found else None)


# ---------------------------------------------------------------------- votes and seats


def _tiers(law: Law) -> list[Tier]:
    return [t for t in law.tier if t.formula.method != "question"]


def _seats(law: Law) -> Cell:
    members = members_by_law(law)
    parts = [t for t in _tiers(law) if _tier_seats(law, t) is not None]
    texts = [_in_all("members-count", count=members)] if members else []
    if len(parts) > 1:
        texts += [_named_tier(law, t, str(_tier_seats(law, t))) for t in parts]
    return _cell(texts, [law.body, *(t.seats for t in parts)], members)


def _tier_seats(law: Law, tier: Tier) -> int | None:
    seats = tier.seats
    if seats.apportion is not None:
        return seats.apportion.total - seats.apportion.set_aside * (seats.districts or 0)
    if seats.value is None or (law.contests[tier.contest].level and seats.districts is None and not seats.rest):
        return None
    if seats.rest:
        earlier = tier.levelling.tier if tier.levelling is not None else ""
        districts = law.tiers[earlier].seats.districts if earlier else None
        return (tier.levelling.per_district if tier.levelling is not None else 0) * (districts or 0) or None
    return seats.value * (seats.districts or 1)


def _named_tier(law: Law, tier: Tier, text: str) -> dict[str, str]:
    """Return `list vote: 69`: a text with the name of the ballot paper or of the kind of tier."""
    return {code: f"{name}: {text}" for code, name in _tier_name(law, tier).items()}


def _tier_name(law: Law, tier: Tier) -> dict[str, str]:
    if tier.levelling is not None:
        return _in_all("tier-levelling")
    if tier.transfer is not None:
        return _in_all("tier-transfer")
    if tier.formula.method == "declared":
        return _in_all("tier-declared", contest=tier.contest)
    return _in_all(f"ballot-{law.contests[tier.contest].ballot}")


def _formula(law: Law) -> Cell:
    tiers = _tiers(law)
    texts = []
    for tier in tiers:
        said = [_in_all(f"method-{tier.formula.method}", first=tier.formula.first or Fraction(7, 5))]
        if tier.formula.method == "largest-remainder":
            said = [_in_all("quota-" + tier.formula.quota), _in_all(f"leftover-{tier.formula.leftover}")]
            said += [_in_all(f"round-{tier.formula.round_quota}")] if tier.formula.round_quota != "no" else []
            said += (
                [_in_all(f"unqualified-{tier.formula.unqualified}")] if tier.formula.unqualified != "set-aside" else []
            )
        if tier.single_qualifier is not None:
            said.append(_in_all("single-qualifier"))
        texts.append({code: f"{_tier_name(law, tier)[code]}: {_joined(said, ', ')[code]}" for code in LANGUAGES})
    return _cell(texts, [t.formula for t in tiers])


def _bar(law: Law) -> Cell:
    tiers = [t for t in _tiers(law) if law.contests[t.contest].ballot == "list"]
    barred = [t for t in tiers if t.threshold is not None]
    texts = [_bar_text(law, t, t.threshold) for t in barred if t.threshold is not None]
    main = next((t for t in tiers if t.threshold is None and not t.seats.rest), None)
    if main is not None:
        texts.insert(0, {code: f"{_tier_name(law, main)[code]}: {_in_all('no-bar')[code]}" for code in LANGUAGES})
    share = barred[0].threshold.share if barred and barred[0].threshold is not None else None
    sources: list[Any] = [t.threshold for t in barred] or [t.formula for t in tiers]
    return _cell(texts, sources, None if share is None else str(share))


def _bar_text(law: Law, tier: Tier, bar: Threshold) -> dict[str, str]:
    said = [_in_all(f"bar-{bar.area}", share=bar.share, base=(_base_word(law, tier, bar),))]
    for kind in bar.kinds:
        members = f"-{min(kind.members, 3)}" if kind.kind == "coalition" and kind.members > 1 else ""
        said.append(_in_all(f"bar-kind-{kind.kind}{members}", share=kind.share, members=kind.members))
    if bar.lower is not None:
        said.append(_in_all("bar-lowered", lists=bar.lower.lists, step=bar.lower.step))
    if bar.fill is not None:
        said.append(_in_all("bar-filled", share=bar.fill.share))
    text = _joined(said, ", ")
    return {code: f"{_tier_name(law, tier)[code]}: {text[code]}" for code in LANGUAGES} if tier.seats.rest else text


def _base_word(law: Law, tier: Tier, bar: Threshold) -> str:
    return f"base-{bar.base}" + ("-blank" if bar.base == "valid" and law.contests[tier.contest].blank else "")


def _base(law: Law) -> Cell:
    """What the bar is a share of, with the rows of the ballot that enter it."""
    tiers = [t for t in _tiers(law) if t.threshold is not None]
    texts, sources = [], []
    for tier in tiers:
        assert tier.threshold is not None
        contest = law.contests[tier.contest]
        said = [_in_all(_base_word(law, tier, tier.threshold))]
        if contest.against_all and tier.threshold.base == "valid":
            said.append(_in_all("base-against-all"))
        texts.append(_joined(said, ", "))
        sources.append(tier.threshold)
    return _cell(texts, sources, tiers[0].threshold.base if tiers and tiers[0].threshold else None)


def _districts(law: Law) -> Cell:
    texts, sources = [], []
    for tier in _tiers(law):
        if tier.seats.rest or tier.formula.method == "declared":
            continue
        contest, seats = law.contests[tier.contest], tier.seats
        if not contest.level:
            said = _in_all("district-whole")
        elif seats.districts is not None and seats.value is not None:
            said = _in_all("districts-of", number=seats.districts, seats=seats.value)
        elif seats.apportion is not None:
            said = _in_all("districts-by", by=tuple(f"score-{name}" for name in sorted(seats.apportion.score)))
        elif seats.districts is not None:
            said = _in_all("districts-number", number=seats.districts)
        else:
            said = _in_all("districts-case", seats=seats.value or "–")
        texts.append({code: f"{_tier_name(law, tier)[code]}: {said[code]}" for code in LANGUAGES})
        sources.append(seats)
    return _cell(texts, sources)


def _against_all(law: Law) -> Cell:
    contests = list(law.contest)
    held = any(c.against_all for c in contests)
    return _cell([_in_all("yes" if held else "no")], contests, held)


def _turnout(law: Law) -> Cell:
    found = [t.turnout for t in _tiers(law) if t.turnout is not None]
    texts = [_in_all("of-turnout", share=t.share, base=(f"base-{t.of}",)) for t in found]
    if not found and any(t.formula.method != "declared" for t in _tiers(law)):
        return _cell([_in_all("none")], [law.body])
    return _cell(texts, found, str(found[0].share) if found else None)


def _term(law: Law) -> Cell:
    term = law.body.term
    if term is None:
        return UNKNOWN
    said = [_in_all("years", years=term.years)]
    if term.at_most is not None:
        said.append(_in_all("terms", count=term.at_most))
    return _cell([_joined(said, ", ")], [term], term.years)


def _order(law: Law) -> Cell:
    found = [t.mandates for t in _tiers(law) if t.mandates is not None and t.mandates.order != "votes"]
    return _cell([_in_all(f"order-{m.order}") for m in found], found)


_POINTS: Mapping[str, Callable[[Law], Cell]] = {
    "members": _seats,
    "term": _term,
    "who": _who,
    "age": _age,
    "nominators": _nominators,
    "deposit": _deposit,
    "districts": _districts,
    "formula": _formula,
    "bar": _bar,
    "base": _base,
    "against-all": _against_all,
    "turnout": _turnout,
    "quota": _quota,
    "order": _order,
    "abroad": _abroad,
}
"""Point of comparison → what a law says on it."""


# ---------------------------------------------------------------------- powers


def _power(power: Power, law: Law) -> Cell:
    said = []
    if power.vote is None:
        said.append(_in_all(f"by-{power.by}"))
    else:
        said.append(_majority(power.vote, law))
        if power.vote.motion is not None:
            said.append(_in_all("motion", share=power.vote.motion))
        if power.vote.motion_members is not None:
            said.append(_in_all("motion-members", count=power.vote.motion_members))
        if power.vote.with_:
            said.append(_in_all("and-other-chamber"))
    if power.consequence:
        said.append(dict(power.consequence))  # type: ignore[arg-type]
    note = (power.vote.note if power.vote is not None else "") or power.note
    value = None if power.vote is None else f"{power.vote.comparison} {power.vote.share} {power.vote.of}"
    return Cell(_joined(list(_texts(said))), power.article, power.sureness, note, value)


def _texts(said: Sequence[Mapping[str, str]]) -> Iterator[dict[str, str]]:
    for text in said:
        yield {code: text.get(code) or text.get("en", "") for code in LANGUAGES}


def _majority(vote: Vote, law: Law) -> dict[str, str]:
    members = vote.members or members_by_law(law)
    share = {code: _phrases(code).say(vote.comparison, share=_phrases(code).share(vote.share)) for code in LANGUAGES}
    text = {code: _phrases(code).say(f"of-{vote.of}", share=share[code]) for code in LANGUAGES}
    if members is None or vote.of != "all-members":
        return text
    part = members * vote.share
    votes = (
        part.numerator // part.denominator + 1
        if vote.comparison == "more-than"
        else -(-part.numerator // part.denominator)
    )
    return {code: f"{text[code]} ({votes}/{members})" for code in LANGUAGES}
