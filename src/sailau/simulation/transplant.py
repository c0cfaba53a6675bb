"""Another law's list tier on this election's votes: what can be carried over, and what is kept.

Kept from the case: the votes, the number of list seats, where it has them the districts of its own list vote, and every
other ballot paper. Carried over from the law: the bar with its base, kinds of lists and exceptions, the formula with
its rounding, ties, limits, levelling and second scrutiny. A tier is taken apart into named settings and put together
again, so that `sailau.simulation.comparing` can exchange them one by one.

Districts. A law that counts in districts finds them in the case in this order: the districts of the case's own list
vote, with the seats they had there; else units of the level the law names, if every one of them reports the list vote
and the law's own rule can compute their seats for this number of seats; else the whole is one district, where a bar by
district is a bar in the whole, levelling has nothing to level and a second scrutiny has one remainder for each list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, cast

import numpy as np
from pydantic import BaseModel

from sailau.counting import Outcome, Plan, compile
from sailau.counting.building import outcome_of
from sailau.counting.matrix import UPPER
from sailau.counting.papers import Paper
from sailau.counting.ties import Ties
from sailau.election.model import WHOLE, Election, Returns, Unit
from sailau.rulebook import BadInput, Fault, Law
from sailau.rulebook.asked import book_asked, read_day
from sailau.rulebook.book import resolve
from sailau.rulebook.schema import Tier
from sailau.tabulation import VALID_LINES, Totals

Settings = Mapping[str, Any]
"""Name of a part of a list tier → its tables as in a rule book; None where the law has no such rule."""

_LINES = ("@registered", "@issued", "@cast", "@invalid", *VALID_LINES)
_OPTIONAL = ("single-qualifier", "tie", "turnout")
_LIMITS = ("limits", "exhaustion")


def law_near(name: str, day: date) -> Law:
    """Return a law as it stood on a day; where it was not in force then, its first or last version.

    Raises:
        BadInput: no such law.
    """
    book, said = book_asked(name)
    since, until = book.span
    nearest = max(day, since) if until is None else min(max(day, since), until - timedelta(days=1))
    return book.on(said or nearest)


def law_meant(law: Law | str, election: Election) -> Law:
    """Return a law as somebody names it beside an election.

    Args:
        law: a law; `LAW@DAY`; `LAW` as it stood nearest to the day of the election; `@DAY`, the election's own law on a day.
        election: the case.

    Raises:
        BadInput: no such law, or no such day.
    """
    if isinstance(law, Law):
        return law
    if law.startswith("@"):
        assert election.book is not None, "an election read from a case has its book"
        return election.book.on(read_day(law[1:]))
    return law_near(law, election.day)


def core(law: Law) -> Mapping[str, Any]:
    """Return the tables of a law that counting reads, provisions changed for a what-if included."""
    return law.tables if law.changes else cast("Mapping[str, Any]", resolve(law.book.own, law.day))


def list_contest(law: Law) -> str | None:
    """Return the ballot paper on which a law's list vote is cast; None where it has none."""
    return next((c.id for c in law.contest if c.ballot == "list" and law.tiers_of(c.id)), None)


# ---------------------------------------------------------------------- the case's side


@dataclass(frozen=True)
class Votes:
    """The list vote of a case: figures, districts, seats – what every law compared is applied to.

    Attributes:
        outcome: of the case under its own law.
        contest: the list vote as the case calls it.
        seats: list seats to be filled.
        magnitudes: district → its list seats under the case's own law.
        laid: districts and ballots → the case reduced to its list vote, for the laws that share them.
    """

    outcome: Outcome
    contest: str
    seats: int
    magnitudes: Mapping[str, int]
    laid: dict[str, Election] = field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def of(outcome: Outcome) -> Votes:
        """Read the list vote out of an outcome.

        Raises:
            BadInput: the case has no list vote with votes.
        """
        held = outcome.plan.held
        name = next((n for n in outcome.plan.papers if held[n].ballot == "list"), None)
        if name is None:
            expected = "a case whose list vote has votes"
            raise BadInput([Fault(outcome.election.name, 0, "", "no votes for lists", expected)])
        paper, tiers = outcome.plan.papers[name], outcome.magnitudes[name].values()
        reporting = [unit for unit, known in zip(paper.districts, paper.reported, strict=True) if known]
        magnitudes = {unit: sum(tier[unit] for tier in tiers) for unit in reporting}
        return Votes(outcome, name, sum(magnitudes.values()), magnitudes)

    @property
    def election(self) -> Election:
        """The case."""
        return self.outcome.election

    @cached_property
    def totals(self) -> Totals:
        """The list vote added up."""
        found = self.outcome.plan.tabulation.of(self.contest)
        assert found is not None, "a paper has totals"
        return found

    @property
    def paper(self) -> Paper:
        """The list vote laid out under the case's own law."""
        return self.outcome.plan.papers[self.contest]

    @property
    def in_districts(self) -> bool:
        """Whether the case's own law fills list seats in several districts."""
        return len(self.paper.districts) > 1

    def reporting(self, level: str, kinds: Sequence[str] | None) -> tuple[Unit, ...]:
        """Return the units of a level if all of them report the list vote and make up the whole; else none."""
        units = [u for u in self.election.units.values() if u.level == level and (kinds is None or u.kind in kinds)]
        totals = self.totals
        if len(units) < 2 or not all(totals.reports(u.id) for u in units):
            return ()
        rows = np.array([totals.place(u.id) for u in units], np.int64)
        added = totals.counts[rows, : totals.electable].sum(axis=0)
        whole = totals.counts[totals.place(WHOLE), : totals.electable]
        return tuple(units) if bool((added == whole).all()) else ()


