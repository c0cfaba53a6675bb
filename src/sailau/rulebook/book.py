"""Rule books: a country's electoral law as a TOML file, dated and cited.

A book is plain TOML. Everything that can change by law is a *provision*: a table with its article (`cite`) and, where it
has not always stood so, the first polling day it governs (`from`). Three rules make a book a history:

- a list of tables that carry `from` is one provision in several versions; the latest one begun on the day counts;
- a list of tables that carry `id` is a list of things (tiers, conditions, powers); each may come (`from`) and go (`until`,
  the first polling day it no longer governs), and the latest version of one `id` counts;
- any single table may carry `from` and `until` and is absent outside them.

`include` names further parts of the same book (shared articles, a long subject); their lists are appended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sailau.naming import Names
from sailau.rulebook.door import parse_toml, read_bytes
from sailau.rulebook.faults import BadInput, Fault, Faults, reason_of
from sailau.rulebook.limits import TOML, VERSIONS
from sailau.rulebook.places import locate, things_in

if TYPE_CHECKING:
    from sailau.rulebook.schema import Law

BOOKS = Path(__file__).parent / "books"
SCHEMA_VERSION = 1
_ABSENT = object()
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)?")


SOURCES = "part-sources.toml"
"""The part that holds the sources of several books."""
CORE = ("body", "contest", "tier")
"""Tables that stand in the book's own file, so that counting reads nothing else."""


@dataclass(frozen=True)
class Book:
    """A rule book as read from its file, all versions of all provisions together.

    Attributes:
        id: the law's name, such as `xx/chamber`.
        path: where it was read from.
        own: the parsed TOML of its own file; counting needs no more.
        includes: names of its further parts, read when a section in them is asked for.
        parts: file → its text, for the line numbers of faults.
        beside: the files among which its parts are, None where they lie in its folder.
    """

    id: str
    path: Path
    own: Mapping[str, Any]
    includes: tuple[str, ...]
    parts: dict[str, str] = field(repr=False)
    beside: Mapping[str, bytes] | None = field(default=None, repr=False)

    @cached_property
    def data(self) -> Mapping[str, Any]:
        """The parsed TOML, all parts together.

        Raises:
            BadInput: a part is missing or faulty.
        """
        data = dict(self.own)
        faults = Faults()
        for name in self.includes:
            part = _parse(self.path.parent / name, self.beside, self.parts)
            faults.extend(
                Fault(name, locate(self.parts[name], (key,)), key, f"[{key}]", f"{key} in {self.path.name} itself")
                for key in (*CORE, "include")
                if key in part
            )
            faults.extend(_key_faults(name, self.parts[name], part))
            for key, value in part.items():
                data[key] = _joined(data[key], value) if key in data else value
        faults.raise_any()
        return data

    @cached_property
    def sources(self) -> Mapping[str, Any]:
        """Laws and documents that citations begin with; the parts on conduct need not be read for them."""
        held = dict(self.own.get("sources", {}))
        for name in self.includes:
            if name == SOURCES:
                part = _parse(self.path.parent / name, self.beside, self.parts)
                held = {**part.get("sources", {}), **held}
        return held if SOURCES in self.includes else self.data.get("sources", {})

    def on(self, day: date) -> Law:
        """Return the law that governs a poll held (first round) on `day`.

        Raises:
            BadInput: no such law on that day, or the book is faulty.
        """
        from sailau.rulebook.coherence import other_seats
        from sailau.rulebook.schema import Law

        since, until = self.span
        if day < since or (until is not None and day >= until):
            ended = f" and before {until}" if until else ""
            raise BadInput([Fault(self.path.name, 0, "", f"the day {day}", f"a day from {since}{ended}: {self.id}")])
        law = Law.from_tables(resolve(self.own, day), day=day, book=self)
        Faults(Fault(*self.line(path), ".".join(map(str, path)), *told) for path, *told in other_seats(law)).raise_any()
        return law

    @cached_property
    def citation_faults(self) -> tuple[Fault, ...]:
        """Citations that name a source which the book does not have; of shipped books, which are tested, none is looked for."""
        from sailau.rulebook.citation import unknown_sources

        return () if BOOKS in self.path.parents else tuple(unknown_sources(self))

    @cached_property
    def span(self) -> tuple[date, date | None]:
        """First polling day that the law governs, and the first it no longer governs."""
        body = self.own.get("body", {})
        return body.get("from", date.min), body.get("until")

    @property
    def days(self) -> tuple[date, ...]:
        """Every day on which some provision begins or ends, in order: the law's versions."""
        since, until = self.span
        days = {d for d in _days(self.data) if d >= since and (until is None or d < until)}
        VERSIONS.check(self.path.name, len(days) * _tables_in(self.data))
        return tuple(sorted(days))

    def line(self, path: Sequence[str | int]) -> tuple[str, int]:
        """Return (file, line) of a key such as `("tier", 0, "threshold")`, as near as the text shows it."""
        for name, text in self.parts.items():
            here = tuple(path)
            if len(here) > 1 and isinstance(here[1], int):
                held = len(things_in(text, str(here[0])))
                if here[1] >= held > 0 or not held:
                    path = (here[0], here[1] - held, *here[2:])
                    continue
            found = locate(text, here)
            if found:
                return name, found
        return self.path.name, 0


