"""The same simulation on many machines: blocks of draws as tasks of a Dask cluster, reduced where they are counted.

A task counts some blocks and sends back a tally of a few kilobytes. A block depends on the seed and its number alone and a
task carries all it needs, so that a task lost with its worker is counted again by another one, to the same numbers. The
scheduler and the workers must run the same Sailau, NumPy and Python. A task holds no name, birth date or other fact of a
person: see `without_persons`.
"""

from __future__ import annotations

import copyreg
import pickle
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from socket import create_connection
from time import perf_counter
from types import MappingProxyType
from typing import Any

from sailau.counting import Plan
from sailau.election.model import Candidate, Election, Party
from sailau.extras import library
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.faults import reason_of
from sailau.simulation.draws import about
from sailau.simulation.run import Job, Progress, kept, tallies_of, together
from sailau.simulation.tally import Tally
from sailau.writing import whole_folder

_TASK_DRAWS = 2**19
"""Elections of one task, about: a tenth of a second of work, many times the cost of sending it."""
_TASKS_AHEAD = 4
"""Tasks waiting for each thread of the cluster: enough to keep it busy, few enough to keep memory flat."""
_RETRIES = 5
_PATIENCE = "30s"
_FIRST_TRY = 5
"""Seconds in which a scheduler must answer at all."""
_ADDRESS = re.compile(r"(?P<scheme>tcp|tls)://(?P<host>[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]):(?P<port>[0-9]{1,5})")


def packed(job: Job) -> bytes:
    """Return a job as bytes that a worker can read; see `without_persons` for what is not in them."""
    copyreg.pickle(MappingProxyType, _melted)
    return pickle.dumps(without_persons(job), protocol=pickle.HIGHEST_PROTOCOL)


def without_persons(job: Job) -> Job:
    """Return a job that draws and counts the same and holds nothing about anybody.

    What stays are ids, votes, seats, places on lists, and the facts by which laws break ties between lists, as ranks. Names,
    birth dates, facts of persons and of parties, sources, notes, decisions and commissions stay in the case.
    """
    variants = tuple(replace(v, plan=_without_persons(v.plan)) for v in job.variants)
    return replace(job, election=_impersonal(job.election), variants=variants, description=tuple(about(job).items()))


def _without_persons(plan: Plan) -> Plan:
    tabulation = replace(plan.tabulation, breaches=(), excluded=())
    return replace(plan, election=_impersonal(plan.election), tabulation=tabulation)


def _impersonal(election: Election) -> Election:
    days = sorted({party.registered for party in election.parties.values() if party.registered is not None})
    ranks = {day: date.fromordinal(place) for place, day in enumerate(days, 1)}
    return Election(
        name="case",
        law=election.law,
        day=election.day,
        titles={},
        units={unit.id: replace(unit, names={}) for unit in election.units.values()},
        parties={
            p.id: Party(
                p.id,
                kind=p.kind,
                members=p.members,
                number=p.number,
                registered=None if p.registered is None else ranks[p.registered],
                agreement=p.agreement,
                was=p.was,
            )
            for p in election.parties.values()
        },
        candidates={
            c.id: Candidate(c.id, contest=c.contest, unit=c.unit, party=c.party, position=c.position)
            for c in election.candidates.values()
        },
        returns=election.returns,
        declared=election.declared,
        settings=election.settings,
    )


def _melted(mapping: MappingProxyType[Any, Any]) -> tuple[Any, tuple[dict[Any, Any]]]:
    return _frozen, (dict(mapping),)


