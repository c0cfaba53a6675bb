"""Verify a bundle: the public log of an election's protocols, with what was published from it.

This file runs alone, `python verifier.py BUNDLE`, and needs the standard library, `cryptography` and `rfc8785` only. It
imports nothing of the program it belongs to, so that whoever doubts the program can read these lines and no others. The
format is written down in docs/reference/log-format.md; the tree is that of RFC 6962, checkpoints, tiles, cosignatures,
policies and proofs are those of c2sp.org, signatures of entries are DSSE envelopes around canonical JSON (RFC 8785).

Exit codes: 0 all is good, 1 something is not, 2 the bundle, the policy or the receipt cannot be read.
"""

from __future__ import annotations

import os
import stat
import struct
import sys
import time
from binascii import a2b_base64, b2a_base64
from hashlib import sha256
from unicodedata import is_normalized

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from dataclasses import dataclass, field
    from pathlib import Path
    from typing import Any

    Protocols = Mapping[tuple[str, str], Mapping[str, int]]  # figures of a station in a contest
    Signatures = Sequence[tuple[str, bytes]]  # names of keys, and what they signed
    Receipts = Sequence[tuple[str, "Receipt"]]
    Job = tuple[str, bytes, bytes, bytes]  # place, public key, signature, message
else:  # these take longer to import than all else, so that modules come where they are needed, and this stands in

    def field(*, default_factory):  # noqa: D103
        return default_factory

    def dataclass(made=None, **_):
        """Give a class the constructor and the equality that its annotations describe."""
        if made is None:
            return dataclass
        names, defaults = tuple(made.__annotations__), dict(vars(made))

        def construct(self, *given, **named):
            named.update(zip(names, given, strict=False))
            for name in names:
                default = None if name in named else defaults[name]
                vars(self)[name] = default() if callable(default) else named.get(name, default)

        made.__init__, made.__eq__ = construct, lambda self, other: vars(self) == vars(other)
        return made


# Kinds of failure; where several occur, the first of them is the verdict.
KINDS = ("signature", "tree", "witness", "incomplete", "identities", "totals", "seats")
PAPER = b"sailau-receipt/1\n"
PAYLOAD = "application/vnd.sailau.entry+json"
FULL = 256  # hashes of a full tile
MOST_ENTRY, MOST_FILE, MOST_NOTE, MOST_VALUES = 65_535, 64 << 20, 512 << 10, 4_000_000
MOST_COUNT = (1 << 53) - 1  # the largest whole number that canonical JSON has
_MOST_TILE = FULL * (MOST_ENTRY + 2)
_MOST_FILES = 200_000
_KEPT = 1_000  # findings of one kind that are kept; the others are only counted
_BATCH, _WORKER = 1_000, "--check-signatures"
_ED25519, _COSIGNED, _ML_DSA = 0x01, 0x04, 0x06
_SIZES = {_ED25519: 32, _COSIGNED: 32, _ML_DSA: 1312}


class RefusedError(ValueError):
    """Something that cannot be read: where, what stands there, what should."""

    def __init__(self, place: str, found: str, expected: str) -> None:
        self.place, self.found, self.expected = place, found, expected
        super().__init__(f"{place}: found {found}; expected {expected}")


class ForgedError(ValueError):
    """A note with a signature of a known key that does not verify."""


def _said(error: Exception) -> str:
    return str(error)[:60] or type(error).__name__


def _whole(text: str) -> int:  # also asked for 1.5 and NaN, of which none is whole
    if len(text) > 17 or not -MOST_COUNT <= int(text) <= MOST_COUNT:
        raise ValueError(f"the number {text[:20]}")
    return int(text)


_JSON: list[Any] = []  # its reader and writer, once they are needed


def read_canonical(data: bytes, place: str) -> Any:
    """Return the value of canonical JSON: whole numbers only, no key twice, texts in NFC."""
    if not _JSON:
        from json import JSONDecoder, JSONEncoder

        _JSON.append(JSONDecoder(parse_float=_whole, parse_constant=_whole, parse_int=_whole))
        _JSON.append(JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False))
    if data.count(b",") + data.count(b"[") + data.count(b"{") > MOST_VALUES:
        raise RefusedError(place, "too many values", f"at most {MOST_VALUES}")
    reader, writer = _JSON
    try:
        text = data.decode("utf-8")
        value = reader.decode(text)
        # For the keys that occur, this fast writer gives what RFC 8785 gives; the slow one decides where they differ.
        same = writer.encode(value) == text
        if not same:
            import rfc8785

            same = rfc8785.dumps(value) == data
    except (ValueError, RecursionError) as error:
        raise RefusedError(place, _said(error), "canonical JSON") from None
    if not same:
        raise RefusedError(place, "JSON that is not canonical", "the form of RFC 8785, each key once")
    if not text.isascii() and not is_normalized("NFC", text):
        raise RefusedError(place, "text that is not in NFC", "composed letters (NFC)")
    return value


def unbase64(text: Any, place: str) -> bytes:
    """Return the bytes of base64 in its one standard form."""
    try:
        if base64(data := a2b_base64(text)) == text:
            return data
    except (ValueError, TypeError):
        pass
    raise RefusedError(place, "what is no base64", "standard base64 with padding")


def base64(data: bytes) -> str:
    """Return bytes in base64."""
    return b2a_base64(data, newline=False).decode()


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry as a leaf: SHA-256(0x00 || entry) (RFC 6962, 2.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node: SHA-256(0x01 || left || right) (RFC 6962, 2.1)."""
    return sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root of a tree whose leaves have these hashes."""
    if not hashes:
        return sha256(b"").digest()
    level = list(hashes)
    while len(level) > 1:
        pairs = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0]


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a path proves that a leaf's hash stands at an index of the tree with a root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, digest = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            digest = node_hash(sibling, digest)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            digest = node_hash(digest, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and digest == root


def tile_name(level: int | str, number: int, width: int = FULL) -> str:
    """Return the name of a tile below the log's prefix (c2sp.org/tlog-tiles); level `entries` for bundles of entries."""
    groups = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        groups.append(f"x{number % 1000:03d}")
    return f"tile/{level}/{'/'.join(reversed(groups))}" + (f".p/{width}" if width < FULL else "")


