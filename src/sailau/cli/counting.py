"""Commands that count: count, explain, check, diff, parliament."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from sailau.cli import completion
from sailau.cli.app import Case, Cases, Json, Lang, Language, Set, WithExample, app, print_json
from sailau.cli.screen import To, echo, show, show_tables


def counted(case: str, changes: list[str] | None) -> Any:
    """Return the outcome of a case under its own law, changed for a what-if where asked."""
    from sailau.counting import count
    from sailau.election import open_case

    return count(*_amended(open_case(case), changes))


def _amended(election: Any, changes: list[str] | None) -> tuple[Any, Any]:
    from sailau.rulebook.changes import amend, parse_sets

    law = election.own_law()
    return (amend(law, parse_sets(changes)) if changes else law), election


@app.command("count", cls=WithExample)
def count_command(
    case: Case,
    changes: Set = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw the seats and the vote (.svg or .png).")
    ] = None,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Count an election: seats by list and district, status, what stays open."""
    from sailau import wording
    from sailau.counting import count
    from sailau.election.case import open_day

    elections = open_day(case)
    if plot is not None:
        _check_plot(plot, len(elections))
    outcomes = [count(*_amended(election, changes)) for election in elections]
    if plot is not None:
        from sailau.pictures.plots import plot as draw

        draw(outcomes[0], plot, language=lang.value)
    if json:
        data = [outcome.to_json() for outcome in outcomes]
        print_json(data[0] if len(data) == 1 else {"cases": data})
        return
    from sailau.wording.document import Document

    shown = [block for outcome in outcomes for block in wording.say_result(outcome, lang.value)]
    show(Document(tuple(shown), lang.value), to)


def _check_plot(file: Path, elections: int) -> None:
    """See to it before anything is counted that there will be a picture and a place for it."""
    from sailau.pictures.plots import check_file
    from sailau.rulebook import BadInput, Fault

    if elections > 1:
        raise BadInput([Fault("--plot", 0, "", f"a day of {elections} elections", "one of them")])
    check_file(file)


Option = Annotated[
    str | None,
    typer.Argument(
        metavar="[NAME]",
        help="A list, candidate, answer or district, by id or name; all when left out.",
        autocompletion=completion.options,
    ),
]


@app.command("explain", cls=WithExample)
def explain_command(
    case: Case, option: Option = None, changes: Set = None, json: Json = False, lang: Lang = Language.en
) -> None:
    """Explain every seat by article, or those of one list or candidate, with its margins."""
    from sailau import wording
    from sailau.rulebook import BadInput, Fault

    outcome = counted(case, changes)
    if option is not None:
        try:
            option = wording.resolve_option(outcome, option)
        except ValueError:
            known = "one of " + ", ".join(wording.known_options(outcome))
            raise BadInput([Fault("explain", 0, "", f"“{option}”", known)]) from None
    if json:
        steps = outcome.steps_json()
        shown = [s for s in steps if option is None or not s["rows"] or option in s["rows"]]
        print_json(shown, outcome.law, outcome.election, outcome)
        return
    echo(wording.explain(outcome, option, lang.value))


@app.command("check", cls=WithExample)
def check_command(cases: Cases = None, to: To = None, json: Json = False, lang: Lang = Language.en) -> None:
    """Compare counted seats with the official ones (official.csv); exit with 1 where they differ."""
    from sailau.counting import count
    from sailau.election import open_case, shipped
    from sailau.integrity.official import check
    from sailau.rulebook import BadInput, Fault

    outcomes, results, skipped = {}, [], []
    for name in cases or shipped():
        election = open_case(name)
        if "official.csv" not in election.files:
            if cases:
                raise BadInput(
                    [Fault(f"{name}/official.csv", 0, "", "no such file", "the official seats to check against")]
                )
            skipped.append(name)
            continue
        outcomes[name] = count(election.own_law(), election)
        results.append((check(outcomes[name]), outcomes[name]))
    if json:
        checks = [result.to_json() for result, _ in results]
        print_json({"checks": checks, "skipped": skipped}, *_bases(outcomes))
    else:
        from sailau.wording.checked import say_checks
        from sailau.wording.document import Document

        show(Document(tuple(say_checks(results, skipped, lang.value)), lang.value), to)
    if any(result.differences for result, _ in results):
        raise typer.Exit(1)


def _bases(outcomes: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    """Return laws, cases and outcomes of several counts by the name of each, for their digests."""
    return {n: o.law for n, o in outcomes.items()}, {n: o.election for n, o in outcomes.items()}, outcomes


@app.command("diff", cls=WithExample)
def diff_command(
    before: Case,
    after: Case,
    same: Annotated[
        list[str] | None, typer.Option("--same", metavar="OLD=NEW", help="A list that was renamed.")
    ] = None,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Compare two elections: shares and swing, seats, turnout."""
    from sailau.parliament.swing import swing
    from sailau.rulebook.changes import parse_sets

    old, new = counted(before, None), counted(after, None)
    swings = swing(old, new, parse_sets(same or []))
    if json:
        told = {"before": before, "after": after, "contests": [s.to_json() for s in swings]}
        print_json(told, *_bases({"before": old, "after": new}))
        return
    from sailau.wording.swing import swing_tables

    show_tables(swing_tables(swings, old, new, lang.value), lang.value, to)


@app.command("parliament", cls=WithExample)
def parliament_command(
    case: Case, changes: Set = None, to: To = None, json: Json = False, lang: Lang = Language.en
) -> None:
    """Say what the chamber can do: indices, voting power, and who can pass or block each decision."""
    from sailau import parliament
    from sailau.wording.parliament import parliament_tables

    outcome = counted(case, changes)
    report = parliament.report(outcome)
    if json:
        print_json(report.to_json(), outcome.law, outcome.election, outcome)
        return
    show_tables(parliament_tables(report, lang.value), lang.value, to)
