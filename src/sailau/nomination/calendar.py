"""The calendar of one election: every period and deadline of the law as dates, with article and conflicts.

Laws say “N days before voting day”. As plain subtraction (`statute`) that is day V − N; the practice of a
commission leaves N full days in between, day V − (N + 1). Which it is, is a setting; where the two differ the
entry says so.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, get_args

from sailau.election.model import Election
from sailau.nomination.notes import CodedNote, from_book, note
from sailau.rulebook.conduct import Deadline, Held, HeldDate, Kind, Moment
from sailau.rulebook.faults import BadInput, Fault
from sailau.rulebook.schema import Law

Convention = Literal["practice", "statute"]


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One line of the calendar.

    Attributes:
        opens: first day, None where it is not known.
        closes: last day; equal to `opens` for a single day or a last day.
        opens_hour: `07:00` local time, or empty.
        official: the authority set the day (else the law's rule gives it).
        done: the day on which it happened.
        notes: what differs, what it depends on.
        conflicts: what cannot be true together.
    """

    id: str
    title: Mapping[str, str]
    opens: date | None
    closes: date | None
    cite: str
    confidence: str
    opens_hour: str = ""
    closes_hour: str = ""
    official: bool = False
    done: date | None = None
    notes: tuple[CodedNote, ...] = ()
    conflicts: tuple[CodedNote, ...] = ()
    contests: tuple[str, ...] = ()


@dataclass(slots=True)
class _Frame:
    """What days are counted from."""

    law: Law
    kind: Kind
    convention: Convention
    events: dict[str, date | None]
    deadlines: dict[str, Deadline] = field(default_factory=dict)
    fixed: dict[str, HeldDate] = field(default_factory=dict)


def calendar(
    law: Law,
    day: date | None = None,
    called: date | None = None,
    kind: Kind | None = None,
    convention: Convention = "practice",
    *,
    results: date | None = None,
    term_end: date | None = None,
    powers_end: date | None = None,
    set_by_authority: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[CalendarEntry]:
    """Return the calendar of an election in order of dates; entries without a date stand last.

    Args:
        law: the law of the polling day.
        day: polling day; the law's own day when absent.
        called: day on which the election was called; that of the book where the election is known to it.
        kind: regular, early, repeat, run-off or by-election; as for `called`.
        convention: how “N days before” is counted.
        results: day of publication, from which later days are counted.
        term_end: last day of the running term, for regular elections.
        powers_end: day on which the powers of the body ended early, for early elections.
        set_by_authority: deadline → `{"opens": …, "closes": …}` (dates or datetimes) that a case records.
    """
    day = day or law.day
    held = next((h for h in law.section("held") if h.day == day and h.concerns(law.id)), None)
    events = {"called": called, "results": results, "term-end": term_end, "powers-end": powers_end}
    frame = _frame(law, day, events, kind, convention, held)
    for name, dates in (set_by_authority or {}).items():
        frame.fixed[name] = _recorded(name, dates)
    entries = [_entry(frame, deadline) for deadline in frame.deadlines.values()]
    entries += [
        _extra(name, fixed) for name, fixed in frame.fixed.items() if name not in frame.deadlines and fixed.title
    ]
    by_id = {entry.id: entry for entry in entries}
    entries = [replace(e, conflicts=tuple(_conflicts(frame, e, by_id))) for e in entries]
    return sorted(entries, key=_place)


def _frame(
    law: Law,
    day: date,
    events: Mapping[str, date | None],
    kind: Kind | None,
    convention: Convention,
    held: Held | None,
) -> _Frame:
    known = {name: value or _held_event(held, name) for name, value in events.items()}
    kind = kind or (held.kind if held is not None else "regular")
    deadlines = {d.id: d for d in law.section("deadline") if d.concerns(law.id) and kind in d.kinds}
    known |= {"vote": day, "year": date(day.year, 1, 1)}
    fixed = {d.deadline: d for d in held.dates} if held else {}
    return _Frame(law, kind, convention, known, deadlines, fixed)


def _held_event(held: Held | None, name: str) -> date | None:
    value: date | None = None if held is None else getattr(held, name.replace("-", "_"))
    return value


def calendar_of(law: Law, election: Election, convention: Convention = "practice") -> list[CalendarEntry]:
    """Return the calendar of a case, with the dates that its table `[calendar]` records.

    That table may hold `called`, `results`, `term-end`, `powers-end` (dates), `kind`, and for any deadline its last day or
    `{ opens = …, closes = …, source = "…" }`.

    Raises:
        BadInput: something else stands there.
    """
    known = {k: election.calendar.get(k) for k in ("called", "results", "term-end", "powers-end")}
    kind = election.calendar.get("kind")
    recorded = {
        name: value if isinstance(value, Mapping) else {"closes": value}
        for name, value in election.calendar.items()
        if name not in (*known, "kind")
    }
    faults = [_fault(n, v, "a date") for n, v in known.items() if v is not None and type(v) is not date]
    if kind is not None and kind not in get_args(Kind):
        faults.append(_fault("kind", kind, "one of " + ", ".join(get_args(Kind))))
    for name, dates in recorded.items():
        try:
            _recorded(name, dates)
        except (ValueError, TypeError):
            faults.append(_fault(name, dates, "a date, or { opens = …, closes = …, source = … }"))
    if faults:
        raise BadInput(faults)
    called, results, term_end, powers_end = known.values()
    return calendar(
        law,
        election.day,
        called,
        kind,
        convention,
        results=results,
        term_end=term_end,
        powers_end=powers_end,
        set_by_authority=recorded,
    )


def _fault(name: str, found: object, expected: str) -> Fault:
    return Fault("case.toml", 0, f"calendar.{name}", f"“{found}”", expected)


def _recorded(name: str, dates: Mapping[str, Any]) -> HeldDate:
    values: dict[str, Any] = {
        "deadline": name,
        "cite": str(dates.get("source", "")),
        "confidence": "reported",
    }
    for edge in ("opens", "closes"):
        value = dates.get(edge)
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime):
            values[f"{edge}-hour"] = f"{value:%H:%M}" if value.time() != time() else ""
            value = value.date()
        values[edge] = value
    return HeldDate.model_validate(values)


