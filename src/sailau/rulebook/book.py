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
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sailau.rulebook.faults import BadInput, Fault

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
    """

    id: str
    path: Path
    own: Mapping[str, Any]
    includes: tuple[str, ...]
    parts: dict[str, str] = field(repr=False)

    @cached_property
    def data(self) -> Mapping[str, Any]:
        """The parsed TOML, all parts together.

        Raises:
            BadInput: a part is missing or faulty.
        """
        data = dict(self.own)
        faults: list[Fault] = []
        for name in self.includes:
            part = _parse(self.path.parent / name, None, self.parts)
            faults += [
                Fault(name, locate(self.parts[name], (key,)), key, f"[{key}]", f"{key} in {self.path.name} itself")
                for key in (*CORE, "include")
                if key in part
            ]
            for key, value in part.items():
                data[key] = _joined(data[key], value) if key in data else value
        faults += [f for name, text in self.parts.items() for f in _key_faults(name, text, data) if f.line]
        if faults:
            raise BadInput(faults)
        return data

    @cached_property
    def sources(self) -> Mapping[str, Any]:
        """Laws and documents that citations begin with; the parts on conduct need not be read for them."""
        held = dict(self.own.get("sources", {}))
        for name in self.includes:
            if name == SOURCES:
                part = _parse(self.path.parent / name, None, self.parts)
                held = {**part.get("sources", {}), **held}
        return held if SOURCES in self.includes else self.data.get("sources", {})

    def on(self, day: date) -> Law:
        """Return the law that governs a poll held (first round) on `day`.

        Raises:
            BadInput: no such law on that day, or the book is faulty.
        """
        from sailau.rulebook.schema import Law

        since, until = self.span
        if day < since or (until is not None and day >= until):
            ended = f" and before {until}" if until else ""
            raise BadInput([Fault(self.path.name, 0, "", f"the day {day}", f"a day from {since}{ended}: {self.id}")])
        return Law.from_tables(resolve(self.own, day), day=day, book=self)

    @cached_property
    def span(self) -> tuple[date, date | None]:
        """First polling day that the law governs, and the first it no longer governs."""
        body = self.own.get("body", {})
        return body.get("from", date.min), body.get("until")

    @property
    def days(self) -> tuple[date, ...]:
        """Every day on which some provision begins or ends, in order: the law's versions."""
        since, until = self.span
        return tuple(sorted({d for d in _days(self.data) if d >= since and (until is None or d < until)}))

    def line(self, path: Sequence[str | int]) -> tuple[str, int]:
        """Return (file, line) of a key such as `("tier", 0, "threshold")`, as near as the text shows it."""
        for name, text in self.parts.items():
            here = tuple(path)
            if len(here) > 1 and isinstance(here[1], int):
                held = len(re.findall(rf"^\s*\[\[{re.escape(str(here[0]))}\]\]", text, re.MULTILINE))
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
        raise BadInput([Fault("law", 0, "", f"“{law}”", f"one of {', '.join(books())}, or the path of a .toml file")])
    return _shipped(path)


@lru_cache(maxsize=32)
def _shipped(path: Path) -> Book:
    return read(path)


def read(path: Path, text: str | None = None) -> Book:
    """Read a rule book from a file, or from `text` that stands for it."""
    parts: dict[str, str] = {}
    data = _parse(path, text, parts)
    version = data.pop("schema", SCHEMA_VERSION)
    if version != SCHEMA_VERSION:
        raise BadInput([Fault(path.name, locate(parts[path.name], ("schema",)), "schema", repr(version), "1")])
    body = data.get("body")
    if not isinstance(body, dict) or not isinstance(body.get("id"), str):
        line = locate(parts[path.name], ("body",))
        raise BadInput([Fault(path.name, line, "body.id", "nothing", "a table [body] with the id of the law")])
    includes = _includes(path, data.pop("include", []), parts, beside=text is None)
    faults = list(_key_faults(path.name, parts[path.name], data))
    if faults:
        raise BadInput(faults)
    return Book(body["id"], path, data, includes, parts)


