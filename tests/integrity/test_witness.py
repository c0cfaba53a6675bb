"""Witnesses: as processes on this machine and by files; they sign what continues, and never two histories."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path

import pytest

from integrity.sample import ORIGIN, sample_keys
from sailau.cli.app import run
from sailau.integrity import verifier
from sailau.integrity.founding import record
from sailau.integrity.keys import key_from, seal, write_key
from sailau.integrity.log import Log, consistency, published
from sailau.integrity.verifier import Bundle, RefusedError
from sailau.integrity.witness import LogWitness, Unwilling, ask, read_lines, read_request, request_of, sign_files

ROOT = Path(__file__).resolve().parents[2]
LOG = sample_keys().log[0].vkey
KEY = key_from("paper.example", b"p" * 32, "cosignature")


def a_log(folder: Path, numbers: range, odd: int = -1) -> Log:
    log = Log.create(folder)
    grow(log, numbers, odd)
    return log


def grow(log: Log, numbers: range, odd: int = -1) -> None:
    keys = sample_keys()
    log.append([seal({"kind": "seed", "n": n if n != odd else 1000}, [keys.authority]) for n in numbers])
    log.checkpoint(ORIGIN, keys.log)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    key = write_key(KEY, tmp_path / "paper.key")
    process = subprocess.Popen(
        [sys.executable, "-m", "sailau", "witness", "serve", "--key", key, "--log", str(LOG), "--state", tmp_path / "seen",
         "--port", "0"],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(30)


def test_a_witness_over_http_signs_what_continues_and_no_other_history(address: str, tmp_path: Path) -> None:
    log = a_log(tmp_path / "log", range(5))
    log.cosign(read_lines(ask(address, Bundle(log.folder)), "w"))
    assert str(KEY.vkey) in verifier.signers(published(Bundle(log.folder)), [KEY.vkey])
    grow(log, range(5, 300))
    log.cosign(read_lines(ask(address, Bundle(log.folder)), "w"))
    assert len(published(Bundle(log.folder)).lines) == 3
    other = a_log(tmp_path / "other", range(400), odd=2)
    with pytest.raises(Unwilling) as refusal:
        ask(address, Bundle(other.folder))
    assert refusal.value.status == 422
    old = a_log(tmp_path / "old", range(5))
    with pytest.raises(Unwilling) as refusal:
        ask(address, Bundle(old.folder))
    assert (refusal.value.status, refusal.value.size) == (409, 300)


def test_every_answer_of_the_specification(address: str, tmp_path: Path) -> None:
    log = a_log(tmp_path / "log", range(9))
    bundle = Bundle(log.folder)
    now = published(bundle)

    def asked(body: bytes) -> tuple[int, bytes]:
        connection = HTTPConnection(address.removeprefix("http://").rstrip("/"), timeout=30)
        connection.request("POST", "/add-checkpoint", body)
        answer = connection.getresponse()
        return answer.status, answer.read()

    stranger = verifier.Checkpoint(now.text.replace(ORIGIN.encode(), b"other.log"), now.lines, "other.log", 9, now.root)
    unsigned = verifier.Checkpoint(now.text, (now.lines[1],), ORIGIN, 9, now.root)
    forged = verifier.Checkpoint(now.text, ((ORIGIN, now.lines[0][1], bytes(64)),), ORIGIN, 9, now.root)
    assert asked(b"nonsense")[0] == 400
    assert asked(request_of(0, [], stranger))[0] == 404
    assert asked(request_of(0, [], unsigned))[0] == asked(request_of(0, [], forged))[0] == 403
    assert asked(request_of(10, [], now))[0] == 400
    assert asked(request_of(3, consistency(bundle, 3, 9), now)) == (409, b"0\n")
    assert asked(request_of(0, [bytes(32)], now))[0] == 422
    status, line = asked(request_of(0, [], now))
    assert (status, line[:16]) == (200, "— paper.example ".encode()[:16])
    connection = HTTPConnection(address.removeprefix("http://").rstrip("/"), timeout=30)
    connection.request("GET", f"/{sha256(ORIGIN.encode()).hexdigest()}/checkpoint")
    kept = connection.getresponse().read()
    assert kept.startswith(now.text)
    assert kept.endswith(line)


@pytest.mark.parametrize("length", ["-1", "1e3", "\xb2", "9" * 30, ""])
def test_a_length_that_is_none_is_refused(length: str, address: str) -> None:
    connection = HTTPConnection(address.removeprefix("http://").rstrip("/"), timeout=30)
    connection.putrequest("POST", "/add-checkpoint")
    connection.putheader("Content-Length", length.encode("latin-1"))
    connection.endheaders()
    assert connection.getresponse().status == 413


def test_a_witness_by_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = a_log(tmp_path / "log", range(5))
    key, out = write_key(KEY, tmp_path / "paper.key"), tmp_path / "paper.txt"
    asked = ["--key", str(key), "--log", str(LOG), "--state", str(tmp_path / "seen"), "--signature", str(out)]
    assert run(["witness", "sign", str(log.folder), *asked]) == 0
    assert run(["log", "cosign", str(log.folder), str(out)]) == 0
    assert str(KEY.vkey) in verifier.signers(published(Bundle(log.folder)), [KEY.vkey])
    record(log, [{"kind": "seed", "n": 5}], [sample_keys().authority])
    other = a_log(tmp_path / "other", range(7), odd=0)
    capsys.readouterr()
    assert run(["witness", "sign", str(other.folder), *asked]) == 1
    assert capsys.readouterr().out.startswith("witness: This log does not continue the one of 5 entries")


def test_what_is_remembered_is_written_before_anything_is_signed(tmp_path: Path) -> None:
    log = a_log(tmp_path / "log", range(5))
    (tmp_path / "seen").write_text("no folder", encoding="utf-8")
    with pytest.raises(OSError, match=r"exists|directory"):
        sign_files(LogWitness(KEY, (LOG,), tmp_path / "seen"), Bundle(log.folder), 1)


def test_a_key_of_notes_is_none_of_a_witness(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="key of a witness"):
        LogWitness(key_from("paper.example", b"p" * 32), (LOG,), tmp_path)


@pytest.mark.parametrize(
    "body", [b"", b"old x\n\n", b"old 1\n" + b"eA==\n" * 64 + b"\nx", b"old 01234567890123456\n\nx"]
)
def test_requests_that_cannot_be_read(body: bytes) -> None:
    with pytest.raises(RefusedError):
        read_request(body)