# ---------------------------------------------------------------------- the law's side: a tier taken apart


def settings_of(law: Law, votes: Votes) -> dict[str, Any]:
    """Return the parts of a law's list tier, as they can be applied to a case.

    Raises:
        BadInput: the law has no list tier.
    """
    contest = list_contest(law)
    if contest is None:
        raise BadInput([Fault(law.id, 0, "", "no list vote", "a law with seats by list")])
    tables = [t for t in core(law)["tier"] if t["contest"] == contest]
    main = next((t for t in tables if not t["seats"].get("rest")), tables[0])
    formula = deepcopy(main["formula"])
    levelling = next((t for t in tables if "levelling" in t), None)
    scrutiny = next((t for t in tables if "transfer" in t), None)
    settings: dict[str, Any] = {
        "ballots": _ballots(law, contest, votes),
        "formula": {"main": {k: v for k, v in formula.items() if k != "round-quota"}, "scrutiny": scrutiny},
        "rounding": formula.get("round-quota", "no"),
        "limits": {key: main[key] for key in _LIMITS if key in main} or None,
        "levelling": levelling,
        "districts": _districts(law, contest, main, votes),
        **{key: main.get(key) for key in _OPTIONAL},
    }
    settings |= _bar(main.get("threshold"))
    tiers = law.tiers_of(contest)
    return settings | {"plain": _plain(settings, next(t for t in tiers if not t.seats.rest), tiers)}


def _bar(threshold: Mapping[str, Any] | None) -> dict[str, Any]:
    if threshold is None:
        return {"threshold": None, "base": None, "kinds": None, "area": None}
    rest = {k: v for k, v in threshold.items() if k not in ("base", "kinds", "area")}
    return {
        "threshold": rest,
        "base": threshold.get("base", "valid"),
        "kinds": threshold.get("kinds", []),
        "area": threshold.get("area", "whole"),
    }


def _ballots(law: Law, contest: str, votes: Votes) -> tuple[str, str]:
    """Return what becomes of ballots against all and of blank ones: `keep`, `blank` (counted as blank), `out`, `spoilt`.

    `out`: they leave the base; `spoilt`: they are no valid votes, but the base is all ballots cast, in which they stay.
    """
    if law.id == votes.outcome.law.id:
        return "keep", "keep"
    rule, given = law.contests[contest], votes.totals.items
    bars = [t.threshold for t in law.tiers_of(contest) if t.threshold is not None]
    out = "spoilt" if bars and bars[0].base == "cast" else "out"
    against = "keep" if rule.against_all else "blank" if rule.blank else out
    blank = "keep" if rule.blank else out
    return against if "@against_all" in given else "keep", blank if "@blank" in given else "keep"


def _districts(law: Law, contest: str, main: Mapping[str, Any], votes: Votes) -> Mapping[str, Any]:
    rule = law.contests[contest]
    if not rule.level:
        return {"how": "whole"}
    if votes.in_districts:
        return {"how": "own"}
    units = votes.reporting(rule.level, rule.kinds)
    plan = main["seats"].get("apportion")
    if units and plan is not None and _computable(plan, units, votes.seats):
        return {"how": "level", "level": rule.level, "kinds": rule.kinds, "apportion": {**plan, "total": votes.seats}}
    return {"how": "whole"}


def _computable(plan: Mapping[str, Any], units: Sequence[Unit], seats: int) -> bool:
    """Whether the law's rule can give units their seats: their figures are known, fixed seats leave some to share."""
    fixed: Mapping[str, int] = plan.get("fixed", {})
    known = all(getattr(u, name, 0) is not None for u in units for name in plan["score"])
    kinds = all(u.kind in fixed for u in units) if fixed else True
    return known and kinds and sum(fixed.get(u.kind, 0) for u in units) + plan.get("set-aside", 0) * len(units) < seats


