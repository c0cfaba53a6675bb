"""Provisions that do not fit each other are refused with a place, before anything is counted."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sailau.rulebook import BadInput, amend, load
from sailau.rulebook.template import write_law


def refused(law: str, day: str, changes: dict[str, Any]) -> list[str]:
    with pytest.raises(BadInput) as error:
        amend(load(law).on(date.fromisoformat(day)), changes)
    return [f"{f.field}: {f.found} / {f.expected}" for f in error.value.faults]


@pytest.mark.parametrize(
    ("law", "day", "changes", "field"),
    [
        ("kz/mazhilis", "2023-03-19", {"list.formula.method": "majority"}, "tier.list.majority"),
        ("kz/mazhilis", "2023-03-19", {"single.formula.method": "dhondt"}, "tier.single.formula.method"),
        ("kz/mazhilis", "2023-03-19", {"list.formula.method": "question"}, "tier.list.adoption"),
        (
            "kz/mazhilis",
            "2023-03-19",
            {"list.formula.leftover": "transfer", "list.formula.method": "dhondt"},
            "tier.list.formula.leftover",
        ),
        ("kz/mazhilis", "2023-03-19", {"list.seats": 1_000_000}, "tier.list.seats.value"),
        ("kz/mazhilis", "2023-03-19", {"list.seats.rest": "true"}, "tier.list.seats.rest"),
        ("kz/mazhilis", "2023-03-19", {"list.threshold.share": "-5%"}, "tier.list.threshold.share"),
        ("kz/mazhilis", "2023-03-19", {"list.threshold.share": "1e999999999"}, "tier.list.threshold.share"),
        ("kz/mazhilis", "2023-03-19", {"list.threshold.share": "1/0"}, "tier.list.threshold.share"),
        ("kz/president", "2022-11-20", {"president.formula.method": "plurality"}, "tier.president.majority"),
        ("kz/president", "2022-11-20", {"president.run-off.candidates": 0}, "tier.president.run-off.candidates"),
        ("kz/referendum", "2024-10-06", {"question.adoption.answer": "maybe"}, "tier.question.adoption.answer"),
        ("kz/referendum", "2024-10-06", {"question.formula.method": "plurality"}, "tier.question.formula.method"),
        ("no/storting", "2021-09-13", {"list.formula.first": "3"}, "tier.list.formula.first"),
        ("no/storting", "2021-09-13", {"list.formula.first": "0"}, "tier.list.formula.first"),
        ("no/storting", "2021-09-13", {"levelling.levelling.tier": "levelling"}, "tier.levelling.levelling.tier"),
        (
            "no/storting",
            "2021-09-13",
            {"levelling.levelling.placement-first": "0"},
            "tier.levelling.levelling.placement-first",
        ),
        ("no/storting", "2021-09-13", {"levelling.threshold.area": "district"}, "tier.levelling.threshold.area"),
        (
            "no/storting",
            "2021-09-13",
            {"list.seats.apportion.formula.method": "plurality"},
            "tier.list.seats.apportion.formula.method",
        ),
        (
            "cz/chamber",
            "2021-10-08",
            {"list.formula.method": "dhondt", "list.formula.leftover": "remainders"},
            "tier.second.transfer",
        ),
        ("cz/chamber", "2021-10-08", {"list.threshold.lower.step": "0"}, "tier.list.threshold.lower.step"),
        ("cz/chamber", "2021-10-08", {"list.seats.apportion.total": 0}, "tier.list.seats.apportion.total"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused_by_field(law: str, day: str, changes: dict[str, Any], field: str) -> None:
    assert field in [line.partition(":")[0] for line in refused(law, day, changes)]


def test_a_body_of_another_number_of_seats_than_its_tiers_fill_is_refused(tmp_path: Path) -> None:
    path = write_law("xx/chamber", tmp_path)
    text = path.read_text(encoding="utf-8")
    assert "seats = { value = 100" in text
    path.write_text(text.replace("[body]\n", "[body]\nseats = 101\n", 1), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        load(str(path)).on(date(2024, 1, 1))
    (fault,) = refused.value.faults
    assert (fault.line, fault.field, fault.found) == (text.splitlines().index("[body]") + 2, "body.seats", "101")
