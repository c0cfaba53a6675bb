"""EML 510 (Election Markup Language, version 5): counts of every unit, written and read without loss of a figure.

A figure that the standard has a place for stands there; every other line of a protocol is an `UncountedVotes` with its own
name as reason. XML is read without entities and without a network.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sailau.election import Election
from sailau.election.tables import LARGEST_COUNT, parse_day
from sailau.election.writing import to_csv, to_toml
from sailau.extras import library
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.door import read_bytes
from sailau.rulebook.faults import Faults
from sailau.rulebook.limits import TABLE
from sailau.rulebook.marks import visible

NAMESPACE = "urn:oasis:names:tc:evs:schema:eml"
_PLACES = {"@registered": "Cast", "@valid": "TotalCounted"}
_REASONS = {"@invalid": "invalid", "@blank": "blank"}


def write(election: Election, language: str = "en") -> bytes:
    """Return the returns of a case, all contests and rounds, as one document."""
    etree = library("lxml.etree", "exchange", "EML")
    root = etree.Element(f"{{{NAMESPACE}}}EML", nsmap={None: NAMESPACE}, Id="510", SchemaVersion="5.0")
    count = _add(root, "Count")
    event = _add(count, "EventIdentifier", Id=election.name)
    _add(
        event, "EventName", next((election.titles[c] for c in (language, *election.titles) if c in election.titles), "")
    )
    made = _add(count, "Election")
    identifier = _add(made, "ElectionIdentifier", Id=election.law)
    _add(identifier, "ElectionName", election.law)
    _add(identifier, "ElectionCategory", election.day.isoformat())
    contests = _add(made, "Contests")
    r = election.returns
    papers: dict[tuple[str, int], dict[str, list[tuple[str, int]]]] = {}
    for contest, unit, item, n, round_ in zip(r.contest, r.unit, r.item, r.count, r.round, strict=True):
        units = papers.setdefault((r.contests[contest], int(round_)), {})
        units.setdefault(r.units[unit], []).append((r.items[item], int(n)))
    for (name, round_), units in papers.items():
        contest = _add(contests, "Contest")
        _add(contest, "ContestIdentifier", Id=name, ShortCode=str(round_))
        for unit, figures in units.items():
            where = _add(contest, "TotalVotes") if not unit else _add(contest, "ReportingUnitVotes")
            if unit:
                _add(where, "ReportingUnitIdentifier", _name(election, unit, language), Id=unit)
            _write_figures(where, figures, election, language)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _write_figures(where: Any, figures: list[tuple[str, int]], election: Election, language: str) -> None:
    lines = {item: n for item, n in figures if item.startswith("@")}
    for item, n in figures:
        if not item.startswith("@"):
            selection = _add(where, "Selection")
            affiliation = _add(selection, "AffiliationIdentifier", Id=item)
            _add(affiliation, "RegisteredName", election.name_of(item, language))
            _add(selection, "ValidVotes", str(n))
    for line, place in _PLACES.items():
        if line in lines:
            _add(where, place, str(lines.pop(line)))
    for line, reason in _REASONS.items():
        if line in lines:
            _add(where, "RejectedVotes", str(lines.pop(line)), ReasonCode=reason)
    for line, n in lines.items():
        _add(where, "UncountedVotes", str(n), ReasonCode=line)


def _name(election: Election, unit: str, language: str) -> str:
    names = election.units[unit].names if unit in election.units else {}
    return next((names[c] for c in (language, "kk", "ru", "en") if names.get(c)), unit)


def _add(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    etree = library("lxml.etree", "exchange", "EML")
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", **attributes)
    element.text = visible(text) if text is not None else None
    return element


# ---------------------------------------------------------------- reading


def parse(path: Path) -> Any:
    """Return the root of an XML file, read without entities, document types and network.

    Raises:
        BadInput: one fault, with its line.
    """
    etree = library("lxml.etree", "exchange", "XML")
    data = read_bytes(path, TABLE)
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
        raise BadInput([Fault(path.name, 1, "", "a document type or an entity", "plain XML without either")])
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise BadInput([Fault(path.name, error.lineno or 0, "", error.msg, "well-formed XML")]) from None


def read(path: Path, law: str | None = None) -> dict[str, str]:
    """Return the files of a case from an EML 510 document.

    Args:
        path: the document.
        law: `LAW@DAY`, where the document names no law of ours.

    Raises:
        BadInput: every fault, with its line.
    """
    root = parse(path)
    if root.tag != f"{{{NAMESPACE}}}EML" or root.get("Id") not in ("510", "510a", "510b", "510c", "510d"):
        raise BadInput(
            [Fault(path.name, root.sourceline or 1, "", f"<{_local(root)} Id={root.get('Id')!r}>", '<EML Id="510">')]
        )
    faults = Faults()
    name, day = _law_and_day(root, path.name, law, faults)
    units: dict[str, str] = {}
    parties: dict[str, str] = {}
    rows = list(_rows(root, path.name, faults, (units, parties)))
    faults.raise_any()
    title = root.findtext(f".//{{{NAMESPACE}}}EventName") or path.stem
    head = f"law = {to_toml(name)}\nday = {day}\ntitle.en = {to_toml(title)}\n"
    texts = {"case.toml": head, "returns.csv": to_csv([("unit", "contest", "item", "count", "round"), *rows])}
    if units:
        texts["units.csv"] = to_csv([("unit", "level", "name_en"), *((u, "precinct", n) for u, n in units.items())])
    if parties:
        texts["parties.csv"] = to_csv([("party", "name_en"), *parties.items()])
    return texts


def _law_and_day(root: Any, file: str, law: str | None, faults: Faults) -> tuple[str, date | None]:
    name, _, day = (law or "").partition("@")
    element = root.find(f".//{{{NAMESPACE}}}ElectionIdentifier")
    if not name and element is not None:
        name = element.get("Id", "")
        day = element.findtext(f"{{{NAMESPACE}}}ElectionCategory") or ""
    if "/" not in name or parse_day(day) is None:
        faults.add(Fault(file, 0, "", f"the law “{name}” on “{day}”", "--law LAW@DAY"))
    return name, parse_day(day)


def _rows(
    root: Any, file: str, faults: Faults, named: tuple[dict[str, str], dict[str, str]]
) -> Iterator[tuple[object, ...]]:
    units, parties = named
    for contest in root.iter(f"{{{NAMESPACE}}}Contest"):
        identifier = contest.find(f"{{{NAMESPACE}}}ContestIdentifier")
        if identifier is None or not identifier.get("Id"):
            faults.add(Fault(file, contest.sourceline, "ContestIdentifier", "nothing", "the contest"))
            continue
        name, round_ = identifier.get("Id"), identifier.get("ShortCode", "1")
        for where in contest:
            if _local(where) not in ("TotalVotes", "ReportingUnitVotes"):
                continue
            unit = where.find(f"{{{NAMESPACE}}}ReportingUnitIdentifier")
            place = unit.get("Id", "") if unit is not None else ""
            if unit is not None:
                units.setdefault(place, unit.text or "")
            for element in where:
                item = _item(element, parties)
                number = (
                    element.findtext(f"{{{NAMESPACE}}}ValidVotes") if _local(element) == "Selection" else element.text
                )
                if item is None:
                    continue
                if not (number or "").isdigit() or int(number or 0) > LARGEST_COUNT:
                    faults.add(
                        Fault(file, element.sourceline, _local(element), f"“{number}”", "a whole number up to 2^63 − 1")
                    )
                    continue
                yield place, name, item, int(number or 0), round_


def _item(element: Any, parties: dict[str, str]) -> str | None:
    """Return which line of a case an element states; None for what it has no line for."""
    local = _local(element)
    if local == "Selection":
        affiliation = element.find(f"{{{NAMESPACE}}}AffiliationIdentifier")
        if affiliation is None or element.find(f"{{{NAMESPACE}}}Candidate") is not None:
            return None
        name = str(affiliation.get("Id", ""))
        parties.setdefault(name, affiliation.findtext(f"{{{NAMESPACE}}}RegisteredName") or "")
        return name
    for line, place in _PLACES.items():
        if local == place:
            return line
    reason = element.get("ReasonCode", "")
    if local == "RejectedVotes":
        return next((line for line, code in _REASONS.items() if code == reason), "@invalid")
    return reason if local == "UncountedVotes" and reason.startswith("@") else None


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
