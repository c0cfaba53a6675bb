"""Observers' copies, samples, audits and forensics as documents; what limits each of them is said first."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sailau.wording import document
from sailau.wording.document import Cell, Column, Document, Heading, Items, Note, Paragraph, Table
from sailau.wording.language import Words, marked, text_in, words
from sailau.wording.names import figure_name
from sailau.wording.seats import contest_title
from sailau.wording.view import unit_name

if TYPE_CHECKING:
    from sailau.election import Election
    from sailau.integrity.audits import Audit, Status
    from sailau.integrity.forensics import Forensics
    from sailau.integrity.observers import CopiesComparison, QuickCount

_SHOWN = 50
_NAMED = 5
"""Names in a sentence; of more it says how many."""


def _titled(said: Words, title: str, election: Election) -> str:
    return f"{said.say(title)}: {text_in(election.titles, said.language, election.name)}"


def _exact(value: float, digits: int = 6) -> Fraction:
    return Fraction(round(value * 10**digits), 10**digits)


def _table(said: Words, title: str, heads: tuple[tuple[str, Any], ...], rows: Sequence[tuple[Cell, ...]]) -> Table:
    rest = len(rows) - _SHOWN
    note = said.plural("{n} further line", "{n} further lines", rest) if rest > 0 else ""
    return Table(title, document.heads([(said.say(head), kind) for head, kind in heads]), tuple(rows[:_SHOWN]), note)


# ---------------------------------------------------------------- copies


def compared_copies(made: CopiesComparison, election: Election, language: str) -> Document:
    """Return what observers' copies say of the announced figures."""
    said = words(language)
    copies = made.copies
    blocks: list[Any] = [
        Paragraph(
            said.say(
                "Copies: {equal} equal, {differs} differ, {incomplete} incomplete, {missing} of no announced protocol.",
                equal=said.number(copies["equal"]),
                differs=said.number(copies["differs"]),
                incomplete=said.number(copies["incomplete"]),
                missing=said.number(copies["missing"]),
            ),
            "bad" if made.differing else "good",
        )
    ]
    if made.most is None:
        text = said.say("Nothing is inferred about other stations: these were not drawn at random.")
    else:
        text = said.say(
            "Drawn at random: {stations} of {population} stations, {differing} differ. At most {most} of all stations "
            "were changed (95 % confidence).",
            stations=said.number(made.stations),
            population=said.number(made.population),
            differing=said.number(made.differing),
            most=said.number(made.most),
        )
    blocks.append(Paragraph(text))
    if made.effects:
        rows = [
            (
                Cell(_ballot(election, e.contest, said)),
                document.name(unit_name(election, e.unit, said)),
                document.name(election.name_of(e.option, language)),
                document.seats(said, e.official),
                document.seats(said, e.copied),
            )
            for e in made.effects
        ]
        heads = (
            (marked("ballot"), "text"),
            (marked("place"), "text"),
            (marked("list or candidate"), "name"),
            (marked("announced"), "seats"),
            (marked("copies"), "seats"),
        )
        blocks.append(_table(said, said.say("Seats that would be others"), heads, rows))
    elif made.differences:
        blocks.append(Paragraph(said.say("By the copies no seat would be another one.")))
    if made.differences:
        lines = [
            (
                document.name(_station(election, d.station, said)),
                Cell(_ballot(election, d.contest, said)),
                Cell(_line(d.line, election, said)),
                document.count(said, d.official),
                document.count(said, d.copied),
                Cell(d.copy),
            )
            for d in made.differences
        ]
        shown = (
            (marked("station"), "text"),
            (marked("ballot"), "text"),
            (marked("line"), "text"),
            (marked("announced"), "count"),
            (marked("copy"), "count"),
            (marked("file"), "text"),
        )
        blocks.append(_table(said, said.say("Lines that differ"), shown, lines))
    if made.conflicts:
        both = [
            (
                document.name(_station(election, c.station, said)),
                Cell(_ballot(election, c.contest, said)),
                Cell(_line(c.line, election, said)),
                Cell(", ".join(map(said.number, c.counts))),
            )
            for c in made.conflicts
        ]
        odd = (
            (marked("station"), "text"),
            (marked("ballot"), "text"),
            (marked("line"), "text"),
            (marked("copies"), "text"),
        )
        blocks.append(_table(said, said.say("Copies that contradict each other (not used for seats)"), odd, both))
    return Document(tuple(blocks), language, title=_titled(said, marked("Observers’ copies compared"), election))


