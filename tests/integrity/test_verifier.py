"""The verifier: a clean bundle is good, every change is found with its kind and place, broken input is one line."""

from __future__ import annotations

import ast
import json
import shutil
import stat
import subprocess
import sys
import tarfile
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from integrity.sample import ORIGIN, sample_keys, sample_log
from sailau.integrity import verifier
from sailau.integrity.founding import record
from sailau.integrity.keys import canonical, key_from, seal
from sailau.integrity.log import Log, prove, published, receipt_text
from sailau.integrity.recount import check_seats
from sailau.integrity.verifier import Bundle, RefusedError, read_checkpoint, read_key, read_policy, signers

FILE = Path(verifier.__file__)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    sample_log(folder)
    return folder / "log"


@pytest.fixture
def bundle(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "bundle"))


def kinds(path: Path, **asked: Any) -> list[tuple[str, str, str]]:
    report = verifier.verify(path, workers=0, **asked)
    check_seats(report, path)
    return [(f.kind, f.place, f.code) for f in report.ordered()]


def change_json(path: Path, change: Callable[[Any], None]) -> None:
    data = json.loads(path.read_bytes())
    change(data)
    path.write_bytes(canonical(data))


def rewritten(bundle: Path, change: Callable[[list[bytes]], list[bytes]], *, sign: bool = True) -> None:
    """Rewrite the history of a bundle as an intruder with the log's key (or without) would."""
    entries = [entry for _, entry in verifier_entries(bundle)]
    keep = {name: (bundle / name).read_bytes() for name in ("results.json",)}
    files = {path.name: path.read_bytes() for path in (bundle / "file").iterdir()}
    shutil.rmtree(bundle)
    log = Log.create(bundle)
    log.append(change(entries))
    for data in files.values():
        log.keep_file(data)
    for name, data in keep.items():
        (bundle / name).write_bytes(data)
    keys = sample_keys() if sign else None
    log.checkpoint(ORIGIN, keys.log if keys else (key_from(ORIGIN, b"x" * 32),))


def verifier_entries(bundle: Path) -> Iterator[tuple[int, bytes]]:
    from sailau.integrity.log import read_entries

    yield from read_entries(Bundle(bundle), 0, published(Bundle(bundle)).size)


def with_figures(entry: bytes, change: Callable[[dict[str, int]], None]) -> bytes:
    """Return an entry with other figures under the old signatures."""
    envelope = json.loads(entry)
    payload = json.loads(b64decode(envelope["payload"]))
    change(payload["figures"])
    envelope["payload"] = b64encode(canonical(payload)).decode()
    return canonical(envelope)


def test_a_clean_bundle_is_good_as_folder_tar_and_zip(bundle: Path, tmp_path: Path) -> None:
    assert kinds(bundle) == []
    with tarfile.open(tmp_path / "b.tar", "w") as tar, zipfile.ZipFile(tmp_path / "b.zip", "w") as packed:
        for path in sorted(p for p in bundle.rglob("*") if p.is_file() and not p.name.startswith(".")):
            tar.add(path, str(path.relative_to(bundle)))
            packed.write(path, str(path.relative_to(bundle)))
    assert kinds(tmp_path / "b.tar") == kinds(tmp_path / "b.zip") == []


