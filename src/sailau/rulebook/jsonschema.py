"""The JSON Schema of rule books, derived from the models that read them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from pydantic.json_schema import models_json_schema

from sailau.rulebook.schema import Body, Contest, Source, Tier
from sailau.rulebook.sections import SECTION_MODELS

_DATES = ("from", "until", "in-force", "read")


def book_schema() -> dict[str, Any]:
    """Return a JSON Schema for a rule book before its versions are resolved: a provision may be a list of versions."""
    models: dict[str, Any] = {"body": Body, "contest": Contest, "tier": Tier, "sources": Source}
    for name, home in SECTION_MODELS.items():
        module, _, model = home.partition(":")
        models[name] = getattr(import_module(module), model)
    wanted = list({model: (model, "validation") for model in models.values()}.values())
    refs, schema = models_json_schema(wanted, by_alias=True, ref_template="#/$defs/{model}")  # type: ignore[arg-type]
    definitions = schema["$defs"]
    for definition in definitions.values():
        _allow_versions(definition, definitions)
    ref = {name: refs[model, "validation"] for name, model in models.items()}
    lists = {name: {"type": "array", "items": ref[name]} for name in models if name not in ("body", "sources")}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Sailau rule book",
        "type": "object",
        "required": ["body", "contest", "tier"],
        "additionalProperties": False,
        "properties": {
            "schema": {"const": 1},
            "include": {"type": "array", "items": {"type": "string"}},
            "body": ref["body"],
            "sources": {"type": "object", "additionalProperties": ref["sources"]},
            **lists,
        },
        "$defs": definitions,
    }


def _allow_versions(definition: dict[str, Any], definitions: dict[str, Any]) -> None:
    """Let every property that is a provision be a list of dated versions as well; dates are dates, not times."""
    for name, shape in definition.get("properties", {}).items():
        if name in _DATES:
            definition["properties"][name] = {
                "description": shape.get("description", ""),
                "type": "string",
                "format": "date",
            }
            continue
        target = _reference(shape)
        if target is not None and "cite" in definitions[target].get("properties", {}):
            one = {"$ref": f"#/$defs/{target}"}
            definition["properties"][name] = {"anyOf": [one, {"type": "array", "items": one}]}


def _reference(shape: dict[str, Any]) -> str | None:
    for option in (shape, *shape.get("anyOf", [])):
        if "$ref" in option:
            return str(option["$ref"]).rsplit("/", 1)[-1]
    return None
