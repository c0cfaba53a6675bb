"""The words a rule book may use for counting, as typed data: contests, tiers and their provisions.

Each class is one documented building block; `docs/reference/rule-book.md` is generated from it. Keys in the file are
written with hyphens (`minimum-seats`). Shares are exact: `"5%"`, `"7/10"`, never a decimal point number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property, partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PrivateAttr, ValidationError, model_validator

from sailau.rulebook.book import CORE, Book, resolve
from sailau.rulebook.citation import Citation, citations
from sailau.rulebook.coherence import incoherences
from sailau.rulebook.faults import BadInput, Fault, Faults
from sailau.rulebook.limits import PARTIES, SEATS
from sailau.rulebook.mandates import MandateRules
from sailau.rulebook.provision import Block as Block
from sailau.rulebook.provision import Comparison as Comparison
from sailau.rulebook.provision import Confidence as Confidence
from sailau.rulebook.provision import Number as Number
from sailau.rulebook.provision import Part as Part
from sailau.rulebook.provision import Provision as Provision
from sailau.rulebook.provision import Share as Share
from sailau.rulebook.provision import Text as Text
from sailau.rulebook.provision import share as share
from sailau.rulebook.provision import show_share as show_share

Base = Literal["options", "valid", "cast", "issued", "present", "registered"]
TieRule = Literal[
    "registered-earlier",
    "more-votes",
    "fewer-votes",
    "list-number",
    "more-votes-whole",
    "more-transferred",
    "first-round",
]
OpenTie = Literal["no-rule", "lot", "repeat-vote", "repeat-election"]


MOST_SEATS = SEATS.most
LISTS = ("party", "coalition", "independent", "others")
"""Kinds of list that there may be under any law."""


class Formula(Provision):
    """How votes become seats in one district."""

    method: Literal[
        "largest-remainder",
        "dhondt",
        "sainte-lague",
        "modified-sainte-lague",
        "huntington-hill",
        "adams",
        "dean",
        "danish",
        "imperiali-divisor",
        "balinski-young-quota",
        "plurality",
        "majority",
        "question",
        "biproportional",
        "declared",
    ]
    quota: Literal["hare", "droop", "hagenbach-bischoff", "imperiali"] = "hare"
    round_quota: Literal["no", "nearest", "up"] = "no"
    first: Share | None = Field(None, description="first divisor of the modified method, such as 7/5")
    exponent: Part | None = Field(
        None, description="to which divisors are raised, such as 9/10: votes are divided by 1, 2^0.9, 3^0.9 …"
    )
    rounding: Literal["standard", "down", "up"] = Field("standard", description="biproportional: rounding rule")
    unqualified: Literal["set-aside", "shared-equally", "in-quota"] = Field(
        "set-aside",
        description="valid votes that no list above the bar holds (of lists under it and of lines that cannot win):"
        " left out; shared equally among the lists above it; kept in the quota",
    )
    leftover: Literal["remainders", "most-votes", "transfer"] = Field(
        "remainders",
        description="seats left after whole quotas: by remainders; one each to the lists with most votes; to a later tier",
    )
    marks: Number | Literal["seats"] | None = Field(
        None, description="marks a voter may make, or as many as the district has seats; for the ballot's guide"
    )
    marks_by_seats: dict[str, Number] = Field(
        default_factory=dict, description="marks a voter may make where the district has so many seats (limited vote)"
    )
    voter_numbers: bool = Field(
        False,
        description="a voter has as many votes as the district has seats: for the share of the whole, a list's votes"
        " in a district are divided by its seats and rounded to the nearest whole number",
    )


class Apportionment(Provision):
    """Seats of districts computed from their population, area or votes, before or on the night."""

    total: Number = Field(ge=1)
    score: dict[Literal["population", "area_km2", "valid", "options"], Share] = Field(
        description="weights of what a district is measured by; several are added"
    )
    formula: Formula
    fixed: dict[str, Number] = Field(default_factory=dict, description="seats each district of a kind has beforehand")
    only: list[str] | None = Field(None, description="kinds of unit that share in the rest; all when absent")
    set_aside: Number = Field(0, description="seats of each district kept for a later tier")
    tie: list[Literal["higher-score"]] = Field(default_factory=list)
    otherwise: OpenTie = Field("no-rule", description="when districts are still equal")
    decreed: bool = Field(
        False,
        description="the act that calls the election states the numbers: those of units.csv go before computed ones",
    )


class Seats(Provision):
    """How many seats a district has: a number, a column of units.csv, or computed."""

    value: Number | None = Field(None, description="seats of each district (of the whole, for a nationwide tier)")
    column: bool = Field(False, description="read seats_<contest> of units.csv; `value` is the default")
    apportion: Apportionment | None = None
    rest: bool = Field(False, description="the seats that the earlier tier set aside or left (levelling, transfer)")
    districts: Number | None = Field(None, ge=1, description="number of districts that the law sets")
    at_most: Number | None = Field(None, description="largest number the law allows")

    @model_validator(mode="after")
    def _one_source(self) -> Seats:
        if self.value is None and not self.column and self.apportion is None and not self.rest:
            raise ValueError("give value, column = true, apportion, or rest = true")
        return self


class KindBar(Provision):
    """A bar for one kind of list: alliances of a size, independents."""

    kind: str
    members: Number = Field(1, ge=1, description="smallest number of member parties it holds for")
    share: Part


def _step(value: Fraction) -> Fraction:
    if not Fraction(1, 10_000) <= value <= 1:
        raise ValueError("a step from “0.01%” to “100%”")
    return value


class FallingBar(Block):
    """Bars that are lowered step by step until enough lists qualify."""

    lists: int = Field(ge=1, le=PARTIES.most)
    step: Annotated[Share, AfterValidator(_step)]


class FillUp(Block):
    """Next largest lists are admitted until those admitted hold a share of the base."""

    share: Part
    base: Base


class Threshold(Provision):
    """The bar a list must reach to take part in the allocation."""

    share: Part
    base: Base = "valid"
    comparison: Comparison = "at-least"
    area: Literal["whole", "district", "any-district"] = Field(
        "whole", description="where the share is measured; any-district: one district is enough to take part in all"
    )
    kinds: list[KindBar] = Field(default_factory=list)
    lower: FallingBar | None = None
    fill: FillUp | None = None
    nobody: Literal["no-rule", "repeat-election"] = Field("no-rule", description="when no list reaches it")


class SingleQualifier(Provision):
    """When only one list reaches the bar, the next one joins under conditions, so that two share the seats."""

    admit: Number = 2
    factor: Share
    minimum_seats: Number
    remainder: Literal["first"] = Field("first", description="who takes all seats left over")


class TieBreak(Provision):
    """Who is preferred among equals, and what happens when they are still equal."""

    order: list[TieRule] = Field(default_factory=list)
    otherwise: OpenTie = "no-rule"
    of_two: OpenTie | None = Field(None, description="the same where only two options stood")


class Agreements(Provision):
    """Lists that agreed so before the vote are dealt seats as one, then share them by the same formula.

    An agreement holds among partners that reach the bar; a list whose partners do not stands alone. Who agreed with whom
    is the column `agreement` of parties.csv.
    """

    partners: int = Field(2, ge=2, description="most lists of one agreement")


class Limits(Provision):
    """The most seats an option of a kind can take (an independent: one)."""

    kinds: dict[str, Number]


class Exhaustion(Provision):
    """A list keeps only as many seats as it has candidates; the surplus goes on by the formula."""


class FirstRoundBar(Provision):
    """One way of being elected in the first round."""

    share: Part
    base: Base
    comparison: Comparison = "more-than"
    turnout_from: Share | None = Field(None, description="only where turnout is at least this share of the registered")
    turnout_below: Share | None = None


class Majority(Provision):
    """The bars of a majority election; the leader is elected who clears any of them."""

    bars: list[FirstRoundBar]


class RunOff(Provision):
    """The second round between the leaders when nobody was elected in the first."""

    candidates: Number = Field(2, ge=1)
    stood: Number = Field(2, description="only if more candidates than this stood in the first round")
    else_: OpenTie = Field("repeat-election", alias="else", description="where too few stood")
    tie_for_place: OpenTie = "no-rule"
    tie: list[TieRule] = Field(default_factory=list, description="equal votes in the second round")
    tie_otherwise: OpenTie = "no-rule"
    same_day: bool = False


class Turnout(Provision):
    """The poll is valid only with enough voters."""

    share: Part
    of: Base = "registered"
    counted: Base = "cast"
    comparison: Comparison = "at-least"
    area: Literal["whole", "district"] = "whole"
    of_present: Part | None = Field(
        None,
        description="`counted` is @present: more than this share of those present must also vote; where @present is"
        " unknown, the ballots cast decide as far as they prove either, and a finding says where they do not",
    )
    otherwise: Literal["invalid", "repeat-vote", "repeat-election"] = "invalid"
    electors: bool = Field(False, description="those on the list are electors: screens call them so")

    @model_validator(mode="after")
    def _in_districts(self) -> Turnout:
        if self.of_present is not None and (self.area != "district" or self.counted != "present"):
            raise ValueError("of-present needs area = district and counted = present")
        return self


class Adoption(Provision):
    """When a question is adopted."""

    answer: str = "yes"
    share: Part
    base: Base = "cast"
    comparison: Comparison = "more-than"


class Regional(Provision):
    """A question must also win in a share of the regions."""

    level: str
    share: Part
    comparison: Comparison = "at-least"
    kinds: list[str] | None = Field(None, description="kinds of question it holds for; all when absent")


class Levelling(Provision):
    """Compensatory seats: a tier that makes up, district by district, for what an earlier tier did to the whole vote."""

    tier: str = Field(description="the tier whose seats are compensated")
    per_district: Number = 1
    placement_first: Share = Field(Fraction(1), gt=0, description="first divisor of the placing quotients")
    average: Literal["earlier-tier"] = Field(
        "earlier-tier", description="quotients are divided by the district's votes per seat of the earlier tier"
    )


class Transfer(Provision):
    """Second scrutiny: remainders of all districts are added up and share the seats not yet given."""

    tier: str = Field(description="the tier whose remainders and seats are transferred")
    placement: Literal["remainders"] = Field("remainders", description="where each seat goes: largest remainder")
    tie: list[TieRule] = Field(default_factory=list, description="among districts when placing; else as the tier's tie")


class Tier(Provision):
    """Seats filled by one formula at one level."""

    id: str
    contest: str
    seats: Seats
    formula: Formula
    threshold: Threshold | None = None
    single_qualifier: SingleQualifier | None = None
    tie: TieBreak | None = None
    agreements: Agreements | None = None
    limits: Limits | None = None
    exhaustion: Exhaustion | None = None
    majority: Majority | None = None
    run_off: RunOff | None = None
    turnout: Turnout | None = None
    adoption: Adoption | None = None
    regional: Regional | None = None
    levelling: Levelling | None = None
    transfer: Transfer | None = None
    mandates: MandateRules | None = None


class Contest(Provision):
    """One ballot paper."""

    id: str
    ballot: Literal["list", "candidates", "question"]
    level: str = Field("", description="level of its districts in units.csv; empty: the whole is one district")
    kinds: list[str] | None = Field(None, description="kinds of unit that are its districts; all when absent")
    answers: list[str] = Field(default_factory=list)
    lines: list[str] = Field(default_factory=list, description="further @ lines of the protocol form")
    against_all: bool = Field(False, description="the ballot has a row “against all”")
    blank: bool = Field(False, description="blank ballots are counted apart, as valid")
    repeats: bool = Field(False, description="more of the same may stand beside it: question, question-2 …")
    voters: str = Field("", description="who receives it")
    electors: bool = Field(False, description="they are electors, themselves elected: screens call them so")


class Term(Provision):
    """How long those elected serve, and how often the same person may be elected."""

    years: Number = Field(ge=1)
    at_most: Number | None = Field(None, ge=1, description="terms that one person may serve; no limit when absent")


class Members(Provision):
    """How many members a chamber has by law, those included whom nobody votes for."""

    value: Number = Field(ge=1)


class Body(Provision):
    """What is elected."""

    id: str
    kind: Literal["chamber", "council", "office", "question", "recall"]
    name: Text
    country: str = Field("", description="ISO 3166-1 code")
    seats: Number | None = Field(None, ge=1, description="statutory number of members")
    members: Members | None = Field(None, description="the same where it is dated or counts appointed members, too")
    term: Term | None = None
    single_office: bool = False


class Source(Block):
    """A law or document that citations begin with."""

    title: Text
    short: Text | None = Field(None, description="what people call it, for a column: “Elections Law”")
    numbers: Literal["article", "section", "step"] = Field("article", description="what its numbers count")
    url: str = ""
    anchor: str = Field("", description="what leads from `url` to one article, such as `#p{article}`")
    note: str = ""


class Law(Block):
    """A law as it stands on one polling day: plain, validated data.

    Attributes:
        day: the polling day.
        changes: provisions changed for a what-if, path → new value as given.
    """

    body: Body
    contest: list[Contest]
    tier: list[Tier]
    day: date
    changes: dict[str, str] = Field(default_factory=dict)

    _tables: Mapping[str, Any] | None = PrivateAttr(default=None)
    _book: Book | None = PrivateAttr(default=None)

    def __repr__(self) -> str:
        return f"<Law {self.id} of {self.day}>"

    @classmethod
    def from_tables(
        cls, tables: Mapping[str, Any], *, day: date, book: Book, changes: Mapping[str, str] | None = None
    ) -> Law:
        """Validate resolved tables of a book.

        Args:
            tables: those of the book's own file, or of all its parts where something was changed.
            day: the polling day.
            book: the book.
            changes: what was changed for a what-if.

        Raises:
            BadInput: with file, line and field of every fault.
        """
        core = {key: tables[key] for key in CORE if key in tables}
        try:
            law = cls.model_validate({**core, "day": day, "changes": dict(changes or {})})
        except ValidationError as error:
            faults = schema_faults(error, tables, book)
            faults.extend((*unknown_sections(tables, book), *book.citation_faults))
            raise BadInput(faults) from None
        law._tables, law._book = tables if changes else None, book
        faults = Faults(law._reference_faults(tables))
        faults.extend((*unknown_sections(tables, book), *book.citation_faults))
        faults.raise_any()
        return law

    @property
    def id(self) -> str:
        """The law's name, such as `xx/chamber`."""
        return self.body.id

    @property
    def tables(self) -> Mapping[str, Any]:
        """The resolved tables of all parts of the book, read when they are first asked for."""
        if self._tables is None:
            self._tables = resolve(self.book.data, self.day)
        return self._tables

    def canonical(self) -> bytes:
        """Return what the law says on its day as canonical bytes: rules, articles, confidence and names of all its parts.

        Dates of versions, notes and the titles of sources are left out: a later reform changes nothing of today's law, and
        an election on any day under the same provisions is held under the same law.
        """
        from sailau.provenance import canonical

        return canonical(_spoken({key: table for key, table in self.tables.items() if key != "sources"}))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes."""
        from sailau.provenance import digest_of

        return digest_of(self.canonical())

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Laws and documents that citations begin with, by the first word of a citation.

        Raises:
            BadInput: a source that is none.
        """
        faults, sources = Faults(), {}
        for key, table in self.book.sources.items():
            try:
                sources[key] = Source.model_validate(table)
            except ValidationError as error:
                faults.extend(schema_faults(error, {"sources": self.book.sources}, self.book, prefix=("sources", key)))
        faults.raise_any()
        return sources

    def citations(self, text: str) -> tuple[Citation, ...]:
        """Return what a provision cites (`cite`) as values: source, articles and parts, laws that changed them."""
        return citations(text, frozenset(self.sources))

    @property
    def book(self) -> Book:
        """The book this law is a version of."""
        assert self._book is not None
        return self._book

    @cached_property
    def tiers(self) -> dict[str, Tier]:
        """Tiers by id, in the order in which they are counted."""
        return {tier.id: tier for tier in self.tier}

    @cached_property
    def kinds_of_lists(self) -> frozenset[str]:
        """Kinds of list that the law tells apart, those that every law may have included."""
        barred = {kind.kind for tier in self.tier if tier.threshold is not None for kind in tier.threshold.kinds}
        limited = {kind for tier in self.tier if tier.limits is not None for kind in tier.limits.kinds}
        return frozenset({*LISTS, *barred, *limited})

    @cached_property
    def kinds_of_units(self) -> frozenset[str]:
        """Kinds of unit that the law tells apart."""
        shared = [tier.seats.apportion for tier in self.tier if tier.seats.apportion is not None]
        named = (kind for one in shared for kind in (*one.fixed, *(one.only or ())))
        return frozenset((*named, *(kind for contest in self.contest for kind in contest.kinds or ())))

    @cached_property
    def levels(self) -> frozenset[str]:
        """Levels of units that the law names, and the station's."""
        regional = (tier.regional.level for tier in self.tier if tier.regional is not None)
        return frozenset(level for level in ("precinct", *regional, *(c.level for c in self.contest)) if level)

    @cached_property
    def contests(self) -> dict[str, Contest]:
        """Contests by id."""
        return {contest.id: contest for contest in self.contest}

    def contest_of(self, name: str) -> Contest | None:
        """Return the contest that a case calls `name`: `question-2` is a further `question`."""
        if name in self.contests:
            return self.contests[name]
        stem, _, number = name.rpartition("-")
        kind = self.contests.get(stem)
        further = re.fullmatch(r"[2-9]|[1-9][0-9]{1,3}", number)
        return kind if kind is not None and kind.repeats and further else None

    def tiers_of(self, contest: str) -> list[Tier]:
        """Return the tiers that one ballot paper fills, in order of counting."""
        return [tier for tier in self.tier if tier.contest == contest]

    def seats(self, tier: Tier) -> int | None:
        """Return the seats of a tier as the law alone says; None where they depend on the election's districts.

        Seats that a later tier fills are its own where the law says in how many districts they lie; a tier that deals only
        what an earlier one left has none.
        """
        rule = tier.seats
        if rule.apportion is not None:
            return rule.apportion.total - rule.apportion.set_aside * (rule.districts or 0)
        if rule.rest:
            districts = self.tiers[tier.levelling.tier].seats.districts if tier.levelling is not None else None
            return tier.levelling.per_district * (districts or 0) if tier.levelling is not None else 0
        by_district = bool(self.contests[tier.contest].level)
        if rule.value is None or (by_district and rule.districts is None):
            return None
        return rule.value * (rule.districts or 1)

    def section(self, name: str) -> tuple[Any, ...]:
        """Return a further section of the book (conditions, deadlines, powers …) as validated models."""
        from sailau.rulebook.sections import read_section

        return read_section(self, name)

    def _reference_faults(self, tables: Mapping[str, Any]) -> Iterator[Fault]:
        for index, tier in enumerate(self.tier):
            if tier.contest not in self.contests:
                file, line = self.book.line(_raw_path(("tier", index, "contest"), tables, self.book.own))
                yield Fault(file, line, "tier.contest", f"“{tier.contest}”", f"one of {', '.join(self.contests)}")
        for path, found, expected in incoherences(self):
            file, line = self.book.line(_raw_path(path, tables, self.book.own))
            yield Fault(file, line, ".".join(str(p) for p in _named(path, tables)), found, expected)


