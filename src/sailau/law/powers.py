"""Powers: the decisions a chamber can take, with majority, quorum and article."""

from __future__ import annotations

from typing import Literal

from sailau.law.schema import Provision, Share, Text


class Power(Provision):
    """One decision of a chamber: who moves it, how many votes carry it."""

    id: str
    name: Text
    share: Share | None = None
    of: Literal["all-members", "present", "voting"] = "all-members"
    comparison: Literal["at-least", "more-than"] = "more-than"
    motion: Share | None = None
    quorum: Share | None = None
    with_chamber: str = ""
