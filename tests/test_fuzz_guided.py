"""A few seconds of the coverage-guided campaign, from fixed seeds, and that it notices what should not happen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CAMPAIGN = Path(__file__).parent.parent / "campaigns" / "fuzz_guided.py"


def run(*arguments: str, code: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments] if code else [sys.executable, str(CAMPAIGN), *arguments]
    paths = [str(CAMPAIGN.parent), *sys.path]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    )


def test_nothing_is_found_in_a_few_seconds(tmp_path: Path) -> None:
    done = run("--runs", "200", "--seconds", "9", "--seed", "7", "--keep", str(tmp_path / "found"))
    assert done.returncode == 0, done.stdout
    assert "found something in: none" in done.stdout
    assert not (tmp_path / "found").exists()


def test_what_should_not_happen_is_told_and_kept(tmp_path: Path) -> None:
    broken = (
        "import fuzz_guided, sys\n"
        "def fails(data):\n"
        "    raise KeyError('nobody expects this')\n"
        "fuzz_guided.TARGETS['archive'] = fails\n"
        "sys.exit(fuzz_guided.main())\n"
    )
    keep = tmp_path / "found"
    done = run("--runs", "50", "--seconds", "5", "--target", "archive", "--keep", str(keep), code=broken)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "nobody expects this" in done.stdout
    assert len(list(keep.iterdir())) == 1
