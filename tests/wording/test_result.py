"""Results as tables."""

import pytest

from sailau.wording import say_status, summary
from sailau.wording.document import Cell, Table
from sailau.wording.language import LANGUAGES
from wording.elections import outcomes, shipped_outcome


def heads(table: Table) -> tuple[str, ...]:
    return tuple(column.head for column in table.columns)


def texts(row: tuple[Cell, ...]) -> tuple[str, ...]:
    return tuple(cell.text for cell in row)


def rows(table: Table) -> list[tuple[str, ...]]:
    return [texts(row) for row in table.rows]


def test_a_mixed_chamber_has_a_column_for_each_ballot_paper() -> None:
    (table,) = summary(shipped_outcome("mazhilis-2023"))
    assert heads(table) == ("list", "votes", "share", "Party lists", "Single-member districts*", "seats")
    assert texts(table.rows[0]) == ("Amanat", "3,431,510", "53.90 %", "40", "22", "62")
    assert ("Self-nominated", "", "", "0", "7", "7") in rows(table)
    assert ("against all", "248,291", "3.90 %", "", "", "") in rows(table)
    assert texts(table.rows[-1]) == ("all", "6,366,441", "", "69", "29", "98")
    assert table.note == "* declared by the authority, not counted"


def test_an_office_shows_who_is_elected_and_the_second_round() -> None:
    (table,) = summary(shipped_outcome("president-2005"))
    assert texts(table.rows[0]) == ("Nursultan Nazarbayev", "6,147,517", "91.15 %", "✓")
    (second,) = summary(dict(outcomes())["second round"])
    assert heads(second) == ("candidate", "votes", "share", "second round", "elected")
    assert ("B", "35", "35.00 %", "52", "✓") in rows(second)


def test_a_question_shows_its_answers() -> None:
    (table,) = summary(shipped_outcome("referendum-2026"), "ru")
    assert table.title == "Вопрос — принято"
    assert table.rows[0][0].text == "Да"


def test_lists_without_seats_and_votes_are_added_up() -> None:
    (table,) = summary(shipped_outcome("congress-2019-04"))
    others = next(row for row in rows(table) if "others" in row[0])
    assert others[-1] == "0"
    assert len(table.rows) < 25
    assert sum(row[-1].value for row in table.rows[:-1] if row[-1].value) == 350


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_is_whole_in_every_language(language: str) -> None:
    for name, outcome in outcomes():
        for table in summary(outcome, language):
            assert all(len(row) == len(table.columns) for row in table.rows), name
        assert "{" not in say_status(outcome, language)


def test_seats_of_the_rows_add_up() -> None:
    for name, outcome in outcomes():
        for table in summary(outcome):
            if not outcome.questions and len(outcome.contests) > 1 and table.rows:
                numbers = [row[-1].value for row in table.rows if row[-1].value is not None]
                assert sum(numbers[:-1]) == numbers[-1], name
