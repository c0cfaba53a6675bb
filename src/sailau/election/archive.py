"""A case in a .zip: checked by its directory before anything is unpacked, so that what is read is what anyone unpacks."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Sequence
from copy import copy
from pathlib import Path, PurePosixPath
from unicodedata import normalize

from sailau.election.files import limit_of
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.door import read_bytes
from sailau.rulebook.faults import reason_of
from sailau.rulebook.limits import ARCHIVE, MEMBERS, RATIO, RATIO_FREE, UNPACKED

_END, _END_SIZE = b"PK\x05\x06", 22
_END_64 = b"PK\x06\x07"
_MOST_OF_DIRECTORY = MEMBERS.most * 512
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED: "stored", zipfile.ZIP_DEFLATED: "deflate"}
_OF_A_FINDER = "__MACOSX/"


def read_archive(path: Path) -> dict[str, bytes]:
    """Return the files of a case in a .zip, at its root or in one folder.

    Raises:
        BadInput: one fault: no sound .zip, beyond a limit, or a member that is no plain file inside the folder.
    """
    data = read_bytes(path, ARCHIVE)
    try:
        _check_directory(path.name, data)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_members(path.name, members, len(data))
            files = _unpack(path.name, archive, [m for m in members if not m.is_dir()])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OverflowError, zlib.error) as error:
        raise BadInput([Fault(path.name, 0, "", reason_of(error), "a case folder or a sound .zip of one")]) from None
    return _rooted(files)


def _check_directory(file: str, data: bytes) -> None:
    """Refuse a directory that is itself a bomb, before the library reads all of it."""
    plain = data[-_END_SIZE:]
    at = (
        len(data) - _END_SIZE
        if plain[:4] == _END and plain[-2:] == b"\0\0"
        else data.rfind(_END, -(1 << 16) - _END_SIZE)
    )
    if at < 0:
        return
    if data[max(at - 20, 0) : at].startswith(_END_64):
        raise BadInput([Fault(file, 0, "", "a .zip of the 64-bit form", "an ordinary .zip")])
    if int.from_bytes(data[at + 12 : at + 16], "little") > _MOST_OF_DIRECTORY:
        raise BadInput([MEMBERS.fault(file, "a very long list of members")])


def _check_members(file: str, members: Sequence[zipfile.ZipInfo], packed: int) -> None:
    MEMBERS.check(file, len(members))
    seen: dict[str, str] = {}
    for member in members:
        name = member.filename
        if (trouble := _trouble(member)) is not None:
            raise BadInput([Fault(file, 0, "", f"the member “{name}”", trouble)])
        key = normalize("NFC", PurePosixPath(name).as_posix()).casefold()
        if key in seen:
            raise BadInput(
                [Fault(file, 0, "", f"the member “{name}” beside “{seen[key]}”", "each file once, whatever its case")]
            )
        seen[key] = name
    UNPACKED.check(file, size := sum(m.file_size for m in members))
    if size > RATIO_FREE and size > RATIO.most * packed:
        raise BadInput([RATIO.fault(file, size // packed)])


def _trouble(member: zipfile.ZipInfo) -> str | None:
    """Return what was expected of a member that is no plain file or folder inside the archive."""
    name, place = member.filename, PurePosixPath(member.filename)
    kind = stat.S_IFMT(member.external_attr >> 16)
    if name != member.orig_filename or not name or set(name) & set("\\:") or place.is_absolute() or ".." in place.parts:
        return "members inside the folder only"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or (kind == stat.S_IFDIR and not member.is_dir()):
        return "plain files, no links, inside the folder"
    if member.flag_bits & _ENCRYPTED:
        return "members without a password"
    if member.compress_type not in _METHODS:
        return f"members packed as {' or '.join(_METHODS.values())}"
    return None


def _unpack(file: str, archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo]) -> dict[str, bytes]:
    """Read the members that a case may have; headers are not believed about their size."""
    files: dict[str, bytes] = {}
    for member in members:
        name = PurePosixPath(member.filename).as_posix()
        limit = limit_of(name)
        if limit is None or name.startswith(_OF_A_FINDER):
            continue
        limit.check(name, size := member.file_size)
        longer = copy(member)
        longer.file_size = size + 1  # the library would cut a longer member off in silence
        with archive.open(longer) as stream:
            data = stream.read(size + 1)
        if len(data) != size:
            found = f"the member “{name}”, which is not as large as the list says"
            raise BadInput([Fault(file, 0, "", found, f"{size:,} bytes")])
        files[name] = data
    return files


def _rooted(files: dict[str, bytes]) -> dict[str, bytes]:
    """Take off the one folder in which all files may lie."""
    tops = {name.split("/", 1)[0] for name in files}
    if len(tops) == 1 and all("/" in name for name in files):
        return {name.split("/", 1)[1]: data for name, data in files.items()}
    return files
