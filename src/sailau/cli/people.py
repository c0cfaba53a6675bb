"""Commands about people: vet, calendar, ballot, rights, the observer's kit, mandates, chambers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sailau.cli import completion
from sailau.cli.app import Case, Json, Lang, Language, LawName, WithExample, app, note_shadows, print_json
from sailau.cli.screen import ENDINGS, To, echo, show, show_tables
from sailau.rulebook.asked import book_asked, law_asked, read_day

if TYPE_CHECKING:
    from sailau.rulebook import Law

PDF = ".pdf"


def _polled(name: str) -> Law:
    """Return a law on the polling day that stands behind it.

    Raises:
        BadInput: no such law, or no day.
    """
    from sailau.rulebook import BadInput, Fault

    book, day = book_asked(name)
    if day is None:
        raise BadInput([Fault("command line", 0, "", f"“{name}”", f"{name}@DAY with the polling day, 2023-03-19")])
    return book.on(day)


@app.command("vet", cls=WithExample)
def vet_command(
    case: Annotated[
        str | None,
        typer.Argument(
            metavar="[CASE]",
            help="A case with candidates and lists.",
            callback=note_shadows,
            autocompletion=completion.cases,
        ),
    ] = None,
    person: Annotated[
        Path | None, typer.Option("--person", help="TOML or JSON file that describes one person.")
    ] = None,
    law: Annotated[
        str | None, typer.Option("--law", metavar="LAW[@DAY]", help="With --person: the law of the office.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also show conditions that are met.")] = False,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Check persons, lists and parties against the law's conditions; exit with 1 where somebody is refused."""
    if person is not None:
        from sailau.wording.people import answer_json, person_sheets

        answer, chosen = _vetted_person(person, law)
        if json:
            print_json(answer_json(answer, chosen, lang.value), chosen)
        else:
            show_tables(person_sheets(answer, chosen, lang.value), lang.value, to)
        if "refused" in (answer.vote.verdict, *(v.verdict for v in answer.stand.values())):
            raise typer.Exit(1)
        return
    from sailau.election import open_case
    from sailau.nomination import check_commissions, vet
    from sailau.wording.people import breach_json, breach_sheets, vetting_json, vetting_sheets

    election = open_case(_needed(case, "a case, or --person FILE --law LAW"))
    chosen = election.own_law()
    vetting = vet(chosen, election, everything=everything)
    breaches = check_commissions(chosen, election.commissions)
    if json:
        found = vetting_json(vetting, chosen, election, lang.value)
        print_json({**found, "commissions": breach_json(breaches, chosen, election, lang.value)}, chosen, election)
    else:
        sheets = vetting_sheets(vetting, chosen, election, lang.value)
        show_tables([*sheets, *breach_sheets(breaches, chosen, election, lang.value)], lang.value, to)
    if vetting.refused:
        raise typer.Exit(1)


def _needed(value: str | None, expected: str) -> str:
    from sailau.rulebook import BadInput, Fault

    if not value:
        raise BadInput([Fault("command line", 0, "", "nothing", expected)])
    return value


def _vetted_person(person: Path, law: str | None) -> tuple[Any, Any]:
    """Return the answer about one person, and the law of the office."""
    from sailau.nomination import vet_person

    facts = _described(person)
    name = str(facts.pop("law", "") or law or "")
    day = facts.pop("day", None)
    asked = _needed(name, "--law LAW@DAY, or a key law in the file")
    chosen = law_asked(asked, read_day(str(day)) if day else None)
    return vet_person(chosen, facts), chosen


def _described(path: Path) -> dict[str, Any]:
    from sailau.rulebook import BadInput, Fault
    from sailau.rulebook.door import parse_json, parse_toml, read_bytes
    from sailau.rulebook.limits import TOML

    try:
        text = read_bytes(path, TOML).decode("utf-8-sig").replace("\r\n", "\n")
        described = parse_json(path.name, text) if path.suffix == ".json" else parse_toml(path.name, text)
    except OSError as error:
        raise BadInput([Fault(str(path), 0, "", error.strerror or "", "a file that describes one person")]) from None
    except UnicodeDecodeError:
        raise BadInput(
            [Fault(path.name, 0, "", "text in another encoding", "facts as TOML or JSON, in UTF-8")]
        ) from None
    if not isinstance(described, dict):
        raise BadInput([Fault(path.name, 0, "", "no table", "facts: name = value")])
    return described


