"""The laws that are counted on the same draws: the case's own, what-ifs, a provision varied, other laws' list tiers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from sailau.counting import Plan, compile, count
from sailau.election.model import Election
from sailau.rulebook import BadInput, Fault, Law, amend
from sailau.rulebook.changes import parse_set, parse_sets
from sailau.rulebook.limits import STEPS
from sailau.simulation.comparing import changed
from sailau.simulation.left_behind import Remark, remarks
from sailau.simulation.transplant import Settings, Votes, graft, law_meant, settings_of

MOST_PROVISIONS = 8
"""Provisions whose parts in a change are told apart: 2^8 laws are counted."""
_NUMBER = re.compile(r"\d{1,18}(?:[./]\d{1,18})?")
_RANGE = re.compile(r"(?P<first>[^.:]+(?:\.\d+)?%?)\.\.(?P<last>[^.:]+(?:\.\d+)?%?)(?::(?P<step>[^:]+))?")

Ballots = tuple[str, str]
"""What a transplanted law does with ballots against all and with blank ones: `keep`, `blank`, `out`."""


@dataclass(frozen=True)
class Variant:
    """One law that is counted.

    Attributes:
        name: `law` for the case's own, `set` for what-ifs, `path=value` of a sweep, the id (and day) of another law.
        law: with `changes`.
        plan: compiled; for another law the list vote alone.
        ballots: None where the whole law is counted, else a list tier on the votes of the case, see `Ballots`.
        vary: path and value in a sweep.
        parts: provisions of an attribution that are changed here; such a variant is not shown.
        of: name of the variant whose difference it explains.
        remarks: what could not be carried over.
    """

    name: str
    law: Law
    plan: Plan
    ballots: Ballots | None = None
    vary: tuple[str, str] | None = None
    parts: frozenset[str] | None = None
    of: str = ""
    remarks: tuple[Remark, ...] = ()

    @property
    def shown(self) -> bool:
        """Whether it is a variant of its own, not a step of an attribution."""
        return self.parts is None


@dataclass(frozen=True)
class Explained:
    """A difference that is split among provisions.

    Attributes:
        of: name of the variant.
        provisions: what differs, each a path or a group of provisions.
    """

    of: str
    provisions: tuple[str, ...]


def variants_of(
    election: Election,
    sets: Sequence[str] | Mapping[str, str | int],
    vary: Sequence[str],
    under: Sequence[str | Law],
) -> tuple[list[Variant], list[Explained]]:
    """Compile every law that a simulation counts.

    Args:
        election: the case.
        sets: changed provisions, `list.threshold.share=7%`; together they are one what-if.
        vary: sweeps, `list.threshold.share=0%..10%:0.5%` or `list.seats=69,98,145`, each on top of `sets`.
        under: ids of laws, `xx/chamber` or with a day `xx/chamber@2021-01-10`, or laws.

    Returns:
        The variants, the case's own law first, and the differences to be explained.

    Raises:
        BadInput: provisions or laws that do not exist, or values they cannot have.
    """
    own = election.own_law()
    changes = parse_sets(sets) if not isinstance(sets, Mapping) else dict(sets)
    found = [Variant("law", own, compile(own, election))]
    explained: list[Explained] = []
    if changes:
        amended = amend(own, changes)
        found.append(Variant("set", amended, compile(amended, election)))
        explained.append(Explained("set", tuple(changes)))
        found += _subsets_of_sets(own, election, changes)
    sweeps = [parse_vary(text) for text in vary]
    if (steps := sum(len(values) for _, values in sweeps)) > STEPS.most:
        raise BadInput(
            [Fault("--vary", 0, "", f"{steps} values", f"at most {STEPS.most} in all sweeps together (limit steps)")]
        )
    for path, values in sweeps:
        for value in values:
            law = amend(own, {**changes, path: value})
            found.append(Variant(f"{path}={value}", law, compile(law, election), vary=(path, value)))
    for law_name in under:
        grafted, provisions = _under(law_name, election)
        found += grafted
        explained.append(Explained(grafted[0].name, provisions))
    names = [v.name for v in found if v.shown]
    if len(set(names)) < len(names):
        twice = next(n for n in names if names.count(n) > 1)
        raise BadInput([Fault("--vary", 0, "", f"{twice} twice", "each law once")])
    return found, [e for e in explained if 1 < len(e.provisions) <= MOST_PROVISIONS]


def _subsets_of_sets(own: Law, election: Election, changes: Mapping[str, str | int]) -> Iterator[Variant]:
    """Yield the laws between the own one and that with all changes, for the parts of each in the difference."""
    if not 1 < len(changes) <= MOST_PROVISIONS:
        return
    for size in range(1, len(changes)):
        for chosen in combinations(changes, size):
            law = amend(own, {path: changes[path] for path in chosen})
            yield Variant(f"set:{'+'.join(chosen)}", law, compile(law, election), parts=frozenset(chosen), of="set")


def _under(name: str | Law, election: Election) -> tuple[list[Variant], tuple[str, ...]]:
    """Return another law's list tier on the case's list votes, and the steps towards it."""
    law = law_meant(name, election)
    votes = Votes.of(count(election.own_law(), election))
    base, theirs = settings_of(votes.outcome.law, votes), settings_of(law, votes)
    shown = law.id if law.id != votes.outcome.law.id and not law.changes else f"{law.id}@{law.day}"
    shown += "".join(f" {path}={value}" for path, value in law.changes.items())
    made = graft(law, theirs, votes)
    found = [Variant(shown, law, made.plan, theirs["ballots"], remarks=tuple(remarks(law, theirs, votes)))]
    differ = changed(base, theirs)
    if 1 < len(differ) <= MOST_PROVISIONS:
        for size in range(1, len(differ)):
            for chosen in combinations(differ, size):
                mixed: Settings = {**base, **{s: theirs[s] for group in chosen for s in differ[group]}}
                plan = graft(law, mixed, votes).plan
                label = f"{shown}:{'+'.join(chosen)}"
                found.append(Variant(label, law, plan, mixed["ballots"], parts=frozenset(chosen), of=shown))
    return found, tuple(differ)


def parse_vary(text: str) -> tuple[str, tuple[str, ...]]:
    """Read a sweep: `list.threshold.share=0%..10%:0.5%`, `list.seats=60..100:10` or `list.seats=69,98`.

    Returns:
        The path and the values, as they would be set.

    Raises:
        BadInput: not a sweep.
    """
    path, values = parse_set(text, "--vary", "PATH=FIRST..LAST:STEP, such as list.threshold.share=0%..10%:1%")
    match = _RANGE.fullmatch(values)
    if match is None:
        listed = tuple(v.strip() for v in values.split(",") if v.strip())
        if not listed or ".." in values:
            raise _no_sweep(text)
        return path, listed
    first, last = match["first"].strip(), match["last"].strip()
    percent = first.endswith("%") or last.endswith("%")
    try:
        low, high = _number(first), _number(last)
        step = _number(match["step"].strip()) if match["step"] else Fraction(1)
    except (ValueError, ZeroDivisionError):
        raise _no_sweep(text) from None
    if step <= 0 or high < low or (high - low) / step > STEPS.most:
        raise _no_sweep(text)
    steps = [low + step * n for n in range(int((high - low) / step) + 1)]
    return path, tuple(_written(value, percent) for value in steps)


def _number(text: str) -> Fraction:
    """Read a number; exponents would make short texts very long numbers."""
    digits = text.removesuffix("%").strip()
    if _NUMBER.fullmatch(digits) is None:
        raise ValueError(text)
    return Fraction(digits)


def _written(value: Fraction, percent: bool) -> str:
    """Write a value of a sweep exactly: as a decimal where it is one, else as a fraction."""
    if not percent:
        return str(value)
    exact = value.denominator
    while exact % 2 == 0:
        exact //= 2
    while exact % 5 == 0:
        exact //= 5
    if exact != 1:
        return str(value / 100)
    digits = len(str(value.denominator)) if value.denominator > 1 else 0
    decimal = f"{value.numerator / value.denominator:.{digits + 3}f}".rstrip("0").rstrip(".")
    return f"{decimal}%" if Fraction(decimal) == value else str(value / 100)


def _no_sweep(text: str) -> BadInput:
    expected = "PATH=FIRST..LAST:STEP or PATH=A,B,…, such as list.threshold.share=0%..10%:0.5%"
    return BadInput([Fault("--vary", 0, "", f"“{text}”", expected)])
