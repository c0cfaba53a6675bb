"""Faults in rule books: every one names file, line and field, and none is a traceback."""

from datetime import date
from pathlib import Path

import pytest

from sailau.rulebook import BadInput, Fault
from sailau.rulebook.book import books, load, read
from sailau.rulebook.faults import LINE_LENGTH, SHOWN
from sailau.rulebook.validation import faults_of as validate

BOOK = """schema = 1

[body]
id = "xx/chamber"
kind = "chamber"
name = { en = "Chamber" }
from = 2000-01-01

[[contest]]
id = "list"
ballot = "list"
cite = "L 1"

[[tier]]
id = "list"
contest = "list"
cite = "L 2"
seats = { value = 10, cite = "L 2" }
formula = { method = "dhondt", cite = "L 3" }
threshold = [
  { share = "5%", cite = "L 4" },
  { from = 2010-01-01, share = "4%", cite = "L 4" },
]

[[tier]]
id = "list"
from = 2020-01-01
contest = "list"
cite = "L 5"
seats = { value = 12, cite = "L 5" }
formula = { method = "sainte-lague", cite = "L 5" }
tie = { otherwise = "lot", cite = "L 6" }

[tier.limits]
kinds = { independent = 1 }
cite = "L 7"

[sources.L]
title = { en = "Law" }
"""
EARLY, MIDDLE, LATE = date(2005, 1, 1), date(2015, 1, 1), date(2021, 1, 1)


def faults_of(text: str, day: date = EARLY) -> list[Fault]:
    with pytest.raises(BadInput) as caught:
        read(Path("law.toml"), {"law.toml": text.encode()}).on(day)
    return list(caught.value.faults)


def changed(before: str, after: str) -> tuple[str, int]:
    """Return the book with one passage changed, and the line on which it first differs."""
    assert BOOK.count(before) == 1
    text = BOOK.replace(before, after)
    pairs = zip(BOOK.split("\n"), text.split("\n"), strict=False)
    return text, next(n for n, (old, new) in enumerate(pairs, 1) if old != new)


def test_the_sound_book_is_read_on_every_day() -> None:
    book = read(Path("law.toml"), {"law.toml": BOOK.encode()})
    assert [str(book.on(d).tier[0].formula.method) for d in (EARLY, MIDDLE, LATE)] == [
        "dhondt",
        "dhondt",
        "sainte-lague",
    ]
    assert [t.threshold and str(t.threshold.share) for t in (book.on(d).tier[0] for d in (EARLY, MIDDLE, LATE))] == [
        "1/20",
        "1/25",
        None,
    ]


@pytest.mark.parametrize(
    ("before", "after", "day", "field"),
    [
        ('share = "5%"', "share = 0.05", EARLY, "tier.list.threshold.share"),
        ('share = "4%"', "share = 0.04", MIDDLE, "tier.list.threshold.share"),
        ('share = "4%"', 'share = "4 of 100"', MIDDLE, "tier.list.threshold.share"),
        ('share = "4%"', 'share = "1/0"', MIDDLE, "tier.list.threshold.share"),
        ('share = "4%"', "share = true", MIDDLE, "tier.list.threshold.share"),
        ('method = "dhondt"', 'method = "dhont"', EARLY, "tier.list.formula.method"),
        ('method = "sainte-lague"', 'method = "webster"', LATE, "tier.list.formula.method"),
        ('otherwise = "lot"', 'otherwise = "coin"', LATE, "tier.list.tie.otherwise"),
        ("independent = 1", "independent = 1.5", LATE, "tier.list.limits.kinds.independent"),
        ("value = 10", 'value = "ten"', EARLY, "tier.list.seats.value"),
        ("value = 12", "value = -1", LATE, "tier.list.seats.value"),
        ('kind = "chamber"', 'kind = "club"', EARLY, "body.kind"),
        ("name = { en", "name = { de", EARLY, "body.name.de"),
        ('share = "5%"', "share = 5", EARLY, "tier.list.threshold.share"),
        ('share = "5%"', 'share = "101%"', EARLY, "tier.list.threshold.share"),
    ],
)
def test_a_wrong_value_names_its_own_line(before: str, after: str, day: date, field: str) -> None:
    text, line = changed(before, after)
    (fault,) = faults_of(text, day)
    assert (fault.file, fault.line, fault.field) == ("law.toml", line, field)


