"""What every command answers in JSON, as typed models: they make the JSON, and the JSON Schema that is published.

A model names attributes of what it is made from, not where that comes from: rooms hand their results over. Keys are added
within a version of the schema and never renamed. Texts for people are in the language that was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import (
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationInfo,
)

Name = dict[str, str]
"""Language → text."""
Count = dict[str, int]
"""Option or party → votes or seats."""
Exact = int | str
"""A whole number, or a fraction as text: `"1990573/23"`."""


def _said(texts: Mapping[str, str], info: ValidationInfo) -> str:
    return texts.get((info.context or {}).get("language", "en"), "")


def _named(texts: Mapping[str, str], info: ValidationInfo) -> str:
    return _said(texts, info) or str(info.data.get("id", info.data.get("contest", "")))


def _range(pair: tuple[int, int]) -> dict[str, int]:
    return {"count": pair[0], "at_most": pair[1]}


def _swapped(pairs: Sequence[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"candidate": candidate, "place": place} for candidate, place in pairs]


Said = Annotated[str, BeforeValidator(_said)]
"""A text in the language asked for; empty where there is none."""
Title = Annotated[str, BeforeValidator(_named)]
"""What something is called in the language asked for; its id where there is no name."""


class AnswerTable(BaseModel):
    """A table of an answer."""

    model_config = ConfigDict(
        from_attributes=True, frozen=True, extra="forbid", defer_build=True, populate_by_name=True
    )


def told(model: type[AnswerTable], thing: object, language: str = "en") -> dict[str, Any]:
    """Return a result as data that JSON can say.

    Args:
        model: what is told of it.
        thing: the result; its attributes are those that the model names.
        language: of the texts in it.
    """
    return model.model_validate(thing, context={"language": language}).model_dump(mode="json", by_alias=True)


class Digests(AnswerTable):
    """SHA-256 of what an answer rests on; where there are several of a kind, name → digest."""

    law: str | Name | None = None
    case: str | Name | None = None
    outcome: str | Name | None = None


class Provenance(AnswerTable):
    """What stands in every answer, or in each entry of a list."""

    schema_: int = Field(alias="schema", description="version of this schema")
    program: str = Field(description="name and version")
    digests: Digests


# ---------------------------------------------------------------- counting


class Sourced(AnswerTable):
    """Something with the article it comes from, and how sure the rule book is of it."""

    cite: str
    confidence: str = "statute"


class DistrictAnswer(AnswerTable):
    """What one contest gave in one district."""

    base: int | None = Field(description="what shares are measured by; null where no rule uses one")
    votes: Count
    seats: Count


class ContestAnswer(DistrictAnswer):
    """What one ballot paper gave."""

    districts: dict[str, DistrictAnswer] = Field(description="district → the same; the empty name is the whole")
    second_round: Count = Field(default_factory=dict, description="votes of the second round, where there was one")


class ElectedAnswer(AnswerTable):
    """One seat."""

    contest: str
    unit: str
    party: str
    candidate: str | None
    position: int | None


class AskedAnswer(AnswerTable):
    """What became of a question."""

    outcome: Literal["adopted", "rejected", "invalid"] | None
    districts: dict[str, str | None] = Field(default_factory=dict)


class Open(AnswerTable):
    """A question that the count leaves open."""

    contest: str
    unit: str
    question: Literal["remainder", "quotient", "district", "run-off", "repeat-vote", "repeat-election", "no-rule"]
    among: list[str]
    beside: list[str]
    seats: int
    cite: str
    answer: Literal["lot", "authority", "returns", "none"]


class FindingAnswer(AnswerTable):
    """What was noticed and changes no number."""

    code: str
    contest: str = ""
    unit: str = ""
    cite: str
    message: str
    values: dict[str, Any]


class CountedAnswer(AnswerTable):
    """`sailau count`."""

    law: str
    day: date
    status: Literal["final", "partial", "undetermined", "invalid"]
    seats: Count
    contests: dict[str, ContestAnswer]
    elected: list[ElectedAnswer]
    questions: dict[str, AskedAnswer]
    undetermined: list[Open]
    findings: list[FindingAnswer]
    declared: list[str]
    whatif: dict[str, str]
    case: str
    voters_per_seat: dict[str, dict[str, Any]]


class CountedDay(AnswerTable):
    """`sailau count` of a polling day with several cases."""

    cases: list[CountedWhole]


class CountedWhole(Provenance, CountedAnswer):
    """One case of a polling day."""


class StepAnswer(Sourced):
    """`sailau explain`: one step of the count."""

    code: str
    tier: str
    contest: str
    unit: str
    provision: str
    values: dict[str, Any]
    rows: dict[str, dict[str, Any]]
    note: str


class DifferenceAnswer(AnswerTable):
    """Where official and counted seats differ."""

    contest: str
    unit: str
    option: str
    official: int
    counted: int


class CheckAnswer(AnswerTable):
    """Counted seats of a case beside the official ones."""

    case: str
    verdict: Literal["agrees", "differs", "nothing verified"]
    counted: int
    declared: int
    differences: list[DifferenceAnswer]


class ChecksAnswer(AnswerTable):
    """`sailau check`."""

    checks: list[CheckAnswer]
    skipped: list[str]


class StationsAnswer(AnswerTable):
    """Stations of a unit: how many are expected and in, and the voters on their lists."""

    expected: int
    received: int
    voters: int


class UnitTotals(AnswerTable):
    """What the protocols of a unit add up to."""

    stations: StationsAnswer
    complete: bool
    figures: Count


class TabulatedFinding(AnswerTable):
    """A relation of the form that does not hold, with the figures that break it."""

    model_config = ConfigDict(extra="allow")

    code: str
    contest: str
    unit: str
    cite: str


class Excluded(AnswerTable):
    """A protocol that is not in the totals."""

    unit: str
    contest: str
    version: int
    status: str
    reason: str


class DecisiveWay(AnswerTable):
    """One way in which unexplained votes would change something: all to an option, all from one, from one to another."""

    contest: str
    district: str
    way: Literal["to", "from", "between"]
    votes: int
    option: str
    other: str
    change: Count = Field(description="option → seats gained or lost")
    enters: list[str] = Field(description="options that gain their first seat or lose their last")


class DecidedAnswer(AnswerTable):
    """What unexplained votes could decide, with --decisive: contest → district → votes; the ways that change something."""

    unexplained: dict[str, Count]
    tried: int
    untold: list[str] = Field(description="contests of which nothing can be said")
    ways: list[DecisiveWay]


class Tabulated(AnswerTable):
    """`sailau tabulate`: contest → round → unit → totals."""

    case: str
    law: str
    day: date
    contests: dict[str, dict[str, dict[str, UnitTotals]]]
    codes: Count = Field(description="code → how often it was found")
    findings: list[TabulatedFinding]
    left_out: Count
    excluded: list[Excluded]
    decisive: DecidedAnswer | None = None


class TabulatedDay(AnswerTable):
    """`sailau tabulate` of a polling day with several cases."""

    cases: list[Tabulated]


class Published(AnswerTable):
    """`sailau publish`: what a publication did."""

    release: str
    files: int
    written: list[str]
    removed: list[str]


class Swung(AnswerTable):
    """How a list fared in two elections."""

    option: str
    share: tuple[Exact | None, Exact | None]
    swing: Exact | None
    seats: tuple[int | None, int | None]


class SwingAnswer(AnswerTable):
    """One contest in two elections."""

    contest: str
    turnout: tuple[Exact | None, Exact | None]
    registered: tuple[int | None, int | None]
    ballots: tuple[int | None, int | None]
    invalid: tuple[int | None, int | None]
    pedersen: Exact | None
    options: list[Swung]


class Diff(AnswerTable):
    """`sailau diff`."""

    before: str
    after: str
    contests: list[SwingAnswer]


# ---------------------------------------------------------------- laws


class LawListed(AnswerTable):
    """`sailau law list`: one law and the days on which it changes."""

    law: str
    name: Name
    from_: date = Field(alias="from")
    until: date | None
    changes: list[date]


class Covered(AnswerTable):
    """`sailau law coverage`: how much of a law was read in the text."""

    law: str
    provisions: int
    confidence: Count = Field(validation_alias="by_confidence")
    edition: int
    bare: int
    oldest: date | None
    newest: date | None


class Value(Sourced):
    """One value of a law."""

    value: Any


class ValueSince(Value):
    """One value of a law, and since when it has stood so."""

    from_: str = Field(alias="from")
    links: list[str] = Field(description="where its articles can be read, if the source has anchors for them")


class LawShown(AnswerTable):
    """`sailau law show`: path → value."""

    law: str
    day: date
    provisions: dict[str, ValueSince]


class LawChange(AnswerTable):
    """What a reform changed."""

    path: str
    before: Value | None
    after: Value | None


class LawDiff(AnswerTable):
    """`sailau law diff`."""

    law: str
    from_: str = Field(alias="from")
    to: str
    changes: list[LawChange]


class LawNamed(AnswerTable):
    """A law on a day."""

    law: str
    day: date
    name: Name


class CellAnswer(AnswerTable):
    """What one law says on one point."""

    law: str
    known: bool
    text: Name
    value: Any
    cite: str
    confidence: str | None
    note: str


class RowAnswer(AnswerTable):
    """One point of comparison."""

    id: str
    subject: Literal["election", "powers"]
    title: Name
    cells: list[CellAnswer]


class LawsCompared(AnswerTable):
    """`sailau law compare`."""

    laws: list[LawNamed]
    rows: list[RowAnswer]


class CaseListed(AnswerTable):
    """`sailau case list`."""

    case: str
    law: str
    day: date
    title: Name


# ---------------------------------------------------------------- people


class CaseShown(AnswerTable):
    """`sailau case show`; figures that are unknown are null."""

    case: str
    law: str
    day: str
    title: dict[str, str]
    contests: dict[str, dict[str, int | None]]
    findings: list[str]
    notes: list[str]
    sources: list[dict[str, Any]]


class VetFinding(Sourced):
    """What one condition found."""

    code: str
    provision: str
    title: str
    fact: str
    found: Any
    required: Any
    needs: list[str]
    document: str
    cure: str
    note: str
    text: str


class VerdictAnswer(AnswerTable):
    """What the conditions say of a person, a list or a party."""

    id: str
    verdict: str
    decides: list[str]
    findings: list[VetFinding]


class BreachAnswer(Sourced):
    """What is wrong with the composition of a commission."""

    commission: str
    code: str
    found: Any
    required: Any


class Vetted(AnswerTable):
    """`sailau vet CASE`."""

    persons: list[VerdictAnswer]
    lists: list[VerdictAnswer]
    parties: list[VerdictAnswer]
    commissions: list[BreachAnswer]


class PersonVetted(AnswerTable):
    """`sailau vet --person FILE`."""

    vote: VerdictAnswer
    stand: dict[str, VerdictAnswer]


class Noted(Sourced):
    """Something of the law that is told to somebody."""

    id: str
    title: Title
    note: str


class Dated(Sourced):
    """`sailau calendar`: one deadline or period."""

    id: str
    title: str
    from_: date | None = Field(alias="from")
    to: date | None
    from_hour: str | None
    to_hour: str | None
    official: bool
    done: date | None
    notes: list[str]
    conflicts: list[str]


class LineAnswer(Noted):
    """One cited thing to tell somebody."""

    kind: str
    figures: dict[str, int | str]


class PaperAnswer(Sourced):
    """One ballot paper."""

    law: str
    contest: str
    title: Title
    order: Said
    counts_to: Said
    against_all: bool
    note: str


class VoterTold(AnswerTable):
    """`sailau ballot`."""

    law: str
    day: date
    region: str
    abroad: bool
    ballots: list[PaperAnswer]
    rules: dict[str, list[LineAnswer]]
    stations: list[LineAnswer]
    region_needed: bool


class SumAnswer(Sourced):
    """A deposit, or a ceiling of a fund."""

    id: str
    kind: str
    title: str
    multiple: str
    amount: int | None
    currency: str
    words: str
    note: str


class CommissionAnswer(Noted):
    """A level of commissions."""

    level: int
    formed_by: Said
    least: int
    most: int
    odd: bool
    term_years: int | None


class ComplaintAnswer(Noted):
    """Where, and until when, somebody complains."""

    to: Said
    file_days: int | None
    file_by: date | None
    decide_days: int | None
    at_once: bool
    final: bool


class Rights(AnswerTable):
    """`sailau rights`."""

    money: list[SumAnswer]
    commissions: list[CommissionAnswer]
    complaints: list[ComplaintAnswer]
    observers: list[LineAnswer]
    campaign: list[LineAnswer]


class SeatAnswer(Sourced):
    """One seat and who takes it."""

    contest: str
    unit: str
    party: str
    candidate: str | None
    name: str
    position: int | None
    basis: str
    office: str


class Swapped(AnswerTable):
    """Somebody who moves in a proposal."""

    candidate: str
    place: int


class Range(AnswerTable):
    """A number that is not known to one."""

    count: int
    at_most: int


class ProposalAnswer(AnswerTable):
    """How a quota could be met."""

    takes: list[str]
    out: Annotated[list[Swapped], BeforeValidator(_swapped)]
    in_: Annotated[list[Swapped], BeforeValidator(_swapped)] = Field(validation_alias="into", serialization_alias="in")
    count: int = Field(validation_alias="low")
    further: int


class Quota(Sourced):
    """The quota of mandates of one list."""

    contest: str = Field(validation_alias=AliasPath("place", "contest"))
    unit: str = Field(validation_alias=AliasPath("place", "unit"))
    party: str = Field(validation_alias=AliasPath("place", "party"))
    seats: int
    needed: int
    count: int = Field(validation_alias="low")
    at_most: int = Field(validation_alias="high")
    groups: dict[str, Annotated[Range, BeforeValidator(_range)]]
    verdict: str
    missing: list[str]
    guessed: bool
    proposal: ProposalAnswer | None


class RefundAnswer(Sourced):
    """Whether a deposit is given back."""

    contest: str
    unit: str
    option: str
    refunded: bool | None
    because: str
    votes: int | None
    base: int | None
    bar: str


class MandateFinding(Sourced):
    """What was noticed in turning seats into persons."""

    code: str
    contest: str
    unit: str
    values: dict[str, Any]


class MandatesAnswer(AnswerTable):
    """`sailau mandates`."""

    law: str = Field(validation_alias=AliasPath("outcome", "law", "id"))
    day: date = Field(validation_alias=AliasPath("outcome", "law", "day"))
    status: str = Field(validation_alias=AliasPath("outcome", "status"))
    seats: list[SeatAnswer]
    open: int
    quotas: list[Quota]
    refunds: list[RefundAnswer]
    findings: list[MandateFinding]


class VacancyFinding(AnswerTable):
    """What was noticed in filling a vacancy."""

    code: str
    values: dict[str, Any]
    cite: str


class VacancyAnswer(Sourced):
    """`sailau mandates --vacate`."""

    seat: SeatAnswer
    on: date
    reason: str
    status: str
    successor: str | None
    proposed: str | None
    due: date | None
    what: str
    quota: Quota | None
    findings: list[VacancyFinding]


class Certain(AnswerTable):
    """Members surely, and at most."""

    members: int
    at_most: int


class Member(AnswerTable):
    """Somebody who sat, or may have sat."""

    name: str
    party: str
    contest: str
    unit: str
    sure: bool
    source: str


class Chamber(AnswerTable):
    """`sailau chamber`."""

    day: date
    seats: int | None
    missing: int | None
    parties: dict[str, Certain]
    members: list[Member]


# ---------------------------------------------------------------- parliament


class Decimal(AnswerTable):
    """A figure, exact and as a decimal."""

    exact: str
    value: float


def _figure(value: Fraction | float | None) -> dict[str, Any] | float | None:
    """Return an index as data: exact as text beside a decimal, a float as a decimal, null where it is undefined."""
    if isinstance(value, Fraction):
        return {"exact": str(value), "value": round(float(value), 6)}
    return None if value is None else round(value, 6)


Figure = Annotated[Decimal | float | None, BeforeValidator(_figure)]
ExactText = Annotated[str, BeforeValidator(str)]


class IndicesAnswer(AnswerTable):
    """How votes became seats."""

    votes: Count
    seats: Count
    votes_per_seat: dict[str, Figure]
    effective_number_votes: Figure = Field(validation_alias=AliasPath("figures", "effective_number_votes"))
    effective_number_seats: Figure = Field(validation_alias=AliasPath("figures", "effective_number_seats"))
    gallagher: Figure = Field(validation_alias=AliasPath("figures", "gallagher"))
    loosemore_hanby: Figure = Field(validation_alias=AliasPath("figures", "loosemore_hanby"))
    sainte_lague: Figure = Field(validation_alias=AliasPath("figures", "sainte_lague"))
    dhondt: Figure = Field(validation_alias=AliasPath("figures", "dhondt"))
    wasted_votes: Figure = Field(validation_alias=AliasPath("figures", "wasted_votes"))
    mean_votes_per_seat: Figure = Field(validation_alias=AliasPath("figures", "mean_votes_per_seat"))


class BarrierAnswer(AnswerTable):
    """What a list needs at least, and what is enough, for a seat."""

    contest: str
    tier: str
    magnitude: int
    parties: int
    inclusion: Figure = Field(validation_alias=AliasPath("thresholds", "inclusion"))
    exclusion: Figure = Field(validation_alias=AliasPath("thresholds", "exclusion"))


class MajorityAnswer(AnswerTable):
    """A share that must be reached."""

    share: ExactText
    of: str
    comparison: str


class Government(AnswerTable):
    """Parties that can form a government."""

    parties: list[str]
    independents: int
    seats: int


class CoalitionAnswer(Government):
    """Parties that reach a majority together; `ways`: by which independents they are."""

    ways: int


class CoalitionsAnswer(AnswerTable):
    """Coalitions: how many, and those that are listed."""

    lines: int
    total: int
    listed: list[CoalitionAnswer]


class Voting(AnswerTable):
    """The power of a party in one decision."""

    seats: int
    banzhaf: ExactText
    penrose: ExactText
    shapley: ExactText


class PartnerAnswer(AnswerTable):
    """Another chamber that must agree."""

    chamber: str
    members: int | None
    needed: int | None


class Analysis(AnswerTable):
    """Who passes and who blocks a decision."""

    held: int
    possible: bool
    alone: list[str]
    vetoes: list[str]
    winning: CoalitionsAnswer
    least_seats: CoalitionsAnswer
    fewest_parties: CoalitionsAnswer
    blocking: CoalitionsAnswer
    smallest_blocking: CoalitionsAnswer
    power: dict[str, Voting] = Field(validation_alias="by_party")


class DecisionAnswer(AnswerTable):
    """One decision of the chamber and what it takes."""

    id: str
    subject: str = Field(validation_alias=AliasPath("rule", "subject"))
    by: str = Field(validation_alias=AliasPath("rule", "by"))
    title: Annotated[Name, BeforeValidator(lambda texts: texts or {})] = Field(
        validation_alias=AliasPath("rule", "title")
    )
    then: Name = Field(validation_alias=AliasPath("rule", "consequence"))
    cite: str = Field(validation_alias=AliasPath("rule", "article"))
    confidence: str = Field(validation_alias=AliasPath("rule", "sureness"))
    note: str
    negative: bool = Field(validation_alias=AliasPath("rule", "negative"))
    majority: MajorityAnswer | None = Field(validation_alias=AliasPath("rule", "vote"))
    members: int
    needed: int | None
    needed_at_quorum: int | None = Field(validation_alias="at_quorum")
    quorum: int | None
    motion: int | None
    movers: CoalitionsAnswer | None
    unknown_members: int = Field(validation_alias="unknown")
    quorum_breakers: list[str] = Field(validation_alias="absent")
    partners: list[PartnerAnswer]


class DecisionAnalysed(DecisionAnswer, Analysis):
    """One decision that the chamber's votes decide, and who passes and who blocks it."""


