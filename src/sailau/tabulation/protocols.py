"""Which protocol of a station stands: corrections are further versions, nothing is deleted, what is left out has a name."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sailau.election import Election
    from sailau.election.model import Returns


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A protocol that is not in the totals.

    Attributes:
        contest: empty for all contests of the unit.
        status: `superseded` by another version, `void`, or `missing`.
        reason: as protocols.csv gives it, or empty.
    """

    unit: str
    contest: str
    version: int
    status: str
    reason: str = ""


def standing(election: Election) -> tuple[Returns, tuple[Exclusion, ...]]:
    """Return the lines that count, and the protocols that do not.

    The version that protocols.csv calls standing counts; else the latest one that it does not call superseded, void or
    missing.
    """
    returns, protocols = election.returns, election.protocols
    told = tuple(Exclusion(p.unit, p.contest, p.version, p.status, p.reason) for p in protocols if p.is_left_out)
    if not protocols and (not len(returns) or int(returns.version.max()) == 1):
        return returns, ()
    contests = len(returns.contests)
    versions = max([int(returns.version.max(initial=1)), *(p.version for p in protocols)]) + 1
    pair = (returns.unit.astype(np.int64) * contests + returns.contest) * versions + returns.version
    pairs, place = np.unique(pair, return_inverse=True)
    stands = _stands(election, pairs, versions)
    named = {(e.unit, e.contest, e.version) for e in told}
    older = []
    for row in np.flatnonzero(~stands):
        station, version = divmod(int(pairs[row]), versions)
        unit, contest = returns.units[station // contests], returns.contests[station % contests]
        if not named & {(unit, contest, version), (unit, "", version)}:
            older.append(Exclusion(unit, contest, version, "superseded"))
    return _chosen(returns, np.flatnonzero(stands[place])), (*told, *older)


def _stands(election: Election, pairs: NDArray[np.int64], versions: int) -> NDArray[np.bool_]:
    """Return which (unit, contest, version) counts, one at most of each unit and contest."""
    returns = election.returns
    units, contests = ({name: n for n, name in enumerate(names)} for names in (returns.units, returns.contests))
    allowed, called = np.ones(len(pairs), np.bool_), np.zeros(len(pairs), np.bool_)
    for protocol in election.protocols:
        for contest in [protocol.contest] if protocol.contest else returns.contests:
            if protocol.unit not in units or contest not in contests:
                continue
            key = (units[protocol.unit] * len(contests) + contests[contest]) * versions + protocol.version
            row = int(np.searchsorted(pairs, key))
            if row < len(pairs) and pairs[row] == key:
                allowed[row], called[row] = not protocol.is_left_out, not protocol.is_left_out
    _, station = np.unique(pairs // versions, return_inverse=True)
    version = pairs % versions
    latest = np.full(int(station.max(initial=-1)) + 1, -1)
    np.maximum.at(latest, station, np.where(allowed, version, -1))
    latest[station[called]] = version[called]
    return np.asarray(version == latest[station], np.bool_)


def _chosen(returns: Returns, rows: NDArray[np.intp]) -> Returns:
    """Return some of the lines."""
    columns = {f.name: getattr(returns, f.name) for f in fields(returns)}
    chosen: dict[str, Any] = {n: column[rows] for n, column in columns.items() if isinstance(column, np.ndarray)}
    return replace(returns, **chosen)
