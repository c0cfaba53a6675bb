"""Colours that everybody can tell apart: a party's own where it stays distinct, else one of a safe palette.

The palette is that of M. Okabe and K. Ito, Color Universal Design (2008). Whether two colours stay apart for people who see
red or green differently is judged on their simulation by G. Machado, M. Oliveira and L. Fernandes, A physiologically-based
model for simulation of color vision deficiency, IEEE Transactions on Visualization and Computer Graphics 15 (2009), as
distances in CIE 1976 L*a*b*.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SAFE = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#000000", "#f0e442")
GREYS = ("#555555", "#8a8a8a", "#b0b0b0")
_APART = 14.0
"""Distance in L*a*b* from which two lines of a plot are told apart at a glance."""
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


def palette(wanted: Sequence[str], own: Mapping[str, str]) -> dict[str, str]:
    """Give every party a colour.

    Args:
        wanted: parties, those that matter most first.
        own: party → its own colour, `#1c9cd8`; others are ignored.

    Returns:
        Party → its own colour where it can be seen on white and told from those before, else the safe one that is farthest
        from all; greys when these run out.
    """
    found: dict[str, str] = {}
    for party in wanted:
        color = own.get(party, "")
        if not _HEX.fullmatch(color) or not _fits(color, list(found.values())):
            color = _farthest(list(found.values()), len(found))
        found[party] = color.lower()
    return found


def _fits(color: str, taken: Sequence[str]) -> bool:
    return float(_seen(color)[0, 0]) < _LIGHTEST and all(distance(color, other) >= _APART for other in taken)


def _farthest(taken: Sequence[str], number: int) -> str:
    free = [c for c in SAFE[:-1] if c not in taken]
    if not free:
        return GREYS[number % len(GREYS)]
    return max(free, key=lambda c: min((distance(c, other) for other in taken), default=0.0))
