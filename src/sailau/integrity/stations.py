"""Figures of polling stations, of a case or of a verified log, as a table; and an election counted from such figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sailau.election import Election, open_case
from sailau.election.model import Returns
from sailau.integrity.casebook import station_figures

Figures = Mapping[tuple[str, str], Mapping[str, int]]
"""(station, contest) → line → number."""


@dataclass(frozen=True)
class Stations:
    """One contest.

    Attributes:
        ids: of the stations, in the order of the case.
        units: of each, those above it, the nearest first.
        options: columns of `votes`.
        votes: (stations, options).
        lines: `@line` → (stations,), −1 where it is unknown.
    """

    ids: tuple[str, ...]
    units: tuple[tuple[str, ...], ...]
    options: tuple[str, ...]
    votes: NDArray[np.int64]
    lines: Mapping[str, NDArray[np.int64]]

    def line(self, *names: str) -> NDArray[np.int64]:
        """Return the first of several lines that is known, for each station; −1 where none is."""
        made = np.full(len(self.ids), -1, np.int64)
        for name in reversed(names):
            column = self.lines.get(name)
            if column is not None:
                made = np.where(column >= 0, column, made)
        return made

    def valid(self) -> NDArray[np.int64]:
        """Return the valid votes: the line, else the sum of the options."""
        line, sums = self.line("@valid"), self.votes.sum(axis=1)
        return np.where(line >= 0, line, sums)

    def cast(self) -> NDArray[np.int64]:
        """Return the ballots counted: the line, else valid and invalid ones."""
        line, invalid = self.line("@cast"), self.line("@invalid")
        return np.where(line >= 0, line, self.valid() + np.maximum(invalid, 0))


def read_election(source: str) -> Election:
    """Return the election of a case, or of a log that is good up to its identities.

    Raises:
        RefusedError: a log whose signatures or tree are not good, or without a manifest.
        BadInput: a case that cannot be read.
    """
    path = Path(source)
    is_log = (path / "checkpoint").is_file() if path.is_dir() else path.suffix in (".tar", ".zip") and _is_bundle(path)
    if not is_log:
        return open_case(source)
    from sailau.integrity.recount import election_of
    from sailau.integrity.verifier import Bundle, RefusedError, verify

    report = verify(path)
    if report.numbers["signature"] or report.numbers["tree"] or report.manifest is None:
        raise RefusedError(source, f"a log that is not good ({report.verdict})", "one that sailau verify finds good")
    return election_of(report, Bundle(path))


def _is_bundle(path: Path) -> bool:
    from sailau.integrity.verifier import Bundle

    return path.is_file() and "checkpoint" in Bundle(path).members


def contests_of(figures: Figures) -> list[str]:
    """Return the contests, in order."""
    return list(dict.fromkeys(contest for _, contest in figures))


def stations_of(election: Election, contest: str, figures: Figures | None = None) -> Stations:
    """Return the stations of a contest as a table; an option without a line has none."""
    rows = {s: f for (s, c), f in (figures or station_figures(election)).items() if c == contest}
    items = list(dict.fromkeys(item for row in rows.values() for item in row))
    options = tuple(item for item in items if not item.startswith("@"))
    votes = np.array([[row.get(o, 0) for o in options] for row in rows.values()], np.int64).reshape(-1, len(options))
    lines = {
        item: np.array([row.get(item, -1) for row in rows.values()], np.int64) for item in items if item.startswith("@")
    }
    above: dict[str, tuple[str, ...]] = {"": ()}
    units = tuple(_above(election, election.units[station].parent, above) for station in rows)
    return Stations(tuple(rows), units, options, votes, lines)


def _above(election: Election, unit: str, known: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return a unit and those above it but the whole; `known` keeps what was found."""
    if unit not in known:
        known[unit] = (unit, *_above(election, election.units[unit].parent, known))
    return known[unit]


def with_figures(election: Election, figures: Figures) -> Election:
    """Return the same election with other figures of its stations, and none at any other level."""
    units = tuple(dict.fromkeys(station for station, _ in figures))
    contests = tuple(contests_of(figures))
    items = tuple(dict.fromkeys(item for row in figures.values() for item in row))
    place = [{name: i for i, name in enumerate(names)} for names in (units, contests, items)]
    rows = [(place[0][s], place[1][c], place[2][i], n) for (s, c), row in figures.items() for i, n in row.items()]
    unit, contest, item, count = (np.array(column) for column in zip(*rows, strict=True))
    returns = Returns(
        contests, units, items, contest.astype(np.int32), unit.astype(np.int32), item.astype(np.int32),
        count.astype(np.int64), np.ones(len(rows), np.int8), np.zeros(len(rows), np.int32),
    )  # fmt: skip
    return replace(election, returns=returns)
