"""Tabulating many stations against the database's own GROUP BY over the same file, as ratios in one run.

    python benchmarks/tabulation.py [STATIONS]          100,000 when left out; a million is some minutes of a small machine

Five contests, thirteen lines each, five levels of units, each piece of work in a process of its own, its start included: the
database's `GROUP BY ALL` of the returns; the same by Polars in streams; the whole tabulation (standing versions, relations of
the form, levels) with the count; the same with every protocol broken; a quarter of the stations from CSV, beside reading that
file with types.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars

from sailau.counting import count
from sailau.election import open_case
from sailau.election.large import source
from sailau.rulebook.book import read
from sailau.simulation.stations import Flaws, generate

DAY = date(2024, 3, 17)
LAW = """schema = 1
[body]
id = "xx/chamber"
kind = "chamber"
name = { en = "Chamber" }
cite = "Act 1"
[sources.Act]
title = { en = "Act" }
""" + "".join(
    f"""[[contest]]
id = "list-{n}"
ballot = "list"
level = ""
cite = "Act 2"
[[tier]]
id = "list-{n}"
contest = "list-{n}"
cite = "Act 3"
seats = {{ value = 100, cite = "Act 3" }}
formula = {{ method = "largest-remainder", cite = "Act 4" }}
"""
    for n in range(1, 6)
)


def base(folder: Path) -> None:
    """Run the database's own query over the returns."""
    database = duckdb.connect()
    database.execute("SET enable_progress_bar = false")
    sql = f'SELECT unit, contest, item, sum("count") FROM {source(folder / "returns.parquet")} GROUP BY ALL'
    print(f"{database.execute(f'SELECT count(*) FROM ({sql})').fetchall()[0][0]:,} groups")


def streaming(folder: Path) -> None:
    """Run the same by Polars, in streams."""
    lines = polars.scan_parquet(folder / "returns.parquet").group_by("unit", "contest", "item")
    print(lines.agg(polars.col("count").sum()).select(polars.len()).collect(engine="streaming").item())


def typed(folder: Path) -> None:
    """Read the CSV file with the types of its columns."""
    database = duckdb.connect()
    database.execute("SET enable_progress_bar = false")
    kinds = {"unit": "VARCHAR", "contest": "VARCHAR", "item": "VARCHAR", "count": "BIGINT", "version": "SMALLINT"}
    table = f"read_csv('{folder / 'returns.csv'}', header = true, auto_detect = false, columns = {kinds})"
    print(database.execute(f'SELECT max(unit), max(contest), max(item), sum("count") FROM {table}').fetchall())


def ours(folder: Path) -> None:
    """Check, add up and count a case."""
    election = open_case(folder)
    print(f"{len(count(election.own_law(), election).findings):,} findings told")


WORK: dict[str, Callable[[Path], None]] = {"base": base, "streaming": streaming, "typed": typed, "ours": ours}


def measured(name: str, folder: Path) -> tuple[float, float, float]:
    """Do a piece of work in a process of its own; return seconds, seconds of the processors, and megabytes."""
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, __file__, name, str(folder)], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{name} ended with {status}")
    return time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main(stations: int) -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as place:
        law = Path(place) / "law.toml"
        law.write_text(LAW, encoding="utf-8")
        clean, broken, text = (Path(place) / name for name in ("clean", "broken", "text"))
        every = Flaws(*(read_share(s) for s in ("1", "0", "0", "0")))
        generate(clean, read(law), DAY, stations, parquet=True)
        generate(broken, read(law), DAY, stations, parquet=True, flaws=every)
        generate(text, read(law), DAY, max(stations // 4, 1), parquet=False)
        figures = {
            name: min(measured(name.split()[0], folder) for _ in range(2))
            for name, folder in (
                ("base", clean),
                ("streaming", clean),
                ("ours", clean),
                ("ours broken", broken),
                ("typed text", text),
                ("ours text", text),
            )
        }
        print(f"{stations:,} stations; time and processors beside the first line, largest memory")
        for name, other in (
            ("base", "base"),
            ("streaming", "base"),
            ("ours", "base"),
            ("ours broken", "ours"),
            ("ours text", "typed text"),
        ):
            ratios = [figures[name][k] / figures[other][k] for k in (0, 1)]
            print(f"{name:12} beside {other:12}{ratios[0]:6.2f}{ratios[1]:6.2f}{figures[name][2]:10,.0f} MB")


def read_share(text: str) -> Any:
    """Return a share of protocols."""
    from fractions import Fraction

    return Fraction(text)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        WORK[sys.argv[1]](Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
