"""The door: what a file or a text may be before anything is built from it, and that faults are counted, not kept."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sailau.rulebook import BadInput, Fault, load
from sailau.rulebook.book import read
from sailau.rulebook.changes import amend, parse_set
from sailau.rulebook.door import parse_json, parse_toml, parse_value, read_bytes
from sailau.rulebook.faults import Faults
from sailau.rulebook.limits import LIMITS, TOML


def refused(text: str, reader: object = parse_toml) -> Fault:
    with pytest.raises(BadInput) as caught:
        reader("x.toml", text)  # type: ignore[operator]
    (fault,) = caught.value.faults
    return fault


@pytest.mark.parametrize("count", [20_000, 200_000])
@pytest.mark.parametrize("written", ["x_a{} = 1", "[x_a{}]", "[[x_a{}]]", "a = {{ x_a{} = 1 }}", "a = 1\nb{} = 1"])
def test_keys_of_very_many_parts_are_refused_at_once(written: str, count: int) -> None:
    start = time.process_time()
    assert refused(written.format(".a" * count)).expected.endswith("(limit key-depth)")
    assert refused(written.format(' . "a"' * (count // 2))).expected.endswith("(limit key-depth)")
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("a = " + "[" * 100_000 + "]" * 100_000, "key-depth"),
        ("a = " + "[" * 20 + "]" * 20, "key-depth"),
        ("a = " + "{b=" * 20 + "1" + "}" * 20, "key-depth"),
        ("a = " + "9" * 5000, "integer-bits"),
        ("a = 0x" + "f" * 100_000, "integer-bits"),
        ("a = 9223372036854775808", "integer-bits"),
        ("a = 0b" + "1" * 65, "integer-bits"),
        ("#" * 1_000_001, "toml-bytes"),
    ],
)
def test_what_is_too_deep_or_too_large_is_refused(text: str, limit: str) -> None:
    assert refused(text).expected.endswith(f"(limit {limit})")


@pytest.mark.parametrize("text", ["a = nan", "a = [1.0, inf]", "a = { b = -inf }", "a = 07:30:00"])
def test_what_is_no_number_and_no_date_is_refused(text: str) -> None:
    assert refused(text).field in ("a", "b")


def test_what_is_lawful_is_read() -> None:
    deep = "a = " + "[" * 14 + "9223372036854775807" + "]" * 14
    assert "a" in parse_toml("x.toml", deep)
    text = 'a = "' + "0" * 5000 + '"\n# ' + "x." * 10 + "\nb = 1e3\nc = 2023-03-19T18:00:00\n"
    assert set(parse_toml("x.toml", text)) == {"a", "b", "c"}


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 30 + "1" + "}" * 30, "9" * 5000, "[NaN]", "[Infinity]", "{"])
def test_json_passes_the_same_door(text: str) -> None:
    refused(text, parse_json)


@pytest.mark.parametrize("value", ["[" * 3000, "{a=" * 1000, "9" * 5000, "0x" + "f" * 5000, "[nan]", "9" * 20])
def test_an_option_of_a_what_if_passes_the_same_door(value: str) -> None:
    law = load("kz/mazhilis").on(load("kz/mazhilis").days[-1])
    with pytest.raises(BadInput) as caught:
        amend(law, {"list.seats": value})
    assert caught.value.count >= 1


def test_a_path_or_text_of_a_what_if_has_its_limit() -> None:
    law = load("kz/mazhilis").on(load("kz/mazhilis").days[-1])
    with pytest.raises(BadInput, match="limit key-depth"):
        amend(law, {"list" + ".a" * 20_000: "1"})
    with pytest.raises(BadInput, match="limit option-characters"):
        parse_set("list.seats=" + "1" * 200_000)


def test_a_truth_value_is_no_number_of_seats() -> None:
    law = load("kz/mazhilis").on(load("kz/mazhilis").days[-1])
    with pytest.raises(BadInput, match="a whole number"):
        amend(law, {"list.seats": "true"})


@pytest.mark.parametrize("value", ["1e999999999", "nan", "many"])
def test_what_reads_as_no_finite_number_stays_text(value: str) -> None:
    assert parse_value("--set", value) == value


def test_files_are_regular_and_within_their_limit(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").touch()
    os.truncate(tmp_path / "large", TOML.most + 1)
    (tmp_path / "sound").write_bytes(b"sound")
    (tmp_path / "link").symlink_to(tmp_path / "sound")
    for name in ("pipe", "large", "/dev/zero", "/dev/stdin" if Path("/dev/stdin").is_char_device() else "/dev/null"):
        with pytest.raises(BadInput):
            read_bytes(tmp_path / name, TOML)
    assert read_bytes(tmp_path / "link", TOML) == b"sound"
    with pytest.raises(BadInput, match="symbolic link"):
        read_bytes(tmp_path / "link", TOML, links=False)


# ---------------------------------------------------------------- faults


def test_faults_are_counted_and_twenty_are_kept() -> None:
    def many() -> Iterator[Fault]:
        for line in range(1, 1_000_001):
            yield Fault("x", line, "", "a", "b")

    raised = BadInput(many())
    assert (raised.count, len(raised.faults)) == (1_000_000, 20)
    assert raised.lines()[-1] == "… and 999,980 more"


def test_a_fault_that_is_not_kept_is_not_written() -> None:
    written = []
    faults = Faults()
    for line in range(100):
        faults.add(lambda line=line: written.append(line) or Fault("x", line, "", "a", "b"))  # type: ignore[misc]
    assert (len(faults), written) == (100, list(range(20)))


def test_faults_told_otherwise_are_as_many() -> None:
    raised = BadInput(Fault("x", n, "", "a", "b") for n in range(50))
    again = Faults([Fault("first", 0, "", "a", "b")])
    again.extend(raised.changed(lambda fault: Fault("y", fault.line, "", "a", "b")))
    assert (again.count, len(again.kept), {f.file for f in again}) == (51, 20, {"first", "y"})


# ---------------------------------------------------------------- rule books

BOOK = """[body]
id = "xx/a"
kind = "chamber"
name = { en = "A" }
[[contest]]
id = "list"
ballot = "list"
[[tier]]
id = "list"
contest = "list"
seats = { value = 10 }
formula = { method = "dhondt" }
threshold = { share = "5%", lower = { lists = 2, step = "1%" } }
"""


def read_all(text: str) -> None:
    law = read(Path("law.toml"), {"law.toml": text.encode()}).on(load("kz/mazhilis").days[-1])
    assert law.sources is not None
    for name in ("condition", "power", "voting"):
        law.section(name)


def faults_of(text: str) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read_all(text)
    return [f.field for f in caught.value.faults]


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ('"1%"', '"0.000000001%"', "tier.list.threshold.lower.step"),
        ("lists = 2", "lists = 9223372036854775807", "tier.list.threshold.lower.lists"),
        ("value = 10", "value = true", "tier.list.seats.value"),
        ("[body]", "sources = 7\n[body]", "sources"),
        ("[body]", "sources.X = 7\n[body]", "sources"),
        ("[body]", "sources.X.title = 7\n[body]", "sources.X.title"),
        ("[body]", "sources.X = { title = { en = 'a' }, short = 7 }\n[body]", "sources.X.short"),
        ("[body]", "sources.X = { title = { en = 'a' }, numbers = 'x' }\n[body]", "sources.X.numbers"),
        ("[body]", "condition = true\n[body]", "condition"),
        ("[body]", "power = 'x'\n[body]", "power"),
    ],
)
def test_what_a_rule_book_cannot_mean_is_a_fault(before: str, after: str, field: str) -> None:
    assert BOOK.count(before) == 1
    assert faults_of(BOOK.replace(before, after)) == [field]


def test_every_limit_has_a_name_of_its_own_and_says_why() -> None:
    assert len({limit.name for limit in LIMITS}) == len(LIMITS)
    assert all(limit.why and limit.of and limit.most > 0 for limit in LIMITS)