class PowerAnswer(AnswerTable):
    """Who decides, by which majority."""

    by: str
    majority: MajorityAnswer | None = Field(validation_alias="vote")
    then: Name = Field(validation_alias="consequence")
    cite: str = Field(validation_alias="article")


class PowerChangeAnswer(AnswerTable):
    """What a reform did to one decision."""

    id: str
    before: PowerAnswer | None
    after: PowerAnswer | None


class ReformAnswer(AnswerTable):
    """A day on which powers changed."""

    day: date
    changes: list[PowerChangeAnswer]


class Parliament(AnswerTable):
    """`sailau parliament`."""

    law: str
    day: date
    case: str
    status: str
    members: int | None
    held: int
    seats: Count
    independents: int
    unknown_members: int
    indices: dict[str, IndicesAnswer]
    chamber: IndicesAnswer | None
    thresholds: list[BarrierAnswer]
    decisions: list[DecisionAnswer | DecisionAnalysed]
    government: list[Government]
    balance: dict[str, list[str]]
    reforms: list[ReformAnswer]


# ---------------------------------------------------------------- other laws, many elections


class RemarkAnswer(Sourced):
    """What of another law could not be carried over, or only changed."""

    provision: str
    reason: str
    values: dict[str, str] = Field(default_factory=dict)
    message: str
    lost: bool = False


