"""The observer's kit: rights, deadlines, control relations of a protocol, where to complain – a page and a printable PDF.

Rights, duties, deadlines and complaints are read from the rule book; the steps of the count, the relations and the
headings stand in `observer_kit.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sailau.extras import library
from sailau.nomination import calendar, complaints, observers
from sailau.nomination.authorities import ComplaintLine
from sailau.provenance import labels
from sailau.rulebook import Law, load
from sailau.site.phrases import Phrases

MARKS = {"statute": "●", "reported": "◐", "secondary": "○", "unverified": "?"}
_DATA = Path(__file__).with_name("observer_kit.toml")
_PAGE = """#set page(paper: "a4", margin: (x: 1.6cm, y: 1.5cm), numbering: "1 / 1")
#set text(font: "Libertinus Serif", size: 9.5pt, lang: "{language}")
#set par(leading: 0.5em)
#set document(title: "{title}", keywords: ({keywords}), date: none)
#set table(stroke: 0.4pt + luma(120), inset: 4pt)
#show heading.where(level: 1): set text(size: 17pt)
#show heading.where(level: 2): it => block(above: 1.1em, below: 0.6em, sticky: true)[#it]
#show table.cell.where(y: 0): set text(weight: "bold")
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the kit: lines with their article, or a table.

    Attributes:
        lines: (text, article with its mark).
        columns: headings of the table, empty where the part has none.
        widths: share of the page's width of each column.
        blank: rows are to be filled in by hand.
    """

    title: str
    intro: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[int, ...] = ()
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Kit:
    """The whole kit in one language.

    Attributes:
        labels: what it rests on: program, schema, law and its digest.
    """

    language: str
    title: str
    intro: str
    parts: tuple[Part, ...]
    signature: str
    labels: tuple[str, ...]


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


def default_law() -> Law:
    """Return the law for which the shipped kit is made."""
    chosen = _data()["kit"]
    return load(chosen["law"]).on(chosen["day"])


def kit(law: Law, language: str = "en") -> Kit:
    """Return the kit for the observers of one vote.

    Args:
        law: the law of the polling day.
        language: `en`, `kk` or `ru`.
    """
    p = Phrases(language)

    def said(code: str, **values: object) -> str:
        return p.text(_data()["text"][code]).format(**values)

    intro = said("for", law=p.text(law.body.name), day=p.day(law.day, "of"))
    parts = [
        Part(said("who"), lines=_rules(law, p, ("who", "accreditation", "presence", "foreign"))),
        Part(said("rights"), lines=_rules(law, p, ("right",))),
        Part(said("duties"), lines=_rules(law, p, ("duty",))),
        _deadlines(law, p, said("deadlines"), said("deadlines-columns")),
        Part(said("day"), lines=_steps(p, "day")),
        Part(said("count"), lines=_steps(p, "count")),
        _protocol(p, said("protocol"), said("protocol-columns")),
        _relations(p, said("relations"), said("relations-intro"), said("relations-columns")),
        _complaints(law, p, said("complaints"), said("complaints-columns")),
        _addresses(p, said("addresses"), said("addresses-columns")),
    ]
    mark = labels(law=law)
    rests_on = (mark["program"], f"schema {mark['schema']}", f"{law.id}@{law.day}", mark["law-digest"])
    return Kit(language, said("title"), intro, tuple(parts), said("signature"), rests_on)


def _rules(law: Law, p: Phrases, kinds: Sequence[str]) -> tuple[tuple[str, str], ...]:
    lines = [line for kind in kinds for line in observers(law, kind)]
    return tuple((p.text(line.title), f"{line.cite} {MARKS[line.confidence]}") for line in lines)


def _steps(p: Phrases, when: str) -> tuple[tuple[str, str], ...]:
    steps = [step for step in _data()["step"] if step["when"] == when]
    return tuple((p.text(step["text"]), f"{step['cite']} {MARKS['statute']}") for step in steps)


def _deadlines(law: Law, p: Phrases, title: str, columns: str) -> Part:
    rows = []
    for entry in calendar(law):
        if entry.opens is None and entry.closes is None:
            continue
        first = entry.opens if entry.opens != entry.closes or entry.opens_hour else None
        cells = [_moment(p, first, entry.opens_hour), _moment(p, entry.closes, entry.closes_hour)]
        rows.append((p.text(entry.title), *cells, f"{entry.cite} {MARKS[entry.confidence]}"))
    return Part(title, columns=tuple(columns.split("|")), rows=tuple(rows), widths=(46, 18, 18, 18))


def _moment(p: Phrases, day: date | None, hour: str) -> str:
    if day is None:
        return ""
    return f"{day:%d.%m.%Y}" + (f", {hour}" if hour else "") if p.language != "en" else _english(day, hour)


def _english(day: date, hour: str) -> str:
    return f"{day.day} {day:%b} {day.year}" + (f", {hour}" if hour else "")


def _protocol(p: Phrases, title: str, columns: str) -> Part:
    rows = tuple((row["letter"], p.text(row["text"]), "") for row in _data()["line"])
    return Part(title, columns=tuple(columns.split("|")), rows=rows, widths=(8, 64, 28), blank=True)


def _relations(p: Phrases, title: str, intro: str, columns: str) -> Part:
    rows = tuple(
        ("☐", row["formula"], p.text(row["text"]), f"{row['cite']} {MARKS['unverified']}")
        for row in _data()["relation"]
    )
    return Part(title, intro, columns=tuple(columns.split("|")), rows=rows, widths=(6, 22, 54, 18))


def _complaints(law: Law, p: Phrases, title: str, columns: str) -> Part:
    rows = []
    urgent = {rule.id: rule.urgent_days for rule in law.section("complaint")}
    for line in complaints(law):
        decided = _decided(p, line, urgent.get(line.id))
        filed = _days(p, line.file_days) if line.file_days is not None else p.text(_data()["text"]["any-time"])
        article = f"{line.cite} {MARKS[line.confidence]}"
        rows.append((p.text(line.title), p.text(line.to), filed, decided, article))
    return Part(title, columns=tuple(columns.split("|")), rows=tuple(rows), widths=(27, 31, 12, 16, 14))


def _days(p: Phrases, number: int) -> str:
    return p.text(_data()["text"]["days"]).format(n=number)


def _decided(p: Phrases, line: ComplaintLine, urgent: int | None) -> str:
    text = _data()["text"]
    if line.decide_days is None:
        return p.text(text["not-set"])
    said = _days(p, line.decide_days) if line.decide_days else p.text(text["same-day"])
    return said + (p.text(text["at-once"]).format(n=urgent) if urgent else "")


def _addresses(p: Phrases, title: str, columns: str) -> Part:
    rows = tuple((p.text(row["body"]), row["place"], "") for row in _data()["address"])
    return Part(title, columns=tuple(columns.split("|")), rows=rows, widths=(36, 38, 26), blank=True)


# ---------------------------------------------------------------- as a page and as a document


def kit_markdown(made: Kit, pdf: str) -> str:
    """Return the kit as a page.

    Args:
        made: what `kit` returned.
        pdf: name of the printable file beside it.
    """
    note = Phrases(made.language).text(_data()["text"]["print"]).format(file=f"[{pdf}]({pdf})")
    lines = [f"# {made.title}", "", made.intro, "", note]
    for part in made.parts:
        lines += ["", f"## {part.title}", ""]
        lines += [part.intro, ""] if part.intro else []
        lines += [f"- {text} `{article}`" for text, article in part.lines]
        if part.columns:
            lines += [f"| {' | '.join(part.columns)} |", f"|{' --- |' * len(part.columns)}"]
            lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in part.rows]
    return "\n".join(lines) + "\n"


def kit_typst(made: Kit) -> str:
    """Return the kit as a Typst document, every text escaped."""
    keywords = "".join(f'"{label}", ' for label in made.labels)
    page = _PAGE.format(language=made.language, title=made.title, keywords=keywords)
    out = [page, f"= {_typed(made.title)}", _typed(made.intro), ""]
    for part in made.parts:
        out += [f"== {_typed(part.title)}", _typed(part.intro), ""]
        out += [
            f"- {_typed(text)} #text(size: 7.5pt, fill: luma(90))[{_typed(article)}]" for text, article in part.lines
        ]
        if part.columns:
            out.append(_typst_table(part))
    signature = " #h(1fr) ".join(_typed(blank) for blank in made.signature.split("   "))
    rests_on = f"#text(size: 6.5pt, fill: luma(90))[{_typed(' · '.join(made.labels))}]"
    return "\n".join([*out, "", "#v(1.2em)", signature, "", "#v(0.6em)", rests_on]) + "\n"


def _typst_table(part: Part) -> str:
    widths = ", ".join(f"{width}fr" for width in part.widths)
    inset = "(x: 4pt, y: 7pt)" if part.blank else "4pt"
    cells = [f"[{_typed(cell)}]" for cell in (*part.columns, *(cell for row in part.rows for cell in row))]
    header = ", ".join(cells[: len(part.columns)])
    body = ", ".join(cells[len(part.columns) :])
    return f"#table(columns: ({widths}), inset: {inset}, align: left + horizon, table.header({header}), {body})"


def _typed(text: str) -> str:
    """Return a text with everything escaped that Typst would read as markup."""
    return "".join(f"\\{c}" if c in "\\#$*_`<>@=-+/[]~'\"" else c for c in text)


def kit_pdf(made: Kit) -> bytes:
    """Return the kit as a PDF; the same kit gives the same bytes.

    Raises:
        BadInput: the extra `documents` is not installed.
        ValueError: the typesetter warns, as it does where a letter is missing in the font.
    """
    typst = library("typst", "documents", "PDF")
    document, warnings = typst.compile_with_warnings(kit_typst(made).encode(), format="pdf", timestamp=0)
    if warnings:
        raise ValueError("; ".join(str(warning) for warning in warnings))
    return bytes(document)
