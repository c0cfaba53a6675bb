"""Commands on protocols and files of others: tabulate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sailau.cli.app import Case, Json, Lang, Language, WithExample, app, print_json, progress
from sailau.cli.screen import To, echo, show


@app.command("tabulate", cls=WithExample)
def tabulate_command(
    ctx: typer.Context,
    case: Case,
    by: Annotated[str | None, typer.Option("--by", metavar="LEVEL", help="Totals of the units of this level.")] = None,
    warn: Annotated[
        list[str] | None,
        typer.Option(
            "--warn",
            metavar="WHAT=SHARE",
            help="Note shares from a limit on: invalid=3%, turnout=95%, home, against; with --previous jump=10%.",
        ),
    ] = None,
    previous: Annotated[
        str | None,
        typer.Option(
            "--previous", metavar="CASE", help="The election before, for turnout that jumps (--warn jump=10%)."
        ),
    ] = None,
    interim: Annotated[
        Path | None,
        typer.Option(
            "--interim",
            metavar="FILE",
            help="Turnout told during the day (.csv: unit, time, count): note where it falls.",
        ),
    ] = None,
    findings: Annotated[
        Path | None, typer.Option("--findings", metavar="FILE", help="Write every finding to a .csv file.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write a report page (.html).")
    ] = None,
    decisive: Annotated[
        bool, typer.Option("--decisive", help="Say which seats the votes that protocols do not explain could change.")
    ] = False,
    per_missing: Annotated[
        int,
        typer.Option(
            "--per-missing", metavar="N", min=0, help="With --decisive: votes that a missing protocol may hold."
        ),
    ] = 0,
    sources: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="TABLE=SOURCE",
            help="Read returns, units or protocols from elsewhere: a file (.xlsx, .csv, .parquet) or a table of a"
            " database, returns=postgresql://host/db#lines.",
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            "--cluster", metavar="ADDRESS", help="Add up the Parquet parts of returns.parquet/ on a Dask cluster."
        ),
    ] = None,
    show_sql: Annotated[bool, typer.Option("--show-sql", help="Show the statements of the database.")] = False,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Add up the protocols of a case or a polling day: what is in, totals, what does not add up, what is left out."""
    from contextlib import ExitStack
    from functools import partial

    from sailau.election.case import open_day
    from sailau.tabulation.report import reports
    from sailau.tabulation.totals import LISTED, Asked

    opened = ExitStack()
    ctx.call_on_close(opened.close)
    elections = [opened.enter_context(_from_sources(case, sources))] if sources else open_day(case)
    _check_level(elections, by)
    if show_sql:
        for statement in [s for election in elections for s in _statements(case, election, len(elections))]:
            echo(f"{statement};\n")
        return
    limits = _limits(warn or [])
    jump = limits.pop("jump", None)
    if (jump is None) != (previous is None):
        from sailau.rulebook import BadInput, Fault

        raise BadInput([Fault("--previous", 0, "", "one without the other", "--previous CASE and --warn jump=SHARE")])
    with _machines(cluster, elections) as spread, _bar(elections) as bar:
        listed = _ALL if findings is not None else LISTED
        advance = None if bar is None else partial(_advance, bar)
        made = reports(elections, Asked(limits, listed, spread, decisive or per_missing > 0, advance))
    made = [_beside(report, previous, jump, interim) for report in made]
    if findings is not None:
        _write_findings(findings, made, lang.value)
    decided = [_decided(r, per_missing) for r in made] if decisive or per_missing else []
    if report is not None:
        _write_report(report, made, by, lang.value)
    if json:
        data = [r.to_json(by) for r in made]
        for one, answer in zip(decided, data, strict=False):
            answer["decisive"] = one.to_json()
        laws, cases = {r.election.name: r.law for r in made}, {r.election.name: r.election for r in made}
        if len(data) == 1:
            print_json(data[0], made[0].law, made[0].election)
        else:
            print_json({"cases": data}, laws, cases)
        return
    from sailau.wording.document import Document
    from sailau.wording.tabulation import say_decisive, say_tabulation

    blocks = [block for r in made for block in say_tabulation(r, lang.value, by)]
    for r, one in zip(made, decided, strict=False):
        blocks += say_decisive(r, one, lang.value)
    show(Document(tuple(blocks), lang.value), to)


