"""Draw from a count why each list has its seats: docs/pictures/seats.svg, the picture of README.md.

Nothing in it is typed in: shares, quota, whole parts, remainders, articles and colours come from the outcome's steps and
from the case. `python docs/pictures/seats.py` writes it, `--check` says whether it is stale.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from html import escape
from pathlib import Path
from typing import Any

CASE = "mazhilis-2023"
CONTEST = "list"
FILE = Path(__file__).with_name("seats.svg")

WIDTH, TOP, ROW, NAME, SHARE, STRIP = 1000, 96, 40, 24, 220, 246
CELL, GAP = 12, 2
INK, SOFT, PALE, RULE = "#1c2430", "#4b5563", "#6b7280", "#e3e7eb"
FONT = "'Segoe UI', 'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif"


def text(
    x: float, y: float, words: str, size: int = 14, fill: str = INK, anchor: str = "start", weight: int = 400
) -> str:
    """Return a line of text."""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(words)}</text>'
    )


def box(x: float, y: float, width: float, height: float, fill: str, extra: str = "") -> str:
    """Return a rectangle."""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="2" fill="{fill}" {extra}/>'


def steps_of(outcome: Any) -> dict[str, Any]:
    """Return the steps of the contest by code."""
    return {step.code: step for step in outcome.steps if step.contest == CONTEST}


def percent(share: Fraction) -> str:
    """Return a share with two decimals, rounded half up on the exact number."""
    hundredths = (share * 10000 + Fraction(1, 2)) // 1
    return f"{hundredths // 100}.{hundredths % 100:02d} %"


def whole(share: Fraction) -> str:
    """Return a share that is a whole number of per cent."""
    return f"{int(share * 100)} %"


def decimal(number: Fraction, places: int) -> str:
    """Return an exact number with some decimals, rounded half up."""
    scale: int = 10**places
    scaled = (number * scale + Fraction(1, 2)) // 1
    return f"{scaled // scale:,}.{scaled % scale:0{places}d}"


def row(y: float, outcome: Any, option: str, steps: dict[str, Any]) -> str:
    """Draw one list: name, share, a square for every whole quota, the part that is left, its seats."""
    bar = steps["threshold"].values
    votes = steps["threshold"].rows[option].votes
    party = outcome.election.parties[option]
    middle = y + CELL / 2 + 5
    parts = [text(NAME, middle, party.short or option, weight=600)]
    parts.append(text(SHARE, middle, percent(Fraction(votes, bar["base"])), fill=SOFT, anchor="end"))
    if not steps["threshold"].rows[option].passed:
        parts.append(text(STRIP, middle, f"under {whole(bar['share'])}: takes no part", fill=PALE))
        return "".join(parts)
    figures = steps["whole"].rows[option]
    gained = steps["remainders"].rows[option].gained
    parts += [square(STRIP + n * (CELL + GAP), y, party.color) for n in range(figures.whole)]
    place = STRIP + figures.whole * (CELL + GAP)
    parts.append(remainder(place, y, figures.remainder, party.color, bool(gained)))
    note = decimal(figures.remainder, 3) + (" → 1 seat more" if gained else "")
    parts.append(text(place + CELL + 8, middle, note, size=12, fill=INK if gained else PALE))
    parts.append(text(WIDTH - 24, middle, str(outcome.contests[CONTEST].seats[option]), 16, anchor="end", weight=700))
    return "".join(parts)


def square(x: float, y: float, color: str) -> str:
    """Draw one whole quota: one seat."""
    return box(x, y, CELL, CELL, color)


def remainder(x: float, y: float, part: Fraction, color: str, seat: bool) -> str:
    """Draw the part of a quota that is left; outlined where it wins one of the seats that remain."""
    height = float(CELL * part)
    frame = f'stroke="{INK if seat else PALE}" stroke-width="{1.6 if seat else 0.8}"'
    filled = box(x, y + CELL - height, CELL, height, color, 'opacity="0.45"')
    return filled + f'<rect x="{x:g}" y="{y:g}" width="{CELL}" height="{CELL}" rx="2" fill="none" {frame}/>'


def legend(y: float, outcome: Any, steps: dict[str, Any]) -> str:
    """Say by which articles: the bar, the quota, the remainders."""
    from sailau.wording import cite

    quota = steps["quota"].values
    bar = steps["threshold"].values
    said = [
        (f"Bar: {whole(bar['share'])} of {bar['base']:,} valid votes", steps["threshold"].cite),
        (
            f"Quota: {quota['votes']:,} ÷ {quota['seats']} = {decimal(quota['quota'], 2)}; each square is one",
            steps["quota"].cite,
        ),
        (f"{steps['remainders'].values['left']} seats are left: to the largest remainders", steps["remainders"].cite),
    ]
    lines = [text(NAME, y + n * 22, words, 13, SOFT) for n, (words, _) in enumerate(said)]
    lines += [
        text(WIDTH - 24, y + n * 22, cite(outcome.law, source), 13, PALE, "end") for n, (_, source) in enumerate(said)
    ]
    return "".join(lines)


def picture() -> str:
    """Return the picture as SVG."""
    import sailau

    outcome = sailau.count(CASE)
    steps = steps_of(outcome)
    contest = outcome.contests[CONTEST]
    order = sorted(contest.votes, key=lambda option: -contest.votes[option])
    bottom = TOP + len(order) * ROW
    height = bottom + 84
    title = f"{sum(contest.seats.values())} list seats, and why – {outcome.election.titles['en']}"
    heads = text(NAME, 74, "list", 12, PALE) + text(SHARE, 74, "of valid votes", 12, PALE, "end")
    heads += text(STRIP, 74, "whole quotas and remainder", 12, PALE) + text(WIDTH - 24, 74, "seats", 12, PALE, "end")
    body = [box(0, 0, WIDTH, height, "#ffffff", f'stroke="{RULE}"'), text(NAME, 40, title, 18, weight=700), heads]
    for number, option in enumerate(order):
        y = TOP + number * ROW
        body.append(f'<line x1="{NAME}" x2="{WIDTH - 24}" y1="{y - 12}" y2="{y - 12}" stroke="{RULE}"/>')
        body.append(row(y, outcome, option, steps))
    body.append(f'<line x1="{NAME}" x2="{WIDTH - 24}" y1="{bottom - 12}" y2="{bottom - 12}" stroke="{RULE}"/>')
    body.append(legend(bottom + 20, outcome, steps))
    described = "; ".join(f"{outcome.election.parties[o].short or o} {contest.seats[o]}" for o in order)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="{FONT}" role="img" aria-labelledby="t d">\n<title id="t">{escape(title)}</title>\n'
        f'<desc id="d">Seats by largest remainders: {escape(described)}</desc>\n' + "\n".join(body) + "\n</svg>\n"
    )


def main(arguments: list[str]) -> int:
    """Write the picture, or with --check compare it."""
    drawn = picture()
    if "--check" in arguments:
        fresh = FILE.exists() and FILE.read_text(encoding="utf-8") == drawn
        print("the picture is fresh" if fresh else "stale: run python docs/pictures/seats.py")
        return 0 if fresh else 1
    FILE.write_text(drawn, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
