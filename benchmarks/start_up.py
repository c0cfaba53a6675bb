"""Start-up and single counts: ratios against the bare imports, and times inside one process.

Whole processes are started in turn, Sailau and `import numpy, pydantic` one after the other, so that both see the same
machine; the figure is the ratio of the medians. Run it alone: `python benchmarks/start_up.py [RUNS]`.
Wanted: help at most 0.7 times the imports, a count as a whole process at most 1.6 times; why it is more, and what it is
made of: `docs/decisions/0015-start-up.md`. A count with its explanation under 2 ms in a process.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

CASE = "mazhilis-2023"
LIST = "auyl"
IMPORTS = [sys.executable, "-c", "import numpy, pydantic"]
COMMANDS = {
    "--help": [sys.executable, "-m", "sailau", "--help"],
    "count (text)": [sys.executable, "-m", "sailau", "count", CASE],
    "count --json": [sys.executable, "-m", "sailau", "count", CASE, "--json"],
    "explain": [sys.executable, "-m", "sailau", "explain", CASE, LIST],
}


def seconds(command: list[str]) -> float:
    """Return how long one process takes, start to end."""
    # Compiled modules are kept, as on any machine in use.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start


def processes(runs: int) -> None:
    """Print the ratio of every command to the bare imports."""
    print("| process | median ms | times the imports |")
    print("| --- | ---: | ---: |")
    for name, command in COMMANDS.items():
        seconds(command)
        pairs = [(seconds(IMPORTS), seconds(command)) for _ in range(runs)]
        base, mine = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"| {name} | {mine * 1e3:.0f} | {mine / base:.2f} |")
    print(f"| imports alone | {base * 1e3:.0f} | 1 |")


def inside(runs: int) -> None:
    """Print the time of a count, of one explanation and of margins inside a process."""
    from sailau.counting import count
    from sailau.election import open_case
    from sailau.wording import explain

    election = open_case(CASE)
    law = election.own_law()
    explain(count(law, election), LIST)
    times: dict[str, list[float]] = {
        "count": [],
        "count and every step": [],
        "margins of all lists": [],
        "explanation": [],
    }
    for _ in range(runs):
        start = time.perf_counter()
        outcome = count(law, election)
        counted = time.perf_counter()
        outcome.margins.of("list", "")
        margins = time.perf_counter()
        explain(outcome, LIST)
        done = time.perf_counter()
        times["count"].append(counted - start)
        times["margins of all lists"].append(margins - counted)
        times["explanation"].append(done - margins)
        times["count and every step"].append(counted - start + done - margins)
    print("\n| inside a process | median ms |\n| --- | ---: |")
    for name, values in times.items():
        print(f"| {name} | {statistics.median(values) * 1e3:.2f} |")


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    processes(number)
    inside(20 * number)