# ---------------------------------------------------------------- one deadline


def _entry(frame: _Frame, deadline: Deadline) -> CalendarEntry:
    fixed = frame.fixed.get(deadline.id)
    early = deadline.interim and frame.kind != "regular"
    opens = None if early else _day(frame, deadline.opens)
    closes = None if early else _day(frame, deadline.closes)
    notes = list(from_book(deadline.note))
    entry = CalendarEntry(
        id=deadline.id,
        title={str(code): text for code, text in (deadline.title or {}).items()},
        opens=opens if deadline.opens else closes,
        closes=closes if deadline.closes else opens,
        cite=deadline.cite,
        confidence=deadline.confidence,
        opens_hour=deadline.opens.hour if deadline.opens else "",
        closes_hour=deadline.closes.hour if deadline.closes else "",
        contests=tuple(deadline.contests),
    )
    if fixed is not None and fixed.done:
        day = fixed.closes or fixed.opens
        entry = replace(entry, done=day)
        notes.append(note("done", day=day, cite=fixed.cite))
    elif fixed is not None:
        entry = _set(entry, deadline, fixed)
        notes += [*from_book(fixed.note), *_set_otherwise(entry, opens, closes, fixed)]
    elif early:
        notes.append(note("authority-sets"))
    elif entry.opens is None and entry.closes is None:
        notes.append(_missing(frame, deadline))
    return replace(entry, notes=(*notes, *([] if early else _other_convention(frame, deadline, entry))))


def _set(entry: CalendarEntry, deadline: Deadline, fixed: HeldDate) -> CalendarEntry:
    """Put the authority's dates in place of the rule's; a period may be set at one end only."""
    opens, closes = fixed.opens or entry.opens, fixed.closes or entry.closes
    if deadline.opens is None and deadline.closes is not None:
        opens = closes = fixed.closes or fixed.opens
    elif deadline.closes is None:
        opens, closes = fixed.opens or fixed.closes, fixed.closes or fixed.opens
    return replace(
        entry,
        opens=opens,
        closes=closes,
        opens_hour=fixed.opens_hour or entry.opens_hour,
        closes_hour=fixed.closes_hour or entry.closes_hour,
        cite=f"{entry.cite}; {fixed.cite}" if fixed.cite and fixed.cite != entry.cite else entry.cite,
        confidence=fixed.confidence,
        official=True,
    )


def _set_otherwise(
    entry: CalendarEntry, opens: date | None, closes: date | None, fixed: HeldDate
) -> Iterator[CodedNote]:
    """Say where a day differs from the rule, and whether the authority is known to have set it or it is inferred."""
    inferred = fixed.confidence == "unverified"
    differs = False
    for side, rule, day in (("from", opens, entry.opens), ("to", closes, entry.closes)):
        if rule and day and rule != day:
            differs = True
            yield note(f"inferred-{side}" if inferred else f"rule-{side}", rule=rule, day=day)
    if inferred and not differs:
        yield note("inferred")


