"""A bundle written by hand from docs/reference/log-format.md, with nothing of the program, is good; and it is not lax."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

VERIFIER = Path(__file__).resolve().parents[2] / "src/sailau/integrity/verifier.py"
ORIGIN = "hand.example/2024"
TYPE = "application/vnd.sailau.entry+json"
STATIONS = 300


def key(number: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def public(one: Ed25519PrivateKey) -> bytes:
    return one.public_key().public_bytes_raw()


ROOT, LOG, FIRST, SECOND = (key(n) for n in (1, 2, 3, 4))


def text(data: bytes) -> str:
    return b64encode(data).decode()


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def entry(payload: dict[str, Any], *signers: Ed25519PrivateKey) -> bytes:
    body = canonical(payload)
    message = b"DSSEv1 %d %s %d %s" % (len(TYPE), TYPE.encode(), len(body), body)
    signatures = [{"keyid": sha256(public(s)).hexdigest()[:32], "sig": text(s.sign(message))} for s in signers]
    return canonical({"payload": text(body), "payloadType": TYPE, "signatures": signatures})


def verifier_key() -> str:
    kind = b"\x01" + public(LOG)
    mark = sha256(ORIGIN.encode() + b"\n" + kind).hexdigest()[:8]
    return f"{ORIGIN}+{mark}+{text(kind)}"


def root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\x01" + root(leaves[:split]) + root(leaves[split:])).digest()


def protocol(number: int) -> dict[str, Any]:
    figures = {"a": 100 + number, "b": 7 * number, "@valid": 100 + 8 * number, "@cast": 101 + 8 * number}
    return {"kind": "protocol", "station": f"s{number}", "contest": "list", "version": 1, "figures": figures}


def write(folder: Path, change: Callable[[list[dict[str, Any]], dict[str, Any]], None] = lambda p, r: None) -> Path:
    manifest = canonical(
        {
            "contests": [{
                "id": "list", "lines": ["@cast", "@valid"], "options": ["a", "b"],
                "relations": [{"code": "valid", "left": ["@valid"], "sign": "=", "right": ["*"]},
                              {"code": "cast", "left": ["@valid"], "sign": "<=", "right": ["@cast"]}],
            }],
            "signers": 2,
            "stations": [{"id": f"s{n}", "parent": "north" if n % 3 else "south", "contests": ["list"]} for n in range(STATIONS)],
            "units": [{"id": "north", "parent": "", "level": "region"}, {"id": "south", "parent": "", "level": "region"}],
        }
    )  # fmt: skip
    protocols = [protocol(n) for n in range(STATIONS)]
    sums: dict[str, dict[str, int]] = {}
    for n, one in enumerate(protocols):
        for unit in ("", "north" if n % 3 else "south"):
            for line, number in one["figures"].items():
                sums.setdefault(unit, {})[line] = sums.get(unit, {}).get(line, 0) + number
    results = {"totals": {"list": sums}}
    change(protocols, results)
    entries = [
        entry({"kind": "root", "keys": [text(public(ROOT))], "threshold": 1, "log": [verifier_key()]}, ROOT),
        *(entry({"kind": "key", "public": text(public(k)), "role": "commission"}, ROOT) for k in (FIRST, SECOND)),
        entry({"kind": "manifest", "file": sha256(manifest).hexdigest()}, ROOT),
        *(entry(one, FIRST, SECOND) for one in protocols),
    ]
    leaves = [sha256(b"\x00" + one).digest() for one in entries]
    files = {
        f"file/{sha256(manifest).hexdigest()}": manifest,
        "results.json": canonical(results),
        "tile/0/000": b"".join(leaves[:256]),
        f"tile/0/001.p/{len(leaves) - 256}": b"".join(leaves[256:]),
        "tile/1/000.p/1": root(leaves[:256]),
        "tile/entries/000": b"".join(len(e).to_bytes(2, "big") + e for e in entries[:256]),
        f"tile/entries/001.p/{len(leaves) - 256}": b"".join(len(e).to_bytes(2, "big") + e for e in entries[256:]),
    }
    note = f"{ORIGIN}\n{len(leaves)}\n{text(root(leaves))}\n"
    signature = bytes.fromhex(verifier_key().split("+")[1]) + LOG.sign(note.encode())
    files["checkpoint"] = f"{note}\n— {ORIGIN} {text(signature)}\n".encode()
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def verdict(folder: Path) -> tuple[int, str]:
    run = subprocess.run(
        [sys.executable, "-I", VERIFIER, folder, "--json"], capture_output=True, text=True, check=False
    )
    assert not run.stderr
    return run.returncode, json.loads(run.stdout)["verdict"]


def test_a_bundle_written_by_hand_is_good(tmp_path: Path) -> None:
    assert verdict(write(tmp_path)) == (0, "good")


def lost(protocols: list[dict[str, Any]], _: dict[str, Any]) -> None:
    protocols[280] = protocols[279]


def broken(protocols: list[dict[str, Any]], _: dict[str, Any]) -> None:
    protocols[280]["figures"]["@valid"] += 1


def wrong_total(_: list[dict[str, Any]], results: dict[str, Any]) -> None:
    results["totals"]["list"]["south"]["a"] += 1


@pytest.mark.parametrize(("change", "kind"), [(lost, "incomplete"), (broken, "identities"), (wrong_total, "totals")])
def test_what_is_wrong_in_it_is_found(change: Any, kind: str, tmp_path: Path) -> None:
    assert verdict(write(tmp_path, change)) == (1, kind)
