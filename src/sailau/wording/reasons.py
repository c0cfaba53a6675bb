"""An explanation as data: headings and numbered sentences with article and provision, for pages that link them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from sailau.wording import document
from sailau.wording.document import Block, Cell, Column, Document, Heading, Table
from sailau.wording.explanation import pieces
from sailau.wording.language import capital, words
from sailau.wording.layout import CONFIDENCE, Page
from sailau.wording.notes import note_in
from sailau.wording.view import Line, Row

if TYPE_CHECKING:
    from sailau.counting import Outcome


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence of an explanation.

    Attributes:
        kind: `step` (numbered), `item` (of a compact list) or `text`.
        article: in words, empty where no rule is applied.
        path: the provision in the rule book.
        doubt: why the rule is not certain, empty where it is.
        rows: a small table under the sentence: a name, then numbers.
    """

    kind: Literal["step", "item", "text"]
    text: str
    article: str = ""
    path: str = ""
    doubt: str = ""
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class ReasonSection:
    """A heading and the sentences under it; depth 0 is the largest."""

    title: str
    depth: int
    reasons: tuple[Reason, ...]

    def parts(self) -> Iterator[tuple[str, tuple[Reason, ...]]]:
        """Yield neighbours of one kind together: a numbered list, a compact list, plain sentences."""
        for kind, group in groupby(self.reasons, key=lambda reason: reason.kind):
            yield kind, tuple(group)


class _Sections(Page):
    """A page that keeps what is written on it as data."""

    def __init__(self, outcome: Outcome, language: str) -> None:
        super().__init__(outcome.law, words(language))
        self.sections: list[tuple[str, int, list[Reason]]] = []

    def heading(self, text: str, depth: int = 0) -> None:
        self.sections.append((capital(text), depth, []))
        self._citer.begin()

    def plain(self, text: str, indent: int = 0) -> None:  # noqa: ARG002 - only a page of lines is indented
        self._add(Reason("text", text))

    def step(self, line: Line) -> None:
        self._add(self._reason("step", line))

    def item(self, line: Line) -> None:
        self._add(self._reason("item", line))

    def _add(self, reason: Reason) -> None:
        if not self.sections:
            self.sections.append(("", 0, []))
        self.sections[-1][2].append(reason)

    def _reason(self, kind: Literal["step", "item"], line: Line) -> Reason:
        return Reason(kind, line.text, self._citer.brief(line.cite), line.path, self._doubt(line), line.rows)

    def _doubt(self, line: Line) -> str:
        if line.confidence == "statute":
            return ""
        said = self.words.say(CONFIDENCE[line.confidence])
        note = note_in(line.note, self.words.language) or line.note
        return f"{said}: {note}" if note else said


def explained(outcome: Outcome, option: str | None = None, language: str = "en") -> Document:
    """Return an explanation as a document, a table for every section: number, sentence, article; see `reasons`.

    Raises:
        ValueError: an option that is not in this election.
    """
    said = words(language)
    columns = (Column(said.say("No."), "seats"), Column(said.say("reason")), Column(said.say("article"), "article"))
    blocks: list[Block] = []
    for section in reasons(outcome, option, language):
        rows, number = [], 0
        for reason in section.reasons:
            number += reason.kind == "step"
            shown = document.seats(said, number if reason.kind == "step" else None)
            rows.append((shown, Cell(_whole(reason)), document.article(reason.article)))
        blocks.append(Table(section.title, columns, tuple(rows)) if rows else Heading(section.title, section.depth + 1))
    return Document(tuple(blocks), language)


def _whole(reason: Reason) -> str:
    """Return a sentence with the rows below it, and the doubt about its rule."""
    rows = [", ".join(filter(None, row)) for row in reason.rows]
    return "\n".join([reason.text, *rows, *([f"({reason.doubt})"] if reason.doubt else [])])


def reasons(outcome: Outcome, option: str | None = None, language: str = "en") -> tuple[ReasonSection, ...]:
    """Return the reasons for every seat, or for one option's, section by section.

    Args:
        outcome: of a count.
        option: a party, a candidate, an answer or a district; None explains everything.
        language: `en`, `kk` or `ru`.

    Raises:
        ValueError: an option that is not in this election.
    """
    page = _Sections(outcome, language)
    for piece in pieces(outcome, option, language):
        page.add(piece)
    return tuple(ReasonSection(title, depth, tuple(held)) for title, depth, held in page.sections)
