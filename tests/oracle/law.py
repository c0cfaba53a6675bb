"""Whole laws a second time: from returns to seats in fractions, without NumPy, written from the texts of the laws.

`count` takes a case told in plain dictionaries (`oracle.cases.plain`) and the values of a rule book (its resolved
tables), so that an amended law can be compared too; how the values are used stands here, law by law, with the article.
Ties are followed as the law says and what it leaves open is a `Question`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
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


def allocate(rule: Mapping[str, Any], votes: Mapping[str, int], seats: int, most: Mapping[str, int] | None = None) -> Dealt:
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
        return formulas.largest_remainder(counts, seats, quota, rounding, limits)
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


# ---------------------------------------------------------------------- Kazakhstan


def kazakh_lists(out: Counted, tier: dict[str, Any], case: Any, contest: str, unit: str, figures: Figures, seats: int) -> None:
    """Party lists: Elections Law art. 97-1 (Mazhilis, Kurultai), art. 111-1 (maslikhats)."""
    votes, bar = options(figures), tier["threshold"]
    base = base_of(bar.get("base", "valid"), figures)
    if base is None:
        out.missing, base = True, base_of("valid", figures)
    assert base is not None
    # 97-1(1): lists with the bar or more of the voters who took part, by 43(5) without invalid ballots.
    admitted = {n for n, v in votes.items() if reaches(v, base, number(bar["share"]))}
    if not admitted:  # nothing in 97-1
        out.give(contest, unit, dict.fromkeys(votes, 0))
        out.ask(contest, unit, "no-rule", votes, seats)
        return
    alone = tier.get("single-qualifier")
    others = {n: v for n, v in votes.items() if n not in admitted and v}
    if alone and len(admitted) == 1 and others:
        _two_lists(out, alone, contest, unit, votes, next(iter(admitted)), others, seats)
        return
    # 97-1(3): votes over the quota, whole parts; (4): the rest by remainders, equal ones to the list registered earlier.
    dealt = allocate(tier["formula"], {n: v for n, v in votes.items() if n in admitted}, seats)
    dealt.seats = {**dict.fromkeys(votes, 0), **dealt.seats}
    settled(out, contest, unit, dealt, word_for(tier["formula"]), [registered(case)], "no-rule")


def _two_lists(
    out: Counted, rule: Any, contest: str, unit: str, votes: Figures, first: str, others: Figures, seats: int
) -> None:
    """97-1(2): the next list joins; (3): × 0.7, at least two seats; (4): all that is left to the list above the bar."""
    most = max(others.values())
    seconds = [n for n, v in others.items() if v == most]
    given = dict.fromkeys(votes, 0)
    if len(seconds) > 1:  # no rule for a tie for the second place
        out.give(contest, unit, given)
        out.ask(contest, unit, "no-rule", seconds, 1)
        return
    second = seconds[0]
    quota = Fraction(votes[first] + votes[second], seats) if seats else Fraction(1)
    whole = floor(votes[second] / quota * number(rule["factor"]))
    given[second] = min(max(whole, rule["minimum-seats"]), seats)
    given[first] = seats - given[second]
    out.give(contest, unit, given)


def registered(case: Any) -> Criterion:
    """97-1(4): the list registered earlier."""

    def rank(option: str) -> int | None:
        found = case["parties"].get(option, {}).get("registered")
        return None if found is None else int(found)

    return rank


def standing(case: Any, contest: str, unit: str, figures: Figures, local: bool) -> Figures:
    """Return who stood in a district with their votes: those with a line there or below, and further candidates."""
    votes = options(figures)
    if local:
        here = _listed(case, contest, unit)
        votes = {n: v for n, v in votes.items() if n in here}
    parties = {case["candidates"][n]["party"] for n in votes if n in case["candidates"]}
    for name, person in case["candidates"].items():
        if person["contest"] == contest and (person["unit"] == unit or not local) and name not in votes:
            by_party = person["party"] in votes or (not local and person["party"] in parties)
            if not by_party:
                votes[name] = 0
    return votes


def _listed(case: Any, contest: str, unit: str) -> set[str]:
    """Return the items with a line in a unit or below it."""
    found: set[str] = set()
    for place, lines in case["returns"].get((contest, 1), {}).items():
        at, seen = place, set()
        while at and at != unit and at not in seen:
            seen.add(at)
            told = case["units"].get(at, {})
            at = told.get("district", {}).get(contest) or told.get("parent", "")
        if at == unit:
            found |= set(lines)
    return found


def most_votes(out: Counted, contest: str, unit: str, votes: Figures, seats: int, ask: Callable[[set[str], int], str]) -> None:
    """Elect those with most votes, nobody without votes; `ask` names the question of a tie, empty where it is settled."""
    given = dict.fromkeys(votes, 0)
    left, rest = seats, {n: v for n, v in votes.items() if v or not any(votes.values())}
    while left and rest:
        top = max(rest.values())
        group = {n for n, v in rest.items() if v == top}
        if len(group) > left or not top:
            kind = ask(group, left)
            if kind:
                out.ask(contest, unit, kind, group, min(left, len(group)))
            break
        given |= dict.fromkeys(group, 1)
        left -= len(group)
        rest = {n: v for n, v in rest.items() if n not in group}
    out.give(contest, unit, given)


def kazakh_district(out: Counted, tier: dict[str, Any], case: Any, contest: str, unit: str, figures: Figures) -> None:
    """Single-member districts: more votes than any other, art. 9(2)–(4); ties 95(3), 96, 109-1, 110, akims 113-9."""
    votes = standing(case, contest, unit, figures, True)
    again = options(add_up(case, contest, 2).get(unit, {}))
    of_two = "repeat-election" if len(votes) <= 2 else "repeat-vote"
    kind = of_two if tier["tie"].get("of-two") else tier["tie"]["otherwise"]

    def ask(tied: set[str], _: int) -> str:
        held = {n: v for n, v in again.items() if n in tied}
        best = [n for n, v in again.items() if v == max(again.values()) and v]
        if held and len(best) == 1 and best[0] in tied:
            out.give(contest, unit, {best[0]: 1})
            return ""
        return kind

    most_votes(out, contest, unit, votes, 1, ask)


def majority(
    out: Counted, tier: dict[str, Any], case: Any, contest: str, unit: str, figures: Figures, local: bool, seats: int = 1
) -> None:
    """An absolute majority, else a second round of two: Elections Law 9(1), 63–65, 79–81; the same pattern elsewhere."""
    votes, rule = standing(case, contest, unit, figures, local), tier.get("run-off", {})
    out.give(contest, unit, dict.fromkeys(votes, 0))
    cleared = [n for n, v in votes.items() if any(clears(out, bar, v, votes, figures) for bar in tier["majority"]["bars"])]
    best = [n for n in cleared if votes[n] == max(votes[c] for c in cleared)]
    if len(best) == 1:
        out.give(contest, unit, {best[0]: 1})
        return
    if len(votes) <= rule.get("stood", 2):
        out.ask(contest, unit, rule.get("else", "repeat-election"), votes, 1)
        return
    again = add_up(case, contest, 2).get(unit, {})
    if options(again):
        _second_round(out, rule, case, contest, unit, votes)
        return
    _finalists(out, rule, contest, unit, votes)


def clears(out: Counted, bar: dict[str, Any], mine: int, votes: Figures, figures: Figures) -> bool:
    """Whether a candidate clears one bar of the first round."""
    base = base_of(bar["base"], figures)
    if base is None:
        out.missing, base = True, base_of("valid", figures)
    assert base is not None
    cast, listed = base_of("cast", figures), base_of("registered", figures)
    for key, fits in (("turnout-from", lambda c, r, s: c >= s * r), ("turnout-below", lambda c, r, s: c < s * r)):
        if key in bar and cast is not None and listed is not None and not fits(cast, listed, number(bar[key])):
            return False
        if key == "turnout-below" and key in bar and (cast is None or listed is None):
            return False  # enough voters are taken to have come
    needed = number(bar["share"]) * base
    return mine > 0 and (mine >= needed if bar.get("comparison") == "at-least" else mine > needed)


def _finalists(out: Counted, rule: Any, contest: str, unit: str, votes: Figures) -> None:
    places = rule.get("candidates", 2)
    cut = sorted(votes.values(), reverse=True)[:places][-1]
    sure = {n for n, v in votes.items() if v > cut}
    level = {n for n, v in votes.items() if v == cut}
    if len(sure) + len(level) <= places:
        out.ask(contest, unit, "run-off", sure | level, 1)
    else:
        out.ask(contest, unit, "run-off", level, places - len(sure))


def _second_round(out: Counted, rule: Any, case: Any, contest: str, unit: str, votes: Figures) -> None:
    held = {n: v for n, v in options(add_up(case, contest, 2)[unit]).items() if n in _second_listed(case, contest, unit)}
    best = [n for n, v in held.items() if v == max(held.values())]
    if len(best) > 1 and "first-round" in rule.get("tie", ()):
        best = [n for n in best if votes.get(n, 0) == max(votes.get(b, 0) for b in best)]
    if len(best) == 1:
        out.give(contest, unit, {best[0]: 1})
        return
    silent = rule.get("tie-otherwise", "no-rule")
    out.ask(contest, unit, "district" if silent == "lot" else silent, best, 1)


def _second_listed(case: Any, contest: str, unit: str) -> set[str]:
    return _listed({**case, "returns": {(contest, 1): case["returns"][contest, 2]}}, contest, unit)


def turnout_fails(rule: Mapping[str, Any] | None, figures: Figures) -> bool:
    """Whether too few took part; unknown figures are taken as enough."""
    if not rule:
        return False
    of, counted = base_of(rule.get("of", "registered"), figures), base_of(rule.get("counted", "cast"), figures)
    if of is None or counted is None:
        return False
    needed = number(rule["share"]) * of
    return not (counted > needed if rule.get("comparison") == "more-than" else counted >= needed)


def question(out: Counted, tier: dict[str, Any], case: Any, contest: str, places: list[str], totals: Any) -> None:
    """Referendum: Referendum Law art. 31(2)–(3); recall: Elections Law 113-12 to 113-16."""
    said = []
    for unit in places:
        figures = totals.get(unit, {})
        if not options(figures):
            continue
        yes = _adopted(out, tier["adoption"], figures)
        regional = tier.get("regional")
        if yes and regional and case["kinds"].get(contest, "other") in regional.get("kinds", [case["kinds"].get(contest)]):
            yes = _regions(out, tier, regional, case, contest, totals)
        if turnout_fails(tier.get("turnout"), figures):
            out.void.add(contest)
            said.append("invalid")
        else:
            said.append(None if yes is None else "adopted" if yes else "rejected")
    out.answers[contest] = said[0] if said and len(set(said)) == 1 else None
    if None in said or not said:
        out.missing = True


def _adopted(out: Counted | None, rule: Mapping[str, Any], figures: Figures) -> bool | None:
    base = base_of(rule.get("base", "cast"), figures)
    if base is None:
        if out is None:
            return None
        out.missing, base = True, base_of("valid", figures)
    assert base is not None
    yes = figures.get(rule.get("answer", "yes"), 0)
    needed = number(rule["share"]) * base
    return yes >= needed and yes > 0 if rule.get("comparison") == "at-least" else yes > needed


def _regions(out: Counted, tier: Any, rule: Any, case: Any, contest: str, totals: Any) -> bool | None:
    """31(3) part 2: in two thirds of the regions by more than half of those who took part there."""
    regions = [u for u, told in case["units"].items() if told["level"] == rule["level"]]
    said: list[bool | None] = []
    for unit in regions:
        figures = totals.get(unit, {})
        answer = _adopted(None, tier["adoption"], figures) if options(figures) else None
        if answer is None:
            told = [o for c, u, o, n in case["declared"] if (c, u) == (contest, unit) and n]
            answer = told[0] == tier["adoption"].get("answer", "yes") if told else None
        said.append(answer)
    yes, most = said.count(True), said.count(True) + said.count(None)
    needed = number(rule["share"]) * len(regions)
    if regions and yes >= needed:
        return True
    if regions and most < needed:
        return False
    out.missing = True
    return None


# ---------------------------------------------------------------------- lists elsewhere


def admitted_lists(out: Counted, tier: Any, case: Any, votes: Figures, figures: Figures) -> set[str]:
    """Lists over the bars of their kind: Code 2022 art. 122 (Moldova), LOREG 163(1)(a), Election Law art. 49 (Mongolia)."""
    bar = tier["threshold"]
    base = base_of(bar.get("base", "valid"), figures)
    if base is None:
        out.missing, base = True, base_of("valid", figures)
    assert base is not None
    bars = {n: bar_of(bar, case["parties"].get(n)) for n in votes}
    inside = {n for n, v in votes.items() if reaches(v, base, bars[n])}
    lower = bar.get("lower")
    while lower and len(inside) < min(lower["lists"], sum(1 for v in votes.values() if v)):
        # Act 247/1995 as described by the statistical office, points 5–7: every bar one point lower, and again.
        bars = {n: max(b - number(lower["step"]), Fraction(0)) for n, b in bars.items()}
        inside = {n for n, v in votes.items() if reaches(v, base, bars[n])}
    fill = bar.get("fill")
    while fill and sum(votes[n] for n in inside) < number(fill["share"]) * base:
        # Law on Elections to the Seimas art. 89: the next largest, equal ones together, until 60 per cent are reached.
        waiting = {n: v for n, v in votes.items() if n not in inside and v}
        if not waiting:
            break
        inside |= {n for n, v in waiting.items() if v == max(waiting.values())}
    return inside


def national_lists(out: Counted, tier: Any, case: Any, contest: str, figures: Figures) -> None:
    """One district: Moldova (Code 2022 art. 122–124), Lithuania (Code 2022 art. 170), Mongolia (Law of 2011 art. 49)."""
    votes, seats = options(figures), tier["seats"]["value"]
    if turnout_fails(tier.get("turnout"), figures):
        out.void.add(contest)
        return
    inside = admitted_lists(out, tier, case, votes, figures)
    if not inside:
        out.give(contest, "", dict.fromkeys(votes, 0))
        out.ask(contest, "", "no-rule", votes, seats)
        return
    most = {}
    for name in votes:
        kind = case["parties"].get(name, {}).get("kind", "party")
        bounds = [tier.get("limits", {}).get("kinds", {}).get(kind)]
        if "exhaustion" in tier:
            bounds.append(lengths(case, contest).get((name, "")))
        if any(b is not None for b in bounds):
            most[name] = min(b for b in bounds if b is not None)
    shares = shared_out(tier["formula"], votes, inside, base_of("valid", figures) or 0)
    if tier["formula"].get("unqualified") == "in-quota":
        dealt = quota_of_all(votes, inside, base_of("valid", figures) or 0, seats)
    else:
        dealt = allocate(tier["formula"], shares, seats, most)
    dealt.seats = {**dict.fromkeys(votes, 0), **dealt.seats}
    tie = tier.get("tie", {})
    criteria = [by_number(case)] if "list-number" in tie.get("order", ()) else []
    settled(out, contest, "", dealt, word_for(tier["formula"]), criteria, tie.get("otherwise", "no-rule"))


def by_number(case: Any) -> Criterion:
    """Code 2022 art. 170(5): the list with the smaller number."""
    return lambda option: case["parties"].get(option, {}).get("number")


def shared_out(rule: Any, votes: Figures, inside: set[str], valid: int) -> dict[str, Any]:
    """Law of 2011 art. 49.1.2: what lists under the bar hold is shared equally among those above it."""
    held = {n: votes[n] for n in votes if n in inside}
    if rule.get("unqualified") != "shared-equally":
        return held
    below = valid - sum(held.values())
    return {n: v * len(held) + below for n, v in held.items()}  # times their number, so that it stays whole


def quota_of_all(votes: Figures, inside: set[str], valid: int, seats: int) -> Dealt:
    """The other reading: a quota of all votes, then seats in rounds over the qualified lists by remainder."""
    quota = Fraction(valid, seats)
    given = {n: floor(votes[n] / quota) for n in votes if n in inside}
    rest = {n: votes[n] / quota - given[n] for n in given}
    left = seats - sum(given.values())
    while left:
        for value in sorted(set(rest.values()), reverse=True):
            group = {n for n in rest if rest[n] == value}
            if len(group) > left:
                return Dealt(given, group if left else set(), left)
            for name in group:
                given[name] += 1
            left -= len(group)
    return Dealt(given, set(), 0)


def by_population(plan: Any, case: Any, places: list[str]) -> Dealt:
    """Seats of districts: LOREG art. 162; Election Act 2002 section 11-3 (Norway)."""
    units = case["units"]
    fixed = {u: plan.get("fixed", {}).get(units[u]["kind"], 0) for u in places}
    scores = {
        u: sum(number(w) * units[u][name] for name, w in plan["score"].items())
        for u in places
        if plan.get("only") is None or units[u]["kind"] in plan["only"]
    }
    scale = 1
    for value in scores.values():
        scale = scale * value.denominator
    dealt = allocate(plan["formula"], {u: int(v * scale) for u, v in scores.items()}, plan["total"] - sum(fixed.values()))
    if "higher-score" in plan.get("tie", ()):
        prefer(dealt, [lambda u: -int(scores[u] * scale)])
    dealt.seats = {u: fixed[u] + dealt.seats.get(u, 0) for u in places}
    return dealt


def spanish_congress(out: Counted, tier: Any, case: Any, contest: str, places: list[str], totals: Any) -> None:
    """LOREG art. 162–163: 3 per cent of valid votes, blank ones included, in the province; D'Hondt there."""
    plan = tier["seats"]["apportion"]
    dealt = by_population(plan, case, places)
    if dealt.tied:  # nothing in art. 162
        out.ask(contest, "", "remainder", dealt.tied, dealt.open)
    seats = {u: 0 if u in dealt.tied else n for u, n in dealt.seats.items()}
    for unit in places:
        figures = totals.get(unit, {})
        votes = options(figures)
        if not votes:
            out.missing = True
            continue
        inside = admitted_lists(out, tier, case, votes, figures)
        if not inside:
            out.give(contest, unit, dict.fromkeys(votes, 0))
            out.ask(contest, unit, "no-rule", votes, seats[unit])
            continue
        dealt = allocate(tier["formula"], {n: votes[n] for n in inside}, seats[unit])
        dealt.seats = {**dict.fromkeys(votes, 0), **dealt.seats}
        settled(out, contest, unit, dealt, word_for(tier["formula"]), [lambda n, v=votes: -v[n]], "lot")


