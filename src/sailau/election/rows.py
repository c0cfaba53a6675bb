"""One row of a table of a case: a unit, a party, a candidate, a count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sailau.election.model import INDEPENDENT, STATUSES, WHOLE, Candidate, Party, Protocol, Unit
from sailau.election.tables import ID, LARGEST_COUNT, MOST_SEATS, CaseTable, parse_day

PARTY_COLUMNS = (
    "name_en",
    "name_kk",
    "name_ru",
    "short",
    "short_kk",
    "short_ru",
    "color",
    "kind",
    "members",
    "number",
    "registered",
    "agreement",
    "was",
)
CANDIDATE_COLUMNS = (
    "contest",
    "unit",
    "party",
    "position",
    "name",
    "name_en",
    "name_kk",
    "name_ru",
    "sex",
    "birth_date",
)
MEMBER_COLUMNS = ("level", "unit", "member", "voters", "proposed_by", "employer", "office")
UNIT_COLUMNS = ("parent", "level", "name_en", "name_kk", "name_ru", "population", "area_km2", "kind", "stations")
PROTOCOL_COLUMNS = ("contest", "version", "status", "received", "reason", "source")
MOST_VERSIONS = 9_999
_COLOR_DIGITS = frozenset("0123456789abcdefABCDEF")


def fact_columns(*kinds: str) -> frozenset[str]:
    """Return the columns that conditions may use; the table of facts is read only where a file has further columns."""
    from sailau.rulebook.facts import FACTS

    return frozenset(name for name, fact in FACTS.items() if fact.of in kinds)


def _names(table: CaseTable, row: list[str]) -> Mapping[str, str]:
    columns = table.beginning("name_")
    return {column[-2:]: text for column in columns if (text := table.get(row, column))} if columns else {}


def unit_of(table: CaseTable, line: int, row: list[str]) -> Unit:
    """Read one row of units.csv."""
    seats: dict[str, int] = {}
    district: dict[str, str] = {}
    for column in table.beginning("seats_"):
        if (value := table.number(line, row, column, most=MOST_SEATS)) is not None:
            seats[column.removeprefix("seats_")] = value
    for column in table.beginning("district_"):
        if other := table.id(line, row, column, empty=True):
            district[column.removeprefix("district_")] = other
    return Unit(
        id=table.id(line, row, "unit"),
        parent=table.id(line, row, "parent", empty=True),
        level=table.id(line, row, "level", empty=True),
        names=_names(table, row),
        population=table.number(line, row, "population"),
        area_km2=table.number(line, row, "area_km2"),
        kind=table.id(line, row, "kind", empty=True),
        stations=table.number(line, row, "stations"),
        seats=seats,
        district=district,
    )


def protocol_of(table: CaseTable, line: int, row: list[str]) -> Protocol:
    """Read one row of protocols.csv."""
    status = table.get(row, "status")
    if status not in STATUSES:
        table.fault(line, "status", f"“{status}”" if status else "nothing", f"one of {', '.join(STATUSES)}")
    version = table.number(line, row, "version", least=1, most=MOST_VERSIONS)
    texts = {name: table.get(row, name) for name in ("contest", "received", "reason", "source")}
    return Protocol(table.get(row, "unit"), version=version or 1, status=status, line=line, **texts)


def circles(units: Mapping[str, Unit]) -> Iterator[str]:
    """Yield the units that lie within themselves, each unit looked at once."""
    sound: set[str] = {WHOLE}
    for start in units:
        path: dict[str, None] = {}
        at = start
        while at not in sound and at in units and at not in path:
            path[at] = None
            at = units[at].parent
        if at in path:
            yield start
        sound.update(path)


def deepest(units: Mapping[str, Unit]) -> tuple[str, int]:
    """Return a unit that lies in more units than any other, and in how many; units are in a tree."""
    depths: dict[str, int] = {WHOLE: 0}
    for start in units:
        path: list[str] = []
        at = start
        while at not in depths and at in units:
            path.append(at)
            at = units[at].parent
        above = depths.get(at, 0)
        for more, unit in enumerate(reversed(path), 1):
            depths[unit] = above + more
    unit = max(depths, key=lambda u: depths[u])
    return unit, depths[unit]


def party_of(table: CaseTable, line: int, row: list[str]) -> Party:
    """Read one row of parties.csv."""
    color = table.get(row, "color")
    if color and not (color[0] == "#" and len(color) in (4, 7) and set(color[1:]) <= _COLOR_DIGITS):
        table.fault(line, "color", f"“{color}”", "a colour such as #1f77b4")
    members = table.number(line, row, "members", least=1)
    return Party(
        id=table.id(line, row, "party"),
        names=_names(table, row),
        short=table.get(row, "short"),
        shorts={code: text for code in ("kk", "ru") if (text := table.get(row, f"short_{code}"))},
        color=color,
        kind=table.id(line, row, "kind", empty=True) or "party",
        members=1 if members is None else members,
        number=table.number(line, row, "number"),
        registered=table.day(line, row, "registered"),
        agreement=table.id(line, row, "agreement", empty=True),
        was=_former(table, line, row),
        facts=_facts(table, line, row, PARTY_COLUMNS),
    )


def _former(table: CaseTable, line: int, row: list[str]) -> tuple[str, ...]:
    """Return the ids that a party bore before, with spaces between."""
    former = tuple(table.get(row, "was").split())
    for name in former:
        if not ID.fullmatch(name):
            table.fault(line, "was", f"“{name}”", "ids of former elections, with spaces between")
    return former


def candidate_of(table: CaseTable, line: int, row: list[str]) -> Candidate:
    """Read one row of candidates.csv."""
    sex = {"f": "f", "m": "m", "female": "f", "male": "m", "": ""}.get(table.get(row, "sex").lower())
    if sex is None:
        table.fault(line, "sex", f"“{table.get(row, 'sex')}”", "f or m")
    birth = table.get(row, "birth_date")
    year = int(birth) if len(birth) == 4 and birth.isascii() and birth.isdigit() and birth > "1000" else None
    if birth and year is None and parse_day(birth) is None:
        table.fault(line, "birth_date", f"“{birth}”", "a date such as 1990-05-17, or a year")
    return Candidate(
        id=table.id(line, row, "candidate"),
        contest=table.id(line, row, "contest", empty=True),
        unit=table.id(line, row, "unit", empty=True),
        party=table.id(line, row, "party", empty=True) or INDEPENDENT,
        position=table.number(line, row, "position", least=1),
        name=table.get(row, "name"),
        names=_names(table, row),
        sex=sex or "",
        birth_date=year if year is not None else parse_day(birth),
        facts=_facts(table, line, row, CANDIDATE_COLUMNS),
    )


def _facts(table: CaseTable, line: int, row: list[str], own: tuple[str, ...]) -> Mapping[str, str]:
    """Return the columns of a row that conditions may use, with a fault where one is badly written."""
    names = [name for name in table.columns if name not in own and name not in ("party", "candidate")]
    if not names:
        return {}
    from sailau.rulebook.facts import FACTS

    facts = {}
    for name in names:
        text = table.get(row, name)
        if not text:
            continue
        if (expected := _fact_trouble(FACTS[name], text)) is not None:
            table.fault(line, name, f"“{text}”", expected)
        facts[name] = text
    return facts


_FACT_FORMS = {
    "bool": (re.compile(r"yes|no"), "yes or no"),
    "date": (re.compile(r"\d{4}(-\d\d-\d\d(T\d\d:\d\d)?)?"), "a date such as 2023-02-08, or a year"),
    "int": (re.compile(r"\d+(\.\d+)?%?"), "a number"),
}


def _fact_trouble(fact: Any, text: str) -> str | None:
    """Return what was expected of a fact column where the text is not that."""
    if fact.kind == "choice":
        return None if text in fact.values else f"one of {', '.join(fact.values)}"
    form = _FACT_FORMS.get(fact.kind)
    return form[1] if form and not form[0].fullmatch(text) else None


def count_of(table: CaseTable, line: int, text: str) -> int:
    """Read a count, noting a fault where it is none."""
    if text.isdigit() and text.isascii() and len(text) < 20 and (value := int(text)) <= LARGEST_COUNT:
        return value
    table.fault(line, "count", f"“{text}”" if text else "nothing", "a whole number from 0 to 2^63 − 1, digits only")
    return 0
