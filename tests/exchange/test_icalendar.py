"""The calendar as a file that calendars can read."""

from __future__ import annotations

from datetime import date

import icalendar

import sailau
from sailau.exchange.icalendar import to_ics
from sailau.nomination import calendar


def test_icalendar_can_be_read_back() -> None:
    chosen = sailau.law("kz/mazhilis", on="2023-03-19")
    found = calendar(chosen)
    book = icalendar.Calendar.from_ical(to_ics(found, chosen, "kz/mazhilis", "kk"))
    events = {str(e["uid"]).rsplit("-", 3)[0]: e for e in book.walk("VEVENT")}
    assert len(events) == sum(bool(e.opens or e.closes) for e in found)
    silence = next(e for e in book.walk("VEVENT") if str(e["uid"]).startswith("silence-"))
    assert silence.decoded("dtstart") == date(2023, 3, 18)
    assert silence.decoded("dtend") == date(2023, 3, 20)
    voting = next(e for e in book.walk("VEVENT") if str(e["uid"]).startswith("voting-"))
    assert voting.decoded("dtstart").hour == 7
    assert "Үнсіздік" in str(silence["summary"])
    assert "Сайлау туралы заң, 27(2)" in str(silence["description"])
