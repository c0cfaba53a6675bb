"""Broken input, kind by kind: which file, which line, which field, and nothing but faults."""

import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from election.mutations import in_order
from oracle.cases import Row, case, folder, votes
from sailau.counting import count
from sailau.election import open_case, open_day
from sailau.election.case import read_case
from sailau.election.files import Folder, find
from sailau.rulebook import BadInput, Fault

DAY = "2023-03-19"
PARTIES = [{"party": "a"}, {"party": "b"}]
UNITS = [{"unit": "r", "level": "region"}, {"unit": "d", "parent": "r", "level": "district"}]
RETURNS = votes("list", {"a": 6, "b": 3})


def faults(rows: list[Row] | None = None, **more: Any) -> list[Fault]:
    """Return the faults of a case that is refused when it is read or counted."""
    more = {"parties": PARTIES, "units": UNITS, **more}
    law, day = more.pop("law", "kz/mazhilis"), more.pop("day", DAY)

    def counted() -> None:
        election = case(law, day, RETURNS if rows is None else rows, **more)
        count(election.own_law(), election)

    with pytest.raises(BadInput) as refused:
        counted()
    in_order(refused.value)
    return list(refused.value.faults)


def one(rows: list[Row] | None = None, **more: Any) -> Fault:
    """Return the only fault."""
    found = faults(rows, **more)
    assert len(found) == 1, found
    return found[0]


def place(fault: Fault) -> tuple[str, int, str]:
    return fault.file, fault.line, fault.field


def file(name: str, text: str | bytes) -> dict[str, Any]:
    """Return one file of the case in place of the usual one."""
    return {"files": {name: text if isinstance(text, bytes) else text.encode()}}


# ---------------------------------------------------------------- counts


@pytest.mark.parametrize(
    "count_",
    [
        "-1",
        "1.5",
        "1,5",
        "9" * 40,
        str(2**63),
        "+1",
        "1 000",
        "1_000",
        "1e3",
        "0x10",
        "１",
        "²",
        "",
        "many",
        "NaN",
        "1/2",
    ],
)
def test_a_count_is_a_whole_number(count_: str) -> None:
    text = f'unit,contest,item,count\n,list,a,1\n,list,b,"{count_}"\n'
    fault = one(**file("returns.csv", text))
    assert place(fault) == ("returns.csv", 3, "count")
    assert "2^63" in fault.expected
    assert fault.found == (f"“{count_}”" if count_ else "nothing")


@pytest.mark.parametrize("count_", ["0", "007", str(2**63 - 1)])
def test_any_whole_number_of_63_bits_is_taken(count_: str) -> None:
    read_case(
        folder("kz/mazhilis", DAY, parties=PARTIES, **file("returns.csv", f"contest,item,count\nlist,a,{count_}\n"))
    )


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (("", "list", "c", 1, 1), "item"),
        (("", "list", "A", 1, 1), "item"),
        (("", "list", "", 1, 1), "item"),
        (("", "list", "independent", 1, 1), "item"),
        (("", "list", "@nothing", 1, 1), "item"),
        (("", "lists", "a", 1, 1), "contest"),
        (("", "", "a", 1, 1), "contest"),
        (("", "question-²", "a", 1, 1), "contest"),
        (("nowhere", "list", "a", 1, 1), "unit"),
        (("R", "list", "a", 1, 1), "unit"),
        (("", "list", "a", 1, 3), "round"),
        (("", "list", "a", 1, "first"), "round"),
    ],
)
def test_unknown_names_in_the_returns(row: Row, field: str) -> None:
    assert place(one([*votes("list", {"b": 1}), row])) == ("returns.csv", 3, field)


def test_an_item_of_the_protocol_form_of_another_law_is_unknown() -> None:
    fault = one(votes("president", {"x": 1, "@nothing": 2}), law="kz/president", day="2022-11-20", parties=[])
    assert place(fault) == ("returns.csv", 3, "item")
    fault = one(votes("question", {"yes": 1, "maybe": 2}), law="kz/referendum", day="2024-10-06")
    assert (place(fault), fault.expected) == (("returns.csv", 3, "item"), "yes, no")