class LawOpen(AnswerTable):
    """A question that another law leaves open with these votes."""

    question: str
    among: list[str]
    seats: int
    unit: str
    cite: str


class Compared(AnswerTable):
    """One law on the votes of a case."""

    law: str
    day: date
    changes: dict[str, str]
    seats: Count
    chamber: Count
    status: str
    disproportionality: float | None
    indices: dict[str, float | None]
    not_transplanted: list[RemarkAnswer]
    remarks: list[RemarkAnswer]
    findings: list[FindingAnswer]
    undetermined: list[LawOpen]
    shapley: dict[str, dict[str, Exact]]
    drawn: bool


class ComparisonAnswer(AnswerTable):
    """`sailau compare`."""

    case: str
    contest: str
    laws: list[Compared]


class PartyDrawn(AnswerTable):
    """Seats of a party over all draws."""

    mean: float
    low: int
    median: int
    high: int
    enters: float
    majority: float
    histogram: Count


class PowerDrawn(Sourced):
    """How often one party can take or stop a decision."""

    id: str
    title: Name
    needed: int
    alone: dict[str, float]
    blocks: dict[str, float]


class CoalitionDrawn(AnswerTable):
    """Seats of several parties together."""

    parties: list[str]
    mean: float
    majority: float
    histogram: Count