def test_a_fault_of_a_later_version_is_silent_before_it_governs() -> None:
    text, _ = changed('share = "4%"', "share = 0.04")
    assert read(Path("law.toml"), {"law.toml": text.encode()}).on(EARLY).tier[0].threshold is not None


@pytest.mark.parametrize(
    ("before", "after", "day", "field"),
    [
        ("seats = { value = 10", "seets = { value = 10", EARLY, "tier.list.seets"),
        ("kinds = {", "kids = {", LATE, "tier.list.limits.kids"),
        ('ballot = "list"', 'balot = "list"', EARLY, "contest.list.balot"),
    ],
)
def test_an_unknown_key_is_a_fault_and_so_is_the_missing_one(before: str, after: str, day: date, field: str) -> None:
    text, line = changed(before, after)
    faults = {f.field: f for f in faults_of(text, day)}
    assert faults[field].line == line
    assert faults[field].expected == "a known key"
    assert len(faults) == 2


def test_an_unknown_table_is_a_fault_on_its_line() -> None:
    text, line = changed("[sources.L]", "[chapter.L]")
    fault, *citations = faults_of(text)
    assert (fault.line, fault.field) == (line, "chapter")
    assert "sources" in fault.expected
    assert {fault.field for fault in citations} == {"cite"}  # which have lost their source with it


def test_a_misspelt_table_is_said_beside_the_one_that_is_missing() -> None:
    text, line = changed("[[contest]]", "[[contests]]")
    said = {(f.line, f.field, f.found) for f in faults_of(text)}
    assert said == {(0, "contest", "nothing"), (line, "contests", "“contests”")}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from = 2000-01-01", 'from = "2000-01-01"'),
        ("from = 2000-01-01", "from = 2000-01-01T10:00:00"),
        ("from = 2000-01-01", "from = 2000"),
        ("{ from = 2010-01-01", '{ from = "2010-01-01"'),
        ("from = 2020-01-01", 'from = "2020-01-01"'),
    ],
)
def test_a_date_must_be_a_date(before: str, after: str) -> None:
    text, line = changed(before, after)
    (fault,) = faults_of(text)
    assert (fault.file, fault.line, fault.field) == ("law.toml", line, "from")
    assert "without quotes" in fault.expected


def test_broken_toml_names_the_line() -> None:
    text, line = changed("value = 10, cite", "value = , cite")
    (fault,) = faults_of(text)
    assert (fault.file, fault.line) == ("law.toml", line)
    assert "TOML" in fault.expected


def test_a_book_of_another_schema_is_refused() -> None:
    text, line = changed("schema = 1", "schema = 2")
    (fault,) = faults_of(text)
    assert (fault.line, fault.field, fault.found) == (line, "schema", "2")


@pytest.mark.parametrize("name", ["part-none.toml", "../law.toml", "folder/part.toml"])
def test_an_unknown_part_is_a_fault(name: str) -> None:
    (fault,) = faults_of(BOOK.replace("schema = 1\n", f'schema = 1\ninclude = ["{name}"]\n'))
    assert (fault.file, fault.line, fault.field) == ("law.toml", 2, "include")
    assert name in fault.found


def test_parts_that_include_each_other_are_a_fault(tmp_path: Path) -> None:
    (tmp_path / "law.toml").write_text('include = ["part-a.toml"]\n' + BOOK, encoding="utf-8")
    (tmp_path / "part-a.toml").write_text('\ninclude = ["law.toml"]\n', encoding="utf-8")
    (fault,) = validate(read(tmp_path / "law.toml"))
    assert (fault.file, fault.line, fault.field) == ("part-a.toml", 2, "include")


