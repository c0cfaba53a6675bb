"""What stands on the pages of an election's site: headings, heads of tables, short explanations."""

from __future__ import annotations

import re

from sailau.wording.language import counted, marked, words

TEXTS = {
    # names of pages
    "overview": marked("Result"),
    "lists": marked("Lists and candidates"),
    "places": marked("Places"),
    "why": marked("Why these seats"),
    "why-result": marked("Why this result"),
    "lab": marked("What if?"),
    "law": marked("The law"),
    "downloads": marked("Data"),
    "method": marked("Method and sources"),
    # frame
    "skip": marked("Skip to the content"),
    "pages": marked("Pages"),
    "languages": marked("Language"),
    "path": marked("You are here"),
    "made": marked("Counted by {program} from the law and the published votes; every number can be recomputed."),
    "no-votes-cast": marked("{program} casts no votes and stores no voter."),
    "page-version": marked("Version of the figures on this page: {version}"),
    "as-json": marked("these figures as {format}"),
    "as-csv": marked("the table as {format}"),
    # status
    "final": marked("Final"),
    "partial": marked("Partial"),
    "undetermined": marked("Open question"),
    "invalid": marked("Not valid"),
    "whatif": marked("What if, not the law"),
    "synthetic": marked("Synthetic data"),
    "synthetic-why": marked("Invented for a trial; nobody voted like this."),
    "declared-why": marked("declared by the authority, not counted"),
    # the result at a glance
    "headline": marked("{name}: {seats} of {total} seats"),
    "has-majority": marked("a majority; {needed} are needed"),
    "no-majority": marked("nobody has a majority; {needed} are needed"),
    "elected": marked("{name} is elected"),
    "not-decided": marked("Not decided yet"),
    "leads": marked("{name} has most votes so far: {share}"),
    "adopted": marked("Adopted"),
    "rejected": marked("Rejected"),
    "question-invalid": marked("Not valid"),
    "no-seats": marked("No seats are filled yet"),
    "filled": marked("Seats filled"),
    "of-total": marked("{n} of {total}"),
    "bar": marked("Threshold"),
    "rule": marked("Who wins"),
    "vacant": marked("not filled: {seats}"),
    "turnout": marked("Turnout"),
    "turnout-of": marked("{n} of {total} registered voters"),
    "issued-of": marked("ballots issued: {n} of {total} registered voters"),
    "turnout-unknown": marked("not known"),
    "complete": marked("Counted"),
    "whole-reported": marked("figures for the whole"),
    "nothing-reported": marked("nothing yet"),
    "known-of": marked("{n} of {total}: {level}"),
    "level-precinct": marked("polling stations"),
    "level-district": marked("districts"),
    "level-region": marked("regions"),
    "level-province": marked("provinces"),
    "level-constituency": marked("constituencies"),
    "level-unit": marked("places"),
    "picture-seats": marked("Seats, list by list"),
    "picture-close": marked("How close was it?"),
    "close-why": marked(
        "How many votes more would have won a further seat, how many fewer would have lost one, all else equal."
    ),
    "more-for-seat": marked("votes more for a further seat"),
    "fewer-for-seat": marked("votes fewer lose a seat"),
    "open-questions": marked("What is open"),
    "open-why": marked("The votes and the law leave this open; it is a question to be answered, not an error."),
    "notes": marked("What was noticed"),
    "where-next": marked("Read further"),
    "next-why": marked("every step of the count, by article"),
    "next-lab": marked("other thresholds, formulas and numbers of seats with the same votes"),
    "next-places": marked("regions, districts, polling stations"),
    "next-law": marked("the law with all its versions, told for everybody"),
    "next-data": marked("every table as a file"),
    # tables
    "name": marked("name"),
    "votes": marked("votes"),
    "share": marked("share"),
    "seats": marked("seats"),
    "passed": marked("threshold reached"),
    "yes": marked("yes"),
    "no": marked("no"),
    "second-round": marked("second round"),
    "all": marked("all"),
    "place": marked("place"),
    "line": marked("line"),
    "number": marked("number"),
    "winner": marked("elected"),
    "contest": marked("ballot paper"),
    "level": marked("level"),
    "unknown": marked("not known"),
    "base-is": marked("Shares are of {base}: {number}"),
    "party": marked("party"),
    # further pages
    "by-area": marked("By place"),
    "protocol": marked("Protocol"),
    "below": marked("Inside this place"),
    "findings": marked("What does not add up"),
    "nothing-known": marked("Nothing is known here yet."),
    "find-list": marked("Find a list or a person by name"),
    "parties": marked("Lists"),
    "candidates": marked("Candidates"),
    "find-place": marked("Find a place by its name"),
    "every-list": marked("One list or candidate"),
    "law-rules": marked("The rules"),
    "law-before": marked("At other times"),
    "law-open": marked("What the law leaves open"),
    "law-sources": marked("Texts of the law"),
    "law-by": marked("This is the law as it stood on {day}."),
    "sources": marked("Sources of the figures"),
    "remarks": marked("Remarks on the figures"),
    "how": marked("How it was counted"),
    "how-text": marked(
        "The law is an executable rule book; the votes are those of the sources below. One program reads both and counts; "
        "the seats on these pages are computed, not typed. Anybody can run it again and must get the same."
    ),
    "recompute": marked("Recompute it"),
    "recompute-text": marked("With {program} installed, this command gives the same figures:"),
    "cite": marked("How to cite"),
    "cite-text": marked("{title}. {program}, law {law} of {day}, case {digest}, figures {version}."),
    "file": marked("file"),
    "holds": marked("what it holds"),
    "file-outcome": marked("the whole outcome, as the command {command} gives it"),
    "file-version": marked("which version of the figures the site shows"),
    "file-result": marked("the result of the whole"),
    "file-contest": marked("one ballot paper"),
    "file-areas": marked("one ballot paper by place"),
    "file-picture": marked("the picture of the result"),
    # the lab
    "lab-intro": marked(
        "The same votes under other rules. Every result here was counted beforehand, by the program that counts the law in "
        "force; this page only looks it up."
    ),
    "lab-rules": marked("Rules to change"),
    "lab-result": marked("Seats under these rules"),
    "lab-now": marked("as the law has it"),
    "lab-by-law": marked("by the law"),
    "lab-difference": marked("difference"),
    "lab-command": marked("The same result from the command line"),
    "lab-reset": marked("Back to the law in force"),
    "lab-single": marked("One rule changed"),
    "lab-links": marked("Without scripts, these links show what each single change gives."),
    "lab-file": marked("every combination of rules, with its seats"),
    "lab-open": marked("open by a tie: {seats}"),
    "lab-between": marked("above {low}, up to {high}"),
    # what other rooms say
    "page-parliament": marked("What the chamber can do"),
    "next-parliament": marked("each decision of the chamber: votes it needs, who can pass it, who can block it"),
    "page-previous": marked("Against the election before"),
    "next-previous": marked("shares, seats and turnout beside those of the election before"),
    "page-elsewhere": marked("Under other laws"),
    "next-elsewhere": marked(
        "the same list votes under the laws of other countries, and which rule makes the difference"
    ),
    "page-calendar": marked("Calendar"),
    "next-calendar": marked("every deadline and period of this election by the law, as dates"),
    "page-voter": marked("For the voter"),
    "next-voter": marked("which ballot papers there are, what a valid mark is, hours, documents, voting elsewhere"),
    "same-command": marked("The same tables from the command line:"),
    "file-tables": marked("tables of a further page"),
    # other people's pages, walls, feeds
    "embed": marked("Show this result elsewhere"),
    "next-embed": marked("widgets for other pages, a screen for a hall, a feed of changes"),
    "embed-intro": marked(
        "These parts of the result may stand on any other page. They follow the figures by themselves, load nothing from "
        "another host, and bear the same marks: partial, open, synthetic, what if. Copy the lines below a sample."
    ),
    "embed-plain": marked("As a plain table"),
    "embed-plain-why": marked(
        "For pages that allow no frames: the figures as they are now. They do not follow later changes."
    ),
    "widget-chamber": marked("The chamber"),
    "widget-chamber-why": marked("The seats as a half circle."),
    "widget-table": marked("The table"),
    "widget-table-why": marked("Seats and shares of the largest lists."),
    "hall": marked("For a hall"),
    "hall-why": marked(
        "The result in large letters for a wall or a projector; it shows itself anew when the figures change."
    ),
    "full-result": marked("The whole result, explained"),
    "rows-left": marked("and others: {number}"),
    "feed": marked("Changes"),
    "feed-title": marked("{title}: changes"),
    "file-feed": marked("feed of changes (Atom)"),
    "file-changes": marked("which figures were published when"),
    # the map
    "map-title": marked("Who has most votes, region by region"),
    "map-tiles": marked("All regions alike in size"),
    "map-unknown": marked("No figures of single regions are known."),
    "map-leads": marked("{place}: {name}, {share}"),
}
_SEATS = counted("{n} seat", "{n} seats")


def page_text(language: str, key: str, **values: str) -> str:
    """Return a text of the pages.

    Args:
        language: `en`, `kk` or `ru`.
        key: of `TEXTS`.
        values: what stands in it, as text.
    """
    return words(language).say(TEXTS[key], **values)


def seats_text(language: str, number: int) -> str:
    """Return a number of seats with its word."""
    return words(language).plural(*_SEATS, number)


def level_text(language: str, level: str) -> str:
    """Return what units of a level are called; the level itself where it has no word."""
    key = f"level-{level}"
    return page_text(language, key) if key in TEXTS else level


_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_PLACES = {letter: number for number, letter in enumerate(_ALPHABET, 1)}
"""Letters of the Kazakh alphabet, which holds the Russian one in its order."""


def by_name(name: str, language: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts names by the alphabet of a language, numbers in them by their value."""
    parts: list[tuple[int, int, str]] = []
    for piece in re.findall(r"\d+|\D", name.casefold()):
        if piece.isdecimal():
            parts.append((0, int(piece), ""))
        elif piece in _PLACES and language != "en":
            parts.append((2, _PLACES[piece], ""))
        else:
            parts.append((1, 0, piece))
    return tuple(parts)