def _extra(name: str, fixed: HeldDate) -> CalendarEntry:
    day = fixed.opens or fixed.closes
    return CalendarEntry(
        id=name,
        title={str(code): text for code, text in (fixed.title or {}).items()},
        opens=day,
        closes=fixed.closes or day,
        cite=fixed.cite,
        confidence=fixed.confidence,
        opens_hour=fixed.opens_hour,
        closes_hour=fixed.closes_hour,
        official=True,
        notes=tuple(from_book(fixed.note)),
    )


def _day(frame: _Frame, moment: Moment | None, seen: tuple[str, ...] = ()) -> date | None:
    """Return the day of a moment, None where what it is counted from is not known."""
    if moment is None:
        return None
    base = _base(frame, moment.of, seen)
    if base is None:
        return None
    if moment.sunday is not None and moment.month is not None:
        first = date(base.year, moment.month, 1)
        return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (moment.sunday - 1))
    day = add_months(base, moment.months) + timedelta(days=moment.days)
    day = _working_days_after(day, moment.working_days)
    if moment.full and frame.convention == "practice":
        day += timedelta(days=-1 if moment.days < 0 else 1)
    return day


def _base(frame: _Frame, name: str, seen: tuple[str, ...]) -> date | None:
    if name in frame.events:
        return frame.events[name]
    fixed, deadline = frame.fixed.get(name), frame.deadlines.get(name)
    if fixed is not None and not fixed.done:
        return fixed.closes or fixed.opens
    if deadline is None or name in seen or (deadline.interim and frame.kind != "regular"):
        return None
    return _day(frame, deadline.closes or deadline.opens, (*seen, name))


def _working_days_after(day: date, count: int) -> date:
    """Return the day `count` working days (Monday to Friday; holidays are not known) after `day`."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def add_months(day: date, count: int) -> date:
    """Return the same day `count` months on; the last day of the month where that month lacks it."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


# ---------------------------------------------------------------- notes and conflicts


def _other_convention(frame: _Frame, deadline: Deadline, entry: CalendarEntry) -> Iterator[CodedNote]:
    """Say where the other way of counting days gives another day than the one in the entry."""
    other: Convention = "statute" if frame.convention == "practice" else "practice"
    for moment, shown in ((deadline.opens, entry.opens), (deadline.closes, entry.closes)):
        if moment is not None and moment.full:
            day = _day(replace(frame, convention=other), moment)
            if day is not None and day != shown:
                yield note(f"by-{other}", day=day)


def _missing(frame: _Frame, deadline: Deadline) -> CodedNote:
    needed = [m.of for m in (deadline.opens, deadline.closes) if m and _base(frame, m.of, ()) is None]
    if not needed:
        return note("law-silent")
    known = needed[0] in ("called", "results", "term-end", "powers-end")
    return note(f"needs-{needed[0]}") if known else note("needs-event", event=_title(frame, needed[0]))


def _title(frame: _Frame, name: str) -> Mapping[str, str] | str:
    """Return what a deadline is called, by language; its id where nothing is known of it."""
    deadline = frame.deadlines.get(name)
    return {str(code): text for code, text in (deadline.title or {}).items()} if deadline is not None else name


def _conflicts(frame: _Frame, entry: CalendarEntry, entries: Mapping[str, CalendarEntry]) -> Iterator[CodedNote]:
    if entry.opens and entry.closes and entry.opens > entry.closes:
        yield note("conflict-span", first=entry.opens, last=entry.closes)
    called, deadline = frame.events["called"], frame.deadlines.get(entry.id)
    if deadline is None or entry.closes is None:
        return
    event = frame.events.get(deadline.binds)
    if deadline.binds:
        yield from _bound(deadline, entry.closes, event)
    elif called and entry.closes < called:
        yield note("conflict-called", last=entry.closes, day=called)
    for name in deadline.after:
        other = entries.get(name)
        if other and other.closes and entry.closes < other.closes:
            yield note("conflict-order", last=entry.closes, other=other.title or name, day=other.closes)


def _bound(deadline: Deadline, last: date, event: date | None) -> Iterator[CodedNote]:
    """Yield a conflict where the event lies after the last day, or on another day than the only one."""
    if event is None:
        return
    if deadline.closes is None and event != last:
        yield note("conflict-vote-day", day=event, last=last)
    elif event > last:
        yield note("conflict-vote" if deadline.binds == "vote" else "conflict-call", day=event, last=last)


def _place(entry: CalendarEntry) -> tuple[date, date, str]:
    first = entry.opens or entry.closes or date.max
    return first, entry.closes or first, entry.id
