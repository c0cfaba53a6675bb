"""A log: entries that are only ever added, kept as plain files that any mirror can serve (c2sp.org/tlog-tiles).

Entries go to a journal first, synced to the disk under a lock, so that several writers may append and one that is killed
leaves nothing but a torn end, which the next one cuts off. A checkpoint turns the journal into tiles and is written last.
"""

from __future__ import annotations

import json
import os
import struct
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from sailau.integrity import verifier
from sailau.integrity.keys import Signer, canonical
from sailau.integrity.merkle import consistency_path, continues, inclusion_path
from sailau.integrity.verifier import (
    FULL,
    Bundle,
    Checkpoint,
    Receipt,
    RefusedError,
    Tree,
    leaf_hash,
    read_checkpoint,
    split_entries,
    tile_name,
)
from sailau.writing import write_whole

_JOURNAL, _LOCK = ".journal", ".lock"
_HEAD = struct.Struct(">8sQ")
_MAGIC = b"sailauJ1"
_MARK = 8
_MOST_TILE = FULL * (verifier.MOST_ENTRY + 2)


class Log:
    """A log in a folder.

    Attributes:
        folder: its tiles, checkpoint and files; what begins with a dot is the writers' own and no part of what is published.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not (folder / _JOURNAL).is_file():
            raise RefusedError(str(folder), "no log", "a folder that sailau log init made")

    @classmethod
    def create(cls, folder: Path) -> Log:
        """Make an empty log.

        Raises:
            RefusedError: the folder is there and not empty.
        """
        if folder.exists() and any(folder.iterdir()):
            raise RefusedError(str(folder), "a folder that is not empty", "a new folder")
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / _JOURNAL, _HEAD.pack(_MAGIC, 0))
        return cls(folder)

    # ------------------------------------------------------------ appending

    def append(self, entries: Iterable[bytes]) -> range:
        """Add entries, all or none of them, and return their indices.

        Raises:
            RefusedError: an entry is no envelope, or too long.
        """
        given = list(entries)
        for entry in given:
            if not 0 < len(entry) <= verifier.MOST_ENTRY:
                raise RefusedError("entry", f"{len(entry)} bytes", f"1 to {verifier.MOST_ENTRY}")
        with self._locked():
            first, end, pending = self._journal()
            records = b"".join(_record(entry) for entry in given)
            with (self.folder / _JOURNAL).open("r+b") as file:
                file.truncate(end)
                file.seek(end)
                file.write(records)
                file.flush()
                os.fsync(file.fileno())
        start = first + len(pending)
        return range(start, start + len(given))

    def _journal(self) -> tuple[int, int, list[bytes]]:
        """Return the index of the journal's first entry, where its last whole record ends, and its entries."""
        data = (self.folder / _JOURNAL).read_bytes()
        magic, first = _HEAD.unpack_from(data)
        if magic != _MAGIC:
            raise RefusedError(str(self.folder / _JOURNAL), "another file", "the journal of a log")
        place, entries = _HEAD.size, []
        while place + 2 <= len(data):
            end = place + 2 + int.from_bytes(data[place : place + 2], "big")
            entry = data[place + 2 : end]
            if data[end : end + _MARK] != sha256(entry).digest()[:_MARK]:
                break
            entries.append(entry)
            place = end + _MARK
        return first, place, entries

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other writers out; the system lets the lock go, however the process ends."""
        import fcntl

        with (self.folder / _LOCK).open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    # ------------------------------------------------------------ checkpoints

    def checkpoint(self, origin: str, signers: Sequence[Signer], stamp: int = 0) -> Checkpoint:
        """Turn what was appended into tiles, sign the new size and root, and write the checkpoint last.

        Args:
            origin: name of the log.
            signers: its keys.
            stamp: seconds since 1970, for keys whose signatures carry a time.
        """
        with self._locked():
            first, _, entries = self._journal()
            former = self.latest()
            size = former.size if former else 0
            if first > size:
                raise RefusedError(str(self.folder), f"a checkpoint of {size}", f"one of at least {first}")
            tree = self._grow(size, entries[size - first :])
            text = f"{origin}\n{tree.size}\n{b64encode(tree.root()).decode()}\n".encode()
            bare = Checkpoint(text, (), origin, tree.size, tree.root())
            made = Checkpoint(text, tuple(s.note_line(bare, stamp) for s in signers), origin, tree.size, tree.root())
            write_whole(self.folder / "checkpoint", made.note())
            write_whole(self.folder / _JOURNAL, _HEAD.pack(_MAGIC, tree.size))
            self._drop_partial(tree.size)
        return made

    def _grow(self, size: int, entries: Sequence[bytes]) -> Tree:
        """Write tiles and bundles of entries for what is new; a full one that is there already is not touched."""
        tree = Tree(lambda level, number, data: self._write(tile_name(level, number), data))
        _restore(tree, size, lambda level, number, width: self._read(tile_name(level, number, width), FULL * 32))
        number, width = divmod(size, FULL)
        rows = list(split_entries(self._read(tile_name("entries", number, width), _MOST_TILE)) or ()) if width else []
        for entry in entries:
            tree.add(leaf_hash(entry))
            rows.append(entry)
            if len(rows) == FULL:
                self._write(tile_name("entries", number), _bundled(rows))
                rows, number = [], number + 1
        if rows:
            self._write(tile_name("entries", number, len(rows)), _bundled(rows))
        for level, place, data in tree.partial():
            self._write(tile_name(level, place, len(data) // 32), data)
        return tree

    def _drop_partial(self, size: int) -> None:
        """Remove partial tiles whose full tile is there, and those of former sizes beside a wider one."""
        for path in sorted((self.folder / "tile").glob("**/*.p/*")):
            whole = path.parent.with_name(path.parent.name.removesuffix(".p"))
            wider = any(int(other.name) > int(path.name) for other in path.parent.iterdir())
            if whole.is_file() or (wider and size):
                path.unlink()
                if not any(path.parent.iterdir()):
                    path.parent.rmdir()

    def latest(self) -> Checkpoint | None:
        """Return the checkpoint that is published; None before the first."""
        path = self.folder / "checkpoint"
        return read_checkpoint(path.read_bytes(), "checkpoint") if path.is_file() else None

    def cosign(self, lines: Iterable[tuple[str, bytes, bytes]]) -> Checkpoint:
        """Add signature lines of witnesses to the published checkpoint."""
        with self._locked():
            now = self.latest()
            if now is None:
                raise RefusedError(str(self.folder), "no checkpoint", "sailau log checkpoint first")
            fresh = tuple(line for line in lines if line not in now.lines)
            made = Checkpoint(now.text, now.lines + fresh, now.origin, now.size, now.root)
            write_whole(self.folder / "checkpoint", made.note())
        return made

    def _write(self, name: str, data: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not (path.is_file() and path.read_bytes() == data):
            write_whole(path, data)

    def _read(self, name: str, most: int) -> bytes:
        return Bundle(self.folder).read(name, most)

    # ------------------------------------------------------------ files beside the tree

    def keep_file(self, data: bytes) -> str:
        """Keep a file that entries name by its hash, and return that."""
        name = sha256(data).hexdigest()
        self._write(f"file/{name}", data)
        return name

    def pending(self) -> int:
        """Return how many entries the published checkpoint does not cover yet."""
        first, _, entries = self._journal()
        now = self.latest()
        return first + len(entries) - (now.size if now else 0)


def _record(entry: bytes) -> bytes:
    return len(entry).to_bytes(2, "big") + entry + sha256(entry).digest()[:_MARK]


def _bundled(entries: Iterable[bytes]) -> bytes:
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def _restore(tree: Tree, size: int, read: Callable[[int, int, int], bytes]) -> None:
    """Make a tree that of a size again from its partial tiles, which `read` gives by level, number and width."""
    tree.size, tree.open, tree.done = size, [], []
    rest = size
    while rest or not tree.open:
        number, width = divmod(rest, FULL)
        data = read(len(tree.open), number, width) if width else b""
        tree.open.append([data[i : i + 32] for i in range(0, len(data), 32)])
        tree.done.append(number)
        rest = number


# ---------------------------------------------------------------- reading a log, one's own or a copy


def read_entries(bundle: Bundle, start: int, size: int) -> Iterator[tuple[int, bytes]]:
    """Yield index and bytes of the entries of a published log from `start`.

    Raises:
        RefusedError: they are not there, or cannot be split.
    """
    for number in range(start // FULL, -(-size // FULL)):
        width = min(FULL, size - number * FULL)
        name = tile_name("entries", number, width)
        entries = split_entries(bundle.read(name, _MOST_TILE))
        if entries is None or len(entries) != width:
            raise RefusedError(name, "entries that do not fit", f"{width} entries")
        yield from ((i, e) for i, e in enumerate(entries, number * FULL) if i >= start)


def leaf_hashes(bundle: Bundle, size: int) -> list[bytes]:
    """Return the hashes of the leaves of a published log from its tiles of level 0.

    Raises:
        RefusedError: a tile is not there, or of another size.
    """
    leaves: list[bytes] = []
    for number in range(-(-size // FULL)):
        width = min(FULL, size - number * FULL)
        data = bundle.read(tile_name(0, number, width), FULL * 32)
        if len(data) != 32 * width:
            raise RefusedError(tile_name(0, number, width), f"{len(data)} bytes", f"{32 * width}")
        leaves += [data[i : i + 32] for i in range(0, len(data), 32)]
    return leaves


def published(bundle: Bundle) -> Checkpoint:
    """Return the checkpoint of a published log."""
    return read_checkpoint(bundle.read("checkpoint", verifier.MOST_NOTE), "checkpoint")


def prove(bundle: Bundle, index: int) -> Receipt:
    """Return the receipt of an entry.

    Raises:
        RefusedError: the published log does not have it.
    """
    now = published(bundle)
    if not 0 <= index < now.size:
        raise RefusedError("index", str(index), f"0 to {now.size - 1}: what the checkpoint covers")
    entry = next(entry for i, entry in read_entries(bundle, index, now.size) if i == index)
    return Receipt(entry, index, tuple(inclusion_path(leaf_hashes(bundle, now.size), index)), now, leaf_hash(entry))


def receipt_text(receipt: Receipt) -> bytes:
    """Return a receipt as a proof file (c2sp.org/tlog-proof), the entry in its extra line."""
    lines = ["c2sp.org/tlog-proof@v1", f"extra {b64encode(receipt.entry).decode()}", f"index {receipt.index}"]
    lines += [b64encode(step).decode() for step in receipt.path]
    return "\n".join(lines).encode() + b"\n\n" + receipt.checkpoint.note()


def paper_text(receipt: Receipt) -> str:
    """Return a receipt of a protocol as the text of a code on paper: figures, hash and index of the entry, the checkpoint.

    Of the checkpoint's signatures the log's Ed25519 one alone: others are too long for a code.

    Raises:
        RefusedError: the entry is no protocol.
    """
    payload, _, _ = verifier.read_entry(receipt.entry, "entry")
    if payload["kind"] not in ("protocol", "correction"):
        raise RefusedError("entry", f"kind {payload['kind'][:20]}", "a protocol or a correction")
    named = {name: payload[name] for name in ("contest", "figures", "station")}
    row = {**named, "entry": b64encode(receipt.leaf).decode(), "index": receipt.index}
    now = receipt.checkpoint
    # A signature of 64 bytes is Ed25519 without a time.
    lines = tuple(line for line in now.lines if len(line[2]) == 64)
    short = Checkpoint(now.text, lines, now.origin, now.size, now.root)
    return f"{verifier.PAPER.decode()}{canonical(row).decode()}\n\n{short.note().decode()}"


def consistency(bundle: Bundle, size: int, end: int) -> list[bytes]:
    """Return the proof that the log of `end` entries continues the one of `size`."""
    return consistency_path(leaf_hashes(bundle, end), size) if 0 < size < end else []


def watch(bundle: Bundle, state: Path) -> tuple[int, Checkpoint, bool]:
    """Compare a log with what was seen last, and remember it where it continues that.

    Args:
        bundle: the log as it is published now.
        state: file with the checkpoint that was seen last; made at the first time.

    Returns:
        The former size (0 at the first time), the checkpoint of now, and whether it continues the former one.
    """
    now = published(bundle)
    before = read_checkpoint(state.read_bytes(), str(state)) if state.is_file() else None
    size, root = (before.size, before.root) if before else (0, verifier.root_of(()))
    same = before is None or before.origin == now.origin
    leaves = leaf_hashes(bundle, now.size)
    path = consistency_path(leaves, size) if 0 < size < now.size else []
    follows = same and verifier.root_of(leaves) == now.root and continues((size, root), (now.size, now.root), path)
    if follows:
        write_whole(state, now.note())
    return size, now, follows


def has_plan(bundle: Bundle) -> bool:
    """Whether the plan of an audit stands in a published log."""
    for _, entry in read_entries(bundle, 0, published(bundle).size):
        payload, _, _ = verifier.read_entry(entry, "entry")
        if payload["kind"] == "audit" and payload.get("step") == "plan":
            return True
    return False


# ---------------------------------------------------------------- two views


class Views:
    """What a comparison of two views of a log gave.

    Attributes:
        sizes: of both.
        same_log: whether both name one origin.
        consistent: whether the longer one continues the shorter.
        first: index of the first entry that differs; None where none does.
        entries: what stands there in both.
        checkpoints: both, as signed: the evidence.
    """

    def __init__(self, one: Bundle, other: Bundle) -> None:
        self.checkpoints = (published(one), published(other))
        self.sizes = (self.checkpoints[0].size, self.checkpoints[1].size)
        self.same_log = self.checkpoints[0].origin == self.checkpoints[1].origin
        both = [leaf_hashes(bundle, c.size) for bundle, c in zip((one, other), self.checkpoints, strict=True)]
        common = min(self.sizes)
        self.first = next((i for i in range(common) if both[0][i] != both[1][i]), None)
        roots = [verifier.root_of(leaves) for leaves in both]
        true_roots = all(root == c.root for root, c in zip(roots, self.checkpoints, strict=True))
        shorter, longer = sorted(self.checkpoints, key=lambda c: c.size)
        path = consistency_path(max(both, key=len), shorter.size) if 0 < shorter.size < longer.size else []
        proved = continues((shorter.size, shorter.root), (longer.size, longer.root), path)
        self.consistent = self.same_log and true_roots and proved and self.first is None
        self.entries = () if self.first is None else tuple(_entry_at(bundle, self.first) for bundle in (one, other))

    def to_json(self) -> dict[str, object]:
        """Return the comparison as data."""
        return {
            "verdict": "good" if self.consistent else "tree",
            "same_log": self.same_log,
            "sizes": list(self.sizes),
            "consistent": self.consistent,
            "first": self.first,
            "entries": [json.loads(entry) for entry in self.entries],
            "checkpoints": [c.note().decode() for c in self.checkpoints],
        }


def _entry_at(bundle: Bundle, index: int) -> bytes:
    size = published(bundle).size
    return next(entry for i, entry in read_entries(bundle, index, size) if i == index)
