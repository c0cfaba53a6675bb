"""What stands on the observer's kit beside the rules of the law: headings, columns, words of the steps."""

from __future__ import annotations

from sailau.wording.language import Words, counted, marked

KIT = {
    "title": marked("Observer's kit"),
    "for": marked(
        "{law}. Vote of {day}. The same rules hold for the other elections of the country unless their own law says otherwise."
    ),
    "print": marked("Print: {file}."),
    "key": marked("Key to the signs"),
    "letters": marked("{letters}: lines of the protocol below; ≤ means “not more than”"),
    "box": marked("☐ tick it when it holds"),
    "notes": marked("Notes"),
    "who": marked("Who may observe"),
    "rights": marked("Your rights"),
    "duties": marked("Your duties"),
    "deadlines": marked("Deadlines"),
    "day": marked("On polling day"),
    "count": marked("The count, step by step"),
    "protocol": marked("The protocol: write down"),
    "options": marked("votes for all parties or candidates, added up"),
    "votes-for": marked("votes for ______________________________"),
    "relations": marked("Control relations"),
    "relations-intro": marked(
        "If one of them does not hold, ask for an explanation, write an act and have it attached "
        "to the protocol. The numbered form was not found; the relations follow from the rules of the count."
    ),
    "complaints": marked("Where to complain"),
    "addresses": marked("Addresses"),
    "any-time": marked("no limit set"),
    "same-day": marked("the same day"),
    "not-set": marked("not set in this law"),
    "at-once": marked("; at once when less is left: {days}"),
    "signature": marked(
        "Polling station No. ______   Date ____________   Observer ______________________   Signature ____________"
    ),
}
COLUMNS = {
    "deadlines": (marked("What"), marked("From"), marked("To"), marked("Article")),
    "protocol": (marked("Letter"), marked("Line"), marked("Figure")),
    "relations": ("✓", marked("Must hold"), marked("In words"), marked("Article")),
    "complaints": (
        marked("Matter"),
        marked("To whom"),
        marked("File within"),
        marked("Decided within"),
        marked("Article"),
    ),
    "addresses": (marked("Body"), marked("Address, telephone"), marked("Name of who received it, time")),
}
"""Part → the heads of its table."""
_DAYS = counted("{n} day", "{n} days")


def in_kit(key: str, said: Words, **values: str) -> str:
    """Return a text of the kit."""
    return said.say(KIT[key], **values)


def kit_columns(part: str, said: Words) -> tuple[str, ...]:
    """Return the heads of a table of the kit."""
    return tuple(said.say(head) if any(c.isalpha() for c in head) else head for head in COLUMNS[part])


def kit_days(number: int, said: Words) -> str:
    """Return a number of days."""
    return said.plural(*_DAYS, number)
