"""Laws and reforms in words: citations, provisions, differences."""

from datetime import date

import pytest

from sailau.rulebook import Law, books, diff, entries, load
from sailau.wording import cite, review_sheet, show_diff, show_law, sources_sheet
from sailau.wording.language import LANGUAGES, words
from sailau.wording.layout import CONFIDENCE
from sailau.wording.names import SECTIONS, provision_name

REFORM = (date(2021, 1, 10), date(2023, 3, 19))


@pytest.fixture(scope="module")
def law() -> Law:
    return load("kz/mazhilis").on(REFORM[1])


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("EL 97-1(1)", "en", "Elections Law art. 97-1(1)"),
        ("EL 97-1(1), 43(5), Law 41-VII", "en", "Elections Law art. 97-1(1), 43(5), Law 41-VII"),
        ("EL 97-1(1), 43(5), Law 41-VII", "ru", "Закон о выборах, ст. 97-1(1), 43(5), Закон 41-VII"),
        ("EL 97-1(1), 43(5), Law 41-VII", "kk", "Сайлау туралы заң, 97-1(1), 43(5)-баптар, 41-VII Заңы"),
        ("EL 97-1(3)", "kk", "Сайлау туралы заң, 97-1(3)-бап"),
        ("EL 9(2); PL 4(4)", "en", "Elections Law art. 9(2); Parliament Law art. 4(4)"),
        ("EL 58; 34(8)", "en", "Elections Law art. 58; art. 34(8)"),
        ("EL ch. 13-1", "ru", "Закон о выборах, гл. 13-1"),
        ("EL", "en", "Elections Law"),
        ("somewhere else 5", "en", "somewhere else 5"),
        ("", "en", ""),
    ],
)
def test_a_citation_names_its_law(law: Law, text: str, language: str, said: str) -> None:
    assert cite(law, text, language) == said


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("no/storting", "EA02 11-4", "Election Act § 11-4"),
        ("cz/chamber", "CZSO 1-4", "Statistical Office steps 1-4"),
        ("cz/chamber", "CZSO 10", "Statistical Office step 10"),
        ("es/congress", "LOREG 163(1)(a)", "LOREG art. 163(1)(a)"),
    ],
)
def test_places_are_counted_as_their_law_counts(name: str, text: str, said: str) -> None:
    book = load(name)
    assert cite(book.on(max([*book.days, date(2021, 10, 8)])), text) == said


@pytest.mark.parametrize("name", books())
def test_every_citation_of_every_law_is_said_without_keys(name: str) -> None:
    book = load(name)
    for day in {book.days[0], book.days[-1]} if book.days else {date(2024, 1, 1)}:
        law = book.on(day)
        for source in law.sources.values():
            for language in LANGUAGES:
                assert source.title.get(language), source  # type: ignore[call-overload]
        for entry in entries(law).values():
            first = entry.cite.split(" ")[0]
            for language in LANGUAGES if entry.cite else ():
                said = cite(law, entry.cite, language)
                assert said
                assert "{" not in said
                if first in law.sources and law.sources[first].short is not None:
                    assert said.startswith(law.sources[first].short[language])  # type: ignore[index]


def test_the_sources_of_what_decides_seats_have_short_names() -> None:
    for name in books():
        book = load(name)
        law = book.on(book.days[-1] if book.days else date(2024, 1, 1))
        for path, entry in entries(law).items():
            key = entry.cite.split(" ")[0].rstrip(",")
            if path.split(".")[0] in law.tiers and key in law.sources:
                assert law.sources[key].short is not None, (name, key)


# ---------------------------------------------------------------------- provisions


def test_a_law_is_shown_as_a_plan_without_votes(law: Law) -> None:
    sections = {s.title: {p.name: p for p in s.provisions} for s in show_law(law)}
    lists = sections["List seats"]
    assert lists["number of seats"].text == "69 seats"
    assert lists["threshold"].text == "at least 5 % of valid votes"
    assert lists["threshold"].cite == "Elections Law art. 97-1(1), 43(5), Law 41-VII"
    assert lists["threshold"].since == "5 June 2021"
    assert lists["threshold"].path == "list.threshold"
    assert lists["formula"].text == "largest remainders, Hare quota"
    assert lists["when one list alone qualifies"].text == (
        "the next list joins: its votes ÷ quota × 7/10, at least 2 seats; the first takes the rest"
    )
    assert lists["quota of mandates"].text.startswith("women, youth, persons with disabilities: at least 30 %")
    assert sections["District seats"]["number of seats"].text == "29 districts, 1 seat each"
    assert sections["District seats"]["formula"].text == "most votes"


def test_a_section_can_be_shown_as_a_table(law: Law) -> None:
    for section in show_law(law):
        assert all(len(row) == len(section.columns) for row in section.table.rows)