def test_it_runs_alone_and_says_what_was_not_checked(bundle: Path, tmp_path: Path) -> None:
    alone = tmp_path / "verifier.py"
    shutil.copy(FILE, alone)
    run = subprocess.run([sys.executable, "-I", alone, bundle], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith(f"good: {ORIGIN}, 17 entries, 12 protocols\nchecked: structure, tree, signatures")
    assert "not here: seats" in run.stdout
    change_json(bundle / "results.json", lambda r: r["totals"]["list"]["east"].update(alma=1))
    run = subprocess.run([sys.executable, "-I", alone, bundle, "--json"], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert json.loads(run.stdout)["kind"] == "totals"


def test_it_is_one_file_of_1200_lines_that_needs_three_modules() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 1200
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).partition(".")[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported - sys.stdlib_module_names == {"cryptography", "rfc8785"}


# ---------------------------------------------------------------- changes


def test_a_figure_changed_in_the_files_is_found_at_its_entry(bundle: Path) -> None:
    path = next((bundle / "tile/entries").rglob("17"))
    data = path.read_bytes()
    rows = verifier.split_entries(data) or []
    place = sum(len(row) + 2 for row in rows[:9]) + 40
    path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    assert ("tree", "entry 9", "leaf-differs") in kinds(bundle)


def test_a_figure_changed_with_a_new_tree_needs_the_keys_of_those_who_signed(bundle: Path) -> None:
    def swap(figures: dict[str, int]) -> None:
        figures["alma"], figures["bulak"] = figures["bulak"], figures["alma"]

    rewritten(bundle, lambda rows: [*rows[:9], with_figures(rows[9], swap), *rows[10:]])
    found = kinds(bundle)
    assert found[0] == ("signature", "entry 9", "bad-signature")
    assert ("totals", "unit all", "differs") in found


def test_a_swap_between_lists_signed_with_the_keys_is_found_in_totals_and_seats(bundle: Path) -> None:
    def changed(rows: list[bytes]) -> list[bytes]:
        payload = json.loads(b64decode(json.loads(rows[9])["payload"]))
        figures = payload["figures"]
        figures["alma"], figures["bulak"] = figures["bulak"], figures["alma"]
        return [*rows[:9], seal(payload, sample_keys().operators), *rows[10:]]

    rewritten(bundle, changed)
    assert {kind for kind, _, _ in kinds(bundle)} == {"totals", "seats"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda rows: [*rows[:8], *rows[9:]], ("incomplete", "station s00003", "no-protocol")),
        (lambda rows: [*rows, rows[8]], ("incomplete", "entry 17", "twice")),
    ],
)
def test_an_entry_dropped_or_doubled_by_the_log_itself(
    bundle: Path, change: Any, expected: tuple[str, str, str]
) -> None:
    rewritten(bundle, change)
    assert expected in kinds(bundle)


def test_a_new_history_is_found_by_whoever_has_a_receipt(bundle: Path) -> None:
    receipt = verifier.read_receipt(receipt_text(prove(Bundle(bundle), 10)), "r")
    assert kinds(bundle, receipts=[("r", receipt)]) == []
    rewritten(bundle, lambda rows: [*rows[:10], rows[11], rows[10], *rows[12:]])
    assert kinds(bundle) == []
    assert kinds(bundle, receipts=[("r", receipt)]) == [("tree", "r", "history-differs")]


def test_a_checkpoint_that_another_key_signed(bundle: Path) -> None:
    rewritten(bundle, lambda rows: rows, sign=False)
    assert kinds(bundle)[0] == ("signature", "checkpoint", "not-signed-by-log")


def test_an_old_checkpoint_does_not_hide_newer_entries(bundle: Path, made: Path) -> None:
    old = (bundle / "checkpoint").read_bytes()
    log = Log(bundle)
    record(log, [{"kind": "seed", "seed": "31415"}], [sample_keys().authority])
    log.checkpoint(ORIGIN, sample_keys().log)
    assert kinds(bundle) == []
    (bundle / "checkpoint").write_bytes(old)
    assert kinds(bundle)[0][0] == "tree"
    assert any(code == "beyond-checkpoint" for _, _, code in kinds(bundle))


def test_bytes_of_tiles_files_and_checkpoint(bundle: Path) -> None:
    def flipped(path: Path, place: int) -> list[tuple[str, str, str]]:
        data = path.read_bytes()
        path.write_bytes(data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :])
        found = kinds(bundle)
        path.write_bytes(data)
        return found

    tile = bundle / "tile/0/000.p/17"
    assert flipped(tile, 5 * 32 + 7)[0] == ("tree", "checkpoint", "root-differs")
    manifest = max((bundle / "file").iterdir(), key=lambda path: path.stat().st_size)
    assert flipped(manifest, 3)[0][0::2] == ("tree", "file-differs")
    note = (bundle / "checkpoint").read_bytes()
    assert flipped(bundle / "checkpoint", note.index(b"\n17\n") + 2)[0][0] in ("signature", "tree")
    now = read_checkpoint(note, "checkpoint")
    name, mark, signature = now.lines[0]
    forged = ((name, mark, bytes([signature[0] ^ 4]) + signature[1:]), *now.lines[1:])
    other = verifier.Checkpoint(now.text, forged, now.origin, now.size, now.root)
    (bundle / "checkpoint").write_bytes(other.note())
    assert kinds(bundle)[0] == ("signature", "checkpoint", "bad-signature")


