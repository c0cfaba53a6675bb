"""Official papers: every figure, in words where the law asks, the code of the figures, every letter of three languages."""

import re

import pytest

from oracle.cases import case, votes
from sailau.election import Election, open_case
from sailau.exchange.documents import PAPERS, _paper, pdf, source
from sailau.rulebook import BadInput
from sailau.wording.language import LANGUAGES
from sailau.wording.numerals import in_words

UNITS = [
    {"unit": "d", "level": "district"},
    {"unit": "p1", "parent": "d", "level": "precinct", "name_kk": "№ 1 «Әдеби» #{}"},
]
PARTIES = [{"party": "a", "name_kk": "Ынтымақ $x$"}, {"party": "b"}]
FIGURES = {"a": 1201, "b": 30, "@cast": 1236, "@invalid": 5, "@registered": 2000, "@home": 3}


def made() -> Election:
    return case("kz/mazhilis", "2023-03-19", votes("list", FIGURES, "p1"), units=UNITS, parties=PARTIES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_filled_protocol_has_every_figure_in_digits_in_words_and_in_its_code(language: str) -> None:
    paper = _paper(made(), "protocol", language, "list", "p1", False)
    cells = {cell for _, _, rows in paper.tables for row in rows for cell in row}
    assert {in_words(n, language) for n in (1201, 30, 1236, 5, 2000)} <= cells
    assert {re.sub(r"\D", "", c) for c in cells} >= {str(n) for n in FIGURES.values()}
    assert (
        paper.code
        == "sailau:1;2023-03-19;kz/mazhilis;list;p1;" + "a=1201;b=30;@cast=1236;@home=3;@invalid=5;@registered=2000"
    )
    assert "43(3-1)" in paper.act
    assert pdf(paper).startswith(b"%PDF")


def test_a_blank_protocol_has_every_line_of_the_form_and_no_figure() -> None:
    paper = _paper(made(), "protocol", "kk", "list", "", True)
    (_, _, lines), (_, _, options) = paper.tables
    assert len(lines) > 10
    assert len(options) == 2
    assert all(row[2:] == ("", "") for row in (*lines, *options))
    assert not paper.code
    assert b"/Type /Pages" in pdf(paper) or pdf(paper).startswith(b"%PDF")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PAPERS)
def test_every_paper_is_set_in_every_language_the_same_each_time(kind: str, language: str) -> None:
    paper = _paper(open_case("mazhilis-2023"), kind, language, "", "", False)
    assert pdf(paper) == pdf(paper)


def test_the_act_says_seats_and_reasons_by_article() -> None:
    paper = _paper(open_case("mazhilis-2023"), "act", "en", "", "", False)
    (_, _, rows), *_ = paper.tables
    assert rows[0][1:] == ("3,431,510", "40")
    assert "97-1(3)" in paper.laid_out
    assert paper.note.startswith("sha256:")


def test_nothing_in_a_name_acts() -> None:
    text = source(_paper(made(), "protocol", "kk", "list", "p1", False))
    assert "\\#{}" in text
    assert "\\$x\\$" in text


@pytest.mark.parametrize(("contest", "unit"), [("lists", ""), ("list", "p9"), ("single", "")])
def test_a_paper_of_what_is_not_there_is_refused(contest: str, unit: str) -> None:
    with pytest.raises(BadInput):
        _paper(made(), "protocol", "en", contest, unit, False)


@pytest.mark.parametrize(
    ("number", "en", "ru", "kk"),
    [
        (0, "zero", "ноль", "нөл"),
        (11, "eleven", "одиннадцать", "он бір"),
        (21, "twenty-one", "двадцать один", "жиырма бір"),
        (115, "one hundred fifteen", "сто пятнадцать", "жүз он бес"),
        (1001, "one thousand one", "одна тысяча один", "бір мың бір"),
        (2_022, "two thousand twenty-two", "две тысячи двадцать два", "екі мың жиырма екі"),
        (12_000, "twelve thousand", "двенадцать тысяч", "он екі мың"),
        (
            5_000_341,
            "five million three hundred forty-one",
            "пять миллионов триста сорок один",
            "бес миллион үш жүз қырық бір",
        ),
        (221_000, "two hundred twenty-one thousand", "двести двадцать одна тысяча", "екі жүз жиырма бір мың"),
    ],
)
def test_numbers_in_words(number: int, en: str, ru: str, kk: str) -> None:
    assert [in_words(number, language) for language in ("en", "ru", "kk")] == [en, ru, kk]


def test_the_largest_figure_has_words() -> None:
    assert in_words(2**63 - 1, "en").startswith("nine quintillion two hundred twenty-three quadrillion")
