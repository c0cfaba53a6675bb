"""Protocol forms as data: the lines that a polling station states, and the relations that the law sets between them.

Read when somebody asks for more than the lines that every protocol has. A line is an item that begins with `@`; a side
of a relation is a sum of lines. `@home?` stands for the line, or for nought where the protocol does not have it; `options`
is the sum of the votes for all options.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from sailau.rulebook.lines import COMMON_LINES
from sailau.rulebook.provision import Provision, Text

if TYPE_CHECKING:
    from sailau.rulebook.schema import Law

Line = Annotated[str, StringConstraints(pattern=r"^@[a-z][a-z_]{0,39}$")]
Term = Annotated[str, StringConstraints(pattern=r"^(options|@[a-z][a-z_]{0,39}\??)$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class FormLine(Provision):
    """One line of the protocol."""

    id: Line
    per: Literal["contest", "station"] = Field(
        "contest", description="station: one figure for all ballot papers that are voted on together"
    )
    sum: list[Term] = Field(default_factory=list, description="what stands for it where a protocol does not have it")
    in_words: bool = Field(False, description="the protocol repeats the figure in words")


class Relation(Provision):
    """What must hold between lines of one protocol, or of the protocols of one station; a breach is noted, never refused."""

    id: Code = Field(description="the code under which a breach is noted; it never changes its meaning")
    severity: Literal["error", "warning"] = "error"
    left: list[Term] = Field(min_length=1)
    is_: Literal["=", "<=", "same"] = Field(
        "=", alias="is", description="same: the left side is equal in all contests of one station; no right side"
    )
    right: list[Term] = Field(default_factory=list)
    meaning: Text | None = Field(None, description="what it says when it holds, in a sentence")
    action: Text | None = Field(None, description="what the commission does when it does not hold")
    hides: list[Code] = Field(default_factory=list, description="codes that are not noted where this one is")

    @model_validator(mode="after")
    def _sides(self) -> Relation:
        if (self.is_ == "same") == bool(self.right):
            raise ValueError("a right side beside = and <=, and none beside same")
        return self


class Form(Provision):
    """The protocol of a polling station: for some ballot papers, from some day."""

    id: str
    contests: list[str] | None = Field(None, description="ballot papers that it is for; all when absent")
    line: list[FormLine] = Field(default_factory=list)
    relation: list[Relation] = Field(default_factory=list)

    @model_validator(mode="after")
    def _names(self) -> Form:
        lines = {line.id for line in self.line}
        terms = [t for r in self.relation for t in (*r.left, *r.right)] + [t for x in self.line for t in x.sum]
        unknown = sorted({t.rstrip("?") for t in terms} - lines - {"options"})
        if unknown:
            raise ValueError(f"a line of the form for {', '.join(unknown)}")
        codes = {r.id for r in self.relation}
        hidden = sorted({code for r in self.relation for code in r.hides} - codes)
        if hidden:
            raise ValueError(f"a relation of the form for {', '.join(hidden)}")
        derived = {line.id for line in self.line if line.sum}
        if any(term.rstrip("?") in derived for line in self.line for term in line.sum):
            raise ValueError("sums of lines that are no sums themselves")
        return self


def form_of(law: Law, contest: str, lines: Iterable[str] | None = None) -> Form | None:
    """Return the form of the protocol for one ballot paper, None where the law sets none.

    Args:
        law: the law of the day.
        contest: a contest of the law, or what a case calls one of its further ones.
        lines: the lines that a case has; where every protocol has them, parts of the book are not read for them.
    """
    stands_here = "form" in law.book.own
    if not stands_here and lines is not None and set(lines) <= set(COMMON_LINES):
        return None
    paper = law.contest_of(contest)
    name = paper.id if paper is not None else contest
    forms: tuple[Form, ...] = law.section("form")
    return next((form for form in forms if form.contests is None or name in form.contests), None)
