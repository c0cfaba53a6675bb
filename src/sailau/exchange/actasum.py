"""Statements of polling stations, one a line, as the open verifier `actasum` reads them, and the totals it compares."""

from __future__ import annotations

from typing import Any

import numpy as np

from sailau.election import Election
from sailau.provenance import canonical
from sailau.tabulation import Tabulation, Totals

_PLACE = {"@blank": "blank", "@invalid": "null"}
_OTHER = ("@against_all", "@not_counted")


def texts(election: Election, tabulation: Tabulation) -> dict[str, str]:
    """Return the files of each contest: its statements and its official totals, contest → both."""
    files = {}
    for (contest, round_), total in tabulation.totals.items():
        name = contest if round_ == 1 else f"{contest}-round-{round_}"
        kind = f"{election.name}/{name}"
        stations = _stations(total)
        statements = [_statement(kind, total, unit) for unit in stations]
        files[f"{name}.statements.jsonl"] = "".join(canonical(s).decode() + "\n" for s in statements)
        area: dict[str, Any] = {"stations": len(stations), **_counts(statements)}
        official = {
            "spec": "actasum/official-totals/v0.1",
            "profile": "sailau",
            "election": kind,
            "areas": {"whole": area} if stations else {},
        }
        files[f"{name}.official.json"] = canonical(official).decode() + "\n"
    return files


def _stations(total: Totals) -> list[str]:
    """Return the lowest units that state votes for options themselves."""
    above = {total.units[p] for p in total.parent[1:]}
    own = np.asarray(total.own[:, : total.electable].any(axis=1))
    units = [u for row, u in enumerate(total.units) if own[row] and u not in above]
    return units or [u for row, u in enumerate(total.units) if own[row]]


def _statement(election: str, total: Totals, unit: str) -> dict[str, Any]:
    row = total.place(unit)
    figures = {i: int(total.counts[row, c]) for c, i in enumerate(total.items) if total.own[row, c]}
    counts: dict[str, Any] = {"candidatures": {i: n for i, n in figures.items() if not i.startswith("@")}}
    absent = {}
    for line, place in _PLACE.items():
        if line in figures:
            counts[place] = figures[line]
        else:
            absent[place] = "no-field"
    if absent:
        counts["not_on_sheet"] = absent
    if "@registered" in figures:
        counts["registered"] = figures["@registered"]
    other = {line.removeprefix("@"): figures[line] for line in _OTHER if line in figures}
    if other:
        counts["other"] = other
    return {
        "spec": "actasum/statement/v0.1",
        "profile": "sailau",
        "election": election,
        "station": unit or "whole",
        "constituency": "whole",
        "counts": counts,
    }


def _counts(statements: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the totals of statements."""
    sums: dict[str, Any] = {"candidatures": {}}
    for statement in statements:
        counts = statement["counts"]
        for option, n in counts["candidatures"].items():
            sums["candidatures"][option] = sums["candidatures"].get(option, 0) + n
        for place in ("blank", "null"):
            if place in counts:
                sums[place] = sums.get(place, 0) + counts[place]
        for name, n in counts.get("other", {}).items():
            sums.setdefault("other", {})[name] = sums.get("other", {}).get(name, 0) + n
    return sums
