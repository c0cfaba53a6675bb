"""Go on where the verifier that runs alone ends: from the verified protocols to seats, persons and status.

The law is the one that the manifest names; that it is the same text is checked by its digest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sailau.counting import count
from sailau.election import Election, open_case
from sailau.election.writing import to_csv
from sailau.integrity.casebook import seats_of
from sailau.integrity.verifier import MOST_FILE, Bundle, RefusedError, Verification

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,60}\.(toml|csv)")


def election_of(report: Verification, bundle: Bundle) -> Election:
    """Return the election whose figures are the standing protocols of a verified bundle.

    Raises:
        RefusedError: the manifest names no case.
        BadInput: the case cannot be read.
    """
    manifest = report.manifest or {}
    files = manifest.get("case")
    if not isinstance(files, dict) or not all(_NAME.fullmatch(name) and name != "returns.csv" for name in files):
        raise RefusedError("manifest", "no case that can be read", "names of its files and their hashes")
    rows: list[tuple[object, ...]] = [("unit", "contest", "item", "count")]
    for (station, contest), standing in report.standing.items():
        rows += [(station, contest, line, number) for line, number in standing.figures.items()]
    with TemporaryDirectory() as folder:
        place = Path(folder) / (re.sub(r"[^\w-]", "-", str(manifest.get("election", "")))[:60] or "case")
        place.mkdir()
        for name, digest in files.items():
            (place / name).write_bytes(bundle.read(f"file/{digest}", MOST_FILE))
        (place / "returns.csv").write_text(to_csv(rows), encoding="utf-8", newline="")
        return open_case(str(place))


def check_seats(report: Verification, path: Path) -> None:
    """Count the standing protocols of a verified bundle and report what was published otherwise.

    Does nothing where the bundle has no manifest that can be trusted, or publishes no seats.

    Raises:
        RefusedError: the published seats cannot be read.
        BadInput: the case cannot be read.
    """
    published = report.results or {}
    if report.manifest is None or "seats" not in published:
        return
    bundle = Bundle(path)
    if not _files_are_true(report, bundle):
        return
    election = election_of(report, bundle)
    law = election.own_law()
    if report.manifest.get("law_digest") != law.digest:
        report.add("seats", "manifest", "law-differs", law=law.id)
    counted = seats_of(count(law, election).to_json())
    _compare(report, published, counted)
    report.done.append("seats")


def _files_are_true(report: Verification, bundle: Bundle) -> bool:
    from hashlib import sha256

    good = True
    for digest in (report.manifest or {}).get("case", {}).values():
        name = f"file/{digest}"
        data = bundle.read(name, MOST_FILE) if name in bundle.members else None
        if data is None or sha256(data).hexdigest() != digest:
            report.add("tree", name[:80], "missing-file" if data is None else "file-differs")
            good = False
    return good


def _compare(report: Verification, published: Mapping[str, Any], counted: Mapping[str, Any]) -> None:
    if "status" in published and published["status"] != counted["status"]:
        report.add("seats", "all", "status-differs", published=str(published["status"]), counted=counted["status"])
    try:
        rows = {
            (c, u, o): int(n) for c, units in published["seats"].items() for u, s in units.items() for o, n in s.items()
        }
    except (AttributeError, TypeError, ValueError):
        raise RefusedError("results.json", "seats that cannot be read", "contest, unit, option, number") from None
    own = {(c, u, o): n for c, units in counted["seats"].items() for u, s in units.items() for o, n in s.items()}
    contests = {c for c, _, _ in rows}
    for c, u, o in sorted({key for key in rows.keys() | own.keys() if key[0] in contests}):
        before, after = rows.get((c, u, o), 0), own.get((c, u, o), 0)
        if before != after:
            values = {"contest": c, "option": o, "published": before, "counted": after}
            report.add("seats", f"unit {u or 'all'}", "differs", **values)
    if "elected" in published and published["elected"] != counted["elected"]:
        report.add("seats", "all", "elected-differ")
