"""What stands on pictures: titles, axes, captions, sources."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from sailau.wording.language import counted, marked, words

CAPTIONS = {
    "seats": marked("How many seats each party wins"),
    "winners": marked("Who wins, and how often"),
    "sweep": marked("What the rule changes"),
    "curve": marked("From votes to seats"),
    "chamber": marked("Who has how many seats"),
    "result": marked("The result of the vote"),
    "others": marked("others"),
    "number-of-seats": marked("Seats"),
    "share-of-elections": marked("Share of elections, %"),
    "share-of-list-vote": marked("Share of the list vote, %"),
    "share-of-vote": marked("Share of the vote, %"),
    "share-of-list-seats": marked("Share of the list seats, %"),
    "share-of-seats": marked("Share of seats, %"),
    "expected-seats": marked("Expected seats"),
    "threshold": marked("Threshold, %"),
    "list-seats": marked("List seats"),
    "proportional": marked("seats in proportion"),
    "the-law": marked("the law"),
    "bands": marked("Bands: 9 in 10 elections."),
    "fixed": marked("Seats that were announced and have no votes here are the same in every election."),
    "threshold-at": marked("threshold {share}"),
    "majority-at": marked("majority, {seats}"),
    "average": marked("average {mean}; 9 in 10: {span}"),
    "source": marked("Source: {hosts}."),
    "seed": marked("seed {seed}"),
}
_DRAWN = counted("{n} simulated election.", "{n} simulated elections.")
_FEWER = counted(
    "{n} more wins a seat in fewer than 1 in 100 elections.", "{n} more win a seat in fewer than 1 in 100 elections."
)
_OTHERS = counted("and {n} other", "and {n} others")
_MOST_HOSTS = 3


def caption(language: str, key: str, **values: str) -> str:
    """Return a text of a picture.

    Args:
        language: `en`, `kk` or `ru`.
        key: of `CAPTIONS`.
        values: what stands in it, as text.
    """
    return words(language).say(CAPTIONS[key], **values)


def drawn(language: str, draws: int) -> str:
    """Say how many elections were simulated."""
    return words(language).plural(*_DRAWN, draws)


def rarely(language: str, parties: int) -> str:
    """Say how many parties are left out of a picture, since they hardly ever win."""
    return words(language).plural(*_FEWER, parties)


def source(language: str, addresses: Sequence[str]) -> str:
    """Return the line that says where the votes of a case are from: the first hosts of its sources; empty without any."""
    hosts = list(dict.fromkeys(host.removeprefix("www.") for a in addresses if (host := urlsplit(a).hostname)))
    if not hosts:
        return ""
    said = ", ".join(hosts[:_MOST_HOSTS])
    more = len(hosts) - _MOST_HOSTS
    if more > 0:
        said = f"{said} {words(language).plural(*_OTHERS, more)}"
    return caption(language, "source", hosts=said)