def test_a_line_twice() -> None:
    fault = one([*RETURNS, ("", "list", "a", 9, 1)])
    assert place(fault)[:2] == ("returns.csv", 4)
    assert "line 2" in fault.expected


def test_the_same_line_in_another_round_is_another_line() -> None:
    rows = votes("president", {"x": 4, "y": 3, "z": 3}) + votes("president", {"x": 4, "y": 3}, round_=2)
    assert len(case("kz/president", "2022-11-20", rows).returns) == 5


@pytest.mark.parametrize(
    ("candidate", "field"),
    [
        ({"candidate": "x", "contest": "lists"}, "contest"),
        ({"candidate": "x", "contest": "single", "unit": "nowhere"}, "unit"),
        ({"candidate": "x", "contest": "single", "party": "c"}, "party"),
        ({"candidate": "X"}, "candidate"),
        ({"candidate": "x", "position": 0}, "position"),
        ({"candidate": "x", "sex": "q"}, "sex"),
        ({"candidate": "x", "birth_date": "2023-02-30"}, "birth_date"),
        ({"candidate": "x", "birth_date": "yesterday"}, "birth_date"),
    ],
)
def test_candidates(candidate: dict[str, Any], field: str) -> None:
    assert place(one(candidates=[candidate])) == ("candidates.csv", 2, field)


@pytest.mark.parametrize(
    ("party", "field"),
    [
        ({"party": "a"}, "party"),
        ({"party": "independent"}, "party"),
        ({"party": "a-"}, "party"),
        ({"party": "c", "members": 0}, "members"),
        ({"party": "c", "registered": "2023"}, "registered"),
        ({"party": "c", "registered": "19.03.2023"}, "registered"),
        ({"party": "c", "color": "red"}, "color"),
        ({"party": "c", "number": -1}, "number"),
    ],
)
def test_parties(party: dict[str, Any], field: str) -> None:
    assert place(one(parties=[*PARTIES, party])) == ("parties.csv", 4, field)


@pytest.mark.parametrize(
    ("unit", "field"),
    [
        ({"unit": "d", "level": "district"}, "unit"),
        ({"unit": "x", "parent": "nowhere"}, "parent"),
        ({"unit": "x", "district_single": "nowhere"}, "district_single"),
        ({"unit": "x", "population": "1e6"}, "population"),
        ({"unit": "x", "seats_list": 200_000}, "seats_list"),
        ({"unit": "x", "level": "Région"}, "level"),
    ],
)
def test_units(unit: dict[str, Any], field: str) -> None:
    assert place(one(units=[*UNITS, unit])) == ("units.csv", 4, field)


def test_units_that_lie_within_each_other() -> None:
    circle = [{"unit": "x", "parent": "y"}, {"unit": "y", "parent": "z"}, {"unit": "z", "parent": "x"}]
    assert place(one(units=[*UNITS, *circle])) == ("units.csv", 4, "parent")
    assert place(one(units=[*UNITS, {"unit": "x", "parent": "x"}])) == ("units.csv", 4, "parent")


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (("lists", "", "a", 1), "contest"),
        (("single", "nowhere", "a", 1), "unit"),
        (("single", "", "c", 1), "option"),
        (("single", "", "@against_all", 1), "option"),
        (("single", "", "a", -1), "seats"),
        (("single", "", "a", 10**9), "seats"),
    ],
)
@pytest.mark.parametrize("name", ["declared", "official"])
def test_announced_seats(name: str, row: Row, field: str) -> None:
    assert place(one(**{name: [row]})) == (f"{name}.csv", 2, field)


# ---------------------------------------------------------------- tables


@pytest.mark.parametrize(
    "name", ["returns.csv", "parties.csv", "candidates.csv", "units.csv", "declared.csv", "official.csv"]
)
@pytest.mark.parametrize(
    ("broken", "line"),
    [
        (b"", 1),
        (b"\n\n", 1),
        (b"\xd2\xe5\xea\xf1\xf2\n", 1),
        ("contest,item,count\nlist,a,1\n".encode("utf-16"), 1),
        (b"\x00" * 100, 1),
        (bytes(range(256)) * 40, 1),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256)), 1),
        (b"a,b,c\n1,2,3\n", 1),
        (b'"contest,item,count\nlist,a,1\n', 0),
        (b"<html><body>404</body></html>", 1),
    ],
)
def test_a_file_that_cannot_be_read_is_one_fault(name: str, broken: bytes, line: int) -> None:
    fault = one(**file(name, broken))
    assert fault.file == name
    assert fault.line >= line


