"""What every law needs: a case added up, bases of shares, formulas, and ties followed as a law says."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from oracle import formulas

Figures = dict[str, int]
Criterion = Callable[[str], int | None]
"""Option → rank, the smallest preferred; None where the case does not tell."""


class Question(NamedTuple):
    """What the law leaves open: the words of the contract."""

    contest: str
    unit: str
    question: str
    among: tuple[str, ...]
    seats: int


@dataclass
class Counted:
    """Seats by (contest, unit), open questions, answers, and what is void or missing."""

    seats: dict[tuple[str, str], Figures] = field(default_factory=dict)
    open: set[Question] = field(default_factory=set)
    answers: dict[str, str | None] = field(default_factory=dict)
    void: set[str] = field(default_factory=set)
    missing: bool = False

    @property
    def status(self) -> str:
        """The worst of what holds."""
        if self.void:
            return "invalid"
        return "undetermined" if self.open else "partial" if self.missing else "final"

    def ask(self, contest: str, unit: str, kind: str, among: Iterable[str], seats: int) -> None:
        """Note a question."""
        self.open.add(Question(contest, unit, kind, tuple(sorted(among)), seats))

    def give(self, contest: str, unit: str, seats: Mapping[str, int]) -> None:
        """Add seats to a district."""
        held = self.seats.setdefault((contest, unit), {})
        for option, number in seats.items():
            held[option] = held.get(option, 0) + number


# ---------------------------------------------------------------------- the case


def number(value: Any) -> Fraction:
    """Read a share of a rule book."""
    text = str(value)
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def options(figures: Mapping[str, int]) -> Figures:
    """Return the electable lines."""
    return {item: count for item, count in figures.items() if not item.startswith("@")}


def add_up(case: Mapping[str, Any], contest: str, round_: int = 1) -> dict[str, Figures]:
    """Return unit → known figures: a unit's own line, else the sum of the units below that report.

    An option that is absent where votes are reported has none; an @ line is known for a unit if all reporting units below
    have it.
    """
    given: dict[str, Figures] = case["returns"].get((contest, round_), {})
    units = case["units"]
    names = dict.fromkeys(item for lines in given.values() for item in options(lines))
    below: dict[str, list[str]] = {}
    for unit in dict.fromkeys([*units, *given]):
        if unit:
            told = units.get(unit, {})
            district = told.get("district", {}).get(contest, "")
            below.setdefault(district if district and district != unit else told.get("parent", ""), []).append(unit)
    found: dict[str, Figures] = {}

    def visit(unit: str) -> Figures:
        own = dict(given.get(unit, {}))
        parts = [part for child in below.get(unit, []) if (part := visit(child))]
        if options(own):
            own = {**dict.fromkeys(names, 0), **own}
        else:
            own |= {n: sum(p.get(n, 0) for p in parts) for n in names if any(n in p for p in parts)}
        for line in {line for part in parts for line in part if line.startswith("@")} - set(own):
            if all(line in part for part in parts):
                own[line] = sum(part[line] for part in parts)
        found[unit] = own
        return own

    visit("")
    return found


def base_of(name: str, figures: Mapping[str, int]) -> int | None:
    """Return what shares are measured by; None where figures are unknown."""
    votes = sum(options(figures).values())
    valid = votes + sum(figures.get(line, 0) for line in ("@against_all", "@blank", "@not_counted"))
    if name == "options":
        return votes
    if name == "valid":
        return valid
    if name == "cast" and "@cast" not in figures:
        return valid + figures["@invalid"] if "@invalid" in figures else None
    return figures.get(f"@{name}")


def districts(case: Mapping[str, Any], contest: Mapping[str, Any]) -> list[str]:
    """Return the units in which a paper's seats are filled."""
    if not contest.get("level"):
        return [""]
    return [u for u, told in case["units"].items() if told["level"] == contest["level"]]


def lengths(case: Mapping[str, Any], contest: str) -> dict[tuple[str, str], int]:
    """Return (list, unit) → names on it, for lists that the case gives in full."""
    held: dict[tuple[str, str], list[int]] = {}
    for person in case["candidates"].values():
        if person["contest"] == contest and person["position"] is not None:
            held.setdefault((person["party"], person["unit"]), []).append(person["position"])
    return {key: len(places) for key, places in held.items() if sorted(places) == list(range(1, len(places) + 1))}


# ---------------------------------------------------------------------- formulas and ties


@dataclass
class Dealt:
    """Seats that are sure, who is tied for more, and how many seats are open between them."""

    seats: Figures
    tied: set[str]
    open: int
    voteless: bool = False
    most: Mapping[str, int] | None = None


def allocate(
    rule: Mapping[str, Any], votes: Mapping[str, int], seats: int, most: Mapping[str, int] | None = None
) -> Dealt:
    """Share seats out by the formula of a tier; lists without votes get none."""
    names = list(votes)
    counts = [votes[n] for n in names]
    limits = None if most is None else [most.get(n, 10**6) for n in names]
    if not any(counts):
        found = formulas.voteless([True] * len(names), seats)
    else:
        found = formulas.verdict(_outcomes(rule, counts, seats, limits), seats)
    tied = {n for n, t in zip(names, found.tied, strict=True) if t}
    if most is not None and not any(counts):
        tied = {n for n in tied if most.get(n, 1)}
    return Dealt(dict(zip(names, found.seats, strict=True)), tied, found.open, not any(counts), most)


