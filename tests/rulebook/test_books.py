"""The shipped rule books: they load all their life, cite known sources and keep their marks of doubt."""

import csv
import re
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import sailau
from sailau.rulebook import BadInput, Book, Law, amend, books, diff, entries, load
from sailau.rulebook.book import BOOKS
from sailau.rulebook.schema import Provision

CASES = Path(sailau.__file__).parent / "cases"
DAY = timedelta(days=1)

CONTESTS: dict[str, tuple[str, dict[str, str]]] = {
    "kz/mazhilis": ("2023-03-19", {"list": "", "single": "district"}),
    "kz/kurultai": ("2026-08-23", {"list": ""}),
    "kz/maslikhat-region": ("2023-03-19", {"list": "region", "single": "district"}),
    "kz/maslikhat-district": ("2023-03-19", {"single": "district"}),
    "kz/president": ("2022-11-20", {"president": ""}),
    "kz/senate": ("2023-01-14", {"senate": "region"}),
    "kz/referendum": ("2024-10-06", {"question": ""}),
    "kz/akim": ("2023-11-05", {"akim": "district"}),
    "kz/recall": ("2024-06-01", {"question": "district"}),
    "mn/khural": ("2024-06-28", {"list": "", "block": "district"}),
    "md/parliament": ("2025-09-28", {"list": ""}),
    "md/president": ("2024-10-20", {"president": ""}),
    "es/congress": ("2019-04-28", {"list": "province"}),
    "es/senate": ("2019-04-28", {"senate": "constituency"}),
    "lt/seimas": ("2016-10-09", {"list": "", "single": "district"}),
    "cz/chamber": ("2021-10-08", {"list": "region"}),
    "cz/senate": ("2022-09-23", {"senate": "district"}),
    "no/storting": ("2021-09-13", {"list": "district"}),
    "bg/assembly": ("2021-07-11", {"list": ""}),
    "ge/parliament": ("2024-10-26", {"list": ""}),
    "ch/zh-kantonsrat": ("2023-02-12", {"list": "district"}),
}
"""Law → a polling day and the ballot papers with the level of their districts, as case folders use them."""


def on(law: str, day: str) -> Law:
    return load(law).on(date.fromisoformat(day))


def days_of(book: Book) -> list[date]:
    """Return the first day of every version and, where the law lived then, its eve."""
    since, until = book.span
    last = [until - DAY] if until else []
    return sorted({d for first in (since, *book.days) for d in (first - DAY, first) if d >= since} | set(last))


