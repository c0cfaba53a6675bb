"""Change a law for a what-if, and compare two laws: provisions are addressed by path, such as `list.threshold.share`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from sailau.naming import Names
from sailau.rulebook.door import parse_value
from sailau.rulebook.faults import BadInput, Fault
from sailau.rulebook.limits import KEY_DEPTH, TEXT
from sailau.rulebook.schema import Law

_MARKS = ("cite", "from", "until", "in-force", "read", "confidence", "note", "id", "title")
_VALUE_KEYS = ("value", "share", "method")
_OF_A_METHOD = ("first", "exponent", "quota", "round-quota", "leftover", "rounding")
"""Parts of a formula that mean something beside one method only: another method starts without them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a law: what it says, by which article, how sure."""

    value: Any
    cite: str
    confidence: str
    since: str = ""


def entries(law: Law) -> dict[str, Entry]:
    """Return every value of a law by its path (`list.threshold.share`), with the article of the provision it stands in."""
    found: dict[str, Entry] = {}
    for path, value, mark in _leaves(law.tables, (), Entry(None, "", "statute")):
        found[".".join(path)] = Entry(value, mark.cite, mark.confidence, mark.since)
    return found


def changeable(law: Law) -> dict[str, Entry]:
    """Return the provisions of a law that a what-if changes, by path: those that decide seats."""
    return {path: entry for path, entry in entries(law).items() if path.partition(".")[0] in law.tiers}


_WORD = re.compile(r"[a-z]+(-[a-z]+)*")


def choices(law: Law, path: str) -> tuple[str, ...]:
    """Return the words that a provision may hold; none where it holds a number, a share or a text."""
    try:
        amend(law, {path: "?"})
    except BadInput as error:
        words = tuple(word for fault in error for part in fault.expected.split(",") for word in part.split(" or "))
        stripped = tuple(word.strip() for word in words)
        return stripped if len(stripped) > 1 and all(map(_WORD.fullmatch, stripped)) else ()
    return ()


def _leaves(node: Any, path: tuple[str, ...], mark: Entry) -> Iterator[tuple[tuple[str, ...], Any, Entry]]:
    if isinstance(node, dict):
        mark = _mark(node, mark)
        for key, value in node.items():
            if key not in _MARKS:
                yield from _leaves(value, (*path, key), mark)
    elif isinstance(node, list) and node and all(isinstance(x, dict) and "id" in x for x in node):
        for thing in node:
            place = (thing["id"],) if path == ("tier",) else (*path, thing["id"])
            yield from _leaves(thing, place, mark)
    elif isinstance(node, list) and any(isinstance(x, dict) for x in node):
        for number, thing in enumerate(node, 1):
            yield from _leaves(thing, (*path, str(number)), mark)
    elif path and path[0] != "sources":
        yield path, node, mark


def _mark(table: Mapping[str, Any], above: Entry) -> Entry:
    since = table.get("from")
    return Entry(
        None,
        table.get("cite", above.cite),
        table.get("confidence", above.confidence),
        str(since) if since else above.since,
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two laws: `before` or `after` is None where the provision is absent."""

    path: str
    before: Entry | None
    after: Entry | None


def diff(before: Law, after: Law) -> list[Change]:
    """Return what differs between two laws (or two versions of one), in the order of the books."""
    old, new = entries(before), entries(after)
    paths = list(dict.fromkeys([*old, *new]))
    return [
        Change(path, old.get(path), new.get(path))
        for path in paths
        if (old[path].value if path in old else None) != (new[path].value if path in new else None)
    ]


def amend(law: Law, changes: Mapping[str, str | int]) -> Law:
    """Return the law with provisions changed by path; the law itself is untouched.

    Args:
        law: any law.
        changes: path → new value, `{"list.threshold.share": "7%"}`. `list.seats` stands for `list.seats.value`. Another
            method drops what belonged to the old one (Sainte-Laguë with a first divisor of 7/5 is the modified method),
            unless it is given, too.

    Raises:
        BadInput: no such provision, or a value it cannot have.
    """
    # A law has hundreds of conditions and powers; only the parts that are changed are copied.
    touched = {"tier", "contest", *(path.replace("_", "-").partition(".")[0] for path in changes)}
    tables: dict[str, Any] = {key: deepcopy(held) if key in touched else held for key, held in law.tables.items()}
    for path, value in changes.items():
        _drop(tables, path, value)
    for path, value in changes.items():
        _set(tables, path, value)
    said = {**law.changes, **{path: str(value) for path, value in changes.items()}}
    try:
        return Law.from_tables(tables, day=law.day, book=law.book, changes=said)
    except BadInput as error:
        shown = ", ".join(f"{path}={value}" for path, value in changes.items())
        known = Names(dict.fromkeys(changeable(law), ()))
        raise error.changed(lambda f: _said(f, f"--set {shown}", changes, known, law.id)) from None


