"""Files of others read by a mapping: a small TOML file that says which column is what, turned into a case folder.

A mapping has tables `[[parties]]`, `[[units]]`, `[[returns]]`, `[[official]]`. Each names a file and how a row of it becomes
a row of the case: texts such as `"s{section_id}"` take columns of the row, ids are made of what they give.
"""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sailau.election.tables import LARGEST_COUNT
from sailau.election.writing import to_csv, to_toml, write_texts
from sailau.exchange.spreadsheet import ComputedCell, sheet_rows
from sailau.extras import library
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.door import parse_toml, read_bytes
from sailau.rulebook.faults import Faults, reason_of
from sailau.rulebook.limits import TABLE, TOML
from sailau.rulebook.places import locate

SHIPPED = Path(__file__).with_name("mappings")
_FIELD = re.compile(r"\{([^{}]*)\}")
_LINE_MOST = 1 << 20
"""Characters of one line; a longer one is no table."""


class Join(BaseModel):
    """Rows of another file put beside a row: its columns are called `<name>.<column>`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    key: str = Field(description="column of the other file")
    by: str = Field(description="column of the row that has the same value")
    delimiter: str = ""
    header: int | None = None
    fixed: dict[str, list[int]] = Field(default_factory=dict)


class _Table(BaseModel):
    """What every table of a mapping may say about its file and which of its rows are read."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-"), populate_by_name=True
    )

    file: str = Field("", description="name of the file; .gz may follow")
    kind: Literal["", "csv", "fixed", "xlsx", "parquet"] = Field("", description="else by the ending of the name")
    delimiter: str = Field(",", description="between the fields of a CSV file")
    encoding: str = Field("utf-8-sig", description="of a text file")
    header: Annotated[int, Field(ge=0)] = Field(
        1, description="row of the names of the columns; 0: columns are named 1, 2 …"
    )
    fixed: dict[str, list[int]] = Field(
        default_factory=dict, description="fixed widths: column → first and last place, from 1"
    )
    sheet: str = Field("", description="sheet of a spreadsheet; the first one when empty")
    thousands: str = Field("", description="sign between thousands, taken out of numbers")
    decimal: str = Field("", description="sign before decimals: `1234,00` is a whole number, `1234,50` is none")
    only: dict[str, list[str] | dict[str, str]] = Field(
        default_factory=dict, description="rows that are read: column → its values, or { file, column } that has them"
    )
    unless: dict[str, list[str]] = Field(
        default_factory=dict, description="rows that are left out: column → its values"
    )
    join: dict[str, Join] = Field(
        default_factory=dict, description="name → another file whose columns stand beside a row"
    )
    distinct: bool = Field(False, description="rows that give the same id are one")
    rows: list[dict[str, Any]] = Field(default_factory=list, description="rows written here, without a file")


class PartiesTable(_Table):
    """Lists: rows of parties.csv."""

    party: str = ""
    name_en: str = Field("", alias="name_en")
    name_kk: str = Field("", alias="name_kk")
    name_ru: str = Field("", alias="name_ru")
    short: str = ""
    number: str = ""


class UnitsTable(_Table):
    """Areas and polling stations: rows of units.csv."""

    unit: str = ""
    parent: str = ""
    level: str = ""
    name_en: str = Field("", alias="name_en")
    name_kk: str = Field("", alias="name_kk")
    name_ru: str = Field("", alias="name_ru")
    population: str = ""
    columns: dict[str, str] = Field(
        default_factory=dict, description="further columns of units.csv, such as seats_list"
    )


class ReturnsTable(_Table):
    """Figures: rows of returns.csv, from a long table (`item`, `count`) or a wide one (`items`, `lines`)."""

    unit: str = ""
    contest: str = ""
    round: str = ""
    item: str = Field(
        "", description="the option of a row, or of a column that `items` finds, its groups being {1}, {2} …"
    )
    count: str = Field("", description="column of the figure of a long table")
    items: str = Field("", description="pattern of the names of the columns of options")
    lines: dict[str, list[str]] = Field(default_factory=dict, description="line → columns that are added up")
    names: dict[str, str] = Field(default_factory=dict, description="what an item is called in the file → its id")
    add: bool = Field(False, description="figures of the same line are added up, also over several files")


