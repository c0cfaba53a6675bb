"""An election as it was held: units, parties, candidates, returns, what was declared and decided. Immutable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import sailau

if TYPE_CHECKING:
    from sailau.election.large import LargeTables
    from sailau.rulebook import Book, Law

WHOLE = ""
"""The unit that is the whole: an empty id."""

INDEPENDENT = "independent"
ASSEMBLY = "assembly-of-the-people"
OTHERS = "others"
"""Kind of a line of parties.csv that stands for many small lists together: it wins nothing."""
OTHERS_LINE = "@others"
"""What the votes of such a line are read as: votes for lists, and none of them can win a seat."""
RESERVED = (INDEPENDENT, ASSEMBLY)

LANGUAGES = ("kk", "ru", "en")


_QUOTED = re.compile("«[^«»]+»")


def proper_name(name: str) -> str:
    """Return the proper name that a party's name carries in quotation marks, with these; none where there are several."""
    quoted = _QUOTED.findall(name)
    return quoted[0] if len(quoted) == 1 else ""


def named(names: Mapping[str, str], language: str, other: str) -> str:
    """Return a name in a language; a missing one falls back kk → ru → en, then to `other`."""
    return next((names[code] for code in (language, *LANGUAGES) if names.get(code)), other)


@dataclass(frozen=True, slots=True)
class Unit:
    """Any area: nation, region, district, precinct.

    Attributes:
        district: contest → the electoral district to which the unit's votes count where that is not its ancestor.
        seats: contest → seats of the district.
    """

    id: str
    parent: str = WHOLE
    level: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    population: int | None = None
    area_km2: int | None = None
    kind: str = ""
    stations: int | None = None
    seats: Mapping[str, int] = field(default_factory=dict)
    district: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Party:
    """A party, coalition or other list that stands in the election.

    Attributes:
        short: what it is called where room is scarce, in any language without a short name of its own.
        shorts: language → short name.
        registered: day the commission registered *this list*.
        agreement: lists with the same word here agreed to be dealt seats together; empty for none.
        was: ids under which the same party stood in earlier elections: renamed, or merged from several.
        facts: the columns that conditions use, as written.
    """

    id: str
    names: Mapping[str, str] = field(default_factory=dict)
    short: str = ""
    shorts: Mapping[str, str] = field(default_factory=dict)
    color: str = ""
    kind: str = "party"
    members: int = 1
    number: int | None = None
    registered: date | None = None
    agreement: str = ""
    was: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    def brief(self, language: str) -> str:
        """Return the short name in a language: its own, else the proper name in quotation marks, else that of any."""
        return self.shorts.get(language, "") or proper_name(self.names.get(language, "")) or self.short


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who stands: on a party's list (with a position) or in a district.

    Attributes:
        name: as the source writes it.
        names: language → name, where it is known in that language.
        birth_date: a date, or a year where only that is known.
        facts: the columns that conditions use, as written.
    """

    id: str
    contest: str = ""
    unit: str = WHOLE
    party: str = INDEPENDENT
    position: int | None = None
    name: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    sex: str = ""
    birth_date: date | int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    def called(self, language: str) -> str:
        """Return the name in a language; a missing one falls back kk → ru → en, in English to the name as given."""
        own = self.names.get(language, "") or (self.name if language == "en" else "")
        return own or named(self.names, language, self.name or self.id)


@dataclass(frozen=True, slots=True)
class Returns:
    """Every line of the returns in columns: line k says that `unit[k]` reports `count[k]` for `item[k]`.

    `contest`, `unit` and `item` are indices into the tuples of names; `count` is int64; `round` is 1 or 2;
    `line` is the line of returns.csv; `version` is that of the protocol, 1 where there is one only.
    """

    contests: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    contest: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    unit: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    item: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    count: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    round: NDArray[np.int8] = field(default_factory=lambda: np.empty(0, np.int8))
    line: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    version: NDArray[np.int16] = field(default_factory=lambda: np.empty(0, np.int16))

    def __post_init__(self) -> None:
        if len(self.version) != len(self.count):
            object.__setattr__(self, "version", np.ones(len(self.count), np.int16))

    def __len__(self) -> int:
        return len(self.count)


LEFT_OUT = ("superseded", "void", "missing")
STATUSES = ("standing", *LEFT_OUT)


@dataclass(frozen=True, slots=True)
class Protocol:
    """What became of one protocol: a row of protocols.csv.

    Attributes:
        contest: empty for all contests of the unit.
        status: `standing`, `superseded` by another version, `void`, or `missing`.
        received: when it came in, as written.
        reason: why it was corrected, annulled or is missing.
    """

    unit: str
    contest: str = ""
    version: int = 1
    status: str = "standing"
    received: str = ""
    reason: str = ""
    source: str = ""
    line: int = 0

    @property
    def is_left_out(self) -> bool:
        """Whether its figures are in no total."""
        return self.status in LEFT_OUT


@dataclass(frozen=True, slots=True)
class Award:
    """Seats that the authority announced: a row of declared.csv or official.csv."""

    contest: str
    unit: str
    option: str
    seats: int
    line: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """A recorded decision that the law leaves to a lot or to the authority."""

    kind: str
    contest: str
    unit: str
    question: str
    among: tuple[str, ...]
    chosen: tuple[str, ...]
    date: date | None = None
    source: str = ""
    line: int = 0


@dataclass(frozen=True)
class Election:
    """One election as read from a case folder.

    Attributes:
        name: name of the folder.
        law: id of its law, or the path of a rule book beside the case.
        settings: contest → its table in case.toml (`[contest.<id>]`).
        synthetic: whether its figures were made up; every page, picture and screen says so.
        commissions: rows of commissions.csv, one per member.
        tables: units and returns that only a database reads; then `units` are the upper ones and `returns` is empty.
    """

    name: str
    law: str
    day: date
    titles: Mapping[str, str]
    units: Mapping[str, Unit] = field(default_factory=dict)
    parties: Mapping[str, Party] = field(default_factory=dict)
    candidates: Mapping[str, Candidate] = field(default_factory=dict)
    returns: Returns = field(default_factory=Returns)
    protocols: tuple[Protocol, ...] = ()
    declared: tuple[Award, ...] = ()
    official: tuple[Award, ...] = ()
    decisions: tuple[Decision, ...] = ()
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sources: tuple[Mapping[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
    synthetic: bool = False
    calendar: Mapping[str, Any] = field(default_factory=dict)
    commissions: tuple[Mapping[str, str], ...] = ()
    files: frozenset[str] = frozenset()
    book: Book | None = field(default=None, repr=False, compare=False)
    tables: LargeTables | None = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        """Show it as one line in a shell."""
        return f"<Election {self.name}, {self.day}, {self.law}>"

    def _repr_html_(self) -> str:
        """Show what is known of the election as a notebook shows tables."""
        return str(sailau.html(self))

    @classmethod
    def from_rows(
        cls,
        rows: Any,
        law: str | Law,
        day: date | str | None = None,
        *,
        parties: Any = None,
        units: Any = None,
        name: str = "rows",
    ) -> Election:
        """Return an election from rows of votes that somebody has at hand, checked as a case folder is.

        Names of parties, persons and units may stand in place of ids, which are made from them.

        Args:
            rows: a frame of pandas or Polars, a table of Arrow, a relation of DuckDB, columns (name → values) or rows, with
                `item` (also called `party`, `option` or `list`) and `count` (or `votes`), and as needed `unit`, `contest`,
                `round`, `version`. `contest` may be left out where the law has one ballot paper.
            law: its id, the path of a rule book, or a `Law`, which has its day.
            day: the day of the (first-round) vote, where the law has none.
            parties: likewise, with the columns of parties.csv; needed only for what a name does not say, such as `kind`.
            units: likewise, with those of units.csv.
            name: what it is called.

        Raises:
            BadInput: every fault of the rows.
        """
        from sailau.election.frames import election_from_rows

        return election_from_rows(rows, law, day, parties, units, name)

    def canonical(self) -> bytes:
        """Return its figures and facts as canonical bytes: neither order, columns, line ends nor notes change them.

        Returns stand in them as the SHA-256 of their lines `[contest, unit, item, round, version, count]`, sorted, as JSON;
        tables that only a database reads as that of their bytes.
        """
        from sailau.election.canonical import canonical_election

        return canonical_election(self)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes."""
        from sailau.provenance import digest_of

        return digest_of(self.canonical())

    def own_law(self) -> Law:
        """Return the law under which the election was held, as it stood on its day."""
        assert self.book is not None, "an election read from a case has its book"
        return self.book.on(self.day)

    def name_of(self, option: str, language: str = "en", *, short: bool = False) -> str:
        """Return what a list, candidate or answer is called; the id where the case gives no name."""
        if option in self.parties:
            party = self.parties[option]
            return (party.brief(language) if short else "") or named(party.names, language, party.short or option)
        return self.candidates[option].called(language) if option in self.candidates else option

    def names_of(self, option: str) -> tuple[str, ...]:
        """Return everything that a list or candidate is called, in any language; nothing for an id without names."""
        if option in self.parties:
            party = self.parties[option]
            called = (party.short, *party.shorts.values(), *party.names.values())
        elif option in self.candidates:
            person = self.candidates[option]
            called = (person.name, *person.names.values())
        else:
            called = ()
        return tuple(name for name in called if name)