def resolve(node: Any, day: date) -> Any:
    """Return the tables of a book as they stand on a polling day, versions chosen and the rest left out."""
    found = _resolve(node, day)
    return {} if found is _ABSENT else found


def _resolve(node: Any, day: date) -> Any:
    if isinstance(node, dict):
        if not _governs(node, day):
            return _ABSENT
        items = {key: _resolve(value, day) for key, value in node.items()}
        return {key: value for key, value in items.items() if value is not _ABSENT}
    if isinstance(node, list) and node and all(isinstance(x, dict) for x in node):
        if all("id" in x for x in node):
            return _things(node, day)
        if any("from" in x for x in node):
            return _version(node, day)
        return [y for x in node if (y := _resolve(x, day)) is not _ABSENT]
    return node


def _governs(table: Mapping[str, Any], day: date) -> bool:
    return bool(table.get("from", date.min) <= day < table.get("until", date.max))


def _version(tables: list[dict[str, Any]], day: date) -> Any:
    begun = [t for t in tables if t.get("from", date.min) <= day]
    latest = max(begun, key=lambda t: t.get("from", date.min), default=None)
    return _ABSENT if latest is None else _resolve(latest, day)


def _things(tables: list[dict[str, Any]], day: date) -> list[Any]:
    latest: dict[str, dict[str, Any]] = {}
    for table in tables:
        if table.get("from", date.min) > day:
            continue
        held = latest.get(table["id"])
        if held is None or held.get("from", date.min) <= table.get("from", date.min):
            latest[table["id"]] = table
    return [y for x in latest.values() if (y := _resolve(x, day)) is not _ABSENT]


def _days(node: Any) -> Iterator[date]:
    if isinstance(node, dict):
        for key in ("from", "until"):
            if isinstance(node.get(key), date):
                yield node[key]
        node = list(node.values())
    if isinstance(node, list):
        for value in node:
            yield from _days(value)


def digest_of_books() -> str:
    """Return the SHA-256 of all shipped rule books and their parts: names and bytes, in the order of names."""
    import hashlib

    whole = hashlib.sha256()
    for path in sorted(BOOKS.glob("*/*.toml"), key=lambda path: path.relative_to(BOOKS).as_posix()):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(BOOKS).as_posix()}\0{len(content)}\0".encode() + content)
    return f"sha256:{whole.hexdigest()}"


def _tables_in(node: Any) -> int:
    if isinstance(node, dict):
        return 1 + sum(map(_tables_in, node.values()))
    return sum(map(_tables_in, node)) if isinstance(node, list) else 0


def books() -> list[str]:
    """Return the ids of all shipped rule books, in order."""
    return sorted(
        f"{path.parent.name}/{path.stem}" for path in BOOKS.glob("*/*.toml") if not path.stem.startswith("part-")
    )


def load(law: str, beside: Path | None = None) -> Book:
    """Read a rule book: a shipped one by its id, or a file (`./law.toml`) beside a case.

    Raises:
        BadInput: no such book, not TOML, or a part is missing.
    """
    if law.endswith(".toml"):
        return read((beside or Path.cwd()) / law)
    path = BOOKS / f"{law}.toml"
    if not _ID.fullmatch(law) or path.stem.startswith("part-") or not path.is_file():
        expected = names().expected(law, "the id of a law or the path of a .toml file", "sailau law list")
        raise BadInput([Fault("law", 0, "", f"“{law}”", expected)])
    return _shipped(path)