def test_a_file_that_cannot_be_read_hides_no_fault_of_another() -> None:
    found = faults([("nowhere", "list", "a", 1, 1)], **file("parties.csv", b"\xff\xfe"))
    assert {f.file for f in found} == {"parties.csv", "returns.csv"}


def test_a_nul_byte_has_a_line() -> None:
    fault = one(**file("returns.csv", b"contest,item,count\nlist,a,1\nlist,\x00b,1\n"))
    assert (place(fault)[:2], fault.found) == (("returns.csv", 3), "a NUL byte")


def test_a_byte_that_is_not_utf_8_has_a_line() -> None:
    assert place(one(**file("parties.csv", "party,name_ru\na,Партия\nb,".encode() + "Ауыл".encode("cp1251"))))[:2] == (
        "parties.csv",
        3,
    )


def test_columns() -> None:
    unknown = one(**file("returns.csv", "contest,item,count,votes\nlist,a,1,1\n"))
    assert (place(unknown), "votes" in unknown.found) == (("returns.csv", 1, "votes"), True)
    twice = one(**file("returns.csv", "contest,item,count,count\nlist,a,1,1\n"))
    assert place(twice) == ("returns.csv", 1, "count")
    missing = one(**file("returns.csv", "contest,item\nlist,a\n"))
    assert "count" in missing.found
    foreign = one(units=[{"unit": "r", "seats_senate": 1}])
    assert place(foreign) == ("units.csv", 1, "seats_senate")


def test_columns_that_begin_with_x_are_ignored() -> None:
    text = "contest,item,count,x_note\nlist,a,1,anything\n"
    assert len(read_case(folder("kz/mazhilis", DAY, parties=PARTIES, **file("returns.csv", text))).returns) == 1


def test_rows_of_another_length() -> None:
    found = faults(**file("returns.csv", "contest,item,count\nlist,a\nlist,a,1,2\nlist,b,1\n"))
    assert [place(f)[:2] for f in found] == [("returns.csv", 2), ("returns.csv", 3)]


def test_an_unclosed_quote() -> None:
    fault = faults(**file("returns.csv", 'contest,item,count\nlist,a,1\nlist,"b,1\n'))[0]
    assert fault.file == "returns.csv"
    assert fault.line >= 3


def test_a_huge_field_is_cut_short() -> None:
    for size in (100_000, 200_000):
        found = faults(**file("returns.csv", f"contest,item,count\nlist,{'x' * size},1\n"))
        assert [place(f)[0] for f in found] == ["returns.csv"]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffcontest,item,count\nlist,a,6\nlist,b,3\n",
        "contest,item,count\r\nlist,a,6\r\nlist,b,3\r\n",
        "contest,item,count\rlist,a,6\rlist,b,3\r",
        "contest;item;count\nlist;a;6\nlist;b;3",
        "\ufeffcontest;item;count\r\nlist;a;6\r\n\r\nlist;b;3\r\n\r\n",
        'contest,item,count\n"list","a","6"\nlist, b , 3\n',
        "count,contest,item\n6,list,a\n3,list,b\n",
        "unit,contest,item,count,round\n,list,a,6,\n,list,b,3,1\n",
    ],
    ids=["bom", "crlf", "cr", "semicolon", "all of it", "quotes and blanks", "order", "empty fields"],
)
def test_ways_to_write_the_same_table(text: str) -> None:
    election = read_case(folder("kz/mazhilis", DAY, parties=PARTIES, **file("returns.csv", text)))
    assert count(election.own_law(), election).contests["list"].votes == {"a": 6, "b": 3}


