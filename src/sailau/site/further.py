"""Pages that show, as tables, what other rooms say of an election: powers, the election before, other laws, calendar, voter.

Each is made from the same values as the command of its name; a page is left out where its room has nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from sailau.counting import Outcome, count
from sailau.election import open_case
from sailau.election.files import held_under
from sailau.rulebook import BadInput, Law, books
from sailau.wording.document import Table

if TYPE_CHECKING:
    from sailau.simulation.comparing import Comparison


@dataclass(frozen=True)
class Further:
    """One such page.

    Attributes:
        name: its folder, and the name of its data.
        command: that gives the same tables, without `sailau`.
        tables: language → its tables.
    """

    name: str
    command: str
    tables: Callable[[str], Sequence[Table]]


@dataclass(frozen=True)
class FurtherPages:
    """Says which of these pages an outcome has."""

    outcome: Outcome

    def all(self) -> Iterator[Further]:
        """Yield the pages that have something to say."""
        for page in (self._powers(), self._before(), self._other_laws(), self._calendar(), self._voter()):
            if page is not None and page.tables("en"):
                yield page

    @cached_property
    def _case(self) -> str:
        return self.outcome.election.name

    @property
    def _asked(self) -> str:
        """The law and the day, as a command takes them."""
        return f"{self.outcome.law.id}@{self.outcome.law.day}"

    def _powers(self) -> Further | None:
        from sailau import parliament
        from sailau.wording.parliament import parliament_tables

        report = parliament.report(self.outcome)
        if not report.decisions and not report.contests:
            return None
        return Further("parliament", f"parliament {self._case}", lambda code: parliament_tables(report, code))

    def _before(self) -> Further | None:
        from sailau.parliament.swing import swing
        from sailau.wording.swing import swing_tables

        name = _earlier(self.outcome.law)
        if not name:
            return None
        election = open_case(name)
        earlier = count(election.own_law(), election)
        swings = swing(earlier, self.outcome)
        if not swings:
            return None
        return Further(
            "previous", f"diff {name} {self._case}", lambda code: swing_tables(swings, earlier, self.outcome, code)
        )

    def _other_laws(self) -> Further | None:
        from sailau.simulation import compare
        from sailau.wording.under_laws import comparison_tables

        under: list[str] = []
        comparison: Comparison | None = None
        for law in _foreign(self.outcome.law):
            try:
                made = compare(self.outcome.election, [law], own=self.outcome.law)
            except BadInput:
                continue
            under.append(law)
            comparison = made if comparison is None else replace(made, rows=[*comparison.rows, *made.rows[1:]])
        if comparison is None:
            return None
        whole = comparison
        options = " ".join(f"--under {law}" for law in under)
        return Further("elsewhere", f"compare {self._case} {options}", lambda code: comparison_tables(whole, code))

    def _calendar(self) -> Further | None:
        from sailau.nomination.calendar import calendar_of
        from sailau.wording.people import calendar_sheet

        law = self.outcome.law
        entries = calendar_of(law, self.outcome.election)
        if not entries:
            return None
        return Further("calendar", f"calendar {self._asked}", lambda code: [calendar_sheet(entries, law, code)])

    def _voter(self) -> Further | None:
        from sailau.nomination import voter_page
        from sailau.wording.people import voter_sheets

        law = self.outcome.law
        page = voter_page(law)
        return Further(
            "voter", f"ballot {self._asked}", lambda code: [t for t in voter_sheets(page, law, code) if t.rows]
        )


def _earlier(law: Law) -> str:
    """Return the last shipped election of a law before its day; empty where there is none."""
    return next((name for name, day in reversed(held_under(law.id).items()) if day < law.day), "")


def _foreign(law: Law) -> list[str]:
    """Return the laws of other countries that fill seats from lists: one a country, the first in the order of names."""
    from sailau.simulation.transplant import law_near, list_contest

    chosen: dict[str, str] = {}
    for name in sorted(books()):
        country = name.partition("/")[0]
        if country != law.id.partition("/")[0] and country not in chosen and list_contest(law_near(name, law.day)):
            chosen[country] = name
    return list(chosen.values())
