"""Changes that an attacker may make to a public log, drawn by a seed: each with the kind of failure and the place it must have."""

from __future__ import annotations

import json
import shutil
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from integrity.sample import ORIGIN, PARTIES, sample_keys, sample_log
from sailau.integrity import verifier
from sailau.integrity.founding import record
from sailau.integrity.keys import canonical, key_from, seal
from sailau.integrity.log import Log, Views, prove, read_entries, receipt_text
from sailau.integrity.recount import check_seats
from sailau.integrity.verifier import Bundle, RefusedError

FIRST, LAST = 5, 16
"""The entries that are protocols."""
UNREADABLE = "unreadable"
WITNESS = key_from("paper.example", b"p" * 32, "cosignature")


@dataclass
class Case:
    """A clean log, a copy of it to be changed, and chance.

    Attributes:
        clean: folder of the log as it was published.
        folder: of the copy.
        chance: of this case.
        receipt: of one entry, given out before the change.
        policy: that a witness must have signed, if it is asked for.
    """

    clean: Path
    folder: Path
    chance: Random
    receipt: tuple[str, verifier.Receipt] | None = None
    policy: verifier.Policy | None = None

    @property
    def index(self) -> int:
        return self.chance.randint(FIRST, LAST)

    def entries(self) -> list[bytes]:
        return [entry for _, entry in read_entries(Bundle(self.clean), 0, LAST + 1)]

    def rewrite(self, entries: Sequence[bytes], folder: Path | None = None, key: bytes | None = None) -> None:
        """Write another history, signed with the log's key or another one."""
        folder = folder or self.folder
        shutil.rmtree(folder, ignore_errors=True)
        log = Log.create(folder)
        log.append(entries)
        shutil.copytree(self.clean / "file", folder / "file")
        shutil.copy(self.clean / "results.json", folder)
        log.checkpoint(ORIGIN, sample_keys().log if key is None else (key_from(ORIGIN, key),))

    def flip(self, name: str, place: int | None = None) -> int:
        path = self.folder / name
        data = bytearray(path.read_bytes())
        place = self.chance.randrange(len(data)) if place is None else place
        data[place] ^= 1 << self.chance.randrange(8)
        path.write_bytes(data)
        return place


Expected = tuple[set[str], str]
"""Kinds of failure of which one must be found, and the place of it; an empty place is any."""


def body(entry: bytes) -> Any:
    return json.loads(b64decode(json.loads(entry)["payload"]))


def with_body(entry: bytes, payload: Any) -> bytes:
    return canonical({**json.loads(entry), "payload": b64encode(canonical(payload)).decode()})


def figure_in_the_files(case: Case) -> Expected:
    index = case.index
    rows = case.entries()
    start = sum(len(row) + 2 for row in rows[:index]) + 2
    case.flip(f"tile/entries/000.p/{LAST + 1}", start + case.chance.randrange(len(rows[index])))
    return {"tree"}, f"entry {index}"


def lengths_in_the_files(case: Case) -> Expected:
    index, rows = case.index, case.entries()
    case.flip(f"tile/entries/000.p/{LAST + 1}", sum(len(row) + 2 for row in rows[:index]) + case.chance.randrange(2))
    return {"tree"}, ""


def figure_with_a_new_tree(case: Case) -> Expected:
    index, rows = case.index, case.entries()
    payload = body(rows[index])
    payload["figures"][case.chance.choice(PARTIES)] += case.chance.randint(1, 500)
    rows[index] = with_body(rows[index], payload)
    case.rewrite(rows)
    return {"signature"}, f"entry {index}"


def swap_signed_with_all_keys(case: Case) -> Expected:
    index, rows = case.index, case.entries()
    payload = body(rows[index])
    one, other = case.chance.sample(PARTIES, 2)
    figures = payload["figures"]
    figures[one], figures[other] = figures[other] + (figures[one] == figures[other]), figures[one]
    rows[index] = seal(payload, sample_keys().operators)
    case.rewrite(rows)
    return {"totals"}, "unit all"


def dropped(case: Case) -> Expected:
    index, rows = case.index, case.entries()
    station = body(rows.pop(index))["station"]
    case.rewrite(rows)
    return {"incomplete"}, f"station {station}"


def doubled(case: Case) -> Expected:
    rows = case.entries()
    case.rewrite([*rows, rows[case.index]])
    return {"incomplete"}, f"entry {LAST + 1}"


def reordered(case: Case) -> Expected:
    index, rows = case.index, case.entries()
    other = case.chance.choice([i for i in range(FIRST, LAST + 1) if i != index])
    case.receipt = ("receipt", verifier.read_receipt(receipt_text(prove(Bundle(case.clean), index)), "receipt"))
    rows[index], rows[other] = rows[other], rows[index]
    case.rewrite(rows)
    return {"tree"}, "receipt"


def old_checkpoint(case: Case) -> Expected:
    before = (case.folder / "checkpoint").read_bytes()
    log = Log(case.folder)
    record(
        log, [{"kind": "seed", "seed": str(n)} for n in range(case.chance.randint(1, 300))], [sample_keys().authority]
    )
    log.checkpoint(ORIGIN, sample_keys().log)
    (case.folder / "checkpoint").write_bytes(before)
    return {"tree"}, ""


def wrong_key(case: Case) -> Expected:
    case.rewrite(case.entries(), key=case.chance.randbytes(32))
    return {"signature"}, "checkpoint"


def signed_by_a_stranger(case: Case) -> Expected:
    index, rows = case.index, case.entries()
    stranger = key_from("stranger", case.chance.randbytes(32))
    rows[index] = seal(body(rows[index]), (sample_keys().operators[0], stranger))
    case.rewrite(rows)
    return {"signature"}, f"entry {index}"