def _frozen(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


@lru_cache(maxsize=4)
def _unpacked(data: bytes) -> Job:
    job: Job = pickle.loads(data)
    return job


def work(data: bytes, numbers: Sequence[int], folder: str | None) -> list[Tally]:
    """Do one task on a worker: count blocks, keep their draws if a folder is named, and return their tally."""
    job = _unpacked(data)
    if folder is None:
        return tallies_of(job, numbers)
    tallies = [Tally() for _ in job.variants]
    # Only whole parts have the name of one: a worker that dies leaves nothing that could be read by mistake.
    for _, more in kept(job, numbers, Path(folder) / f"part-{numbers[0]:09d}.parquet"):
        tallies = together(tallies, more)
    return tallies


def run_on_cluster(
    job: Job, address: str, *, parquet: str | Path | None = None, progress: Progress | None = None
) -> list[Tally]:
    """Count all blocks of a job on a cluster.

    Args:
        job: the simulation.
        address: of the scheduler, such as `tcp://10.0.0.1:8786`.
        parquet: a new folder that all machines see, for the draws; None keeps none.
        progress: called with the elections done and how many are done in a second.

    Returns:
        One tally for each variant, the same as on one machine.

    Raises:
        BadInput: no cluster there, Dask is not installed, or the folder cannot be made.
    """
    client = _client(address)
    try:
        if parquet is None:
            return _gathered(client, job, None, progress)
        with _new_folder(Path(parquet)) as folder:
            return _gathered(client, job, str(folder), progress)
    finally:
        client.close()


@contextmanager
def machines(address: str) -> Iterator[Callable[[Callable[[Any], Any], Sequence[Any]], Iterator[Any]]]:
    """Give what has a piece of work done for each of some tasks by the workers of a cluster.

    A task that is lost with its worker is done again by another one; answers come in any order. Work and tasks must be all
    that a worker needs; files that they name must lie where every worker sees them.

    Raises:
        BadInput: no cluster there, or Dask is not installed.
    """
    client = _client(address)
    dask: Any = import_module("distributed")

    def spread(work: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Any]:
        futures = client.map(work, tasks, pure=False, retries=_RETRIES)
        for future in dask.as_completed(futures, loop=client.loop):
            yield _result(future)

    try:
        yield spread
    finally:
        client.close()


def _client(address: str) -> Any:
    dask = library("distributed", "cluster", "--cluster")
    security = _reached(address, dask)
    try:
        client = dask.Client(address, timeout=_PATIENCE, set_as_default=False, security=security)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise _no_cluster(address, reason_of(error)) from None
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError:
        client.close()
        expected = f"a worker that has joined, such as by dask worker {address}"
        raise BadInput([Fault("--cluster", 0, "", f"“{address}” without workers", expected)]) from None
    return client


def _reached(address: str, dask: Any) -> Any:
    """Try an address once, since a client of Dask tries for a minute, and return what secures the connection.

    Raises:
        BadInput: no address, nobody there, or no certificates for one that begins with tls://.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise _no_cluster(address, "no address")
    try:
        create_connection((match["host"].strip("[]"), int(match["port"])), timeout=_FIRST_TRY).close()
    except (OSError, OverflowError, UnicodeError) as error:
        raise _no_cluster(address, reason_of(error)) from None
    security = dask.Security()
    if match["scheme"] == "tls" and security.get_connection_args("client").get("ssl_context") is None:
        expected = (
            "the settings of Dask for it: DASK_DISTRIBUTED__COMM__TLS__CA_FILE and …__CLIENT__CERT, …__CLIENT__KEY"
        )
        raise BadInput([Fault("--cluster", 0, "", f"“{address}” without certificates", expected)])
    return security


def _no_cluster(address: str, why: str) -> BadInput:
    expected = "the address of a Dask scheduler, such as tcp://10.0.0.1:8786"
    return BadInput([Fault("--cluster", 0, "", f"“{address}”: {why}", expected)])


@contextmanager
def _new_folder(path: Path) -> Iterator[Path]:
    """Give a folder to fill that gets its name when all parts are there; those of an older run are never among them."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise BadInput(
            [Fault("--parquet", 0, "", f"{path}, which holds something", "a new folder, seen by all machines")]
        )
    with whole_folder(path.absolute()) as folder:
        yield folder
        # A task that was counted twice, because its worker was lost, may have left one of its copies unfinished.
        for left in folder.glob(".*.unfinished"):
            left.unlink()


def tasks_of(job: Job) -> Iterator[range]:
    """Yield the numbers of the blocks of every task."""
    blocks = max(1, _TASK_DRAWS // job.block_size)
    for first in range(0, job.blocks, blocks):
        yield range(first, min(first + blocks, job.blocks))


def _result(future: Any) -> Any:
    """Return what a worker gave; one that cannot read its task has another Sailau, or none."""
    try:
        answer = future.result()
    except (ImportError, AttributeError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "deserializ" not in str(error):
            raise
        expected = "workers and a scheduler that have this version of Sailau installed"
        raise BadInput([Fault("--cluster", 0, "", f"{type(error).__name__} on a worker", expected)]) from None
    return answer


def _gathered(client: Any, job: Job, folder: str | None, progress: Progress | None) -> list[Tally]:
    """Keep the cluster busy and add up what comes back, in whatever order."""
    dask: Any = import_module("distributed")
    data = packed(job)
    tasks = tasks_of(job)
    sizes: dict[str, int] = {}

    def submit(numbers: range) -> Any:
        future = client.submit(work, data, list(numbers), folder, pure=False, retries=_RETRIES)
        sizes[future.key] = sum(job.size_of(n) for n in numbers)
        return future

    ahead = _TASKS_AHEAD * max(sum(client.nthreads().values()), 1)
    first = [submit(numbers) for _, numbers in zip(range(ahead), tasks, strict=False)]
    arriving = dask.as_completed(first, loop=client.loop)
    tallies = [Tally() for _ in job.variants]
    begin, done = perf_counter(), 0
    for future in arriving:
        tallies = together(tallies, _result(future))
        done += sizes.pop(future.key)
        following = next(tasks, None)
        if following is not None:
            arriving.add(submit(following))
        if progress is not None:
            progress(done, done / max(perf_counter() - begin, 1e-9))
    return tallies
