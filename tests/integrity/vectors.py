"""Test vectors for a second verifier: bundles, and what a verifier must say of each. Writes them to docs/reference/vectors.

Seats are left out: they need a law, and laws change.

python -m integrity.vectors        (in tests/, with src on the path)
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from integrity import tampering
from integrity.sample import sample_keys
from integrity.tampering import Case, Expected, clean_log
from sailau.integrity.log import prove, receipt_text
from sailau.integrity.verifier import Bundle

FOLDER = Path(__file__).resolve().parents[2] / "docs/reference/vectors"
POLICY = f"log {sample_keys().log[0].vkey}\nwitness w {tampering.WITNESS.vkey}\nquorum w\n"
CHANGES: dict[str, Callable[[Case], Expected]] = {
    "signature": tampering.signed_by_a_stranger,
    "revoked": tampering.revoked_key,
    "tree": tampering.figure_in_the_files,
    "incomplete": tampering.dropped,
    "totals": tampering.published_totals,
}


def packed(folder: Path, path: Path) -> None:
    """Write a bundle as an archive that is the same on every day."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")):
            info = zipfile.ZipInfo(str(file.relative_to(folder)), (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, file.read_bytes())


def main() -> None:
    """Write all vectors, and expected.json: file → verdict, and one finding that must be there (kind, place)."""
    FOLDER.mkdir(exist_ok=True)
    expected: dict[str, object] = {}
    with TemporaryDirectory() as place:
        clean = clean_log(Path(place) / "clean")
        packed(clean, FOLDER / "good.zip")
        expected["good.zip"] = {"verdict": "good"}
        (FOLDER / "entry-9.tlog-proof").write_bytes(receipt_text(prove(Bundle(clean), 9)))
        for name, change in CHANGES.items():
            folder = Path(place) / name
            tampering.shutil.copytree(clean, folder)
            kinds, where = change(Case(clean, folder, Random(7)))
            packed(folder, FOLDER / f"{name}.zip")
            (kind,) = kinds
            expected[f"{name}.zip"] = {"verdict": kind, "finding": [kind, where]}
    (FOLDER / "policy.txt").write_text(POLICY, encoding="utf-8")
    expected["good.zip --policy policy.txt"] = {"verdict": "witness", "finding": ["witness", "checkpoint"]}
    expected["good.zip --receipt entry-9.tlog-proof"] = {"verdict": "good"}
    expected["revoked.zip --receipt entry-9.tlog-proof"] = {"verdict": "signature"}
    (FOLDER / "expected.json").write_text(json.dumps(expected, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
