"""Where a case lies: a shipped case by name, a folder, or a .zip of one – as names and bytes, nothing else opened."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sailau.naming import Names
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.door import read_bytes
from sailau.rulebook.limits import FOLDER, LARGE_TABLE, LIST, MEMBERS, TABLE, TOML, Limit

CASES = Path(__file__).parent.parent / "cases"

TABLES = {
    "parties.csv": LIST,
    "candidates.csv": TABLE,
    "units.csv": TABLE,
    "returns.csv": TABLE,
    "protocols.csv": TABLE,
    "declared.csv": LIST,
    "official.csv": LIST,
    "commissions.csv": TABLE,
}
"""The tables of a case → how large each may be."""
COLUMNAR = tuple(
    f"{table}{ending}" for table in ("units", "returns", "protocols") for ending in (".parquet", ".csv.gz")
)
"""Further files of tables, which only a database reads."""
IN_MEMORY = 60_000_000
"""Bytes of returns.csv beyond which a database reads it where it lies."""
CASE = "case.toml"
DAY = "day.toml"


def limit_of(member: str) -> Limit | None:
    """Return how large a file of a case may be, None for one that is never read."""
    return TOML if member.endswith(".toml") else TABLES.get(member.rsplit("/", 1)[-1])


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of a case by their path inside it (`case.toml`, `lower-chamber/returns.csv`).

    Attributes:
        large: tables that stay where they are, for a database: `units`, `returns`, `protocols` by their path inside it.
    """

    name: str
    files: dict[str, bytes]
    path: Path | None = None
    large: dict[str, Path] = field(default_factory=dict)

    def inner(self, name: str) -> Folder:
        """Return a folder inside this one."""
        start = f"{name}/"
        held = {path.removeprefix(start): data for path, data in self.files.items() if path.startswith(start)}
        large = {path.removeprefix(start): file for path, file in self.large.items() if path.startswith(start)}
        return Folder(name, held, self.path / name if self.path else None, large)


def shipped() -> list[str]:
    """Return the names of all shipped cases, in order."""
    return sorted(path.parent.name for path in CASES.glob(f"*/{CASE}"))


def shadows(where: str | Path) -> bool:
    """Say whether a folder or file of somebody's own stands in the place of a shipped case of its name."""
    name = str(where)
    return "/" not in name and (CASES / name / CASE).is_file() and Path(where).exists()


def titles() -> dict[str, list[str]]:
    """Return the shipped cases by name, each with its titles in all languages."""
    from tomllib import loads

    cases = {name: loads((CASES / name / CASE).read_text(encoding="utf-8")) for name in shipped()}
    return {name: list(tables.get("title", {}).values()) for name, tables in cases.items()}


def held_under(law: str) -> dict[str, date]:
    """Return the shipped elections of a law, each with its day, the earliest first."""
    from tomllib import loads

    cases = {name: loads((CASES / name / CASE).read_text(encoding="utf-8")) for name in shipped()}
    days = {name: tables["day"] for name, tables in cases.items() if tables.get("law") == law}
    return dict(sorted(days.items(), key=lambda item: item[1]))


def find(where: str | Path) -> Folder:
    """Find a case: a shipped one by its name, else a path to a folder or a .zip, else a shipped one by any of its names.

    Raises:
        BadInput: nothing there, a file beyond its limit or that is no file, a .zip that is broken or leads outside.
    """
    name = str(where)
    path = Path(where)
    try:
        if "/" not in name and (CASES / name / CASE).is_file() and not path.exists():
            return _folder(CASES / name, links=True)
        if path.is_dir():
            return _folder(path, links=False)
        if path.exists():
            from sailau.election.archive import read_archive

            return Folder(path.stem, read_archive(path))
    except (OSError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(
            [Fault(name, 0, "", getattr(error, "strerror", None) or "no path", "a readable folder or .zip")]
        ) from None
    return _by_title(name)


def _by_title(name: str) -> Folder:
    """Find a shipped case by a name that is not quite its own, or by its title in any language.

    Raises:
        BadInput: none is called so, or several are.
    """
    cases = Names(titles())
    called = cases.find(name) if not name.endswith(".zip") and "/" not in name else None
    if called is not None:
        return _folder(CASES / called, links=True)
    expected = cases.expected(name, "a shipped case, a folder or a .zip", "sailau case list")
    raise BadInput([Fault(name, 0, "", "nothing there", expected)])


def _folder(path: Path, *, links: bool) -> Folder:
    """Read the files of a case folder, and of the folders inside a polling day.

    Args:
        path: the folder.
        links: whether links are followed: package managers may install what we ship as links.
    """
    files, large = _files_of(path, "", links=links)
    if DAY in files:
        for inner in sorted(entry.name for entry in os.scandir(path) if entry.is_dir(follow_symlinks=links)):
            more, further = _files_of(path / inner, inner, links=links)
            files |= {f"{inner}/{member}": data for member, data in more.items()}
            large |= {f"{inner}/{table}": file for table, file in further.items()}
            FOLDER.check(path.name, sum(map(len, files.values())))
    return Folder(path.resolve().name, files, path, large)


def _large_of(path: Path, names: list[str]) -> dict[str, Path]:
    """Return the tables of a folder that a database reads: all of them where one is columnar or beyond the memory.

    Raises:
        BadInput: a table in two files, or one that is a link.
    """
    plain = path / "returns.csv"
    beyond = "returns.csv" in names and plain.is_file() and plain.stat().st_size > IN_MEMORY
    if not beyond and not any(name in COLUMNAR for name in names):
        return {}
    large: dict[str, Path] = {}
    for name in names:
        table, _, ending = name.partition(".")
        if name not in COLUMNAR and not (table in ("units", "returns", "protocols") and ending == "csv"):
            continue
        if table in large:
            raise BadInput([Fault(name, 0, "", f"{name} beside {large[table].name}", "each table in one file")])
        parts = (path / name).is_dir() and ending == "parquet" and any((path / name).glob("*.parquet"))
        if (path / name).is_symlink() or not ((path / name).is_file() or parts):
            raise BadInput([Fault(name, 0, "", "a symbolic link or no file", "a regular file in the folder itself")])
        if not parts:
            LARGE_TABLE.check(name, (path / name).stat().st_size)
        large[table] = path / name
    return large


def _files_of(path: Path, inner: str, *, links: bool) -> tuple[dict[str, bytes], dict[str, Path]]:
    """Read the files of one folder through its open handle, so that nobody can put a link in its place meanwhile."""
    no_link = getattr(os, "O_NOFOLLOW", 0) if inner and not links else 0
    by_handle = os.open in os.supports_dir_fd
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | no_link) if by_handle else None
    try:
        names = sorted(os.listdir(path if handle is None else handle))  # noqa: PTH208 - of the open folder
        MEMBERS.check(path.name, len(names))
        large = _large_of(path, names)
        kept = {file.name for file in large.values()}
        wanted = {
            name: limit
            for name in names
            if (limit := limit_of(name)) and name not in kept and not _is_folder(path / name)
        }
        places = {name: path / name if handle is None else name for name in wanted}
        sizes = {name: os.stat(place, dir_fd=handle, follow_symlinks=links).st_size for name, place in places.items()}
        for name, size in sizes.items():
            wanted[name].check(name, size)
        FOLDER.check(path.name, sum(sizes.values()))
        files = {name: read_bytes(places[name], wanted[name], links=links, folder=handle) for name in wanted}
        return files, large
    finally:
        if handle is not None:
            os.close(handle)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