def _said(fault: Fault, place: str, changes: Mapping[str, str | int], known: Names, law_id: str) -> Fault:
    """Tell a fault of the schema by the path and the value that somebody gave, with the nearest path there is."""
    path = next((p for p in changes if fault.field.endswith(p) or f".{p}." in f"{fault.field}."), None)
    if "known key" in fault.expected:
        wrong = path or next((p for p in changes if fault.field.rpartition(".")[2] in p), next(iter(changes)))
        expected = known.expected(wrong, "a provision of this law", f"sailau law show {law_id} --paths")
        return Fault("--set", 0, "", f"“{wrong}”", expected)
    return Fault(
        place, 0, fault.field, fault.found if path is None else f"“{changes[path]}”", fault.expected.replace("'", "")
    )


_CHANGE = "PATH=VALUE, such as list.threshold.share=7%"


def parse_set(text: str, option: str = "--set", expected: str = _CHANGE) -> tuple[str, str]:
    """Split `list.threshold.share=7%` into path and value; the option and what it expects are for the message."""
    TEXT.check(option, len(text))
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise BadInput([Fault(option, 0, "", f"“{text}”", expected)])
    return path.strip(), value.strip()


def parse_sets(texts: Iterable[str], option: str = "--set", expected: str = _CHANGE) -> dict[str, str]:
    """Return path → value of several changes; see `parse_set`.

    Raises:
        BadInput: one that is none, or two of one path.
    """
    found: dict[str, str] = {}
    for path, value in (parse_set(text, option, expected) for text in texts):
        if path in found:
            raise BadInput([Fault(option, 0, "", f"{path} twice, {found[path]} and {value}", "each path once")])
        found[path] = value
    return found


def _set(tables: dict[str, Any], path: str, value: str | int) -> None:
    *names, last = path.replace("_", "-").split(".")
    if len(names) >= KEY_DEPTH.most:
        raise BadInput([KEY_DEPTH.fault("--set", f"a path of {len(names) + 1:,} parts")])
    node: Any = _start(tables, names[0] if names else last, path)
    for depth, name in enumerate(names[1:], 1):
        if not isinstance(node, dict):
            raise BadInput([Fault(f"--set {path}", 0, "", f"“{'.'.join(names[:depth])}”", "a provision with parts")])
        node = node.setdefault(name, {})
    if not names or not isinstance(node, dict):
        raise BadInput([Fault(f"--set {path}", 0, "", f"“{path}”", "a path such as list.threshold.share")])
    held = node.get(last)
    if isinstance(held, dict):
        key = next((k for k in _VALUE_KEYS if k in held), None)
        if key is None:
            raise BadInput([Fault(f"--set {path}", 0, "", f"“{path}”", f"one of its parts: {', '.join(held)}")])
        node, last = held, key
    node[last] = _typed(path, value)


def _drop(tables: dict[str, Any], path: str, value: str | int) -> None:
    """Take out of a formula what belonged to its method where a path gives it another one."""
    names = path.replace("_", "-").split(".")
    if names[-1] == "method":
        names = names[:-1]
    formula: Any = _start(tables, names[0], path) if len(names) > 1 else None
    for name in names[1:]:
        formula = formula.get(name) if isinstance(formula, dict) else None
    if isinstance(formula, dict) and formula.get("method") not in (None, value):
        for part in _OF_A_METHOD:
            formula.pop(part, None)


def _start(tables: dict[str, Any], name: str, path: str) -> Any:
    for section in ("tier", "contest"):
        for thing in tables.get(section, []):
            if thing["id"] == name:
                return thing
    if name in tables and name not in ("tier", "contest", "sources"):
        held = tables[name]
        return held if isinstance(held, dict) else {thing["id"]: thing for thing in held if "id" in thing}
    known = Names({thing["id"]: () for thing in tables.get("tier", [])})
    raise BadInput([Fault(f"--set {path}", 0, "", f"“{name}”", known.expected(name, "a tier of this law"))])


def _typed(path: str, value: str | int) -> Any:
    """Read a value as TOML would (numbers, true, lists), else as text."""
    typed = parse_value(f"--set {path}", value) if isinstance(value, str) else value
    return str(value) if isinstance(typed, float) else typed
