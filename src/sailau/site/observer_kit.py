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

from sailau.exchange.documents import typed, typeset
from sailau.nomination import calendar, complaints, observers
from sailau.nomination.authorities import ComplaintLine
from sailau.provenance import labels
from sailau.rulebook import Law, load
from sailau.rulebook.forms import Form, Relation
from sailau.wording.citations import cite
from sailau.wording.guide import MARKS, SIGNS
from sailau.wording.kit import in_kit, kit_columns, kit_days
from sailau.wording.language import Words, text_in, words

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


_RULED = 14
"""Lines to write on."""


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
    said = words(language)
    parts = [
        Part(in_kit("key", said), lines=_key(said)),
        Part(in_kit("who", said), lines=_rules(law, said, ("who", "accreditation", "presence", "foreign"))),
        Part(in_kit("rights", said), lines=_rules(law, said, ("right",))),
        Part(in_kit("duties", said), lines=_rules(law, said, ("duty",))),
        _deadlines(law, said),
        Part(in_kit("day", said), lines=_steps(law, said, "day")),
        Part(in_kit("count", said), lines=_steps(law, said, "count")),
        *(part for form in law.section("form")[:1] for part in (_protocol(form, said), _relations(law, form, said))),
        _complaints(law, said),
        _addresses(said),
        Part(in_kit("notes", said), blank=True),
    ]
    intro = in_kit("for", said, law=text_in(law.body.name, language, law.id), day=said.day(law.day))
    mark = labels(law=law)
    rests_on = (mark["program"], f"schema {mark['schema']}", f"{law.id}@{law.day}", mark["law-digest"])
    return Kit(language, in_kit("title", said), intro, tuple(parts), in_kit("signature", said), rests_on)


def _key(said: Words) -> tuple[tuple[str, str], ...]:
    """Return what the signs behind the articles mean."""
    return tuple((f"{sign} {said.say(MARKS[mark])}", "") for mark, sign in SIGNS.items())


def _where(law: Law, text: str, confidence: str, said: Words) -> str:
    """Return an article in the language, with the sign of how sure it is."""
    return f"{cite(law, text, said.language)} {SIGNS[confidence]}"


def _rules(law: Law, said: Words, kinds: Sequence[str]) -> tuple[tuple[str, str], ...]:
    lines = [line for kind in kinds for line in observers(law, kind)]
    return tuple((_text(line.title, said), _where(law, line.cite, line.confidence, said)) for line in lines)


def _text(texts: Mapping[Any, str], said: Words) -> str:
    return text_in(texts, said.language, "")


def _steps(law: Law, said: Words, when: str) -> tuple[tuple[str, str], ...]:
    steps = [step for step in _data()["step"] if step["when"] == when]
    return tuple((_text(step["text"], said), _where(law, step["cite"], "statute", said)) for step in steps)


def _deadlines(law: Law, said: Words) -> Part:
    rows = []
    for entry in calendar(law):
        if entry.opens is None and entry.closes is None:
            continue
        first = entry.opens if entry.opens != entry.closes or entry.opens_hour else None
        cells = [_moment(said, first, entry.opens_hour), _moment(said, entry.closes, entry.closes_hour)]
        rows.append((_text(entry.title, said), *cells, _where(law, entry.cite, entry.confidence, said)))
    columns = kit_columns("deadlines", said)
    return Part(in_kit("deadlines", said), columns=columns, rows=tuple(rows), widths=(44, 19, 19, 18))


def _moment(said: Words, day: date | None, hour: str) -> str:
    return "" if day is None else ", ".join(filter(None, (said.day(day), hour)))


def _letters(form: Form) -> dict[str, str]:
    """Return line of a protocol → the letter that stands for it in the relations; votes for options come last."""
    lines = [line.id for line in form.line]
    return {line: chr(ord("A") + place) for place, line in enumerate([*lines, "options"])}


def _protocol(form: Form, said: Words) -> Part:
    titles = {line.id: _text(line.title or {}, said) for line in form.line} | {"options": in_kit("options", said)}
    rows = tuple((letter, titles[line], "") for line, letter in _letters(form).items())
    columns = kit_columns("protocol", said)
    return Part(in_kit("protocol", said), columns=columns, rows=rows, widths=(8, 64, 28), blank=True)


def _relations(law: Law, form: Form, said: Words) -> Part:
    rows = tuple(
        ("☐", formula, _text(relation.meaning or {}, said), _where(law, relation.cite, relation.confidence, said))
        for relation in form.relation
        if (formula := _formula(relation, form))
    )
    columns, intro = kit_columns("relations", said), in_kit("relations-intro", said)
    return Part(in_kit("relations", said), intro, columns=columns, rows=rows, widths=(6, 22, 50, 22))