def test_published_totals_seats_and_persons(bundle: Path) -> None:
    def add(results: Any) -> None:
        results["seats"]["list"][""]["alma"] += 1

    change_json(bundle / "results.json", add)
    assert kinds(bundle) == [("seats", "unit all", "differs")]
    change_json(bundle / "results.json", lambda r: (r["seats"]["list"][""].update(alma=r["seats"]["list"][""]["alma"] - 1),
                                                    r["elected"].pop()))  # fmt: skip
    assert kinds(bundle) == [("seats", "all", "elected-differ")]
    change_json(bundle / "results.json", lambda r: r["totals"]["list"]["west"].update({"@cast": 3}))
    assert ("totals", "unit west", "differs") in kinds(bundle)


def test_a_revoked_key_counts_up_to_its_last_good_entry(bundle: Path) -> None:
    keys, log = sample_keys(), Log(bundle)
    revoked = {"kind": "revocation", "key": keys.operators[0].id, "last": 14}
    record(log, [revoked], keys.signing_roots)
    log.checkpoint(ORIGIN, keys.log)
    assert kinds(bundle) == [("signature", "entry 15", "revoked-key"), ("signature", "entry 16", "revoked-key")]


def test_corrections_annulments_and_stations_named_as_missing(bundle: Path) -> None:
    keys, log = sample_keys(), Log(bundle)
    rows = [json.loads(b64decode(json.loads(e)["payload"])) for _, e in verifier_entries(bundle)]
    right = {**rows[9], "kind": "correction", "version": 2, "supersedes": 9, "reason": "copied from the wrong line"}
    right["figures"] = {**right["figures"], "@cast": right["figures"]["@cast"] + 1}
    wrong = {**right, "supersedes": 8, "version": 3}
    record(log, [right], keys.operators)
    record(log, [{"kind": "annulment", "index": 10, "decision": "court, 30 August"}], [keys.authority])
    log.checkpoint(ORIGIN, keys.log)
    found = kinds(bundle)
    assert ("identities", "entry 17", "relation") in found
    assert not [row for row in found if row[0] == "incomplete"]
    report = verifier.verify(bundle, workers=0)
    assert report.missing == {("s00005", "list"): "court, 30 August"}
    record(log, [wrong], keys.operators)
    log.checkpoint(ORIGIN, keys.log)
    assert ("incomplete", "entry 19", "supersedes-another") in kinds(bundle)


def test_relations_are_those_of_the_law_and_of_other_contests() -> None:
    contest = {
        "id": "list",
        "options": ["a", "b"],
        "relations": [
            {"code": "valid", "left": ["@valid"], "sign": "=", "right": ["*", "@blank?"]},
            {"code": "same", "left": ["@cast"], "sign": "=", "right": ["other:@cast"]},
            {"code": "order", "left": ["@cast"], "sign": "<=", "right": ["@issued"]},
        ],
    }

    def broken(figures: dict[str, int], other: dict[str, int] | None = None) -> list[str]:
        protocols = {("s", "list"): figures} | ({("s", "other"): other} if other is not None else {})
        return list(verifier.broken_relations(contest, "s", protocols))

    assert broken({"@valid": 3, "a": 1, "b": 2, "@cast": 4}) == []
    assert broken({"@valid": 3, "a": 1, "b": 2, "@blank": 1}) == ["valid"]
    assert broken({"@cast": 4, "@issued": 3}, {"@cast": 5}) == ["same", "order"]
    assert broken({"@cast": 4, "@issued": 4}, {}) == []


def test_the_form_of_the_law_stands_in_the_manifest(made: Path) -> None:
    from sailau import law
    from sailau.rulebook.forms import form_of

    files = [json.loads(path.read_bytes()) for path in (made / "file").iterdir() if path.read_bytes()[:1] == b"{"]
    manifest = next(data for data in files if data.get("format") == "sailau-manifest/1")
    codes = {r["code"] for r in manifest["contests"][0]["relations"]}
    form = form_of(law("kz/kurultai", on="2026-08-23"), "list")
    known = {r.id for r in form.relation} if form else {"valid-differs", "cast-differs", "more-cast-than-issued"}
    assert codes
    assert codes <= known or not form