def _bar(elections: list[Any]) -> Any:
    """Return a progress bar where tables are many enough to be waited for."""
    from contextlib import nullcontext

    return progress("parts", 1) if any(e.tables is not None for e in elections) else nullcontext()


def _advance(bar: Any, done: int, total: int) -> None:
    bar.update(0, completed=done, total=total, refresh=True)


def _beside(report: Any, previous: str | None, jump: Any, interim: Path | None) -> Any:
    """Return a report that also notes turnout unlike that of the election before, or that fell during the day."""
    from dataclasses import replace

    from sailau.election import open_case
    from sailau.tabulation import tabulate
    from sailau.tabulation.beside import falls, jumps, read_told

    noted = list(report.across)
    if previous is not None:
        before = open_case(previous)
        noted += jumps(report.tabulation, tabulate(before, before.own_law()), jump)
    if interim is not None:
        noted += falls(report.tabulation, read_told(interim, report.election))
    return replace(report, across=tuple(noted))


def _from_sources(case: str, texts: list[str]) -> Any:
    """Return a context that gives a case some of whose tables lie elsewhere."""
    from sailau.exchange.sources import case_from
    from sailau.rulebook import BadInput, Fault

    sources = {}
    for text in texts:
        name, _, source = text.partition("=")
        if not source or name in sources:
            raise BadInput([Fault("--from", 0, "", f"“{name}”", "TABLE=SOURCE, each table once")])
        sources[name] = source
    return case_from(case, sources)


def _machines(address: str | None, elections: list[Any]) -> Any:
    """Return a context that gives what spreads work over a cluster, None where none is asked for."""
    from contextlib import nullcontext

    from sailau.rulebook import BadInput, Fault

    if address is None:
        return nullcontext()
    for election in elections:
        path = election.tables.paths.get("returns") if election.tables is not None else None
        if path is None or not path.is_dir():
            expected = "a folder returns.parquet, one part or more for each unit right below the whole"
            raise BadInput([Fault("--cluster", 0, "", f"{election.name} without parts", expected)])
    from sailau.simulation.cluster import machines

    return machines(address)


def _decided(report: Any, per_missing: int) -> Any:
    from sailau.counting import compile as compile_plan
    from sailau.simulation.decisive import decisiveness

    plan = compile_plan(report.law, report.election, report.tabulation)
    return decisiveness(plan, report.tabulation, per_missing=per_missing)


_ALL = 1_000_000
"""Breaches of one relation that are written to a file."""


def _limits(warn: list[str]) -> dict[str, Any]:
    from sailau.rulebook import BadInput, Fault
    from sailau.rulebook.provision import share
    from sailau.tabulation.forms import LIMITED

    limits = {}
    for text in warn:
        name, _, value = text.partition("=")
        try:
            limits[name] = share(value)
        except ValueError:
            raise BadInput([Fault("--warn", 0, "", f"“{text}”", "a share, such as invalid=3%")]) from None
        known = (*LIMITED, "jump")
        if name not in known or not 0 < limits[name] <= 1:
            raise BadInput([Fault("--warn", 0, "", f"“{text}”", f"one of {', '.join(known)} and a share up to 100%")])
    return limits


def _check_level(elections: list[Any], level: str | None) -> None:
    from sailau.rulebook import BadInput, Fault

    known = {u.level for e in elections for u in e.units.values() if u.level}
    if level is not None and level not in known:
        raise BadInput(
            [Fault("--by", 0, "", f"“{level}”", f"a level of units.csv: {', '.join(sorted(known)) or 'none'}")]
        )