# ---------------------------------------------------------------------- Czechia


def czech_seats(plan: Any, totals: Any, places: list[str]) -> Dealt:
    """Act 247/1995 section 48; points 1–3: all valid votes over 200, rounded; whole parts; remainders; equal ones by lot."""
    return allocate(plan["formula"], {u: base_of("valid", totals.get(u, {})) or 0 for u in places}, plan["total"])


def czech_regions(out: Counted, law: Any, case: Any, contest: str, places: list[str], totals: Any) -> None:
    """The Chamber of Deputies: before 2021 D'Hondt in each region, since then two scrutinies."""
    tier = law["list"]
    seats = czech_seats(tier["seats"]["apportion"], totals, places)
    if seats.tied:
        out.ask(contest, "", "remainder", seats.tied, seats.open)
        seats.seats |= dict.fromkeys(seats.tied, 0)  # these regions wait for the lot
    votes = {u: options(totals.get(u, {})) for u in places}
    whole: Figures = {}
    for lines in totals.values():
        whole = {n: 0 for n in options(lines)} | whole
    for name in whole:
        whole[name] = sum(v.get(name, 0) for v in votes.values())
    everything = {**whole, "@blank": sum(base_of("valid", totals.get(u, {})) or 0 for u in places) - sum(whole.values())}
    inside = admitted_lists(out, tier, case, whole, everything)
    if not inside:
        out.ask(contest, "", "no-rule", whole, sum(seats.seats.values()))
        return
    if "second" not in law:
        for unit in places:
            held = {n: v for n, v in votes[unit].items() if n in inside}
            dealt = allocate(tier["formula"], held, seats.seats[unit])
            settled(out, contest, unit, dealt, "quotient", [], "no-rule")
        return
    _scrutinies(out, law, case, contest, {u: {n: v for n, v in votes[u].items() if n in inside} for u in places}, seats.seats)


