"""The verifier says of each published test vector what is written beside it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from integrity.vectors import FOLDER
from sailau.integrity import verifier

EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("line", EXPECTED)
def test_a_vector(line: str) -> None:
    name, *options = line.split()
    files = {option: FOLDER / file for option, file in zip(options[::2], options[1::2], strict=True)}
    receipts = [files["--receipt"]] if "--receipt" in files else []
    policy, read = verifier.read_inputs(files.get("--policy"), receipts)
    report = verifier.verify(FOLDER / name, policy=policy, receipts=read, workers=0)
    expected = EXPECTED[line]
    assert report.verdict == expected["verdict"]
    if "finding" in expected:
        assert tuple(expected["finding"]) in {(f.kind, f.place) for f in report.findings}


def test_the_file_alone_reads_them() -> None:
    command = [sys.executable, "-I", verifier.__file__, FOLDER / "tree.zip", "--json"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, json.loads(run.stdout)["verdict"]) == (1, "tree")