def test_missing_files() -> None:
    files = dict(folder("kz/mazhilis", DAY).files)
    del files["returns.csv"]
    with pytest.raises(BadInput) as refused:
        read_case(Folder("x", files))
    assert [place(f) for f in refused.value.faults] == [("returns.csv", 0, "")]
    with pytest.raises(BadInput) as refused:
        read_case(Folder("x", {"returns.csv": b""}))
    assert [place(f) for f in refused.value.faults] == [("case.toml", 0, "")]
    with pytest.raises(BadInput, match=r"nothing there; expected a shipped case"):
        open_case("no-such-case")


# ---------------------------------------------------------------- case.toml


@pytest.mark.parametrize(
    ("text", "field", "line"),
    [
        ("day = 2023-03-19\ntitle.en = 'x'", "law", 0),
        ("law = 7\nday = 2023-03-19\ntitle.en = 'x'", "law", 1),
        ("law = 'kz/mazhilis'\nday = '2023-03-19'\ntitle.en = 'x'", "day", 2),
        ("law = 'kz/mazhilis'\nday = 2023-03-19T10:00:00\ntitle.en = 'x'", "day", 2),
        ("law = 'kz/mazhilis'\ntitle.en = 'x'", "day", 0),
        ("law = 'kz/mazhilis'\nday = 2023-03-19", "title", 0),
        ("law = 'kz/mazhilis'\nday = 2023-03-19\ntitle = 'x'", "title", 3),
        ("law = 'kz/mazhilis'\nday = 2023-03-19\ntitle.de = 'x'", "title", 3),
        ("law = 'kz/mazhilis'\nday = 2023-03-19\ntitle.en = 7", "title", 3),
        ("law = 'kz/mazhilis'\nday = 2023-03-19\ntitle.en = 'x'\nlaws = 1", "laws", 4),
        ("law = 'kz/mazhilis'\nday = 2023-03-19\ntitle.en = 'x'\nsources = 7", "sources", 4),
        ("law = 'kz/mazhilis'\nday = 2023-03-19\ntitle.en = 'x'\nnotes = [1]", "notes", 4),
        ("law = 'kz/mazhilis'\nday = 2023-03-19\ntitle.en = 'x'\ndecision = 1", "decision", 4),
        ("law = 'kz/mazhilis'\nday = 2023-03-19\ntitle.en = 'x'\ncontest = []", "contest", 4),
        ("law = 'kz/mazhilis'\nday = 2023-03-19\ntitle.en = 'x'\n[contest.lists]\n", "contest.lists", 4),
        ("law = 'kz/mazhilis'\nday = 2023-03-19\ntitle.en = 'x'\n[contest.list]\nkind = 'big'", "contest.list.kind", 5),
        ("law = 'kz/mazhilis'\nday = 2023-03-19\ntitle.en = 'x'\n[contest.list]\nsize = 1", "contest.list.size", 5),
        ("law = 'kz/parliament'\nday = 2023-03-19\ntitle.en = 'x'", "law", 1),
        ("law = 'kz/part-sources'\nday = 2023-03-19\ntitle.en = 'x'", "law", 1),
        ("law = '../kz/mazhilis'\nday = 2023-03-19\ntitle.en = 'x'", "law", 1),
        ("law = 'kz/mazhilis'\nday = 1995-12-09\ntitle.en = 'x'", "day", 2),
        ("law = 'kz/mazhilis'\nday = 2026-07-01\ntitle.en = 'x'", "day", 2),
        ("law = './law.toml'\nday = 2023-03-19\ntitle.en = 'x'", "law", 1),
        ("law = '../law.toml'\nday = 2023-03-19\ntitle.en = 'x'", "law", 1),
        ("law = '/etc/law.toml'\nday = 2023-03-19\ntitle.en = 'x'", "law", 1),
        ("law = 'sub/law.toml'\nday = 2023-03-19\ntitle.en = 'x'", "law", 1),
        ("law = 'kz/mazhilis\nday = 2023-03-19", "", 2),
        ("law = 'kz/mazhilis'\nlaw = 'kz/mazhilis'", "", 2),
        ("[[[", "", 1),
        ("a = " + "[" * 5000, "", 0),
    ],
)
def test_case_toml(text: str, field: str, line: int) -> None:
    found = [f for f in faults(**file("case.toml", text)) if f.file == "case.toml"]
    assert len(found) == 1, found
    assert found[0].field == field
    assert found[0].line == line


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": '"vote"'}, "decision.kind"),
        ({"kind": "1"}, "decision.kind"),
        ({"contest": "[]"}, "decision.contest"),
        ({"contest": '"lists"'}, "decision.contest"),
        ({"question": '"why"'}, "decision.question"),
        ({"among": '"a"'}, "decision.among"),
        ({"among": "[1, 2]"}, "decision.among"),
        ({"chosen": '["c"]'}, "decision.chosen"),
        ({"chosen": '["a", "a"]'}, "decision.chosen"),
        ({"among": '["a", "b", "a"]'}, "decision.among"),
        ({"unit": '"nowhere"'}, "decision.unit"),
        ({"date": '"today"'}, "decision.date"),
        ({"votes": "1"}, "decision.votes"),
    ],
)
def test_decisions(changed: dict[str, str], field: str) -> None:
    table = {"kind": '"lot"', "contest": '"list"', "question": '"remainder"', "among": '["a", "b"]', "chosen": '["a"]'}
    toml = "[[decision]]\n" + "\n".join(f"{k} = {v}" for k, v in {**table, **changed}.items())
    fault = one(toml=toml)
    assert (fault.file, fault.field) == ("case.toml", field)
    assert fault.line >= 5


