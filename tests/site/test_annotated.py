"""The law, annotated: pages are fresh, every rule of a book is on its page, every article leads to it."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from sailau.rulebook import Book, books, diff, load
from sailau.rulebook.book import BOOKS, read
from sailau.site import annotated, pages
from sailau.site.annotated import annotate
from sailau.wording.conduct import SAYERS
from sailau.wording.guide import CHAPTERS, translated
from sailau.wording.language import LANGUAGES, words

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = pages.law_pages()


def test_the_docs_have_a_short_page_for_every_law() -> None:
    """Run `python -m sailau.site.pages --short docs` after a rule book has changed."""
    short = pages.short_pages()
    assert set(short) == {f"law/{name}.md" for name in books()} | {"law/README.md"}
    assert {p.relative_to(DOCS).as_posix() for p in (DOCS / "law").rglob("*.md")} == set(short)
    assert [name for name, text in short.items() if (DOCS / name).read_text(encoding="utf-8") != text] == []


def test_all_pages_and_the_kit_are_built_into_a_folder(tmp_path: Path) -> None:
    stale = tmp_path / "law" / "xx" / "gone.en.md"
    stale.parent.mkdir(parents=True)
    stale.write_text("of a law that is no more", encoding="utf-8")
    built = {path.relative_to(tmp_path).as_posix(): path for path in pages.write(tmp_path)}
    assert {name: built[name].read_text(encoding="utf-8") for name in PAGES} == PAGES
    assert all(built[f"observer-kit.{code}.pdf"].read_bytes().startswith(b"%PDF") for code in LANGUAGES)
    assert not stale.exists()


def test_there_is_a_page_for_every_law_and_language() -> None:
    assert {f"law/{name}.{code}.md" for name in books() for code in LANGUAGES} | {"law/README.md"} == set(PAGES)


def things(book: Book) -> set[str]:
    """Return `section.id` of everything in the sections of a book that concerns its law."""
    found = set()
    for section, table in book.data.items():
        if section in SAYERS:
            found |= {f"{section}.{row['id']}" for row in table if not row.get("bodies") or book.id in row["bodies"]}
    return found


def governed(book: Book, name: str) -> bool:
    """Whether some version of a thing governs a day in the life of the law."""
    section, _, thing = name.partition(".")
    since, until = book.span
    rows = [row for row in book.data[section] if row["id"] == thing]
    return any(
        (until is None or row.get("from", date.min) < until) and row.get("until", date.max) > since for row in rows
    )


@pytest.mark.parametrize("name", books())
def test_everything_in_a_book_is_on_its_page(name: str) -> None:
    book = load(name)
    told = {rule.id for rule in annotate(book).rules}
    assert {thing for thing in things(book) if governed(book, thing)} <= told
    assert {f"contest.{row['id']}" for row in book.data["contest"]} <= told
    assert {rule.chapter for rule in annotate(book).rules} <= set(CHAPTERS)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", books())
def test_every_link_inside_a_page_has_its_anchor(name: str, code: str) -> None:
    text = PAGES[f"law/{name}.{code}.md"]
    anchors = re.findall(r'<a id="([^"]+)">', text)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(anchors)


def test_97_1_2_leads_to_one_provision_and_its_page() -> None:
    """What an auditor does: look for an article, find the rule, its page and its tests."""
    page = PAGES["law/kz/mazhilis.en.md"]
    lines = [line for line in page.splitlines() if "97-1(2)" in line and line.startswith("- <a id=")]
    assert [re.findall(r'id="([^"]+)"', line)[0] for line in lines] == ["list.single-qualifier"]


@pytest.mark.parametrize(("code", "said"), [("en", "At least 5 %"), ("kk", "Кемінде 5 %"), ("ru", "Не менее 5 %")])
def test_97_1_1_the_threshold_is_told_with_its_history(code: str, said: str) -> None:
    rule = next(r for r in annotate(load("kz/mazhilis"), code).rules if r.id == "list.threshold")
    assert said in rule.newest.text.replace("\u00a0", " ")
    assert [v.since for v in rule.versions] == [None, date(2004, 4, 14), date(2021, 6, 5)]
    assert [v.until for v in rule.versions] == [date(2004, 4, 14), date(2021, 6, 5), None]
    assert [v.confidence for v in rule.versions] == ["statute", "statute", "statute"]


def test_a_rule_that_ended_says_when() -> None:
    rule = next(r for r in annotate(load("kz/mazhilis")).rules if r.id == "assembly.seats")
    assert (rule.newest.since, rule.newest.until) == (date(2007, 6, 20), date(2023, 1, 1))
    assert "before 1 January 2023" in PAGES["law/kz/mazhilis.en.md"]


def test_a_condition_added_to_a_book_appears_without_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for part in (BOOKS / "kz").glob("*.toml"):
        (tmp_path / part.name).write_text(part.read_text(encoding="utf-8"), encoding="utf-8")
    added = (
        '\n[[condition]]\nid = "no-hat"\nof = "person"\nto = "stand"\ncite = "EL 999(9)"\nconfidence = "unverified"\n'
        'test = { op = "is", fact = "conviction", value = false }\n'
        'title = { en = "Wears no hat", kk = "Бас киімсіз", ru = "Без шляпы" }\n'
    )
    with (tmp_path / "part-mazhilis-nomination.toml").open("a", encoding="utf-8") as file:
        file.write(added)
    book = read(tmp_path / "mazhilis.toml")
    monkeypatch.setattr(annotated, "load", lambda _: book)
    for cached in (annotated._laws, annotated._law, annotated._sections, annotated._differences):
        cached.cache_clear()
    try:
        monkeypatch.setattr(annotated, "_reforms", lambda *_: ())
        page = pages.markdown(annotate(book, "kk"))
    finally:
        for cached in (annotated._laws, annotated._law, annotated._sections, annotated._differences):
            cached.cache_clear()
    assert "**Бас киімсіз.** " in page
    assert "*Сайлау туралы заң, 999(9)-бап* ?" in page
    assert "EL " not in page


# ---------------------------------------------------------------- reforms


def reform(name: str, which: str, code: str = "en") -> dict[str, annotated.Changed]:
    guide = annotate(load(name), code)
    return {c.id: c for c in next(r for r in guide.reforms if r.id == which).changes}


def test_the_reform_of_2022_is_told_by_its_differences() -> None:
    found = reform("kz/mazhilis", "2022")
    assert (found["list.seats"].before, found["list.seats"].after) == ("98 seats.", "69 seats.")
    assert "7 %" in str(found["list.threshold"].before)
    assert "5 %" in str(found["list.threshold"].after)
    assert found["list.mandates.quota"].before is None
    assert found["assembly.seats"].after is None
    assert "20,000" in str(found["condition.party-members"].before)


def test_the_reform_of_2026_lays_two_laws_side_by_side() -> None:
    found = reform("kz/kurultai", "2026", "ru")
    assert (found["list.seats"].before, found["list.seats"].after) == ("69 мандатов.", "145 мандатов.")
    assert found["single.seats"].after is None


@pytest.mark.parametrize("name", books())
def test_no_difference_of_law_diff_is_left_out(name: str) -> None:
    """Every value in which the two laws differ belongs to a rule that the table of the reform shows."""
    table = tomllib.loads(Path(annotated.__file__).with_name("reforms.toml").read_text(encoding="utf-8"))["reform"]
    for row in (row for row in table if name in row["pages"]):
        before, after = (load(row[side]["law"]).on(row[side]["day"]) for side in ("before", "after"))
        shown = set(reform(name, row["id"]))
        for change in diff(before, after):
            section = change.path.split(".")[0]
            outside = section in ("body", "held", "wage", "region", "station") and "term" not in change.path
            if outside or "." not in change.path:
                continue
            bodies = [x for x in (before, after) if x.tables.get(section)]
            if section in SAYERS and not any(_concerned(law, section, change.path) for law in bodies):
                continue
            ids = [i for i in shown if change.path == i or change.path.startswith(f"{i}.")]
            assert ids or change.path.endswith((".contest", ".of", ".subject", ".kind")), change.path


def _concerned(law: object, section: str, path: str) -> bool:
    thing = path.split(".")[1]
    return any(
        row.id == thing and (section == "power" or row.concerns(law.id))  # type: ignore[attr-defined]
        for row in law.section(section)  # type: ignore[attr-defined]
    )


# ---------------------------------------------------------------- languages


def test_notes_of_the_books_are_translated_or_say_that_they_are_not() -> None:
    law = load("kz/mazhilis").on(date(2023, 3, 19))
    assert translated("Within one month.", "kk", law) == "Бір ай ішінде."
    assert translated("A new note.", "ru", law) == "A new note. (на английском)"
    assert translated("A new note.", "en", law) == "A new note."
    page = PAGES["law/kz/mazhilis.kk.md"]
    assert page.count("(ағылшынша)") * 10 < page.count("*Ескерту:*")


def test_dates_stand_in_sentences_with_their_endings() -> None:
    assert words("kk").day(date(2023, 3, 19)) == "2023 жылғы 19 наурыз"
    assert words("ru").day(date(2023, 3, 19)) == "19 марта 2023 года"
    assert words("ru").month(3) == "март"
    assert "2004 жылғы 14 сәуір күнінен бастап" in PAGES["law/kz/mazhilis.kk.md"]


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="no language"):
        annotate(load("kz/mazhilis"), "de")