def planned_sample(rows: list[tuple[str, str]], election: Election, language: str) -> Document:
    """Return the stations that observers are to go to."""
    said = words(language)
    cells = [
        (Cell(unit_name(election, region, said)), Cell(station), document.name(unit_name(election, station, said)))
        for region, station in rows
    ]
    table = Table(
        said.say("Stations drawn"),
        (Column(said.say("region")), Column(said.say("station")), Column(said.say("name"), "name")),
        tuple(cells),
        said.say("Publish the seed after the drawing: anyone can draw the same stations."),
    )
    return Document((table,), language, title=_titled(said, marked("Sample of stations"), election))


def quick_count(made: QuickCount, election: Election, language: str) -> Document:
    """Return a parallel tabulation."""
    said = words(language)
    rows = [
        (
            document.name(election.name_of(e.option, language)),
            document.share(said, _exact(e.share)),
            Cell(f"± {said.decimal(_exact(e.half) * 100, 2)}", "share", _exact(e.half)),
            Cell("–" if e.seats is None else said.number(e.seats[0]), "seats", None if e.seats is None else e.seats[0]),
            Cell("–" if e.seats is None else said.number(e.seats[1]), "seats", None if e.seats is None else e.seats[1]),
        )
        for e in made.estimates
    ]
    heads = (
        (marked("list or candidate"), "name"),
        (marked("share"), "share"),
        (marked("95 %"), "share"),
        (marked("fewest seats"), "seats"),
        (marked("most seats"), "seats"),
    )
    title = said.say(
        "Estimate from {reported} of {population} stations",
        reported=said.number(made.reported),
        population=said.number(made.population),
    )
    note = Note(
        said.say("It holds only if the stations were drawn at random; those that did not report are not guessed.")
    )
    return Document(
        (_table(said, title, heads, rows), note), language, title=_titled(said, marked("Parallel tabulation"), election)
    )


# ---------------------------------------------------------------- audits


_KINDS = {
    "seats": marked("keeps its last seat"),
    "quota": marked("has its whole quotas"),
    "above": marked("is above the threshold"),
    "below": marked("is below the threshold"),
    "plurality": marked("has more votes"),
    "majority": marked("has the majority"),
}
_OPEN = {
    "tied": marked("a tie cannot be audited: recount all"),
    "no-assertions": marked("for this rule no audit is known: recount all"),
}
_TRUSTED = {
    "recount": marked("Audit of the count, against a recount of ballots"),
    "copies": marked(
        "Audit of transmission and addition only, against observers' copies: the count itself is not audited"
    ),
}
_DECISIONS = {
    "confirmed": marked("Confirmed: the risk limit is reached."),
    "go-on": marked("Go on: the risk limit is not reached yet."),
    "full-recount": marked("Recount everything: what was found could change the result."),
}


def audit_plan(audit: Audit, election: Election, language: str, trusted: str = "recount") -> Document:
    """Return what is asserted and how much has to be looked at."""
    said = words(language)
    from sailau.integrity import batch_first_sample

    rows = [
        (
            Cell(_ballot(election, c.contest, said)),
            document.name(election.name_of(c.options[c.assertion.first], language)),
            Cell(said.say(_KINDS[c.assertion.kind])),
            document.name(
                "" if c.assertion.second is None else election.name_of(c.options[c.assertion.second], language)
            ),
            Cell(said.decimal(c.assertion.margin, 0), "count", c.assertion.margin),
            document.count(said, batch_first_sample(c.sum, float(audit.risk))),
        )
        for c in audit.claims
    ]
    heads = (
        (marked("ballot"), "text"),
        (marked("list or candidate"), "name"),
        (marked("claim"), "text"),
        (marked("against"), "name"),
        (marked("margin"), "count"),
        (marked("draws alone"), "count"),
    )
    blocks: list[Any] = [Heading(said.say(_TRUSTED[trusted]))]
    if audit.claims:
        blocks.append(
            Paragraph(
                said.say(
                    "One sample for all claims: {draws} draws of {stations} stations, if nothing differs (risk limit {risk}).",
                    draws=said.number(audit.first_sample),
                    stations=said.number(len(audit.stations)),
                    risk=said.share(audit.risk),
                )
            )
        )
    if audit.claims and audit.first_sample >= len(audit.stations):
        blocks.append(Paragraph(said.say("To recount every station is no more work than that."), "doubt"))
    blocks.append(_table(said, said.say("Claims, the closest first"), heads, rows))
    blocks += _open_claims(audit, election, said)
    return Document(tuple(blocks), language, title=_titled(said, marked("Plan of an audit"), election))


