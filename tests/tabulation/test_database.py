"""Totals by the database and by NumPy are the same totals, on random trees with everything that a case may hold."""

import gzip
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from oracle.cases import Row, csv, folder, votes
from sailau.counting import count
from sailau.election import Election, open_case
from sailau.election.case import read_case
from sailau.election.files import Folder
from sailau.rulebook import BadInput, Law
from sailau.tabulation import Tabulation, tabulate

LAW, DAY = "kz/mazhilis", "2023-03-19"
PARTIES = [{"party": p} for p in "abc"]
LINES = ("@registered", "@issued", "@cast", "@invalid", "@valid", "@against_all", "@home", "@home_requests")


def tree(random: Random) -> list[dict[str, object]]:
    """Return units of up to four levels, stations within stations and stations that count in another district."""
    units: list[dict[str, object]] = [{"unit": f"r{n}", "level": "region"} for n in range(random.randint(1, 2))]
    units += [{"unit": f"d{n}", "parent": random.choice(units)["unit"], "level": "district"} for n in range(3)]
    above = [u["unit"] for u in units]
    for n in range(random.randint(1, 9)):
        station = {"unit": f"s{n}", "parent": random.choice([*above, "s0" if n > 6 else "d0"]), "level": "precinct"}
        if random.random() < 0.2:
            station["district_single"] = f"d{random.randrange(3)}"
        units.append(station)
    return units


def protocol(random: Random, contest: str, unit: str, round_: int, largest: int) -> list[Row]:
    """Return the lines of one protocol, mostly one that adds up."""
    options = {o: random.randint(0, largest) for o in "abc" if random.random() < 0.9}
    lines = {"@against_all": random.randint(0, 9), "@invalid": random.randint(0, 9), "@home_requests": 5}
    valid = sum(options.values()) + lines["@against_all"]
    lines |= {"@valid": valid, "@cast": valid + lines["@invalid"]}
    lines |= {
        "@issued": lines["@cast"] + random.choice((0, 1)),
        "@registered": lines["@cast"] + 3,
        "@home": random.choice((4, 4, 6)),
    }
    if random.random() < 0.4:
        lines[random.choice(list(lines))] = random.randint(0, largest)
    kept = {**options, **{k: v for k, v in lines.items() if random.random() < 0.9 and v < 2**63}}
    return votes(contest, kept, unit, round_)


def random_case(seed: int, largest: int) -> dict[str, Any]:
    random = Random(seed)
    units = tree(random)
    stations = [str(u["unit"]) for u in units if u["level"] == "precinct"]
    rows: list[Row] = []
    told: list[dict[str, object]] = []
    for unit in stations:
        for contest in ("list", "single"):
            for version in range(1, random.choice((0, 1, 1, 1, 2, 3)) + 1):
                rows += [(*row, version) for row in protocol(random, contest, unit, 1, largest)]
                if random.random() < 0.15:
                    told.append(
                        {
                            "unit": unit,
                            "contest": contest,
                            "version": version,
                            "status": random.choice(("void", "superseded")),
                        }
                    )
        if random.random() < 0.1:
            told.append(
                {
                    "unit": unit,
                    "contest": "",
                    "version": 1,
                    "status": random.choice(("missing", "void")),
                    "reason": "a, b",
                }
            )
    if random.random() < 0.3:
        rows += [(*row, 1) for row in votes("list", {"a": 5, "@cast": 5}, random.choice(("r0", "d1", "")))]
    if random.random() < 0.2:
        rows += [(*row, 1) for row in votes("single", {"a": 5, "b": 1}, "d2", 2)]
    if not rows:
        rows = votes("list", {"a": 1}, stations[0])
    return {"rows": rows, "units": units, "told": told}


def in_memory(made: dict[str, Any]) -> Folder:
    columns = ("unit", "contest", "version", "status", "reason")
    files = {
        "protocols.csv": csv(",".join(columns), ([f'"{row.get(c, "")}"' for c in columns] for row in made["told"]))
    }
    return folder(LAW, DAY, made["rows"], units=made["units"], parties=PARTIES, files=files)


def on_disk(path: Path, held: Folder, *, parquet: bool) -> Path:
    """Write a case with tables that only a database reads."""
    path.mkdir()
    for name, data in held.files.items():
        if name not in ("units.csv", "returns.csv", "protocols.csv"):
            (path / name).write_bytes(data)
        elif not parquet:
            (path / f"{name}.gz").write_bytes(gzip.compress(data))
        else:
            numbers = {"count": pa.int64(), "round": pa.int8(), "version": pa.int16()}
            names = data.split(b"\n", 1)[0].decode().split(",")
            types = {n: numbers.get(n, pa.string()) for n in names}
            options = pyarrow.csv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=[""])
            table = pyarrow.csv.read_csv(pa.BufferReader(data), convert_options=options)
            pyarrow.parquet.write_table(table, path / name.replace(".csv", ".parquet"))
    return path


