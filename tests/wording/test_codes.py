"""Every code, word and provision that the sources know has a sentence; codes are read from the sources themselves."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import sailau
from sailau.counting.outcome import STATUSES as COUNTED
from sailau.counting.steps import kinds
from sailau.rulebook import Finding
from sailau.rulebook.schema import Base, FirstRoundBar, Formula, OpenTie, Provision, Threshold, Tier, TieRule
from sailau.rulebook.sections import SECTION_MODELS
from sailau.tabulation.beside import FALL, JUMP
from sailau.tabulation.forms import DEFAULT, LIMITED
from sailau.wording import say_finding
from sailau.wording.answers import STATUSES
from sailau.wording.compensation import METHODS
from sailau.wording.findings import FINDINGS
from sailau.wording.language import LANGUAGES
from sailau.wording.majority import QUESTIONS, TIE_RULES
from sailau.wording.names import BLOCKS, SECTIONS, VALUES
from sailau.wording.provisions import ORDER, SAYERS
from sailau.wording.steps import TELLERS
from sailau.wording.view import BASES, MEASURED
from wording.elections import outcomes

ROOT = Path(sailau.__file__).parent
NOT_TIERS = {"contest"}


def calls(room: str) -> Iterator[tuple[ast.Call, ast.AST]]:
    """Yield every call in a room with the function it stands in."""
    for path in sorted((ROOT / room).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from ((n, function) for n in ast.walk(function) if isinstance(n, ast.Call))


def named(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def texts(node: ast.AST) -> list[str]:
    return [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def codes_of(call: ast.Call, function: ast.AST) -> list[str]:
    """Return the codes that the first argument of a call can be: a text, or a name that the function sets to texts."""
    first = call.args[0]
    if isinstance(first, ast.Constant):
        return [first.value] if isinstance(first.value, str) else []
    if not isinstance(first, ast.Name):
        return []
    held = []
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == first.id for t in node.targets):
            value = node.value
            held += texts(value.body) + texts(value.orelse) if isinstance(value, ast.IfExp) else texts(value)
    return held


def finding_codes() -> set[str]:
    found = set()
    for room in ("counting", "tabulation"):
        for call, function in calls(room):
            if named(call) in ("Finding", "_finding") and call.args:
                found |= set(codes_of(call, function))
    return found | {check.code for check in (*DEFAULT.checks, *LIMITED.values(), JUMP, FALL)}


def test_every_step_code_has_a_sentence_and_every_sentence_a_step() -> None:
    assert set(kinds()) == set(TELLERS)


def test_every_finding_code_has_a_sentence_and_every_sentence_a_finding() -> None:
    codes = finding_codes()
    assert len(codes) > 12
    assert codes == set(FINDINGS)


def test_every_step_code_occurs_in_the_elections_of_these_tests() -> None:
    assert {s.code for _, outcome in outcomes() for s in outcome.steps} == set(TELLERS)


def test_every_word_of_the_contract_has_a_sentence() -> None:
    assert set(STATUSES) == set(COUNTED)
    assert set(QUESTIONS) == {
        "remainder",
        "quotient",
        "district",
        "run-off",
        "repeat-vote",
        "repeat-election",
        "no-rule",
    }
    assert set(TIE_RULES) == set(get_args(TieRule))
    assert set(METHODS) == set(get_args(Formula.model_fields["method"].annotation))
    assert set(get_args(Base)) == set(BASES) - {"lists", "candidates", "electors"}
    assert set(MEASURED) == (set(get_args(Base)) - {"options"}) | {"lists", "candidates", "electors"}
    assert set(get_args(OpenTie)) <= set(VALUES)
    for model, field in (
        (Formula, "quota"),
        (Formula, "unqualified"),
        (Formula, "leftover"),
        (Threshold, "area"),
        (FirstRoundBar, "base"),
    ):
        assert set(get_args(model.model_fields[field].annotation)) <= set(VALUES)


def test_every_provision_of_a_tier_has_a_name_and_a_sentence() -> None:
    provisions = set()
    for key, field in Tier.model_fields.items():
        kinds = [k for k in (field.annotation, *get_args(field.annotation)) if isinstance(k, type)]
        if any(issubclass(k, Provision) for k in kinds):
            provisions.add(key.replace("_", "-"))
    assert (
        provisions | {"mandates.quota", "mandates.by-election"} == set(SAYERS) == set(ORDER) == set(BLOCKS) - NOT_TIERS
    )


def test_every_section_of_a_book_has_a_name() -> None:
    assert set(SECTIONS) == set(SECTION_MODELS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(FINDINGS))
def test_a_finding_is_said_with_its_values(code: str, language: str) -> None:
    values = {
        "found": 11,
        "expected": 12,
        "needs": "@registered",
        "rule": "list.turnout",
        "law": "xx/chamber",
        "seats": 15,
        "missing": 13,
        "districts": 14,
        "stations": 16,
        "options": ("a", "b"),
    }
    text = say_finding(Finding(code, "list", "north", values, "EL 1"), language)
    assert "north" in text
    assert "{" not in text
    assert "@" not in text


def test_a_finding_of_another_room_is_shown_with_its_values() -> None:
    assert say_finding(Finding("term-unknown", "list", "", {"days": 3})) == "Party lists: term-unknown (days 3)"