def _scrutinies(out: Counted, law: Any, case: Any, contest: str, votes: dict[str, Figures], seats: Figures) -> None:
    room = lengths(case, contest)
    remainders: dict[str, Figures] = {}
    transferred: Figures = {}
    left = 0
    for unit, held in votes.items():
        # Points 8–9: votes over seats + 2, rounded to units; whole parts and remainders.
        quota = formulas.quota("imperiali", "nearest", sum(held.values()), seats[unit])
        whole = {n: int(v // quota) for n, v in held.items()}
        remainders[unit] = {n: int(v - whole[n] * quota) for n, v in held.items()}
        given = {n: min(w, room.get((n, unit), w)) for n, w in whole.items()}  # point 12
        dealt = Dealt(given, set(), 0)
        surplus = sum(given.values()) - seats[unit]
        if surplus > 0:
            dealt = _taken_back(given, remainders[unit], held, surplus)
        left += seats[unit] - sum(dealt.seats.values()) - dealt.open
        settled(out, contest, unit, dealt, "remainder", [], "lot")
        for name, count in held.items():
            # Point 13: the remainder, or all votes where the list has no seat in the region.
            mine = remainders[unit][name] if dealt.seats[name] else count
            transferred[name] = transferred.get(name, 0) + mine
    if out.open:
        return
    most = None
    if "exhaustion" in law["second"] and room:
        most = {}
        for name in transferred:
            rooms = [room.get((name, u)) for u in votes]
            if None not in rooms:
                most[name] = sum(max(r - out.seats[contest, u].get(name, 0), 0) for u, r in zip(votes, rooms, strict=True) if r is not None)
    dealt = allocate(law["second"]["formula"], transferred, left, most)
    overall = {n: sum(held.get(n, 0) for held in votes.values()) for n in transferred}
    unknown = prefer(dealt, [lambda n: -transferred[n], lambda n: -overall[n]])
    assert not unknown
    if dealt.tied and dealt.open:
        out.ask(contest, "", "remainder", dealt.tied, dealt.open)
    for name, number_ in dealt.seats.items():
        free = {u: room.get((name, u), 10**6) - out.seats[contest, u].get(name, 0) for u in votes}
        _placed(out, contest, name, number_, {u: remainders[u].get(name, 0) for u in votes}, free)


def _taken_back(given: Figures, remainders: Figures, votes: Figures, surplus: int) -> Dealt:
    """Point 10: one by one from the smallest remainder; equal: from the list with fewer votes; equal: lot."""
    kept, open_, tied = dict(given), 0, set[str]()
    turn: set[str] = set()
    while surplus:
        able = {n for n, s in kept.items() if s and n not in turn}
        if not able:
            turn = set()
            continue
        worst = min((remainders[n], votes[n]) for n in able)
        group = {n for n in able if (remainders[n], votes[n]) == worst}
        for name in group:
            kept[name] -= 1
        turn |= group
        if len(group) > surplus:
            open_, tied, surplus = len(group) - surplus, group, 0
        else:
            surplus -= len(group)
    return Dealt(kept, tied, open_)


def _placed(out: Counted, contest: str, name: str, seats: int, remainders: Figures, free: Figures) -> None:
    """Points 18–19: in the regions where the list's remainder is largest; equal ones by lot; no cap but its candidates."""
    while seats:
        able = {u: r for u, r in remainders.items() if free[u] > 0}
        if not able:
            return
        for value in sorted(set(able.values()), reverse=True):
            group = {u for u, r in able.items() if r == value}
            if len(group) > seats:
                if seats:
                    out.ask(contest, "", "district", group, seats)
                return
            for unit in group:
                out.give(contest, unit, {name: 1})
                free[unit] -= 1
            seats -= len(group)


# ---------------------------------------------------------------------- Norway


def norwegian(out: Counted, law: Any, case: Any, contest: str, places: list[str], totals: Any) -> None:
    """The Storting: Election Act 2002 sections 11-3 to 11-7."""
    tier = law["list"]
    plan = tier["seats"]["apportion"]
    numbers = by_population(plan, case, places)
    if numbers.tied:
        out.ask(contest, "", "quotient", numbers.tied, numbers.open)
    seats = {u: 0 if u in numbers.tied else max(n - plan["set-aside"], 0) for u, n in numbers.seats.items()}
    votes = {u: options(totals.get(u, {})) for u in places}
    held: dict[str, Figures] = {}
    for unit in places:
        if not any(votes[unit].values()):
            out.missing = out.missing or not votes[unit]
            continue
        dealt = allocate(tier["formula"], votes[unit], seats[unit])
        settled(out, contest, unit, dealt, "quotient", [lambda n, v=votes[unit]: -v[n]], "lot")
        held[unit] = dict(out.seats[contest, unit])
    if out.open:  # levelling waits for the lots of the districts
        return
    _levelling(out, law["levelling"], case, contest, votes, held)


def _levelling(out: Counted, tier: Any, case: Any, contest: str, votes: dict[str, Figures], held: dict[str, Figures]) -> None:
    whole: Figures = {}
    for lines in votes.values():
        for name, count in lines.items():
            whole[name] = whole.get(name, 0) + count
    bar = tier["threshold"]
    inside = {n for n, v in whole.items() if reaches(v, sum(whole.values()), number(bar["share"]))}
    mine = {n: sum(h.get(n, 0) for h in held.values()) for n in whole}
    per = tier["levelling"].get("per-district", 1)
    everything = sum(mine.values()) + per * len(votes)
    while inside:
        # 11-6: all seats less those of lists outside; a list with more than its share keeps them and leaves.
        pool = everything - sum(s for n, s in mine.items() if n not in inside)
        dealt = allocate(tier["formula"], {n: whole[n] for n in inside}, pool)
        over = {n for n in inside if mine[n] > dealt.seats[n] + (n in dealt.tied)}
        if not over:
            break
        inside -= over
    if not inside:
        return
    if dealt.tied:
        out.ask(contest, "", "quotient", dealt.tied, dealt.open)
        return
    due = {n: dealt.seats[n] - mine[n] for n in inside}
    _place(out, tier, contest, votes, held, due, per)


def _place(
    out: Counted, tier: Any, contest: str, votes: dict[str, Figures], held: dict[str, Figures], due: Figures, per: int
) -> None:
    """11-7: votes over 2s + 1 (the whole vote where s = 0), over the district's votes per district seat."""
    cells = []
    for unit, lines in held.items():
        average = Fraction(sum(votes[unit].values()), sum(lines.values()) or 1)
        if not sum(lines.values()):
            continue
        for name in due:
            has = lines.get(name, 0)
            divisor = Fraction(2 * has + 1) if has else number(tier["levelling"].get("placement-first", 1))
            if votes[unit].get(name):
                cells.append((votes[unit][name] / divisor / average, unit, name))
    free = dict.fromkeys(held, per)
    while any(due.values()):
        able = [cell for cell in cells if free[cell[1]] and due[cell[2]]]
        if not able:
            break
        top = max(cell[0] for cell in able)
        group = [cell for cell in able if cell[0] == top]
        for unit in [u for u in held if any(cell[1] == u for cell in group)]:
            if sum(1 for c in group if c[1] == unit) > free[unit]:
                out.ask(contest, unit, "quotient", {n for _, u, n in group if u == unit}, free[unit])
                return
        for name in [n for n in due if any(cell[2] == n for cell in group)]:
            if sum(1 for c in group if c[2] == name) > due[name]:
                out.ask(contest, "", "district", {u for _, u, n in group if n == name}, due[name])
                return
        for cell in group:
            _, unit, name = cell
            out.give(contest, unit, {name: 1})
            free[unit] -= 1
            due[name] -= 1
            cells.remove(cell)


# ---------------------------------------------------------------------- whole laws


def count(law: str, tables: Mapping[str, Any], case: Mapping[str, Any]) -> Counted:
    """Count one case under one law.

    Args:
        law: its id, which chooses the rules of this module.
        tables: the rule book's values on the polling day.
        case: see `oracle.cases.plain`.
    """
    out = Counted()
    papers = {c["id"]: c for c in tables["contest"]}
    tiers = {t["id"]: t for t in tables["tier"]}
    for contest in _held(papers, case):
        paper = papers.get(contest) or papers[contest.rpartition("-")[0]]
        places = districts(case, paper)
        totals = add_up(case, contest)
        if not any(options(totals.get(u, {})) for u in places):
            _declared(out, case, contest, paper)
            continue
        _paper(out, law, tiers, case, contest, paper, places, totals)
        _fill_in(out, case, contest, places, totals)
    return out


def _held(papers: Mapping[str, Any], case: Mapping[str, Any]) -> list[str]:
    further = [c for c, _ in case["returns"] if c not in papers]
    return list(dict.fromkeys([*(p for p in papers if not any(f.startswith(f"{p}-") for f in further)), *further]))


def _declared(out: Counted, case: Any, contest: str, paper: Any) -> None:
    rows = [row for row in case["declared"] if row[0] == contest]
    if paper["ballot"] == "question":
        said = [option for _, unit, option, seats in rows if not unit and seats]
        out.answers[contest] = ("adopted" if said[0] == "yes" else "rejected") if said else None
        out.missing = out.missing or not said
        return
    told = {unit for _, unit, _, _ in rows}
    out.missing = out.missing or not rows or ("" not in told and not set(districts(case, paper)) <= told)
    for _, unit, option, seats in rows:
        out.give(contest, unit, {option: seats})


def _fill_in(out: Counted, case: Any, contest: str, places: list[str], totals: Any) -> None:
    """Declared seats stand where a district has no votes, or its count is open."""
    for unit in places:
        rows = [(o, n) for c, u, o, n in case["declared"] if (c, u) == (contest, unit)]
        asked = {q for q in out.open if (q.contest, q.unit) == (contest, unit)}
        if rows and (asked or not options(totals.get(unit, {}))) and contest not in out.answers:
            out.seats[contest, unit] = dict(rows)
            out.open -= asked
        elif not options(totals.get(unit, {})) and contest not in out.answers:
            out.missing = True


def _paper(out: Counted, law: str, tiers: Any, case: Any, contest: str, paper: Any, places: list[str], totals: Any) -> None:
    mine = {t["id"]: t for t in tiers.values() if t["contest"] == paper["id"]}
    tier = next(iter(mine.values()))
    reporting = [u for u in places if options(totals.get(u, {}))]
    if paper["ballot"] == "question":
        question(out, tier, case, contest, places, totals)
    elif law == "no/storting":
        norwegian(out, mine, case, contest, places, totals)
    elif law == "cz/chamber":
        czech_regions(out, mine, case, contest, reporting, totals)
    elif law == "es/congress":
        spanish_congress(out, tier, case, contest, places, totals)
    elif paper["ballot"] == "list" and not law.startswith("kz/"):
        national_lists(out, tier, case, contest, totals[""])
    else:
        for unit in reporting:
            _district(out, law, tier, case, contest, paper, unit, totals[unit])


def _district(out: Counted, law: str, tier: Any, case: Any, contest: str, paper: Any, unit: str, figures: Figures) -> None:
    own = case["units"].get(unit, {}).get("seats", {}).get(contest)
    seats = own if tier["seats"].get("column") and own is not None else tier["seats"].get("value")
    local = bool(paper.get("level"))
    if turnout_fails(tier.get("turnout"), figures):
        votes = standing(case, contest, unit, figures, local)
        if tier["turnout"].get("otherwise", "invalid") == "invalid":
            out.void.add(contest)
        else:  # art. 80 (Senate of Kazakhstan); the reports on Mongolia's law of 2019
            out.ask(contest, unit, tier["turnout"]["otherwise"], votes, seats)
    elif paper["ballot"] == "list":
        kazakh_lists(out, tier, case, contest, unit, figures, seats)
    elif "majority" in tier:
        majority(out, tier, case, contest, unit, figures, local, seats)
    elif law.startswith("kz/"):
        kazakh_district(out, tier, case, contest, unit, figures)
    else:
        # Law of 2019 art. 74 (Mongolia): the first M; LOREG art. 166 (Spain): those with most votes.
        most_votes(out, contest, unit, standing(case, contest, unit, figures, local), seats, lambda *_: "district")
