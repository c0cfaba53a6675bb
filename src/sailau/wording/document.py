"""A document: headings, paragraphs, tables of typed cells, lists, notes – what a command has to say, before any renderer.

Texts in it may come from anybody's case; they are made visible here, once, so that nothing in them acts on a screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from sailau.extras import arrow_table
from sailau.rulebook.marks import visible
from sailau.wording.language import Words

if TYPE_CHECKING:
    import pyarrow

Kind = Literal["text", "name", "count", "number", "share", "points", "seats", "date", "article"]
Tone = Literal["plain", "strong", "good", "bad", "doubt", "quiet"]
NUMBERS = ("count", "number", "share", "points", "seats")
"""Kinds that stand on the right and are never broken."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table.

    Attributes:
        text: as people of a language read it; lines are separated by line ends.
        kind: what it holds.
        value: the exact value of a number or a day, None for texts and where nothing is known.
        short: a shorter text for a narrow page, or empty.
    """

    text: str = ""
    kind: Kind = "text"
    value: int | Fraction | date | None = None
    short: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", "\n".join(map(visible, self.text.split("\n"))))
        object.__setattr__(self, "short", visible(self.short))


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, what its cells hold, and whether a narrow page may go without it."""

    head: str
    kind: Kind = "text"
    optional: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "head", visible(self.head))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; depth 1 is the largest."""

    text: str
    depth: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", visible(self.text))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or several; the tone says what they mean to the reader."""

    text: str
    tone: Tone = "plain"

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", visible(self.text))


@dataclass(frozen=True, slots=True)
class Items:
    """A list of sentences."""

    texts: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "texts", tuple(map(visible, self.texts)))


@dataclass(frozen=True, slots=True)
class Note:
    """What is said in small letters below something."""

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", visible(self.text))


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        title: heading, or empty.
        columns: one for each cell of a row.
        rows: cells.
        note: a sentence under the table, or empty.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", visible(self.title))
        object.__setattr__(self, "note", visible(self.note))

    def to_arrow(self) -> pyarrow.Table:
        """Return the table as one of Arrow: numbers and days as such, shares as decimals, texts as they are shown."""
        columns: dict[str, list[Any]] = {}
        for place, column in enumerate(self.columns):
            head, number = column.head, 2
            while head in columns:
                head, number = f"{column.head} {number}", number + 1
            columns[head] = [_plain_value(row[place], column.kind) for row in self.rows]
        return arrow_table(columns)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand the table to whatever reads Arrow: pandas, Polars, DuckDB."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def without(self, place: int) -> Table:
        """Return the table without a column."""
        kept = [i for i in range(len(self.columns)) if i != place]
        return replace(
            self,
            columns=tuple(self.columns[i] for i in kept),
            rows=tuple(tuple(row[i] for i in kept) for row in self.rows),
        )

    def shortened(self) -> Table:
        """Return the table with short names where there are any."""
        return replace(self, rows=tuple(tuple(replace(c, text=c.short or c.text) for c in row) for row in self.rows))


def _plain_value(cell: Cell, kind: Kind) -> int | float | date | str | None:
    """Return what a cell holds, of one type in a column: nothing in place of a text among numbers or days."""
    if isinstance(cell.value, Fraction):
        return round(float(cell.value), 9)
    if kind in NUMBERS or kind == "date":
        is_fraction = kind in ("share", "number", "points")
        return float(cell.value) if is_fraction and isinstance(cell.value, int) else cell.value
    return cell.text


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture for pages and print; a screen does without it.

    Attributes:
        svg: the picture, as our own canvas writes it.
        text: what it shows.
    """

    svg: str
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", visible(self.text))


Block = Heading | Paragraph | Items | Note | Table | Picture


@dataclass(frozen=True, slots=True)
class Document:
    """What a command has to say, in one language."""

    blocks: tuple[Block, ...] = ()
    language: str = "en"
    title: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", visible(self.title))

    def tables(self) -> Iterator[Table]:
        """Yield its tables."""
        yield from (block for block in self.blocks if isinstance(block, Table))


# ---------------------------------------------------------------- cells, each written in one way


def name(text: str, short: str = "") -> Cell:
    """Return what somebody or something is called."""
    return Cell(text, "name", short=short)


def count(words: Words, value: int | None, unknown: str = "") -> Cell:
    """Return a number of votes, voters or ballots."""
    return Cell(unknown if value is None else words.number(value), "count", value)


def seats(words: Words, value: int | None, unknown: str = "") -> Cell:
    """Return a number of seats."""
    return Cell(unknown if value is None else words.number(value), "seats", value)


def share(words: Words, value: Fraction | None, unknown: str = "") -> Cell:
    """Return a share, as per cent."""
    return Cell(unknown if value is None else words.percent(value), "share", value)


def measured(words: Words, value: Fraction | None, unknown: str = "") -> Cell:
    """Return a share that is an estimate or an index, with one decimal."""
    return Cell(unknown if value is None else words.percent(value, digits=1), "share", value)


def figure(words: Words, value: Fraction | int | None, digits: int = 2, unknown: str = "–") -> Cell:
    """Return a number with so many decimals: an index, a mean."""
    return Cell(unknown if value is None else words.decimal(value, digits), "number", value)


def change(words: Words, value: Fraction | int, digits: int = 2) -> Cell:
    """Return a difference with its sign, a whole one without decimals."""
    return Cell(words.signed(value, 0 if digits and value.denominator == 1 else digits), "number", value)


def points(words: Words, value: Fraction | None, unknown: str = "") -> Cell:
    """Return a difference of shares in percentage points, with its sign."""
    if value is None:
        return Cell(unknown, "points")
    text = words.decimal(value * 100, 2)
    return Cell(f"+{text}" if value > 0 else text, "points", value)


def day(words: Words, value: date | None, unknown: str = "–") -> Cell:
    """Return a day."""
    return Cell(unknown if value is None else words.day(value), "date", value)


def article(text: str) -> Cell:
    """Return where a rule stands, as `wording.cite` says it."""
    return Cell(text, "article")


def heads(columns: Sequence[tuple[str, Kind]]) -> tuple[Column, ...]:
    """Return columns from heads and kinds."""
    return tuple(Column(head, kind) for head, kind in columns)
