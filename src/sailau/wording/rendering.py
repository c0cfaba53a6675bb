"""Renderers of a document: text for a screen or a pipe, Markdown, HTML, JSON, and CSV for its tables."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from textwrap import wrap
from typing import Any
from unicodedata import combining, east_asian_width

from sailau.rulebook.marks import visible_json
from sailau.wording.document import (
    NUMBERS,
    Block,
    Cell,
    Document,
    Heading,
    Items,
    Note,
    Paragraph,
    Picture,
    Table,
    Tone,
)

NARROWEST = 12
"""The narrowest that a column of texts becomes before the rows of a table are folded."""
_STEP = 4
"""Characters that a column is widened by at once."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""

Line = tuple[str, Tone]


def width_of(text: str) -> int:
    """Return how many columns of a screen a text takes: combining marks none, wide letters two."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


# ---------------------------------------------------------------- text


def lines(document: Document, width: int) -> Iterator[Line]:
    """Yield the lines of a document as text, each with its tone.

    A table that is wider than the page takes short names, then goes without its optional columns, wraps heads and texts
    between words, and at last has a line for every cell. No word and no number is ever broken.

    Args:
        document: to be shown.
        width: columns of the page.
    """
    for block in document.blocks:
        yield from _block_lines(block, width)


def _block_lines(block: Block, width: int) -> Iterator[Line]:
    if isinstance(block, Table):
        yield from table_lines(block, width)
    elif isinstance(block, Heading):
        yield block.text, "strong"
    elif isinstance(block, Items):
        yield from ((f"• {text}", "plain") for text in block.texts)
    elif isinstance(block, Note):
        yield block.text, "quiet"
    elif isinstance(block, Paragraph):
        yield block.text, block.tone


def table_lines(table: Table, width: int) -> Iterator[Line]:
    """Yield the lines of a table; see `lines`."""
    if table.title:
        yield table.title, "strong"
    shown, widths = _fitted(table, width)
    yield from _ruled(shown, widths) if widths else _folded(shown)
    yield "", "plain"
    if table.note:
        yield table.note, "quiet"
        yield "", "plain"


def _fitted(table: Table, width: int) -> tuple[Table, list[int]]:
    """Return the table as it fits a page, and its columns' widths; none where it has to be folded."""
    for shown in _narrower(table):
        whole = [max(*_cell_widths(shown, i), width_of(shown.columns[i].head)) for i in range(len(shown.columns))]
        if sum(whole) + 2 * (len(whole) - 1) <= width:
            return shown, whole
    least = [_least(shown, i) for i in range(len(shown.columns))]
    room = width - 2 * (len(least) - 1)
    if sum(least) > room:
        return shown, []
    widths, rest = least[:], room - sum(least)
    while rest > 0 and widths != whole:
        # What is left goes where most lines are broken.
        place = max(range(len(whole)), key=lambda i: _broken(shown, i, widths[i]) if widths[i] < whole[i] else -1)
        given = min(_STEP, rest, whole[place] - widths[place])
        widths[place] += given
        rest -= given
    return shown, widths


