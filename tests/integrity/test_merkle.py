"""The tree: the roots that implementations of RFC 6962 agree on, and proofs of every entry and every former size."""

from __future__ import annotations

import pytest

from sailau.integrity import consistency_proof, continues, includes, inclusion_proof, merkle_root

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""Of the first 0 to 8 entries: the test vectors of the Certificate Transparency project."""


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert merkle_root(LEAVES[:size]).hex() == ROOTS[size]


def test_paths_are_those_of_certificate_transparency() -> None:
    assert [step.hex() for step in inclusion_proof(LEAVES, 5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [step.hex() for step in consistency_proof(LEAVES, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_every_entry_is_proved_and_no_other_at_its_place() -> None:
    entries = [f"entry {n}".encode() for n in range(21)]
    for size in range(1, 22):
        root = merkle_root(entries[:size])
        for index in range(size):
            path = inclusion_proof(entries[:size], index)
            assert includes(entries[index], index, size, path, root)
            assert not includes(b"another", index, size, path, root)
            assert not includes(entries[index], index, size, [*path, root], root)
            assert not includes(entries[index], index + 1, size, path, root)


def test_every_longer_log_is_proved_to_continue_a_shorter_one() -> None:
    entries = [f"entry {n}".encode() for n in range(21)]
    for end in range(1, 22):
        top = merkle_root(entries[:end])
        for size in range(1, end + 1):
            root, path = merkle_root(entries[:size]), consistency_proof(entries[:end], size)
            assert continues((size, root), (end, top), path)
            other = merkle_root([b"rewritten", *entries[1:size]])
            assert not continues((size, other), (end, top), path)
    assert continues((0, merkle_root([])), (5, merkle_root(entries[:5])), [])


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_what_is_not_there_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no entry"):
        inclusion_proof(LEAVES[:size], index)
    with pytest.raises(ValueError, match="no former size"):
        consistency_proof(LEAVES[:size], size + 1)
