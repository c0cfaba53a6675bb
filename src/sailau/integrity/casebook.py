"""What a case gives to a log: the manifest of its stations and forms, its protocols, and what was published from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

import numpy as np

from sailau.election.model import WHOLE, Election
from sailau.election.writing import case_texts
from sailau.integrity.verifier import RefusedError
from sailau.rulebook import Law
from sailau.rulebook.forms import form_of
from sailau.tabulation.forms import OPTIONS, RelationCheck, checks_of

FORMAT = "sailau-manifest/1"
_FIGURES = ("returns.csv",)
"""Files of a case that the log itself gives."""


def manifest_of(election: Election, *, software: str, signers: int = 2) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the manifest of an election, and the files that it names by their hashes.

    Args:
        election: with a station for every unit that reports and has none below it that does.
        software: version of the program and digest of its rule books.
        signers: how many must sign a protocol.

    Raises:
        RefusedError: no unit below the whole reports anything.
    """
    figures = station_figures(election)
    if not figures:
        raise RefusedError(election.name, "no figures below the whole", "a case with stations that report")
    texts = {name: text.encode() for name, text in case_texts(election).items() if name not in _FIGURES}
    files = {sha256(data).hexdigest(): data for data in texts.values()}
    stations: dict[str, dict[str, Any]] = {}
    for station, contest in figures:
        unit = election.units[station]
        row = stations.setdefault(station, {"id": station, "parent": unit.parent, "contests": []})
        row["contests"].append(contest)
    for station, row in stations.items():
        if districts := _districts(election, station):
            row["district"] = districts
    manifest = {
        "format": FORMAT,
        "election": election.name,
        "law": election.own_law().id,
        "law_digest": election.own_law().digest,
        "day": election.day.isoformat(),
        "software": software,
        "signers": signers,
        "case": {name: sha256(data).hexdigest() for name, data in texts.items()},
        "contests": contests_with_relations(election, figures),
        "units": [
            {"id": u.id, "parent": u.parent, "level": u.level} for u in election.units.values() if u.id not in stations
        ],
        "stations": list(stations.values()),
    }
    return manifest, files


def _districts(election: Election, station: str) -> dict[str, str]:
    """Return the electoral districts of a station that are not above it, its own or inherited."""
    found: dict[str, str] = {}
    unit = station
    while unit:
        found = {**election.units[unit].district, **found}
        unit = election.units[unit].parent
    return found


def contests_with_relations(
    election: Election, figures: Mapping[tuple[str, str], Mapping[str, int]]
) -> list[dict[str, Any]]:
    """Return the contests of a manifest: their options, lines, and the relations of the law's form."""
    contests = list(dict.fromkeys(contest for _, contest in figures))
    return [_contest(election.own_law(), contest, contests, figures) for contest in contests]


def _contest(
    law: Law, contest: str, contests: Sequence[str], figures: Mapping[tuple[str, str], Mapping[str, int]]
) -> dict[str, Any]:
    """Return a contest of the manifest: its options, its lines, and the relations of the law's form."""
    items = list(dict.fromkeys(item for (_, c), rows in figures.items() if c == contest for item in rows))
    lines = [item for item in items if item.startswith("@")]
    options = [item for item in items if not item.startswith("@")]
    relations = []
    for check in checks_of(form_of(law, contest, lines)).checks:
        needed = {term for term in (*check.left, *check.right) if term != OPTIONS and not term.endswith("?")}
        if check.severity == "error" and needed <= {*lines}:
            relations += list(_relations(check, contest, contests))
    return {"id": contest, "options": options, "lines": lines, "relations": relations}


def _relations(check: RelationCheck, contest: str, contests: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield a relation of a form as a verifier reads it; one between contests for every contest before this one."""
    left = ["*" if term == OPTIONS else term for term in check.left]
    if check.sign != "same":
        right = ["*" if term == OPTIONS else term for term in check.right]
        yield {"code": check.code, "left": left, "sign": check.sign, "right": right}
    elif OPTIONS not in check.left:
        for other in contests[: contests.index(contest)]:
            yield {"code": check.code, "left": left, "sign": "=", "right": [f"{other}:{term}" for term in left]}


def station_figures(election: Election) -> dict[tuple[str, str], dict[str, int]]:
    """Return (station, contest) → line → number: of units that report and have none below them that does."""
    r = election.returns
    figures: dict[tuple[str, str], dict[str, int]] = {}
    first = r.round == 1
    rows = zip(*(np.asarray(column)[first].tolist() for column in (r.unit, r.contest, r.item, r.count)), strict=True)
    for unit, contest, item, count in rows:
        figures.setdefault((r.units[unit], r.contests[contest]), {})[r.items[item]] = count
    above = {(parent, contest) for unit, contest in figures for parent in _above(election, unit)}
    return {pair: rows for pair, rows in figures.items() if pair[0] != WHOLE and pair not in above}


def _above(election: Election, unit: str) -> Iterator[str]:
    while unit:
        unit = election.units[unit].parent
        yield unit


def protocols_of(election: Election, time: str = "") -> Iterator[dict[str, Any]]:
    """Yield the payload of the first protocol of every station and contest."""
    for (station, contest), figures in station_figures(election).items():
        yield {
            "kind": "protocol",
            "election": election.name,
            "station": station,
            "contest": contest,
            "version": 1,
            "time": time or f"{election.day.isoformat()}T23:00:00Z",
            "figures": figures,
        }


def results_of(election: Election) -> dict[str, Any]:
    """Return what is published from an election: totals of every unit, seats and status, as the count gives them."""
    from sailau.counting import count

    outcome = count(election.own_law(), election).to_json()
    totals: dict[str, dict[str, dict[str, int]]] = {}
    for (station, contest), figures in station_figures(election).items():
        for unit in {*_above(election, station), *_districts_above(election, station, contest)}:
            sums = totals.setdefault(contest, {}).setdefault(unit, {})
            for line, number in figures.items():
                sums[line] = sums.get(line, 0) + number
    return {"format": "sailau-results/1", "totals": totals, **seats_of(outcome)}


def _districts_above(election: Election, station: str, contest: str) -> Iterator[str]:
    district = _districts(election, station).get(contest)
    if district:
        yield district
        yield from _above(election, district)


def seats_of(outcome: Mapping[str, Any]) -> dict[str, Any]:
    """Return the seats, elected persons and status of a count's JSON: what a bundle publishes and a verifier compares."""
    seats = {
        contest: {unit: dict(district["seats"]) for unit, district in row["districts"].items()}
        for contest, row in outcome["contests"].items()
    }
    elected = [{k: e[k] for k in ("contest", "unit", "party", "candidate")} for e in outcome["elected"]]
    return {"status": outcome["status"], "seats": seats, "elected": elected}