class Adopted(AnswerTable):
    """How often a question is adopted."""

    adopted: int
    share: float


class Varied(AnswerTable):
    """A provision of a sweep, and its value."""

    path: str
    value: str


class VariantAnswer(AnswerTable):
    """One law over all draws."""

    name: str
    law: str
    day: date
    changes: dict[str, str]
    vary: Varied | None
    chamber: int
    members: int
    majority: int
    seats: dict[str, PartyDrawn]
    parties_in_chamber: Count
    no_majority: float
    powers: list[PowerDrawn]
    coalitions: list[CoalitionDrawn]
    indices: dict[str, float | None]
    filled: Count
    tied: int
    questions: dict[str, Adopted]
    remarks: list[RemarkAnswer]


class AttributionAnswer(AnswerTable):
    """The difference that a law makes, split among its provisions."""

    of: str
    draws: int
    provisions: dict[str, dict[str, float]]
    difference: dict[str, float]


class Simulation(AnswerTable):
    """`sailau simulate`."""

    case: str
    law: str
    day: date
    draws: int
    seed: int
    block: int
    generator: dict[str, Any]
    model: dict[str, Any]
    paper: str
    parties: list[str]
    variants: list[VariantAnswer]
    attributions: list[AttributionAnswer]


class WitnessAnswer(AnswerTable):
    """`sailau paradox`: two elections that show one."""

    kind: str
    contest: str
    option: str
    house: tuple[int, int]
    votes: dict[str, tuple[int, int]]
    seats: dict[str, tuple[int, int]]