def names() -> Names:
    """Return the ids of all shipped laws with their names in all languages."""
    bodies = {name: _shipped(BOOKS / f"{name}.toml").own["body"] for name in books()}
    return Names({name: body.get("name", {}).values() for name, body in bodies.items()})


@lru_cache(maxsize=32)
def _shipped(path: Path) -> Book:
    return read(path)


def read(path: Path, beside: Mapping[str, bytes] | None = None) -> Book:
    """Read a rule book from a file.

    Args:
        path: the file.
        beside: the files of the folder it is in, where these were read before.

    Raises:
        BadInput: no such file, not TOML, no rule book.
    """
    parts: dict[str, str] = {}
    data = _parse(path, beside, parts, links=True)
    version = data.pop("schema", SCHEMA_VERSION)
    if version != SCHEMA_VERSION:
        raise BadInput([Fault(path.name, locate(parts[path.name], ("schema",)), "schema", repr(version), "1")])
    body = data.get("body")
    if not isinstance(body, dict) or not isinstance(body.get("id"), str):
        line = locate(parts[path.name], ("body",))
        raise BadInput([Fault(path.name, line, "body.id", "nothing", "a table [body] with the id of the law")])
    sources = data.get("sources", {})
    if not isinstance(sources, dict) or not all(isinstance(table, dict) for table in sources.values()):
        line = locate(parts[path.name], ("sources",))
        raise BadInput([Fault(path.name, line, "sources", repr(sources), "tables such as [sources.EL]")])
    includes = _includes(path, data.pop("include", []), parts, beside)
    Faults(_key_faults(path.name, parts[path.name], data)).raise_any()
    return Book(body["id"], path, data, includes, parts, beside)


def _includes(path: Path, names: Any, parts: Mapping[str, str], beside: Mapping[str, bytes] | None) -> tuple[str, ...]:
    """Return the names of further parts, each a file in the same folder."""
    names = names if isinstance(names, list) else [names]
    line = locate(parts[path.name], ("include",))
    for name in names:
        sound = isinstance(name, str) and bool(name) and not set(name) & set("/\\\0") and ".." not in name
        if not sound or name == path.name or not ((path.parent / name).is_file() if beside is None else name in beside):
            raise BadInput([Fault(path.name, line, "include", f"“{name}”", "the name of a file in the same folder")])
    if len(set(names)) < len(names):
        raise BadInput([Fault(path.name, line, "include", "a part twice", "each part once")])
    return tuple(names)


def _joined(mine: Any, more: Any) -> Any:
    if isinstance(mine, list) and isinstance(more, list):
        return mine + more
    if isinstance(mine, dict) and isinstance(more, dict):
        return {**more, **{k: _joined(v, more[k]) if k in more else v for k, v in mine.items()}}
    return mine


def _parse(
    path: Path, beside: Mapping[str, bytes] | None, parts: dict[str, str], *, links: bool = False
) -> dict[str, Any]:
    """Read one file of a book; a part is no link unless it is ours, which a package manager may install as one."""
    try:
        if beside is not None:
            data = beside[path.name]
        else:
            data = read_bytes(path, TOML, links=links or BOOKS in path.parents)
        parts[path.name] = text = data.decode("utf-8-sig").replace("\r\n", "\n")
        return parse_toml(path.name, text)
    except FileNotFoundError:
        fault = Fault(str(path), 0, "", "no such file", "a rule book (.toml)")
    except (OSError, UnicodeDecodeError) as error:
        fault = Fault(path.name, 0, "", reason_of(error), "a readable file in UTF-8")
    raise BadInput([fault])


def _key_faults(name: str, text: str, data: Any, path: tuple[str | int, ...] = ()) -> Iterator[Fault]:
    """Yield a fault for every `from` or `until` that is not a date and every `id` that is not a text."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        here = (*path, key)
        if key in ("from", "until", "in-force", "read") and type(value) is not date:
            yield Fault(name, locate(text, here), key, repr(value), "a date such as 2023-03-19, without quotes")
        elif key == "id" and not isinstance(value, str):
            yield Fault(name, locate(text, here), key, repr(value), "a text such as list, in quotes")
        else:
            yield from _key_faults(name, text, value, here)