class OfficialSeats(BaseModel):
    """Seats that were announced: rows of official.csv."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contest: str
    unit: str = ""
    seats: dict[str, int]


class ForeignFiles(BaseModel):
    """A whole mapping."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    law: str
    day: date
    title: dict[Literal["en", "kk", "ru"], str]
    sources: list[dict[str, str]] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list)
    maps: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="name → value → what stands for it: `{column:name}` gives that"
    )
    defaults: dict[str, Any] = Field(default_factory=dict, description="keys that hold for all files")
    parties: list[PartiesTable] = Field(default_factory=list)
    units: list[UnitsTable] = Field(default_factory=list)
    returns: list[ReturnsTable]
    official: list[OfficialSeats] = Field(default_factory=list)


def shipped_mappings() -> list[str]:
    """Return the names of the mappings that come with the program."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def read_mapping(where: str) -> ForeignFiles:
    """Read a mapping: a shipped one by its name, or a file.

    Raises:
        BadInput: every fault of it.
    """
    path = SHIPPED / f"{where}.toml" if where in shipped_mappings() else Path(where)
    if not path.is_file():
        known = ", ".join(shipped_mappings())
        raise BadInput([Fault("--mapping", 0, "", f"“{where}”", f"a file that ends with .toml, or one of {known}")])
    try:
        text = read_bytes(path, TOML).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise BadInput([Fault(path.name, 0, "", "another encoding", "a text file in UTF-8")]) from None
    tables = parse_toml(path.name, text)
    defaults = tables.get("defaults", {})
    for name in ("parties", "units", "returns"):
        rows = tables.get(name, [])
        if isinstance(rows, list) and isinstance(defaults, dict):
            tables[name] = [{**defaults, **row} if isinstance(row, dict) and "rows" not in row else row for row in rows]
    if isinstance(tables.get("day"), datetime):
        tables["day"] = str(tables["day"])
    try:
        return ForeignFiles.model_validate(tables)
    except ValidationError as error:
        faults = Faults()
        for item in error.errors(include_url=False):
            loc = tuple(p for p in item["loc"] if isinstance(p, int | str))
            found = "nothing" if item["type"] == "missing" else repr(item.get("input"))
            expected = {"missing": "this key", "extra_forbidden": "a known key"}.get(item["type"], item["msg"])
            faults.add(Fault(path.name, locate(text, loc), ".".join(map(str, loc)), found, expected))
        raise BadInput(faults) from None


def import_files(mapping: ForeignFiles, source: Path, folder: Path) -> Path:
    """Turn files into a case folder by a mapping and return its path.

    Args:
        mapping: what `read_mapping` returned.
        source: the folder of the files.
        folder: a new folder.

    Raises:
        BadInput: every fault of the files, with file, line and column.
    """
    made = _Import(mapping, source)
    texts = made.texts()
    made.faults.raise_any()
    return write_texts(folder, texts)


@dataclass
class _Import:
    """One import under way."""

    mapping: ForeignFiles
    source: Path
    faults: Faults = field(default_factory=Faults)
    _values: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    _joined: dict[tuple[str, str], dict[str, Mapping[str, str]]] = field(default_factory=dict)

    def texts(self) -> dict[str, str]:
        """Return the files of the case."""
        m = self.mapping
        head = [f"law = {to_toml(m.law)}", f"day = {m.day.isoformat()}"]
        head += [f"title.{language} = {to_toml(text)}" for language, text in m.title.items()]
        head += [f"sources = {to_toml(list(m.sources))}", f"notes = {to_toml(list(m.notes))}"]
        texts = {"case.toml": "\n".join(head) + "\n"}
        if m.parties:
            own = ("party", "name_en", "name_kk", "name_ru", "short", "number")
            texts["parties.csv"] = to_csv([own, *self._things(m.parties, own, "party")])
        if m.units:
            further = tuple(dict.fromkeys(c for table in m.units for c in table.columns))
            columns = (
                "unit",
                "parent",
                "level",
                "name_en",
                "name_kk",
                "name_ru",
                "population",
                "kind",
                "stations",
                *further,
            )
            texts["units.csv"] = to_csv([columns, *self._things(m.units, columns, "unit")])
        texts["returns.csv"] = to_csv([("unit", "contest", "item", "count", "round"), *self._figures()])
        if m.official:
            rows = [(s.contest, s.unit, o, n) for s in m.official for o, n in s.seats.items()]
            texts["official.csv"] = to_csv([("contest", "unit", "option", "seats"), *rows])
        return texts

    # ------------------------------------------------------------------ rows of the case

    def _things(
        self, tables: Sequence[PartiesTable | UnitsTable], columns: Sequence[str], key: str
    ) -> Iterator[tuple[object, ...]]:
        seen: dict[str, tuple[str, int]] = {}
        for table in tables:
            written = {c: getattr(table, c, "") or getattr(table, "columns", {}).get(c, "") for c in columns}
            for written_row in table.rows:
                yield tuple(written_row.get(c, "") for c in columns)
            for line, row in self._rows(table) if table.file else ():
                told = {c: self._text(table, row, t, is_id=c in (key, "parent")) for c, t in written.items()}
                name = told[key]
                first = seen.setdefault(name, (table.file, line))
                if first != (table.file, line):
                    if not table.distinct:
                        where = f"each {key} once (first in {first[0]}, line {first[1]}), or distinct = true"
                        self.faults.add(Fault(table.file, line, "", f"“{name}” again", where))
                    continue
                yield tuple(told[c] for c in columns)

    def _figures(self) -> Iterator[tuple[object, ...]]:
        figures: dict[tuple[str, str, str, str], int] = {}
        first: dict[tuple[str, str, str, str], tuple[str, int]] = {}
        for table in self.mapping.returns:
            for line, row in self._rows(table):
                unit = self._text(table, row, table.unit, is_id=True)
                contest = self._text(table, row, table.contest, is_id=True)
                round_ = self._text(table, row, table.round)
                for item, count in self._counts(table, line, row):
                    key = (unit, contest, item, round_)
                    if key in figures and not table.add:
                        where = f"each figure once (first in {first[key][0]}, line {first[key][1]}), or add = true"
                        self.faults.add(Fault(table.file, line, "", f"{item} of {contest} in {unit} again", where))
                        continue
                    first.setdefault(key, (table.file, line))
                    figures[key] = figures.get(key, 0) + count
                    if figures[key] > LARGEST_COUNT:
                        self.faults.add(Fault(table.file, line, "", f"{figures[key]:,}", "at most 2^63 − 1"))
        for (unit, contest, item, round_), count in figures.items():
            yield unit, contest, item, count, round_

    def _counts(self, table: ReturnsTable, line: int, row: Mapping[str, str]) -> Iterator[tuple[str, int]]:
        """Yield the figures of one row; an empty cell is a figure that is not known."""
        if table.count:
            name = self._text(table, row, table.item)
            count = self._number(table, line, row, table.count)
            if count is not None:
                yield self._item(table, name), count
        pattern = re.compile(table.items) if table.items else None
        for column in row if pattern is not None else ():
            match = pattern.fullmatch(column) if pattern is not None else None
            if match is None:
                continue
            count = self._number(table, line, row, column)
            if count is not None:
                groups = {str(n): g or "" for n, g in enumerate(match.groups(), 1)}
                yield self._item(table, _FIELD.sub(lambda m: groups.get(m[1], m[0]), table.item or "{1}")), count  # noqa: B023
        for item, columns in table.lines.items():
            counts = [self._number(table, line, row, c) for c in columns]
            known = [c for c in counts if c is not None]
            if len(known) == len(columns):
                yield item, sum(known)

    def _item(self, table: ReturnsTable, name: str) -> str:
        return table.names.get(name) or (name if name.startswith("@") else as_id(name))

    # ------------------------------------------------------------------ fields of a row

    def _text(self, table: _Table, row: Mapping[str, str], template: str, *, is_id: bool = False) -> str:
        def value(match: re.Match[str]) -> str:
            column, _, name = match[1].partition(":")
            if column not in row:
                self._no_column(table, column, row)
                return ""
            if isinstance(row[column], ComputedCell):
                self._once(Fault(table.file, 0, column, f"the formula “{row[column]}”", "a text"))
            text = row[column].strip()
            if not name:
                return text
            if text not in self.mapping.maps.get(name, {}):
                self._once(Fault(table.file, 0, column, f"“{text}”", f"an entry of [maps.{name}]"))
            return self.mapping.maps.get(name, {}).get(text, "")

        text = _FIELD.sub(value, template).strip()
        return as_id(text) if is_id else text

    def _number(self, table: _Table, line: int, row: Mapping[str, str], column: str) -> int | None:
        if column not in row:
            self._no_column(table, column, row)
            return None
        text = row[column].strip()
        plain = text.replace(table.thousands, "") if table.thousands else text
        plain = (
            plain.replace("\u00a0", "").replace("\u202f", "")
            if table.thousands.strip() == "" and table.thousands
            else plain
        )
        if table.decimal and table.decimal in plain:
            whole, _, part = plain.partition(table.decimal)
            plain = whole if not part.strip("0") else text
        if not plain:
            return None
        if not (plain.isascii() and plain.isdigit() and len(plain) < 20 and int(plain) <= LARGEST_COUNT):
            self.faults.add(Fault(table.file, line, column, f"“{text}”", "a whole number from 0 to 2^63 − 1"))
            return None
        return int(plain)

    def _no_column(self, table: _Table, column: str, row: Mapping[str, str]) -> None:
        self._once(Fault(table.file, table.header, column, "no such column", f"one of {', '.join(row)}"))

    # ------------------------------------------------------------------ rows of a file

    def _rows(self, table: _Table) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Yield (line, column → text) of the rows that a table wants; nothing once there are many faults."""
        only = {column: self._wanted(table, values) for column, values in table.only.items()}
        for line, read_row in self._all_rows(table):
            if self.faults.count > 1000:
                return
            row = self._beside(table, line, read_row)
            missing = [c for c in (*only, *table.unless) if c not in row]
            for column in missing:
                self._no_column(table, column, row)
            if missing:
                return
            if all(row[c].strip() in values for c, values in only.items()) and not any(
                row[c].strip() in values for c, values in table.unless.items()
            ):
                yield line, row

    def _beside(self, table: _Table, line: int, row: Mapping[str, str]) -> Mapping[str, str]:
        """Return a row with the columns of the rows of other files that belong to it."""
        for name, join in table.join.items():
            key = (join.file, join.key)
            if key not in self._joined:
                changes: dict[str, Any] = {
                    "file": join.file,
                    "fixed": join.fixed,
                    "only": {},
                    "unless": {},
                    "join": {},
                    "kind": "",
                }
                changes |= {"header": join.header} if join.header is not None else {}
                changes |= {"delimiter": join.delimiter} if join.delimiter else {}
                other = table.model_copy(update=changes)
                self._joined[key] = {r.get(join.key, "").strip(): r for _, r in self._all_rows(other)}
            value = row.get(join.by, "").strip()
            found = self._joined[key].get(value)
            if found is None:
                self._once(
                    Fault(table.file, line, join.by, f"“{value}”", f"a row of {join.file} with it in {join.key}")
                )
                continue
            row = {**row, **{f"{name}.{column}": text for column, text in found.items()}}
        return row

    def _once(self, fault: Fault) -> None:
        if fault not in self.faults.kept:
            self.faults.add(fault)

    def _wanted(self, table: _Table, values: list[str] | dict[str, str]) -> set[str]:
        if isinstance(values, list):
            return set(values)
        key = (values.get("file", ""), values.get("column", ""))
        if key not in self._values:
            other = table.model_copy(update={"file": key[0], "only": {}, "unless": {}})
            self._values[key] = {row[key[1]].strip() for _, row in self._all_rows(other) if key[1] in row}
        return self._values[key]

    def _all_rows(self, table: _Table) -> Iterator[tuple[int, Mapping[str, str]]]:
        path = self._path(table.file)
        if path is None:
            fault = Fault(table.file, 0, "", "no such file", f"it, or {table.file}.gz, in {self.source}")
            if fault not in self.faults.kept:
                self.faults.add(fault)
            return
        kind = table.kind or (
            "fixed" if table.fixed else {".xlsx": "xlsx", ".parquet": "parquet"}.get(Path(table.file).suffix, "csv")
        )
        try:
            readers = {"csv": _csv_rows, "fixed": _fixed_rows, "xlsx": _xlsx_rows, "parquet": _parquet_rows}
            yield from readers[kind](path, table, self.faults)
        except BadInput as error:
            self.faults.extend(error.changed(lambda fault: replace(fault, file=table.file)))
        except (OSError, EOFError, UnicodeError, LookupError, csv.Error, zlib.error) as error:
            line = _undecodable(path, table.encoding) if isinstance(error, UnicodeError) else 0
            self.faults.add(Fault(table.file, line, "", reason_of(error), f"a {kind} file in {table.encoding}"))

    def _path(self, name: str) -> Path | None:
        if not name or "/" in name or "\\" in name or ".." in name:
            return None
        places = (self.source / name, self.source / f"{name}.gz")
        return next((path for path in places if path.is_file()), None)


