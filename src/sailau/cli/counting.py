"""Commands that count: count, explain, check, diff, parliament."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from sailau.cli import completion, drawing
from sailau.cli.app import Case, Cases, Json, Lang, Language, Set, WithExample, app, print_json
from sailau.cli.drawing import PlotFile, Size, SizeOf
from sailau.cli.screen import To, columns, echo, show, show_tables

EXPLAINED = 117
"""Columns of an explanation at most: longer lines are hard to read."""


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
        list[str] | None,
        typer.Option(
            "--plot",
            metavar="[KIND=]FILE",
            help="Draw a picture (.svg or .png): chamber (seats and votes), or why (why each list has its seats).",
        ),
    ] = None,
    size: SizeOf = Size.web,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="LEVEL", help="Who came first in every region, district … and has its seats."),
    ] = None,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Count an election: seats by list and district, status, what stays open."""
    from sailau import wording
    from sailau.counting import count
    from sailau.election.case import open_day
    from sailau.rulebook import BadInput, Fault

    elections = open_day(case)
    wanted = drawing.asked(plot, "chamber", _check_picture)
    if wanted and len(elections) > 1:
        raise BadInput([Fault("--plot", 0, "", f"a day of {len(elections)} elections", "one of them")])
    outcomes = [count(*_amended(election, changes)) for election in elections]
    drawing.draw(outcomes[0], wanted, lang.value, size)
    if json:
        data = [outcome.to_json() for outcome in outcomes]
        print_json(data[0] if len(data) == 1 else {"cases": data})
        return
    from sailau.wording.document import Document

    shown = [block for outcome in outcomes for block in wording.say_result(outcome, lang.value)]
    if by is not None:
        shown = [block for outcome in outcomes for block in _by_area(outcome, by, lang.value)]
    show(Document(tuple(shown), lang.value), to)


def _by_area(outcome: Any, by: str, language: str) -> list[Any]:
    """Return an outcome by the units of a level, which is found by its name in any language."""
    from sailau import wording
    from sailau.naming import Names
    from sailau.rulebook import BadInput, Fault
    from sailau.wording.areas import area_blocks, levels_of

    named = [levels_of(outcome, code) for code in wording.LANGUAGES]
    levels = Names({level: [names[level] for names in named] for level in named[0]})
    level = levels.find(by)
    if level is None:
        raise BadInput([Fault("--by", 0, "", f"“{by}”", levels.expected(by, "a level of the units of this case"))])
    heading, *_, status = wording.say_result(outcome, language)
    return [heading, *area_blocks(outcome, level, language), status]


def _check_picture(kind: str) -> None:
    from sailau.pictures.plots import check_count

    check_count(kind)


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
    case: Case,
    option: Option = None,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="UNIT", help="Explain the seats of one district, by id or name.")
    ] = None,
    changes: Set = None,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Explain every seat by article, or those of one list or candidate, with its margins."""
    from sailau import wording
    from sailau.rulebook import BadInput, Fault

    if option is not None and unit is not None:
        raise BadInput([Fault("explain", 0, "", "a name and --unit", "one of them")])
    outcome = counted(case, changes)
    wanted = option if unit is None else unit
    if wanted is not None:
        found = wording.find_option(outcome, wanted) if unit is None else wording.find_unit(outcome, wanted)
        if found is None:
            names = wording.explainable(outcome) if unit is None else wording.explainable_units(outcome)
            what = "a list, a candidate, an answer or a district" if unit is None else "a district"
            where = f"sailau count {case} --json"
            raise BadInput([Fault("explain", 0, "", f"“{wanted}”", names.expected(wanted, what, where))])
        option = found
    if json:
        steps = outcome.steps_json()
        shown = [s for s in steps if option is None or not s["rows"] or option in (s["unit"], *s["rows"])]
        print_json(shown, outcome.law, outcome.election, outcome)
        return
    if to is not None:
        from sailau.wording.reasons import explained

        show(explained(outcome, option, lang.value), to)
        return
    echo(wording.explain(outcome, option, lang.value, min(columns(), EXPLAINED)))


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
    plot: PlotFile = None,
    size: SizeOf = Size.web,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Compare two elections: shares and swing, seats, turnout."""
    from sailau.parliament.swing import swing

    drawing.check_one(plot)
    old, new = counted(before, None), counted(after, None)
    swings = swing(old, new, _renamed(same, old, new))
    if plot is not None:
        drawing.draw(_largest(old, new, swings), [("", plot)], lang.value, size)
    if json:
        told = {"before": before, "after": after, "contests": [s.to_json() for s in swings]}
        print_json(told, *_bases({"before": old, "after": new}))
        return
    from sailau.wording.swing import swing_tables

    show_tables(swing_tables(swings, old, new, lang.value), lang.value, to)


def _renamed(same: list[str] | None, before: Any, after: Any) -> dict[str, str]:
    """Return id before → id after of lists that were renamed; both are found by any of their names."""
    from sailau.rulebook import BadInput, Fault
    from sailau.rulebook.changes import parse_sets
    from sailau.wording import explainable, find_option

    renamed = {}
    for old, new in parse_sets(same or [], "--same", "OLD=NEW, such as old-party=new-party").items():
        ids = []
        for outcome, name in ((before, old), (after, new)):
            found = find_option(outcome, name)
            if found is None:
                what = f"a list of {outcome.election.name}"
                raise BadInput([Fault("--same", 0, "", f"“{name}”", explainable(outcome).expected(name, what))])
            ids.append(found)
        renamed[ids[0]] = ids[1]
    return renamed


def _largest(before: Any, after: Any, swings: Any) -> Any:
    """Return the change of the ballot paper with most votes."""
    from sailau.pictures.change import TwoElections
    from sailau.rulebook import BadInput, Fault

    if not swings:
        raise BadInput([Fault("--plot", 0, "", "no ballot paper in common", "two elections of one body")])
    largest = max(swings, key=lambda s: (s.pedersen is not None, sum(after.contests[s.contest].votes.values())))
    return TwoElections(before, after, largest)


@app.command("parliament", cls=WithExample)
def parliament_command(
    case: Case,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="PART", help="Parts to show: indices, power, decisions, government, balance, reforms."
        ),
    ] = None,
    changes: Set = None,
    plot: PlotFile = None,
    size: SizeOf = Size.web,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Say what the chamber can do: indices, voting power, and who can pass or block each decision."""
    from sailau import parliament
    from sailau.wording.parliament import parliament_tables

    parts = _parts(only)
    drawing.check_one(plot)
    outcome = counted(case, changes)
    report = parliament.report(outcome)
    if plot is not None:
        drawing.draw(report, [("", plot)], lang.value, size)
    if json:
        print_json(report.to_json(), outcome.law, outcome.election, outcome)
        return
    show_tables(parliament_tables(report, lang.value, parts), lang.value, to)


def _parts(only: list[str] | None) -> tuple[str, ...]:
    """Return the parts of a parliament that are to be shown, all of them where none is said."""
    from sailau.naming import Names
    from sailau.rulebook import BadInput, Fault
    from sailau.wording.parliament import PARTS

    names = Names(dict.fromkeys(PARTS, ()))
    wanted = [part.strip() for text in only or PARTS for part in text.split(",")]
    for part in wanted:
        if part not in PARTS:
            raise BadInput([Fault("--only", 0, "", f"“{part}”", names.expected(part, "a part"))])
    return tuple(wanted)
