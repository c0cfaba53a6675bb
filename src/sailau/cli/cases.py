"""Commands about case folders: list, show, new, validate."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sailau.cli import completion
from sailau.cli.app import Case, Cases, Json, Lang, Language, WithExample, case_app, print_json
from sailau.cli.screen import To, echo, say, show, show_tables


@case_app.command("list", cls=WithExample)
def case_list(to: To = None, json: Json = False, lang: Lang = Language.en) -> None:
    """List the shipped elections."""
    from sailau.election import open_case, shipped
    from sailau.provenance import stamped

    elections = [open_case(name) for name in shipped()]
    if json:
        rows = [{"case": e.name, "law": e.law, "day": e.day.isoformat(), "title": dict(e.titles)} for e in elections]
        print_json([stamped(row, e.own_law(), e) for row, e in zip(rows, elections, strict=True)])
        return
    from sailau.wording.listings import cases_sheet

    show_tables([cases_sheet(elections, lang.value)], lang.value, to)


@case_app.command("show", cls=WithExample)
def case_show(case: Case, to: To = None, json: Json = False, lang: Lang = Language.en) -> None:
    """Show what is known of an election: figures by ballot paper, turnout, findings, notes, sources."""
    from sailau.counting import count
    from sailau.election import open_case
    from sailau.wording.case import case_json, say_case
    from sailau.wording.document import Document

    election = open_case(case)
    outcome = count(election.own_law(), election)
    if json:
        print_json(case_json(outcome), outcome.law, election, outcome)
        return
    show(Document(tuple(say_case(outcome, lang.value)), lang.value), to)


@case_app.command("new", cls=WithExample)
def case_new(
    name: Annotated[str, typer.Argument(metavar="FOLDER", help="The new case folder.")],
    law: Annotated[
        str,
        typer.Option(
            "--law",
            metavar="LAW[@DAY]",
            help="A law, or a rule book that is copied in; @DAY for a polling day.",
            autocompletion=completion.laws,
        ),
    ],
    lang: Lang = Language.en,
) -> None:
    """Write a new case folder with the files and columns that its law reads."""
    from sailau.election.template import write_case
    from sailau.rulebook.asked import book_asked, latest
    from sailau.wording.faults import next_step

    book, day = book_asked(law)
    path = write_case(Path(name), book, day or latest(book))
    commands = {"first": f"`sailau case validate {path}`", "second": f"`sailau count {path}`"}
    echo(f"{path}\n{next_step('fill', lang.value, **commands)}")


@case_app.command("generate", cls=WithExample)
def case_generate(
    name: Annotated[str, typer.Argument(metavar="FOLDER", help="The new case folder.")],
    law: Annotated[
        str, typer.Option("--law", metavar="LAW[@DAY]", help="A law and a polling day.", autocompletion=completion.laws)
    ],
    stations: Annotated[int, typer.Option("--stations", metavar="N", help="Polling stations.")] = 100,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same election.")] = 1,
    flaws: Annotated[
        list[str] | None,
        typer.Option(
            "--share", metavar="WHAT=SHARE", help="Protocols that are wrong, corrected, late or missing: wrong=1%."
        ),
    ] = None,
    parquet: Annotated[
        bool, typer.Option("--parquet", help="Units and returns as Parquet, for many stations.")
    ] = False,
    parts: Annotated[
        bool, typer.Option("--parts", help="The same, the returns in one file for each unit right below the whole.")
    ] = False,
    lang: Lang = Language.en,
) -> None:
    """Make an election up, station by station, to try a tabulation with; everything in it says that it is synthetic."""
    from sailau.rulebook.asked import book_asked, latest
    from sailau.simulation.stations import generate, read_flaws
    from sailau.wording.faults import next_step

    book, day = book_asked(law)
    shares = read_flaws(flaws or [])
    made = partial(generate, Path(name), book, day or latest(book), stations, seed=seed, flaws=shares)
    path = made(parquet="parts") if parts else made(parquet=parquet)
    commands = {"first": f"`sailau tabulate {path}`", "second": f"`sailau count {path}`"}
    echo(f"{path}\n{next_step('made', lang.value, **commands)}")


@case_app.command("validate", cls=WithExample)
def case_validate(cases: Cases = None, lang: Lang = Language.en) -> None:
    """Validate case folders: every fault of every file; exit with 1 where there are any."""
    from sailau.counting import compile as compile_plan
    from sailau.election import shipped
    from sailau.election.case import open_day
    from sailau.rulebook import BadInput
    from sailau.wording.faults import fault_lines, sound

    bad = False
    for name in cases or shipped():
        if not Path(name).exists() and name not in shipped():
            open_day(name)
        try:
            for election in open_day(name):
                compile_plan(election.own_law(), election)
            lines = [sound(name, lang.value)]
        except BadInput as error:
            bad = True
            lines = fault_lines(error, lang.value)
        for line in lines:
            say(line)
    if bad:
        raise typer.Exit(1)
