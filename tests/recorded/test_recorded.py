"""Every command gives what was recorded; `python tests/recorded/record.py --write NAME` renews what a change announces."""

from __future__ import annotations

import pytest

from recorded import record

JOBS = [(name, kind) for name, asked in record.records().items() for kind in record.KINDS if getattr(asked, kind)]


@pytest.mark.parametrize(("name", "kind"), JOBS, ids=[f"{kind}-{name}" for name, kind in JOBS])
def test_what_was_recorded_is_still_so(name: str, kind: str) -> None:
    trouble = record.compare(name, kind)
    assert not trouble, "\n" + "\n".join(trouble)


def test_every_recorded_file_belongs_to_a_record() -> None:
    assert record.strays() == []


@pytest.mark.parametrize(
    ("recorded", "now", "lines"),
    [
        ({"seats": {"a": 3}}, {"schema": 1, "seats": {"a": 3, "b": 0}}, []),
        ({"seats": {"a": 3}}, {"seats": {"a": 4}}, ["seats / a: recorded 3, now 4"]),
        ({"seats": {"a": 3}}, {"seats": {}}, ["seats / a: gone; recorded 3"]),
        ({"order": ["a", "b"]}, {"order": ["b", "a"]}, ['order[0]: recorded "a", now "b"', 'order[1]: recorded "b", now "a"']),
        ({"order": ["a"]}, {"order": ["a", "b"]}, ['order: recorded ["a"], now ["a","b"]']),
        ({"passed": True}, {"passed": 1}, ["passed: recorded true, now 1"]),
        ({"passed": None}, {"passed": 0}, ["passed: recorded null, now 0"]),
        ({"cite": record.MASK}, {"cite": {"source": "x", "article": "1"}}, []),
        ({"cite": record.MASK}, {}, ["cite: gone; recorded \"…\""]),
    ],
)  # fmt: skip
def test_figures_may_gain_keys_and_nothing_else(recorded: object, now: object, lines: list[str]) -> None:
    assert [*record.differences(recorded, now)] == lines


def test_figures_are_read_as_they_were_written() -> None:
    rows = {f"party-{n}": {"votes": 10**19 + n, "share": "1/20", "passed": True} for n in range(4)}
    answers = {
        "count x --json": {"exit": 0, "json": [rows, {"again": rows}, [rows["party-1"]] * 3]},
        "law list": {"exit": 2},
    }
    text = record.written(answers)
    assert record.read_figures(text) == answers
    assert text.count('"party-2"') == 1


def test_text_in_figures_is_masked_and_numbers_are_not() -> None:
    finding = {"found": 7, "cite": "A 1", "notes": ["x"], "version": "2", "title": {"en": "T", "n": 1}}
    assert record.masked(finding) == {"found": 7, "cite": "…", "notes": "…", "title": {"en": "…", "n": 1}}
