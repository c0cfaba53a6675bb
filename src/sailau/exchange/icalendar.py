"""The calendar of an election as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sailau.extras import library
from sailau.nomination import CalendarEntry
from sailau.rulebook import Law
from sailau.wording.language import text_in
from sailau.wording.people import People


def to_ics(entries: Sequence[CalendarEntry], law: Law, name: str = "", language: str = "en") -> bytes:
    """Return the dated entries as an iCalendar file (RFC 5545), one event each, local time.

    Args:
        entries: what `calendar` returned; entries without a date are left out.
        law: whose articles the entries name.
        name: shown as the calendar's name, and part of each event's uid.
        language: of titles, articles and notes.

    Raises:
        BadInput: the extra `calendar` is not installed.
    """
    icalendar = library("icalendar", "calendar", "--ics")
    people = People(law, language)
    book = icalendar.Calendar()
    book.add("prodid", "-//Sailau//Calendar of an election//EN")
    book.add("version", "2.0")
    if name:
        book.add("x-wr-calname", name)
    for entry in entries:
        first, last = entry.opens or entry.closes, entry.closes or entry.opens
        if first is None or last is None:
            continue
        event = icalendar.Event()
        event.add("uid", f"{entry.id}-{first:%Y%m%d}-{name.replace('/', '-')}@sailau")
        event.add("dtstamp", datetime.combine(first, time()))
        event.add("summary", text_in(entry.title, language, entry.id))
        notes = [people.note(note) for note in (*entry.notes, *entry.conflicts)]
        event.add("description", "\n".join([people.cite(entry.cite), *notes]))
        _add_span(event, entry, first, max(first, last))
        book.add_component(event)
    return bytes(book.to_ical())


def _add_span(event: Any, entry: CalendarEntry, first: date, last: date) -> None:
    hours = [entry.opens_hour, entry.closes_hour]
    if first == last and all(hours):
        event.add("dtstart", datetime.combine(first, time.fromisoformat(hours[0])))
        event.add("dtend", datetime.combine(last, time.fromisoformat(hours[1])))
    else:
        event.add("dtstart", first)
        event.add("dtend", last + timedelta(days=1))
