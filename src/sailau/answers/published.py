"""Which answer is whose, and the JSON Schema that is published of them all."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from sailau.answers.counting import ChecksAnswer, CountedAnswer, CountedDay, Diff, StepAnswer
from sailau.answers.integrity import (
    AuditDrawn,
    AuditPlanned,
    AuditStatus,
    CopiesCompared,
    Examined,
    LogsCompared,
    QuickCounted,
    Sampled,
    Verified,
    Watched,
)
from sailau.answers.listings import CaseListed, CaseShown, Published, VersionAnswer
from sailau.answers.mandates import Chamber, MandatesAnswer, VacancyAnswer
from sailau.answers.model import Provenance
from sailau.answers.nomination import Dated, PersonVetted, Rights, Vetted, VoterTold
from sailau.answers.parliament import Parliament
from sailau.answers.rulebook import Covered, LawDiff, LawListed, LawsCompared, LawShown
from sailau.answers.simulation import ComparisonAnswer, Simulation, WitnessAnswer
from sailau.answers.tabulation import Tabulated, TabulatedDay

ANSWERS: dict[str, Any] = {
    "count": CountedAnswer | CountedDay,
    "explain": list[StepAnswer],
    "check": ChecksAnswer,
    "publish": Published,
    "diff": Diff,
    "parliament": Parliament,
    "compare": ComparisonAnswer,
    "simulate": Simulation,
    "paradox": list[WitnessAnswer],
    "vet": Vetted | PersonVetted,
    "mandates": MandatesAnswer | VacancyAnswer,
    "chamber": Chamber,
    "calendar": list[Dated],
    "ballot": VoterTold,
    "rights": Rights,
    "law list": list[LawListed],
    "law show": LawShown,
    "law coverage": list[Covered],
    "law diff": LawDiff,
    "law compare": LawsCompared,
    "case list": list[CaseListed],
    "case show": CaseShown,
    "tabulate": Tabulated | TabulatedDay,
    "version": VersionAnswer,
    "verify": Verified,
    "log watch": Watched,
    "log compare": LogsCompared,
    "observe plan": Sampled,
    "observe estimate": QuickCounted,
    "observe compare": CopiesCompared,
    "audit plan": AuditPlanned,
    "audit draw": AuditDrawn,
    "audit status": AuditStatus,
    "forensics": Examined,
}
"""Command → what its JSON is, beside its provenance."""


def answers_schema() -> dict[str, Any]:
    """Return the JSON Schema of all answers: `#/$defs/count` is that of `sailau count --json`.

    Keys may be added within a version, so that the schema refuses none that it does not know.
    """
    adapters = {command: TypeAdapter(kind) for command, kind in {**ANSWERS, "": Provenance}.items()}
    wanted: list[Any] = [(command, "serialization", adapter) for command, adapter in adapters.items()]
    refs, schema = TypeAdapter.json_schemas(wanted, by_alias=True, ref_template="#/$defs/{model}")
    definitions = schema["$defs"]
    for definition in definitions.values():
        if definition.get("additionalProperties") is False:
            del definition["additionalProperties"]
    stamp = refs["", "serialization"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What Sailau's commands print with --json",
        "$defs": {
            **{command: _stamped(refs[command, "serialization"], stamp) for command in ANSWERS},
            **definitions,
        },
    }


def _stamped(shape: dict[str, Any], stamp: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an answer with its provenance: in a table, or in each entry of a list."""
    if shape.get("type") == "array":
        return {**shape, "items": {"allOf": [shape["items"], stamp]}}
    return {"allOf": [shape, stamp]}