def _broken(table: Table, place: int, width: int) -> int:
    """Return how many further lines the cells of a column need at a width, about."""
    return sum((wide - 1) // max(width, 1) for wide in _cell_widths(table, place) if wide)


def _narrower(table: Table) -> Iterator[Table]:
    """Yield the table in ever narrower forms."""
    yield table
    table = table.shortened()
    yield table
    while any(column.optional for column in table.columns):
        table = table.without(max(i for i, column in enumerate(table.columns) if column.optional))
        yield table


def _cell_widths(table: Table, place: int) -> list[int]:
    return [0, *(width_of(line) for row in table.rows for line in row[place].text.split("\n"))]


def _least(table: Table, place: int) -> int:
    """Return how narrow a column may become: its longest word, a number whole."""
    column = table.columns[place]
    head = max(map(width_of, column.head.split(" ")))
    if column.kind in NUMBERS:
        return max(head, *_cell_widths(table, place))
    words = [width_of(word) for row in table.rows for line in row[place].text.split("\n") for word in line.split(" ")]
    texts = max(_cell_widths(table, place))
    return max([head, min(texts, NARROWEST), *words])


def _ruled(table: Table, widths: Sequence[int]) -> Iterator[Line]:
    right = [column.kind in NUMBERS for column in table.columns]
    for number, row in enumerate([[c.head for c in table.columns], *([c.text for c in row] for row in table.rows)]):
        cells = [_wrapped(text, width) for text, width in zip(row, widths, strict=True)]
        for place in range(max(map(len, cells))):
            texts = [cell[place] if place < len(cell) else "" for cell in cells]
            padded = (
                " " * (w - width_of(t)) + t if r else t + " " * (w - width_of(t))
                for t, w, r in zip(texts, widths, right, strict=True)
            )
            yield "  ".join(padded).rstrip(), "strong" if number == 0 else "plain"
        if number == 0:
            yield "  ".join("─" * w for w in widths), "quiet"


def _wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a cell, broken between words only."""
    broken: list[str] = []
    for line in text.split("\n"):
        whole = width_of(line) <= width
        broken += [line] if whole else wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]
    return broken


def _folded(table: Table) -> Iterator[Line]:
    """Yield a line for every cell, the first of a row in front of the others."""
    for row in table.rows:
        yield row[0].text, "strong"
        for column, cell in zip(table.columns[1:], row[1:], strict=True):
            if cell.text:
                flat = "; ".join(cell.text.split("\n"))
                yield f"  {column.head}: {flat}", "plain"


# ---------------------------------------------------------------- Markdown


def markdown(document: Document) -> str:
    """Return a document as Markdown."""
    parts = [f"# {_plain_md(document.title)}"] if document.title else []
    for block in document.blocks:
        if isinstance(block, Table):
            parts += [_markdown_table(block)]
        elif isinstance(block, Heading):
            parts.append(f"{'#' * (block.depth + 1)} {_plain_md(block.text)}")
        elif isinstance(block, Items):
            parts.append("\n".join(f"- {_plain_md(text)}" for text in block.texts))
        elif isinstance(block, Note):
            parts.append(f"*{_plain_md(block.text)}*")
        elif isinstance(block, Paragraph):
            parts.append(_plain_md(block.text))
    return "\n\n".join(parts) + "\n"


def _markdown_table(table: Table) -> str:
    marks = ["---:" if column.kind in NUMBERS else "---" for column in table.columns]
    rows = [[column.head for column in table.columns], *([cell.text for cell in row] for row in table.rows)]
    texts = ["| " + " | ".join(_plain_md(text).replace("\n", "<br>") for text in row) + " |" for row in rows]
    texts.insert(1, f"| {' | '.join(marks)} |")
    title = [f"**{_plain_md(table.title)}**\n"] if table.title else []
    return "\n".join([*title, *texts, *([f"\n*{_plain_md(table.note)}*"] if table.note else [])])


def _plain_md(text: str) -> str:
    """Return text in which Markdown finds nothing of its own, and HTML no tag."""
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"\\{c}" if c in "\\`*_[]|#~" else c for c in text)


# ---------------------------------------------------------------- HTML


def html(document: Document) -> str:
    """Return a document as a page of HTML, without scripts and without anything from elsewhere."""
    from html import escape

    body = "\n".join(_html_block(block) for block in document.blocks)
    title = escape(document.title)
    return (
        f'<!doctype html>\n<html lang="{document.language}">\n<meta charset="utf-8">\n<title>{title}</title>\n'
        "<style>body{font-family:sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        "figure{margin:1rem 0}svg{max-width:100%;height:auto}"
        "table{border-collapse:collapse}caption{text-align:left;font-weight:bold}"
        "td,th{padding:.2rem .6rem;text-align:left;vertical-align:top}"
        ".n{text-align:right;font-variant-numeric:tabular-nums}"
        "tbody tr{border-top:1px solid #ccc}</style>\n"
        f"{f'<h1>{title}</h1>' if title else ''}\n{body}\n</html>\n"
    )


def _html_block(block: Block) -> str:
    from html import escape

    if isinstance(block, Heading):
        return f"<h{block.depth + 1}>{escape(block.text)}</h{block.depth + 1}>"
    if isinstance(block, Items):
        return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in block.texts) + "</ul>"
    if isinstance(block, Note):
        return f"<p><small>{escape(block.text)}</small></p>"
    if isinstance(block, Paragraph):
        return f"<p>{escape(block.text)}</p>"
    if isinstance(block, Picture):
        return f"<figure>\n{block.svg}</figure>"
    marks = [' class="n"' if column.kind in NUMBERS else "" for column in block.columns]
    head = "".join(f"<th{m}>{escape(c.head)}</th>" for c, m in zip(block.columns, marks, strict=True))
    rows = "\n".join(
        "<tr>"
        + "".join(
            f"<td{m}>{escape(cell.text).replace(chr(10), '<br>')}</td>" for cell, m in zip(row, marks, strict=True)
        )
        + "</tr>"
        for row in block.rows
    )
    caption = f"<caption>{escape(block.title)}</caption>" if block.title else ""
    note = f"<p><small>{escape(block.note)}</small></p>" if block.note else ""
    return f"<table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>{note}"


# ---------------------------------------------------------------- data


def data(document: Document) -> dict[str, Any]:
    """Return a document as plain data: numbers exact where they are whole, shares as decimals, days as ISO text."""
    return {
        "title": document.title,
        "language": document.language,
        "tables": [
            {
                "title": table.title,
                "columns": [{"head": column.head, "kind": column.kind} for column in table.columns],
                "rows": [[_value(cell) for cell in row] for row in table.rows],
                "note": table.note,
            }
            for table in document.tables()
        ],
        "texts": [text for block in document.blocks for text in texts_of(block)],
    }


def texts_of(block: Block) -> tuple[str, ...]:
    """Return the sentences of a block that is no table."""
    if isinstance(block, Items):
        return block.texts
    return () if isinstance(block, Table | Picture) else (block.text,)


def _value(cell: Cell) -> Any:
    if isinstance(cell.value, Fraction):
        return round(float(cell.value), 9)
    if isinstance(cell.value, date):
        return cell.value.isoformat()
    if cell.value is not None:
        return cell.value
    return None if cell.kind in NUMBERS and cell.text in ("", "–") else cell.text


def json_text(document: Document) -> str:
    """Return a document as JSON."""
    return visible_json(json.dumps(data(document), ensure_ascii=False, indent=1)) + "\n"


def csv_text(document: Document) -> str:
    """Return the tables of a document as CSV; several stand below each other, each under its title.

    Numbers are written for machines; a text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    tables = list(document.tables())
    for number, table in enumerate(tables):
        if len(tables) > 1:
            writer.writerows([[]] if number else [])
            writer.writerow([no_formula(table.title)])
        writer.writerow([no_formula(column.head) for column in table.columns])
        writer.writerows([_csv_cell(cell) for cell in row] for row in table.rows)
    return text.getvalue()


def _csv_cell(cell: Cell) -> str | int | float:
    value = _value(cell)
    return no_formula(value) if isinstance(value, str) else "" if value is None else value


def no_formula(text: str) -> str:
    """Return a text for a cell of CSV; one that a spreadsheet would take for a formula begins with an apostrophe."""
    return f"'{text}" if text.startswith(_FORMULA) else text
