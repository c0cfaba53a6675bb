"""Official papers as PDF: the protocol of a station, blank or filled with a code of its figures; a summary; the act of results."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from sailau.counting import count
from sailau.election import Election
from sailau.extras import library
from sailau.pictures.fonts import FOLDER
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.forms import form_of
from sailau.tabulation.report import reports
from sailau.wording.papers import OfficialPaper, act_paper, protocol_paper, summary_paper
from sailau.writing import write_whole

PAPERS = ("protocol", "summary", "act")
_ACTING = frozenset("\\#$*_`<>@=-+/[]~'\"")
_PAGE = """#set page(paper: "a4", margin: (x: 1.7cm, top: 1.6cm, bottom: 1.8cm), numbering: "1 / 1")
#set text(font: "Libertinus Serif", size: 10pt, lang: "{language}")
#set document(title: "{title}", date: none)
#set table(stroke: 0.4pt + luma(110), inset: (x: 4pt, y: 4pt))
#show table.cell.where(y: 0): set text(weight: "bold")
"""


def typed(text: str) -> str:
    """Return a text with everything escaped that Typst would read as markup."""
    return "".join(f"\\{c}" if c in _ACTING else c for c in text)


def write_paper(
    election: Election,
    kind: str,
    path: Path,
    language: str,
    asked: tuple[str, str, bool] = ("", "", False),
    code: str = "",
) -> Path:
    """Write a paper and return its path; the same case gives the same bytes.

    Args:
        election: the case.
        kind: one of `PAPERS`.
        path: the PDF.
        language: `en`, `kk` or `ru`.
        asked: contest (the first one when empty), unit, and whether the protocol stays blank.
        code: what its code says instead of the figures alone, such as a receipt.

    Raises:
        BadInput: no such contest or unit.
    """
    paper = _paper(election, kind, language, *asked)
    return write_whole(path, pdf(replace(paper, code=code) if code else paper))


def _paper(election: Election, kind: str, language: str, contest: str, unit: str, blank: bool) -> OfficialPaper:
    law = election.own_law()
    if kind == "act":
        return act_paper(count(law, election), language)
    (report,) = reports([election])
    known = [name for name, round_ in report.tabulation.totals if round_ == 1]
    contest = contest or (known or list(law.contests))[0]
    if law.contest_of(contest) is None or (not blank and contest not in known):
        raise BadInput([Fault("--contest", 0, "", f"“{contest}”", f"one of {', '.join(known)}")])
    total = report.tabulation.of(contest)
    if unit and unit not in election.units:
        raise BadInput([Fault("--unit", 0, "", f"“{unit}”", "a unit of the case")])
    if kind == "summary":
        return summary_paper(report, contest, unit, language)
    return protocol_paper(law, form_of(law, contest), election, contest, unit, None if blank else total, language)


def pdf(paper: OfficialPaper) -> bytes:
    """Return a paper as a PDF.

    Raises:
        BadInput: the extra `documents` is not installed.
        ValueError: the typesetter warns, as it does where a letter is missing in the font.
    """
    return typeset(source(paper))


def typeset(text: str) -> bytes:
    """Return a Typst document as a PDF; the same text gives the same bytes.

    Raises:
        BadInput: the extra `documents` is not installed.
        ValueError: the typesetter warns, as it does where a letter is missing in the font.
    """
    typst = library("typst", "documents", "PDF")
    document, warnings = typst.compile_with_warnings(
        text.encode(), format="pdf", timestamp=0, font_paths=[str(FOLDER)], ignore_system_fonts=True
    )
    if warnings:
        raise ValueError("; ".join(str(warning) for warning in warnings))
    return bytes(document)


def source(paper: OfficialPaper) -> str:
    """Return a paper as a Typst document, every text escaped; what is signed stays together."""
    title = paper.title.replace("\\", "").replace('"', "")
    out = [_PAGE.format(language=paper.language, title=title)]
    head = f'#align(center)[#text(size: 9pt)[{typed(paper.issuer)}] \\ #text(size: 15pt, weight: "bold")[{typed(paper.title)}]'
    out.append(head + (f" \\ #text(size: 8.5pt, fill: luma(80))[{typed(paper.act)}]]" if paper.act else "]"))
    facts = ", ".join(f"[{typed(name)}], [{typed(value)}]" for name, value in paper.facts)
    out.append(f"#grid(columns: (auto, 1fr), column-gutter: 10pt, row-gutter: 6pt, {facts})")
    for heads, widths, rows in paper.tables:
        if rows:
            out.append(_table(heads, widths, rows))
    out += [f"#par[{typed(text)}]" for text in paper.paragraphs]
    if paper.laid_out:
        out.append(f'#text(size: 7.5pt, font: "DejaVu Sans Mono")[#raw({quoted(paper.laid_out)}, block: true)]')
    names = ", ".join(f"[{typed(name)}], [#line(length: 100%, stroke: 0.4pt)]" for name in paper.signatures)
    signed = f"grid(columns: (auto, 1fr), column-gutter: 10pt, row-gutter: 13pt, {names})"
    square = (
        f', image(bytes({quoted(_square(paper.code))}), format: "svg", width: {_side(paper.code)}cm)'
        if paper.code
        else ""
    )
    out.append(f"#v(6pt)\n#block(breakable: false)[#grid(columns: (1fr, auto), column-gutter: 20pt, {signed}{square})]")
    if paper.note:
        out.append(f"#text(size: 7.5pt, fill: luma(80))[{typed(paper.note)}]")
    return "\n\n".join(out) + "\n"


def _table(heads: tuple[str, ...], widths: tuple[int, ...], rows: tuple[tuple[str, ...], ...]) -> str:
    columns = ", ".join(f"{width}fr" for width in widths)
    of_numbers = [n for n in range(len(heads)) if all(_is_number(row[n]) for row in rows)]
    numbers = f"({', '.join(map(str, of_numbers))},)" if of_numbers else "()"
    header = ", ".join(f"[{typed(head)}]" for head in heads)
    body = ", ".join(f"[{typed(cell)}]" for row in rows for cell in row)
    side = f"(x, y) => if y > 0 and x > 0 and {numbers}.contains(x) {{ right + horizon }} else {{ left + horizon }}"
    return f"#table(columns: ({columns}), align: {side}, table.header({header}), {body})"


def _is_number(text: str) -> bool:
    return not any(c.isalpha() for c in text)


def quoted(text: str) -> str:
    """Return a text as Typst writes one in quotation marks."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _side(text: str) -> float:
    """Return how wide a code is printed, in centimetres: a telephone reads modules of half a millimetre."""
    side: float = len(text.encode()) ** 0.5 * 0.18
    return round(min(max(3.2, side), 7.0), 1)


def _square(text: str) -> str:
    """Return a two-dimensional code as a picture."""
    segno = library("segno", "exchange", "the code of a protocol")
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="svg", xmldecl=False, border=2)
    return picture.getvalue().decode()