_MARKS = frozenset(
    {"cite", "from_", "until", "in_force", "read", "confidence", "note", "title", "id", "contest", "mandates", "marks"}
)


def _plain(settings: Settings, main: Tier, tiers: Sequence[Tier]) -> dict[str, Any]:
    """Return the settings without their sources and with every default filled in: what two laws are compared by."""
    bar = _bare(main.threshold)
    formula = _bare(main.formula)
    second = [_bare(t) for t in tiers if t.seats.rest]
    return {
        "ballots": settings["ballots"],
        "districts": settings["districts"]["how"],
        "formula": ({**formula, "round_quota": ""}, [t for t in second if t["transfer"]]),
        "rounding": formula["round_quota"],
        "limits": (_bare(main.limits), _bare(main.exhaustion)),
        "levelling": [t for t in second if t["levelling"]],
        "single-qualifier": _bare(main.single_qualifier),
        "tie": _bare(main.tie),
        "turnout": _bare(main.turnout),
        "threshold": None if bar is None else {k: v for k, v in bar.items() if k not in ("base", "kinds", "area")},
        **{key: None if bar is None else bar[key] for key in ("base", "kinds", "area")},
    }


def _bare(value: Any) -> Any:
    data = value.model_dump() if isinstance(value, BaseModel) else value
    if isinstance(data, Mapping):
        return {k: _bare(v) for k, v in data.items() if k not in _MARKS}
    return [_bare(v) for v in data] if isinstance(data, list | tuple) else data


# ---------------------------------------------------------------------- put together again


@dataclass(frozen=True)
class Graft:
    """A list tier made of settings, applied to the votes of a case.

    Attributes:
        law: whose name, day and book it carries; its list tier is that of the settings.
        plan: it, compiled for the case's list vote alone.
    """

    law: Law
    plan: Plan

    def drawn(self, contest: str, seed: int = 0) -> tuple[tuple[int, ...], bool]:
        """Return the seats of the lists, ties broken by a repeatable draw, and whether there were any."""
        batch = self.plan({}, seed=seed)
        return tuple(int(n) for n in batch.seats[contest].reshape(-1)), bool(batch.tied.any())

    def outcome(self) -> Outcome:
        """Count with every step; ties that nobody decided stay open."""
        return outcome_of(self.plan, self.plan.sheets({}, 1), Ties(1, ()))


def graft(law: Law, settings: Settings, votes: Votes) -> Graft:
    """Put a list tier together and compile it for the case's list vote.

    Args:
        law: whose name it carries.
        settings: its parts, of one law or of several.
        votes: of the case.
    """
    how = settings["districts"]["how"]
    several = how != "whole"
    contest_id = list_contest(law)
    contest = next(c for c in core(law)["contest"] if c["id"] == contest_id)
    level = {"own": votes.paper.contest.level, "level": settings["districts"].get("level", ""), "whole": ""}[how]
    paper = {k: v for k, v in contest.items() if k not in ("kinds", "level")} | {"id": votes.contest, "level": level}
    tables = {"body": core(law)["body"], "contest": [paper], "tier": list(_tiers(law, settings, votes, several))}
    grafted = Law.from_tables(tables, day=law.day, book=law.book)
    object.__setattr__(grafted, "changes", dict(law.changes))
    return Graft(grafted, compile(grafted, _election(settings, votes)))


def _tiers(law: Law, settings: Settings, votes: Votes, several: bool) -> Iterator[dict[str, Any]]:
    source = next(t for t in core(law)["tier"] if t["contest"] == list_contest(law))
    levelling = settings["levelling"] if several else None
    main: dict[str, Any] = {key: source[key] for key in ("id", "cite", "confidence", "note") if key in source}
    main |= {"contest": votes.contest, "seats": _seats(settings, votes, several)}
    main["formula"] = _formula(settings, several)
    if settings["threshold"] is not None:
        bar = {"base": settings["base"] or "valid", "kinds": settings["kinds"] or []}
        main["threshold"] = {
            **settings["threshold"],
            **bar,
            "area": (settings["area"] or "whole") if several else "whole",
        }
    main |= {key: settings[key] for key in _OPTIONAL if settings[key] is not None}
    main |= settings["limits"] or {}
    yield main
    scrutiny = settings["formula"]["scrutiny"]
    for table, key in ((scrutiny, "transfer"), (levelling, "levelling")):
        if table is not None:
            yield table | {"contest": votes.contest, "id": f"{table['id']}", key: {**table[key], "tier": main["id"]}}


