"""What changed from publication to publication, and the feed that says so (Atom, RFC 4287).

A change is kept with the site, in `changes.json`: a new one is added where the figures differ from those of the last publication.
Nothing else of a site knows the time, so that a publication without new figures changes no file.
"""

from __future__ import annotations

import json
import os
import time
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sailau.rulebook.marks import visible
from sailau.site.edition import Edition
from sailau.site.elections import ElectionSite
from sailau.site.markup import LANGUAGES

KEPT = 50
"""Changes that a feed tells, the newest ones."""
_ATOM = "http://www.w3.org/2005/Atom"
_KEYS = {"version", "at", "status", "known", "expected", "headline"}


@dataclass(frozen=True)
class Publication:
    """Figures that were published, and when.

    Attributes:
        version: of all figures.
        at: time of publication, UTC, as RFC 3339 writes it.
        status: of the outcome.
        known: units of the main ballot paper whose votes were known.
        expected: units that are expected to report.
        headline: language → who won, as far as it was known.
    """

    version: str
    at: str
    status: str
    known: int
    expected: int
    headline: Mapping[str, str]


def changes_at(path: Path) -> tuple[Publication, ...]:
    """Return the changes that an earlier publication kept; none where the file is missing or not one of ours."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["changes"]
        return tuple(Publication(**row) for row in rows if set(row) == _KEYS)
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def extended(changes: Sequence[Publication], site: ElectionSite) -> tuple[Publication, ...]:
    """Return the changes with the site's figures as the newest, unless they stand there already."""
    if changes and changes[-1].version == site.version:
        return tuple(changes)
    main = site.records.main()
    progress = site.records.progress(main.name) if main is not None else None
    headline = {}
    for language in LANGUAGES:
        told = Edition(site.outcome, site.records, language).headline()
        headline[language] = ". ".join(filter(None, (told.text, told.below)))
    known, expected = (progress.known, progress.expected) if progress is not None else (0, 0)
    newest = Publication(site.version, _now(), site.outcome.status, known, expected, headline)
    return (*changes[-KEPT + 1 :], newest)


def _now() -> str:
    """Return the time of publication; a build that is to be the same twice sets SOURCE_DATE_EPOCH."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = int(epoch) if epoch.isdecimal() else int(time.time())
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def changes_json(changes: Sequence[Publication], site: ElectionSite) -> dict[str, Any]:
    """Return the changes as they are kept."""
    return {"schema": 1, "case": site.outcome.election.name, "changes": [asdict(change) for change in changes]}


def feed(changes: Sequence[Publication], site: ElectionSite, language: str) -> bytes:
    """Return the feed in a language, the newest change first; its addresses are relative to where it stands."""
    edition = Edition(site.outcome, site.records, language)
    name = site.outcome.election.name
    page = "../" * (1 + site.prefix.count("/")) + f"{language}/{site.prefix}"
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": language})
    title = edition.say("feed-title", title=edition.title)
    _add(root, "title", f"{edition.say('synthetic')}: {title}" if site.synthetic else title)
    _add(root, "id", _id(name))
    _add(root, "updated", changes[-1].at)
    _add(ET.SubElement(root, "author"), "name", "Sailau")
    _add(root, "link", rel="self", type="application/atom+xml", href=f"feed.{language}.xml")
    _add(root, "link", rel="alternate", type="text/html", hreflang=language, href=page)
    for change in reversed(changes):
        entry = ET.SubElement(root, "entry")
        _add(entry, "title", f"{edition.say(change.status)}: {change.headline.get(language, '')}")
        _add(entry, "id", _id(f"{name} {change.version} {change.at}"))
        _add(entry, "updated", change.at)
        _add(entry, "link", rel="alternate", type="text/html", href=page)
        _add(entry, "summary", _summary(change, edition))
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = visible(text) or None


def _id(name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, f'sailau {name}')}"


def _summary(change: Publication, edition: Edition) -> str:
    number = edition.words.number
    complete = edition.say("of-total", n=number(change.known), total=number(change.expected))
    version = edition.say("page-version", version=change.version)
    return f"{edition.say('complete')}: {complete}. {version}" if change.expected else version
