"""Programs by others agree: pymerkle and actasum on trees and proofs, actasum on sums and on signatures of checkpoints."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from integrity import programs
from integrity.sample import ORIGIN, sample_keys, sample_log, write_election
from sailau.cli.app import run
from sailau.integrity import consistency_proof, inclusion_proof, merkle_root
from sailau.integrity.keys import key_from
from sailau.integrity.log import published, read_entries
from sailau.integrity.verifier import Bundle, leaf_hash

ROOTS = """
import json, sys
from pymerkle import InmemoryTree
answers = []
for leaves in json.load(sys.stdin):
    tree = InmemoryTree(algorithm="sha256")
    for leaf in leaves:
        tree.append_entry(bytes.fromhex(leaf))
    answers.append(tree.get_state().hex())
json.dump(answers, sys.stdout)
"""
PROOFS = """
import json, sys
from actasum import merkle
good = []
for size, index, old, leaves, path, steps in json.load(sys.stdin):
    hashes = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in leaves]
    good.append([merkle.root(hashes).hex(),
                 [step.hex() for step in merkle.inclusion_proof(hashes, index)] == path,
                 [step.hex() for step in merkle.consistency_proof(hashes, old)] == steps])
json.dump(good, sys.stdout)
"""


def asked(program: str, question: object) -> object:
    answer = programs.run("-c", program, text=json.dumps(question))
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def leaves_of(size: int, chance: Random) -> list[bytes]:
    return [chance.randbytes(chance.randint(0, 80)) for _ in range(size)]


def test_pymerkle_has_the_same_roots() -> None:
    chance = Random(1)
    trees = [leaves_of(size, chance) for size in (*range(70), 255, 256, 257, 1000)]
    assert asked(ROOTS, [[leaf.hex() for leaf in tree] for tree in trees]) == [
        merkle_root(tree).hex() for tree in trees
    ]


def test_pymerkle_has_the_root_of_a_published_log(tmp_path: Path) -> None:
    log, _, _ = sample_log(tmp_path, stations=300)
    now = published(Bundle(log.folder))
    entries = [entry.hex() for _, entry in read_entries(Bundle(log.folder), 0, now.size)]
    assert asked(ROOTS, [entries]) == [now.root.hex()]


def test_actasum_has_the_same_proofs() -> None:
    chance = Random(2)
    questions, roots = [], []
    for size in (*range(1, 40), 257, 1000):
        tree = leaves_of(size, chance)
        index, old = chance.randrange(size), chance.randint(1, size)
        path = [step.hex() for step in inclusion_proof(tree, index)]
        steps = [step.hex() for step in consistency_proof(tree, old)]
        questions.append([size, index, old, [leaf.hex() for leaf in tree], path, steps])
        roots.append([merkle_root(tree).hex(), True, True])
    assert asked(PROOFS, questions) == roots


def test_actasum_accepts_the_signatures_of_a_log_and_of_its_witnesses(tmp_path: Path) -> None:
    log, _, keys = sample_log(tmp_path)
    witness = key_from("paper.example", b"p" * 32, "cosignature")
    log.cosign([witness.note_line(published(Bundle(log.folder)), 1_780_000_000)])
    check = ["-m", "actasum.cli", "log", "check-checkpoint", "--checkpoint", log.folder / "checkpoint"]
    trusted = ["--log-key", str(keys.log[0].vkey), "--witness-key", str(witness.vkey), "--quorum", "1"]
    assert programs.run(*check, *trusted).returncode == 0
    stranger = key_from(ORIGIN, b"s" * 32)
    assert programs.run(*check, "--log-key", str(stranger.vkey)).returncode == 1


@pytest.fixture
def statements(tmp_path: Path) -> Path:
    case = write_election(tmp_path / "case", stations=60)
    assert run(["export", str(case), "--to", "actasum", "--out", str(tmp_path / "out")]) == 0
    return tmp_path / "out"


def sums(folder: Path) -> int:
    files = ["--statements", folder / "list.statements.jsonl", "--official", folder / "list.official.json"]
    return programs.run("-m", "actasum.cli", "verify", *files).returncode


def test_actasum_finds_the_exported_sums_right_and_a_changed_one_wrong(statements: Path) -> None:
    assert sums(statements) == 0
    path = statements / "list.official.json"
    official = json.loads(path.read_text(encoding="utf-8"))
    official["areas"]["whole"]["candidatures"]["alma"] += 1
    path.write_text(json.dumps(official), encoding="utf-8")
    assert sums(statements) == 1


def test_actasum_builds_the_same_tree_of_the_exported_statements(statements: Path, tmp_path: Path) -> None:
    path = statements / "list.statements.jsonl"
    made = programs.run("-m", "actasum.cli", "log", "build", "--statements", path, "--out", tmp_path / "log",
                        "--origin", "x.example/log")  # fmt: skip
    assert made.returncode == 0, made.stderr
    size, root = (tmp_path / "log" / "checkpoint").read_text(encoding="utf-8").split("\n")[1:3]
    lines = path.read_bytes().splitlines()
    from base64 import b64encode

    assert (int(size), root) == (60, b64encode(merkle_root(lines)).decode())
    assert len(leaf_hash(lines[0])) == len(sample_keys().log[0].public)
