"""Every number of every step of every shipped case and of the constructed ones stands in its sentence."""

from collections.abc import Iterator
from fractions import Fraction
from math import isqrt
from typing import Any

import pytest

from sailau.counting import Outcome, Step
from sailau.wording import step_lines
from sailau.wording.language import LANGUAGES, Words, words
from wording.elections import outcomes

SAID_ELSEWHERE = {
    ("whole", "values", "quota"),  # by the step before
    ("whole", "values", "left"),  # by the step after
    ("whole", "rows", "remainder"),  # the decimals of the quotient; the next step ranks them
    ("remainders", "rows", "gained"),  # ticks; what a limit takes away again is said by its own step
    ("taken-back", "rows", "gained"),
    ("quotients", "values", "first"),  # in the series of divisors
    ("quotients", "values", "power"),
    ("levelling", "values", "first"),
    ("quota", "values", "sharing"),  # stands in the sentence where votes are shared
    ("whole", "values", "sharing"),
    ("remainders", "rows", "votes"),  # by the step before, or here where they decide
    ("taken-back", "rows", "votes"),
    ("district-seats", "values", "scale"),  # scores are told as they are
    ("bar-lowered", "values", "share"),  # the highest bar stands in the rows
}
NAMES = {"districts"}


def spelled(said: Words, value: int | Fraction) -> set[str]:
    """Return every way in which a number may be written."""
    if isinstance(value, int):
        return {said.number(value)}
    gap = said.percent(value)[-2]
    decimals = {said.decimal(value, d) for d in range(13)} | {said.divisor(value), said.divisor(value, 5)}
    percents = {f"{said.decimal(value * 100, d)}{gap}%" for d in range(13)}
    return decimals | percents | {said.share(value), str(value), said.number(value)}


def numbers(table: Any) -> Iterator[tuple[str, int | Fraction]]:
    for key, value in (table if isinstance(table, dict) else table._asdict()).items():
        if isinstance(value, bool) or value is None or key in NAMES:
            continue
        if isinstance(value, int | Fraction):
            yield key, value


def told(step: Step, outcome: Outcome, option: str | None, language: str = "en") -> str:
    lines = step_lines(step, outcome, option, language)
    return "\n".join([*(line.text for line in lines), *(" | ".join(row) for line in lines for row in line.rows)])


def unsaid(step: Step, outcome: Outcome, option: str | None, said: Words) -> list[tuple[str, str, Any]]:
    text = told(step, outcome, option, said.language)
    rows = step.rows if option is None else {option: step.rows[option]} if option in step.rows else {}
    found = [("values", key, v) for key, v in numbers(step.values)]
    found += [("rows", key, v) for row in rows.values() for key, v in numbers(row)]
    return [
        (place, key, value)
        for place, key, value in found
        if (step.code, place, key) not in SAID_ELSEWHERE
        and not _another_way(step, outcome, place, key)
        and not any(form in text for form in spelled(said, value))
    ]


def _another_way(step: Step, outcome: Outcome, place: str, key: str) -> bool:
    """Whether a step keeps numbers on another scale than people do."""
    tier = outcome.law.tiers.get(step.tier)
    shared = tier is not None and tier.formula.unqualified == "shared-equally" and step.code == "quota"
    squares = step.code == "quotients" and step.values["power"] == 2 and key in ("last", "next", "smallest", "largest")
    single = step.code == "open" and key == "seats" and step.values["seats"] == 1  # the singular says it
    return (shared and key in ("votes", "quota")) or squares or single


@pytest.mark.parametrize(("name", "outcome"), outcomes(), ids=[name for name, _ in outcomes()])
def test_every_number_of_a_step_stands_in_its_sentence(name: str, outcome: Outcome) -> None:
    said = words("en")
    assert [(s.code, s.unit, u) for s in outcome.steps if (u := unsaid(s, outcome, None, said))] == []


OWN = {"threshold", "whole", "quotients", "most-votes", "majority", "second-round", "levelling", "transfer", "adoption"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "wanted", ["mazhilis-2023", "storting-2021", "snemovna-2021", "president-2005", "second round"]
)
def test_an_option_hears_its_own_numbers(wanted: str, language: str) -> None:
    outcome = dict(outcomes())[wanted]
    said = words(language)
    for step in outcome.steps:
        for option, row in step.rows.items() if step.code in OWN else ():
            text = told(step, outcome, option, language)
            missing = [
                key
                for key, value in numbers(row)
                if (step.code, key) != ("whole", "share") and not any(f in text for f in spelled(said, value))
            ]
            if step.code == "quotients":
                missing = [k for k in missing if not (k == "next" and row.last is None and row.seats)]
                missing = [k for k in missing if (k, row.seats) != ("seats", 0)]  # “no seat”
            if step.code == "levelling" and row.over:
                missing = [k for k in missing if k != "last"]
            assert missing == [], (step.code, option, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_is_said_in_every_language(language: str) -> None:
    for name, outcome in outcomes():
        for step in outcome.steps[:80]:
            text = told(step, outcome, None, language)
            assert text.strip(), (name, step.code)
            assert "{" not in text


def test_every_line_carries_the_article_and_the_doubt_of_its_rule() -> None:
    outcome = dict(outcomes())["mazhilis-1999"]
    step = next(s for s in outcome.steps if s.code == "threshold")
    (line,) = step_lines(step, outcome, "otan")
    assert (line.cite, line.confidence) == ("EL 97-1(1), 43(5)", "statute")
    assert "left no ballot out" in line.note


def test_a_step_says_nothing_to_those_it_does_not_concern() -> None:
    outcome = dict(outcomes())["mazhilis-2023"]
    declared = next(s for s in outcome.steps if s.code == "declared")
    assert step_lines(declared, outcome, "auyl") == []
    whole = next(s for s in outcome.steps if s.code == "whole")
    assert step_lines(whole, outcome, "baytaq") == []


def test_a_tie_concerns_those_who_are_equal() -> None:
    outcome = dict(outcomes())["registered earlier"]
    step = next(s for s in outcome.steps if s.code == "tie")
    assert step_lines(step, outcome, "a") == []
    (line,) = step_lines(step, outcome, "c")
    assert line.text == ("equal: b (1 February 2023), c (2 February 2023); the list registered earlier goes first: b")


def test_squares_are_shown_as_the_quotients_they_stand_for() -> None:
    outcome = dict(outcomes())["squares"]
    step = next(s for s in outcome.steps if s.code == "quotients")
    row = step.rows["auyl"]
    root = isqrt(row.last.numerator // row.last.denominator)
    assert f"{words('en').number(row.votes)} ÷ √" in told(step, outcome, "auyl")
    assert f" = {words('en').number(root)}." in told(step, outcome, "auyl")
