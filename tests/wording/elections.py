"""Elections in which every kind of step occurs, counted once for all tests of the room."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from oracle.cases import case, votes
from sailau.counting import Outcome, count
from sailau.election import Election, open_case, shipped
from sailau.rulebook import amend

MAZHILIS = ("kz/mazhilis", "2023-03-19")


@lru_cache(maxsize=64)
def shipped_outcome(name: str) -> Outcome:
    election = open_case(name)
    return count(election.own_law(), election)


def counted(election: Election, changes: Mapping[str, str | int] | None = None) -> Outcome:
    law = election.own_law()
    return count(amend(law, changes) if changes else law, election)


def changed(name: str, changes: Mapping[str, str | int]) -> Outcome:
    """Return a shipped case counted for a what-if."""
    return counted(open_case(name), changes)


def lists(options: Mapping[str, int], lines: Mapping[str, int] | None = None, **further: Any) -> Election:
    law, day = further.pop("law", MAZHILIS[0]), further.pop("day", MAZHILIS[1])
    parties = further.pop("parties", [{"party": p, "name_en": p.upper()} for p in options])
    return case(law, day, votes("list", {**options, **(lines or {})}), parties=parties, **further)


EQUAL = {"a": 30_000, "b": 19_500, "c": 19_500}
"""69 seats: B and C have equal remainders and one seat is left for the two."""


def equal(first: str, second: str, toml: str = "") -> Election:
    parties = [
        {"party": "a", "registered": "2023-01-30"},
        {"party": "b", "registered": first},
        {"party": "c", "registered": second},
    ]
    return lists(EQUAL, parties=parties, toml=toml)


def decision(kind: str, chosen: str) -> str:
    return (
        f'[[decision]]\nkind = "{kind}"\ncontest = "list"\nunit = ""\nquestion = "no-rule"\n'
        f'among = ["b", "c"]\nchosen = ["{chosen}"]\ndate = 2023-03-21\nsource = "Resolution 1"\n'
    )


def president(first: Mapping[str, int], second: Mapping[str, int] | None = None, law: str = "kz/president") -> Election:
    rows = votes("president", first) + (votes("president", second, round_=2) if second else [])
    people = [{"candidate": c, "contest": "president", "name": c.upper()} for c in first if not c.startswith("@")]
    return case(law, "2022-11-20", rows, candidates=people)


def constructed() -> Iterator[tuple[str, Outcome]]:
    """Yield (name, outcome) of elections that show what no shipped case does."""
    yield "registered earlier", counted(equal("2023-02-01", "2023-02-02"))
    yield "gap in the law", counted(equal("2023-02-01", "2023-02-01"))
    yield "authority", counted(equal("2023-02-01", "2023-02-01", decision("authority", "c")))
    yield "single qualifier", counted(lists({"a": 800_000, "b": 49_000}, {"@against_all": 151_000}))
    yield "nobody", counted(lists({"a": 49_000, "b": 48_000}, {"@against_all": 903_000}))
    yield "second round", counted(president({"a": 40, "b": 35, "c": 25}, {"a": 48, "b": 52}))
    yield "second round due", counted(president({"a": 40, "b": 35, "c": 25}))
    yield "bars fall", changed("snemovna-2021", {"list.threshold.share": "40%", "list.threshold.kinds": []})  # type: ignore[dict-item]
    yield "filled up", changed("seimas-2016", {"list.threshold.share": "20%"})
    yield "most votes left", counted(lists({"a": 61, "b": 30, "c": 9}, law="ge/parliament", day="2024-10-26"))
    yield "exhaustion", _exhausted()
    yield "matrix", _matrix()
    yield "too few voters", _too_few()
    yield "squares", changed("mazhilis-2023", {"list.formula.method": "huntington-hill"})
    yield "droop", changed("mazhilis-2023", {"list.formula.quota": "droop"})
    yield "agreements", _agreed()
    yield "in the quota", changed("khural-2024", {"list.formula.unqualified": "in-quota"})


def _exhausted() -> Outcome:
    people = [{"candidate": "a-1", "contest": "list", "party": "a", "position": 1, "name": "A"}]
    options, lines = {"a": 600, "b": 300}, {"@cast": 900, "@registered": 1000}
    return counted(lists(options, lines, law="lt/seimas", day="2016-10-09", candidates=people))


def _matrix() -> Outcome:
    units = [{"unit": u, "level": "district", "seats_list": n} for u, n in (("north", 4), ("south", 6))]
    rows = votes("list", {"a": 400, "b": 300}, "north") + votes("list", {"a": 500, "b": 900}, "south")
    parties = [{"party": "a"}, {"party": "b"}]
    return counted(case("ch/zh-kantonsrat", "2007-04-15", rows, parties=parties, units=units))


def _agreed() -> Outcome:
    parties = [{"party": "a", "agreement": "x"}, {"party": "b", "agreement": "x"}, {"party": "c"}]
    election = lists({"a": 500, "b": 300, "c": 400}, law="kz/mazhilis", day="2007-08-18", parties=parties)
    return counted(election, {"list.formula.method": "dhondt", "list.agreements.partners": 2})


def _too_few() -> Outcome:
    figures = {"yes": 200, "no": 100, "@registered": 1000, "@cast": 320, "@invalid": 20}
    return counted(case("kz/referendum", "2024-10-06", votes("question", figures)))


@lru_cache(maxsize=1)
def outcomes() -> tuple[tuple[str, Outcome], ...]:
    """Return every shipped case and every constructed election."""
    return (*((name, shipped_outcome(name)) for name in shipped()), *constructed())
