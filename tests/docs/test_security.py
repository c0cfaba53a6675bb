"""SECURITY.md: every sentence that is said to hold has its test, and that test exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = re.compile(r"(tests/[\w/]+\.py)(?:::(\w+))?")


def rows() -> list[list[str]]:
    """Return the rows of the table of what holds, split into sentence and tests."""
    table = PAGE.partition("## What holds")[2].partition("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_sentence_that_holds_has_a_test() -> None:
    assert len(rows()) > 10
    assert [sentence for sentence, tests in rows() if not NAMED.search(tests)] == []


def test_every_test_that_is_named_exists() -> None:
    missing = []
    for path, name in NAMED.findall(PAGE):
        file = ROOT / path
        defined = {
            node.name
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8") if file.exists() else ""))
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        }
        if not defined or (name and name not in defined):
            missing.append(f"{path}::{name}")
    assert missing == []
