"""How seats become persons: the table `mandates` of a tier.

A law that binds the order of a list says `order = "list"`; one that leaves it to the party after the vote says
`order = "party"` and, where it has one, the order that holds when the party is silent; one in which voters choose
among the persons of a list says `order = "preferences"`. A tier that elects persons outright says `order = "votes"`:
its table then holds only what follows when a seat falls vacant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from sailau.rulebook.provision import Block, Provision, Share

if TYPE_CHECKING:
    from sailau.rulebook.conduct import ShareAtLeast

Group = Literal["women", "youth", "disability"]
Order = Literal["party", "list", "preferences", "votes"]


class MandateQuota(Block):
    """Groups of persons who together take a share of the mandates of every party.

    The defaults are those to use where a law is silent: round up (“not less than”), count a person of two groups once,
    and call young whoever is under 35 on polling day.
    """

    groups: list[Group] = Field(min_length=1, description="groups that are counted together")
    share: Share = Field(description="least share of the mandates that a party receives")
    rounding: Literal["up", "nearest", "down"] = Field("up", description="how the share becomes a number of mandates")
    persons: Literal["once", "each-group"] = Field("once", description="how a person of two groups counts")
    youth_under: int = Field(35, ge=18, description="first age that is no longer young, on polling day")

    def rule(self) -> ShareAtLeast:
        """Return the same rule as a test of the rule book, for the code that counts groups of persons."""
        from sailau.rulebook.conduct import ShareAtLeast

        return ShareAtLeast(
            op="share-at-least",
            groups=self.groups,
            share=self.share,
            rounding=self.rounding,
            persons=self.persons,
            youth_under=self.youth_under,
        )


class ByElection(Provision):
    """The vote that fills a vacant district seat."""

    months: int | None = Field(None, ge=1, description="latest month after the vacancy in which it is held or called")
    what: Literal["called", "held"] = Field("called", description="what is due by then")
    not_in_last_months: int = Field(0, ge=0, description="none when less of the term is left")
    sundays: list[int] = Field(
        default_factory=list, description="months on whose last Sunday it is held, where the law fixes the day"
    )


class MandateRules(Provision):
    """Who takes the seats that a list won, and who follows when one falls vacant."""

    order: Order = Field(description="who fixes the order of persons")
    days: int | None = Field(None, ge=1, description="days after publication of the results in which the party decides")
    silent: Literal["alphabetical"] | None = Field(
        None, description="order that holds where the party has not decided; none in the law when absent"
    )
    collation: str = Field("kk", description="language whose alphabet orders the names, as ICU names it")
    vacancy: Literal["party", "list", "by-election"] | None = Field(
        None, description="who follows: whom the party chooses, the next on the list, or whoever voters elect anew"
    )
    by_election: ByElection | None = None
    quota: MandateQuota | None = None
    marks: int | None = Field(None, ge=1, description="preference votes that a ballot may carry")
    move_up: Share | None = Field(
        None, description="share of the list's votes that moves a candidate to its front; all by votes when absent"
    )
    skip: list[str] = Field(
        default_factory=list, description="contests whose winners are passed over when seats of the list are given"
    )

    @model_validator(mode="after")
    def _fits(self) -> MandateRules:
        if self.silent is not None and self.order != "party":
            raise ValueError("`silent` is for laws that leave the order to the party")
        if (self.marks is not None or self.move_up is not None) and self.order != "preferences":
            raise ValueError("`marks` and `move-up` are for laws with preference votes")
        if self.by_election is not None and self.vacancy != "by-election":
            raise ValueError("`by-election` is for seats that voters fill anew")
        return self
