"""Cases in a .zip and in a folder that somebody hostile made: what is read is what anyone would unpack, and nothing else."""

import os
import socket
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from oracle.cases import folder, votes
from sailau.election import archive as door
from sailau.election import open_case, open_day
from sailau.rulebook import BadInput, Fault

FILES = dict(
    folder("kz/mazhilis", "2023-03-19", votes("list", {"a": 6, "b": 3}), parties=[{"party": "a"}, {"party": "b"}]).files
)
OTHER = b"unit,contest,item,count\n,list,a,1\n,list,b,9\n"


def packed(where: Path, *further: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """Return an archive of a sound case with further members."""
    path = where / "case.zip"
    with zipfile.ZipFile(path, "w", method) as made:
        for name, data in (*FILES.items(), *further):
            made.writestr(name, data)
    return path


def refused(where: Path) -> Fault:
    """Return the only fault of what is refused."""
    with pytest.raises(BadInput) as caught:
        open_case(where)
    assert caught.value.count == 1
    return caught.value.faults[0]


def written(where: Path) -> Path:
    where.mkdir()
    for name, data in FILES.items():
        (where / name).write_bytes(data)
    return where


# ---------------------------------------------------------------- archives


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["returns.csv", "Returns.CSV", "./returns.csv", "RETURNS.csv"])
def test_two_members_of_one_name_are_refused(tmp_path: Path, name: str) -> None:
    fault = refused(packed(tmp_path, (name, OTHER)))
    assert name in fault.found
    assert "each file once" in fault.expected


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_letters_composed_and_decomposed_are_one_name(tmp_path: Path) -> None:
    fault = refused(packed(tmp_path, ("\u0439.csv", b""), ("\u0438\u0306.csv", b"")))
    assert "each file once" in fault.expected


@pytest.mark.parametrize("name", ["a\\b", "a\\returns.csv", "/returns2.csv", "../x", "a/../../x", "c:x"])
def test_members_that_unpack_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    fault = refused(packed(tmp_path, (name, OTHER)))
    assert fault.expected == "members inside the folder only"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_members_that_are_no_plain_files_are_refused(tmp_path: Path, kind: int) -> None:
    member = zipfile.ZipInfo("units.csv")
    member.external_attr = (kind | 0o777) << 16
    # What the link would hold is a sound table: it is refused for being a link.
    fault = refused(packed(tmp_path, (member, b"unit,level\nr,region\n")))
    assert fault.expected == "plain files, no links, inside the folder"


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_only_stored_and_deflated_members_are_read(tmp_path: Path, method: int) -> None:
    assert refused(packed(tmp_path, method=method)).expected == "members packed as stored or deflate"


def test_a_member_with_a_password_is_refused(tmp_path: Path) -> None:
    raw = bytearray(packed(tmp_path).read_bytes())
    at = raw.find(b"PK\x01\x02")
    while at >= 0:
        raw[at + 8] |= 1
        at = raw.find(b"PK\x01\x02", at + 4)
    (tmp_path / "locked.zip").write_bytes(raw)
    assert refused(tmp_path / "locked.zip").expected == "members without a password"


def test_more_than_may_be_unpacked_is_refused_before_it_is_read(tmp_path: Path) -> None:
    zeros = b"unit\n" * 10_000_000
    path = packed(tmp_path, *((f"{n}/units.csv", zeros) for n in range(5)))
    assert refused(path).expected.endswith("(limit unpacked-bytes)")


def test_what_is_packed_too_well_is_a_bomb(tmp_path: Path) -> None:
    path = packed(tmp_path, ("units.csv", b"x\n" * 1_000_000))
    assert refused(path).expected.endswith("(limit packing-ratio)")
    open_case(packed(tmp_path, ("notes/units.csv", b"x\n" * 400_000)))


