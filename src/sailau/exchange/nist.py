"""NIST SP 1500-100 version 2 (Election Results Common Data Format), as XML and as JSON from one tree.

`docs/reference/exchange.md` says field by field where a figure goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sailau import __version__
from sailau.election import Election
from sailau.election.model import WHOLE
from sailau.extras import library
from sailau.rulebook.marks import visible
from sailau.tabulation import Tabulation, Totals

NAMESPACE = "http://itl.nist.gov/ns/voting/1500-100/v2"
_TYPES = {"precinct": "precinct", "municipality": "municipality", "city": "city", "county": "county", "state": "state"}

Node = dict[str, Any]
"""An element: `@type`, `@id`, then fields in the order of the schema; a list is repeated, a text of a language is a node."""


def report(election: Election, tabulation: Tabulation) -> Node:
    """Return a whole ElectionReport as a tree."""
    units = list(dict.fromkeys([WHOLE, *election.units, *(u for t in tabulation.totals.values() for u in t.units)]))
    ids = {unit: f"gp-{unit}" if unit else "gp" for unit in units}
    children: dict[str, list[str]] = {}
    for unit in election.units.values():
        children.setdefault(unit.parent, []).append(ids[unit.id])
    complete = all(bool(t.known[0].all()) for t in tabulation.totals.values())
    day = datetime(election.day.year, election.day.month, election.day.day, tzinfo=UTC)
    return {
        "@type": "ElectionResults.ElectionReport",
        "Election": [_election(election, tabulation, ids)],
        "Format": "precinct-level"
        if any(u.level == "precinct" for u in election.units.values())
        else "summary-contest",
        "GeneratedDate": day.isoformat().replace("+00:00", "Z"),
        "GpUnit": [_unit(election, tabulation, unit, ids[unit], children.get(unit, [])) for unit in units],
        "Issuer": next(iter(election.own_law().body.name.values()), election.law),
        "IssuerAbbreviation": election.law,
        "Notes": " ".join(election.notes),
        "Party": [_party(election, party) for party in election.parties],
        "SequenceStart": 1,
        "SequenceEnd": 1,
        "Status": "unofficial-complete" if complete else "unofficial-partial",
        "VendorApplicationId": f"sailau {__version__}",
    }


def _text(names: Mapping[str, str], other: str) -> Node:
    named = {code: name for code, name in names.items() if name} or {"en": other}
    texts = [{"@type": "ElectionResults.LanguageString", "Content": t, "Language": c} for c, t in named.items()]
    return {"@type": "ElectionResults.InternationalizedText", "Text": texts}


def _unit(election: Election, tabulation: Tabulation, unit: str, name: str, below: list[str]) -> Node:
    known = election.units.get(unit)
    level = known.level if known is not None else ("country" if unit == WHOLE else "")
    kind = _TYPES.get(level, "country" if level == "country" else "other")
    node: Node = {"@type": "ElectionResults.ReportingUnit", "@id": name}
    if below:
        node["ComposingGpUnitIds"] = below
    node["ExternalIdentifier"] = [
        {"@type": "ElectionResults.ExternalIdentifier", "Type": "local-level", "Value": unit or election.name}
    ]
    names = known.names if known is not None else election.titles
    node["Name"] = _text(names, unit)
    node["Type"] = kind
    if kind == "other":
        node["OtherType"] = level or "unit"
    figures = {line: _figure(tabulation, unit, line) for line in ("@cast", "@registered")}
    if figures["@cast"] is not None:
        node["VotersParticipated"] = figures["@cast"]
    if figures["@registered"] is not None:
        node["VotersRegistered"] = figures["@registered"]
    return node


def _figure(tabulation: Tabulation, unit: str, line: str) -> int | None:
    for (_, round_), total in tabulation.totals.items():
        figure = total.figure(unit, line)
        if figure is not None and round_ == 1:
            return figure
    return None


def _party(election: Election, name: str) -> Node:
    party = election.parties[name]
    kind = "Coalition" if party.kind == "coalition" else "Party"
    node: Node = {"@type": f"ElectionResults.{kind}", "@id": f"party-{name}"}
    if party.short:
        node["Abbreviation"] = _text({"en": party.short}, name)
    if len(party.color) == 7:
        node["Color"] = party.color.removeprefix("#")
    node["ExternalIdentifier"] = [{"@type": "ElectionResults.ExternalIdentifier", "Type": "local-level", "Value": name}]
    node["Name"] = _text(party.names, name)
    return node


def _election(election: Election, tabulation: Tabulation, ids: Mapping[str, str]) -> Node:
    day = election.day.isoformat()
    law = election.own_law()
    people = {
        item: None
        for (contest, _), total in tabulation.totals.items()
        for item in total.items[: total.electable]
        if _kind(law, contest, election, item) == "candidate"
    }
    node: Node = {"@type": "ElectionResults.Election"}
    ballots = [b for key, total in tabulation.totals.items() for b in _ballots(key, total, ids)]
    node["BallotCounts"] = ballots
    node["Candidate"] = [_candidate(election, item) for item in people]
    node["Contest"] = [_contest(election, key, total, ids) for key, total in tabulation.totals.items()]
    node |= {
        "ElectionScopeId": ids[WHOLE],
        "ExternalIdentifier": [
            {"@type": "ElectionResults.ExternalIdentifier", "Type": "national-level", "Value": election.name}
        ],
        "Name": _text(election.titles, election.name),
        "StartDate": day,
        "EndDate": day,
        "Type": "general",
    }
    return node


def _kind(law: Any, contest: str, election: Election, item: str) -> str:
    paper = law.contest_of(contest)
    if paper is not None and paper.answers:
        return "answer"
    return "party" if item in election.parties and (paper is None or paper.ballot == "list") else "candidate"


def _candidate(election: Election, item: str) -> Node:
    person = election.candidates.get(item)
    node: Node = {"@type": "ElectionResults.Candidate", "@id": f"candidate-{item}"}
    node["BallotName"] = _text({"en": election.name_of(item)}, item)
    node["ExternalIdentifier"] = [{"@type": "ElectionResults.ExternalIdentifier", "Type": "local-level", "Value": item}]
    party = person.party if person is not None else item
    if party in election.parties:
        node["PartyId"] = f"party-{party}"
    return node


def _ballots(key: tuple[str, int], total: Totals, ids: Mapping[str, str]) -> list[Node]:
    """Return the ballots of one contest in every unit: in the boxes, and invalid ones."""
    nodes = []
    for unit in total.units:
        cast, rejected = total.figure(unit, "@cast"), total.figure(unit, "@invalid")
        if cast is None and rejected is None:
            continue
        node: Node = {"@type": "ElectionResults.BallotCounts", "GpUnitId": ids[unit], "Round": key[1], "Type": "other"}
        node["OtherType"] = key[0]
        if cast is not None:
            node["BallotsCast"] = cast
        if rejected is not None:
            node["BallotsRejected"] = rejected
        nodes.append(node)
    return nodes


def _contest(election: Election, key: tuple[str, int], total: Totals, ids: Mapping[str, str]) -> Node:
    contest, round_ = key
    law = election.own_law()
    paper = law.contest_of(contest)
    kind = "BallotMeasureContest" if paper is not None and paper.answers else "CandidateContest"
    if paper is not None and paper.ballot == "list":
        kind = "PartyContest"
    name = f"{contest}-{round_}"
    node: Node = {"@type": f"ElectionResults.{kind}", "@id": f"contest-{name}"}
    node["ContestSelection"] = [_selection(election, key, total, item, ids) for item in total.items[: total.electable]]
    node["ContestSelection"] += [
        _line(key, total, line, ids) for line in total.items[total.electable :] if line not in ("@cast", "@invalid")
    ]
    node["ElectionDistrictId"] = ids[WHOLE]
    node["Name"] = name
    node["VoteVariation"] = "proportional" if kind == "PartyContest" else "majority"
    if kind == "CandidateContest":
        node["VotesAllowed"] = 1
    return node


def _selection(election: Election, key: tuple[str, int], total: Totals, item: str, ids: Mapping[str, str]) -> Node:
    kind = _kind(election.own_law(), key[0], election, item)
    name = f"selection-{key[0]}-{key[1]}-{item}"
    counts = _counts(key, total, item, ids)
    if kind == "answer":
        head: Node = {"@type": "ElectionResults.BallotMeasureSelection", "@id": name, "VoteCounts": counts}
        return head | {"Selection": _text({"en": item}, item)}
    if kind == "party":
        return {
            "@type": "ElectionResults.PartySelection",
            "@id": name,
            "VoteCounts": counts,
            "PartyIds": [f"party-{item}"],
        }
    head = {"@type": "ElectionResults.CandidateSelection", "@id": name, "VoteCounts": counts}
    return head | {"CandidateIds": [f"candidate-{item}"]}


def _line(key: tuple[str, int], total: Totals, line: str, ids: Mapping[str, str]) -> Node:
    """Return a line of the protocol that the format has no place for, as a selection with the line's name."""
    name = f"selection-{key[0]}-{key[1]}-line-{line.removeprefix('@').replace('_', '-')}"
    head: Node = {
        "@type": "ElectionResults.BallotMeasureSelection",
        "@id": name,
        "VoteCounts": _counts(key, total, line, ids),
    }
    return head | {"Selection": _text({"en": line}, line)}


