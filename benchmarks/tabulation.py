"""Tabulating many stations against the database's own GROUP BY over the same file, as ratios in one run.

    python benchmarks/tabulation.py [STATIONS]          100,000 when left out; a million is half an hour of a small machine

Five contests, thirteen lines each, five levels of units. Three times: the database's `GROUP BY ALL` of the returns, the whole
tabulation (standing versions, relations of the form, levels) with the count, and the same with every protocol broken.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

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


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long some work takes, and what it gives."""
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def group_by(path: Path) -> int:
    """Return how many groups the database's own query makes of a table."""
    with tempfile.TemporaryDirectory() as spill:
        database = duckdb.connect(config={"temp_directory": spill})
        database.execute("SET enable_progress_bar = false")
        sql = f'SELECT count(*) FROM (SELECT unit, contest, item, sum("count") FROM {source(path)} GROUP BY ALL)'
        row = database.execute(sql).fetchone()
        database.close()
    return int(row[0]) if row else 0


def counted(folder: Path) -> Any:
    """Count a case whose tables the database reads."""
    election = open_case(folder)
    return count(election.own_law(), election)


def main(stations: int) -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as place:
        law = Path(place) / "law.toml"
        law.write_text(LAW, encoding="utf-8")
        clean, broken = Path(place) / "clean", Path(place) / "broken"
        generate(clean, read(law), DAY, stations, parquet=True)
        generate(
            broken, read(law), DAY, stations, parquet=True, flaws=Flaws(*(read_share(s) for s in ("1", "0", "0", "0")))
        )
        base, groups = timed(lambda: group_by(clean / "returns.parquet"))
        ours, outcome = timed(lambda: counted(clean))
        worst, _ = timed(lambda: counted(broken))
        again, _ = timed(lambda: group_by(clean / "returns.parquet"))
        base = min(base, again)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{stations:,} stations, {groups:,} lines, {len(outcome.findings):,} findings told")
        print(f"GROUP BY ALL        1.00   ({base:.2f} s)")
        print(f"tabulate and count  {ours / base:.2f}   ({ours:.2f} s)")
        print(f"every one broken    {worst / ours:.2f} of the clean time")
        print(f"largest memory      {memory:,.0f} MB, the base query included")


def read_share(text: str) -> Any:
    """Return a share of protocols."""
    from fractions import Fraction

    return Fraction(text)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
