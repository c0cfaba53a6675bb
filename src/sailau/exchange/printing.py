"""What a command shows, as a PDF: its sentences, tables and pictures; the same document gives the same bytes."""

from __future__ import annotations

from sailau.exchange.documents import quoted, typed, typeset
from sailau.wording.document import NUMBERS, Block, Document, Heading, Items, Note, Picture, Table

_PAGE = """#set page(paper: "a4", margin: (x: 1.7cm, top: 1.6cm, bottom: 1.8cm), numbering: "1 / 1")
#set text(font: "Libertinus Serif", size: 10pt, lang: "{language}")
#set document(title: {title}, date: none)
#set table(stroke: (x, y) => (bottom: 0.4pt + luma(170)), inset: (x: 4pt, y: 3.5pt))
#show table.cell.where(y: 0): set text(weight: "bold")
"""
_TONES = {"good": "#1b6e3c", "bad": "#a32020", "doubt": "#7a5a00", "quiet": "#505050"}


def document_pdf(document: Document) -> bytes:
    """Return a document as a PDF.

    Raises:
        BadInput: the extra `documents` is not installed.
        ValueError: the typesetter warns, as it does where a letter is missing in the font.
    """
    parts = [_PAGE.format(language=document.language, title=quoted(document.title))]
    parts += [f"= {typed(document.title)}"] if document.title else []
    parts += [_typst(block) for block in document.blocks]
    return typeset("\n\n".join(parts) + "\n")


def _typst(block: Block) -> str:
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Picture):
        return f'#figure(image(bytes({quoted(block.svg)}), format: "svg", width: 13cm, alt: {quoted(block.text)}))'
    if isinstance(block, Heading):
        return f"{'=' * (block.depth + 1)} {typed(block.text)}"
    if isinstance(block, Items):
        return "\n".join(f"- {typed(text)}" for text in block.texts)
    if isinstance(block, Note):
        return f"#text(size: 8pt, fill: luma(80))[{typed(block.text)}]"
    color = _TONES.get(block.tone)
    fill = f', fill: rgb("{color}")' if color else ""
    weight = ', weight: "bold"' if block.tone in ("strong", "good", "bad") else ""
    return f"#text(size: 10pt{fill}{weight})[{typed(block.text)}]"


def _table(table: Table) -> str:
    sides = ", ".join("right" if column.kind in NUMBERS else "left" for column in table.columns)
    widths = ", ".join("auto" if column.kind in NUMBERS else "1fr" for column in table.columns)
    heads = ", ".join(f"[{typed(column.head)}]" for column in table.columns)
    cells = ", ".join(f"[{_cell(cell.text)}]" for row in table.rows for cell in row)
    title = f"=== {typed(table.title)}\n" if table.title else ""
    note = f"\n#text(size: 8pt, fill: luma(80))[{typed(table.note)}]" if table.note else ""
    return f"{title}#table(columns: ({widths},), align: ({sides},), table.header({heads}), {cells}){note}"


def _cell(text: str) -> str:
    return " \\ ".join(typed(line) for line in text.split("\n"))
