"""Publish an election or a polling day as a static site that any web server can carry."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sailau import __version__
from sailau.counting import Outcome, count
from sailau.election.case import open_day
from sailau.election.model import Election
from sailau.provenance import stamp
from sailau.rulebook import BadInput, amend
from sailau.rulebook.marks import visible_json
from sailau.site.edition import Edition
from sailau.site.elections import ElectionSite
from sailau.site.feed import Publication, changes_at, changes_json, extended, feed
from sailau.site.markup import LANGUAGES, Address, assets, look, render
from sailau.site.records import Record, compact, version_of
from sailau.site.release import KEPT, File, Released, content_file, release
from sailau.wording.language import OWN_NAMES

State = tuple[tuple[str, int, int], ...]
"""Name, size and time in nanoseconds of every file of a case folder."""
Histories = Mapping[str, Sequence[Publication]]
"""Folder of an election → what was published of it, the newest last."""


def publish(
    where: str | Path,
    out: str | Path,
    *,
    changes: Mapping[str, str | int] | None = None,
    kept: int = KEPT,
    lab: bool = True,
) -> Released:
    """Publish a case, or all cases of a polling day, as a site in Kazakh, Russian and English.

    Args:
        where: a shipped case by name, a folder, a .zip, or the folder of a polling day.
        out: the site; what is not there yet, an empty folder, or a site that was published before.
        changes: provisions changed for a what-if; every page says so.
        kept: releases that stay for comparison.
        lab: whether the site lets readers try other rules.

    Raises:
        BadInput: all faults of the case or the law, or something else stands at `out`.
    """
    sites = sites_of(where, changes, lab=lab)
    return release(Path(out), files_of(sites, histories(sites, Path(out))), kept)


def state_of(where: str | Path) -> State:
    """Return name, size and time of the files of a case folder; nothing for a shipped case."""
    path = Path(where)
    files = sorted(path.rglob("*")) if path.is_dir() else [path] if path.is_file() else []
    # A file may be gone by the time that it is looked at: an editor puts another in its place.
    with suppress(FileNotFoundError):
        return tuple((str(f), s.st_size, s.st_mtime_ns) for f in files if f.is_file() and (s := f.stat()))
    return ()


def follow(where: str | Path, publication: Callable[[], Released], pause: float = 1.0) -> Iterator[Released | BadInput]:
    """Publish a case whenever it has changed and has then been left alone for a moment, without end.

    Args:
        where: a case folder, a .zip, or the folder of a polling day.
        publication: publishes it.
        pause: seconds between two looks.

    Yields:
        What each publication did, or the faults of a case that cannot be read; the site stays as it was then.
    """
    published: State | None = None
    seen = state_of(where)
    while True:
        if seen != published:
            published = seen
            try:
                yield publication()
            except BadInput as error:
                yield error
        time.sleep(pause)
        state = state_of(where)
        while state != seen:
            seen = state
            time.sleep(pause)
            state = state_of(where)


def histories(sites: Sequence[ElectionSite], out: Path | None = None) -> Histories:
    """Return what was published of each election so far, these figures included.

    Args:
        sites: of the elections.
        out: the site as it was published before; None where nothing was.
    """
    kept = {s.prefix: changes_at(out / f"data/{s.prefix}changes.json") if out is not None else () for s in sites}
    return {site.prefix: extended(kept[site.prefix], site) for site in sites}


def sites_of(
    where: str | Path, changes: Mapping[str, str | int] | None = None, *, lab: bool = True
) -> list[ElectionSite]:
    """Count a case, or every case of a polling day, and return the site of each."""
    elections = open_day(where)
    single = len(elections) == 1
    asked = Path(where).name if "/" in str(where) else str(where)
    return [
        ElectionSite(_outcome(election, changes), "" if single else f"{election.name}/", asked, with_lab=lab)
        for election in elections
    ]


def _outcome(election: Election, changes: Mapping[str, str | int] | None) -> Outcome:
    law = election.own_law()
    return count(amend(law, changes) if changes else law, election)


def files_of(sites: Sequence[ElectionSite], changes: Histories | None = None) -> Iterator[File]:
    """Yield every file of a site.

    Args:
        sites: of its elections.
        changes: folder of each election → what was published of it; nothing before this when absent.
    """
    changes = changes if changes is not None else histories(sites)
    for path, content in assets().values():
        yield content_file(path, content)
    yield content_file("index.html", _root(sites))
    if len(sites) > 1:
        yield from _day(sites)
    for site in sites:
        yield from _data(site)
        yield from _exports(site)
        yield from _changes(site, changes[site.prefix])
        for page in site.pages():
            yield File(page.path, page.depends, page.make)


def _root(sites: Sequence[ElectionSite]) -> bytes:
    """Return the page on which a reader chooses a language."""
    editions = [Edition(sites[0].outcome, sites[0].records, code) for code in LANGUAGES]
    languages = [(e.language, OWN_NAMES[e.language], e.title, "") for e in editions]
    return render("root.html", languages=languages, asset=lambda name: assets()[name][0])


def _day(sites: Sequence[ElectionSite]) -> Iterator[File]:
    """Yield the first page of a polling day with several elections, in every language."""
    from sailau.site.elections import Frame

    content = {**stamp(), "cases": {s.prefix.rstrip("/"): s.version for s in sites}}
    yield content_file("data/version.json", compact({**content, "version": version_of(content)}) + b"\n")
    for language in LANGUAGES:
        editions = [(site.prefix, Edition(site.outcome, site.records, language)) for site in sites]
        say = editions[0][1].say
        day = editions[0][1].words.day(sites[0].outcome.law.day)
        menu = tuple((prefix, edition.body) for prefix, edition in editions)
        frame = Frame(day, "final", "", any(s.synthetic for s in sites), (("", say("overview")), *menu))
        address = Address(language, "", "")
        yield content_file(
            f"{language}/index.html",
            render(
                "day.html", language=language, frame=frame, say=say, title=day, section="", to=address.to,
                data=address.data, asset=address.asset, switch=list(address.switch()),
                made=say("made", program=f"Sailau {__version__}"), cases=[(p, e, e.headline()) for p, e in editions],
            ),
        )  # fmt: skip


def _data(site: ElectionSite) -> Iterator[File]:
    """Yield the data files of an election, which know no language."""
    start = f"data/{site.prefix}"
    whole = visible_json(json.dumps(site.whole, ensure_ascii=False, indent=1)).encode() + b"\n"
    yield content_file(f"{start}outcome.json", whole)
    outcome = site.outcome
    mark = stamp(outcome.law, outcome.election, outcome)
    head = {**mark, **site.records.head(), "version": site.version}
    yield content_file(f"{start}version.json", compact(head) + b"\n")
    if site.lab is not None:
        lab = {**mark, "case": outcome.election.name, **site.lab.to_json(), "version": site.version}
        yield content_file(f"{start}lab.json", compact(lab) + b"\n")
    for record in site.data_records():
        yield from _record(start, record)
    for _, record in site.units:
        yield from _record(start, record)
    for record in site.option_records.values():
        yield from _record(start, record)
    for language in LANGUAGES:
        depends = f"{look()}{site.version}"
        yield File(f"{start}result.{language}.svg", depends, partial(_picture, site, language))


def _exports(site: ElectionSite) -> Iterator[File]:
    """Yield the case in formats of other programs."""
    election = site.outcome.election
    for form, ending in site.exports.items():
        depends = version_of([__version__, election.digest, form])
        yield File(f"data/{site.prefix}case{ending}", depends, partial(_export, election, form))


def _export(election: Election, form: str) -> bytes:
    from sailau.exchange.formats import export

    with TemporaryDirectory() as folder:
        return export(election, form, Path(folder) / "case").read_bytes()


def _changes(site: ElectionSite, changes: Sequence[Publication]) -> Iterator[File]:
    """Yield what was published when, and the feed that says so in every language."""
    start = f"data/{site.prefix}"
    kept = compact(changes_json(changes, site)) + b"\n"
    yield content_file(f"{start}changes.json", kept)
    for language in LANGUAGES:
        depends = version_of([look(), site.synthetic, kept.decode(), language])
        yield File(f"{start}feed.{language}.xml", depends, partial(feed, changes, site, language))


def _record(start: str, record: Record) -> Iterator[File]:
    yield File(f"{start}{record.path}.json", record.version, record.json)
    yield File(f"{start}{record.path}.csv", record.version, record.csv)


def _picture(site: ElectionSite, language: str) -> bytes:
    from sailau.pictures.result import result
    from sailau.wording.pictures import caption

    return result(site.outcome, language).svg(caption(language, "result"), language).encode()
