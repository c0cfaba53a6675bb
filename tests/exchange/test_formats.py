"""A case in the formats of others: every figure is there, lossless formats come back, nothing acts in a spreadsheet."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from python_calamine import CalamineWorkbook

from oracle.cases import case, votes
from sailau.counting import count
from sailau.election import Election, open_case
from sailau.exchange import eml, nist
from sailau.exchange.formats import ENDINGS, export, import_file
from sailau.exchange.workbook import check_room
from sailau.rulebook import BadInput
from sailau.rulebook.limits import FIGURES
from sailau.tabulation import tabulate

DAY = "2023-03-19"
UNITS = [{"unit": "d", "level": "district"}, *({"unit": f"p{n}", "parent": "d", "level": "precinct"} for n in (1, 2))]
PARTIES = [{"party": "a", "name_en": "=Alpha"}, {"party": "b", "name_kk": "Әділет", "color": "#00aa00"}]
ROWS = votes("list", {"a": 60, "b": 30, "@cast": 95, "@invalid": 4, "@registered": 150, "@home": 3}, "p1") + votes(
    "list", {"a": 2**53 + 1, "b": 7}, "p2"
)


def made() -> Election:
    return case("kz/mazhilis", DAY, ROWS, units=UNITS, parties=PARTIES)


def figures(election: Election) -> list[tuple[str, str, str, int, int]]:
    r = election.returns
    rows = zip(r.unit, r.contest, r.item, r.count, r.round, strict=True)
    return sorted((r.units[u], r.contests[c], r.items[i], int(n), int(k)) for u, c, i, n, k in rows)


@pytest.mark.parametrize("form", ["parquet", "datapackage"])
def test_a_folder_in_another_format_is_the_same_case(tmp_path: Path, form: str) -> None:
    written = export(open_case("seimas-2016"), form, tmp_path / "out")
    again, before = open_case(written), open_case("seimas-2016")
    assert count(again.own_law(), again).seats == count(before.own_law(), before).seats
    if form == "datapackage":
        assert again.digest == before.digest
        package = json.loads((written / "datapackage.json").read_text())
        assert {r["path"] for r in package["resources"]} == {p.name for p in written.glob("*.csv")}


names = st.sampled_from(["a", "b", "@cast", "@invalid", "@registered", "@valid", "@home", "@against_all", "@blank"])


@given(
    st.dictionaries(st.tuples(st.sampled_from(["p1", "p2", ""]), st.sampled_from(["list", "single"])),
                    st.dictionaries(names, st.integers(0, 2**63 - 1), min_size=1), min_size=1)
)  # fmt: skip
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_eml_comes_back_with_every_figure(tmp_path: Path, drawn: dict[tuple[str, str], dict[str, int]]) -> None:
    rows = [row for (unit, contest), lines in drawn.items() for row in votes(contest, lines, unit)]
    election = case("kz/mazhilis", DAY, rows, units=UNITS, parties=PARTIES)
    (tmp_path / "x.xml").write_bytes(eml.write(election))
    texts = eml.read(tmp_path / "x.xml")
    again = case("kz/mazhilis", DAY, [], files={name: text.encode() for name, text in texts.items()})
    assert figures(again) == figures(election)


def test_nist_xml_and_json_say_the_same_and_every_figure(tmp_path: Path) -> None:
    election = made()
    tree = nist.report(election, tabulate(election, election.own_law()))
    data = nist.to_json(tree)
    root = etree.fromstring(nist.to_xml(tree))
    name = {"n": nist.NAMESPACE}
    assert root.findtext("n:Election/n:ElectionScopeId", namespaces=name) == "gp"
    selections = data["Election"][0]["Contest"][0]["ContestSelection"]
    counts = {(s["@id"], c["GpUnitId"]): c["Count"] for s in selections for c in s["VoteCounts"]}
    assert counts["selection-list-1-a", "gp"] == 60 + 2**53 + 1
    assert counts["selection-list-1-line-home", "gp-p1"] == 3
    told = {
        (s.get("ObjectId"), c.findtext("n:GpUnitId", namespaces=name)): int(c.findtext("n:Count", namespaces=name))
        for s in root.iterfind(".//n:ContestSelection", name)
        for c in s.iterfind("n:VoteCounts", name)
    }
    assert told == counts
    ids = [e.get("ObjectId") for e in root.iter() if e.get("ObjectId")]
    assert len(ids) == len(set(ids)), "an id stands once"
    ballots = [b for b in data["Election"][0]["BallotCounts"] if b["GpUnitId"] == "gp-p1"]
    assert [(b["BallotsCast"], b["BallotsRejected"]) for b in ballots] == [(95, 4)]


def test_a_workbook_has_a_sheet_for_every_level_and_no_formula(tmp_path: Path) -> None:
    path = export(made(), "xlsx", tmp_path / "x.xlsx")
    book = CalamineWorkbook.from_path(str(path))
    assert book.sheet_names[:3] == ["whole", "district", "precinct"]
    rows = book.get_sheet_by_name("precinct").to_python()
    assert "=Alpha" in rows[2], "a name that looks like a formula is a text"
    assert [row[1] for row in rows[3:5]] == [60, str(2**53 + 1)], "a number that a cell would round is a text"
    findings = book.get_sheet_by_name(book.sheet_names[3]).to_python()
    assert findings[1][:2] == ["cast-differs", "p1"]


@pytest.mark.parametrize(("rows", "columns"), [(2**20 + 1, 5), (5, 2**14 + 1)])
def test_what_a_sheet_has_no_room_for_is_refused(rows: int, columns: int) -> None:
    check_room("x", 2**20, 2**14)
    with pytest.raises(BadInput, match="have room"):
        check_room("x", rows, columns)


@pytest.mark.parametrize("form", ["xlsx", "nist-xml", "nist-json"])
def test_more_figures_than_are_built_in_memory_are_refused(
    tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures_of = sum(total.counts.size for total in tabulate(made()).totals.values())
    monkeypatch.setattr("sailau.exchange.formats.FIGURES", replace(FIGURES, most=figures_of))
    assert export(made(), form, tmp_path / "fits").exists()
    monkeypatch.setattr("sailau.exchange.formats.FIGURES", replace(FIGURES, most=figures_of - 1))
    with pytest.raises(BadInput, match="limit exported-figures"):
        export(made(), form, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert export(made(), "csv", tmp_path / "table").exists()


def test_statements_are_those_of_stations_and_totals_their_sums(tmp_path: Path) -> None:
    path = export(made(), "actasum", tmp_path / "out")
    lines = [json.loads(line) for line in (path / "list.statements.jsonl").read_text().splitlines()]
    assert [s["station"] for s in lines] == ["p1", "p2"]
    assert lines[0]["counts"] == {
        "candidatures": {"a": 60, "b": 30},
        "null": 4,
        "registered": 150,
        "not_on_sheet": {"blank": "no-field"},
    }
    area = json.loads((path / "list.official.json").read_text())["areas"]["whole"]
    assert area == {"stations": 2, "candidatures": {"a": 60 + 2**53 + 1, "b": 37}, "null": 4}


def test_totals_as_a_table_say_what_is_stated_and_what_is_added_up(tmp_path: Path) -> None:
    rows = export(made(), "csv", tmp_path / "x.csv").read_text().splitlines()
    assert rows[0] == "unit,level,contest,round,item,count,stated"
    assert "p1,precinct,list,1,b,30,yes" in rows
    assert "d,district,list,1,b,37,no" in rows


@pytest.mark.parametrize("form", ENDINGS)
def test_every_format_says_where_it_was_written_and_takes_no_folder_that_is_full(tmp_path: Path, form: str) -> None:
    out = export(made(), form, tmp_path / f"x{ENDINGS[form]}")
    assert out.exists()
    if not ENDINGS[form]:
        with pytest.raises(BadInput):
            export(made(), form, out)


BROKEN: dict[str, Any] = {
    "a bomb": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><EML/>',
    "no end": b"<EML>",
    "another": b'<EML xmlns="urn:oasis:names:tc:evs:schema:eml" Id="110"/>',
    "no law": b'<EML xmlns="urn:oasis:names:tc:evs:schema:eml" Id="510"><Count/></EML>',
    "not a number": b'<EML xmlns="urn:oasis:names:tc:evs:schema:eml" Id="510"><Count><Election><ElectionIdentifier Id="kz/'
    b'mazhilis"><ElectionCategory>2023-03-19</ElectionCategory></ElectionIdentifier><Contests><Contest><ContestIdentifier'
    b' Id="list"/><TotalVotes><Cast>-1</Cast></TotalVotes></Contest></Contests></Election></Count></EML>',
    "empty": b"",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=list(BROKEN))
def test_xml_that_is_broken_or_a_trap_is_one_fault_and_writes_nothing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.xml").write_bytes(data)
    with pytest.raises(BadInput) as refused:
        import_file(tmp_path / "x.xml", tmp_path / "case")
    assert refused.value.count == 1
    assert not (tmp_path / "case").exists()


ACTING = ("\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\ufffe")


@pytest.mark.parametrize("form", ["eml", "nist-xml", "nist-json"])
def test_nothing_in_a_name_acts_in_a_file_for_others(tmp_path: Path, form: str) -> None:
    parties = [{"party": "a", "name_en": "A<b>&" + "".join(ACTING)}, {"party": "b"}]
    units = [*UNITS[:1], *({**unit, "name_en": "U" + ACTING[0] + ACTING[3]} for unit in UNITS[1:])]
    text = export(case("kz/mazhilis", DAY, ROWS, units=units, parties=parties), form, tmp_path / "out").read_text()
    assert not [sign for sign in ACTING[:-1] if sign in text]
    if form in ("eml", "nist-xml"):
        etree.fromstring(text.encode())


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "-1", "+1", "=cmd|' /C calc'!A0"])
def test_a_case_folder_keeps_a_name_that_looks_like_a_formula(tmp_path: Path, name: str) -> None:
    """A folder comes back as it was, with its digest; tables for a spreadsheet are guarded, a case folder is not."""
    before = case("kz/mazhilis", DAY, ROWS, units=UNITS, parties=[{"party": "a", "name_en": name}, {"party": "b"}])
    again = open_case(export(before, "datapackage", tmp_path / "out"))
    assert again.parties["a"].names["en"] == name
    assert again.digest == before.digest


SCHEMAS = Path(__file__).with_name("schemas")
"""Published by NIST (github.com/usnistgov/ElectionResultsReporting, branch version2); in the public domain."""


@pytest.mark.parametrize("name", ["", "mazhilis-2023", "referendum-2024", "senate-2023"])
def test_reports_are_valid_by_the_schemas_of_nist(name: str) -> None:
    election = open_case(name) if name else made()
    tree = nist.report(election, tabulate(election, election.own_law()))
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "NIST_V2_election_results_reporting.xsd"))
    schema.assertValid(etree.fromstring(nist.to_xml(tree)))
    rules = json.loads((SCHEMAS / "NIST_V2_election_results_reporting.schema.json").read_text(encoding="utf-8"))
    faults = [
        e.message[:200] for e in jsonschema.validators.validator_for(rules)(rules).iter_errors(nist.to_json(tree))
    ]
    assert faults == []
    assert not schema.validate(etree.fromstring(nist.to_xml({**tree, "Status": "done"})))