def tile_widths(size: int) -> Iterator[tuple[int, int, int]]:
    """Yield level, number and width of every tile of hashes of a tree."""
    level = 0
    while size:
        yield from ((level, n, FULL) for n in range(size // FULL))
        if size % FULL:
            yield level, size // FULL, size % FULL
        size, level = size // FULL, level + 1


class Tree:
    """A tree that grows leaf by leaf and keeps only the hashes of tiles that are not full."""

    def __init__(self, when_full: Callable[[int, int, bytes], None] | None = None) -> None:
        self.size = 0
        self.open: list[list[bytes]] = [[]]
        self.done = [0]
        self._when_full = when_full

    def add(self, leaf: bytes) -> None:
        """Add the hash of a leaf; `when_full` is called with level, number and bytes of every tile that became full."""
        self.size += 1
        level = 0
        self.open[0].append(leaf)
        while len(self.open[level]) == FULL:
            hashes, number = self.open[level], self.done[level]
            if self._when_full is not None:
                self._when_full(level, number, b"".join(hashes))
            self.open[level], self.done[level] = [], number + 1
            level += 1
            if level == len(self.open):
                self.open.append([])
                self.done.append(0)
            self.open[level].append(root_of(hashes))

    def partial(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield level, number and bytes of the tiles that are not full."""
        for level, hashes in enumerate(self.open):
            if hashes:
                yield level, self.done[level], b"".join(hashes)

    def root(self) -> bytes:
        """Return the root."""
        digest = b""
        for hashes in self.open:
            rest = list(hashes)
            while rest:
                width = len(rest) & -len(rest)
                part, rest = root_of(rest[-width:]), rest[:-width]
                digest = node_hash(part, digest) if digest else part
        return digest or root_of(())


@dataclass(frozen=True, slots=True)
class Key:
    """A verifier key of a note: its name, type, public key, and the four bytes that name it on a signature line."""

    name: str
    type: int
    public: bytes

    @property
    def id(self) -> bytes:
        """Return the key ID."""
        return sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64(bytes([self.type]) + self.public)}"


def read_key(text: str, place: str) -> Key:
    """Return a verifier key from its text."""
    name, _, rest = text.partition("+")
    named, _, encoded = rest.partition("+")
    data = unbase64(encoded, place)
    is_known = bool(data) and data[0] in _SIZES and len(data) == 1 + _SIZES[data[0]]
    if not name or " " in name or not name.isprintable() or len(name.encode()) > 255 or not is_known:
        raise RefusedError(place, f"“{text[:40]}”", "NAME+ID+KEY with an Ed25519 or ML-DSA-44 key")
    key = Key(name, data[0], data[1:])
    if key.id.hex() != named:
        raise RefusedError(place, f"key ID {named[:16]}", key.id.hex())
    return key


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed note that states a log's size and root; `text` is what is signed, lines are name, key ID, signature."""

    text: bytes
    lines: tuple[tuple[str, bytes, bytes], ...]
    origin: str
    size: int
    root: bytes

    def note(self) -> bytes:
        """Return it as it is written."""
        lines = (f"— {name} {base64(mark + signature)}\n" for name, mark, signature in self.lines)
        return self.text + b"\n" + "".join(lines).encode()


def read_note(data: bytes, place: str) -> tuple[bytes, tuple[tuple[str, bytes, bytes], ...]]:
    """Return text and signature lines of a signed note (c2sp.org/signed-note)."""
    text, gap, tail = data.rpartition(b"\n\n")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise RefusedError(place, "bytes that are no UTF-8", "a signed note") from None
    if not gap or not tail.endswith(b"\n") or any((ord(c) < 32 and c != "\n") or c == "\x7f" for c in whole):
        raise RefusedError(place, "no signed note", "text, an empty line, signature lines")
    lines = []
    for line in tail.decode().split("\n")[:-1]:
        parts = line.split(" ")
        signature = unbase64(parts[-1], place) if len(parts) == 3 else b""
        if len(parts) != 3 or parts[0] != "—" or not parts[1] or "+" in parts[1] or len(signature) < 5:
            raise RefusedError(place, f"“{line[:40]}”", "a signature line: — NAME BASE64")
        lines.append((parts[1], signature[:4], signature[4:]))
    return text + b"\n", tuple(lines)


def read_checkpoint(data: bytes, place: str) -> Checkpoint:
    """Return a checkpoint (c2sp.org/tlog-checkpoint); its signatures are not looked at yet."""
    text, lines = read_note(data, place)
    parts = text.decode().split("\n")[:-1]
    if len(parts) < 3 or not all(parts) or not (parts[1] == "0" or (parts[1].isdigit() and parts[1][0] != "0")):
        raise RefusedError(place, "no checkpoint", "origin, size and root, each on a line")
    root = unbase64(parts[2], place)
    if len(root) != 32 or len(parts[1]) > 15 or not parts[1].isascii():
        raise RefusedError(place, f"size {parts[1][:20]}, a root of {len(root)} bytes", "a size, a root of 32 bytes")
    return Checkpoint(text, lines, parts[0], int(parts[1]), root)


def cosigned_message(key: Key, stamp: int, checkpoint: Checkpoint) -> bytes:
    """Return what a cosigner of a type signs (c2sp.org/tlog-cosignature)."""
    if key.type == _COSIGNED:
        return b"cosignature/v1\ntime %d\n" % stamp + checkpoint.text
    name, origin = key.name.encode(), checkpoint.origin.encode()
    return (
        b"subtree/v1\n\0" + bytes([len(name)]) + name + struct.pack(">Q", stamp) + bytes([len(origin)]) + origin
        + struct.pack(">QQ", 0, checkpoint.size) + checkpoint.root
    )  # fmt: skip


def signers(checkpoint: Checkpoint, keys: Sequence[Key]) -> dict[str, int]:
    """Return which keys signed a checkpoint, by their text, with the time each gives (0 for none)."""
    known = {(key.name, key.id): key for key in keys}
    signed: dict[str, int] = {}
    for name, mark, signature in checkpoint.lines:
        key = known.get((name, mark))
        if key is None:
            continue
        stamp = struct.unpack(">Q", signature[:8])[0] if key.type != _ED25519 and len(signature) > 8 else 0
        message = checkpoint.text if key.type == _ED25519 else cosigned_message(key, stamp, checkpoint)
        if not verifies(key, signature if key.type == _ED25519 else signature[8:], message):
            raise ForgedError(f"{name}")
        signed[str(key)] = stamp
    return signed


def verifies(key: Key, signature: bytes, message: bytes) -> bool:
    """Whether a signature of a key is good."""
    from cryptography.exceptions import InvalidSignature

    try:
        _opened(key.type, key.public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


_OPENED: dict[tuple[int, bytes], Any] = {}


def _opened(kind: int, public: bytes) -> Any:
    if (kind, public) not in _OPENED:
        from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa

        made = mldsa.MLDSA44PublicKey if kind == _ML_DSA else ed25519.Ed25519PublicKey
        _OPENED[kind, public] = made.from_public_bytes(public)
    return _OPENED[kind, public]


@dataclass(frozen=True)
class Policy:
    """Who must have signed (c2sp.org/tlog-policy); a group: how many of its members, and these; `quorum`: a name."""

    logs: tuple[Key, ...]
    witnesses: Mapping[str, Key]
    groups: Mapping[str, tuple[int, tuple[str, ...]]]
    quorum: str

    def reached(self, signed: Mapping[str, int], name: str = "") -> bool:
        """Whether a witness or a group, or the quorum, is among those who signed."""
        name = name or self.quorum
        if name in self.witnesses:
            return str(self.witnesses[name]) in signed
        least, members = self.groups[name]
        return sum(self.reached(signed, member) for member in members) >= least


def read_policy(data: bytes, place: str) -> Policy:
    """Return a policy."""
    logs: list[Key] = []
    witnesses: dict[str, Key] = {}
    groups: dict[str, tuple[int, tuple[str, ...]]] = {}
    quorum: list[str] = []
    used: set[str] = set()
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
        words = line.split()
        where = f"{place}, line {number}"
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "log" and len(words) in (2, 3):
            logs.append(read_key(words[1], where))
        elif words[0] == "witness" and len(words) in (3, 4) and words[1] not in (*witnesses, *groups, "none"):
            witnesses[words[1]] = read_key(words[2], where)
        elif words[0] == "group" and len(words) > 3 and words[1] not in (*witnesses, *groups, "none"):
            members = tuple(words[3:])
            least = {"all": str(len(members)), "any": "1"}.get(words[2], words[2])
            fresh = len(set(members)) == len(members) and not used & set(members)
            fresh = fresh and {*witnesses, *groups} >= {*members}
            if not (fresh and least.isdecimal() and len(least) < 6 and 1 <= int(least) <= len(members)):
                raise RefusedError(where, f"“{line[:40]}”", "a number of members, each named above and a member once")
            used |= set(members)
            groups[words[1]] = (int(least), members)
        elif words[0] == "quorum" and len(words) == 2:
            quorum.append(words[1])
        else:
            raise RefusedError(where, f"“{line[:40]}”", "log, witness, group or quorum, each name once")
    publics = [key.public for key in (*logs, *witnesses.values())]
    if len(quorum) != 1 or quorum[0] not in (*witnesses, *groups):
        raise RefusedError(
            place, f"quorum “{' '.join(quorum)[:40]}”", "one of witnesses or groups: nobody proves nothing"
        )
    if not logs or len(set(publics)) < len(publics):
        raise RefusedError(place, "no log, or a key twice", "at least one log, and every key once")
    return Policy(tuple(logs), witnesses, groups, quorum[0])


@dataclass(frozen=True)
class Receipt:
    """A proof file (c2sp.org/tlog-proof) with its entry in the extra line; or a code on paper: hash, figures, and no path."""

    entry: bytes
    index: int
    path: tuple[bytes, ...]
    checkpoint: Checkpoint
    leaf: bytes = b""
    paper: tuple[Any, ...] = ()  # station, contest, figures


def read_receipt(data: bytes, place: str) -> Receipt:
    """Return a receipt; neither proof nor signatures are looked at yet."""
    head, gap, note = data.partition(b"\n\n")
    if head.startswith(PAPER):
        row = read_canonical(head.removeprefix(PAPER), place)
        names = ("station", "contest", "figures", "index", "entry") if isinstance(row, dict) else ()
        paper: list[Any] = [row.get(name) for name in names]
        if [type(value) for value in paper] != [str, str, dict, int, str]:
            raise RefusedError(place, "no code of a protocol", "contest, entry, figures, index, station")
        return Receipt(b"", paper[3], (), read_checkpoint(note, place), unbase64(paper[4], place), tuple(paper[:3]))
    lines = head.decode("utf-8", "replace").split("\n")
    extra = unbase64(lines.pop(1)[6:], place) if len(lines) > 1 and lines[1].startswith("extra ") else b""
    number = lines[1][6:] if len(lines) > 1 and lines[1].startswith("index ") else ""
    if not gap or lines[0] != "c2sp.org/tlog-proof@v1" or not number.isdecimal() or len(number) > 15 or len(lines) > 65:
        raise RefusedError(place, "no proof file", "c2sp.org/tlog-proof@v1, an index, hashes, a checkpoint")
    path = tuple(unbase64(line, place) for line in lines[2:])
    return Receipt(extra, int(number), path, read_checkpoint(note, place), leaf_hash(extra) if extra else b"")


class Bundle:
    """The files of a bundle by their names: a folder, a .tar or a .zip. Links and what leads elsewhere are refused."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.members: dict[str, Any] = {}
        self._open: Callable[[str], Any] = lambda name: (path / name).open("rb")
        try:
            if path.is_dir():
                self.members = dict.fromkeys(_folder_names(path))
            elif path.suffix == ".zip":
                from zipfile import ZipFile

                packed = ZipFile(path)
                self._open = lambda name: packed.open(self.members[name])
                self._index((info.filename, info, info.is_dir()) for info in packed.infolist())
            else:
                import tarfile

                tar = tarfile.open(path, "r:")  # noqa: SIM115 - it stays open while the bundle is read
                self._open = lambda name: tar.extractfile(self.members[name])
                self._index((info.name, info, info.isdir()) for info in tar)
        except RefusedError:
            raise
        except Exception as error:  # whatever libraries say of an archive that is none
            raise RefusedError(str(path), _said(error), "a folder, a .tar or a .zip") from None

    def _index(self, members: Iterator[tuple[str, Any, bool]]) -> None:
        for name, info, is_folder in members:
            plain = name.removeprefix("./")
            if is_folder or plain in ("", "."):
                continue
            is_link = not info.isreg() if hasattr(info, "isreg") else stat.S_ISLNK(info.external_attr >> 16)
            if is_link or plain.startswith("/") or ".." in plain.split("/") or "\\" in plain or plain in self.members:
                raise RefusedError(str(self.path), f"the member {plain[:60]}", "plain files, each once, inside it")
            self.members[plain] = info
            if len(self.members) > _MOST_FILES:
                raise RefusedError(str(self.path), "too many members", f"at most {_MOST_FILES}")

    def read(self, name: str, most: int) -> bytes:
        """Return a file of at most so many bytes."""
        if name not in self.members:
            raise RefusedError(name, "no such file", "it in the bundle")
        try:
            with self._open(name) as opened:
                data: bytes = opened.read(most + 1)
        except Exception as error:
            raise RefusedError(name, _said(error), "a file that can be read") from None
        if len(data) > most:
            raise RefusedError(name, f"more than {most} bytes", f"at most {most}")
        return data


def _folder_names(path: Path) -> Iterator[str]:
    folders = [(path, "")]
    number = 0
    while folders:
        folder, prefix = folders.pop()
        for item in sorted(os.scandir(folder), key=lambda entry: entry.name):
            number += 1
            if item.name.startswith("."):
                continue
            if item.is_symlink() or not (item.is_dir() or item.is_file()) or number > _MOST_FILES:
                raise RefusedError(prefix + item.name, "a link, a device or too many files", "plain files and folders")
            if item.is_dir():
                folders.append((path / prefix / item.name, f"{prefix}{item.name}/"))
            else:
                yield prefix + item.name


def split_entries(data: bytes) -> list[bytes] | None:
    """Return the entries of a bundle of entries, each with its length in two bytes before it; None where they do not fit."""
    entries, place = [], 0
    while place < len(data):
        end = place + 2 + int.from_bytes(data[place : place + 2], "big")
        if end > len(data) or place + 2 > len(data):
            return None
        entries.append(data[place + 2 : end])
        place = end
    return entries


def signed_bytes(body: bytes) -> bytes:
    """Return what is signed of a payload (DSSE v1: pre-authentication encoding)."""
    return b"DSSEv1 %d %s %d %s" % (len(PAYLOAD), PAYLOAD.encode(), len(body), body)


def key_id(public: bytes) -> str:
    """Return the name of a key of entries: the first 32 hexadecimal digits of the SHA-256 of its 32 bytes."""
    return sha256(public).hexdigest()[:32]


def read_entry(entry: bytes, place: str) -> tuple[dict[str, Any], bytes, Signatures]:
    """Return the payload of an entry, its bytes, and key and signature of each who signed."""
    envelope = read_canonical(entry, place)
    if not isinstance(envelope, dict) or sorted(envelope) != ["payload", "payloadType", "signatures"]:
        raise RefusedError(place, "no envelope", "payload, payloadType, signatures (DSSE)")
    if envelope["payloadType"] != PAYLOAD or not isinstance(envelope["signatures"], list):
        raise RefusedError(place, f"type {str(envelope['payloadType'])[:40]}", PAYLOAD)
    body = unbase64(envelope["payload"], place)
    signatures = []
    for one in envelope["signatures"]:
        if not isinstance(one, dict) or sorted(one) != ["keyid", "sig"] or not isinstance(one["keyid"], str):
            raise RefusedError(place, "no signature", "keyid and sig")
        signatures.append((one["keyid"], unbase64(one["sig"], place)))
    payload = read_canonical(body, place)
    if not isinstance(payload, dict) or not isinstance(payload.get("kind"), str):
        raise RefusedError(place, "a payload without kind", "an object with a kind")
    return payload, body, signatures


class _Checkers:
    """Checks signatures, many at once in processes of their own; these end with their pipe, however the parent ends."""

    def __init__(self, failed: Callable[[str], None], workers: int | None = None) -> None:
        self._failed = failed
        self._jobs: list[Job] = []
        self._most = min(os.cpu_count() or 1, 8) if workers is None else workers
        self._queue: Any = None
        self._threads: list[Any] = []
        self._bad: list[str] = []

    def add(self, job: Job) -> None:
        self._jobs.append(job)
        if len(self._jobs) >= _BATCH:
            self._send()

    def _send(self) -> None:
        if not self._threads and self._most > 1:
            from queue import Queue
            from threading import Thread

            self._queue = Queue(maxsize=2 * self._most)
            self._threads = [Thread(target=self._serve, daemon=True) for _ in range(self._most)]
            for thread in self._threads:
                thread.start()
        batch, self._jobs = self._jobs, []
        if self._threads:
            self._queue.put(batch)
        else:
            self._bad += _bad_places(batch)

    def _serve(self) -> None:
        from marshal import dump
        from subprocess import PIPE, Popen

        worker = Popen([sys.executable, "-I", __file__, _WORKER], stdin=PIPE, stdout=PIPE)
        assert worker.stdin and worker.stdout, "both are pipes"  # noqa: PT018
        while (batch := self._queue.get()) is not None:
            try:
                dump(batch, worker.stdin)
                worker.stdin.flush()
                answer = worker.stdout.read(len(batch))
            except OSError:
                answer = b""
            # A worker that went away costs time and hides nothing.
            doubtful = [job for job, ok in zip(batch, answer, strict=False) if not ok] + batch[len(answer) :]
            self._bad += _bad_places(doubtful)
        worker.stdin.close()
        worker.wait()

    def finish(self) -> None:
        self._bad += _bad_places(self._jobs)
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()
        for place in sorted(self._bad, key=lambda name: (len(name), name)):
            self._failed(place)


def _bad_places(batch: Sequence[Job]) -> list[str]:
    return [job[0] for job in batch if not verifies(Key("", _ED25519, job[1]), *job[2:])]


def _work() -> int:
    """Check batches from standard input until it ends: a worker."""
    from marshal import load

    while True:
        try:
            batch: list[Job] = load(sys.stdin.buffer)
        except EOFError:
            return 0
        sys.stdout.buffer.write(bytes(verifies(Key("", _ED25519, job[1]), *job[2:]) for job in batch))
        sys.stdout.buffer.flush()


@dataclass(frozen=True, slots=True)
class Irregularity:
    """Something that is not as it should be: kind, where, what (a code), and the values it names."""

    kind: str
    place: str
    code: str
    values: tuple[tuple[str, str | int], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as data."""
        return {"kind": self.kind, "place": self.place, "code": self.code, **dict(self.values)}

    def __str__(self) -> str:
        said = ", ".join(f"{name} {value}" for name, value in self.values)
        return f"{self.kind}: {self.place}: {self.code}" + (f" ({said})" if said else "")


@dataclass(slots=True)
class Standing:
    """The protocol of one station and contest that counts."""

    index: int
    version: int
    figures: dict[str, int]


@dataclass
class Verification:
    """What the verification of a bundle gave.

    Of each kind the first thousand findings are kept. `missing` and `standing` go from (station, contest) to a reason or
    the protocol that counts, `sums` from contest to unit to line; the whole is the empty unit.
    """

    findings: list[Irregularity] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    done: list[str] = field(default_factory=list)
    origin: str = ""
    size: int = 0
    root: bytes = b""
    missing: dict[tuple[str, str], str] = field(default_factory=dict)
    standing: dict[tuple[str, str], Standing] = field(default_factory=dict)
    sums: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    manifest: dict[str, Any] | None = None
    results: dict[str, Any] | None = None

    def add(self, kind: str, place: str, code: str, **values: str | int) -> None:
        """Add a finding."""
        self.numbers[kind] += 1
        if self.numbers[kind] <= _KEPT:
            self.findings.append(Irregularity(kind, place, code, tuple(values.items())))

    @property
    def verdict(self) -> str:
        """`good`, or the first kind of failure."""
        return next((kind for kind in KINDS if self.numbers[kind]), "good")

    def ordered(self) -> list[Irregularity]:
        """Return the findings by kind."""
        return sorted(self.findings, key=lambda finding: KINDS.index(finding.kind))

    def to_json(self) -> dict[str, Any]:
        """Return the report as data."""
        return {
            "verdict": self.verdict,
            "kind": None if self.verdict == "good" else self.verdict,
            "numbers": {kind: self.numbers[kind] for kind in KINDS},
            "done": self.done,
            "log": {"origin": self.origin, "size": self.size, "root": self.root.hex()},
            "protocols": len(self.standing),
            "missing": [{"station": s, "contest": c, "reason": why} for (s, c), why in sorted(self.missing.items())],
            "findings": [finding.to_json() for finding in self.ordered()],
        }


@dataclass(slots=True)
class _Holder:
    """A key of entries: its public bytes, what it may sign, up to which entry, and what it signed."""

    public: bytes
    role: str
    station: str
    last: int | None = None
    used: list[int] = field(default_factory=list)


BY_ROOT = ("root", "key", "revocation", "manifest")
BY_STATION = ("protocol", "correction", "missing")
BY_AUTHORITY = ("annulment", "seed", "audit", "stage")


class _Ledger:
    """Reads the payloads of a log in order: keys, manifest, protocols, corrections, annulments."""

    def __init__(self, report: Verification, checkers: _Checkers, read_file: Callable[[str], bytes | None]) -> None:
        self.report, self._checkers, self._read_file = report, checkers, read_file
        self.keys: dict[str, _Holder] = {}
        self.roots: dict[str, bytes] = {}
        self.least_roots, self._signers = 1, 2
        self.log_keys: list[str] = []
        self.by_index: dict[int, tuple[str, str, dict[str, int]]] = {}
        self._expected: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._lines: dict[str, frozenset[str]] = {}

    def take(self, index: int, entry: bytes) -> None:
        place = f"entry {index}"
        payload, body, signatures = read_entry(entry, place)
        kind = payload["kind"]
        if index == 0 and kind != "root":
            raise RefusedError(place, f"kind {kind[:20]}", "the root keys as the first entry")
        if index == 0:
            self._read_root(payload, place)
        self._check_signers(index, payload, body, signatures)
        pair = (str(payload.get("station")), str(payload.get("contest")))
        if kind in ("protocol", "correction"):
            self._read_protocol(index, payload, pair)
        elif kind == "missing" and pair in self.report.standing:
            first = self.report.standing[pair].index
            self.report.add("incomplete", place, "twice", station=pair[0], contest=pair[1], first=first)
        elif kind == "missing":
            self.report.missing[pair] = str(payload.get("reason", ""))
        elif kind in (*BY_ROOT, "annulment"):
            getattr(self, f"_read_{kind}")(payload, place)
        elif kind not in BY_AUTHORITY:
            raise RefusedError(place, f"kind {kind[:20]}", ", ".join((*BY_ROOT, *BY_STATION, *BY_AUTHORITY)))

    def _read_root(self, payload: Mapping[str, Any], place: str) -> None:
        keys, least, log = payload.get("keys"), payload.get("threshold"), payload.get("log", [])
        if not (
            isinstance(keys, list) and isinstance(log, list) and isinstance(least, int) and 1 <= least <= len(keys)
        ):
            raise RefusedError(place, "root keys that cannot be read", "keys and a threshold of them")
        publics = [unbase64(key, place) for key in keys]
        if len(set(publics)) < len(publics) or any(len(public) != 32 for public in publics):
            raise RefusedError(place, "a key twice or of another length", "Ed25519 keys of 32 bytes, each once")
        self.roots = {key_id(public): public for public in publics}
        self.least_roots = least
        self.log_keys = [str(key) for key in log]

    def _read_key(self, payload: Mapping[str, Any], place: str) -> None:
        public, role = unbase64(payload.get("public"), place), str(payload.get("role"))
        if len(public) != 32 or role not in ("station", "commission", "authority"):
            raise RefusedError(place, f"{len(public)} bytes, role {role[:20]}", "32; station, commission, authority")
        self.keys.setdefault(key_id(public), _Holder(public, role, str(payload.get("station", ""))))

    def _read_revocation(self, payload: Mapping[str, Any], place: str) -> None:
        holder, last = self.keys.get(str(payload.get("key"))), payload.get("last")
        if holder is None or not isinstance(last, int):
            raise RefusedError(place, "a revocation of an unknown key", "a key, and the last good index")
        holder.last = last if holder.last is None else min(last, holder.last)

    def _check_signers(self, index: int, payload: Mapping[str, Any], body: bytes, signatures: Signatures) -> None:
        kind, place, message = payload["kind"], f"entry {index}", signed_bytes(body)
        fitting: set[str] = set()
        for name, signature in signatures:
            holder = self.keys.get(name)
            public = self.roots.get(name) if kind in BY_ROOT else holder.public if holder else None
            if public is None:
                self.report.add("signature", place, "unknown-key", key=name[:64])
                continue
            if holder is not None and kind not in BY_ROOT:
                holder.used.append(index)
            if kind in BY_ROOT or (holder is not None and self._may_sign(holder, payload)):
                fitting.add(name)
            self._checkers.add((place, public, signature, message))
        least = self.least_roots if kind in BY_ROOT else self._signers if kind in BY_STATION else 1
        if len(fitting) < least:
            self.report.add("signature", place, "too-few-signers", signed=len(fitting), needed=least)

    def _may_sign(self, holder: _Holder, payload: Mapping[str, Any]) -> bool:
        if payload["kind"] in BY_AUTHORITY:
            return holder.role == "authority"
        return holder.role == "commission" or (holder.role == "station" and holder.station == payload.get("station"))

    def check_revoked(self) -> None:
        for name, holder in self.keys.items():
            last = self.report.size if holder.last is None else holder.last
            for index in sorted({index for index in holder.used if index > last}):
                self.report.add("signature", f"entry {index}", "revoked-key", key=name, last=last)

    def _read_manifest(self, payload: Mapping[str, Any], _: str) -> None:
        name = str(payload.get("file"))
        data = self._read_file(name)
        if data is None:
            return
        manifest = read_canonical(data, f"file/{name}")
        try:
            contests = {c["id"]: frozenset((*c["options"], *c["lines"])) for c in manifest["contests"]}
            units = {u["id"] for u in manifest["units"]} | {""}
            expected = {(s["id"], c): s for s in manifest["stations"] for c in s["contests"]}
            relations = [r for c in manifest["contests"] for r in c["relations"]]
            sides = [[t.rpartition(":")[2] for t in r[side]] for r in relations for side in ("left", "right")]
            above = [p for s in manifest["stations"] for p in (s["parent"], *s.get("district", {}).values())]
            strange = [c for _, c in expected if c not in contests] + [p for p in above if p not in units]
            signs = {r["sign"] for r in relations if isinstance(r["code"], str)}
            signed = int(manifest.get("signers", 2))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise RefusedError(f"file/{name}", f"no manifest ({error})"[:60], "contests, units and stations") from None
        if strange or not signs <= {"=", "<="} or signed < 1 or not all(side and all(side) for side in sides):
            raise RefusedError(f"file/{name}", f"{(strange or ['a relation'])[0]}", "names that it defines itself")
        self.report.manifest, self._expected, self._lines, self._signers = manifest, expected, contests, signed

    def _read_protocol(self, index: int, payload: Mapping[str, Any], pair: tuple[str, str]) -> None:
        figures, version, place = payload.get("figures"), payload.get("version"), f"entry {index}"
        counted = isinstance(figures, dict) and all(type(n) is int and n >= 0 for n in figures.values())
        if not isinstance(figures, dict) or not isinstance(version, int) or not counted:
            raise RefusedError(place, "figures that are no counts, or no version", "whole numbers of at least 0")
        report = self.report
        if pair not in self._expected:
            report.add("incomplete", place, "not-expected", station=pair[0], contest=pair[1])
            return
        before = report.standing.get(pair)
        if payload["kind"] == "correction":
            if before is None or payload.get("supersedes") != before.index or version != before.version + 1:
                report.add("incomplete", place, "supersedes-another", station=pair[0], contest=pair[1])
            elif not payload.get("reason"):
                report.add("incomplete", place, "no-reason", station=pair[0], contest=pair[1])
        elif before is not None:
            report.add("incomplete", place, "twice", station=pair[0], contest=pair[1], first=before.index)
            return
        strange = sorted(figures.keys() - self._lines[pair[1]])
        if strange:
            report.add("identities", place, "unknown-line", station=pair[0], contest=pair[1], line=strange[0][:40])
        self.by_index[index] = (*pair, {sys.intern(k): n for k, n in figures.items()})
        report.standing[pair] = Standing(index, version, self.by_index[index][2])
        report.missing.pop(pair, None)

    def _read_annulment(self, payload: Mapping[str, Any], place: str) -> None:
        index = payload.get("index")
        pair = self.by_index[index][:2] if isinstance(index, int) and index in self.by_index else ("", "")
        if pair not in self.report.standing or self.report.standing[pair].index != index:
            self.report.add("incomplete", place, "annuls-nothing")
            return
        del self.report.standing[pair]
        self.report.missing[pair] = str(payload.get("decision") or payload.get("reason", ""))

    def check_complete(self) -> None:
        for station, contest in self._expected:
            if (station, contest) not in self.report.standing and (station, contest) not in self.report.missing:
                self.report.add("incomplete", f"station {station}", "no-protocol", contest=contest)
        for station, contest in self.report.missing:
            if (station, contest) not in self._expected:
                self.report.add("incomplete", f"station {station}", "not-expected", station=station, contest=contest)


def broken_relations(contest: Mapping[str, Any], station: str, figures: Protocols) -> Iterator[str]:
    """Yield the codes of a manifest's relations that a station breaks; where a line is unknown, none is checked."""
    for relation in contest["relations"]:
        left, right = (_side(relation[side], contest, station, figures) for side in ("left", "right"))
        if left is not None and right is not None and (left > right or (relation["sign"] == "=" and left != right)):
            yield relation["code"]


def _side(terms: Sequence[str], contest: Mapping[str, Any], station: str, figures: Protocols) -> int | None:
    """Return the sum of lines: `@line`, `@line?` (0 if absent), an option, `*` for all, `contest:@line` of another."""
    total = 0
    for term in terms:
        name, _, line = term.rpartition(":")
        source = figures.get((station, name or contest["id"]))
        if source is None or (line[0] == "@" and line[-1] != "?" and line not in source):
            return None
        if term == "*":
            total += sum(source.get(option, 0) for option in contest["options"])
        else:
            total += source.get(line.rstrip("?"), 0)
    return total


def check_identities(report: Verification) -> None:
    """Report every standing protocol that breaks a relation of its form."""
    assert report.manifest is not None, "protocols stand only with a manifest"
    contests = {c["id"]: c for c in report.manifest["contests"]}
    figures = {pair: standing.figures for pair, standing in report.standing.items()}
    for (station, name), standing in report.standing.items():
        for code in broken_relations(contests[name], station, figures):
            values = {"station": station, "contest": name, "relation": code}
            report.add("identities", f"entry {standing.index}", "relation", **values)


def add_up(report: Verification) -> None:
    """Add up the standing protocols: contest → unit → line → sum, for stations' parents, districts and all above."""
    assert report.manifest is not None, "protocols stand only with a manifest"
    above = {u["id"]: u["parent"] for u in report.manifest["units"] if u["id"]}
    stations = {s["id"]: s for s in report.manifest["stations"]}
    for (station, contest), standing in report.standing.items():
        row, units = stations[station], {""}
        for unit in (row["parent"], row.get("district", {}).get(contest, "")):
            while unit not in units and len(units) < 64:
                units.add(unit)
                unit = above.get(unit, "")
        for unit in units:
            sums = report.sums.setdefault(contest, {}).setdefault(unit, {})
            for line, number in standing.figures.items():
                sums[line] = sums.get(line, 0) + number


def check_totals(report: Verification) -> None:
    """Report every published total that is not the sum of the standing protocols."""
    totals = (report.results or {}).get("totals", {})
    try:
        rows = [(c, u, line, n) for c, units in totals.items() for u, sums in units.items() for line, n in sums.items()]
    except AttributeError:
        raise RefusedError("results.json", "totals that cannot be read", "contest, unit, line, number") from None
    for contest, unit, line, published in rows:
        counted = report.sums.get(contest, {}).get(unit, {}).get(line, 0)
        if counted != published:
            values = {"contest": contest, "line": line, "published": published, "counted": counted}
            report.add("totals", f"unit {unit or 'all'}", "differs", **values)


def verify(
    path: Path, *, policy: Policy | None = None, receipts: Receipts = (), workers: int | None = None, now: float = 0
) -> Verification:
    """Verify a bundle: a folder, a .tar or a .zip; RefusedError where something cannot be read.

    Without a policy the log's keys are those that it names itself. Receipts are names and proofs of entries that must be in
    the log. Signatures from more than an hour after `now` are refused. `workers` None: one for each processor.
    """
    bundle, report = Bundle(path), Verification()
    checkpoint = read_checkpoint(bundle.read("checkpoint", MOST_NOTE), "checkpoint")
    report.origin, report.size, report.root = checkpoint.origin, checkpoint.size, checkpoint.root
    if checkpoint.size > FULL * len(bundle.members):
        raise RefusedError(
            "checkpoint", f"size {checkpoint.size}", f"tiles for it: here are {len(bundle.members)} files"
        )
    report.done.append("structure")
    leaves = _check_tiles(bundle, checkpoint, report)
    checkers = _Checkers(lambda place: report.add("signature", place, "bad-signature"), workers)
    ledger = _Ledger(report, checkers, lambda name: _file_by_hash(bundle, name, report))
    try:
        _read_log(bundle, checkpoint, leaves, ledger)
    finally:
        checkers.finish()
    report.done += ["tree", "signatures"]
    ledger.check_revoked()
    _check_checkpoint(checkpoint, policy, ledger.log_keys, report, now or time.time(), "checkpoint")
    report.done += ["receipts"] if receipts else []
    for name, receipt in receipts:
        _check_receipt(name, receipt, leaves, policy, ledger, report)
    if report.manifest is not None:
        ledger.check_complete()
        check_identities(report)
        add_up(report)
        report.done += ["completeness", "identities"]
        if "results.json" in bundle.members:
            report.results = read_canonical(bundle.read("results.json", MOST_FILE), "results.json")
            if not isinstance(report.results, dict):
                raise RefusedError("results.json", "no object", "totals and seats")
            check_totals(report)
            report.done.append("totals")
    return report


def _check_tiles(bundle: Bundle, checkpoint: Checkpoint, report: Verification) -> list[bytes]:
    """Return the leaves' hashes as the tiles of level 0 give them; tiles that do not fit are reported."""
    leaves: list[bytes] = []
    upper: dict[tuple[int, int], bytes] = {}
    tree = Tree(lambda level, number, data: upper.__setitem__((level, number), data) if level else None)
    for level, number, width in tile_widths(checkpoint.size):
        name = tile_name(level, number, width)
        if name not in bundle.members:
            report.add("tree", name, "missing-tile")
            leaves += [b""] * width if level == 0 else []
            continue
        data = bundle.read(name, FULL * 32)
        if len(data) != 32 * width:
            raise RefusedError(name, f"{len(data)} bytes", f"{32 * width}: {width} hashes")
        if level == 0:
            rows = [data[i : i + 32] for i in range(0, len(data), 32)]
            leaves += rows
            for leaf in rows:
                tree.add(leaf)
        else:
            open_tiles = {(at, n): hashes for at, n, hashes in tree.partial()}
            if data != (upper.get((level, number)) or open_tiles.get((level, number))):
                report.add("tree", name, "tile-differs")
    if tree.root() != checkpoint.root:
        report.add("tree", "checkpoint", "root-differs", root=tree.root().hex())
    _check_beyond(bundle, checkpoint.size, report)
    return leaves


def _check_beyond(bundle: Bundle, size: int, report: Verification) -> None:
    """Report entries that the checkpoint does not cover: it is an old one, or somebody added to the files."""
    for name in bundle.members:
        plain, _, width = name.removeprefix("tile/entries/").partition(".p/")
        digits = plain.replace("/", "").replace("x", "")[:18] if plain != name else ""
        if digits.isdecimal() and FULL * int(digits) + (int(width[:3]) if width.isdecimal() else FULL) > size:
            report.add("tree", name, "beyond-checkpoint", size=size)


def _read_log(bundle: Bundle, checkpoint: Checkpoint, leaves: Sequence[bytes], ledger: _Ledger) -> None:
    report, tiles_are_good = ledger.report, not ledger.report.numbers["tree"]
    own: list[bytes] = []
    for number in range(-(-checkpoint.size // FULL)):
        width = min(FULL, checkpoint.size - number * FULL)
        name = tile_name("entries", number, width)
        entries = split_entries(bundle.read(name, _MOST_TILE)) if name in bundle.members else None
        if entries is None or len(entries) != width:
            report.add("tree", name, "missing-tile" if name not in bundle.members else "entries-do-not-fit")
            continue
        for place, entry in enumerate(entries):
            index = number * FULL + place
            leaf = leaf_hash(entry)
            own.append(leaf)
            if leaf != leaves[index]:
                report.add("tree", f"entry {index}", "leaf-differs")
                # Where the tiles lead to the signed root, this is not the entry that was logged.
                if tiles_are_good:
                    continue
            try:
                ledger.take(index, entry)
            except RefusedError:
                if leaf == leaves[index]:
                    raise
    if not tiles_are_good and root_of(own) != checkpoint.root:
        report.add("tree", "checkpoint", "entries-differ", root=root_of(own).hex())


def _file_by_hash(bundle: Bundle, name: str, report: Verification) -> bytes | None:
    if f"file/{name}" not in bundle.members:
        report.add("tree", f"file/{name[:64]}", "missing-file")
        return None
    data = bundle.read(f"file/{name}", MOST_FILE)
    if sha256(data).hexdigest() != name:
        report.add("tree", f"file/{name[:64]}", "file-differs")
        return None
    return data


def _signed_by_log(
    checkpoint: Checkpoint, policy: Policy | None, own: Sequence[str], report: Verification, place: str
) -> dict[str, int]:
    """Return which of the log's keys signed, with their times; where none did, or falsely, that is reported."""
    logs = list(policy.logs) if policy else [read_key(key, "entry 0") for key in own]
    try:
        signed = signers(checkpoint, [key for key in logs if key.name == checkpoint.origin])
        if not signed:
            report.add("signature", place, "not-signed-by-log", origin=checkpoint.origin[:80])
        return signed
    except ForgedError as error:
        report.add("signature", place, "bad-signature", key=str(error))
        return {}


def _check_checkpoint(
    checkpoint: Checkpoint, policy: Policy | None, own: Sequence[str], report: Verification, now: float, place: str
) -> None:
    if not own and policy is None and report.numbers["tree"]:
        return  # the entry that names the log's keys could not be read
    signed = _signed_by_log(checkpoint, policy, own, report, place)
    if not signed or policy is None:
        return
    try:
        signed |= signers(checkpoint, list(policy.witnesses.values()))
    except ForgedError as error:
        report.add("witness", place, "bad-signature", key=str(error))
        return
    late = [key for key, stamp in signed.items() if stamp > now + 3600]
    if late:
        raise RefusedError(place, f"a signature of {late[0].partition('+')[0]} from the future", "a time that has come")
    if not policy.reached(signed):
        absent = [name for name, key in policy.witnesses.items() if str(key) not in signed]
        report.add("witness", place, "quorum-not-reached", quorum=policy.quorum, absent=", ".join(absent))
    report.done.append("witnesses")


def _check_receipt(
    name: str, receipt: Receipt, leaves: Sequence[bytes], policy: Policy | None, ledger: _Ledger, report: Verification
) -> None:
    """Report a receipt that is not signed by the log, does not prove its entry, or whose entry is another one now."""
    if not _signed_by_log(receipt.checkpoint, policy, ledger.log_keys, report, name):
        return
    here = leaves[receipt.index] if 0 <= receipt.index < min(len(leaves), receipt.checkpoint.size) else b""
    leaf, stated = receipt.leaf or here, receipt.checkpoint
    if not receipt.paper and not includes(leaf, receipt.index, stated.size, receipt.path, stated.root):
        report.add("tree", name, "proof-wrong", index=receipt.index)
    elif stated.size > len(leaves):
        report.add("tree", name, "older-than-receipt", size=len(leaves), receipt=stated.size)
    elif root_of(leaves[: stated.size]) != stated.root or here != leaf:
        report.add("tree", name, "history-differs", index=receipt.index, size=stated.size)
    elif receipt.paper and receipt.paper != ledger.by_index.get(receipt.index):
        report.add("tree", name, "figures-differ", index=receipt.index)


def verify_receipt(name: str, receipt: Receipt, policy: Policy) -> Verification:
    """Verify a receipt without a bundle: its proof, and the signatures that a policy asks for."""
    stated = receipt.checkpoint
    report = Verification(origin=stated.origin, size=stated.size, root=stated.root)
    _check_checkpoint(stated, policy, (), report, time.time(), name)
    if receipt.paper:
        raise RefusedError(name, "a code from paper", "it with a bundle: it holds no proof of its own")
    if not receipt.leaf or not includes(receipt.leaf, receipt.index, report.size, receipt.path, report.root):
        report.add("tree", name, "proof-wrong", index=receipt.index)
    report.done.append("receipts")
    return report


def read_inputs(policy: Path | None, receipts: Sequence[Path]) -> tuple[Policy | None, list[tuple[str, Receipt]]]:
    """Return a policy and receipts from their files."""
    chosen = None if policy is None else read_policy(_small(policy), str(policy))
    return chosen, [(path.name, read_receipt(_small(path), str(path))) for path in receipts]


def _small(path: Path) -> bytes:
    try:
        with path.open("rb") as opened:
            data = opened.read(MOST_NOTE + 1)
    except OSError as error:
        raise RefusedError(str(path), error.strerror or _said(error), "a file that can be read") from None
    if len(data) > MOST_NOTE:
        raise RefusedError(str(path), f"more than {MOST_NOTE} bytes", "a small file")
    return data


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verifier alone; print one line for each finding, the verdict first."""
    from argparse import ArgumentParser

    parser = ArgumentParser(description="Verify the public log of an election's protocols.")
    parser.add_argument("bundle", nargs="?", help="a folder, a .tar or a .zip")
    parser.add_argument("--policy", help="who must have signed (c2sp.org/tlog-policy)")
    parser.add_argument("--receipt", action="append", default=[], help="a proof that an entry is in the log")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args(arguments)
    from json import dumps
    from pathlib import Path

    try:
        policy, receipts = read_inputs(asked.policy and Path(asked.policy), [Path(name) for name in asked.receipt])
        if asked.bundle is not None:
            report = verify(Path(asked.bundle), policy=policy, receipts=receipts)
        elif policy is not None and receipts:
            report = verify_receipt(*receipts[0], policy)
        else:
            parser.error("a bundle, or --receipt with --policy")
    except RefusedError as error:
        print("".join(c if c.isprintable() else "·" for c in str(error))[:200], file=sys.stderr)
        return 2
    if asked.json:
        print(dumps(report.to_json(), ensure_ascii=False, indent=1))
    else:
        _print(report, policy is not None)
    return 0 if report.verdict == "good" else 1


def _print(report: Verification, pinned: bool) -> None:
    lines = [str(finding) for finding in report.ordered()]
    print(f"{report.verdict}: {report.origin}, {report.size} entries, {len(report.standing)} protocols")
    vouched = "" if pinned else "; no policy: nobody outside vouches"
    print(f"checked: {', '.join(report.done)}; not here: seats{vouched}")
    for line in (*lines[:20], *([f"… and {sum(report.numbers.values()) - 20} more"] if len(lines) > 20 else [])):
        print("".join(c if c.isprintable() else "·" for c in line)[:200])


if __name__ == "__main__":
    sys.exit(_work() if sys.argv[1:] == [_WORKER] else main())
