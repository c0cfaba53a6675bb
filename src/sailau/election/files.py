"""Where a case lies: a shipped case by name, a folder, or a .zip of one – as names and bytes, nothing else opened."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from sailau.rulebook import BadInput, Fault

if TYPE_CHECKING:
    import zipfile

CASES = Path(__file__).parent.parent / "cases"
UNPACKED_LIMIT = 200_000_000
"""Bytes that an unpacked .zip may have at most."""

TABLES = (
    "parties.csv",
    "candidates.csv",
    "units.csv",
    "returns.csv",
    "declared.csv",
    "official.csv",
    "commissions.csv",
)
CASE = "case.toml"
DAY = "day.toml"


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of a case by their path inside it (`case.toml`, `lower-chamber/returns.csv`)."""

    name: str
    files: dict[str, bytes]
    path: Path | None = None

    def inner(self, name: str) -> Folder:
        """Return a folder inside this one."""
        start = f"{name}/"
        held = {path.removeprefix(start): data for path, data in self.files.items() if path.startswith(start)}
        return Folder(name, held, self.path / name if self.path else None)


def shipped() -> list[str]:
    """Return the names of all shipped cases, in order."""
    return sorted(path.parent.name for path in CASES.glob(f"*/{CASE}"))


def find(where: str | Path) -> Folder:
    """Find a case: a shipped one by its name, else a path to a folder or a .zip.

    Raises:
        BadInput: nothing there, or a .zip that is broken, too large or leads outside.
    """
    name = str(where)
    path = Path(where)
    try:
        if "/" not in name and (CASES / name / CASE).is_file() and not path.exists():
            return _folder(CASES / name)
        if path.is_dir():
            return _folder(path)
        if path.is_file():
            return _zip(path)
    except (OSError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput([Fault(name, 0, "", type(error).__name__, "a readable folder or .zip")]) from None
    raise BadInput([Fault(name, 0, "", "nothing there", "a shipped case (see `sailau case list`), a folder or a .zip")])


def _folder(path: Path) -> Folder:
    wanted = (CASE, DAY, *TABLES)
    files: dict[str, bytes] = {}
    inner = path.glob("*/*") if (path / DAY).is_file() else ()
    for member in sorted([*path.glob("*"), *inner]):
        if (member.name in wanted or member.suffix == ".toml") and member.is_file():
            files[member.relative_to(path).as_posix()] = member.read_bytes()
    return Folder(path.resolve().name, files, path)


def _zip(path: Path) -> Folder:
    import zipfile
    import zlib

    def refuse(found: str, expected: str) -> BadInput:
        return BadInput([Fault(path.name, 0, "", found, expected)])

    try:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            if sum(m.file_size for m in members) > UNPACKED_LIMIT:
                raise refuse("a .zip that unpacks to more than 200 MB", "200 MB at most")
            for member in members:
                place = PurePosixPath(member.filename.replace("\\", "/"))
                if place.is_absolute() or ".." in place.parts or ":" in member.filename or _is_link(member):
                    raise refuse(f"the member “{member.filename}”", "members inside the folder only")
            files = _unpack(archive, members)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OverflowError, zlib.error) as error:
        raise refuse(str(error) or type(error).__name__, "a case folder or a sound .zip of one") from None
    if files is None:
        raise refuse("a .zip that unpacks to more than 200 MB", "200 MB at most")
    return Folder(path.stem, _rooted(files))


def _is_link(member: zipfile.ZipInfo) -> bool:
    return (member.external_attr >> 16) & 0o170000 == 0o120000


def _unpack(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> dict[str, bytes] | None:
    """Read all members, None as soon as they are larger together than their headers may say."""
    files: dict[str, bytes] = {}
    left = UNPACKED_LIMIT
    for member in members:
        with archive.open(member) as stream:
            data = stream.read(left + 1)
        left -= len(data)
        if left < 0:
            return None
        files[member.filename.replace("\\", "/")] = data
    return files


def _rooted(files: dict[str, bytes]) -> dict[str, bytes]:
    """Take off the one folder in which all files may lie."""
    files = {name: data for name, data in files.items() if not name.startswith("__MACOSX/")}
    tops = {name.split("/", 1)[0] for name in files}
    if len(tops) == 1 and all("/" in name for name in files):
        return {name.split("/", 1)[1]: data for name, data in files.items()}
    return files