def tables_of(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for value in node:
            yield from tables_of(value)


def provisions_of(node: Any, path: str = "") -> Iterator[tuple[str, Provision]]:
    """Yield every provision of a law with its path; bars inside a provision may lean on its article."""
    if isinstance(node, Provision):
        yield path, node
    if isinstance(node, Provision | Law):
        for name in type(node).model_fields:
            yield from provisions_of(getattr(node, name), f"{path}.{name}")
    elif isinstance(node, list) and path.rpartition(".")[2] not in ("kinds", "bars"):
        for value in node:
            yield from provisions_of(value, f"{path}.{getattr(value, 'id', '')}")


# ---------------------------------------------------------------------- every book


def test_the_books_are_those_that_cases_name() -> None:
    assert set(books()) == set(CONTESTS)


@pytest.mark.parametrize("name", CONTESTS)
def test_a_book_loads_on_every_day_and_eve_of_its_versions(name: str) -> None:
    book = load(name)
    for day in days_of(book):
        law = book.on(day)
        assert law.id == name
        assert law.tier
        assert {tier.contest for tier in law.tier} == set(law.contests)


@pytest.mark.parametrize("name", CONTESTS)
def test_a_book_is_refused_outside_its_life(name: str) -> None:
    book = load(name)
    since, until = book.span
    assert since > date.min
    for day in (since - DAY, *([until] if until else [])):
        with pytest.raises(BadInput, match=str(since)):
            book.on(day)


@pytest.mark.parametrize("name", CONTESTS)
def test_every_citation_begins_with_a_source(name: str) -> None:
    data = load(name).data
    sources = set(data["sources"])
    cited = {t["cite"] for t in tables_of(data) if "cite" in t}
    counting = {t["cite"] for key in ("body", "contest", "tier") for t in tables_of(data[key]) if "cite" in t}
    assert counting
    begun = cited | {part for cite in counting for part in cite.split("; ")}
    assert not {cite for cite in begun if re.split("[ ,]", cite)[0] not in sources}


@pytest.mark.parametrize("name", CONTESTS)
def test_every_provision_has_an_article(name: str) -> None:
    book = load(name)
    for day in days_of(book):
        bare = [path for path, provision in provisions_of(book.on(day)) if not provision.cite]
        assert not bare


@pytest.mark.parametrize("name", CONTESTS)
def test_what_is_unverified_or_secondary_says_what_is_open(name: str) -> None:
    book = load(name)
    for day in days_of(book):
        law = book.on(day)
        silent = [
            path
            for path, provision in provisions_of(law)
            if provision.confidence in ("unverified", "secondary") and not provision.note
        ]
        assert not silent


@pytest.mark.parametrize("name", CONTESTS)
def test_names_stand_in_three_languages(name: str) -> None:
    book = load(name)
    law = book.on(book.days[-1])
    texts = [law.body.name, *(source.title for source in law.sources.values())]
    assert all(set(text) == {"en", "kk", "ru"} and all(text.values()) for text in texts)
    assert law.body.country == name.split("/", maxsplit=1)[0].upper()


@pytest.mark.parametrize("name", CONTESTS)
def test_ballot_papers_and_levels_are_those_of_the_case_folder(name: str) -> None:
    day, contests = CONTESTS[name]
    assert {c.id: c.level for c in on(name, day).contest} == contests


def test_no_part_stands_alone() -> None:
    named = {n for path in BOOKS.glob("*/*.toml") for n in tomllib.loads(path.read_text("utf-8")).get("include", [])}
    assert {"part-sources.toml"} <= named
    assert all((path.parent / "part-sources.toml").is_file() for path in BOOKS.glob("*/*.toml"))


# ---------------------------------------------------------------------- the shipped cases


@pytest.mark.parametrize("case", sorted(p.parent.name for p in CASES.glob("*/case.toml")))
def test_every_case_has_its_law_and_its_ballot_papers(case: str) -> None:
    head = tomllib.loads((CASES / case / "case.toml").read_text("utf-8"))
    law = load(head["law"]).on(head["day"])
    for table in ("returns.csv", "declared.csv", "official.csv", "candidates.csv"):
        path = CASES / case / table
        if path.is_file():
            with path.open(encoding="utf-8-sig", newline="") as lines:
                used = {row["contest"] for row in csv.DictReader(lines)}
            assert all(law.contest_of(name) for name in used), table


# ---------------------------------------------------------------------- what the books say


@pytest.mark.parametrize(
    ("law", "day", "path", "value"),
    [
        ("kz/mazhilis", "1999-10-10", "list.seats.value", 10),
        ("kz/mazhilis", "1999-10-10", "list.threshold.base", "cast"),
        ("kz/mazhilis", "2004-09-19", "list.threshold.base", "valid"),
        ("kz/mazhilis", "2007-08-18", "list.seats.value", 98),
        ("kz/mazhilis", "2007-08-18", "list.single-qualifier.factor", None),
        ("kz/mazhilis", "2012-01-15", "list.single-qualifier.factor", "7/10"),
        ("kz/mazhilis", "2012-01-15", "list.single-qualifier.minimum-seats", 2),
        ("kz/mazhilis", "2020-12-31", "list.threshold.share", "7%"),
        ("kz/mazhilis", "2021-06-04", "list.threshold.share", "7%"),
        ("kz/mazhilis", "2021-06-05", "list.threshold.share", "5%"),
        ("kz/mazhilis", "2021-06-05", "list.seats.value", 98),
        ("kz/mazhilis", "2021-06-05", "contest.list.against-all", True),
        ("kz/mazhilis", "2022-12-31", "assembly.seats.value", 9),
        ("kz/mazhilis", "2022-12-31", "single.seats.districts", None),
        ("kz/mazhilis", "2023-01-01", "list.seats.value", 69),
        ("kz/mazhilis", "2023-01-01", "single.seats.districts", 29),
        ("kz/mazhilis", "2023-01-01", "assembly.seats.value", None),
        ("kz/mazhilis", "2023-03-19", "single.tie.otherwise", "repeat-vote"),
        ("kz/mazhilis", "2023-03-19", "single.tie.of-two", "repeat-election"),
        ("kz/kurultai", "2026-08-23", "list.seats.value", 145),
        ("kz/kurultai", "2026-08-23", "list.single-qualifier.minimum-seats", 2),
        ("kz/maslikhat-region", "2021-01-10", "list.threshold.share", "7%"),
        ("kz/maslikhat-region", "2021-01-10", "single.seats.value", None),
        ("kz/maslikhat-region", "2023-03-19", "list.threshold.share", "5%"),
        ("kz/maslikhat-region", "2023-03-19", "list.single-qualifier.minimum-seats", 1),
        ("kz/maslikhat-region", "2023-03-19", "list.mandates.quota.share", None),
        ("kz/maslikhat-region", "2023-03-19", "list.seats.at-most", 25),
        ("kz/president", "2019-06-09", "body.term.years", 5),
        ("kz/president", "2022-11-20", "body.term.years", 7),
        ("kz/president", "2022-11-20", "body.term.at-most", 1),
        ("kz/president", "2022-11-20", "president.run-off.tie-otherwise", "repeat-election"),
        ("kz/senate", "2023-01-14", "senate.run-off.same-day", True),
        ("kz/referendum", "1995-08-30", "question.regional.share", None),
        ("kz/referendum", "2024-10-06", "question.regional.share", "2/3"),
        ("kz/referendum", "2024-10-06", "question.adoption.base", "cast"),
        ("kz/akim", "2023-11-05", "akim.tie.otherwise", "repeat-election"),
        ("kz/recall", "2024-06-01", "question.turnout.share", "1/3"),
        ("kz/recall", "2024-06-01", "question.turnout.comparison", "at-least"),
        ("mn/khural", "2024-06-28", "list.formula.unqualified", "shared-equally"),
        ("md/parliament", "2021-07-11", "list.seats.value", 101),
        ("md/president", "2024-10-20", "president.majority.bars.1.comparison", "at-least"),
        ("md/president", "2024-10-20", "president.majority.bars.1.base", "cast"),
        ("es/congress", "2019-04-28", "list.threshold.area", "district"),
        ("es/congress", "2019-04-28", "list.seats.apportion.fixed.province", 2),
        ("lt/seimas", "2016-10-09", "list.threshold.base", "cast"),
        ("lt/seimas", "2016-10-09", "list.threshold.fill.share", "60%"),
        ("lt/seimas", "2016-10-09", "list.formula.round-quota", "up"),
        ("cz/chamber", "2017-10-20", "list.formula.method", "dhondt"),
        ("cz/chamber", "2021-06-30", "second.transfer.tier", None),
        ("cz/chamber", "2021-10-08", "list.formula.quota", "imperiali"),
        ("cz/chamber", "2021-10-08", "second.formula.quota", "hagenbach-bischoff"),
        ("cz/chamber", "2021-10-08", "list.threshold.lower.step", "1%"),
        ("no/storting", "2021-09-13", "list.seats.apportion.score.area_km2", "9/5"),
        ("no/storting", "2021-09-13", "levelling.threshold.share", "4%"),
        ("ge/parliament", "2024-10-26", "list.formula.leftover", "most-votes"),
        ("bg/assembly", "2021-07-11", "list.threshold.base", "options"),
    ],
)
def test_a_provision_has_its_value_on_its_day(law: str, day: str, path: str, value: object) -> None:
    found = entries(on(law, day)).get(path)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("law", "day", "path", "confidence"),
    [
        ("kz/mazhilis", "1999-10-10", "list.threshold.base", "statute"),
        ("kz/mazhilis", "2004-09-19", "list.threshold.share", "statute"),
        ("kz/mazhilis", "2004-09-19", "contest.list.against-all", "statute"),
        ("kz/mazhilis", "2004-09-19", "single.formula.method", "statute"),
        ("kz/mazhilis", "2004-09-19", "single.seats.districts", "statute"),
        ("kz/mazhilis", "2022-12-01", "list.mandates.quota.share", "statute"),
        ("kz/mazhilis", "2023-03-19", "list.mandates.quota.share", "unverified"),
        ("kz/maslikhat-region", "2021-01-10", "list.threshold.share", "statute"),
        ("kz/maslikhat-region", "2021-01-10", "list.single-qualifier.factor", "statute"),
        ("kz/maslikhat-region", "2023-03-19", "list.threshold.share", "statute"),
        ("kz/president", "1999-01-10", "president.majority.bars.1.base", "statute"),
        ("kz/president", "2005-12-04", "president.majority.bars.1.base", "statute"),
        ("kz/referendum", "1995-04-29", "question.turnout.share", "unverified"),
        ("kz/referendum", "1995-04-29", "question.adoption.share", "unverified"),
        ("kz/referendum", "2022-06-05", "question.adoption.share", "statute"),
        ("mn/khural", "2024-06-28", "list.formula.unqualified", "reported"),
        ("mn/khural", "2024-06-28", "list.threshold.share", "reported"),
        ("mn/khural", "2024-06-28", "list.threshold.kinds.1.share", "secondary"),
        ("mn/khural", "2024-06-28", "list.tie.otherwise", "unverified"),
        ("mn/khural", "2024-06-28", "block.tie.otherwise", "unverified"),
        ("mn/khural", "2024-06-28", "block.turnout.share", "secondary"),
        ("md/parliament", "2025-09-28", "list.threshold.share", "statute"),
        ("md/parliament", "2025-09-28", "list.tie.otherwise", "unverified"),
        ("md/parliament", "2025-09-28", "list.turnout.share", "statute"),
        ("md/president", "2020-11-01", "president.majority.bars.1.share", "statute"),
        ("md/president", "2024-10-20", "president.majority.bars.1.share", "statute"),
        ("es/congress", "2019-04-28", "list.tie.otherwise", "statute"),
        ("es/senate", "2019-04-28", "senate.tie.otherwise", "unverified"),
        ("lt/seimas", "2016-10-09", "list.threshold.share", "statute"),
        ("lt/seimas", "2016-10-09", "single.majority.bars.2.share", "reported"),
        ("lt/seimas", "2024-10-13", "list.threshold.share", "statute"),
        ("lt/seimas", "2024-10-13", "list.formula.round-quota", "statute"),
        ("cz/chamber", "2021-10-08", "second.formula.quota", "statute"),
        ("cz/senate", "2022-09-23", "senate.majority.bars.1.share", "reported"),
        ("no/storting", "2021-09-13", "list.formula.first", "statute"),
        ("no/storting", "2025-09-08", "list.formula.first", "secondary"),
        ("no/storting", "2021-09-13", "levelling.levelling.average", "reported"),
        ("ge/parliament", "2024-10-26", "list.formula.method", "reported"),
        ("ge/parliament", "2024-10-26", "list.tie.otherwise", "unverified"),
        ("bg/assembly", "2021-07-11", "list.tie.otherwise", "unverified"),
        ("ch/zh-kantonsrat", "2023-02-12", "list.formula.method", "unverified"),
    ],
)
def test_a_mark_of_doubt_is_kept(law: str, day: str, path: str, confidence: str) -> None:
    assert entries(on(law, day))[path].confidence == confidence


