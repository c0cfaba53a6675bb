"""What commands there are: under which heading, in which module, and a line about each.

The first page of help is made from this table alone, so that it need not read the modules of all commands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Chapter(NamedTuple):
    """Commands that belong together, as the first page of help lists them."""

    title: str
    homes: dict[str, dict[str, str]]
    """Module → command → what it does, in a line of a screen of 80 columns."""


CONTENTS = (
    Chapter(
        "Elections",
        {
            "counting": {
                "count": "Count an election: seats, status, what is undetermined.",
                "explain": "Explain every seat by article, or those of one option.",
                "check": "Compare counted seats with the official ones.",
                "diff": "Compare two elections: shares and swing, seats, turnout.",
                "parliament": "Say what the chamber can do: indices, power, coalitions.",
            },
            "cases": {"case": "Case folders: list, show, new, generate, validate."},
        },
    ),
    Chapter(
        "Laws and reforms",
        {
            "laws": {"law": "Rule books: list, show, diff, compare, validate, new."},
            "reforms": {
                "compare": "Ask what other laws would give with these votes.",
                "simulate": "Draw many elections and count them under one law or more.",
                "paradox": "Search for elections in which a law shows a paradox.",
            },
        },
    ),
    Chapter(
        "Persons and duties",
        {
            "people": {
                "vet": "Check persons, lists and parties against the conditions.",
                "calendar": "List the deadlines and periods of an election.",
                "ballot": "Tell a voter which ballot papers there are.",
                "rights": "List money limits, commissions, complaints, observers.",
                "kit": "Make the kit of an observer: rights, the count, a protocol.",
                "mandates": "Turn seats into persons: order, quota, successors.",
                "chamber": "Say who sat in a chamber on a day.",
            },
        },
    ),
    Chapter(
        "Protocols and formats",
        {
            "tabulation": {
                "tabulate": "Add up the protocols of a case or a polling day.",
                "import": "Turn files of others into a case.",
                "export": "Write a case in a format of others, or official papers.",
            },
            "site": {
                "publish": "Publish an election or a polling day as a static site.",
                "serve": "Show the same pages live, from this machine.",
            },
        },
    ),
    Chapter(
        "Integrity",
        {
            "integrity": {
                "log": "A public log of protocols: append, prove, watch, cosign.",
                "witness": "Watch a log and sign what continues it: key, sign, serve.",
                "verify": "Verify the public log of an election, down to its seats.",
            },
            "observing": {
                "observe": "Observers: plan a sample, estimate from it, compare copies.",
                "audit": "Audits by a recount of stations: plan, draw, enter, status.",
                "forensics": "List the stations to look at first, with reasons.",
            },
        },
    ),
    Chapter(
        "Sailau itself",
        {
            "version": {
                "version": "Say the versions of the program and of what it runs on.",
                "completion": "Print the lines that make a shell complete what is typed.",
            },
        },
    ),
)

HOMES = {home: tuple(lines) for chapter in CONTENTS for home, lines in chapter.homes.items()}
"""Module → its commands: only the module of the command that is asked for is read."""


def lines() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield each heading with its commands and a line about each; all names are padded to one width."""
    width = max(len(name) for names in HOMES.values() for name in names)
    for chapter in CONTENTS:
        told = {name: line for commands in chapter.homes.values() for name, line in commands.items()}
        yield chapter.title, [(name.ljust(width), line) for name, line in told.items()]