def told(tabulation: Tabulation, units: list[str]) -> Any:
    """Return everything of a tabulation that both roads must give alike."""
    figures = {
        (key, unit, item): total.figure(unit, item)
        for key, total in tabulation.totals.items()
        for unit in units
        for item in total.items
    }
    listed = {
        (key, unit, item)
        for key, total in tabulation.totals.items()
        for unit in units
        for item, is_listed in zip(total.items, total.listed[total.place(unit)], strict=True)
        if is_listed
    }
    found = sorted((f.code, f.contest, f.unit, tuple(f.values.items())) for f in tabulation.findings)
    excluded = sorted((e.unit, e.contest, e.version, e.status, e.reason) for e in tabulation.excluded)
    return figures, listed, found, excluded


@pytest.mark.parametrize("largest", [50, 2**53 + 1, 2**62])
@pytest.mark.parametrize("parquet", [False, True])
def test_both_roads_give_the_same(tmp_path: Path, largest: int, parquet: bool) -> None:
    agreed = 0
    for seed in range(6):
        made = random_case(seed * 3 + largest % 97, largest)
        held = in_memory(made)
        path = on_disk(tmp_path / f"{seed}", held, parquet=parquet)
        small = read_case(held)
        large = open_case(path)
        assert large.tables is not None
        assert all(
            u.level != "precinct" or any(v.parent == u.id for v in small.units.values()) for u in large.units.values()
        )
        law = small.own_law()
        upper = ["", *large.units]
        expected, refused = attempt(small, law, upper)
        found, also_refused = attempt(large, law, upper)
        assert also_refused == {(line - parquet, *rest) for line, *rest in refused}
        assert found == expected
        agreed += not refused
    assert agreed > 2


def attempt(election: Election, law: Law, units: list[str]) -> tuple[Any, set[tuple[int, str, str]]]:
    """Return a tabulation, or the faults for which it is refused."""
    try:
        return told(tabulate(election, law), units), set()
    except BadInput as error:
        return None, {(f.line, f.found, f.expected) for f in error}


def test_a_count_of_tables_is_the_count_of_the_case(tmp_path: Path) -> None:
    held = in_memory(random_case(4, 900))
    small, large = read_case(held), open_case(on_disk(tmp_path / "large", held, parquet=True))
    expected, found = (count(e.own_law(), e).to_json() for e in (small, large))
    for key in ("seats", "contests", "status", "elected", "undetermined"):
        assert found[key] == expected[key]


def tabulated(path: Path) -> Tabulation:
    election = open_case(path)
    return tabulate(election, election.own_law())


RETURNS = votes("list", {"a": 6, "b": 3, "@cast": 9}, "s1") + votes("list", {"a": 1, "@cast": 1}, "s2")
UNITS = [{"unit": "d1", "level": "district"}, *({"unit": f"s{n}", "parent": "d1", "level": "precinct"} for n in (1, 2))]


def faults(path: Path, name: str, data: bytes, *, zipped: bool = True) -> list[tuple[str, int, str]]:
    """Return the faults of a sound case in which one table is replaced."""
    held = folder(LAW, DAY, RETURNS, units=UNITS, parties=PARTIES, files={"protocols.csv": b"unit,status\n"})
    on_disk(path / "case", held, parquet=False)
    if zipped:
        (path / "case" / f"{name}.gz").write_bytes(gzip.compress(data))
    else:
        (path / "case" / f"{name}.gz").unlink()
        (path / "case" / name).write_bytes(data)
    with pytest.raises(BadInput) as refused:
        tabulated(path / "case")
    return [(f.file, f.line, f.field) for f in refused.value]


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        (
            "returns.csv",
            b"unit,contest,item,count\ns1,list,a,1\ns1,list,b,x\ns2,list,a,-1\n",
            [(3, "count"), (4, "count")],
        ),
        ("returns.csv", b"unit,contest,item,count\ns1,list,a,1.5\n", [(2, "count")]),
        ("returns.csv", b"unit,contest,item,count\ns1,list,a,9223372036854775808\n", [(2, "count")]),
        ("returns.csv", b"unit,contest,item,count\ns1,lists,a,1\n", [(2, "contest")]),
        ("returns.csv", b"unit,contest,item,count\ns1,list,a,1\ns1,list,q,1\n", [(3, "item")]),
        ("returns.csv", b"unit,contest,item,count\ns1,list,@casts,1\n", [(2, "item")]),
        ("returns.csv", b"unit,contest,item,count\ns1,list,a,1\ns9,list,a,1\n", [(3, "unit")]),
        ("returns.csv", b"unit,contest,item,count\ns1,list,a,1\ns2,list,a,1\ns1,list,a,2\n", [(4, "")]),
        ("returns.csv", b"unit,contest,item,count,round\ns1,list,a,1,3\n", [(2, "round")]),
        ("returns.csv", b"unit,contest,item,votes\ns1,list,a,1\n", [(1, ""), (1, "votes")]),
        ("returns.csv", b"unit,contest,item,count\ns1,list,a\ns1,list,b,1\n", [(2, "")]),
        ("units.csv", b"unit,parent,level\nd1,,district\ns1,d1,precinct\ns2,d7,precinct\n", [(4, "parent")]),
        (
            "units.csv",
            b"unit,parent,level\nd1,,district\ns1,d1,precinct\ns2,d1,precinct\ns1,d1,precinct\n",
            [(5, "unit")],
        ),
        (
            "units.csv",
            b"unit,parent,level\nd1,,district\ns1,d1,precinct\ns2,d1,precinct\nd1,,district\n",
            [(5, "unit")],
        ),
        ("protocols.csv", b"unit,status\ns1,void\ns2,lost\n", [(3, "status")]),
        ("protocols.csv", b"unit,status\ns7,void\n", [(2, "unit")]),
    ],
)
def test_a_fault_of_a_table_has_its_line(
    tmp_path: Path, name: str, data: bytes, expected: list[tuple[int, str]]
) -> None:
    assert faults(tmp_path, name, data) == [(f"{name}.gz", *place) for place in expected]