@pytest.mark.parametrize(
    ("law", "day", "bars"),
    [
        ("md/parliament", "2025-09-28", {("coalition", 1): "7/100", ("independent", 1): "1/50"}),
        ("mn/khural", "2024-06-28", {("coalition", 2): "1/20", ("coalition", 3): "7/100"}),
        ("lt/seimas", "2016-10-09", {("coalition", 1): "7/100"}),
        ("cz/chamber", "2021-10-08", {("coalition", 2): "2/25", ("coalition", 3): "11/100"}),
        (
            "cz/chamber",
            "2017-10-20",
            {("coalition", 2): "1/10", ("coalition", 3): "3/20", ("coalition", 4): "1/5"},
        ),
    ],
)
def test_alliances_have_bars_of_their_own(law: str, day: str, bars: dict[tuple[str, int], str]) -> None:
    threshold = on(law, day).tiers["list"].threshold
    assert threshold is not None
    assert {(k.kind, k.members): k.share for k in threshold.kinds} == {k: Fraction(v) for k, v in bars.items()}


def test_the_two_ways_of_being_elected_in_a_first_round() -> None:
    majority = on("lt/seimas", "2016-10-09").tiers["single"].majority
    assert majority is not None
    half, fifth = majority.bars
    assert (half.share, half.base, half.comparison, half.turnout_from) == (
        Fraction(1, 2),
        "cast",
        "more-than",
        Fraction(2, 5),
    )
    assert (fifth.share, fifth.base, fifth.comparison, fifth.turnout_below) == (
        Fraction(1, 5),
        "registered",
        "at-least",
        Fraction(2, 5),
    )