class VersionAnswer(AnswerTable):
    """`sailau version`."""

    version: str
    rule_books: str = Field(description="digest of all shipped rule books")
    python: str
    numpy: str
    pydantic: str
    platform: str


# ---------------------------------------------------------------- the public log


class LogHead(AnswerTable):
    """How far a log has come."""

    origin: str
    size: int
    root: str


class LogMissing(AnswerTable):
    """A protocol that is not in the log, and why."""

    station: str
    contest: str
    reason: str


class LogFinding(AnswerTable):
    """What is wrong in a log, with the numbers that show it."""

    model_config = ConfigDict(extra="allow")

    kind: str
    place: str
    code: str


class Verified(AnswerTable):
    """`sailau verify`."""

    verdict: str
    kind: str | None
    numbers: Count = Field(description="kind of finding → how many")
    done: list[str]
    log: LogHead
    protocols: int
    missing: list[LogMissing]
    findings: list[LogFinding]


class Watched(AnswerTable):
    """`sailau log watch`: the entries seen before, and now."""

    verdict: Literal["good", "tree"]
    before: int
    entries: int


class LogsCompared(AnswerTable):
    """`sailau log compare`: whether one copy continues the other, else where they part."""

    verdict: Literal["good", "tree"]
    same_log: bool
    sizes: tuple[int, int]
    consistent: bool
    first: int | None
    entries: list[Any]
    checkpoints: list[str]


