"""One colour for a party in every picture of a case: its own, else one that the case fixes.

A party's own colour stands in `parties.csv`. Those without one get the safe colours in the order of the case, each time the
one farthest from those taken. Nothing rests on colour alone: lines carry marks and names, bars and panels have titles.

The palette is that of M. Okabe and K. Ito, Color Universal Design (2008). Whether two colours stay apart for people who see
red or green differently is judged on their simulation by G. Machado, M. Oliveira and L. Fernandes, A physiologically-based
model for simulation of color vision deficiency, IEEE Transactions on Visualization and Computer Graphics 15 (2009), as
distances in CIE 1976 L*a*b*.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sailau.election.model import RESERVED, Election

SAFE = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#d55e00",
    "#cc79a7",
    "#56b4e9",
    "#000000",
    "#8c564b",
    "#b2a000",
    "#5e3c99",
    "#66c2a5",
)
GREYS = ("#555555", "#8a8a8a", "#b0b0b0")
_LIGHTEST = 88.0
"""Lightness above which a colour is lost on white paper."""
_HEX = re.compile(r"#[0-9a-fA-F]{6}")

_SIGHT = np.array(
    [
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    ]
)
"""Linear RGB as seen by most, without red cones, without green cones."""
_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])

Floats = NDArray[np.float64]


@lru_cache(maxsize=256)
def _seen(color: str) -> Floats:
    """Return a colour as everybody sees it, in L*a*b*: (sights, 3)."""
    parts = np.array([int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    relative = np.clip(_SIGHT @ linear, 0, 1) @ _XYZ.T / _WHITE
    root = np.where(relative > 0.008856, np.cbrt(relative), 7.787 * relative + 16 / 116)
    x, y, z = root.T
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)]).T


def distance(first: str, second: str) -> float:
    """Return how far apart two colours are for whoever sees them least apart."""
    return float(np.sqrt(((_seen(first) - _seen(second)) ** 2).sum(axis=1)).min())


def colors_of(election: Election) -> dict[str, str]:
    """Return option → colour: of all parties of a case, else of its candidates, of answers, of those who stand for themselves.

    The result depends on the case alone: not on what is drawn, nor on who wins.
    """
    own = {name: party.color.lower() for name, party in election.parties.items() if _is_seen(party.color)}
    colors = dict(own)
    persons = () if election.parties else election.candidates
    for name in (*election.parties, *persons):
        if name not in colors:
            colors[name] = _farthest(list(colors.values()), len(colors))
    others = dict(zip(("yes", "no"), SAFE, strict=False)) | dict(zip(RESERVED, GREYS, strict=False))
    return colors | {name: color for name, color in others.items() if name not in colors}


def _is_seen(color: str) -> bool:
    """Say whether a colour is one, and not lost on white paper."""
    return bool(_HEX.fullmatch(color)) and float(_seen(color.lower())[0, 0]) < _LIGHTEST


def _farthest(taken: Sequence[str], number: int) -> str:
    """Return the safe colour that is farthest from those taken; greys in turn when all are."""
    free = [c for c in SAFE if c not in taken]
    if not free:
        return GREYS[number % len(GREYS)]
    return max(free, key=lambda c: min((distance(c, other) for other in taken), default=0.0))


def dark(color: str) -> str:
    """Return a colour dark enough for small letters."""
    parts = [int(color[n : n + 2], 16) for n in (1, 3, 5)]
    light = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    factor = min(1.0, 105 / max(light, 1.0))
    return "#" + "".join(f"{int(p * factor):02x}" for p in parts)


def on(color: str) -> str:
    """Return the colour of letters that are read on a colour: white or ink."""
    return "#ffffff" if float(_seen(color.lower())[0, 0]) < 62 else "#222222"