def test_a_doubt_stands_beside_the_sentence() -> None:
    law = load("kz/mazhilis").on(date(2023, 3, 19))
    section = next(s for s in show_law(law) if s.title == "List seats")
    assert any(cells[1].text.endswith("(unverified)") for cells in section.table.rows)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", books())
def test_every_law_is_shown_in_every_language(name: str, language: str) -> None:
    book = load(name)
    for day in {book.days[0], book.days[-1]} if book.days else {date(2024, 1, 1)}:
        for section in show_law(book.on(day), language, conduct=True):
            for provision in section.provisions:
                assert "{" not in provision.name + provision.text
                assert provision.name


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("list.threshold", "threshold (list seats)"),
        ("list.threshold.share", "threshold (list seats)"),
        ("list.seats.value", "number of seats (list seats)"),
        ("list.threshold.base", "threshold (list seats), base"),
        ("list.mandates.quota.share", "quota of mandates (list seats)"),
        ("single.formula.method", "formula (district seats)"),
        ("new.rule", "new.rule"),
    ],
)
def test_paths_have_names(path: str, name: str) -> None:
    assert provision_name(path, words("en")) == name


# ---------------------------------------------------------------------- reforms


def reform(language: str = "en") -> dict[str, tuple[str, ...]]:
    book = load("kz/mazhilis")
    before, after = (book.on(day) for day in REFORM)
    reform = show_diff(diff(before, after), before, after, language)
    table = reform.table
    assert all(len(row) == len(table.columns) for row in table.rows)
    paths = [row.path for row in reform.changes if row.section == "count"]
    return {path: tuple(cell.text for cell in row) for path, row in zip([*paths, "further"], table.rows, strict=False)}


def test_the_reform_of_2022_fits_one_screen() -> None:
    rows = reform()
    assert rows["list.seats"][:3] == ("List seats: number of seats", "98 seats", "69 seats")
    assert rows["list.threshold"][:4] == (
        "List seats: threshold",
        "at least 7 % of valid votes",
        "at least 5 % of valid votes",
        "Elections Law art. 97-1(1), 43(5), Law 41-VII",
    )
    assert rows["single"][:3] == ("District seats", "–", "29 districts, 1 seat each; most votes")
    assert rows["assembly"][:3] == (
        "Seats of the Assembly of the People",
        "9 seats; declared by the authority, not counted",
        "–",
    )
    assert rows["list.mandates.quota"][1] == "–"
    assert "women, youth, persons with disabilities: at least 30 %" in rows["list.mandates.quota"][2]
    assert len(rows) <= 9


def test_the_reform_in_russian_and_kazakh() -> None:
    assert reform("ru")["list.seats"][:3] == (
        "Мандаты по партийным спискам: число мандатов",
        "98 мандатов",
        "69 мандатов",
    )
    assert reform("kk")["list.seats"][:3] == (
        "Партиялық тізім бойынша мандаттар: мандаттар саны",
        "98 мандат",
        "69 мандат",
    )


def test_every_change_of_every_book_is_in_some_row() -> None:
    for name in books():
        book = load(name)
        for first, second in zip(book.days, book.days[1:], strict=False):
            before, after = book.on(first), book.on(second)
            changes = diff(before, after)
            table = show_diff(changes, before, after)
            said = {row.path for row in table.changes}
            for change in (c for c in changes if c.path not in SECTIONS):
                covered = any(change.path == p or change.path.startswith(f"{p}.") for p in said)
                tier = change.path.split(".")[0]
                contest = change.path.startswith("contest.") and any(
                    p in before.tiers or p in after.tiers for p in said
                )
                assert covered or tier in said or contest, (name, change.path)
            for row in table.changes:
                assert row.before != row.after or row.section != "count", (name, row)


def test_the_same_law_has_no_changes(law: Law) -> None:
    table = show_diff(diff(law, law), law, law)
    assert table.table.rows == ()


def test_a_sheet_for_a_reviewer_has_every_provision_with_edition_confidence_and_an_empty_column(law: Law) -> None:
    sheet = review_sheet(law, "en")
    rows = {row[9].text: [cell.text for cell in row] for row in sheet.rows}
    assert len(sheet.columns) == len(sheet.rows[0]) == 11
    bar = rows["list.threshold"]
    assert (bar[3], bar[6], bar[7]) == (
        "Elections Law art. 97-1(1), 43(5), Law 41-VII",
        "7 January 2023",
        "read in the law",
    )
    assert {row[-1] for row in rows.values()} == {""}
    assert {"condition.age-25", "power.no-confidence", "deadline.nomination", "voting.hours"} <= set(rows)
    assert any(row[7] == CONFIDENCE["unverified"] for row in rows.values())


def test_on_a_screen_the_sources_are_told_without_the_rules(law: Law) -> None:
    heads = [column.head for column in sources_sheet(law, "en").columns]
    assert heads == ["part", "provision", "article", "in force from", "edition read", "how sure", "what is open"]
