"""List votes of Moldova, Lithuania, Mongolia and Spain, article by article."""

from fractions import Fraction
from math import floor
from typing import Any

from oracle.ballots import (
    Counted,
    Criterion,
    Dealt,
    Figures,
    allocate,
    bar_of,
    base_of,
    lengths,
    number,
    options,
    prefer,
    reaches,
    settled,
    turnout_fails,
    word_for,
)


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
    dealt = allocate(
        plan["formula"], {u: int(v * scale) for u, v in scores.items()}, plan["total"] - sum(fixed.values())
    )
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
