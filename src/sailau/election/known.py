"""Which names a case may use: those of its law and of its own tables."""

from __future__ import annotations

from collections.abc import Callable, Set

from sailau.election.model import OTHERS, RESERVED, WHOLE, Election, Protocol
from sailau.election.tables import ID, CaseTable
from sailau.rulebook import Law
from sailau.rulebook.limits import PARTIES
from sailau.rulebook.lines import COMMON_LINES


class Known:
    """Says which contests, units and items a case may name, once per name.

    Attributes:
        listed: whether a file is there and could be read, so that what it does not list is unknown.
        broken: files that could not be read.
        unlisted: options that no table lists and the lines name.
    """

    def __init__(self, law: Law | None, election: Election, listed: Callable[[str], bool], broken: Set[str]) -> None:
        self.law, self.election, self.listed, self.broken = law, election, listed, broken
        self.checked: dict[tuple[str, str], tuple[str, str] | None] = {}
        self.sound_units: set[str] = set()
        self.sound_items: dict[tuple[str, str], set[str]] = {}
        self.unlisted: set[tuple[str, str]] = set()
        self.around: dict[tuple[str, str], Set[str]] = {}
        self.persons: dict[str, bool] = {}
        for person in election.candidates.values():
            self.persons[person.contest] = True

    def line(self, table: CaseTable, line: int, contest: str, unit: str, item: str, column: str = "item") -> None:
        """Note a fault for each unknown name of one line.

        Raises:
            BadInput: where more options than a ballot paper may have are in no table.
        """
        if unit in self.sound_units and item in self.sound_items.get((column, contest), ()):
            return
        if (trouble := self._once("contest", contest)) is not None:
            table.fault(line, "contest", *trouble)
            return
        if (trouble := self._once("unit", unit)) is not None:
            table.fault(line, "unit", *trouble)
        else:
            self.sound_units.add(unit)
        trouble = self._once(f"{column}:{contest}", item) or self._elsewhere(contest, unit, item)
        if trouble is not None:
            table.fault(line, column, *trouble)
        elif item not in self.election.candidates:
            self.sound_items.setdefault((column, contest), set()).add(item)
        PARTIES.check(table.file, len(self.unlisted), line=line, field=column)

    def protocol(self, table: CaseTable, protocol: Protocol) -> None:
        """Note a fault for each unknown name of one row of protocols.csv."""
        names = [("unit", protocol.unit), *([("contest", protocol.contest)] if protocol.contest else [])]
        for column, name in names:
            if (trouble := self._once(column, name)) is not None:
                table.fault(protocol.line, column, *trouble)

    def trouble(self, contest: str, item: str) -> tuple[str, str, str] | None:
        """Return the column that is wrong, what stands there and what is expected; None where both names are known."""
        for column, name in (("contest", contest), (f"item:{contest}", item)):
            if (trouble := self._once(column, name)) is not None:
                return column.partition(":")[0], *trouble
        return None

    def _elsewhere(self, contest: str, unit: str, item: str) -> tuple[str, str] | None:
        """Say that a candidate of one district has votes or a seat in another."""
        person = self.election.candidates.get(item)
        if person is None or not person.unit or person.contest != contest or unit not in self.election.units:
            return None
        paper = self.law.contest_of(contest) if self.law is not None else None
        if paper is None or not paper.level:
            return None
        if person.unit in self._around(contest, unit) or unit in self._around(contest, person.unit):
            return None
        return f"“{item}” in {unit}", f"only units of {person.unit}, where candidates.csv says this candidate stands"

    def _around(self, contest: str, unit: str) -> Set[str]:
        """Return a unit, the areas it lies in, and the districts to which its votes in a contest count."""
        if (contest, unit) not in self.around:
            found, left = set(), [unit]
            while left:
                area = left.pop()
                if area in found or area not in self.election.units:
                    continue
                found.add(area)
                held = self.election.units[area]
                left += [held.parent, held.district.get(contest, WHOLE)]
            self.around[contest, unit] = found
        return self.around[contest, unit]

    def _once(self, kind: str, name: str) -> tuple[str, str] | None:
        key = (kind, name)
        if key not in self.checked:
            self.checked[key] = self._trouble(kind, name)
        return self.checked[key]

    def _trouble(self, kind: str, name: str) -> tuple[str, str] | None:
        law = self.law
        if kind == "contest":
            if law is not None and law.contest_of(name) is None:
                return f"unknown contest “{name}”", f"a contest of {law.id}: {', '.join(law.contests)}"
            return None if ID.fullmatch(name) else (f"“{name}”", "the id of a contest")
        if kind == "unit":
            if name and not ID.fullmatch(name):
                return f"“{name}”", "an id: a-z, 0-9, single hyphens between"
            known = name == WHOLE or name in self.election.units or not self.listed("units.csv")
            return None if known else (f"unknown unit “{name}”", "a unit of units.csv, or empty for the whole")
        column, _, contest = kind.partition(":")
        return self._item(law, contest, name, column)

    def _item(self, law: Law | None, contest: str, item: str, column: str) -> tuple[str, str] | None:
        if law is None:
            return None
        paper = law.contest_of(contest)
        assert paper is not None
        if item.startswith("@"):
            if column == "option":
                return f"unknown line “{item}”", "an option that can win"
            if item in COMMON_LINES or item in paper.lines:
                return None
            lines = (*COMMON_LINES, *paper.lines, *_form_lines(law, contest, item))
            return None if item in lines else (f"unknown line “{item}”", ", ".join(dict.fromkeys(lines)))
        if not ID.fullmatch(item):
            return f"“{item}”", "an id: a-z, 0-9, single hyphens between, or a line such as @invalid"
        if paper.answers:
            return None if item in paper.answers else (f"unknown answer “{item}”", ", ".join(paper.answers))
        if item in RESERVED:
            return None if paper.ballot != "list" else (f"“{item}”", "a party: independent stands for persons only")
        party = self.election.parties.get(item)
        if column == "option" and party is not None and party.kind == OTHERS:
            return f"“{item}”, many lists together", "a list that can win"
        return None if self._electable(contest, item) else self._who(paper.ballot, item)

    def _electable(self, contest: str, item: str) -> bool:
        election = self.election
        if item in election.parties or item in election.candidates:
            return True
        if any(file in self.broken for file in ("parties.csv", "candidates.csv")):
            return True
        if self.listed("parties.csv") or self.persons.get(contest, False):
            return False
        self.unlisted.add((contest, item))
        return True

    def _who(self, ballot: str, item: str) -> tuple[str, str]:
        if ballot == "list":
            return f"unknown party “{item}”", "a party of parties.csv"
        return f"unknown candidate “{item}”", "a candidate of candidates.csv, or a party where persons are unknown"


def _form_lines(law: Law, contest: str, item: str) -> tuple[str, ...]:
    """Return the lines that the law's form of the protocol has; read only where a case has one that is not common."""
    from sailau.rulebook.forms import form_of

    form = form_of(law, contest, (item,))
    return tuple(line.id for line in form.line) if form is not None else ()
