"""Figures of one ballot paper for a block of elections, and the bases that shares are measured by."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sailau.counting.papers import Paper
from sailau.formulas.arrays import BoolArray, IntArray, summed
from sailau.rulebook.schema import Base
from sailau.tabulation import OTHERS_LINE, VALID_LINES


@dataclass
class Block:
    """Votes and lines of one paper, elections last.

    Attributes:
        votes: (options, districts, elections).
        lines: line → (districts, elections), where it is known in some district; 0 in the others.
        whole: line → (elections,), where it is known for the whole but not for every district.
        gaps: line → (districts,) where it is unknown though votes are reported; only lines that have such districts.
    """

    paper: Paper
    votes: IntArray
    lines: dict[str, IntArray]
    whole: dict[str, IntArray]
    gaps: dict[str, BoolArray] = field(default_factory=dict)
    _bases: dict[str, IntArray | None] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Number of elections."""
        return int(self.votes.shape[2])

    def base(self, name: Base) -> IntArray | None:
        """Return a base by district, (districts, elections); None where its figures are unknown."""
        if name not in self._bases:
            self._bases[name] = self._district_base(name)
        return self._bases[name]

    def _district_base(self, name: Base) -> IntArray | None:
        total: IntArray | None
        if name == "options":
            # Whoever laid the votes saw to it that sums of a paper fit into their width.
            votes: IntArray = summed(self.votes)
            return votes + self.lines[OTHERS_LINE] if OTHERS_LINE in self.lines else votes
        if name == "valid":
            total = self.base("options")
            assert total is not None
            for line in VALID_LINES:
                if line in self.lines and line != OTHERS_LINE:
                    total = total + self.lines[line]
            return total
        if name == "cast" and self._complete("@cast") is None:
            valid, invalid = self.base("valid"), self._complete("@invalid")
            return valid + invalid if valid is not None and invalid is not None else None
        return self._complete(f"@{name}")

    def _complete(self, line: str) -> IntArray | None:
        return self.lines.get(line) if line not in self.gaps else None

    def base_where(self, name: Base) -> tuple[IntArray, BoolArray]:
        """Return a base by district, (districts, elections), and in which districts its figures are known."""
        complete = self.base(name)
        nowhere = np.zeros(self.votes.shape[1], np.bool_)
        if complete is not None:
            return complete, ~nowhere
        line = f"@{name}"
        figures = self.lines.get(line, np.zeros(self.votes.shape[1:], self.votes.dtype))
        known = ~self.gaps[line] if line in self.gaps else nowhere
        if name == "cast" and "@invalid" in self.lines:
            valid = self.base("valid")
            assert valid is not None
            figures = np.where(known[:, None], figures, valid + self.lines["@invalid"])
            known = known | ~self.gaps.get("@invalid", nowhere)
        return figures, known

    def base_whole(self, name: Base) -> IntArray | None:
        """Return a base for the whole, (elections,); None where its figures are unknown."""
        total: IntArray
        by_district: IntArray | None = self.base(name)
        beside = {"valid": VALID_LINES, "options": (OTHERS_LINE,)}.get(name, ())
        if by_district is not None and not any(p in self.whole for p in beside):
            return np.asarray(by_district[0] if by_district.shape[0] == 1 else by_district.sum(axis=0))
        if beside:
            total = np.asarray(self.votes.sum(axis=(0, 1)))
            for line in beside:
                if line in self.whole:
                    total = total + self.whole[line]
                elif line in self.lines:
                    total = total + self.lines[line].sum(axis=0)
            return total
        if name == "cast" and "@cast" not in self.whole:
            valid, invalid = self.base_whole("valid"), self.whole.get("@invalid")
            return None if invalid is None or valid is None else valid + invalid
        return self.whole.get(f"@{name}")


def own_block(paper: Paper, size: int = 1) -> Block:
    """Return the case's own figures as a block of `size` equal elections."""
    return block_of(paper, np.repeat(paper.votes[:, :, None], size, axis=2), None, size)


def block_of(paper: Paper, votes: IntArray, lines: IntArray | None, size: int) -> Block:
    """Lay a block over a paper.

    Args:
        paper: the paper.
        votes: (options, districts, elections).
        lines: (lines, districts, elections); None for the case's own.
        size: number of elections.
    """
    by_district, whole, gaps = {}, {}, {}
    for place, line in enumerate(paper.lines):
        if lines is not None:
            by_district[line] = lines[place]
            continue
        gap = ~paper.known[place] & paper.reported
        if bool((paper.known[place] & paper.reported).any()):
            by_district[line] = np.repeat(paper.figures[place][:, None], size, axis=1)
        if gap.any():
            gaps[line] = gap
            if line in paper.whole:
                whole[line] = np.full(size, paper.whole[line], dtype=paper.figures.dtype)
    return Block(paper, votes, by_district, whole, gaps)