class StationDrawn(AnswerTable):
    """A station that observers go to."""

    region: str
    station: str


class Sampled(AnswerTable):
    """`sailau observe plan`."""

    seed: str
    stations: list[StationDrawn]


class Estimated(AnswerTable):
    """An option's share of the valid votes, half of its interval with 95 per cent confidence, fewest and most seats."""

    option: str
    share: float
    half: float
    seats: tuple[int, int] | None


class QuickCounted(AnswerTable):
    """`sailau observe estimate`."""

    contest: str
    population: int
    reported: int
    estimates: list[Estimated]


class CopyDifference(AnswerTable):
    """A line that is another one in a copy."""

    copy_: str = Field(alias="copy")
    station: str
    contest: str
    line: str
    official: int
    copied: int


class CopyConflict(AnswerTable):
    """A line in which two copies of one station differ."""

    station: str
    contest: str
    line: str
    counts: list[int]


class CopyEffect(AnswerTable):
    """Seats that would be others by the copies."""

    contest: str
    unit: str
    option: str
    official: int
    copied: int


class CopiesCompared(AnswerTable):
    """`sailau observe compare`; `at_most_altered` is null where nothing is inferred about other stations."""

    copies: Count
    stations: int
    differing: int
    population: int
    at_most_altered: int | None
    differences: list[CopyDifference]
    conflicts: list[CopyConflict]
    effects: list[CopyEffect]