def test_faults_of_all_files_come_at_once_and_are_cut_after_twenty() -> None:
    rows = [("", "list", f"p{n}", -1, 1) for n in range(15)]
    with pytest.raises(BadInput) as refused:
        case("kz/mazhilis", DAY, rows, parties=PARTIES, candidates=[{"candidate": "X"}], toml="laws = 1")
    assert {f.file for f in refused.value.faults} == {"case.toml", "candidates.csv", "returns.csv"}
    assert (refused.value.count, len(refused.value.faults)) == (32, 20)
    assert len(refused.value.lines()) == 21
    assert refused.value.lines()[-1] == "… and 12 more"
    in_order(refused.value)


# ---------------------------------------------------------------- a rule book beside the case


def book(text: str) -> list[Fault]:
    more = {
        "files": {"law.toml": text.encode(), "case.toml": b"law = './law.toml'\nday = 2023-03-19\ntitle.en = 'x'\n"}
    }
    return faults(**more)


SOUND = """schema = 1
[body]
id = "xx/chamber"
kind = "chamber"
name = { en = "Chamber" }
[[contest]]
id = "list"
ballot = "list"
[[tier]]
id = "list"
contest = "list"
seats = { value = 10 }
formula = { method = "dhondt" }
"""


def test_a_rule_book_beside_the_case() -> None:
    files = {"law.toml": SOUND.encode(), "case.toml": b"law = './law.toml'\nday = 2023-03-19\ntitle.en = 'x'\n"}
    election = case("x", DAY, RETURNS, parties=PARTIES, files=files)
    assert count(election.own_law(), election).seats == {"a": 7, "b": 3}


def test_decisions_hold_under_a_rule_book_of_its_own() -> None:
    toml = "law = './law.toml'\nday = 2023-03-19\ntitle.en = 'x'\n[[decision]]\nkind = 'authority'\ncontest = 'list'\n"
    toml += "question = 'quotient'\namong = ['a', 'b']\nchosen = ['a']\n"
    files = {"law.toml": SOUND.encode(), "case.toml": toml.encode()}
    with pytest.raises(BadInput, match=r"expected no decision: nothing is undetermined"):
        count((e := case("x", DAY, RETURNS, parties=PARTIES, files=files)).own_law(), e)
    tied = case(
        "x",
        DAY,
        votes("list", {"a": 5, "b": 5}),
        parties=PARTIES,
        files={**files, "law.toml": SOUND.replace("10", "9").encode()},
    )
    assert count(tied.own_law(), tied).seats == {"a": 5, "b": 4}


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("value = 10", 'value = "ten"', 12),
        ("value = 10", "value = -1", 12),
        ("value = 10", "value = 9999999999", 12),
        ('method = "dhondt"', 'method = "d-hondt"', 13),
        ('contest = "list"\n', 'contest = "lists"\n', 11),
        ('id = "xx/chamber"', "id = 7", 2),
        ("schema = 1", "schema = 2", 1),
        ("schema = 1", 'schema = 1\ninclude = ["part.toml"]', 2),
        ("schema = 1", 'schema = 1\ninclude = "../part.toml"', 2),
        ("schema = 1", "schema = 1\ninclude = 7", 2),
        ('kind = "chamber"', 'kind = "chamber"\nfrom = "2020"', 5),
        ('kind = "chamber"', 'kind = "chamber"\nfrom = { day = 1 }', 5),
        ('id = "list"\nballot', 'id = ["list"]\nballot', 7),
        ("[[tier]]", "[tier]", 9),
        ('ballot = "list"', 'ballot = "lists"', 8),
        ("seats = { value = 10 }", "seats = 10", 12),
    ],
)
def test_a_broken_rule_book_has_file_and_line(before: str, after: str, line: int) -> None:
    assert before in SOUND
    found = [f for f in book(SOUND.replace(before, after, 1)) if f.file == "law.toml"]
    assert found
    assert found[0].line == line, found[0]


