"""Input made to break a verifier: one line of refusal, in bounded memory and time, and never anything else."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from integrity.sample import ORIGIN, sample_keys, sample_log
from sailau.integrity import verifier
from sailau.integrity.founding import record
from sailau.integrity.keys import canonical, key_from, seal
from sailau.integrity.log import Log, prove, receipt_text
from sailau.integrity.verifier import Bundle, RefusedError, read_policy, read_receipt


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    sample_log(folder)
    return folder / "log"


@pytest.fixture
def bundle(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "bundle"))


def zipped(folder: Path, path: Path) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for item in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")):
            packed.write(item, str(item.relative_to(folder)))
    return path.read_bytes()


def mutated(data: bytes, chance: Random) -> bytes:
    """Return bytes with a few of them exchanged, removed or repeated."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(changed))
        kind = chance.randrange(4)
        if kind == 0:
            changed[place] ^= 1 << chance.randrange(8)
        elif kind == 1:
            changed[place : place + 1] = chance.choice(
                (b"\xff", b"\0", b"9" * 30, "²".encode(), b"\n\n", b"+", b" ", b"")
            )
        elif kind == 2:
            del changed[place : place + chance.randint(1, 40)]
        else:
            changed[place:place] = changed[place : place + chance.randint(1, 40)]
        if not changed:
            return b"x"
    return bytes(changed)


def is_refused_or_read(read: Callable[[], Any]) -> bool:
    """Whether input is read, or refused in one line; whatever else is raised goes through."""
    try:
        read()
    except RefusedError as error:
        # Printing makes what cannot be printed a dot.
        return len(str(error)) < 400
    return True


@pytest.mark.parametrize("kind", ["policy", "receipt", "checkpoint"])
def test_any_bytes_of_small_files_are_read_or_refused(kind: str, bundle: Path) -> None:
    witness = key_from("w.example", b"w" * 32, "ml-dsa-44")
    policy = f"log {sample_keys().log[0].vkey} https://x\nwitness w {witness.vkey}\ngroup g 1 w\nquorum g\n".encode()
    receipt, note = receipt_text(prove(Bundle(bundle), 9)), (bundle / "checkpoint").read_bytes()
    known = read_policy(policy, "policy")

    def read(data: bytes) -> None:
        if kind == "policy":
            verifier.verify_receipt("r", read_receipt(receipt, "r"), read_policy(data, "policy"))
        elif kind == "receipt":
            verifier.verify_receipt("r", read_receipt(data, "r"), known)
        else:
            (bundle / "checkpoint").write_bytes(data)
            verifier.verify(bundle, policy=known, workers=0)

    plain = {"policy": policy, "receipt": receipt, "checkpoint": note}[kind]
    for seed in range(60 if kind == "checkpoint" else 400):
        data = mutated(plain, Random(seed))
        assert is_refused_or_read(lambda data=data: read(data)), seed


def test_any_bytes_of_an_archive_are_read_or_refused(made: Path, tmp_path: Path) -> None:
    plain = zipped(made, tmp_path / "b.zip")
    for seed in range(120):
        path = tmp_path / "changed.zip"
        path.write_bytes(mutated(plain, Random(seed)))
        assert is_refused_or_read(lambda path=path: verifier.verify(path, workers=0)), seed


def test_a_checkpoint_of_more_entries_than_files_can_hold_takes_no_time(bundle: Path) -> None:
    root = b64encode(b"r" * 32).decode()
    (bundle / "checkpoint").write_bytes(f"{ORIGIN}\n{10**14}\n{root}\n\n— o {b64encode(b'12345').decode()}\n".encode())
    with pytest.raises(RefusedError, match="tiles for it"):
        verifier.verify(bundle, workers=0)


def test_names_of_tiles_with_endless_numbers(bundle: Path) -> None:
    (bundle / "tile/entries/²").write_bytes(b"")
    (bundle / f"tile/entries/{'9' * 200}").write_bytes(b"")
    report = verifier.verify(bundle, workers=0)
    assert [(f.kind, f.code) for f in report.findings] == [("tree", "beyond-checkpoint")]


def manifest_of(bundle: Path) -> dict[str, Any]:
    rows = [json.loads(p.read_bytes()) for p in (bundle / "file").iterdir() if p.read_bytes()[:1] == b"{"]
    return next(row for row in rows if row.get("format") == "sailau-manifest/1")