def signed_once(case: Case) -> Expected:
    index, rows = case.index, case.entries()
    rows[index] = seal(body(rows[index]), sample_keys().operators[:1])
    case.rewrite(rows)
    return {"signature"}, f"entry {index}"


def revoked_key(case: Case) -> Expected:
    last = case.chance.randint(FIRST, LAST - 1)
    keys = sample_keys()
    revocation = {"kind": "revocation", "key": case.chance.choice(keys.operators).id, "last": last}
    case.rewrite([*case.entries(), seal(revocation, keys.signing_roots)])
    return {"signature"}, f"entry {last + 1}"


def witness_missing(case: Case) -> Expected:
    text = f"log {sample_keys().log[0].vkey}\nwitness w {WITNESS.vkey}\nquorum w\n"
    case.policy = verifier.read_policy(text.encode(), "policy")
    return {"witness"}, "checkpoint"


def form_exchanged(case: Case) -> Expected:
    payload = body(case.entries()[4])
    path = case.folder / "file" / payload["file"]
    manifest = json.loads(path.read_bytes())
    manifest["contests"][0]["relations"].pop(case.chance.randrange(len(manifest["contests"][0]["relations"])))
    path.write_bytes(canonical(manifest))
    return {"tree"}, f"file/{payload['file']}"


def law_exchanged(case: Case) -> Expected:
    rows = case.entries()
    payload = body(rows[4])
    manifest = json.loads((case.folder / "file" / payload["file"]).read_bytes())
    manifest["law_digest"] = "sha256:" + case.chance.randbytes(32).hex()
    keys = sample_keys()
    log_name = Log(case.folder).keep_file(canonical(manifest))
    rows[4] = seal({"kind": "manifest", "file": log_name}, keys.signing_roots)
    data = (case.folder / "file" / log_name).read_bytes()
    case.rewrite(rows)
    Log(case.folder).keep_file(data)
    return {"seats"}, "manifest"


def files_of_the_case(case: Case) -> Expected:
    name = case.chance.choice(sorted(path.name for path in (case.folder / "file").iterdir()))
    case.flip(f"file/{name}")
    return {"tree"}, f"file/{name}"


def published(case: Case, change: Callable[[Any], None]) -> None:
    path = case.folder / "results.json"
    results = json.loads(path.read_bytes())
    change(results)
    path.write_bytes(canonical(results))


def published_totals(case: Case) -> Expected:
    unit, party = case.chance.choice(["", "east", "west"]), case.chance.choice(PARTIES)

    def change(results: Any) -> None:
        results["totals"]["list"][unit][party] += case.chance.randint(1, 9)

    published(case, change)
    return {"totals"}, f"unit {unit or 'all'}"


def published_seats(case: Case) -> Expected:
    one, other = case.chance.sample(PARTIES, 2)

    def change(results: Any) -> None:
        seats = results["seats"]["list"][""]
        seats[one], seats[other] = seats[one] + 1, max(seats[other] - 1, 0)

    published(case, change)
    return {"seats"}, "unit all"


def bytes_of_tiles(case: Case) -> Expected:
    case.flip(f"tile/0/000.p/{LAST + 1}")
    return {"tree"}, "checkpoint"


def bytes_of_the_checkpoint(case: Case) -> Expected:
    # What is signed; a signature line that nobody can attribute is passed over, as the specification wants.
    case.flip("checkpoint", case.chance.randrange((case.folder / "checkpoint").read_bytes().index(b"\n\n")))
    return {"signature", "tree", UNREADABLE}, ""


def two_histories(case: Case) -> Expected:
    index, rows = case.index, case.entries()
    payload = body(rows[index])
    payload["figures"]["@invalid"] += 1
    rows[index] = seal(payload, sample_keys().operators)
    case.rewrite(rows)
    views = Views(Bundle(case.clean), Bundle(case.folder))
    assert (views.consistent, views.first) == (False, index)
    return {"identities", "totals"}, ""


CHANGES: tuple[Callable[[Case], Expected], ...] = (
    figure_in_the_files, lengths_in_the_files, figure_with_a_new_tree, swap_signed_with_all_keys, dropped, doubled,
    reordered, old_checkpoint, wrong_key, signed_by_a_stranger, signed_once, revoked_key, witness_missing, form_exchanged,
    law_exchanged, files_of_the_case, published_totals, published_seats, bytes_of_tiles, bytes_of_the_checkpoint,
    two_histories,
)  # fmt: skip


def clean_log(folder: Path, seed: int = 1) -> Path:
    """Publish a clean log and return its folder."""
    return sample_log(folder, seed=seed)[0].folder


def findings(folder: Path, case: Case | None = None) -> list[tuple[str, str]]:
    """Return kind and place of everything that a verification finds; `unreadable` where it cannot be read."""
    receipts = [case.receipt] if case and case.receipt else []
    try:
        report = verifier.verify(folder, policy=case.policy if case else None, receipts=receipts, workers=0)
        check_seats(report, folder)
    except (RefusedError, ValueError) as error:
        return [(UNREADABLE, str(error))]
    return [(f.kind, f.place) for f in report.ordered()]


def unfound(clean: Path, folder: Path, seed: int) -> str:
    """Change a copy of a clean log by a seed, and say what was not found as it should be; nothing where it was."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(clean, folder)
    case = Case(clean, folder, Random(seed))
    change = CHANGES[seed % len(CHANGES)]
    kinds, place = change(case)
    seen = findings(folder, case)
    good = any(kind in kinds and (not place or where == place) for kind, where in seen)
    return "" if good else f"{change.__name__}: expected {'/'.join(sorted(kinds))} at {place}, found {seen[:3]}"