class AuditClaim(AnswerTable):
    """One assertion: its margin and the sum of bounds as texts, and how many draws it needs alone."""

    contest: str
    unit: str
    kind: str
    option: str
    against: str | None
    margin: str
    sum: str
    alone: int


class AuditPlanned(AnswerTable):
    """`sailau audit plan`; `bounds` are stations with their largest errors, `open` what cannot be audited and why."""

    trusted: str
    risk: str
    sum: str
    first_sample: int
    claims: list[AuditClaim]
    open: list[tuple[str, str, str]]
    bounds: list[tuple[str, str]]


class AuditDrawn(AnswerTable):
    """`sailau audit draw`: stations in the order of drawing."""

    seed: str
    drawn: list[str]


class AuditDiscrepancy(AnswerTable):
    """A line that is another one in the recount."""

    station: str
    contest: str
    line: str
    announced: int
    recounted: int


class AuditStatus(AnswerTable):
    """`sailau audit status`; `p` in the order of the plan's claims."""

    trusted: str
    decision: Literal["confirmed", "go-on", "full-recount"]
    drawn: list[str]
    waiting: list[str]
    p: list[float]
    needed: int | None
    discrepancies: list[AuditDiscrepancy]


class ForensicTest(AnswerTable):
    """A test of a whole contest."""

    contest: str
    test: str
    option: str | None
    effect: float
    p: float | None
    false_alarms: float | None
    stations: int
    region: str | None