def test_who_may_sign_what(bundle: Path) -> None:
    keys, log = sample_keys(), Log(bundle)
    record(log, [{"kind": "annulment", "index": 10, "decision": "none"}], keys.operators)
    record(log, [{"kind": "manifest", "file": "0" * 64}], keys.roots[:1])
    record(log, [{"kind": "seed", "seed": "1"}], [key_from("stranger", b"s" * 32)])
    log.checkpoint(ORIGIN, keys.log)
    codes = [(place, code) for kind, place, code in kinds(bundle) if kind == "signature"]
    assert codes == [
        ("entry 17", "too-few-signers"),
        ("entry 18", "too-few-signers"),
        ("entry 19", "unknown-key"),
        ("entry 19", "too-few-signers"),
    ]


def test_a_worker_process_finds_what_the_process_itself_finds(tmp_path: Path) -> None:
    sample_log(tmp_path, stations=600)
    bundle = tmp_path / "log"

    def swap(figures: dict[str, int]) -> None:
        figures["alma"] += 1

    rewritten(bundle, lambda rows: [*rows[:300], with_figures(rows[300], swap), *rows[301:]])
    for workers in (0, 2):
        report = verifier.verify(bundle, workers=workers)
        assert [f.place for f in report.findings if f.kind == "signature"] == ["entry 300", "entry 300"]


# ---------------------------------------------------------------- policies


def policy_of(*lines: str) -> bytes:
    return "\n".join((f"log {sample_keys().log[0].vkey}", *lines, "")).encode()


def test_who_must_have_signed(bundle: Path) -> None:
    witnesses = [
        key_from(f"w{n}.example", bytes([n]) * 32, kind) for n, kind in enumerate(("cosignature", "ml-dsa-44"), 1)
    ]
    names = [f"witness w{n} {key.vkey}" for n, key in enumerate(witnesses, 1)]
    policy = read_policy(policy_of(*names, "group both all w1 w2", "quorum both"), "policy")
    assert kinds(bundle, policy=policy) == [("witness", "checkpoint", "quorum-not-reached")]
    log = Log(bundle)
    now = published(Bundle(bundle))
    log.cosign([witnesses[0].note_line(now, 1_780_000_000)])
    assert kinds(bundle, policy=policy) == [("witness", "checkpoint", "quorum-not-reached")]
    log.cosign([witnesses[1].note_line(now, 1_780_000_000)])
    assert kinds(bundle, policy=policy) == []
    with pytest.raises(RefusedError, match="future"):
        verifier.verify(bundle, policy=policy, workers=0, now=1_779_990_000)
    assert kinds(bundle, policy=read_policy(policy_of(*names, "group g any w1 w2", "quorum g"), "p")) == []


@pytest.mark.parametrize(
    "lines",
    [
        ["quorum none"],
        [],
        ["group g 0 a", "quorum g"],
        ["quorum w9"],
        ["witness w nonsense", "quorum w"],
        ["nonsense"],
    ],
)
def test_a_policy_that_asks_for_nobody_or_cannot_be_read(lines: list[str]) -> None:
    with pytest.raises(RefusedError):
        read_policy(policy_of(*lines), "policy")


