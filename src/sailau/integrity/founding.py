"""Found a log: root keys, keys of those who sign, the manifest of an election; and its protocols, one entry each."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

from sailau.election.model import Election
from sailau.integrity.casebook import manifest_of, protocols_of, results_of
from sailau.integrity.keys import Signer, canonical, key_from, make_key, read_signer, seal, write_key
from sailau.integrity.log import Log
from sailau.integrity.verifier import BY_AUTHORITY, BY_ROOT, BY_STATION, MOST_ENTRY, RefusedError
from sailau.writing import write_whole

_BATCH = 4096
"""Entries appended at once."""


@dataclass(frozen=True, repr=False)
class Keys:
    """The private keys of those who keep a log.

    Attributes:
        roots: keys of those who vouch for all others; kept offline.
        least: how many of them must sign.
        log: keys of checkpoints: Ed25519 first, then ML-DSA-44.
        authority: signs annulments, seeds, audits and stages.
        operators: the two who enter protocols.
    """

    roots: tuple[Signer, ...]
    least: int
    log: tuple[Signer, ...]
    authority: Signer
    operators: tuple[Signer, ...]

    @property
    def signing_roots(self) -> tuple[Signer, ...]:
        """Return as many root keys as must sign."""
        return self.roots[: self.least]

    def public_entries(self) -> list[dict[str, Any]]:
        """Return the payloads that name the keys of the authority and the operators."""
        named = [(self.authority, "authority"), *((key, "commission") for key in self.operators)]
        return [{"kind": "key", "public": b64encode(key.public).decode(), "role": role} for key, role in named]

    def root_entry(self) -> dict[str, Any]:
        """Return the payload of the first entry."""
        return {
            "kind": "root",
            "keys": [b64encode(key.public).decode() for key in self.roots],
            "threshold": self.least,
            "log": [str(key.vkey) for key in self.log],
        }


def make_keys(origin: str, roots: int = 5, least: int = 3, seed: str = "") -> Keys:
    """Return new keys; with a seed always the same ones, for test vectors and campaigns only.

    Raises:
        RefusedError: fewer root keys than must sign.
    """
    if not 1 <= least <= roots <= 32:
        raise RefusedError("roots", f"{least} of {roots}", "at least one, at most all of up to 32")

    def made(name: str, kind: Any = "ed25519") -> Signer:
        secret = sha256(f"{seed},{name},{kind}".encode()).digest()
        return key_from(name, secret, kind) if seed else make_key(name, kind)

    return Keys(
        tuple(made(f"root-{n}") for n in range(1, roots + 1)),
        least,
        (made(origin), made(origin, "ml-dsa-44")),
        made("authority"),
        (made("operator-1"), made("operator-2")),
    )


def write_keys(keys: Keys, folder: Path) -> None:
    """Write each private key to a file of its own that only its owner can read."""
    for path, key in _named(folder, keys):
        write_key(key, path)
    write_whole(folder / "threshold", f"{keys.least} of {len(keys.roots)}\n")


def _named(folder: Path, keys: Keys) -> Iterable[tuple[Path, Signer]]:
    yield from ((folder / f"root-{n}.key", key) for n, key in enumerate(keys.roots, 1))
    yield from zip((folder / "log.key", folder / "log-ml-dsa.key"), keys.log, strict=True)
    yield folder / "authority.key", keys.authority
    yield from ((folder / f"operator-{n}.key", key) for n, key in enumerate(keys.operators, 1))


def read_keys(folder: Path) -> Keys:
    """Return the keys that `write_keys` wrote; root keys that were taken offline are left out.

    Raises:
        RefusedError: the folder is none of keys.
    """
    try:
        least = int((folder / "threshold").read_text(encoding="utf-8").split()[0])
    except (OSError, ValueError, IndexError):
        raise RefusedError(str(folder), "no keys", "the folder of keys that sailau log init made") from None
    roots = tuple(read_signer(path) for path in sorted(folder.glob("root-*.key")))
    operators = tuple(read_signer(path) for path in sorted(folder.glob("operator-*.key")))
    log = (read_signer(folder / "log.key"), read_signer(folder / "log-ml-dsa.key"))
    return Keys(roots, least, log, read_signer(folder / "authority.key"), operators)


def found(folder: Path, keys: Keys, election: Election, software: str) -> Log:
    """Make a log whose first entries are the root keys, the keys of those who sign, and the manifest of an election.

    Raises:
        RefusedError: the folder is not empty, or the election has no stations.
    """
    manifest, files = manifest_of(election, software=software, signers=len(keys.operators))
    log = Log.create(folder)
    for data in files.values():
        log.keep_file(data)
    name = log.keep_file(canonical(manifest))
    payloads = [keys.root_entry(), *keys.public_entries(), {"kind": "manifest", "file": name}]
    log.append(seal(payload, keys.signing_roots) for payload in payloads)
    return log


def record(log: Log, payloads: Iterable[dict[str, Any]], signers: Sequence[Signer]) -> int:
    """Append payloads, each signed by all the signers, and return how many."""
    number = 0
    batch: list[bytes] = []
    for payload in payloads:
        batch.append(seal(payload, signers))
        if len(batch) == _BATCH:
            number += len(log.append(batch))
            batch = []
    return number + len(log.append(batch))


def record_signed(log: Log, payloads: Iterable[dict[str, Any]], keys: Keys) -> int:
    """Append payloads, each signed by those who may sign its kind, in order; return how many.

    Raises:
        RefusedError: a kind that nobody signs, or root keys that are not here.
    """
    number = 0
    for kind, rows in groupby(payloads, key=lambda payload: payload.get("kind")):
        if kind in BY_ROOT:
            if len(keys.roots) < keys.least:
                raise RefusedError(
                    "keys", f"{len(keys.roots)} root keys", f"{keys.least}: bring them from where they are kept"
                )
            signers = keys.signing_roots
        elif kind in BY_STATION:
            signers = keys.operators
        elif kind in BY_AUTHORITY:
            signers = (keys.authority,)
        else:
            raise RefusedError("entries", f"kind {str(kind)[:20]}", ", ".join((*BY_ROOT, *BY_STATION, *BY_AUTHORITY)))
        number += record(log, rows, signers)
    return number


def read_payloads(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the payloads of a file of JSON objects, one on each line.

    Raises:
        RefusedError: a line is none.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                value = json.loads(line) if len(line) <= MOST_ENTRY else None
                if not isinstance(value, dict):
                    raise RefusedError(f"{path}, line {number}", line[:40].strip(), "an object of an entry")
                yield value
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, RefusedError):
            raise
        raise RefusedError(
            str(path), str(error)[:60] or type(error).__name__, "JSON, one object on each line"
        ) from None


def publish(folder: Path, election: Election, keys: Keys, software: str) -> Log:
    """Make the whole log of an election that is over: keys, manifest, protocols, checkpoint, and what was published."""
    log = found(folder, keys, election, software)
    record(log, protocols_of(election), keys.operators)
    write_whole(folder / "results.json", canonical(results_of(election)))
    log.checkpoint(keys.log[0].name, keys.log)
    return log
