"""The door of exchange formats: a case written for the programs of others, and read from theirs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sailau.election import Election
from sailau.election.writing import case_texts, to_csv, write_texts
from sailau.extras import library
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.limits import FIGURES
from sailau.rulebook.marks import visible_json
from sailau.tabulation import Tabulation, tabulate
from sailau.writing import whole_folder, write_whole

ENDINGS: Mapping[str, str] = {
    "csv": ".csv",
    "parquet": "",
    "xlsx": ".xlsx",
    "nist-xml": ".nist.xml",
    "nist-json": ".nist.json",
    "eml": ".eml.xml",
    "datapackage": "",
    "actasum": "",
}
"""Format → ending of its file; none where it is a folder."""


_OF_TOTALS = ("csv", "xlsx", "nist-xml", "nist-json")
"""Formats that need the totals and not every protocol."""


def export(election: Election, form: str, out: Path | None = None, language: str = "en") -> Path:
    """Write a case in a format and return the path.

    Args:
        election: any case; of one that only a database reads, what stands above the stations in a format of totals.
        form: one of `ENDINGS`.
        out: file or new folder; beside the caller, by the name of the case, when None.
        language: of names, where a format has one.

    Raises:
        BadInput: no such format, a case that only a database reads, or one that cannot be tabulated.
    """
    if form not in ENDINGS:
        raise BadInput([Fault("--to", 0, "", f"“{form}”", f"one of {', '.join(ENDINGS)}")])
    if election.tables is not None and form not in _OF_TOTALS:
        expected = f"a case with returns.csv, or --to {', '.join(_OF_TOTALS)} for the units above the stations"
        raise BadInput([Fault(election.name, 0, "", "tables that only a database reads", expected)])
    path = out or Path(f"{election.name}{ENDINGS[form] or f'-{form}'}")
    tabulation = tabulate(election, election.own_law())
    if form in _IN_MEMORY:
        FIGURES.check(election.name, sum(total.counts.size for total in tabulation.totals.values()), field=form)
    return _WRITERS[form](election, tabulation, path, language)


_IN_MEMORY = ("xlsx", "nist-xml", "nist-json")
"""Formats that are built whole before they are written."""


def import_file(source: Path, folder: Path, law: str | None = None) -> Path:
    """Turn a file that describes itself into a case folder and return its path.

    Raises:
        BadInput: no such format, or every fault of the file.
    """
    from sailau.exchange import eml

    if not source.is_file():
        raise BadInput([Fault(str(source), 0, "", "no file", "a file in EML 510, or a folder and --mapping")])
    return write_texts(folder, eml.read(source, law))


def lines_of(election: Election, tabulation: Tabulation) -> list[tuple[object, ...]]:
    """Return all totals as rows: unit, level, contest, round, item, count, and whether the unit states it itself."""
    rows: list[tuple[object, ...]] = []
    for (contest, round_), total in tabulation.totals.items():
        for row, unit in enumerate(total.units):
            level = election.units[unit].level if unit in election.units else ""
            for column, item in enumerate(total.items):
                if total.known[row, column]:
                    stated = "yes" if total.own[row, column] else "no"
                    rows.append((unit, level, contest, round_, item, int(total.counts[row, column]), stated))
    return rows


TOTALS = ("unit", "level", "contest", "round", "item", "count", "stated")


def _csv(election: Election, tabulation: Tabulation, path: Path, _: str) -> Path:
    return write_whole(path, to_csv([TOTALS, *lines_of(election, tabulation)]))


def _parquet(election: Election, _: Tabulation, path: Path, __: str) -> Path:
    """Write the case as a case folder whose units and returns are Parquet."""
    pa, parquet = library("pyarrow", "parquet", "parquet"), library("pyarrow.parquet", "parquet", "parquet")
    texts = case_texts(election)
    _new_folder(path)
    with whole_folder(path) as beside:
        for name in ("units.csv", "returns.csv", "protocols.csv"):
            if name in texts:
                parquet.write_table(_table(pa, texts.pop(name)), beside / name.replace(".csv", ".parquet"))
        for name, text in texts.items():
            (beside / name).write_text(text, encoding="utf-8", newline="")
    return path


def _table(pa: Any, text: str) -> Any:
    import csv
    import io

    header, *rows = csv.reader(io.StringIO(text))
    numbers = {"count": pa.int64(), "round": pa.int8(), "version": pa.int16()}
    columns = {}
    for place, name in enumerate(header):
        values = [row[place] or None for row in rows]
        kind = numbers.get(name)
        columns[name] = (
            pa.array(values, pa.string()) if kind is None else pa.array([v and int(v) for v in values], kind)
        )
    return pa.table(columns)


def _new_folder(path: Path) -> None:
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise BadInput([Fault(str(path), 0, "", "a folder that is not empty", "a new folder")])


def _xlsx(election: Election, tabulation: Tabulation, path: Path, language: str) -> Path:
    from sailau.exchange.workbook import write_workbook

    return write_workbook(election, tabulation, path, language)


def _nist_xml(election: Election, tabulation: Tabulation, path: Path, _: str) -> Path:
    from sailau.exchange import nist

    return write_whole(path, nist.to_xml(nist.report(election, tabulation)))


def _nist_json(election: Election, tabulation: Tabulation, path: Path, _: str) -> Path:
    from sailau.exchange import nist

    text = visible_json(json.dumps(nist.to_json(nist.report(election, tabulation)), ensure_ascii=False, indent=1))
    return write_whole(path, text + "\n")


def _eml(election: Election, _: Tabulation, path: Path, language: str) -> Path:
    from sailau.exchange import eml

    return write_whole(path, eml.write(election, language))


def _datapackage(election: Election, _: Tabulation, path: Path, __: str) -> Path:
    """Write the case folder with a datapackage.json that says what its tables hold."""
    texts = case_texts(election)
    resources = []
    for name, text in texts.items():
        if name.endswith(".csv"):
            header = text.partition("\n")[0].split(",")
            fields = [
                {"name": c, "type": "integer" if c in _NUMBERS or c.startswith("seats_") else "string"} for c in header
            ]
            resources.append(
                {
                    "name": name.removesuffix(".csv"),
                    "path": name,
                    "profile": "tabular-data-resource",
                    "format": "csv",
                    "encoding": "utf-8",
                    "schema": {"fields": fields, "missingValues": [""]},
                }
            )
    package = {
        "profile": "tabular-data-package",
        "name": election.name.lower(),
        "title": next(iter(election.titles.values()), election.name),
        "created": f"{election.day.isoformat()}T00:00:00Z",
        "sources": [{k: str(v) for k, v in s.items() if k in ("title", "path", "email")} for s in election.sources],
        "resources": resources,
    }
    texts["datapackage.json"] = visible_json(json.dumps(package, ensure_ascii=False, indent=1)) + "\n"
    return write_texts(path, texts)


_NUMBERS = frozenset(
    ("count", "round", "version", "seats", "population", "area_km2", "stations", "members", "number", "position")
)


def _actasum(election: Election, tabulation: Tabulation, path: Path, _: str) -> Path:
    from sailau.exchange import actasum

    return write_texts(path, actasum.texts(election, tabulation))


_WRITERS: Mapping[str, Callable[[Election, Tabulation, Path, str], Path]] = {
    "csv": _csv,
    "parquet": _parquet,
    "xlsx": _xlsx,
    "nist-xml": _nist_xml,
    "nist-json": _nist_json,
    "eml": _eml,
    "datapackage": _datapackage,
    "actasum": _actasum,
}
