"""A made-up election of any size, station by station: for trying a tabulation before the night, never for a result.

Everything in it says that it is synthetic. The same seed gives the same figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, fields
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sailau.election.writing import to_csv, to_toml
from sailau.extras import library
from sailau.rulebook import BadInput, Book, Fault, Law
from sailau.rulebook.limits import UNITS
from sailau.rulebook.provision import share
from sailau.writing import whole_folder

_STATIONS_OF_AREA = 40
_LISTS = 7
_LINES = ("@registered", "@received", "@issued", "@cancelled", "@cast", "@invalid")
SYNTHETIC = "Synthetic election: made up by a program, nobody voted"


@dataclass(frozen=True, slots=True)
class Flaws:
    """Which share of the protocols is not as it should be.

    Attributes:
        wrong: one digit of one line is another.
        corrected: a first version with a wrong digit was followed by a second one.
        late: came in after midnight.
        missing: never came in.
    """

    wrong: Fraction = Fraction(4, 1000)
    corrected: Fraction = Fraction(10, 1000)
    late: Fraction = Fraction(20, 1000)
    missing: Fraction = Fraction(5, 1000)


def read_flaws(texts: Sequence[str]) -> Flaws:
    """Read shares such as `wrong=1%`.

    Raises:
        BadInput: no such flaw, or no share.
    """
    names = [f.name for f in fields(Flaws)]
    chosen = {}
    for text in texts:
        name, _, value = text.partition("=")
        try:
            chosen[name] = share(value)
        except ValueError:
            chosen[name] = Fraction(-1)
        if name not in names or not 0 <= chosen[name] <= 1:
            raise BadInput(
                [Fault("--share", 0, "", f"“{text}”", f"one of {', '.join(names)} and a share, such as wrong=1%")]
            )
    return Flaws(**chosen)


@dataclass
class _Tree:
    """Units: regions, the districts of ballot papers in them, areas, stations."""

    law: Law
    stations: int
    rows: list[tuple[str, str, str, str]] = field(default_factory=list)
    district_of: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        regions = max(1, min(20, self.stations // 100))
        levels = [c.level for c in self.law.contest if c.level and c.level != "region"]
        tiers = {c.level: self.law.tiers_of(c.id) for c in self.law.contest}
        self.rows += [(f"r{n + 1}", "", "region", f"Synthetic region {n + 1}") for n in range(regions)]
        above = [f"r{n + 1}" for n in range(regions)]
        for level in dict.fromkeys(levels):
            fixed = [t.seats.districts for t in tiers[level] if t.seats.districts]
            number = max(fixed[0] if fixed else 2 * len(above), 1)
            inner = [f"{level}-{n + 1}" for n in range(number)]
            self.rows += [
                (u, above[n * len(above) // number], level, f"Synthetic {level} {n + 1}") for n, u in enumerate(inner)
            ]
            above = inner
        areas = max(len(above), -(-self.stations // _STATIONS_OF_AREA))
        self.areas = [f"a{n + 1}" for n in range(areas)]
        self.rows += [
            (u, above[n * len(above) // areas], "area", f"Synthetic area {n + 1}") for n, u in enumerate(self.areas)
        ]

    def stations_of_regions(self) -> Iterator[tuple[str, NDArray[np.int64]]]:
        """Yield each unit right below the whole with its stations, by their number."""
        parent = {unit: above for unit, above, *_ in self.rows}
        tops = []
        for area in self.areas:
            top = area
            while parent[top]:
                top = parent[top]
            tops.append(top)
        top_of = np.array(tops)[np.arange(self.stations) * len(self.areas) // self.stations]
        for top in dict.fromkeys(tops):
            yield top, np.flatnonzero(top_of == top)

    def stations_rows(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield the stations, each in its area."""
        areas = len(self.areas)
        for n in range(self.stations):
            yield f"s{n + 1}", self.areas[n * areas // self.stations], "precinct", f"Synthetic station {n + 1}"


def generate(
    folder: Path,
    book: Book,
    day: date,
    stations: int,
    *,
    seed: int = 1,
    flaws: Flaws = Flaws(),
    parquet: bool | Literal["parts"] = False,
) -> Path:
    """Write a made-up case and return its path.

    Args:
        folder: a new folder.
        book: the law.
        day: polling day.
        stations: how many polling stations.
        seed: the same seed gives the same election.
        flaws: which share of the protocols is wrong, corrected, late or missing.
        parquet: units and returns as Parquet, for many stations; `parts`: the returns in one file for each region.

    Raises:
        BadInput: the folder is not empty, the law does not govern the day, or too many stations.
    """
    law = book.on(day)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput([Fault(str(folder), 0, "", "a folder that is not empty", "a new folder")])
    if not 1 <= stations <= UNITS.most * 9 // 10:
        raise BadInput([Fault("--stations", 0, "", str(stations), f"from 1 to {UNITS.most * 9 // 10:,}")])
    made = _Made(law, _Tree(law, stations), np.random.default_rng([seed, stations]), flaws)
    with whole_folder(folder) as beside:
        for name, text in made.texts(book).items():
            (beside / name).write_text(text, encoding="utf-8", newline="")
        if parquet:
            _write_parquet(beside, made, in_parts=parquet == "parts")
        else:
            _write_csv(beside, made)
    return folder


class _Made:
    """The figures: columns of one entry per line of the returns."""

    def __init__(self, law: Law, tree: _Tree, chance: np.random.Generator, flaws: Flaws) -> None:
        self.law, self.tree, self.chance, self.flaws = law, tree, chance, flaws
        self.parties = [f"list-{n + 1}" for n in range(_LISTS)]
        self.contests = [c for c in law.contest if all(t.formula.method != "declared" for t in law.tiers_of(c.id))]
        size = tree.stations
        self.voters = np.clip(chance.lognormal(6.6, 0.75, size), 20, 3000).astype(np.int64)
        area = np.arange(size) * len(tree.areas) // size
        self.turnout = np.clip(
            0.62 + chance.normal(0, 0.06, len(tree.areas))[area] + chance.normal(0, 0.05, size), 0.2, 0.97
        )
        self.issued = chance.binomial(self.voters, self.turnout)
        self.leaning = chance.normal(0, 0.25, (len(tree.areas), 32))[area]
        self.missing = chance.random(size) < float(flaws.missing)
        self.late = ~self.missing & (chance.random(size) < float(flaws.late))
        self.protocols: list[tuple[object, ...]] = [
            (f"s{n + 1}", "", 1, "missing", "", "synthetic: not received") for n in np.flatnonzero(self.missing)
        ]
        next_day = date.fromordinal(law.day.toordinal() + 1)
        self.protocols += [
            (f"s{n + 1}", "", 1, "standing", f"{next_day}T09:00", "synthetic: late") for n in np.flatnonzero(self.late)
        ]

    def texts(self, book: Book) -> dict[str, str]:
        """Return the small files."""
        own = book.path.parent.parent.name != "books"
        law = "./law.toml" if own else self.law.id
        lines = [f"law = {to_toml(law)}", f"day = {self.law.day.isoformat()}", f"title.en = {to_toml(SYNTHETIC)}"]
        lines += [f"notes = [{to_toml(SYNTHETIC + '.')}]", "synthetic = true"]
        texts = {"case.toml": "\n".join(lines) + "\n"}
        if own:
            texts["law.toml"] = book.parts[book.path.name]
        day = self.law.day.toordinal()
        rows = [(p, f"Synthetic list {n + 1}", date.fromordinal(day - 40 + n)) for n, p in enumerate(self.parties)]
        texts["parties.csv"] = to_csv([("party", "name_en", "registered"), *rows])
        return texts

    def blocks(self) -> Iterator[tuple[str, Sequence[str], NDArray[np.int64], NDArray[np.bool_]]]:
        """Yield for each contest and version: its items, (stations, items) figures, which stations have them."""
        for place, contest in enumerate(self.contests):
            options = list(contest.answers) or self.parties
            items = [*options, *(["@against_all"] if contest.against_all else []), *_LINES]
            figures = self._figures(place, len(options), contest.against_all)
            there = ~self.missing
            wrong = there & (self.chance.random(len(there)) < float(self.flaws.wrong))
            corrected = there & ~self.late & (self.chance.random(len(there)) < float(self.flaws.corrected))
            for n in np.flatnonzero(corrected):
                self.protocols.append(
                    (f"s{n + 1}", contest.id, 1, "superseded", "", "synthetic: a figure was corrected")
                )
            yield contest.id, items, self._misread(figures, wrong | corrected), there
            if corrected.any():
                yield f"{contest.id}/2", items, figures, corrected

    def _figures(self, place: int, options: int, against_all: bool) -> NDArray[np.int64]:
        chance = self.chance
        issued = self.issued
        cast = issued - (chance.random(len(issued)) < 0.01)
        invalid = chance.binomial(np.maximum(cast, 0), 0.015)
        weights = np.exp(self.leaning[:, :options] - 0.45 * np.arange(options) + 0.1 * place)
        choices = (
            np.concatenate([weights, 0.05 * weights.sum(axis=1, keepdims=True)], axis=1) if against_all else weights
        )
        votes = chance.multinomial(np.maximum(cast - invalid, 0), choices / choices.sum(axis=1, keepdims=True))
        received = (self.voters * 101 + 99) // 100
        lines = [self.voters, received, issued, received - issued, np.maximum(cast, 0), invalid]
        return np.concatenate([votes, np.stack(lines, axis=1)], axis=1)

    def _misread(self, figures: NDArray[np.int64], where: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Exchange one digit of one figure of some stations."""
        rows = np.flatnonzero(where)
        changed = figures.copy()
        column = self.chance.integers(0, figures.shape[1], len(rows))
        value = changed[rows, column]
        unit = 10 ** np.minimum(self.chance.integers(0, 3, len(rows)), np.log10(np.maximum(value, 1)).astype(np.int64))
        digit = value // unit % 10
        changed[rows, column] = value + ((digit + self.chance.integers(1, 10, len(rows))) % 10 - digit) * unit
        return changed

    def seats(self) -> list[str]:
        """Return the contests whose seats stand in units.csv."""
        return [c.id for c in self.contests if c.level and any(t.seats.column for t in self.law.tiers_of(c.id))]


_UNIT = ("unit", "parent", "level", "name_en")
_PROTOCOL = ("unit", "contest", "version", "status", "received", "reason")


def _unit_rows(made: _Made) -> Iterator[tuple[object, ...]]:
    levels = {c.id: c.level for c in made.contests}
    for row in (*made.tree.rows, *made.tree.stations_rows()):
        yield (*row, *(20 if row[2] == levels[contest] else None for contest in made.seats()))


def _write_csv(folder: Path, made: _Made) -> None:
    with (folder / "returns.csv").open("w", encoding="utf-8", newline="") as file:
        file.write("unit,contest,item,count,version\n")
        for name, items, figures, there in made.blocks():
            contest, _, version = name.partition("/")
            for n in np.flatnonzero(there):
                row = figures[n].tolist()
                file.writelines(f"s{n + 1},{contest},{i},{v},{version or 1}\n" for i, v in zip(items, row, strict=True))
    header = (*_UNIT, *(f"seats_{c}" for c in made.seats()))
    (folder / "units.csv").write_text(to_csv([header, *_unit_rows(made)]), encoding="utf-8", newline="")
    (folder / "protocols.csv").write_text(to_csv([_PROTOCOL, *made.protocols]), encoding="utf-8", newline="")


def _write_parquet(folder: Path, made: _Made, *, in_parts: bool) -> None:
    pa, pq = library("pyarrow", "parquet", "--parquet"), library("pyarrow.parquet", "parquet", "--parquet")
    schema = pa.schema(
        [
            ("unit", pa.string()),
            ("contest", pa.string()),
            ("item", pa.string()),
            ("count", pa.int64()),
            ("version", pa.int16()),
        ]
    )
    names = np.array([f"s{n + 1}" for n in range(made.tree.stations)])
    where = folder / "returns.parquet"
    regions = {"": np.arange(made.tree.stations)}
    if in_parts:
        where.mkdir()
        regions = dict(made.tree.stations_of_regions())
    with ExitStack() as open_files:
        writers = {
            region: open_files.enter_context(
                pq.ParquetWriter(where / f"{region}.parquet" if in_parts else where, schema, compression="zstd")
            )
            for region in regions
        }
        for name, items, figures, there in made.blocks():
            contest, _, version = name.partition("/")
            told = (contest, items, int(version or 1))
            for region, stations in regions.items():
                chosen = stations[there[stations]]
                for part in np.array_split(chosen, max(1, len(chosen) // 100_000)):
                    writers[region].write_table(_returns_table(pa, schema, names[part], told, figures[part]))
    rows = list(_unit_rows(made))
    header = (*_UNIT, *(f"seats_{c}" for c in made.seats()))
    pq.write_table(pa.table({n: [row[k] for row in rows] for k, n in enumerate(header)}), folder / "units.parquet")
    (folder / "protocols.csv").write_text(to_csv([_PROTOCOL, *made.protocols]), encoding="utf-8", newline="")


def _returns_table(pa: Any, schema: Any, units: Any, said: tuple[str, Sequence[str], int], figures: Any) -> Any:
    contest, items, version = said
    size, width = figures.shape
    item = pa.DictionaryArray.from_arrays(pa.array(np.tile(np.arange(width, dtype=np.int32), size)), pa.array(items))
    unit = pa.DictionaryArray.from_arrays(pa.array(np.repeat(np.arange(size, dtype=np.int32), width)), pa.array(units))
    columns = [
        unit.cast(pa.string()),
        pa.array([contest]).take(pa.array(np.zeros(size * width, np.int32))),
        item.cast(pa.string()),
        pa.array(figures.ravel()),
        pa.array(np.full(size * width, version, np.int16)),
    ]
    return pa.Table.from_arrays(columns, schema=schema)
