"""Commands about observers, audits and forensics."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer

from sailau.cli.app import Json, Lang, Language, WithExample, app, audit_app, observe_app, print_json
from sailau.cli.integrity import refused
from sailau.cli.screen import To, illustrated, show

Source = Annotated[str, typer.Argument(metavar="CASE|BUNDLE", help="A case, or a published log.")]
Copies = Annotated[Path, typer.Argument(metavar="COPIES", help="CSV: copy,station,contest,line,count.")]
Seed = Annotated[str, typer.Option("--seed", help="The public seed, such as the eyes of twenty dice.")]
Risk = Annotated[str, typer.Option("--risk", help="Risk limit: the largest chance that a wrong result passes.")]
Level = Annotated[str, typer.Option("--level", help="Of party lists: exact (every seat) or quota (whole quotas).")]
Trusted = Annotated[
    str, typer.Option("--trusted", help="What is compared with: recount (of ballots) or copies (of observers).")
]
Draws = Annotated[int | None, typer.Option("--draws", min=1, help="How many draws; the first sample otherwise.")]


@contextmanager
def answered(place: str) -> Iterator[None]:
    """Turn what the mathematics refuses into faults that a person reads."""
    from sailau.rulebook.faults import BadInput, Fault

    with refused():
        try:
            yield
        except BadInput:
            raise
        except ValueError as error:
            if type(error).__name__ == "RefusedError":
                raise
            found, _, expected = str(error).partition(": expected ")
            raise BadInput([Fault(place, 0, "", found, expected or "other figures")]) from None


@observe_app.command("plan", cls=WithExample)
def plan_command(
    source: Source,
    size: Annotated[int, typer.Option("--size", min=1, help="How many stations.")],
    seed: Seed,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Draw the stations that observers go to, by region, with a public seed."""
    with answered("--size"):
        from sailau.integrity.observers import sample_plan
        from sailau.integrity.stations import read_election
        from sailau.wording.observing import planned_sample

        election = read_election(source)
        rows = sample_plan(election, size, seed)
        if json:
            print_json({"seed": seed, "stations": [{"region": r, "station": s} for r, s in rows]}, case=election)
        else:
            show(planned_sample(rows, election, lang.value), to)