# ---------------------------------------------------------------- folders, archives, polling days


def written(where: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (where / name).parent.mkdir(parents=True, exist_ok=True)
        (where / name).write_bytes(data)
    return where


FILES = dict(folder("kz/mazhilis", DAY, RETURNS, parties=PARTIES).files)


def zipped(where: Path, files: dict[str, bytes]) -> Path:
    path = where / "case.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("inside", ["", "any-name/"])
def test_a_folder_and_its_archive_are_the_same_case(tmp_path: Path, inside: str) -> None:
    here = open_case(written(tmp_path / "here", FILES))
    there = open_case(zipped(tmp_path, {inside + name: data for name, data in FILES.items()}))
    assert count(here.own_law(), here).contests["list"].seats == count(there.own_law(), there).contests["list"].seats
    assert (here.name, there.name) == ("here", "case")


def test_what_a_finder_adds_to_an_archive_is_left_aside(tmp_path: Path) -> None:
    files = {f"x/{name}": data for name, data in FILES.items()} | {"__MACOSX/x/._case.toml": b"\0\0"}
    assert open_case(zipped(tmp_path, files)).law == "kz/mazhilis"


@pytest.mark.parametrize(
    "name", ["../case.toml", "/etc/case.toml", "x/../../case.toml", "..\\case.toml", "C:\\case.toml"]
)
def test_members_that_lead_outside_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput) as refused:
        open_case(zipped(tmp_path, {**FILES, name: b"law = 1"}))
    assert len(refused.value.faults) == 1
    assert "outside" in refused.value.faults[0].expected or "inside" in refused.value.faults[0].expected


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"noise" * 1000, bytes(range(256))])
def test_what_is_no_archive_is_one_fault(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "case.zip"
    path.write_bytes(data)
    with pytest.raises(BadInput) as refused:
        open_case(path)
    assert len(refused.value.faults) == 1


def test_a_truncated_archive_is_one_fault(tmp_path: Path) -> None:
    path = zipped(tmp_path, FILES)
    for size in range(0, path.stat().st_size, 37):
        short = tmp_path / "short.zip"
        short.write_bytes(path.read_bytes()[:size])
        with pytest.raises(BadInput) as refused:
            open_case(short)
        assert len(refused.value.faults) == 1


@pytest.mark.parametrize("where", ["a\0b", "x" * 5000, "", ".", "/", "~"])
def test_paths_that_are_none(where: str) -> None:
    with pytest.raises(BadInput, match=r"expected (a readable folder|a shipped case|a case|.*case.toml)"):
        open_case(where)


def polling_day(law_of: dict[str, dict[str, bytes]], units: bytes, day: str | None = None) -> dict[str, bytes]:
    files = {"units.csv": units}
    files["day.toml"] = (f"cases = {list(law_of)}" if day is None else day).encode()
    return files | {f"{name}/{file}": data for name, files_ in law_of.items() for file, data in files_.items()}


def test_a_polling_day_of_several_bodies(tmp_path: Path) -> None:
    units = b"unit,level,seats_list\nr,region,4\nd1,district,\n"
    persons = [{"candidate": c, "contest": "single", "unit": "d1"} for c in "xy"]
    rows = votes("single", {"x": 3, "y": 1}, "d1") + RETURNS
    mazhilis = dict(folder("kz/mazhilis", DAY, rows, parties=PARTIES, candidates=persons).files)
    region = dict(folder("kz/maslikhat-region", DAY, votes("list", {"a": 6, "b": 3}, "r"), parties=PARTIES).files)
    where = written(tmp_path / "day", polling_day({"mazhilis": mazhilis, "region": region}, units))
    elections = open_day(where)
    assert [e.name for e in elections] == ["mazhilis", "region"]
    outcomes = [count(e.own_law(), e) for e in elections]
    assert outcomes[0].contests["single"].seats == {"x": 1, "y": 0}
    assert outcomes[1].contests["list"].seats == {"a": 3, "b": 1}
    archive = zipped(tmp_path, polling_day({"mazhilis": mazhilis, "region": region}, units))
    assert [e.name for e in open_day(archive)] == ["mazhilis", "region"]


@pytest.mark.parametrize(
    "day", ["", "cases = []", "cases = 7", "cases = [7]", 'cases = ["nowhere"]', 'cases = ["../x"]', "cases ="]
)
def test_a_broken_polling_day(tmp_path: Path, day: str) -> None:
    where = written(tmp_path / "day", polling_day({"mazhilis": FILES}, b"unit\nr\n", day))
    with pytest.raises(BadInput) as refused:
        open_day(where)
    in_order(refused.value)


def test_faults_of_a_polling_day_name_the_case(tmp_path: Path) -> None:
    broken = {**FILES, "returns.csv": b"contest,item,count\nlist,a,-1\n"}
    where = written(tmp_path / "day", polling_day({"mazhilis": broken}, b"unit\nr\n"))
    with pytest.raises(BadInput) as refused:
        open_day(where)
    assert [place(f) for f in refused.value.faults] == [("mazhilis/returns.csv", 2, "count")]


# ---------------------------------------------------------------- kinds and levels


def of_case(tmp_path: Path, name: str, file: str, old: str, new: str) -> list[Fault]:
    """Return the faults of a shipped case with a word of a table changed everywhere."""
    folder = Path(shutil.copytree(find(name).path or Path(), tmp_path / name))
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        open_case(folder)
    return list(refused.value.faults)


def test_a_kind_of_list_that_the_law_does_not_know_is_a_fault(tmp_path: Path) -> None:
    """A coalition that is mistyped would be measured by the bar of a single party."""
    (first, *_) = of_case(tmp_path, "snemovna-2021", "parties.csv", ",coalition,", ",coaliton,")
    assert (first.file, first.field, first.found) == ("parties.csv", "kind", "“coaliton”")
    assert first.expected.startswith("a kind of list of this law, perhaps coalition; one of coalition, independent,")


@pytest.mark.parametrize(
    ("name", "column", "old", "new", "near"),
    [
        ("snemovna-2021", "level", ",region,", ",regio,", "region"),
        ("congress-2019-04", "kind", ",autonomous-city,", ",autonomus-city,", "autonomous-city"),
    ],
)
def test_levels_and_kinds_that_are_nearly_those_of_the_law_are_faults(
    name: str, column: str, old: str, new: str, near: str, tmp_path: Path
) -> None:
    (first, *_) = of_case(tmp_path, name, "units.csv", old, new)
    assert (first.field, first.found) == (column, f"“{new.strip(',')}”")
    assert first.expected.startswith(f"{near}, as the law has it")


def test_levels_that_the_law_does_not_name_are_a_tree_of_ones_own(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(find("mazhilis-2023").path or Path(), tmp_path / "mine"))
    units = folder / "units.csv"
    head, *rows = units.read_text(encoding="utf-8").splitlines()
    level = head.split(",").index("level")
    row = ["north", *[""] * (len(head.split(",")) - 1)]
    row[level] = "municipality"
    units.write_text("\n".join([head, *rows, ",".join(row)]) + "\n", encoding="utf-8")
    assert open_case(folder).units["north"].level == "municipality"