def _includes(path: Path, names: Any, parts: Mapping[str, str], *, beside: bool) -> tuple[str, ...]:
    """Return the names of further parts, each a file in the same folder; a book that is only a text has no folder."""
    names = names if isinstance(names, list) else [names]
    for name in names:
        sound = beside and isinstance(name, str) and bool(name) and not set(name) & set("/\\\0") and ".." not in name
        if not sound or name == path.name or not (path.parent / name).is_file():
            line = locate(parts[path.name], ("include",))
            raise BadInput([Fault(path.name, line, "include", f"“{name}”", "the name of a file in the same folder")])
    return tuple(names)


def _joined(mine: Any, more: Any) -> Any:
    if isinstance(mine, list) and isinstance(more, list):
        return mine + more
    if isinstance(mine, dict) and isinstance(more, dict):
        return {**more, **{k: _joined(v, more[k]) if k in more else v for k, v in mine.items()}}
    return mine


def _parse(path: Path, text: str | None, parts: dict[str, str]) -> dict[str, Any]:
    try:
        text = path.read_bytes().decode("utf-8-sig") if text is None else text
        parts[path.name] = text = text.replace("\r\n", "\n")
        return tomllib.loads(text)
    except FileNotFoundError:
        fault = Fault(str(path), 0, "", "no such file", "a rule book (.toml)")
    except (OSError, UnicodeDecodeError) as error:
        fault = Fault(path.name, 0, "", type(error).__name__, "a readable file in UTF-8")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        fault = Fault(path.name, toml_line(str(error), text or ""), "", str(error).split(" (at")[0], "valid TOML")
    raise BadInput([fault])


def toml_line(message: str, text: str = "") -> int:
    """Return the line that a TOML error names (the last one of the text for its end), or 0."""
    match = re.search(r"line (\d+)", message)
    if match:
        return int(match.group(1))
    return len(text.rstrip("\n").split("\n")) if "end of document" in message else 0


def _key_faults(name: str, text: str, data: Any, path: tuple[str | int, ...] = ()) -> Iterator[Fault]:
    """Yield a fault for every `from` or `until` that is not a date and every `id` that is not a text."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        here = (*path, key)
        if key in ("from", "until", "in-force") and type(value) is not date:
            yield Fault(name, locate(text, here), key, repr(value), "a date such as 2023-03-19, without quotes")
        elif key == "id" and not isinstance(value, str):
            yield Fault(name, locate(text, here), key, repr(value), "a text such as list, in quotes")
        else:
            yield from _key_faults(name, text, value, here)


_HEADER = re.compile(r"\s*\[(\[)?([^\[\]]+)\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-\".]+)\s*=")


def locate(text: str, path: Sequence[str | int]) -> int:
    """Return the line (from 1) on which the key `path` of a TOML text stands, the nearest one above it, or 0.

    Good enough for an error message: it reads headers and keys line by line and counts the tables of an array.
    """
    best, depth = 0, 0
    here: tuple[str | int, ...] = ()
    counts: dict[tuple[str | int, ...], int] = {}
    for number, raw in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(raw):
            here = _header_path(header, counts)
            key = here
        elif match := _KEY.match(raw):
            key = (*here, *match.group(1).replace('"', "").split("."))
        elif raw.lstrip().startswith("{") and best and depth and len(path) > depth:
            key = _next_item(path, depth, counts)
        else:
            continue
        common = _common(key, path)
        if (common == len(key) and common > depth) or (common == len(path) and not best):
            best, depth = number, common
            if common == len(path):
                return best
    return best


def _header_path(header: re.Match[str], counts: dict[tuple[str | int, ...], int]) -> tuple[str | int, ...]:
    path: tuple[str | int, ...] = ()
    names = [n.strip().strip('"') for n in header.group(2).split(".")]
    for place, name in enumerate(names):
        path = (*path, name)
        if place == len(names) - 1 and header.group(1):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _next_item(
    path: Sequence[str | int], depth: int, counts: dict[tuple[str | int, ...], int]
) -> tuple[str | int, ...]:
    """Return the path of the next inline table inside the array whose key was found last."""
    array = tuple(path[:depth]) if isinstance(path[depth], int) else tuple(path[: depth - 1])
    counts[array] = counts.get(array, -1) + 1
    return (*array, counts[array])


def _common(key: Sequence[str | int], path: Sequence[str | int]) -> int:
    shared = 0
    for mine, other in zip(key, path, strict=False):
        if mine != other:
            break
        shared += 1
    return shared
