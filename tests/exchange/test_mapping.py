"""Files of others through a mapping: wide and long tables, fixed widths, joined files, traps; faults with file and line."""

import gzip
from pathlib import Path

import pytest
import xlsxwriter

from sailau.cli.app import run
from sailau.election import open_case
from sailau.exchange.mapping import as_id, import_files, read_mapping, shipped_mappings
from sailau.rulebook import BadInput, load
from sailau.tabulation import tabulate

HEAD = 'law = "kz/mazhilis"\nday = 2023-03-19\ntitle.en = "Made"\n'
PARTIES = '[[parties]]\nrows = [{ party = "a" }, { party = "b" }]\n'
UNITS = '[[units]]\nfile = "u.csv"\nunit = "{district}-{no}"\nparent = ""\nlevel = "precinct"\n'


def figures(path: Path) -> dict[tuple[str, str], int]:
    """Return (unit, item) → count of a case."""
    r = open_case(path).returns
    rows = zip(r.unit, r.item, r.count, strict=True)
    return {(r.units[u], r.items[i]): int(n) for u, i, n in rows}


def imported(tmp_path: Path, mapping: str, **files: str | bytes) -> Path:
    source = tmp_path / "source"
    source.mkdir()
    (tmp_path / "m.toml").write_text(HEAD + PARTIES + mapping, encoding="utf-8")
    for name, data in files.items():
        (source / name.replace("_", ".")).write_bytes(data if isinstance(data, bytes) else data.encode())
    return import_files(read_mapping(str(tmp_path / "m.toml")), source, tmp_path / "case")


def test_a_wide_table_with_names_unique_only_within_a_district(tmp_path: Path) -> None:
    path = imported(
        tmp_path,
        UNITS
        + '[[returns]]\nfile = "u.csv"\nunit = "{district}-{no}"\ncontest = "list"\nitems = "V_(.*)"\nitem = "{1}"\n'
        'thousands = " "\ndecimal = ","\nunless = { no = ["Total"] }\n[returns.lines]\n"@cast" = ["in box", "by post"]\n'
        '"@invalid" = ["bad"]\n',
        u_csv='district,no,V_A,V_B,in box,by post,bad\nNorth,1,1 200,"3,00",1200,4,\nSouth,1,7,,8,1,1\nSouth,Total,7,3,8,1,1\n',
    )
    assert figures(path) == {
        ("north-1", "a"): 1200,
        ("north-1", "b"): 3,
        ("north-1", "@cast"): 1204,
        ("south-1", "a"): 7,
        ("south-1", "@cast"): 9,
        ("south-1", "@invalid"): 1,
    }


def test_long_tables_are_joined_and_added_up_and_codes_are_left_out(tmp_path: Path) -> None:
    path = imported(
        tmp_path,
        '[defaults]\ndelimiter = ";"\nencoding = "cp1251"\n[[units]]\nfile = "s.csv"\nunit = "s{id}"\nlevel = "precinct"\n'
        + "".join(
            f'[[returns]]\nfile = "{name}.csv"\nunit = "s{{id}}"\ncontest = "list"\nitem = "{{list}}"\ncount = "n"\n'
            'add = true\nnames = { "Партия" = "b" }\nonly = { list = { file = "l.csv", column = "list" } }\n'
            for name in ("paper", "machine")
        ),
        s_csv="id\n1\n",
        l_csv="list\nA\nПартия\n".encode("cp1251"),
        paper_csv="id;list;n\n1;A;5\n1;100;9\n1;Партия;1\n".encode("cp1251"),
        machine_csv_gz=gzip.compress("id;list;n\n1;A;2\n".encode("cp1251")),
    )
    assert figures(path) == {("s1", "a"): 7, ("s1", "b"): 1}


def test_fixed_widths_and_a_part_without_figures(tmp_path: Path) -> None:
    path = imported(
        tmp_path,
        '[[units]]\nrows = [{ unit = "p1", level = "district" }, { unit = "abroad", parent = "p1", level = "abroad" }]\n'
        '[[units]]\nfile = "m.DAT"\nheader = 0\nfixed = { prov = [1, 2], town = [3, 5], kind = [6, 7], votes = [8, 12] }\n'
        'unit = "t{prov}{town}"\nparent = "p1"\nlevel = "precinct"\nonly = { kind = ["99"] }\n'
        '[[returns]]\nfile = "m.DAT"\nheader = 0\nfixed = { prov = [1, 2], town = [3, 5], kind = [6, 7], votes = [8, 12] }\n'
        'unit = "t{prov}{town}"\ncontest = "list"\nitem = "a"\ncount = "votes"\nonly = { kind = ["99"] }\n'
        '[[returns]]\nfile = "p.csv"\nunit = "p1"\ncontest = "list"\nitem = "a"\ncount = "votes"\n',
        m_DAT="010019900005\n010010100003\n010029900007\n",
        p_csv="votes\n20\n",
    )
    assert figures(path) == {("t01001", "a"): 5, ("t01002", "a"): 7, ("p1", "a"): 20}
    totals = tabulate(open_case(path)).of("list")
    assert totals is not None
    assert totals.figure("", "a") == 20, "the district has more than its towns: voters abroad"


def test_codes_of_another_file_and_maps_give_ids(tmp_path: Path) -> None:
    path = imported(
        tmp_path,
        '[maps.party]\n"7" = "a"\n"9" = "b"\n[[units]]\nfile = "v.csv"\ndistinct = true\nunit = "s{no}"\nlevel = "precinct"\n'
        '[[returns]]\nfile = "v.csv"\nunit = "s{no}"\ncontest = "list"\nitem = "{lists.whole:party}"\ncount = "n"\nadd = true\n'
        '[returns.join.lists]\nfile = "l.DAT"\nkey = "code"\nby = "list"\nfixed = { code = [1, 2], whole = [4, 4] }\n',
        v_csv="no,list,n\n1,01,5\n1,02,6\n1,03,1\n",
        l_DAT="01 7\n02 9\n03 7\n",
    )
    assert figures(path) == {("s1", "a"): 6, ("s1", "b"): 6}


