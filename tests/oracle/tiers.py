"""Tiers that build on another: the second scrutiny of Czechia, the levelling seats of Norway."""

from fractions import Fraction
from typing import Any

from oracle import formulas
from oracle.ballots import (
    Counted,
    Dealt,
    Figures,
    allocate,
    base_of,
    lengths,
    number,
    options,
    prefer,
    reaches,
    settled,
)
from oracle.lists import admitted_lists, by_population


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
        whole = dict.fromkeys(options(lines), 0) | whole
    for name in whole:
        whole[name] = sum(v.get(name, 0) for v in votes.values())
    everything = {
        **whole,
        "@blank": sum(base_of("valid", totals.get(u, {})) or 0 for u in places) - sum(whole.values()),
    }
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
    _scrutinies(
        out, law, case, contest, {u: {n: v for n, v in votes[u].items() if n in inside} for u in places}, seats.seats
    )


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
                most[name] = sum(
                    max(r - out.seats[contest, u].get(name, 0), 0)
                    for u, r in zip(votes, rooms, strict=True)
                    if r is not None
                )
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


def _levelling(
    out: Counted, tier: Any, case: Any, contest: str, votes: dict[str, Figures], held: dict[str, Figures]
) -> None:
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