def _statements(case: str, election: Any, number: int) -> list[str]:
    """Return the statements of the database; a small case is read by it for once."""
    from sailau.election.files import find
    from sailau.election.large import LargeTables
    from sailau.rulebook import BadInput, Fault
    from sailau.tabulation.database import statements

    tables = election.tables
    if tables is None:
        folder = find(case)
        if folder.path is None or number > 1:
            raise BadInput([Fault("--show-sql", 0, "", "an archive or a polling day", "a case folder")])
        names = {name: folder.path / f"{name}.csv" for name in ("units", "returns", "protocols")}
        tables = LargeTables({name: path for name, path in names.items() if path.is_file()}, folder)
    return statements(election, tables, election.own_law())


def _write_findings(file: Path, made: list[Any], language: str) -> None:
    from sailau.rulebook import BadInput, Fault
    from sailau.wording.document import Document
    from sailau.wording.rendering import csv_text
    from sailau.wording.tabulation import findings_table
    from sailau.writing import write_whole

    if file.suffix != ".csv":
        raise BadInput([Fault("--findings", 0, "", f"“{file}”", "a file that ends with .csv")])
    write_whole(file, csv_text(Document(tuple(findings_table(r, language) for r in made), language)))


def _write_report(file: Path, made: list[Any], by: str | None, language: str) -> None:
    from sailau.rulebook import BadInput, Fault
    from sailau.wording.document import Document
    from sailau.wording.rendering import html
    from sailau.wording.tabulation import say_tabulation
    from sailau.writing import write_whole

    if file.suffix != ".html":
        raise BadInput([Fault("--report", 0, "", f"“{file}”", "a file that ends with .html")])
    blocks = tuple(block for r in made for block in say_tabulation(r, language, by, shown=1000))
    write_whole(file, html(Document(blocks, language)))


@app.command("import", cls=WithExample)
def import_command(
    source: Annotated[
        Path, typer.Argument(metavar="SOURCE", help="A folder of files, or one file of another program.")
    ],
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="The new case folder.")],
    mapping: Annotated[
        str | None, typer.Option("--mapping", metavar="NAME|FILE", help="A mapping: a shipped one or your own (.toml).")
    ] = None,
    law: Annotated[
        str | None, typer.Option("--law", metavar="LAW[@DAY]", help="The law, where a file does not name one of ours.")
    ] = None,
) -> None:
    """Turn files of others into a case: any tables by a mapping, or a file that EML or NIST's format describes itself."""
    from sailau.rulebook import BadInput, Fault

    if mapping is not None:
        from sailau.exchange.mapping import import_files, read_mapping

        if not source.is_dir():
            raise BadInput([Fault(str(source), 0, "", "no folder", "the folder of the files that the mapping names")])
        path = import_files(read_mapping(mapping), source, to)
    else:
        from sailau.exchange.formats import import_file

        path = import_file(source, to, law)
    echo(f"{path}\nNext: `sailau tabulate {path}`, then `sailau count {path}` and `sailau check {path}`")


@app.command("export", cls=WithExample)
def export_command(
    case: Case,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="FORMAT",
            help="csv, parquet, xlsx, nist-xml, nist-json, eml, datapackage, actasum; as PDF: protocol, summary, act.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Where it is written; else here, by the name of the case."),
    ] = None,
    contest: Annotated[
        str, typer.Option("--contest", help="Ballot paper of a protocol or a summary; else the first.")
    ] = "",
    unit: Annotated[str, typer.Option("--unit", help="Station of a protocol, unit of a summary; else the whole.")] = "",
    blank: Annotated[bool, typer.Option("--blank", help="A protocol to be filled in by hand.")] = False,
    lang: Lang = Language.en,
) -> None:
    """Write a case in a format of others, or its official papers: protocol of a station, summary, act of results."""
    from sailau.election import open_case
    from sailau.exchange.documents import PAPERS, write_paper
    from sailau.exchange.formats import export

    election = open_case(case)
    if to in PAPERS:
        path = out or Path(f"{election.name}-{to}.pdf")
        echo(str(write_paper(election, to, path, lang.value, (contest, unit, blank))))
        return
    echo(str(export(election, to, out, lang.value)))
