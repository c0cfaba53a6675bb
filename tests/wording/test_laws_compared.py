"""Laws side by side: cells come from provisions with article and mark, and what a book does not say is unknown."""

from __future__ import annotations

from datetime import date

import pytest

from sailau.rulebook import Law, books, load
from sailau.wording.document import Table
from sailau.wording.laws_compared import LawComparison, compare_laws

LAWS = {
    "kz/mazhilis": "2023-03-19",
    "md/parliament": "2025-09-28",
    "es/congress": "2019-04-28",
    "lt/seimas": "2016-10-09",
    "cz/chamber": "2021-10-08",
    "no/storting": "2021-09-13",
    "mn/khural": "2024-06-28",
}


def on(name: str, day: str) -> Law:
    return load(name).on(date.fromisoformat(day))


@pytest.fixture(scope="module")
def seven() -> LawComparison:
    return compare_laws([on(name, day) for name, day in LAWS.items()])


def values(found: LawComparison, point: str) -> dict[str, object]:
    return {law.id: cell.value for law, cell in zip(found.laws, found.point(point).answers, strict=True)}


def text(found: LawComparison, point: str, law: str, language: str = "en") -> str:
    cell = found.point(point).answers[list(LAWS).index(law)]
    return cell.text[language]


def test_sizes_terms_and_ages(seven: LawComparison) -> None:
    sizes = (98, 101, 350, 141, 200, 169, 126)
    assert values(seven, "members") == dict(zip(LAWS, sizes, strict=True))
    assert values(seven, "term") == {name: 5 if name.startswith("kz") else 4 for name in LAWS}
    ages = values(seven, "age")
    assert (ages["kz/mazhilis"], ages["lt/seimas"], ages["mn/khural"]) == (25, 25, 25)


def test_bars_with_base_area_and_kinds(seven: LawComparison) -> None:
    bars = values(seven, "bar")
    assert (bars["kz/mazhilis"], bars["es/congress"], bars["no/storting"]) == ("1/20", "3/100", "1/25")
    assert "in the district" in text(seven, "bar", "es/congress")
    assert "7 % for a coalition" in text(seven, "bar", "md/parliament")
    assert "List seats: no bar" in text(seven, "bar", "no/storting")
    assert "Levelling seats: at least 4 %" in text(seven, "bar", "no/storting")
    assert "until all hold 60 %" in text(seven, "bar", "lt/seimas")
    bases = values(seven, "base")
    assert (bases["lt/seimas"], bases["kz/mazhilis"], bases["no/storting"]) == ("cast", "valid", "options")
    assert "against all included" in text(seven, "base", "kz/mazhilis")
    assert "blank" in text(seven, "base", "es/congress")


def test_formulas_and_districts(seven: LawComparison) -> None:
    assert "Hare quota" in text(seven, "formula", "kz/mazhilis")
    assert "the next list joins" in text(seven, "formula", "kz/mazhilis")
    assert text(seven, "formula", "md/parliament") == "List seats: D'Hondt"
    assert "Second scrutiny: largest remainders, Hagenbach-Bischoff" in text(seven, "formula", "cz/chamber")
    assert "first divisor 1.4" in text(seven, "formula", "no/storting")
    assert "29 districts, 1 seat each" in text(seven, "districts", "kz/mazhilis")
    assert "population + 1.8 × area" in text(seven, "districts", "no/storting")


def test_conditions_deposit_quota_and_voting_abroad(seven: LawComparison) -> None:
    assert "10 years" in text(seven, "who", "kz/mazhilis")
    assert "15 minimum wages" in text(seven, "deposit", "kz/mazhilis")
    assert "30 %" in text(seven, "quota", "kz/mazhilis")
    assert "women" in text(seven, "quota", "mn/khural")
    assert values(seven, "abroad")["kz/mazhilis"] is True
    assert values(seven, "abroad")["md/parliament"] is True