def _formula(settings: Settings, several: bool) -> dict[str, Any]:
    formula: dict[str, Any] = dict(settings["formula"]["main"]) | {"round-quota": settings["rounding"]}
    if formula["method"] == "biproportional" and not several:
        rounding = formula.pop("rounding", "standard")
        formula = {k: v for k, v in formula.items() if k != "voter-numbers"} | {"method": UPPER[rounding]}
    return formula


def _seats(settings: Settings, votes: Votes, several: bool) -> dict[str, Any]:
    note = "The number of seats is that of the case."
    if not several:
        return {"value": votes.seats, "note": note}
    if settings["districts"]["how"] == "own":
        return {"column": True, "note": note}
    aside = settings["levelling"]["levelling"].get("per-district", 1) if settings["levelling"] is not None else 0
    return {"apportion": {**settings["districts"]["apportion"], "set-aside": aside}, "note": note}


def _election(settings: Settings, votes: Votes) -> Election:
    """Return the case with nothing but its list vote, in the districts of the settings."""
    taken = settings["levelling"]["levelling"].get("per-district", 1) if settings["levelling"] is not None else 0
    key = repr((settings["ballots"], settings["districts"], taken))
    if key not in votes.laid:
        votes.laid[key] = _lay(settings["ballots"], settings["districts"], taken, votes)
    return votes.laid[key]


def _lay(ballots: tuple[str, str], districts: Mapping[str, Any], taken: int, votes: Votes) -> Election:
    case = votes.election
    units: tuple[Unit, ...] = ()
    if districts["how"] == "own":
        level = votes.paper.contest.level
        units = tuple(
            replace(case.units.get(d, Unit(d)), parent=WHOLE, level=level, seats={votes.contest: max(n - taken, 0)})
            for d, n in votes.magnitudes.items()
        )
    elif districts["how"] == "level":
        found = votes.reporting(districts["level"], districts["kinds"])
        units = tuple(replace(u, parent=WHOLE, seats={}, district={}) for u in found)
    people = {k: c for k, c in case.candidates.items() if c.contest == votes.contest}
    return replace(
        case,
        law="",
        units={u.id: replace(u, district={}) for u in units},
        candidates=people,
        returns=_returns(ballots, votes, tuple(u.id for u in units)),
        declared=(),
        official=(),
        decisions=(),
    )


def _returns(ballots: tuple[str, str], votes: Votes, units: Sequence[str]) -> Returns:
    """Return the list vote of the units, or of the whole where there are none, with every ballot in its place."""
    totals = votes.totals
    lines: list[tuple[str, str, int]] = []
    for unit in units or (WHOLE,):
        lines.extend((unit, item, count) for item, count in _placed(ballots, _figures(totals, unit)).items())
    if units:
        known = {item for _, item, _ in lines}
        whole = _placed(ballots, _figures(totals, WHOLE))
        lines.extend((WHOLE, item, n) for item, n in whole.items() if item.startswith("@") and item not in known)
    names = tuple(dict.fromkeys([*units, *(unit for unit, _, _ in lines)]))
    items = tuple(dict.fromkeys(item for _, item, _ in lines))
    rows, columns = ({name: n for n, name in enumerate(several)} for several in (names, items))
    return Returns(
        contests=(votes.contest,),
        units=names,
        items=items,
        contest=np.zeros(len(lines), np.int32),
        unit=np.array([rows[unit] for unit, _, _ in lines], np.int32),
        item=np.array([columns[item] for _, item, _ in lines], np.int32),
        count=np.array([count for _, _, count in lines], np.int64),
        round=np.ones(len(lines), np.int8),
        line=np.arange(2, len(lines) + 2, dtype=np.int32),
    )


def _figures(totals: Totals, unit: str) -> dict[str, int]:
    electable = totals.items[: totals.electable]
    return {i: n for i in (*electable, *_LINES) if (n := totals.figure(unit, i)) is not None}


def _placed(ballots: tuple[str, str], figures: Mapping[str, int]) -> dict[str, int]:
    """Put ballots against all and blank ballots where a law counts them: its row, its blank ballots, or invalid ones.

    Invalid ballots that are unknown stay unknown; where the base is all ballots, spoilt ones stay in what is known of it.
    """
    found = dict(figures)
    against, blank = ballots
    if against == "blank" and "@against_all" in found:
        found["@blank"] = found.pop("@against_all") + found.get("@blank", 0)
    for line, place in (("@against_all", against), ("@blank", blank)):
        if place in ("out", "spoilt") and line in found:
            number = found.pop(line)
            if "@invalid" in found:
                found["@invalid"] += number
            elif place == "spoilt":
                found["@not_counted"] = found.get("@not_counted", 0) + number
    return found
