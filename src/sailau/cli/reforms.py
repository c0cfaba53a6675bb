"""Commands for reforms: compare votes under other laws, simulate, find paradoxes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sailau.cli import completion, drawing
from sailau.cli.app import Case, Json, Lang, Language, Set, WithExample, app, print_json, progress
from sailau.cli.drawing import PlotFile, Size, SizeOf
from sailau.cli.screen import To, echo, show_tables

if TYPE_CHECKING:
    from sailau.rulebook import Law


@app.command("compare", cls=WithExample)
def compare_command(
    case: Case,
    under: Annotated[
        list[str] | None,
        typer.Option(
            "--under",
            metavar="LAW[@DAY]",
            help="Another law; @DAY alone for another version of the case's own.",
            autocompletion=completion.laws,
        ),
    ] = None,
    changes: Set = None,
    plot: PlotFile = None,
    size: SizeOf = Size.web,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Ask what other laws would give with these votes, and which of their rules makes the difference."""
    from sailau.election import open_case
    from sailau.rulebook import BadInput, Fault
    from sailau.rulebook.changes import amend, parse_sets
    from sailau.simulation import compare

    election = open_case(case)
    laws: list[Law | str] = [*(under or [])]
    if changes:
        laws.append(amend(election.own_law(), parse_sets(changes)))
    if not laws:
        raise BadInput([Fault("compare", 0, "", "no other law", "--under LAW[@DAY] or --set PATH=VALUE")])
    from sailau.wording.under_laws import comparison_json, comparison_tables

    drawing.check_one(plot)
    comparison = compare(election, laws)
    if plot is not None:
        drawing.draw(comparison, [("", plot)], lang.value, size)
    if json:
        rows = {row.name: row for row in comparison.rows}
        outcomes = {name: row.outcome for name, row in rows.items()}
        print_json(comparison_json(comparison), {name: row.law for name, row in rows.items()}, election, outcomes)
        return
    show_tables(comparison_tables(comparison, lang.value), lang.value, to)


@app.command("simulate", cls=WithExample)
def simulate_command(
    case: Case,
    draws: Annotated[int, typer.Option("--draws", min=1, help="How many elections to draw.")] = 100_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed: the same seed gives the same result anywhere.")] = 1,
    model: Annotated[
        str | None, typer.Option("--model", help="How votes are drawn: swing (the usual one), polls, or a TOML file.")
    ] = None,
    parameter: Annotated[
        list[str] | None, typer.Option("--with", metavar="NAME=VALUE", help="A parameter of the model.")
    ] = None,
    polls: Annotated[Path | None, typer.Option("--polls", help="Draw around the polls of a CSV file.")] = None,
    changes: Set = None,
    vary: Annotated[
        list[str] | None,
        typer.Option("--vary", metavar="PATH=FROM..TO:STEP", help="Sweep a provision; several are swept one by one."),
    ] = None,
    under: Annotated[
        list[str] | None,
        typer.Option(
            "--under",
            metavar="LAW[@DAY]",
            help="Another law on the same draws.",
            autocompletion=completion.laws,
        ),
    ] = None,
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="ADDRESS", help="Address of a Dask scheduler.")
    ] = None,
    threads: Annotated[
        int | None, typer.Option("--threads", min=1, help="Blocks counted side by side; all processors when left out.")
    ] = None,
    parquet: Annotated[Path | None, typer.Option("--parquet", help="Write every draw to a Parquet file.")] = None,
    coalition: Annotated[
        list[str] | None, typer.Option("--coalition", metavar="PARTY,PARTY", help="Parties whose seats are added up.")
    ] = None,
    plot: Annotated[
        list[str] | None,
        typer.Option(
            "--plot",
            metavar="[KIND=]FILE",
            help="Write a plot (.svg or .png): seats, sweep (with --vary), or curve, of votes and seats.",
        ),
    ] = None,
    size: SizeOf = Size.web,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Draw many elections and count them all under one law or several on the same draws."""
    from sailau.rulebook.changes import parse_sets
    from sailau.simulation import simulate
    from sailau.wording.simulation import report_json, report_notes, report_tables

    wanted = drawing.asked(plot, "sweep" if vary else "seats", lambda kind: _check_picture(kind, len(vary or [])))
    with progress("draws", draws) as bar:
        report = simulate(
            case,
            draws=draws,
            seed=seed,
            model=model,
            parameters=parse_sets(parameter or [], "--with", "NAME=VALUE, such as national=0.2"),
            polls=polls,
            sets=changes or [],
            vary=vary,
            under=under or [],
            coalitions=[[member.strip() for member in members.split(",")] for members in coalition or []],
            cluster=cluster,
            threads=threads,
            parquet=parquet,
            progress=lambda done, rate: _advance(bar, done, rate),
        )
    drawing.draw(report, wanted, lang.value, size)
    if json:
        print_json(report_json(report), {v.name: v.law for v in report.job.variants if v.shown}, report.job.election)
    else:
        show_tables(report_tables(report, lang.value), lang.value, to, report_notes(report, lang.value))


def _check_picture(kind: str, sweeps: int) -> None:
    from sailau.pictures.plots import check_kind

    check_kind(kind, sweeps)


def _advance(bar: Any, done: int, rate: float) -> None:
    bar.update(0, completed=done, rate=f"{rate:,.0f}/s", refresh=True)


@app.command("paradox", cls=WithExample)
def paradox_command(
    case: Case,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="What to look for; everything when left out.")
    ] = None,
    seats: Annotated[int | None, typer.Option("--seats", min=1, help="A smaller house, for smaller witnesses.")] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the search.")] = 1,
    tries: Annotated[
        int, typer.Option("--tries", min=1, help="Pairs counted for each kind before giving up.")
    ] = 30_000,
    changes: Set = None,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Search for elections in which the law shows a paradox, and show the smallest found."""
    from sailau.counting import compile as compile_plan
    from sailau.election import open_case
    from sailau.rulebook.changes import amend, parse_sets
    from sailau.simulation.paradox import KINDS, find_paradoxes
    from sailau.wording.simulation import no_paradox, witness_table

    election = open_case(case)
    law = election.own_law()
    law = amend(law, parse_sets(changes)) if changes else law
    kinds = kind or KINDS
    with progress("kinds", len(kinds)) as bar:
        found = find_paradoxes(
            compile_plan(law, election),
            kinds=kinds,
            seats=seats,
            seed=seed,
            tries=tries,
            progress=lambda done: bar.update(0, completed=done, refresh=True),
        )
    if json:
        print_json([witness.to_json() for witness in found], law, election)
        return
    if found:
        show_tables([witness_table(witness, lang.value) for witness in found], lang.value, to)
    else:
        echo(no_paradox(lang.value))
