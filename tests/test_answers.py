"""The published JSON Schema and what commands print: every key and every type, none that the schema does not know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sailau.answers import ANSWERS, CommissionAnswer, PaperAnswer, told
from sailau.nomination import commissions
from test_provenance import ASKED, filled

PUBLISHED = json.loads(
    (Path(__file__).parents[1] / "docs" / "reference" / "json.schema.json").read_text(encoding="utf-8")
)
STAMP = ("schema", "program", "digests")
FURTHER = (
    ("count", "president-2015"),
    ("count", "seimas-2024"),
    ("count", "referendum-2024"),
    ("count", "mazhilis-2023", "--set", "list.threshold.share=7%"),
    ("explain", "storting-2021"),
    ("check", "storting-2021"),
    ("tabulate", "seimas-2016", "--by", "district"),
    ("parliament", "kurultai-2026"),
    ("parliament", "snemovna-2021"),
    ("compare", "seimas-2024", "--under", "no/storting", "--under", "cz/chamber"),
    ("simulate", "seimas-2024", "--draws", "50", "--vary", "list.threshold.share=3%..5%:1%", "--coalition", "tslkd,ls"),
    ("simulate", "referendum-2024", "--draws", "50"),
    ("mandates", "seimas-2024"),
    ("tabulate", "akims-2023", "--decisive"),
    ("ballot", "kz/mazhilis@2023-03-19", "--abroad", "--lang", "kk"),
    ("calendar", "kz/president@2022-11-20", "--lang", "ru"),
    ("law show", "cz/senate"),
    ("law diff", "kz/mazhilis@1999-10-10", "@2021-01-10"),
)


def strict() -> dict[str, Any]:
    """Return the schema that refuses keys it does not know, of answers without their provenance."""
    definitions = {}
    for name, shape in PUBLISHED["$defs"].items():
        if name in ANSWERS and "allOf" in shape:
            shape = shape["allOf"][0]
        elif name in ANSWERS:
            shape = {**shape, "items": shape["items"]["allOf"][0]}
        definitions[name] = {"additionalProperties": False, **shape} if "properties" in shape else shape
    return {**PUBLISHED, "$defs": definitions}


STRICT = strict()


def faults(schema: dict[str, Any], command: str, data: Any) -> list[str]:
    validator = Draft202012Validator({**schema, "$ref": f"#/$defs/{command}"})
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}" for e in validator.iter_errors(data)]


def bare(data: Any) -> Any:
    if isinstance(data, list):
        return [bare(entry) for entry in data]
    return {key: value for key, value in data.items() if key not in STAMP}


def asked(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str], out: Path) -> Any:
    from sailau.cli.app import run

    assert run([*arguments[0].split(), *filled(arguments[1:], out), "--json"]) in (0, 1)
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("arguments", [*((c, *a) for c, a in ASKED.items()), *FURTHER], ids=" ".join)
def test_what_is_printed_is_what_the_schema_says(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    data = asked(arguments, capsys, tmp_path)
    assert faults(PUBLISHED, arguments[0], data) == []
    assert faults(STRICT, arguments[0], bare(data)) == []


def test_every_command_has_an_answer() -> None:
    assert sorted(ANSWERS) == sorted(ASKED)
    Draft202012Validator.check_schema(PUBLISHED)


def test_a_wrong_type_a_missing_key_and_an_unknown_one_are_found(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    data = bare(asked(("check", "mazhilis-2023"), capsys, tmp_path))
    assert faults(PUBLISHED, "check", data) != []  # without its provenance
    assert faults(STRICT, "check", data) == []
    data["checks"][0]["counted"] = "69"
    assert any("counted" in fault for fault in faults(STRICT, "check", data))
    del data["checks"][0]["counted"]
    assert any("'counted' is a required" in fault for fault in faults(STRICT, "check", data))
    assert any("unexpected" in fault for fault in faults(STRICT, "check", {"checks": [], "skipped": [], "more": 1}))


def test_texts_are_in_the_language_asked_for_and_an_id_stands_for_none() -> None:
    from sailau import law

    (first, *_) = commissions(law("kz/mazhilis", on="2023-03-19"))
    assert told(CommissionAnswer, first, "ru")["title"] == first.title["ru"] != told(CommissionAnswer, first)["title"]
    paper = {"law": "xx/a", "contest": "list", "title": {}, "order": {}, "counts_to": {}, "against_all": False}
    nameless = told(PaperAnswer, {**paper, "cite": "", "note": ""}, "kk")
    assert (nameless["title"], nameless["order"]) == ("list", "")
