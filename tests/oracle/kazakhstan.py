"""Elections and referendums of Kazakhstan, article by article; majorities of other laws follow the same pattern."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import floor
from typing import Any

from oracle.ballots import (
    Counted,
    Criterion,
    Figures,
    add_up,
    allocate,
    base_of,
    number,
    options,
    reaches,
    settled,
    turnout_fails,
    word_for,
)


def kazakh_lists(
    out: Counted, tier: dict[str, Any], case: Any, contest: str, unit: str, figures: Figures, seats: int
) -> None:
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
    second = seconds[0]
    quota = Fraction(votes[first] + votes[second], seats) if seats else Fraction(1)
    whole = floor(votes[second] / quota * number(rule["factor"]))
    paid = min(max(whole, rule["minimum-seats"]), seats)
    given[first] = seats - paid
    if len(seconds) > 1:  # no rule for a tie for the second place; equal votes buy the same seats
        out.give(contest, unit, given)
        out.ask(contest, unit, "no-rule", seconds, paid)
        return
    given[second] = paid
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


def most_votes(
    out: Counted, contest: str, unit: str, votes: Figures, seats: int, ask: Callable[[set[str], int], str]
) -> None:
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
    out: Counted,
    tier: dict[str, Any],
    case: Any,
    contest: str,
    unit: str,
    figures: Figures,
    local: bool,
    seats: int = 1,
) -> None:
    """An absolute majority, else a second round of two: Elections Law 9(1), 63–65, 79–81; the same pattern elsewhere."""
    votes, rule = standing(case, contest, unit, figures, local), tier.get("run-off", {})
    out.give(contest, unit, dict.fromkeys(votes, 0))
    again = add_up(case, contest, 2).get(unit, {})
    held = bool(options(again))
    bars = tier["majority"]["bars"]
    cleared = [n for n, v in votes.items() if any(clears(out, bar, v, figures, held) for bar in bars)]
    best = [n for n in cleared if votes[n] == max(votes[c] for c in cleared)]
    if len(best) == 1:
        out.give(contest, unit, {best[0]: 1})
        return
    if len(votes) <= rule.get("stood", 2):
        out.ask(contest, unit, rule.get("else", "repeat-election"), votes, 1)
        return
    if held:
        _second_round(out, rule, case, contest, unit, votes)
        return
    _finalists(out, rule, contest, unit, votes)


def clears(out: Counted, bar: dict[str, Any], mine: int, figures: Figures, again: bool = False) -> bool:
    """Whether a candidate clears one bar of the first round.

    Where the base is unknown the valid votes, which are never more, stand in: who fails with them has failed; who does
    not is in doubt, unless a second round was held, which says that nobody had been elected.
    """
    known = base_of(bar["base"], figures)
    base = base_of("valid", figures) if known is None else known
    assert base is not None
    cast, listed = base_of("cast", figures), base_of("registered", figures)
    for key, fits in (("turnout-from", lambda c, r, s: c >= s * r), ("turnout-below", lambda c, r, s: c < s * r)):
        if key in bar and cast is not None and listed is not None and not fits(cast, listed, number(bar[key])):
            return False
        if key == "turnout-below" and key in bar and (cast is None or listed is None):
            return False  # enough voters are taken to have come
    needed = number(bar["share"]) * base
    passed = mine > 0 and (mine >= needed if bar.get("comparison") == "at-least" else mine > needed)
    if known is None and passed and again:
        return False
    out.missing |= known is None and passed
    return passed


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
    held = {
        n: v for n, v in options(add_up(case, contest, 2)[unit]).items() if n in _second_listed(case, contest, unit)
    }
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


def question(out: Counted, tier: dict[str, Any], case: Any, contest: str, places: list[str], totals: Any) -> None:
    """Referendum: Referendum Law art. 31(2)–(3); recall: Elections Law 113-12 to 113-16."""
    said = []
    for unit in places:
        figures = totals.get(unit, {})
        if not options(figures):
            continue
        yes = _adopted(out, tier["adoption"], figures)
        regional = tier.get("regional")
        if (
            yes
            and regional
            and case["kinds"].get(contest, "other") in regional.get("kinds", [case["kinds"].get(contest)])
        ):
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
    known = base_of(rule.get("base", "cast"), figures)
    base = base_of("valid", figures) if known is None else known
    assert base is not None
    yes = figures.get(rule.get("answer", "yes"), 0)
    needed = number(rule["share"]) * base
    passed = yes >= needed and yes > 0 if rule.get("comparison") == "at-least" else yes > needed
    if known is None and passed:
        if out is None:
            return None
        out.missing = True
    return passed


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
