"""The observer's kit: rights, deadlines, control relations of a protocol, where to complain – a page and a printable PDF.

Rights, duties, deadlines, complaints, the form of the protocol and its relations are read from the rule book; the steps of
the count and the addresses stand in `observer_kit.toml`, for the country and the polling days whose text was read.
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
from sailau.naming import Names
from sailau.nomination import calendar, complaints, observers, region_names
from sailau.nomination.authorities import ComplaintLine
from sailau.provenance import labels
from sailau.rulebook import BadInput, Fault, Law, books, load
from sailau.rulebook.asked import latest
from sailau.rulebook.forms import Form, Relation, form_of
from sailau.rulebook.marks import visible
from sailau.wording import document
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
_OPTIONS = 8
"""Lines of a protocol for votes for parties or candidates."""


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
        places: where the observers are, as they named it.
        labels: what it rests on: program, schema, law and its digest.
    """

    language: str
    title: str
    intro: str
    places: tuple[str, ...]
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


def kit(law: Law, language: str = "en", units: Sequence[str] = ()) -> Kit:
    """Return the kit for the observers of one vote.

    Args:
        law: the law of the polling day.
        language: `en`, `kk` or `ru`.
        units: where they observe: a region of the rule book by id or name, or a polling station as people call it; each gets
            a protocol of its own to fill in.

    Raises:
        BadInput: a law that says nothing of observers.
    """
    said = words(language)
    if not observers(law):
        raise BadInput([Fault(law.id, 0, "", "no rules for observers", f"one of {', '.join(_with_observers())}")])
    places = tuple(_place(law, unit, language) for unit in units)
    parts = [
        Part(in_kit("key", said), lines=_key(said)),
        Part(in_kit("who", said), lines=_rules(law, said, ("who", "accreditation", "presence", "foreign"))),
        Part(in_kit("rights", said), lines=_rules(law, said, ("right",))),
        Part(in_kit("duties", said), lines=_rules(law, said, ("duty",))),
        _deadlines(law, said),
        Part(in_kit("day", said), lines=_steps(law, said, "day")),
        Part(in_kit("count", said), lines=_steps(law, said, "count")),
        *(part for form in _forms(law) for part in _papers(law, form, places, said)),
        _complaints(law, said),
        _addresses(law, said),
        Part(in_kit("notes", said), blank=True),
    ]
    intro = in_kit("for", said, law=text_in(law.body.name, language, law.id), day=said.day(law.day))
    mark = labels(law=law)
    rests_on = (mark["program"], f"schema {mark['schema']}", f"{law.id}@{law.day}", mark["law-digest"])
    shown = tuple(part for part in parts if part.lines or part.rows or part.blank)
    return Kit(language, in_kit("title", said), intro, places, shown, in_kit("signature", said), rests_on)


def _with_observers() -> list[str]:
    """Return the ids of the laws that say what observers may do."""
    return [name for name in books() if load(name).on(latest(load(name))).section("observer")]


def _place(law: Law, unit: str, language: str) -> str:
    """Return where somebody observes: the name of a region in the language, else as it was written."""
    names = region_names(law)
    region = Names({name: called.values() for name, called in names.items()}).find(unit)
    return visible(text_in(names[region], language, region)) if region else visible(unit)


def _forms(law: Law) -> list[Form]:
    """Return the forms of the law's ballot papers, each once."""
    forms = [form_of(law, contest) for contest in law.contests]
    return list({form.id: form for form in forms if form is not None}.values())


def _papers(law: Law, form: Form, places: Sequence[str], said: Words) -> list[Part]:
    """Return a protocol to fill in for every place, and the relations once."""
    return [*(_protocol(form, place, said) for place in places or ("",)), _relations(law, form, said)]


def _key(said: Words) -> tuple[tuple[str, str], ...]:
    """Return what the signs behind the articles mean."""
    signs = [f"{sign} {said.say(MARKS[mark])}" for mark, sign in SIGNS.items()]
    return tuple((text, "") for text in (*signs, in_kit("letters", said, letters="A, B, C …"), in_kit("box", said)))


def _where(law: Law, text: str, confidence: str, said: Words) -> str:
    """Return an article in the language, with the sign of how sure it is."""
    return f"{cite(law, text, said.language)}\u00a0{SIGNS[confidence]}"


def _rules(law: Law, said: Words, kinds: Sequence[str]) -> tuple[tuple[str, str], ...]:
    lines = [line for kind in kinds for line in observers(law, kind)]
    return tuple((_text(line.title, said), _where(law, line.cite, line.confidence, said)) for line in lines)


def _text(texts: Mapping[Any, str], said: Words) -> str:
    return text_in(texts, said.language, "")


def _steps(law: Law, said: Words, when: str) -> tuple[tuple[str, str], ...]:
    data = _country(law)
    if law.day < data.get("since", date.max):
        return ()
    confidence = "statute" if law.day >= data["read"] else "unverified"
    steps = [step for step in data["step"] if step["when"] == when]
    return tuple((_text(step["text"], said), _where(law, step["cite"], confidence, said)) for step in steps)


def _country(law: Law) -> Mapping[str, Any]:
    """Return what the country of a law has beside its rules; nothing for countries that nobody wrote it for."""
    country: Mapping[str, Any] = _data().get(law.id.partition("/")[0], {})
    return country