def _open_claims(audit: Audit, election: Election, said: Words) -> list[Paragraph]:
    """Return where nothing can be asserted: each reason once, with the places it holds for."""
    places: dict[tuple[str, str], list[str]] = {}
    for contest, unit, why in audit.open:
        places.setdefault((contest, why), []).append(unit_name(election, unit, said))
    return [
        Paragraph(f"{_ballot(election, contest, said)} ({_some(units)}): {said.say(_OPEN[why])}", "doubt")
        for (contest, why), units in places.items()
    ]


def _some(names: Sequence[str]) -> str:
    """Return the first names of a list, and how many more there are."""
    rest = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" … +{rest}" if rest > 0 else "")


def audit_status(status: Status, audit: Audit, election: Election, language: str, trusted: str = "recount") -> Document:
    """Return how far an audit is."""
    said = words(language)
    tones = {"confirmed": "good", "go-on": "doubt", "full-recount": "bad"}
    worst = max(status.p, default=1.0)
    blocks: list[Any] = [
        Heading(said.say(_TRUSTED[trusted])),
        Paragraph(said.say(_DECISIONS[status.decision]), tones[status.decision]),  # type: ignore[arg-type]
        Paragraph(
            said.say(
                "Draws: {drawn}; stations still to be recounted: {waiting}; largest p-value: {p}; limit: {risk}.",
                drawn=said.number(len(status.drawn)),
                waiting=said.number(len(status.waiting)),
                p=said.decimal(_exact(worst), 4),
                risk=said.share(audit.risk),
            )
        ),
    ]
    if status.needed is not None:
        blocks.append(
            Paragraph(said.say("Enough if nothing further differs: {n} draws in all.", n=said.number(status.needed)))
        )
    if status.discrepancies:
        rows = [
            (
                document.name(_station(election, d.station, said)),
                Cell(_ballot(election, d.contest, said)),
                Cell(_line(d.line, election, said)),
                document.count(said, d.announced),
                document.count(said, d.recounted),
            )
            for d in status.discrepancies
        ]
        heads = (
            (marked("station"), "text"),
            (marked("ballot"), "text"),
            (marked("line"), "text"),
            (marked("announced"), "count"),
            (marked("recounted"), "count"),
        )
        blocks.append(_table(said, said.say("Lines that differ"), heads, rows))
    return Document(tuple(blocks), language, title=_titled(said, marked("Audit"), election))


def _line(line: str, election: Election, said: Words) -> str:
    return figure_name(line, said) if line.startswith("@") else election.name_of(line, said.language)


def _ballot(election: Election, contest: str, said: Words) -> str:
    """Return what a ballot paper is called; its id where the law is not at hand."""
    return contest if election.book is None else contest_title(election.own_law(), contest, said)


def _station(election: Election, station: str, said: Words) -> str:
    """Return what a station is called, with its id behind, by which files name it."""
    called = unit_name(election, station, said)
    return called if called == station else f"{called} ({station})"


def _detail(detail: str, election: Election, said: Words) -> str:
    """Return what a lead names: another station, a list, or the code of a relation."""
    return _station(election, detail, said) if detail in election.units else election.name_of(detail, said.language)


def drawn_stations(stations: list[str], election: Election, language: str) -> Document:
    """Return stations in the order of drawing."""
    said = words(language)
    rows = tuple(
        (document.count(said, n), Cell(station), document.name(unit_name(election, station, said)))
        for n, station in enumerate(stations, 1)
    )
    heads = document.heads([(said.say("draw"), "count"), (said.say("station"), "text"), (said.say("name"), "name")])
    return Document((Table(said.say("Stations drawn"), heads, rows),), language)


# ---------------------------------------------------------------- forensics


