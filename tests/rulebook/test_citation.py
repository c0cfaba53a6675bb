"""Citations as values, and citations of sources that a book does not have."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sailau.rulebook import BadInput, books, load
from sailau.rulebook.citation import CitedPlace, citations, unknown_sources
from sailau.rulebook.template import write_law

KEYS = frozenset({"EL", "PL", "Press", "Decree"})


def test_a_citation_is_a_source_its_articles_and_the_laws_that_changed_them() -> None:
    first, second, third = citations(
        "EL 97-1(1), 43(5), ch. 13-2, Law 41-VII, Law of 8 June 2022; PL 4(4); 113-12 to 113-16", KEYS
    )
    assert [(c.source, [(p.article, p.part) for p in c.articles]) for c in (first, second, third)] == [
        ("EL", [("97-1", "(1)"), ("43", "(5)")]),
        ("PL", [("4", "(4)")]),
        ("PL", [("113-12", "to 113-16")]),
    ]
    assert first.changed_by == ("41-VII", "8 June 2022")
    assert first.places[2:] == (
        CitedPlace("chapter", "13-2"),
        CitedPlace("law", "41-VII"),
        CitedPlace("dated-law", "8 June 2022", day=date(2022, 6, 8)),
    )


def test_words_behind_a_source_are_no_article() -> None:
    """A newspaper's site whose name begins with a number is none, nor is a day."""
    (press, site) = citations("Press astanatimes.com 20 January 2023; 24.kz", KEYS)
    assert (press.source, site.source) == ("Press", "Press")
    assert (press.articles, site.articles) == ((), ())
    assert site.places == (CitedPlace("words", "24.kz"),)


@pytest.mark.parametrize(
    ("text", "unknown"), [("EX 66(2)", "EX 66(2)"), ("EL 1; EX 66(2)", "EX 66(2)"), ("article 5", "article 5")]
)
def test_what_names_no_source_has_none(text: str, unknown: str) -> None:
    assert [c.places[0].text for c in citations(text, KEYS) if not c.source] == [unknown]


@pytest.mark.parametrize("law", books())
def test_shipped_books_cite_sources_that_they_have(law: str) -> None:
    assert list(unknown_sources(load(law))) == []


def test_an_unknown_source_is_a_fault_with_file_and_line(tmp_path: Path) -> None:
    path = write_law("xx/chamber", tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if "cite = " in line)
    path.write_text("\n".join(lines).replace('cite = "', 'cite = "Ex', 1), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        load(str(path)).on(date(2024, 1, 1))
    (fault,) = refused.value.faults
    assert (fault.file, fault.line, fault.field) == (path.name, number, "cite")
    assert fault.expected.startswith("a key of [sources] first, ")


def test_articles_have_links_where_the_source_has_anchors() -> None:
    law = load("cz/chamber").on(date(2021, 10, 8))
    (citation,) = law.citations("Act247 49(1), 50(2)")
    assert citation.links(law.sources) == (
        "https://www.zakonyprolidi.cz/cs/1995-247#p49",
        "https://www.zakonyprolidi.cz/cs/1995-247#p50",
    )
    (nowhere,) = law.citations("CZSO 5-7")
    assert nowhere.links(law.sources) == ()
