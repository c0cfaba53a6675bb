"""The control relations of a protocol, from the law's form: one evaluator, on columns of integers.

A figure that breaks a relation is noted and stays as the protocol has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sailau.rulebook.forms import Form

OPTIONS = "options"
VALID = "@valid"

Column = tuple[NDArray[Any], NDArray[np.bool_]]
"""Figures of one line, (units,), and whether each is stated."""


@dataclass(frozen=True, slots=True)
class RelationCheck:
    """One relation, ready to be evaluated.

    Attributes:
        code: stable name.
        left: terms that are added up: `options`, `@line`, or `@line?` for a line that may be absent.
        sign: `=`, `<=`, `same`: the left side is equal in all contests of a station; `share`: it is less than a share of
            the right one.
        share: that share.
        hides: codes that are not noted where this one is.
    """

    code: str
    left: tuple[str, ...]
    sign: str
    right: tuple[str, ...] = ()
    severity: str = "error"
    cite: str = ""
    confidence: str = "statute"
    hides: tuple[str, ...] = ()
    share: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class FormChecks:
    """What is checked in the protocols of one contest.

    Attributes:
        checks: relations in the order in which they are noted.
        sums: line → terms that stand for it where a protocol does not have it.
    """

    checks: tuple[RelationCheck, ...]
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def adds_votes(self, check: RelationCheck) -> bool:
        """Whether a relation takes a mark for a ballot: it holds only where a ballot carries one mark."""
        terms = [t.rstrip("?") for t in (*check.left, *check.right)]
        return any(t == OPTIONS or OPTIONS in self.sums.get(t, ()) for t in terms)


DEFAULT = FormChecks(
    (
        RelationCheck("valid-differs", (VALID,), "=", (OPTIONS, "@against_all?", "@blank?")),
        RelationCheck("cast-differs", ("@cast",), "=", (VALID, "@invalid", "@not_counted?")),
        RelationCheck("received-differs", ("@received",), "=", ("@issued", "@cancelled")),
        RelationCheck("more-cast-than-issued", ("@cast",), "<=", ("@issued",)),
        RelationCheck("more-issued-than-registered", ("@issued",), "<=", ("@registered",)),
        RelationCheck("more-cast-than-registered", ("@cast",), "<=", ("@registered",)),
    ),
    {VALID: (OPTIONS, "@against_all?", "@blank?")},
)
"""What holds in every protocol, for laws without a form of their own."""


LIMITED = {
    "invalid": RelationCheck("many-invalid", ("@invalid",), "share", ("@cast",), "warning"),
    "turnout": RelationCheck("high-turnout", ("@cast",), "share", ("@registered",), "warning"),
    "home": RelationCheck("many-at-home", ("@home",), "share", ("@cast",), "warning"),
    "against": RelationCheck("many-against-all", ("@against_all",), "share", ("@cast",), "warning"),
}
"""Figures that can be true and are worth a second look from some share on; no law sets one, and none is checked unasked."""


def with_limits(checks: FormChecks, limits: Mapping[str, Fraction]) -> FormChecks:
    """Return relations with further ones: shares from which a figure is noted, by the keys of `LIMITED`."""
    further = tuple(replace(LIMITED[name], share=share) for name, share in limits.items())
    return replace(checks, checks=(*checks.checks, *further))


def checks_of(form: Form | None) -> FormChecks:
    """Return the relations of a form, those of every protocol where the law sets none."""
    if form is None:
        return DEFAULT
    checks = tuple(
        RelationCheck(r.id, tuple(r.left), r.is_, tuple(r.right), r.severity, r.cite, r.confidence, tuple(r.hides))
        for r in form.relation
    )
    return FormChecks(checks, {line.id: tuple(line.sum) for line in form.line if line.sum})


@dataclass(frozen=True, slots=True)
class Breaches:
    """Where one relation does not hold: three columns, one entry per protocol.

    Attributes:
        rows: index of the unit.
        left: the left side's sum.
        right: the right side's.
        other: the contest that a contest is compared with, or empty.
        names: names of the units, where `rows` do not point into the units of the totals.
        number: how many there are, where only some are listed.
    """

    contest: str
    round: int
    check: RelationCheck
    rows: NDArray[np.intp]
    left: NDArray[Any]
    right: NDArray[Any]
    other: str = ""
    names: Sequence[str] | None = None
    number: int = -1

    def __len__(self) -> int:
        return len(self.rows) if self.number < 0 else self.number


def breaches(
    contest: str, round_: int, checks: FormChecks, column: Callable[[str], Column | None], *, one_mark: bool = True
) -> list[Breaches]:
    """Evaluate the relations of one contest.

    Args:
        contest: its name, for the result.
        round_: likewise.
        checks: relations.
        column: gives the figures of a line or of `options`; None where no protocol states it.
        one_mark: whether a ballot carries one mark, so that votes add up to ballots.
    """
    broken: list[Breaches] = []
    for check in checks.checks:
        if check.sign == "same" or (not one_mark and checks.adds_votes(check)):
            continue
        left, right = (_side(terms, checks, column, check) for terms in (check.left, check.right))
        if left is None or right is None:
            continue
        differs = _differs(check, left[0], right[0])
        rows = np.flatnonzero(left[1] & right[1] & differs)
        if len(rows):
            broken.append(Breaches(contest, round_, check, rows, left[0][rows], right[0][rows]))
    return _shown(broken)


def _differs(check: RelationCheck, left: NDArray[Any], right: NDArray[Any]) -> NDArray[np.bool_]:
    if check.sign == "share":
        above, below = check.share.as_integer_ratio()
        if max(int(left.max(initial=0)), int(right.max(initial=0))) * max(above, below) >= 2**62:
            left, right = left.astype(object), right.astype(object)
        return np.asarray((right > 0) & (left * below >= right * above), np.bool_)
    return np.asarray(left > right if check.sign == "<=" else left != right, np.bool_)


def _shown(broken: Sequence[Breaches]) -> list[Breaches]:
    """Leave out what a more telling breach of the same protocol hides."""
    hidden: dict[str, list[NDArray[np.intp]]] = {}
    for one in broken:
        for code in one.check.hides:
            hidden.setdefault(code, []).append(one.rows)
    kept = []
    for one in broken:
        if one.check.code in hidden:
            keep = ~np.isin(one.rows, np.concatenate(hidden[one.check.code]))
            one = replace(one, rows=one.rows[keep], left=one.left[keep], right=one.right[keep])
        if len(one.rows):
            kept.append(one)
    return kept


def _side(
    terms: Sequence[str], checks: FormChecks, column: Callable[[str], Column | None], check: RelationCheck
) -> Column | None:
    """Return the sum of one side and where all its lines are stated; None where a line is stated nowhere."""
    total: NDArray[Any] | None = None
    given: NDArray[np.bool_] | None = None
    for term in terms:
        stated = _stated(term, checks, column, derive=check.left != (term,))
        if stated is None:
            if term.endswith("?"):
                continue
            return None
        total = stated[0] if total is None else total + stated[0]
        given = stated[1] if given is None else given & stated[1]
    return None if total is None or given is None else (total, given)


def _stated(term: str, checks: FormChecks, column: Callable[[str], Column | None], *, derive: bool) -> Column | None:
    """Return one term; a line that a protocol lacks is the sum that stands for it, an optional one is nought."""
    line = term.rstrip("?")
    own = column(line)
    if term.endswith("?"):
        return None if own is None else (np.where(own[1], own[0], 0), np.ones(len(own[1]), np.bool_))
    if not derive or line not in checks.sums:
        return own
    parts = [_stated(part, checks, column, derive=False) for part in checks.sums[line]]
    if any(p is None for p, name in zip(parts, checks.sums[line], strict=True) if not name.endswith("?")):
        return own
    known = [p for p in parts if p is not None]
    if not known:
        return own
    total, given = known[0]
    for value, is_given in known[1:]:
        total, given = total + value, given & is_given
    return (total, given) if own is None else (np.where(own[1], own[0], total), own[1] | given)


def between_contests(
    columns: Mapping[tuple[str, int], Callable[[str], Column | None]], checks: Mapping[str, FormChecks]
) -> Iterator[Breaches]:
    """Compare lines that are the same in all contests of a station: each contest with the first one that states them.

    Args:
        columns: (contest, round) → figures of its lines, over the same units.
        checks: contest → its relations.
    """
    first: dict[tuple[str, int], tuple[str, Column]] = {}
    for (contest, round_), column in columns.items():
        for check in checks[contest].checks:
            if check.sign != "same":
                continue
            side = _side(check.left, checks[contest], column, check)
            if side is None:
                continue
            other, reference = first.setdefault((check.code, round_), (contest, side))
            rows = np.flatnonzero(side[1] & reference[1] & (side[0] != reference[0]))
            if other != contest and len(rows):
                yield Breaches(contest, round_, check, rows, side[0][rows], reference[0][rows], other)
