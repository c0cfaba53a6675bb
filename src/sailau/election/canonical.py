"""An election as canonical bytes: its figures and facts, whatever files, columns and lines they came in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sailau.provenance import canonical, digest_of

if TYPE_CHECKING:
    from pathlib import Path

    from sailau.election.model import Election, Returns

_TOLD = frozenset(("name", "law", "sources", "notes", "synthetic", "files", "book", "tables"))
"""What is told about an election and is neither figure nor fact: what its folder and files are called, where they come from."""
_SHOWN = frozenset(("color", "line", "source"))
"""The same of parties, rows and decisions: how they are drawn, where they stand, who said so."""


def canonical_election(election: Election) -> bytes:
    """Return the canonical bytes of an election: see `Election.canonical`."""
    told = {f.name: _plain(getattr(election, f.name)) for f in fields(election) if f.name not in (*_TOLD, "returns")}
    # A file of further facts changes no digest of a case that has none.
    plain = {name: value for name, value in told.items() if value not in ({}, [], ())}
    plain["law"] = election.book.id if election.book is not None else election.law
    if election.tables is not None:
        plain["tables"] = {name: _digest_of_file(path) for name, path in election.tables.paths.items()}
    return canonical({**plain, "returns": digest_of(_lines(election.returns))})


def _digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a table that only a database reads."""
    if path.is_dir():
        return digest_of("".join(_digest_of_file(part) for part in sorted(path.glob("*.parquet"))).encode())
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _plain(value: Any) -> Any:
    """Return facts without what says no more than its absence; where they are many, their order says nothing either."""
    if is_dataclass(value):
        said = {f.name: getattr(value, f.name) for f in fields(value) if f.name not in _SHOWN}
        return {f.name: _plain(said[f.name]) for f in fields(value) if f.name in said and said[f.name] != _absent(f)}
    if isinstance(value, Mapping):
        return {key: _plain(v) for key, v in value.items() if not str(key).startswith("x_")}
    if isinstance(value, tuple) and value and not isinstance(value[0], str):
        return sorted((_plain(item) for item in value), key=canonical)
    return value


def _absent(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _lines(returns: Returns) -> bytes:
    """Return the returns as JSON lines `[contest, unit, item, round, count]`, in the order of their names.

    A figure of a later version than the first has its version behind it.
    """
    names = (returns.contests, returns.units, returns.items)
    columns = (returns.contest, returns.unit, returns.item)
    contest, unit, item = (_ranks(part)[column] for part, column in zip(names, columns, strict=True))
    order = np.lexsort((returns.version, returns.round, item, unit, contest))
    kept = (*columns, returns.round, returns.count, returns.version)
    rows = zip(*(column[order].tolist() for column in kept), strict=True)
    contests, units, items = ([json.dumps(name, ensure_ascii=False) for name in part] for part in names)
    lines = (f"[{contests[c]},{units[u]},{items[i]},{r},{n}{f',{v}' if v > 1 else ''}]\n" for c, u, i, r, n, v in rows)
    return "".join(lines).encode()


def _ranks(names: tuple[str, ...]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the place of each name when they are sorted."""
    ranks = np.empty(len(names), np.int64)
    ranks[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    return ranks
