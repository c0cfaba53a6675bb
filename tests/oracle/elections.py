"""Random elections under any shipped law, small and full of ties, and random amendments of the laws."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from oracle.cases import Row, case, votes
from sailau.election import Election
from sailau.rulebook import Law, amend, load

LAWS = (
    "kz/mazhilis",
    "kz/kurultai",
    "kz/maslikhat-region",
    "kz/maslikhat-district",
    "kz/president",
    "kz/senate",
    "kz/referendum",
    "kz/akim",
    "kz/recall",
    "md/parliament",
    "md/president",
    "es/congress",
    "es/senate",
    "lt/seimas",
    "cz/chamber",
    "cz/senate",
    "mn/khural",
    "no/storting",
    "bg/assembly",
    "ge/parliament",
    "ch/zh-kantonsrat",
)
"""The laws that the oracle knows."""


def versions(name: str) -> Iterator[Law]:
    """Yield every version of a law that differs from the one before in what is counted."""
    book, last = load(name), None
    for day in dict.fromkeys([book.span[0], *book.days]):
        law = book.on(day)
        if last is None or (law.contest, law.tier) != (last.contest, last.tier):
            yield law
        last = law


DAYS = {name: tuple(law.day.isoformat() for law in versions(name)) for name in LAWS}
"""Law → the first day of each of its versions."""

SMALLER: dict[str, dict[str, str | int]] = {
    "es/congress": {"list.seats.apportion.total": 16},
    "no/storting": {"list.seats.apportion.total": 19},
    "md/parliament": {"list.seats": 13},
    "kz/kurultai": {"list.seats": 23},
    "bg/assembly": {"list.seats": 17},
    "ge/parliament": {"list.seats": 11},
}
"""Amendments that make random elections quick to count by hand; the shipped cases keep the full numbers."""

_METHODS = ("dhondt", "sainte-lague", "modified-sainte-lague", "huntington-hill", "danish", "imperiali-divisor")
_QUOTAS = ("hare", "droop", "hagenbach-bischoff", "imperiali")


def random_law(random: Random, law: str, *, amended: bool) -> Law:
    """Return a version of a law, amended at random if asked."""
    now = load(law).on(date.fromisoformat(random.choice(DAYS[law])))
    changes = dict(SMALLER.get(law, {}))
    if amended:
        changes |= dict(_amendments(random, now))
    return amend(now, changes) if changes else now


def _amendments(random: Random, law: Law) -> Iterator[tuple[str, str | int]]:
    """Yield changed thresholds, seats, formulas, bars: any path that a reform could touch."""
    for tier in law.tier:
        name = tier.id
        if tier.threshold is not None and random.random() < 0.7:
            yield f"{name}.threshold.share", random.choice(("0%", "1%", "3%", "5%", "7%", "10%", "1/3", "50%"))
        if (
            tier.seats.value
            and law.contests[tier.contest].ballot == "list"
            and not tier.seats.rest
            and random.random() < 0.6
        ):
            yield f"{name}.seats", random.randint(1, 20)
        if tier.single_qualifier is not None and random.random() < 0.6:
            yield f"{name}.single-qualifier.factor", random.choice(("7/10", "1/2", "1", "9/10"))
            yield f"{name}.single-qualifier.minimum-seats", random.randint(0, 4)
        if law.id.startswith(("kz/", "md/", "lt/", "bg/")) and tier.threshold is not None and random.random() < 0.5:
            yield from _formula(random, name)
        if tier.majority is not None and random.random() < 0.4:
            yield f"{name}.run-off.tie-for-place", random.choice(("lot", "no-rule"))
        if tier.adoption is not None and random.random() < 0.6:
            yield f"{name}.adoption.share", random.choice(("1/3", "50%", "60%", "2/3"))
        if tier.turnout is not None and random.random() < 0.6:
            yield f"{name}.turnout.share", random.choice(("1/4", "1/3", "50%", "60%"))
        if tier.formula.unqualified == "shared-equally" and random.random() < 0.5:
            yield f"{name}.formula.unqualified", "in-quota"
        if tier.formula.method == "biproportional" and random.random() < 0.5:
            yield f"{name}.formula.rounding", "down"


def _formula(random: Random, tier: str) -> Iterator[tuple[str, str | int]]:
    if random.random() < 0.5:
        yield f"{tier}.formula.method", "largest-remainder"
        yield f"{tier}.formula.quota", random.choice(_QUOTAS)
        yield f"{tier}.formula.round-quota", random.choice(("no", "nearest", "up"))
    else:
        method = random.choice(_METHODS)
        yield f"{tier}.formula.method", method
        if method == "modified-sainte-lague":
            yield f"{tier}.formula.first", random.choice(("7/5", "6/5", "2"))


def random_case(random: Random, law: Law, scale: int = 1) -> Election:
    """Return an election under a law: few districts, few options, few votes, so that ties and bars are met often.

    All figures are multiplied by `scale`, which changes no seat.
    """
    parties = [_party(random, n) for n in range(random.randint(1, 6))]
    units: list[dict[str, Any]] = []
    persons: list[dict[str, Any]] = []
    rows: list[Row] = []
    for name, paper in law.contests.items():
        if law.tiers_of(name)[0].formula.method == "declared":
            continue
        here = [""]
        if paper.level:
            here = _districts(random, law, name, units)
        for unit in here:
            if len(here) > 1 and random.random() < 0.1:
                continue
            rows += _paper(random, law, name, unit, parties, persons)
    if law.id == "kz/referendum":
        rows += _regions(random, units)
    toml = '[contest.question]\nkind = "constitution"' if law.id == "kz/referendum" and random.random() < 0.7 else ""
    rows = [(unit, contest, item, int(str(count)) * scale, round_) for unit, contest, item, count, round_ in rows]
    return case(law.id, law.day, rows, parties=parties, candidates=persons, units=units, toml=toml, name="random")


def _party(random: Random, number: int) -> dict[str, Any]:
    return {
        "party": f"p{number}",
        "kind": random.choice(("party", "party", "coalition", "independent")),
        "members": random.choice((1, 2, 3)),
        "number": random.choice((None, number, 1)),
        "registered": random.choice(("2023-01-20", "2023-01-21", "2023-01-22", "2023-01-22", None)),
    }


def _lists(random: Random, contest: str, unit: str, parties: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return complete lists of candidates for some parties, often shorter than the seats they win."""
    return [
        {
            "candidate": f"{p['party']}-{unit or 'nation'}-{n}",
            "contest": contest,
            "unit": unit,
            "party": p["party"],
            "position": n,
        }
        for p in parties
        if random.random() < 0.5
        for n in range(1, random.choice((2, 4, 9)))
    ]