def test_what_a_book_does_not_say_is_unknown(seven: LawComparison) -> None:
    deposits = {law.id: cell for law, cell in zip(seven.laws, seven.point("deposit").answers, strict=True)}
    assert [name for name, cell in deposits.items() if cell.known] == ["kz/mazhilis", "es/congress"]
    rows = {row[0].text: tuple(cell.text for cell in row[1:]) for table in seven.tables() for row in table.rows}
    assert rows["Deposit"].count("unknown") == 5
    assert any("No deposit" in cell for cell in rows["Deposit"])
    assert "unknown" in rows["Ministers"]


def test_a_rule_told_in_words_fills_the_cell_with_its_article() -> None:
    lithuania = compare_laws(
        [on("kz/mazhilis", "2023-03-19"), on("lt/seimas", "2024-10-13"), on("es/congress", "2023-07-23")]
    )
    for point in ("nominators", "deposit", "abroad"):
        told = lithuania.point(point).answers[1]
        assert told.known
        assert told.confidence == "statute"
    assert "5 average monthly wages" in lithuania.point("deposit").answers[1].text["en"]
    assert "0,1 процента" in lithuania.point("nominators").answers[2].text["ru"]


def test_doubt_is_shown_with_the_least_sure_provision(seven: LawComparison) -> None:
    quota = seven.point("quota").answers[list(LAWS).index("mn/khural")]
    assert quota.confidence == "secondary"
    assert quota.note
    rows = {row[0].text: tuple(cell.text for cell in row[1:]) for table in seven.tables() for row in table.rows}
    assert "(from a secondary source)" in rows["Quotas for women and others"][list(LAWS).index("mn/khural")]


def test_powers_stand_side_by_side(seven: LawComparison) -> None:
    veto = values(seven, "power-veto")
    assert veto["kz/mazhilis"] == "at-least 2/3 all-members"
    assert veto["es/congress"] is None
    assert "(66/98)" in text(seven, "power-veto", "kz/mazhilis")
    assert "moved by 1/5 of the members" in text(seven, "power-no-confidence", "kz/mazhilis")
    assert "moved by 50 members" in text(seven, "power-no-confidence", "cz/chamber")
    assert "head of state" in text(seven, "power-prime-minister", "no/storting")
    assert seven.point("power-constitution").subject == "powers"


def test_every_known_cell_has_three_languages_and_an_article(seven: LawComparison) -> None:
    for line in seven.points:
        assert set(line.title) == {"en", "kk", "ru"}
        for cell in line.answers:
            assert not cell.known or (cell.cite and all(cell.text.get(code) for code in ("en", "kk", "ru"))), line.id


def test_the_json_marks_unknown_cells(seven: LawComparison) -> None:
    data = seven.to_json()
    assert [law["law"] for law in data["laws"]] == list(LAWS)
    for row in data["rows"]:
        assert len(row["cells"]) == len(LAWS)
        for cell in row["cells"]:
            assert cell["known"] == bool(cell["text"])
            assert (cell["confidence"] is None) == (not cell["known"])


def test_versions_of_one_law_are_told_apart() -> None:
    found = compare_laws([on("kz/mazhilis", "2016-03-20"), on("kz/mazhilis", "2023-03-19")])
    assert values(found, "bar") == {"kz/mazhilis": "1/20"}  # the later of the two, by one id
    assert [cell.value for cell in found.point("bar").answers] == ["7/100", "1/20"]
    assert found.tables()[0].columns[1].head.endswith("(20 March 2016)")


def test_a_point_nobody_compares_is_an_error(seven: LawComparison) -> None:
    with pytest.raises(KeyError):
        seven.point("weather")


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_every_shipped_law_can_be_compared(language: str) -> None:
    laws = [load(name).on(load(name).days[-1]) for name in books()]
    tables = compare_laws(laws).tables(language)
    assert isinstance(tables[0], Table)
    for table in tables:
        assert all(len(row) == len(laws) + 1 for row in table.rows)
        assert not any("{" in cell.text or "None" in cell.text for row in table.rows for cell in row)