@pytest.mark.parametrize(
    "change",
    [
        {"contests": 5},
        {"contests": [{"id": "list", "options": ["a"], "lines": [], "relations": [{"code": 1}]}]},
        {"contests": [{"id": "list", "options": [[]], "lines": [], "relations": []}]},
        {"units": [["east"]]},
        {"stations": {"a": 1}},
        {"stations": [{"id": "s", "parent": "", "contests": ["list"], "district": {"list": ["a"]}}]},
        {"signers": "x"},
        {"signers": 0},
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(bundle: Path, change: dict[str, Any]) -> None:
    log = Log(bundle)
    name = log.keep_file(canonical({**manifest_of(bundle), **change}))
    record(log, [{"kind": "manifest", "file": name}], sample_keys().signing_roots)
    log.checkpoint(ORIGIN, sample_keys().log)
    with pytest.raises(RefusedError, match=f"file/{name}"):
        verifier.verify(bundle, workers=0)


@pytest.mark.parametrize("terms", [[""], ["a:"], [5], [], ["@a", ""]])
def test_a_relation_between_nothing_is_refused(bundle: Path, terms: list[Any]) -> None:
    manifest = manifest_of(bundle)
    manifest["contests"][0]["relations"] = [{"code": "c", "left": terms, "sign": "=", "right": ["*"]}]
    test_a_manifest_that_makes_no_sense_is_refused(bundle, {"contests": manifest["contests"]})


def test_units_that_stand_above_one_another_end_the_sum(bundle: Path) -> None:
    manifest = manifest_of(bundle)
    for unit, above in zip(manifest["units"], manifest["units"][1:] + manifest["units"][:1], strict=True):
        unit["parent"] = above["id"]
    log = Log(bundle)
    record(log, [{"kind": "manifest", "file": log.keep_file(canonical(manifest))}], sample_keys().signing_roots)
    log.checkpoint(ORIGIN, sample_keys().log)
    assert verifier.verify(bundle, workers=0).verdict in ("totals", "good")


@pytest.mark.parametrize(
    "payload",
    [
        {"kind": "annulment", "index": [1]},
        {"kind": "annulment", "index": {"a": 1}},
        {"kind": "correction", "station": ["s"], "contest": {}, "figures": {}, "version": 1, "supersedes": []},
        {"kind": "missing", "station": None, "contest": 7, "reason": [1]},
        {"kind": "revocation", "key": [], "last": 1},
        {"kind": "key", "public": 5, "role": "station"},
        {"kind": "root", "keys": ["AA=="], "threshold": "1", "log": []},
        {"kind": "root", "keys": [b64encode(b"k" * 32).decode()], "threshold": 1, "log": 5},
        {"kind": "manifest", "file": ["x"]},
        {"kind": "protocol", "figures": {"a": -1}, "version": 1},
        {"kind": "protocol", "figures": {"a": True}, "version": 1},
    ],
)
def test_entries_with_values_of_another_kind(bundle: Path, payload: dict[str, Any]) -> None:
    keys, log = sample_keys(), Log(bundle)
    log.append([seal(payload, keys.signing_roots)])
    log.checkpoint(ORIGIN, keys.log)
    verdicts = []
    assert is_refused_or_read(lambda: verdicts.append(verifier.verify(bundle, workers=0).verdict))
    assert "good" not in verdicts


def test_a_station_with_a_protocol_cannot_be_named_as_missing(bundle: Path) -> None:
    keys, log = sample_keys(), Log(bundle)
    record(log, [{"kind": "missing", "station": "s00003", "contest": "list", "reason": "snow"}], keys.operators)
    log.checkpoint(ORIGIN, keys.log)
    report = verifier.verify(bundle, workers=0)
    assert [(f.kind, f.place, f.code) for f in report.findings] == [("incomplete", "entry 17", "twice")]
    assert not report.missing


def test_published_results_of_millions_of_empty_values_are_not_read(bundle: Path) -> None:
    many = b"[" + b"[]," * (verifier.MOST_VALUES // 2) + b"[]]"
    (bundle / "results.json").write_bytes(b'{"totals":' + many + b"}")
    with pytest.raises(RefusedError, match="too many values"):
        verifier.verify(bundle, workers=0)


def test_the_file_alone_ends_with_2_and_one_line(bundle: Path) -> None:
    (bundle / "checkpoint").write_bytes(b"\xff\x1b[31m\n" * 50)
    run = subprocess.run([sys.executable, "-I", verifier.__file__, bundle], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (2, "", 1)
    assert "\x1b" not in run.stderr
    assert len(run.stderr) <= 201