def _districts(random: Random, law: Law, contest: str, units: list[dict[str, Any]]) -> list[str]:
    level = law.contests[contest].level
    held = [u["unit"] for u in units if u["level"] == level]
    if not held:
        held = [f"{level}-{n}" for n in range(1, random.randint(2, 5))]
        units += [{"unit": u, "level": level} for u in held]
    for unit in units:
        if unit["level"] == level:
            unit |= {
                "population": random.randint(5, 9) * 1000 + 17 * held.index(unit["unit"]),
                "area_km2": random.randint(1, 90),
                "kind": "province" if level == "province" else "",
                f"seats_{contest}": random.randint(1, 6)
                if law.id != "kz/senate" and law.tiers_of(contest)[0].seats.column
                else None,
            }
    return held


def _votes(random: Random, number: int, most: int) -> list[int]:
    """Return few distinct small numbers, often equal, sometimes one that is far ahead."""
    pool = [random.randint(0, most) for _ in range(random.choice((1, 2, 3, number)))]
    drawn = [random.choice(pool) for _ in range(number)]
    if random.random() < 0.3:
        drawn[random.randrange(number)] += most * random.choice((5, 20))
    return drawn


def _lines(random: Random, law: Law, contest: str, total: int) -> dict[str, int]:
    paper = law.contests[contest]
    lines: dict[str, int] = {}
    if paper.against_all and random.random() < 0.7:
        lines["@against_all"] = random.randint(0, 6)
    if paper.blank:
        lines["@blank"] = random.randint(0, 6)
    if "@not_counted" in paper.lines:
        lines["@not_counted"] = random.randint(0, 3)
    valid = total + sum(lines.values())
    if paper.ballot != "list" or law.id.startswith(("lt/", "md/", "kz/")):
        lines["@invalid"] = random.randint(0, 4)
        lines["@cast"] = valid + lines["@invalid"]
        lines["@registered"] = lines["@cast"] * random.choice((1, 2, 3)) + random.randint(0, 3)
    return lines


def _paper(
    random: Random, law: Law, contest: str, unit: str, parties: list[dict[str, Any]], persons: list[dict[str, Any]]
) -> list[Row]:
    paper = law.contests[contest]
    if paper.ballot == "question":
        options = ["yes", "no"]
    elif paper.ballot == "list":
        options = [p["party"] for p in parties]
        if any(t.exhaustion for t in law.tiers_of(contest)) and random.random() < 0.3:
            persons += _lists(random, contest, unit, parties)
    else:
        options = [f"{unit or 'nation'}-c{n}" for n in range(random.randint(1, 4))]
        persons += [
            {"candidate": o, "contest": contest, "unit": unit, "party": random.choice(("", parties[0]["party"]))}
            for o in options
        ]
    most = 400 if law.id.startswith(("cz/chamber", "no/")) else 12 if paper.ballot == "list" else 3
    drawn = _votes(random, len(options), most)
    if paper.ballot == "list":  # a list vote in which nobody voted is a test of its own
        drawn[0] += not any(drawn)
    if any(t.formula.method == "biproportional" for t in law.tiers_of(contest)):
        drawn = [n + 1 for n in drawn]  # with votes in every cell a matrix exists
    if law.id == "cz/chamber":  # so many that quotas rounded to units mean something
        drawn = [50 * n for n in drawn]
    counts = dict(zip(options, drawn, strict=True))
    rows = votes(contest, {**counts, **_lines(random, law, contest, sum(counts.values()))}, unit)
    tier = law.tiers_of(contest)[0]
    if paper.ballot == "candidates" and (tier.run_off or tier.tie) and random.random() < 0.5:
        top = sorted(options, key=lambda o: -counts[o])[: random.choice((2, 2, 3))]
        rows += votes(contest, dict(zip(top, _votes(random, len(top), 3), strict=True)), unit, 2)
    return rows


def _regions(random: Random, units: list[dict[str, Any]]) -> list[Row]:
    """Return votes by region, not for every one; the whole has its own lines, so that sums are not compared."""
    rows: list[Row] = []
    for number in range(random.randint(0, 4)):
        units.append({"unit": f"region-{number}", "level": "region"})
        if random.random() < 0.8:
            yes, no, invalid = random.randint(0, 4), random.randint(0, 4), random.randint(0, 2)
            rows += votes("question", {"yes": yes, "no": no, "@invalid": invalid}, f"region-{number}")
    if units:
        units.append({"unit": "region-unknown", "level": "region"})
    return rows