class ForensicLead(AnswerTable):
    """A reason to look at a station."""

    station: str
    contest: str
    reason: str
    detail: str
    size: int


class Examined(AnswerTable):
    """`sailau forensics`."""

    tests: list[ForensicTest]
    leads: list[ForensicLead]
    decisive: list[str]
    small: list[str]


# ---------------------------------------------------------------- the schema

ANSWERS: dict[str, Any] = {
    "count": CountedAnswer | CountedDay,
    "explain": list[StepAnswer],
    "check": ChecksAnswer,
    "publish": Published,
    "diff": Diff,
    "parliament": Parliament,
    "compare": ComparisonAnswer,
    "simulate": Simulation,
    "paradox": list[WitnessAnswer],
    "vet": Vetted | PersonVetted,
    "mandates": MandatesAnswer | VacancyAnswer,
    "chamber": Chamber,
    "calendar": list[Dated],
    "ballot": VoterTold,
    "rights": Rights,
    "law list": list[LawListed],
    "law show": LawShown,
    "law coverage": list[Covered],
    "law diff": LawDiff,
    "law compare": LawsCompared,
    "case list": list[CaseListed],
    "case show": CaseShown,
    "tabulate": Tabulated | TabulatedDay,
    "version": VersionAnswer,
    "verify": Verified,
    "log watch": Watched,
    "log compare": LogsCompared,
    "observe plan": Sampled,
    "observe estimate": QuickCounted,
    "observe compare": CopiesCompared,
    "audit plan": AuditPlanned,
    "audit draw": AuditDrawn,
    "audit status": AuditStatus,
    "forensics": Examined,
}
"""Command → what its JSON is, beside its provenance."""


def answers_schema() -> dict[str, Any]:
    """Return the JSON Schema of all answers: `#/$defs/count` is that of `sailau count --json`.

    Keys may be added within a version, so that the schema refuses none that it does not know.
    """
    adapters = {command: TypeAdapter(kind) for command, kind in {**ANSWERS, "": Provenance}.items()}
    wanted: list[Any] = [(command, "serialization", adapter) for command, adapter in adapters.items()]
    refs, schema = TypeAdapter.json_schemas(wanted, by_alias=True, ref_template="#/$defs/{model}")
    definitions = schema["$defs"]
    for definition in definitions.values():
        if definition.get("additionalProperties") is False:
            del definition["additionalProperties"]
    stamp = refs["", "serialization"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What Sailau's commands print with --json",
        "$defs": {
            **{command: _stamped(refs[command, "serialization"], stamp) for command in ANSWERS},
            **definitions,
        },
    }


def _stamped(shape: dict[str, Any], stamp: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an answer with its provenance: in a table, or in each entry of a list."""
    if shape.get("type") == "array":
        return {**shape, "items": {"allOf": [shape["items"], stamp]}}
    return {"allOf": [shape, stamp]}