def _deadlines(law: Law, said: Words) -> Part:
    rows = []
    for entry in calendar(law):
        if entry.opens is None and entry.closes is None:
            continue
        first = entry.opens if entry.opens != entry.closes or entry.opens_hour else None
        cells = [_moment(said, first, entry.opens_hour), _moment(said, entry.closes, entry.closes_hour)]
        rows.append((_text(entry.title, said), *cells, _where(law, entry.cite, entry.confidence, said)))
    columns = kit_columns("deadlines", said)
    return Part(in_kit("deadlines", said), columns=columns, rows=tuple(rows), widths=(40, 17, 18, 25))


def _moment(said: Words, day: date | None, hour: str) -> str:
    return "" if day is None else ", ".join(filter(None, (said.day(day), hour)))


def _letters(form: Form) -> dict[str, str]:
    """Return line of a protocol → the letter that stands for it in the relations; votes for options come last."""
    lines = [line.id for line in form.line]
    return {line: chr(ord("A") + place) for place, line in enumerate([*lines, "options"])}


def _protocol(form: Form, place: str, said: Words) -> Part:
    titles = {line.id: _text(line.title or {}, said) for line in form.line} | {"options": in_kit("options", said)}
    rows = [(letter, titles[line], "") for line, letter in _letters(form).items()]
    rows += [(str(number), in_kit("votes-for", said), "") for number in range(1, _OPTIONS + 1)]
    columns, title = kit_columns("protocol", said), in_kit("protocol", said)
    intro = _text(form.title or {}, said)
    shown = f"{title} – {place}" if place else title
    return Part(shown, intro, columns=columns, rows=tuple(rows), widths=(8, 64, 28), blank=True)


def _relations(law: Law, form: Form, said: Words) -> Part:
    rows = tuple(
        ("☐", formula, _text(relation.meaning or {}, said), _where(law, relation.cite, relation.confidence, said))
        for relation in form.relation
        if (formula := _formula(relation, form))
    )
    columns, intro = kit_columns("relations", said), in_kit("relations-intro", said)
    return Part(in_kit("relations", said), intro, columns=columns, rows=rows, widths=(5, 20, 50, 25))


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


def _addresses(law: Law, said: Words) -> Part:
    rows = tuple((_text(row["body"], said), row["place"], "") for row in _country(law).get("address", ()))
    columns = kit_columns("addresses", said)
    return Part(in_kit("addresses", said), columns=columns, rows=rows, widths=(36, 38, 26), blank=bool(rows))


# ---------------------------------------------------------------- as a document and as a paper


def kit_document(made: Kit, pdf: str = "") -> document.Document:
    """Return the kit as a document: for a screen, a page or a spreadsheet.

    Args:
        made: what `kit` returned.
        pdf: name of the printable file beside it.
    """
    said = words(made.language)
    blocks: list[document.Block] = [document.Paragraph(made.intro)]
    blocks += [document.Paragraph(", ".join(made.places), "strong")] if made.places else []
    blocks += [document.Note(in_kit("print", said, file=pdf))] if pdf else []
    for part in made.parts:
        blocks += _blocks(part, said)
    return document.Document(tuple(blocks), made.language, title=made.title)


def _blocks(part: Part, said: Words) -> list[document.Block]:
    if part.columns:
        columns = tuple(document.Column(head) for head in part.columns)
        rows = tuple(tuple(document.Cell(cell) for cell in row) for row in part.rows)
        return [document.Table(part.title, columns, rows, part.intro)]
    if not part.lines:
        return []
    if not any(article for _, article in part.lines):
        return [document.Heading(part.title), document.Items(tuple(text for text, _ in part.lines))]
    what, *_, where = kit_columns("deadlines", said)
    heads = (document.Column(what), document.Column(where, "article"))
    return [document.Table(part.title, heads, tuple((document.Cell(t), document.article(a)) for t, a in part.lines))]


def kit_typst(made: Kit) -> str:
    """Return the kit as a Typst document, every text escaped."""
    keywords = "".join(f'"{label}", ' for label in made.labels)
    page = _PAGE.format(language=made.language, title=made.title, keywords=keywords)
    out = [page, f"= {typed(made.title)}", typed(made.intro), ""]
    out += [f"*{typed(', '.join(made.places))}*", ""] if made.places else []
    for part in made.parts:
        out.append(_typst_part(part))
    signature = " #h(1fr) ".join(typed(blank) for blank in made.signature.split("   "))
    rests_on = f"#text(size: 6.5pt, fill: luma(90))[{typed(' · '.join(made.labels))}]"
    return "\n".join([*out, "", "#v(1.2em)", signature, "", "#v(0.6em)", rests_on]) + "\n"


def _typst_part(part: Part) -> str:
    """Return one part; what is filled in by hand is not torn apart by the end of a page."""
    out = [f"== {typed(part.title)}", typed(part.intro), ""]
    out += [f"- {typed(text)} #text(size: 7.5pt, fill: luma(90))[{typed(article)}]" for text, article in part.lines]
    if part.columns:
        out.append(_typst_table(part))
    elif part.blank:
        out += ["#v(1.6em)", "#line(length: 100%, stroke: 0.4pt + luma(120))"] * _RULED
    text = "\n".join(out)
    return f"#block(breakable: false)[\n{text}\n]" if part.blank else text


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