def as_id(text: str) -> str:
    """Return a text as an id: small letters, digits, single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _opened(path: Path, encoding: str) -> Any:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding=encoding, newline="")
    return path.open(encoding=encoding, newline="")


def _lines(path: Path, table: _Table) -> Iterator[str]:
    """Yield the lines of a text file, none of them longer than a table has."""
    size = number = 0
    with _opened(path, table.encoding) as file:
        while line := file.readline(_LINE_MOST):
            size, number = size + len(line), number + 1
            TABLE.check(path.name, size)
            if len(line) == _LINE_MOST and not line.endswith("\n"):
                told = f"a line of more than {_LINE_MOST:,} characters"
                raise BadInput([Fault(path.name, number, "", told, "lines of a table")])
            yield line


def _undecodable(path: Path, encoding: str) -> int:
    """Return the first line of a file that is not in an encoding, 0 where that cannot be said."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        for number, line in enumerate(iter(partial(file.readline, _LINE_MOST), b""), 1):
            try:
                line.decode(encoding)
            except UnicodeError:
                return number
    return 0


def _named(
    rows: Iterator[tuple[int, list[str]]], table: _Table, faults: Faults
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield rows by the names of their columns; rows above the header are left out."""
    names: list[str] = []
    for number, (line, row) in enumerate(rows, 1):
        if number < table.header or not any(text.strip() for text in row):
            continue
        if number == table.header:
            names = [name.strip() for name in row]
            filled = [name for name in names if name]
            if len(set(filled)) < len(filled):
                faults.add(Fault(table.file, line, "", "a column twice in the header", "each column once"))
                return
            continue
        names = names or [str(n) for n in range(1, len(row) + 1)]
        if len(row) != len(names):
            faults.add(Fault(table.file, line, "", f"{len(row)} fields", f"{len(names)}, as in the header"))
            continue
        yield line, dict(zip(names, row, strict=True))


def _csv_rows(path: Path, table: _Table, faults: Faults) -> Iterator[tuple[int, Mapping[str, str]]]:
    reader = csv.reader(_lines(path, table), delimiter=table.delimiter, strict=True)
    yield from _named(((reader.line_num, row) for row in reader), table, faults)


def _fixed_rows(path: Path, table: _Table, faults: Faults) -> Iterator[tuple[int, Mapping[str, str]]]:
    last = max(end for _, end in table.fixed.values())
    for number, raw in enumerate(_lines(path, table), 1):
        line = raw.rstrip("\r\n")
        if not line.strip():
            continue
        if len(line) < last:
            faults.add(Fault(table.file, number, "", f"{len(line)} characters", f"at least {last}"))
            continue
        row = {name: line[start - 1 : end].strip() for name, (start, end) in table.fixed.items()}
        yield number, {name: text.lstrip("0") or "0" if name.startswith("n_") else text for name, text in row.items()}


def _xlsx_rows(path: Path, table: _Table, faults: Faults) -> Iterator[tuple[int, Mapping[str, str]]]:
    rows = sheet_rows(path, table.sheet)
    yield from _named(((n, [_cell(value) for value in row]) for n, row in enumerate(rows, 1)), table, faults)


def _cell(value: Any) -> str:
    """Return a cell as text: whole numbers without a point; a day stays a day and is no number, so does a formula."""
    if isinstance(value, ComputedCell):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return "" if value is None else str(value)


def _parquet_rows(path: Path, table: _Table, faults: Faults) -> Iterator[tuple[int, Mapping[str, str]]]:
    parquet = library("pyarrow.parquet", "parquet", "Parquet")
    arrow = library("pyarrow", "parquet", "Parquet")
    try:
        file = parquet.ParquetFile(path)
        line = 0
        for batch in file.iter_batches():
            for row in batch.to_pylist():
                line += 1
                yield line, {name: "" if value is None else str(value) for name, value in row.items()}
    except arrow.ArrowException as error:
        faults.add(Fault(table.file, 0, "", str(error).split("\n")[0], "a Parquet file"))