def _formula(relation: Relation, form: Form) -> str:
    """Return a relation in letters, `B = C + D`; empty for one between ballot papers of a station."""
    if relation.is_ == "same":
        return ""
    letters = _letters(form)

    def side(terms: Sequence[str]) -> str:
        return " + ".join(letters[term.rstrip("?")] for term in terms)

    return f"{side(relation.left)} {'≤' if relation.is_ == '<=' else '='} {side(relation.right)}"


def _complaints(law: Law, said: Words) -> Part:
    rows = []
    urgent = {rule.id: rule.urgent_days for rule in law.section("complaint")}
    for line in complaints(law):
        decided = _decided(said, line, urgent.get(line.id))
        filed = kit_days(line.file_days, said) if line.file_days is not None else in_kit("any-time", said)
        article = _where(law, line.cite, line.confidence, said)
        rows.append((_text(line.title, said), _text(line.to, said), filed, decided, article))
    columns = kit_columns("complaints", said)
    return Part(in_kit("complaints", said), columns=columns, rows=tuple(rows), widths=(26, 29, 12, 15, 18))


def _decided(said: Words, line: ComplaintLine, urgent: int | None) -> str:
    if line.decide_days is None:
        return in_kit("not-set", said)
    text = kit_days(line.decide_days, said) if line.decide_days else in_kit("same-day", said)
    return text + (in_kit("at-once", said, days=kit_days(urgent, said)) if urgent else "")


def _addresses(said: Words) -> Part:
    rows = tuple((_text(row["body"], said), row["place"], "") for row in _data()["address"])
    columns = kit_columns("addresses", said)
    return Part(in_kit("addresses", said), columns=columns, rows=rows, widths=(36, 38, 26), blank=True)


# ---------------------------------------------------------------- as a page and as a document


def kit_markdown(made: Kit, pdf: str) -> str:
    """Return the kit as a page.

    Args:
        made: what `kit` returned.
        pdf: name of the printable file beside it.
    """
    note = in_kit("print", words(made.language), file=f"[{pdf}]({pdf})")
    lines = [f"# {made.title}", "", made.intro, "", note]
    for part in made.parts:
        lines += ["", f"## {part.title}", ""]
        lines += [part.intro, ""] if part.intro else []
        lines += [f"- {text} *{article}*" if article else f"- {text}" for text, article in part.lines]
        if part.columns:
            lines += [f"| {' | '.join(part.columns)} |", f"|{' --- |' * len(part.columns)}"]
            lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in part.rows]
    return "\n".join(lines) + "\n"


def kit_typst(made: Kit) -> str:
    """Return the kit as a Typst document, every text escaped."""
    keywords = "".join(f'"{label}", ' for label in made.labels)
    page = _PAGE.format(language=made.language, title=made.title, keywords=keywords)
    out = [page, f"= {typed(made.title)}", typed(made.intro), ""]
    for part in made.parts:
        out += [f"== {typed(part.title)}", typed(part.intro), ""]
        out += [f"- {typed(text)} #text(size: 7.5pt, fill: luma(90))[{typed(article)}]" for text, article in part.lines]
        if part.columns:
            out.append(_typst_table(part))
        elif part.blank:
            out += ["#v(1.6em)", "#line(length: 100%, stroke: 0.4pt + luma(120))"] * _RULED
    signature = " #h(1fr) ".join(typed(blank) for blank in made.signature.split("   "))
    rests_on = f"#text(size: 6.5pt, fill: luma(90))[{typed(' · '.join(made.labels))}]"
    return "\n".join([*out, "", "#v(1.2em)", signature, "", "#v(0.6em)", rests_on]) + "\n"


def _typst_table(part: Part) -> str:
    widths = ", ".join(f"{width}fr" for width in part.widths)
    inset = "(x: 4pt, y: 7pt)" if part.blank else "4pt"
    cells = [f"[{typed(cell)}]" for cell in (*part.columns, *(cell for row in part.rows for cell in row))]
    header = ", ".join(cells[: len(part.columns)])
    body = ", ".join(cells[len(part.columns) :])
    return f"#table(columns: ({widths}), inset: {inset}, align: left + horizon, table.header({header}), {body})"


def kit_pdf(made: Kit) -> bytes:
    """Return the kit as a PDF; the same kit gives the same bytes.

    Raises:
        BadInput: the extra `documents` is not installed.
        ValueError: the typesetter warns, as it does where a letter is missing in the font.
    """
    return typeset(kit_typst(made))