def test_a_member_larger_than_its_header_says_is_refused(tmp_path: Path) -> None:
    """The directory and the checksum agree with ten bytes; what is packed is longer."""
    import zlib

    long, short = b"contest,item,count\n" + b"list,a,1\n" * 1000, b"contest,it"
    path = tmp_path / "case.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("case.toml", FILES["case.toml"])
        made.writestr("returns.csv", long)
    raw = path.read_bytes().replace(len(long).to_bytes(4, "little"), len(short).to_bytes(4, "little"))
    raw = raw.replace(zlib.crc32(long).to_bytes(4, "little"), zlib.crc32(short).to_bytes(4, "little"))
    path.write_bytes(raw)
    assert refused(path).file == "case.zip"


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MEMBERS", replace(door.MEMBERS, most=4))
    assert refused(packed(tmp_path, ("a.txt", b""), ("b.txt", b""))).expected == "at most 4 files (limit members)"


def test_a_directory_that_is_a_bomb_is_refused_unread(tmp_path: Path) -> None:
    raw = bytearray(packed(tmp_path).read_bytes())
    raw[-10:-6] = (2**31).to_bytes(4, "little")
    (tmp_path / "case.zip").write_bytes(raw)
    assert refused(tmp_path / "case.zip").expected.endswith("(limit members)")


# ---------------------------------------------------------------- folders


@pytest.mark.parametrize("name", ["parties.csv", "case.toml", "law.toml", "units.csv"])
def test_links_in_a_folder_are_refused(tmp_path: Path, name: str) -> None:
    case = written(tmp_path / "case")
    outside = tmp_path / "secret"
    outside.write_bytes(FILES.get(name, b"unit,level\nr,region\n"))
    (case / name).unlink(missing_ok=True)
    (case / name).symlink_to(outside)
    fault = refused(case)
    assert (fault.file, fault.found) == (name, "a symbolic link")


@pytest.mark.parametrize("kind", ["pipe", "socket", "folder"])
def test_what_is_no_file_is_refused_without_waiting_for_it(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = written(tmp_path / "case")
    monkeypatch.chdir(case)
    if kind == "pipe":
        os.mkfifo("units.csv")
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("units.csv")
    else:
        (case / "units.csv").mkdir()
        assert open_case(case).units == {}
        return
    assert refused(case).file == "units.csv"


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/full"])
def test_a_device_is_no_case(device: str) -> None:
    assert refused(Path(device)).expected == "a regular file"


def test_a_pipe_is_no_case(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "case.zip")
    assert refused(tmp_path / "case.zip").expected == "a regular file"


def test_a_folder_of_a_polling_day_is_no_link(tmp_path: Path) -> None:
    day = tmp_path / "day"
    day.mkdir()
    (day / "day.toml").write_text('cases = ["inside"]')
    written(tmp_path / "elsewhere")
    (day / "inside").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadInput):
        open_day(day)
    (day / "inside").unlink()
    (tmp_path / "elsewhere").rename(day / "inside")
    assert len(open_day(day)) == 1


def test_the_law_beside_a_case_is_read_from_the_files_that_were_checked(tmp_path: Path) -> None:
    case = written(tmp_path / "case")
    (case / "law.toml").write_text("include = ['part-more.toml']\n[body]\nid = 'xx/a'\n")
    (tmp_path / "secret.toml").write_text("[[power]]\n")
    (case / "part-more.toml").symlink_to(tmp_path / "secret.toml")
    (case / "case.toml").write_text("law = './law.toml'\nday = 2023-03-19\ntitle.en = 'x'\n")
    assert refused(case).file == "part-more.toml"


def test_the_case_itself_may_be_a_link(tmp_path: Path) -> None:
    written(tmp_path / "case")
    (tmp_path / "mine").symlink_to(tmp_path / "case")
    assert open_case(tmp_path / "mine").name == "case"


@pytest.mark.parametrize(
    ("name", "limit"), [("returns.csv", "large-table-bytes"), ("case.toml", "toml-bytes"), ("x.toml", "toml-bytes")]
)
def test_a_file_beyond_its_limit_is_refused_unread(tmp_path: Path, name: str, limit: str) -> None:
    case = written(tmp_path / "case")
    with (case / name).open("ab") as stream:
        stream.truncate(5_000_000_000)  # takes no room on the disk
    assert refused(case).expected.endswith(f"(limit {limit})")


def test_an_archive_beyond_its_limit_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "case.zip").open("wb") as stream:
        stream.truncate(5_000_000_000)
    assert refused(tmp_path / "case.zip").expected.endswith("(limit archive-bytes)")