@pytest.mark.parametrize(("list_", "field"), [("04", "list"), ("05", "lists.whole")])
def test_a_code_that_no_file_and_no_map_has_is_a_fault(tmp_path: Path, list_: str, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        imported(
            tmp_path,
            '[maps.party]\n"7" = "a"\n[[returns]]\nfile = "v.csv"\nunit = "s{no}"\ncontest = "list"\n'
            'item = "{lists.whole:party}"\ncount = "n"\n[returns.join.lists]\nfile = "l.csv"\nkey = "code"\nby = "list"\n',
            v_csv=f"no,list,n\n1,{list_},5\n",
            l_csv="code,whole\n05,8\n",
        )
    assert field in {f.field for f in refused.value}
    assert not (tmp_path / "case").exists()


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("district,no,A\nN,1,5\nN,2,x\n", [("u.csv", 3, "A")]),
        ("district,no,A\nN,1,5\nN,2\n", [("u.csv", 3, "")]),
        ("district,no,A\nN,1,5\nN,1,6\n", [("u.csv", 3, "")] * 2),
        ("district,no,B\nN,1,5\n", [("u.csv", 1, "A")]),
        ("district,no,no\nN,1,5\n", [("u.csv", 1, "")]),
        ("district,no,A\nN,1,-5\n", [("u.csv", 2, "A")]),
        ("district,no,A\nN,1,2023-03-19\nN,2,5.5\n", [("u.csv", 2, "A"), ("u.csv", 3, "A")]),
        (b"district,no,A\nN,1,\xff\n", [("u.csv", 2, "")]),
        ("district,no,A\nN,1," + "9" * (1 << 20) + "\n", [("u.csv", 2, "")]),
    ],
)
def test_faults_have_file_and_line_and_nothing_is_written(
    tmp_path: Path, table: str | bytes, expected: list[tuple[str, int, str]]
) -> None:
    mapping = (
        UNITS + '[[returns]]\nfile = "u.csv"\nunit = "{district}-{no}"\ncontest = "list"\nlines = { "a" = ["A"] }\n'
    )
    with pytest.raises(BadInput) as refused:
        imported(tmp_path, mapping, u_csv=table)
    assert list(dict.fromkeys((f.file, f.line, f.field) for f in refused.value)) == list(dict.fromkeys(expected))
    assert not (tmp_path / "case").exists()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("returns = []\ncolour = 1\n", "colour"),
        ('[[returns]]\nfile = "u.csv"\nkolumn = "x"\n', "returns.0.kolumn"),
        ('[[returns]]\nfile = "u.csv"\nlines = "x"\n', "returns.0.lines"),
    ],
)
def test_a_mapping_that_is_wrong_names_its_line(tmp_path: Path, text: str, field: str) -> None:
    (tmp_path / "m.toml").write_text(HEAD + text)
    with pytest.raises(BadInput) as refused:
        read_mapping(str(tmp_path / "m.toml"))
    (fault,) = refused.value.faults
    assert (fault.field, fault.line > 0) == (field, True)


def test_a_spreadsheet_is_read_by_the_words_in_its_cells(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    book = xlsxwriter.Workbook(str(source / "night.xlsx"))
    sheet = book.add_worksheet("Results")
    for row, cells in enumerate([["A heading"], ["no", "A", "B"], [1, 50, 20], [2, 7, "=3+4"]]):
        for column, value in enumerate(cells):
            sheet.write(row, column, value)
    book.close()
    (tmp_path / "m.toml").write_text(
        HEAD + PARTIES + '[defaults]\nfile = "night.xlsx"\nheader = 2\n[[units]]\nunit = "s{no}"\nlevel = "precinct"\n'
        '[[returns]]\nunit = "s{no}"\ncontest = "list"\nlines = { a = ["A"] }\n'
    )
    path = import_files(read_mapping(str(tmp_path / "m.toml")), source, tmp_path / "case")
    assert figures(path)["s2", "a"] == 7


def test_shipped_mappings_name_laws_that_are_shipped_and_lines_that_these_know(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in shipped_mappings():
        mapping = read_mapping(name)
        law = load(mapping.law).on(mapping.day)
        assert {table.contest for table in mapping.returns} <= set(law.contests)
    assert run(["import", "nowhere", "--mapping", "none", "--to", "x"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_command_turns_files_into_a_case_that_is_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "u.csv").write_text("no,A,B\n1,600,400\n")
    (tmp_path / "m.toml").write_text(
        'law = "ge/parliament"\nday = 2024-10-26\ntitle.en = "Made"\n'
        + PARTIES
        + '[[units]]\nfile = "u.csv"\nunit = "s{no}"\nlevel = "precinct"\n'
        '[[returns]]\nfile = "u.csv"\nunit = "s{no}"\ncontest = "list"\nlines = { a = ["A"], b = ["B"] }\n'
        '[[official]]\ncontest = "list"\nseats = { a = 90, b = 60 }\n'
    )
    case = str(tmp_path / "case")
    assert run(["import", str(source), "--mapping", str(tmp_path / "m.toml"), "--to", case]) == 0
    assert run(["check", case]) == 0
    capsys.readouterr()


def test_texts_become_ids() -> None:
    assert [as_id(t) for t in ("North 1", "00.01.01", "A–b")] == ["north-1", "00-01-01", "a-b"]