def test_the_published_signed_note_verifies() -> None:
    """The test vector of c2sp.org/signed-note."""
    key = read_key("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "key")
    note = (
        "This is an example message.\n\n— example.com/foo "
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    ).encode()
    text, lines = verifier.read_note(note, "note")
    assert [(name, mark) for name, mark, _ in lines] == [("example.com/foo", key.id)]
    assert verifier.verifies(key, lines[0][2], text)
    assert not verifier.verifies(key, lines[0][2], text + b"x")


def test_tiles_have_the_names_and_widths_of_the_specification() -> None:
    assert verifier.tile_name(0, 1234067) == "tile/0/x001/x234/067"
    assert verifier.tile_name("entries", 5, 7) == "tile/entries/005.p/7"
    tiles = list(verifier.tile_widths(70_000))
    assert [sum(level == at and width == 256 for at, _, width in tiles) for level in range(3)] == [273, 1, 0]
    assert [(level, width) for level, _, width in tiles if width < 256] == [(0, 112), (1, 17), (2, 1)]
    assert list(verifier.tile_widths(256)) == [(0, 0, 256), (1, 0, 1)]


# ---------------------------------------------------------------- broken input


def refused(bundle: Path) -> str:
    with pytest.raises(RefusedError) as error:
        verifier.verify(bundle, workers=0)
    return str(error.value)


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        (b'{"kind":"seed","seed":1.5}', "1.5"),
        (b'{"kind":"seed","kind":"seed"}', "not canonical"),
        (b'{"seed":1,"kind":"seed"}', "not canonical"),
        (b'{"kind":"seed","seed":99999999999999999999}', "99999999999999999999"),
        (b'{"kind":"seed","seed":' + b"[" * 20_000 + b"]" * 20_000 + b"}", "ecursion"),
        (b'{"kind":"seed","seed":NaN}', "NaN"),
        ('{"kind":"seed","seed":"e\u0301"}'.encode(), "NFC"),
        (b'{"kind":"nonsense"}', "nonsense"),
        (b"\xff", "utf-8"),
        (b'{"kind":"root","keys":[],"threshold":0}', "not canonical"),
    ],
)
def test_an_entry_that_is_no_canonical_json_is_refused(bundle: Path, payload: bytes, found: str) -> None:
    envelope = {"payload": b64encode(payload).decode(), "payloadType": verifier.PAYLOAD, "signatures": []}
    log = Log(bundle)
    log.append([canonical(envelope)])
    log.checkpoint(ORIGIN, sample_keys().log)
    line = refused(bundle)
    assert line.startswith("entry 17: found ")
    assert found in line
    assert len(line) < 200


def test_wrong_base64_tiles_of_wrong_size_and_links_are_refused(bundle: Path, tmp_path: Path) -> None:
    tile = bundle / "tile/0/000.p/17"
    data = tile.read_bytes()
    tile.write_bytes(data[:-1])
    assert refused(bundle) == f"tile/0/000.p/17: found {17 * 32 - 1} bytes; expected {17 * 32}: 17 hashes"
    tile.unlink()
    (tmp_path / "outside").write_bytes(data)
    tile.symlink_to(tmp_path / "outside")
    assert "a link" in refused(bundle)
    note = (bundle / "checkpoint").read_bytes()
    tile.unlink()
    tile.write_bytes(data)
    (bundle / "checkpoint").write_bytes(note[:-2] + b"!\n")
    assert "base64" in refused(bundle)


def test_archives_that_lead_out_or_hold_a_name_twice_are_refused(tmp_path: Path) -> None:
    for number, names in enumerate((["../x"], ["/etc/x"], ["a", "a"])):
        with tarfile.open(tmp_path / f"{number}.tar", "w") as tar:
            for name in names:
                tar.addfile(tarfile.TarInfo(name))
        assert "the member" in refused(tmp_path / f"{number}.tar")
    linked = tarfile.TarInfo("checkpoint")
    linked.type, linked.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with tarfile.open(tmp_path / "l.tar", "w") as tar:
        tar.addfile(linked)
    assert "the member" in refused(tmp_path / "l.tar")
    with zipfile.ZipFile(tmp_path / "l.zip", "w") as packed:
        info = zipfile.ZipInfo("checkpoint")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(info, "/etc/passwd")
    assert "the member" in refused(tmp_path / "l.zip")
    (tmp_path / "no.tar").write_bytes(b"no archive")
    assert refused(tmp_path / "no.tar")


def test_a_member_that_unpacks_to_more_than_allowed_is_not_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("checkpoint", b"\0" * (64 << 20))
    assert f"more than {verifier.MOST_NOTE} bytes" in refused(tmp_path / "bomb.zip")


def test_a_checkpoint_says_its_size_in_one_way() -> None:
    root = b64encode(b"r" * 32).decode()
    for size in ("01", "-1", "1x", "", "9" * 20):
        with pytest.raises(RefusedError):
            read_checkpoint(f"o\n{size}\n{root}\n\n— o {b64encode(b'12345').decode()}\n".encode(), "c")


def test_signatures_of_unknown_keys_are_passed_over_and_known_ones_must_hold(bundle: Path) -> None:
    keys = sample_keys().log
    now = published(Bundle(bundle))
    assert len(signers(now, [key.vkey for key in keys])) == 2
    assert signers(now, [key_from("other", b"o" * 32).vkey]) == {}
