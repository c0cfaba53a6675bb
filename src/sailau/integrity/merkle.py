"""The tree of a log: its root, proofs that an entry is in it, proofs that a longer log continues a shorter one.

Sources: RFC 6962, section 2.1; RFC 9162, sections 2.1.3 and 2.1.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sailau.integrity import verifier
from sailau.integrity.verifier import leaf_hash, node_hash, root_of


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root of the tree of entries, 32 bytes (RFC 6962, 2.1: MTH).

    Args:
        leaves: the entries themselves, not their hashes.
    """
    return root_of([leaf_hash(leaf) for leaf in leaves])


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of an entry, from its sibling up (RFC 6962, 2.1.1: PATH).

    Args:
        leaves: all entries.
        index: of the entry, from 0.

    Raises:
        ValueError: there is no such entry.
    """
    return inclusion_path([leaf_hash(leaf) for leaf in leaves], index)


def inclusion_path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of a leaf, from hashes of leaves."""
    if not 0 <= index < len(hashes):
        raise ValueError(f"no entry {index}: expected one of 0 to {len(hashes) - 1}")
    path: list[bytes] = []
    first, end = 0, len(hashes)
    while end - first > 1:
        middle = first + _split(end - first)
        if index < middle:
            path.append(root_of(hashes[middle:end]))
            end = middle
        else:
            path.append(root_of(hashes[first:middle]))
            first = middle
    return path[::-1]


def consistency_proof(leaves: Sequence[bytes], size: int) -> list[bytes]:
    """Return the proof that the log of all entries continues the one of the first `size` (RFC 6962, 2.1.2: PROOF).

    Raises:
        ValueError: the former log was empty or longer.
    """
    return consistency_path([leaf_hash(leaf) for leaf in leaves], size)


def consistency_path(hashes: Sequence[bytes], size: int) -> list[bytes]:
    """Return the proof of consistency from hashes of leaves."""
    if not 0 < size <= len(hashes):
        raise ValueError(f"no former size {size}: expected one of 1 to {len(hashes)}")
    path: list[bytes] = []
    first, end, whole = 0, len(hashes), True
    while size - first < end - first:
        middle = first + _split(end - first)
        if size <= middle:
            path.append(root_of(hashes[middle:end]))
            end = middle
        else:
            path.append(root_of(hashes[first:middle]))
            first, whole = middle, False
    return ([] if whole else [root_of(hashes[first:end])]) + path[::-1]


def continues(former: tuple[int, bytes], later: tuple[int, bytes], path: Sequence[bytes]) -> bool:
    """Whether a path proves that a later tree (size, root) continues a former one (RFC 9162, 2.1.4.2).

    Every tree continues the empty one, and each one itself; both with an empty path.
    """
    (size, root), (end, top) = former, later
    if size in (0, end):
        return not path and (root == top if size else root == root_of(()))
    if not 0 < size < end or not path:
        return False
    steps: Iterator[bytes] = iter(path)
    node, last = size - 1, end - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = root if not size & (size - 1) else next(steps)
    for sibling in steps:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == root and new == top


def includes(entry: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a path proves that an entry stands at an index of the tree with a root (RFC 9162, 2.1.3.2)."""
    return verifier.includes(leaf_hash(entry), index, size, path, root)


def _split(size: int) -> int:
    """Return the largest power of two below a size of at least 2."""
    return 1 << (size - 1).bit_length() - 1
