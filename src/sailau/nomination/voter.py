"""The voter's page: which ballots a voter receives, a valid mark, hours, documents, voting elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sailau.naming import Names
from sailau.rulebook.book import books, load
from sailau.rulebook.conduct import Ballot, Conduct, Held, Region, Rule, Station
from sailau.rulebook.faults import BadInput, Fault
from sailau.rulebook.schema import Law


def texts(title: Mapping[Any, str] | None) -> dict[str, str]:
    """Return a text of the book as a plain mapping from language to text."""
    return {str(code): text for code, text in (title or {}).items()}


@dataclass(frozen=True, slots=True)
class CitedLine:
    """One cited thing to tell somebody.

    Attributes:
        kind: where it belongs, such as `hours`, `mark`, `right`.
        figures: numbers and hours in it.
    """

    id: str
    kind: str
    title: Mapping[str, str]
    cite: str
    confidence: str
    figures: Mapping[str, int | str]
    note: str = ""


def line(thing: Conduct, kind: str = "", figures: Mapping[str, int | str] | None = None) -> CitedLine:
    """Return a thing of the book as a line."""
    if isinstance(thing, Rule):
        kind, figures = thing.kind, thing.figures
    return CitedLine(thing.id, kind, texts(thing.title), thing.cite, thing.confidence, dict(figures or {}), thing.note)


@dataclass(frozen=True, slots=True)
class VoterPaper:
    """One ballot paper that the voter receives.

    Attributes:
        law: id of the law it belongs to.
        order: in which order it names candidates or parties.
        counts_to: abroad: the district to which it counts.
    """

    law: str
    contest: str
    title: Mapping[str, str]
    order: Mapping[str, str]
    counts_to: Mapping[str, str]
    against_all: bool
    cite: str
    confidence: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class VoterPage:
    """What a voter has to know on one polling day.

    Attributes:
        ballots: papers of all bodies elected on that day, as far as the rule books know them.
        rules: kind → lines (`hours`, `list`, `document`, `mark`, `elsewhere`, `home`, `abroad`).
        stations: stations abroad whose city is known; only on the page for voters abroad.
        region_needed: some papers depend on the region, and none was named.
    """

    law: str
    day: date
    region: str
    abroad: bool
    ballots: tuple[VoterPaper, ...]
    rules: Mapping[str, tuple[CitedLine, ...]]
    stations: tuple[CitedLine, ...] = ()
    region_needed: bool = False

    def to_json(self, language: str = "en") -> dict[str, Any]:
        """Return it as plain data."""
        from sailau import answers

        return answers.told(answers.VoterTold, self, language)


_HOME = ("hours", "list", "document", "mark", "elsewhere", "home")
_ABROAD = ("hours", "abroad", "document", "mark")


def voter_page(
    law: Law,
    day: date | None = None,
    region: str | None = None,
    *,
    abroad: bool = False,
    beside: Sequence[Law] | None = None,
) -> VoterPage:
    """Return the page of a voter.

    Args:
        law: a law of the polling day.
        day: polling day; the law's own day when absent.
        region: id of the voter's region; without it papers of all regions are shown.
        abroad: the voter votes at a mission abroad.
        beside: laws of other bodies elected on that day; those the book names (`held.together`) when absent.

    Raises:
        BadInput: no such region, or no such law on that day.
    """
    if day is not None and day != law.day:
        law = law.book.on(day)
    laws = [law, *(beside if beside is not None else _together(law))]
    papers, region_needed = _papers(laws, _region_kind(law, region), abroad)
    rules = [r for r in law.section("voting") if r.concerns(law.id)]
    told = {k: tuple(line(r) for r in rules if r.kind == k) for k in (_ABROAD if abroad else _HOME)}
    return VoterPage(
        law.id,
        law.day,
        region or "",
        abroad,
        papers,
        {k: lines for k, lines in told.items() if lines},
        _stations(law) if abroad else (),
        region_needed,
    )


def _papers(laws: Sequence[Law], kind: str, abroad: bool) -> tuple[tuple[VoterPaper, ...], bool]:
    """Return the papers for a kind of region (all when empty), and whether it matters and is not known."""
    papers: list[VoterPaper] = []
    open_ = False
    for law in laws:
        for ballot in law.section("ballot"):
            if not ballot.concerns(law.id) or (abroad and not ballot.abroad):
                continue
            open_ |= bool(ballot.kinds) and not kind and not abroad
            if not kind or not ballot.kinds or kind in ballot.kinds:
                papers.append(_paper(law, ballot, abroad))
    return tuple(papers), open_


def _region_kind(law: Law, region: str | None) -> str:
    if region is None:
        return ""
    regions: dict[str, Region] = {r.id: r for r in law.section("region")}
    names = Names({name: called.values() for name, called in region_names(law).items()})
    found = names.find(region)
    if found is None:
        what = "a region of the rule book" if regions else "none: the rule book names no regions"
        raise BadInput(
            [Fault("--region", 0, "", f"“{region}”", names.expected(region, what, f"sailau law show {law.id} --json"))]
        )
    return regions[found].kind


def region_names(law: Law) -> dict[str, dict[str, str]]:
    """Return the regions of a rule book, each with its name by language."""
    return {region.id: texts(region.title) for region in law.section("region")}


def _together(law: Law) -> list[Law]:
    """Return the laws of the other bodies that the book says were elected on the same day."""
    held: Held | None = next((h for h in law.section("held") if h.day == law.day and h.concerns(law.id)), None)
    known = set(books())
    names = [n for n in (held.together if held else []) if n != law.id and n in known]
    return [load(name).on(law.day) for name in names]


def _paper(law: Law, ballot: Ballot, abroad: bool) -> VoterPaper:
    contest = law.contest_of(ballot.id) or next((c for c in law.contest if ballot.id.startswith(c.id)), None)
    return VoterPaper(
        law.id,
        contest.id if contest else ballot.id,
        texts(ballot.title),
        texts(ballot.order),
        texts(ballot.abroad_rule) if abroad else {},
        contest.against_all if contest else False,
        ballot.cite,
        ballot.confidence,
        ballot.note,
    )


def _stations(law: Law) -> tuple[CitedLine, ...]:
    stations: list[Station] = [s for s in law.section("station") if s.day == law.day and s.concerns(law.id)]
    return tuple(line(s, "station", {"country": s.country}) for s in stations)