@app.command("calendar", cls=WithExample)
def calendar_command(
    law: LawName,
    called: Annotated[str | None, typer.Option("--called", metavar="DAY", help="Day on which it was called.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="regular, early, repeat, run-off or by-election.")] = None,
    convention: Annotated[
        str, typer.Option("--convention", help="How days are counted: practice or statute.")
    ] = "practice",
    ics: Annotated[Path | None, typer.Option("--ics", help="Write an iCalendar file.")] = None,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """List every statutory deadline and period of an election as dates, with articles."""
    from sailau.exchange.icalendar import to_ics
    from sailau.nomination import calendar
    from sailau.wording.people import calendar_json, calendar_sheet
    from sailau.writing import write_whole

    _one_of("--kind", kind, ("regular", "early", "repeat", "run-off", "by-election"))
    _one_of("--convention", convention, ("practice", "statute"))
    chosen = _polled(law)
    start = read_day(called, "--called") if called else None
    entries = calendar(chosen, chosen.day, start, kind, convention)  # type: ignore[arg-type]
    if ics is not None:
        write_whole(ics, to_ics(entries, chosen, f"{chosen.id} {chosen.day}", lang.value))
    if json:
        print_json(calendar_json(entries, chosen, lang.value), chosen)
    elif ics is None:
        show_tables([calendar_sheet(entries, chosen, lang.value)], lang.value, to)
    else:
        echo(f"{ics}: {len(entries)}")


def _one_of(option: str, value: str | None, allowed: tuple[str, ...]) -> None:
    from sailau.rulebook import BadInput, Fault

    if value is not None and value not in allowed:
        raise BadInput([Fault(option, 0, "", f"“{value}”", f"one of {', '.join(allowed)}")])


@app.command("ballot", cls=WithExample)
def ballot_command(
    law: LawName,
    region: Annotated[str | None, typer.Option("--region", help="The voter's region, by id or name.")] = None,
    abroad: Annotated[bool, typer.Option("--abroad", help="The voter votes at a mission abroad.")] = False,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Tell a voter which ballot papers there are, what a valid mark is, hours, documents, voting elsewhere."""
    from sailau.nomination import voter_page
    from sailau.wording.people import voter_sheets

    chosen = _polled(law)
    page = voter_page(chosen, chosen.day, region, abroad=abroad)
    if json:
        print_json(page.to_json(lang.value), chosen)
        return
    show_tables(voter_sheets(page, chosen, lang.value), lang.value, to)


@app.command("rights", cls=WithExample)
def rights_command(
    law: LawName,
    event: Annotated[
        str | None, typer.Option("--event", metavar="DAY", help="Day of what is complained about.")
    ] = None,
    voters: Annotated[
        int | None, typer.Option("--voters", min=0, help="Voters of the precinct, for its commission.")
    ] = None,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """List money limits, commissions, complaints, observers' rights and campaign rules."""
    from sailau import nomination
    from sailau.wording import people

    chosen, language = _polled(law), lang.value
    happened = read_day(event, "--event") if event else None
    sums = nomination.money(chosen)
    levels = nomination.commissions(chosen, voters)
    matters = nomination.complaints(chosen, happened)
    rules: dict[str, list[Any]] = {"observers": nomination.observers(chosen), "campaign": nomination.access(chosen)}
    if json:
        from sailau.answers import AnswerTable, CommissionAnswer, ComplaintAnswer, LineAnswer, told

        lines: dict[str, list[Any]] = {"commissions": levels, "complaints": matters, **rules}
        models: dict[str, type[AnswerTable]] = {"commissions": CommissionAnswer, "complaints": ComplaintAnswer}
        shown = {n: [told(models.get(n, LineAnswer), row, language) for row in rows] for n, rows in lines.items()}
        print_json({"money": people.money_json(sums, chosen, language), **shown}, chosen)
        return
    sheets = [people.money_sheet(sums, chosen, language), people.commission_sheet(levels, chosen, language)]
    sheets.append(people.complaint_sheet(matters, chosen, language))
    sheets += [people.rule_sheet(name, rows, chosen, language) for name, rows in rules.items()]
    show_tables(sheets, language, to)


def _kit_file(path: Path | None) -> Path | None:
    from sailau.rulebook import BadInput, Fault

    endings = (PDF, *ENDINGS)
    if path is not None and path.suffix not in endings:
        raise BadInput([Fault("--to", 0, "", f"“{path}”", f"a file that ends with {', '.join(endings)}")])
    return path


@app.command("kit", cls=WithExample)
def kit_command(
    law: LawName,
    unit: Annotated[
        list[str] | None,
        typer.Option(
            "--unit",
            metavar="UNIT",
            help="Where you observe, a region or a polling station; several give several forms.",
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            metavar="FILE",
            callback=_kit_file,
            help="Write it to a file: .pdf to print, .csv, .xlsx, .md, .html or .json.",
        ),
    ] = None,
    lang: Lang = Language.en,
) -> None:
    """Make the observer's kit: rights, deadlines, the count, a protocol to fill in and check, where to complain."""
    from sailau.site.observer_kit import kit, kit_document, kit_pdf

    made = kit(_polled(law), lang.value, unit or ())
    if to is not None and to.suffix == PDF:
        from sailau.writing import write_whole

        write_whole(to, kit_pdf(made))
        return
    show(kit_document(made), to)


@app.command("mandates", cls=WithExample)
def mandates_command(
    case: Case,
    order: Annotated[Path | None, typer.Option("--order", help="CSV: contest,unit,party,candidate,position.")] = None,
    vacate: Annotated[
        str | None, typer.Option("--vacate", metavar="CANDIDATE", help="Whose seat falls vacant.")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DAY", help="With --vacate: the day.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="With --vacate: refused, resigned, died …")] = "resigned",
    chosen: Annotated[str | None, typer.Option("--chosen", help="With --vacate: whom the party chose.")] = None,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Turn seats into persons: the order that binds, the quota of mandates, a proposal where nobody has spoken."""
    from sailau import mandates
    from sailau.cli.counting import counted
    from sailau.wording.mandates import mandate_tables, vacancy_tables

    outcome = counted(case, None)
    found: Any = mandates.assign(outcome, order)
    if vacate is not None:
        day = read_day(_needed(on, "--on DAY with --vacate"), "--on")
        found = mandates.vacate(found, vacate, day, reason, chosen)
    if json:
        print_json(found.to_json(), outcome.law, outcome.election, outcome)
        return
    tables = mandate_tables(found, lang.value) if vacate is None else vacancy_tables(found, lang.value)
    show_tables(tables, lang.value, to)


@app.command("chamber", cls=WithExample)
def chamber_command(
    members: Annotated[
        str, typer.Argument(metavar="MEMBERS@DAY", help="A shipped chamber, or a CSV: name,party,from,to; and the day.")
    ],
    seats: Annotated[int | None, typer.Option("--seats", help="Seats of the chamber.")] = None,
    to: To = None,
    json: Json = False,
    lang: Lang = Language.en,
) -> None:
    """Say who sat in a chamber on a day."""
    from sailau.election import open_case
    from sailau.mandates import composition, elected_in, memberships
    from sailau.wording.mandates import chamber_tables

    name, at, day = members.rpartition("@")
    if not at:
        _needed("", f"{members}@DAY with the day, 2024-06-01")
    found = composition(memberships(name), read_day(day), seats)
    if json:
        print_json(found.to_json())
        return
    case = elected_in(name)
    show_tables(chamber_tables(found, lang.value, open_case(case) if case else None), lang.value, to)