_UNSPOKEN = frozenset(("from", "until", "in-force", "read", "note"))
"""Keys of provisions that are no part of what the law says on a day."""


def _spoken(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {key: _spoken(value) for key, value in node.items() if key not in _UNSPOKEN}
    return [_spoken(item) for item in node] if isinstance(node, list) else node


def unknown_sections(tables: Mapping[str, Any], book: Book) -> Iterator[Fault]:
    """Yield a fault for every table of a book that is no known section."""
    from sailau.rulebook.sections import SECTION_MODELS

    known = {"body", "contest", "tier", "sources", *SECTION_MODELS}
    for key in tables:
        if key not in known:
            file, line = book.line((key,))
            yield Fault(file, line, key, f"“{key}”", f"one of {', '.join(sorted(known))}")


def schema_faults(
    error: ValidationError, tables: Mapping[str, Any], book: Book, prefix: tuple[str, ...] = ()
) -> Faults:
    """Turn what Pydantic found into faults with file, line and field."""
    faults, plain = Faults(), {"missing": "this key", "extra_forbidden": "a known key"}

    def written(item: Any) -> Fault:
        loc = (*prefix, *(p for p in item["loc"] if isinstance(p, int | str) and p != "[key]"))
        file, line = book.line(_raw_path(loc, tables, book.data if loc[:1] and loc[0] not in CORE else book.own))
        field = ".".join(str(p) for p in _named(loc, tables))
        found = "nothing" if item["type"] == "missing" else repr(item.get("input"))
        said = item["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
        return Fault(file, line, field, found, plain.get(item["type"], said))

    for item in error.errors(include_url=False):
        faults.add(partial(written, item))
    return faults


def _raw_path(loc: tuple[int | str, ...], tables: Mapping[str, Any], raw: Mapping[str, Any]) -> tuple[int | str, ...]:
    """Return where a place of the resolved tables stands in the book, in which version of what."""
    path: list[int | str] = []
    node, held = tables, raw
    for key in loc:
        node = _at(node, key)
        if isinstance(held, list) and isinstance(key, int):
            key = _same(node, held, key)
        held = _at(held, key)
        path.append(key)
        if isinstance(held, list) and isinstance(node, dict):  # one version of several was chosen
            path.append(_same(node, held, 0))
            held = _at(held, path[-1])
    return tuple(path)


def _at(node: Any, key: int | str) -> Any:
    if isinstance(node, dict):
        return node.get(key)
    return node[key] if isinstance(node, list) and isinstance(key, int) and key < len(node) else None


def _same(chosen: Any, versions: list[Any], default: int) -> int:
    """Return the place of the table that has the id and the first day of the one chosen."""
    marks = [(chosen.get("id"), chosen.get("from"))] if isinstance(chosen, dict) else []
    return next(
        (i for i, x in enumerate(versions) if isinstance(x, dict) and (x.get("id"), x.get("from")) in marks), default
    )


def _named(loc: tuple[int | str, ...], tables: Mapping[str, Any]) -> tuple[int | str, ...]:
    """Write a place with the id of the thing in place of its number: tier.list.threshold.share."""
    if len(loc) >= 2 and isinstance(loc[1], int):
        things = tables.get(str(loc[0]))
        if isinstance(things, list) and loc[1] < len(things) and isinstance(things[loc[1]], dict):
            return (loc[0], str(things[loc[1]].get("id", loc[1])), *loc[2:])
    return loc