_TESTS = {
    "integer-percentages": marked("stations with whole percentages beyond chance"),
    "multiples-of-five": marked("stations with multiples of 5 % beyond chance"),
    "outliers": marked("stations far from their neighbours"),
    "last-digit": marked("mean of last digits (4.5 by chance)"),
    "second-digit": marked("mean of second digits (no valid null for stations)"),
    "fingerprint-skewness": marked("skewness of the vote rate"),
    "fingerprint-incremental": marked("share of stations with some added votes (model)"),
    "fingerprint-extreme": marked("share of stations with nearly all votes added (model)"),
    "kernel-density": marked("per cent of stations in spikes of the share"),
}
_REASONS = {
    "sums": marked("the sums of the protocol do not hold"),
    "ballots-differ": marked("far more ballots of one kind than of another"),
    "same-protocol": marked("figure by figure the protocol of another station"),
    "outlier-share": marked("share far from that of its neighbours"),
    "outlier-turnout": marked("turnout far from that of its neighbours"),
    "outlier-invalid": marked("share of invalid ballots far from that of its neighbours"),
    "unlike-same-roof": marked("unlike a station in the same building"),
    "turnout-falls": marked("turnout fell during the day"),
    "turnout-above-list": marked("turnout during the day above the number of voters listed"),
    "turnout-above-count": marked("turnout during the day above that of the protocol"),
    "turnout-jump": marked("turnout rose at this time unlike that of its neighbours"),
}
_NULLS = {
    "integer-percentages": marked(
        "Whole percentages (Kobak, Shpilkin, Pshenichnikov 2016). Without a fault: votes and turnout of every station are "
        "binomial around what it reports. Seen: stations more than expected. Supposes at least 100 voters and at most 99 %."
    ),
    "last-digit": marked(
        "Last digits (Beber, Scacco 2012). Without a fault: every digit is equally likely. Supposes numbers of at least 100 "
        "that vary by more than tens."
    ),
    "outliers": marked(
        "Neighbours. Without a fault: stations of a unit differ as much as its middle half does, and voters decide alone. "
        "Supposes at least five stations of one kind; hospitals and barracks are of another."
    ),
    "fingerprint-skewness": marked(
        "Fingerprint (Klimek and others 2012). Without a fault: turnout and share are normal around one centre. A country of "
        "unlike regions looks the same as one with added votes."
    ),
    "kernel-density": marked(
        "Spikes (Rozenas 2017). Without a fault: shares vary as mixtures of beta-binomial laws do. Seen: stations in spikes "
        "that no drawn election has."
    ),
}
"""Test → its null model and what it supposes, for those that have one to state."""
_LIMITS = (
    marked("This is a list of where to look first, not a verdict about anybody."),
    marked("Regions that differ, small stations, barracks and hospitals look unusual without any fault."),
    marked("Stuffing with a protocol to match may leave no trace here."),
)


def forensics(made: Forensics, election: Election, language: str) -> Document:
    """Return where to look first, limitations in front."""
    said = words(language)
    blocks: list[Any] = [Paragraph(" ".join(said.say(text) for text in _LIMITS), "doubt")]
    for contest, tests in made.tests.items():
        rows = [
            (
                Cell(said.say(_TESTS[t.name]) + (f", {unit_name(election, t.region, said)}" if t.region else "")),
                document.name(election.name_of(t.option, language) if t.option else ""),
                Cell(said.decimal(_exact(t.effect), 3), "points", _exact(t.effect)),
                Cell(
                    "–" if t.p is None else said.decimal(_exact(t.p), 4), "points", None if t.p is None else _exact(t.p)
                ),
                document.share(said, None if t.false_alarms is None else _exact(t.false_alarms), "–"),
                document.count(said, t.stations),
            )
            for t in tests
        ]
        heads = (
            (marked("test"), "text"),
            (marked("list or candidate"), "name"),
            (marked("seen"), "points"),
            (marked("p"), "points"),
            (marked("false alarms"), "share"),
            (marked("stations"), "count"),
        )
        blocks.append(_table(said, _ballot(election, contest, said), heads, rows))
    blocks.append(
        Note(
            said.say(
                "False alarms: share of elections without any fault, drawn with these stations, that p calls unusual at 5 %."
            )
        )
    )
    names = {t.name for tests in made.tests.values() for t in tests}
    blocks.append(Items(tuple(said.say(text) for name, text in _NULLS.items() if name in names)))
    leads = [
        (
            document.name(_station(election, x.station, said)),
            Cell(_ballot(election, x.contest, said)),
            Cell(said.say(_REASONS[x.reason])),
            Cell(_detail(x.detail, election, said)),
            document.count(said, x.size),
        )
        for x in made.leads
    ]
    if leads:
        shown = (
            (marked("station"), "text"),
            (marked("ballot"), "text"),
            (marked("reason"), "text"),
            (marked("detail"), "text"),
            (marked("votes"), "count"),
        )
        blocks.append(_table(said, said.say("Look here first"), shown, leads))
    together = said.say("These votes together are more than the first two are apart.")
    blocks += [Paragraph(f"{_ballot(election, contest, said)}: {together}", "bad") for contest in made.decisive]
    if made.small:
        blocks.append(
            Note(
                said.plural(
                    "{n} station is so small that its figures may tell how somebody voted.",
                    "{n} stations are so small that their figures may tell how somebody voted.",
                    len(made.small),
                )
            )
        )
    return Document(tuple(blocks), language, title=_titled(said, marked("Where to look first"), election))
