"""Biproportional seats in fractions: the most proportional matrix by longest augmenting paths, one seat after the other.

M. L. Balinski and S. T. Rachev, "Rounding proportions: methods of rounding", Mathematical Scientist 22 (1997): the
matrix that a divisor method gives maximises the product of votes over bounds, one factor for every seat. That is a flow
from districts to lists whose gains fall with every seat, so that paths of largest gain find it, and another matrix is as
good where a cycle gains nothing.
"""

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from oracle.ballots import Counted, Figures, allocate, number, options, reaches, settled, word_for

Cell = tuple[str, str]
"""District, list."""
Node = tuple[str, str]
"""Kind (`district` or `list`), name."""


class Matrix(NamedTuple):
    """Seats of one most proportional matrix, and the cells that have another number in another one."""

    seats: dict[Cell, int]
    tied: set[Cell]


def _bound(seats: int, rounding: str) -> Fraction:
    """Return the bound between one seat fewer and this number of seats."""
    return seats - {"standard": Fraction(1, 2), "down": Fraction(0), "up": Fraction(1)}[rounding]


def _gains(votes: Mapping[Cell, int], seats: Mapping[Cell, int], rounding: str) -> dict[tuple[Node, Node], Fraction]:
    """Return what one more seat of a cell gains (district → list), and what giving one up does (list → district)."""
    found = {}
    for (unit, name), count in votes.items():
        if count:
            held = seats[unit, name]
            found[("district", unit), ("list", name)] = count / _bound(held + 1, rounding)
            if held:
                found[("list", name), ("district", unit)] = _bound(held, rounding) / count
    return found


def biproportional(votes: Mapping[Cell, int], rows: Figures, columns: Figures, rounding: str) -> Matrix | None:
    """Return a most proportional matrix; None where districts and lists cannot both have what they are entitled to."""
    assert rounding != "up", "bounds of 0 need another proof"
    seats = dict.fromkeys(votes, 0)
    rest, due = dict(rows), dict(columns)
    while any(rest.values()):
        path = _best_path(_gains(votes, seats, rounding), rest, due)
        if path is None:
            return None
        for (kind, name), (_, other) in pairwise(path):
            cell = (name, other) if kind == "district" else (other, name)
            seats[cell] += 1 if kind == "district" else -1
        rest[path[0][1]] -= 1
        due[path[-1][1]] -= 1
    return Matrix(seats, _on_cycles(_gains(votes, seats, rounding), votes))


def _best_path(gains: Mapping[tuple[Node, Node], Fraction], rest: Figures, due: Figures) -> list[Node] | None:
    """Return the path of the largest product from a district that lacks a seat to a list that does (Bellman and Ford)."""
    best: dict[Node, Fraction] = {("district", unit): Fraction(1) for unit, left in rest.items() if left}
    before: dict[Node, Node] = {}
    changed = True
    while changed:
        changed = False
        for (start, end), gain in gains.items():
            if start in best and best[start] * gain > best.get(end, Fraction(0)):
                best[end], before[end], changed = best[start] * gain, start, True
    ends = [node for node in best if node[0] == "list" and due[node[1]]]
    if not ends:
        return None
    path = [max(ends, key=lambda node: best[node])]
    while path[0] in before:
        path.insert(0, before[path[0]])
    return path


def _on_cycles(gains: Mapping[tuple[Node, Node], Fraction], votes: Mapping[Cell, int]) -> set[Cell]:
    """Return the cells on a cycle of seats moved that loses nothing."""
    worth = dict.fromkeys({node for edge in gains for node in edge}, Fraction(1))
    changed = True
    while changed:
        changed = False
        for (start, end), gain in gains.items():
            if worth[start] * gain > worth[end]:
                worth[end], changed = worth[start] * gain, True
    tight = {(a, b) for (a, b), gain in gains.items() if worth[a] * gain == worth[b]}
    after: dict[Node, set[Node]] = {}
    for start, end in tight:
        after.setdefault(start, set()).add(end)
    return {
        (unit, name)
        for unit, name in votes
        for start, end in ((("district", unit), ("list", name)), (("list", name), ("district", unit)))
        if (start, end) in tight and start in _reached(after, end)
    }


def _reached(after: Mapping[Node, set[Node]], start: Node) -> set[Node]:
    found, waiting = {start}, [start]
    while waiting:
        new = after.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def biproportional_districts(out: Counted, tier: Any, case: Any, contest: str, places: list[str], totals: Any) -> None:
    """Kantonsrat of Zurich: a list with the bar in some district takes part; seats of lists by voter numbers; the matrix."""
    votes = {unit: options(totals.get(unit, {})) for unit in places}
    seats = {unit: case["units"][unit]["seats"][contest] if any(votes[unit].values()) else 0 for unit in places}
    out.missing = out.missing or any(not held for held in votes.values())
    share = number(tier["threshold"]["share"])
    inside = {n for held in votes.values() for n, v in held.items() if reaches(v, sum(held.values()), share)}
    names = list(dict.fromkeys(name for held in votes.values() for name in held))
    for unit in places:
        out.give(contest, unit, dict.fromkeys(names, 0))
    if not inside:
        out.ask(contest, "", "no-rule", names, sum(seats.values()))
        return
    strength = dict.fromkeys(names, 0)
    for unit, held in votes.items():
        for name in inside & set(held):
            each = Fraction(held[name], max(seats[unit], 1)) if tier["formula"].get("voter-numbers") else held[name]
            strength[name] += int(each + Fraction(1, 2))
    rounding = tier["formula"].get("rounding", "standard")
    upper = {"standard": "sainte-lague", "down": "dhondt"}[rounding]
    whole = Counted()
    dealt = allocate({"method": upper}, strength, sum(seats.values()))
    settled(whole, contest, "", dealt, word_for(tier["formula"]), [], tier["tie"].get("otherwise", "no-rule"))
    if whole.open:
        out.open |= whole.open
        return
    cells = {(u, n): votes[u].get(n, 0) if n in inside else 0 for u in places for n in names}
    matrix = biproportional(cells, seats, dealt.seats, rounding)
    assert matrix is not None, "districts and lists contradict each other"
    for unit, name in cells:
        if (unit, name) not in matrix.tied:
            out.give(contest, unit, {name: matrix.seats[unit, name]})
    if matrix.tied:
        stake = sum(matrix.seats[cell] for cell in matrix.tied)
        out.ask(contest, "", "quotient", {name for _, name in matrix.tied}, stake)