def test_a_fault_in_a_part_names_the_part_and_its_line(tmp_path: Path) -> None:
    body = BOOK.replace("schema = 1\n", 'schema = 1\ninclude = ["part-sources.toml"]\n')
    (tmp_path / "law.toml").write_text(body.split("[sources.L]")[0], encoding="utf-8")
    (tmp_path / "part-sources.toml").write_text('# sources\n\n[sources.L]\ntitel = { en = "L" }\n', encoding="utf-8")
    places = {f.field: (f.file, f.line) for f in validate(read(tmp_path / "law.toml"))}
    assert places["sources.L.titel"] == ("part-sources.toml", 4)


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ('[[contest]]\nid = "list"\n', "[[contest]]\n", "contest"),
        ('[[tier]]\nid = "list"\ncontest', "[[tier]]\ncontest", "tier"),
    ],
)
def test_a_thing_without_an_id_is_a_fault(before: str, after: str, field: str) -> None:
    text, _ = changed(before, after)
    fault = faults_of(text)[0]
    assert fault.field.startswith(field)
    assert fault.line == BOOK.split("\n").index(before.split("\n")[0]) + 1


def test_a_book_without_an_id_is_a_fault() -> None:
    (fault,) = faults_of(changed('id = "xx/chamber"\n', "")[0])
    assert (fault.file, fault.field) == ("law.toml", "body.id")


@pytest.mark.parametrize(
    ("before", "after", "day"),
    [
        ('contest = "list"\ncite = "L 2"', 'contest = "lst"\ncite = "L 2"', EARLY),
        ('contest = "list"\ncite = "L 5"', 'contest = "lst"\ncite = "L 5"', LATE),
    ],
)
def test_a_tier_of_an_unknown_contest_is_a_fault(before: str, after: str, day: date) -> None:
    text, line = changed(before, after)
    (fault,) = faults_of(text, day)
    assert (fault.line, fault.field, fault.found) == (line, "tier.contest", "“lst”")


def test_a_tier_that_levels_an_unknown_one_is_a_fault() -> None:
    text, _ = changed("\n[tier.limits]\n", '\n[tier.levelling]\ntier = "first"\ncite = "L 8"\n\n[tier.limits]\n')
    (fault,) = faults_of(text, LATE)
    assert fault.found == "“first”"
    assert fault.line == text.split("\n").index('tier = "first"') + 1


def test_all_faults_come_at_once() -> None:
    text = BOOK.replace('share = "5%"', "share = 0.05").replace("value = 10", 'value = "ten"')
    assert [f.field for f in faults_of(text)] == ["tier.list.seats.value", "tier.list.threshold.share"]


def test_twenty_faults_are_shown_and_the_rest_counted() -> None:
    kinds = ", ".join(f"kind-{n} = 1.5" for n in range(30))
    text, _ = changed("kinds = { independent = 1 }", f"kinds = {{ {kinds} }}")
    with pytest.raises(BadInput) as caught:
        read(Path("law.toml"), {"law.toml": text.encode()}).on(LATE)
    lines = caught.value.lines()
    assert len(lines) == SHOWN + 1
    assert lines[-1] == "… and 10 more"


def test_no_line_is_long_and_none_holds_control_characters() -> None:
    text, _ = changed('kind = "chamber"', f'kind = "{"very " * 200}\\u0007\\u001b[31m"')
    (fault,) = faults_of(text)
    assert len(str(fault)) <= LINE_LENGTH
    assert str(fault).isprintable()


def test_a_day_outside_the_life_of_a_law_is_a_fault() -> None:
    (fault,) = faults_of(BOOK, date(1999, 12, 31))
    assert "1999-12-31" in fault.found
    assert "2000-01-01" in fault.expected


@pytest.mark.parametrize("name", ["xx/chamber", "../kz/mazhilis", "kz", ""])
def test_an_unknown_law_is_a_fault_that_says_where_the_known_ones_are(name: str) -> None:
    with pytest.raises(BadInput) as caught:
        load(name)
    assert caught.value.faults[0].expected.endswith(f"`sailau law list` lists all {len(books())}")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00s", b"a = " + b"[" * 3000])
def test_a_file_that_is_no_rule_book_gives_one_fault(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "law.toml").write_bytes(content)
    with pytest.raises(BadInput) as caught:
        load("law.toml", beside=tmp_path)
    assert len(caught.value.faults) == 1


def test_a_missing_file_gives_one_fault(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        load("./law.toml", beside=tmp_path)
    assert "no such file" in caught.value.lines()[0]