@observe_app.command("estimate", cls=WithExample)
def estimate_command(
    source: Source,
    copies: Copies,
    contest: Annotated[str, typer.Option("--contest", help="Of which ballot.")],
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Estimate the result from copies of a random sample of stations: shares with intervals, seats."""
    with answered(str(copies)):
        from sailau.integrity.observers import estimate, read_copies
        from sailau.integrity.stations import read_election
        from sailau.wording.observing import quick_count

        election = read_election(source)
        made = estimate(election, contest, read_copies(copies))
        if json:
            print_json(made.to_json(), case=election)
        else:
            shown = quick_count(made, election, lang.value)
            show(illustrated(shown, to, lambda: _intervals(made, election, lang.value)), to)


def _intervals(made: Any, election: Any, language: str) -> Iterator[Any]:
    from sailau.pictures.integrity import intervals

    yield intervals(made, election, language)


@observe_app.command("compare", cls=WithExample)
def compare_copies_command(
    source: Source,
    copies: Copies,
    random: Annotated[bool, typer.Option("--random", help="The stations were drawn at random.")] = False,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Compare observers' copies with the announced protocols, line by line; exit with 1 where one differs."""
    with answered(str(copies)):
        from sailau.integrity.observers import compare_copies, read_copies
        from sailau.integrity.stations import read_election
        from sailau.wording.observing import compared_copies

        election = read_election(source)
        made = compare_copies(election, read_copies(copies), random=random)
        if json:
            print_json(made.to_json(), case=election)
        else:
            show(compared_copies(made, election, lang.value), to)
        if made.copies["differs"] or made.copies["missing"]:
            raise typer.Exit(1)


def _planned(source: str, risk: str, level: str, trusted: str) -> tuple[Any, Any]:
    from sailau.integrity.assertions import share_of
    from sailau.integrity.audits import plan_audit
    from sailau.integrity.stations import read_election
    from sailau.rulebook.faults import BadInput, Fault

    for option, value, allowed in (
        ("--level", level, ("exact", "quota")),
        ("--trusted", trusted, ("recount", "copies")),
    ):
        if value not in allowed:
            raise BadInput([Fault(option, 0, "", f"“{value}”", f"one of {', '.join(allowed)}")])
    try:
        limit: Fraction = share_of(risk)
    except (ValueError, ZeroDivisionError):
        raise BadInput([Fault("--risk", 0, "", f"“{risk}”", "a share such as 5%")]) from None
    election = read_election(source)
    return election, plan_audit(election, limit, level)


@audit_app.command("plan", cls=WithExample)
def audit_plan_command(
    source: Source,
    risk: Risk = "5%",
    level: Level = "exact",
    trusted: Trusted = "recount",
    log: Annotated[Path | None, typer.Option("--log", help="Append the plan to a log, before the seed.")] = None,
    keys: Annotated[Path | None, typer.Option("--keys", metavar="FOLDER", help="With --log: the private keys.")] = None,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Say what an audit asserts, and how many stations it has to recount."""
    with answered("audit plan"):
        from sailau.wording.observing import audit_plan

        election, audit = _planned(source, risk, level, trusted)
        if log is not None:
            _append(log, keys, _plan_entry(election, audit, trusted))
        if json:
            print_json({"trusted": trusted, **audit.to_json()}, case=election)
        else:
            show(audit_plan(audit, election, lang.value, trusted), to)


def _plan_entry(election: Any, audit: Any, trusted: str) -> dict[str, Any]:
    from hashlib import sha256

    from sailau.integrity.keys import canonical
    from sailau.provenance import program

    digest = sha256(canonical(audit.to_json())).hexdigest()
    return {"kind": "audit", "step": "plan", "election": election.name, "trusted": trusted, "plan": digest,
            "first_sample": audit.first_sample, "risk": str(audit.risk), "program": program()}  # fmt: skip


def _append(log: Path, keys: Path | None, entry: dict[str, Any]) -> None:
    from sailau.integrity.founding import read_keys, record_signed
    from sailau.integrity.log import Log
    from sailau.integrity.verifier import RefusedError

    if keys is None:
        raise RefusedError("--keys", "nothing", "the folder of the private keys")
    record_signed(Log(log), [entry], read_keys(keys))


@audit_app.command("seed", cls=WithExample)
def audit_seed_command(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="Folder of the log.")],
    seed: Annotated[str, typer.Argument(metavar="SEED", help="Such as the eyes of twenty dice, thrown in public.")],
    keys: Annotated[Path, typer.Option("--keys", metavar="FOLDER", help="The private keys.")],
    lang: Lang = Language.en,
) -> None:
    """Put the public seed of an audit into the log; only after its plan stands in a published checkpoint."""
    with answered("seed"):
        from sailau.integrity.log import has_plan
        from sailau.integrity.verifier import Bundle, RefusedError
        from sailau.wording.integrity import written

        if not has_plan(Bundle(log)):
            raise RefusedError(
                str(log), "no plan of an audit", "audit plan --log, then log checkpoint: the plan comes first"
            )
        _append(log, keys, {"kind": "seed", "seed": seed})
        show(written(lang.value, {"new": 1}))


@audit_app.command("draw", cls=WithExample)
def audit_draw_command(
    source: Source,
    seed: Seed,
    risk: Risk = "5%",
    level: Level = "exact",
    draws: Draws = None,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Draw the stations to be recounted, with a public seed; anyone can draw the same."""
    with answered("audit draw"):
        from sailau.integrity.audits import draw
        from sailau.wording.observing import drawn_stations

        election, audit = _planned(source, risk, level, "recount")
        stations = draw(audit, seed, draws)
        if json:
            print_json({"seed": seed, "drawn": stations}, case=election)
        else:
            show(drawn_stations(stations, election, lang.value), to)


Recount = Annotated[Path, typer.Argument(metavar="RECOUNT", help="CSV: copy,station,contest,line,count.")]


@audit_app.command("status", cls=WithExample)
def audit_status_command(
    source: Source,
    recount: Recount,
    seed: Seed,
    risk: Risk = "5%",
    level: Level = "exact",
    trusted: Trusted = "recount",
    draws: Draws = None,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Say what the recount proves so far; exit with 1 until the risk limit is reached."""
    with answered("audit status"):
        from sailau.integrity.audits import audit_status
        from sailau.integrity.observers import read_copies
        from sailau.wording import observing

        election, audit = _planned(source, risk, level, trusted)
        status = audit_status(election, audit, seed, read_copies(recount), draws)
        if json:
            print_json({"trusted": trusted, **status.to_json()}, case=election)
        else:
            show(observing.audit_status(status, audit, election, lang.value, trusted), to)
        if status.decision != "confirmed":
            raise typer.Exit(1)


@audit_app.command("enter", cls=WithExample)
def audit_enter_command(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="Folder of the log.")],
    recount: Recount,
    keys: Annotated[Path, typer.Option("--keys", metavar="FOLDER", help="The private keys.")],
    lang: Lang = Language.en,
) -> None:
    """Put recounted stations into the log, one entry for each, signed: a record that nobody can change."""
    with answered(str(recount)):
        from sailau.integrity.founding import read_keys, record_signed
        from sailau.integrity.log import Log
        from sailau.integrity.observers import read_copies
        from sailau.wording.integrity import written

        rows: dict[tuple[str, str, str], dict[str, int | None]] = {}
        for line in read_copies(recount):
            rows.setdefault((line.copy, line.station, line.contest), {})[line.line] = line.count
        entries = [
            {
                "kind": "audit",
                "step": "recount",
                "copy": copy,
                "station": station,
                "contest": contest,
                "figures": figures,
            }
            for (copy, station, contest), figures in rows.items()
        ]
        number = record_signed(Log(log), entries, read_keys(keys))
        show(written(lang.value, {"new": number}))


@app.command("forensics", cls=WithExample)
def forensics_command(
    source: Source,
    density: Annotated[bool, typer.Option("--density", help="Also the density of shares, which takes longer.")] = False,
    second: Annotated[
        bool, typer.Option("--second-digits", help="Also second digits; no valid null is known for stations.")
    ] = False,
    turnout: Annotated[
        Path | None, typer.Option("--turnout", metavar="FILE", help="Turnout over the day: station,time,voters.")
    ] = None,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """List the stations to look at first, with reasons; a list, never a verdict."""
    with answered(source):
        from sailau.integrity.forensics import examine
        from sailau.integrity.stations import read_election
        from sailau.integrity.turnout import read_turnout
        from sailau.wording.observing import forensics

        election = read_election(source)
        reports = None if turnout is None else read_turnout(turnout, election)
        made = examine(election, density=density, second=second, reports=reports)
        if json:
            print_json(made.to_json(), case=election)
        else:
            shown = forensics(made, election, lang.value)
            show(illustrated(shown, to, lambda: _portraits(made, election, lang.value)), to)


def _portraits(made: Any, election: Any, language: str) -> Iterator[Any]:
    from sailau.pictures.integrity import portraits

    for portrait in made.portraits.values():
        yield from portraits(portrait, election, language)
