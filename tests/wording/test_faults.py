"""Faults and refusals in Kazakh and Russian: every phrase of the rooms is known, values stay, lines fit."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from sailau.cli.app import run
from sailau.rulebook.faults import BadInput, Fault
from sailau.wording.faults import PHRASES, fault_lines, in_words, say_fault
from sailau.wording.language import words

SOURCE = Path(__file__).resolve().parents[2] / "src" / "sailau"


def phrases(call: ast.Call) -> Iterator[str]:
    """Yield what a call says was found and was expected, with `{}` for values; nothing where it is computed."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    # What a model of a rule book refuses stands behind “expected”, too.
    first, last = {"Fault": (3, None), "fault": (2, None), "expected": (1, 2), "ValueError": (0, 1)}.get(name, (0, 0))
    for argument in call.args[first:last]:
        for part in (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value
            elif isinstance(part, ast.JoinedStr):
                yield "".join(v.value if isinstance(v, ast.Constant) else "{}" for v in part.values)  # type: ignore[misc]


def _is_value_error(call: ast.AST) -> bool:
    return isinstance(call, ast.Call) and getattr(call.func, "id", "") == "ValueError"


def test_every_phrase_of_a_fault_is_known() -> None:
    """A new phrase stands in `PHRASES`, and so in the catalogue."""
    unknown = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_model = path.parent.name == "rulebook" or not _is_value_error(call)
            for phrase in phrases(call) if isinstance(call, ast.Call) and is_model else ():
                example = phrase.replace("{}", "X1")
                is_code = phrase.startswith(("--", "<"))
                if any(c.isalpha() for c in phrase) and not is_code and in_words(example, words("ru")) == example:
                    unknown.setdefault(path.name, []).append(phrase)
    assert unknown == {}


def test_no_phrase_is_said_twice() -> None:
    assert len(PHRASES) == len(set(PHRASES))


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "returns.csv, line 3, count: found “x”; expected a whole number from 0 to 2^63 − 1, digits only"),
        ("ru", "returns.csv, строка 3, count: найдено “x”; ожидается целое число от 0 до 2^63 − 1, только цифры"),
        ("kk", "returns.csv, 3-жол, count: табылғаны “x”; күтілгені 0-ден 2^63 − 1-ге дейінгі бүтін сан, тек цифрлар"),
    ],
)
def test_a_fault_in_three_languages(language: str, line: str) -> None:
    fault = Fault("returns.csv", 3, "count", "“x”", "a whole number from 0 to 2^63 − 1, digits only")
    assert say_fault(fault, language) == line


def test_phrases_stand_within_phrases() -> None:
    text = "a provision of this law, perhaps list.tie; `sailau law show xx/y --paths` lists all 33"
    assert in_words(text, words("ru")) == (
        "норма этого закона, возможно list.tie; все (33) показывает `sailau law show xx/y --paths`"
    )
    assert in_words("what nobody has said yet", words("ru")) == "what nobody has said yet"


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_lines_are_short_and_twenty_at_most(language: str) -> None:
    faults = [Fault("f" * 90, 1, "g" * 90, "h" * 300, "i" * 300)] * 25
    lines = fault_lines(BadInput(faults), language)
    assert len(lines) == 21
    assert max(map(len, lines)) <= 200
    assert "5" in lines[-1]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["count", "mazhilis-2023", "--jsno", "--lang", "ru"], "нет такого параметра: --jsno"),
        (["--lang", "kk", "cuont"], "мұндай команда жоқ: 'cuont'"),
        (["law", "show", "kz/majilis", "--lang=ru"], "возможно kz/mazhilis"),
        (["case", "validate", "no-such-case", "--lang", "kk"], "табылғаны ештеңе;"),
    ],
)
def test_a_command_line_is_refused_in_its_language(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    assert line in capsys.readouterr().err