@pytest.mark.parametrize(
    ("law", "day", "tier"),
    [("no/storting", "2021-09-13", "levelling"), ("cz/chamber", "2021-10-08", "second")],
)
def test_a_later_tier_fills_what_the_earlier_one_left(law: str, day: str, tier: str) -> None:
    book = on(law, day)
    later = book.tiers[tier]
    assert later.seats.rest
    assert list(book.tiers) == ["list", tier]
    assert [t.id for t in book.tiers_of("list")] == ["list", tier]


# ---------------------------------------------------------------------- reforms and what-ifs


def test_the_reform_of_the_mazhilis_in_one_diff() -> None:
    changes = {c.path: c for c in diff(on("kz/mazhilis", "2021-01-10"), on("kz/mazhilis", "2023-03-19"))}

    def values(path: str) -> tuple[Any, Any]:
        change = changes[path]
        return change.before and change.before.value, change.after and change.after.value

    assert values("list.threshold.share") == ("7%", "5%")
    assert values("list.seats.value") == (98, 69)
    assert values("single.seats.districts") == (None, 29)
    assert values("single.formula.method") == (None, "plurality")
    assert values("assembly.seats.value") == (9, None)
    assert values("list.mandates.quota.share") == (None, "30%")
    assert values("list.mandates.quota.groups") == (None, ["women", "youth", "disability"])
    assert values("contest.list.against-all") == (False, True)
    assert "list.formula.quota" not in changes
    assert "list.threshold.base" not in changes
    assert "Law 41-VII" in changes["list.threshold.share"].after.cite  # type: ignore[union-attr]
    assert "Law 156-VII" in changes["list.seats.value"].after.cite  # type: ignore[union-attr]


