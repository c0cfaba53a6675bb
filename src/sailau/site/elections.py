"""The pages of one election: what stands on each, and what each depends on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, partial
from html import escape
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlencode

from sailau import __version__
from sailau.counting import Outcome, Undetermined
from sailau.election.model import WHOLE, Unit
from sailau.rulebook import books, load
from sailau.rulebook.geometry import geometry
from sailau.rulebook.marks import visible
from sailau.site import drawings
from sailau.site.annotated import AnnotatedRule, Version, annotate
from sailau.site.edition import Edition, KeyFigure
from sailau.site.further import Further, FurtherPages
from sailau.site.lab import Axis, Lab, lab_of
from sailau.site.markup import LANGUAGES, Address, look, render
from sailau.site.pages import span
from sailau.site.records import Record, Records, compact, tables_record, version_of
from sailau.wording.answers import say_question, say_questions, say_status, say_whatif
from sailau.wording.findings import finding_lines, say_finding
from sailau.wording.guide import CHAPTERS, chapter_intro, chapter_title
from sailau.wording.language import capital, text_in
from sailau.wording.lawbook import Provided, show_law
from sailau.wording.layout import CONFIDENCE
from sailau.wording.names import provision_name, show_value
from sailau.wording.reasons import ReasonSection, reasons

_EXPORTS = {"xlsx": ("xlsxwriter", ".xlsx"), "nist-xml": ("lxml", ".nist.xml"), "nist-json": ("json", ".nist.json")}
"""Format of other programs → the library that it needs, and the ending of its file."""
_OUTSIDE = ("@against_all", "@blank", "@not_counted")
_MATRIX = 12
"""Columns of a table of lists by place, at most."""
_FEWEST_REGIONS, _MANY_REGIONS = 4, 25
"""Regions from which a map says something, and from which tiles are set six in a row."""
_UNKNOWN = "#9aa5ad"
_ASKED = 6
"""Open questions of one kind that are told one by one."""
_GLANCE = 10
"""Lists that a hall screen and a widget show."""
_NEAR = 16
"""Lists whose margins are shown, and looked for."""


@dataclass(frozen=True)
class SitePage:
    """A page that can be made.

    Attributes:
        address: where it stands.
        depends: digest of everything that is on it; pages with the same one are the same, byte for byte.
        make: returns it.
    """

    address: Address
    depends: str
    make: Callable[[], bytes]

    @property
    def path(self) -> str:
        """Its file in the site."""
        return f"{self.address.folder}index.html"


FEED = "application/atom+xml"
"""Media type of the feed of changes."""


@dataclass(frozen=True)
class Alternate:
    """A file of data that a page names beside its JSON and CSV: path, media type, what it is called."""

    path: str
    type: str
    title: str


@dataclass(frozen=True)
class Frame:
    """What stands around every page of an election."""

    title: str
    status: str
    whatif: str
    synthetic: bool
    menu: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ElectionSite:
    """The site of one election.

    Attributes:
        outcome: of a count; for a what-if it says so itself.
        prefix: its folder below the language, with a slash at its end; empty for a site of its own.
        asked: the case as somebody named it, for the command that gives the same.
        with_lab: whether other rules are tried with the same votes.
    """

    outcome: Outcome
    prefix: str = ""
    asked: str = ""
    with_lab: bool = True
    records: Records = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "records", Records(self.outcome))

    @property
    def synthetic(self) -> bool:
        """Whether the figures were made up."""
        return self.outcome.election.synthetic

    # ------------------------------------------------------------------ data

    @cached_property
    def whole(self) -> dict[str, Any]:
        """What `count --json` gives."""
        return self.outcome.to_json()

    @cached_property
    def lab(self) -> Lab | None:
        """What other rules give with the same votes; None where there is nothing to try."""
        return lab_of(self.outcome) if self.with_lab else None

    @cached_property
    def version(self) -> str:
        """The version of all figures of the election."""
        return version_of(self.whole)

    @property
    def exports(self) -> Mapping[str, str]:
        """Format → ending of a file that other programs read, of the whole case; none where a database holds it."""
        if self.outcome.election.tables is not None:
            return {}
        return {form: ending for form, (needed, ending) in _EXPORTS.items() if find_spec(needed) is not None}

    def data_records(self) -> Iterator[Record]:
        """Yield every record but those of units and options."""
        yield self.result
        yield from self.further_records.values()
        for name in self.outcome.contests:
            yield self.contest_record(name)
            if self.area_record(name).rows:
                yield self.area_record(name)

    @cached_property
    def result(self) -> Record:
        """The record of the first page."""
        return self.records.result()

    @cached_property
    def _contests(self) -> dict[str, Record]:
        return {name: self.records.contest(name) for name in self.outcome.contests}

    @cached_property
    def _areas(self) -> dict[str, Record]:
        return {name: self.records.areas(name) for name in self.outcome.contests}

    def contest_record(self, name: str) -> Record:
        """Return the record of a ballot paper."""
        return self._contests[name]

    def area_record(self, name: str) -> Record:
        """Return the record of a ballot paper by place."""
        return self._areas[name]

    @cached_property
    def units(self) -> list[tuple[Unit, Record]]:
        """Every unit with its record."""
        return [(unit, self.records.unit(unit)) for unit in self.outcome.election.units.values()]

    @cached_property
    def options(self) -> list[str]:
        """Parties and candidates that stand or are known."""
        election = self.outcome.election
        return [*election.parties, *election.candidates]

    @cached_property
    def option_records(self) -> dict[str, Record]:
        """Option → its record."""
        return {option: self.records.option(option) for option in self.options}

    @cached_property
    def further(self) -> list[Further]:
        """Pages of tables that other rooms make."""
        return list(FurtherPages(self.outcome).all())

    @cached_property
    def further_records(self) -> dict[str, Record]:
        """Name of such a page → its record."""
        head = self.records.head()
        return {page.name: tables_record(page.name, head, page.tables("en")) for page in self.further}

    # ------------------------------------------------------------------ pages

    def pages(self) -> Iterator[SitePage]:
        """Yield every page in every language."""
        for language in LANGUAGES:
            yield from _Pages(self, language).all()

    def children(self, unit: str) -> list[Unit]:
        """Return the units inside a unit."""
        return self._children.get(unit, [])

    @cached_property
    def _children(self) -> dict[str, list[Unit]]:
        found: dict[str, list[Unit]] = {}
        for unit in self.outcome.election.units.values():
            found.setdefault(unit.parent, []).append(unit)
        return found

    @cached_property
    def near(self) -> dict[str, list[tuple[str, int, int | None, int | None]]]:
        """Contest → its lists with seats, votes that win one more and votes that lose one, in the whole."""
        outcome = self.outcome
        found: dict[str, list[tuple[str, int, int | None, int | None]]] = {}
        for name, contest in outcome.contests.items():
            if len(contest.districts) != 1 or contest.declared or outcome.plan.held[name].ballot == "question":
                continue
            unit = next(iter(contest.districts))
            rows = []
            for option in sorted(contest.votes, key=lambda o: -contest.votes[o])[:_NEAR]:
                try:
                    margin = outcome.margins[name, unit, option]
                except KeyError:
                    continue
                rows.append((option, contest.seats.get(option, 0), margin.more, margin.fewer))
            found[name] = rows
        return found


class _Pages:
    """Makes the pages of one election in one language."""

    def __init__(self, site: ElectionSite, language: str) -> None:
        self.site, self.language = site, language
        self.edition = Edition(site.outcome, site.records, language)
        self.say = self.edition.say
        self.frame = Frame(
            self.edition.title, site.outcome.status, say_whatif(site.outcome, language), site.synthetic, self._menu()
        )
        self._base = hashlib.sha256(f"{look()}{self.frame}".encode("utf-8", "replace")).hexdigest()

    def _menu(self) -> tuple[tuple[str, str], ...]:
        site, found = self.site, [("", self.say("overview"))]
        found.append(("why/", self._why_title))
        if self.site.lab is not None:
            found.append(("lab/", self.say("lab")))
        if site.outcome.election.units:
            found.append(("places/", self.say("places")))
        if site.options:
            found.append(("lists/", self.say("lists")))
        found += [("law/", self.say("law")), ("data/", self.say("downloads")), ("method/", self.say("method"))]
        return tuple(found)

    @property
    def _why_title(self) -> str:
        return self.say("why" if self.edition.total > 1 else "why-result")

    def all(self) -> Iterator[SitePage]:
        """Yield the pages."""
        outcome = self.site.outcome
        yield self._page("", "overview.html", self._overview, record=self.site.result)
        yield self._page("why/", "why.html", self._why)
        for name in outcome.contests:
            record = self.site.contest_record(name)
            yield self._page(f"contests/{name}/", "contest.html", partial(self._contest, name), record=record)
        if outcome.election.units:
            yield self._page("places/", "places.html", self._places)
        for unit, record in self.site.units:
            yield self._unit_page(unit, record)
        if self.site.options:
            yield self._page("lists/", "options.html", self._options)
        for option in self.site.options:
            record = self.site.option_records[option]
            yield self._page(f"lists/{option}/", "option.html", partial(self._option, option), record=record)
        if self.site.lab is not None:
            yield self._page("lab/", "lab.html", partial(self._lab, self.site.lab))
        law = outcome.law
        yield self._page("law/", "law.html", self._law, depends=f"{law.digest} {law.day}")
        yield self._page("data/", "downloads.html", self._downloads)
        yield self._page("method/", "method.html", self._method)
        for further in self.site.further:
            record = self.site.further_records[further.name]
            values = partial(self._further, further)
            yield self._page(f"{further.name}/", "document.html", values, record=record, depends=record.version)
        yield self._page("hall/", "hall.html", partial(self._bare, "hall"))
        for kind in self._widgets():
            yield self._page(f"widget/{kind}/", "widget.html", partial(self._bare, f"widget-{kind}"))
        yield self._page("embed/", "embed.html", self._embed)

    def _page(
        self,
        path: str,
        template: str,
        values: Callable[[], dict[str, Any]],
        *,
        record: Record | None = None,
        depends: str | None = None,
    ) -> SitePage:
        """Return a page; without `depends` it depends on the whole outcome."""
        address = Address(self.language, self.site.prefix, path)
        key = hashlib.sha256(f"{self._base}{path}{depends or self.site.version}".encode()).hexdigest()

        def make() -> bytes:
            own = values()
            first = path.partition("/")[0]
            standing = {
                "language": self.language,
                "frame": self.frame,
                "edition": self.edition,
                "say": self.say,
                "made": self.say("made", program=f"Sailau {__version__}"),
                "record": record,
                "section": f"{first}/" if first else "",
                "to": address.to,
                "data": address.data,
                "asset": address.asset,
                "switch": list(address.switch()),
                "law": lambda rule: address.to(f"law/#{rule}"),
                "title": self.frame.title,
                "extras": [Alternate(f"feed.{self.language}.xml", FEED, self.say("feed"))],
            }
            return render(template, **(standing | own))

        return SitePage(address, key, make)

    # ------------------------------------------------------------------ the first page

    def _overview(self) -> dict[str, Any]:
        site, edition = self.site, self.edition
        outcome, record = site.outcome, site.result
        rows = list(record.dicts())
        base = record.head["base"]
        filled = [c.removeprefix("seats_") for c in record.columns if c.startswith("seats_")]
        has_seats = edition.total > 0
        several = len(filled) > 1 or bool(set(filled) & set(outcome.declared))
        contest = record.head["contest"]
        lines = record.head["lines"]
        further = [(x, lines[x], Fraction(lines[x], base)) for x in _OUTSIDE if base and x in lines]
        marks = self._marks()
        vacant = max(edition.total - edition.filled, 0)
        chamber_of_parties = bool(outcome.election.parties) and edition.total > 1
        return {
            "headline": edition.headline(),
            "facts": edition.facts(),
            "status_text": say_status(outcome, self.language),
            "chamber": self._chamber(marks),
            "legend": marks,
            "has_declared": any(mark.declared for mark in marks),
            "vacant": vacant if edition.total > 1 else 0,
            "questions": self._open(outcome.undetermined),
            "rows": rows,
            "base": base,
            "base_name": edition.base(contest) if contest else "",
            "limit": self._limit(contest),
            "filled": filled if several and has_seats else [],
            "declared": set(outcome.declared),
            "has_seats": has_seats,
            "sums": {c: sum(outcome.contests[c].seats.values()) for c in filled},
            "further": further,
            "first_head": self.say("party" if chamber_of_parties else "name"),
            "notes": [line.text for line in finding_lines(outcome, self.language)],
            "next": self._next(),
            **self._map(),
        }

    def _chamber(self, marks: list[drawings.Mark]) -> str:
        """Return the picture of the seats; empty where one seat is filled."""
        edition = self.edition
        if edition.total <= 1:
            return ""
        needed = edition.words.number(edition.total // 2 + 1)
        texts = (self.say("picture-seats"), edition.words.number(edition.total), self._majority(needed))
        return drawings.half_circle(marks, max(edition.total - edition.filled, 0), texts)

    def _open(self, asked: Sequence[Undetermined]) -> list[str]:
        """Return open questions as sentences, many of one kind together."""
        kinds: dict[tuple[str, str, str], list[Undetermined]] = {}
        for question in asked:
            kinds.setdefault((question.contest, question.question, question.cite), []).append(question)
        found = []
        for held in kinds.values():
            if len(held) > _ASKED:
                found.append(say_questions(held, self.site.outcome, self.language))
            else:
                found += [say_question(question, self.site.outcome, self.language) for question in held]
        return [capital(text) for text in found]

    def _map(self, *, always: bool = False) -> dict[str, Any]:
        """Return a map of the regions, and the same as tiles; empty where no region's figures are known."""
        regions = self._regions("../" if always else "")
        empty = {"map": "", "tiles": "", "map_credit": "", "map_unknown": "", "map_contest": ""}
        is_known = any(region.strength is not None for region in regions)
        if len(regions) < _FEWEST_REGIONS or not (is_known or always):
            return empty
        law, title = self.site.outcome.law, self.say("map-title")
        held = geometry(law.id, law.day)
        drawn = ""
        if held is not None and sum(region.code in held.areas for region in regions) == len(regions):
            wide, high = held.size
            box = (f"0 0 {wide} {high}", title)
            drawn = drawings.regions_map(regions, held.areas, held.marks, box)
        main = self.site.records.main()
        return {
            "map": drawn,
            "tiles": drawings.tiles(regions, title, 4 if len(regions) < _MANY_REGIONS else 6) if is_known else "",
            "map_credit": held.source if drawn and held is not None else "",
            "map_unknown": "" if is_known else self.say("map-unknown"),
            "map_contest": f"contests/{main.name}/" if is_known and main is not None else "",
        }

    def _regions(self, start: str) -> list[drawings.MapRegion]:
        """Return the largest areas with who leads there, in the order of their names."""
        site, edition, found = self.site, self.edition, []
        law, main = site.outcome.law, site.records.main()
        codes = {region.id: region.code for region in law.section("region")}
        leaders: dict[str, dict[str, Any]] = {}
        for row in site.area_record(main.name).dicts() if main is not None else ():
            if row["votes"] and (row["votes"] > (leaders.get(row["unit"], row)["votes"]) or row["unit"] not in leaders):
                leaders[row["unit"]] = row
        units = site.children(WHOLE)
        for unit in edition.sorted([u for u in units if u.id in leaders or u.id in codes]):
            name, leader = edition.unit(unit.id), leaders.get(unit.id)
            if leader is None or leader["share"] is None:
                label, short, color, strength = f"{name}: {self.say('unknown')}", "–", _UNKNOWN, None
            else:
                option = edition.name(leader["option"])
                share = edition.words.percent(leader["share"], digits=1)
                label = self.say("map-leads", place=name, name=option, share=share)
                short, color, strength = f"{option} {share}", edition.color(leader["option"]), leader["share"]
            href = f"{start}places/{unit.id}/"
            found.append(drawings.MapRegion(codes.get(unit.id, ""), label, name, short, color, href, strength))
        return found

    def _majority(self, needed: str) -> str:
        from sailau.wording.pictures import caption

        return caption(self.language, "majority-at", seats=needed)

    def _marks(self) -> list[drawings.Mark]:
        edition, found = self.edition, []
        declared = self.site.records.declared()
        for option, seats in sorted(self.site.outcome.seats.items(), key=lambda item: -item[1]):
            if seats:
                name = edition.name(option)
                href = f"lists/{option}/" if edition.is_named(option) else ""
                label = f"{name}: {edition.seats(seats)}"
                found.append(drawings.Mark(name, edition.color(option), seats, label, href, declared.get(option, 0)))
        return found

    def _limit(self, contest: str) -> Fraction | None:
        """Return the share that a bar sets in the whole, for the stroke across bars."""
        steps = self.site.outcome.steps
        found = [
            s.values["share"] for s in steps if s.contest == contest and s.code in ("threshold", "majority", "adoption")
        ]
        return found[0] if found and isinstance(found[0], Fraction) else None

    def _next(self) -> list[tuple[str, str, str]]:
        edition = self.edition
        found = [
            (f"contests/{n}/", capital(edition.contest(n)), self.say("contest")) for n in self.site.outcome.contests
        ]
        texts = {
            "why/": "next-why",
            "lab/": "next-lab",
            "places/": "next-places",
            "law/": "next-law",
            "data/": "next-data",
        }
        found += [(path, called, self.say(texts[path])) for path, called in self.frame.menu if path in texts]
        found += [
            (f"{page.name}/", self.say(f"page-{page.name}"), self.say(f"next-{page.name}"))
            for page in self.site.further
        ]
        return [*found, ("embed/", self.say("embed"), self.say("next-embed"))]

    # ------------------------------------------------------------------ what other rooms say

    def _further(self, page: Further) -> dict[str, Any]:
        return {
            "title": self.say(f"page-{page.name}"),
            "trail": [("", self.say("overview"))],
            "intro": capital(self.say(f"next-{page.name}")) + ".",
            "tables": page.tables(self.language),
            # The commands of these tables count by the law in force; beside a what-if they would give others.
            "command": "" if self.site.outcome.whatif else f"sailau {page.command} --lang {self.language}",
        }

    # ------------------------------------------------------------------ for a wall, and for other people's pages

    def _widgets(self) -> tuple[str, ...]:
        """Return the parts of the result that other pages may show: the chamber where there is one, and the table."""
        return ("chamber", "table") if self.edition.total > 1 else ("table",)

    def _bare(self, kind: str) -> dict[str, Any]:
        """Return what a page without a menu shows: the result at a glance, shown anew when the figures change."""
        told = self._overview()
        rows = [row for row in told["rows"] if row["votes"] or row["seats"]]
        shown, left = rows[:_GLANCE], len(rows) - _GLANCE
        main = self.site.records.main()
        contest = main.name if main is not None else next(iter(self.site.outcome.contests))
        return {
            **told,
            "chamber": self._chamber([replace(mark, href="") for mark in self._marks()]),
            "kind": kind,
            "title": self.say("hall" if kind == "hall" else kind),
            "edition_version": self.site.version,
            "shown": shown,
            "left": self.say("rows-left", number=self.edition.words.number(left)) if left > 0 else "",
            "complete": self.edition.complete(contest),
        }

    def _embed(self) -> dict[str, Any]:
        """Return the lines with which a newspaper's page shows the result."""
        high = {"chamber": 560, "table": 640}
        widgets = [
            (f"widget/{kind}/", self.say(f"widget-{kind}"), self.say(f"widget-{kind}-why"), high[kind])
            for kind in self._widgets()
        ]
        hall = ("hall/", self.say("hall"), self.say("hall-why"), 0)
        return {
            "title": self.say("embed"),
            "prefix": self.site.prefix,
            "widgets": [*widgets, hall],
            "plain": self._plain_table(),
        }

    def _plain_table(self) -> list[str]:
        """Return the lines of the result as a table without style or script, for pages that allow no frame."""
        told = self._bare("widget-table")
        rows = []
        for row in told["shown"]:
            share = "" if row["share"] is None else self.edition.words.percent(row["share"])
            cells = [self.edition.name(row["option"])]
            cells += [self.edition.words.number(row["seats"])] if told["has_seats"] else []
            cells += [share] if told["base"] else []
            rows.append("".join(f"<td>{escape(visible(cell))}</td>" for cell in cells))
        heads = [told["first_head"]]
        heads += [self.say("seats")] if told["has_seats"] else []
        heads += [self.say("share")] if told["base"] else []
        head = "".join(f"<th>{escape(text)}</th>" for text in heads)
        marks = filter(None, (self.say("synthetic") if self.site.synthetic else "", self.frame.whatif))
        title = ". ".join([*marks, self.frame.title, self.say(self.site.outcome.status)])
        body = [f"<tr>{row}</tr>" for row in rows]
        source = self.say("page-version", version=self.site.version)
        caption = f"<caption>{escape(visible(title))}</caption>"
        return ["<table>", caption, f"<tr>{head}</tr>", *body, "</table>", f"<p>Sailau. {escape(source)}</p>"]

    # ------------------------------------------------------------------ ballot papers

    def _contest(self, name: str) -> dict[str, Any]:
        site, edition = self.site, self.edition
        outcome, record = site.outcome, site.contest_record(name)
        held = outcome.contests[name]
        persons = outcome.plan.held[name].ballot == "candidates"
        by_place = persons and len(held.districts) > 1
        rows = [] if by_place else list(record.dicts())
        near = site.near.get(name, [])
        areas, shown, by_seats = self._area_table(name, by_place)
        numbers = edition.words.number
        drawn = [drawings.Near(edition.name(o), edition.color(o), more, fewer) for o, _, more, fewer in near]
        return {
            "title": capital(edition.contest(name)),
            "trail": [("", self.say("overview"))],
            "contest": name,
            "facts": [edition.turnout(name), edition.complete(name)],
            "rows": rows,
            "second": bool(held.second),
            "barred": any(row["passed"] is not None for row in record.dicts()),
            "question": name in outcome.questions,
            "limit": self._limit(name),
            "questions": self._open([q for q in outcome.undetermined if q.contest == name]),
            "near": near,
            "closeness": drawings.closeness(drawn, numbers, self.say("picture-close")) if near else "",
            "lines": record.head["lines"],
            "areas": areas,
            "shown": shown,
            "persons": by_place,
            "seats_by_area": by_seats,
        }

    def _area_table(self, name: str, persons: bool) -> tuple[list[dict[str, Any]], list[str], bool]:
        """Return the rows of a table by place, which options have a column, and whether seats are shown."""
        by_unit: dict[str, list[dict[str, Any]]] = {}
        for row in self.site.area_record(name).dicts():
            by_unit.setdefault(row["unit"], []).append(row)
        if not by_unit:
            return [], [], False
        units = self.edition.sorted([self.site.outcome.election.units[u] for u in by_unit])
        if persons:
            return (
                [{"unit": unit.id, "won": [row for row in by_unit[unit.id] if row["seats"]]} for unit in units],
                [],
                True,
            )
        held = self.site.outcome.contests[name]
        by_seats = any(row["seats"] for rows in by_unit.values() for row in rows)
        weight = held.seats if by_seats else held.votes
        shown = [o for o in sorted(weight, key=lambda o: (-weight[o], -held.votes.get(o, 0))) if weight[o]][:_MATRIX]
        areas = []
        for unit in units:
            cells = {row["option"]: row["seats" if by_seats else "share"] for row in by_unit[unit.id]}
            areas.append({"unit": unit.id, "cells": [cells.get(o, 0 if by_seats else None) for o in shown]})
        return areas, shown, by_seats

    # ------------------------------------------------------------------ places

    def _places(self) -> dict[str, Any]:
        levels: dict[str, list[Unit]] = {}
        for unit in self.site.outcome.election.units.values():
            levels.setdefault(unit.level, []).append(unit)
        shown = [
            (capital(self.edition.level(level or "unit")), self.edition.sorted(units))
            for level, units in levels.items()
        ]
        return {"title": self.say("places"), "levels": shown, **self._map(always=True)}

    def _unit_page(self, unit: Unit, record: Record) -> SitePage:
        findings = [f for f in self.site.outcome.findings if f.unit == unit.id]
        children = self.site.children(unit.id)
        above = self._above(unit)
        steps = self._district_reasons(unit)
        parts = [
            record.version,
            repr(findings),
            repr([u.id for u in children]),
            repr([u.names for u in [unit, *above]]),
        ]
        depends = hashlib.sha256(compact([*parts, steps is not None and self.site.version])).hexdigest()

        def values() -> dict[str, Any]:
            return self._unit(unit, record, findings, above)

        return self._page(f"places/{unit.id}/", "place.html", values, record=record, depends=depends)

    def _district_reasons(self, unit: Unit) -> bool | None:
        """Whether seats were filled in a unit, so that its page tells the steps."""
        return True if unit.id in self._seated else None

    @cached_property
    def _seated(self) -> set[str]:
        return {step.unit for step in self.site.outcome.steps if step.unit != WHOLE}

    def _above(self, unit: Unit) -> list[Unit]:
        """Return the units around a unit, the largest first."""
        units = self.site.outcome.election.units
        found: list[Unit] = []
        while unit.parent in units and len(found) < 8:
            unit = units[unit.parent]
            found.insert(0, unit)
        return found

    def _unit(self, unit: Unit, record: Record, findings: list[Any], above: list[Unit]) -> dict[str, Any]:
        edition, outcome = self.edition, self.site.outcome
        by_contest: dict[str, list[dict[str, Any]]] = {}
        for row in record.dicts():
            by_contest.setdefault(row["contest"], []).append(row)
        parts = [
            {
                "contest": name,
                "rows": rows,
                "declared": record.head["contests"][name]["declared"],
                "seats": any(row["seats"] is not None for row in rows),
            }
            for name, rows in by_contest.items()
        ]
        turnouts = [edition.turnout(name, unit.id) for name in by_contest if self.site.records.turnout(name, unit.id)]
        told = reasons(outcome, unit.id, self.language)[1:] if unit.id in self._seated else ()
        return {
            "title": edition.unit(unit.id),
            "level": capital(edition.level(unit.level or "unit")),
            "trail": [("places/", self.say("places")), *((f"places/{u.id}/", edition.unit(u.id)) for u in above)],
            "facts": turnouts[:1],
            "findings": [say_finding(f, self.language, outcome.election, outcome.law) for f in findings],
            "parts_of": parts,
            "reasons": told,
            "children": edition.sorted(self.site.children(unit.id)),
        }

    # ------------------------------------------------------------------ lists and candidates

    def _options(self) -> dict[str, Any]:
        election = self.site.outcome.election
        seats = self.site.outcome.seats
        groups = []
        if election.parties:
            groups.append((self.say("parties"), sorted(election.parties, key=lambda o: -seats.get(o, 0))))
        if election.candidates:
            people = sorted(election.candidates, key=lambda o: self.edition.name(o).casefold())
            groups.append((self.say("candidates"), people))
        return {"title": self.say("lists"), "groups": groups}

    def _option(self, option: str) -> dict[str, Any]:
        edition, site = self.edition, self.site
        outcome, record = site.outcome, site.option_records[option]
        stands = any(option in c.votes or option in c.seats for c in outcome.contests.values())
        told: tuple[ReasonSection, ...] = ()
        if stands or option in outcome.seats:
            told = reasons(outcome, option, self.language)
        return {
            "title": edition.full_name(option),
            "trail": [("lists/", self.say("lists"))],
            "option": option,
            "facts": self._option_facts(option),
            "reasons": told,
            "rows": list(record.dicts()),
        }

    def _option_facts(self, option: str) -> list[KeyFigure]:
        edition, outcome = self.edition, self.site.outcome
        found: list[KeyFigure] = []
        seats = outcome.seats.get(option)
        if seats is not None and edition.total > 1:
            text = self.say("of-total", n=edition.words.number(seats), total=edition.words.number(edition.total))
            found.append(KeyFigure(capital(self.say("seats")), text, part=Fraction(seats, max(edition.total, 1))))
        for name, contest in outcome.contests.items():
            base = self.site.records.base(name)
            if contest.votes.get(option) and base:
                part = Fraction(contest.votes[option], base)
                votes = edition.words.number(contest.votes[option])
                found.append(KeyFigure(capital(edition.contest(name)), edition.words.percent(part), votes, part))
        return found

    # ------------------------------------------------------------------ other rules

    def _lab(self, lab: Lab) -> dict[str, Any]:
        law = lab.seats[lab.home]
        assert law is not None, "the law in force can be counted"
        seated = [n for n, option in enumerate(lab.options) if any(row and row[n] for row in lab.seats)]
        shown = sorted(seated, key=lambda n: -law[n])[:_MATRIX]
        needs = next((n for n, axis in enumerate(lab.axes) if axis.path.endswith(".formula.method")), None)
        axes = []
        for place, axis in enumerate(lab.axes):
            quota = axis.path.endswith(".formula.quota") and needs is not None
            axes.append(
                {
                    "label": capital(provision_name(axis.path, self.edition.words)),
                    "ordered": axis.path.endswith((".share", ".seats")),
                    "law": axis.law,
                    "needs": f"{needs}:largest-remainder" if quota else None,
                    "choices": [self._lab_value(lab, place, n, shown) for n in range(len(axis.values))],
                }
            )
        return {
            "title": self.say("lab"),
            "axes": axes,
            "options": lab.options,
            "shown": [lab.options[n] for n in shown],
            "command": f"sailau explain {self.site.asked or self.site.outcome.election.name}",
            "open_text": self.say("lab-open", seats=""),
        }

    def _lab_value(self, lab: Lab, place: int, number: int, shown: Sequence[int]) -> dict[str, Any]:
        """Return one value of an axis: what it is called, and the seats where it alone is changed."""
        axis = lab.axes[place]
        row = lab.seats[lab.row([number if n == place else a.law for n, a in enumerate(lab.axes)])]
        law = lab.seats[lab.home]
        value = axis.values[number]
        return {
            "label": show_value(value, self.edition.words),
            "span": self._span(axis, number),
            "query": urlencode({axis.path: value}),
            "cells": [(None if row is None else row[n], law[n] if law else 0) for n in shown],
        }

    def _span(self, axis: Axis, number: int) -> str:
        """Return between which thresholds nothing changes."""
        if not axis.spans:
            return ""
        low, high = (self.edition.words.percent(Fraction(part)) for part in axis.spans[number])
        return self.say("lab-between", low=low, high=high)

    # ------------------------------------------------------------------ why, the law, files, method

    def _why(self) -> dict[str, Any]:
        told = reasons(self.site.outcome, None, self.language)
        options = [o for o in self.site.outcome.seats if self.edition.is_named(o)]
        return {"title": self._why_title, "reasons": told[1:] if told else told, "options": options}

    def _law(self) -> dict[str, Any]:
        law = self.site.outcome.law
        told = self._shipped_law() if law.id in books() else self._own_law()
        day = self.edition.words.day(law.day)
        return {"title": self.say("law"), "body": self.edition.body, "day": day, "notes": (), "questions": (), **told}

    def _shipped_law(self) -> dict[str, Any]:
        """Return a shipped law with all its versions, chapter by chapter."""
        guide = annotate(load(self.site.outcome.law.id), self.language)
        said = self.edition.words
        chapters = []
        for name in CHAPTERS:
            rules = [self._rule(rule) for rule in guide.chapter(name)]
            if rules:
                chapters.append((name, chapter_title(name, said), chapter_intro(name, said), rules))
        questions = [(rule.id, version.title, version.note) for rule, version in guide.questions]
        sources = [(title, _web(url)) for _, title, url in guide.sources]
        return {"chapters": chapters, "notes": guide.notes, "questions": questions, "sources": sources}

    def _own_law(self) -> dict[str, Any]:
        """Return a law that came with its case, as it stood on the day."""
        law, chapters = self.site.outcome.law, []
        for number, section in enumerate(show_law(law, self.language)):
            rules = [
                {"id": p.path, "title": capital(p.name), "stands": self._version(p, p.since), "others": ()}
                for p in section.provisions
            ]
            chapters.append((f"part-{number}", section.title, "", rules))
        sources = [(text_in(s.title, self.language, key), _web(s.url)) for key, s in law.sources.items()]
        return {"chapters": chapters, "sources": sources}

    def _rule(self, rule: AnnotatedRule) -> dict[str, Any]:
        """Return a rule as it stood on the day of the vote, and its other versions."""
        day = self.site.outcome.law.day
        stands, others = None, []
        for version in rule.versions:
            told = self._version(version, span(version, self.edition.words))
            if (version.since is None or version.since <= day) and (version.until is None or day < version.until):
                stands = told
            else:
                others.append(told)
        return {"id": rule.id, "title": rule.title, "stands": stands, "others": others}

    def _version(self, version: Version | Provided, when: str) -> dict[str, str]:
        words = self.edition.words
        said = words.say(CONFIDENCE[version.confidence]) if version.confidence in CONFIDENCE else ""
        doubt = ": ".join(filter(None, (capital(said), version.note)))
        text = version.text or (version.title if isinstance(version, Version) else version.name)
        return {"text": text, "cite": version.cite, "when": when, "doubt": doubt}

    def _downloads(self) -> dict[str, Any]:
        edition = self.edition
        files = [
            ("outcome.json", self.say("file-outcome", command="count --json")),
            ("version.json", self.say("file-version")),
        ]
        for record in self.site.data_records():
            text = self.say(f"file-{record.kind}")
            if record.kind == "tables":
                text = self.say(f"page-{record.path.rpartition('/')[2]}")
            contest = record.head["contest"]
            named = f"{text}: {edition.contest(contest)}" if record.kind in ("contest", "areas") and contest else text
            files += [(f"{record.path}.csv", named), (f"{record.path}.json", named)]
        if self.site.lab is not None:
            files.append(("lab.json", self.say("lab-file")))
        for form, ending in self.site.exports.items():
            files.append((f"case{ending}", self.say("file-outcome", command=f"export --to {form}")))
        files.append((f"result.{self.language}.svg", self.say("file-picture")))
        files += [(f"feed.{self.language}.xml", self.say("file-feed")), ("changes.json", self.say("file-changes"))]
        return {"title": self.say("downloads"), "files": files}

    def _method(self) -> dict[str, Any]:
        site, edition = self.site, self.edition
        outcome = site.outcome
        changes = "".join(f" --set {path}={value}" for path, value in outcome.whatif.items())
        day = edition.words.day(outcome.law.day)
        citation = self.say(
            "cite-text",
            title=edition.title,
            program=f"Sailau {__version__}",
            law=outcome.law.id,
            day=day,
            digest=outcome.election.digest,
            version=site.version,
        )
        return {
            "title": self.say("method"),
            "command": f"sailau count {site.asked or outcome.election.name}{changes}",
            "citation": citation,
            "sources": [
                {"title": str(s.get("title", "")), "url": _web(str(s.get("url", "")))} for s in outcome.election.sources
            ],
            "remarks": outcome.election.notes,
        }


def _web(address: str) -> str:
    """Return an address that a page may link; empty for one that would run something."""
    return address if address.startswith(("https://", "http://")) else ""
