"""Commands about rule books: list, show, coverage, diff, compare, validate, new, schema."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from sailau.cli import completion
from sailau.cli.app import Json, Lang, Language, LawName, WithExample, law_app, print_json, print_plain_json
from sailau.cli.screen import To, echo, say, show_tables

SHEETS = (".csv", ".xlsx")
"""Endings of files that hold one table: in them a law is a sheet for a reviewer."""


@law_app.command("list", cls=WithExample)
def law_list(to: To = None, json: Json = False, lang: Lang = Language.en) -> None:
    """List the shipped laws and the days on which they change."""
    from sailau.provenance import stamped
    from sailau.rulebook import books, load
    from sailau.rulebook.asked import law_asked

    if not json:
        from sailau.wording.listings import laws_sheet

        show_tables([laws_sheet(map(load, books()), lang.value)], lang.value, to)
        return
    rows = []
    for name in books():
        book = load(name)
        since, until = book.span
        names = book.own["body"]["name"]
        days = [d.isoformat() for d in book.days if d != since]
        rows.append(
            {
                "law": name,
                "name": names,
                "from": since.isoformat(),
                "until": until and until.isoformat(),
                "changes": days,
            }
        )
    print_json([stamped(row, law_asked(row["law"])) for row in rows])


@law_app.command("show", cls=WithExample)
def law_show(
    law: LawName,
    paths: Annotated[
        bool, typer.Option("--paths", help="List the provisions that --set changes, with their values.")
    ] = False,
    sources: Annotated[
        bool, typer.Option("--sources", help="With the edition read, the entry into force and the doubts of each.")
    ] = False,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Show a law as it stands on a day: every provision with its article; as a spreadsheet, a sheet for a reviewer."""
    from sailau import wording
    from sailau.rulebook import entries
    from sailau.rulebook.asked import law_asked

    chosen = law_asked(law)
    if paths:
        show_tables([wording.show_paths(chosen, lang.value)], lang.value, to)
        return
    if json:
        values = {
            path: {**_entry(entry), "from": entry.since, "links": _links(chosen, entry.cite)}
            for path, entry in entries(chosen).items()
        }
        print_json({"law": chosen.id, "day": chosen.day.isoformat(), "provisions": _plain(values)}, chosen)
        return
    if sources or (to is not None and to.suffix in SHEETS):
        sheet = wording.sources_sheet if to is None else wording.review_sheet
        show_tables([sheet(chosen, lang.value)], lang.value, to)
        return
    show_tables([section.table for section in wording.show_law(chosen, lang.value)], lang.value, to)


@law_app.command("coverage", cls=WithExample)
def law_coverage(
    laws: Annotated[list[str] | None, typer.Argument(metavar="LAW...", help="Laws; all of them when left out.")] = None,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Show how much of each law was read in the text: provisions by confidence, editions read."""
    from sailau.provenance import stamped
    from sailau.rulebook import books, load
    from sailau.rulebook.asked import law_asked
    from sailau.rulebook.coverage import coverage
    from sailau.wording.people import coverage_sheet

    names = laws or books()
    rows = [coverage(load(name)) for name in names]
    if json:
        print_json([stamped(row.to_json(), law_asked(name)) for name, row in zip(names, rows, strict=True)])
        return
    show_tables([coverage_sheet(rows, lang.value)], lang.value, to)


@law_app.command("diff", cls=WithExample)
def law_diff(
    before: LawName,
    after: Annotated[
        str,
        typer.Argument(
            metavar="LAW[@DAY]",
            help="Another version, or another law; @DAY alone for the same law on another day.",
            autocompletion=completion.laws,
        ),
    ],
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Show what changed in a law between two polling days, a reform on one screen, or what differs between two laws."""
    from sailau import wording
    from sailau.rulebook import diff
    from sailau.rulebook.asked import law_asked

    old = law_asked(before)
    new = law_asked(f"{before.rpartition('@')[0] or before}{after}" if after.startswith("@") else after)
    changes = diff(old, new)
    if json:
        rows = [
            {"path": c.path, "before": c.before and _entry(c.before), "after": c.after and _entry(c.after)}
            for c in changes
        ]
        days = {"from": old.day.isoformat(), "to": new.day.isoformat()}
        print_json({"law": new.id, **days, "changes": _plain(rows)}, {"before": old, "after": new})
        return
    show_tables([wording.show_diff(changes, old, new, lang.value).table], lang.value, to)


def _entry(entry: Any) -> dict[str, Any]:
    return {"value": entry.value, "cite": entry.cite, "confidence": entry.confidence}


def _links(law: Any, cite: str) -> list[str]:
    """Return where the articles of a citation can be read."""
    return list(dict.fromkeys(link for citation in law.citations(cite) for link in citation.links(law.sources)))


def _plain(value: Any) -> Any:
    """Return data with dates as text, for JSON."""
    if isinstance(value, dict):
        return {key: _plain(v) for key, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value


@law_app.command("compare", cls=WithExample)
def law_compare(
    laws: Annotated[
        list[str],
        typer.Argument(
            metavar="LAW[@DAY]...", help="Two laws or more; @DAY for another version.", autocompletion=completion.laws
        ),
    ],
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Put laws side by side: who may stand, bars, formulas, quotas, powers."""
    from sailau.rulebook.asked import law_asked
    from sailau.wording.laws_compared import compare_laws

    chosen = [law_asked(name) for name in laws]
    comparison = compare_laws(chosen)
    if json:
        print_json(comparison.to_json(), {f"{law.id}@{law.day}": law for law in chosen})
        return
    show_tables(comparison.tables(lang.value), lang.value, to)


@law_app.command("validate", cls=WithExample)
def law_validate(
    laws: Annotated[
        list[str] | None, typer.Argument(metavar="[LAW]...", help="All shipped laws when left out.")
    ] = None,
    lang: Lang = Language.en,
) -> None:
    """Validate rule books, every version and section; exit with 1 where there are faults."""
    from sailau.rulebook import BadInput, books, load
    from sailau.rulebook.validation import faults_of
    from sailau.wording.faults import fault_lines, sound

    bad = False
    for name in laws or books():
        try:
            book = load(name)
            faults = faults_of(book)
        except BadInput as error:
            if not name.endswith(".toml") or not Path(name).is_file():
                raise
            faults = list(error.faults)
        bad = bad or bool(faults)
        lines = fault_lines(BadInput(faults), lang.value) if faults else [sound(name, lang.value)]
        for line in lines:
            say(line)
    if bad:
        raise typer.Exit(1)


@law_app.command("new", cls=WithExample)
def law_new(
    law: Annotated[str, typer.Argument(metavar="COUNTRY/BODY", help="Id of the new law, such as xx/chamber.")],
    to: Annotated[Path, typer.Option("--to", help="Folder in which the file is written.")] = Path(),
    lang: Lang = Language.en,
) -> None:
    """Write a new rule book to start from: a threshold, a formula, one list tier, explained in comments."""
    from sailau.rulebook.template import write_law
    from sailau.wording.faults import next_step

    path = write_law(law, to)
    commands = {"first": f"`sailau law validate {path}`", "second": f"`sailau case new my-election --law {path}`"}
    echo(f"{path}\n{next_step('edit', lang.value, **commands)}")


@law_app.command("schema", cls=WithExample)
def law_schema() -> None:
    """Print the JSON Schema of rule books, for editors."""
    from sailau import SCHEMA
    from sailau.provenance import program
    from sailau.rulebook.jsonschema import book_schema

    print_plain_json({"$comment": f"{program()}, schema {SCHEMA}", **book_schema()})
