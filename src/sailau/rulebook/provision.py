"""What every table of a rule book is made of: blocks, provisions with their source, exact shares, texts."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from sailau.rulebook.limits import SEATS

Confidence = Literal["statute", "reported", "secondary", "unverified"]
Comparison = Literal["at-least", "more-than"]
Text = dict[Literal["en", "kk", "ru"], str]


_SHARE = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})? ?%?|[0-9]{1,15}/0*[1-9][0-9]{0,14}")


def share(value: object) -> Fraction:
    """Read an exact share: `5%`, `2/3`, `3` – a float is refused because it is not what the law says."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("a share as text, such as “5%” or “7/10”")
    text = str(value).strip()
    if not _SHARE.fullmatch(text):
        raise ValueError("a share as text, such as “5%” or “7/10”")
    return Fraction(text[:-1].strip()) / 100 if text.endswith("%") else Fraction(text)


def show_share(value: Fraction) -> str:
    """Write a share as people do: `5%` where that is exact, else `7/10`."""
    percent = value * 100
    if value.denominator in (3, 6, 7, 9) or percent.denominator not in (1, 2, 4, 5, 10, 20, 100):
        return str(value)
    return f"{float(percent):g}%"


Share = Annotated[Fraction, BeforeValidator(share), PlainSerializer(show_share, return_type=str)]


def _part(value: Fraction) -> Fraction:
    if value > 1:  # `7` for `7%` is a slip: 700 per cent of the votes
        raise ValueError("at most 100 per cent, such as “7%”")
    return value


Part = Annotated[Share, AfterValidator(_part)]
"""A share of votes, voters or regions."""


def _no_truth(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("a whole number")
    return value


Number = Annotated[int, BeforeValidator(_no_truth), Field(ge=0, le=SEATS.most)]
"""A number of seats, lists, marks, members or candidates."""
Time = Annotated[int, BeforeValidator(_no_truth), Field(ge=-40_000, le=40_000)]
"""A number of days, months or years: a century either way."""


class Block(BaseModel):
    """A table of a rule book: no key that is not defined, nothing changed after it is read."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        alias_generator=lambda name: name.rstrip("_").replace("_", "-"),
        arbitrary_types_allowed=True,
        defer_build=True,
    )


class Provision(Block):
    """One rule with its source: article, dates and how sure we are of it."""

    cite: str = Field("", description="article, such as “EL 97-1(3)”; the first word is a key of [sources]")
    from_: date | None = Field(None, alias="from", description="first polling day that this version governs")
    until: date | None = Field(None, description="first polling day that it no longer governs")
    in_force: date | None = Field(None, description="day of entry into force, where it is known")
    read: date | None = Field(None, description="day of the edition of the text in which it was read")
    confidence: Confidence = Field("statute", description="statute = read in the text; unverified = not checked")
    note: str = Field("", description="what is open or remarkable, in plain English")
    title: Text | None = Field(None, description="a short name in three languages, where the default says too little")