@pytest.mark.parametrize("data", [b"PAR1 is not all of it", b"", b"unit,contest\n\xff\xfe\x00\n"])
def test_a_file_that_is_no_table_is_one_fault(tmp_path: Path, data: bytes) -> None:
    held = folder(LAW, DAY, RETURNS, units=UNITS, parties=PARTIES)
    on_disk(tmp_path / "case", held, parquet=True)
    (tmp_path / "case" / "returns.parquet").write_bytes(data)
    with pytest.raises(BadInput) as refused:
        tabulate(open_case(tmp_path / "case"))
    (fault,) = refused.value.faults
    assert fault.file == "returns.parquet"


def test_a_parquet_column_of_another_type_is_named(tmp_path: Path) -> None:
    held = folder(LAW, DAY, RETURNS, units=UNITS, parties=PARTIES)
    on_disk(tmp_path / "case", held, parquet=True)
    table = pa.table({"unit": ["s1"], "contest": ["list"], "item": ["a"], "count": [1.0]})
    pyarrow.parquet.write_table(table, tmp_path / "case" / "returns.parquet")
    with pytest.raises(BadInput, match="DOUBLE"):
        tabulate(open_case(tmp_path / "case"))


def test_parts_of_a_table_give_the_same_totals_whatever_they_are_called(tmp_path: Path) -> None:
    held = in_memory(random_case(4, 900))
    small = read_case(held)
    law = small.own_law()
    expected = None
    for order in (1, -1):
        path = on_disk(tmp_path / f"{order}", held, parquet=True)
        whole = pyarrow.parquet.read_table(path / "returns.parquet")
        (path / "returns.parquet").unlink()
        (path / "returns.parquet").mkdir()
        for name, start in zip("abc"[::order], range(0, len(whole), len(whole) // 3 + 1), strict=True):
            pyarrow.parquet.write_table(
                whole.slice(start, len(whole) // 3 + 1), path / "returns.parquet" / f"{name}.parquet"
            )
        large = open_case(path)
        expected = expected or told(tabulate(small, law), ["", *large.units])
        assert told(tabulate(large, law), ["", *large.units]) == expected


def test_a_table_in_two_files_is_refused(tmp_path: Path) -> None:
    held = folder(LAW, DAY, RETURNS, units=UNITS, parties=PARTIES)
    on_disk(tmp_path / "case", held, parquet=True)
    (tmp_path / "case" / "returns.csv").write_bytes(held.files["returns.csv"])
    with pytest.raises(BadInput, match="each table in one file"):
        open_case(tmp_path / "case")


def test_many_items_are_added_up_one_by_one(tmp_path: Path) -> None:
    parties = [{"party": f"p{n}"} for n in range(200)]
    rows = [r for s in ("s1", "s2") for r in votes("list", {f"p{n}": n for n in range(200)} | {"@cast": 19900}, s)]
    held = folder(LAW, DAY, rows, units=UNITS, parties=parties)
    small, large = read_case(held), open_case(on_disk(tmp_path / "case", held, parquet=True))
    law = small.own_law()
    assert told(tabulate(large, law), ["", "d1"]) == told(tabulate(small, law), ["", "d1"])
