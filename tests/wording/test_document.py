"""A document and its renderers: nothing in it acts, no word and no number is ever broken."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from pathlib import Path

import pytest

from sailau.cli.app import run
from sailau.wording import document, rendering
from sailau.wording.document import Cell, Column, Document, Heading, Items, Note, Paragraph, Table
from sailau.wording.language import LANGUAGES, words
from sailau.wording.result import say_result
from wording.elections import outcomes, shipped_outcome

EN = words("en")


def small(name: str = "Amanat", short: str = "") -> Table:
    columns = (Column("list", "name"), Column("votes", "count"), Column("share", "share"), Column("seats", "seats"))
    row = (
        document.name(name, short),
        document.count(EN, 3431510),
        document.share(EN, Fraction(539, 1000)),
        document.seats(EN, 40),
    )
    unknown = (Cell("others", "name"), document.count(EN, None), document.share(EN, None, "–"), document.seats(EN, 0))
    return Table("Mazhilis", columns, (row, unknown))


def text(table: Table, width: int) -> list[str]:
    return [line for line, _ in rendering.table_lines(table, width)]


def test_numbers_stand_on_the_right_below_their_heads() -> None:
    assert text(small(), 80) == [
        "Mazhilis",
        "list        votes    share  seats",
        "──────  ─────────  ───────  ─────",
        "Amanat  3,431,510  53.90 %     40",
        "others                   –      0",
        "",
    ]


def test_a_narrow_page_takes_short_names_first() -> None:
    table = small("People's Democratic Patriotic Party", "PDPP")
    assert "People's Democratic Patriotic Party" in "\n".join(text(table, 80))
    assert text(table, 40)[3].startswith("PDPP  ")


def test_then_it_goes_without_optional_columns_then_folds() -> None:
    table = small()
    columns = (*table.columns[:2], Column("share", "share", optional=True), table.columns[3])
    table = Table(table.title, columns, table.rows)
    assert text(table, 26)[1] == "list        votes  seats"
    assert text(table, 12)[1:4] == ["Amanat", "  votes: 3,431,510", "  seats: 40"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_no_word_and_no_number_is_broken(language: str, width: int) -> None:
    for name, outcome in outcomes():
        for table in say_result(outcome, language):
            if not isinstance(table, Table):
                continue
            shown = text(table, width)
            joined = "\n".join(shown)
            assert all(rendering.width_of(line) <= width for line in shown if line.startswith("─")), name
            whole = {cell.text for row in table.rows for cell in row if cell.kind in document.NUMBERS}
            assert not [number for number in whole if number not in joined], name
            for row in table.rows:
                forms = [text for text in (row[0].text, row[0].short) if text]
                assert any(all(word in joined for word in form.split(" ")) for form in forms), name


def test_cells_hold_exact_values_and_one_way_to_write_them() -> None:
    ru = words("ru")
    assert document.share(ru, Fraction(541, 10000)) == Cell("5,41\u00a0%", "share", Fraction(541, 10000))
    assert document.count(ru, 6441).text == "6\u202f441"
    assert document.points(EN, Fraction(1, 100)).text == "+1.00"
    assert document.points(EN, Fraction(0)).text == "0.00"
    assert document.points(EN, Fraction(-1, 100)).text == "−1.00"


HOSTILE = "=cmd\x1b[2J\n<b>|*_[x](y)`"


def hostile() -> Document:
    table = Table("@title", (Column("+head", "name"),), ((document.name(HOSTILE),), (Cell("-1", "text"),)), "=note")
    return Document((Heading(HOSTILE), Paragraph(HOSTILE), Items((HOSTILE,)), Note(HOSTILE), table), title=HOSTILE)


def test_nothing_in_a_document_acts_on_a_screen() -> None:
    shown = [line for line, _ in rendering.lines(hostile(), 80)]
    renderings = (rendering.markdown(hostile()), rendering.html(hostile()), rendering.json_text(hostile()))
    for rendered in ("\n".join(shown), *renderings):
        assert "␛[2J" in rendered or "␛\\[2J" in rendered
        assert "\x1b" not in rendered


def test_markdown_and_html_obey_nothing_in_a_name() -> None:
    marked = rendering.markdown(hostile())
    assert "<b>" not in marked
    assert "\\|\\*\\_\\[x\\](y)\\`" in marked
    page = rendering.html(hostile())
    assert "<b>" not in page
    assert "&lt;b&gt;" in page
    assert "<script" not in page


def test_no_cell_of_a_csv_begins_like_a_formula() -> None:
    cells = [cell for row in csv.reader(io.StringIO(rendering.csv_text(hostile()))) for cell in row]
    assert cells[0] == "'+head"
    assert cells[1].startswith("'=cmd")
    assert cells[2] == "'-1"
    one = rendering.csv_text(Document((small(),)))
    assert one.splitlines() == ["list,votes,share,seats", "Amanat,3431510,0.539,40", "others,,,0"]


def test_several_tables_stand_below_each_other_in_a_csv() -> None:
    shown = rendering.csv_text(Document((small(), small()))).splitlines()
    assert shown[0] == "Mazhilis"
    assert shown[4] == ""
    assert shown[5] == "Mazhilis"


@pytest.mark.parametrize("ending", ["csv", "md", "html", "json"])
def test_every_table_goes_to_a_file(ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / f"seats.{ending}"
    assert run(["count", "mazhilis-2023", "--to", str(file)]) == 0
    assert capsys.readouterr().out == ""
    written = file.read_text(encoding="utf-8")
    assert "Amanat" in written
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    if ending == "json":
        assert json.loads(written)["tables"][0]["rows"][0][:2] == ["Amanat", 3431510]


@pytest.mark.parametrize("place", ["seats.docx", "no-such-folder/seats.csv"])
def test_a_file_that_cannot_be_written_is_one_line(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["count", "mazhilis-2023", "--to", place]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert place in line


def test_the_screen_of_a_count_ends_with_its_status() -> None:
    blocks = say_result(shipped_outcome("mazhilis-2023"), "ru")
    assert isinstance(blocks[0], Heading)
    assert isinstance(blocks[-1], Paragraph)
    assert blocks[-1].tone == "good"