def test_the_quota_of_lists_widens_with_the_reform() -> None:
    changes = {c.path: c for c in diff(on("kz/mazhilis", "2021-01-10"), on("kz/mazhilis", "2023-03-19"))}
    groups = changes["condition.list-quota.test.groups"]
    assert groups.before is not None
    assert groups.after is not None
    assert set(groups.after.value) - set(groups.before.value) == {"disability"}


def test_the_term_of_the_president_in_one_diff() -> None:
    paths = [c.path for c in diff(on("kz/president", "2019-06-09"), on("kz/president", "2022-11-20"))]
    assert {"body.term.years", "body.term.at-most"} <= set(paths)


def test_two_chambers_give_way_to_one_on_the_same_day() -> None:
    last, first = date(2026, 6, 30), date(2026, 7, 1)
    for old in ("kz/mazhilis", "kz/senate"):
        assert load(old).on(last)
        with pytest.raises(BadInput, match=r"and before 2026-07-01"):
            load(old).on(first)
    assert load("kz/kurultai").on(first)
    with pytest.raises(BadInput, match=r"expected a day from 2026-07-01"):
        load("kz/kurultai").on(last)


@pytest.mark.parametrize(("law", "day"), [("md/parliament", "2019-02-24"), ("ge/parliament", "2020-10-31")])
def test_a_mixed_election_is_not_run_with_the_later_law(law: str, day: str) -> None:
    with pytest.raises(BadInput, match=r"expected a day from 202[14]-"):
        on(law, day)


def test_only_deputies_of_districts_can_be_recalled() -> None:
    before, after = on("kz/recall", "2026-06-30"), on("kz/recall", "2026-07-01")
    assert "Mazhilis" in before.contests["question"].voters
    assert "Mazhilis" not in after.contests["question"].voters


def test_a_further_question_is_a_question() -> None:
    law = on("kz/referendum", "2024-10-06")
    assert law.contest_of("question-2") is law.contests["question"]
    assert law.contest_of("question-1") is None
    assert on("kz/recall", "2024-06-01").contest_of("question-2") is None


@pytest.mark.parametrize(
    ("law", "day", "path", "value"),
    [
        ("kz/mazhilis", "2023-03-19", "list.threshold.share", "7%"),
        ("kz/mazhilis", "2023-03-19", "list.seats", 98),
        ("kz/recall", "2024-06-01", "question.adoption.base", "cast"),
        ("mn/khural", "2024-06-28", "list.formula.unqualified", "in-quota"),
        ("ge/parliament", "2024-10-26", "list.formula.leftover", "remainders"),
        ("no/storting", "2021-09-13", "list.formula.first", "6/5"),
    ],
)
def test_the_open_settings_can_be_turned(law: str, day: str, path: str, value: str | int) -> None:
    before = on(law, day)
    after = amend(before, {path: value})
    (change,) = diff(before, after)
    assert change.path.startswith(path)
    assert change.after is not None
    assert change.after.value == value
    assert after.changes == {path: str(value)}
