"""In which order the persons of a list take its seats: by the law, by the party, by the voters – or by the alphabet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sailau.election.model import INDEPENDENT, Candidate, Election
from sailau.election.tables import CaseTable, read_table
from sailau.extras import library
from sailau.mandates.model import Basis, Place
from sailau.rulebook import BadInput, Fault
from sailau.rulebook.door import read_bytes
from sailau.rulebook.limits import LIST
from sailau.rulebook.mandates import MandateRules as Rule

FILE = "mandates.csv"
_COLUMNS = ("contest", "unit", "party", "candidate", "position")
_LAST = 10**9


@dataclass(frozen=True)
class Orders:
    """What parties and voters decided.

    Attributes:
        decided: list → persons in the order in which the party gives them its seats; it need not name all.
        votes: person → preference votes.
    """

    decided: Mapping[Place, tuple[str, ...]] = field(default_factory=dict)
    votes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Ordered:
    """The persons of a list in order, each with the ground for the place.

    Attributes:
        named: how many of them the party named itself.
        open_after: from this place on the law names no order (None: it does for all).
    """

    people: tuple[Candidate, ...]
    basis: tuple[Basis, ...]
    named: int = 0
    open_after: int | None = None


def read_orders(where: str | Path, election: Election) -> Orders:
    """Read `mandates.csv`: contest,unit,party,candidate,position and, where voters choose persons, votes.

    Raises:
        BadInput: every fault of the file.
    """
    path = Path(where)
    try:
        data = read_bytes(path, LIST)
    except OSError as error:
        raise BadInput([Fault(str(where), 0, "", error.strerror or "", f"a readable {FILE}")]) from None
    table = read_table(path.name, data, _COLUMNS, lambda column: column == "votes")
    rows: dict[Place, list[tuple[int, int, str]]] = {}
    votes: dict[str, int] = {}
    for line, row in table.rows if table.readable else ():
        place, person = _row(table, line, row, election)
        position = table.number(line, row, "position", least=1)
        number = table.number(line, row, "votes")
        if person is None:
            continue
        if number is not None:
            votes[person] = number
        if position is not None:
            rows.setdefault(place, []).append((position, line, person))
    decided = {place: _sequence(table, entries) for place, entries in rows.items()}
    if table.faults:
        raise BadInput(table.faults)
    return Orders(decided, votes)


def _row(table: CaseTable, line: int, row: list[str], election: Election) -> tuple[Place, str | None]:
    place = Place(table.get(row, "contest"), table.get(row, "unit"), table.get(row, "party"))
    person = table.get(row, "candidate")
    candidate = election.candidates.get(person)
    if candidate is None:
        table.fault(line, "candidate", f"“{person}”", "a candidate of candidates.csv")
        return place, None
    for column, found, expected in zip(("contest", "unit", "party"), place, list_of(candidate), strict=True):
        if found != expected:
            table.fault(line, column, f"“{found}”", f"“{expected}”, as candidates.csv says of {person}")
            return place, None
    return place, person


def _sequence(table: CaseTable, entries: list[tuple[int, int, str]]) -> tuple[str, ...]:
    seen: dict[int, str] = {}
    people: set[str] = set()
    for position, line, person in entries:
        if position in seen:
            table.fault(line, "position", str(position), f"each position once: {seen[position]} has it")
        if person in people:
            table.fault(line, "candidate", f"“{person}” again", "each person once")
        seen[position] = person
        people.add(person)
    return tuple(person for _, _, person in sorted(entries))


def given_orders(chosen: Mapping[str | tuple[str, str, str], Sequence[str]], election: Election) -> Orders:
    """Return orders given by argument: a party's id (it has one list), or (contest, unit, party), → persons in order.

    Raises:
        BadInput: a person who is not on that list, or is named twice.
    """
    faults: list[Fault] = []
    decided: dict[Place, tuple[str, ...]] = {}
    for key, people in chosen.items():
        place = Place(*key) if not isinstance(key, str) else _only_list(key, people, election)
        for person in people:
            candidate = election.candidates.get(person)
            if candidate is None or list_of(candidate) != place:
                faults.append(Fault("chosen", 0, str(key), f"“{person}”", "a person on that list"))
        if len(set(people)) != len(people):
            faults.append(Fault("chosen", 0, str(key), "a person twice", "each person once"))
        decided[place] = tuple(people)
    if faults:
        raise BadInput(faults)
    return Orders(decided)


def _only_list(party: str, people: Sequence[str], election: Election) -> Place:
    known = [list_of(election.candidates[p]) for p in people if p in election.candidates]
    return next((place for place in known if place.party == party), Place("", "", party))


def list_of(candidate: Candidate) -> Place:
    """Return the list on which a person stands."""
    return Place(candidate.contest, candidate.unit, candidate.party)


def people_of(election: Election, place: Place) -> list[Candidate]:
    """Return the persons of a list in its registered order; those who withdrew are left out."""
    held = [c for c in election.candidates.values() if list_of(c) == place and not c.facts.get("withdrawn")]
    return sorted(held, key=lambda c: c.position if c.position is not None else _LAST)


def alphabetical(people: Sequence[Candidate], language: str) -> list[Candidate]:
    """Return persons in the alphabetical order of a language (ICU collation), names as the case writes them.

    Raises:
        BadInput: the library that knows alphabets is not installed.
    """
    duckdb = library("duckdb", "collation", "alphabetical order")
    if not language.isalpha():
        raise ValueError(f"no language “{language}”")
    with duckdb.connect(":memory:") as connection:
        names = [(place, c.name or c.id, c.id) for place, c in enumerate(people)]
        connection.execute("CREATE TABLE names (place INTEGER, name VARCHAR, id VARCHAR)")
        connection.executemany("INSERT INTO names VALUES (?, ?, ?)", names) if names else None
        query = f"SELECT place FROM names ORDER BY name COLLATE {language}, id"
        return [people[place] for (place,) in connection.execute(query).fetchall()]


def ordered(
    rule: Rule | None, people: Sequence[Candidate], place: Place, orders: Orders, list_votes: int | None
) -> Ordered:
    """Return the persons of a list in the order in which they take its seats.

    Args:
        rule: the rule of the tier, None where the book has none.
        people: the list in its registered order.
        place: the list.
        orders: what the party or the voters decided.
        list_votes: votes of the list in its district, for a bar on preference votes.
    """
    if rule is None or rule.order == "votes":
        return _alike(people, "provisional")
    if rule.order == "list":
        return _alike(people, "list")
    if rule.order == "preferences":
        return _by_preferences(rule, people, orders.votes, list_votes)
    by_id = {person.id: person for person in people}
    named = [by_id[person] for person in orders.decided.get(place, ()) if person in by_id]
    rest = [c for c in people if c not in named]
    if rule.silent == "alphabetical":
        rest = alphabetical(rest, rule.collation)
    basis: list[Basis] = ["decided" if place < len(named) else "default" for place in range(len(people))]
    return Ordered((*named, *rest), tuple(basis), len(named), None if rule.silent else len(named))


def _alike(people: Sequence[Candidate], basis: Basis) -> Ordered:
    return Ordered(tuple(people), tuple([basis] * len(people)))


def _by_preferences(
    rule: Rule, people: Sequence[Candidate], votes: Mapping[str, int], list_votes: int | None
) -> Ordered:
    """Order by preference votes: those over the bar first, by votes, the rest as listed; all by votes without a bar."""
    if not any(c.id in votes for c in people) or (rule.move_up is not None and not list_votes):
        return _alike(people, "provisional")
    moved = [c for c in people if c.id in votes and _over(rule, votes[c.id], list_votes)]
    moved.sort(key=lambda c: -votes[c.id])
    rest = [c for c in people if c not in moved]
    return _alike((*moved, *rest), "preferences")


def _over(rule: Rule, votes: int, list_votes: int | None) -> bool:
    if rule.move_up is None:
        return True
    assert list_votes is not None
    return votes * rule.move_up.denominator >= list_votes * rule.move_up.numerator


def same_person(one: Candidate, other: Candidate) -> bool:
    """Whether two entries are one person who stands twice: same name, no birth dates that differ."""
    if one.name.casefold() != other.name.casefold() or not one.name:
        return False
    return one.birth_date is None or other.birth_date is None or one.birth_date == other.birth_date


def passed_over(people: Iterable[Candidate], winners: Sequence[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """Split the persons of a list into those who go on and those who already won a seat elsewhere."""
    on: list[Candidate] = []
    over: list[Candidate] = []
    for person in people:
        (
            over if any(same_person(person, w) and w.party in (person.party, INDEPENDENT) for w in winners) else on
        ).append(person)
    return on, over
