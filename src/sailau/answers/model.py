"""What all answers are made of: tables that refuse what they do not know, texts in a language, provenance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

Name = dict[str, str]
"""Language → text."""


Count = dict[str, int]
"""Option or party → votes or seats."""


Exact = int | str
"""A whole number, or a fraction as text: `"1990573/23"`."""


def _said(texts: Mapping[str, str], info: ValidationInfo) -> str:
    return texts.get((info.context or {}).get("language", "en"), "")


def _named(texts: Mapping[str, str], info: ValidationInfo) -> str:
    return _said(texts, info) or str(info.data.get("id", info.data.get("contest", "")))


Said = Annotated[str, BeforeValidator(_said)]
"""A text in the language asked for; empty where there is none."""


Title = Annotated[str, BeforeValidator(_named)]
"""What something is called in the language asked for; its id where there is no name."""


class AnswerTable(BaseModel):
    """A table of an answer."""

    model_config = ConfigDict(
        from_attributes=True, frozen=True, extra="forbid", defer_build=True, populate_by_name=True
    )


def told(model: type[AnswerTable], thing: object, language: str = "en") -> dict[str, Any]:
    """Return a result as data that JSON can say.

    Args:
        model: what is told of it.
        thing: the result; its attributes are those that the model names.
        language: of the texts in it.
    """
    return model.model_validate(thing, context={"language": language}).model_dump(mode="json", by_alias=True)


class Digests(AnswerTable):
    """SHA-256 of what an answer rests on; where there are several of a kind, name → digest."""

    law: str | Name | None = None
    case: str | Name | None = None
    outcome: str | Name | None = None


class Provenance(AnswerTable):
    """What stands in every answer, or in each entry of a list."""

    schema_: int = Field(alias="schema", description="version of this schema")
    program: str = Field(description="name and version")
    digests: Digests


class Sourced(AnswerTable):
    """Something with the article it comes from, and how sure the rule book is of it."""

    cite: str
    confidence: str = "statute"