def _counts(key: tuple[str, int], total: Totals, item: str, ids: Mapping[str, str]) -> list[Node]:
    return [
        {
            "@type": "ElectionResults.VoteCounts",
            "GpUnitId": ids[unit],
            "Round": key[1],
            "Type": "total",
            "Count": figure,
        }
        for unit in total.units
        if (figure := total.figure(unit, item)) is not None
    ]


def to_json(tree: Node) -> Node:
    """Return the tree as the JSON of the format: empty lists and texts left out."""
    plain: Node = {}
    for key, value in tree.items():
        if isinstance(value, list):
            if value:
                plain[key] = [to_json(v) if isinstance(v, dict) else v for v in value]
        elif isinstance(value, dict):
            plain[key] = to_json(value)
        elif value != "":
            plain[key] = value
    return plain


def to_xml(tree: Node) -> bytes:
    """Return the tree as the XML of the format."""
    etree = library("lxml.etree", "exchange", "NIST SP 1500-100")
    xsi = "http://www.w3.org/2001/XMLSchema-instance"
    root = etree.Element(f"{{{NAMESPACE}}}ElectionReport", nsmap={None: NAMESPACE, "xsi": xsi})
    _fill(etree, root, to_json(tree), xsi)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


_CHOSEN = ("Contest", "ContestSelection", "GpUnit", "Party")
"""Elements whose class stands in an attribute, since several may stand in their place."""


def _fill(etree: Any, element: Any, node: Node, xsi: str) -> None:
    for key, value in node.items():
        if key == "@id":
            element.set("ObjectId", value)
        elif key == "@type":
            continue
        elif isinstance(value, list) and value and isinstance(value[0], str):
            etree.SubElement(element, f"{{{NAMESPACE}}}{key}").text = visible(" ".join(value))
        else:
            for one in value if isinstance(value, list) else [value]:
                _child(etree, element, key, one, xsi)


def _child(etree: Any, element: Any, key: str, one: Any, xsi: str) -> None:
    child = etree.SubElement(element, f"{{{NAMESPACE}}}{key}")
    if not isinstance(one, dict):
        child.text = visible(str(one))
    elif "Content" in one:
        child.text = visible(one["Content"])
        child.set("Language", one["Language"])
    else:
        kind = str(one["@type"]).rpartition(".")[2]
        if key in _CHOSEN and kind != key:
            child.set(f"{{{xsi}}}type", kind)
        _fill(etree, child, one, xsi)