def _outcomes(rule: Mapping[str, Any], counts: Sequence[int], seats: int, limits: Any) -> set[tuple[int, ...]]:
    method = rule["method"]
    if method == "largest-remainder":
        quota, rounding = rule.get("quota", "hare"), rule.get("round-quota", "no")
        # Central Election Commission of Georgia: what whole quotas leave goes to the lists with most votes.
        keys = [Fraction(count) for count in counts] if rule.get("leftover") == "most-votes" else None
        return formulas.largest_remainder(counts, seats, quota, rounding, limits, keys=keys)
    first = number(rule["first"]) if "first" in rule else None
    return formulas.highest_averages(counts, seats, method, limits, first=first)


def prefer(dealt: Dealt, criteria: Sequence[Criterion]) -> bool:
    """Decide open seats by criteria, one after the other; return whether one was passed over for want of a fact.

    A tied list takes one of the open seats. A criterion that needs a fact the case lacks for one of them decides nothing.
    """
    unknown = False
    for criterion in criteria:
        if not dealt.tied:
            break
        ranks = {name: criterion(name) for name in dealt.tied}
        if None in ranks.values():
            unknown = True
            continue
        while dealt.voteless and dealt.tied and dealt.open >= len(dealt.tied):
            # Where nobody has votes everybody is tied for everything: in turns, and the last turn by the criterion.
            for name in set(dealt.tied):
                dealt.seats[name] += 1
                dealt.open -= 1
                if dealt.most is not None and dealt.seats[name] >= dealt.most.get(name, 10**6):
                    dealt.tied.remove(name)
        for rank in sorted({r for r in ranks.values() if r is not None}):
            group = {name for name in dealt.tied if ranks[name] == rank}
            if len(group) > dealt.open:
                dealt.tied = group if dealt.open else set()
                break
            for name in group:
                dealt.seats[name] += 1
            dealt.open -= len(group)
            dealt.tied -= group
        if not dealt.open:
            dealt.tied = set()
    return unknown


def settled(
    out: Counted, contest: str, unit: str, dealt: Dealt, word: str, criteria: Sequence[Criterion], silent: str
) -> None:
    """Give what is decided; ask what is not. `silent` is what the law says when its criteria are used up."""
    unknown = prefer(dealt, criteria)
    out.give(contest, unit, dealt.seats)
    if dealt.tied and dealt.open:
        kind = silent if silent.startswith("repeat") else word
        if silent == "no-rule" and criteria and not unknown:
            kind = "no-rule"
        out.ask(contest, unit, kind, dealt.tied, dealt.open)


def word_for(rule: Mapping[str, Any]) -> str:
    """Return what the seats of a formula are tied at."""
    return "remainder" if rule["method"] == "largest-remainder" else "quotient"


def bar_of(rule: Mapping[str, Any], party: Mapping[str, Any] | None) -> Fraction:
    """Return the bar of one list: alliances by the number of their members, independents."""
    best, size = number(rule["share"]), 0
    for kind in rule.get("kinds", ()):
        if party is not None and party["kind"] == kind["kind"] and size < kind.get("members", 1) <= party["members"]:
            best, size = number(kind["share"]), kind.get("members", 1)
    return best


def reaches(votes: int, base: int, bar: Fraction) -> bool:
    """Whether votes are at least a share of a base; nobody qualifies without votes."""
    return votes > 0 and votes >= bar * base


def turnout_doubtful(rule: Mapping[str, Any] | None, figures: Figures) -> bool:
    """Whether a quorum can be neither proved nor disproved by those who voted."""
    if not rule or "of-present" not in rule or base_of("present", figures) is not None:
        return False
    of, cast = base_of(rule.get("of", "registered"), figures), base_of("cast", figures)
    if of is None or cast is None:
        return False
    share = number(rule["share"])
    return share * number(rule["of-present"]) * of < cast <= share * of


def turnout_fails(rule: Mapping[str, Any] | None, figures: Figures) -> bool:
    """Whether too few took part; unknown figures are taken as enough."""
    if not rule:
        return False
    of, counted = base_of(rule.get("of", "registered"), figures), base_of(rule.get("counted", "cast"), figures)
    if "of-present" in rule:  # a quorum: more than a share present, more than a part of those present voting
        cast = base_of("cast", figures)
        if of is None or cast is None:
            return False
        if counted is None:  # at least those who voted were there, at most everybody
            return cast <= number(rule["share"]) * number(rule["of-present"]) * of
        return counted <= number(rule["share"]) * of or cast <= number(rule["of-present"]) * counted
    if of is None or counted is None:
        return False
    needed = number(rule["share"]) * of
    return not (counted > needed if rule.get("comparison") == "more-than" else counted >= needed)
