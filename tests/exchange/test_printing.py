"""Documents in print: every block stands there, nothing in a text acts, the same document gives the same bytes."""

from __future__ import annotations

from sailau.exchange import printing
from sailau.exchange.printing import document_pdf
from sailau.wording.document import Cell, Column, Document, Heading, Items, Note, Paragraph, Picture, Table

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9pt" height="9pt"><rect width="9" height="9"/></svg>'
BLOCKS = (
    Heading("Ең #жоғары"),
    Paragraph("Рас. *[$x]", "good"),
    Paragraph("plain"),
    Items(("one", "_two_")),
    Table("т", (Column("a"), Column("n", "count")), ((Cell("x\ny"), Cell("1", "count", 1)),), "note"),
    Note("small"),
    Picture(SVG, "a “square”"),
)


def test_every_block_is_typeset_and_nothing_in_a_text_acts() -> None:
    seen: list[str] = []
    original = printing.typeset
    printing.typeset = lambda text: seen.append(text) or original(text)  # type: ignore[func-returns-value]
    try:
        made = document_pdf(Document(BLOCKS, "kk", title="Тақырып “#x”"))
    finally:
        printing.typeset = original
    assert made.startswith(b"%PDF")
    assert made == document_pdf(Document(BLOCKS, "kk", title="Тақырып “#x”"))
    for text in ("\\#жоғары", "\\*\\[\\$x\\]", "\\_two\\_", "x \\ y", "table.header", "#figure(image(bytes("):
        assert text in seen[0], text


def test_a_document_of_one_column_without_title() -> None:
    table = Table("", (Column("only"),), ((Cell("1"),),))
    assert document_pdf(Document((table,), "en")).startswith(b"%PDF")
