"""The log: only ever added to, by several writers, through kill -9; tiles, receipts and views as the specifications say."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from integrity.sample import ORIGIN, sample_keys, sample_log, write_election
from sailau.cli.app import run
from sailau.integrity import merkle_root, verifier
from sailau.integrity.founding import record
from sailau.integrity.keys import canonical, key_from, make_key, read_signer, seal, write_key
from sailau.integrity.log import Log, Views, paper_text, prove, published, read_entries, receipt_text, watch
from sailau.integrity.verifier import Bundle, RefusedError

ROOT = Path(__file__).resolve().parents[2]


def small(number: int) -> bytes:
    return canonical({"n": number})


def test_a_log_grows_over_many_checkpoints_as_if_it_were_written_at_once(tmp_path: Path) -> None:
    log, keys = Log.create(tmp_path / "log"), sample_keys().log
    entries = [small(n) for n in range(700)]
    for start, end in ((0, 1), (1, 200), (200, 256), (256, 257), (257, 700)):
        assert log.append(entries[start:end]) == range(start, end)
        made = log.checkpoint(ORIGIN, keys)
        assert (made.size, made.root) == (end, merkle_root(entries[:end]))
    bundle = Bundle(tmp_path / "log")
    assert [entry for _, entry in read_entries(bundle, 0, 700)] == entries
    tiles = sorted(name for name in bundle.members if name.startswith("tile/"))
    assert tiles == sorted(
        [verifier.tile_name(*tile) for tile in verifier.tile_widths(700)]
        + [verifier.tile_name("entries", n, w) for n, w in ((0, 256), (1, 256), (2, 188))]
    )


def test_what_was_appended_is_there_after_a_writer_was_killed(tmp_path: Path) -> None:
    """A writer is killed in the middle of writing; the torn end goes, everything that was acknowledged stays."""
    Log.create(tmp_path / "log")
    program = (
        "import sys; from pathlib import Path; from sailau.integrity.log import Log\n"
        "log = Log(Path(sys.argv[1]))\n"
        "while True:\n"
        "    print(log.append([b'{\"x\":\"' + b'y' * 20000 + b'\"}'] * 3).stop, flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, tmp_path / "log"],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert process.stdout is not None
    acknowledged = [int(process.stdout.readline()) for _ in range(4)][-1]
    process.send_signal(signal.SIGKILL)
    process.wait()
    acknowledged = max([acknowledged, *(int(line) for line in process.stdout if line.endswith("\n"))])
    log = Log(tmp_path / "log")
    journal = tmp_path / "log" / ".journal"
    journal.write_bytes(journal.read_bytes() + b"\x4e\x20torn")
    first = log.append([b"{}"])
    assert first.start >= acknowledged
    assert first.start % 3 == 0
    assert log.checkpoint(ORIGIN, sample_keys().log).size == first.stop


def test_several_writers_lose_nothing(tmp_path: Path) -> None:
    Log.create(tmp_path / "log")
    program = (
        "import sys; from pathlib import Path; from sailau.integrity.log import Log\n"
        'for n in range(25): Log(Path(sys.argv[1])).append([f\'{{"w":{sys.argv[2]},"n":{n}}}\'.encode()])\n'
    )
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", program, tmp_path / "log", str(n)],
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        )
        for n in range(3)
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    log = Log(tmp_path / "log")
    assert log.checkpoint(ORIGIN, sample_keys().log).size == 75
    rows = [json.loads(entry) for _, entry in read_entries(Bundle(tmp_path / "log"), 0, 75)]
    assert sorted((row["w"], row["n"]) for row in rows) == [(w, n) for w in range(3) for n in range(25)]
    assert all([r["n"] for r in rows if r["w"] == w] == list(range(25)) for w in range(3))


def test_a_checkpoint_that_was_cut_short_is_done_again(tmp_path: Path) -> None:
    log, keys = Log.create(tmp_path / "log"), sample_keys().log
    log.append([small(n) for n in range(300)])
    journal = (tmp_path / "log" / ".journal").read_bytes()
    log.checkpoint(ORIGIN, keys)
    (tmp_path / "log" / ".journal").write_bytes(journal)  # killed after the checkpoint, before the journal was emptied
    assert log.append([small(300)]) == range(300, 301)
    assert log.checkpoint(ORIGIN, keys).root == merkle_root([small(n) for n in range(301)])


def test_entries_that_no_tile_can_hold_are_refused(tmp_path: Path) -> None:
    log = Log.create(tmp_path / "log")
    for entry in (b"", b"x" * 65_536):
        with pytest.raises(RefusedError):
            log.append([small(1), entry])
    assert log.pending() == 0
    with pytest.raises(RefusedError, match="at most 65535"):
        seal({"kind": "seed", "seed": "x" * 60_000}, [])
    with pytest.raises(RefusedError):
        seal({"kind": "seed", "seed": 0.5}, [])


def test_private_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    key = make_key("paper.example", "ml-dsa-44")
    path = write_key(key, tmp_path / "keys" / "k")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_signer(path).public == key.public
    assert "PRIVATE" not in repr(key)
    with pytest.raises(FileExistsError):
        write_key(key, path)
    path.chmod(0o640)
    with pytest.raises(RefusedError, match="640"):
        read_signer(path)


def test_a_receipt_is_a_proof_file(tmp_path: Path) -> None:
    log, _, _ = sample_log(tmp_path)
    bundle = Bundle(log.folder)
    text = receipt_text(prove(bundle, 9))
    assert text.startswith(b"c2sp.org/tlog-proof@v1\nextra ")
    receipt = verifier.read_receipt(text, "r")
    policy = verifier.read_policy(
        f"log {sample_keys().log[0].vkey}\nwitness w {sample_keys().log[1].vkey}\nquorum w\n".encode(), "p"
    )
    assert verifier.verify_receipt("r", receipt, policy).verdict == "good"
    other = verifier.Receipt(receipt.entry, 10, receipt.path, receipt.checkpoint)
    assert verifier.verify_receipt("r", other, policy).verdict == "tree"
    with pytest.raises(RefusedError, match="0 to 16"):
        prove(bundle, 17)
    for broken in (b"", text.replace(b"index 9", b"index x"), text.replace(b"proof@v1", b"proof@v9")):
        with pytest.raises(RefusedError):
            verifier.read_receipt(broken, "r")


def test_two_views_are_one_log_or_show_where_they_part(tmp_path: Path) -> None:
    keys = sample_keys()
    one, other = Log.create(tmp_path / "one"), Log.create(tmp_path / "other")
    for log, odd in ((one, 7), (other, 8)):
        log.append([seal({"kind": "seed", "n": n if n != 5 else odd}, [keys.authority]) for n in range(9)])
        log.checkpoint(ORIGIN, keys.log)
    views = Views(Bundle(one.folder), Bundle(other.folder))
    assert (views.consistent, views.first) == (False, 5)
    assert len(views.to_json()["entries"]) == 2  # type: ignore[arg-type]
    copy = Bundle(one.folder)
    before = published(copy)
    state = tmp_path / "state"
    assert watch(copy, state)[2]
    assert not watch(Bundle(other.folder), state)[2]
    assert state.read_bytes() == before.note()
    record(one, [{"kind": "seed", "n": 9}], [keys.authority])
    one.checkpoint(ORIGIN, keys.log)
    assert watch(Bundle(one.folder), state) == (9, published(Bundle(one.folder)), True)


# ---------------------------------------------------------------- the commands


def test_a_log_from_its_founding_to_its_verification(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case, log, keys = str(write_election(tmp_path / "case")), str(tmp_path / "log"), str(tmp_path / "keys")
    assert run(["log", "init", log, "--case", case, "--origin", ORIGIN, "--keys", keys]) == 0
    assert run(["log", "append", log, "--keys", keys, "--case", case]) == 0
    assert run(["log", "checkpoint", log, "--keys", keys, "--results", case]) == 0
    capsys.readouterr()
    assert run(["verify", log]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("good: Everything that was checked is in order.\n")
    assert "elected persons" in shown
    assert run(["verify", log, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["done"][-2:] == ["totals", "seats"]
    results = tmp_path / "log" / "results.json"
    data = json.loads(results.read_bytes())
    data["totals"]["list"][""]["alma"] += 1
    results.write_bytes(canonical(data))
    assert run(["verify", log, "--lang", "kk"]) == 1
    assert capsys.readouterr().out.startswith("totals: Жарияланған қорытындылар")


def test_corrections_come_as_lines_of_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case, log, keys = str(write_election(tmp_path / "case")), str(tmp_path / "log"), str(tmp_path / "keys")
    run(["log", "init", log, "--case", case, "--origin", ORIGIN, "--keys", keys])
    run(["log", "append", log, "--keys", keys, "--case", case])
    capsys.readouterr()
    lines = tmp_path / "entries"
    for text in ('{"kind":"nonsense"}', "[]", "no JSON", '{"kind":"seed","seed":1.5}'):
        lines.write_text(text + "\n", encoding="utf-8")
        assert run(["log", "append", log, "--keys", keys, "--entries", str(lines)]) == 2, text
        capsys.readouterr()
    lines.write_text('{"kind":"missing","station":"s00001","contest":"list","reason":"burnt"}\n', encoding="utf-8")
    assert run(["log", "append", log, "--keys", keys, "--entries", str(lines)]) == 0


def test_keys_never_lie_in_the_log_that_is_published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case, log = str(write_election(tmp_path / "case")), tmp_path / "log"
    assert run(["log", "init", str(log), "--case", case, "--origin", ORIGIN, "--keys", str(log / "keys")]) == 2
    assert "outside the log" in capsys.readouterr().err
    assert not log.exists()


def test_a_key_of_another_cannot_sign_a_checkpoint(tmp_path: Path) -> None:
    log, _, _ = sample_log(tmp_path)
    before = published(Bundle(log.folder))
    other = key_from(ORIGIN, b"o" * 32)
    assert verifier.signers(before, [other.vkey]) == {}


def test_the_page_of_the_format_gives_its_test_vector() -> None:
    page = (ROOT / "docs" / "reference" / "log-format.md").read_text(encoding="utf-8")
    key = key_from("x", b"\x01" * 32)
    entry = seal({"kind": "seed", "seed": "31415"}, [key])
    leaf = verifier.leaf_hash(entry)
    for text in (
        key.id,
        entry.decode(),
        leaf.hex(),
        merkle_root([entry, entry]).hex(),
        f"DSSEv1 {len(verifier.PAYLOAD)} ",
    ):
        assert text in page
    kinds = (*verifier.BY_ROOT, *verifier.BY_STATION, *verifier.BY_AUTHORITY, *verifier.KINDS)
    assert [kind for kind in kinds if f"`{kind}`" not in page] == []


# ---------------------------------------------------------------- receipts on paper


def test_a_protocol_carries_its_receipt_as_a_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log, _, _ = sample_log(tmp_path)
    folder, code, paper = str(log.folder), tmp_path / "code.txt", tmp_path / "p.pdf"
    assert run(["log", "prove", folder, "9", "--code", str(code), "--paper", str(paper)]) == 0
    assert paper.read_bytes().startswith(b"%PDF")
    text = code.read_text(encoding="utf-8")
    assert len(text.encode()) < 1200, "a telephone reads it"
    assert text.count("\n— ") == 1, "the Ed25519 signature alone"
    assert run(["verify", folder, "--receipt", str(code)]) == 0
    # The same from Python, without the program.
    receipt = verifier.read_receipt(text.encode(), "code")
    assert (receipt.index, receipt.paper[:2]) == (9, ("s00004", "list"))
    assert verifier.verify(log.folder, receipts=[("code", receipt)], workers=0).verdict == "good"
    capsys.readouterr()
    assert run(["log", "prove", folder, "0", "--code", str(code)]) == 2
    assert "a protocol or a correction" in capsys.readouterr().err
    assert run(["log", "prove", folder, "9"]) == 2


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ('"alma":', '"alma":1', "figures-differ"),
        ("s00004", "s00005", "figures-differ"),
        ('"index":9', '"index":10', "history-differs"),
        ('"index":9', '"index":99', "history-differs"),
        ('"index":9', '"index":-1', "history-differs"),
        ("\n17\n", "\n16\n", "bad-signature"),
    ],
)
def test_a_code_that_was_changed_is_found(before: str, after: str, found: str, tmp_path: Path) -> None:
    log, _, _ = sample_log(tmp_path)
    text = paper_text(prove(Bundle(log.folder), 9))
    assert before in text
    receipt = verifier.read_receipt(text.replace(before, after).encode(), "code")
    report = verifier.verify(log.folder, receipts=[("code", receipt)], workers=0)
    assert [f.code for f in report.findings] == [found]


def test_a_code_from_paper_needs_the_log_and_the_right_form(tmp_path: Path) -> None:
    log, _, keys = sample_log(tmp_path)
    text = paper_text(prove(Bundle(log.folder), 9))
    witness = key_from("w.example", b"w" * 32, "cosignature")
    policy = verifier.read_policy(f"log {keys.log[0].vkey}\nwitness w {witness.vkey}\nquorum w\n".encode(), "p")
    with pytest.raises(RefusedError, match="with a bundle"):
        verifier.verify_receipt("code", verifier.read_receipt(text.encode(), "code"), policy)
    for broken in (
        text.replace('"index":9,', ""),
        text.replace('"index":9', '"index":9.5'),
        text.split("\n")[0] + "\n5\n\nx",
    ):
        with pytest.raises(RefusedError):
            verifier.read_receipt(broken.encode(), "code")
